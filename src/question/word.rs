//! A word of a question: what it is, how much it weighs, where it stands.

use super::operators::OperatorSet;
use super::scope::is_wider_scope;
use crate::language::PartOfSpeech;
use std::ops::Range;

/// A word of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its letters in the question.
    pub span: Range<usize>,
    /// As it is compared.
    pub text: String,
    /// Its part of speech.
    pub part: PartOfSpeech,
    /// How much it must be explained, about 0 to 1.3.
    pub weight: f32,
    /// The part of the question between punctuation that it stands in, from nought.
    pub clause: usize,
    /// The operators that cover all of it.
    pub operators: OperatorSet,
    /// Whether every letter belongs to some operator.
    pub is_operator: bool,
    /// The standard names of what the saying that it belongs to may mean.
    pub meanings: Vec<String>,
    /// Whether it stands in the documents.
    pub is_in_documents: bool,
    /// Whether it belongs to the name of the question's own place.
    pub is_own_place: bool,
    /// Whether it is the field of a rank (全国第几, 占全国) and no place that is asked about.
    pub is_field: bool,
    /// Whether it names a role: 主任, 负责人.
    pub is_role: bool,
}

impl Word {
    /// Whether it names a thing.
    pub fn is_noun(&self) -> bool {
        self.part.is_nominal()
    }

    /// Whether it names a place, a person or an organisation.
    pub fn is_name(&self) -> bool {
        use PartOfSpeech::{Organisation, OtherName, Person, Place};
        matches!(self.part, Place | Person | Organisation | OtherName)
    }

    /// Whether it is a place beyond the question's own.
    pub fn is_other_place(&self) -> bool {
        let is_place = self.part == PartOfSpeech::Place && self.span.len() > 1;
        (is_place || is_wider_scope(&self.text)) && !self.is_own_place && !self.is_field
    }

    /// Whether it is a verb or an adjective.
    pub fn is_verb(&self) -> bool {
        self.part.is_verbal()
    }

    /// Whether it must be explained at all.
    pub fn is_content(&self) -> bool {
        self.weight > 0.2 && !self.is_operator && !self.is_own_place
    }

    /// What it and the word after it make, each by itself and by what may be meant by it.
    pub(super) fn joined_with(&self, next: &Self) -> Vec<String> {
        let forms = |word: &Self| {
            let forms = std::iter::once(&word.text).chain(&word.meanings);
            forms.cloned().collect::<Vec<String>>()
        };
        let ends = forms(next);
        let begins = forms(self).into_iter();
        begins
            .flat_map(|first| ends.iter().map(move |second| format!("{first}{second}")))
            .collect()
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}
