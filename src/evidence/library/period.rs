//! Of which part of a year, or of how many years together, a clause speaks: its figures are then
//! those of no single year.

use crate::model::SectionPath;
use once_cell::sync::Lazy;
use regex::Regex;

/// What a clause may say of its period. The first group says that it speaks of the whole year after
/// all; the second holds for its own clause alone.
static PERIOD: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"(?P<whole>全年|年度|一年来)",
        r"|(?P<own>年均|累计)",
        r"|截[至止][^，；。]{0,12}",
        r"|(?:[二两三四五六七八九十几近]|[2-9]|10)(?:个)?年(?:来|间)",
        r"|第?[一二三四1-4]季度|前[二三两]个?季度|(?:上|下)半年",
        r"|[一1][-—–~～至到](?:1[0-2]|[2-9]|十[一二]?|[二三四五六七八九])月份?",
        r"|前(?:[二三四五六七八九十]|[0-9]+)个?月",
        r"|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份"
    ))
    .ok()
});

/// Years together in a heading: 过去五年工作回顾.
static SEVERAL: Lazy<Option<Regex>> =
    Lazy::new(|| Regex::new(r"(?:过去|近|这|以来的?)(?P<years>[二两三四五六七八九十]年)").ok());

/// The years together that a chapter speaks of, where its heading says so.
pub(super) fn several_years(path: &SectionPath) -> Option<String> {
    let pattern = SEVERAL.as_ref()?;
    let headings = [&path.section, &path.chapter];
    let found = headings
        .iter()
        .find_map(|heading| pattern.captures(heading))?;
    Some(found.name("years")?.as_str().to_string())
}

/// The period of a clause as it is printed, told from what stands before it in its stretch.
pub(super) fn period_of(before: &str, clause: &str) -> Option<String> {
    let pattern = PERIOD.as_ref()?;
    if let Some(found) = pattern.captures_iter(clause).last() {
        return (found.name("whole").is_none()).then(|| found[0].to_string());
    }
    let carried = |found: &regex::Captures<'_>| found.name("own").is_none();
    let found = pattern.captures_iter(before).filter(carried).last()?;
    (found.name("whole").is_none()).then(|| found[0].to_string())
}

#[cfg(test)]
mod tests {
    use super::period_of;

    #[test]
    fn the_nearest_period_holds() {
        for (before, clause, period) in [
            ("", "一季度粮仓入库3万吨", Some("一季度")),
            ("一季度，", "粮仓入库3万吨", Some("一季度")),
            ("上半年入库5万吨，", "全年力争入库9万吨", None),
            ("五年来，累计修渠58公里，", "护渠员增加4人", Some("五年来")),
            ("累计修渠58公里，", "护渠员增加4人", None),
            ("", "到访游客年均增长7%", Some("年均")),
            ("一年来，", "修渠9公里", None),
            ("截至11月底，", "修渠9公里", Some("截至11月底")),
            ("", "1—5月修渠9公里", Some("1—5月")),
        ] {
            assert_eq!(
                period_of(before, clause).as_deref(),
                period,
                "{before}{clause}"
            );
        }
    }
}
