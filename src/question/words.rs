//! The words of a question, each with what it weighs: how much an answer must explain it.
//!
//! The weight follows from the part of speech and from how rare the word is in general Chinese.
//! There is no list of words to ignore.

use super::cutting::Cutting;
use super::frame::{Frame, short_name};
use super::operators::{OperatorSet, Operators};
use super::roles::mark_roles;
use super::scope::is_field;
use super::word::Word;
use crate::language::{
    Letters, Meaning, OwnWords, PartOfSpeech, Thesaurus, entry, segment, stem, written_for,
};
use std::ops::Range;

/// Whether what the dictionary calls a place is the name of one: it calls much else so (入口, 普及).
/// The name of a place has its level of administration with it, or the dictionary has it with one
/// as well (苏州, 苏州市).
fn is_place_name(word: &str) -> bool {
    let is_place = |name: String| entry(&name).is_some_and(|e| e.part == PartOfSpeech::Place);
    let levels = || LEVELS_OF_PLACES.iter();
    levels().any(|level| word.ends_with(level))
        || short_name(word).is_some()
        || levels().any(|level| is_place(format!("{word}{level}")))
}

/// What names a thing so often that it weighs less than this is no part of a place's name: 给企业省
/// has no 企业省.
const LEAST_OF_A_NAME: f32 = 0.6;

/// Whether a word before 区 or 县 may be the name of one.
fn may_name_place(word: &Word) -> bool {
    use PartOfSpeech as P;
    match word.part {
        P::Place | P::OtherName | P::Person | P::Unknown | P::Direction => true,
        P::VerbalNoun => false,
        part => part.is_nominal() && word.weight >= LEAST_OF_A_NAME,
    }
}

/// A word's weight by its part of speech.
fn weight_of_part(part: PartOfSpeech) -> f32 {
    use PartOfSpeech as P;
    match part {
        P::Place | P::Organisation => 1.2,
        P::Person | P::OtherName => 1.1,
        P::Noun | P::Abbreviation => 0.9,
        P::VerbalNoun => 0.8,
        P::Distinguishing | P::Idiom => 0.6,
        P::Unknown => 0.9,
        P::Verb => 0.5,
        P::Adjective => 0.45,
        P::Time => 0.3,
        P::Number => 0.25,
        P::Direction => 0.15,
        P::Measure | P::Adverb => 0.1,
        P::Prefix | P::Suffix => 0.2,
        P::Pronoun | P::Preposition | P::Conjunction => 0.05,
        P::Particle | P::Modal | P::Interjection => 0.03,
        P::Punctuation => 0.0,
    }
}

/// The weight of a word of the general dictionary: rarer words say more.
pub fn weight(letters: usize, part: PartOfSpeech, frequency: u32) -> f32 {
    let rarity = ((crate::language::TOTAL as f32) / (frequency.max(2) as f32)).ln();
    let rare = if letters > 1 {
        ((rarity - 5.0) / 7.0).clamp(0.25, 1.2)
    } else {
        0.6 * ((rarity - 5.0) / 5.0).clamp(0.2, 1.1)
    };
    weight_of_part(part) * rare
}

/// What the words of a question are read with.
pub struct Reading<'a> {
    /// The question's letters.
    pub letters: &'a Letters,
    /// Its operators.
    pub operators: &'a Operators,
    /// Its frame.
    pub frame: &'a Frame,
    /// The field's names.
    pub thesaurus: &'a Thesaurus,
    /// Whether a text stands in the documents of the frame.
    pub in_documents: &'a dyn Fn(&str) -> bool,
    /// Words of the documents that begin at some letters.
    pub own_words: &'a OwnWords<'a>,
}

/// Cuts a question into words.
pub fn words(reading: &Reading<'_>) -> Vec<Word> {
    let letters = &reading.letters.canonical;
    let mut found: Vec<Word> = Vec::new();
    let mut clause = 0;
    for chunk in chunks(reading) {
        for piece in segment(&letters[chunk.clone()], reading.own_words) {
            let span = chunk.start + piece.start..chunk.start + piece.end;
            let text: String = letters[span.clone()].iter().collect();
            if piece.part == PartOfSpeech::Punctuation || text.trim().is_empty() {
                clause += usize::from(text.chars().any(|c| ",。;?!:…~".contains(c)));
                continue;
            }
            found.push(word(
                reading,
                span,
                text,
                piece.part,
                piece.frequency,
                clause,
            ));
        }
    }
    let cutting = Cutting {
        letters,
        in_documents: reading.in_documents,
        word: &|span, entry, clause| {
            let text = letters[span.clone()].iter().collect();
            word(reading, span, text, entry.part, entry.frequency, clause)
        },
    };
    let mut joined = join(reading, cutting.as_documents_cut(found));
    for word in &mut joined {
        let ends = LEVELS_OF_PLACES
            .iter()
            .any(|level| word.text.ends_with(level));
        let is_known = word.is_in_documents || word.is_own_place;
        // What no dictionary has and the documents have is a name as well (临江区), or a kind of area
        // that the record must say then.
        let is_named = !is_known || !word.is_own_place && entry(&word.text).is_none();
        if ends && word.span.len() >= 3 && word.part == PartOfSpeech::Noun && is_named {
            word.part = PartOfSpeech::Place;
        }
        // What was joined of letters and a level (碚区) is a place, whatever else it looks like.
        let is_called_place = word.part == PartOfSpeech::Place && entry(&word.text).is_some();
        if is_called_place && !is_known && word.span.len() > 1 && !is_place_name(&word.text) {
            word.part = PartOfSpeech::Noun;
            word.weight *= weight_of_part(word.part) / weight_of_part(PartOfSpeech::Place);
        }
    }
    for word in joined
        .iter_mut()
        .filter(|word| word.part == PartOfSpeech::Place)
    {
        word.meanings.extend(short_name(&word.text));
    }
    mark_roles(letters, &mut joined);
    for meaning in reading.thesaurus.meanings(&reading.letters.text()) {
        for word in &mut joined {
            if meaning.span.start <= word.span.start && word.span.end <= meaning.span.end {
                word.meanings.push(meaning.name.clone());
            }
        }
    }
    for meaning in everyday(&joined, reading.thesaurus) {
        for word in joined.iter_mut().filter(|word| word.span == meaning.span) {
            word.is_in_documents |= (reading.in_documents)(&meaning.name);
            word.meanings.push(meaning.name.clone());
        }
    }
    // The ending of a standard name is said where the rest of the name is.
    for concept in reading.thesaurus.concepts(&reading.letters.text()) {
        let is_last = |word: &&mut Word| {
            concept.span.contains(&word.span.start) && word.span.end == concept.span.end
        };
        let Some(stem) = stem(&concept.name) else {
            continue;
        };
        for word in joined.iter_mut().filter(is_last) {
            if concept.name.strip_suffix(&word.text) == Some(stem) {
                word.meanings.push(stem.to_string());
            }
        }
    }
    joined
}

/// What reports write for the everyday words among some.
pub fn everyday(words: &[Word], thesaurus: &Thesaurus) -> Vec<Meaning> {
    let of_word = |word: &Word| {
        let span = word.span.clone();
        let written = written_for(&word.text).iter();
        written.map(move |written| Meaning {
            span: span.clone(),
            name: thesaurus.document(written),
        })
    };
    words.iter().flat_map(of_word).collect()
}

/// Words reach neither over a year nor over a number nor over a question word.
fn chunks(reading: &Reading<'_>) -> Vec<Range<usize>> {
    use super::operators::Operator as O;
    let count = reading.letters.canonical.len();
    let mut edges = vec![0, count];
    let asking = [
        O::Amount,
        O::List,
        O::What,
        O::Why,
        O::When,
        O::Who,
        O::How,
        O::Where,
    ];
    let spans = asking
        .iter()
        .flat_map(|operator| reading.operators.spans(*operator))
        .chain(&reading.frame.own_place);
    for span in spans {
        edges.extend([span.start, span.end]);
    }
    edges.extend(measured_ends(reading));
    for (_, span) in &reading.frame.year_spans {
        edges.extend([span.start, span.end]);
    }
    edges.sort_unstable();
    edges.dedup();
    edges
        .windows(2)
        .map(|pair| pair[0]..pair[1])
        .filter(|chunk| !chunk.clone().any(|at| reading.frame.is_year(at)))
        .collect()
}

/// Where the measure words end that 几 must have: 几个|人, though 个人 is a word.
fn measured_ends(reading: &Reading<'_>) -> impl Iterator<Item = usize> {
    let letters = &reading.letters.canonical;
    let asked = reading.operators.spans(super::operators::Operator::Amount);
    asked.filter_map(|span| {
        let counts = letters.get(span.end.checked_sub(1)?) == Some(&'几');
        let measure = letters.get(span.end)?.to_string();
        let is_measure = entry(&measure).is_some_and(|e| e.part == PartOfSpeech::Measure);
        (counts && is_measure).then_some(span.end + 1)
    })
}

fn word(
    reading: &Reading<'_>,
    span: Range<usize>,
    text: String,
    part: PartOfSpeech,
    frequency: u32,
    clause: usize,
) -> Word {
    let letters = &reading.letters.canonical;
    let sets: Vec<OperatorSet> = span.clone().map(|at| reading.operators.at(at)).collect();
    let all = sets.iter().copied().reduce(OperatorSet::and);
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let length = span.len();
    Word {
        weight: if is_number {
            1.2
        } else if ENGLISH.contains(&text.as_str()) {
            weight_of_part(PartOfSpeech::Particle)
        } else {
            weight(length, part, frequency)
        },
        part,
        clause,
        operators: all.unwrap_or_default(),
        is_operator: sets.iter().all(|set| !set.is_empty()),
        meanings: Vec::new(),
        is_in_documents: (reading.in_documents)(&text),
        is_own_place: span.clone().all(|at| reading.frame.is_own_place(at)),
        is_role: false,
        is_field: is_field(letters, &span),
        text,
        span,
    }
}

/// The function words of English, which the dictionary does not have: a closed class.
const ENGLISH: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "its", "their", "our", "your", "in", "of",
    "for", "to", "at", "on", "by", "over", "from", "with", "as", "per", "and", "or", "is", "are",
    "was", "were", "be", "been", "has", "have", "had", "did", "does", "do", "will", "would", "it",
    "there", "how", "what", "which", "who", "much", "many", "any", "some", "me", "us",
];

/// Letters of these parts of speech make words together (西渠, 亩均) where the documents have them so.
fn joins_in(part: PartOfSpeech) -> bool {
    use PartOfSpeech as P;
    part.is_open()
        || matches!(
            part,
            P::Direction | P::Measure | P::Prefix | P::Suffix | P::Time
        )
}

/// Letters as usual as 是 and 有 stand beside any other in the documents and make no word with it.
fn says_something(word: &Word) -> bool {
    word.span.len() > 1 || word.weight > LEAST_WEIGHT_OF_LETTER || !word.part.is_verbal()
}

/// The weight of a verb of one letter that is as usual as can be: see `weight`.
const LEAST_WEIGHT_OF_LETTER: f32 = 0.061;

const LEVELS_OF_PLACES: &[&str] = &["区", "县", "市", "省", "州", "旗", "镇", "乡", "街道"];

/// 省下, 省了: 省 is the verb here and no province.
fn is_saving(letters: &[char], word: &Word) -> bool {
    let next = letters.get(word.span.end);
    word.text == "省" && next.is_some_and(|letter| "了下出掉得去".contains(*letter))
}

/// What makes another thing of a noun.
const NOT: &str = "非";

/// A number takes its unit; single letters that stand together in the documents make one word.
fn join(reading: &Reading<'_>, words: Vec<Word>) -> Vec<Word> {
    let letters = &reading.letters.canonical;
    let measured: Vec<usize> = measured_ends(reading).collect();
    let mut joined: Vec<Word> = Vec::new();
    for word in words {
        let Some(last) = joined.last_mut() else {
            joined.push(word);
            continue;
        };
        let touches = last.span.end == word.span.start && last.clause == word.clause;
        let together = format!("{}{}", last.text, word.text);
        let takes_unit = last.text.chars().all(|c| c.is_ascii_digit() || c == '.')
            && (word.part == PartOfSpeech::Measure
                || word.part == PartOfSpeech::Number
                || "月日项个家亿万岁级号条处所人元%".contains(&word.text))
            && !word.is_number();
        let letters_join = word.span.len() == 1
            && !measured.contains(&last.span.end)
            && last.span.len() <= 2
            && (last.span.len() == 1 || last.part == PartOfSpeech::Noun && last.is_joined())
            && joins_in(word.part)
            && joins_in(last.part)
            && says_something(&word)
            && says_something(last)
            && (word.part.is_open() || last.part.is_open())
            && word.operators.is_empty()
            && last.operators.is_empty()
            && !word.is_number()
            && !last.is_number()
            && (reading.in_documents)(&together);
        // A word before 区 or 县 that the documents do not have is a place beyond them.
        let names_place = LEVELS_OF_PLACES.contains(&word.text.as_str())
            && (1..=3).contains(&last.span.len())
            && may_name_place(last)
            && !is_saving(letters, &word)
            && last.operators.is_empty()
            && !last.is_own_place
            && !(reading.in_documents)(&together);
        if touches && names_place {
            last.text = together;
            last.span.end = word.span.end;
            last.part = PartOfSpeech::Place;
            last.weight = 1.2;
            last.is_in_documents = false;
        } else if touches && last.text == NOT && word.part.is_open() {
            // 非房地产 is another thing than 房地产.
            let is_in_documents = (reading.in_documents)(&together);
            let span = last.span.start..word.span.end;
            *last = Word {
                text: together,
                span,
                is_in_documents,
                ..word
            };
        } else if touches && takes_unit {
            last.text = together;
            last.span.end = word.span.end;
            last.weight = 1.2;
            last.operators = OperatorSet::NONE;
            last.is_operator = false;
        } else if touches && letters_join {
            last.text = together;
            last.span.end = word.span.end;
            last.part = PartOfSpeech::Noun;
            last.weight = 0.8;
            last.is_in_documents = true;
        } else {
            joined.push(word);
        }
    }
    joined
}

impl Word {
    /// Whether it was joined of single letters.
    fn is_joined(&self) -> bool {
        self.weight == 0.8
    }
}
