//! The record of acts: what was done, and what it came to.

use crate::model::ChatId;
use crate::schedule::shown_date;
use crate::store::{Acknowledged, AuditAct};

/// What a person reads for an act; one that is not known stays as it was written.
pub(crate) fn act(act: &AuditAct) -> &str {
    match act {
        AuditAct::Reload => "重新载入",
        AuditAct::Import => "导入报告",
        AuditAct::Backup => "下载备份",
        AuditAct::Enter => "登录管理",
        AuditAct::Adopt => "采纳叫法",
        AuditAct::Withdraw => "撤回叫法",
        AuditAct::Subscribe => "订阅提醒",
        AuditAct::Unsubscribe => "停止提醒",
        AuditAct::AskToSubscribe => "请求登记",
        AuditAct::Grant => "同意登记",
        AuditAct::Deny => "不同意登记",
        AuditAct::Report => "报送",
        AuditAct::TakeBack => "撤回",
        AuditAct::Other(word) => word,
    }
}

/// What stands before a chat's number in a result, so that it can be read as what it is called.
const CHAT: &str = "会话 ";

/// A unit with the chat that wanted to stand for it.
pub(crate) fn unit_of_chat(unit: &str, chat: ChatId) -> String {
    format!("{unit}（{CHAT}{}）", chat.0)
}

/// The chat that a bracket of a result names, where it names one.
pub(crate) fn chat_in(bracket: &str) -> Option<ChatId> {
    let number = bracket.strip_prefix(CHAT)?;
    number.parse().ok().map(ChatId)
}

/// What a unit said of an occurrence.
pub(crate) fn reported(unit: &str, said: &Acknowledged, occurrence: &str) -> String {
    format!("{unit}：{}（{occurrence}）", in_words(said))
}

/// What a unit had said of an occurrence, and does not say any more.
pub(crate) fn taken_back(unit: &str, said: &Acknowledged, occurrence: &str) -> String {
    format!("{unit}：撤回“{}”（{occurrence}）", in_words(said))
}

fn in_words(said: &Acknowledged) -> String {
    match said {
        Acknowledged::Reported => "已报送".to_string(),
        Acknowledged::InHand => "处理中".to_string(),
        Acknowledged::Extended(until) => format!("延期到{}", shown_date(*until)),
    }
}

/// The data were read again and are the same.
pub(crate) const SAME: &str = "没有变化";

/// The data are the same; the index had suffered.
pub(crate) const MENDED: &str = "没有变化，重写了损坏的索引";

/// A reload was under way already.
pub(crate) const BUSY: &str = "正在载入";

/// There is a new edition.
pub(crate) fn changed(edition: &str) -> String {
    format!("新数据版本 {edition}")
}

/// The data have so many faults.
pub(crate) fn refused(faults: usize) -> String {
    format!("数据有误，未载入（{faults} 条）")
}

/// A report became a plan.
pub(crate) fn imported(file: &str, plan: &str) -> String {
    format!("{file} 写入为计划 {plan}")
}

/// A report has so many faults.
pub(crate) fn faulty(file: &str, faults: usize) -> String {
    format!("{file} 有 {faults} 处错误")
}

/// The state went to whoever administers.
pub(crate) const DOWNLOADED: &str = "下载";

/// The administration was entered.
pub(crate) const ENTERED: &str = "进入";

/// A wrong token was given.
pub(crate) const WRONG_TOKEN: &str = "口令不对";

/// A synonym, as it is written down.
pub(crate) fn synonym(printed: &str, said: &str) -> String {
    format!("“{said}”＝{printed}")
}

/// A synonym that was not adopted since so many questions would be answered worse.
pub(crate) fn worse(printed: &str, said: &str, questions: usize) -> String {
    format!("“{said}”＝{printed} 未采纳：{questions}个问题会答得更差")
}

/// A name that no plan has.
pub(crate) fn no_such_name(printed: &str) -> String {
    format!("没有“{printed}”")
}

/// A saying that a question has only as a part of a longer word.
pub(crate) fn part_of_word(said: &str, question: &str) -> String {
    format!("“{said}”在“{question}”里只是半个词")
}
