//! Units of measure and measure words, by what they measure.

use std::collections::BTreeMap;

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// 元
    Money,
    /// %, 个百分点
    Share,
    /// 平方米
    Area,
    /// 公里
    Length,
    /// 吨
    Mass,
    /// 千瓦时
    Energy,
    /// 立方米
    Volume,
    /// 微克/立方米
    Density,
    /// 人
    Person,
    /// 天, 岁
    Time,
    /// 个
    Count,
}

impl UnitKind {
    /// The word of the data file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Share => "share",
            Self::Area => "area",
            Self::Length => "length",
            Self::Mass => "mass",
            Self::Energy => "energy",
            Self::Volume => "volume",
            Self::Density => "density",
            Self::Person => "person",
            Self::Time => "time",
            Self::Count => "count",
        }
    }

    /// Reads the word of the data file.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Money,
        Self::Share,
        Self::Area,
        Self::Length,
        Self::Mass,
        Self::Energy,
        Self::Volume,
        Self::Density,
        Self::Person,
        Self::Time,
        Self::Count,
    ];
}

/// Sizes that stand before a unit: 万 人.
const SIZES: &[&str] = &[
    "万亿", "千亿", "百亿", "千万", "百万", "亿", "万", "千", "百",
];

/// The units of the data file, compiled.
#[derive(Debug, Clone, Default)]
pub struct Units {
    kinds: BTreeMap<String, UnitKind>,
    /// Endings of nouns that tell what they are measured in.
    nouns: Vec<(String, UnitKind)>,
    /// Nouns that only name what a unit measures.
    dimensions: BTreeMap<String, UnitKind>,
    longest: usize,
}

impl Units {
    /// Compiles units, endings of nouns and names of dimensions, each with what it measures.
    pub fn new(
        units: &[(UnitKind, Vec<String>)],
        nouns: &[(UnitKind, Vec<String>)],
        dimensions: &[(UnitKind, Vec<String>)],
    ) -> Self {
        let mut kinds = BTreeMap::new();
        for (kind, words) in units {
            for word in words {
                kinds.entry(super::fold(word)).or_insert(*kind);
            }
        }
        let mut endings: Vec<(String, UnitKind)> = nouns
            .iter()
            .flat_map(|(kind, words)| words.iter().map(|word| (super::fold(word), *kind)))
            .collect();
        endings.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
        let longest = kinds
            .keys()
            .map(|word| word.chars().count())
            .max()
            .unwrap_or(0);
        let named = dimensions
            .iter()
            .flat_map(|(kind, words)| words.iter().map(|word| (super::fold(word), *kind)));
        Self {
            kinds,
            nouns: endings,
            dimensions: named.collect(),
            longest,
        }
    }

    /// What a unit measures; sizes before it (万人) change nothing.
    pub fn kind(&self, unit: &str) -> Option<UnitKind> {
        if let Some(kind) = self.kinds.get(unit) {
            return Some(*kind);
        }
        let bare = SIZES.iter().find_map(|size| unit.strip_prefix(size))?;
        self.kinds.get(bare).copied()
    }

    /// The unit that some letters begin with, sizes included.
    pub fn leading(&self, letters: &[char]) -> Option<String> {
        let most = (self.longest + 2).min(letters.len());
        (1..=most).rev().find_map(|length| {
            let unit: String = letters[..length].iter().collect();
            let is_size = SIZES.contains(&unit.as_str());
            (is_size || self.kind(&unit).is_some()).then_some(unit)
        })
    }

    /// What the figures of a text measure: what stands after digits in it, 余 and 多 apart. The text
    /// is folded.
    pub fn kinds_in(&self, text: &str) -> Vec<UnitKind> {
        let letters: Vec<char> = text
            .chars()
            .filter(|letter| !"余多".contains(*letter))
            .collect();
        let after_digit = |at: &usize| letters[at - 1].is_ascii_digit();
        let ends = (1..letters.len()).filter(after_digit);
        let units = ends.filter_map(|end| self.leading(&letters[end..]));
        units.filter_map(|unit| self.kind(&unit)).collect()
    }

    /// What a noun is measured in, by its ending, or by the unit that it is made of (元数).
    pub fn kind_of_noun(&self, noun: &str) -> Option<UnitKind> {
        let mut nouns = self.nouns.iter();
        let known = nouns.find(|(ending, _)| noun.ends_with(ending.as_str()));
        let by_unit = || self.kind(noun.strip_suffix('数')?);
        known.map(|(_, kind)| *kind).or_else(by_unit)
    }

    /// What a noun names that only says what is measured, and so adds nothing to a figure with its
    /// unit: 里程 to 2330公里.
    pub fn said_by_unit(&self, noun: &str) -> Option<UnitKind> {
        self.dimensions.get(noun).copied()
    }

    /// Whether two kinds may be meant by one question: people are counted too.
    pub fn agree(one: UnitKind, other: UnitKind) -> bool {
        use UnitKind::{Count, Person};
        one == other || matches!((one, other), (Count, Person) | (Person, Count))
    }
}
