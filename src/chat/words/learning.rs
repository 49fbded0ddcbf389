//! What could not be answered, votes, and names that people say: for administrators above all.

use crate::app::{Adopted, AnsweredOtherwise, SynonymChange, SynonymPreview};
use crate::store::Origin;

/// Nothing is kept.
pub(crate) const NOTHING_UNANSWERED: &str = "最近没有答不了的问题，也没有被点 👎 的回答。";

/// What flashes up behind 👍.
pub(crate) const VOTED_UP: &str = "谢谢！";

/// What flashes up behind 👎.
pub(crate) const VOTED_DOWN: &str = "已记下这一问，管理员会看到；不记是谁点的。";

/// The same where nobody administers the bot.
pub(crate) const VOTED_DOWN_UNSEEN: &str = "已记下这一问；不记是谁点的。还没有设管理员。";

/// The button that takes a synonym back.
pub(crate) const WITHDRAW_BUTTON: &str = "撤回这个叫法";

/// The head of what could not be answered.
pub(crate) fn unanswered_head(groups: usize, times: u32) -> String {
    format!("答不了或答得不好的问题共{groups}组，问过{times}次：")
}

/// One group of such questions.
pub(crate) fn unanswered_line(
    voted_down: bool,
    missing: &str,
    times: u32,
    questions: &[&str],
) -> String {
    let why = if voted_down { "👎" } else { "没有" };
    format!(
        "· {why}“{missing}”　{times}次　例：{}",
        questions.join("；")
    )
}

/// The button that adopts a synonym.
pub(crate) fn adopt_button(said: &str, name: &str) -> String {
    format!("“{said}”就是{name}")
}

/// What became of a synonym.
pub(crate) fn adopted(
    result: &Adopted,
    change: SynonymChange,
    printed: &str,
    said: &str,
) -> String {
    let is_adoption = change == SynonymChange::Adopt;
    match result {
        Adopted::Done if is_adoption => format!(
            "已采纳：“{said}”按“{printed}”理解。考试和问题用例都还成立，已写入 synonyms.toml 并生效。"
        ),
        Adopted::Done => format!("已撤回：“{said}”不再按“{printed}”理解。"),
        Adopted::Worse(worse) => {
            format!(
                "没有采纳：这样理解会让{}个原来答对的问题答错，例如“{}”。",
                worse.len(),
                worse.first().map_or("", String::as_str)
            )
        }
        Adopted::NoSuchName if is_adoption => format!("没有采纳：现在的计划里没有“{printed}”。"),
        Adopted::NoSuchName => format!("没有可撤回的：“{said}”现在不按“{printed}”理解。"),
        Adopted::PartOfWord(question) => {
            format!("没有采纳：“{said}”在“{question}”里只是半个词；叫法要是完整的词。")
        }
        Adopted::Failed(reason) => format!("没有改动：{reason}"),
    }
}

/// The button that adopts a synonym whose changes were shown.
pub(crate) const ADOPT_BUTTON: &str = "采纳";

/// So many answers that a synonym changes are shown in a chat.
const MOST_CHANGED: usize = 6;

/// What a synonym would change.
pub(crate) fn synonym_preview(preview: &SynonymPreview) -> String {
    let (printed, said) = (&preview.printed, &preview.said);
    if let Some(hindered) = &preview.hindered {
        return adopted(hindered, SynonymChange::Adopt, printed, said);
    }
    let (people, plans) = (&preview.of_people, &preview.of_plans);
    let asked = people.asked + plans.asked;
    let mut changed: Vec<&AnsweredOtherwise> = Vec::new();
    for one in people.otherwise.iter().chain(&plans.otherwise) {
        if !changed.iter().any(|known| known.question == one.question) {
            changed.push(one);
        }
    }
    let mut lines = vec![format!(
        "“{said}”按“{printed}”理解：问了{asked}个问题，{}个回答会变，没有一个变差。",
        changed.len()
    )];
    let shown = changed.iter().take(MOST_CHANGED);
    lines.extend(shown.map(|one| {
        format!(
            "· {}\n　现在：{}\n　以后：{}",
            one.question, one.before, one.after
        )
    }));
    lines.join("\n")
}

/// What was asked, for administrators: a question, with the choice that was picked.
pub(crate) fn asked(origin: &Origin) -> String {
    match &origin.picked {
        Some(picked) => format!("{}（选了：{}）", origin.question, picked.label),
        None => origin.question.clone(),
    }
}
