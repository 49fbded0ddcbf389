//! Why something of a report or of a plan's rows is doubted or refused, and the sentence for each.
//! Where a finding is made only the cause is named: a sentence is worded here and nowhere else.
//! What a reader of a format left out is that reader's own sentence (`readers`, `Loss`).

use thiserror::Error;

/// Why whoever imports or edits should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Cause<'a> {
    // A report that is read.
    #[error(
        "没有找到指标表、名词解释或成段的正文，这不像是一份计划报告；请确认文件选对了、内容完整。"
    )]
    NoReport,
    #[error(
        "没有找到计划年度（标题、章节和表头里都没有年份）；请在 plan.toml 里填写 plan_year 与 executed_year。"
    )]
    NoYear,
    #[error("没有找到计划所属的地区；请在 plan.toml 里填写 region。")]
    NoRegion,
    #[error("没有找到报送进展情况的要求；如有，请在 plan.toml 里补上 [[duty]]。")]
    NoDuty,
    #[error("这些文字没有归入任何记录：{0}；请检查此处的格式。")]
    Unassigned(&'a str),
    #[error("有 {0} 个字符被归入两处记录；这是导入程序的问题，请反馈。")]
    AssignedTwice(usize),
    #[error("编号从 {from} 跳到 {to}；请核对是否有缺条。")]
    NumberSkipped { from: u32, to: u32 },
    #[error("正文里没有这条脚注的标记；请核对脚注的次序。")]
    NoteWithoutMark,
    // Tables.
    #[error(
        "这一行有 {found} 格，表头有 {expected} 格：表格在此处断裂；请在原文中补齐或合并单元格后重新导入。"
    )]
    TornRow { found: usize, expected: usize },
    #[error("一格里有几个数，分不清各属于哪个指标；请在原文件里拆成几行后重新导入。")]
    FiguresInOneCell,
    // What may have been lost in meaning.
    #[error(
        "没有读到指标表，只能回答正文和名词；如果报告有指标表，请检查它的表头里有没有“指标”和年份。"
    )]
    NoIndicators,
    #[error(
        "“{0}”下面没有读到表格：表格在另存为文本时散成了一行一格；请导入原来的 Word 或 Excel 文件。"
    )]
    CaptionWithoutTable(&'a str),
    #[error(
        "这个表格里有 {0} 个数值，但没有读成指标，只作为正文收录；如果是指标表，请让表头写明“指标”和年份。"
    )]
    TableWithoutIndicators(usize),
    #[error(
        "从这里往前几行像名词解释，但上面没有“名词解释”一类的标题，只作为正文收录；请补上标题后重新导入。"
    )]
    EntriesOutsideGlossary,
    #[error("正文里的标记{0}没有对应的脚注或名词解释；请检查原文末尾是否缺了注释。")]
    MarksWithoutNotes(&'a str),
    // What is longer than in any report.
    #[error(
        "{what}有 {letters} 个字，超过 {most} 个字的上限，不像是报告里的内容；请检查是否串行、少了换行或引号不成对。"
    )]
    TooLong {
        what: &'a str,
        letters: usize,
        most: usize,
    },
    #[error("{what}超过 {most}，比任何一份报告都多；请确认文件没有弄错。")]
    TooMany { what: &'a str, most: usize },
    // Rows of a plan.
    #[error("缺少计划年度；请填写 plan_year 与 executed_year。")]
    YearMissing,
    #[error("缺少指标名称或出处；请补上，或删去整行。")]
    IndicatorIncomplete,
    #[error("属性“{0}”应为“预期性”“约束性”或留空；请改正。")]
    UnknownNature(&'a str),
    #[error("“{0}”的单位或属性与前面的行不一致；请改成一致。")]
    RowsDisagree(&'a str),
    #[error("“{indicator}”的“{heading}”是空的；未公布请写“——”。")]
    EmptyCell {
        indicator: &'a str,
        heading: &'a str,
    },
    #[error("“{indicator}”的{heading}在{}是“{}”，在{}是“{}”；请核对原文。", .one.0, .one.1, .other.0, .other.1)]
    CellsDisagree {
        indicator: &'a str,
        heading: &'a str,
        /// Where it stands, and what is printed there.
        one: (&'a str, &'a str),
        other: (&'a str, &'a str),
    },
    #[error("指标“{0}”不在 indicators.csv 里；请改正名称。")]
    UnknownIndicator(&'a str),
    #[error("缺少名词或解释；请补上，或删去整行。")]
    TermIncomplete,
    #[error("名词“{0}”出现了两次；请核对。")]
    TermTwice(&'a str),
    #[error("sentence 与 body.md 里的句子不一致；请照原文抄写整句。")]
    DutySentenceDiffers,
}

impl From<Cause<'_>> for String {
    fn from(cause: Cause<'_>) -> Self {
        cause.to_string()
    }
}
