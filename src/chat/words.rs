//! Every sentence that the bot says of its own accord. Figures and names come from elsewhere.

use crate::app::Reloaded;
use crate::model::Finding;
use crate::ports::{ChatId, PersonId};

/// How to ask, in two lines.
pub const HELP: &str = "我查本部门的计划报告：指标目标和完成数、名词解释、正文里的数字、报送时间，都照原文回答并注明出处。\n直接问就行，例如：“2022年GDP增速目标是多少”“什么是放管服”“什么时候报进展”。群里请 @我、回复我，或用 /ask。";

/// The answer to an empty command.
pub const WHAT_TO_ASK: &str = "请在命令后面写上要问的内容，例如：/ask 失业率目标";

/// Somebody who may not reload.
pub const NOT_ADMIN: &str = "只有管理员可以重新载入数据。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。";

/// A reload begins.
pub const RELOADING: &str = "正在检查并载入新数据，好了告诉您；这期间照常回答。";

/// A fault of the program.
pub const FAULT: &str = "这一问没能处理好，已经记录下来；请换个说法再问一次。";

/// One chat asks faster than it is answered.
pub const TOO_MANY: &str = "问得太快了，前面的还没答完；后面这几条没有收下，请稍后再发。";

/// Nothing was understood.
pub const NOT_UNDERSTOOD: &str = "没有看懂这个问题。";

/// The head of a refusal.
pub fn not_in_documents(missing: &str) -> String {
    format!("文件里没有{missing}。")
}

/// The head of what is there instead.
pub const THERE_IS: &str = "可以查到：";

/// The head of a source.
pub const SOURCE: &str = "来源：";

/// One's own id.
pub fn ids(person: PersonId, chat: ChatId) -> String {
    format!("您的编号：{}\n本会话的编号：{}", person.0, chat.0)
}

/// The result of a reload.
pub fn reloaded(result: &Reloaded) -> String {
    match result {
        Reloaded::Same => "数据没有变化，仍用当前版本。".to_string(),
        Reloaded::Changed(lines) => format!("已载入新数据：\n{}", lines.join("\n")),
        Reloaded::Refused(findings) => format!("数据有误，没有载入，旧数据仍在使用：\n{}", listed(findings)),
        Reloaded::Busy => "另一次载入还没结束，请稍候。".to_string(),
        Reloaded::Failed(reason) => format!("没有载入：{reason} 旧数据仍在使用。"),
    }
}

const MOST_FINDINGS: usize = 20;

fn listed(findings: &[Finding]) -> String {
    let mut lines: Vec<String> = findings.iter().take(MOST_FINDINGS).map(Finding::to_string).collect();
    if findings.len() > MOST_FINDINGS {
        lines.push(format!("……另有 {} 条", findings.len() - MOST_FINDINGS));
    }
    lines.join("\n")
}

/// The greeting of the local chat.
pub fn terminal_greeting(scope: &str) -> String {
    format!("planbot 本地聊天：{scope}。\n一行一问，/help 看怎么问，Ctrl-D 结束。")
}
