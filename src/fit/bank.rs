//! A bank of questions with gold answers, and the judge of a reply: the rules of the banks' own
//! `score.py`, so that weights are fitted to what is later scored.

use once_cell::sync::Lazy;
use regex::Regex;
use serde::Deserialize;
use serde::de::IgnoredAny;
use unicode_normalization::UnicodeNormalization;

/// The status words of `ask --json` that the rules know by name.
const ANSWER: &str = "answer";
const CLARIFY: &str = "clarify";
/// Of a question back only this many choices count.
const CHOICES: usize = 3;

/// A unit between a figure and its bound.
#[expect(clippy::expect_used, reason = "a constant pattern; a test compiles it")]
static UNIT_BEFORE_BOUND: Lazy<Regex> = Lazy::new(|| {
    Regex::new(concat!(
        r"(\d)(?:%|万亿元|万元/人|亿美元|万平方米|平方公里|万元|亿元|万人|万户|件|天|岁|张|人/亿元|人|年",
        r"|个百分点|项|家|个|户|处|台|公里)(左右|以内|以上|以下)"
    ))
    .expect("a constant pattern")
});

/// What a right reply is. Each wanted text may list several, `a|b`, of which one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Gold {
    /// Outcomes allowed: `answer`, `clarify`, `unknown`, `help`.
    pub status: Vec<String>,
    /// All of them stand in the reply.
    #[serde(default)]
    pub must: Vec<String>,
    /// Groups; one of each stands in the reply.
    #[serde(default)]
    pub any: Vec<Vec<String>>,
    /// All of them stand in the first line.
    #[serde(default)]
    pub first: Vec<String>,
    /// None of them stands in the first line.
    #[serde(default)]
    pub must_not: Vec<String>,
}

/// A question of a bank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct BankQuestion {
    /// Unique in the bank, e.g. `WX001`.
    pub id: String,
    /// The plan that is asked.
    pub plan: String,
    /// What sort of question it is, for tables.
    pub kind: String,
    /// The question; may have line breaks.
    pub q: String,
    /// What a right reply is.
    pub gold: Gold,
}

/// A dialogue of a bank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct BankDialogue {
    /// Unique in the bank; the scorer appends `.1`, `.2` … for the turns, [`is_put_aside`] takes it
    /// without them.
    pub id: String,
    /// The plan that is asked.
    pub plan: String,
    /// What sort of dialogue it is, for tables.
    pub kind: String,
    /// The questions in their order.
    pub turns: Vec<Turn>,
}

/// One question of a dialogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Turn {
    /// The question.
    pub q: String,
    /// What a right reply is.
    pub gold: Gold,
}

/// The lines of a bank, each list in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bank {
    /// Lines with one question.
    pub questions: Vec<BankQuestion>,
    /// Lines with `turns`.
    pub dialogues: Vec<BankDialogue>,
}

/// A line of a bank that is no question.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {source}")]
pub(crate) struct BankError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub source: serde_json::Error,
}

/// Only whether a line is a dialogue.
#[derive(Deserialize)]
struct Shape {
    turns: Option<IgnoredAny>,
}

/// Reads a bank, a JSON object a line; blank lines and unknown fields are passed over.
///
/// # Errors
///
/// The first line that is no JSON object or lacks a field.
pub(crate) fn read(text: &str) -> Result<Bank, BankError> {
    let mut bank = Bank::default();
    for (before, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        read_line(line, &mut bank).map_err(|source| BankError {
            line: before + 1,
            source,
        })?;
    }
    Ok(bank)
}

fn read_line(line: &str, bank: &mut Bank) -> serde_json::Result<()> {
    let shape: Shape = serde_json::from_str(line)?;
    if shape.turns.is_some() {
        bank.dialogues.push(serde_json::from_str(line)?);
    } else {
        bank.questions.push(serde_json::from_str(line)?);
    }
    Ok(())
}

/// Whether a question is kept out of every fit: the last run of digits in its id, modulo 10, is 3,
/// 6 or 9. The last digit says it.
pub(crate) fn is_put_aside(id: &str) -> bool {
    let last = id.chars().rev().find(char::is_ascii_digit);
    matches!(last, Some('3' | '6' | '9'))
}

/// What a reply is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Judged {
    /// Answered rightly, or rightly not answered.
    Right,
    /// Asked back where an answer was wanted, and one of the first three choices gives it.
    Offered,
    /// Answered, but not rightly, or answered where nothing answers.
    Wrong,
    /// Not answered though the document answers.
    Refused,
}

/// Judges a reply with this status word and text. `options` are the replies that the choices of a
/// question back would give, in their order; a choice that is only a label takes its place with
/// an empty text.
pub(crate) fn judge(gold: &Gold, status: &str, text: &str, options: &[&str]) -> Judged {
    let allows = |status: &str| gold.status.iter().any(|allowed| allowed == status);
    if allows(status) {
        return if status != ANSWER || gives(gold, text) {
            Judged::Right
        } else {
            Judged::Wrong
        };
    }
    if status == ANSWER {
        return Judged::Wrong;
    }
    let asks_back = status == CLARIFY && allows(ANSWER);
    let mut choices = options.iter().take(CHOICES);
    if asks_back && choices.any(|choice| gives(gold, choice)) {
        return Judged::Offered;
    }
    Judged::Refused
}

/// Whether the text is the answer.
fn gives(gold: &Gold, text: &str) -> bool {
    let first = text.trim_matches(is_blank).split('\n').next();
    let first = Compared::new(first.unwrap_or_default());
    let text = Compared::new(text);
    let in_text = |wanted: &String| text.has(wanted);
    let in_first = |wanted: &String| first.has(wanted);

    gold.must.iter().all(in_text)
        && gold.any.iter().all(|group| group.iter().any(in_text))
        && gold.first.iter().all(in_first)
        && !gold.must_not.iter().any(in_first)
}

/// A text in the two forms in which it is searched.
struct Compared {
    normal: String,
    bare: String,
}

impl Compared {
    fn new(text: &str) -> Self {
        let normal = normal(text);
        let bare = bare(&normal);
        Self { normal, bare }
    }

    /// Whether one of the texts listed in `wanted` stands here.
    fn has(&self, wanted: &str) -> bool {
        wanted.split('|').any(|one| {
            let one = normal(one);
            stands(&self.normal, &one) || stands(&self.bare, &bare(&one))
        })
    }
}

/// One width, lower case, without blanks, thousands separators, quotation marks and the marks of
/// Markdown; a line break becomes a sign of its own, so that nothing is found across it.
fn normal(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    let mut normal = composed.to_lowercase().replace('\n', "¦");
    normal.retain(|c| {
        !is_blank(c)
            && !matches!(
                c,
                ',' | '，' | '*' | '_' | '`' | '“' | '”' | '"' | '\'' | '‘' | '’'
            )
    });
    normal
}

/// Python counts the four separators of ASCII as blanks, Unicode's White_Space does not.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Without the unit between a figure and its bound: 5%左右 is 5左右.
fn bare(normal: &str) -> String {
    UNIT_BEFORE_BOUND.replace_all(normal, "$1$2").into_owned()
}

/// Whether the wanted text stands in the text, and not as a part of a longer figure. Only ASCII
/// digits count as figures: the normal form makes them of all that Chinese documents use.
fn stands(text: &str, wanted: &str) -> bool {
    let starts_with_digit = wanted.starts_with(is_digit);
    let ends_with_digit = wanted.ends_with(is_digit);
    text.match_indices(wanted).any(|(start, _)| {
        let before = &text[..start];
        let before = before.strip_suffix('.').unwrap_or(before);
        let after = &text[start + wanted.len()..];
        let after = after.strip_prefix('.').unwrap_or(after);
        let goes_on_before = starts_with_digit && before.ends_with(is_digit);
        let goes_on_after = ends_with_digit && after.starts_with(is_digit);
        !goes_on_before && !goes_on_after
    })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold(json: &str) -> Gold {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_wanted_text_stands_or_not() {
        let cases = [
            // A figure is no part of a longer one.
            ("增长5%", "5%", true),
            ("增长15%", "5%", false),
            ("增长5.5%", "5%", false),
            ("875亿", "875", true),
            ("875.5亿", "875", false),
            ("2875亿", "875", false),
            ("1.875亿", "875", false),
            ("875.", "875", true),
            // The first place is part of a longer figure, the second is not.
            ("15%，去年5%", "5%", true),
            ("5年", "年", true),
            // What does not begin with a figure may follow one.
            ("15%左右", "%左右", true),
            // A unit between the figure and its bound may be there or not, on either side.
            ("5%左右", "5左右", true),
            ("5左右", "5%左右", true),
            ("100万元以上", "100以上", true),
            ("100万元以上", "100亿元以上", true),
            ("1.5个百分点以内", "1.5以内", true),
            ("15%左右", "5左右", false),
            ("5%", "5", true),
            ("5斤左右", "5左右", false),
            // One of several.
            ("超过23", ">23|超过23", true),
            ("约23", ">23|超过23", false),
            // Width, case, blanks, separators, quotation marks, Markdown.
            ("＞２３", ">23", true),
            ("gdp 增速", "GDP增速", true),
            ("1,234,567 元", "1234567元", true),
            ("1，234", "1,234", true),
            ("“一区 两群”", "一区两群", true),
            ("**5**`%`", "5%", true),
            // Nothing is found across a line break.
            ("增长\n5%", "增长5%", false),
            ("任何", "", true),
        ];
        for (text, wanted, expected) in cases {
            let found = Compared::new(text).has(wanted);
            assert_eq!(found, expected, "{wanted} in {text}");
        }
    }

    #[test]
    fn what_a_reply_must_say_and_where() {
        let all = r#"{"status": ["answer"], "must": ["预算收入", "5%"], "any": [["约", "左右"]],
            "first": ["5"], "must_not": ["4.5"]}"#;
        let cases = [
            ("预算收入增长5%左右", Judged::Right),
            ("增长约5%\n预算收入", Judged::Right),
            // A must is missing, then both of a group, then the figure in the first line.
            ("增长5%左右", Judged::Wrong),
            ("预算收入增长5%", Judged::Wrong),
            ("预算收入\n增长5%左右", Judged::Wrong),
            // What must not be said counts only in the first line.
            ("预算收入增长5%左右，去年4.5", Judged::Wrong),
            ("预算收入增长5%左右\n去年4.5", Judged::Right),
            ("预算收入增长5%左右，去年14.5", Judged::Right),
            // Blank lines before it are not the first line.
            ("\n \n预算收入增长5%左右\n去年4.5", Judged::Right),
        ];
        for (text, expected) in cases {
            assert_eq!(judge(&gold(all), ANSWER, text, &[]), expected, "{text}");
        }
    }

    #[test]
    fn what_a_status_is_worth() {
        let wanted = r#"{"status": ["answer"], "must": ["5%"]}"#;
        let unanswerable = r#"{"status": ["unknown", "clarify"], "must": []}"#;
        let either = r#"{"status": ["answer", "unknown"], "must": ["5%"]}"#;
        let none: &[&str] = &[];
        let cases = [
            (wanted, "answer", "5%", none, Judged::Right),
            (wanted, "answer", "6%", none, Judged::Wrong),
            (wanted, "unknown", "5%", none, Judged::Refused),
            (wanted, "help", "", none, Judged::Refused),
            (wanted, "clarify", "", none, Judged::Refused),
            (wanted, "clarify", "", &["6%", "", "5%"], Judged::Offered),
            (wanted, "clarify", "5%", &["6%"], Judged::Refused),
            // Only three choices count, and only of a question back.
            (wanted, "clarify", "", &["", "", "", "5%"], Judged::Refused),
            (wanted, "unknown", "", &["5%"], Judged::Refused),
            (unanswerable, "answer", "5%", none, Judged::Wrong),
            (unanswerable, "unknown", "6%", none, Judged::Right),
            (unanswerable, "clarify", "", &["5%"], Judged::Right),
            (unanswerable, "help", "", none, Judged::Refused),
            (either, "unknown", "", none, Judged::Right),
            (either, "answer", "6%", none, Judged::Wrong),
        ];
        for (json, status, text, options, expected) in cases {
            let judged = judge(&gold(json), status, text, options);
            assert_eq!(judged, expected, "{json} {status} {text} {options:?}");
        }
    }

    #[test]
    fn the_last_digit_of_an_id_puts_it_aside() {
        let aside = ["WX003", "I016", "F1239", "D003", "3a", "v2-0019-b"];
        let kept = ["WX001", "I030", "F0", "D012", "abc", "", "3-4"];
        assert!(aside.iter().all(|id| is_put_aside(id)));
        assert!(!kept.iter().any(|id| is_put_aside(id)));
    }

    #[test]
    fn a_bank_has_questions_and_dialogues() {
        let lines = r#"
{"id": "A1", "plan": "p", "kind": "k", "q": "几?", "gold": {"status": ["answer"], "must": ["5"]}, "note": ""}

{"id": "D1", "plan": "p", "kind": "k", "turns": [{"q": "几?", "gold": {"status": ["help"]}}]}
"#;
        let bank = read(lines).unwrap();
        assert_eq!(bank.questions.len(), 1);
        assert_eq!(bank.questions[0].gold.must, ["5"]);
        assert_eq!(bank.dialogues.len(), 1);
        assert_eq!(bank.dialogues[0].turns[0].gold.status, ["help"]);

        let fault = read("\n{\"id\": \"A1\", \"plan\": \"p\"}").unwrap_err();
        assert_eq!(fault.line, 2);
        assert!(fault.to_string().contains("kind"), "{fault}");
    }
}
