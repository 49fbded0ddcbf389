//! What a unit says in words of its report: that it is sent, in hand, or put off to a day.
//!
//! Only what is said in reply to a reminder is read here. A question is never an act.

use super::spoken_day::{SpokenDay, spoken_day};
use chrono::NaiveDate;
use once_cell::sync::Lazy;
use regex::Regex;

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpokenAct {
    /// The report is sent.
    Reported,
    /// It is being seen to.
    InHand,
    /// It is put off, to a day where one was said.
    PutOff(Option<SpokenDay>),
    /// It is not put off after all.
    OnTime,
}

/// Letters that only a question has.
const ASKS: &[&str] = &[
    "?",
    "？",
    "什么",
    "多少",
    "吗",
    "怎么",
    "怎样",
    "如何",
    "为何",
    "哪",
    "谁",
    "几时",
    "几点",
    "几号",
    "是否",
    "何时",
    "有没有",
    "是不是",
    "能不能",
    "可不可以",
    "完没",
    "好没",
    "了没",
];

#[expect(
    clippy::expect_used,
    reason = "constant patterns; a test reads each kind"
)]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// How a sentence of a unit about itself may begin.
const SUBJECT: &str = r"^(?:好的?[，,、 ]?)?(?:我们?|本|我)?(?:局|委|办|街道|单位|科|处|部门|公司|中心|这边|这里)?(?:的?(?:报告|材料|进展情况|情况|数据))?";
/// What may stand behind an act: a reason, a courtesy.
const BEHIND: &str = r"(?:[，,。！!；;、：:（( ].{0,60})?$";

static REPORTED: Lazy<Regex> = Lazy::new(|| {
    pattern(&format!(
        r"{SUBJECT}(?:(?:已经?|都|均|早已)+(?:报送|上报|报|提交|交|发送|发|完成)(?:完成|完毕|完|过|好|给区里)?(?:了|啦)?|(?:报送|上报|报|提交|交)(?:完成|完毕|完|过|好)?(?:了|啦)){BEHIND}"
    ))
});
static IN_HAND: Lazy<Regex> = Lazy::new(|| {
    pattern(&format!(
        r"{SUBJECT}(?:(?:正在?|在)?(?:处理|办理|办|汇总|整理|准备|收集|填报|撰写|写|弄|做)(?:中|着|之中)|正在(?:处理|办理|办|汇总|整理|准备|收集|填报|撰写|写|弄|做)(?:数据|材料|报告|情况|进展|报表|总结)?|在办|在处理|在汇总|(?:已经?)?(?:收到|知悉|收悉|知晓)(?:了|啦)?|收到收到){BEHIND}"
    ))
});
static PUT_OFF: Lazy<Regex> = Lazy::new(|| {
    pattern(&format!(
        r"{SUBJECT}(?:需要?|申请|请求|请|想|要|拟)?(?:延期|延后|延迟|推迟|延|缓|宽限)(?:报送|上报|报)?(?:到|至|于)?"
    ))
});
static ON_TIME: Lazy<Regex> =
    Lazy::new(|| pattern(r"^(?:算了|不用|不需要|不必|不延|取消|能?按时|可以按时|还是按时)"));

/// Whether a text asks something.
fn asks(text: &str) -> bool {
    ASKS.iter().any(|word| text.contains(word))
}

/// What a reply to a reminder says; nothing where it says something else.
pub(crate) fn spoken_act(text: &str, today: NaiveDate) -> Option<SpokenAct> {
    let text = text.trim();
    // Before anything else: 报了吗 has the letters of 报了, and nobody's report is taken as sent for a
    // question.
    if asks(text) {
        return None;
    }
    if REPORTED.is_match(text) {
        return Some(SpokenAct::Reported);
    }
    if IN_HAND.is_match(text) {
        return Some(SpokenAct::InHand);
    }
    let behind = PUT_OFF.find(text)?.end();
    let rest = text.get(behind..)?;
    match spoken_day(rest, today) {
        Some((day, _)) => Some(SpokenAct::PutOff(Some(day))),
        // 延期 alone, or with a reason and no day.
        None if ENDS.is_match(rest) => Some(SpokenAct::PutOff(None)),
        None => None,
    }
}

static ENDS: Lazy<Regex> = Lazy::new(|| pattern(&format!("^{BEHIND}")));

/// What a reply to the question until when says: a day with or without 延期到 before it, or that it
/// is not needed.
pub(crate) fn spoken_answer(text: &str, today: NaiveDate) -> Option<SpokenAct> {
    let text = text.trim();
    if asks(text) {
        return None;
    }
    if let Some((day, rest)) = spoken_day(text, today) {
        // 7月15日的目标 speaks of something else.
        return (!rest.starts_with('的')).then_some(SpokenAct::PutOff(Some(day)));
    }
    if ON_TIME.is_match(text) {
        return Some(SpokenAct::OnTime);
    }
    spoken_act(text, today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 6, 24).unwrap()
    }

    fn until(month: u32, day: u32) -> SpokenAct {
        SpokenAct::PutOff(Some(SpokenDay {
            day: NaiveDate::from_ymd_opt(2022, month, day).unwrap(),
            next: None,
        }))
    }

    #[test]
    fn what_a_unit_says_of_its_report_is_an_act() {
        for text in [
            "已报送",
            "已报送。",
            "我们已经报送了",
            "我局已报，请查收",
            "报送了",
            "已上报",
            "材料已提交",
            "都报完了",
            "已报送，谢谢",
        ] {
            assert_eq!(
                spoken_act(text, today()),
                Some(SpokenAct::Reported),
                "{text}"
            );
        }
        for text in [
            "处理中",
            "正在处理",
            "正在汇总数据，下周能好",
            "收到",
            "收到！",
            "已收到，马上办",
            "好的，收到",
            "在办",
        ] {
            assert_eq!(spoken_act(text, today()), Some(SpokenAct::InHand), "{text}");
        }
        for text in [
            "延期到下周五，等统计数据",
            "申请延期到7月1日",
            "需延期至2022年7月1日",
            "我们要推迟到7-1",
        ] {
            assert_eq!(spoken_act(text, today()), Some(until(7, 1)), "{text}");
        }
        for text in ["延期", "需延期", "申请延期，数据没好"] {
            assert_eq!(
                spoken_act(text, today()),
                Some(SpokenAct::PutOff(None)),
                "{text}"
            );
        }
    }

    #[test]
    fn questions_and_other_talk_are_no_acts() {
        for text in [
            "已报送的有哪些单位",
            "报送了吗",
            "还没报送",
            "没报",
            "怎么报",
            "报给谁",
            "好的",
            "谢谢",
            "7月15日前要报什么",
            "1-5月固定资产投资完成多少",
            "延期要找谁批？",
            "失业率目标",
            "处理中的单位有几个？",
            "延期的单位",
            "7月15日",
            "已报送单位名单",
        ] {
            assert_eq!(spoken_act(text, today()), None, "{text}");
        }
    }

    #[test]
    fn an_answer_to_the_question_until_when_is_a_day() {
        for text in ["7月1日，数据没好", "7月1日前能报", "延期到7月1日", "下周五"]
        {
            assert_eq!(spoken_answer(text, today()), Some(until(7, 1)), "{text}");
        }
        for text in ["算了，不用延期了", "不延了", "能按时报"] {
            assert_eq!(
                spoken_answer(text, today()),
                Some(SpokenAct::OnTime),
                "{text}"
            );
        }
        for text in [
            "7月15日前要报什么",
            "1-5月固定资产投资完成多少",
            "12月31日前的目标是什么",
            "7月15日的失业率",
            "等数据",
        ] {
            assert_eq!(spoken_answer(text, today()), None, "{text}");
        }
    }
}
