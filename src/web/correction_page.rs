//! A correction of a report before it is made: the value and the answers, before and after.

use super::otherwise;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::app::{CorrectionPreview, ReportCorrection};
use crate::model::{CellRecord, GlossaryRecord, Measure, Quantity};
use axum::response::Response;
use maud::{Markup, html};

/// A field with its word in a form, its name for people, and its values.
type Field = (&'static str, &'static str, String, String);

/// The page.
pub(super) fn shown(site: &Site, visitor: &Visitor, preview: &CorrectionPreview) -> Response {
    let report = format!("/admin/import/{}", preview.word);
    let content = html! {
        h2 { "改什么" }
        (values(preview))
        @if preview.others_of_row > 0 { p { "同一行的另外 " (preview.others_of_row) " 个数值，指标和单位也一起改。" } }
        h2 { "回答会怎样变" }
        @match &preview.answers {
            Ok(compared) => (otherwise::table("用这份报告的全部指标、名词", compared)),
            Err(findings) => {
                p { "这份报告还不能用来回答，没法比较：" }
                ul.findings { @for finding in findings { li { (finding) } } }
            }
        }
        div.tools.acts {
            form method="post" action=(format!("{report}/{}", kind(&preview.correction))) {
                input type="hidden" name="csrf" value=(visitor.csrf);
                input type="hidden" name="save" value="yes";
                @for (name, value) in fields(&preview.correction) { input type="hidden" name=(name) value=(value); }
                button.primary type="submit" { "保存这处改正" }
            }
            a href=(back(&report, &preview.correction)) { "再改一改" }
            a href=(report) { "不改了" }
        }
    };
    shell::page(site, Tab::Admin, "改正之前", visitor, content)
}

fn values(preview: &CorrectionPreview) -> Markup {
    let mut fields: Vec<Field> = Vec::new();
    if let Some((old, new)) = &preview.cell {
        fields.extend(of_cell(old, new));
    }
    if let Some((old, new)) = &preview.term {
        fields.extend(of_term(old, new));
    }
    fields.retain(|(_, _, old, new)| old != new);
    html! {
        @if fields.is_empty() { p.empty { "和现在一样，没有改动。" } }
        @else { div.wide tabindex="0" role="region" aria-label="改动" { table {
            thead { tr { th scope="col" { "项目" } th scope="col" { "改前" } th scope="col" { "改后" } } }
            tbody { @for (_, name, old, new) in &fields { tr {
                th scope="row" { (name) }
                td data-label="改前" { del { (old) } }
                td data-label="改后" { ins { (new) } }
            } } }
        } } }
    }
}

fn of_cell(old: &CellRecord, new: &CellRecord) -> Vec<Field> {
    let year = |cell: &CellRecord| {
        cell.year
            .map_or("未标明".to_string(), |year| year.to_string())
    };
    let measure = |cell: &CellRecord| match cell.measure {
        Some(Measure::Target) => "目标".to_string(),
        Some(Measure::Actual) => "完成情况".to_string(),
        None => "未标明".to_string(),
    };
    let value = |cell: &CellRecord| Quantity::parse(&cell.value, &cell.unit).shown();
    vec![
        (
            "indicator",
            "指标",
            old.indicator.clone(),
            new.indicator.clone(),
        ),
        ("unit", "单位", old.unit.clone(), new.unit.clone()),
        ("year", "年份", year(old), year(new)),
        ("measure", "性质", measure(old), measure(new)),
        ("value", "数值", value(old), value(new)),
    ]
}

fn of_term(old: &GlossaryRecord, new: &GlossaryRecord) -> Vec<Field> {
    vec![
        ("name", "名词", old.name.clone(), new.name.clone()),
        (
            "definition",
            "解释",
            old.definition.clone(),
            new.definition.clone(),
        ),
    ]
}

/// Where a correction is sent.
fn kind(correction: &ReportCorrection) -> &'static str {
    match correction {
        ReportCorrection::Cell { .. } => "cell",
        ReportCorrection::Term { .. } => "term",
        ReportCorrection::Plan { .. } => "plan",
    }
}

/// The row of a correction, open again.
fn back(report: &str, correction: &ReportCorrection) -> String {
    match correction {
        ReportCorrection::Cell { row, .. } => format!("{report}?cell={row}#c{row}"),
        ReportCorrection::Term { row, .. } => format!("{report}?term={row}#t{row}"),
        ReportCorrection::Plan { .. } => report.to_string(),
    }
}

/// The fields of the form that makes it.
fn fields(correction: &ReportCorrection) -> Vec<(&'static str, String)> {
    match correction {
        ReportCorrection::Cell {
            row,
            indicator,
            unit,
            year,
            measure,
            value,
        } => vec![
            ("row", row.to_string()),
            ("indicator", indicator.clone()),
            ("unit", unit.clone()),
            (
                "year",
                year.map_or_else(String::new, |year| year.to_string()),
            ),
            ("measure", measure.map_or("", Measure::key).to_string()),
            ("value", value.clone()),
        ],
        ReportCorrection::Term {
            row,
            name,
            definition,
        } => vec![
            ("row", row.to_string()),
            ("name", name.clone()),
            ("definition", definition.clone()),
        ],
        ReportCorrection::Plan {
            id,
            title,
            region,
            plan_year,
        } => vec![
            ("id", id.clone()),
            ("title", title.clone()),
            ("region", region.clone()),
            ("plan_year", plan_year.to_string()),
        ],
    }
}
