//! Terms and notes held against the lines of the original.

use super::run::{LineStanding, OriginalLine, Run, begins_entry};
use super::{Difference, DifferenceKind, solid};
use crate::import::Original;
use crate::model::{NoteKind, PlanRecords};
use once_cell::sync::Lazy;
use regex::Regex;

/// The heading of a glossary.
static GLOSSARY: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(
        r"(?:名词|术语|用语|概念|词语|词汇)[^。，]{0,8}(?:解释|注释|说明|释义)|(?:^|[》）)])(?:注释|注解|释义)$",
    )
    .ok()
});
/// A note's mark at the beginning of its line.
static MARKED: Lazy<Option<Regex>> =
    Lazy::new(|| Regex::new(r"^[\[［]\^?[\d\x{FFFD}]*[\]］]").ok());
/// The opening of the remarks under a table.
static REMARKS: Lazy<Option<Regex>> =
    Lazy::new(|| Regex::new(r"^(?:备注|附注|注释|说明|注)(?:[（(][^（()）]*[）)])?[：:]").ok());
static BODY_MARK: Lazy<Option<Regex>> =
    Lazy::new(|| Regex::new(r"[\[［]\^?[\d\x{FFFD}]*[\]］]").ok());
/// A heading of a glossary is no longer than this.
const LONGEST_HEADING: usize = 30;
/// A shorter stretch is a number, a sign, the opening of remarks.
const FEWEST_LETTERS: usize = 4;

/// Everything in which terms and notes and the text of the original differ.
pub(crate) fn differences(plan: &PlanRecords, original: &Original) -> Vec<Difference> {
    let mut run = Run::of(original);
    let mut found = terms(plan, &mut run);
    found.extend(notes(plan, &mut run));
    let body = without_marks(&solid(&plan.body.replace(['#', '|', '\\'], "")));
    let left = Left { run: &run, body };
    found.extend(left.entries());
    found
}

fn terms(plan: &PlanRecords, run: &mut Run) -> Vec<Difference> {
    let mut found = Vec::new();
    for term in &plan.glossary {
        let (name, definition) = (solid(&term.name), solid(&term.definition));
        let says = run.entry(&name, |rest| defined(rest, &definition));
        if let LineStanding::Whole(span) = says {
            run.cover(span);
            continue;
        }
        let is_named = run.entry(&name, |_| Some(0)) != LineStanding::Nowhere;
        let kind = if is_named {
            DifferenceKind::OtherDefinition
        } else {
            DifferenceKind::NoSuchTerm
        };
        let place = format!("名词解释 第{}条", term.number);
        found.push(Difference::new(kind, &place, &term.name));
    }
    found
}

/// How long a definition is that follows its name, with the signs between them.
fn defined(rest: &str, definition: &str) -> Option<usize> {
    let text = rest.trim_start_matches(['：', ':', '—']);
    let length = rest.len() - text.len() + definition.len();
    (text.starts_with(definition) && !definition.is_empty()).then_some(length)
}

fn notes(plan: &PlanRecords, run: &mut Run) -> Vec<Difference> {
    let mut found = Vec::new();
    for note in &plan.notes {
        let text = solid(&note.text);
        let kind = match run.entry(&text, |_| Some(0)) {
            LineStanding::Whole(span) => {
                run.cover(span);
                None
            }
            LineStanding::Cut => Some(DifferenceKind::OtherNote),
            LineStanding::Nowhere => Some(DifferenceKind::NoSuchNote),
        };
        found.extend(kind.map(|kind| Difference::new(kind, &note.place, &note.text)));
        let is_footnote = note.kind == NoteKind::Footnote && !note.anchor.is_empty();
        if is_footnote && !is_marked(run, &note.anchor, &note.place) {
            let kind = DifferenceKind::OtherAnchor;
            found.push(Difference::new(kind, &note.place, &note.anchor));
        }
    }
    found
}

/// Whether the mark of a note stands behind the text that it annotates. The number of a mark may
/// have been lost.
fn is_marked(run: &Run, anchor: &str, place: &str) -> bool {
    let anchor = solid(anchor);
    let anchor = anchor.rsplit([']', '］']).next().unwrap_or_default();
    let wanted: String = place.chars().filter(char::is_ascii_digit).collect();
    let mut found = run.text.match_indices(anchor);
    found.any(|(at, _)| {
        let rest = &run.text[at + anchor.len()..];
        let Some(inner) = rest.strip_prefix(['[', '［']) else {
            return false;
        };
        let inner = inner.split([']', '］']).next().unwrap_or_default();
        let number: String = inner.chars().filter(char::is_ascii_digit).collect();
        number.is_empty() || number == wanted
    })
}

fn without_marks(text: &str) -> String {
    match BODY_MARK.as_ref() {
        Some(mark) => mark.replace_all(text, "").into_owned(),
        None => text.to_string(),
    }
}

/// What stands behind 备注： or the like.
fn without_opening(text: &str) -> &str {
    let opening = REMARKS.as_ref().and_then(|form| form.find(text));
    opening.map_or(text, |opening| &text[opening.end()..])
}

/// What of the original's text is no entry of the plan.
struct Left<'a> {
    run: &'a Run,
    /// The running text of the plan, solid and without marks.
    body: String,
}

impl Left<'_> {
    /// Lines of a glossary, lines with the mark of a note, and remarks under tables, that no term
    /// and no note has.
    fn entries(&self) -> Vec<Difference> {
        let mut place = Place::default();
        let lines = self.run.lines.iter().filter(|line| {
            let text = self.run.slice(line.span.clone());
            place.of(line, text, self.run.is_touched(line))
        });
        lines.filter_map(|line| self.left_of(line)).collect()
    }

    fn left_of(&self, line: &OriginalLine) -> Option<Difference> {
        let open = without_opening(self.run.open(line));
        let letters = open.chars().filter(|letter| letter.is_alphabetic()).count();
        let is_body = || {
            let text = without_marks(self.run.slice(line.span.clone()));
            self.body.contains(&text)
        };
        let is_left = letters >= FEWEST_LETTERS && !is_body();
        is_left.then(|| Difference::new(DifferenceKind::EntryLeftOut, "", open))
    }
}

/// Where among glossary and remarks a line stands, by the lines before it.
#[derive(Default)]
struct Place {
    in_glossary: bool,
    /// Whether an entry of the glossary was found: before it a line may say what follows.
    has_entry: bool,
    under_table: bool,
    in_remarks: bool,
}

impl Place {
    /// Whether a line ought to be an entry of the plan, or a part of one.
    fn of(&mut self, line: &OriginalLine, text: &str, is_touched: bool) -> bool {
        let is = |pattern: &Lazy<Option<Regex>>| {
            let pattern = pattern.as_ref();
            pattern.is_some_and(|form| form.is_match(text))
        };
        self.in_glossary &= !line.after_table;
        self.under_table |= line.after_table;
        self.in_remarks = self.under_table && is(&REMARKS) || self.in_remarks && begins_entry(text);
        self.under_table &= self.in_remarks;
        let is_short = text.chars().count() <= LONGEST_HEADING && !text.contains('。');
        if is_short && is(&GLOSSARY) {
            (self.in_glossary, self.has_entry) = (true, false);
            return false;
        }
        self.has_entry |= self.in_glossary && is_touched;
        let is_caption = line.above_table && !text.contains('。');
        let is_entry = !is_caption && (begins_entry(text) || text.contains(['：', ':']));
        let goes_on = self.has_entry && text.contains('。');
        is(&MARKED) || self.in_remarks || self.in_glossary && (is_entry || goes_on)
    }
}
