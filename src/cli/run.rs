//! `planbot run`: Telegram where there is a token, otherwise the local chat; beside either of them
//! the page.

mod anew;
mod signals;

use super::{clock, index_place, logging, shown};
use crate::app::{App, Counting, Examiner, backups, requests};
use crate::chat::Demonstrating;
use crate::config::{self, Config};
use crate::edge::{self, Input, Printer, Switchboard, Terminal};
use crate::exam;
use crate::metrics::Metrics;
use crate::model::Whose;
use crate::ports::{Clock, Messenger, MovableClock, SystemClock};
use crate::store::Store;
use crate::web::{self, PageListener, Setting, Site};
use anew::Anew;
use anyhow::{Context, bail};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::watch;

/// What the program runs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunFor {
    /// For real.
    Work,
    /// To be watched: the clock can be moved, and nothing that happens is kept with what is real.
    Demonstration,
}

/// Runs until the input ends, or the program is told to stop.
pub(crate) fn run(mut config: Config, purpose: RunFor) -> anyhow::Result<ExitCode> {
    let token = config::token();
    if purpose == RunFor::Demonstration {
        if token.is_some() {
            bail!("演示（--demo）不接 Telegram；请去掉环境变量 TELOXIDE_TOKEN，或去掉 --demo");
        }
        config.paths.state = for_demonstration(&config.paths.state);
    }
    let config = &config;
    let admin_token = config::admin_token()?;
    logging::begin(&config.log, token.is_some());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("无法启动运行环境")?;
    // Heard before the state is opened, which may take a while: the default of SIGHUP is to end.
    let reloads = signals::Reloads::hear(&runtime)?;
    let begun_anew = config::begun_anew();
    let store = Store::open(&config.paths.state)?;
    let movable = (purpose == RunFor::Demonstration).then(|| Arc::new(MovableClock::default()));
    let app = started(config, movable.as_ref(), &store)?;
    if begun_anew > 0 {
        app.signs().take_up_again();
    }
    let anew = Anew::default();
    let result = runtime.block_on(async {
        let (told, stop) = signals::stop()?;
        reloads.see_to(Arc::clone(&app));
        let state = (store.clone(), config.paths.state.clone());
        tokio::spawn(
            anew.clone()
                .watch(state, begun_anew, told.clone(), stop.clone()),
        );
        let page = open_page(config, &app, movable.clone(), admin_token, &stop).await?;
        let beside = || -> (_, Arc<dyn Clock>) { (app.beside().clone(), Arc::new(SystemClock)) };
        tokio::spawn(requests::serve(
            config.paths.state.clone(),
            store.clone(),
            beside(),
            stop.clone(),
        ));
        tokio::spawn(backups::serve(store.clone(), beside(), stop.clone()));
        let site = page.as_ref().map(|(_, site)| Arc::clone(site));
        let serving =
            page.map(|(listening, site)| tokio::spawn(listening.serve(site, stop.clone())));
        // Decided by the token alone: a machine with one is not asked in its terminal.
        let result = match token {
            Some(token) => {
                let page = site.map(|site| site.messenger());
                let running = edge::run_messengers(app, config, &token, page, stop);
                running.await.map_err(anyhow::Error::from)
            }
            None => local_chat(app, movable, site, stop).await,
        };
        // Whatever ended the chat ends the page, in order.
        let _ = told.send(true);
        if let Some(serving) = serving {
            let _ = serving.await;
        }
        result
    });
    // What still runs is the answer to nobody: waiting for it would cost the seconds that a service
    // manager gives.
    runtime.shutdown_background();
    if anew.is_wanted() && result.is_ok() {
        let failed = anew::begin(begun_anew);
        return Ok(super::fault(&failed, super::MAY_PASS));
    }
    store.rest()?;
    result.map(|()| ExitCode::SUCCESS)
}

/// The core, with what only the program gives it: the exam, and what is counted.
fn started(
    config: &Config,
    movable: Option<&Arc<MovableClock>>,
    store: &Store,
) -> anyhow::Result<Arc<App>> {
    let clock: Arc<dyn Clock> = match movable {
        Some(movable) => Arc::clone(movable) as Arc<dyn Clock>,
        None => clock(),
    };
    let index = index_place(&config.paths.index);
    let app = App::start(config, index, clock, Some(store.clone())).map_err(shown)?;
    let app = app.with_examiner(Examiner {
        setbacks: exam::setbacks,
        otherwise: exam::otherwise,
        plain: exam::plain,
        plain_by_another_name: exam::plain_by_another_name,
    });
    Ok(Arc::new(if config.web.metrics {
        app.with_metrics(Metrics::new(SystemClock.now().timestamp())?)
    } else {
        app
    }))
}

/// The directory of a demonstration's state, beside the true one.
fn for_demonstration(state: &Path) -> PathBuf {
    let name = state.file_name().unwrap_or_default().to_string_lossy();
    state.with_file_name(format!("{name}-demo"))
}

/// The local chat; beside a page reminders have a loop of their own, which reaches both.
async fn local_chat(
    app: Arc<App>,
    clock: Option<Arc<MovableClock>>,
    site: Option<Arc<Site>>,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let printer = Arc::new(Printer::to(tokio::io::stdout()));
    let beside = site.is_some();
    if let Some(site) = site {
        let other = Counting::around(Arc::clone(&printer) as Arc<dyn Messenger>, &app);
        let other = Demonstrating::around(other, &app);
        let switchboard = Switchboard::of(other).with(Whose::Page, site.messenger());
        tokio::spawn(switchboard.see_to_reminders(Arc::clone(&app), stop.clone()));
    }
    edge::run_terminal(
        Terminal {
            app,
            input: Input {
                lines: Box::new(tokio::io::stdin()),
                is_typed: std::io::stdin().is_terminal(),
            },
            clock,
            printer,
            beside,
        },
        stop,
    )
    .await
}

/// Opens the page where the settings want one, and says where it is. A new token is printed once
/// and never logged.
async fn open_page(
    config: &Config,
    app: &Arc<App>,
    clock: Option<Arc<MovableClock>>,
    admin_token: Option<String>,
    stop: &watch::Receiver<bool>,
) -> anyhow::Result<Option<(PageListener, Arc<Site>)>> {
    if !config.web.enabled {
        return Ok(None);
    }
    let listening = web::listen(&config.web.listen).await?;
    let may_print = std::io::stdout().is_terminal();
    let is_set = admin_token.is_some()
        || app
            .store()
            .map(Store::admin_digest)
            .transpose()?
            .flatten()
            .is_some();
    let (app, hosts, waiting, stop) = (
        Arc::clone(app),
        config.web.hosts.clone(),
        config.chat.waiting,
        stop.clone(),
    );
    let (site, token) = Site::open(Setting {
        app,
        clock,
        hosts,
        admin_token,
        may_print,
        waiting,
        stop,
    })?;
    let token = match token {
        Some(token) => format!("网页的管理员口令（只显示这一次，请记下；忘了可用环境变量 PLANBOT_ADMIN_TOKEN 另设）：{token}\n"),
        None if is_set => String::new(),
        None => {
            "网页还没有管理员口令：输出不是终端，口令不写进日志。请用环境变量 PLANBOT_ADMIN_TOKEN 设定，或在终端里启动一次。\n".to_string()
        }
    };
    // Where nobody reads the output, the page is open all the same.
    let _ = write!(
        std::io::stdout(),
        "网页：http://{}/\n{token}\n",
        listening.address
    );
    Ok(Some((listening, site)))
}
