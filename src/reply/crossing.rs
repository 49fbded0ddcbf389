//! What no score can outweigh: an answer of another year, place, period or role than the question
//! names.

use super::answer::AnswerKind;
use super::candidate::{Asked, Candidate, RecordKey};
use super::features::Feature;
use crate::evidence::TextId;
use crate::language::{Entry, PartOfSpeech, segment};
use crate::model::Measure;
use crate::question::Operator;

/// A place or a period that is explained less than this is not that of the record.
const LEAST_OF_FRAME: f32 = 0.45;

/// A figure is of a place only where its own stretch or a headline of its own says so: not where
/// another part of the sentence does.
const LEAST_OF_PLACE: f32 = 0.6;

/// Whether a candidate crosses the frame: another year, another place, or a part of a year that its
/// text does not say.
pub fn crosses_frame(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    crosses_years(asked, candidate)
        || crosses_place(asked, candidate)
        || crosses_period(asked, candidate)
        || misses_role(asked, candidate)
        || misses_result(asked, candidate)
        || is_past_result(asked, candidate)
        || is_coming_aim(asked, candidate)
        || is_aim_for_present(asked, candidate)
        || is_level_for_rate(asked, candidate)
        || is_of_other_period(asked, candidate)
        || asks_other_property(asked, candidate)
        || misses_kind_of_place(asked, candidate)
        || misses_name(asked, candidate)
}

/// Signs around names, and before them.
const NAMING: &[char] = &['“', '‘', '《', '「', '『', '：', ':', '、'];

/// Whether it is asked what something is called, and the quoted text names nothing.
fn misses_name(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    if !asked.question.has(Operator::Reverse) {
        return false;
    }
    let quoted = match candidate.key {
        RecordKey::Clause(clause, _) => &asked.library.clause(clause).verbatim,
        RecordKey::Passage(passage) => &asked.library.passage(passage).verbatim,
        _ => return false,
    };
    !quoted.contains(NAMING)
}

/// Kinds of places that have names of their own, and that 哪条 and 哪个 ask for.
const KINDS_OF_PLACES: &str = "路街巷村镇乡桥楼站";

/// A noun that ends in such a kind has at most so many letters.
const LONGEST_KIND: usize = 3;

/// Whether a street, a village or a bridge is asked for (开在哪条路) and the texts name none.
fn misses_kind_of_place(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let Some((noun, kind)) = asked_kind_of_place(&asked.question.letters.canonical) else {
        return false;
    };
    let texts = candidate.texts.iter();
    let mut texts = texts.map(|text| asked.explainer.canonical(*text).replace(noun.as_str(), ""));
    !texts.any(|text| names_one(&text, kind))
}

/// The noun that 哪条 asks for where it ends in a kind of place, and the kind: 断头路, which names no
/// street itself.
fn asked_kind_of_place(letters: &[char]) -> Option<(String, char)> {
    let which = letters.iter().position(|letter| *letter == '哪')?;
    let mut asked = which + 1..letters.len();
    let start = asked.find(|at| !"一条个座所处".contains(letters[*at]))?;
    // 哪家店 asks for no place, though such a letter may follow soon; 哪条 does.
    let measured = start > which + 1;
    let longest = if measured { LONGEST_KIND } else { 1 };
    let mut ends = (start..letters.len()).take(longest);
    let end = ends.find(|at| KINDS_OF_PLACES.contains(letters[*at]))?;
    let noun: String = letters[start..=end].iter().collect();
    Some((if end > start { noun } else { String::new() }, letters[end]))
}

/// Whether a text names a place of a kind: 解放路, and not 公路.
fn names_one(text: &str, kind: char) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let pieces = segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new());
    pieces.iter().enumerate().any(|(at, piece)| {
        let ends = letters[piece.end - 1] == kind;
        let is_name = matches!(piece.part, PartOfSpeech::Place | PartOfSpeech::OtherName);
        let follows_name = || {
            let before = at.checked_sub(1).map(|before| &pieces[before]);
            before.is_some_and(|before| before.part.is_open() && before.end == piece.start)
        };
        ends && (is_name || piece.end - piece.start == 1 && follows_name())
    })
}

/// What follows 的 weighs more than this where it asks for a property; measured over the exam's near
/// misses.
const LEAST_PROPERTY: f32 = 0.4;

/// Whether what follows 的 asks for something that a figure does not hold: 入园率的标准差.
///
/// The record explains the word before 的; what follows it is then not a part of the name but a
/// property, and a figure has only those that the operators know.
fn asks_other_property(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    if !candidate.kind.is_of_row() && candidate.kind != AnswerKind::Clause {
        return false;
    }
    let words = &asked.question.words;
    let is_open = |at: &usize| words[*at].operators.is_empty() && candidate.explained[*at] < 0.3;
    let of = (1..words.len()).filter(|at| words[*at].text == "的");
    of.into_iter().any(|of| {
        if candidate.explained[of - 1] <= 0.5 {
            return false;
        }
        let property: Vec<usize> = (of + 1..words.len()).take_while(is_open).collect();
        let asks = words.get(of + 1 + property.len());
        let weight: f32 = property.iter().map(|at| words[*at].weight).sum();
        asks.is_some_and(|word| !word.operators.is_empty()) && weight > LEAST_PROPERTY
    })
}

/// 实际 of a year that has only an aim is not answered by the aim.
fn misses_result(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    asked.measure.is_real && candidate.features.get(Feature::NoSuchMeasure) > 0.0
}

/// An aim that is asked for by its name is none of the results of its year; without a year it is
/// one of the planned year, and a result of the year before is none.
fn is_past_result(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let frame = &asked.question.frame;
    let years = &candidate.time.years;
    let measure = candidate.time.measure;
    if asked.measure.strong != Some(Measure::Target) || candidate.kind != AnswerKind::Clause {
        return false;
    }
    // 目标比去年 asks for both.
    if !frame.years.is_empty() {
        return frame.years.len() == 1 && measure == Some(Measure::Actual);
    }
    measure != Some(Measure::Target)
        && !years.is_empty()
        && years.iter().all(|year| *year < frame.this_year)
}

/// What was reached, held against its own aim, is not answered by the aim of the coming year.
fn is_coming_aim(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let frame = &asked.question.frame;
    let mut years = candidate.time.years.iter();
    asked.measure.is_against_aim
        && frame.years.is_empty()
        && matches!(candidate.kind, AnswerKind::Clause | AnswerKind::Passage)
        && candidate.time.measure == Some(Measure::Target)
        && years.all(|year| *year >= frame.this_year)
}

/// What there is now is not answered by what is aimed at.
fn is_aim_for_present(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    const NOW: &[&str] = &[
        "现有",
        "现在",
        "目前",
        "眼下",
        "如今",
        "当前",
        "已建成",
        "已有",
    ];
    let question = asked.question;
    let asks_now = NOW.iter().any(|word| question.text.contains(word));
    let one_amount = question.operators.spans(Operator::Amount).count() < 2;
    candidate.kind == AnswerKind::Clause
        && candidate.time.measure == Some(Measure::Target)
        && asks_now
        && one_amount
        && !question.has(Operator::Target)
}

/// A figure of a quarter, of several years together or of an average is none of the year that is
/// named.
fn is_of_other_period(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let names_year = !asked.question.frame.years.is_empty();
    let says = |word: &&str| asked.question.text.contains(*word);
    candidate.kind == AnswerKind::Clause
        && names_year
        && candidate.features.get(Feature::PeriodUnasked) > 0.0
        && !["年均", "累计", "截至", "截止", "年来"].iter().any(says)
}

/// How much something grew is not answered by how much there is of it.
fn is_level_for_rate(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let is_level = candidate.features.get(Feature::ChangeAgrees) < 0.0;
    candidate.kind == AnswerKind::Clause && is_level && asked.question.sort.is_rate
}

/// Whoever has a role is named, or nothing is said of him.
fn misses_role(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    if !asked
        .question
        .operators
        .any(&[Operator::Who, Operator::Reverse])
    {
        return false;
    }
    let texts = &candidate.texts;
    let names_holder = |role: &str| {
        texts
            .iter()
            .any(|text| asked.explainer.names_holder(*text, role))
    };
    let mut words = asked.question.words.iter().zip(&candidate.explained);
    words.any(|(word, explained)| {
        let names_nobody = || !texts.is_empty() && !names_holder(&word.text);
        word.is_role && (*explained < LEAST_OF_FRAME || names_nobody())
    })
}

/// Another year than the question names.
pub fn crosses_years(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let frame = &asked.question.frame;
    let other_year = !frame.years.is_empty()
        && !candidate.time.years.is_empty()
        && !frame
            .years
            .iter()
            .any(|year| candidate.time.years.contains(year));
    if other_year {
        return true;
    }
    let beyond = frame.years.iter().any(|year| {
        let of_plan = asked
            .plan(candidate.plan)
            .is_some_and(|plan| plan.covers(*year));
        !of_plan && !candidate.time.years.contains(year)
    });
    beyond && !says_year(asked, candidate)
}

/// Whether a record says anything of a part of the question between punctuation: 昨天没记牢 is no frame.
fn speaks_in(asked: &Asked<'_>, candidate: &Candidate, part: usize) -> bool {
    let words = asked.question.words.iter().zip(&candidate.explained);
    let mut content = words.filter(|(word, _)| word.clause == part && word.weight > 0.25);
    content.any(|(_, explained)| *explained > 0.5)
}

/// A place that the question names and the record does not say.
fn crosses_place(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let least = match candidate.kind {
        AnswerKind::Clause => LEAST_OF_PLACE,
        _ => LEAST_OF_FRAME,
    };
    let words = asked.question.words.iter().zip(&candidate.explained);
    words
        .filter(|(word, _)| word.is_other_place() && !word.is_operator)
        .filter(|(word, _)| speaks_in(asked, candidate, word.clause))
        .any(|(_, explained)| *explained < least)
}

/// A quarter or a month that the question names and the quoted text does not.
fn crosses_period(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let question = asked.question;
    if candidate.kind == AnswerKind::Duty {
        return false;
    }
    let is_clause = candidate.kind == AnswerKind::Clause;
    question.frame.periods.iter().any(|span| {
        let part = question
            .words
            .iter()
            .find(|word| word.span.end > span.start)
            .map(|word| word.clause);
        if part.is_some_and(|part| !speaks_in(asked, candidate, part)) {
            return false;
        }
        let said: String = question.letters.canonical[span.clone()].iter().collect();
        let said = said.trim_end_matches("份");
        // 一季度…；上半年…: a sentence says both, and each of its figures is of one.
        if is_clause {
            let period = candidate.time.period.as_deref();
            return !period.is_some_and(|of| of.contains(said) || said.contains(of));
        }
        let texts = &candidate.texts;
        let says = |text: &TextId| asked.explainer.canonical(*text).contains(said);
        !texts.iter().any(says)
    })
}

/// Whether the quoted text itself names the year: then it need not be one of the plan's.
fn says_year(asked: &Asked<'_>, candidate: &Candidate) -> bool {
    let Some(answer) = candidate.record.answer(asked) else {
        return false;
    };
    let quoted: String = answer
        .citations()
        .iter()
        .map(|citation| citation.quote.as_str())
        .collect();
    let years = &asked.question.frame.years;
    years.iter().all(|year| quoted.contains(&year.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{asked_kind_of_place, names_one};

    #[test]
    fn a_kind_of_place_is_asked_for_and_named() {
        let asked = |text: &str| asked_kind_of_place(&text.chars().collect::<Vec<char>>());
        let kind = |noun: &str, kind: char| Some((noun.to_string(), kind));
        assert_eq!(asked("新店开在哪条街"), kind("", '街'));
        assert_eq!(asked("哪一座桥要修"), kind("", '桥'));
        assert_eq!(asked("哪条断头路通了"), kind("断头路", '路'));
        assert_eq!(asked("哪家店"), None);
        assert_eq!(asked("修了几条路"), None);
        assert!(names_one("新店在人民路开业", '路'));
        assert!(!names_one("新建公路5公里", '路'));
    }
}
