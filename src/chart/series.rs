//! Values over the years as lines, each value marked so that its bound is seen: a disc for a bare
//! figure, a bar with an arrow for what is open to one side, a soft band for what is about so much.

use super::canvas::{Anchor, Area, Canvas, Style};
use super::columns::ChartRow;
use super::scale::Scale;
use super::tone::{INK, LINE, SOFT_INK, Tone};
use crate::model::{Bound, Measure, Quantity};
use rust_decimal::Decimal;

/// The most years beside each other; older ones are in the description alone.
const MOST_YEARS: usize = 12;

/// The zero of an axis is never written smaller.
const SMALLEST: f32 = 18.0;

/// One line: a place's aims, or its results.
pub(super) struct Series<'a> {
    pub(super) label: String,
    pub(super) tone: Tone,
    /// Aims are drawn with a broken line and open marks.
    pub(super) measure: Measure,
    pub(super) points: Vec<Point<'a>>,
}

/// A value of a year; what is no plain figure in the unit of the axis has no height.
pub(super) struct Point<'a> {
    pub(super) year: i32,
    pub(super) quantity: &'a Quantity,
    height: Option<Decimal>,
}

impl<'a> Series<'a> {
    /// The aims or the results of a row, on an axis of a unit; nothing where it has none.
    pub(super) fn of(
        row: &ChartRow<'a>,
        measure: Measure,
        unit: &str,
        (place, tone): (&str, Tone),
    ) -> Option<Self> {
        let word = match measure {
            Measure::Target => "目标",
            Measure::Actual => "完成",
        };
        let columns = row.columns.iter();
        let points: Vec<Point<'a>> = columns
            .filter(|column| column.cell.measure == Some(measure))
            .filter_map(|column| {
                let quantity = &column.cell.quantity;
                Some(Point {
                    year: column.cell.year?,
                    quantity,
                    height: quantity.value.filter(|_| quantity.unit == unit),
                })
            })
            .collect();
        (!points.is_empty()).then(|| Self {
            label: format!("{place}{word}"),
            tone,
            measure,
            points,
        })
    }

    /// The value of a year.
    pub(super) fn at(&self, year: i32) -> Option<&Point<'a>> {
        self.points.iter().find(|point| point.year == year)
    }
}

/// All years from the first to the last, the newest where they are too many.
pub(super) fn years(series: &[Series<'_>]) -> Vec<i32> {
    let named = || {
        series
            .iter()
            .flat_map(|series| series.points.iter().map(|point| point.year))
    };
    let Some((first, last)) = named().min().zip(named().max()) else {
        return Vec::new();
    };
    let most = i32::try_from(MOST_YEARS).unwrap_or(i32::MAX);
    // A year that no plan reports keeps its place: what lies between two values is time.
    (first.max(last - most + 1)..=last).collect()
}

/// The middle of a year's column.
pub(super) fn middle(area: Area, years: &[i32], at: usize) -> f32 {
    area.x + area.width * (at as f32 + 0.5) / years.len().max(1) as f32
}

/// Draws lines into an area over an axis that has zero; `size` is that of the marks.
pub(super) fn draw(
    canvas: &mut Canvas,
    area: Area,
    (series, years): (&[Series<'_>], &[i32]),
    size: f32,
) {
    let shown = |point: &&Point<'_>| years.contains(&point.year);
    let points = series
        .iter()
        .flat_map(|series| &series.points)
        .filter(shown);
    let heights: Vec<Decimal> = points.filter_map(|point| point.height).collect();
    let room = size * 4.0;
    let (top, bottom) = (area.y + room, area.y + area.height - size);
    let scale = Scale::new(heights.iter().copied(), top, bottom);
    let zero = scale.y(Decimal::ZERO);
    let right = area.x + area.width;
    // Without a figure there is no axis; what is printed instead stands below the plot.
    if heights.is_empty() {
        return;
    }
    canvas.stroke(&[(area.x, zero), (right, zero)], LINE, size * 0.25);
    let style = Style::plain((size * 2.6).max(SMALLEST), SOFT_INK);
    let label = zero - style.height(1) / 2.0;
    canvas.text(
        &["0".to_string()],
        area.x - size,
        label,
        Anchor::Right,
        style,
    );
    for series in series {
        let mut run: Vec<(f32, f32)> = Vec::new();
        for (at, year) in years.iter().enumerate() {
            let height = series.at(*year).and_then(|point| point.height);
            match height {
                Some(height) => run.push((middle(area, years, at), scale.y(height))),
                // What has no figure is a gap, not a line across.
                None => line(canvas, series, &std::mem::take(&mut run), size),
            }
        }
        line(canvas, series, &run, size);
        // After the lines, so that marks lie over them.
        for (at, year) in years.iter().enumerate() {
            if let Some(point) = series.at(*year)
                && let Some(height) = point.height
            {
                let place = (middle(area, years, at), scale.y(height));
                mark(canvas, series, point.quantity.bound, place, size);
            }
        }
    }
}

fn line(canvas: &mut Canvas, series: &Series<'_>, points: &[(f32, f32)], size: f32) {
    if points.len() > 1 {
        let (colour, width) = (series.tone.strong, size * 0.45);
        match series.measure {
            Measure::Target => canvas.dashes(points, colour, width),
            Measure::Actual => canvas.stroke(points, colour, width),
        }
    }
}

/// The mark of a value. Results are filled; aims are open, so that they are told apart without
/// colour.
fn mark(canvas: &mut Canvas, series: &Series<'_>, bound: Bound, (x, y): (f32, f32), size: f32) {
    let tone = series.tone;
    if bound == Bound::About {
        let band = |upward: bool| Area {
            x: x - size * 1.5,
            y: if upward { y - size * 2.0 } else { y },
            width: size * 3.0,
            height: size * 2.0,
        };
        canvas.faded(band(true), tone.body, true);
        canvas.faded(band(false), tone.body, false);
    }
    let way = match bound {
        Bound::AtLeast | Bound::MoreThan => Some(-1.0),
        Bound::AtMost | Bound::LessThan | Bound::Within => Some(1.0),
        _ => None,
    };
    if let Some(way) = way {
        let wide = size * 1.6;
        canvas.stroke(&[(x - wide, y), (x + wide, y)], tone.strong, size * 0.5);
        let end = y + way * size * 3.2;
        canvas.stroke(&[(x, y), (x, end)], tone.strong, size * 0.4);
        let back = end - way * size;
        let head = [(x - size * 0.8, back), (x, end), (x + size * 0.8, back)];
        canvas.stroke(&head, tone.strong, size * 0.4);
    }
    canvas.disc(x, y, size, tone.strong);
    if series.measure == Measure::Target {
        // In the colour of the ground: a ring.
        canvas.disc(x, y, size * 0.55, "#FFFFFF");
    }
}

/// The mark and the label of each line, from a left edge; the height below comes back.
pub(super) fn legend(
    canvas: &mut Canvas,
    series: &[Series<'_>],
    (left, y, width): (f32, f32, f32),
    style: Style,
) -> f32 {
    let size = style.size * 0.28;
    let (mut x, mut top) = (left, y);
    for series in series {
        let line = style.size * 2.0;
        let needed = line + style.size + canvas.letters.width(&series.label, style.size);
        if x > left && x + needed > left + width {
            (x, top) = (left, top + style.height(1));
        }
        let middle = top + style.height(1) / 2.0;
        self::line(canvas, series, &[(x, middle), (x + line, middle)], size);
        mark(canvas, series, Bound::Exact, (x + line / 2.0, middle), size);
        let text = Style {
            colour: INK,
            ..style
        };
        let words = [series.label.clone()];
        canvas.text(&words, x + line + style.size * 0.4, top, Anchor::Left, text);
        x += needed + style.size;
    }
    top + style.height(1)
}
