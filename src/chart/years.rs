//! One indicator over the years, of a place or of two beside each other: lines above, the printed
//! figures below in columns of years.

use super::Picture;
use super::canvas::{Anchor, Area, Canvas, Style};
use super::columns::{ChartRow, UNPUBLISHED};
use super::series::{self, Series};
use super::tone::{INK, LINE, PLACES, SOFT_INK};
use crate::model::Measure;

const WIDTH: f32 = 1080.0;
const MARGIN: f32 = 48.0;
const PLOT: f32 = 420.0;
/// The column of labels left of the years.
const LABELS: f32 = 190.0;
const GAP: f32 = 14.0;
const MARK: f32 = 9.0;
/// The most remarks on a place; the description has them all.
const MOST_REMARKS: usize = 6;

const TITLE: Style = Style::strong(50.0, INK);
const ABOUT: Style = Style::plain(28.0, SOFT_INK);
const LEGEND: Style = Style::plain(28.0, INK);
const YEAR: Style = Style::strong(28.0, INK);
const LABEL: Style = Style::plain(26.0, SOFT_INK);
const VALUES: &[f32] = &[28.0, 25.0, 22.0, 19.0];
const SMALL: Style = Style::plain(24.0, SOFT_INK);

/// Draws the rows of one indicator, each of a place.
pub(super) fn draw(rows: &[ChartRow<'_>]) -> Option<Picture> {
    let first = rows.first()?;
    let series = all_series(rows);
    let years = series::years(&series);
    let mut canvas = Canvas::new();
    let inner = WIDTH - MARGIN * 2.0;
    let mut y = MARGIN * 0.75;
    let about = rows
        .iter()
        .map(|row| row.about.as_str())
        .collect::<Vec<_>>();
    let unit = match first.unit {
        "" => String::new(),
        unit => format!("单位：{unit}"),
    };
    for (text, style) in [
        (first.name, TITLE),
        (&about.join("；"), ABOUT),
        (&unit, ABOUT),
    ] {
        let lines = canvas.letters.even_lines(text, style.size, inner, 4);
        canvas.text(&lines, MARGIN, y, Anchor::Left, style);
        y += style.height(lines.len());
    }
    y = series::legend(&mut canvas, &series, (MARGIN, y + GAP, inner), LEGEND) + GAP;
    let area = Area {
        x: MARGIN + LABELS,
        y,
        width: inner - LABELS,
        height: PLOT,
    };
    series::draw(&mut canvas, area, (&series, &years), MARK);
    let printed = (series.as_slice(), years.as_slice(), first.unit);
    y = figures(&mut canvas, area, printed, y + PLOT + GAP) + GAP;
    let remarks = |row: &ChartRow<'_>| {
        row.remarks
            .iter()
            .take(MOST_REMARKS)
            .cloned()
            .collect::<Vec<_>>()
    };
    let below = rows.iter().flat_map(|row| row.sources.iter().cloned());
    for line in below.chain(rows.iter().flat_map(remarks)) {
        let lines = canvas.letters.lines(&line, SMALL.size, inner, 4);
        canvas.text(&lines, MARGIN, y, Anchor::Left, SMALL);
        y += SMALL.height(lines.len());
    }
    let title = format!("{}（历年）", first.title());
    let described: Vec<String> = rows
        .iter()
        .map(|row| format!("{}\n{}", row.about, row.description()))
        .collect();
    let description = described.join("\n");
    let size = (WIDTH, (y + MARGIN * 0.6).ceil());
    Some(canvas.finish(size, title, description))
}

/// Aims and results of each place; a place is named where there are two.
pub(super) fn all_series<'a>(rows: &[ChartRow<'a>]) -> Vec<Series<'a>> {
    let unit = rows.first().map_or("", |row| row.unit);
    // As many places as there are colours for.
    let placed = rows.iter().zip(PLACES.iter().copied());
    let series = placed.flat_map(|(row, tone)| {
        let place = if rows.len() > 1 { row.region } else { "" };
        [Measure::Target, Measure::Actual]
            .map(|measure| Series::of(row, measure, unit, (place, tone)))
    });
    series.flatten().collect()
}

/// The printed figures under their years, a line for each line of the plot; the height below comes
/// back.
fn figures(
    canvas: &mut Canvas,
    area: Area,
    (series, years, unit): (&[Series<'_>], &[i32], &str),
    mut y: f32,
) -> f32 {
    let width = area.width / years.len().max(1) as f32;
    for (at, year) in years.iter().enumerate() {
        let x = series::middle(area, years, at);
        canvas.text(&[format!("{year}")], x, y, Anchor::Middle, YEAR);
    }
    y += YEAR.height(1);
    for series in series {
        canvas.stroke(&[(MARGIN, y), (area.x + area.width, y)], LINE, 1.0);
        let label = canvas
            .letters
            .even_lines(&series.label, LABEL.size, LABELS - GAP, 3);
        canvas.text(&label, MARGIN, y, Anchor::Left, LABEL);
        let mut height = LABEL.height(label.len());
        for (at, year) in years.iter().enumerate() {
            let Some(point) = series.at(*year) else {
                continue;
            };
            // The unit of the axis stands above; without it the figure can be larger.
            let shown = if point.quantity.unit == unit {
                point.quantity.printed.clone()
            } else {
                point.quantity.shown()
            };
            let (mut lines, size) = canvas.letters.fitted(&shown, VALUES, width - GAP / 2.0, 6);
            if point.quantity.is_unpublished() {
                lines.push(UNPUBLISHED.to_string());
            }
            let style = Style::strong(size, series.tone.strong);
            canvas.text(
                &lines,
                series::middle(area, years, at),
                y,
                Anchor::Middle,
                style,
            );
            height = height.max(style.height(lines.len()));
        }
        y += height + GAP / 2.0;
    }
    y
}
