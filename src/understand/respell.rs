//! A question as it sounds: slips between words of the same sound, and pinyin typed instead of characters.

use super::lexicon::Lexicon;
use super::readings::Utterance;
use super::tokens::TokenKind;
use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::BTreeMap;

/// How names and cues sound.
#[derive(Debug, Clone, Default)]
pub struct Sounds {
    /// Names of Chinese characters, longest first.
    names: Vec<Sounding>,
    /// Pinyin without tones or spaces, to the name.
    spelled: BTreeMap<String, String>,
    /// First letters of a name's syllables, to the name; nothing where two names have the same.
    initials: BTreeMap<String, Option<String>>,
    longest: usize,
}

#[derive(Debug, Clone)]
struct Sounding {
    letters: Vec<char>,
}

/// A figure sounds like its numeral.
const NUMERALS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const SHORTEST_SPELLED: usize = 4;
const SHORTEST_INITIALS: usize = 4;

impl Sounds {
    /// Collects the sounds of surfaces of two characters and more.
    ///
    /// Cues are only spelled out of pinyin; that a cue is a slip is not guessed.
    pub fn new<'a>(surfaces: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut sounds = Self::default();
        for (surface, is_name) in surfaces {
            let letters: Vec<char> = surface.chars().collect();
            if letters.len() < 2 {
                continue;
            }
            sounds.spell(surface);
            let initials: String = letters
                .iter()
                .filter_map(|letter| syllables(*letter).first()?.chars().next())
                .collect();
            if is_name && initials.len() == letters.len() && initials.len() >= SHORTEST_INITIALS {
                let name = sounds
                    .initials
                    .entry(initials)
                    .or_insert_with(|| Some(surface.to_string()));
                if name.as_deref() != Some(surface) {
                    *name = None;
                }
            }
            if is_name && !surface.is_ascii() {
                sounds.names.push(Sounding { letters });
            }
        }
        sounds.names.sort_by(|a, b| {
            b.letters
                .len()
                .cmp(&a.letters.len())
                .then_with(|| a.letters.cmp(&b.letters))
        });
        sounds
    }

    /// Learns how a word is written in pinyin.
    pub fn spell(&mut self, word: &str) {
        let spelled: String = word
            .chars()
            .map(|letter| {
                syllables(letter)
                    .first()
                    .cloned()
                    .unwrap_or_else(|| letter.to_string())
            })
            .collect();
        if spelled.len() >= SHORTEST_SPELLED
            && spelled.bytes().all(|b| b.is_ascii_lowercase())
            && !word.is_ascii()
        {
            self.longest = self.longest.max(spelled.len());
            self.spelled
                .entry(spelled)
                .or_insert_with(|| word.to_string());
        }
    }
}

/// Every toneless syllable of a character, confusions of the dialects folded; empty for anything but a character.
fn syllables(letter: char) -> Vec<String> {
    let letter = letter
        .to_digit(10)
        .and_then(|digit| NUMERALS.get(digit as usize))
        .copied()
        .unwrap_or(letter);
    let mut found: Vec<String> = letter
        .to_pinyin()
        .map(|sound| plain(sound.plain()))
        .into_iter()
        .collect();
    if let Some(multi) = letter.to_pinyin_multi() {
        for sound in multi {
            let sound = plain(sound.plain());
            if !found.contains(&sound) {
                found.push(sound);
            }
        }
    }
    found
}

fn plain(sound: &str) -> String {
    sound.replace('ü', "v")
}

/// Rewrites the question by sound; says what was rewritten.
pub fn respell(
    lexicon: &Lexicon,
    utterance: &Utterance,
) -> Option<(String, Vec<(String, String)>)> {
    let mut changes = Vec::new();
    let spelled = spelled_out(lexicon.sounds(), &utterance.canonical, &mut changes);
    let written = if changes.is_empty() {
        same_sound(lexicon, utterance, &mut changes)
    } else {
        spelled
    };
    (!changes.is_empty()).then_some((written, changes))
}

/// Replaces runs of Latin letters that are pinyin from end to end.
fn spelled_out(sounds: &Sounds, text: &str, changes: &mut Vec<(String, String)>) -> String {
    let mut written = String::new();
    let mut run = String::new();
    for sign in text.chars().chain(['\n']) {
        let inside = sign.is_ascii_lowercase() || (sign == ' ' || sign == '\'') && !run.is_empty();
        if inside {
            run.push(sign);
            continue;
        }
        if !run.is_empty() {
            written.push_str(&spelled_words(sounds, &run, changes));
            run.clear();
        }
        if sign != '\n' {
            written.push(sign);
        }
    }
    written
}

/// A run of Latin words with the longest groups of them that are pinyin written out; other words stay.
fn spelled_words(sounds: &Sounds, run: &str, changes: &mut Vec<(String, String)>) -> String {
    let words: Vec<&str> = run.split_whitespace().collect();
    let mut written = String::new();
    let mut from = 0;
    while from < words.len() {
        let found = (from + 1..=words.len())
            .rev()
            .find_map(|to| Some((to, decode(sounds, &words[from..to].concat())?)));
        match found {
            Some((to, names)) => {
                changes.push((words[from..to].join(" "), names.clone()));
                written.push_str(&names);
                from = to;
            }
            None => {
                written.push_str(words[from]);
                written.push(' ');
                from += 1;
            }
        }
    }
    written
}

/// The names that a run of pinyin spells, taking the longest at each step; nothing when a rest remains.
fn decode(sounds: &Sounds, run: &str) -> Option<String> {
    let letters: String = run.chars().filter(char::is_ascii_lowercase).collect();
    if let Some(Some(name)) = sounds.initials.get(&letters) {
        return Some(name.clone());
    }
    let mut names = String::new();
    let mut from = 0;
    while from < letters.len() {
        let longest = letters.len().min(from + sounds.longest);
        let (to, name) = (from + SHORTEST_SPELLED..=longest)
            .rev()
            .find_map(|to| Some((to, sounds.spelled.get(letters.get(from..to)?)?)))?;
        names.push_str(name);
        from = to;
    }
    (!names.is_empty()).then_some(names)
}

/// Replaces stretches with unknown words by names that sound the same.
fn same_sound(
    lexicon: &Lexicon,
    utterance: &Utterance,
    changes: &mut Vec<(String, String)>,
) -> String {
    let mut letters: Vec<char> = Vec::new();
    let mut unknown: Vec<bool> = Vec::new();
    for token in &utterance.tokens {
        let open = matches!(token.kind, TokenKind::Content);
        for letter in token.text.chars() {
            letters.push(letter);
            unknown.push(open);
        }
    }
    let sounded: Vec<Vec<String>> = letters.iter().map(|letter| syllables(*letter)).collect();
    for name in &lexicon.sounds().names {
        let length = name.letters.len();
        let mut from = 0;
        while from + length <= letters.len() {
            let window = from..from + length;
            if unknown[window.clone()].iter().any(|open| *open)
                && sounds_like(
                    &letters[window.clone()],
                    &sounded[window.clone()],
                    &name.letters,
                )
            {
                let typed: String = letters[window.clone()].iter().collect();
                changes.push((typed, name.letters.iter().collect()));
                letters.splice(window.clone(), name.letters.iter().copied());
                unknown[window].fill(false);
                from += length;
            } else {
                from += 1;
            }
        }
    }
    letters.into_iter().collect()
}

/// Every character the same or of the same sound, and no more than half of them different.
fn sounds_like(letters: &[char], sounded: &[Vec<String>], name: &[char]) -> bool {
    let mut different = 0;
    for ((letter, sounds), wanted) in letters.iter().zip(sounded).zip(name) {
        if letter == wanted {
            continue;
        }
        different += 1;
        if sounds.is_empty()
            || !syllables(*wanted)
                .iter()
                .any(|sound| sounds.contains(sound))
        {
            return false;
        }
    }
    different > 0 && different <= letters.len() / 2
}
