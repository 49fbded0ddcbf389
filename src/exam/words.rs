//! Words drawn from the general dictionary by part of speech and a seed, so that no list of this
//! program is examined by itself.
//!
//! The dictionary is cut in two halves: what the fit is trained with is never drawn for the exam.

use crate::edition::Edition;
use crate::language::{self, PartOfSpeech, entry, written_for};
use crate::model::PlanIx;
use crate::question::Operators;

/// Which half of the words is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// For `planbot fit`.
    Training,
    /// For `planbot exam` and the tests.
    Exam,
}

impl Half {
    /// Where its draws begin.
    pub(crate) fn seed(self) -> u64 {
        match self {
            Self::Training => 20_220_114,
            Self::Exam => 19_491_001,
        }
    }

    /// Whether a word belongs to it.
    pub(crate) fn has(self, word: &str) -> bool {
        digest(word).is_multiple_of(2) == (self == Self::Training)
    }

    /// Those of some phrases that belong to it.
    pub(crate) fn of(self, phrases: &[String]) -> Vec<&str> {
        let phrases = phrases.iter().map(String::as_str);
        phrases.filter(|phrase| self.has(phrase)).collect()
    }
}

/// FNV-1a: the same on every machine and in every version.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A small generator (splitmix64): the same seed and label give the same draws.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for one purpose; draws for another do not shift these.
    pub(crate) fn new(half: Half, label: &str) -> Self {
        Self(half.seed() ^ digest(label))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; nought where the bound is nought.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1) as u64;
        (self.next() % bound) as usize
    }

    /// One of some things.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.below(things.len()))
    }

    /// The things in another order.
    fn shuffled<T>(&mut self, mut things: Vec<T>) -> Vec<T> {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
        things
    }

    /// So many of some things, in another order.
    pub(crate) fn sample<T>(&mut self, things: Vec<T>, count: usize) -> Vec<T> {
        let mut drawn = self.shuffled(things);
        drawn.truncate(count);
        drawn
    }
}

/// Words that may be put into questions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    /// Adverbs that neither deny nor compare nor count nor tell a time.
    pub adverbs: Vec<String>,
    /// Particles that end a sentence and do not turn it into another question.
    pub modals: Vec<String>,
    /// Nouns that no document has.
    pub nouns: Vec<String>,
    /// Places that no document has.
    pub places: Vec<String>,
    /// Verbs that no document has.
    pub verbs: Vec<String>,
}

/// Letters of adverbs that may change what is asked: denial, comparison, amount, time and order,
/// and a few of words that the dictionary takes for adverbs and that are none.
const TELLING: &str = "不没未无非莫勿别休否难免毫更最较比尤越愈太极过超至少多几第一再又还也只仅唯独单均都全共同各互相\
    皆俱凡约近首先已曾将要刚正现今昔早晚初后预原届到终始即立马随时次年日夜期从自大点佛本途处身速连步新赶快慢迟来去\
    高低深常往每累逐";
/// Endings of particles that turn a sentence into a question for yes or no.
const ASKING: &str = "吗么嘛吧";
const PLACE_ENDINGS: &[char] = &['省', '市', '县', '州', '区'];
/// Last letters of nouns that are things: the dictionary calls many words a noun that may be
/// something else.
const THINGS: &str = "车船机器具品料材药酒茶糖油盐米面菜肉果豆布衣帽鞋袜纸笔画琴棋灯床椅窗墙炉锅碗刀枪炮弹箭石木花草树鱼\
    鸟虫牛羊马狗猫湖湾洞塔庙寺井田铺针线绳伞鼓铃鼎瓦砖钉骨牙肝肺血病菌癌液酸碱铜铁锡铅金银玉珠";
const NOUNS_DRAWN: usize = 300;
const PLACES_DRAWN: usize = 120;
const VERBS_DRAWN: usize = 200;

impl Vocabulary {
    /// The words of one half that an edition's documents allow.
    pub(crate) fn of(edition: &Edition, half: Half) -> Self {
        let mut dice = Dice::new(half, "vocabulary");
        let mut drawn = |part, frequency, is_fit: &dyn Fn(&str) -> bool, most: usize| {
            let words = language::words(part, frequency);
            let words: Vec<String> = words
                .filter(|word| half.has(word) && is_fit(word))
                .collect();
            // What is dear to check is checked last, and only until there are enough.
            let words = dice.shuffled(words).into_iter();
            words
                .filter(|word| is_foreign(edition, word))
                .take(most)
                .collect::<Vec<String>>()
        };
        let length = |word: &str| word.chars().count();
        let nouns = drawn(
            PartOfSpeech::Noun,
            60..=3000,
            &|word| (2..=4).contains(&length(word)) && word.ends_with(|c| THINGS.contains(c)),
            NOUNS_DRAWN,
        );
        let places = drawn(PartOfSpeech::Place, 20..=30_000, &is_place, PLACES_DRAWN);
        let verbs = drawn(
            PartOfSpeech::Verb,
            100..=3000,
            &|word| length(word) == 2 && !word.contains(is_telling),
            VERBS_DRAWN,
        );
        let adverbs = language::words(PartOfSpeech::Adverb, 400..=u32::MAX)
            .filter(|word| half.has(word) && length(word) == 2 && !word.contains(is_telling))
            .collect();
        let modals = language::words(PartOfSpeech::Modal, 100..=u32::MAX)
            .filter(|word| length(word) == 1 && !word.contains(|c| ASKING.contains(c)))
            .collect();
        Self {
            adverbs,
            modals,
            nouns,
            places,
            verbs,
        }
    }
}

fn is_telling(letter: char) -> bool {
    TELLING.contains(letter)
}

/// A name that is a place with its level and without: the dictionary calls many words a place that
/// are none.
fn is_place(word: &str) -> bool {
    let stem = word.trim_end_matches(PLACE_ENDINGS);
    let known = entry(stem).is_some_and(|entry| entry.part == PartOfSpeech::Place);
    stem != word && stem.chars().count() >= 2 && word.chars().count() <= 4 && known
}

/// Whether a word is strange to the documents, stands for nothing in the field, and asks nothing.
fn is_foreign(edition: &Edition, word: &str) -> bool {
    let canonical = edition.as_compared(word);
    let stem = canonical.trim_end_matches(PLACE_ENDINGS);
    let plans: Vec<PlanIx> = edition.book.numbered().map(|(at, _)| at).collect();
    let letters: Vec<char> = canonical.chars().collect();
    let operators = Operators::read(&letters, &|_, _| false);
    let asks = (0..letters.len()).all(|at| !operators.at(at).is_empty());
    canonical == word
        && edition.words.thesaurus.meanings(word).is_empty()
        && written_for(word).is_empty()
        && !edition.library.holds(&plans, stem)
        && !asks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_halves_share_no_word() {
        let things: Vec<usize> = (0..100).collect();
        let draw = |label| Dice::new(Half::Exam, label).sample(things.clone(), 10);
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
        let words: Vec<String> = language::words(PartOfSpeech::Noun, 100..=3000).collect();
        let (training, exam) = (Half::Training.of(&words), Half::Exam.of(&words));
        assert_eq!(training.len() + exam.len(), words.len());
        assert!(training.len().abs_diff(exam.len()) < words.len() / 20);
        assert!(training.iter().all(|word| !exam.contains(word)));
    }
}
