//! Words that name a role: whoever has it is named by a record, or nothing is said of him.

use super::word::Word;
use crate::language::PartOfSpeech;

/// Endings of words that name a role; whoever has it is no figure of a report.
const ROLES: &[&str] = &[
    "主任",
    "书记",
    "局长",
    "区长",
    "院长",
    "校长",
    "处长",
    "科长",
    "部长",
    "主席",
    "市长",
    "县长",
    "省长",
    "镇长",
    "经理",
    "负责人",
    "联系人",
    "法人",
    "董事长",
    "专员",
    "站长",
    "所长",
    "司长",
    "厅长",
    "行长",
    "会长",
    "总裁",
    "领导",
    "老师",
    "秘书长",
];

/// Whoever is spoken to stands at the beginning, before a comma or a greeting; whoever is asked
/// about is content.
pub(super) fn mark_roles(letters: &[char], words: &mut [Word]) {
    let asked_for: Vec<usize> = (0..words.len())
        .filter(|at| is_asked_for(letters, words, *at))
        .collect();
    for (at, word) in words.iter_mut().enumerate() {
        let has_role = ROLES.iter().any(|role| word.text.ends_with(role));
        if !has_role && !asked_for.contains(&at) {
            continue;
        }
        let next = letters.get(word.span.end).copied().unwrap_or('\0');
        let is_spoken_to = at < 2 && ",:! 好问在要让您你们说催叫喊".contains(next);
        if is_spoken_to {
            word.weight = 0.05;
            continue;
        }
        word.weight = word.weight.max(0.9);
        word.part = PartOfSpeech::Noun;
        word.is_role = true;
    }
}

/// Whether a word stands right after 哪位, or before 姓什么 or 是哪个人, which are said of persons only, and
/// names one: what is called so is a role, whatever it is (哪位干事, 哪位对接人, 教练姓什么).
fn is_asked_for(letters: &[char], words: &[Word], at: usize) -> bool {
    const PERSONS: &[&str] = &["人", "员", "者", "长"];
    let word = &words[at];
    let names_person = words
        .get(at + 1)
        .is_some_and(|next| PERSONS.contains(&next.text.as_str()));
    let has_name = asks_for_name(&letters[word.span.end..]);
    let is_which = letters[..word.span.start].ends_with(&['哪', '位']);
    is_which && (word.is_noun() || names_person) || has_name && word.is_noun()
}

/// Whether some letters ask for the name of who was named before: 姓什么, 是哪个人.
fn asks_for_name(after: &[char]) -> bool {
    const ASKING: &[&str] = &[
        "姓什",
        "姓啥",
        "姓甚",
        "姓何",
        "是哪个人",
        "是哪位",
        "是何人",
    ];
    let after: String = after.iter().take(4).collect();
    ASKING.iter().any(|asking| after.starts_with(asking))
}
