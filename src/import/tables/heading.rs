//! The heading of a table: what its columns hold, over one to three rows, once or twice side by
//! side.

mod column;

pub(crate) use column::{Column, ColumnScope, measure};

use super::super::document::{Document, Merged, Row};
use super::super::pattern::YEAR;
use super::solid;
use crate::model::Quantity;
use column::{column, year_in};

/// The heading of a table of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// How many rows it takes.
    pub depth: usize,
    /// The columns of one group: a table may show several indicators side by side.
    pub columns: Vec<Column>,
    /// How many groups stand side by side.
    pub groups: usize,
}

/// A heading takes at most so many rows.
const DEEPEST: usize = 3;

/// Reads the heading of a table. `year` is the year of the lines above it, which headings without a
/// year of their own are about.
pub(crate) fn heading(document: &Document, rows: &[Row], year: Option<i32>) -> Option<Heading> {
    for depth in 1..=DEEPEST.min(rows.len()) {
        if rows
            .get(depth)
            // Deeper as long as the next row still belongs to the heading.
            .is_some_and(|next| goes_on(document, &rows[..depth], next))
        {
            continue;
        }
        let mut columns: Vec<Column> = Vec::new();
        for parts in without_title(texts(document, &rows[..depth])) {
            let column = column(&parts, year, columns.last());
            columns.push(column);
        }
        // A row for each year that could not be turned has no name of an indicator in it.
        if columns
            .iter()
            .zip(under(document, rows, depth))
            .any(is_year_as_name)
        {
            return None;
        }
        let (columns, groups) = grouped(columns)?;
        let values = || columns.iter().filter(|c| matches!(c, Column::Value { .. }));
        let has_year = values().any(|column| matches!(column, Column::Value { year: Some(_), .. }));
        // A table without any year says of no figure when it held; no indicator is made of it.
        return has_year.then_some(Heading {
            depth,
            columns,
            groups,
        });
    }
    None
}

/// The texts of the row under a heading.
fn under(document: &Document, rows: &[Row], depth: usize) -> Vec<String> {
    let cells = rows.get(depth).into_iter().flat_map(|row| &row.cells);
    cells.map(|cell| solid(&document.cell(cell))).collect()
}

fn is_year_as_name((column, text): (&Column, String)) -> bool {
    *column == Column::Name && YEAR.is_match(&text)
}

/// What stands over each column, each text once, from above.
fn texts(document: &Document, rows: &[Row]) -> Vec<Vec<String>> {
    let count = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut texts: Vec<Vec<String>> = vec![Vec::new(); count];
    for row in rows {
        let mut left = String::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let text = match cell.merged {
                Merged::Left => left.clone(),
                Merged::Above => String::new(),
                Merged::No => solid(&document.cell(cell)),
            };
            // A cell that spans two rows is told once.
            if !text.is_empty() && texts[at].last() != Some(&text) {
                texts[at].push(text.clone());
            }
            left = text;
        }
    }
    texts
}

/// Without a title that spans all columns of values: it tells none of them apart.
fn without_title(mut texts: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let deep = || texts.iter().filter(|parts| parts.len() > 1);
    let Some(title) = deep().next().map(|parts| parts[0].clone()) else {
        return texts;
    };
    let spans_all = deep().count() > 1 && deep().all(|parts| parts[0] == title);
    let is_told_below = deep().any(|parts| parts[1..].iter().any(|part| measure(part).is_some()));
    // A title with a year stays: below it stand 计划 and 完成 without one.
    if spans_all && is_told_below && year_in(&title).is_none() {
        for parts in texts.iter_mut().filter(|parts| parts.len() > 1) {
            parts.remove(0);
        }
    }
    texts
}

/// Whether the row after a heading belongs to it: a cell of the heading reaches into it, or it
/// leaves its first cell empty and has no figure.
fn goes_on(document: &Document, heading: &[Row], next: &Row) -> bool {
    let cells = next.cells.iter().filter(|cell| cell.merged == Merged::No);
    let texts: Vec<String> = cells.map(|cell| solid(&document.cell(cell))).collect();
    let says = texts.iter().filter(|text| !text.is_empty());
    let has_value = says.clone().any(|text| is_value(text));
    if has_value || says.count() == 0 {
        return false;
    }
    let spans_above = next.cells.iter().any(|cell| cell.merged == Merged::Above);
    let first_is_open = next
        .cells
        .first()
        .is_some_and(|cell| cell.pieces.is_empty());
    let is_wide = heading.iter().any(|row| {
        let texts: Vec<String> = row
            .cells
            .iter()
            .map(|cell| solid(&document.cell(cell)))
            .collect();
        // Where a format cannot merge cells, the text is written again: 2030年, 2030年.
        let repeats = texts
            .windows(2)
            .any(|two| two[0] == two[1] && !two[0].is_empty());
        repeats || row.cells.iter().any(|cell| cell.merged == Merged::Left)
    });
    spans_above || first_is_open && is_wide
}

/// Whether a cell's text is a figure; a year is a heading's.
fn is_value(text: &str) -> bool {
    let is_year = YEAR.is_match(text);
    let has_digit = text.chars().any(char::is_numeric);
    !is_year && has_digit && (Quantity::parse(text, "%").value.is_some() || text.ends_with('%'))
}

/// The columns of one group and the number of groups; none where the columns are no indicators.
fn grouped(columns: Vec<Column>) -> Option<(Vec<Column>, usize)> {
    let names: Vec<usize> = (0..columns.len())
        .filter(|at| columns[*at] == Column::Name)
        .collect();
    let has_value = columns
        .iter()
        .any(|column| matches!(column, Column::Value { .. }));
    match names.as_slice() {
        [_] if has_value => Some((columns, 1)),
        [first, second, ..] => {
            // From one name to the next is one group; all groups must have the same columns, or it
            // is no table of groups.
            let length = second - first;
            let groups: Vec<&[Column]> = columns.chunks(length).collect();
            let alike = groups.iter().all(|group| *group == groups[0]);
            let one = groups[0].to_vec();
            let has_value = one
                .iter()
                .any(|column| matches!(column, Column::Value { .. }));
            (alike && has_value).then_some((one, columns.len() / length))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::{Block, SpannedCell};
    use crate::model::Measure;

    fn table(rows: &[&[(&str, usize, usize)]]) -> (Document, Vec<Row>) {
        let mut document = Document::default();
        let cell = |(text, across, down): &(&str, usize, usize)| SpannedCell {
            lines: vec![(*text).to_string()],
            across: *across,
            down: *down,
        };
        let rows = rows.iter().map(|row| row.iter().map(cell).collect());
        document.add_table(rows.collect());
        let Some(Block::Table(rows)) = document.blocks.pop() else {
            return (document, Vec::new());
        };
        (document, rows)
    }

    fn values(heading: &Heading) -> Vec<(&str, Option<i32>, Option<Measure>)> {
        let columns = heading.columns.iter().filter_map(|column| match column {
            Column::Value {
                heading,
                year,
                measure,
                ..
            } => Some((heading.as_str(), *year, *measure)),
            _ => None,
        });
        columns.collect()
    }

    #[test]
    fn headings_of_one_row_are_read() {
        let (document, rows) = table(&[
            &[
                ("指标名称", 1, 1),
                ("2030年完成", 1, 1),
                ("2031年目标", 1, 1),
            ],
            &[("稻谷亩产", 1, 1), ("410", 1, 1), ("415", 1, 1)],
        ]);
        let heading = heading(&document, &rows, None).unwrap();
        assert_eq!((heading.depth, heading.groups), (1, 1));
        assert_eq!(
            values(&heading),
            [
                ("2030年完成", Some(2030), Some(Measure::Actual)),
                ("2031年目标", Some(2031), Some(Measure::Target)),
            ]
        );
    }

    #[test]
    fn a_second_row_of_headings_says_which_value_of_the_year() {
        let (document, rows) = table(&[
            &[("指标", 1, 2), ("2030年", 2, 1), ("2031年", 1, 1)],
            &[("计划", 1, 1), ("完成", 1, 1), ("目标", 1, 1)],
            &[
                ("稻谷亩产", 1, 1),
                ("405", 1, 1),
                ("410", 1, 1),
                ("415", 1, 1),
            ],
        ]);
        let heading = heading(&document, &rows, None).unwrap();
        assert_eq!(heading.depth, 2);
        assert_eq!(
            values(&heading),
            [
                ("2030年计划", Some(2030), Some(Measure::Target)),
                ("2030年完成", Some(2030), Some(Measure::Actual)),
                ("2031年目标", Some(2031), Some(Measure::Target)),
            ]
        );
    }

    #[test]
    fn the_year_may_stand_in_the_caption() {
        let (document, rows) = table(&[
            &[("指标", 1, 1), ("上年完成", 1, 1), ("目标", 1, 1)],
            &[("稻谷亩产", 1, 1), ("410", 1, 1), ("415", 1, 1)],
        ]);
        assert!(heading(&document, &rows, None).is_none());
        let heading = heading(&document, &rows, Some(2031)).unwrap();
        let years: Vec<Option<i32>> = values(&heading).iter().map(|value| value.1).collect();
        assert_eq!(years, [Some(2030), Some(2031)]);
    }

    #[test]
    fn a_column_may_be_of_a_place() {
        let (document, rows) = table(&[
            &[
                ("指标", 1, 1),
                ("合计", 1, 1),
                ("柏溪镇", 1, 1),
                ("云岭镇2030年目标", 1, 1),
                ("2029", 1, 1),
            ],
            &[
                ("稻谷亩产", 1, 1),
                ("410", 1, 1),
                ("415", 1, 1),
                ("405", 1, 1),
                ("400", 1, 1),
            ],
        ]);
        let heading = heading(&document, &rows, Some(2031)).unwrap();
        let columns = heading.columns.iter().filter_map(|column| match column {
            Column::Value { year, scope, .. } => Some((*year, scope.clone())),
            _ => None,
        });
        let part = |place: &str| ColumnScope::Part(place.to_string());
        assert_eq!(
            columns.collect::<Vec<_>>(),
            [
                (Some(2031), ColumnScope::All),
                (Some(2031), part("柏溪镇")),
                (Some(2030), part("云岭镇")),
                (Some(2029), ColumnScope::Unsaid),
            ]
        );
    }

    #[test]
    fn two_indicators_may_stand_side_by_side() {
        let (document, rows) = table(&[
            &[
                ("指标", 1, 1),
                ("2031年", 1, 1),
                ("指标", 1, 1),
                ("2031年", 1, 1),
            ],
            &[
                ("稻谷亩产", 1, 1),
                ("415", 1, 1),
                ("鱼苗", 1, 1),
                ("65", 1, 1),
            ],
        ]);
        let heading = heading(&document, &rows, None).unwrap();
        assert_eq!((heading.columns.len(), heading.groups), (2, 2));
    }

    #[test]
    fn other_tables_have_no_heading_of_indicators() {
        let (document, rows) = table(&[
            &[("姓名", 1, 1), ("电话", 1, 1)],
            &[("王五", 1, 1), ("110", 1, 1)],
        ]);
        assert!(heading(&document, &rows, None).is_none());
    }
}
