//! A whole report in one line: broken where its headings begin.

use crate::import::pattern::pattern;
use once_cell::sync::Lazy;
use regex::Regex;
use std::borrow::Cow;

/// A line with more letters holds more than one paragraph, where headings stand in it.
const LONGEST_LINE: usize = 400;
/// Texts with more lines are broken already.
const MOST_LINES: usize = 4;

/// A heading after the end of a sentence or of the title: 一、2030年…, （一）….
static HEADING: Lazy<Regex> = Lazy::new(|| {
    pattern(concat!(
        r"([。；！？]|报告|草案|计划|纲要)\s*",
        r"((?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|附[件表][0-9一二三四五六七八九十：:]|名词解释))"
    ))
});
/// A chapter's heading that ends where the running text begins: it names its year.
static CHAPTER: Lazy<Regex> = Lazy::new(|| {
    pattern(concat!(
        r"(?m)^([一二三四五六七八九十]{1,3}、[^。，；]{2,30}?",
        r"(?:执行情况|完成情况|工作回顾|工作安排|计划安排|主要任务|工作打算|发展回顾|工作总结))\s*([^\n])"
    ))
});

/// A title before the salutation or the first sentence, parted from it by a space.
static TITLE: Lazy<Regex> =
    Lazy::new(|| pattern(r"^([^。，；\s]{6,60}(?:报告|草案|计划|纲要|[（(]草案[）)]))\s+"));
/// A sentence that turns to another year.
static YEAR: Lazy<Regex> = Lazy::new(|| pattern(r"([。；])\s*(20[0-9]{2}年[，,])"));

/// The text with line ends before its headings, where it has hardly any lines.
pub(crate) fn broken(text: &str) -> Cow<'_, str> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_long =
        |line: &str| line.chars().count() > LONGEST_LINE || HEADING.find_iter(line).count() > 1;
    let (count, long) = lines.fold((0, false), |(count, long), line| {
        (count + 1, long || is_long(line))
    });
    let is_one = count == 1 && TITLE.is_match(text.trim_start());
    // A table in it shows that its lines were kept.
    if count > MOST_LINES || !long && !is_one || text.contains(['|', '\t']) {
        return Cow::Borrowed(text);
    }
    // The title first: it ends before the first heading, and its words would be one.
    let titled = TITLE.replace(text.trim_start(), "$1\n");
    let years = YEAR.replace_all(&titled, "$1\n$2");
    let parted = HEADING.replace_all(&years, "$1\n$2");
    let chapters = CHAPTER.replace_all(&parted, "$1\n$2");
    Cow::Owned(chapters.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_in_one_line_is_broken_at_its_headings() {
        let text = "柳溪县2029年农业计划执行情况及2030年计划草案的报告一、2029年计划执行情况 修渠四十公里。二、2030年计划安排 修渠五十公里。";
        let broken = broken(text);
        let lines: Vec<&str> = broken.lines().collect();
        assert_eq!(lines.len(), 5, "{lines:#?}");
        assert_eq!(lines[1], "一、2029年计划执行情况");
        assert_eq!(lines[4], "修渠五十公里。");
        let plain = super::broken(
            "柳溪县2030年农业工作报告 各位代表：2029年，修渠四十公里。2030年，修渠五十公里。",
        );
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:#?}");
        assert_eq!(
            super::broken("修渠四十公里。一、二是修塘。"),
            "修渠四十公里。一、二是修塘。"
        );
    }
}
