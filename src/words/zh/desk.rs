//! What the desk has sent of its own accord: to administrators, and to a chat that waited for them.

use crate::model::ChatId;
use crate::schedule::shown_date;
use chrono::NaiveDate;

/// A chat cannot be reached any more.
pub(crate) fn chat_lost(chat: ChatId, units: &[String]) -> String {
    format!(
        "【提醒暂停】机器人离开了会话 {}（{}）；请另行通知，或把机器人加回去再订阅。",
        chat.0,
        units.join("、")
    )
}

/// The bot is in a chat again.
pub(crate) fn chat_regained(chat: ChatId, units: &[String]) -> String {
    format!(
        "【提醒恢复】机器人回到了会话 {}（{}），提醒照常发送。",
        chat.0,
        units.join("、")
    )
}

/// An administrator lets a chat stand for a unit.
pub(crate) fn granted(unit: &str) -> String {
    format!(
        "管理员已确认：{unit}的报送提醒会发到这里，这里也可以代{unit}点“已报送”。/deadlines 看下一次，/unsubscribe 退订。"
    )
}

/// An administrator does not.
pub(crate) fn denied(unit: &str) -> String {
    format!("管理员没有同意由这里接收{unit}的报送提醒；如有误会，请直接联系管理员。")
}

/// A unit asks for more time.
pub(crate) fn put_off(unit: &str, until: NaiveDate, reason: &str) -> String {
    format!(
        "【申请延期】{unit}申请延期到{}：{reason}",
        shown_date(until)
    )
}

/// A unit does not ask for it any more.
pub(crate) fn not_put_off(unit: &str, until: NaiveDate) -> String {
    format!("【撤回延期】{unit}不再申请延期到{}。", shown_date(until))
}
