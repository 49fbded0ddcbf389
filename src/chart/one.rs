//! The picture of one indicator: verdict above, a column for each year and measure, sources below.

use super::Picture;
use super::bars::{BarPlace, Shape};
use super::canvas::{Anchor, Area, Canvas, Style};
use super::columns::{ChartColumn, ChartRow, UNPUBLISHED, reason};
use super::scale::Scale;
use super::tone::{self, INK, LINE, PAPER, RESULT, SOFT_INK, TARGET, Tone};
use crate::model::Measure;
use rust_decimal::Decimal;
use std::ops::Range;

const WIDTH: f32 = 1080.0;
const MARGIN: f32 = 48.0;
/// Between the margins.
const INNER: f32 = WIDTH - MARGIN * 2.0;
/// The space for the axis left of the columns.
const AXIS: f32 = 36.0;
/// The most columns beside each other; further years stand in a panel below, of the same scale.
const MOST_BESIDE: usize = 7;
const WIDEST_BAR: f32 = 150.0;
const PLOT: f32 = 520.0;
/// The plot where no cell has a figure.
const PLOT_OF_WORDS: f32 = 300.0;
const GAP: f32 = 12.0;

const TITLE: Style = Style::strong(54.0, INK);
const ABOUT: Style = Style::plain(30.0, SOFT_INK);
const REASON: Style = Style::plain(34.0, INK);
const AXIS_TEXT: Style = Style::plain(30.0, SOFT_INK);
const VALUE: Style = Style::strong(44.0, INK);
const SMALLER_VALUES: &[f32] = &[44.0, 39.0, 34.0];
const WORDS: Style = Style::strong(36.0, INK);
const SMALLER_WORDS: &[f32] = &[36.0, 33.0];
const YEAR: Style = Style::strong(36.0, INK);
const HEADING: Style = Style::plain(30.0, INK);
const SMALL: Style = Style::plain(25.0, SOFT_INK);

/// The most lines of a title, of a column's words and of a heading; the description has the whole
/// text.
const MOST_TITLE: usize = 8;
const MOST_WORDS: usize = 16;
const MOST_HEADING: usize = 4;
const MOST_REMARKS: usize = 6;

/// What stands in a column.
enum Content {
    Bar { shape: Shape, value: Decimal },
    Unpublished,
    Words,
}

/// A column with its place and its text cut into lines.
struct Slot<'a> {
    column: &'a ChartColumn<'a>,
    content: Content,
    x: f32,
    tone: Tone,
    lines: Vec<String>,
    style: Style,
}

/// Draws a row.
pub(super) fn draw(row: &ChartRow<'_>) -> Picture {
    let mut canvas = Canvas::new();
    let panels = panels(&row.columns);
    let beside = panels
        .iter()
        .map(ExactSizeIterator::len)
        .max()
        .unwrap_or_default()
        .max(1);
    // One width in all panels, so that bars can be compared across them.
    let slot_width = (INNER - AXIS) / beside as f32;

    let mut y = MARGIN * 0.75;
    y = block(&mut canvas, row.name, y, (MOST_TITLE, TITLE));
    y = block(&mut canvas, &row.about, y, (2, ABOUT));
    y = verdicts(&mut canvas, row, y + GAP * 1.6, INNER);
    if !row.unit.is_empty() {
        let unit = format!("单位：{}", row.unit);
        y = block(&mut canvas, &unit, y + GAP, (2, AXIS_TEXT));
    }
    let slot = |(number, at): (usize, usize)| {
        row.columns
            .get(at)
            .map(|column| slot(&canvas, row, column, slot_width, number))
    };
    let panels: Vec<Vec<Slot<'_>>> = panels
        .into_iter()
        .map(|panel| panel.enumerate().filter_map(slot).collect())
        .collect();
    for panel in &panels {
        y = plot(&mut canvas, &panels, panel, y + GAP, slot_width);
        y = headings(&mut canvas, panel, y + GAP, slot_width) + GAP * 2.0;
    }
    for line in row
        .sources
        .iter()
        .chain(row.remarks.iter().take(MOST_REMARKS))
    {
        let lines = canvas.letters.lines(line, SMALL.size, INNER, 4);
        canvas.text(&lines, MARGIN, y, Anchor::Left, SMALL);
        y += SMALL.height(lines.len());
    }
    let (title, description) = (row.title(), row.description());
    canvas.finish((WIDTH, (y + MARGIN * 0.6).ceil()), title, description)
}

/// A text in lines between the margins, of which there are at most so many; gives the height below
/// it.
fn block(canvas: &mut Canvas, text: &str, y: f32, (most, style): (usize, Style)) -> f32 {
    let lines = canvas.letters.even_lines(text, style.size, INNER, most);
    canvas.text(&lines, MARGIN, y, Anchor::Left, style);
    y + style.height(lines.len())
}

/// The verdict on each year, newest first, each on a ground of its colour.
fn verdicts(canvas: &mut Canvas, row: &ChartRow<'_>, mut y: f32, width: f32) -> f32 {
    for (number, (year, verdict)) in row.verdicts.iter().rev().enumerate() {
        // The newest is the one that a person looks for.
        let size = if number == 0 { 46.0 } else { 34.0 };
        let tone = tone::of(*verdict);
        let style = Style::strong(size, tone.strong);
        let word = format!("{year}年{}", verdict.word());
        let radius = size * 0.62;
        let start = MARGIN + GAP * 2.0 + radius * 2.0 + GAP * 1.5;
        let after = start + canvas.letters.width(&word, size) + GAP;
        let reason = canvas.letters.lines(
            &reason(*verdict),
            REASON.size,
            MARGIN + width - after - GAP,
            2,
        );
        let height = (size * 1.9).max(REASON.height(reason.len()) + GAP);
        canvas.filled(
            Area {
                x: MARGIN,
                y,
                width,
                height,
            },
            14.0,
            tone.light,
        );
        let middle = y + height / 2.0;
        tone::sign(
            canvas,
            *verdict,
            MARGIN + GAP * 2.0 + radius,
            middle,
            radius,
        );
        canvas.text(
            &[word],
            start,
            middle - style.height(1) / 2.0,
            Anchor::Left,
            style,
        );
        canvas.text(
            &reason,
            after,
            middle - REASON.height(reason.len()) / 2.0,
            Anchor::Left,
            REASON,
        );
        y += height + GAP;
    }
    y
}

/// Which columns stand beside each other: whole years, about the same number in each panel.
fn panels(columns: &[ChartColumn<'_>]) -> Vec<Range<usize>> {
    let mut panels: Vec<Range<usize>> = Vec::new();
    // One more than an even share: a year is not cut in two for the sake of a column.
    let beside = columns
        .len()
        .div_ceil(columns.len().div_ceil(MOST_BESIDE).max(1))
        + 1;
    let beside = beside.min(MOST_BESIDE);
    let mut start = 0;
    for year in columns.chunk_by(|a, b| a.cell.year.is_some() && a.cell.year == b.cell.year) {
        // Unless a year has more columns than fit.
        for piece in year.chunks(MOST_BESIDE) {
            let end = start + piece.len();
            match panels.last_mut() {
                Some(panel) if end - panel.start <= beside => panel.end = end,
                _ => panels.push(start..end),
            }
            start = end;
        }
    }
    if panels.is_empty() {
        panels.push(0..0);
    }
    panels
}

/// A column at its place in a panel.
fn slot<'a>(
    canvas: &Canvas,
    row: &ChartRow<'_>,
    column: &'a ChartColumn<'a>,
    slot_width: f32,
    number: usize,
) -> Slot<'a> {
    let quantity = &column.cell.quantity;
    let content = match row.drawn(column) {
        Some(value) => Content::Bar {
            shape: Shape::of(quantity, value),
            value,
        },
        None if quantity.is_unpublished() => Content::Unpublished,
        None => Content::Words,
    };
    let plain = if column.cell.measure == Some(Measure::Target) {
        TARGET
    } else {
        RESULT
    };
    let (style, smaller, width) = match content {
        Content::Bar { .. } => (VALUE, SMALLER_VALUES, slot_width - GAP),
        _ => (WORDS, SMALLER_WORDS, slot_width - GAP * 4.0),
    };
    let (mut lines, size) = canvas
        .letters
        .fitted(&quantity.shown(), smaller, width, MOST_WORDS);
    // Cut before its unit rather than wherever the line is full.
    if let Some(parts) = at_unit(&quantity.shown(), &quantity.unit).filter(|parts| {
        lines.len() > 1
            && matches!(content, Content::Bar { .. })
            && parts
                .iter()
                .all(|part| canvas.letters.width(part, size) <= width)
    }) {
        lines = parts.to_vec();
    }
    if matches!(content, Content::Unpublished) {
        lines.push(UNPUBLISHED.to_string());
    }
    Slot {
        column,
        content,
        x: MARGIN + AXIS + slot_width * (number as f32 + 0.5),
        tone: row.verdict_of(column).map_or(plain, tone::of),
        lines,
        style: Style { size, ..style },
    }
}

/// A figure that is too long for one line, cut before its unit; a sign such as % stays with it.
fn at_unit(shown: &str, unit: &str) -> Option<[String; 2]> {
    let at = shown
        .find(unit)
        .filter(|at| *at > 0 && unit.chars().count() > 1)?;
    let (figure, rest) = shown.split_at(at);
    Some([figure.to_string(), rest.to_string()])
}

/// The axis left of the columns, with its nought.
fn axis(canvas: &mut Canvas, (top, bottom): (f32, f32), zero: f32) {
    let x = MARGIN + AXIS;
    canvas.stroke(&[(x, top), (x, bottom)], LINE, 2.0);
    let nought = zero - AXIS_TEXT.height(1) / 2.0;
    canvas.text(
        &["0".to_string()],
        x - GAP,
        nought,
        Anchor::Right,
        AXIS_TEXT,
    );
}

/// A bar with its figure beyond its end.
fn labelled_bar(canvas: &mut Canvas, slot: &Slot<'_>, shape: Shape, place: BarPlace) {
    let end = shape.draw(canvas, place, slot.tone);
    let label = if shape.hangs() {
        end + GAP
    } else {
        end - slot.style.height(slot.lines.len()) - GAP / 2.0
    };
    let style = Style {
        colour: slot.tone.strong,
        ..slot.style
    };
    canvas.text(&slot.lines, slot.x, label, Anchor::Middle, style);
}

/// Bars, words and gaps of a panel over one axis, whose scale holds all of them; the height below
/// comes back.
fn plot(
    canvas: &mut Canvas,
    panels: &[Vec<Slot<'_>>],
    panel: &[Slot<'_>],
    top: f32,
    slot_width: f32,
) -> f32 {
    let Extent {
        above,
        below,
        height,
    } = Extent::of(panels);
    let bottom = top + height;
    let values = bars(panels).map(|(_, _, value)| value);
    let scale = Scale::new(values, top + above, bottom - below);
    let zero = scale.y(Decimal::ZERO);
    if bars(panels).next().is_some() {
        axis(canvas, (top, bottom), zero);
    }
    let width = (slot_width * 0.5).min(WIDEST_BAR);
    for slot in panel {
        match slot.content {
            Content::Bar { shape, value } => {
                let (x, value) = (slot.x, scale.y(value));
                let place = BarPlace {
                    x,
                    width,
                    zero,
                    value,
                };
                labelled_bar(canvas, slot, shape, place);
            }
            Content::Unpublished | Content::Words => {}
        }
    }
    canvas.stroke(&[(MARGIN + AXIS, zero), (WIDTH - MARGIN, zero)], INK, 3.0);
    // Words lie on the axis, not under it: where zero is in the middle, it must not strike them
    // through.
    for slot in panel
        .iter()
        .filter(|slot| !matches!(slot.content, Content::Bar { .. }))
    {
        words(canvas, slot, top, bottom, slot_width);
    }
    bottom
}

/// The slots that are bars, each with its shape and value.
fn bars<'a, 'b>(
    panels: &'a [Vec<Slot<'b>>],
) -> impl Iterator<Item = (&'a Slot<'b>, Shape, Decimal)> {
    panels.iter().flatten().filter_map(|slot| {
        if let Content::Bar { shape, value } = slot.content {
            Some((slot, shape, value))
        } else {
            None
        }
    })
}

/// How far panels over one axis reach.
struct Extent {
    /// Beyond the highest bar, for what stands above it.
    above: f32,
    /// Beyond the lowest one.
    below: f32,
    /// All of it.
    height: f32,
}

impl Extent {
    fn of(panels: &[Vec<Slot<'_>>]) -> Self {
        let reach = |hanging: bool| {
            let ends = bars(panels).filter(|(_, shape, _)| shape.hangs() == hanging);
            ends.map(|(slot, shape, _)| shape.reach() + slot.style.height(slot.lines.len()) + GAP)
                .fold(0.0, f32::max)
        };
        // The zero of an axis from which all hang needs room for itself.
        let (above, below) = (reach(false).max(AXIS_TEXT.height(1) / 2.0), reach(true));
        let height = if bars(panels).next().is_some() {
            PLOT.max(above + below + PLOT * 0.5)
        } else {
            PLOT_OF_WORDS
        };
        let tallest_words = panels
            .iter()
            .flatten()
            .map(|slot| slot.style.height(slot.lines.len()) + GAP * 6.0)
            .fold(0.0, f32::max);
        Self {
            above,
            below,
            height: height.max(tallest_words),
        }
    }
}

/// What is no figure: words on a ground of their own that does not stand on the axis, a gap with a
/// dashed edge.
fn words(canvas: &mut Canvas, slot: &Slot<'_>, top: f32, bottom: f32, slot_width: f32) {
    let text = slot.style.height(slot.lines.len());
    let height = text + GAP * 4.0;
    let area = Area {
        x: slot.x - slot_width / 2.0 + GAP,
        y: (top + bottom - height) / 2.0,
        width: slot_width - GAP * 2.0,
        height,
    };
    let style = if matches!(slot.content, Content::Unpublished) {
        canvas.edged(area, 10.0, "#FFFFFF", LINE);
        Style {
            colour: SOFT_INK,
            ..slot.style
        }
    } else {
        canvas.filled(
            area,
            10.0,
            if slot.tone == RESULT {
                PAPER
            } else {
                slot.tone.light
            },
        );
        Style {
            colour: slot.tone.strong,
            ..slot.style
        }
    };
    canvas.text(
        &slot.lines,
        slot.x,
        area.y + GAP * 2.0,
        Anchor::Middle,
        style,
    );
}

/// Year and heading under each column; the height below comes back.
fn headings(canvas: &mut Canvas, slots: &[Slot<'_>], y: f32, slot_width: f32) -> f32 {
    let mut bottom = y;
    for slot in slots {
        let (year, rest) = slot.column.heading();
        let mut end = y;
        if !year.is_empty() {
            canvas.text(&[year], slot.x, y, Anchor::Middle, YEAR);
            end += YEAR.height(1);
        }
        let lines = canvas
            .letters
            .even_lines(&rest, HEADING.size, slot_width - GAP, MOST_HEADING);
        canvas.text(&lines, slot.x, end, Anchor::Middle, HEADING);
        bottom = bottom.max(end + HEADING.height(lines.len()));
    }
    bottom
}
