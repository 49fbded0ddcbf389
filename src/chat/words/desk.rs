//! What is said at the desk: subscriptions, what units report and take back, what is due.

use crate::app::{Decided, DutyStatus, Replied, Reported, Subscribed, UnitState};
use crate::schedule::shown_date;
use crate::store::Acknowledged;
use chrono::{Datelike, NaiveDate};

/// No duty is in the data.
const NO_DUTIES: &str = "计划里没有看得懂的报送要求。";

/// A button that is not known.
const BUTTON_EXPIRED: &str = "这个按钮已经失效，请再问一次，或看最近一条提醒。";

/// The state is not kept here.
pub(crate) const NO_STATE: &str = "这里没有保存状态，不能订阅提醒。";

/// Whoever asks for the matrix must be an administrator.
pub(crate) const STATUS_FOR_ADMINS: &str = "只有管理员可以看各单位报送情况。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。";

/// Only the chat's administrators subscribe it.
pub(crate) const NOT_CHAT_ADMIN: &str = "只有本群管理员或机器人管理员可以订阅、退订提醒。";

/// Under a confirmation.
pub(crate) const WITHDRAW: &str = "撤回";

/// Under a confirmation for several units.
pub(crate) fn withdraw_of(name: &str) -> String {
    format!("{WITHDRAW}：{name}")
}

/// Under a list of several duties.
pub(crate) fn withdraw_of_day(name: &str, due: NaiveDate) -> String {
    format!("{WITHDRAW}：{name}（{}月{}日）", due.month(), due.day())
}

/// How whoever sits at the machine is called.
pub(crate) const LOCAL_NAME: &str = "本机";

/// What flashes up where somebody decides who may not.
pub(crate) const ADMINS_ONLY_FLASH: &str = "只有管理员可以决定。";

/// The result of a subscription.
pub(crate) fn subscribed(result: &Subscribed) -> String {
    match result {
        Subscribed::Units {
            standing,
            asked,
            undecided,
        } => {
            let mut lines = Vec::new();
            if !standing.is_empty() {
                lines.push(format!(
                    "已订阅报送提醒：{}。到期前会在这里提醒，/deadlines 看下一次，/unsubscribe 退订。",
                    standing.join("、")
                ));
            }
            if !asked.is_empty() {
                lines.push(format!(
                    "{}：这里还不是登记过的会话，已请管理员确认；确认后在这里提醒。",
                    asked.join("、")
                ));
            }
            if !undecided.is_empty() {
                lines.push(format!(
                    "{}：这里不是登记过的会话，要管理员确认，但还没有设管理员（bot.toml 的 [admins] ids），没有人收到这个请求。",
                    undecided.join("、")
                ));
            }
            lines.join("\n")
        }
        Subscribed::TooMany => "这里等管理员确认的单位已经很多了；请等他们处理后再发。".to_string(),
        Subscribed::Unnamed => "请写上单位名称，例如：/subscribe 某某街道".to_string(),
        Subscribed::NoSuchUnit(known) => {
            format!("名单里没有这个单位。可以订阅的有：{}", known.join("、"))
        }
    }
}

/// What became of a chat's wish to stand for a unit.
pub(crate) fn decided(result: &Decided, by: &str) -> String {
    match result {
        Decided::Granted(chat, unit) => {
            format!("✓ 已同意会话 {} 接收{unit}的报送提醒。 · {by}", chat.0)
        }
        Decided::Denied(chat, unit) => {
            format!("没有同意会话 {} 接收{unit}的报送提醒。 · {by}", chat.0)
        }
        Decided::Before => "这个请求已经处理过了。".to_string(),
    }
}

/// The end of a subscription.
pub(crate) fn unsubscribed(units: &[String]) -> String {
    if units.is_empty() {
        "这里没有订阅这个单位的提醒。".to_string()
    } else {
        format!("已停止提醒：{}。", units.join("、"))
    }
}

/// What an act comes to: what flashes up, and what is said in the chat, where the reminder does not
/// show it.
pub(crate) fn reported(result: &Reported) -> (String, Option<String>) {
    match result {
        Reported::Noted { shown, .. } => {
            let text = noted(result);
            let said = (!shown).then(|| text.clone());
            (text, said)
        }
        Reported::Asked(_) => ("请回复机器人的下一条消息，写明日期和原因".to_string(), None),
        other => (noted(other), None),
    }
}

/// What an act comes to, as a sentence.
fn noted(result: &Reported) -> String {
    match result {
        Reported::Noted {
            name,
            said: Acknowledged::Reported,
            ..
        } => format!("已记下：{name}已报送，这一次不再提醒。"),
        Reported::Noted {
            name,
            said: Acknowledged::InHand,
            ..
        } => format!("已记下：{name}处理中，到期前还会提醒。"),
        Reported::Noted {
            name,
            said: Acknowledged::Extended(until),
            told,
            ..
        } => {
            let told = if *told {
                "已转告管理员"
            } else {
                "还没有设管理员，没有人收到这个申请"
            };
            format!("已记下：{name}申请延期到{}，{told}。", shown_date(*until))
        }
        Reported::Asked(_) => String::new(),
        Reported::Already(name, by) if by.is_empty() => format!("{name}已经报送过了。"),
        Reported::Already(name, by) => {
            format!("{name}已经报送过了（{by}）；如果不对，请先点“撤回”。")
        }
        Reported::TakenBack(name, None) => format!("已撤回：{name}恢复为未回应，到期前会再提醒。"),
        Reported::TakenBack(name, Some(again)) => {
            let again = match again {
                Acknowledged::Reported => "已报送".to_string(),
                Acknowledged::InHand => "处理中".to_string(),
                Acknowledged::Extended(until) => format!("申请延期到{}", shown_date(*until)),
            };
            format!("已撤回：{name}恢复为{again}。")
        }
        Reported::NothingSaid(name) => format!("{name}没有可以撤回的记录。"),
        Reported::NotYours(name) => {
            format!(
                "这里不是{name}登记过的会话，不能代它报送；请先 /subscribe {name}，由管理员确认。"
            )
        }
        Reported::Expired => BUTTON_EXPIRED.to_string(),
    }
}

/// What words come to that reply to a reminder or to the question until when; nothing where the
/// question that follows says it.
pub(crate) fn replied(result: &Replied) -> String {
    match result {
        Replied::Acted(reported) => noted(reported),
        Replied::ActedForAll(all) => all.iter().map(noted).collect::<Vec<_>>().join("\n"),
        Replied::Whose(..) => "这条提醒里有几个单位，说的是哪一个？".to_string(),
        Replied::Past(day) => format!(
            "{}已经过了，没有记下。请写今天以后的日期。",
            shown_date(*day)
        ),
        Replied::TooFar(day, last) => format!(
            "{}太远了，没有记下；最晚可以延期到{}。",
            shown_date(*day),
            shown_date(*last)
        ),
        Replied::NotLater(day, due) => format!(
            "{}不在截止日之后（{}截止），不用延期，没有记下。",
            shown_date(*day),
            shown_date(*due)
        ),
        Replied::TooLate(name) => {
            format!(
                "这个问题已经过了24小时，没有记下；{name}要延期，请在提醒下面再点一次“需延期”。"
            )
        }
        Replied::NoDay => {
            "没有看到日期。请写明延期到哪天和原因，例如：7月15日，数据还没汇总完。".to_string()
        }
        Replied::OnTime(name) => format!("好的，{name}不延期。"),
    }
}

/// What is next, with what this chat's units said.
pub(crate) fn deadlines(duties: &[DutyStatus]) -> String {
    let one = |duty: &DutyStatus| {
        let mut lines = vec![duty.title.clone(), duty.reading.clone()];
        lines.extend(
            duty.units
                .iter()
                .map(|unit| format!("{}：{}", unit.name, unit.shown())),
        );
        lines.push(format!("原文：{}", duty.sentence));
        lines.join("\n")
    };
    if duties.is_empty() {
        NO_DUTIES.to_string()
    } else {
        duties.iter().map(one).collect::<Vec<_>>().join("\n\n")
    }
}

/// Who has reported, by duty, and how many sends of the bot had no known result.
pub(crate) fn status(duties: &[DutyStatus], unknown_sends: u64) -> String {
    let one = |duty: &DutyStatus| {
        let states = [
            UnitState::Reported,
            UnitState::InHand,
            UnitState::Extended(duty.due),
            UnitState::Silent,
            UnitState::Unreachable,
        ];
        let counts = states.map(|state| {
            let count = duty
                .units
                .iter()
                .filter(|unit| unit.state.word() == state.word())
                .count();
            format!("{}{count}", state.word())
        });
        let mut lines = vec![
            duty.title.clone(),
            format!("单位{}个：{}", duty.units.len(), counts.join("，")),
        ];
        lines.extend(
            duty.units
                .iter()
                .map(|unit| format!("{}：{}", unit.name, unit.shown())),
        );
        lines.join("\n")
    };
    if duties.is_empty() {
        return NO_DUTIES.to_string();
    }
    let mut parts: Vec<String> = duties.iter().map(one).collect();
    if unknown_sends > 0 {
        parts.push(format!(
            "结果不明的发送：{unknown_sends}次（可能重复发过，消息里都有说明）。"
        ));
    }
    parts.join("\n\n")
}
