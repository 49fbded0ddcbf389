//! The lines above a table: its label, its title, the unit of its figures.

use super::super::account::{Account, Owner};
use super::super::document::{Block, Document};
use super::super::outline::{self, Outline, Role};
use super::super::pattern::pattern;
use once_cell::sync::Lazy;
use regex::Regex;

static UNIT: Lazy<Regex> =
    Lazy::new(|| pattern(r"[（(]?\s*(?:计量)?单\s*位\s*[：:]\s*([^（()）]{1,30}?)\s*[）)]?$"));
/// A place before the year or the subject of a table.
static PLACE: Lazy<Regex> = Lazy::new(|| {
    pattern(concat!(
        r"^(?:20[0-9]{2}年)?(\p{Han}{1,8}?(?:新区|高新区|开发区|经开区|园区|度假区|镇|乡|街道|县|区|市))",
        r"(?:20[0-9]{2}年|主要|国民|经济|社会)"
    ))
});
/// Endings of names that are measured in hundredths.
const SHARES: &[&str] = &["率", "比重", "增速", "增幅", "增长", "占比", "比例"];

/// What stands above a table.
pub(crate) struct Caption {
    /// 附件1, or 表1 where no label is printed.
    pub label: String,
    pub title: String,
    /// The part of the region that the table is of; none where it is of the whole.
    pub part: Option<String>,
    /// The units of the line 单位：…, in order.
    units: Vec<String>,
}

impl Caption {
    /// Reads the lines above a table and claims them.
    pub(crate) fn of(
        document: &Document,
        outline: &Outline,
        table: usize,
        number: usize,
        account: &mut Account,
    ) -> Self {
        let mut label = None;
        let mut title = String::new();
        let mut units = Vec::new();
        let is_caption = |at: &usize| outline.roles[*at] == Role::Caption;
        // From the table upwards, so that a caption of another table further up is not taken.
        let above: Vec<usize> = (0..table).rev().take_while(is_caption).collect();
        for at in above.into_iter().rev() {
            let Block::Line { span, .. } = &document.blocks[at] else {
                continue;
            };
            account.claim(span, Owner::Structure("表题"));
            let mut line = document.slice(span);
            if let Some(found) = UNIT.captures(line) {
                let said = found.get(1).map_or("", |said| said.as_str());
                units = said
                    .split(['、', '，', ',', '/', '；'])
                    .map(|unit| unit.trim().to_string())
                    .filter(|unit| !unit.is_empty())
                    .collect();
                let start = found.get(0).map_or(0, |whole| whole.start());
                line = line.get(..start).unwrap_or_default().trim();
            }
            match outline::label(line) {
                Some((found, rest)) => {
                    label = Some(found);
                    title.push_str(&rest);
                }
                None => title.push_str(line),
            }
        }
        // Under one 附件 several tables may stand: the label alone would then name the first.
        let several = label.as_deref().is_some_and(|_| number > 1);
        Self {
            label: label
                .filter(|_| !several || !title.is_empty())
                .unwrap_or_else(|| format!("表{number}")),
            title,
            part: None,
            units,
        }
    }

    /// The part of the region that the table is of (高新区2031年主要指标表); none where it is of the
    /// whole.
    pub(crate) fn part_of(&self, region: &str) -> Option<String> {
        let found = PLACE.captures(&self.title)?;
        let place = found.get(1)?.as_str();
        (!is_whole(place, region)).then(|| place.to_string())
    }

    /// The unit of an indicator that has none of its own: the only one of the line 单位：…, or of
    /// several the one that its name asks for (…率 is in hundredths).
    pub(crate) fn unit_of(&self, indicator: &str) -> String {
        let is_share = SHARES.iter().any(|ending| indicator.ends_with(ending));
        let fits = |unit: &&String| (unit.as_str() == "%") == is_share;
        let unit = match self.units.as_slice() {
            [only] => Some(only),
            // Of 单位：万元、% each indicator has one, by what its name says of itself.
            several => several.iter().find(fits),
        };
        unit.cloned().unwrap_or_default()
    }
}

/// Whether a place is the region itself, or all of it.
pub(crate) fn is_whole(place: &str, region: &str) -> bool {
    region.is_empty()
        || region.contains(place)
        || place.contains(region)
        || place.starts_with(['全', '本', '我', '各', '分'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_may_be_of_a_part_of_the_region() {
        let part = |title: &str| {
            let caption = Caption {
                label: String::new(),
                title: title.to_string(),
                part: None,
                units: Vec::new(),
            };
            caption.part_of("青岭市柳溪县")
        };
        assert_eq!(
            part("临港新区2030年主要指标表").as_deref(),
            Some("临港新区")
        );
        assert_eq!(part("2030年柏溪镇经济指标").as_deref(), Some("柏溪镇"));
        assert_eq!(part("柳溪县2030年国民经济计划"), None);
        assert_eq!(part("全县2030年主要指标"), None);
        assert_eq!(part("2030年主要指标表"), None);
    }

    #[test]
    fn the_unit_of_the_caption_goes_to_the_names_that_it_fits() {
        let caption = |units: &[&str]| Caption {
            label: String::new(),
            title: String::new(),
            part: None,
            units: units.iter().map(|unit| (*unit).to_string()).collect(),
        };
        assert_eq!(caption(&["亿元"]).unit_of("粮食产值"), "亿元");
        assert_eq!(caption(&["亿元", "%"]).unit_of("粮食产值"), "亿元");
        assert_eq!(caption(&["亿元", "%"]).unit_of("灌溉覆盖率"), "%");
        assert_eq!(caption(&[]).unit_of("粮食产值"), "");
        let unit = |line: &str| UNIT.captures(line).map(|found| found[1].to_string());
        assert_eq!(unit("（单位：亿元、%）").as_deref(), Some("亿元、%"));
        assert_eq!(unit("主要指标表 单位：万吨").as_deref(), Some("万吨"));
        assert_eq!(unit("计划指标表"), None);
    }
}
