//! Messages that ask nothing: greetings, thanks, assent. They get a courtesy and never become a
//! subject.

use super::Question;
use super::operators::Operator;

/// A message that asks nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Courtesy {
    /// A greeting, or a question about the bot itself.
    Greeting,
    /// Thanks, assent, a farewell.
    Thanks,
}

/// What people say to open a talk or to ask what the bot is for.
const GREETINGS: &[&str] = &[
    "你好",
    "您好",
    "哈喽",
    "嗨",
    "在吗",
    "在不在",
    "在么",
    "早上好",
    "上午好",
    "中午好",
    "下午好",
    "晚上好",
    "早",
    "早安",
    "hello",
    "hi",
    "hey",
    "help",
    "帮助",
    "你是谁",
    "您是谁",
    "你会什么",
    "你能做什么",
    "你能干什么",
    "你会干嘛",
    "怎么用",
    "有人吗",
    "大家好",
    "各位好",
];
/// What people say to end it.
const THANKS: &[&str] = &[
    "谢谢",
    "多谢",
    "感谢",
    "谢了",
    "谢啦",
    "辛苦了",
    "辛苦",
    "收到",
    "好的",
    "好",
    "好嘞",
    "好滴",
    "行",
    "行吧",
    "可以",
    "嗯",
    "嗯嗯",
    "哦",
    "噢",
    "ok",
    "okay",
    "thanks",
    "thank you",
    "thx",
    "明白",
    "明白了",
    "知道了",
    "知道",
    "晓得了",
    "晓得",
    "了解",
    "了解了",
    "懂了",
    "妥",
    "妥了",
    "中",
    "成",
    "再见",
    "拜拜",
    "没事",
    "没事了",
    "不用了",
    "算了",
    "牛",
    "厉害",
    "赞",
    "棒",
    "得嘞",
    "要得",
    "巴适",
    "客气",
    "麻烦了",
    "麻烦你了",
    "打扰了",
    "就这样",
    "先这样",
    "完美",
    "可以了",
    "够了",
    "哈哈",
    "哈",
    "收到谢谢",
    "太好了",
    "赶上了",
    "得",
    "对",
    "是的",
    "没错",
    "啊",
    "呀",
    "了",
    "您",
    "你",
    "哈喽",
];

/// Whether a message is nothing but courtesies.
pub fn courtesy(question: &Question) -> Option<Courtesy> {
    let text: String = question
        .text
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ')
        .collect();
    let text = text.trim();
    if text.is_empty() {
        // A sign, a thumb, a face: something was said, nothing was asked.
        let said = question.typed.chars().any(|c| !c.is_whitespace());
        return said.then_some(Courtesy::Thanks);
    }
    let only = |words: &[&str]| is_made_of(text, words);
    if only(GREETINGS) {
        return Some(Courtesy::Greeting);
    }
    if only(THANKS) || is_made_of_either(text) {
        // 你好呀 begins as a greeting does; a single letter (早) says too little.
        let opens = |word: &str| word.chars().count() > 1 && text.starts_with(word);
        return Some(if GREETINGS.iter().any(|word| opens(word)) {
            Courtesy::Greeting
        } else {
            Courtesy::Thanks
        });
    }
    let asks_nothing = question
        .words
        .iter()
        .all(|word| word.weight < 0.15 || word.operators.has(Operator::Request) || word.is_role);
    let is_request_only = asks_nothing
        && question.has(Operator::Request)
        && question
            .operators
            .set()
            .without(super::OperatorSet::of(&[Operator::Request]))
            .is_empty()
        && question.frame.years.is_empty();
    is_request_only.then_some(Courtesy::Thanks)
}

/// Whether a text is nothing but some words in a row.
fn is_made_of(text: &str, words: &[&str]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for (at, letter) in text.char_indices() {
        if !reached[at] {
            continue;
        }
        if letter == ' ' {
            reached[at + 1] = true;
        }
        for word in words.iter().filter(|word| text[at..].starts_with(**word)) {
            reached[at + word.len()] = true;
        }
    }
    reached[text.len()]
}

fn is_made_of_either(text: &str) -> bool {
    let both: Vec<&str> = GREETINGS.iter().chain(THANKS).copied().collect();
    is_made_of(text, &both)
}
