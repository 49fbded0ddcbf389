//! What `plan.toml` says: title, issuer, date, years, region and the duties to report.

use super::body::Body;
use super::causes::Cause;
use super::document::{Block, Document};
use super::outline::{Outline, Role};
use super::pattern::{YEAR, pattern};
use crate::model::{DutyRecord, Finding, PlanHeader};
use chrono::{Datelike, NaiveDate};
use once_cell::sync::Lazy;
use regex::Regex;

static DATE_LINE: Lazy<Regex> =
    Lazy::new(|| pattern(r"^\s*([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日\s*$"));
static ANY_DATE: Lazy<Regex> = Lazy::new(|| pattern(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"));
static SIGNATURE: Lazy<Regex> =
    Lazy::new(|| pattern(r"^[\p{Han}]{2,30}(?:人民政府|委员会|办公室|办公厅|局|厅)$"));
static ASSEMBLY: Lazy<Regex> =
    Lazy::new(|| pattern(r"在([\p{Han}]{2,12}?[省市区县州旗盟])第.{1,6}届人民代表大会"));
static REGION: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"^(?:[0-9]{4}年)?([\p{Han}]{1,20}?[省市区县州旗盟])(?:[0-9]{4}年|人民政府|政府工作|国民经济|经济)",
    )
});
/// An office that reports on its place: 某某区发展和改革局关于….
static OFFICE_OF: Lazy<Regex> = Lazy::new(|| {
    pattern(r"^([\p{Han}]{1,20}?[省市区县州旗盟])[\p{Han}]{2,12}(?:局|委|委员会|政府)关于")
});
static REGION_PART: Lazy<Regex> = Lazy::new(|| {
    pattern(r"[\p{Han}]{1,8}?(?:特别行政区|自治区|自治州|自治县|新区|省|市|区|县|州|旗|盟)")
});
static DUTY: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"(?:请|要求)?(?P<reporter>[\p{Han}]*?(?:单位|部门|机关|街道|乡镇|企业|政府|委办局))(?:要|应|须|应当)?(?:分别)?(?:于|在)(?P<due>[^，。；]+?)(?:前|之前)?(?:向|报送至|报至)(?P<recipient>[^，。；]+?)(?:报送|报告|上报|提交|反馈)(?P<subject>[^，。；]+)",
    )
});
/// The same with the subject before: 请各部门于7月5日前将上半年情况报送区某委.
static DUTY_OF: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"(?:请|要求)?(?P<reporter>[\p{Han}]*?(?:单位|部门|机关|街道|乡镇|企业|政府|委办局))(?:要|应|须|应当)?(?:分别)?(?:于|在)(?P<due>[^，。；]+?)(?:前|之前)?，?将(?P<subject>[^，。；]+?)(?:报送至|报送到|报送|上报至|上报|报至|报给)(?P<recipient>[^，。；]+)",
    )
});
static DUE: Lazy<Regex> = Lazy::new(|| pattern(r"(?:([0-9]{4})年)?([^、和及与]+)"));

/// Reads the header; what the document does not say stays empty and is a finding.
pub(crate) fn read(
    document: &Document,
    outline: &Outline,
    body: &Body,
    file: &str,
    findings: &mut Vec<Finding>,
) -> PlanHeader {
    let titles: Vec<&str> = body
        .lines
        .iter()
        .filter(|(role, _)| *role == Role::PartTitle)
        .map(|(_, text)| text.as_str())
        .collect();
    // The last: a notice that brings the report has its own title before it.
    let title = titles.last().copied().unwrap_or_default().to_string();
    let (issuer, document_date) = signature(body);
    let (plan_year, executed_year) = plan_years(document, outline, body, &title);
    if plan_year == 0 {
        findings.push(Finding::error(file, "plan_year", Cause::NoYear));
    }
    let region = region(&title, body);
    if region.is_empty() {
        findings.push(Finding::warning(file, "region", Cause::NoRegion));
    }
    let region_names = region_names(&region);
    let duties = duties(body);
    if duties.is_empty() {
        findings.push(Finding::warning(file, "duty", Cause::NoDuty));
    }
    PlanHeader {
        id: String::new(),
        title,
        issuer,
        document_date,
        plan_year,
        executed_year,
        region,
        region_names,
        tables: Vec::new(),
        duties,
    }
}

/// The year that is planned and the one that is looked back at; nought where the document names no
/// year.
fn plan_years(document: &Document, outline: &Outline, body: &Body, title: &str) -> (i32, i32) {
    let mut years: Vec<i32> = years_in(title);
    let title_says_nothing = years.is_empty();
    if years.is_empty() {
        years = body
            .lines
            .iter()
            .filter(|(role, _)| matches!(role, Role::Chapter(_)))
            .flat_map(|(_, text)| years_in(text))
            .collect();
    }
    // A workbook has no title but those of its tables.
    if years.is_empty() || title.ends_with('表') {
        years.extend(headings_of_tables(document, outline));
    }
    let mut plan_year = years.iter().copied().max().unwrap_or(0);
    // Without a year in the title the meeting tells which year is planned: one in winter or spring
    // plans its own year, one in December the next.
    // A title that names its year is believed, whenever the meeting was.
    if title_says_nothing && plan_year > 0 {
        plan_year = plan_year.max(planned_at(opening_date(body), plan_year));
    }
    let executed_year = years
        .iter()
        .copied()
        .filter(|year| *year < plan_year)
        .max()
        // A plan is made for the year after the one that it looks back at.
        .unwrap_or(plan_year - 1);
    (plan_year, executed_year)
}

fn years_in(text: &str) -> Vec<i32> {
    YEAR.captures_iter(text)
        .filter_map(|found| found.get(1)?.as_str().parse().ok())
        .collect()
}

fn headings_of_tables(document: &Document, outline: &Outline) -> Vec<i32> {
    let mut years = Vec::new();
    for (block, role) in document.blocks.iter().zip(&outline.roles) {
        if let (Block::Table(rows), Role::IndicatorTable) = (block, role)
            && let Some(header) = rows.first()
        {
            years.extend(
                header
                    .cells
                    .iter()
                    .flat_map(|cell| years_in(&document.cell(cell))),
            );
        }
    }
    years
}

/// The year that a meeting on a day plans, where the report looks back at `year` at least.
fn planned_at(meeting: Option<NaiveDate>, year: i32) -> i32 {
    match meeting {
        // The report looks back at a year and is read in the spring after it: that spring's year is
        // planned.
        Some(day) if day.year() == year + 1 && day.month() <= 6 => day.year(),
        Some(day) if day.year() == year && day.month() >= 11 => year + 1,
        _ => year,
    }
}

/// The first day that one of the first lines names.
fn opening_date(body: &Body) -> Option<NaiveDate> {
    let lines = body.lines.iter().take(4);
    lines
        .into_iter()
        .find_map(|(_, line)| date(line, &ANY_DATE))
}

fn date(text: &str, pattern: &Regex) -> Option<NaiveDate> {
    let found = pattern.captures(text)?;
    let part = |group| found.get(group)?.as_str().parse::<u32>().ok();
    NaiveDate::from_ymd_opt(part(1)? as i32, part(2)?, part(3)?)
}

/// A line that is only a date, with the office that signs on the line before it; otherwise the
/// first date of a title.
fn signature(body: &Body) -> (String, Option<NaiveDate>) {
    for pair in body.lines.windows(2) {
        if let [(_, office), (_, line)] = pair
            && let Some(found) = date(line, &DATE_LINE)
        {
            let office = office.trim();
            let issuer = if SIGNATURE.is_match(office) {
                office.to_string()
            } else {
                String::new()
            };
            return (issuer, Some(found));
        }
    }
    (String::new(), opening_date(body))
}

fn region(title: &str, body: &Body) -> String {
    let title: String = title.split_whitespace().collect();
    let title = title.strip_prefix("关于").unwrap_or(&title);
    let title = OFFICE_OF.replace(title, "$1");
    let in_title = REGION
        .captures(&title)
        .and_then(|found| found.get(1))
        .map(|name| name.as_str().to_string());
    in_title
        .or_else(|| {
            body.lines.iter().take(8).find_map(|(_, line)| {
                ASSEMBLY
                    .captures(line)
                    .and_then(|found| found.get(1))
                    .map(|name| name.as_str().to_string())
            })
        })
        .unwrap_or_default()
}

/// The names by which a region is called: in full, its last part, and that part without its kind.
pub(crate) fn region_names(region: &str) -> Vec<String> {
    let mut names = Vec::new();
    if region.is_empty() {
        return names;
    }
    names.push(region.to_string());
    if let Some(last) = REGION_PART.find_iter(region).last() {
        let whole = last.as_str();
        let bare: String = whole.chars().take(whole.chars().count() - 1).collect();
        // One letter alone names no place that people would write.
        for name in [whole.to_string(), bare] {
            if name.chars().count() >= 2 && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn duties(body: &Body) -> Vec<DutyRecord> {
    let mut duties = Vec::new();
    for (role, paragraph) in &body.lines {
        if *role != Role::Paragraph {
            continue;
        }
        for sentence in paragraph.split_inclusive('。') {
            let found = DUTY.captures(sentence);
            let Some(found) = found.or_else(|| DUTY_OF.captures(sentence)) else {
                continue;
            };
            let part = |name| {
                found
                    .name(name)
                    .map_or_else(String::new, |text| text.as_str().trim().to_string())
            };
            let due = due_phrases(&part("due"));
            // 于会后向…报告 names no time that could be reckoned with.
            if due.iter().all(|phrase| {
                phrase
                    .chars()
                    .any(|c| c.is_ascii_digit() || "初底末旬月季年".contains(c))
            }) {
                duties.push(DutyRecord {
                    once: false,
                    reporter: part("reporter"),
                    recipient: part("recipient"),
                    subject: part("subject"),
                    due,
                    sentence: sentence.trim().to_string(),
                });
            }
        }
    }
    duties
}

/// Parts a list of due phrases; a year holds for those behind it that name none.
fn due_phrases(text: &str) -> Vec<String> {
    let mut year = String::new();
    DUE.captures_iter(text)
        .filter_map(|found| {
            if let Some(named) = found.get(1) {
                year = format!("{}年", named.as_str());
            }
            let words = found.get(2)?.as_str().trim();
            (!words.is_empty()).then(|| format!("{year}{words}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_read_with_their_years() {
        let line =
            "各有关单位分别于2030年7月初和12月底向区某委报送进展情况，及时反映动态。".to_string();
        let body = Body {
            lines: vec![(Role::Paragraph, line)],
            ..Body::default()
        };
        let duties = duties(&body);
        assert_eq!(duties.len(), 1);
        assert_eq!(duties[0].due, ["2030年7月初", "2030年12月底"]);
        assert_eq!(duties[0].reporter, "各有关单位");
        assert_eq!(duties[0].recipient, "区某委");
        assert_eq!(duties[0].subject, "进展情况");
    }

    #[test]
    fn a_duty_may_say_its_subject_first() {
        let line = "请各部门于2031年7月5日前将上半年情况报送区某委。".to_string();
        let body = Body {
            lines: vec![(Role::Paragraph, line)],
            ..Body::default()
        };
        let [duty] = &duties(&body)[..] else {
            panic!("one duty is wanted");
        };
        let said = [&duty.reporter, &duty.recipient, &duty.subject, &duty.due[0]];
        assert_eq!(said, ["各部门", "区某委", "上半年情况", "2031年7月5日"]);
    }

    #[test]
    fn regions_are_called_by_their_parts() {
        assert_eq!(
            region_names("某某市甲乙区"),
            ["某某市甲乙区", "甲乙区", "甲乙"]
        );
        for pattern in [&DATE_LINE, &ANY_DATE, &SIGNATURE, &ASSEMBLY, &REGION] {
            assert!(!pattern.as_str().is_empty());
        }
    }
}
