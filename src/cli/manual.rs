//! `planbot completions` and `planbot man`: what a shell and `man` need to know of the command
//! line.

use anyhow::Context;
use clap::Command;
use clap_complete::Shell;
use std::path::Path;
use std::process::ExitCode;

/// Writes the completions of a shell to standard output.
pub(super) fn completions(mut command: Command, shell: Shell) -> ExitCode {
    clap_complete::generate(shell, &mut command, "planbot", &mut std::io::stdout());
    ExitCode::SUCCESS
}

/// Writes a manual page for the program and one for each command into a directory.
pub(super) fn pages(command: Command, directory: &Path) -> anyhow::Result<ExitCode> {
    let shown = directory.display();
    clap_mangen::generate_to(command, directory).with_context(|| {
        format!("手册页没能写到 {shown}；请先建好这个目录，并检查权限和磁盘空间")
    })?;
    println!("手册页已写入 {shown}：man -l {shown}/planbot.1 查看。");
    Ok(ExitCode::SUCCESS)
}
