//! `planbot init`: a directory that is ready for the first plan. It never writes into one that
//! holds something.

use crate::files;
use anyhow::{Context, bail};
use std::path::Path;
use std::process::ExitCode;

/// What is laid down: name below the directory, content. A test holds it against the shipped data.
const FILES: &[(&str, &str)] = &[
    ("bot.toml", include_str!("../../bot.toml")),
    ("data/README.md", include_str!("../../data/README.md")),
    ("data/units.toml", include_str!("../../data/units.toml")),
    (
        "data/lexicon/field.toml",
        include_str!("../../data/lexicon/field.toml"),
    ),
    (
        "data/lexicon/measures.toml",
        include_str!("../../data/lexicon/measures.toml"),
    ),
    (
        "data/lexicon/exam.toml",
        include_str!("../../data/lexicon/exam.toml"),
    ),
    (
        "data/calendar/2022.toml",
        include_str!("../../data/calendar/2022.toml"),
    ),
    (
        "data/calendar/2023.toml",
        include_str!("../../data/calendar/2023.toml"),
    ),
    (
        "data/calendar/2024.toml",
        include_str!("../../data/calendar/2024.toml"),
    ),
    (
        "data/calendar/2025.toml",
        include_str!("../../data/calendar/2025.toml"),
    ),
    (
        "data/calendar/2026.toml",
        include_str!("../../data/calendar/2026.toml"),
    ),
    ("data/plans/README.md", PLANS),
];

const PLANS: &str = "# 计划\n\n还没有计划。在上两级目录里运行 `planbot import 报告.txt --plan 名称-年份`，导入的文件会写在这里，请逐项核对后使用。\n";

/// Lays down settings, words and calendars.
pub(crate) fn init(directory: &Path) -> anyhow::Result<ExitCode> {
    let shown = directory.display();
    if directory.exists() && !directory.is_dir() {
        bail!("{shown} 是一个文件；请写一个目录名");
    }
    // Nothing of anybody's is written over, not even a file of the same name and content.
    if !files::is_empty(directory).with_context(|| format!("无法读取 {shown}；请检查权限"))?
    {
        bail!("{shown} 里已有内容，没有写入任何文件；请换一个空目录");
    }
    for (name, text) in FILES {
        let file = directory.join(name);
        let written = file
            .parent()
            .map_or(Ok(()), files::create_directory)
            .and_then(|()| files::write_text(&file, text));
        written.with_context(|| {
            format!(
                "无法写入 {}；请检查磁盘空间和权限，清空 {shown} 后再试",
                file.display()
            )
        })?;
    }
    println!("已在 {shown} 写好设置、词表和日历。接下来：");
    println!("1. cd {shown}");
    println!("2. planbot import 报告.txt --plan 名称-年份，再逐项核对 data/plans/ 下的文件");
    println!("3. planbot doctor，然后 planbot run");
    Ok(ExitCode::SUCCESS)
}
