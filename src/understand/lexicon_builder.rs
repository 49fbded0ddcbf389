//! How the lexicon's surfaces are collected from the lexicon files and the plans.

use super::canonical::Canonicaliser;
use super::intents::Cue;
use super::lexicon::{Category, IndicatorConcept, NoteConcept, Sense, TermConcept, is_whole};
use crate::model::{Finding, LexiconRecords, NoteKind};
use std::collections::{BTreeMap, BTreeSet};

const SHORTEST_PART: usize = 2;
const SHORTEST_TERM_PART: usize = 3;

/// What is collected.
pub(super) struct Builder {
    pub(super) canonicaliser: Canonicaliser,
    pub(super) surfaces: BTreeMap<String, BTreeSet<Sense>>,
    pub(super) indicators: Vec<IndicatorConcept>,
    pub(super) terms: Vec<TermConcept>,
    pub(super) categories: Vec<Category>,
    pub(super) values: Vec<String>,
    pub(super) tables: Vec<String>,
    pub(super) dues: Vec<String>,
    pub(super) notes: Vec<NoteConcept>,
    pub(super) reason_marks: Vec<String>,
    pub(super) stock_marks: Vec<String>,
    pub(super) increase_marks: Vec<String>,
    pub(super) begun_marks: Vec<String>,
    pub(super) done_marks: Vec<String>,
}

impl Builder {
    pub(super) fn new(records: &LexiconRecords) -> Self {
        Self {
            canonicaliser: Canonicaliser::new(&records.synonyms),
            surfaces: BTreeMap::new(),
            indicators: Vec::new(),
            terms: Vec::new(),
            categories: Vec::new(),
            values: Vec::new(),
            tables: Vec::new(),
            dues: Vec::new(),
            notes: Vec::new(),
            reason_marks: Vec::new(),
            stock_marks: Vec::new(),
            increase_marks: Vec::new(),
            begun_marks: Vec::new(),
            done_marks: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, surface: &str, sense: Sense) {
        let canonical = self.canonicaliser.of(surface);
        let canonical = canonical.trim();
        if !canonical.is_empty() {
            self.surfaces
                .entry(canonical.to_string())
                .or_default()
                .insert(sense);
        }
    }

    pub(super) fn cues(&mut self, records: &LexiconRecords, findings: &mut Vec<Finding>) {
        const FILE: &str = "lexicon/cues.toml";
        for (key, words) in &records.cues {
            let Some(cue) = Cue::from_key(key) else {
                findings.push(Finding::error(
                    FILE,
                    key,
                    "没有这一类提示词；请从 ARCHITECTURE.md 的提示词表里选。",
                ));
                continue;
            };
            let marks = match cue {
                Cue::ReasonMarks => Some(&mut self.reason_marks),
                Cue::StockMarks => Some(&mut self.stock_marks),
                Cue::IncreaseMarks => Some(&mut self.increase_marks),
                Cue::DoneMarks => Some(&mut self.done_marks),
                Cue::BegunMarks => Some(&mut self.begun_marks),
                _ => None,
            };
            if let Some(marks) = marks {
                marks.extend(words.iter().cloned());
                continue;
            }
            for word in words {
                self.add(word, Sense::Cue(cue));
            }
        }
        for cue in Cue::ALL {
            if !records
                .cues
                .iter()
                .any(|(key, words)| key == cue.key() && !words.is_empty())
            {
                findings.push(Finding::error(
                    FILE,
                    cue.key(),
                    "这一类提示词没有任何词；请补上。",
                ));
            }
        }
    }

    pub(super) fn plan(
        &mut self,
        plan_at: usize,
        plan: &crate::model::Plan,
        endings: &[String],
        findings: &mut Vec<Finding>,
    ) {
        let file = format!("plans/{}/synonyms.toml", plan.id);
        for name in &plan.region_names {
            self.add(name, Sense::Region);
            // The region above, without its kind, before the region's own name.
            if let Some(above) = plan.region_names.iter().find_map(|own| {
                plan.region
                    .strip_suffix(own.as_str())
                    .filter(|above| !above.is_empty())
            }) {
                let bare: String = above.chars().take(above.chars().count() - 1).collect();
                self.add(&format!("{bare}{name}"), Sense::Region);
            }
        }
        for category in plan.categories() {
            let at = position_or_push(
                &mut self.categories,
                Category {
                    name: category.to_string(),
                },
            );
            self.add(category, Sense::Category(at));
            self.add(&format!("{category}类"), Sense::Category(at));
        }
        for table in &plan.tables {
            let at = position_or_push(&mut self.tables, table.label.clone());
            self.add(&table.label, Sense::Table(at));
        }
        for nature in plan
            .indicators
            .iter()
            .filter_map(|indicator| indicator.nature)
        {
            self.add(nature.word(), Sense::Nature(nature));
        }
        for at in 0..plan.indicators.len() {
            self.indicator(plan_at, plan, at, endings);
        }
        for (at, term) in plan.terms.iter().enumerate() {
            self.term(plan_at, at, &term.name, &term.definition);
        }
        for (at, note) in plan.notes.iter().enumerate() {
            let name = note.place.replace(' ', "");
            if self.notes.iter().any(|known| known.name == name) {
                continue;
            }
            self.add(&name, Sense::Note(self.notes.len()));
            if note.kind == NoteKind::Convention {
                self.add(&note.anchor, Sense::Note(self.notes.len()));
            }
            self.notes.push(NoteConcept {
                name,
                plan: plan_at,
                note: at,
            });
        }
        for due in plan.duties.iter().flat_map(|duty| &duty.due) {
            let at = position_or_push(&mut self.dues, due.words.clone());
            self.add(&due.words, Sense::Due(at));
            if let Some(end) = due.words.find('月') {
                self.add(
                    due.words.get(..end + '月'.len_utf8()).unwrap_or_default(),
                    Sense::Due(at),
                );
            }
        }
        for (name, words) in &plan.synonyms {
            self.synonyms(name, words, &file, findings);
        }
    }

    fn indicator(
        &mut self,
        plan_at: usize,
        plan: &crate::model::Plan,
        at: usize,
        endings: &[String],
    ) {
        let indicator = &plan.indicators[at];
        let canonical = self.canonicaliser.of(&without_brackets(&indicator.name));
        let known = self
            .indicators
            .iter()
            .position(|concept| concept.name == indicator.name);
        let concept = known.unwrap_or_else(|| {
            self.indicators.push(IndicatorConcept {
                name: indicator.name.clone(),
                canonical: canonical.clone(),
                members: Vec::new(),
                unit: indicator.unit.clone(),
                figures: BTreeSet::new(),
            });
            self.indicators.len() - 1
        });
        self.indicators[concept].members.push((plan_at, at));
        let remarks = indicator
            .remarks
            .iter()
            .filter_map(|note| plan.notes.get(*note))
            .map(|note| note.text.as_str());
        let cells = indicator
            .cells
            .iter()
            .map(|cell| cell.quantity.printed.as_str());
        self.indicators[concept]
            .figures
            .extend(remarks.chain(cells).flat_map(figures));
        for name in [indicator.name.as_str(), canonical.as_str()] {
            self.add(name, Sense::Indicator(concept));
        }
        for ending in endings
            .iter()
            .map(|ending| self.canonicaliser.of(ending))
            .collect::<Vec<_>>()
        {
            if let Some(core) = canonical
                .strip_suffix(&ending)
                .filter(|core| core.chars().count() >= 4)
            {
                self.add(core, Sense::Indicator(concept));
            }
        }
        for part in parts(&canonical, SHORTEST_PART) {
            self.surfaces
                .entry(part)
                .or_default()
                .insert(Sense::IndicatorPart(concept));
        }
        for value in indicator
            .cells
            .iter()
            .filter(|cell| matches!(cell.quantity.bound, crate::model::Bound::Words))
        {
            let words = value.quantity.printed.clone();
            let at = position_or_push(&mut self.values, words.clone());
            self.add(&words, Sense::Value(at));
        }
    }

    fn term(&mut self, plan: usize, at: usize, name: &str, definition: &str) {
        let known = self.terms.iter().position(|concept| concept.name == name);
        let concept = known.unwrap_or_else(|| {
            self.terms.push(TermConcept {
                name: name.to_string(),
                members: Vec::new(),
            });
            self.terms.len() - 1
        });
        self.terms[concept].members.push((plan, at));
        let bare = without_quotes(name);
        self.add(name, Sense::Term(concept));
        self.add(&bare, Sense::Term(concept));
        for part in quoted(name).chain(defined_inside(definition)) {
            self.add(&part, Sense::Term(concept));
        }
        for (at, _) in name.match_indices('“').filter(|(at, _)| *at > 0) {
            self.add(
                &without_quotes(name.get(at..).unwrap_or_default()),
                Sense::Term(concept),
            );
        }
        let canonical = self.canonicaliser.of(&bare);
        for part in parts(&canonical, SHORTEST_TERM_PART) {
            self.surfaces
                .entry(part)
                .or_default()
                .insert(Sense::TermPart(concept));
        }
    }

    fn synonyms(&mut self, name: &str, words: &[String], file: &str, findings: &mut Vec<Finding>) {
        let indicator = self
            .indicators
            .iter()
            .position(|concept| concept.name == name)
            .map(Sense::Indicator);
        let term = self
            .terms
            .iter()
            .position(|concept| concept.name == name)
            .map(Sense::Term);
        let Some(sense) = indicator.or(term) else {
            findings.push(Finding::error(
                file,
                name,
                "计划里没有这个指标或名词；左边请照抄原文的名称。",
            ));
            return;
        };
        for word in words {
            let canonical = self.canonicaliser.of(word);
            let taken = self
                .surfaces
                .get(&canonical)
                .into_iter()
                .flatten()
                .find(|other| is_whole(other) && **other != sense);
            if taken.is_some() {
                findings.push(Finding::error(
                    file,
                    name,
                    format!("“{word}”已经是别的名称或提示词；一个叫法只能属于一项，请换一个。"),
                ));
            } else {
                self.add(word, sense);
            }
        }
    }
}

fn position_or_push<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter()
        .position(|known| *known == value)
        .unwrap_or_else(|| {
            list.push(value);
            list.len() - 1
        })
}

/// The figures of a text, as digits with their decimal point.
fn figures(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|figure| figure.trim_matches('.'))
        .filter(|figure| !figure.is_empty())
        .map(String::from)
}

/// Every run of a name that is shorter than the name.
fn parts(name: &str, shortest: usize) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut parts = Vec::new();
    for from in 0..letters.len() {
        for to in from + shortest..=letters.len() {
            let part: String = letters[from..to].iter().collect();
            if part.chars().any(char::is_alphanumeric) && !part.contains(char::is_whitespace) {
                parts.push(part);
            }
        }
    }
    parts
}

fn without_quotes(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '“' | '”' | '‘' | '’' | '"' | '《' | '》' | '、'))
        .collect()
}

/// A text without what stands in brackets.
pub(super) fn without_brackets(name: &str) -> String {
    let mut depth = 0;
    name.chars()
        .filter(|c| {
            match c {
                '（' | '(' => depth += 1,
                '）' | ')' => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// The pieces of a name that stand in quotation marks.
fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('“')
        .skip(1)
        .filter_map(|piece| piece.split('”').next())
        .filter(|piece| piece.chars().count() >= 2)
        .map(String::from)
}

/// The pieces in quotation marks that a definition goes on to explain (“两群”是指…).
fn defined_inside(definition: &str) -> impl Iterator<Item = String> + '_ {
    definition.split('“').skip(1).filter_map(|piece| {
        let (name, rest) = piece.split_once('”')?;
        let explained = ["是指", "即", "指", "为"]
            .iter()
            .any(|word| rest.starts_with(word));
        (explained && (2..=8).contains(&name.chars().count())).then(|| name.to_string())
    })
}
