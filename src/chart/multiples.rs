//! All indicators of a place over the years, each as a small picture of the same form.

use super::Picture;
use super::canvas::{Anchor, Area, Canvas, Style};
use super::columns::ChartRow;
use super::series::{self, Series};
use super::tone::{INK, LINE, SOFT_INK};
use super::years::all_series;

const WIDTH: f32 = 1080.0;
const MARGIN: f32 = 40.0;
const BESIDE: usize = 3;
const GAP: f32 = 20.0;
const PAD: f32 = 14.0;
const PLOT: f32 = 130.0;
/// The space for the zero of the axis.
const AXIS: f32 = 22.0;
const MARK: f32 = 5.0;

const TITLE: Style = Style::strong(46.0, INK);
const ABOUT: Style = Style::plain(26.0, SOFT_INK);
const NAME: Style = Style::strong(24.0, INK);
const YEAR: Style = Style::plain(20.0, SOFT_INK);
const VALUES: &[f32] = &[22.0, 20.0, 18.0, 16.0];
const LEGEND: Style = Style::plain(24.0, INK);

/// Draws the rows of a place.
pub(super) fn draw(region: &str, rows: Vec<ChartRow<'_>>) -> Option<Picture> {
    let title = format!("{region}历年指标");
    let mut canvas = Canvas::new();
    let inner = WIDTH - MARGIN * 2.0;
    let width = (inner - GAP * (BESIDE - 1) as f32) / BESIDE as f32;
    let mut y = MARGIN * 0.75;
    let lines = canvas.letters.even_lines(&title, TITLE.size, inner, 3);
    canvas.text(&lines, MARGIN, y, Anchor::Left, TITLE);
    y += TITLE.height(lines.len());
    let about = "每个指标一幅小图，纵轴都从零起、各按自己的单位；数字照原文。";
    let lines = canvas.letters.lines(about, ABOUT.size, inner, 2);
    canvas.text(&lines, MARGIN, y, Anchor::Left, ABOUT);
    y += ABOUT.height(lines.len());
    let drawn: Vec<(ChartRow<'_>, Vec<Series<'_>>)> = rows
        .into_iter()
        .map(|row| {
            let series = all_series(std::slice::from_ref(&row));
            (row, series)
        })
        .filter(|(_, series)| !series.is_empty())
        .collect();
    // One legend for all, so that of the picture with the most lines.
    let (_, most) = drawn.iter().max_by_key(|(_, series)| series.len())?;
    y = series::legend(&mut canvas, most, (MARGIN, y, inner), LEGEND) + PAD;
    for beside in drawn.chunks(BESIDE) {
        let heights: Vec<f32> = beside
            .iter()
            .enumerate()
            .map(|(at, (row, series))| {
                let x = MARGIN + (width + GAP) * at as f32;
                small(&mut canvas, (row, series), (x, y, width))
            })
            .collect();
        // Frames beside each other end together, where the longest does.
        let bottom = heights.into_iter().fold(y, f32::max);
        for at in 0..beside.len() {
            let x = MARGIN + (width + GAP) * at as f32;
            canvas.stroke(
                &[
                    (x, y),
                    (x + width, y),
                    (x + width, bottom),
                    (x, bottom),
                    (x, y),
                ],
                LINE,
                1.0,
            );
        }
        y = bottom + GAP;
    }
    let described: Vec<String> = drawn.iter().map(|(row, _)| row.description()).collect();
    let description = format!("{title}\n{}", described.join("\n"));
    let size = (WIDTH, (y + MARGIN * 0.4).ceil());
    Some(canvas.finish(size, title, description))
}

/// One small picture; the height at which it ends comes back.
fn small(
    canvas: &mut Canvas,
    (row, series): (&ChartRow<'_>, &[Series<'_>]),
    (x, top, width): (f32, f32, f32),
) -> f32 {
    let years = series::years(series);
    let inner = width - PAD * 2.0;
    let title = match row.unit {
        "" => row.name.to_string(),
        unit => format!("{}（{unit}）", row.name),
    };
    let name = canvas.letters.even_lines(&title, NAME.size, inner, 4);
    canvas.text(&name, x + PAD, top + PAD / 2.0, Anchor::Left, NAME);
    let area = Area {
        x: x + PAD + AXIS,
        y: top + PAD / 2.0 + NAME.height(name.len()),
        width: inner - AXIS,
        height: PLOT,
    };
    series::draw(canvas, area, (series, &years), MARK);
    let mut y = area.y + PLOT;
    let column = area.width / years.len().max(1) as f32;
    // Where columns are narrow, only the first and the last year have room for their number.
    let is_narrow = canvas.letters.width("0000", YEAR.size) > column - PAD / 2.0;
    for (at, year) in years.iter().enumerate() {
        if !is_narrow || at == 0 || at + 1 == years.len() {
            let middle = series::middle(area, &years, at);
            canvas.text(&[year.to_string()], middle, y, Anchor::Middle, YEAR);
        }
    }
    y += YEAR.height(1);
    for series in series {
        let Some(last) = series.points.last() else {
            continue;
        };
        let text = format!("{}年{} {}", last.year, series.label, last.quantity.shown());
        let (lines, size) = canvas.letters.fitted(&text, VALUES, inner, 4);
        let style = Style::plain(size, series.tone.strong);
        canvas.text(&lines, x + PAD, y, Anchor::Left, style);
        y += style.height(lines.len());
    }
    y + PAD / 2.0
}
