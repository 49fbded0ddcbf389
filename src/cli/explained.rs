//! `planbot ask --explain`: how a question was read and what spoke for and against each record, in
//! words.

use crate::app::Answered;
use crate::chat::wanted;
use crate::language::PartOfSpeech;
use crate::question::Operator;
use crate::reply::{Feature, Weights};
use std::io::Write;

/// So many candidates are explained, and of each so many reasons.
const MOST_EXPLAINED: usize = 5;
const MOST_REASONS: usize = 12;

/// How the question was read, and the best candidates with what speaks for and against each.
pub(super) fn explained(out: &mut impl Write, answered: &Answered) -> std::io::Result<()> {
    let question = &answered.reading;
    writeln!(out, "理解为：{}", question.text)?;
    for word in &question.words {
        let mut said = vec![part(word.part).to_string()];
        said.push(format!("分量 {:.2}", word.weight));
        said.extend(
            word.operators
                .iter()
                .map(|asked| format!("问{}", operator(asked))),
        );
        if !word.is_in_documents {
            said.push("文件里没有".to_string());
        }
        writeln!(out, "  {}：{}", word.text, said.join("，"))?;
    }
    let weights = Weights::fitted();
    let completed = &answered.completed;
    // As of the day of the answer, so that both are about the same one.
    let (_, ranked) = answered
        .edition
        .ranked(completed, answered.day, weights, MOST_EXPLAINED);
    for (rank, ranked) in ranked.iter().enumerate() {
        let answer = ranked.answer.as_ref();
        let lead = answer.map_or("（不能引用）", |answer| answer.lead.as_str());
        let kind = answer.map_or("无", |answer| wanted(answer.kind));
        let lead: String = lead.chars().take(60).collect();
        let (score, chance) = (ranked.set.score, ranked.probability * 100.0);
        writeln!(
            out,
            "{}. {lead}（{kind}，{score:.2} 分，把握 {chance:.0}%）",
            rank + 1
        )?;
        let contributions = weights.contributions(&ranked.set.features);
        let strongest = contributions.iter().take(MOST_REASONS);
        for (title, sign) in [("支持", 1.0), ("反对", -1.0)] {
            let said: Vec<String> = strongest
                .clone()
                .filter(|(_, value)| value * sign > 0.0)
                .map(|(feature, value)| format!("{} {value:+.2}", reason(*feature)))
                .collect();
            if !said.is_empty() {
                writeln!(out, "   {title}：{}", said.join("；"))?;
            }
        }
    }
    if let Some(fault) = &answered.fault {
        writeln!(out, "没有通过核对，没有显示：{fault}")?;
    }
    writeln!(out, "用时 {} 微秒\n", answered.elapsed.as_micros())
}

fn part(part: PartOfSpeech) -> &'static str {
    match part {
        PartOfSpeech::Noun => "名词",
        PartOfSpeech::Person => "人名",
        PartOfSpeech::Place => "地名",
        PartOfSpeech::Organisation => "机构名",
        PartOfSpeech::OtherName => "专名",
        PartOfSpeech::VerbalNoun => "动名词",
        PartOfSpeech::Verb => "动词",
        PartOfSpeech::Adjective => "形容词",
        PartOfSpeech::Distinguishing => "区别词",
        PartOfSpeech::Abbreviation => "简称",
        PartOfSpeech::Idiom => "成语",
        PartOfSpeech::Time => "时间",
        PartOfSpeech::Number => "数",
        PartOfSpeech::Measure => "量词",
        PartOfSpeech::Adverb => "副词",
        PartOfSpeech::Pronoun => "代词",
        PartOfSpeech::Preposition => "介词",
        PartOfSpeech::Conjunction => "连词",
        PartOfSpeech::Particle => "助词",
        PartOfSpeech::Modal => "语气词",
        PartOfSpeech::Interjection => "叹词",
        PartOfSpeech::Direction => "方位",
        PartOfSpeech::Prefix => "前缀",
        _ => "其他",
    }
}

fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Amount => "多少",
        Operator::Why => "为什么",
        Operator::Define => "是什么意思",
        Operator::Reverse => "叫什么",
        Operator::When => "什么时候",
        Operator::Who => "谁",
        Operator::Where => "哪里",
        Operator::List => "哪些",
        Operator::What => "什么",
        Operator::Unit => "单位",
        Operator::Nature => "属性",
        Operator::Category => "类别",
        Operator::Verdict => "完成没有",
        Operator::Compare => "比较",
        Operator::Extreme => "最高最低",
        Operator::How => "怎么做",
        Operator::Target => "目标",
        Operator::Actual => "完成数",
        Operator::Report => "报送",
        Operator::Issued => "印发",
        Operator::Indicator => "指标",
        Operator::Total => "合计",
        Operator::Unpublished => "未公布",
        Operator::Except => "除外",
        Operator::Premise => "对不对",
        Operator::Up => "调高",
        Operator::Down => "调低",
        Operator::Same => "一样",
        Operator::Request => "（只是客气）",
        Operator::More => "还有什么",
        Operator::Stock => "现有多少",
        Operator::Document => "文件本身",
        Operator::Opinion => "看法",
    }
}

/// A feature in words; its name in the weights where there are none.
fn reason(feature: Feature) -> &'static str {
    let known = REASONS.iter().find(|(known, _)| *known == feature);
    known.map_or(feature.name(), |(_, words)| words)
}

/// What each feature says of a record. Held to be whole by the test below.
const REASONS: &[(Feature, &str)] = &[
    (Feature::Bias, "任何回答都要先胜过“不答”"),
    (Feature::Share, "问题里说到的大多解释得通"),
    (Feature::NounAbsent, "有名词文件里没有"),
    (Feature::NounElsewhere, "有名词在文件别处"),
    (Feature::NounHeaviest, "最要紧的名词没有着落"),
    (Feature::VerbAbsent, "有动词文件里没有"),
    (Feature::VerbElsewhere, "有动词在文件别处"),
    (Feature::NameUnexplained, "有专名没有着落"),
    (Feature::PlaceUnexplained, "有地名没有着落"),
    (Feature::RoleUnexplained, "有职务没有着落"),
    (Feature::NumberUnexplained, "有数没有着落"),
    (Feature::AbsentNear, "旁边的词文件里没有"),
    (Feature::ElsewhereNear, "旁边的词在文件别处"),
    (Feature::HeadOpen, "所问的中心词没有着落"),
    (Feature::Replaced, "名称里有一个词被换成了别的"),
    (Feature::ConceptOpen, "问题里的另一件事这里没有"),
    (Feature::SortMissing, "问时间、人或地点，这里没有"),
    (Feature::SortFound, "问时间、人或地点，这里有"),
    (Feature::DocumentOpen, "报送、印发或条数之外还有话没有着落"),
    (Feature::OtherUnexplained, "还有别的词没有着落"),
    (Feature::OperatorUnused, "问法用不上"),
    (Feature::IdlePart, "问题有一部分完全没有着落"),
    (Feature::TouchNoun, "紧挨着的名词没有着落"),
    (Feature::TouchNounOfName, "紧挨名称的名词没有着落"),
    (Feature::TouchVerb, "紧挨着的动词没有着落"),
    (Feature::TouchVerbOfName, "紧挨名称的动词没有着落"),
    (Feature::Inside, "夹在中间的词没有着落"),
    (Feature::InsideName, "夹在名称中间的词没有着落"),
    (Feature::HalfOfName, "名称只解释了半个词"),
    (Feature::Compound, "问题里连着的词这里没有连着"),
    (Feature::YearAgrees, "年份对得上"),
    (Feature::YearUnsaid, "没有说到所问的年份"),
    (Feature::KindAgrees, "正是所问的那类回答"),
    (Feature::KindDiffersTable, "所问的不是表里的这类内容"),
    (Feature::KindDiffersClause, "所问的不是正文里的数"),
    (Feature::KindDiffersPassage, "所问的不是这样一段话"),
    (Feature::MeaningAskedOfText, "问的是意思，这里是正文"),
    (Feature::Several, "一并回答了几件事"),
    (Feature::SeveralUnasked, "没有问几件事"),
    (Feature::LittleContent, "问题里内容太少"),
    (Feature::BareValue, "没说问什么，表里的数"),
    (Feature::BareTerm, "没说问什么，名词"),
    (Feature::BareClause, "没说问什么，正文里的数"),
    (Feature::BarePassage, "没说问什么，正文"),
    (Feature::IsValue, "是表里的数"),
    (Feature::IsAttribute, "是单位、属性或类别"),
    (Feature::IsVerdict, "是达标与否"),
    (Feature::IsCompare, "是比较"),
    (Feature::IsReason, "是原因"),
    (Feature::IsTable, "是一组指标"),
    (Feature::IsTerm, "是名词解释"),
    (Feature::IsReverse, "是由意思找名词"),
    (Feature::IsClause, "是正文里的数"),
    (Feature::IsPassage, "是正文的一段"),
    (Feature::IsDuty, "是报送要求"),
    (Feature::IsDocument, "是文件本身的信息"),
    (Feature::Cover, "名称说到了多少"),
    (Feature::CoverLow, "名称说得太少"),
    (Feature::Verbatim, "名称一字不差"),
    (Feature::Complete, "名称说全了"),
    (Feature::Overshadowed, "同样的话说全了另一个名称"),
    (Feature::LeavesFirst, "名称开头的词没有说"),
    (Feature::OnlyMeant, "只是按习惯说法想到它"),
    (Feature::CellUnit, "所问的单位与表里的"),
    (Feature::NoSuchMeasure, "表里没有这一栏"),
    (Feature::TermCover, "名词说到了多少"),
    (Feature::TermLow, "名词说得太少"),
    (Feature::TermVerbatim, "名词一字不差"),
    (Feature::TermAmount, "问的是数，这里是名词"),
    (Feature::TermInner, "只是解释里顺带说到的名词"),
    (Feature::ReverseWeight, "解释里说到了所问的意思"),
    (Feature::ReverseOfMeaning, "问的是意思，这里给的是名称"),
    (Feature::UnitAgrees, "单位对得上"),
    (Feature::UnitDiffers, "单位不是一类"),
    (Feature::HeadFound, "数的就是所问的东西"),
    (Feature::HeadMissing, "数的不是所问的东西"),
    (Feature::ZoneUnsaid, "这个数旁边还有没问到的话"),
    (
        Feature::ZoneUnsaidSingle,
        "只问了一个词，这个数旁边还有别的话",
    ),
    (Feature::ZoneUnsaidBare, "问得很短，这个数旁边还有别的话"),
    (Feature::ZoneWeight, "这个数旁边多说的话"),
    (Feature::ZoneFound, "所问的就在这个数旁边"),
    (Feature::ClauseOwn, "所问的就在这一小句"),
    (Feature::Restricts, "这个数只是限定别的东西"),
    (Feature::MeasureAgrees, "目标或完成对得上"),
    (Feature::MeasureDiffers, "目标和完成弄反了"),
    (Feature::Stock, "问现有的，这里正是现有的"),
    (Feature::ChangeAgrees, "增减与总量分得对"),
    (Feature::PeriodUnasked, "是没有问到的季度或月份"),
    (Feature::TermTimed, "问的是某年的事，这里是名词"),
    (Feature::NameChanged, "名称里有一个字不同"),
    (Feature::TermOpen, "名词旁边的话没有着落"),
    (Feature::CompareSingle, "要比两样，这里只有一样"),
    (Feature::AmountsOpen, "问了几个数，这里不够"),
    (Feature::ListMissing, "问有哪些，这里没有列举"),
    (Feature::CountAgrees, "列出的个数正合所问"),
    (Feature::CountDiffers, "没有列出所问的那么多"),
    (Feature::ModifierOpen, "前面的修饰词没有着落"),
    (Feature::FarName, "专名只在上下文里"),
    (Feature::FarNoun, "名词只在上下文里"),
    (Feature::OnlyHere, "所问的词只在这里说到"),
    (Feature::VerbUnsaid, "小句里的动作没有问到"),
    (Feature::ActDiffers, "问的是一个动作，小句里是别的动作"),
    (Feature::ClauseUnasked, "没有问数，这里给的是数"),
    (Feature::HeadlineFound, "标题里说到了"),
    (Feature::PassageOwn, "这段话自己说到了"),
    (Feature::PassageLength, "这段话的长短"),
    (Feature::PassageDense, "这段话说得集中"),
    (Feature::GrainItem, "是完整的一项"),
    (Feature::GrainStretch, "只是半句"),
    (Feature::GrainList, "是列举"),
    (Feature::GrainNote, "是脚注或备注"),
    (Feature::ListAgrees, "问有哪些，这里正是列举"),
    (Feature::HowAgrees, "问怎么做，这里正是做法"),
    (Feature::WhyAgrees, "问为什么，这里说了原因"),
    (Feature::WhyDiffers, "问为什么，这里没有原因"),
    (Feature::PassageScattered, "说到的话散在几句里"),
    (Feature::PassageAmount, "问的是数，这里是一段话"),
    (Feature::AmountFar, "说到的地方没有所问的数"),
    (Feature::Constraints, "表格查询的条件"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_is_said_in_words() {
        for feature in Feature::ALL {
            let words = reason(*feature);
            assert!(!words.is_ascii(), "{words}");
        }
    }
}
