//! The files under `data/lexicon`: the field's thesaurus, units, how the exam asks.

use super::causes::Cause;
use super::plan_files::toml_finding;
use super::{DataReader, Presence};
use crate::model::{ConceptRecord, ExamRecords, Finding, LexiconRecords};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The field's thesaurus as the program ships it.
const FIELD: &str = include_str!("../../data/lexicon/field.toml");
/// Units and measure words as the program ships them.
const MEASURES: &str = include_str!("../../data/lexicon/measures.toml");

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    #[serde(default)]
    concept: Vec<Concept>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Concept {
    name: String,
    #[serde(default)]
    same: Vec<String>,
    #[serde(default)]
    said: Vec<String>,
    #[serde(default)]
    units: Vec<String>,
    #[serde(default)]
    less_is_good: bool,
    #[serde(default)]
    parts: Vec<String>,
    #[serde(default)]
    with_figure: Vec<String>,
    #[serde(default)]
    members: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    units: BTreeMap<String, Vec<String>>,
    nouns: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    dimensions: BTreeMap<String, Vec<String>>,
    names: Names,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    endings: Vec<String>,
    changes: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exam {
    target: Vec<String>,
    actual: Vec<String>,
    unit: Vec<String>,
    nature: Vec<String>,
    category_of: Vec<String>,
    members: Vec<String>,
    remark: Vec<String>,
    term: Vec<String>,
    fact: Vec<String>,
    places: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    openings: Vec<String>,
    #[serde(default)]
    closings: Vec<String>,
    #[serde(default)]
    light_verbs: Vec<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    attributes: Vec<String>,
    #[serde(default)]
    times: Vec<String>,
}

pub(super) fn read(reader: &mut DataReader<'_>) -> LexiconRecords {
    let field: Field = file(reader, "lexicon/field.toml", Some(FIELD));
    let units = measures(reader);
    let exam: Exam = file(reader, "lexicon/exam.toml", None);
    LexiconRecords {
        exam: ExamRecords {
            target: exam.target,
            actual: exam.actual,
            unit: exam.unit,
            nature: exam.nature,
            category_of: exam.category_of,
            members: exam.members,
            remark: exam.remark,
            term: exam.term,
            fact: exam.fact,
            places: exam.places,
            absent: exam.absent,
            openings: exam.openings,
            closings: exam.closings,
            light_verbs: exam.light_verbs,
            roles: exam.roles,
            attributes: exam.attributes,
            times: exam.times,
            same_names: field.concept.iter().map(names).collect(),
        },
        concepts: field.concept.into_iter().map(record).collect(),
        units: units.units.into_iter().collect(),
        measured_nouns: units.nouns.into_iter().collect(),
        dimensions: units.dimensions.into_iter().collect(),
        name_endings: units.names.endings,
        change_endings: units.names.changes,
    }
}

/// Words of measures. They stood in `lexicon/units.toml` once, beside the roll of organisations in
/// `units.toml`: what still stands there is read where nothing else is, and that is said.
fn measures(reader: &mut DataReader<'_>) -> Units {
    const NAME: &str = "lexicon/measures.toml";
    const OLD_NAME: &str = "lexicon/units.toml";
    let Some(old) = reader.text(OLD_NAME, Presence::Optional) else {
        return file(reader, NAME, Some(MEASURES));
    };
    // Both names may be there after an upgrade: the new one counts alone, and whoever wrote words
    // under the old one is told.
    let is_renamed = reader.has(NAME);
    let read = toml::from_str::<Units>(&old).ok().filter(|_| !is_renamed);
    let cause = match (&read, is_renamed) {
        (Some(_), _) => Cause::OldNameRead,
        (None, true) => Cause::OldNameBeside,
        (None, false) => Cause::OldForm,
    };
    let finding = Finding::warning(OLD_NAME, "", cause);
    reader.findings.push(finding);
    read.unwrap_or_else(|| file(reader, NAME, Some(MEASURES)))
}

fn names(concept: &Concept) -> Vec<String> {
    std::iter::once(&concept.name)
        .chain(&concept.same)
        .cloned()
        .collect()
}

fn record(concept: Concept) -> ConceptRecord {
    ConceptRecord {
        name: concept.name,
        same: concept.same,
        said: concept.said,
        units: concept.units,
        less_is_good: concept.less_is_good,
        with_figure: concept.with_figure,
        members: concept.members,
        parts: concept.parts,
    }
}

/// Reads a file; where it is absent, the program's own text is read instead, so that a new version
/// finds its words in data that an older one laid down.
fn file<T: DeserializeOwned + Default>(
    reader: &mut DataReader<'_>,
    name: &str,
    own: Option<&str>,
) -> T {
    let presence = match own {
        Some(_) => Presence::Optional,
        None => Presence::Required,
    };
    let text = reader.text(name, presence);
    let Some(text) = text.or_else(|| own.map(String::from)) else {
        return T::default();
    };
    match toml::from_str(&text) {
        Ok(value) => value,
        Err(error) => {
            reader.findings.push(toml_finding(name, &text, &error));
            T::default()
        }
    }
}
