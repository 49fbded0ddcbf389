//! What `planbot check` says of the patterns: one that no question can match is a finding.

use super::intents::{Cue, Element, Pattern, SlotKind};
use super::lexicon::Lexicon;
use crate::model::{Finding, LexiconRecords};

/// How many words of a cue are tried.
const TRIED: usize = 60;

/// Tries every pattern with its own words and names of the book; a pattern that never fits is a warning. Patterns over
/// names that no plan has are passed over.
pub fn patterns_that_never_match(lexicon: &Lexicon, records: &LexiconRecords) -> Vec<Finding> {
    let never = lexicon
        .patterns()
        .iter()
        .filter(|pattern| !can_match(lexicon, records, pattern).unwrap_or(true));
    never
        .map(|pattern| {
            let advice = format!("句式 {:?} 用现有的提示词永远对不上；请检查提示词是否被更长的词盖住，或删去这个句式。", pattern.required);
            Finding::warning("lexicon/intents.toml", pattern.intent.key(), advice)
        })
        .collect()
}

/// Whether some question holds all that a pattern requires; nothing where the book has no name for one of its slots.
fn can_match(lexicon: &Lexicon, records: &LexiconRecords, pattern: &Pattern) -> Option<bool> {
    let words: Option<Vec<Vec<String>>> = pattern
        .required
        .iter()
        .map(|element| words_of(lexicon, records, *element))
        .collect();
    let words = words?;
    let longest = words.iter().map(Vec::len).max().unwrap_or(0).min(TRIED);
    let fits = (0..longest).any(|round| {
        let question: Vec<&str> = words
            .iter()
            .filter_map(|list| list.get(round % list.len().max(1)).map(String::as_str))
            .collect();
        let read = super::understand(lexicon, &question.join("，"));
        pattern
            .required
            .iter()
            .all(|element| read.slots.holds(*element))
    });
    Some(fits)
}

/// Words that can stand for an element; nothing where the book has none.
fn words_of(lexicon: &Lexicon, records: &LexiconRecords, element: Element) -> Option<Vec<String>> {
    let words: Vec<String> = match element {
        Element::Cue(cue) => cue_words(records, cue),
        Element::Slot(slot) => match slot {
            SlotKind::Indicator => lexicon
                .indicators
                .iter()
                .map(|concept| concept.name.clone())
                .collect(),
            SlotKind::Term => lexicon
                .terms
                .iter()
                .map(|concept| concept.name.clone())
                .collect(),
            SlotKind::Category => lexicon
                .categories
                .iter()
                .map(|category| category.name.clone())
                .collect(),
            SlotKind::Nature => vec![
                crate::model::IndicatorNature::Binding.word().to_string(),
                crate::model::IndicatorNature::Anticipatory
                    .word()
                    .to_string(),
            ],
            SlotKind::Value => lexicon.values.clone(),
            SlotKind::Table => lexicon.tables.clone(),
            SlotKind::Note => lexicon.notes.iter().map(|note| note.name.clone()).collect(),
            SlotKind::Due => lexicon.dues.clone(),
            SlotKind::Year => lexicon
                .years()
                .iter()
                .map(|year| format!("{year}年"))
                .collect(),
        },
    };
    (!words.is_empty()).then_some(words)
}

fn cue_words(records: &LexiconRecords, cue: Cue) -> Vec<String> {
    let words = records.cues.iter().find(|(key, _)| key == cue.key());
    words.map(|(_, words)| words.clone()).unwrap_or_default()
}
