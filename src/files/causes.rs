//! Why something of the files of `data/` is refused or doubted, and the sentence for each. Where a
//! finding is made only the cause is named: a sentence is worded here and nowhere else. What rows
//! say of each other is `import/causes`'.

use std::io;
use std::path::Path;
use thiserror::Error;

/// Why whoever edits the data should look.
#[derive(Debug, Error)]
pub(super) enum Cause<'a> {
    // Any file.
    #[error("文件不存在；请从备份恢复，或重新导入这份计划。")]
    Missing,
    #[error("无法读取（{0}）；请检查文件和权限。")]
    Unreadable(&'a io::Error),
    #[error("{0}；请改正。")]
    Malformed(&'a str),
    // Directories.
    #[error("还没有任何计划；请用 planbot import 文件 --plan 名称 导入一份报告。")]
    NoPlans,
    #[error("找不到数据目录 {}（{error}）；请在项目目录里运行，或用 bot.toml 的 [paths] data 指明位置。", .directory.display())]
    NoDirectory {
        directory: &'a Path,
        error: &'a io::Error,
    },
    #[error(
        "上次替换这份计划时中断，原来的内容在 .old 目录里；请再运行一次 planbot import，它会先恢复原来的内容。"
    )]
    Interrupted,
    #[error("是链接，没有读；请把计划的目录本身放在这里。")]
    Linked,
    // Sheets.
    #[error("表头无法读取；请检查文件。")]
    NoHeader,
    #[error("缺少列“{missing}”；表头应为：{}。", .needed.join(","))]
    MissingColumn {
        missing: &'a str,
        needed: &'a [&'a str],
    },
    #[error("这一行无法读取（引号不成对或编码损坏）；请改正。")]
    UnreadableRow,
    #[error("这一行有 {found} 格，表头有 {expected} 格；请检查是否少了逗号或引号。")]
    RowWidth { found: usize, expected: usize },
    // Rows of a plan.
    #[error("年份“{0}”不是数字；请写成 2022 这样的四位年份。")]
    Year(&'a str),
    #[error("measure“{0}”应为 target（目标）、actual（完成）或留空；请改正。")]
    Measure(&'a str),
    #[error("figures“{0}”应为 growth（增速）或留空；请改正。")]
    Figures(&'a str),
    #[error("编号“{0}”不是数字；请改正。")]
    Number(&'a str),
    #[error("kind“{0}”应为 footnote、remark 或 convention；请改正。")]
    NoteKind(&'a str),
    #[error("“{0}”不是页码；请写成数字，或删去这一行。")]
    PageNumber(&'a str),
    #[error("today 要写成 2022-06-24 这样的日期；请改正。")]
    CaseDay,
    // The calendar and the roll of units.
    #[error("年份与文件名不一致；请改成同一年。")]
    CalendarYear,
    #[error("有写错的日期（不存在，或 from 晚于 to）；请照通知改正。")]
    CalendarDay,
    #[error("单位的 id 为空或重复；每个单位写一个各不相同、以后不再改的 id。")]
    UnitId,
    #[error("单位名称或别名为空或重复；请改成各不相同的名称。")]
    UnitName,
    #[error("chat = 0 不是会话的编号，提醒只会留在本机；请在那个会话里发 /id 查看，或删去这一行。")]
    UnitChat,
    // Words of measures under the name that they had.
    #[error(
        "这个文件现在叫 lexicon/measures.toml（units.toml 只指单位名册）；这次照旧读了，请改名。"
    )]
    OldNameRead,
    #[error("已有 lexicon/measures.toml，这个旧名字的文件没有读；请把自己加的词移过去，再删去它。")]
    OldNameBeside,
    #[error(
        "这个文件现在叫 lexicon/measures.toml，写法也变了，没有读，用的是程序自带的词；请把自己加的词写进 lexicon/measures.toml，再删去它。"
    )]
    OldForm,
}

impl From<Cause<'_>> for String {
    fn from(cause: Cause<'_>) -> Self {
        cause.to_string()
    }
}
