//! The command line: one file a command; every fault a person causes is one sentence and exit code
//! 2.

mod ablate;
mod ask;
mod check;
mod differences;
mod doctor;
mod exam;
mod explained;
mod fit;
mod import;
mod init;
mod logging;
mod manual;
mod output;
mod progress;
mod remind;
mod run;
mod state;
mod wording;

use crate::app::App;
use crate::config::{self, Config};
use crate::edition::{EditionError, IndexPlace};
use crate::model::{Finding, Severity};
use crate::ports::{Clock, SystemClock};
use crate::store::StoreError;
use chrono::NaiveDate;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use output::Output;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// The version with the commit that it was built from, where that was known.
const VERSION: &str = env!("PLANBOT_VERSION");
/// The exit code for a fault that a person can mend.
const FAULT: u8 = 2;
/// The exit code of a bot for a fault that may pass by itself (`EX_TEMPFAIL` of sysexits.h): a
/// service manager starts the program again.
const MAY_PASS: u8 = 75;
/// The exit code of a panic, as Rust gives it: a service manager starts the program again.
const PANICKED: u8 = 101;

/// 计划问答机器人：照原文回答，注明出处。
#[derive(Debug, Parser)]
#[command(
    name = "planbot",
    version = VERSION,
    about = "计划问答机器人：照原文回答，注明出处；到期提醒报送。",
    disable_help_subcommand = true
)]
struct Line {
    /// 设置文件；默认是当前目录的 bot.toml
    #[arg(long, global = true, value_name = "文件")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 运行：有 TELOXIDE_TOKEN 时是 Telegram 机器人，否则在终端里聊天（默认）
    Run {
        /// 演示：时钟可以拨动，状态另放一个目录，每条消息都写明是演示
        #[arg(long)]
        demo: bool,
    },
    /// 问一个问题；不写问题时，从标准输入逐行读、逐行答
    Ask(ask::AskArguments),
    /// 导入一份报告，写成 data/plans/<名称>/ 下的文件
    Import(import::ImportArguments),
    /// 检查数据，列出发现的问题
    Check {
        /// 写成 JSON
        #[arg(long)]
        json: bool,
    },
    /// 建立或打开索引
    Index,
    /// 提醒：--preview 列出一段时间里要发的每一条
    Remind {
        /// 只列出，不发送
        #[arg(long, required = true)]
        preview: bool,
        /// 从哪一天起，例如 2022-06-01
        #[arg(long, value_name = "日期")]
        from: NaiveDate,
        /// 到哪一天止
        #[arg(long, value_name = "日期")]
        to: NaiveDate,
        /// 不列出，写成日历文件（.ics）
        #[arg(long, value_name = "文件")]
        ics: Option<PathBuf>,
        /// 每条提醒一行 JSON
        #[arg(long, conflicts_with = "ics")]
        json: bool,
    },
    /// 体检：令牌、权限、数据、日历、磁盘、状态，一项一行
    Doctor {
        /// 写成 JSON
        #[arg(long)]
        json: bool,
    },
    /// 新建一个可以直接使用的目录：bot.toml、词表、日历
    Init {
        /// 目录；须是空的，或还不存在
        #[arg(value_name = "目录")]
        directory: PathBuf,
    },
    /// 运行状态：导出、备份、恢复；前两样在机器人运行时也可以
    State {
        #[command(subcommand)]
        act: StateAct,
    },
    /// 用带标准答案的题库拟合打分的权重，或给现有权重打分（开发用）
    Fit(fit::FitArguments),
    /// 考试：把计划里的每个数、每个名词用许多问法问一遍，换说法不该变、换东西不该答的也考，再与原文对照
    Exam(exam::ExamArguments),
    /// 命令补全：写到标准输出，给 bash、zsh、fish 等用
    Completions {
        /// 哪种 shell
        #[arg(value_name = "名称")]
        shell: Shell,
    },
    /// 手册页：每个命令一页，写到一个目录里
    Man {
        /// 目录
        #[arg(value_name = "目录")]
        directory: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum StateAct {
    /// 每条记录一行 JSON，写到标准输出
    Dump,
    /// 备份到一个文件
    Backup {
        /// 备份文件；不会覆盖已有的文件
        #[arg(value_name = "文件")]
        file: PathBuf,
    },
    /// 从备份恢复；机器人须先停掉
    Restore {
        /// 备份文件
        #[arg(value_name = "文件")]
        file: PathBuf,
        /// 替换已有的状态（原来的目录改名保留）
        #[arg(long)]
        replace: bool,
    },
}

/// Parses the arguments, carries the command out, and returns the exit code.
pub fn main() -> ExitCode {
    let parsed = command()
        .try_get_matches()
        .and_then(|matches| Line::from_arg_matches(&matches));
    let line = match parsed {
        Ok(line) => line,
        Err(error) if error.use_stderr() => return fault(&wording::misunderstood(&error), FAULT),
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let serves = matches!(line.command, None | Some(Command::Run { .. }));
    if !serves {
        // Whoever closes the pipe has seen enough. A bot that runs outlives whoever reads what it
        // prints.
        sigpipe::reset();
    }
    std::panic::set_hook(Box::new(logging::tell_panic));
    // sled panics where the disk refuses it.
    match catch_unwind(AssertUnwindSafe(|| carry_out(line))) {
        Ok(result) => result.unwrap_or_else(|error| {
            let code = if serves && may_pass(&error) {
                MAY_PASS
            } else {
                FAULT
            };
            fault(&sentence(&error), code)
        }),
        // Who called a command may repeat it; a bot is started again by whoever keeps it running.
        Err(_) => ExitCode::from(if serves { PANICKED } else { FAULT }),
    }
}

fn command() -> clap::Command {
    wording::in_chinese(Line::command())
}

fn fault(sentence: &str, code: u8) -> ExitCode {
    eprintln!("planbot：{}。", sentence.trim_end_matches('。'));
    ExitCode::from(code)
}

/// Whether it may pass: the state's disk was the reason, or the machine had no thread or memory to
/// give; of sound data an index can be built.
fn may_pass(error: &anyhow::Error) -> bool {
    let is_short =
        |io: &std::io::Error| matches!(io.kind(), ErrorKind::WouldBlock | ErrorKind::OutOfMemory);
    let mut causes = error.chain();
    causes.any(|cause| {
        let of_state = cause.downcast_ref::<StoreError>();
        let of_machine = cause.downcast_ref::<std::io::Error>();
        let of_edition = cause.downcast_ref::<EditionError>();
        of_state.is_some_and(StoreError::may_pass)
            || of_machine.is_some_and(is_short)
            || matches!(of_edition, Some(EditionError::Search(_)))
    })
}

/// An error with its causes, each said once: many sentences name their cause already.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |said, cause| {
        let in_words = wording::of_cause(cause);
        match said.as_str() {
            "" => in_words,
            before if before.contains(&cause.to_string()) => said,
            _ => format!("{said}：{in_words}"),
        }
    })
}

fn carry_out(line: Line) -> anyhow::Result<ExitCode> {
    // The doctor says itself what is wrong with the settings, and a new directory needs none.
    let config = config::load(line.config.as_deref());
    let asked = line.command.unwrap_or(Command::Run { demo: false });
    if asked.needs_data() && line.config.is_none() {
        stands_in_a_directory_of_planbot(config.as_ref().ok())?;
    }
    match asked {
        Command::Run { demo: false } => run::run(config?, run::RunFor::Work),
        Command::Run { demo: true } => run::run(config?, run::RunFor::Demonstration),
        Command::Ask(arguments) => ask::ask(&config?, &arguments),
        Command::Import(arguments) => import::import(&config?, &arguments),
        Command::Check { json } => check::check(&config?, Output::of(json)),
        Command::Index => check::index(&config?),
        Command::Remind {
            preview: _,
            from,
            to,
            ics,
            json,
        } => match ics {
            Some(file) => remind::calendar(&config?, (from, to), &file),
            None => remind::preview(&config?, (from, to), Output::of(json)),
        },
        Command::Fit(arguments) => fit::fit_weights(&config?, &arguments),
        Command::Exam(arguments) => exam::exam(&config?, &arguments),
        Command::Doctor { json } => doctor::doctor(config, Output::of(json)),
        Command::Init { directory } => init::init(&directory),
        Command::Completions { shell } => manual::completions(command(), shell),
        Command::Man { directory } => manual::pages(&command(), &directory),
        Command::State {
            act: StateAct::Dump,
        } => state::dump(&config?),
        Command::State {
            act: StateAct::Backup { file },
        } => state::backup(&config?, &file),
        Command::State {
            act: StateAct::Restore { file, replace },
        } => state::restore(&config?, &file, replace),
    }
}

impl Command {
    /// Whether it works on the data of a directory that was made ready before.
    fn needs_data(&self) -> bool {
        !matches!(
            self,
            Self::Init { .. } | Self::Completions { .. } | Self::Man { .. } | Self::Doctor { .. }
        )
    }
}

/// Nothing is begun, and no state is left behind, where somebody is in the wrong directory.
fn stands_in_a_directory_of_planbot(config: Option<&Config>) -> anyhow::Result<()> {
    let is_there =
        Path::new(config::FILE).exists() || config.is_none_or(|config| config.paths.data.exists());
    anyhow::ensure!(
        is_there,
        "这里没有 bot.toml，也没有数据；请先运行 planbot init 目录，再到那个目录里运行"
    );
    Ok(())
}

/// The core for a command that keeps no state.
fn start(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<App> {
    let index = index_place(&config.paths.index);
    App::start(config, index, clock, None).map_err(shown)
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn index_place(directory: &Path) -> IndexPlace {
    IndexPlace::Directory(directory.to_path_buf())
}

/// An edition's fault as one sentence: the first error of the data, and how many more there are.
fn shown(error: EditionError) -> anyhow::Error {
    let EditionError::Data(findings) = error else {
        return error.into();
    };
    let errors: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    let more = if errors.len() > 1 {
        format!("另有 {} 处，用 planbot check 查看", errors.len() - 1)
    } else {
        String::new()
    };
    match errors.first() {
        Some(first) => anyhow::anyhow!("{}{more}", first),
        None => anyhow::anyhow!("数据无法使用，用 planbot check 查看"),
    }
}

/// A share in per cent.
fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}
