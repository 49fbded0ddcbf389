//! Whether a cell names an indicator: its name, and around it only a number, 其中, and in brackets
//! its unit.

use crate::exam::faithful::solid;
use crate::model::CellRecord;
use once_cell::sync::Lazy;
use regex::Regex;

static BEFORE: Lazy<Option<Regex>> =
    Lazy::new(|| Regex::new(r"^(?:\d{1,3}[.．、]?)?(?:其中[：:]?|[＃#])?$").ok());
const PARTING: &[char] = &[
    '（', '）', '(', ')', '〔', '〕', '[', ']', '，', ',', '；', ';', '：', ':', '、',
];

/// How a cell names an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// What stands before the name: its number.
    pub before: String,
    /// What stands behind it in brackets or behind a sign, in parts.
    pub behind: Vec<String>,
    /// What it is a part of.
    pub group: Option<String>,
}

/// How a cell names the indicator of a record; none where it does not.
pub(crate) fn named(cell: &str, record: &CellRecord) -> Option<Named> {
    let name = solid(&record.indicator);
    if let Some((before, behind)) = stands_in(cell, &name) {
        return Some(Named {
            before,
            behind,
            group: None,
        });
    }
    let (group, part) = name.rsplit_once('/')?;
    let (before, behind) = stands_in(cell, part)?;
    Some(Named {
        before,
        behind,
        group: Some(group.to_string()),
    })
}

/// What stands before and behind a name in a cell that has nothing else.
fn stands_in(cell: &str, name: &str) -> Option<(String, Vec<String>)> {
    let pattern = BEFORE.as_ref()?;
    if name.is_empty() {
        return None;
    }
    cell.match_indices(name).find_map(|(at, _)| {
        let (before, behind) = (&cell[..at], &cell[at + name.len()..]);
        let fits =
            behind.is_empty() || behind.starts_with(['（', '(', '〔', '[', '/', '／', '，', ',']);
        let fits = fits && pattern.is_match(before);
        fits.then(|| (before.to_string(), parts(behind)))
    })
}

/// The parts of what stands behind a name or over a column: a unit is one of them.
pub(crate) fn parts(text: &str) -> Vec<String> {
    let whole = text.trim_start_matches(['/', '／']);
    let pieces = whole.split(PARTING);
    let finer = whole.split(|letter| PARTING.contains(&letter) || "/／".contains(letter));
    let mut parts: Vec<String> = Vec::new();
    for piece in pieces.chain(finer).filter(|piece| !piece.is_empty()) {
        if !parts.iter().any(|known| known == piece) {
            parts.push(piece.to_string());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_only_its_number_and_its_unit_around_it() {
        let record = |name: &str, unit: &str| CellRecord {
            indicator: name.to_string(),
            unit: unit.to_string(),
            ..CellRecord::default()
        };
        let is_named = |cell, name, unit| named(cell, &record(name, unit)).is_some();
        for (cell, name, unit) in [
            ("粮食产量", "粮食产量", ""),
            ("3.粮食产量（万吨）", "粮食产量", "万吨"),
            ("其中：早稻", "早稻", ""),
            ("早稻", "粮食/早稻", ""),
            ("失业率/%", "失业率", "%"),
        ] {
            assert!(is_named(cell, name, unit), "{cell} {name}");
        }
        for (cell, name, unit) in [
            ("粮食产量增速", "粮食产量", ""),
            ("人均粮食产量", "粮食产量", ""),
            ("粮食产值", "粮食产值增速", "%"),
            ("", "", ""),
        ] {
            assert!(!is_named(cell, name, unit), "{cell} {name}");
        }
        assert_eq!(parts("（元/亩）"), ["元/亩", "元", "亩"]);
    }
}
