//! A question beside the desk that answers it: its years, measures and plans.

use super::cells;
use super::decide::{Candidates, Desk};
use super::reply::Refusal;
use crate::model::{Measure, Plan};
use crate::understand::{Cue, IndicatorConcept, Lexicon, Slots, Utterance};
use std::cell::OnceCell;

/// A question with the desk that answers it.
pub struct Asked<'a> {
    /// The desk.
    pub desk: &'a Desk<'a>,
    /// The question.
    pub utterance: &'a Utterance,
    /// The years that are meant.
    pub years: Vec<i32>,
    /// The year that 今年 means.
    pub this_year: i32,
    /// Whether this is one of several answers in one reply.
    pub several: bool,
    /// What the index proposes, once it was asked.
    pub proposed: OnceCell<Candidates>,
}

impl<'a> Asked<'a> {
    /// What the index proposes for the content; it is asked once.
    pub fn candidates(&self) -> &Candidates {
        self.proposed
            .get_or_init(|| (self.desk.search)(&self.utterance.content))
    }

    /// The plans, newest first.
    pub fn plans(&self) -> &'a [Plan] {
        self.desk.book.plans()
    }

    /// The words.
    pub fn lexicon(&self) -> &'a Lexicon {
        self.desk.lexicon
    }

    /// What the question names.
    pub fn slots(&self) -> &'a Slots {
        &self.utterance.slots
    }

    /// Whether a cue stands in the question.
    pub fn has(&self, cue: Cue) -> bool {
        self.utterance.has(cue)
    }

    /// Aims, results or both, as the question says.
    pub fn measures(&self) -> Vec<Measure> {
        cells::measures(&self.utterance.slots.cues)
    }

    /// Whether less of an indicator is good.
    pub fn less_is_good(&self, indicator: &str) -> bool {
        self.desk.lexicon.less_is_good(indicator)
    }

    /// The plan that is about the first year named, or the newest.
    pub fn plan(&self) -> Result<&'a Plan, Refusal> {
        let year = self.years.first();
        let plans = self.plans();
        year.and_then(|year| plans.iter().find(|plan| plan.covers(*year)))
            .or(plans.first())
            .ok_or_else(Refusal::default)
    }

    /// The planned and the executed year of the newest plan that has an indicator.
    pub fn usual_years(&self, concept: &IndicatorConcept) -> (i32, i32) {
        let plan = concept
            .members
            .first()
            .and_then(|(plan, _)| self.plans().get(*plan));
        plan.map_or((0, 0), |plan| (plan.plan_year, plan.executed_year))
    }

    /// What a year's figure is: as the question says of this year, or of both, or else as usual.
    pub fn measure_of(&self, year: i32) -> Measure {
        let shift = year - self.this_year;
        self.utterance
            .measure_beside(year, shift)
            .unwrap_or_else(|| self.usual_measure(year))
    }

    /// What a year's figure is when the question does not say.
    pub fn usual_measure(&self, year: i32) -> Measure {
        self.plans()
            .first()
            .map_or(Measure::Target, |plan| plan.usual_measure(year))
    }
}
