//! A candidate: a record that may answer, how far it explains each word, and what speaks for it.

use super::answer::{Answer, AnswerKind};
use super::features::Features;
use crate::evidence::{ClauseId, Explainer, Library, NameId, PassageId, TermNameId, TextId};
use crate::language::{Thesaurus, Units};
use crate::model::{Book, Measure, Plan, PlanIx};
use crate::question::{Alignment, AskedMeasure, Operator, OperatorSet, Question};
use std::rc::Rc;

/// Everything that a kind of question may look at.
pub struct Asked<'a> {
    /// The question.
    pub question: &'a Question,
    /// All plans.
    pub book: &'a Book,
    /// All evidence.
    pub library: &'a Library,
    /// The field's names.
    pub thesaurus: &'a Thesaurus,
    /// What units measure.
    pub units: &'a Units,
    /// The question's words against the library's texts.
    pub explainer: &'a Explainer<'a>,
    /// The indicators of the frame that are near to the question, with how well each is said.
    pub indicators: Vec<NamedIndicator>,
    /// Clauses that the index proposes, best first, by their number in the library.
    pub clauses: Vec<ClauseId>,
    /// Passages that the index proposes, best first, by their number in the library.
    pub passages: Vec<PassageId>,
    /// The measure that is asked for, where the question says.
    pub measure: AskedMeasure,
}

/// An indicator and how well the question says its name.
#[derive(Debug, Clone)]
pub struct NamedIndicator {
    /// Number among the library's names.
    pub name: NameId,
    /// How well its name is said.
    pub alignment: Alignment,
    /// Whether only a saying of the field means it.
    pub is_only_meant: bool,
    /// Whether another indicator's name is said in full by the words that say this one.
    pub is_overshadowed: bool,
}

impl<'a> Asked<'a> {
    /// A plan of the frame.
    pub fn plan(&self, at: PlanIx) -> Option<&'a Plan> {
        self.book.plan(at)
    }

    /// Whether a plan is in the frame.
    pub fn is_in_frame(&self, plan: PlanIx) -> bool {
        self.question.frame.plans.contains(&plan)
    }

    /// The plans of the frame, newest first.
    pub fn plans(&self) -> impl Iterator<Item = (PlanIx, &'a Plan)> {
        let frame = &self.question.frame.plans;
        frame
            .iter()
            .filter_map(|at| Some((*at, self.book.plan(*at)?)))
    }

    /// How far spans of letters explain each word.
    pub fn words_of_letters(&self, letters: &[f32]) -> Vec<f32> {
        let of_word = |word: &crate::question::Word| {
            let letters = &letters[word.span.clone()];
            letters.iter().sum::<f32>() / letters.len().max(1) as f32
        };
        self.question.words.iter().map(of_word).collect()
    }

    /// The letters that some operators cover, as explained letters.
    pub fn letters_of(&self, operators: &[Operator]) -> Vec<f32> {
        let set = OperatorSet::of(operators);
        let count = self.question.letters.canonical.len();
        (0..count)
            .map(|at| f32::from(u8::from(self.question.operators.at(at).meets(set))))
            .collect()
    }
}

/// A kind of question.
pub trait Kind: Sync {
    /// Adds the records that might answer, with the features that the kind knows. Records of plans
    /// outside the question's frame must not be added.
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>);
}

/// A record that may answer.
pub trait Record {
    /// The answer that it gives; none where it cannot be quoted.
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer>;
}

/// What a record is about in time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Time {
    /// Its years; empty where it says nothing of time.
    pub years: Vec<i32>,
    /// Aim or result.
    pub measure: Option<Measure>,
    /// The part of a year, or the years together, that it is of, as it is compared.
    pub period: Option<String>,
}

/// What a record rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKey {
    /// The row of an indicator, for one kind of answer.
    Row(AnswerKind, NameId),
    /// A glossary entry.
    Term(TermNameId),
    /// A clause, and the position of its figure that is quoted.
    Clause(ClauseId, usize),
    /// A passage.
    Passage(PassageId),
    /// Something of the document itself: its kind, its plan, and which of that kind.
    Document(AnswerKind, PlanIx, usize),
}

/// A candidate of some kind.
#[derive(Clone)]
pub struct Candidate {
    /// The kind of answer.
    pub kind: AnswerKind,
    /// What it rests on: two candidates with one key say the same.
    pub key: RecordKey,
    /// The plan that it quotes.
    pub plan: PlanIx,
    /// How far each word of the question is explained.
    pub explained: Vec<f32>,
    /// Its years and measure.
    pub time: Time,
    /// The texts that it quotes, the nearest first; none for what tables and headings say.
    pub texts: Vec<TextId>,
    /// How many figures it gives.
    pub figures: usize,
    /// Features that its kind knows; the others are added from the question.
    pub features: Features,
    /// The operators that its kind has a use for.
    pub uses: OperatorSet,
    /// The operators that ask for its kind.
    pub wants: OperatorSet,
    /// The record.
    pub record: Rc<dyn Record>,
}
