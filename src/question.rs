//! A question as it is understood: its frame, its operators and its words with what each weighs.
//!
//! Pure. It knows what can be asked of any plan and nothing of what a plan says; it decides
//! nothing.

mod alignment;
mod amount;
mod change;
mod cutting;
mod frame;
mod listed;
mod measure;
mod operators;
mod refused;
mod roles;
mod scope;
mod sort;
mod talk;
mod word;
mod words;

pub use alignment::{Alignment, Name, align};
pub use amount::{Amount, asked_amount};
pub use frame::{Frame, Scope};
pub use measure::{AskedMeasure, says_distance_to_aim};
pub use operators::{Operator, OperatorSet, Operators};
pub use scope::{is_of_scope, is_wider_scope};
pub use sort::AskedSort;
pub use talk::{Courtesy, courtesy};
pub use word::Word;
pub use words::weight;

use crate::language::{Letters, Meaning, OwnWords, PartOfSpeech, Thesaurus, Units, entry, is_rate};
use crate::model::PlanIx;
use std::collections::BTreeSet;
use std::ops::Range;

/// Longer questions are cut, in letters.
pub const LONGEST_QUESTION: usize = 400;

/// What is asked for by 哪个, where an office is: no person is one.
const OFFICES: &[&str] = &["部门", "单位", "科室", "机构", "委办", "衙门", "口子"];
/// The weight of a figure that is only claimed.
const CLAIMED: f32 = 0.05;

/// What a question is read with.
pub struct Reader<'a> {
    /// The field's names.
    pub thesaurus: &'a Thesaurus,
    /// Units of measure.
    pub units: &'a Units,
    /// Plans, day and the chat's own place.
    pub scope: Scope<'a>,
    /// Whether a text stands in the documents of these plans.
    pub in_documents: &'a dyn Fn(&[PlanIx], &str) -> bool,
    /// Names of the documents that hold a stretch of a question: operators inside them ask nothing.
    pub names: &'a dyn Fn(&str) -> Vec<Range<usize>>,
    /// Words of the documents that some letters begin with.
    pub own_words: &'a OwnWords<'a>,
}

/// A question as it is understood.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// As it was typed.
    pub typed: String,
    /// As it is compared.
    pub letters: Letters,
    /// The same as text.
    pub text: String,
    /// The same without the names of the documents: the 实际 of 实际利用外资 asks for no result.
    pub unnamed: String,
    /// Place, time and plan.
    pub frame: Frame,
    /// What is asked.
    pub operators: Operators,
    /// The words.
    pub words: Vec<Word>,
    /// What some spans may mean.
    pub meanings: Vec<Meaning>,
    /// Things of the field that it names.
    pub concepts: Vec<Meaning>,
    /// What amount is asked for.
    pub amount: Amount,
    /// What sort of figure is asked for.
    pub sort: AskedSort,
    /// How many members the list has that is asked for, where the question counts them.
    pub listed: Option<usize>,
    /// Whether several things may be asked for.
    pub is_conjoined: bool,
    /// Pairs of words that the documents have as one compound.
    pub compounds: Vec<Compound>,
    /// The letters that it, and the names of what it may mean, are written with.
    letters_said: BTreeSet<char>,
}

/// Two words of a question that the documents have as one.
#[derive(Debug, Clone)]
pub struct Compound {
    /// As it was asked.
    pub text: String,
    /// The positions of its two words.
    pub words: [usize; 2],
    /// It, by any words that mean its two: 农村公路 for 农村路.
    pub forms: Vec<String>,
}

impl Question {
    /// Reads what was typed.
    pub fn read(typed: &str, reader: &Reader<'_>) -> Self {
        let bounded: String = typed.chars().take(LONGEST_QUESTION).collect();
        let letters = reader.thesaurus.question(&bounded);
        Self::of_letters(typed, letters, reader)
    }

    /// Reads letters that were corrected by sound.
    pub fn of_letters(typed: &str, letters: Letters, reader: &Reader<'_>) -> Self {
        let text = letters.text();
        let mut frame = Frame::read(&letters, reader.scope);
        let names = (reader.names)(&text);
        let unnamed = without(&letters, &names);
        let plans = frame.plans.clone();
        // 总体要求 is a thing of the document, though 要求 by itself asks what is to be done.
        let ends_compound = |operator: Operator, span: &Range<usize>| {
            let start = span.start.checked_sub(2);
            let compound = start.and_then(|start| letters.canonical.get(start..span.end));
            operator == Operator::How
                && compound.is_some_and(|compound| {
                    (reader.in_documents)(&plans, &compound.iter().collect::<String>())
                })
        };
        let inside_name = |operator: Operator, span: &Range<usize>| {
            let inside = names.iter().any(|name| {
                name.start <= span.start && span.end <= name.end && name.len() > span.len()
            });
            inside || ends_compound(operator, span)
        };
        let mut operators = Operators::read(&letters.canonical, &inside_name);
        let words = words::words(&words::Reading {
            letters: &letters,
            operators: &operators,
            frame: &frame,
            thesaurus: reader.thesaurus,
            in_documents: &|text| (reader.in_documents)(&plans, text),
            own_words: reader.own_words,
        });
        let things = words
            .iter()
            .filter(|word| word.part.is_nominal() && !word.is_operator && word.span.len() > 1);
        let things: Vec<Range<usize>> = things.map(|word| word.span.clone()).collect();
        operators.drop_within(&things);
        frame.drop_refused(&|year| refused::is_refused(&words, year));
        let mut meanings = reader.thesaurus.meanings(&text);
        meanings.retain(|meaning| !Self::cuts_words(&words, &meaning.span));
        meanings.extend(words::everyday(&words, reader.thesaurus));
        let concepts = reader.thesaurus.concepts(&text);
        let mut question = Self {
            typed: typed.to_string(),
            text,
            unnamed,
            letters,
            frame,
            operators,
            words,
            meanings,
            concepts,
            ..Self::default()
        };
        question.amount = asked_amount(&question, reader.units, &names);
        if let Some(span) = question.amount.implied.clone() {
            question.operators.add(Operator::Amount, span);
        }
        question.listed = listed::listed(&question);
        question.lighten_unit();
        question.lighten_counts();
        question.keep_things();
        if let Some(claim) = question.amount.claim {
            question.words[claim].weight = CLAIMED;
        }
        question.find_compounds(&|text| (reader.in_documents)(&plans, text));
        let meant = question.meanings.iter().flat_map(|one| one.name.chars());
        question.letters_said = question.text.chars().chain(meant).collect();
        question.is_conjoined = question.joins_things();
        question.sort = AskedSort::of(&question);
        question
    }

    /// Whether an operator stands in it.
    pub fn has(&self, operator: Operator) -> bool {
        self.operators.has(operator)
    }

    /// Whether any of some operators stands in it.
    pub fn any(&self, operators: &[Operator]) -> bool {
        self.operators.any(operators)
    }

    /// Whether it asks which office or organisation something is of, and no person: 哪个部门.
    pub fn asks_organ(&self) -> bool {
        let mut words = self.words.iter();
        words.any(|word| word.operators.has(Operator::Who) && OFFICES.contains(&word.text.as_str()))
    }

    /// The weight of all content, at least a little.
    pub fn weight(&self) -> f32 {
        let content = self
            .words
            .iter()
            .filter(|word| !word.is_operator && !word.is_own_place);
        content.map(|word| word.weight).sum::<f32>() + 0.05
    }

    /// What was typed for a word.
    pub fn typed_word(&self, word: &Word) -> String {
        self.letters.typed(word.span.clone())
    }

    /// The content as it was typed, without years and what is asked: the subject of a talk.
    pub fn subject(&self) -> String {
        let content: Vec<&Word> = self
            .words
            .iter()
            .filter(|word| word.is_content() && word.weight > 0.25)
            .collect();
        let (Some(first), Some(last)) = (content.first(), content.last()) else {
            return String::new();
        };
        let whole = first.span.start..last.span.end;
        let within: Vec<&&Word> = content.iter().collect();
        let is_close = within
            .windows(2)
            .all(|pair| pair[1].span.start <= pair[0].span.end + 1);
        if is_close {
            return self.letters.typed(whole);
        }
        let words: Vec<String> = content.iter().map(|word| self.typed_word(word)).collect();
        words.join("")
    }

    /// Where a word may have been typed by its sound, the longest first. Neighbouring words of which
    /// one is a single letter: the dictionary finds no word there but its letters. And words that
    /// the documents do not have: the slip may be a word as well.
    pub fn doubtful_words(&self) -> Vec<Range<usize>> {
        const LONGEST: usize = 4;
        let may_be_slip =
            |word: &Word| word.operators.is_empty() && !word.is_own_place && !word.is_number();
        let mut spans = Vec::new();
        for first in 0..self.words.len() {
            let word = &self.words[first];
            if word.span.len() > 1 && !word.is_in_documents && may_be_slip(word) {
                spans.push(word.span.clone());
            }
            for last in first + 1..self.words.len() {
                let words = &self.words[first..=last];
                let span = words[0].span.start..self.words[last].span.end;
                let touch = words
                    .windows(2)
                    .all(|two| two[0].span.end == two[1].span.start);
                if span.len() > LONGEST || !touch || !words.iter().all(may_be_slip) {
                    break;
                }
                if words.iter().any(|word| word.span.len() == 1) {
                    spans.push(span);
                }
            }
        }
        spans.sort_by_key(|span| (std::cmp::Reverse(span.len()), span.start));
        spans
    }

    /// Whether a stretch begins inside one word and ends inside another: 外资 in 市外|资金.
    fn cuts_words(words: &[Word], span: &Range<usize>) -> bool {
        let is_inside = |at: usize| {
            let within = |word: &&Word| word.span.start < at && at < word.span.end;
            words.iter().any(|word| within(&word))
        };
        is_inside(span.start) && is_inside(span.end)
    }

    /// Whether it says a word of a text, or means it.
    pub fn says(&self, word: &str) -> bool {
        // Most words of a text share no letter with it.
        if !word
            .chars()
            .any(|letter| self.letters_said.contains(&letter))
        {
            return false;
        }
        let means = || self.meanings.iter().any(|one| one.name.contains(word));
        self.text.contains(word) || means() || self.says_most_pairs(word)
    }

    /// Whether more than half of a longer word's pairs of letters stand in it.
    fn says_most_pairs(&self, word: &str) -> bool {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < 3 {
            return false;
        }
        let pairs = letters.windows(2);
        let said = pairs.filter(|pair| self.letters.canonical.windows(2).any(|two| two == *pair));
        said.count() * 2 > letters.len() - 1
    }

    /// The unit beside 多少 says how something is counted and not what.
    fn lighten_unit(&mut self) {
        let Some(unit) = self.amount.unit.clone() else {
            return;
        };
        let spans: Vec<usize> = self
            .operators
            .spans(Operator::Amount)
            .map(|span| span.end)
            .collect();
        for word in &mut self.words {
            if spans.contains(&word.span.start) && unit.starts_with(&word.text) {
                word.weight = word.weight.min(0.05);
            }
        }
    }

    /// 套数 and 个数 say that something is counted and not what, where an amount is asked for and the
    /// documents have no such word.
    fn lighten_counts(&mut self) {
        let is_count = |word: &Word| {
            let measure = word.text.strip_suffix('数').and_then(entry);
            measure.is_some_and(|entry| entry.part == PartOfSpeech::Measure)
        };
        if self.amount.is_asked {
            for word in self
                .words
                .iter_mut()
                .filter(|word| is_count(word) && !word.is_in_documents)
            {
                word.weight = word.weight.min(0.05);
            }
        }
    }

    /// 平方公里 beside 多少 is the unit of the answer and no thing that is asked about.
    fn keep_things(&mut self) {
        let words = &self.words;
        self.concepts.retain(|concept| {
            let within = |word: &&Word| {
                word.span.start < concept.span.end && concept.span.start < word.span.end
            };
            words.iter().filter(within).any(Word::is_content)
        });
    }

    fn find_compounds(&mut self, in_documents: &dyn Fn(&str) -> bool) {
        let mut compounds: Vec<Compound> = Vec::new();
        for at in 1..self.words.len() {
            let (one, other) = (&self.words[at - 1], &self.words[at]);
            // A thing and its rate (投资|增速) are two words of a sentence.
            let open = one.part.is_open() && other.part.is_open() && !is_rate(&other.text);
            let plain =
                !one.is_operator && !other.is_operator && !one.is_number() && !other.is_number();
            let together = format!("{}{}", one.text, other.text);
            let touch = one.span.end == other.span.start;
            if touch && open && plain && together.chars().count() >= 3 && in_documents(&together) {
                compounds.push(Compound {
                    forms: one.joined_with(other),
                    text: together,
                    words: [at - 1, at],
                });
            }
        }
        // A word that makes a compound of the documents says something, however usual it is.
        for at in compounds.iter().flat_map(|compound| compound.words) {
            let word = &mut self.words[at];
            if word.span.len() > 1 && word.weight < 0.4 {
                word.weight = 0.4;
            }
        }
        self.compounds = compounds;
    }

    fn joins_things(&self) -> bool {
        let by_word = ["、", ";", "还有", "以及", "同时", "顺带"];
        // The 及 of 惠及 joins nothing.
        let is_in_word = |at: usize| {
            let mut words = self.words.iter();
            words.any(|word| word.span.len() > 1 && word.span.contains(&at) && word.part.is_open())
        };
        let mut letters = self.letters.canonical.iter().enumerate();
        let by_letter =
            letters.any(|(at, letter)| "和与跟及再".contains(*letter) && !is_in_word(at));
        by_letter
            || by_word.iter().any(|word| self.text.contains(word))
            || self.frame.years.len() > 1
            || self.operators.spans(Operator::Amount).count() > 1
            || self.has(Operator::Total)
            || self.is_row_of_subjects()
    }

    /// Whether blanks part several things, and not one thing from its year and from what is asked
    /// of it (渔获 23年 增速).
    fn is_row_of_subjects(&self) -> bool {
        let mut parts = 0;
        let mut start = 0;
        for part in self.text.split(' ') {
            let end = start + part.chars().count();
            let names_thing = |word: &Word| {
                let is_inside = start <= word.span.start && word.span.end <= end;
                is_inside && word.is_content() && word.is_noun() && !amount::is_measured(&word.text)
            };
            parts += usize::from(self.words.iter().any(names_thing));
            start = end + 1;
        }
        parts > 1
    }
}

/// The letters outside of some spans, as text; what was left out parts the rest.
fn without(letters: &Letters, spans: &[Range<usize>]) -> String {
    let letters = letters.canonical.iter().enumerate();
    let is_named = |at: &usize| spans.iter().any(|span| span.contains(at));
    letters
        .map(|(at, letter)| if is_named(&at) { ' ' } else { *letter })
        .collect()
}
