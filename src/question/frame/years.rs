//! Which years a question names, in figures, in words and by a five-year plan.

use super::{Frame, Scope, letters_of};
use crate::language::{Entry, prefixes};
use crate::model::Plan;
use chrono::Datelike;
use once_cell::sync::Lazy;
use regex::Regex;
use std::ops::Range;

static YEAR: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"(?P<full>(?:19|20)[0-9]{2})年?度?|(?P<short>[0-9]{2})年(?:度|底|末)?",
        r"|(?P<this>今年|本年度?|今岁|当年|这一年|本年)|(?P<last>去年|上一?年度?|去岁|旧年|上年)",
        r"|(?P<next>明年|来年|下一?年度?)|(?P<before>前年)|(?P<after>后年)",
        r"|(?P<both>(?:这|前后|去今|今去|连续|近)?两(?:个年度|年)|两个年份|this year and last)",
        r"|(?P<thisyear>this year)|(?P<lastyear>last year)",
    ))
    .ok()
});
/// A five-year plan by its number, and the five years to come.
static FIVE_YEARS: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"十(?P<plan>[一二三四五六七])五(?:规划)?(?:(?P<end>期?末|末年|收官)|期间|时期)?",
        r"|(?:未来|今后|往后|接下来|后)五年|五年(?:以后|之后|后)"
    ))
    .ok()
});

impl Frame {
    pub(super) fn read_years(&mut self, text: &str, scope: Scope<'_>) {
        let plans: Vec<_> = self
            .plans
            .iter()
            .filter_map(|at| scope.book.plan(*at))
            .collect();
        let newest = plans.iter().map(|plan| plan.plan_year).max().unwrap_or(0);
        let clock = scope.today.year();
        let is_planned = plans.iter().any(|plan| plan.plan_year == clock);
        self.this_year = if is_planned { clock } else { newest };
        let this_year = self.this_year;
        // A plan of several years knows no year before its last one: 去年 is the year whose results
        // it reports.
        let covered = plans.iter().any(|plan| plan.covers(this_year - 1));
        let executed = plans
            .iter()
            .map(|plan| plan.executed_year)
            .max()
            .unwrap_or(0);
        let last_year = if covered { this_year - 1 } else { executed };
        let Some(pattern) = YEAR.as_ref() else { return };
        let mut both = None;
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            let before = text[..whole.start()].chars().next_back();
            let after = text[whole.end()..].chars().next();
            let digits_go_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
            let number = |name: &str| {
                found
                    .name(name)
                    .and_then(|n| n.as_str().parse::<i32>().ok())
            };
            let span = letters_of(text, whole.start()..whole.end());
            let year = if let Some(year) = number("full") {
                let is_amount = !whole.as_str().contains('年') && begins_unit(&text[whole.end()..]);
                if digits_go_on(before) || digits_go_on(after) || is_amount {
                    continue;
                }
                Some(year)
            } else if let Some(year) = number("short") {
                if digits_go_on(before) || before == Some('第') || year > 50 {
                    continue;
                }
                Some(2000 + year)
            } else if found.name("this").or(found.name("thisyear")).is_some() {
                Some(this_year)
            } else if found.name("last").or(found.name("lastyear")).is_some() {
                Some(last_year)
            } else if found.name("next").is_some() {
                Some(this_year + 1)
            } else if found.name("before").is_some() {
                Some(this_year - 2)
            } else if found.name("after").is_some() {
                Some(this_year + 2)
            } else {
                both = Some(span.clone());
                None
            };
            if let Some(year) = year {
                self.add_year(year, span);
            }
        }
        self.read_five_years(text, &plans, executed);
        self.read_bare_years(
            text,
            &plans
                .iter()
                .map(|plan| [plan.plan_year, plan.executed_year])
                .collect::<Vec<_>>()
                .concat(),
        );
        self.drop_bases(text);
        // 比去年 without another year holds this year against it.
        let last = last_year;
        let against = ["比", "较", "跟", "和", "与", "对比", "相比"];
        let before_last = self.year_spans.iter().any(|(year, span)| {
            let before: String = text.chars().take(span.start).collect();
            *year == last && against.iter().any(|word| before.ends_with(word))
        });
        self.is_compared = before_last || self.years.len() > 1;
        if before_last && self.years == [last] {
            self.years.push(this_year);
        }
        if let Some(span) = both
            && self.years.len() < 2
        {
            self.add_year(last_year, span.clone());
            self.add_year(this_year, span);
        }
    }

    /// The end of a five-year plan is a year. Without 末 its number is a name in most texts, and a time
    /// where a table looks years ahead of the executed one.
    fn read_five_years(&mut self, text: &str, plans: &[&Plan], executed: i32) {
        let Some(pattern) = FIVE_YEARS.as_ref() else {
            return;
        };
        let columns = plans.iter().flat_map(|plan| &plan.indicators);
        let last_column = columns
            .flat_map(|row| &row.cells)
            .filter_map(|cell| cell.year);
        let ahead = last_column.max().filter(|year| *year >= executed + 3);
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            let numbered = found.name("plan").and_then(|plan| {
                // The eleventh five-year plan ended in 2010.
                let mut numbers = "一二三四五六七".chars();
                let at = numbers.position(|c| plan.as_str().starts_with(c))?;
                Some(2010 + 5 * at as i32)
            });
            let is_time = found.name("end").is_some() || ahead.is_some();
            if let Some(year) = numbered.or(ahead).filter(|_| is_time) {
                self.add_year(year, letters_of(text, whole.start()..whole.end()));
            }
        }
    }

    /// 失业率 24, 24全年: two digits by themselves are a year that a plan is about.
    fn read_bare_years(&mut self, text: &str, known: &[i32]) {
        let letters: Vec<char> = text.chars().collect();
        let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
        for start in 0..letters.len().saturating_sub(1) {
            let end = start + 2;
            let before = start.checked_sub(1).map(|at| letters[at]);
            let stands_apart =
                before.is_none_or(|c| !c.is_ascii_alphanumeric() && !".-第".contains(c));
            let goes_on = letters
                .get(end)
                .is_some_and(|c| c.is_alphanumeric() && *c != '全');
            let is_number = is_digit(start) && is_digit(start + 1);
            if !is_number || !stands_apart || goes_on || self.is_year(start) {
                continue;
            }
            let digits: String = letters[start..end].iter().collect();
            let year = digits.parse().map_or(0, |short: i32| 2000 + short);
            if known.contains(&year) && letters.get(end) != Some(&'.') {
                self.add_year(year, start..end);
            }
        }
    }

    fn add_year(&mut self, year: i32, span: Range<usize>) {
        if !self.years.contains(&year) {
            self.years.push(year);
        }
        self.year_spans.push((year, span));
    }

    /// 较上年增长 says from where the growth is reckoned, and not of when a figure is, where another
    /// year is named.
    fn drop_bases(&mut self, text: &str) {
        let is_base = |(_, span): &(i32, Range<usize>)| {
            let before: String = text.chars().take(span.start).collect();
            let after: String = text.chars().skip(span.end).collect();
            before.ends_with(['较', '比']) && after.starts_with(['增', '涨'])
        };
        let kept: Vec<i32> = self
            .year_spans
            .iter()
            .filter(|span| !is_base(span))
            .map(|(year, _)| *year)
            .collect();
        if !kept.is_empty() {
            self.years.retain(|year| kept.contains(year));
            self.year_spans.retain(|span| !is_base(span));
        }
    }

    /// Takes out the years that are refused: 不要去年的, 去年那数别掺进来. Another year is asked for then.
    pub(in crate::question) fn drop_refused(&mut self, is_refused: &dyn Fn(&Range<usize>) -> bool) {
        let refused: Vec<i32> = self
            .year_spans
            .iter()
            .filter(|(_, span)| is_refused(span))
            .map(|(year, _)| *year)
            .collect();
        self.years.retain(|year| !refused.contains(year));
        self.is_compared &= self.years.len() > 1 || refused.is_empty();
        if self.years.is_empty() && refused.iter().any(|year| *year < self.this_year) {
            self.years.push(self.this_year);
        }
    }
}

/// Whether a text begins with what a number counts: 2021人 is no year, 2021人均 is.
fn begins_unit(text: &str) -> bool {
    let letters: Vec<char> = text.chars().take(LONGEST_WORD_AFTER_YEAR).collect();
    let is_word = |(length, entry): &(usize, Entry)| *length > 1 && entry.part.is_open();
    text.starts_with(|c| "万亿千百元吨斤个家户人件项亩米套名台辆公里度%％".contains(c))
        && !prefixes(&letters).any(|word| is_word(&word))
}

/// So many letters are looked at to tell a unit from a longer word that begins like it.
const LONGEST_WORD_AFTER_YEAR: usize = 4;

#[cfg(test)]
mod tests {
    use super::begins_unit;

    #[test]
    fn a_number_counts_people_and_no_words_that_begin_so() {
        for (text, is_unit) in [
            ("人", true),
            ("人报名", true),
            ("人均产值", false),
            ("年", false),
        ] {
            assert_eq!(begins_unit(text), is_unit, "{text}");
        }
    }
}
