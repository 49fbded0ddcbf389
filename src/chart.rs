//! Pictures of indicators: one indicator over the years, and the board of all indicators of a plan.
//!
//! For the chat (PNG) and the page (SVG) from one drawing. It draws what stands in the cells and
//! says the verdict of `answer::judge`; it makes no figure, reads no file and knows no clock.
//! Pixels are floats, figures are printed text.

mod bars;
mod board;
mod canvas;
mod columns;
mod letters;
mod one;
mod raster;
mod scale;
mod tone;

use crate::evidence::Names;
use crate::language::Thesaurus;
use crate::model::{Book, Plan};
pub use raster::ChartError;

/// A drawn picture with the same facts as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The drawing. Its letters need no font of the page: the embedded family stands first, those
    /// of systems behind it.
    pub svg: String,
    /// What the picture is of, in one line.
    pub title: String,
    /// The facts of the picture in lines: a caption, and what a screen reader says.
    pub description: String,
}

impl Picture {
    /// The picture as PNG, drawn with the embedded font alone.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        raster::png(&self.svg)
    }
}

/// The picture of an indicator with the cells of every plan that has it; nothing when no plan has
/// one of that name. The names and the thesaurus must be those of the book's edition.
pub fn indicator(book: &Book, names: &Names, thesaurus: &Thesaurus, name: &str) -> Option<Picture> {
    columns::Row::of(book, names, thesaurus, name).map(|row| one::draw(&row))
}

/// The facts of an indicator's picture in lines, without drawing it.
pub fn described(book: &Book, names: &Names, thesaurus: &Thesaurus, name: &str) -> Option<String> {
    columns::Row::of(book, names, thesaurus, name).map(|row| row.description())
}

/// The board of all indicators of a plan by category, each with the verdict on the year whose
/// execution is reported.
pub fn board(plan: &Plan, thesaurus: &Thesaurus) -> Picture {
    board::draw(plan, thesaurus)
}

/// The letters of a text that the embedded font cannot draw, each once.
pub fn missing_glyphs(text: &str) -> Vec<char> {
    letters::Letters::new().missing(text)
}
