//! `planbot completions` and `planbot man`: what a shell and `man` need to know of the command
//! line, without the English words of the generators.

use crate::files;
use anyhow::Context;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// The headings of a manual page, as Chinese manuals have them.
const HEADINGS: [(&str, &str); 5] = [
    ("NAME", "名称"),
    ("SYNOPSIS", "概述"),
    ("DESCRIPTION", "描述"),
    ("EXTRA", "示例"),
    ("VERSION", "版本"),
];

/// Writes the completions of a shell to standard output.
pub(super) fn completions(mut command: Command, shell: Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "planbot", &mut script);
    let mut script = String::from_utf8(script)?;
    if shell == Shell::Zsh {
        script = script.replace(" commands' commands", " 的命令' commands");
        for name in names_of_positionals(&command) {
            script = script.replace(&format!(":{name} -- "), ":");
        }
    }
    std::io::stdout().write_all(script.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// What the code calls the arguments that have no dashes; zsh would show it before their help.
fn names_of_positionals(command: &Command) -> Vec<String> {
    let own = command
        .get_positionals()
        .map(|arg| arg.get_id().to_string());
    let below = command.get_subcommands().flat_map(names_of_positionals);
    own.chain(below).collect()
}

/// Writes a manual page for the program and one for each command into a directory.
pub(super) fn pages(command: &Command, directory: &Path) -> anyhow::Result<ExitCode> {
    let shown = directory.display();
    write_pages(command, directory).with_context(|| {
        format!("手册页没能写到 {shown}；请先建好这个目录，并检查权限和磁盘空间")
    })?;
    println!("手册页已写入 {shown}：man -l {shown}/planbot.1 查看。");
    Ok(ExitCode::SUCCESS)
}

fn write_pages(command: &Command, directory: &Path) -> anyhow::Result<()> {
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    let mut text = String::from_utf8(text)?;
    for (english, chinese) in HEADINGS {
        text = text.replace(&format!(".SH {english}\n"), &format!(".SH {chinese}\n"));
    }
    files::write_text(&directory.join(page.get_filename()), &text)?;
    let mut below = command.get_subcommands();
    below.try_for_each(|command| write_pages(command, directory))
}
