//! The unit that is written in an indicator's name: 粮食产量（万吨）, 失业率/%, 人均收入，元.

use crate::import::pattern::pattern;
use crate::model::{CellRecord, IndicatorNature};
use once_cell::sync::Lazy;
use regex::Regex;

static IN_BRACKETS: Lazy<Regex> = Lazy::new(|| pattern(r"[（(〔\[]([^（()）〔〕\[\]]*)[)）〕\]]$"));
static BEHIND_SIGN: Lazy<Regex> = Lazy::new(|| pattern(r"[/／，,]\s*([%％‰\p{Han}/]{1,6})$"));
static SAYS_UNIT: Lazy<Regex> = Lazy::new(|| pattern(r"^(?:计量)?单位\s*[：:]\s*"));
/// Units after a sign end so: 投入/产出 has none.
const UNITS: &[&str] = &[
    "%",
    "％",
    "‰",
    "元",
    "吨",
    "亩",
    "人",
    "户",
    "个",
    "家",
    "件",
    "公里",
    "平方米",
    "公顷",
    "岁",
    "年",
    "天",
    "张",
    "处",
    "台",
    "套",
    "斤",
    "千瓦",
    "立方米",
    "次",
    "所",
    "座",
    "辆",
    "项",
    "米",
    "升",
    "克",
    "倍",
    "名",
    "头",
    "只",
    "株",
    "口",
    "宗",
    "床",
    "条",
    "册",
];

/// Moves the unit, and the nature, from the name of a record to where they belong.
pub(crate) fn take(record: &mut CellRecord) {
    // A unit and a nature may stand behind each other: 森林覆盖率（%）（约束性）.
    for _ in 0..2 {
        let Some(found) = IN_BRACKETS.captures(&record.indicator) else {
            break;
        };
        let inner = found.get(1).map_or("", |inner| inner.as_str().trim());
        let whole = found.get(0);
        let start = whole.map_or(record.indicator.len(), |whole| whole.start());
        let nature = IndicatorNature::from_word(inner).filter(|_| record.nature.is_empty());
        if let Some(nature) = nature {
            record.nature = nature.word().to_string();
            record.indicator.truncate(start);
            continue;
        }
        let said = SAYS_UNIT.replace(inner, "");
        // What follows a comma explains the unit: 万吨，含薯类.
        let unit = said.split(['，', ',', '；', ';']).next();
        record.unit = unit.unwrap_or_default().trim().to_string();
        record.indicator.truncate(start);
        return;
    }
    let Some(found) = BEHIND_SIGN.captures(&record.indicator) else {
        return;
    };
    let unit = found.get(1).map_or("", |unit| unit.as_str());
    let whole = found.get(0);
    let start = whole.map_or(record.indicator.len(), |whole| whole.start());
    if UNITS.iter().any(|known| unit.ends_with(known)) {
        record.unit = unit.to_string();
        record.indicator.truncate(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_names_are_found_in_every_form() {
        for (printed, name, unit, nature) in [
            ("粮食产量（万吨）", "粮食产量", "万吨", ""),
            ("失业率/%", "失业率", "%", ""),
            ("人均收入，元", "人均收入", "元", ""),
            ("粮食产量（万吨，含薯类）", "粮食产量", "万吨", ""),
            ("棉花产量（单位：万吨）", "棉花产量", "万吨", ""),
            ("森林覆盖率（%）（约束性）", "森林覆盖率", "%", "约束性"),
            ("城镇化率〔%〕", "城镇化率", "%", ""),
            ("投入/产出", "投入/产出", "", ""),
        ] {
            let mut record = CellRecord {
                indicator: printed.to_string(),
                ..CellRecord::default()
            };
            take(&mut record);
            let read = (
                record.indicator.as_str(),
                record.unit.as_str(),
                record.nature.as_str(),
            );
            assert_eq!(read, (name, unit, nature), "{printed}");
        }
    }
}
