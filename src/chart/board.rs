//! The board of a plan: every indicator by category, its target and result, and the verdict on the
//! reported year.

use super::Picture;
use super::canvas::{Anchor, Area, Canvas, Style};
use super::columns::{UNPUBLISHED, reason, spoken};
use super::tone::{self, INK, LINE, PAPER, SOFT_INK, TARGET};
use crate::language::Thesaurus;
use crate::model::{Indicator, Measure, Plan, Quantity};
use crate::reply::{Verdict, judge};

const WIDTH: f32 = 1080.0;
const MARGIN: f32 = 40.0;
const PAD: f32 = 14.0;
/// Left edges and widths of the four columns: name, target, result, verdict.
const NAME: (f32, f32) = (MARGIN + PAD, 388.0);
const TARGET_COLUMN: (f32, f32) = (458.0, 176.0);
const RESULT_COLUMN: (f32, f32) = (646.0, 176.0);
const VERDICT_COLUMN: (f32, f32) = (826.0, 214.0);

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

/// Which rows a board has, and how they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardView {
    /// The year whose figures and verdicts are shown.
    pub year: i32,
    /// Positions in the plan's table.
    pub rows: Vec<usize>,
    /// Their order.
    pub order: BoardOrder,
}

/// In which order rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardOrder {
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
pub(super) fn draw(plan: &Plan, thesaurus: &Thesaurus, view: &BoardView) -> Picture {
    let year = view.year;
    let groups = groups(plan, thesaurus, view);
    let title = format!("{year}年指标完成情况");
    let mut canvas = Canvas::new();
    let inner = WIDTH - MARGIN * 2.0;
    let mut y = MARGIN * 0.8;
    for (text, style) in [(&title, TITLE), (&plan.region, ABOUT)] {
        let lines = canvas.letters.lines(text, style.size, inner, 3);
        canvas.text(&lines, MARGIN, y, Anchor::Left, style);
        y += style.height(lines.len());
    }
    let counts = counts(&groups);
    y = totals(&mut canvas, &counts, y + PAD);
    y = column_heads(&mut canvas, y + PAD);
    for (category, lines) in &groups {
        if view.order == BoardOrder::ByCategory {
            y = category_head(&mut canvas, category, y);
        }
        for line in lines {
            y = row(&mut canvas, line, y);
        }
    }
    y += PAD;
    let source = source(plan, view);
    let lines = canvas.letters.lines(&source, SMALL.size, inner, 4);
    canvas.text(&lines, MARGIN, y, Anchor::Left, SMALL);
    y += SMALL.height(lines.len()) + MARGIN * 0.6;
    let description = describe(&title, plan, &groups, &counts, &source);
    let title = if plan.region.is_empty() {
        title
    } else {
        format!("{} {title}", plan.region)
    };
    Picture {
        svg: canvas.finish(WIDTH, y.ceil(), &title, &description),
        title,
        description,
    }
}

type Group<'a> = (&'a str, Vec<Line<'a>>);

/// The categories in the order of the document; what has none stands last.
fn groups<'a>(plan: &'a Plan, thesaurus: &Thesaurus, view: &BoardView) -> Vec<Group<'a>> {
    let year = view.year;
    let shown = || view.rows.iter().filter_map(|at| plan.indicators.get(*at));
    let line = |indicator: &'a Indicator| {
        let (target, actual) = (
            indicator.cell(year, Measure::Target),
            indicator.cell(year, Measure::Actual),
        );
        let verdict = target.zip(actual).map(|(target, actual)| {
            judge(
                &target.quantity,
                &actual.quantity,
                thesaurus.less_is_good(&indicator.name),
            )
        });
        Line {
            indicator,
            verdict,
            target: target.map(|cell| &cell.quantity),
            actual: actual.map(|cell| &cell.quantity),
        }
    };
    if view.order == BoardOrder::AsGiven {
        return vec![("", shown().map(line).collect())];
    }
    let members = |category: &'a str| -> Vec<Line<'a>> {
        shown()
            .filter(|indicator| indicator.category == category)
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

fn column_heads(canvas: &mut Canvas, y: f32) -> f32 {
    for ((x, _), word) in [
        (NAME, "指标"),
        (TARGET_COLUMN, "目标"),
        (RESULT_COLUMN, "完成"),
        (VERDICT_COLUMN, "是否达标"),
    ] {
        canvas.text(&[word.to_string()], x, y, Anchor::Left, HEAD);
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
    canvas.text(&lines, NAME.0, y + PAD / 2.0, Anchor::Left, CATEGORY);
    y + height
}

fn row(canvas: &mut Canvas, line: &Line<'_>, y: f32) -> f32 {
    let cut = |text: &str, style: Style, width: f32| {
        canvas
            .letters
            .even_lines(text, style.size, width, MOST_LINES)
    };
    let name = cut(&line.indicator.name, NAME_STYLE, NAME.1);
    let result = line.verdict.map_or(INK, |verdict| tone::of(verdict).strong);
    let (target, target_style) = value(canvas, line.target, TARGET_COLUMN.1, TARGET.strong);
    let (actual, actual_style) = value(canvas, line.actual, RESULT_COLUMN.1, result);
    let why = line.verdict.map(reason).unwrap_or_default();
    let why = cut(why.trim_matches(['（', '）']), REASON, VERDICT_COLUMN.1);
    let badge = BADGE * 1.7 + REASON.height(why.len());
    let texts = [
        NAME_STYLE.height(name.len()),
        target_style.height(target.len()),
        actual_style.height(actual.len()),
        badge,
    ];
    let height = texts.into_iter().fold(0.0, f32::max) + PAD * 1.6;
    let middle = y + height / 2.0;
    let columns = [
        (&name, NAME, NAME_STYLE),
        (&target, TARGET_COLUMN, target_style),
        (&actual, RESULT_COLUMN, actual_style),
    ];
    for (lines, (x, _), style) in columns {
        canvas.text(
            lines,
            x,
            middle - style.height(lines.len()) / 2.0,
            Anchor::Left,
            style,
        );
    }
    if let Some(verdict) = line.verdict {
        let top = middle - badge / 2.0;
        tone::badge(canvas, verdict, VERDICT_COLUMN.0, top + BADGE * 0.85, BADGE);
        canvas.text(
            &why,
            VERDICT_COLUMN.0 + PAD / 2.0,
            top + BADGE * 1.7,
            Anchor::Left,
            REASON,
        );
    }
    canvas.stroke(
        &[(MARGIN, y + height), (WIDTH - MARGIN, y + height)],
        LINE,
        1.0,
        false,
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

/// The report, and the tables that are compared.
fn source(plan: &Plan, view: &BoardView) -> String {
    let year = view.year;
    let mut tables: Vec<&str> = Vec::new();
    for measure in [Measure::Target, Measure::Actual] {
        let shown = view.rows.iter().filter_map(|at| plan.indicators.get(*at));
        for cell in shown.filter_map(|indicator| indicator.cell(year, measure)) {
            let table = cell.place.split(' ').next().unwrap_or_default();
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
    }
    format!(
        "来源：《{}》{}。按表中{year}年目标与完成情况比较。",
        plan.title,
        tables.join("、")
    )
}

fn describe(
    title: &str,
    plan: &Plan,
    groups: &[Group<'_>],
    (counts, without): &([(Verdict, usize); 3], usize),
    source: &str,
) -> String {
    let mut lines = vec![format!("{} {title}", plan.region).trim().to_string()];
    let mut total: Vec<String> = counts
        .iter()
        .map(|(verdict, count)| format!("{}{count}项", verdict.word()))
        .collect();
    if *without > 0 {
        total.push(format!("没有可以比较的数{without}项"));
    }
    lines.push(total.join("，"));
    for (category, members) in groups {
        let category = if category.is_empty() {
            "其他"
        } else {
            category
        };
        if groups.len() > 1 {
            lines.push(format!("【{category}】"));
        }
        for line in members {
            let verdict = line.verdict.map_or_else(String::new, |verdict| {
                format!("：{}{}", verdict.word(), reason(verdict))
            });
            let shown =
                |quantity: Option<&Quantity>| quantity.map_or_else(|| ABSENT.to_string(), spoken);
            lines.push(format!(
                "{}{verdict}，目标 {}，完成 {}",
                line.indicator.name,
                shown(line.target),
                shown(line.actual)
            ));
        }
    }
    lines.push(source.to_string());
    lines.join("\n")
}
