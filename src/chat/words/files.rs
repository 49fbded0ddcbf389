//! Files and pictures: their names, their headings, what stands under them.

use crate::schedule::shown_day;
use crate::store::TableFormat;
use chrono::{Datelike, NaiveDate};

/// The button under what is due.
pub(crate) const CALENDAR_BUTTON: &str = "日历文件";

/// The calendar file's name.
pub(crate) const CALENDAR_FILE: &str = "报送期限.ics";

/// What stands under the calendar file.
pub(crate) const CALENDAR_CAPTION: &str = "报送期限的日历文件，导入手机或电脑日历后会按时提醒。";

/// The name of the table of reports.
pub(crate) const STATUS_FILE: &str = "报送情况";

/// The head of the column of units.
pub(crate) const UNIT_HEAD: &str = "单位";

/// The heads before the columns that can be chosen.
pub(crate) const INDICATOR_HEAD: [&str; 2] = ["序号", "指标"];

/// What is put behind a heading whose column has the bare numbers.
pub(crate) const NUMBER_COLUMN: &str = "（数值）";

/// The head of the column of remarks.
pub(crate) const REMARK_HEAD: &str = "说明";

/// What stands below a table of indicators: where it is from, and by what its rows were chosen.
pub(crate) fn how_chosen(title: &str, said: &str) -> String {
    let chosen = if said.is_empty() {
        "全部指标"
    } else {
        said
    };
    format!(
        "来源：《{title}》。{chosen}。照原文列出；“（数值）”一列只写单个的数，“以上、左右、≥”等限定看原文一列。"
    )
}

/// The head of the column of sources.
pub(crate) const PLACE_HEAD: &str = "来源";

/// The heads of the glossary.
pub(crate) const TERM_HEAD: [&str; 3] = ["名词", "解释", "来源"];

/// The end of the name of a sheet of indicators, behind the year.
pub(crate) const INDICATOR_SHEET: &str = "年计划指标";

/// The end of the name of a sheet of terms, behind the year.
pub(crate) const TERM_SHEET: &str = "年名词解释";

/// The name of the file with all tables.
pub(crate) const EXPORT_FILE: &str = "计划指标和名词解释";

/// What stands under the table of reports.
pub(crate) fn status_caption(day: NaiveDate) -> String {
    format!("各单位报送情况，截至{}年{}。", day.year(), shown_day(day))
}

/// The word behind /status for a format.
pub(crate) fn format_word(format: TableFormat) -> &'static str {
    match format {
        TableFormat::Csv => "csv",
        TableFormat::Xlsx => "xlsx",
    }
}

/// What stands under the file with all tables.
pub(crate) const EXPORT_CAPTION: &str = "指标表和名词解释，数字与原文一致，每行注明出处。";

/// Which picture.
pub(crate) const WHICH_CHART: &str =
    "请写上指标名称，例如：/chart 失业率；/chart 全部 画全部指标的完成情况。";

/// The words for all indicators.
pub(crate) const ALL_INDICATORS: [&str; 4] = ["全部", "所有", "全部指标", "所有指标"];

/// The name of a picture's file.
pub(crate) const CHART_FILE: &str = "对比图";

/// Nothing to draw.
pub(crate) fn no_chart(text: &str) -> String {
    format!("“{text}”不是表里的指标，没有对比图。/list 可以列出指标，/chart 全部 画全部指标。")
}

/// Several indicators may be meant.
pub(crate) fn which_of(names: &[&str]) -> String {
    format!(
        "您要哪一项的对比图？例如：\n{}",
        names
            .iter()
            .map(|name| format!("/chart {name}"))
            .collect::<Vec<_>>()
            .join("\n")
    )
}

/// Where the local chat put a file.
pub(crate) fn saved(path: &std::path::Path) -> String {
    format!("（文件已存到 {}）", path.display())
}
