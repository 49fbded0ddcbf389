//! Pictures of indicators: one indicator over the years, and the board of all indicators of a plan.
//!
//! For the chat (PNG) and the page (SVG) from one drawing. It draws what stands in the cells and
//! says the verdict of `reply::judge`; it makes no figure, reads no file and knows no clock.
//! Pixels are floats, figures are printed text.

mod bars;
mod board;
mod canvas;
mod columns;
mod letters;
mod multiples;
mod one;
mod raster;
mod scale;
mod series;
mod tone;
mod years;

use crate::evidence::Names;
use crate::language::Thesaurus;
use crate::model::{Book, Measure, Plan};
pub(crate) use board::{BoardColumn, BoardOrder, BoardRow, BoardView};
use columns::Wanted;
pub(crate) use raster::ChartError;

/// A drawn picture with the same facts as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The drawing. Its letters need no font of the page: the embedded family stands first, those
    /// of systems behind it.
    pub svg: String,
    /// Its width and height.
    pub size: (u32, u32),
    /// What the picture is of, in one line.
    pub title: String,
    /// The facts of the picture in lines: a caption, and what a screen reader says.
    pub description: String,
}

impl Picture {
    /// The same picture for a dark ground.
    pub fn dark(mut self) -> Self {
        self.svg = tone::dark(&self.svg);
        self
    }

    /// The picture as PNG, drawn with the embedded font alone.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        raster::png(&self.svg)
    }
}

/// The picture of an indicator with the cells of every plan that has it; nothing when no plan has
/// one of that name. Of several places it is the first one's. The names and the thesaurus must be
/// those of the book's edition.
pub fn indicator(book: &Book, names: &Names, thesaurus: &Thesaurus, name: &str) -> Option<Picture> {
    columns::ChartRow::of(book, names, thesaurus, Wanted { region: None, name })
        .map(|row| one::draw(&row))
}

/// As `indicator`, of a place by its region and the printed name.
pub(crate) fn indicator_of(
    book: &Book,
    names: &Names,
    thesaurus: &Thesaurus,
    (region, name): (&str, &str),
) -> Option<Picture> {
    let region = Some(region);
    columns::ChartRow::of(book, names, thesaurus, Wanted { region, name })
        .map(|row| one::draw(&row))
}

/// The facts of that picture in lines, without drawing it.
pub(crate) fn described_of(
    book: &Book,
    names: &Names,
    thesaurus: &Thesaurus,
    (region, name): (&str, &str),
) -> Option<String> {
    let region = Some(region);
    columns::ChartRow::of(book, names, thesaurus, Wanted { region, name })
        .map(|row| row.description())
}

/// An indicator over the years as a line, of a place or of two beside each other; each is a region
/// and the name that its plans print. Nothing where the first place has no such indicator.
pub fn over_years(
    book: &Book,
    names: &Names,
    thesaurus: &Thesaurus,
    places: &[(&str, &str)],
) -> Option<Picture> {
    let rows = places.iter().filter_map(|(region, name)| {
        let region = Some(*region);
        columns::ChartRow::of(book, names, thesaurus, Wanted { region, name })
    });
    years::draw(&rows.collect::<Vec<_>>())
}

/// All indicators of a place over the years, each as a small picture; they are named as its plans
/// print them.
pub fn multiples(
    book: &Book,
    names: &Names,
    thesaurus: &Thesaurus,
    (region, indicators): (&str, &[String]),
) -> Option<Picture> {
    let rows = indicators.iter().filter_map(|name| {
        let region = Some(region);
        columns::ChartRow::of(book, names, thesaurus, Wanted { region, name })
    });
    multiples::draw(region, rows.collect())
}

/// The board of all indicators of a plan by category, each with the verdict on the year whose
/// execution is reported.
pub fn board(plan: &Plan, thesaurus: &Thesaurus) -> Picture {
    let year = plan.executed_year;
    let rows = plan.indicators.iter().map(|indicator| BoardRow {
        indicator,
        target: indicator
            .cell(year, Measure::Target)
            .map(|cell| (plan, cell)),
        actual: indicator
            .cell(year, Measure::Actual)
            .map(|cell| (plan, cell)),
    });
    let view = BoardView {
        year,
        rows: rows.collect(),
        order: BoardOrder::ByCategory,
        hidden: Vec::new(),
        notes: Vec::new(),
    };
    board::draw(plan, thesaurus, &view)
}

/// The board of some of a plan's indicators, with the verdicts on a year.
pub(crate) fn board_of(plan: &Plan, thesaurus: &Thesaurus, view: &BoardView<'_>) -> Picture {
    board::draw(plan, thesaurus, view)
}

/// The letters of a text that the embedded font cannot draw, each once.
pub fn missing_glyphs(text: &str) -> Vec<char> {
    letters::Letters::new().missing(text)
}
