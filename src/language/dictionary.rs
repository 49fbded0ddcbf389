//! The general dictionary: words with their frequency and part of speech, read where they lie in
//! the program.
//!
//! `dictionary/words.fst` is made by `examples/dictionary.rs`; where it comes from stands in
//! `dictionary/README.md`.

use fst::Streamer;
use fst::raw::{Fst, Output};
use once_cell::sync::Lazy;
use std::iter;
use std::ops::RangeInclusive;

/// How often all words of the dictionary together occur in the texts that it was counted in.
pub const TOTAL: u64 = 59_399_826;

/// How many bits of a stored value hold the frequency; those above hold the part of speech.
const FREQUENCY_BITS: u32 = 9;

static BYTES: &[u8] = include_bytes!("dictionary/words.fst");
/// Only the header is read here. Without a dictionary every letter is an unknown word, which a test
/// would notice.
static WORDS: Lazy<Option<Fst<&'static [u8]>>> = Lazy::new(|| Fst::new(BYTES).ok());

/// What a word does in a sentence.
///
/// The order of the variants is stored in `words.fst`: a new one goes to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartOfSpeech {
    /// A thing: 政府, 面积.
    Noun,
    /// A person's name.
    Person,
    /// A place's name.
    Place,
    /// An organisation's name.
    Organisation,
    /// Another proper name.
    OtherName,
    /// A verb that also stands as a noun: 发展, 管理.
    VerbalNoun,
    /// A verb: 完成, 增长.
    Verb,
    /// An adjective, also where it stands as an adverb or a noun: 重要, 积极, 安全.
    Adjective,
    /// A word that only tells kinds apart: 大型, 市级.
    Distinguishing,
    /// An abbreviation: 人大.
    Abbreviation,
    /// An idiom or a set phrase.
    Idiom,
    /// A time: 今年, 目前; also 年, 月 and 日.
    Time,
    /// A number or an amount: 三, 二十三, 7.5%, 一个, 许多.
    Number,
    /// A measure word: 个, 公里, 元.
    Measure,
    /// An adverb: 已经, 很.
    Adverb,
    /// A pronoun, also those that ask: 我们, 各, 什么.
    Pronoun,
    /// A preposition: 在, 关于.
    Preposition,
    /// A conjunction: 和, 如果.
    Conjunction,
    /// A particle: 的, 了, 等.
    Particle,
    /// A particle that ends a sentence: 吗, 呢.
    Modal,
    /// An exclamation or an imitated sound.
    Interjection,
    /// A direction or a relative place: 以上, 之间, 境内.
    Direction,
    /// What stands before a word and is none: 非.
    Prefix,
    /// What stands behind a word and is none: 们, 型.
    Suffix,
    /// A word that is not in the dictionary, or whose part of speech is not known.
    Unknown,
    /// A sign or a blank; never in the dictionary.
    Punctuation,
}

impl PartOfSpeech {
    /// All, in the order of their stored numbers.
    const ALL: [Self; 26] = [
        Self::Noun,
        Self::Person,
        Self::Place,
        Self::Organisation,
        Self::OtherName,
        Self::VerbalNoun,
        Self::Verb,
        Self::Adjective,
        Self::Distinguishing,
        Self::Abbreviation,
        Self::Idiom,
        Self::Time,
        Self::Number,
        Self::Measure,
        Self::Adverb,
        Self::Pronoun,
        Self::Preposition,
        Self::Conjunction,
        Self::Particle,
        Self::Modal,
        Self::Interjection,
        Self::Direction,
        Self::Prefix,
        Self::Suffix,
        Self::Unknown,
        Self::Punctuation,
    ];
}

impl PartOfSpeech {
    /// Whether words of it name things.
    pub fn is_nominal(self) -> bool {
        use PartOfSpeech as P;
        matches!(
            self,
            P::Noun
                | P::Person
                | P::Place
                | P::Organisation
                | P::OtherName
                | P::VerbalNoun
                | P::Abbreviation
                | P::Idiom
                | P::Unknown
        )
    }

    /// Whether words of it say what is done or how something is.
    pub fn is_verbal(self) -> bool {
        matches!(self, Self::Verb | Self::Adjective | Self::Distinguishing)
    }

    /// Whether words of it carry a meaning of their own: new ones are made every day.
    pub fn is_open(self) -> bool {
        self.is_nominal() || self.is_verbal()
    }
}

/// What the dictionary says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// How often the word occurs in the texts that the dictionary was counted in, of `TOTAL`; exact
    /// below 32, above it rounded to 16 steps an octave.
    pub frequency: u32,
    /// Its most usual part of speech.
    pub part: PartOfSpeech,
}

impl Entry {
    /// The entry as one number of 14 bits, as `words.fst` stores it. Few different numbers keep the
    /// file small.
    pub fn packed(self) -> u64 {
        ((self.part as u64) << FREQUENCY_BITS) | step_of(self.frequency)
    }

    /// The entry that a stored number means.
    fn unpacked(value: u64) -> Self {
        let part = usize::try_from(value >> FREQUENCY_BITS).unwrap_or(usize::MAX);
        Self {
            frequency: frequency_of(value & ((1 << FREQUENCY_BITS) - 1)),
            part: PartOfSpeech::ALL
                .get(part)
                .copied()
                .unwrap_or(PartOfSpeech::Unknown),
        }
    }
}

/// The number of the step that a frequency is rounded to: itself below 32, then 16 steps an octave.
fn step_of(frequency: u32) -> u64 {
    let frequency = u64::from(frequency);
    if frequency < 32 {
        return frequency;
    }
    let octave = u64::from(frequency.ilog2() - 4);
    // Rounding up into the next octave gives that octave's first step.
    octave * 16 + ((frequency + (1 << (octave - 1))) >> octave)
}

fn frequency_of(step: u64) -> u32 {
    if step < 32 {
        return u32::try_from(step).unwrap_or(0);
    }
    u32::try_from((16 + step % 16) << (step / 16 - 1)).unwrap_or(u32::MAX)
}

/// What the dictionary says of this word, which is folded: simplified letters, lower case.
pub fn entry(word: &str) -> Option<Entry> {
    let value = WORDS.as_ref()?.get(word)?;
    Some(Entry::unpacked(value.value()))
}

/// All words of the dictionary that these letters begin with, the shortest first, each with its
/// length in letters.
pub fn prefixes(letters: &[char]) -> impl Iterator<Item = (usize, Entry)> {
    let mut place = WORDS
        .as_ref()
        .map(|words| (words, words.root(), Output::zero()));
    let mut read = 0;
    iter::from_fn(move || {
        let (words, mut node, mut output) = place.take()?;
        loop {
            let letter = letters.get(read)?;
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let transition = node.transition(node.find_input(byte)?);
                output = output.cat(transition.out);
                node = words.node(transition.addr);
            }
            read += 1;
            if node.is_final() {
                place = Some((words, node, output));
                let value = output.cat(node.final_output()).value();
                return Some((read, Entry::unpacked(value)));
            }
        }
    })
}

/// The words of one part of speech whose frequency lies in a range, in the order of the dictionary,
/// which is that of the letters' code points. It reads the whole dictionary.
pub fn words(part: PartOfSpeech, frequency: RangeInclusive<u32>) -> impl Iterator<Item = String> {
    all()
        .filter(move |(_, entry)| entry.part == part && frequency.contains(&entry.frequency))
        .map(|(word, _)| word)
}

/// All words in the order of the dictionary.
fn all() -> impl Iterator<Item = (String, Entry)> {
    let mut stream = WORDS.as_ref().map(|words| words.stream());
    iter::from_fn(move || {
        let (word, value) = stream.as_mut()?.next()?;
        let word = String::from_utf8_lossy(word).into_owned();
        Some((word, Entry::unpacked(value.value())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn part(word: &str) -> Option<PartOfSpeech> {
        entry(word).map(|entry| entry.part)
    }

    #[test]
    fn the_dictionary_opens_and_its_total_is_the_stated_one() {
        assert!(WORDS.is_some());
        let total: u64 = all().map(|(_, entry)| u64::from(entry.frequency)).sum();
        assert_eq!(total, TOTAL);
        assert!(all().all(|(_, entry)| entry.frequency > 0));
        assert!(all().count() > 100_000);
    }

    #[test]
    fn parts_keep_their_stored_numbers() {
        for (number, part) in PartOfSpeech::ALL.into_iter().enumerate() {
            assert_eq!(part as usize, number);
        }
        assert_eq!(PartOfSpeech::Punctuation as usize, 25);
    }

    #[test]
    fn a_frequency_is_stored_nearly_as_it_is() {
        for frequency in (0..100_000).chain([883_634, 0x00ff_ffff, u32::MAX / 2]) {
            let stored = Entry {
                frequency,
                part: PartOfSpeech::Measure,
            };
            let read = Entry::unpacked(stored.packed());
            assert_eq!(read.part, PartOfSpeech::Measure);
            let error = read.frequency.abs_diff(frequency);
            assert!(error <= frequency / 32, "{frequency} became {read:?}");
        }
    }

    #[test]
    fn usual_words_have_their_part_of_speech() {
        assert_eq!(part("政府"), Some(PartOfSpeech::Noun));
        assert_eq!(part("发展"), Some(PartOfSpeech::VerbalNoun));
        assert_eq!(part("增长"), Some(PartOfSpeech::Verb));
        assert_eq!(part("已经"), Some(PartOfSpeech::Adverb));
        assert_eq!(part("很"), Some(PartOfSpeech::Adverb));
        assert_eq!(part("如果"), Some(PartOfSpeech::Conjunction));
        assert_eq!(part("什么"), Some(PartOfSpeech::Pronoun));
        assert_eq!(part("年"), Some(PartOfSpeech::Time));
        assert_eq!(part("元"), Some(PartOfSpeech::Measure));
        assert_eq!(part("县"), Some(PartOfSpeech::Noun));
        assert_eq!(part("吗"), Some(PartOfSpeech::Modal));
        assert_eq!(part("大型"), Some(PartOfSpeech::Distinguishing));
        assert_eq!(part("多少"), Some(PartOfSpeech::Pronoun));
        assert_eq!(part(""), None);
    }

    #[test]
    fn all_words_that_letters_begin_with_are_found() {
        let text = letters("中华人民共和国成立");
        let found: Vec<String> = prefixes(&text)
            .map(|(length, _)| text[..length].iter().collect())
            .collect();
        assert_eq!(found, ["中", "中华", "中华人民共和国"]);
        for (length, found) in prefixes(&text) {
            let word: String = text[..length].iter().collect();
            assert_eq!(entry(&word), Some(found));
        }
        assert_eq!(prefixes(&letters("")).count(), 0);
        assert_eq!(prefixes(&letters("？")).count(), 0);
    }

    #[test]
    fn every_word_is_found_at_its_own_beginning() {
        for (word, stored) in all().step_by(97) {
            let word = letters(&word);
            let last = prefixes(&word).last();
            assert_eq!(last, Some((word.len(), stored)), "{word:?}");
        }
    }

    #[test]
    fn no_word_hides_a_question_word() {
        let whole = [
            "哪些",
            "哪个",
            "哪里",
            "哪儿",
            "哪种",
            "什么",
            "多少",
            "怎么",
            "怎样",
            "怎么样",
            "为什么",
            "为何",
            "谁",
        ];
        let asking = [
            "哪", "什么", "多少", "怎", "几个", "几项", "几家", "几年", "几天", "几号", "几月",
            "几种", "几名", "几所", "几期", "为何", "谁",
        ];
        for (word, _) in all().filter(|(word, _)| word.chars().count() > 1) {
            if !whole.contains(&word.as_str()) {
                assert!(!asking.iter().any(|asks| word.contains(asks)), "{word}");
            }
        }
        for word in whole.iter().filter(|word| **word != "哪种") {
            assert!(entry(word).is_some(), "{word}");
        }
    }

    #[test]
    fn no_word_joins_two_with_and() {
        assert_eq!(entry("农业与农村委员会"), None);
        assert_eq!(entry("劳动和社会保障部"), None);
        assert!(entry("中华人民共和国").is_some());
    }

    #[test]
    fn words_of_a_part_come_in_one_order() {
        let once: Vec<String> = words(PartOfSpeech::Adverb, 1500..=100_000).collect();
        let again: Vec<String> = words(PartOfSpeech::Adverb, 1500..=100_000).collect();
        assert_eq!(once, again);
        assert!(once.is_sorted());
        assert!(once.len() > 100);
        assert!(once.contains(&"已经".to_string()));
    }
}
