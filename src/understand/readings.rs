//! What a question may mean: every pattern that fits, ranked by a total order.
//!
//! The order: fewer characters left unexplained, then no tie between indicators, then fewer cues that the pattern has
//! no use for, then the order of `intents.toml`.

use super::intents::{Cue, Element, Intent, SlotKind};
use super::lexicon::{Lexicon, Sense};
use super::resolve::{resolve_indicators, resolve_term_parts};
use super::tokens::{Token, TokenKind, asks_amount};
use crate::model::IndicatorNature;
use std::collections::BTreeSet;

/// What a question names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slots {
    /// Indicators (positions in the lexicon), in the order of the question.
    pub indicators: Vec<usize>,
    /// Indicators between which the words do not decide.
    pub ties: Vec<usize>,
    /// Terms, in the order of the question.
    pub terms: Vec<usize>,
    /// Categories.
    pub categories: Vec<usize>,
    /// Natures.
    pub natures: Vec<IndicatorNature>,
    /// Words that stand in cells.
    pub values: Vec<usize>,
    /// Tables.
    pub tables: Vec<usize>,
    /// Years in figures.
    pub years: Vec<i32>,
    /// Notes.
    pub notes: Vec<usize>,
    /// Due phrases.
    pub dues: Vec<usize>,
    /// Whether the terms are named by pieces of their names only.
    pub partial_terms: bool,
    /// Every cue of the question.
    pub cues: BTreeSet<Cue>,
}

/// One way to read a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What is wanted.
    pub intent: Intent,
    /// Pieces of the question that this reading does not explain.
    pub unexplained: Vec<String>,
    /// Whether an unexplained piece stands right beside a name that is explained: then it may be another name.
    pub touches: bool,
    /// How many cues it has no use for.
    pub unused_cues: usize,
}

impl Reading {
    /// How many characters it leaves unexplained.
    pub fn unexplained_characters(&self) -> usize {
        self.unexplained
            .iter()
            .map(|piece| piece.chars().count())
            .sum()
    }
}

/// A run of content: what running text must explain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentPiece {
    /// Its characters, each with whether it may stay unexplained.
    pub letters: Vec<(char, bool)>,
    /// Whether the question for an amount stands right behind it: then its last letter may be a verb.
    pub before_amount: bool,
}

impl ContentPiece {
    /// Its text.
    pub fn text(&self) -> String {
        self.letters.iter().map(|(letter, _)| letter).collect()
    }
}

/// Whether a question is clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Understanding<'a> {
    /// The best reading.
    Clear(&'a Reading),
    /// The words fit several indicators equally.
    Ambiguous(&'a Reading),
    /// No pattern fits.
    Unrecognised,
}

/// A question and everything that was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// As it was typed.
    pub raw: String,
    /// As it is compared.
    pub canonical: String,
    /// Its pieces.
    pub tokens: Vec<Token>,
    /// What it names.
    pub slots: Slots,
    /// Its content in runs.
    pub content: Vec<ContentPiece>,
    /// Readings, best first.
    pub readings: Vec<Reading>,
    /// Words that were put right: as typed, as read.
    pub respelled: Vec<(String, String)>,
}

impl Utterance {
    /// Whether the question is clear, and how it is read.
    pub fn outcome(&self) -> Understanding<'_> {
        match self.readings.first() {
            Some(reading) if self.slots.indicators.is_empty() && !self.slots.ties.is_empty() => {
                Understanding::Ambiguous(reading)
            }
            Some(reading) => Understanding::Clear(reading),
            None => Understanding::Unrecognised,
        }
    }

    /// Whether a whole name of an indicator stands in the question.
    pub fn names_an_indicator(&self) -> bool {
        let whole = |sense: &Sense| matches!(sense, Sense::Indicator(at) if self.slots.indicators.contains(at));
        self.tokens
            .iter()
            .any(|token| matches!(&token.kind, TokenKind::Name(senses) if senses.iter().any(whole)))
    }

    /// Whether the question names nothing that it could be about: only years, measures and what is wanted.
    pub fn leaves_subject_out(&self) -> bool {
        let names = |token: &Token| match &token.kind {
            TokenKind::Content => true,
            TokenKind::Name(senses) => !senses.iter().all(|sense| matches!(sense, Sense::Region)),
            _ => false,
        };
        !self.tokens.iter().any(names)
            && self
                .tokens
                .iter()
                .any(|token| !matches!(token.kind, TokenKind::Break))
    }

    /// What the question is about: its names and other content, without years, measures and what is wanted.
    pub fn subject(&self) -> Option<String> {
        let kept = |token: &&Token| matches!(token.kind, TokenKind::Name(_) | TokenKind::Content);
        let subject: String = self
            .tokens
            .iter()
            .filter(kept)
            .map(|token| token.text.as_str())
            .collect();
        (!subject.is_empty()).then_some(subject)
    }

    /// Whether a cue stands in the question.
    pub fn has(&self, cue: Cue) -> bool {
        self.slots.cues.contains(&cue)
    }

    /// Takes over years and measures from the whole question where this part names none.
    pub(super) fn inherit(&mut self, whole: &Self) {
        if self.slots.years.is_empty() {
            self.slots.years.clone_from(&whole.slots.years);
        }
        let measures = [
            Cue::Target,
            Cue::Actual,
            Cue::ThisYear,
            Cue::LastYear,
            Cue::NextYear,
            Cue::AskAmount,
        ];
        if !measures[..2].iter().any(|cue| self.has(*cue)) {
            self.slots
                .cues
                .extend(measures.into_iter().filter(|cue| whole.has(*cue)));
        }
    }
}

/// Reads the tokens of a question.
pub fn readings(
    lexicon: &Lexicon,
    raw: &str,
    canonical: String,
    tokens: Vec<Token>,
    respelled: Vec<(String, String)>,
) -> Utterance {
    let mut slots = Slots::default();
    for token in &tokens {
        match &token.kind {
            TokenKind::Year(year) => push_once(&mut slots.years, *year),
            TokenKind::Cue(cues) => slots.cues.extend(cues),
            TokenKind::Name(senses) => senses.iter().for_each(|sense| slots.name(*sense)),
            _ => {}
        }
    }
    resolve_indicators(lexicon, &tokens, &mut slots);
    resolve_term_parts(&tokens, &mut slots);
    let mut readings: Vec<(usize, Reading)> = lexicon
        .patterns()
        .iter()
        .enumerate()
        .filter(|(_, pattern)| pattern.required.iter().all(|element| slots.holds(*element)))
        .map(|(order, pattern)| {
            let elements: Vec<Element> = pattern
                .required
                .iter()
                .chain(&pattern.optional)
                .copied()
                .collect();
            (
                order,
                left_over(lexicon, &tokens, &slots, pattern.intent, &elements),
            )
        })
        .collect();
    readings.sort_by_key(|(order, reading)| {
        (
            reading.unexplained_characters(),
            reading.unused_cues,
            *order,
        )
    });
    let mut seen = BTreeSet::new();
    let readings = readings
        .into_iter()
        .map(|(_, reading)| reading)
        .filter(|reading| seen.insert(reading.intent))
        .collect();
    let content = content(lexicon, &tokens);
    Utterance {
        raw: raw.to_string(),
        canonical,
        tokens,
        slots,
        content,
        readings,
        respelled,
    }
}

impl Slots {
    fn name(&mut self, sense: Sense) {
        match sense {
            Sense::Term(at) => push_once(&mut self.terms, at),
            Sense::Category(at) => push_once(&mut self.categories, at),
            Sense::Nature(nature) => push_once(&mut self.natures, nature),
            Sense::Value(at) => push_once(&mut self.values, at),
            Sense::Table(at) => push_once(&mut self.tables, at),
            Sense::Note(at) => push_once(&mut self.notes, at),
            Sense::Due(at) => push_once(&mut self.dues, at),
            Sense::Indicator(_)
            | Sense::IndicatorPart(_)
            | Sense::TermPart(_)
            | Sense::Region
            | Sense::Word
            | Sense::Cue(_) => {}
        }
    }

    /// Whether an element of a pattern is there.
    pub(super) fn holds(&self, element: Element) -> bool {
        match element {
            Element::Cue(cue) => self.cues.contains(&cue),
            Element::Slot(slot) => match slot {
                SlotKind::Indicator => !self.indicators.is_empty() || !self.ties.is_empty(),
                SlotKind::Term => !self.terms.is_empty(),
                SlotKind::Category => !self.categories.is_empty(),
                SlotKind::Nature => !self.natures.is_empty(),
                SlotKind::Value => !self.values.is_empty(),
                SlotKind::Table => !self.tables.is_empty(),
                SlotKind::Note => !self.notes.is_empty(),
                SlotKind::Due => !self.dues.is_empty(),
                SlotKind::Year => {
                    !self.years.is_empty()
                        || [Cue::ThisYear, Cue::LastYear, Cue::NextYear, Cue::BothYears]
                            .iter()
                            .any(|cue| self.cues.contains(cue))
                }
            },
        }
    }
}

/// The reading that a pattern's elements give: pieces without explanation, and cues without use.
fn left_over(
    lexicon: &Lexicon,
    tokens: &[Token],
    slots: &Slots,
    intent: Intent,
    elements: &[Element],
) -> Reading {
    let has_slot = |slot| elements.contains(&Element::Slot(slot));
    let explains = |sense: &Sense| match sense {
        Sense::Indicator(at) | Sense::IndicatorPart(at) => {
            has_slot(SlotKind::Indicator)
                && (slots.indicators.contains(at) || slots.ties.contains(at))
        }
        Sense::Term(at) | Sense::TermPart(at) => {
            has_slot(SlotKind::Term) && slots.terms.contains(at)
        }
        Sense::Category(_) => has_slot(SlotKind::Category),
        Sense::Nature(_) => has_slot(SlotKind::Nature),
        Sense::Value(_) => has_slot(SlotKind::Value),
        Sense::Table(_) => has_slot(SlotKind::Table),
        Sense::Note(_) => has_slot(SlotKind::Note),
        Sense::Due(_) => has_slot(SlotKind::Due),
        Sense::Region => true,
        Sense::Word | Sense::Cue(_) => false,
    };
    let mut unexplained = Vec::new();
    let mut touches = false;
    let mut unused = 0;
    let mut before = None;
    for token in tokens {
        let left = unexplained.len();
        match &token.kind {
            TokenKind::Name(senses) if !senses.iter().any(explains) => {
                unexplained.push(token.text.clone())
            }
            TokenKind::Content => {
                let chosen = slots.indicators.iter().chain(&slots.ties);
                let unit = elements.contains(&Element::Cue(Cue::AskUnit))
                    && lexicon.units().contains(&token.text);
                let abbreviates = unit
                    || has_slot(SlotKind::Indicator)
                        && chosen.into_iter().any(|at| {
                            !lexicon.is_apart(&token.text)
                                && lexicon.indicators[*at].explains(&token.text)
                        });
                if !abbreviates {
                    unexplained.push(token.text.clone());
                }
            }
            TokenKind::Unit
                if has_slot(SlotKind::Indicator)
                    && !slots
                        .indicators
                        .iter()
                        .all(|at| lexicon.indicators[*at].counts_in(&token.text)) =>
            {
                unexplained.push(token.text.clone());
            }
            TokenKind::Year(_) if !has_slot(SlotKind::Year) => unused += 1,
            TokenKind::Cue(cues) => {
                let idle = cues.iter().all(|cue| match cue {
                    Cue::Filler
                    | Cue::Particle
                    | Cue::Document
                    | Cue::Generic
                    | Cue::IndicatorWord
                    | Cue::Separator
                    | Cue::AskWhat
                    | Cue::AskAmount => false,
                    Cue::ThisYear | Cue::LastYear | Cue::NextYear | Cue::BothYears => {
                        !has_slot(SlotKind::Year)
                    }
                    cue => !elements.contains(&Element::Cue(*cue)),
                });
                unused += usize::from(idle);
            }
            _ => {}
        }
        let now = match &token.kind {
            TokenKind::Name(_) | TokenKind::Content => Some(unexplained.len() > left),
            _ => None,
        };
        touches |= before.is_some() && now.is_some() && before != now;
        if !matches!(&token.kind, TokenKind::Break if token.text == "、") {
            before = now;
        }
    }
    Reading {
        intent,
        unexplained,
        touches,
        unused_cues: unused,
    }
}

/// The content of a question in runs: names and unknown words, with measures and generic words as what may be missing.
fn content(lexicon: &Lexicon, tokens: &[Token]) -> Vec<ContentPiece> {
    let mut pieces = vec![ContentPiece::default()];
    for (at, token) in tokens.iter().enumerate() {
        let optional = match &token.kind {
            TokenKind::Content => Some(false),
            TokenKind::Name(senses) => (!senses
                .iter()
                .all(|sense| matches!(sense, Sense::Region | Sense::Table(_))))
            .then_some(false),
            TokenKind::Cue(cues) => cues
                .iter()
                .any(|cue| KEPT_CUES.contains(cue))
                .then_some(true),
            _ => None,
        };
        if matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&Cue::AskAmount))
            && let Some(piece) = pieces.last_mut()
        {
            piece.before_amount = true;
        }
        // A particle may stand between a verb and the amount (建了多少).
        if matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&Cue::Particle))
            && tokens.get(at + 1).is_some_and(asks_amount)
        {
            continue;
        }
        // A year may stand between a thing and its change (投资2022年增速).
        let changes = |token: &Token| lexicon.change_endings.contains(&token.text);
        if matches!(token.kind, TokenKind::Year(_)) && tokens.get(at + 1).is_some_and(changes) {
            continue;
        }
        match (optional, pieces.last_mut()) {
            (Some(optional), Some(piece)) => piece
                .letters
                .extend(token.text.chars().map(|letter| (letter, optional))),
            _ => pieces.push(ContentPiece::default()),
        }
    }
    let must = |piece: &ContentPiece| piece.letters.iter().any(|(_, optional)| !optional);
    if !pieces.iter().any(must) {
        return Vec::new();
    }
    pieces.retain(|piece| must(piece) || piece.letters.len() >= TELLING_OPTIONAL);
    pieces
}

/// So many letters that may stay unexplained still help to find the right text.
const TELLING_OPTIONAL: usize = 4;

/// Cues whose words also stand in running text.
const KEPT_CUES: &[Cue] = &[
    Cue::Document,
    Cue::Issued,
    Cue::AskStandard,
    Cue::Target,
    Cue::Actual,
    Cue::AskUnit,
    Cue::Report,
    Cue::Generic,
    Cue::IndicatorWord,
    Cue::AskMet,
];

/// Adds a value to a list that does not have it.
pub(super) fn push_once<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}
