//! What a standard name says without the ending that only tells how the thing is counted: reports
//! print 居民消费价格上涨2% for 居民消费价格指数 and 接待游客850万人次 for 接待游客人次.

/// Endings that say how something is counted, longest first.
const COUNTED_BY: &[&str] = &[
    "拥有量",
    "指数",
    "总额",
    "总量",
    "总数",
    "余额",
    "规模",
    "面积",
    "容量",
    "里程",
    "人次",
    "数量",
    "额",
    "量",
    "数",
];
/// A shorter stem is a part of too many other names.
const LEAST_STEM: usize = 4;

/// A name without such an ending.
pub fn stem(name: &str) -> Option<&str> {
    let ending = COUNTED_BY.iter().find(|ending| name.ends_with(**ending))?;
    let stem = name.strip_suffix(ending)?;
    (stem.chars().count() > 1).then_some(stem)
}

/// The same, where what is left tells the name from others by itself.
pub fn telling_stem(name: &str) -> Option<&str> {
    stem(name).filter(|stem| stem.chars().count() >= LEAST_STEM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_long_enough_to_be_no_other_name() {
        assert_eq!(telling_stem("渔船燃油价格指数"), Some("渔船燃油价格"));
        assert_eq!(telling_stem("温室供热面积"), Some("温室供热"));
        assert_eq!(telling_stem("用水总量"), None);
        assert_eq!(stem("用水总量"), Some("用水"));
        assert_eq!(stem("森林覆盖率"), None);
    }
}
