//! How words sound: slips between words of the same sound, and pinyin typed instead of characters.

use super::syllables::{Syllable, plain_readings, readings};
use pinyin::ToPinyin;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// How the names of a book sound.
#[derive(Debug, Clone, Default)]
pub struct Sounds {
    /// Syllables of a name, to the names that sound so.
    names: HashMap<Vec<Syllable>, Vec<String>>,
    /// Pinyin in a row, to the name.
    spelled: BTreeMap<String, String>,
    /// First letters of a name's syllables; nothing where two names share them.
    initials: BTreeMap<String, Option<String>>,
    lengths: Vec<usize>,
    /// The first two syllables of each name: where none of them sounds, no name does.
    beginnings: HashSet<(Syllable, Option<Syllable>)>,
    /// Syllables of the words of the documents, to the words that sound so.
    words: HashMap<Vec<Syllable>, Vec<String>>,
}

/// A span of a question that sounds like a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Letters of the question.
    pub span: Range<usize>,
    /// The name that was meant.
    pub name: String,
}

/// Fewer letters of pinyin may be anything.
const SHORTEST_SPELLED: usize = 4;
const SHORTEST_INITIALS: usize = 4;
/// So many readings of a stretch of a question are tried.
const MOST_READINGS: usize = 16;

impl Sounds {
    /// Collects the sounds of names of two characters and more, as they are compared.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut sounds = Self::default();
        for name in names {
            let letters: Vec<char> = name.chars().collect();
            if letters.len() < 2 || name.is_ascii() {
                continue;
            }
            let Some((key, spelled)) = usual_sound(&letters).zip(spelled(&letters)) else {
                continue;
            };
            sounds.lengths.push(key.len());
            if let Some(first) = key.first() {
                sounds.beginnings.insert((*first, key.get(1).copied()));
            }
            let known = sounds.names.entry(key).or_default();
            if !known.iter().any(|other| other == name) {
                known.push(name.to_string());
            }
            let initials: String = spelled.iter().filter_map(|s| s.chars().next()).collect();
            let spelled = spelled.concat();
            if spelled.len() >= SHORTEST_SPELLED {
                sounds
                    .spelled
                    .entry(spelled)
                    .or_insert_with(|| name.to_string());
            }
            if initials.len() >= SHORTEST_INITIALS {
                let entry = sounds
                    .initials
                    .entry(initials)
                    .or_insert_with(|| Some(name.to_string()));
                if entry.as_deref() != Some(name) {
                    *entry = None;
                }
            }
        }
        sounds.lengths.sort_unstable_by(|a, b| b.cmp(a));
        sounds.lengths.dedup();
        sounds
    }

    /// With the words of the documents.
    pub fn with_words<'a>(mut self, words: impl Iterator<Item = &'a str>) -> Self {
        for word in words {
            let letters: Vec<char> = word.chars().collect();
            if let Some(key) = usual_sound(&letters) {
                self.words.entry(key).or_default().push(word.to_string());
            }
        }
        self
    }

    /// Of some spans of a question those that sound like one word of the documents and have half of
    /// its letters, without overlap. Of several words one is meant where the documents have it, and
    /// none of the others, with the letters beside the span: 新形储能 is 新型 and not 新兴.
    pub fn slips_of_words(
        &self,
        letters: &[char],
        spans: &[Range<usize>],
        in_documents: &dyn Fn(&str) -> bool,
    ) -> Vec<Slip> {
        let mut slips: Vec<Slip> = Vec::new();
        for span in spans {
            if slips.iter().any(|slip| overlap(&slip.span, span)) {
                continue;
            }
            let written = &letters[span.clone()];
            let Some(key) = usual_sound(written) else {
                continue;
            };
            let same = |word: &&String| {
                let same = word.chars().zip(written).filter(|(a, b)| a == *b);
                let same = same.count();
                same * 2 >= written.len() && same < written.len()
            };
            let meant: Vec<&String> = self
                .words
                .get(&key)
                .into_iter()
                .flatten()
                .filter(same)
                .collect();
            let fits = |word: &&&String| {
                let [before, after] = beside(letters, span);
                let is_held =
                    |text: String, beside: &str| !beside.is_empty() && in_documents(&text);
                is_held(format!("{before}{word}"), &before)
                    || is_held(format!("{word}{after}"), &after)
            };
            let only = match meant.as_slice() {
                [only] => Some(*only),
                several => {
                    let mut fitting = several.iter().filter(fits);
                    fitting.next().filter(|_| fitting.next().is_none()).copied()
                }
            };
            if let Some(word) = only {
                slips.push(Slip {
                    span: span.clone(),
                    name: word.clone(),
                });
            }
        }
        slips
    }

    /// Spans of a question that sound like a name and are written otherwise, longest first and
    /// without overlap.
    pub fn slips(&self, letters: &[char]) -> Vec<Slip> {
        let mut slips = self.spelled_out(letters);
        let syllables: Vec<Vec<Syllable>> = letters.iter().map(|c| readings(*c)).collect();
        let begins: Vec<usize> = (0..letters.len())
            .filter(|at| self.may_begin(&syllables[*at..]))
            .collect();
        for length in &self.lengths {
            for start in begins.iter().copied() {
                if start + length > letters.len() {
                    break;
                }
                let span = start..start + length;
                if slips.iter().any(|slip| overlap(&slip.span, &span)) {
                    continue;
                }
                if let Some(name) = self.sounding(&syllables[span.clone()], &letters[span.clone()])
                {
                    slips.push(Slip { span, name });
                }
            }
        }
        slips.sort_by_key(|slip| slip.span.start);
        slips
    }

    /// Whether a name may begin with some letters, in any of their readings.
    fn may_begin(&self, syllables: &[Vec<Syllable>]) -> bool {
        let Some((firsts, rest)) = syllables.split_first() else {
            return false;
        };
        let seconds = rest.first().into_iter().flatten().copied().map(Some);
        let seconds: Vec<Option<Syllable>> = seconds.chain([None]).collect();
        let mut pairs = firsts
            .iter()
            .flat_map(|first| seconds.iter().map(move |second| (*first, *second)));
        pairs.any(|pair| self.beginnings.contains(&pair))
    }

    /// The name that some letters sound like, where they are not the name itself.
    fn sounding(&self, syllables: &[Vec<Syllable>], written: &[char]) -> Option<String> {
        let count: usize = syllables.iter().map(Vec::len).product();
        let mut key = Vec::with_capacity(syllables.len());
        for number in 0..count.min(MOST_READINGS) {
            let mut rest = number;
            key.clear();
            for readings in syllables {
                key.push(readings[rest % readings.len()]);
                rest /= readings.len();
            }
            let Some(names) = self.names.get(&key) else {
                continue;
            };
            if names
                .iter()
                .any(|name| name.chars().eq(written.iter().copied()))
            {
                return None;
            }
            // Two letters alone are a slip only where one of them is right.
            let kept = |name: &&String| {
                let same = name.chars().zip(written).filter(|(a, b)| a == *b).count();
                same * 2 >= written.len() || written.len() >= 4 && same >= 1
            };
            if let Some(name) = names.iter().find(kept) {
                return Some(name.clone());
            }
        }
        None
    }

    /// Runs of Latin letters that are pinyin or initials of a name; blanks between syllables are
    /// passed over.
    fn spelled_out(&self, letters: &[char]) -> Vec<Slip> {
        let mut slips = Vec::new();
        let mut start = 0;
        while start < letters.len() {
            if !letters[start].is_ascii_lowercase() {
                start += 1;
                continue;
            }
            let mut end = start;
            while end < letters.len() && (letters[end].is_ascii_lowercase() || letters[end] == ' ')
            {
                end += 1;
            }
            while end > start && letters[end - 1] == ' ' {
                end -= 1;
            }
            slips.extend(self.in_run(letters, start..end));
            start = end.max(start + 1);
        }
        slips
    }

    fn in_run(&self, letters: &[char], run: Range<usize>) -> Vec<Slip> {
        let mut slips = Vec::new();
        let mut at = run.start;
        while at < run.end {
            let found = (at + 3..=run.end).rev().find_map(|end| {
                let spelled: String = letters[at..end].iter().filter(|c| **c != ' ').collect();
                let name = self
                    .spelled
                    .get(&spelled)
                    .cloned()
                    .or_else(|| self.initials.get(&spelled).cloned().flatten())?;
                Some(Slip {
                    span: at..end,
                    name,
                })
            });
            match found {
                Some(slip) => {
                    at = slip.span.end;
                    slips.push(slip);
                }
                None => at += 1,
            }
        }
        slips
    }
}

/// A text in small Latin letters and digits, each Chinese letter by its usual reading: 渝中 is
/// yuzhong.
pub fn in_latin_letters(text: &str) -> String {
    let letters = text.chars().filter_map(|letter| {
        if letter.is_ascii_alphanumeric() {
            return Some(letter.to_ascii_lowercase().to_string());
        }
        Some(letter.to_pinyin()?.plain().replace('ü', "v"))
    });
    letters.collect()
}

/// The two letters before a span and the two after it.
fn beside(letters: &[char], span: &Range<usize>) -> [String; 2] {
    let before = span.start.saturating_sub(2)..span.start;
    let after = span.end..(span.end + 2).min(letters.len());
    [before, after].map(|beside| letters[beside].iter().collect())
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// How each letter sounds by its usual reading; nothing where one has none. Signs are silent.
fn usual_sound(letters: &[char]) -> Option<Vec<Syllable>> {
    let sounded = letters.iter().filter(|letter| letter.is_alphanumeric());
    sounded
        .map(|letter| readings(*letter).first().copied())
        .collect()
}

/// The pinyin of each letter by its usual reading, as it is typed.
fn spelled(letters: &[char]) -> Option<Vec<String>> {
    let sounded = letters.iter().filter(|letter| letter.is_alphanumeric());
    let spelled = |letter: &char| Some(plain_readings(*letter).next()?.replace('ü', "v"));
    sounded.map(spelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_documents_is_found_by_its_sound() {
        let sounds = Sounds::default().with_words(["水闸", "支渠", "知趣"].into_iter());
        let slips = |text: &str| {
            let letters: Vec<char> = text.chars().collect();
            let found = sounds.slips_of_words(&letters, std::slice::from_ref(&(0..2)), &|_| false);
            found.into_iter().map(|slip| slip.name).collect::<Vec<_>>()
        };
        assert_eq!(slips("水扎几座"), ["水闸"]);
        // Written as it is, or with no letter of it: nothing to mend.
        assert!(slips("水闸几座").is_empty());
        assert!(slips("税炸几座").is_empty());
        assert_eq!(slips("之渠几条"), ["支渠"]);
    }

    #[test]
    fn of_words_that_sound_alike_the_documents_tell_which_is_meant() {
        let sounds = Sounds::default().with_words(["新型", "新兴"].into_iter());
        let letters: Vec<char> = "新形渔民几人".chars().collect();
        let documents = "新型渔民与新兴产业";
        let slips = |in_documents: &dyn Fn(&str) -> bool| {
            let span = std::slice::from_ref(&(0..2));
            let found = sounds.slips_of_words(&letters, span, in_documents);
            found.into_iter().map(|slip| slip.name).collect::<Vec<_>>()
        };
        assert_eq!(slips(&|text| documents.contains(text)), ["新型"]);
        assert!(slips(&|_| true).is_empty());
    }

    fn found(text: &str) -> Vec<String> {
        let sounds = Sounds::new(["茶园面积", "渔船", "桥梁养护"].into_iter());
        let letters: Vec<char> = text.chars().collect();
        sounds
            .slips(&letters)
            .into_iter()
            .map(|slip| slip.name)
            .collect()
    }

    #[test]
    fn slips_pinyin_and_initials_find_their_name() {
        assert_eq!(found("查园面积多少"), ["茶园面积"]);
        assert_eq!(found("chayuanmianji"), ["茶园面积"]);
        assert_eq!(found("qlyh 今年"), ["桥梁养护"]);
        assert_eq!(found("余船几艘"), ["渔船"]);
        assert!(found("茶园面积多少").is_empty());
    }
}
