//! Footnotes where they belong: the mark behind the words that it annotates, leading to the note,
//! and the note leading back.

use super::highlight::marked;
use crate::model::{NoteKind, Passage, Plan};
use maud::{Markup, html};

/// What stands before the number of a footnote in its place.
const PLACE: &str = "脚注";

/// A mark: the sentence that has it, where in that, and the position of its note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FootnoteMark {
    passage: usize,
    end: usize,
    note: usize,
}

/// The marks of all footnotes whose sentence is known: by its own mark, else by the words that the
/// note says it annotates.
pub(super) fn marks(plan: &Plan) -> Vec<FootnoteMark> {
    let notes = plan.notes.iter().enumerate();
    let footnotes = notes.filter(|(_, note)| note.kind == NoteKind::Footnote);
    let marks = footnotes.filter_map(|(at, note)| {
        let number: Option<u32> = note.place.strip_prefix(PLACE)?.parse().ok();
        let anchored = |passage: &Passage| {
            let start = passage.text.find(note.anchor.as_str())?;
            (!note.anchor.is_empty()).then_some(start + note.anchor.len())
        };
        let passages = || plan.passages.iter().enumerate();
        let marked = number.and_then(|number| {
            passages().find_map(|(at, passage)| {
                let mut marked = passage.footnotes.iter().zip(&passage.marks);
                let (_, end) = marked.find(|(known, _)| **known == number)?;
                Some((at, *end))
            })
        });
        let by_words = || passages().find_map(|(at, passage)| Some((at, anchored(passage)?)));
        let (passage, end) = marked.or_else(by_words)?;
        Some(FootnoteMark {
            passage,
            end,
            note: at,
        })
    });
    let mut marks: Vec<FootnoteMark> = marks.collect();
    marks.sort_unstable();
    marks
}

/// A sentence with its marks, the words of a search marked.
pub(super) fn sentence(plan: &Plan, at: usize, marks: &[FootnoteMark], words: &[String]) -> Markup {
    let text = plan.passages.get(at).map_or("", |passage| &passage.text);
    let mut done = 0;
    let mut pieces: Vec<(&str, Option<usize>)> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.passage == at) {
        let piece = text.get(done..mark.end).unwrap_or_default();
        pieces.push((piece, Some(mark.note)));
        done = mark.end;
    }
    pieces.push((text.get(done..).unwrap_or_default(), None));
    html! {
        @for (text, note) in pieces {
            (marked(text, words))
            @if let Some(at) = note {
                @let place = plan.notes.get(at).map_or("", |note| note.place.as_str());
                sup { a id=(format!("m{at}")) href=(format!("#n{at}")) aria-label=(place) { "[" (place.trim_start_matches(PLACE)) "]" } }
            }
        }
    }
}

/// A note with its address; where the whole text is shown, with the way back to its mark.
pub(super) fn note_line(
    plan: &Plan,
    at: usize,
    words: &[String],
    marks: &[FootnoteMark],
) -> Markup {
    let note = plan.notes.get(at);
    html! { @if let Some(note) = note {
        p id=(format!("n{at}")) {
            a.anchor href=(format!("#n{at}")) { (note.place) } " " (marked(&note.text, words))
            @if words.is_empty() { (back(at, marks)) }
        }
    } }
}

/// The way back from a note to its mark; nothing where the note has none.
fn back(at: usize, marks: &[FootnoteMark]) -> Markup {
    let is_marked = marks.iter().any(|mark| mark.note == at);
    html! { @if is_marked { " " a.back href=(format!("#m{at}")) { "回到正文" } } }
}
