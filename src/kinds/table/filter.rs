//! What a query over the tables asks of an indicator.

use crate::model::{IndicatorNature, Measure, Plan, PlanIx};
use crate::question::{Operator, align};
use crate::reply::{Asked, Verdict, judge};
use std::cmp::Ordering;
use std::ops::Range;

/// Whether a filter must hold or must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// It must hold.
    Is,
    /// It must not: 不是, 除了.
    IsNot,
}

/// A condition on an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// It stands under a category.
    Category(String),
    /// It binds or is anticipated.
    Nature(IndicatorNature),
    /// It is measured in a unit.
    Unit(String),
    /// Its target was met, or was not.
    Verdict(Verdict),
    /// A cell says certain words.
    Words(String),
    /// A cell is a certain number.
    Number(String),
    /// A cell is not published.
    Unpublished,
    /// A cell has no figure.
    WithoutFigure,
    /// The planned year's target against the year before.
    Changed(Ordering, Measure),
}

/// The filters of a question and the letters that they explain.
pub struct Read {
    /// The filters, each with whether it must hold.
    pub filters: Vec<(Filter, Polarity)>,
    /// For each letter of the question how far the filters explain it.
    pub letters: Vec<f32>,
    /// Whether a category's whole name is said.
    pub is_complete: bool,
}

/// Reads the filters of a question for one plan.
pub fn filters(asked: &Asked<'_>, plan_at: PlanIx, plan: &Plan) -> Read {
    let mut read = Read {
        filters: Vec::new(),
        letters: vec![0.0; asked.question.letters.canonical.len()],
        is_complete: false,
    };
    category(asked, plan_at, &mut read);
    nature(asked, &mut read);
    unit(asked, plan, &mut read);
    if !words(asked, plan_at, &mut read) && !unpublished(asked, &mut read) {
        verdict(asked, &mut read);
        changed(asked, &mut read);
    }
    number(asked, plan, &mut read);
    read
}

impl Read {
    fn explain(&mut self, span: Range<usize>) {
        for letter in &mut self.letters[span] {
            *letter = 1.0;
        }
    }

    fn explain_text(&mut self, asked: &Asked<'_>, text: &str) {
        for span in spans(asked, text) {
            self.explain(span);
        }
    }
}

fn spans(asked: &Asked<'_>, text: &str) -> Vec<Range<usize>> {
    let question = &asked.question.text;
    question
        .match_indices(text)
        .map(|(byte, found)| {
            let start = question[..byte].chars().count();
            start..start + found.chars().count()
        })
        .collect()
}

/// 不是, 除了 before a span or 以外 after it turn a filter round.
fn polarity(asked: &Asked<'_>, span: &Range<usize>) -> Polarity {
    let turned = asked
        .question
        .operators
        .spans(Operator::Except)
        .any(|except| {
            let before = except.end <= span.start && span.start - except.end <= 4;
            let after = span.end <= except.start && except.start - span.end <= 4;
            let said: String = asked.question.letters.canonical[except.clone()]
                .iter()
                .collect();
            before || after && (said.contains('外') || said.contains("不算"))
        });
    if turned {
        Polarity::IsNot
    } else {
        Polarity::Is
    }
}

fn category(asked: &Asked<'_>, plan_at: PlanIx, read: &mut Read) {
    let text = &asked.question.text;
    let speaks = ["类", "块", "板块", "指标", "方面", "部分", "栏", "项"]
        .iter()
        .any(|w| text.contains(w));
    let best = asked
        .library
        .names
        .categories
        .iter()
        .filter(|(plan, ..)| *plan == plan_at)
        .map(|(_, printed, name)| (printed, align(asked.question, name)))
        .filter(|(_, alignment)| alignment.cover >= if speaks { 0.5 } else { 0.7 })
        .max_by(|(a, x), (b, y)| x.cover.total_cmp(&y.cover).then(b.cmp(a)));
    let Some((printed, alignment)) = best else {
        return;
    };
    let explained: Vec<usize> = (0..alignment.explained.len())
        .filter(|at| alignment.explained[*at] > 0.0)
        .collect();
    let (Some(first), Some(last)) = (explained.first(), explained.last()) else {
        return;
    };
    let span = *first..*last + 1;
    read.is_complete = alignment.cover > 0.97;
    read.filters
        .push((Filter::Category(printed.clone()), polarity(asked, &span)));
    for (letter, value) in read.letters.iter_mut().zip(&alignment.explained) {
        *letter = letter.max(*value);
    }
}

fn nature(asked: &Asked<'_>, read: &mut Read) {
    let binding = ["约束性", "约束", "硬指标", "硬约束", "硬性"];
    let anticipatory = ["预期性", "预期类", "预期指标", "软指标", "软性"];
    let said = |words: &[&str]| {
        words
            .iter()
            .find_map(|word| spans(asked, word).into_iter().next())
    };
    let found = match (said(&binding), said(&anticipatory)) {
        // 约束性还是预期性 asks for the nature of one indicator.
        (Some(_), Some(_)) => None,
        (Some(span), None) => Some((IndicatorNature::Binding, span)),
        (None, Some(span)) => Some((IndicatorNature::Anticipatory, span)),
        (None, None) => None,
    };
    if let Some((nature, span)) = found {
        read.filters
            .push((Filter::Nature(nature), polarity(asked, &span)));
        read.explain(span);
    }
}

fn unit(asked: &Asked<'_>, plan: &Plan, read: &mut Read) {
    if !asked.question.text.contains("单位") && !asked.question.text.contains("计量") {
        return;
    }
    let mut units: Vec<&str> = plan.indicators.iter().map(|i| i.unit.as_str()).collect();
    units.sort_by_key(|unit| std::cmp::Reverse(unit.chars().count()));
    units.dedup();
    for unit in units.into_iter().filter(|unit| !unit.is_empty()) {
        let canonical = asked.thesaurus.document(unit);
        let written = if canonical == "%" && asked.question.text.contains("百分") {
            "百分".to_string()
        } else {
            canonical
        };
        if let Some(span) = spans(asked, &written).into_iter().next() {
            read.filters
                .push((Filter::Unit(unit.to_string()), polarity(asked, &span)));
            read.explain(span);
            read.explain_text(asked, "单位");
            return;
        }
    }
}

/// A value in words (高于…平均水平): most of it stands in the question.
fn words(asked: &Asked<'_>, plan_at: PlanIx, read: &mut Read) -> bool {
    let mut best: Option<(&String, f32, Vec<f32>)> = None;
    let values = asked.library.names.values.iter();
    for (_, printed, name) in values.filter(|(plan, ..)| *plan == plan_at) {
        let alignment = align(asked.question, name);
        let said: f32 = alignment.explained.iter().sum();
        let fits = alignment.cover >= 0.65 && (said >= 2.5 || alignment.cover > 0.99);
        let is_better = |(_, cover, _): &(&String, f32, Vec<f32>)| alignment.cover > *cover;
        if fits && best.as_ref().is_none_or(is_better) {
            best = Some((printed, alignment.cover, alignment.explained));
        }
    }
    let Some((value, _, explained)) = best else {
        return false;
    };
    read.filters
        .push((Filter::Words(value.clone()), Polarity::Is));
    for (letter, value) in read.letters.iter_mut().zip(&explained) {
        *letter = letter.max(*value);
    }
    true
}

fn unpublished(asked: &Asked<'_>, read: &mut Read) -> bool {
    if !asked.question.has(Operator::Unpublished) {
        return false;
    }
    let text = &asked.question.text;
    let withheld = ["公布", "发布", "公开", "空", "横", "杠", "—"]
        .iter()
        .any(|w| text.contains(w));
    let filter = if withheld {
        Filter::Unpublished
    } else {
        Filter::WithoutFigure
    };
    read.filters.push((filter, Polarity::Is));
    let spans: Vec<Range<usize>> = asked
        .question
        .operators
        .spans(Operator::Unpublished)
        .cloned()
        .collect();
    spans.into_iter().for_each(|span| read.explain(span));
    true
}

fn verdict(asked: &Asked<'_>, read: &mut Read) {
    let spans: Vec<Range<usize>> = asked
        .question
        .operators
        .spans(Operator::Verdict)
        .cloned()
        .collect();
    if spans.is_empty() {
        return;
    }
    let said: String = spans
        .iter()
        .flat_map(|span| asked.question.letters.canonical[span.clone()].iter())
        .collect();
    let asks_both = ["有没", "没有", "吗", "是否", "达没达", "完没完"];
    let whole = &asked.question.text;
    let negated = [
        "没完成",
        "没达",
        "未完成",
        "未达",
        "不达标",
        "没有完成",
        "没有达",
        "未实现",
        "没实现",
        "没能",
        "未能",
        "掉链子",
        "拖后腿",
        "差距",
        "没过关",
    ];
    let is_negated = negated.iter().any(|word| whole.contains(word))
        || (said.contains('没') || said.contains('未') || said.contains('不'))
            && !asks_both.iter().any(|word| said.contains(word));
    let wanted = if is_negated {
        Verdict::NotMet
    } else {
        Verdict::Met
    };
    read.filters.push((Filter::Verdict(wanted), Polarity::Is));
    spans.into_iter().for_each(|span| read.explain(span));
    read.explain_text(asked, "差距");
}

fn changed(asked: &Asked<'_>, read: &mut Read) {
    let question = asked.question;
    if read
        .filters
        .iter()
        .any(|(filter, _)| matches!(filter, Filter::Verdict(_)))
        || question.has(Operator::Extreme)
    {
        return;
    }
    let asks_indicators = question.any(&[Operator::Indicator, Operator::List, Operator::Who]);
    if !asks_indicators {
        return;
    }
    let against = if question.has(Operator::Actual) || question.text.contains("实际") {
        Measure::Actual
    } else {
        Measure::Target
    };
    let compares = question.has(Operator::Compare)
        || question.has(Operator::Target)
        || question.frame.years.len() > 1;
    let (operator, order) = if question.has(Operator::Same) {
        (Operator::Same, Ordering::Equal)
    } else if question.has(Operator::Down) {
        (Operator::Down, Ordering::Less)
    } else if question.has(Operator::Up) {
        (Operator::Up, Ordering::Greater)
    } else {
        // 比…低, 比…高 without a further word.
        let low = question.text.contains('低') || question.text.contains('少');
        let high = question.text.contains('高') || question.text.contains('多');
        if !question.has(Operator::Compare) || low == high {
            return;
        }
        (
            Operator::Compare,
            if low {
                Ordering::Less
            } else {
                Ordering::Greater
            },
        )
    };
    if !compares {
        return;
    }
    read.filters
        .push((Filter::Changed(order, against), Polarity::Is));
    let spans: Vec<Range<usize>> = question.operators.spans(operator).cloned().collect();
    spans.into_iter().for_each(|span| read.explain(span));
    for word in ["比", "高", "低", "相比", "比较"] {
        read.explain_text(asked, word);
    }
}

fn number(asked: &Asked<'_>, plan: &Plan, read: &mut Read) {
    if !asked.question.has(Operator::Indicator) || !read.filters.is_empty() {
        return;
    }
    let words = asked.question.words.iter().filter(|word| word.is_number());
    for word in words {
        let digits: String = word
            .text
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        let is_cell = plan.indicators.iter().flat_map(|i| &i.cells).any(|cell| {
            cell.quantity
                .value
                .is_some_and(|value| value.to_string() == digits)
        });
        if is_cell {
            read.filters.push((Filter::Number(digits), Polarity::Is));
            read.explain(word.span.clone());
            return;
        }
    }
}

impl Filter {
    /// Whether it compares two years.
    pub fn compares(&self) -> bool {
        matches!(self, Self::Changed(..))
    }

    /// As a list is headed by it.
    pub fn words(&self) -> String {
        match self {
            Self::Category(name) => format!("“{name}”"),
            Self::Nature(nature) => nature.word().to_string(),
            Self::Unit(unit) => format!("单位为“{unit}”"),
            Self::Verdict(verdict) => format!("表中数字判定为{}", verdict.word()),
            Self::Words(value) => format!("值为“{value}”"),
            Self::Number(number) => format!("数值为{number}"),
            Self::Unpublished => "有数值未公布".to_string(),
            Self::WithoutFigure => "没有具体数值".to_string(),
            Self::Changed(order, against) => {
                let what = if *against == Measure::Actual {
                    "完成数"
                } else {
                    "目标"
                };
                match order {
                    Ordering::Less => format!("目标比上年{what}低"),
                    Ordering::Equal => format!("目标与上年{what}相同"),
                    Ordering::Greater => format!("目标比上年{what}高"),
                }
            }
        }
    }

    /// Whether an indicator fits; none where nothing can be said.
    pub fn fits(&self, asked: &Asked<'_>, plan: &Plan, at: usize) -> Option<bool> {
        let indicator = &plan.indicators[at];
        let question = asked.question;
        let years = &question.frame.years;
        let measure = asked.measure.of_cell;
        let cells = || {
            indicator.cells.iter().filter(|cell| {
                (years.is_empty() || cell.year.is_some_and(|year| years.contains(&year)))
                    && (measure.is_none() || cell.measure == measure)
            })
        };
        Some(match self {
            Self::Category(name) => indicator.category == *name,
            Self::Nature(nature) => indicator.nature? == *nature,
            Self::Unit(unit) => indicator.unit == *unit,
            Self::Verdict(wanted) => {
                let year = years.first().copied().unwrap_or(plan.executed_year);
                let target = indicator.cell(year, Measure::Target)?;
                let actual = indicator.cell(year, Measure::Actual)?;
                let less = asked.thesaurus.less_is_good(&indicator.name);
                judge(&target.quantity, &actual.quantity, less) == *wanted
            }
            Self::Words(value) => cells().any(|cell| {
                let bare = cell.quantity.printed.trim_matches(['（', '）', '(', ')']);
                bare.replace("预计", "") == value.replace("预计", "")
            }),
            Self::Number(number) => cells().any(|cell| {
                cell.quantity
                    .value
                    .is_some_and(|v| v.to_string() == *number)
            }),
            Self::Unpublished => cells().any(|cell| cell.quantity.is_unpublished()),
            Self::WithoutFigure => cells().any(|cell| cell.quantity.value.is_none()),
            Self::Changed(order, against) => {
                let new = indicator.cell(plan.plan_year, Measure::Target)?;
                let old = indicator.cell(plan.executed_year, *against)?;
                match (new.quantity.value, old.quantity.value) {
                    (Some(x), Some(y)) => x.cmp(&y) == *order,
                    _ => *order == Ordering::Equal && new.quantity.printed == old.quantity.printed,
                }
            }
        })
    }
}
