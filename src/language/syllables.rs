//! Syllables of Chinese letters without their tones, with the sounds that dialects and keyboards do
//! not tell apart made one.

use once_cell::sync::Lazy;
use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::HashMap;

/// A syllable: two that sound alike are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Syllable(u16);

/// A figure sounds like its numeral.
const NUMERALS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/// Sounds that dialects and keyboards do not tell apart: at the beginning of a syllable, and at its
/// end.
const CONFUSED: &[(&str, &str)] = &[
    ("zh", "z"),
    ("ch", "c"),
    ("sh", "s"),
    ("ang", "an"),
    ("eng", "en"),
    ("ing", "in"),
    ("n", "l"),
    ("hu", "fu"),
];

/// Every syllable of a Chinese letter, worked out once: a question asks for dozens of them.
static SYLLABLES: Lazy<HashMap<&'static str, Syllable>> = Lazy::new(|| {
    let mut known: HashMap<String, Syllable> = HashMap::new();
    let mut syllables = HashMap::new();
    for letter in '\u{3007}'..='\u{9fff}' {
        for plain in plain_readings(letter) {
            syllables.entry(plain).or_insert_with(|| {
                let next = Syllable(known.len() as u16);
                *known.entry(folded(plain)).or_insert(next)
            });
        }
    }
    syllables
});

/// How a letter may sound, its usual reading first; empty where it has none.
pub(super) fn readings(letter: char) -> Vec<Syllable> {
    let mut found = Vec::new();
    for plain in plain_readings(letter) {
        if let Some(syllable) = SYLLABLES.get(plain)
            && !found.contains(syllable)
        {
            found.push(*syllable);
        }
    }
    found
}

/// The pinyin of a letter without tones, its usual reading first; a reading may come again.
pub(super) fn plain_readings(letter: char) -> impl Iterator<Item = &'static str> {
    let letter = letter
        .to_digit(10)
        .and_then(|digit| NUMERALS.get(digit as usize))
        .copied()
        .unwrap_or(letter);
    let usual = letter.to_pinyin().into_iter();
    let others = letter.to_pinyin_multi().into_iter().flatten();
    usual.chain(others).map(pinyin::Pinyin::plain)
}

/// A syllable with what dialects confuse made one.
fn folded(syllable: &str) -> String {
    let mut folded = syllable.to_string();
    for (from, to) in CONFUSED {
        if from.len() <= 2 && folded.starts_with(from) {
            folded = format!("{to}{}", &folded[from.len()..]);
        } else if from.len() > 2 && folded.ends_with(from) {
            folded = format!("{}{to}", &folded[..folded.len() - from.len()]);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dialects_confuse_is_one_syllable() {
        for (one, other) in [
            ('中', '宗'),
            ('方', '番'),
            ('宁', '林'),
            ('湖', '福'),
            ('7', '漆'),
        ] {
            assert_eq!(
                readings(one).first(),
                readings(other).first(),
                "{one} {other}"
            );
        }
        assert_ne!(readings('茶'), readings('渔'));
        assert!(readings('a').is_empty());
    }
}
