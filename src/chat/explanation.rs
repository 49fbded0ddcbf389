//! How a question was read, in words that a person who asked it understands.

use crate::answer::Reply;
use crate::app::Answered;
use crate::understand::Intent;

/// What was understood, what was looked for, and what the answer was held against.
pub fn why(answered: &Answered) -> String {
    let utterance = &answered.utterance;
    let lexicon = &answered.edition.lexicon;
    let slots = &utterance.slots;
    let mut lines = vec![format!("问题：{}", answered.question)];
    if let Some(picked) = &answered.picked {
        lines.push(format!("选的是：{}", picked.label));
    }
    for (typed, read) in &utterance.respelled {
        lines.push(format!("“{typed}”按“{read}”理解"));
    }
    let mut named = |word: &str, names: Vec<String>| {
        if !names.is_empty() {
            lines.push(format!("{word}：{}", names.join("、")));
        }
    };
    named(
        "认出的指标",
        slots
            .indicators
            .iter()
            .filter_map(|at| lexicon.indicators.get(*at))
            .map(|c| c.name.clone())
            .collect(),
    );
    named(
        "认出的名词",
        slots
            .terms
            .iter()
            .filter_map(|at| lexicon.terms.get(*at))
            .map(|c| c.name.clone())
            .collect(),
    );
    named(
        "认出的类别",
        slots
            .categories
            .iter()
            .filter_map(|at| lexicon.categories.get(*at))
            .map(|c| c.name.clone())
            .collect(),
    );
    named(
        "认出的年份",
        slots.years.iter().map(|year| format!("{year}年")).collect(),
    );
    let runs: Vec<String> = utterance.content.iter().map(|piece| piece.text()).collect();
    match &answered.reply {
        Reply::Answer(answer) => {
            lines.push(format!("要找的是：{}", wanted(answer.intent)));
            if answer.intent == Intent::TextLookup && !runs.is_empty() {
                lines.push(format!("在正文、备注和名词解释里找：{}", runs.join("、")));
            }
            lines.push(format!(
                "回答里的每个数字都在所引的{}处原文里逐字核对过，对不上的不会显示。",
                answer.citations().len()
            ));
        }
        Reply::Clarify(_) => lines.push("有几种同样说得通的理解，所以反问。".to_string()),
        Reply::Unknown(_) | Reply::Help => {
            lines.push("没有一处原文能支持一个回答，所以不答。".to_string())
        }
    }
    lines.push(format!("数据版本：{}", answered.edition.id));
    lines.join("\n")
}

/// What an intent looks for.
fn wanted(intent: Intent) -> &'static str {
    match intent {
        Intent::Greeting | Intent::MissingSubject => "怎么问",
        Intent::Duty => "报送要求",
        Intent::Issued => "印发单位和日期",
        Intent::IndicatorReason => "指标的备注和原因",
        Intent::IndicatorNature => "指标的属性",
        Intent::IndicatorCategory => "指标的类别",
        Intent::IndicatorUnit => "指标的单位",
        Intent::IndicatorVerdict => "目标是否完成",
        Intent::IndicatorCompare => "两个数的比较",
        Intent::IndicatorValue => "表里的数",
        Intent::Note => "脚注或备注",
        Intent::AllMembers
        | Intent::CategoryMembers
        | Intent::ValueMembers
        | Intent::VerdictMembers
        | Intent::ChangeMembers
        | Intent::NatureMembers => "一组指标",
        Intent::TermDefinition => "名词解释",
        Intent::TextLookup => "正文里的说法或数字",
    }
}
