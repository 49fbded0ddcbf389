//! Every sentence that the bot says of its own accord. Figures and names come from elsewhere.

mod buttons;
mod desk;
mod files;
mod learning;
mod refusal;

pub(crate) use buttons::*;
pub(crate) use desk::*;
pub(crate) use files::*;
pub(crate) use learning::*;
pub(crate) use refusal::*;

use crate::app::Reloaded;
use crate::model::Finding;
use crate::ports::{ChatId, PersonId};
use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;

/// To thanks and assent.
pub(crate) const COURTESY: &str = "不客气，有需要随时问。";

/// How to ask, in two lines.
pub(crate) const HELP: &str = "我查本部门的计划报告：指标目标和完成数、名词解释、正文里的数字、报送时间，都照原文回答并注明出处；文件里没有的，会直说没有。\n直接问就行。群里请 @我、回复我，或用 /ask。";

/// What the bot is for.
pub(crate) fn start(titles: &[&str]) -> String {
    format!(
        "我照着这份文件回答，一个字不编：\n{}\n问指标、名词、正文里的数字、什么时候报送都行，每个回答都注明出处。\n点下面的例子试试，/help 看怎么问。",
        titles
            .iter()
            .map(|title| format!("《{title}》"))
            .collect::<Vec<_>>()
            .join("\n")
    )
}

/// The answer to an empty command.
pub(crate) const WHAT_TO_ASK: &str = "请在命令后面写上要问的内容，例如：/ask 失业率目标";

/// Somebody who may not reload.
pub(crate) const NOT_ADMIN: &str = "只有管理员可以重新载入数据。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。";

/// A reload begins.
pub(crate) const RELOADING: &str = "正在检查并载入新数据，好了告诉您；这期间照常回答。";

/// A fault of the program.
pub(crate) const FAULT: &str = "这一问没能处理好，已经记录下来；请换个说法再问一次。";

/// So many want something that takes long that this one would wait too long.
pub(crate) const CROWDED: &str = "现在要图的太多，这一张没有受理；请过几秒再试。";

/// One chat asks faster than it is answered.
pub(crate) const TOO_MANY: &str = "问得太快了，前面的还没答完；后面这几条没有收下，请稍后再发。";

/// One person asks too often.
pub(crate) const TOO_OFTEN: &str = "您这一分钟问得太多了，请稍等一会儿再问；这段时间里先不再回应。";

/// A chat does not take files.
pub(crate) const NO_FILES_HERE: &str = "（这个会话不让机器人发图片和文件，请到私聊里再要一次。）";

/// Under a message that takes the place of one that cannot be changed.
pub(crate) const IN_PLACE_OF_ANOTHER: &str = "（以这一条为准，代替前面那条。）";

/// Under the head of a text that is longer than a message can be, where it takes the place of
/// another.
pub(crate) const SHORTENED: &str = "（太长，下面的没有显示。）";

/// Under the head of a text that is sent as a file.
pub(crate) const WHOLE_TEXT_AS_FILE: &str = "（太长，全文在文件里。）";

/// The name of a file with a text that is too long for messages.
pub(crate) const WHOLE_TEXT_FILE: &str = "全文.txt";

/// The topic takes no messages any more.
pub(crate) const TOPIC_CLOSED: &str =
    "（原来的话题关闭或删除了，改发在这里；要换一个话题，请在那个话题里重新发 /subscribe。）";

/// Under a reply that may have been sent before a restart.
pub(crate) const MAYBE_REPEATED: &str = "（重启前可能已经答过这一问，如重复请忽略。）";

/// The head of a source.
pub(crate) const SOURCE: &str = "来源：";

/// One's own id.
pub(crate) fn ids(person: PersonId, chat: ChatId) -> String {
    format!("您的编号：{}\n本会话的编号：{}", person.0, chat.0)
}

/// The result of a reload.
pub(crate) fn reloaded(result: &Reloaded) -> String {
    match result {
        Reloaded::Same => "数据没有变化，仍用当前版本。".to_string(),
        Reloaded::Mended(findings) => {
            format!("数据没有变化，仍用当前版本。\n{}", listed(findings))
        }
        Reloaded::Changed(lines) => format!("已载入新数据：\n{}", lines.join("\n")),
        Reloaded::Refused(findings) => {
            format!("数据有误，没有载入，旧数据仍在使用：\n{}", listed(findings))
        }
        Reloaded::Busy => "另一次载入还没结束，请稍候。".to_string(),
        Reloaded::Failed(reason) => format!("没有载入：{reason} 旧数据仍在使用。"),
    }
}

const MOST_FINDINGS: usize = 20;

/// Findings, a line each; of many the first.
pub(super) fn listed(findings: &[Finding]) -> String {
    let mut lines: Vec<String> = findings
        .iter()
        .take(MOST_FINDINGS)
        .map(Finding::to_string)
        .collect();
    if findings.len() > MOST_FINDINGS {
        lines.push(format!("……另有 {} 条", findings.len() - MOST_FINDINGS));
    }
    lines.join("\n")
}

/// The greeting of the local chat.
pub(crate) fn terminal_greeting(scope: &str) -> String {
    format!("planbot 本地聊天：{scope}。\n一行一问，/help 看怎么问，Ctrl-D 结束。")
}

/// The clock moves in the local chat only.
pub(crate) const CLOCK_ONLY_LOCAL: &str =
    "只有演示（planbot run --demo）可以拨时钟，例如：/clock 2022-06-24 09:30";

/// Before every message while the clock can be moved.
pub(crate) fn demo_banner(now: DateTime<Tz>) -> String {
    format!("【演示时钟 {}】", now.format("%Y-%m-%d %H:%M"))
}

/// Something for administrators.
pub(crate) const ADMINS_ONLY: &str = "这一项只有管理员可以用。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。";

/// Nothing was asked lately.
pub(crate) const NO_LAST_QUESTION: &str = "最近十分钟里没有您的提问；先问一个问题，再发 /why。";

/// The data have changed since.
pub(crate) const ANSWER_CHANGED: &str = "数据已经更新，这一问现在没有同样的回答；请再问一次。";

/// Of which day an answer is that is looked at on a later one.
pub(crate) fn answered_on(day: NaiveDate) -> String {
    format!(
        "这是{}年{}月{}日的回答，按那一天理解。",
        day.year(),
        day.month(),
        day.day()
    )
}

/// What the local chat's clock shows.
pub(crate) fn clock_shows(now: DateTime<Tz>) -> String {
    format!("时钟现在是 {}。", now.format("%Y-%m-%d %H:%M"))
}
