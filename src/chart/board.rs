//! The board of a plan: every indicator by category, its target and result, and the verdict on the
//! reported year.

use super::Picture;
use super::canvas::{Anchor, Area, Canvas, Style};
use super::columns::{UNPUBLISHED, reason, spoken};
use super::tone::{self, INK, LINE, PAPER, SOFT_INK, TARGET};
use crate::language::Thesaurus;
use crate::model::{Cell, Indicator, Plan, Quantity};
use crate::reply::{Verdict, judge};

const WIDTH: f32 = 1080.0;
const MARGIN: f32 = 40.0;
const PAD: f32 = 14.0;
/// Widths of the columns, and what is free before each.
const VALUE_WIDTH: f32 = 176.0;
const VERDICT_WIDTH: f32 = 214.0;
const BEFORE_VERDICT: f32 = 4.0;
const BEFORE_VALUE: f32 = 12.0;
const BEFORE_VALUES: f32 = 16.0;

const TITLE: Style = Style::strong(48.0, INK);
const ABOUT: Style = Style::plain(28.0, SOFT_INK);
const CATEGORY: Style = Style::strong(33.0, INK);
const HEAD: Style = Style::plain(27.0, SOFT_INK);
const NAME_STYLE: Style = Style::plain(31.0, INK);
/// Sizes that are tried for a value before it is cut into lines.
const SMALLER_VALUES: &[f32] = &[31.0, 28.0, 26.0];
const REASON: Style = Style::plain(24.0, SOFT_INK);
const SMALL: Style = Style::plain(25.0, SOFT_INK);
const BADGE: f32 = 29.0;
/// What stands for a cell that no table has.
const ABSENT: &str = "表中没有";
const MOST_LINES: usize = 6;

/// Which rows and columns a board has, and how they stand.
#[derive(Debug, Clone)]
pub(crate) struct BoardView<'a> {
    /// The year whose figures and verdicts are shown.
    pub year: i32,
    pub rows: Vec<BoardRow<'a>>,
    /// Their order.
    pub order: BoardOrder,
    /// The columns that are left out.
    pub hidden: Vec<BoardColumn>,
    /// What is to be known of the choice: by what rows were chosen, what is not drawn.
    pub notes: Vec<String>,
}

/// A row: an indicator with its cells of the year, and the plans that print them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BoardRow<'a> {
    pub indicator: &'a Indicator,
    pub target: Option<(&'a Plan, &'a Cell)>,
    /// Its result.
    pub actual: Option<(&'a Plan, &'a Cell)>,
}

/// A column that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BoardColumn {
    /// The heads of categories.
    Category,
    Target,
    /// The results.
    Actual,
    /// The verdicts, with their counts and colours.
    Verdict,
}

impl BoardView<'_> {
    fn shows(&self, column: BoardColumn) -> bool {
        !self.hidden.contains(&column)
    }
}

/// Left edge and width of a column.
type ChartColumn = (f32, f32);

/// Where the columns stand that are shown: from the right, the name takes what is left.
struct Layout {
    name: ChartColumn,
    target: Option<ChartColumn>,
    actual: Option<ChartColumn>,
    verdict: Option<ChartColumn>,
}

impl Layout {
    fn of(view: &BoardView<'_>) -> Self {
        let mut right = WIDTH - MARGIN;
        let mut take = |column: BoardColumn, width: f32, free_behind: f32| {
            view.shows(column).then(|| {
                let left = right - free_behind - width;
                right = left;
                (left, width)
            })
        };
        // From the right, so that a column that is hidden gives its room to the names.
        let verdict = take(BoardColumn::Verdict, VERDICT_WIDTH, 0.0);
        let actual = take(BoardColumn::Actual, VALUE_WIDTH, BEFORE_VERDICT);
        let target = take(BoardColumn::Target, VALUE_WIDTH, BEFORE_VALUE);
        let left = MARGIN + PAD;
        Self {
            name: (left, right - BEFORE_VALUES - left),
            target,
            actual,
            verdict,
        }
    }
}

/// In which order rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BoardOrder {
    /// Under the heads of their categories.
    ByCategory,
    /// As they are given, without heads.
    AsGiven,
}

/// One line of the board.
struct Line<'a> {
    indicator: &'a Indicator,
    verdict: Option<Verdict>,
    target: Option<&'a Quantity>,
    actual: Option<&'a Quantity>,
}

/// Draws the board of a plan.
pub(super) fn draw(plan: &Plan, thesaurus: &Thesaurus, view: &BoardView<'_>) -> Picture {
    let year = view.year;
    let groups = groups(plan, thesaurus, view);
    let layout = Layout::of(view);
    let title = format!("{year}年指标完成情况");
    let mut canvas = Canvas::new();
    let inner = WIDTH - MARGIN * 2.0;
    let mut y = MARGIN * 0.8;
    let notes = view.notes.join("；");
    let above = [(&title, TITLE), (&plan.region, ABOUT), (&notes, ABOUT)];
    for (text, style) in above.into_iter().filter(|(text, _)| !text.is_empty()) {
        let lines = canvas.letters.lines(text, style.size, inner, 3);
        canvas.text(&lines, MARGIN, y, Anchor::Left, style);
        y += style.height(lines.len());
    }
    let counts = counts(&groups);
    if view.shows(BoardColumn::Verdict) {
        y = totals(&mut canvas, &counts, y + PAD);
    }
    y = column_heads(&mut canvas, &layout, y + PAD);
    for (category, lines) in &groups {
        if view.order == BoardOrder::ByCategory && view.shows(BoardColumn::Category) {
            y = category_head(&mut canvas, category, y);
        }
        for line in lines {
            y = row(&mut canvas, &layout, line, y);
        }
    }
    y += PAD;
    let source = source(plan, view);
    let lines = canvas.letters.lines(&source, SMALL.size, inner, 4);
    canvas.text(&lines, MARGIN, y, Anchor::Left, SMALL);
    y += SMALL.height(lines.len()) + MARGIN * 0.6;
    let description = describe(&title, plan, &groups, &counts, (view, &source));
    let title = if plan.region.is_empty() {
        title
    } else {
        format!("{} {title}", plan.region)
    };
    canvas.finish((WIDTH, y.ceil()), title, description)
}

type Group<'a> = (&'a str, Vec<Line<'a>>);

/// The categories in the order of the document; what has none stands last.
fn groups<'a>(plan: &'a Plan, thesaurus: &Thesaurus, view: &BoardView<'a>) -> Vec<Group<'a>> {
    let shown = || view.rows.iter();
    let line = |row: &BoardRow<'a>| {
        let verdict = row
            .target
            .zip(row.actual)
            .map(|((_, target), (_, actual))| {
                judge(
                    &target.quantity,
                    &actual.quantity,
                    thesaurus.less_is_good(&row.indicator.name),
                )
            });
        Line {
            indicator: row.indicator,
            verdict,
            target: row.target.map(|(_, cell)| &cell.quantity),
            actual: row.actual.map(|(_, cell)| &cell.quantity),
        }
    };
    // Rows that somebody ordered would stand in many small groups else.
    if view.order == BoardOrder::AsGiven {
        return vec![("", shown().map(line).collect())];
    }
    let members = |category: &'a str| -> Vec<Line<'a>> {
        shown()
            .filter(|row| row.indicator.category == category)
            .map(line)
            .collect()
    };
    let all = plan
        .categories()
        .into_iter()
        .chain(std::iter::once(""))
        .map(|category| (category, members(category)));
    all.filter(|(_, lines)| !lines.is_empty()).collect()
}

/// How many lines have each verdict, in the order in which they are shown; those without one stand
/// last.
fn counts(groups: &[Group<'_>]) -> ([(Verdict, usize); 3], usize) {
    let lines = || groups.iter().flat_map(|(_, lines)| lines);
    let count = |word: &str| {
        lines()
            // By its word: of those that cannot be decided each has a reason of its own.
            .filter(|line| line.verdict.is_some_and(|verdict| verdict.word() == word))
            .count()
    };
    let all = [Verdict::Met, Verdict::NotMet, Verdict::Undecidable("")]
        .map(|verdict| (verdict, count(verdict.word())));
    (all, lines().filter(|line| line.verdict.is_none()).count())
}

/// The number of each verdict in a field of its colour.
fn totals(canvas: &mut Canvas, (counts, without): &([(Verdict, usize); 3], usize), y: f32) -> f32 {
    let width = (WIDTH - MARGIN * 2.0 - PAD * 2.0) / 3.0;
    let height = 104.0;
    for (number, (verdict, count)) in counts.iter().enumerate() {
        let x = MARGIN + (width + PAD) * number as f32;
        let tone = tone::of(*verdict);
        canvas.filled(
            Area {
                x,
                y,
                width,
                height,
            },
            14.0,
            tone.light,
        );
        let middle = y + height / 2.0;
        tone::sign(canvas, *verdict, x + 48.0, middle, 27.0);
        let style = Style::strong(38.0, tone.strong);
        canvas.text(
            &[format!("{} {count}项", verdict.word())],
            x + 86.0,
            middle - style.height(1) / 2.0,
            Anchor::Left,
            style,
        );
    }
    let mut end = y + height;
    if *without > 0 {
        canvas.text(
            &[format!("另有{without}项，表中没有可以比较的目标和完成情况")],
            MARGIN,
            end + PAD / 2.0,
            Anchor::Left,
            ABOUT,
        );
        end += PAD / 2.0 + ABOUT.height(1);
    }
    end
}

fn column_heads(canvas: &mut Canvas, layout: &Layout, y: f32) -> f32 {
    for (column, word) in [
        (Some(layout.name), "指标"),
        (layout.target, "目标"),
        (layout.actual, "完成"),
        (layout.verdict, "是否达标"),
    ] {
        if let Some((x, _)) = column {
            canvas.text(&[word.to_string()], x, y, Anchor::Left, HEAD);
        }
    }
    y + HEAD.height(1) + PAD / 2.0
}

fn category_head(canvas: &mut Canvas, category: &str, y: f32) -> f32 {
    let name = if category.is_empty() {
        "其他"
    } else {
        category
    };
    let lines = canvas
        .letters
        .lines(name, CATEGORY.size, WIDTH - MARGIN * 2.0 - PAD * 2.0, 3);
    let height = CATEGORY.height(lines.len()) + PAD;
    canvas.filled(
        Area {
            x: MARGIN,
            y,
            width: WIDTH - MARGIN * 2.0,
            height,
        },
        8.0,
        PAPER,
    );
    canvas.text(&lines, MARGIN + PAD, y + PAD / 2.0, Anchor::Left, CATEGORY);
    y + height
}

fn row(canvas: &mut Canvas, layout: &Layout, line: &Line<'_>, y: f32) -> f32 {
    let cut = |text: &str, style: Style, width: f32| {
        canvas
            .letters
            .even_lines(text, style.size, width, MOST_LINES)
    };
    let name = cut(&line.indicator.name, NAME_STYLE, layout.name.1);
    let verdict = line.verdict.zip(layout.verdict);
    let result = verdict.map_or(INK, |(verdict, _)| tone::of(verdict).strong);
    let mut columns = vec![(name, layout.name, NAME_STYLE)];
    for (column, quantity, colour) in [
        (layout.target, line.target, TARGET.strong),
        (layout.actual, line.actual, result),
    ] {
        if let Some(column) = column {
            let (lines, style) = value(canvas, quantity, column.1, colour);
            columns.push((lines, column, style));
        }
    }
    let why = verdict.map(|(verdict, column)| {
        let why = reason(verdict);
        // In a column of its own it needs no brackets.
        cut(why.trim_matches(['（', '）']), REASON, column.1)
    });
    let why = why.unwrap_or_default();
    let badge = verdict.map_or(0.0, |_| BADGE * 1.7 + REASON.height(why.len()));
    let texts = columns
        .iter()
        .map(|(lines, _, style)| style.height(lines.len()));
    let height = texts.fold(badge, f32::max) + PAD * 1.6;
    let middle = y + height / 2.0;
    for (lines, (x, _), style) in &columns {
        canvas.text(
            lines,
            *x,
            middle - style.height(lines.len()) / 2.0,
            Anchor::Left,
            *style,
        );
    }
    if let Some((verdict, (x, _))) = verdict {
        let top = middle - badge / 2.0;
        tone::badge(canvas, verdict, x, top + BADGE * 0.85, BADGE);
        canvas.text(&why, x + PAD / 2.0, top + BADGE * 1.7, Anchor::Left, REASON);
    }
    canvas.stroke(
        &[(MARGIN, y + height), (WIDTH - MARGIN, y + height)],
        LINE,
        1.0,
    );
    y + height
}

/// A value in its column: a dash with what it means below it, a cell that is not there in words.
fn value(
    canvas: &Canvas,
    quantity: Option<&Quantity>,
    width: f32,
    colour: &'static str,
) -> (Vec<String>, Style) {
    let text = quantity.map_or_else(|| ABSENT.to_string(), Quantity::shown);
    let (mut lines, size) = canvas
        .letters
        .fitted(&text, SMALLER_VALUES, width, MOST_LINES);
    if quantity.is_some_and(Quantity::is_unpublished) {
        lines.push(UNPUBLISHED.to_string());
    }
    let style = if quantity.is_some_and(|quantity| !quantity.is_unpublished()) {
        Style::strong(size, colour)
    } else {
        Style::plain(size, SOFT_INK)
    };
    (lines, style)
}

/// The reports with the tables whose figures are shown.
fn source(plan: &Plan, view: &BoardView<'_>) -> String {
    let mut reports: Vec<(&str, Vec<&str>)> = vec![(&plan.title, Vec::new())];
    let targets = view.rows.iter().map(|row| row.target);
    let targets = targets.filter(|_| view.shows(BoardColumn::Target));
    let actuals = view.rows.iter().map(|row| row.actual);
    let actuals = actuals.filter(|_| view.shows(BoardColumn::Actual));
    for (plan, cell) in targets.chain(actuals).flatten() {
        // The place is a table and a row; here the table is enough.
        let table = cell.place.split(' ').next().unwrap_or_default();
        let mut known = reports.iter_mut();
        match known.find(|(title, _)| *title == plan.title) {
            Some((_, tables)) if tables.contains(&table) => {}
            Some((_, tables)) => tables.push(table),
            None => reports.push((&plan.title, vec![table])),
        }
    }
    // The plan comes first where it has a part in it; where all figures are of others it has none.
    reports.retain(|(_, tables)| !tables.is_empty());
    // No figure is shown: what stands there are the names, which are the plan's.
    if reports.is_empty() {
        reports.push((&plan.title, Vec::new()));
    }
    let reports: Vec<String> = reports
        .iter()
        .map(|(title, tables)| format!("《{title}》{}", tables.join("、")))
        .collect();
    let compared = if view.shows(BoardColumn::Verdict) {
        format!("按表中{}年目标与完成情况比较。", view.year)
    } else {
        String::new()
    };
    format!("来源：{}。{compared}", reports.join("；"))
}

fn describe(
    title: &str,
    plan: &Plan,
    groups: &[Group<'_>],
    (counts, without): &([(Verdict, usize); 3], usize),
    (view, source): (&BoardView<'_>, &str),
) -> String {
    let mut lines = vec![format!("{} {title}", plan.region).trim().to_string()];
    if !view.notes.is_empty() {
        lines.push(view.notes.join("；"));
    }
    let mut total: Vec<String> = counts
        .iter()
        .map(|(verdict, count)| format!("{}{count}项", verdict.word()))
        .collect();
    if *without > 0 {
        total.push(format!("没有可以比较的数{without}项"));
    }
    if view.shows(BoardColumn::Verdict) {
        lines.push(total.join("，"));
    }
    for (category, members) in groups {
        let category = if category.is_empty() {
            "其他"
        } else {
            category
        };
        if groups.len() > 1 && view.shows(BoardColumn::Category) {
            lines.push(format!("【{category}】"));
        }
        lines.extend(members.iter().map(|line| described(line, view)));
    }
    lines.push(source.to_string());
    lines.join("\n")
}

/// A row as text.
fn described(line: &Line<'_>, view: &BoardView<'_>) -> String {
    let verdict = line.verdict.filter(|_| view.shows(BoardColumn::Verdict));
    let verdict = verdict.map_or_else(String::new, |verdict| {
        format!("：{}{}", verdict.word(), reason(verdict))
    });
    let mut text = format!("{}{verdict}", line.indicator.name);
    let values = [
        (BoardColumn::Target, "目标", line.target),
        (BoardColumn::Actual, "完成", line.actual),
    ];
    for (_, word, quantity) in values
        .into_iter()
        .filter(|(column, ..)| view.shows(*column))
    {
        let value = quantity.map_or_else(|| ABSENT.to_string(), spoken);
        text.push_str(&format!("，{word} {value}"));
    }
    text
}
