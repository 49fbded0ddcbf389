//! What the command line says of itself, in Chinese: help with its headings and examples, and one
//! sentence for arguments that are not understood.

use crate::words::zh::system;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use std::error::Error;
use std::io;

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

/// What a person would type first, by the command's name.
const EXAMPLES: [(&str, &[&str]); 8] = [
    (
        "planbot",
        &[
            "planbot init 我的机器人",
            "planbot import 报告.docx",
            "planbot",
        ],
    ),
    ("run", &["planbot", "planbot run --demo"]),
    (
        "ask",
        &[
            "planbot ask 某项指标今年的目标是多少",
            "planbot ask --json < 问题.txt",
        ],
    ),
    (
        "import",
        &[
            "planbot import --dry-run 报告.pdf",
            "planbot import 报告.docx --plan 名称-2030",
        ],
    ),
    (
        "remind",
        &["planbot remind --preview --from 2030-06-01 --to 2030-12-31"],
    ),
    (
        "state",
        &[
            "planbot state backup 备份.jsonl",
            "planbot state restore 备份.jsonl --replace",
        ],
    ),
    (
        "exam",
        &[
            "planbot exam",
            "planbot exam --plan 名称-2030 --source 报告.docx",
        ],
    ),
    (
        "completions",
        &["planbot completions bash > ~/.local/share/bash-completion/completions/planbot"],
    ),
];

/// The command line with Chinese headings, its own words for help and version, and examples.
pub(super) fn in_chinese(command: Command) -> Command {
    let mut command = described(command);
    // Only what is built knows what it is called behind the commands above it.
    command.build();
    used(command)
}

fn described(command: Command) -> Command {
    let name = command.get_name().to_string();
    let examples = EXAMPLES.iter().find(|(known, _)| *known == name);
    let lines = examples.map(|(_, lines)| format!("\n例如：\n  {}", lines.join("\n  ")));
    let has_version = command.get_version().is_some();
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        // Those of clap are described in English.
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let heading = if arg.is_positional() {
                "参数"
            } else {
                "选项"
            };
            in_words(arg).help_heading(heading)
        })
        .arg(flag("help", 'h', "显示用法", ArgAction::Help));
    if has_version {
        command = command.arg(flag("version", 'V', "显示版本", ArgAction::Version));
    }
    if let Some(lines) = lines {
        command = command.after_help(lines);
    }
    command.mut_subcommands(described)
}

/// Its usage lines, in which clap would say `[OPTIONS]`.
fn used(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let usage = usage.replace("[OPTIONS]", "[选项]");
    command.override_usage(usage).mut_subcommands(used)
}

/// What an argument may be, and what it is where nothing is said, in its help: clap would add it
/// in English.
fn in_words(arg: Arg) -> Arg {
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !arg.get_action().takes_values() {
        return arg;
    }
    let values = arg.get_possible_values();
    if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        help = format!("{help}：{}", names.join("、"));
    }
    if let [default] = arg.get_default_values() {
        help = format!("{help}（默认 {}）", default.to_string_lossy());
    }
    arg.help(help)
        .hide_possible_values(true)
        .hide_default_value(true)
}

fn flag(name: &'static str, short: char, help: &'static str, action: ArgAction) -> Arg {
    Arg::new(name)
        .long(name)
        .short(short)
        .help(help)
        .help_heading("选项")
        .action(action)
}

/// Why something failed: what the system says in English in Chinese words, where it is common.
pub(super) fn of_cause(cause: &(dyn Error + 'static)) -> String {
    let error = cause.downcast_ref::<io::Error>();
    match error.filter(|error| error.raw_os_error().is_some()) {
        Some(error) => system::fault(error),
        None => cause.to_string(),
    }
}

/// Why arguments are not understood, as one sentence with what to do.
pub(super) fn misunderstood(error: &clap::Error) -> String {
    let said = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let (argument, value) = (
        said(ContextKind::InvalidArg),
        said(ContextKind::InvalidValue),
    );
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个选项"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "缺少命令".to_string()
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能和 {} 一起用", said(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少内容"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 不能是“{value}”")
        }
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文字".to_string(),
        _ => "参数看不懂".to_string(),
    };
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let suggested = suggested
        .into_iter()
        .map(said)
        .find(|text| !text.is_empty());
    let valid = said(ContextKind::ValidValue);
    let hint = match suggested {
        Some(word) => format!("，是不是要写“{word}”"),
        None if !valid.is_empty() => format!("，可以是 {valid}"),
        None => String::new(),
    };
    format!("{what}{hint}；用法见 planbot --help")
}
