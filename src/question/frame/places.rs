//! Which places a question names, and how people say their own.

use super::{letters_of, overlap};
use crate::language::{in_latin_letters, stands_alone};
use crate::model::{Book, Plan, PlanIx};
use std::collections::BTreeSet;
use std::ops::Range;

/// The short names of provinces and of cities of that rank, as number plates and newspapers use
/// them.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("北京", "京"),
    ("天津", "津"),
    ("河北", "冀"),
    ("山西", "晋"),
    ("内蒙古", "蒙"),
    ("辽宁", "辽"),
    ("吉林", "吉"),
    ("黑龙江", "黑"),
    ("上海", "沪"),
    ("江苏", "苏"),
    ("浙江", "浙"),
    ("安徽", "皖"),
    ("福建", "闽"),
    ("江西", "赣"),
    ("山东", "鲁"),
    ("河南", "豫"),
    ("湖北", "鄂"),
    ("湖南", "湘"),
    ("广东", "粤"),
    ("广西", "桂"),
    ("海南", "琼"),
    ("重庆", "渝"),
    ("四川", "川"),
    ("贵州", "黔"),
    ("云南", "滇"),
    ("西藏", "藏"),
    ("陕西", "陕"),
    ("甘肃", "甘"),
    ("青海", "青"),
    ("宁夏", "宁"),
    ("新疆", "新"),
];
/// Levels of administration, by the last letter of a region's name.
const LEVELS: &[char] = &['国', '省', '市', '区', '县', '州', '旗', '镇', '乡'];

/// The names of the places of a book, each with the plans that are about it.
pub(super) struct Places {
    names: Vec<(String, PlanIx)>,
}

impl Places {
    pub(super) fn of(book: &Book) -> Self {
        let mut names = Vec::new();
        for (at, plan) in book.numbered() {
            let mut of_plan: Vec<String> = plan.region_names.clone();
            of_plan.push(plan.region.clone());
            let mut shorter: Vec<String> = Vec::new();
            for name in &of_plan {
                let bare = name.trim_end_matches(LEVELS);
                if bare.chars().count() >= 2 {
                    shorter.push(bare.to_string());
                }
                let short = SHORT_NAMES.iter().find(|(long, _)| *long == bare);
                shorter.extend(short.map(|(_, short)| (*short).to_string()));
                shorter.push(in_latin_letters(bare));
            }
            of_plan.extend(shorter);
            of_plan.retain(|name| !name.is_empty());
            of_plan.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
            of_plan.dedup();
            names.extend(of_plan.into_iter().map(|name| (name, at)));
        }
        names.sort_by_key(|(name, at)| (std::cmp::Reverse(name.chars().count()), *at));
        Self { names }
    }

    /// The plans whose place a text names, and where. A longer name hides a shorter one inside it.
    pub(super) fn named(&self, text: &str) -> (BTreeSet<PlanIx>, Vec<Range<usize>>) {
        let mut plans = BTreeSet::new();
        let mut spans: Vec<Range<usize>> = Vec::new();
        let letters: Vec<char> = text.chars().collect();
        for (name, at) in &self.names {
            let is_short = name.chars().count() == 1;
            for (start, _) in text.match_indices(name.as_str()) {
                let span = letters_of(text, start..start + name.len());
                let hidden = spans
                    .iter()
                    .any(|known| overlap(known, &span) && known.len() > span.len());
                // One letter names a place only where it begins the question or follows 在, 驻, 全:
                // 在川, 驻琼.
                let before = text[..start].chars().next_back();
                let after = text[start + name.len()..].chars().next();
                let alone = before.is_none_or(|c| c == ' ' || "在全我咱驻来入".contains(c))
                    && after.is_none_or(|c| !"菜剧港江流贝汤味".contains(c));
                let is_whole = stands_alone(&letters, &span);
                if hidden || !is_whole || is_short && !alone {
                    continue;
                }
                plans.insert(*at);
                if !spans.contains(&span) {
                    spans.push(span);
                }
            }
        }
        (plans, spans)
    }
}

/// The short name of a province, or the letter that stands for a part of the world (欧 for 欧洲).
pub fn short_name(place: &str) -> Option<String> {
    let known = SHORT_NAMES.iter().find(|(long, _)| *long == place);
    let of_world = || {
        let first = place.chars().next()?;
        let is_part =
            place.chars().count() == 2 && (place.ends_with('洲') || place.ends_with('国'));
        is_part.then(|| first.to_string())
    };
    known
        .map(|(_, short)| (*short).to_string())
        .or_else(of_world)
}

/// Whether a plan is about a region, by any of its names.
pub(super) fn is_region(plan: &Plan, home: &str) -> bool {
    plan.region == home || plan.region_names.iter().any(|name| name == home)
}

/// 我区, 全省, 咱们市, 本县: the region in the mouth of who lives there.
pub(super) fn own_words(text: &str, region: &str) -> Vec<Range<usize>> {
    let Some(level) = region.chars().last().filter(|c| LEVELS.contains(c)) else {
        return Vec::new();
    };
    let before = ["全", "我", "咱", "咱们", "我们", "俺们", "本", "这", "俺"];
    let mut spans = Vec::new();
    let said = before.iter().map(|word| format!("{word}{level}"));
    for own in said.chain([format!("{level}里")]) {
        for (start, _) in text.match_indices(&own) {
            spans.push(letters_of(text, start..start + own.len()));
        }
    }
    for own in [
        "本地",
        "当地",
        "我们这里",
        "我们这",
        "咱们这",
        "咱这",
        "我们这边",
        "咱们",
        "我们",
    ] {
        for (start, _) in text.match_indices(own) {
            spans.push(letters_of(text, start..start + own.len()));
        }
    }
    spans
}
