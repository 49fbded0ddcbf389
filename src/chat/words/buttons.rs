//! What stands on the buttons under a message.

/// Buttons where none can be pressed: each by its number.
pub(crate) fn buttons_by_number(labels: &[&str]) -> String {
    let numbered = labels.iter().enumerate();
    let numbered: Vec<String> = numbered
        .map(|(at, label)| format!("［{} {label}］", at + 1))
        .collect();
    format!("{}（回复数字）", numbered.concat())
}

/// Over buttons that were too many for the message before.
pub(crate) const MORE_BUTTONS: &str = "（其余的按钮）";

/// The link that opens this in a chat with the bot.
pub(crate) fn link(link: &str) -> String {
    format!("链接：{link}")
}

/// The button that draws an indicator.
pub(crate) const CHART_BUTTON: &str = "对比图";

/// The button that shows the quoted text where it stands.
pub(crate) const ORIGINAL_BUTTON: &str = "原文";

/// The button that shows how the question was read.
pub(crate) const WHY_BUTTON: &str = "为什么这样答";

/// The button that copies a value.
pub(crate) fn copy_button(value: &str) -> String {
    format!("复制 {value}")
}

/// A label of a button has at most so many letters.
const LONGEST_BUTTON: usize = 30;

/// A choice as a button. Labels that are too long are cut in the middle: they differ at their ends.
pub(crate) fn choice_button(label: &str) -> String {
    let letters: Vec<char> = label.chars().collect();
    if letters.len() <= LONGEST_BUTTON {
        return label.to_string();
    }
    let kept = (LONGEST_BUTTON - 1) / 2;
    let head: String = letters.iter().take(kept + 1).collect();
    let tail: String = letters.iter().skip(letters.len() - kept).collect();
    format!("{head}…{tail}")
}

/// The button of the page before; counted from one.
pub(crate) fn page_before(page: usize, pages: usize) -> String {
    format!("‹ 上一页 {page}/{pages}")
}

/// The button of the page behind.
pub(crate) fn page_behind(page: usize, pages: usize) -> String {
    format!("下一页 {page}/{pages} ›")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_keeps_both_its_ends() {
        let short = "某项指标 · 2022年目标";
        assert_eq!(choice_button(short), short);
        let long = format!("{}（按某某口径计算）增速 · 2022年目标", "某".repeat(30));
        let cut = choice_button(&long);
        assert_eq!(cut.chars().count(), LONGEST_BUTTON);
        assert!(
            cut.starts_with("某某") && cut.ends_with("增速 · 2022年目标"),
            "{cut}"
        );
    }
}
