//! Every sentence that the bot says of its own accord. Figures and names come from elsewhere.

mod desk;

pub use desk::*;

use crate::app::{Adopted, AnsweredOtherwise, Reloaded, SynonymPreview};
use crate::model::Finding;
use crate::ports::{ChatId, PersonId};
use crate::schedule::shown_day;
use crate::store::{Origin, TableFormat};
use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;

/// To thanks and assent.
pub const COURTESY: &str = "不客气，有需要随时问。";
/// How to ask, in two lines.
pub const HELP: &str = "我查本部门的计划报告：指标目标和完成数、名词解释、正文里的数字、报送时间，都照原文回答并注明出处；文件里没有的，会直说没有。\n直接问就行。群里请 @我、回复我，或用 /ask。";

/// What the bot is for.
pub fn start(titles: &[&str]) -> String {
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
pub const WHAT_TO_ASK: &str = "请在命令后面写上要问的内容，例如：/ask 失业率目标";

/// Somebody who may not reload.
pub const NOT_ADMIN: &str = "只有管理员可以重新载入数据。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。";

/// A reload begins.
pub const RELOADING: &str = "正在检查并载入新数据，好了告诉您；这期间照常回答。";

/// A fault of the program.
pub const FAULT: &str = "这一问没能处理好，已经记录下来；请换个说法再问一次。";

/// So many want something that takes long that this one would wait too long.
pub const CROWDED: &str = "现在要图的太多，这一张没有受理；请过几秒再试。";

/// One chat asks faster than it is answered.
pub const TOO_MANY: &str = "问得太快了，前面的还没答完；后面这几条没有收下，请稍后再发。";

/// One person asks too often.
pub const TOO_OFTEN: &str = "您这一分钟问得太多了，请稍等一会儿再问；这段时间里先不再回应。";

/// A chat does not take files.
pub const NO_FILES_HERE: &str = "（这个会话不让机器人发图片和文件，请到私聊里再要一次。）";

/// Under a message that takes the place of one that cannot be changed.
pub const IN_PLACE_OF_ANOTHER: &str = "（以这一条为准，代替前面那条。）";

/// Buttons where none can be pressed: each by its number.
pub fn buttons_by_number(labels: &[&str]) -> String {
    let numbered = labels.iter().enumerate();
    let numbered: Vec<String> = numbered
        .map(|(at, label)| format!("［{} {label}］", at + 1))
        .collect();
    format!("{}（回复数字）", numbered.concat())
}

/// Over buttons that were too many for the message before.
pub const MORE_BUTTONS: &str = "（其余的按钮）";

/// Under the head of a text that is longer than a message can be, where it takes the place of
/// another.
pub const SHORTENED: &str = "（太长，下面的没有显示。）";

/// Under the head of a text that is sent as a file.
pub const WHOLE_TEXT_AS_FILE: &str = "（太长，全文在文件里。）";

/// The name of a file with a text that is too long for messages.
pub const WHOLE_TEXT_FILE: &str = "全文.txt";

/// The topic takes no messages any more.
pub const TOPIC_CLOSED: &str =
    "（原来的话题关闭或删除了，改发在这里；要换一个话题，请在那个话题里重新发 /subscribe。）";

/// Under a reply that may have been sent before a restart.
pub const MAYBE_REPEATED: &str = "（重启前可能已经答过这一问，如重复请忽略。）";

/// Nothing was understood.
pub const NOT_UNDERSTOOD: &str = "没有看懂这个问题。";

/// The head of a refusal.
pub fn not_in_documents(missing: &str) -> String {
    format!("文件里没有{missing}。")
}

/// The head of a refusal on what the documents speak of without answering.
pub fn only_mentioned(missing: &str) -> String {
    format!("文件里提到{missing}，但没有能直接回答这一问的内容。")
}

/// The head of a refusal to say what a thing is that the documents speak of.
pub fn not_defined(missing: &str) -> String {
    format!("文件里提到“{missing}”，但没有单列它的名词解释。")
}

/// The head of what is there instead.
pub const THERE_IS: &str = "可以查到：";

/// A sentence that is near to what was asked, quoted without claiming that it answers.
pub fn related(quote: &str, place: &str) -> String {
    format!("相关原文：{quote}（{place}）")
}

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
pub fn terminal_greeting(scope: &str) -> String {
    format!("planbot 本地聊天：{scope}。\n一行一问，/help 看怎么问，Ctrl-D 结束。")
}

/// The clock moves in the local chat only.
pub const CLOCK_ONLY_LOCAL: &str =
    "只有演示（planbot run --demo）可以拨时钟，例如：/clock 2022-06-24 09:30";

/// Before every message while the clock can be moved.
pub fn demo_banner(now: DateTime<Tz>) -> String {
    format!("【演示时钟 {}】", now.format("%Y-%m-%d %H:%M"))
}

/// The button under what is due.
pub const CALENDAR_BUTTON: &str = "日历文件";

/// The calendar file's name.
pub const CALENDAR_FILE: &str = "报送期限.ics";

/// What stands under the calendar file.
pub const CALENDAR_CAPTION: &str = "报送期限的日历文件，导入手机或电脑日历后会按时提醒。";

/// The name of the table of reports.
pub const STATUS_FILE: &str = "报送情况";

/// The head of the column of units.
pub const UNIT_HEAD: &str = "单位";

/// The heads before the columns that can be chosen.
pub const INDICATOR_HEAD: [&str; 2] = ["序号", "指标"];

/// What is put behind a heading whose column has the bare numbers.
pub const NUMBER_COLUMN: &str = "（数值）";

/// The head of the column of remarks.
pub const REMARK_HEAD: &str = "说明";

/// What stands below a table of indicators: where it is from, and by what its rows were chosen.
pub fn how_chosen(title: &str, said: &str) -> String {
    let chosen = if said.is_empty() {
        "全部指标"
    } else {
        said
    };
    format!(
        "来源：《{title}》。{chosen}。照原文列出；“（数值）”一列只写单个的数，“以上、左右、≥”等限定看原文一列。"
    )
}

/// The head of the column of sources.
pub const PLACE_HEAD: &str = "来源";

/// The heads of the glossary.
pub const TERM_HEAD: [&str; 3] = ["名词", "解释", "来源"];

/// The end of the name of a sheet of indicators, behind the year.
pub const INDICATOR_SHEET: &str = "年计划指标";

/// The end of the name of a sheet of terms, behind the year.
pub const TERM_SHEET: &str = "年名词解释";

/// The name of the file with all tables.
pub const EXPORT_FILE: &str = "计划指标和名词解释";

/// What stands under the table of reports.
pub fn status_caption(day: NaiveDate) -> String {
    format!("各单位报送情况，截至{}年{}。", day.year(), shown_day(day))
}

/// The word behind /status for a format.
pub fn format_word(format: TableFormat) -> &'static str {
    match format {
        TableFormat::Csv => "csv",
        TableFormat::Xlsx => "xlsx",
    }
}

/// Something for administrators.
pub const ADMINS_ONLY: &str = "这一项只有管理员可以用。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。";

/// Nothing is kept.
pub const NOTHING_UNANSWERED: &str = "最近没有答不了的问题，也没有被点 👎 的回答。";

/// Nothing was asked lately.
pub const NO_LAST_QUESTION: &str = "最近十分钟里没有您的提问；先问一个问题，再发 /why。";

/// What flashes up behind 👍.
pub const VOTED_UP: &str = "谢谢！";

/// What flashes up behind 👎.
pub const VOTED_DOWN: &str = "已记下这一问，管理员会看到；不记是谁点的。";

/// The same where nobody administers the bot.
pub const VOTED_DOWN_UNSEEN: &str = "已记下这一问；不记是谁点的。还没有设管理员。";

/// What stands under the file with all tables.
pub const EXPORT_CAPTION: &str = "指标表和名词解释，数字与原文一致，每行注明出处。";

/// Which picture.
pub const WHICH_CHART: &str =
    "请写上指标名称，例如：/chart 失业率；/chart 全部 画全部指标的完成情况。";

/// The words for all indicators.
pub const ALL_INDICATORS: [&str; 4] = ["全部", "所有", "全部指标", "所有指标"];

/// The name of a picture's file.
pub const CHART_FILE: &str = "对比图";

/// Nothing to draw.
pub fn no_chart(text: &str) -> String {
    format!("“{text}”不是表里的指标，没有对比图。/list 可以列出指标，/chart 全部 画全部指标。")
}

/// Several indicators may be meant.
pub fn which_of(names: &[&str]) -> String {
    format!(
        "您要哪一项的对比图？例如：\n{}",
        names
            .iter()
            .map(|name| format!("/chart {name}"))
            .collect::<Vec<_>>()
            .join("\n")
    )
}

/// The button that takes a synonym back.
pub const WITHDRAW_BUTTON: &str = "撤回这个叫法";

/// The head of what could not be answered.
pub fn unanswered_head(groups: usize, times: u32) -> String {
    format!("答不了或答得不好的问题共{groups}组，问过{times}次：")
}

/// One group of such questions.
pub fn unanswered_line(voted_down: bool, missing: &str, times: u32, questions: &[&str]) -> String {
    let why = if voted_down { "👎" } else { "没有" };
    format!(
        "· {why}“{missing}”　{times}次　例：{}",
        questions.join("；")
    )
}

/// The button that adopts a synonym.
pub fn adopt_button(said: &str, name: &str) -> String {
    format!("“{said}”就是{name}")
}

/// What became of a synonym.
pub fn adopted(result: &Adopted, printed: &str, said: &str, add: bool) -> String {
    match result {
        Adopted::Done if add => format!(
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
        Adopted::NoSuchName if add => format!("没有采纳：现在的计划里没有“{printed}”。"),
        Adopted::NoSuchName => format!("没有可撤回的：“{said}”现在不按“{printed}”理解。"),
        Adopted::PartOfWord(question) => {
            format!("没有采纳：“{said}”在“{question}”里只是半个词；叫法要是完整的词。")
        }
        Adopted::Failed(reason) => format!("没有改动：{reason}"),
    }
}

/// The button that adopts a synonym whose changes were shown.
pub const ADOPT_BUTTON: &str = "采纳";

/// So many answers that a synonym changes are shown in a chat.
const MOST_CHANGED: usize = 6;

/// What a synonym would change.
pub fn synonym_preview(preview: &SynonymPreview) -> String {
    let (printed, said) = (&preview.printed, &preview.said);
    if let Some(hindered) = &preview.hindered {
        return adopted(hindered, printed, said, true);
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

/// The link that opens this in a chat with the bot.
pub fn link(link: &str) -> String {
    format!("链接：{link}")
}

/// The button that draws an indicator.
pub const CHART_BUTTON: &str = "对比图";

/// The button that shows the quoted text where it stands.
pub const ORIGINAL_BUTTON: &str = "原文";

/// The button that shows how the question was read.
pub const WHY_BUTTON: &str = "为什么这样答";

/// The data have changed since.
pub const ANSWER_CHANGED: &str = "数据已经更新，这一问现在没有同样的回答；请再问一次。";

/// Of which day an answer is that is looked at on a later one.
pub fn answered_on(day: NaiveDate) -> String {
    format!(
        "这是{}年{}月{}日的回答，按那一天理解。",
        day.year(),
        day.month(),
        day.day()
    )
}

/// The button that copies a value.
pub fn copy_button(value: &str) -> String {
    format!("复制 {value}")
}

/// A label of a button has at most so many letters.
const LONGEST_BUTTON: usize = 30;

/// A choice as a button. Labels that are too long are cut in the middle: they differ at their ends.
pub fn choice_button(label: &str) -> String {
    let letters: Vec<char> = label.chars().collect();
    if letters.len() <= LONGEST_BUTTON {
        return label.to_string();
    }
    let kept = (LONGEST_BUTTON - 1) / 2;
    let head: String = letters.iter().take(kept + 1).collect();
    let tail: String = letters.iter().skip(letters.len() - kept).collect();
    format!("{head}…{tail}")
}

/// What was asked, for administrators: a question, with the choice that was picked.
pub fn asked(origin: &Origin) -> String {
    match &origin.picked {
        Some(picked) => format!("{}（选了：{}）", origin.question, picked.label),
        None => origin.question.clone(),
    }
}

/// The button of the page before; counted from one.
pub fn page_before(page: usize, pages: usize) -> String {
    format!("‹ 上一页 {page}/{pages}")
}

/// The button of the page behind.
pub fn page_behind(page: usize, pages: usize) -> String {
    format!("下一页 {page}/{pages} ›")
}

/// Where the local chat put a file.
pub fn saved(path: &std::path::Path) -> String {
    format!("（文件已存到 {}）", path.display())
}

/// What the local chat's clock shows.
pub fn clock_shows(now: DateTime<Tz>) -> String {
    format!("时钟现在是 {}。", now.format("%Y-%m-%d %H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_keeps_both_its_ends() {
        let short = "某项指标 · 2022年目标";
        assert_eq!(choice_button(short), short);
        let long = format!("{}（按某某口径计算）增速 · 2022年目标", "某".repeat(30));
        let cut = choice_button(&long);
        assert_eq!(cut.chars().count(), LONGEST_BUTTON);
        assert!(
            cut.starts_with("某某") && cut.ends_with("增速 · 2022年目标"),
            "{cut}"
        );
    }
}
