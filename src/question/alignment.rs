//! How well a name is said by a question: common blocks in any order, letters weighted by how much
//! they distinguish.

use super::Question;
use super::operators::{Operator, OperatorSet};
use crate::language::{Entry, segment};

/// A name that questions are held against.
#[derive(Debug, Clone)]
pub struct Name {
    /// As it is compared.
    pub letters: Vec<char>,
    /// The same as text.
    pub text: String,
    /// How much each letter distinguishes it from the other names.
    pub weights: Vec<f32>,
    starts: Vec<bool>,
    ends: Vec<bool>,
    first_word: usize,
    total: f32,
}

/// What a question says of a name.
#[derive(Debug, Clone, Default)]
pub struct Alignment {
    /// For each letter of the question how far the name explains it, 0 to 1.
    pub explained: Vec<f32>,
    /// What share of the name is said, by weight.
    pub cover: f32,
    /// Whether the name stands in the question as it is.
    pub is_verbatim: bool,
    /// Whether the first word of the name is left out (人均 of 人均收入).
    pub leaves_first: bool,
    /// Whether the question has the name with one letter changed: another word that looks like it
    /// (揭榜挂图).
    pub is_changed: bool,
}

impl Name {
    /// Prepares a name; `rarity` tells how much a letter distinguishes names of the book from each
    /// other.
    pub fn new(text: &str, rarity: &dyn Fn(char) -> f32, endings: &[String]) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let mut starts = vec![false; letters.len()];
        let mut ends = vec![false; letters.len()];
        let mut first_word = 0;
        for piece in segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new()) {
            starts[piece.start] = true;
            ends[piece.end - 1] = true;
            if first_word == 0 {
                first_word = piece.end;
            }
        }
        let mut depth = 0;
        let mut weights: Vec<f32> = Vec::with_capacity(letters.len());
        for letter in &letters {
            depth += i32::from(*letter == '(');
            let mut weight = rarity(*letter);
            if depth > 0 {
                weight *= 0.25;
            }
            if !letter.is_alphanumeric() {
                weight = 0.05;
            }
            depth -= i32::from(*letter == ')');
            weights.push(weight);
        }
        let ending = endings
            .iter()
            .filter(|ending| text.ends_with(ending.as_str()))
            .map(|ending| ending.chars().count())
            .max()
            .unwrap_or(0);
        let count = letters.len();
        for weight in weights.iter_mut().skip(count - ending.min(count)) {
            *weight *= 0.35;
        }
        let total = weights.iter().sum::<f32>().max(0.01);
        Self {
            letters,
            text: text.to_string(),
            weights,
            starts,
            ends,
            first_word,
            total,
        }
    }

    /// Whether a letter is the first or the last of a word of the name.
    fn is_edge(&self, at: usize) -> bool {
        self.starts[at] || self.ends[at]
    }
}

/// Operators that may be words of a name as well: a block of nothing else says nothing of the name.
const LOOSE: OperatorSet = OperatorSet::of(&[
    Operator::Target,
    Operator::Actual,
    Operator::Amount,
    Operator::Total,
    Operator::Verdict,
    Operator::List,
    Operator::What,
    Operator::How,
    Operator::Why,
    Operator::Request,
    Operator::Premise,
    Operator::Compare,
]);
/// A block that begins inside a word of the name counts half (出口 in 进出口).
const INSIDE: f32 = 0.55;

/// A letter of the name that a saying means and that is not said itself.
const MEANT: f32 = 0.92;

/// Holds a name against a question.
pub fn align(question: &Question, name: &Name) -> Alignment {
    let letters = &question.letters.canonical;
    let (count, length) = (letters.len(), name.letters.len());
    let mut used = vec![false; count];
    let mut said = vec![0.0_f32; length];
    let mut explained = vec![0.0_f32; count];
    let free = |at: usize| !question.frame.is_year(at);
    // The whole name comes first: a saying inside it (外资 for 实际使用外资) leaves none of it open.
    let mut from = 0;
    while let Some(start) = find(letters, &name.letters, from) {
        said.fill(1.0);
        used[start..start + length].fill(true);
        explained[start..start + length].fill(1.0);
        from = start + length;
    }
    for meaning in &question.meanings {
        let meant: Vec<char> = meaning.name.chars().collect();
        let Some(start) = find(&name.letters, &meant, 0) else {
            continue;
        };
        for letter in &mut said[start..start + meant.len()] {
            *letter = letter.max(MEANT);
        }
        for at in meaning.span.clone() {
            used[at] = true;
            explained[at] = explained[at].max(MEANT);
        }
    }
    let longest = longest_common(letters, &name.letters);
    let mut size = longest.iter().copied().max().unwrap_or(0);
    while size >= 2 {
        let mut at = 0;
        while at + size <= count {
            let block = &letters[at..at + size];
            let is_free = longest[at] >= size
                && (at..at + size).all(|k| free(k) && !used[k])
                && !Question::cuts_words(&question.words, &(at..at + size))
                && !(at..at + size).all(|k| question.operators.at(k).meets(LOOSE));
            let place = if is_free {
                free_place(name, block, &said)
            } else {
                None
            };
            if let Some(place) = place {
                let whole = name.starts[place] || at > 0 && used[at - 1];
                said[place..place + size].fill(if whole { 1.0 } else { INSIDE });
                // The same words said twice say the same thing twice.
                for again in 0..=count - size {
                    if letters[again..again + size] == *block {
                        for k in again..again + size {
                            used[k] = true;
                            explained[k] = explained[k].max(1.0);
                        }
                    }
                }
                at += size;
            } else {
                at += 1;
            }
        }
        size -= 1;
    }
    single_letters(question, name, &mut used, &mut said, &mut explained);
    let weighted: f32 = said.iter().zip(&name.weights).map(|(s, w)| s * w).sum();
    let first: f32 = said.iter().take(name.first_word).sum();
    Alignment {
        explained,
        cover: (weighted / name.total).min(1.0),
        is_verbatim: question.text.contains(&name.text),
        leaves_first: first < name.first_word as f32 * 0.5,
        is_changed: is_changed(letters, &name.letters),
    }
}

/// For each letter of a question how many letters from it on stand in a row somewhere in a name.
fn longest_common(letters: &[char], name: &[char]) -> Vec<usize> {
    let mut longest = vec![0; letters.len()];
    // How far the letters from here and from each place of the name on agree.
    let mut agree = vec![0; name.len() + 1];
    for at in (0..letters.len()).rev() {
        for place in 0..name.len() {
            agree[place] = match letters[at] == name[place] {
                true => agree[place + 1] + 1,
                false => 0,
            };
            longest[at] = longest[at].max(agree[place]);
        }
    }
    longest
}

/// Whether a stretch of the question differs from a name of three letters and more in one letter
/// only.
fn is_changed(letters: &[char], name: &[char]) -> bool {
    if name.len() < 3 || name.len() > letters.len() {
        return false;
    }
    let differences = |window: &[char]| window.iter().zip(name).filter(|(a, b)| a != b).count();
    let fewest = letters.windows(name.len()).map(differences).min();
    fewest == Some(1)
}

fn free_place(name: &Name, block: &[char], said: &[f32]) -> Option<usize> {
    let mut from = 0;
    while let Some(place) = find(&name.letters, block, from) {
        // What a saying means may be said as well: 利用 beside 外资.
        let is_open = |said: &f32| *said == 0.0 || *said == MEANT;
        if said[place..place + block.len()].iter().all(is_open) {
            return Some(place);
        }
        from = place + 1;
    }
    None
}

fn find(letters: &[char], block: &[char], from: usize) -> Option<usize> {
    if block.is_empty() || letters.len() < block.len() {
        return None;
    }
    (from..=letters.len() - block.len()).find(|at| letters[*at..*at + block.len()] == *block)
}

/// Single letters: beside a matched block and at the edge of a word of the name, or two that
/// abbreviate two neighbouring words (文旅 for 文化旅游).
fn single_letters(
    question: &Question,
    name: &Name,
    used: &mut [bool],
    said: &mut [f32],
    explained: &mut [f32],
) {
    let letters = &question.letters.canonical;
    for round in 0..3 {
        let mut changed = false;
        for at in 0..letters.len() {
            if used[at] || question.frame.is_year(at) || !letters[at].is_alphabetic() {
                continue;
            }
            let beside = at > 0 && used[at - 1] || used.get(at + 1).copied().unwrap_or(false);
            if beside {
                if "一二三四五六七八九十两的是和与".contains(letters[at]) {
                    continue;
                }
                let place = (0..name.letters.len()).find(|k| {
                    name.letters[*k] == letters[at] && said[*k] < 1.0 && name.is_edge(*k)
                });
                if let Some(place) = place {
                    used[at] = true;
                    said[place] = 1.0;
                    explained[at] = 0.8;
                    changed = true;
                }
                continue;
            }
            if round > 0 || used.get(at + 1) != Some(&false) {
                continue;
            }
            if let Some((first, second)) = abbreviated(name, letters[at], letters[at + 1], said) {
                used[at] = true;
                used[at + 1] = true;
                explained[at] = 0.9;
                explained[at + 1] = 0.9;
                for place in [first, second] {
                    let end = (place + 2).min(said.len());
                    for rest in &mut said[place..end] {
                        *rest = rest.max(0.7);
                    }
                    said[place] = 1.0;
                }
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Two letters that begin or end two words of the name which stand near each other.
fn abbreviated(name: &Name, one: char, other: char, said: &[f32]) -> Option<(usize, usize)> {
    let length = name.letters.len();
    for first in 0..length {
        let begins = name.starts[first] && !name.ends[first];
        if name.letters[first] != one || said[first] > 0.0 || !begins {
            continue;
        }
        let found = (first + 2..(first + 5).min(length)).find(|second| {
            let edge = name.starts[*second] != name.ends[*second];
            name.letters[*second] == other && said[*second] == 0.0 && edge
        });
        if let Some(second) = found {
            return Some((first, second));
        }
    }
    None
}
