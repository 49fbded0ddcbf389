//! The table of indicators as somebody chose it: which rows in which order, which columns. Page,
//! files and pictures are made of the same one. Figures stay as they are printed.

use crate::model::{Cell, Indicator, Measure, Note, Plan};
use crate::reply::{Verdict, judge};

/// A column beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// What it is measured in.
    Unit,
    /// 预期性 or 约束性.
    Nature,
    /// The heading of the rows that it stands among.
    Category,
    /// The figures of a year and measure, under their printed heading.
    Figures(i32, Measure, String),
    /// Whether the aim was reached, a column for each year that can be judged.
    Verdict,
}

impl Field {
    /// Its word in an address.
    pub fn key(&self) -> String {
        match self {
            Self::Unit => "unit".to_string(),
            Self::Nature => "nature".to_string(),
            Self::Category => "category".to_string(),
            Self::Figures(year, measure, _) => format!("{year}-{}", measure.key()),
            Self::Verdict => "verdict".to_string(),
        }
    }

    /// What stands above it.
    pub fn heading(&self) -> &str {
        match self {
            Self::Unit => "单位",
            Self::Nature => "属性",
            Self::Category => "类别",
            Self::Figures(_, _, heading) => heading,
            Self::Verdict => "是否达标",
        }
    }
}

/// A row: an indicator, with what further plans of the same place say of it.
pub struct ChosenRow<'a> {
    /// Its position in the plan.
    pub at: usize,
    /// As the plan has it.
    pub indicator: &'a Indicator,
    /// The plan's own row first, then those of further plans.
    pub members: Vec<(&'a Plan, &'a Indicator)>,
    /// The verdicts of the years that have both figures.
    pub verdicts: Vec<(i32, Verdict)>,
}

impl<'a> ChosenRow<'a> {
    /// A row with the verdicts of some years.
    pub fn new(
        at: usize,
        members: Vec<(&'a Plan, &'a Indicator)>,
        years: &[i32],
        less_is_good: bool,
    ) -> Option<Self> {
        let mut row = Self {
            at,
            indicator: members.first()?.1,
            members,
            verdicts: Vec::new(),
        };
        for year in years {
            let target = row.cell(*year, Measure::Target);
            if let Some((target, actual)) = target.zip(row.cell(*year, Measure::Actual)) {
                let verdict = judge(&target.1.quantity, &actual.1.quantity, less_is_good);
                row.verdicts.push((*year, verdict));
            }
        }
        Some(row)
    }

    /// The cell of a year and measure with the plan that prints it: the plan's own where it has
    /// one.
    pub fn cell(&self, year: i32, measure: Measure) -> Option<(&'a Plan, &'a Cell)> {
        let mut members = self.members.iter();
        // The plan's own figure, else that of the first further plan that prints it.
        members.find_map(|(plan, indicator)| Some((*plan, indicator.cell(year, measure)?)))
    }

    /// The verdict of a year.
    pub fn verdict(&self, year: i32) -> Option<Verdict> {
        let mut verdicts = self.verdicts.iter();
        verdicts.find_map(|(judged, verdict)| (*judged == year).then_some(*verdict))
    }

    /// The remarks of the plan's own row.
    pub fn remarks(&self) -> impl Iterator<Item = (usize, &'a Note)> {
        let own = self.members.first().copied();
        let positions = own.into_iter().flat_map(|(_, own)| own.remarks.iter());
        positions.filter_map(move |at| Some((*at, own?.0.notes.get(*at)?)))
    }
}

/// The table.
pub struct Chosen<'a> {
    /// Whose rows they are.
    pub plan: &'a Plan,
    /// The rows in their order.
    pub rows: Vec<ChosenRow<'a>>,
    /// The columns that are shown, in order.
    pub fields: Vec<Field>,
    /// By what the rows were chosen, in words; empty where they are all.
    pub said: String,
}

impl<'a> Chosen<'a> {
    /// All rows and columns of a plan.
    pub fn whole(plan: &'a Plan, less_is_good: impl Fn(&str) -> bool) -> Self {
        let figures = figures([plan]);
        let years = years(&figures);
        let indicators = plan.indicators.iter().enumerate();
        let rows = indicators.filter_map(|(at, indicator)| {
            let less = less_is_good(&indicator.name);
            ChosenRow::new(at, vec![(plan, indicator)], &years, less)
        });
        Self {
            plan,
            rows: rows.collect(),
            fields: fields(figures),
            said: String::new(),
        }
    }

    /// The years whose figures are shown.
    pub fn years(&self) -> Vec<i32> {
        years(&self.fields)
    }

    /// Those of them on which there is a verdict.
    pub fn judged_years(&self) -> Vec<i32> {
        let mut years = self.years();
        years.retain(|year| self.rows.iter().any(|row| row.verdict(*year).is_some()));
        years
    }
}

/// All columns, with those of figures where they belong.
pub(crate) fn fields(figures: Vec<Field>) -> Vec<Field> {
    let before = [Field::Unit, Field::Nature, Field::Category];
    let before = before.into_iter().chain(figures);
    before.chain([Field::Verdict]).collect()
}

/// The columns of figures of plans, by year, targets first; the first plan's heading holds.
pub(crate) fn figures<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Vec<Field> {
    let mut found: Vec<(i32, Measure, &str)> = Vec::new();
    let indicators = plans.into_iter().flat_map(|plan| &plan.indicators);
    for cell in indicators.flat_map(|indicator| &indicator.cells) {
        if let (Some(year), Some(measure)) = (cell.year, cell.measure)
            && !found
                .iter()
                .any(|known| (known.0, known.1) == (year, measure))
        {
            found.push((year, measure, &cell.heading));
        }
    }
    // What was planned before what came of it.
    found.sort_by_key(|(year, measure, _)| (*year, *measure == Measure::Actual));
    let found = found.into_iter();
    found
        .map(|(year, measure, heading)| Field::Figures(year, measure, heading.to_string()))
        .collect()
}

/// The years of columns, each once.
pub(crate) fn years(fields: &[Field]) -> Vec<i32> {
    let mut years: Vec<i32> = Vec::new();
    for field in fields {
        if let Field::Figures(year, ..) = field
            && !years.contains(year)
        {
            years.push(*year);
        }
    }
    years
}
