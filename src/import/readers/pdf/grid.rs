//! Ruled tables: rules make a grid, letters fill its cells.

use super::letters::Letter;
use super::lines::{Line, MIDDLE_OF_LETTER, NoteNumbers, join, lines_of};
use super::rules::Rule;
use super::table::{SAME_PLACE, Slot, Table};
use crate::import::document::{MOST_COLUMNS, Merged};

/// Rules whose ends are nearer than this touch: programs leave gaps of a rule's thickness.
const TOUCHING: f32 = 2.5;
/// A table of a page has at most so many rows: a row needs some 8 pt.
const MOST_ROWS: usize = 400;

/// The frame of a table on one page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The upright edges, from left to right: one more than columns.
    pub columns: Vec<f32>,
    /// The level edges, from top to bottom: one more than rows.
    pub rows: Vec<f32>,
    /// Its cells.
    pub boxes: Vec<CellBox>,
}

/// A cell of a frame with the letters in it.
#[derive(Debug, Clone)]
pub(crate) struct CellBox {
    /// Its first row.
    pub row: usize,
    /// Its first column.
    pub column: usize,
    /// How many rows it takes.
    pub down: usize,
    /// How many columns it takes.
    pub across: usize,
    /// The letters printed in it.
    pub letters: Vec<Letter>,
}

/// The frames of the tables that the rules of a page make.
pub(crate) fn frames_of(horizontal: &[Rule], vertical: &[Rule]) -> Vec<Frame> {
    let horizontal = merged_rules(horizontal);
    let vertical = merged_rules(vertical);
    let mut frames: Vec<Frame> = connected(&horizontal, &vertical)
        .into_iter()
        .filter_map(|(horizontal, vertical)| frame_of(&horizontal, &vertical))
        .collect();
    frames.sort_by(|one, other| other.top().total_cmp(&one.top()));
    frames
}

/// Joins pieces of one rule: programs draw a rule anew for every cell.
fn merged_rules(rules: &[Rule]) -> Vec<Rule> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|one, other| one.at.total_cmp(&other.at));
    let mut merged: Vec<Rule> = Vec::new();
    let mut start = 0;
    while start < sorted.len() {
        let near = |rule: &&Rule| rule.at - sorted[start].at < SAME_PLACE;
        let count = sorted[start..].iter().take_while(near).count();
        let mut level: Vec<Rule> = sorted[start..start + count].to_vec();
        level.sort_by(|one, other| one.from.total_cmp(&other.from));
        let first = merged.len();
        for rule in level {
            match merged[first..].last_mut() {
                Some(last) if rule.from - last.to < TOUCHING => last.to = last.to.max(rule.to),
                _ => merged.push(rule),
            }
        }
        start += count;
    }
    merged
}

/// Groups of rules that touch each other.
fn connected(horizontal: &[Rule], vertical: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    // Rule i belongs to the group of rule group[i]; vertical rules come after horizontal ones.
    let mut group: Vec<usize> = (0..horizontal.len() + vertical.len()).collect();
    for (row, level) in horizontal.iter().enumerate() {
        for (column, upright) in vertical.iter().enumerate() {
            if !crosses(level, upright) {
                continue;
            }
            let one = root(&mut group, row);
            let other = root(&mut group, horizontal.len() + column);
            group[one.max(other)] = one.min(other);
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = Default::default();
    for index in 0..group.len() {
        let root = root(&mut group, index);
        let (levels, uprights) = groups.entry(root).or_default();
        match index.checked_sub(horizontal.len()) {
            None => levels.push(horizontal[index]),
            Some(index) => uprights.push(vertical[index]),
        }
    }
    groups.into_values().collect()
}

fn root(group: &mut [usize], mut index: usize) -> usize {
    while group[index] != index {
        group[index] = group[group[index]];
        index = group[index];
    }
    index
}

fn crosses(level: &Rule, upright: &Rule) -> bool {
    upright.at > level.from - TOUCHING
        && upright.at < level.to + TOUCHING
        && level.at > upright.from - TOUCHING
        && level.at < upright.to + TOUCHING
}

/// The frame of connected rules; none where they make less than two columns.
fn frame_of(horizontal: &[Rule], vertical: &[Rule]) -> Option<Frame> {
    if horizontal.is_empty() || vertical.is_empty() {
        return None;
    }
    // The ends of the rules are edges too: many tables have no rules at their sides, and a table
    // cut by a page break may have none at its foot.
    let ends = |rules: &[Rule]| -> Vec<f32> {
        rules.iter().flat_map(|rule| [rule.from, rule.to]).collect()
    };
    let columns = edges(
        vertical.iter().map(|rule| rule.at).collect(),
        ends(horizontal),
    );
    let mut rows = edges(
        horizontal.iter().map(|rule| rule.at).collect(),
        ends(vertical),
    );
    rows.reverse();
    let is_table = columns.len() > 2 && rows.len() > 1;
    if !is_table || columns.len() > MOST_COLUMNS || rows.len() > MOST_ROWS {
        return None;
    }
    let boxes = boxes_of(&columns, &rows, horizontal, vertical);
    Some(Frame {
        columns,
        rows,
        boxes,
    })
}

/// The distinct places in rising order, with the outermost ends of the rules across.
fn edges(mut places: Vec<f32>, ends: Vec<f32>) -> Vec<f32> {
    let low = ends.iter().copied().fold(f32::MAX, f32::min);
    let high = ends.iter().copied().fold(f32::MIN, f32::max);
    places.extend([low, high]);
    places.sort_by(f32::total_cmp);
    places.dedup_by(|next, kept| *next - *kept < SAME_PLACE);
    places
}

/// The cells of a grid: a cell grows to the right and down where the rule is missing.
fn boxes_of(columns: &[f32], rows: &[f32], horizontal: &[Rule], vertical: &[Rule]) -> Vec<CellBox> {
    let column_count = columns.len() - 1;
    let row_count = rows.len() - 1;
    let has_right_rule = |row: usize, column: usize| {
        let middle = (rows[row] + rows[row + 1]) / 2.0;
        has_rule(vertical, columns[column + 1], middle)
    };
    let has_lower_rule = |row: usize, column: usize| {
        let middle = (columns[column] + columns[column + 1]) / 2.0;
        has_rule(horizontal, rows[row + 1], middle)
    };
    let mut is_taken = vec![vec![false; column_count]; row_count];
    let mut boxes = Vec::new();
    for row in 0..row_count {
        for column in 0..column_count {
            if is_taken[row][column] {
                continue;
            }
            let mut across = 1;
            while column + across < column_count
                && !is_taken[row][column + across]
                && !has_right_rule(row, column + across - 1)
            {
                across += 1;
            }
            let mut down = 1;
            while row + down < row_count
                && (column..column + across).all(|column| {
                    !is_taken[row + down][column] && !has_lower_rule(row + down - 1, column)
                })
                && (column..column + across - 1).all(|column| !has_right_rule(row + down, column))
            {
                down += 1;
            }
            for taken in &mut is_taken[row..row + down] {
                taken[column..column + across].fill(true);
            }
            boxes.push(CellBox {
                row,
                column,
                down,
                across,
                letters: Vec::new(),
            });
        }
    }
    boxes
}

fn has_rule(rules: &[Rule], at: f32, middle: f32) -> bool {
    rules
        .iter()
        .any(|rule| (rule.at - at).abs() < SAME_PLACE && rule.from < middle && rule.to > middle)
}

impl Frame {
    /// The height of its upper edge.
    pub(crate) fn top(&self) -> f32 {
        self.rows.first().copied().unwrap_or_default()
    }

    /// Takes a run of letters into the cell in which it begins; false where it stands outside.
    pub(crate) fn take(&mut self, run: &[Letter]) -> bool {
        let Some(letter) = run.first() else {
            return false;
        };
        let x = letter.left + letter.width / 2.0;
        let y = letter.baseline + letter.size * MIDDLE_OF_LETTER;
        let column = self
            .columns
            .windows(2)
            .position(|edge| x >= edge[0] && x <= edge[1]);
        let row = self
            .rows
            .windows(2)
            .position(|edge| y <= edge[0] && y >= edge[1]);
        let (Some(column), Some(row)) = (column, row) else {
            return false;
        };
        let holder = self.boxes.iter_mut().find(|cell| {
            (cell.row..cell.row + cell.down).contains(&row)
                && (cell.column..cell.column + cell.across).contains(&column)
        });
        match holder {
            Some(cell) => {
                cell.letters.extend_from_slice(run);
                true
            }
            None => false,
        }
    }

    /// Whether a level rule is one of its own.
    pub(crate) fn holds(&self, rule: &Rule) -> bool {
        let ends = [self.columns.first(), self.columns.last()].map(|edge| edge.copied());
        let [Some(left), Some(right)] = ends else {
            return false;
        };
        let bottom = self.rows.last().copied().unwrap_or_default();
        rule.at < self.top() + SAME_PLACE
            && rule.at > bottom - SAME_PLACE
            && rule.from < right
            && rule.to > left
    }

    /// Whether letters stand in it; empty frames are drawings.
    pub(crate) fn has_text(&self) -> bool {
        self.boxes
            .iter()
            .flat_map(|cell| &cell.letters)
            .any(|letter| !letter.sign.is_whitespace())
    }

    /// The lines of all its cells.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.boxes
            .iter()
            .flat_map(|cell| lines_of(cell.letters.clone()))
            .collect()
    }

    /// The table that it makes on a page.
    pub(crate) fn table(&self, numbers: &NoteNumbers, page: u32) -> Table {
        let width = self.columns.len() - 1;
        let mut rows = vec![vec![Slot::default(); width]; self.rows.len() - 1];
        for cell in &self.boxes {
            let right = self.columns[cell.column + cell.across];
            for (down, row) in rows[cell.row..cell.row + cell.down].iter_mut().enumerate() {
                for (across, slot) in row[cell.column..cell.column + cell.across]
                    .iter_mut()
                    .enumerate()
                {
                    slot.merged = match (down, across) {
                        (0, 0) => Merged::No,
                        (0, _) => Merged::Left,
                        _ => Merged::Above,
                    };
                }
            }
            rows[cell.row][cell.column].text =
                cell_text(&lines_of(cell.letters.clone()), right, numbers);
        }
        Table {
            columns: self.columns.clone(),
            rows,
            page_starts: vec![(0, page)],
        }
    }
}

/// The text of a cell. Two numbers on two lines stay apart unless the first line is full.
fn cell_text(lines: &[Line], right: f32, numbers: &NoteNumbers) -> String {
    let mut text = String::new();
    let mut is_full = true;
    for line in lines {
        let next = line.text(numbers);
        let ends_number = text
            .chars()
            .next_back()
            .is_some_and(|sign| sign.is_ascii_digit());
        let begins_number = next
            .chars()
            .next()
            .is_some_and(|sign| sign.is_ascii_digit());
        if ends_number && begins_number && !is_full {
            text.push(' ');
        }
        join(&mut text, &next);
        // The margin inside of a cell is some 5 pt.
        is_full = right - line.right < line.size + 5.0;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(at: f32, from: f32, to: f32) -> Rule {
        Rule { at, from, to }
    }

    /// The sides of two columns, from 60 up to 100.
    fn three_upright() -> [Rule; 3] {
        [0.0, 100.0, 200.0].map(|at| rule(at, 60.0, 100.0))
    }

    #[test]
    fn rules_make_a_grid() {
        let level = [
            rule(100.0, 0.0, 200.0),
            rule(80.0, 0.0, 200.0),
            rule(60.0, 0.0, 200.0),
        ];
        let upright = three_upright();
        let frames = frames_of(&level, &upright);
        assert_eq!(frames.len(), 1);
        assert_eq!(frames[0].columns, [0.0, 100.0, 200.0]);
        assert_eq!(frames[0].rows, [100.0, 80.0, 60.0]);
        assert_eq!(frames[0].boxes.len(), 4);
    }

    #[test]
    fn a_missing_rule_merges_cells() {
        // The rule between the rows begins at the second column.
        let level = [
            rule(100.0, 0.0, 200.0),
            rule(80.0, 100.0, 200.0),
            rule(60.0, 0.0, 200.0),
        ];
        let upright = three_upright();
        let boxes = &frames_of(&level, &upright)[0].boxes;
        assert_eq!(boxes.len(), 3);
        assert_eq!((boxes[0].row, boxes[0].column, boxes[0].down), (0, 0, 2));
    }

    #[test]
    fn sides_without_rules_are_edges() {
        let level = [rule(100.0, 0.0, 200.0), rule(80.0, 0.0, 200.0)];
        let frames = frames_of(&level, &[rule(100.0, 80.0, 100.0)]);
        assert_eq!(frames[0].columns, [0.0, 100.0, 200.0]);
    }

    #[test]
    fn a_box_around_text_is_no_table() {
        let level = [rule(100.0, 0.0, 200.0), rule(60.0, 0.0, 200.0)];
        let upright = [rule(0.0, 60.0, 100.0), rule(200.0, 60.0, 100.0)];
        assert!(frames_of(&level, &upright).is_empty());
    }
}
