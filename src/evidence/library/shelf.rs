//! A plan's sentences, notes, definitions and tables made into evidence.

mod clauses;

use super::super::explainer::Level;
use super::super::ids::TextId;
use super::super::passages::{Grain, PassageText};
use super::period::several_years;
use super::time::Time;
use super::{Library, Making};
use crate::model::{Measure, NoteKind, Passage, Plan, PlanIx, Provenance};

/// What a subject in each text around a clause is worth: nearer counts more. Tried on the
/// development questions; a change shows in the banks.
mod worth {
    pub const CLAUSE: f32 = 1.0;
    pub const CLAUSE_BEFORE: f32 = 0.86;
    pub const FALLS: f32 = 0.92;
    pub const STRETCH: f32 = 0.66;
    pub const SENTENCE: f32 = 0.58;
    pub const SENTENCE_BEFORE: f32 = 0.55;
    pub const TOPIC: f32 = 0.9;
    pub const HEADLINE: f32 = 0.62;
    pub const SECTION: f32 = 0.5;
    pub const CHAPTER: f32 = 0.42;
    pub const ITEM: f32 = 0.4;
    pub const ANNOTATED: f32 = 0.55;
    pub const NAMED: f32 = 0.8;
    pub const TERM: f32 = 0.9;
}
/// A sentence is cut into stretches at these signs.
const STRETCH_ENDS: [char; 2] = ['；', ';'];
/// A headline is short.
const LONGEST_HEADLINE: usize = 45;
/// A passage that is longer is not quoted whole, in letters.
pub(super) const LONGEST_PASSAGE: usize = 820;

/// One plan while its evidence is made.
pub(super) struct Shelf<'a> {
    pub(super) at: PlanIx,
    pub(super) plan: &'a Plan,
    pub(super) making: Making<'a>,
    pub(super) library: &'a mut Library,
    /// All its text as it is compared.
    pub(super) everything: String,
}

/// What clauses of one text have in common.
pub(super) struct Around {
    provenance: Provenance,
    levels: Vec<Level>,
    topics: Vec<Level>,
    /// Of which year its chapter or remark speaks.
    time: Time,
    /// The years together that its chapter speaks of.
    span: Option<String>,
    is_stock: bool,
}

impl Shelf<'_> {
    fn canonical(&self, text: &str) -> String {
        self.making.thesaurus.document(text)
    }

    fn text(&mut self, text: &str) -> TextId {
        let canonical = self.canonical(text);
        self.library.texts.add(&canonical)
    }

    fn level(&mut self, text: &str, worth: f32) -> Option<Level> {
        let canonical = self.canonical(text);
        let text = (!canonical.is_empty()).then(|| self.library.texts.add(&canonical))?;
        Some(Level { text, worth })
    }

    pub(super) fn body(&mut self) {
        let count = self.plan.passages.len();
        let mut at = 0;
        while at < count {
            let end = (at..count)
                .find(|other| !same_item(&self.plan.passages[*other], &self.plan.passages[at]))
                .unwrap_or(count);
            self.item(at..end);
            at = end;
        }
        self.announced_lists();
    }

    /// The sentences of one item, or of a paragraph without items.
    fn item(&mut self, sentences: std::ops::Range<usize>) {
        let plan = self.plan;
        let first = &plan.passages[sentences.start];
        let whole: String = plan.passages[sentences.clone()]
            .iter()
            .map(|passage| passage.text.as_str())
            .collect();
        let is_headline = first.opens_item
            && sentences.len() > 1
            && first.text.chars().count() <= LONGEST_HEADLINE;
        let headline = if is_headline { first.text.as_str() } else { "" };
        // The same for all its sentences: made once, or a long paragraph would take the square of
        // its length.
        let headline_level = self.level(headline, worth::HEADLINE);
        let whole_level = self.level(&whole, worth::ITEM);
        for at in sentences.clone() {
            let passage = &plan.passages[at];
            let canonical = self.canonical(&passage.text);
            self.everything.push_str(&canonical);
            self.everything.push('\n');
            let before = (at > sentences.start && !(is_headline && at == sentences.start + 1))
                .then(|| plan.passages[at - 1].text.clone());
            let around = [
                headline_level,
                before.and_then(|text| self.level(&text, worth::SENTENCE_BEFORE)),
                self.level(&passage.path.section, worth::SECTION),
                self.level(&passage.path.chapter, worth::CHAPTER),
                whole_level,
            ];
            let topics = topics(headline, &passage.text, sentences.len());
            let topics = topics
                .iter()
                .filter_map(|topic| self.level(topic, worth::TOPIC))
                .collect();
            let around = Around {
                provenance: Provenance::Passage(at),
                levels: around.into_iter().flatten().collect(),
                topics,
                time: Time {
                    years: passage.year.into_iter().collect(),
                    measure: passage.measure,
                },
                span: several_years(&passage.path),
                is_stock: false,
            };
            self.sentence(&passage.text, &around, headline, &passage.path);
        }
        let is_short = whole.chars().count() <= LONGEST_PASSAGE;
        if sentences.len() > 1 && is_short {
            let provenances = sentences.map(Provenance::Passage).collect();
            self.passage(provenances, Grain::Item, &whole, headline, first);
        }
    }

    fn sentence(
        &mut self,
        text: &str,
        around: &Around,
        headline: &str,
        path: &crate::model::SectionPath,
    ) {
        let sentence = self.text(text);
        let place = (self.at, around.provenance);
        self.library.sentences.insert(place, sentence);
        let stretches: Vec<&str> = text.split(STRETCH_ENDS).collect();
        for (at, stretch) in stretches.iter().enumerate() {
            let stretch_text = self.text(stretch);
            let mut levels = vec![
                Level {
                    text: stretch_text,
                    worth: worth::STRETCH,
                },
                Level {
                    text: sentence,
                    worth: worth::SENTENCE,
                },
            ];
            match around.topics.get(at) {
                Some(topic) => levels.push(*topic),
                None => levels.extend(&around.levels),
            }
            if around.topics.get(at).is_some() {
                levels.extend(
                    around
                        .levels
                        .iter()
                        .filter(|l| l.worth < worth::SECTION + 0.01),
                );
            }
            let time = Time::of(stretch, &around.time, self.plan);
            self.clauses_of(stretch, text, &levels, &time, around);
            if stretches.len() > 1 {
                let mut own = vec![Level {
                    text: stretch_text,
                    worth: 1.0,
                }];
                own.push(Level {
                    text: sentence,
                    worth: 0.7,
                });
                own.extend(around.topics.get(at));
                own.extend(&around.levels);
                self.quotable(
                    vec![around.provenance],
                    Grain::Stretch,
                    stretch,
                    own,
                    &time,
                    path,
                );
            }
        }
        let is_headline = !headline.is_empty() && headline == text;
        if !is_headline {
            let mut own = vec![Level {
                text: sentence,
                worth: 1.0,
            }];
            own.extend(around.levels.iter().map(|level| Level {
                worth: (level.worth * 1.2).min(0.8),
                ..*level
            }));
            let time = Time::of(text, &around.time, self.plan);
            self.quotable(
                vec![around.provenance],
                Grain::Sentence,
                text,
                own,
                &time,
                path,
            );
        }
    }

    pub(super) fn passage(
        &mut self,
        sentences: Vec<Provenance>,
        grain: Grain,
        verbatim: &str,
        headline: &str,
        first: &Passage,
    ) {
        let text = self.text(verbatim);
        let mut levels = vec![Level { text, worth: 1.0 }];
        levels.extend(self.level(headline, 0.8));
        levels.extend(self.level(&first.path.section, 0.55));
        levels.extend(self.level(&first.path.chapter, 0.45));
        let around = Around {
            provenance: sentences[0],
            levels: Vec::new(),
            topics: Vec::new(),
            time: Time {
                years: first.year.into_iter().collect(),
                measure: first.measure,
            },
            span: None,
            is_stock: false,
        };
        let time = Time::of("", &around.time, self.plan);
        self.quotable(sentences, grain, verbatim, levels, &time, &first.path);
        let head = if headline.is_empty() {
            first.path.section.as_str()
        } else {
            headline
        };
        let head = self.level(head, 1.0).map(|level| level.text);
        if let Some(last) = self.library.passages.last_mut() {
            last.headline = head;
        }
    }

    fn quotable(
        &mut self,
        sentences: Vec<Provenance>,
        grain: Grain,
        verbatim: &str,
        levels: Vec<Level>,
        time: &Time,
        path: &crate::model::SectionPath,
    ) {
        const REASONS: &[&str] = &["因", "由于", "受", "故", "为此", "原因"];
        const MEASURES: &[&str] = &["举措", "措施", "重点工作", "主要任务", "工作安排", "任务"];
        let headings = [&path.item, &path.section, &path.chapter];
        let nearest = headings.into_iter().find(|heading| !heading.is_empty());
        let headline = nearest
            .and_then(|heading| self.level(heading, 1.0))
            .map(|level| level.text);
        self.library.passages.push(PassageText {
            plan: self.at,
            sentences,
            grain,
            text: levels[0].text,
            verbatim: verbatim.trim().to_string(),
            headline,
            levels,
            years: time.years.clone(),
            measure: time.measure,
            gives_reason: REASONS.iter().any(|word| verbatim.contains(word)),
            is_measures: MEASURES
                .iter()
                .any(|word| path.chapter.contains(word) || path.section.contains(word)),
        });
    }

    pub(super) fn notes(&mut self) {
        let plan = self.plan;
        for (at, note) in plan.notes.iter().enumerate() {
            let canonical = self.canonical(&note.text);
            self.everything.push_str(&canonical);
            self.everything.push('\n');
            let named: Vec<&str> = plan
                .indicators
                .iter()
                .filter(|indicator| indicator.remarks.contains(&at))
                .map(|indicator| indicator.name.as_str())
                .collect();
            let annotated = if note.kind == NoteKind::Footnote {
                note.anchor.as_str()
            } else {
                ""
            };
            let levels = [
                self.level(annotated, worth::ANNOTATED),
                self.level(&named.join("，"), worth::NAMED),
            ];
            let levels: Vec<Level> = levels.into_iter().flatten().collect();
            let is_remark = note.kind != NoteKind::Footnote;
            let around = Around {
                provenance: Provenance::Note(at),
                levels: levels.clone(),
                topics: Vec::new(),
                time: if is_remark {
                    Time {
                        years: vec![plan.executed_year],
                        measure: Some(Measure::Actual),
                    }
                } else {
                    Time::default()
                },
                span: None,
                is_stock: note.kind == NoteKind::Footnote,
            };
            let time = Time::of(&note.text, &around.time, plan);
            for stretch in note.text.split(STRETCH_ENDS) {
                self.clauses_of(stretch, &note.text, &levels, &time, &around);
            }
            let text = self.text(&note.text);
            let mut own = vec![Level { text, worth: 1.0 }];
            own.extend(levels);
            let path = crate::model::SectionPath::default();
            self.quotable(
                vec![Provenance::Note(at)],
                Grain::Note,
                &note.text,
                own,
                &time,
                &path,
            );
        }
    }

    pub(super) fn terms(&mut self) {
        let plan = self.plan;
        for (at, term) in plan.terms.iter().enumerate() {
            let whole = self.canonical(&format!("{}：{}", term.name, term.definition));
            self.everything.push_str(&whole);
            self.everything.push('\n');
            let definition = self.text(&term.definition);
            let (plan_at, names) = (self.at, &mut self.library.names.terms);
            let name = names
                .iter_mut()
                .find(|name| (name.plan, name.term) == (plan_at, at));
            if let Some(name) = name {
                name.definition = Some(definition);
            }
            let levels: Vec<Level> = self.level(&term.name, worth::TERM).into_iter().collect();
            let around = Around {
                provenance: Provenance::Term(at),
                levels: levels.clone(),
                topics: Vec::new(),
                time: Time::default(),
                span: None,
                is_stock: true,
            };
            let time = Time::default();
            for sentence in term.definition.split(['。', '；', ';']) {
                self.clauses_of(sentence, sentence, &levels, &time, &around);
            }
        }
    }

    pub(super) fn tables(&mut self) {
        let plan = self.plan;
        for indicator in &plan.indicators {
            let nature = indicator.nature.map_or("", |nature| nature.word());
            let line = self.canonical(&format!(
                "{}，{}，{nature}，{}",
                indicator.name, indicator.category, indicator.unit
            ));
            self.everything.push_str(&line);
            self.everything.push('\n');
            for cell in &indicator.cells {
                let value = self.canonical(&cell.quantity.printed);
                self.everything.push_str(&value);
                self.everything.push('\n');
            }
        }
    }
}

fn same_item(one: &Passage, other: &Passage) -> bool {
    one.paragraph == other.paragraph && one.path.item == other.path.item
}

/// An item that names as many topics (一是甲、乙…) as its only sentence has stretches speaks of them in
/// that order.
fn topics(headline: &str, text: &str, sentences: usize) -> Vec<String> {
    let count = text.split(STRETCH_ENDS).count();
    let topics: Vec<String> = headline.split('、').map(String::from).collect();
    if headline.is_empty() || sentences != 2 || count < 2 || topics.len() != count {
        return Vec::new();
    }
    topics
}
