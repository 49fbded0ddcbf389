//! What makes another question of one: another place, year, time, role, attribute, noun or act.
//! None of these is answered, for the documents do not say it.

use super::base::{About, Base};
use super::figures::words_of;
use super::metamorphic::Rewritten;
use super::words::{Dice, Vocabulary};
use crate::edition::Edition;
use crate::language::{PartOfSpeech, Segment};
use crate::model::{ExamRecords, Plan, PlanIx};
use crate::question::Operators;

/// What changes are made with.
pub(crate) struct Changing<'a> {
    /// The plan that is asked.
    pub plan: &'a Plan,
    pub edition: &'a Edition,
    /// Ways to ask.
    pub ways: &'a ExamRecords,
    /// Drawn words.
    pub vocabulary: &'a Vocabulary,
}

/// How far before and behind the plan other years are drawn.
const YEARS_AWAY: usize = 12;

impl Changing<'_> {
    /// One change of each kind that a question has.
    pub(crate) fn changes(&self, base: &Base, dice: &mut Dice) -> Vec<Rewritten> {
        let question = base.question();
        let mut changes: Vec<Rewritten> = Vec::new();
        let mut add = |kind: &'static str, changed: Option<String>| {
            let changed = changed.filter(|changed| *changed != question);
            changes.extend(changed.map(|question| Rewritten { kind, question }));
        };
        let noun = dice.pick(&self.vocabulary.nouns);
        let renamed = |name: String| question.replacen(&base.name, &name, 1);
        add(
            "多一个名词",
            noun.map(|noun| renamed(format!("{noun}{}", base.name))),
        );
        let other = noun.and_then(|noun| with_other_noun(&base.name, noun));
        let kind = if base.about == About::Figure {
            "正文数字：换一个名词"
        } else {
            "换一个名词"
        };
        add(kind, other.filter(|name| !self.holds(name)).map(renamed));
        if base.about == About::Figure {
            let verb = dice.pick(&self.vocabulary.verbs);
            let other = verb.and_then(|verb| with_other_act(&base.name, verb));
            add("正文数字：换一个动作", other.map(renamed));
        }
        if matches!(base.about, About::Cell | About::Figure) {
            let place = dice.pick(&self.vocabulary.places);
            add(
                "别的地方：抽样",
                place.map(|place| self.placed(base, place, dice)),
            );
        }
        if base.about == About::Cell {
            add("别的年份：抽样", self.of_other_year(base, dice));
            add("别的时段", self.of_other_time(base, dice));
            add("角色", self.role(base, dice));
            add("别的属性", self.attribute(base, dice));
        }
        changes
    }

    fn holds(&self, text: &str) -> bool {
        let plans: Vec<PlanIx> = self.edition.book.numbered().map(|(at, _)| at).collect();
        self.edition
            .library
            .holds(&plans, &self.edition.as_compared(text))
    }

    fn placed(&self, base: &Base, place: &str, dice: &mut Dice) -> String {
        let question = base.question();
        match dice.below(3) {
            0 => format!("{place}{question}"),
            1 => question.replacen(&base.name, &format!("{place}{}", base.name), 1),
            _ => format!("{question}，{place}的"),
        }
    }

    /// The year in digits, in two digits or in words.
    fn of_other_year(&self, base: &Base, dice: &mut Dice) -> Option<String> {
        let plan_year = usize::try_from(self.plan.plan_year).ok()?;
        let years = plan_year.saturating_sub(YEARS_AWAY)..=plan_year + YEARS_AWAY;
        let years: Vec<i32> = years
            .filter_map(|year| i32::try_from(year).ok())
            .filter(|year| !self.plan.covers(*year))
            .collect();
        let year = dice.pick(&years)?;
        let digits = year.to_string();
        let spelled = match dice.below(3) {
            0 => digits,
            1 => digits.chars().skip(2).collect(),
            _ => digits
                .chars()
                .filter_map(|digit| {
                    "〇一二三四五六七八九"
                        .chars()
                        .nth(digit.to_digit(10)? as usize)
                })
                .collect(),
        };
        let named = format!("{}年", base.year?);
        Some(base.question().replacen(&named, &format!("{spelled}年"), 1))
    }

    fn of_other_time(&self, base: &Base, dice: &mut Dice) -> Option<String> {
        let times: Vec<&String> = self
            .ways
            .times
            .iter()
            .filter(|time| !self.holds(time))
            .collect();
        let time = dice.pick(&times)?;
        let named = format!("{}年", base.year?);
        Some(
            base.question()
                .replacen(&named, &format!("{named}{time}"), 1),
        )
    }

    fn role(&self, base: &Base, dice: &mut Dice) -> Option<String> {
        let role = dice.pick(&self.ways.roles)?;
        let name = &base.name;
        let forms = [
            format!("{name}的{role}是谁"),
            format!("{name}{role}电话是多少"),
            format!("{name}由哪位{role}负责"),
            format!("{}年{name}{role}叫什么名字", base.year?),
        ];
        dice.pick(&forms).cloned()
    }

    fn attribute(&self, base: &Base, dice: &mut Dice) -> Option<String> {
        let attributes = self.ways.attributes.iter();
        let attributes: Vec<&String> = attributes.filter(|what| !self.holds(what)).collect();
        let attribute = dice.pick(&attributes)?;
        let name = &base.name;
        let forms = [
            format!("{name}的{attribute}是多少"),
            format!("{name}{attribute}"),
            format!("{}年{name}的{attribute}是什么", base.year?),
        ];
        dice.pick(&forms).cloned()
    }
}

/// A name with its first act replaced; nothing where it names none.
fn with_other_act(name: &str, act: &str) -> Option<String> {
    let (letters, words) = words_of(name);
    let operators = Operators::read(&letters, &|_, _| false);
    let is_act = |word: &&Segment| {
        let is_word = word.part == PartOfSpeech::Verb && word.end - word.start >= 2;
        is_word && (word.start..word.end).all(|at| operators.at(at).is_empty())
    };
    let first = words.iter().find(is_act)?;
    Some(exchanged(&letters, first, act))
}

/// A name with its rarest noun replaced; nothing where it is one word.
fn with_other_noun(name: &str, noun: &str) -> Option<String> {
    let (letters, words) = words_of(name);
    let is_noun = |part| matches!(part, PartOfSpeech::Noun | PartOfSpeech::VerbalNoun);
    let nouns = words
        .iter()
        .filter(|word| is_noun(word.part) && word.end - word.start >= 2);
    let rarest = nouns.min_by_key(|word| word.frequency)?;
    if words.len() < 2 {
        return None;
    }
    Some(exchanged(&letters, rarest, noun))
}

/// A name with another word in the place of one of its own.
fn exchanged(letters: &[char], old: &Segment, new: &str) -> String {
    let before: String = letters[..old.start].iter().collect();
    let after: String = letters[old.end..].iter().collect();
    format!("{before}{new}{after}")
}
