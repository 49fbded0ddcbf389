//! Reads what each block of a report is from its form and its neighbours.

use super::document::{Block, Document, Row};
use super::outline::{LABEL, LONGEST_CAPTION, MOST_CAPTION_LINES, Outline, Role, year_above};
use super::pattern::pattern;
use super::{glossary, notes, tables};
use once_cell::sync::Lazy;
use regex::Regex;

static NOTICE: Lazy<Regex> = Lazy::new(|| pattern(r"^关于.*《(.+)》的通知$"));
static CHAPTER: Lazy<Regex> = Lazy::new(|| pattern(r"^[一二三四五六七八九十]{1,3}、"));
static SECTION: Lazy<Regex> = Lazy::new(|| pattern(r"^[（(][一二三四五六七八九十]{1,3}[）)]"));
static ATTACHMENTS: Lazy<Regex> = Lazy::new(|| pattern(r"^附[件录表][：:]"));
static LISTED: Lazy<Regex> = Lazy::new(|| pattern(r"^[0-9]{1,2}\s*[.．、]"));
static IMPRINT: Lazy<Regex> = Lazy::new(|| pattern(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日\s*印发$"));
static GLOSSARY: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"(名词|术语|用语|词语|概念|词汇)[^。，]{0,8}(解释|注释|说明|释义|术语)|(?:^|[》》」”）)])\s*(注释|注解|释义)$|有关(名词|用语|术语)|名词和术语|名词及解释",
    )
});
/// A caption over the part of a table that the next page has.
static CONTINUED: Lazy<Regex> =
    Lazy::new(|| pattern(r"^[^。]{0,40}(?:续表|[（(]续[）)])\s*[0-9]*$"));
static DATE: Lazy<Regex> = Lazy::new(|| pattern(r"[0-9]{4}年[0-9]{1,2}月"));

/// A line that is nothing but the number of a page. A bare number counts: no paragraph is one.
static PAGE_NUMBER: Lazy<Regex> = Lazy::new(|| {
    pattern(concat!(
        r"^(?:[-—–－·]+\s*[0-9]{1,4}\s*[-—–－·]+|[0-9]{1,4}|第\s*[0-9]{1,4}\s*页",
        r"(?:\s*[/，,]?\s*共\s*[0-9]{1,4}\s*页)?|[0-9]{1,4}\s*/\s*[0-9]{1,4})$"
    ))
});

const LONGEST_HEADING: usize = 90;

/// Reads the roles of a document's blocks.
pub(crate) fn outline(document: &Document) -> Outline {
    let mut roles = Vec::with_capacity(document.blocks.len());
    let mut state = State::new(document);
    for (at, block) in document.blocks.iter().enumerate() {
        let role = match block {
            Block::Table(rows) => {
                state.region = Region::AfterTable;
                table_role(document, &roles, at, rows)
            }
            Block::Line { span, .. } if is_page_number(document.slice(span)) => Role::PageNumber,
            Block::Line { span, heading } => state.line(at, document.slice(span), *heading),
        };
        roles.push(role);
    }
    let mut outline = Outline { roles };
    // Titles before captions: a line that a notice spells out is no caption, though it is short and
    // may stand over a table.
    outline.claim_titles(document);
    outline.claim_captions(document);
    outline
}

/// What a table is, by its heading and by what stands before it.
fn table_role(document: &Document, roles: &[Role], at: usize, rows: &[Row]) -> Role {
    let width = |rows: &[Row]| rows.iter().map(|row| row.cells.len()).max();
    let says_continued = |at: &usize| match &document.blocks[*at] {
        Block::Line { span, .. } => CONTINUED.is_match(document.slice(span)),
        Block::Table(_) => false,
    };
    let mut before = (0..at)
        .rev()
        .filter(|at| roles[*at] != Role::PageNumber && !says_continued(at));
    let before = before
        .next()
        .filter(|at| matches!(roles[*at], Role::IndicatorTable | Role::TableContinued));
    let heading_of = |rows: &[Row]| tables::heading(document, rows, None);
    let own = tables::heading(document, rows, year_above(document, at));
    let above = before.and_then(|at| match &document.blocks[at] {
        Block::Table(rows) => Some(rows),
        Block::Line { .. } => None,
    });
    match (own, above) {
        // A part on the next page has no heading, and as many columns as the part before.
        (None, Some(above)) if width(above) == width(rows) => Role::TableContinued,
        // The heading is printed again on the next page.
        (Some(own), Some(above)) if heading_of(above).is_some_and(|known| known == own) => {
            Role::TableContinued
        }
        (Some(_), _) => Role::IndicatorTable,
        (None, _) if glossary::is_glossary(document, rows) => Role::GlossaryTable,
        (None, _) => Role::PlainTable,
    }
}

/// Whether a line is nothing but the number of a page: — 12 —, 第12页 共30页.
fn is_page_number(line: &str) -> bool {
    PAGE_NUMBER.is_match(line.trim())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    Text,
    Attachments,
    AfterTable,
    Glossary { bracketed: bool, entries: usize },
    Notes,
}

struct State {
    region: Region,
    numbered_chapters: bool,
    text_begun: bool,
    after_label: bool,
}

impl State {
    fn new(document: &Document) -> Self {
        let numbered_chapters =
            document.blocks.iter().any(|block| matches!(block, Block::Line { span, .. } if CHAPTER.is_match(document.slice(span))));
        Self {
            region: Region::Text,
            numbered_chapters,
            text_begun: false,
            after_label: false,
        }
    }

    fn line(&mut self, at: usize, line: &str, marked_heading: bool) -> Role {
        let after_label = std::mem::take(&mut self.after_label);
        let length = line.chars().count();
        if let Some(role) = self.glossary_or_notes(line, length) {
            return role;
        }
        if self.region == Region::AfterTable && notes::opens_remarks(line) {
            return Role::Remark;
        }
        // Only right after a table: anywhere else a numbered line is text.
        if self.region == Region::AfterTable && notes::continues_remarks(line) {
            return Role::Remark;
        }
        if ATTACHMENTS.is_match(line) && LISTED.is_match(ATTACHMENTS.replace(line, "").trim()) {
            self.region = Region::Attachments;
            return Role::AttachmentList;
        }
        if self.region == Region::Attachments && LISTED.is_match(line) && !line.contains('。') {
            return Role::AttachmentList;
        }
        self.region = Region::Text;
        if LABEL.is_match(line) && length <= LONGEST_CAPTION && !line.contains('。') {
            self.after_label = true;
            return Role::Chapter(line.len());
        }
        // Whatever it looks like, the first line is the title, unless it was something else above.
        if at == 0 {
            return Role::PartTitle;
        }
        let role = self.heading(line, length, marked_heading, after_label);
        self.text_begun |= line.contains('。');
        role
    }

    fn glossary_or_notes(&mut self, line: &str, length: usize) -> Option<Role> {
        if IMPRINT.is_match(line) && length <= 60 {
            self.region = Region::Text;
            return Some(Role::Imprint);
        }
        if GLOSSARY.is_match(line) && length <= 30 && !line.contains(['。', '，']) {
            self.region = Region::Glossary {
                bracketed: false,
                entries: 0,
            };
            return Some(Role::GlossaryHeading);
        }
        if glossary::opens_with_entry(line) {
            self.region = Region::Glossary {
                bracketed: false,
                entries: 1,
            };
            return Some(Role::Glossary);
        }
        let marked = notes::leading_mark(line).is_some();
        match &mut self.region {
            Region::Glossary { bracketed, entries } => {
                // The form of the first entry tells marks of entries from marks of footnotes after
                // them.
                if *entries == 0 {
                    *bracketed = marked;
                }
                *entries += 1;
                if marked && !*bracketed {
                    self.region = Region::Notes;
                    return Some(Role::Footnote);
                }
                if LABEL.is_match(line) && length <= LONGEST_CAPTION {
                    self.region = Region::Text;
                    return None;
                }
                Some(Role::Glossary)
            }
            Region::Notes => Some(Role::Footnote),
            _ if marked => {
                self.region = Region::Notes;
                Some(Role::Footnote)
            }
            _ => None,
        }
    }

    fn heading(&self, line: &str, length: usize, marked: bool, after_label: bool) -> Role {
        let end = line
            .find('。')
            .map_or(line.len(), |at| at + '。'.len_utf8());
        let fits = line
            .get(..end)
            .is_some_and(|heading| heading.chars().count() <= LONGEST_HEADING);
        if SECTION.is_match(line) && fits {
            return Role::Section(end);
        }
        if CHAPTER.is_match(line) && fits {
            return Role::Chapter(end);
        }
        let short = length <= 25 && !ends_a_sentence(line) && !line.starts_with('—');
        // Without numbers short lines are headings; with them, short lines are only short.
        let bare = !self.numbered_chapters
            && self.text_begun
            && short
            && !DATE.is_match(line)
            && !line.contains('：');
        if (marked && length <= LONGEST_HEADING) || bare || (after_label && short) {
            return Role::Chapter(line.len());
        }
        Role::Paragraph
    }
}

/// Whether a line ends as running text does.
fn ends_a_sentence(line: &str) -> bool {
    line.ends_with(['。', '；', '：', '，', '！', '？', ';', ':', '.'])
}

impl Outline {
    /// A notice names the report that it brings: the lines that spell that title open a part of
    /// their own.
    fn claim_titles(&mut self, document: &Document) {
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        let Some(title) = self.lines(document).find_map(|(_, line)| {
            NOTICE
                .captures(line)
                .and_then(|found| found.get(1))
                .map(|name| solid(name.as_str()))
        }) else {
            return;
        };
        let lines: Vec<(usize, String)> = self
            .lines(document)
            .map(|(at, line)| (at, solid(line)))
            .collect();
        for from in 1..lines.len() {
            let mut joined = String::new();
            // A title is set over a few lines at most.
            for to in from..lines.len().min(from + 4) {
                joined.push_str(&lines[to].1);
                if joined == title {
                    self.roles[lines[from].0] = Role::PartTitle;
                    for (at, _) in &lines[from + 1..=to] {
                        self.roles[*at] = Role::TitleContinued;
                    }
                    return;
                }
                if !title.starts_with(&joined) {
                    break;
                }
            }
        }
    }

    /// Short lines right above a table are its label and title.
    fn claim_captions(&mut self, document: &Document) {
        for table in 0..self.roles.len() {
            if self.roles[table] != Role::IndicatorTable {
                continue;
            }
            for at in (table.saturating_sub(MOST_CAPTION_LINES)..table).rev() {
                let Block::Line { span, .. } = &document.blocks[at] else {
                    break;
                };
                let line = document.slice(span);
                let free = matches!(
                    self.roles[at],
                    Role::Paragraph | Role::Chapter(_) | Role::Glossary
                );
                if !free || line.chars().count() > LONGEST_CAPTION || ends_a_sentence(line) {
                    break;
                }
                self.roles[at] = Role::Caption;
                // The label is the topmost line of a caption.
                if LABEL.is_match(line) {
                    break;
                }
            }
        }
    }

    fn lines<'a>(&self, document: &'a Document) -> impl Iterator<Item = (usize, &'a str)> {
        document
            .blocks
            .iter()
            .enumerate()
            .filter_map(|(at, block)| match block {
                Block::Line { span, .. } => Some((at, document.slice(span))),
                Block::Table(_) => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        for pattern in [
            &NOTICE,
            &CHAPTER,
            &SECTION,
            &ATTACHMENTS,
            &LISTED,
            &IMPRINT,
            &GLOSSARY,
            &DATE,
            &PAGE_NUMBER,
        ] {
            assert!(!pattern.as_str().is_empty());
        }
    }
}
