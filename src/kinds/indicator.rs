//! What the kinds that speak of one indicator have in common: which indicators a question names,
//! and how well.

use super::{cells, part};
use crate::evidence::{IndicatorName, NameId, place_of};
use crate::language::Meaning;
use crate::model::PlanIx;
use crate::question::{Alignment, Operator, OperatorSet};
use crate::reply::{
    AnswerKind, Asked, Candidate, Feature, Features, NamedIndicator, Record, RecordKey, Time,
};
use std::ops::Range;
use std::rc::Rc;

/// A name of which less is said is not meant.
const LEAST_COVER: f32 = 0.3;

/// Operators that every kind of record of the tables has a use for.
pub const ALWAYS: &[Operator] = &[
    Operator::Amount,
    Operator::What,
    Operator::List,
    Operator::Target,
    Operator::Actual,
    Operator::Total,
    Operator::Indicator,
    Operator::Request,
    Operator::Document,
    Operator::Premise,
    Operator::Stock,
];

/// The operators of a kind: those that every kind uses, and its own.
pub const fn uses(own: &[Operator]) -> OperatorSet {
    OperatorSet::of(ALWAYS).or(OperatorSet::of(own))
}

/// A candidate about one indicator.
pub fn candidate(
    asked: &Asked<'_>,
    named: &NamedIndicator,
    kind: AnswerKind,
    operators: (OperatorSet, OperatorSet),
    record: Rc<dyn Record>,
) -> Candidate {
    let (uses, wants) = operators;
    let name = asked.library.names.indicator(named.name);
    let Alignment {
        explained,
        cover,
        is_verbatim,
        leaves_first,
        is_changed,
    } = &named.alignment;
    let mut features = Features::default();
    features.set(Feature::Cover, *cover);
    features.set(Feature::CoverLow, (0.75 - cover).max(0.0));
    features.set(Feature::Verbatim, f32::from(u8::from(*is_verbatim)));
    features.set(Feature::LeavesFirst, f32::from(u8::from(*leaves_first)));
    features.set(
        Feature::Complete,
        f32::from(u8::from(is_complete(&named.alignment))),
    );
    features.set(
        Feature::Overshadowed,
        f32::from(u8::from(named.is_overshadowed)),
    );
    features.set(
        Feature::NameChanged,
        f32::from(u8::from(*is_changed && *cover < 0.9)),
    );
    features.set(Feature::OnlyMeant, f32::from(u8::from(named.is_only_meant)));
    let names_it = |concept: &str| {
        name.name.text.contains(concept)
            || name.aliases.iter().any(|alias| alias.ends_with(concept))
    };
    let open = asked
        .question
        .concepts
        .iter()
        .filter(|concept| !names_it(&concept.name));
    // Half of a concept in the name (国有 of 国有企业) says half of it.
    let parts = open.map(|concept| {
        let letters: Vec<char> = concept.name.chars().collect();
        let half: String = letters[..letters.len().div_ceil(2)].iter().collect();
        if half.chars().count() > 1 && name.name.text.contains(&half) {
            0.4
        } else {
            1.0
        }
    });
    features.set(Feature::ConceptOpen, parts.sum::<f32>().min(2.0));
    let row = cells::row(asked.book, name, &asked.question.frame.plans);
    let mut years: Vec<i32> = row.iter().filter_map(|found| found.cell.year).collect();
    years.dedup();
    Candidate {
        kind,
        key: RecordKey::Row(kind, named.name),
        plan: name
            .members
            .first()
            .map_or(PlanIx::NEWEST, |(plan, _)| *plan),
        explained: asked.words_of_letters(explained),
        time: Time {
            years,
            measure: None,
            period: None,
        },
        texts: Vec::new(),
        figures: row.len(),
        features,
        uses,
        wants,
        record,
    }
}

/// The indicators of the frame that a question names, with how well.
pub fn named(asked: &Asked<'_>) -> Vec<NamedIndicator> {
    let question = asked.question;
    let meanings: Vec<&str> = question.meanings.iter().map(|m| m.name.as_str()).collect();
    let names = &asked.library.names;
    let mut found = Vec::new();
    for at in names.near(&question.text, &meanings, 48) {
        let entry = names.indicator(at);
        if !entry
            .members
            .iter()
            .any(|(plan, _)| asked.is_in_frame(*plan))
        {
            continue;
        }
        if names_only_a_part(asked, &entry.name.text) || is_of_unasked_part(asked, entry) {
            continue;
        }
        let mut alignment = crate::question::align(question, &entry.name);
        let is_meant = meanings
            .iter()
            .any(|meaning| entry.name.text.contains(meaning));
        by_alias(asked, entry, &mut alignment);
        if alignment.cover >= LEAST_COVER || has_all_that_is_said(asked, &alignment) {
            found.push(NamedIndicator {
                name: at,
                is_only_meant: is_meant && !alignment.is_verbatim,
                is_overshadowed: false,
                alignment,
            });
        }
    }
    let complete: Vec<(NameId, Vec<f32>)> = found
        .iter()
        .filter(|named| is_named(&named.alignment))
        .map(|named| (named.name, named.alignment.explained.clone()))
        .collect();
    for named in found.iter_mut().filter(|named| !is_named(&named.alignment)) {
        let own = &named.alignment.explained;
        let covers = |other: &[f32]| own.iter().zip(other).all(|(own, other)| own <= other);
        named.is_overshadowed = complete.iter().any(|(_, explained)| covers(explained));
    }
    found
}

/// Whether an indicator is of a town or a zone that the question does not name.
fn is_of_unasked_part(asked: &Asked<'_>, entry: &IndicatorName) -> bool {
    let plan = entry.members.first().map(|(plan, _)| *plan);
    let place = place_of(&entry.printed);
    let of_part = plan.zip(place);
    of_part.is_some_and(|(plan, place)| part::is_unasked(asked, plan, &place))
}

/// Whether the question names a part or neighbour of a thing and not the thing itself.
fn names_only_a_part(asked: &Asked<'_>, name: &str) -> bool {
    let concepts = &asked.question.concepts;
    let is_part = |meaning: &Meaning| asked.thesaurus.is_part(&meaning.name, name);
    if concepts.iter().any(|concept| concept.name == name) {
        return false;
    }
    if concepts.iter().any(is_part) {
        return true;
    }
    let meanings = &asked.question.meanings;
    let may_mean = meanings.iter().any(|meaning| meaning.name == name);
    !may_mean && meanings.iter().any(is_part)
}

/// Whether a name has everything that the question says, however little that is (增速).
fn has_all_that_is_said(asked: &Asked<'_>, alignment: &Alignment) -> bool {
    let explained = asked.words_of_letters(&alignment.explained);
    let words = asked.question.words.iter().zip(explained);
    let mut content = words.filter(|(word, _)| word.is_content()).peekable();
    content.peek().is_some() && content.all(|(_, explained)| explained > 0.9)
}

/// Whether all of a name or of one of its aliases is said.
fn is_named(alignment: &Alignment) -> bool {
    is_complete(alignment) || alignment.is_verbatim
}

/// Whether all of a name is said.
fn is_complete(alignment: &Alignment) -> bool {
    alignment.cover > 0.97
}

/// An alias that stands in the question names the whole.
fn by_alias(asked: &Asked<'_>, entry: &IndicatorName, alignment: &mut Alignment) {
    let text = &asked.question.text;
    for alias in &entry.aliases {
        let whole = letters_in(text, alias).map(|span| vec![span]);
        let Some(spans) = whole.or_else(|| in_two(text, alias, &entry.name.text)) else {
            continue;
        };
        if spans.iter().any(|span| is_inside_longer_word(asked, span)) {
            continue;
        }
        for letter in spans.into_iter().flatten() {
            alignment.explained[letter] = 1.0;
        }
        alignment.cover = alignment.cover.max(0.92);
        alignment.is_verbatim = true;
        alignment.leaves_first = false;
    }
}

/// Where an alias stands in a question in two parts: what it begins with as the name does, and
/// what it says otherwise (茶厂在2022年有没有违约, of 茶厂的违约 for 茶厂的信用情况).
fn in_two(text: &str, alias: &str, name: &str) -> Option<Vec<Range<usize>>> {
    let common = alias.chars().zip(name.chars()).take_while(|(a, b)| a == b);
    let bytes: usize = common.map(|(letter, _)| letter.len_utf8()).sum();
    let (start, rest) = alias.split_at(bytes);
    let start = start.trim_end_matches('的');
    if start.chars().count() < LEAST_PART || rest.chars().count() < LEAST_PART {
        return None;
    }
    Some(vec![letters_in(text, start)?, letters_in(text, rest)?])
}

/// Shorter parts of an alias stand in many a question, in letters.
const LEAST_PART: usize = 2;

/// Where a text stands in another, in letters.
fn letters_in(text: &str, part: &str) -> Option<Range<usize>> {
    let byte = text.find(part)?;
    let start = text[..byte].chars().count();
    Some(start..start + part.chars().count())
}

/// 绿化 inside 绿化带 of the text is another thing: the word of the question goes on beyond the alias.
fn is_inside_longer_word(asked: &Asked<'_>, span: &Range<usize>) -> bool {
    asked.question.words.iter().any(|word| {
        let crosses = word.span.start < span.end && span.start < word.span.end;
        let beyond = word.span.start < span.start || word.span.end > span.end;
        crosses && beyond && word.span.len() <= 4 && !word.is_operator
    })
}

#[cfg(test)]
mod tests {
    use super::in_two;

    #[test]
    fn an_alias_is_said_in_two_parts() {
        let (alias, name) = ("茶厂的违约", "茶厂的信用情况");
        assert_eq!(
            in_two("茶厂在2022年有没有违约", alias, name),
            Some(vec![0..2, 11..13])
        );
        assert_eq!(in_two("米厂在2022年有没有违约", alias, name), None);
        assert_eq!(in_two("茶厂在2022年怎么样", alias, name), None);
    }
}
