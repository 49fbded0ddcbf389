//! The same question as different people type it.

use pinyin::{ToPinyin, ToPinyinMulti};

/// Every perturbation of a question; the question itself is the first.
pub(crate) fn all(question: &str) -> Vec<String> {
    let mut forms = vec![
        question.to_string(),
        format!("请问{question}"),
        format!("{question}呢"),
        format!("{question}？？"),
        format!("  {question}  "),
        format!("帮我查一下{question}"),
        full_width(question),
        hanconv::s2t(question),
        question.to_uppercase(),
        question.to_lowercase(),
        question.replace("多少", "好多").replace("什么", "啥子"),
        short_year(question),
        question.replace(['“', '”'], ""),
        question.replace('的', ""),
        if short_year(question) == question {
            question.to_string()
        } else {
            question.replace('年', "年的")
        },
    ];
    let mut seen = std::collections::BTreeSet::new();
    forms.retain(|form| seen.insert(form.clone()));
    forms
}

/// Every sign of the keyboard in the width of a Chinese letter.
pub(crate) fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_graphic() {
                char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// 2022年 as 22年.
fn short_year(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_year = |at: usize| matches!(letters.get(at..at + 5), Some(['2', '0', a, b, '年']) if a.is_ascii_digit() && b.is_ascii_digit());
    let century = |at: usize| is_year(at) || at > 0 && is_year(at - 1);
    letters
        .iter()
        .enumerate()
        .filter(|(at, _)| !century(*at))
        .map(|(_, letter)| letter)
        .collect()
}

/// The name in pinyin without tones, where every character has one.
pub(crate) fn pinyin(name: &str) -> Option<String> {
    let syllables: Option<Vec<String>> = name
        .chars()
        .map(|c| c.to_pinyin().map(|sound| sound.plain().replace('ü', "v")))
        .collect();
    Some(syllables?.join(" "))
}

/// The name with one character replaced by another of the same sound, where the list of stand-ins
/// has one.
pub(crate) fn homophone(name: &str) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let Some(sound) = letter.to_pinyin() else {
            continue;
        };
        let stand_in = STAND_INS.chars().find(|other| {
            other != letter
                && other
                    .to_pinyin()
                    .is_some_and(|s| s.plain() == sound.plain())
        });
        if let Some(other) = stand_in {
            let mut changed = letters.clone();
            changed[at] = other;
            return Some(changed.into_iter().collect());
        }
    }
    None
}

/// The name with one character replaced by one that sounds different.
pub(crate) fn other_word(name: &str, number: usize) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    let han: Vec<usize> = letters
        .iter()
        .enumerate()
        .filter(|(_, c)| c.to_pinyin().is_some())
        .map(|(at, _)| at)
        .collect();
    let at = *han.get(number % han.len().max(1))?;
    let sounds = |letter: char| -> Vec<&'static str> {
        letter
            .to_pinyin_multi()
            .into_iter()
            .flatten()
            .map(|sound| sound.plain())
            .collect()
    };
    let wanted = sounds(letters[at]);
    let other = OTHERS
        .chars()
        .cycle()
        .skip(number * 7)
        .take(OTHERS.chars().count())
        .find(|other| {
            !sounds(*other).iter().any(|sound| wanted.contains(sound)) && !name.contains(*other)
        })?;
    let mut changed = letters;
    changed[at] = other;
    Some(changed.into_iter().collect())
}

const STAND_INS: &str = "温丰涨事式是市使时十实世会惠回汇成城程诚工公功供共宫业叶页夜率绿律指只值职质人仁任认生声升胜省量亮良梁辆标表彪经京精晶静境度渡杜肚优油由有游右天田添填";
const OTHERS: &str = "猫狗鱼虎龙象鹤梦琴棋画茶酒糖盐瓜豆米面";
