//! Names, cells and paragraphs beyond any report: a table that fell apart, a file that is none of
//! ours. They are said before anything is made of them, since names are compared letter by letter
//! and sentences are cut into all that they may say.
//!
//! Beside each limit stands the longest of its kind in the 22 reports that were tried here.

use super::causes::Cause;
use super::document::{MOST_CELLS, MOST_TEXT};
use super::passages::sentences;
use crate::model::{Finding, PlanRecords};
use std::collections::BTreeSet;

/// Names of indicators, terms, categories, units, columns, places and headings: 50 letters.
const LONGEST_NAME: usize = 200;
/// The different names of indicators and terms together: 1,500 letters. Each letter of a name takes
/// some 400 bytes until questions can be held against it.
const MOST_NAMES: usize = 500_000;
/// The value of a cell: 15 letters.
const LONGEST_VALUE: usize = 500;
/// A sentence: 520 letters; a definition: 800; a note: 100.
const LONGEST_SENTENCE: usize = 5_000;
/// A paragraph: 1,400 letters. A report that lost its line breaks is one paragraph of 35,000.
const LONGEST_PARAGRAPH: usize = 50_000;

/// What the rows of a plan have that is longer than in any report.
pub(crate) fn beyond_limits(records: &PlanRecords) -> Vec<Finding> {
    let mut limits = Limits {
        plan: &records.header.id,
        findings: Vec::new(),
    };
    limits.header(records);
    limits.tables(records);
    limits.texts(records);
    limits.names(records);
    limits.body(&records.body);
    limits.findings
}

/// A name of the lexicon or of a unit that is longer than any.
pub(crate) fn overlong_name(file: &str, name: &str) -> Option<Finding> {
    let letters = letters_beyond(name, LONGEST_NAME)?;
    Some(Finding::error(
        file,
        beginning(name),
        too_long("名称", letters, LONGEST_NAME),
    ))
}

struct Limits<'a> {
    plan: &'a str,
    findings: Vec<Finding>,
}

impl Limits<'_> {
    fn look(&mut self, file: &str, place: &str, what: &str, text: &str, most: usize) {
        if let Some(letters) = letters_beyond(text, most) {
            let file = format!("plans/{}/{file}", self.plan);
            let cause = too_long(what, letters, most);
            self.findings.push(Finding::error(file, place, cause));
        }
    }

    fn too_many(&mut self, file: &str, what: &str, most: usize) {
        let file = format!("plans/{}/{file}", self.plan);
        let cause = Cause::TooMany { what, most };
        self.findings.push(Finding::error(file, "", cause));
    }

    fn header(&mut self, records: &PlanRecords) {
        let header = &records.header;
        let names = [&header.title, &header.issuer, &header.region];
        let tables = header
            .tables
            .iter()
            .flat_map(|(label, title)| [label, title]);
        for name in names.into_iter().chain(&header.region_names).chain(tables) {
            self.look("plan.toml", &beginning(name), "名称", name, LONGEST_NAME);
        }
        for duty in &header.duties {
            let said = [
                &duty.reporter,
                &duty.recipient,
                &duty.subject,
                &duty.sentence,
            ];
            for text in said.into_iter().chain(&duty.due) {
                let place = beginning(text);
                self.look("plan.toml", &place, "报送要求", text, LONGEST_SENTENCE);
            }
        }
        for (name, words) in &records.synonyms {
            for word in std::iter::once(name).chain(words) {
                self.look(
                    "synonyms.toml",
                    &beginning(word),
                    "叫法",
                    word,
                    LONGEST_NAME,
                );
            }
        }
    }

    fn tables(&mut self, records: &PlanRecords) {
        const FILE: &str = "indicators.csv";
        if records.cells.len() > MOST_CELLS {
            self.too_many(FILE, "行数", MOST_CELLS);
        }
        for (row, cell) in records.cells.iter().enumerate() {
            let place = format!("第{}行", row + 2);
            for (what, text) in [
                ("指标名称", &cell.indicator),
                ("类别", &cell.category),
                ("单位", &cell.unit),
                ("表头", &cell.heading),
                ("出处", &cell.place),
            ] {
                self.look(FILE, &place, what, text, LONGEST_NAME);
            }
            self.look(FILE, &place, "数值", &cell.value, LONGEST_VALUE);
        }
    }

    fn names(&mut self, records: &PlanRecords) {
        let indicators = records.cells.iter().map(|cell| cell.indicator.as_str());
        let terms = records.glossary.iter().map(|entry| entry.name.as_str());
        let different: BTreeSet<&str> = indicators.chain(terms).collect();
        let letters: usize = different.iter().map(|name| name.chars().count()).sum();
        if letters > MOST_NAMES {
            self.too_many("indicators.csv", "名称的总字数", MOST_NAMES);
        }
    }

    fn texts(&mut self, records: &PlanRecords) {
        for (row, entry) in records.glossary.iter().enumerate() {
            let place = format!("第{}行", row + 2);
            let file = "glossary.csv";
            self.look(file, &place, "名词", &entry.name, LONGEST_NAME);
            self.look(file, &place, "解释", &entry.definition, LONGEST_SENTENCE);
        }
        for (row, note) in records.notes.iter().enumerate() {
            let place = format!("第{}行", row + 2);
            let file = "notes.csv";
            self.look(file, &place, "出处", &note.place, LONGEST_NAME);
            self.look(file, &place, "所注的文字", &note.anchor, LONGEST_SENTENCE);
            self.look(file, &place, "注释", &note.text, LONGEST_SENTENCE);
            for name in &note.indicators {
                self.look(file, &place, "指标名称", name, LONGEST_NAME);
            }
        }
    }

    fn body(&mut self, body: &str) {
        const FILE: &str = "body.md";
        if body.len() > MOST_TEXT {
            self.too_many(FILE, "正文的字节数", MOST_TEXT);
            return;
        }
        for (at, line) in body.lines().enumerate() {
            let place = format!("第{}行", at + 1);
            if line.starts_with('#') {
                self.look(FILE, &place, "标题", line, LONGEST_NAME);
                continue;
            }
            self.look(FILE, &place, "这一段", line, LONGEST_PARAGRAPH);
            // A line of few bytes has no long sentence, and most are of few.
            if line.len() > LONGEST_SENTENCE {
                for sentence in sentences(line) {
                    self.look(FILE, &place, "一句话", sentence, LONGEST_SENTENCE);
                }
            }
        }
    }
}

/// How many letters a text has, where that is more than a limit.
fn letters_beyond(text: &str, most: usize) -> Option<usize> {
    // No text has more letters than bytes.
    if text.len() <= most {
        return None;
    }
    let letters = text.chars().count();
    (letters > most).then_some(letters)
}

fn too_long(what: &str, letters: usize, most: usize) -> Cause<'_> {
    Cause::TooLong {
        what,
        letters,
        most,
    }
}

fn beginning(text: &str) -> String {
    let start: String = text.chars().take(12).collect();
    if start.len() < text.len() {
        format!("{start}……")
    } else {
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CellRecord, DutyRecord, GlossaryRecord, NoteKind, NoteRecord};

    #[test]
    fn what_is_longer_than_in_any_report_is_said_with_its_place() {
        let at_limit = format!("{}。\n", "甲".repeat(LONGEST_SENTENCE - 1));
        let beyond = format!("{}。\n", "甲".repeat(LONGEST_SENTENCE));
        let paragraph = "修渠。".repeat(LONGEST_PARAGRAPH / 3 + 1);
        let heading = "#".repeat(LONGEST_NAME + 1);
        for (body, places) in [
            (at_limit.clone(), vec![]),
            (format!("{at_limit}{beyond}"), vec!["第2行"]),
            (paragraph, vec!["第1行"]),
            (heading, vec!["第1行"]),
            ("修渠。\n".repeat(MOST_TEXT / 10 + 1), vec![""]),
        ] {
            let records = PlanRecords {
                body,
                ..PlanRecords::default()
            };
            let findings = beyond_limits(&records);
            let found: Vec<&str> = findings.iter().map(|f| f.place.as_str()).collect();
            assert_eq!(found, places, "{findings:?}");
        }
    }

    /// Puts a text into one field of a plan.
    type Put = fn(&mut PlanRecords, String);

    fn term(name: &str, definition: &str) -> GlossaryRecord {
        GlossaryRecord {
            number: 1,
            name: name.to_string(),
            definition: definition.to_string(),
        }
    }

    fn note() -> NoteRecord {
        NoteRecord {
            kind: NoteKind::Footnote,
            place: String::new(),
            anchor: String::new(),
            indicators: Vec::new(),
            text: String::new(),
        }
    }

    /// The fields of plan.toml and synonyms.toml, with what is said of each and its limit.
    const OF_THE_PLAN: &[(&str, usize, Put)] = &[
        ("名称", LONGEST_NAME, |plan, text| {
            plan.header.title = text
        }),
        ("名称", LONGEST_NAME, |plan, text| {
            plan.header.issuer = text
        }),
        ("名称", LONGEST_NAME, |plan, text| {
            plan.header.region = text
        }),
        ("名称", LONGEST_NAME, |plan, text| {
            plan.header.region_names.push(text);
        }),
        ("名称", LONGEST_NAME, |plan, text| {
            plan.header.tables.push((text, String::new()));
        }),
        ("名称", LONGEST_NAME, |plan, text| {
            plan.header.tables.push((String::new(), text));
        }),
        ("报送要求", LONGEST_SENTENCE, |plan, reporter| {
            plan.header.duties.push(DutyRecord {
                reporter,
                ..DutyRecord::default()
            });
        }),
        ("报送要求", LONGEST_SENTENCE, |plan, recipient| {
            plan.header.duties.push(DutyRecord {
                recipient,
                ..DutyRecord::default()
            });
        }),
        ("报送要求", LONGEST_SENTENCE, |plan, subject| {
            plan.header.duties.push(DutyRecord {
                subject,
                ..DutyRecord::default()
            });
        }),
        ("报送要求", LONGEST_SENTENCE, |plan, sentence| {
            plan.header.duties.push(DutyRecord {
                sentence,
                ..DutyRecord::default()
            });
        }),
        ("报送要求", LONGEST_SENTENCE, |plan, phrase| {
            plan.header.duties.push(DutyRecord {
                due: vec![phrase],
                ..DutyRecord::default()
            });
        }),
        ("叫法", LONGEST_NAME, |plan, text| {
            plan.synonyms.push((text, Vec::new()));
        }),
        ("叫法", LONGEST_NAME, |plan, text| {
            plan.synonyms.push((String::new(), vec![text]));
        }),
    ];

    /// The fields of the tables and of the text.
    const OF_THE_ROWS: &[(&str, usize, Put)] = &[
        ("指标名称", LONGEST_NAME, |plan, indicator| {
            plan.cells.push(CellRecord {
                indicator,
                ..CellRecord::default()
            });
        }),
        ("类别", LONGEST_NAME, |plan, category| {
            plan.cells.push(CellRecord {
                category,
                ..CellRecord::default()
            });
        }),
        ("单位", LONGEST_NAME, |plan, unit| {
            plan.cells.push(CellRecord {
                unit,
                ..CellRecord::default()
            });
        }),
        ("表头", LONGEST_NAME, |plan, heading| {
            plan.cells.push(CellRecord {
                heading,
                ..CellRecord::default()
            });
        }),
        ("出处", LONGEST_NAME, |plan, place| {
            plan.cells.push(CellRecord {
                place,
                ..CellRecord::default()
            });
        }),
        ("数值", LONGEST_VALUE, |plan, value| {
            plan.cells.push(CellRecord {
                value,
                ..CellRecord::default()
            });
        }),
        ("名词", LONGEST_NAME, |plan, text| {
            plan.glossary.push(term(&text, ""));
        }),
        ("解释", LONGEST_SENTENCE, |plan, text| {
            plan.glossary.push(term("", &text));
        }),
        ("出处", LONGEST_NAME, |plan, place| {
            plan.notes.push(NoteRecord { place, ..note() });
        }),
        ("所注的文字", LONGEST_SENTENCE, |plan, anchor| {
            plan.notes.push(NoteRecord { anchor, ..note() });
        }),
        ("注释", LONGEST_SENTENCE, |plan, text| {
            plan.notes.push(NoteRecord { text, ..note() });
        }),
        ("指标名称", LONGEST_NAME, |plan, name| {
            plan.notes.push(NoteRecord {
                indicators: vec![name],
                ..note()
            });
        }),
        ("一句话", LONGEST_SENTENCE, |plan, text| plan.body = text),
    ];

    #[test]
    fn every_field_that_a_person_may_write_has_its_limit() {
        for (what, most, put) in OF_THE_PLAN.iter().chain(OF_THE_ROWS) {
            for (letters, expected) in [(*most, 0), (most + 1, 1)] {
                let mut records = PlanRecords::default();
                put(&mut records, "渠".repeat(letters));
                let findings = beyond_limits(&records);
                let said = |finding: &Finding| finding.advice.starts_with(what);
                assert!(
                    findings.len() == expected && findings.iter().all(said),
                    "{what}, {letters} letters: {findings:?}"
                );
            }
        }
    }

    #[test]
    fn more_rows_and_names_than_in_any_report_are_said() {
        let cell = |indicator: String| CellRecord {
            indicator,
            ..CellRecord::default()
        };
        let name = "渠".repeat(LONGEST_NAME - 10);
        let different = (0..MOST_NAMES / (LONGEST_NAME - 5)).map(|at| format!("{name}{at:05}"));
        for (cells, said) in [
            (vec![cell("修渠".to_string()); MOST_CELLS], None),
            (vec![cell("修渠".to_string()); MOST_CELLS + 1], Some("行数")),
            (different.clone().map(cell).collect(), None),
            (
                different
                    .chain([name.clone() + "甲", name.clone() + "乙"])
                    .map(cell)
                    .collect(),
                Some("名称的总字数"),
            ),
        ] {
            let records = PlanRecords {
                cells,
                ..PlanRecords::default()
            };
            let findings = beyond_limits(&records);
            let found: Vec<&str> = findings.iter().map(|f| f.advice.as_str()).collect();
            match said {
                None => assert!(found.is_empty(), "{found:?}"),
                Some(what) => {
                    assert!(found.len() == 1 && found[0].starts_with(what), "{found:?}");
                }
            }
        }
    }
}
