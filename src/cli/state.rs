//! `planbot state`: every record as lines, a backup into one file, and a backup back into a
//! directory.
//!
//! Reading works while the bot runs: it is asked for its own state. Restoring does not, and nothing
//! is ever deleted.

use super::clock;
use crate::app::requests;
use crate::config::Config;
use crate::files;
use crate::store::{self, Export, Store, StoreError};
use anyhow::{Context, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints every record as a line of JSON.
pub(crate) fn dump(config: &Config) -> anyhow::Result<ExitCode> {
    let bytes = exported(&config.paths.state)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in Export::read(&bytes)?.readable()? {
        match writeln!(out, "{line}") {
            // Whoever reads has seen enough: `planbot state dump | head`.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                return Ok(ExitCode::SUCCESS);
            }
            other => other?,
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a backup into a file that is not there yet.
pub(crate) fn backup(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    if file.exists() {
        bail!("{} 已经存在，没有覆盖；请换一个文件名", file.display());
    }
    let bytes = exported(&config.paths.state)?;
    // Read again before it is written: what cannot be read is no backup.
    let export = Export::read(&bytes)?;
    let text = String::from_utf8(bytes).context("备份里有读不出的字节")?;
    files::write_whole(file, &text)
        .with_context(|| format!("无法写入 {}；请检查目录、磁盘空间和权限", file.display()))?;
    println!("已备份 {} 条记录到 {}。", export.count(), file.display());
    Ok(ExitCode::SUCCESS)
}

/// The text of a backup: from the directory itself, or from the bot that runs on it.
fn exported(state: &Path) -> anyhow::Result<Vec<u8>> {
    if !Store::is_there(state) {
        bail!(
            "状态目录 {} 里还没有状态；请在机器人的目录里运行，或检查 bot.toml 的 [paths] state",
            state.display()
        );
    }
    let clock = clock();
    match Store::open(state) {
        Ok(store) => Ok(store.export(&requests::stamp(clock.as_ref()))?.into_bytes()),
        // One program alone can have it open, so that one is asked.
        Err(StoreError::Locked(_)) => Ok(requests::ask(state, clock.as_ref())?),
        Err(other) => Err(other.into()),
    }
}

/// Makes a backup the state. What was there is kept under another name.
pub(crate) fn restore(config: &Config, file: &Path, replace: bool) -> anyhow::Result<ExitCode> {
    let state = &config.paths.state;
    let bytes = files::read_whole(file)
        .with_context(|| format!("无法读取 {}；请检查文件和权限", file.display()))?;
    let export = Export::read(&bytes).with_context(|| format!("{} 不能恢复", file.display()))?;
    // Held until the end, so that no bot starts in between.
    let _held = match Store::hold(state) {
        Err(StoreError::Locked(_)) => bail!(
            "状态目录 {} 正被另一个 planbot 使用；请先停掉它再恢复，状态未改动",
            state.display()
        ),
        other => other?,
    };
    let unreadable = || format!("无法读取状态目录 {}；请检查权限", state.display());
    let empty = files::is_empty(state).with_context(unreadable)?;
    if !empty && !replace {
        bail!(
            "状态目录 {} 里已有内容，没有恢复；确要替换请加 --replace，原来的目录会改名保留",
            state.display()
        );
    }
    // Beside the state, so that the last step is a rename on one disk.
    let aside = untaken(state, store::restoring_beside(state, std::process::id()))?;
    if let Err(error) = build(&export, state, &aside) {
        // Of no use; that it cannot be taken away would hide why it came to nothing.
        let _ = files::remove_directory(&aside);
        return Err(error);
    }
    let kept = put_in_place(&aside, state, empty)?;
    files::settle_names(state).with_context(|| {
        format!(
            "已恢复到 {}，但不能确认写到了磁盘上；请检查磁盘",
            state.display()
        )
    })?;
    println!("已恢复 {} 条记录（备份于 {}）。", export.count(), export.at);
    if let Some(kept) = kept {
        println!(
            "原来的状态保留在 {}，确认无误后可以自行删除。",
            kept.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The new state beside the old one, with the old one's automatic backups. From its end on a start
/// that finds no state takes this one.
fn build(export: &Export, state: &Path, aside: &Path) -> anyhow::Result<()> {
    export.build(aside)?;
    store::carry_backups(state, aside)
        .and_then(|()| store::carry_sent(state, aside))
        .and_then(|()| store::restore_is_ready(aside))
        .with_context(|| format!("无法写入 {}；请检查磁盘空间和权限", aside.display()))
}

/// Renames the new directory into its place; says where the old one is kept.
fn put_in_place(new: &Path, state: &Path, empty: bool) -> anyhow::Result<Option<PathBuf>> {
    let failed = || {
        format!(
            "无法启用恢复好的状态；原来的状态未改动，新的在 {}，请检查权限后改名为 {}",
            new.display(),
            state.display()
        )
    };
    if empty {
        if state.exists() {
            files::remove_empty_directory(state).with_context(failed)?;
        }
        enable(new, state).with_context(failed)?;
        return Ok(None);
    }
    let now = clock().now().format("%Y%m%d-%H%M%S");
    let name = state.file_name().unwrap_or_default().to_string_lossy();
    let old = untaken(state, state.with_file_name(format!("{name}.old-{now}")))?;
    files::rename(state, &old).with_context(failed)?;
    // Back to what was there; where that fails too, it is said where it lies.
    if let Err(error) = enable(new, state) {
        files::rename(&old, state).with_context(|| {
            format!(
                "原来的状态在 {}，请改名为 {}",
                old.display(),
                state.display()
            )
        })?;
        return Err(error).with_context(failed);
    }
    Ok(Some(old))
}

/// The second rename. A bot that has started since the first one has made it already.
fn enable(new: &Path, state: &Path) -> std::io::Result<()> {
    match files::rename(new, state) {
        Err(error) if new.exists() || !state.exists() => Err(error),
        _ => Ok(()),
    }
}

/// A name beside the state directory, where it is not taken.
fn untaken(state: &Path, path: PathBuf) -> anyhow::Result<PathBuf> {
    if state.file_name().is_none() {
        bail!(
            "[paths] state 的值“{}”不能用来恢复；请写成 state 这样的目录名",
            state.display()
        );
    }
    if path.exists() {
        bail!("{} 已经存在；请把它移走后再试", path.display());
    }
    Ok(path)
}
