//! The value of a cell as calamine gives it, written as the cell shows it.

use super::grid::{Position, Sheet};
use super::number::{shown_date, shown_iso_date, shown_number};
use crate::import::readers::unreadable::Unreadable;
use calamine::Data;

impl Sheet {
    /// Sets a cell to what it shows of a value; an error in it is a loss.
    pub(crate) fn set_value(
        &mut self,
        position: Position,
        value: &Data,
        format: Option<&str>,
        text_cells: &mut usize,
    ) -> Result<(), Unreadable> {
        let text = match value {
            Data::Int(value) => shown_number(*value as f64, format),
            Data::Float(value) => shown_number(*value, format),
            Data::String(text) => text.clone(),
            Data::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_string(),
            Data::DateTime(date) => shown_date(date, format),
            Data::DateTimeIso(date) => shown_iso_date(date),
            Data::DurationIso(duration) => duration.clone(),
            Data::Error(error) => {
                let shown = error.to_string();
                self.lose_error(position, &shown);
                shown
            }
            Data::Empty => return Ok(()),
        };
        self.set(position, text, text_cells)
    }
}
