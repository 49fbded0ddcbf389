//! The forms of a glossary's entries: how they are numbered, where a name ends, where one entry of
//! a line ends and the next begins.

use super::super::pattern::pattern;
use once_cell::sync::Lazy;
use regex::Regex;

static NUMBER: Lazy<Regex> = Lazy::new(|| {
    pattern(concat!(
        r"^(?:\*\*)?(?:第?([0-9０-９]{1,3})\s*[.．、条]|[（(]([0-9]{1,3})[）)]|［\s*([0-9]{1,3})\s*[］\]]",
        r"|[\[【]\s*\^?([0-9]{1,3})\s*[\]】]\s*[：:]?|([①-⑳⑴-⒇])|([一二三四五六七八九十]{1,3})、",
        r"|[（(]([一二三四五六七八九十]{1,3})[）)]|第([一二三四五六七八九十]{1,3})[条、]",
        r"|注\s*([0-9]{1,2})\s*[：:.．、])\s*"
    ))
});
/// The page on which a term stands: P3, 第5页.
static PAGE: Lazy<Regex> =
    Lazy::new(|| pattern(r"^(?:[PpＰ]\.?\s*[0-9]{1,3}|第\s*[0-9]{1,3}\s*页)\s*[：:、.]?\s*"));
const NUMBERINGS: usize = 9;
const LONGEST_NAME: usize = 60;
/// A name that stands on a line of its own, or before a full stop, is shorter, in letters.
const LONGEST_LONE_NAME: usize = 30;

/// The number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pub value: u32,
    /// In which form it is written: entries of one glossary share it.
    form: usize,
    /// Where the text after it begins.
    pub end: usize,
}

/// The number at the start of a line.
pub(crate) fn number(line: &str) -> Option<Number> {
    let found = NUMBER.captures(line)?;
    let form = (1..=NUMBERINGS).find(|group| found.get(*group).is_some())?;
    Some(Number {
        value: value(found.get(form)?.as_str())?,
        form,
        end: found.get(0)?.end(),
    })
}

/// The page before a name, by its length.
pub(crate) fn page(text: &str) -> usize {
    PAGE.find(text).map_or(0, |found| found.end())
}

/// Where the entries of one line begin: ①甲：…。②乙：….
pub(crate) fn beginnings(line: &str) -> Vec<usize> {
    let mut begins = vec![0];
    let Some(mut last) = number(line) else {
        return begins;
    };
    for (at, sign) in line.char_indices() {
        if !"。；;".contains(sign) {
            continue;
        }
        let after = line.get(at + sign.len_utf8()..).unwrap_or_default();
        let start = line.len() - after.trim_start().len();
        let Some(next) = number(after.trim_start()) else {
            continue;
        };
        // 包括：1.甲；2.乙 inside a definition names no entries.
        let text = line.get(start + next.end..).unwrap_or_default();
        // All three: a count within a definition has another form or begins anew.
        if next.value == last.value + 1 && next.form == last.form && name_end(text).is_some() {
            begins.push(start);
            last = next;
        }
    }
    begins
}

/// Whether a line may be a name whose definition stands on the next line.
pub(crate) fn is_name(line: &str) -> bool {
    (2..=LONGEST_LONE_NAME).contains(&line.chars().count()) && !line.contains(['。', '；', '，'])
}

/// 12, １２, ⑫, ⑿ and 十二 are the same number.
fn value(written: &str) -> Option<u32> {
    let mut letters = written.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        for first in ['①', '⑴'] {
            let offset = (letter as u32).checked_sub(first as u32);
            if let Some(offset) = offset.filter(|offset| *offset < 20) {
                return Some(offset + 1);
            }
        }
    }
    let figures = crate::language::fold(written);
    if let Ok(number) = figures.parse() {
        return Some(number);
    }
    u32::try_from(crate::language::han_number(written)?).ok()
}

/// Where a name ends and where its definition begins: at the first colon outside quotation marks
/// and brackets.
pub(crate) fn name_end(entry: &str) -> Option<(usize, usize)> {
    let mut depth = 0i32;
    let mut comma = None;
    for (count, (at, sign)) in entry.char_indices().enumerate() {
        match sign {
            '“' | '《' | '（' | '(' | '「' => depth += 1,
            // It may fall below nought where a mark is missing; that must not hide the colon.
            '”' | '》' | '）' | ')' | '」' => depth -= 1,
            '：' | ':' if depth <= 0 && at > 0 => {
                let after = &entry[at + sign.len_utf8()..];
                let signs = after.len() - after.trim_start_matches(['*', ' ']).len();
                return Some((at, at + sign.len_utf8() + signs));
            }
            '*' if at > 0 && entry[at..].starts_with("**") => {
                let after = &entry[at + 2..];
                let signs = after.len() - after.trim_start_matches(['：', ':', ' ']).len();
                return Some((at, at + 2 + signs));
            }
            '—' if depth <= 0 && at > 0 && entry[at..].starts_with("——") => {
                return Some((at, at + "——".len()));
            }
            // 两违是指…: the words that say so belong to the definition.
            // “3+2”产业，“3”指…: the name ends where the sentence that defines it begins.
            '是' | '指' if depth <= 0 && at > 0 && says_what(&entry[at..]) => {
                return Some(comma.unwrap_or((at, at)));
            }
            // 两违，指…; 两违。指….
            '，' | '。' if is_short(count) && begins_definition(&entry[at + sign.len_utf8()..]) =>
            {
                return Some((at, at + sign.len_utf8()));
            }
            '，' if depth <= 0 => {
                comma = comma.or(Some((at, at + sign.len_utf8())));
            }
            // A name has no full stop: this is a sentence.
            '。' => return None,
            _ if count > LONGEST_NAME => return None,
            _ => {}
        }
    }
    None
}

fn is_short(letters: usize) -> bool {
    (2..=LONGEST_LONE_NAME).contains(&letters)
}

/// Whether a definition begins after a sign: 指…, 是指…, 即….
fn begins_definition(rest: &str) -> bool {
    says_what(rest) || rest.starts_with('即')
}

/// Whether a definition begins: 是指…, 指….
fn says_what(rest: &str) -> bool {
    rest.starts_with("是指")
        || rest.starts_with('指') && !rest.starts_with("指标") && !rest.starts_with("指数")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_number_and_colon_is_read() {
        for line in [
            "7.x",
            "7．x",
            "7、x",
            "（7）x",
            "(7)x",
            "［7］x",
            "［7]x",
            "[7] x",
            "７．x",
            "⑦x",
            "⑺x",
            "七、x",
            "（七）x",
            "【7】x",
            "[^7]: x",
            "**7.x",
            "第7条 x",
            "第七条 x",
            "注7：x",
        ] {
            assert_eq!(number(line).map(|number| number.value), Some(7), "{line}");
        }
        let name = |text: &str| name_end(text).map(|(end, _)| text[..end].to_string());
        assert_eq!(name("“甲：乙”计划：丙"), Some("“甲：乙”计划".into()));
        assert_eq!(name("甲2家:乙"), Some("甲2家".into()));
        assert_eq!(name("没有名字。甲：乙"), None);
        assert_eq!(name("护渠员。指看护水渠的人"), Some("护渠员".into()));
        assert_eq!(name("护渠员，即看护水渠的人"), Some("护渠员".into()));
        assert_eq!(name("护渠员，看护水渠的人"), None);
        assert_eq!(name("“3+2”渠，“3”指东渠"), Some("“3+2”渠".into()));
    }

    #[test]
    fn one_line_may_hold_several_entries() {
        let line = "①护渠员：看护水渠的人。②渠长：（1）管渠；（2）管水。③两清：清淤；④是水。";
        let begins = beginnings(line);
        let entries: Vec<&str> = begins.iter().map(|at| &line[*at..]).collect();
        assert_eq!(entries.len(), 3);
        assert!(entries[1].starts_with("②渠长") && entries[2].starts_with("③两清"));
        assert_eq!(page("P3 护渠员"), 3);
    }
}
