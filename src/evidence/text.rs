//! A text of the documents as it is compared, and how well a word stands in it.

use crate::language::{Entry, PartOfSpeech, entry, segment, telling_stem};
use std::sync::OnceLock;

/// A text as it is compared.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// Canonical: folded, synonyms replaced, without blanks.
    pub canonical: String,
    pub(super) letters: Vec<char>,
    /// Whether it says of anything what it is not (非房地产).
    pub(super) denies: bool,
    /// What its words say, taken apart where it is first asked for: few texts ever are.
    said: OnceLock<Said>,
}

/// What the words of a text say of it.
#[derive(Debug, Clone, Default)]
struct Said {
    /// For each letter whether a word begins or ends there.
    edges: Vec<(bool, bool)>,
    /// What sorts of things it names.
    names: Sorts,
    /// Where names of persons, or family names, begin and end, in letters.
    persons: Vec<(usize, usize)>,
}

/// What sorts of things a text names: who asks for one is not answered by a text without any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sorts {
    /// A day, a month, a season, a year.
    pub time: bool,
    /// An office, a company, a person.
    pub actor: bool,
    /// An office, a company, an organisation: no person.
    pub organ: bool,
    /// A place.
    pub place: bool,
    /// A figure.
    pub figure: bool,
}

/// Endings of words that name an organisation.
const ORGANS: &[&str] = &[
    "委", "局", "部", "办", "院", "公司", "政府", "单位", "中心", "集团", "部门", "小组", "银行",
    "会", "校", "社", "厅", "处", "科", "队", "协会", "街道",
];
/// Endings of other words that name who acts.
const ACTORS: &[&str] = &["人", "企业"];
/// Endings of words that name where something is.
const PLACES: &[&str] = &[
    "区", "路", "街", "桥", "口", "园", "镇", "村", "县", "市", "省", "山", "江", "河", "岸", "站",
    "城", "楼", "里", "巷", "湾", "岛", "馆", "坝", "坪", "碑", "广场",
];
/// Endings of words that say when.
const TIMES: &[&str] = &[
    "月", "日", "年", "季度", "底", "初", "天", "周", "前", "期间", "时", "末", "内",
];

/// A person's name has at most so many letters.
const LONGEST_PERSON: usize = 3;

/// Abbreviations have at most so many letters.
pub(super) const LONGEST_ABBREVIATION: usize = 4;

/// What makes another thing of a noun.
const NOT: char = '非';
/// A name that has several words is this long, in letters.
const LEAST_OF_A_LONG_NAME: usize = 5;
/// What the other words of a long name are worth where the last one is missing.
const WITHOUT_LAST_WORD: f32 = 0.6;
/// What a name is worth whose ending is not printed: hardly less than the whole.
const WORTH_OF_STEM: f32 = 0.88;

impl Said {
    fn of(letters: &[char]) -> Self {
        use PartOfSpeech as P;
        let mut said = Self {
            edges: vec![(false, false); letters.len()],
            ..Self::default()
        };
        let mut follows_time = false;
        for piece in segment(letters, &|_: &[char]| Vec::<(usize, Entry)>::new()) {
            said.edges[piece.start].0 = true;
            said.edges[piece.end - 1].1 = true;
            if let Some(at) = inner_edge(&letters[piece.start..piece.end]) {
                said.edges[piece.start + at - 1].1 = true;
                said.edges[piece.start + at].0 = true;
            }
            let word: String = letters[piece.start..piece.end].iter().collect();
            let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
            let names = &mut said.names;
            // 内 of 内环路 is no time by itself, as it is after 三年.
            let is_alone = piece.end - piece.start == 1 && !follows_time;
            names.time |= piece.part == P::Time || ends(TIMES) && !is_alone;
            follows_time = matches!(piece.part, P::Time | P::Number);
            // The dictionary has districts among the organisations.
            let is_organ = piece.part == P::Organisation && !ends(PLACES) || ends(ORGANS);
            names.organ |= is_organ;
            names.actor |=
                is_organ || matches!(piece.part, P::Organisation | P::Person) || ends(ACTORS);
            names.place |= piece.part == P::Place || ends(PLACES);
            names.figure |= piece.part == P::Number;
            if piece.part == P::Person {
                said.persons.push((piece.start, piece.end));
            }
        }
        said
    }
}

impl Text {
    /// Prepares a canonical text.
    pub fn new(canonical: &str) -> Self {
        let letters: Vec<char> = canonical.chars().collect();
        Self {
            canonical: canonical.to_string(),
            denies: letters.contains(&NOT),
            letters,
            said: OnceLock::new(),
        }
    }

    fn said(&self) -> &Said {
        self.said.get_or_init(|| Said::of(&self.letters))
    }

    /// What sorts of things it names.
    pub fn names(&self) -> Sorts {
        self.said().names
    }

    /// How well a word stands in it: 1 verbatim, less for most of its pairs, for its halves, for
    /// its abbreviation.
    pub fn holds(&self, word: &str) -> f32 {
        if word.is_empty() || self.letters.is_empty() {
            return 0.0;
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.holds_number(word);
        }
        if word.is_ascii() {
            return if self.holds_latin(word) { 1.0 } else { 0.0 };
        }
        if let Some(is_itself) = self.stands(word) {
            return f32::from(u8::from(is_itself));
        }
        if word.starts_with(NOT) {
            return 0.0;
        }
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < 2 {
            return 0.0;
        }
        let mut best: f32 = 0.0;
        if letters.len() >= 3 {
            let mut pair = String::with_capacity(8);
            let pairs = letters.windows(2);
            let count = pairs.len() as f32;
            let found = pairs
                .filter(|two| {
                    pair.clear();
                    pair.extend(two.iter());
                    self.canonical.contains(pair.as_str())
                })
                .count() as f32;
            if found / count >= 0.5 {
                best = 0.8 * found / count;
            }
            // The last word says what is measured: 投入增长 is no 投入强度.
            let last: String = letters[letters.len() - 2..].iter().collect();
            if letters.len() >= LEAST_OF_A_LONG_NAME && !self.canonical.contains(&last) {
                best *= WITHOUT_LAST_WORD;
            }
        }
        if letters.len() == 4 {
            let halves = [&letters[..2], &letters[2..]].map(|half| half.iter().collect::<String>());
            let stands =
                |half: &String| entry(half).is_some() && self.canonical.contains(half.as_str());
            if halves.iter().all(stands) {
                best = best.max(0.85);
            }
        }
        let has_stem = |stem: &str| self.canonical.contains(stem);
        if best < WORTH_OF_STEM && telling_stem(word).is_some_and(has_stem) {
            best = WORTH_OF_STEM;
        }
        if letters.len() <= LONGEST_ABBREVIATION && best < 0.75 && self.abbreviates(&letters) {
            best = 0.75;
        }
        best
    }

    /// Whether a word stands in it as itself, or only as what it is not (房地产 in 非房地产); none where
    /// its letters do not stand together.
    fn stands(&self, word: &str) -> Option<bool> {
        let mut found = self.canonical.match_indices(word).peekable();
        found.peek()?;
        Some(found.any(|(at, _)| !self.canonical[..at].ends_with(NOT)))
    }

    /// Whether it names who has a role: a person's name stands right beside the whole word for the
    /// role (院长王某, 王某院长); 书记 is no word of 总书记.
    pub fn names_holder(&self, role: &str) -> bool {
        let role: Vec<char> = role.chars().collect();
        let said = self.said();
        let last_start = (self.letters.len() + 1).saturating_sub(role.len());
        (0..last_start).any(|start| {
            let end = start + role.len();
            let is_said = self.letters[start..end] == role[..];
            let is_whole = is_said && said.edges[start].0 && said.edges[end - 1].1;
            let is_beside = |(from, to): &(usize, usize)| {
                *from == end || *to <= start && start <= *from + LONGEST_PERSON
            };
            is_whole && said.persons.iter().any(is_beside)
        })
    }

    /// A number stands only as the same number: 15 is not in 153 and not in 1.15.
    fn holds_number(&self, word: &str) -> f32 {
        let digits = |c: char| c.is_ascii_digit() || c == '.';
        let stands = |text: &str| {
            self.canonical.match_indices(text).any(|(at, _)| {
                let before = self.canonical[..at].chars().next_back();
                let after = &self.canonical[at + text.len()..];
                let goes_on = after.starts_with(|c: char| c.is_ascii_digit())
                    || after.starts_with('.')
                        && after[1..].starts_with(|c: char| c.is_ascii_digit());
                !(before.is_some_and(digits) || text.ends_with(digits) && goes_on)
            })
        };
        if stands(word) {
            return 1.0;
        }
        let bare: String = word.chars().take_while(|c| digits(*c)).collect();
        if bare != word && stands(&bare) {
            0.5
        } else {
            0.0
        }
    }

    fn holds_latin(&self, word: &str) -> bool {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        self.canonical.match_indices(word).any(|(at, _)| {
            let before = self.canonical[..at].chars().next_back();
            let rest = &self.canonical[at + word.len()..];
            let mut after = rest.chars();
            let next = after.next();
            // A point goes on where a digit follows: pm2 is not in pm2.5.
            let goes_on = next == Some('.') && latin(after.next());
            !latin(before) && !latin(next) && !goes_on
        })
    }

    /// Whether letters stand in order, each near the one before and at the edge of a word: 营收 in
    /// 营业收入.
    fn abbreviates(&self, word: &[char]) -> bool {
        let edges = &self.said().edges;
        (0..self.letters.len()).any(|start| {
            if self.letters[start] != word[0] || !edges[start].0 {
                return false;
            }
            let mut last = start;
            word[1..].iter().all(|letter| {
                let near = last + 1..(last + 5).min(self.letters.len());
                let next = near
                    .into_iter()
                    .find(|at| self.letters[*at] == *letter && (edges[*at].0 || edges[*at].1));
                last = next.unwrap_or(last);
                next.is_some()
            })
        })
    }
}

/// Where the second of two words begins that a longer word is made of: 科学技术 is 科技 for short.
fn inner_edge(word: &[char]) -> Option<usize> {
    let is_word = |letters: &[char]| entry(&letters.iter().collect::<String>()).is_some();
    let mut inner = 2..word.len().saturating_sub(1);
    inner.find(|at| is_word(&word[..*at]) && is_word(&word[*at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_whole_in_parts_or_abbreviated() {
        let text = Text::new("茶园营业收入增长153亩,建成pm2.5站");
        assert_eq!(text.holds("茶园"), 1.0);
        assert_eq!(text.holds("营收"), 0.75);
        assert_eq!(text.holds("15亩"), 0.0);
        assert_eq!(text.holds("153"), 1.0);
        assert_eq!(text.holds("pm2.5"), 1.0);
        assert_eq!(text.holds("pm2"), 0.0);
        assert_eq!(text.holds("竹林"), 0.0);
    }

    #[test]
    fn a_role_has_a_holder_where_a_person_stands_beside_it() {
        for (text, role, is_named) in [
            ("院长王平作报告", "院长", true),
            ("请王平院长到会", "院长", true),
            ("院长办公会研究,王平到会", "院长", false),
            ("总书记王平到会", "书记", false),
        ] {
            assert_eq!(
                Text::new(text).names_holder(role),
                is_named,
                "{text}: {role}"
            );
        }
    }
}
