//! One row of an indicator table, with all its cells of all years and measures.

use super::Quantity;

/// Whether a target binds (约束性) or is anticipated (预期性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndicatorNature {
    /// 预期性
    Anticipatory,
    /// 约束性
    Binding,
}

impl IndicatorNature {
    /// The printed word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anticipatory => "预期性",
            Self::Binding => "约束性",
        }
    }

    /// Reads the printed word; anything else is no nature.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Anticipatory, Self::Binding]
            .into_iter()
            .find(|nature| word.contains(nature.word()))
    }
}

/// What a figure says: what is aimed at, or what has come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// A planned value.
    Target,
    /// A value that was reached, or is expected for a year that is over.
    Actual,
}

impl Measure {
    /// The word that stands in data files and in `ask --json`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Actual => "actual",
        }
    }

    /// Reads the word of the data files.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Target, Self::Actual]
            .into_iter()
            .find(|measure| measure.key() == key)
    }
}

/// What the figures of a column say of the things that the rows name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Figures {
    /// What the name says.
    #[default]
    Amount,
    /// How fast that grew: a column 五年平均增长（%） beside the amounts.
    Growth,
}

impl Figures {
    /// What a person adds to the name of a thing to ask how fast it grew.
    pub const GROWTH: &str = "增速";

    /// The word that stands in data files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Amount => "",
            Self::Growth => "growth",
        }
    }

    /// Reads the word of the data files.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Amount, Self::Growth]
            .into_iter()
            .find(|figures| figures.key() == key)
    }
}

/// One printed cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The heading of its column, in one line (2022年预期目标).
    pub heading: String,
    /// The year that the heading names.
    pub year: Option<i32>,
    /// What the heading says the figure is.
    pub measure: Option<Measure>,
    /// The printed value.
    pub quantity: Quantity,
    /// Where it stands (附件2 第1行).
    pub place: String,
}

/// An indicator: one row of a table, the same row of another table joined to it by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// The printed name; of how fast something grew, with the word for it.
    pub name: String,
    /// The category that it stands under; empty where the table has none.
    pub category: String,
    /// The printed unit; empty where there is none.
    pub unit: String,
    /// 预期性 or 约束性, where the table says so.
    pub nature: Option<IndicatorNature>,
    /// Every cell, in the order of the document.
    pub cells: Vec<Cell>,
    /// Positions in the plan's notes of the remarks that speak of it.
    pub remarks: Vec<usize>,
}

impl Indicator {
    /// The first cell of a year and measure: the table that is about that year stands first.
    pub fn cell(&self, year: i32, measure: Measure) -> Option<&Cell> {
        self.cells
            .iter()
            .find(|cell| cell.year == Some(year) && cell.measure == Some(measure))
    }

    /// The printed row at a place, as one line: name, unit, nature and each cell under its heading.
    pub fn row_quote(&self, place: &str) -> String {
        let mut parts = vec![self.name.clone()];
        if !self.unit.is_empty() {
            parts.push(self.unit.clone());
        }
        parts.extend(self.nature.map(|nature| nature.word().to_string()));
        let cells = self.cells.iter().filter(|cell| cell.place == place);
        parts.extend(cells.map(|cell| format!("{}：{}", cell.heading, cell.quantity.printed)));
        parts.join("｜")
    }
}
