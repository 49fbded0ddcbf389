//! The body's Markdown cut into sentences, each under its headings, with the year and measure of
//! its chapter.

use super::outline_words::{chapter_measure, chapter_year};
use super::pattern::pattern;
use crate::model::{Passage, SectionPath};
use once_cell::sync::Lazy;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

static MARK: Lazy<Regex> = Lazy::new(|| pattern(r"\[\^([0-9]+)\]"));
static ITEM: Lazy<Regex> = Lazy::new(|| {
    pattern(r"^(?:[一二三四五六七八九十]{1,3}是|第[一二三四五六七八九十]{1,3}[，、])")
});
static CHAPTER: Lazy<Regex> = Lazy::new(|| pattern(r"^[一二三四五六七八九十]{1,3}、"));
static SECTION: Lazy<Regex> = Lazy::new(|| pattern(r"^[（(][一二三四五六七八九十]{1,3}[）)]"));
static OPENING_YEAR: Lazy<Regex> = Lazy::new(|| {
    pattern(concat!(
        r"^(?:(?P<year>20[0-9]{2})年(?:[，,是]|全|以来|工作|主要|经济|我|的)",
        r"|(?P<past>去年|过去(?:的)?一年|一年来)|明年|新的一年)"
    ))
});
static NOTICE: Lazy<Regex> = Lazy::new(|| pattern(r"^关于.*的通知$"));

/// Cuts `body.md` into sentences.
pub(crate) fn passages(markdown: &str, executed_year: i32, plan_year: i32) -> Vec<Passage> {
    let passages = by_row(markdown, executed_year, plan_year).into_iter();
    passages.map(|(_, passage)| passage).collect()
}

/// Cuts `body.md` into sentences, each with the number of its row, counted from 1: blank lines are
/// none.
pub(crate) fn by_row(markdown: &str, executed_year: i32, plan_year: i32) -> Vec<(usize, Passage)> {
    let mut cutter = Cutter {
        executed_year,
        plan_year,
        ..Cutter::default()
    };
    let mut rows = Vec::new();
    let lines = markdown.lines().map(str::trim);
    for (at, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        cutter.line(line);
        // Every sentence that this line gave is of its row.
        rows.resize(cutter.passages.len(), at + 1);
    }
    cutter.name_places();
    rows.into_iter().zip(cutter.passages).collect()
}

#[derive(Default)]
struct Cutter {
    executed_year: i32,
    plan_year: i32,
    path: SectionPath,
    year: Option<i32>,
    measure: Option<crate::model::Measure>,
    paragraph: usize,
    passages: Vec<Passage>,
}

impl Cutter {
    fn line(&mut self, line: &str) {
        if let Some(title) = line.strip_prefix("# ") {
            self.path = SectionPath {
                part: title.to_string(),
                ..SectionPath::default()
            };
            (self.year, self.measure) = (None, None);
        } else if let Some(heading) = line.strip_prefix("## ") {
            let heading = MARK.replace_all(heading, "").to_string();
            self.measure = chapter_measure(&heading);
            self.year = chapter_year(&heading, self.measure, self.executed_year, self.plan_year);
            // 2019年工作 of a report that plans 2020 tells of results, though 工作 alone would be an
            // aim.
            if self.year.is_some_and(|year| year <= self.executed_year) && !heading.contains("目标")
            {
                self.measure = Some(crate::model::Measure::Actual);
            }
            self.path = SectionPath {
                part: self.path.part.clone(),
                chapter: heading,
                ..SectionPath::default()
            };
        } else if let Some(heading) = line.strip_prefix("### ") {
            self.path.section = heading.to_string();
            self.path.item.clear();
            // A heading that is a whole sentence says something that can be asked; others only
            // head.
            if heading.ends_with('。') {
                self.paragraph += 1;
                self.sentence(heading, false);
            }
        } else {
            self.paragraph += 1;
            self.path.item.clear();
            if self.path.chapter.is_empty() {
                self.open_year(line);
            }
            // The sign that `body` puts before a paragraph that begins like a heading.
            for sentence in sentences(line.strip_prefix('\\').unwrap_or(line)) {
                let opens_item = ITEM.is_match(sentence);
                if opens_item {
                    self.path.item = MARK.replace_all(sentence, "").to_string();
                }
                self.sentence(sentence, opens_item);
            }
            self.path.item.clear();
        }
    }

    /// In a report without chapters a paragraph that opens with a year is about it, and so are
    /// those after it.
    fn open_year(&mut self, line: &str) {
        let Some(found) = OPENING_YEAR.captures(line) else {
            return;
        };
        let named = found
            .name("year")
            .and_then(|year| year.as_str().parse().ok());
        let year = named.unwrap_or(if found.name("past").is_some() {
            self.executed_year
        } else {
            self.plan_year
        });
        self.year = Some(year);
        self.measure = Some(if year <= self.executed_year {
            crate::model::Measure::Actual
        } else {
            crate::model::Measure::Target
        });
    }

    fn sentence(&mut self, text: &str, opens_item: bool) {
        let (mut footnotes, mut marks, mut taken) = (Vec::new(), Vec::new(), 0);
        for found in MARK.captures_iter(text) {
            let (Some(mark), Some(number)) = (found.get(0), found.get(1)) else {
                continue;
            };
            if let Ok(number) = number.as_str().parse() {
                footnotes.push(number);
                // Where the mark stood in the text that is left without marks.
                marks.push(mark.start() - taken);
            }
            taken += mark.len();
        }
        self.passages.push(Passage {
            path: self.path.clone(),
            text: MARK.replace_all(text, "").to_string(),
            footnotes,
            marks,
            year: self.year,
            measure: self.measure,
            place: String::new(),
            paragraph: self.paragraph,
            opens_item,
        });
    }

    /// Names each place by the marks of its headings; a paragraph is counted only where its item
    /// does not name it.
    fn name_places(&mut self) {
        let mut paragraphs: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut items: BTreeMap<(String, String), BTreeSet<usize>> = BTreeMap::new();
        for passage in &self.passages {
            let base = base_place(&passage.path);
            items
                .entry((base.clone(), item_mark(&passage.path)))
                .or_default()
                .insert(passage.paragraph);
            if passage.text.contains('。')
                && (passage.path.section.is_empty()
                    || !passage.text.starts_with(&passage.path.section))
            {
                paragraphs
                    .entry(base)
                    .or_default()
                    .insert(passage.paragraph);
            }
        }
        for passage in &mut self.passages {
            let base = base_place(&passage.path);
            let item = item_mark(&passage.path);
            let alone = items
                .get(&(base.clone(), item.clone()))
                .is_some_and(|set| set.len() == 1);
            let set = paragraphs.get(&base);
            let number = set
                .and_then(|set| set.iter().position(|at| *at == passage.paragraph))
                .map(|at| at + 1);
            let count = match number {
                Some(number)
                    if (item.is_empty() || !alone) && set.is_some_and(|set| set.len() > 1) =>
                {
                    format!("第{number}段")
                }
                _ => String::new(),
            };
            let gap = if base.ends_with('、') || base.ends_with('）') || count.is_empty() {
                ""
            } else {
                " "
            };
            passage.place = format!("{base}{gap}{count}{item}");
        }
    }
}

fn base_place(path: &SectionPath) -> String {
    let part = if NOTICE.is_match(&path.part) {
        "印发通知"
    } else {
        "正文"
    };
    let mark = |pattern: &Regex, heading: &str| match pattern.find(heading) {
        Some(found) => found.as_str().to_string(),
        None => heading.chars().take(20).collect(),
    };
    let chapter = mark(&CHAPTER, &path.chapter);
    let section = mark(&SECTION, &path.section);
    if chapter.is_empty() && section.is_empty() {
        part.to_string()
    } else {
        format!("{part} {chapter}{section}")
    }
}

fn item_mark(path: &SectionPath) -> String {
    ITEM.find(&path.item).map_or_else(String::new, |found| {
        found.as_str().trim_end_matches(['，', '、']).to_string()
    })
}

/// Cuts a paragraph behind 。！？ outside quotation marks and brackets.
pub(super) fn sentences(paragraph: &str) -> Vec<&str> {
    let mut cut: Vec<Range<usize>> = Vec::new();
    let mut depth = 0i32;
    let mut from = 0;
    for (at, sign) in paragraph.char_indices() {
        match sign {
            '“' | '（' | '《' => depth += 1,
            // A closing mark whose opening one is missing must not join all that follows.
            '”' | '）' | '》' => depth = (depth - 1).max(0),
            '。' | '！' | '？' if depth == 0 => {
                let end = at + sign.len_utf8();
                cut.push(from..end);
                from = end;
            }
            _ => {}
        }
    }
    let rest = paragraph.get(from..).unwrap_or_default();
    match cut.last_mut() {
        // The mark of a footnote behind the full stop belongs to the sentence before it.
        Some(last) if MARK.replace_all(rest, "").trim().is_empty() => last.end = paragraph.len(),
        _ => cut.push(from..paragraph.len()),
    }
    let sentences = cut.into_iter().filter_map(|span| paragraph.get(span));
    let sentences = sentences.map(str::trim);
    sentences.filter(|sentence| !sentence.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Measure;

    #[test]
    fn without_chapters_a_paragraph_opens_its_year() {
        let body = "# 计划报告\n\n2030年，全县修渠90公里。\n\n植树3000亩。\n\n2031年是开局之年。\n\n修渠100公里。\n";
        let years: Vec<(Option<i32>, Option<crate::model::Measure>)> = passages(body, 2030, 2031)
            .iter()
            .map(|passage| (passage.year, passage.measure))
            .collect();
        let (actual, target) = (crate::model::Measure::Actual, crate::model::Measure::Target);
        let result = (Some(2030), Some(actual));
        let aim = (Some(2031), Some(target));
        assert_eq!(years, [result, result, aim, aim]);
    }

    #[test]
    fn sentences_keep_their_headings_year_and_place() {
        let body = "# 关于印发《甲》的通知\n\n甲单位：\n\n乙事。\n\n丙事。\n\n# 甲\n\n## 一、2030年计划执行情况\n\n### （一）抓产业。\n\n开头。一是银行多。新增5家[^1]。二是商场多。\n\n另有问题。一是少。\n\n## 二、2031年工作安排\n\n一是做。\n";
        let passages = passages(body, 2030, 2031);
        let of = |text: &str| passages.iter().find(|p| p.text.starts_with(text)).unwrap();
        assert_eq!(of("丙事").place, "印发通知 第2段");
        assert_eq!(of("新增5家").place, "正文 一、（一）第1段一是");
        assert_eq!(of("二是商场").place, "正文 一、（一）二是");
        assert_eq!(
            (of("新增5家").year, of("新增5家").measure),
            (Some(2030), Some(Measure::Actual))
        );
        assert_eq!(
            (of("一是做").year, of("一是做").measure),
            (Some(2031), Some(Measure::Target))
        );
        assert_eq!(of("新增5家").footnotes, [1]);
        assert_eq!(of("新增5家").text, "新增5家。");
    }
}
