//! The files under `data/lexicon`: synonyms, cues, intents, units.

use super::Reader;
use super::plan_files::toml_finding;
use crate::model::{ExamRecords, IntentRecord, LexiconRecords};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonyms {
    apart: Vec<String>,
    groups: Vec<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cues {
    cues: BTreeMap<String, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Intents {
    intent: Vec<Intent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Intent {
    name: String,
    patterns: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    units: Vec<String>,
    name_endings: Vec<String>,
    change_endings: Vec<String>,
    less_is_good: Vec<String>,
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
    absent: Vec<String>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> LexiconRecords {
    let synonyms: Synonyms = file(reader, "lexicon/synonyms.toml");
    let cues: Cues = file(reader, "lexicon/cues.toml");
    let intents: Intents = file(reader, "lexicon/intents.toml");
    let units: Units = file(reader, "lexicon/units.toml");
    let exam: Exam = file(reader, "lexicon/exam.toml");
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
        },
        synonyms: synonyms.groups,
        apart: synonyms.apart,
        cues: cues.cues.into_iter().collect(),
        intents: intents
            .intent
            .into_iter()
            .map(|i| IntentRecord {
                name: i.name,
                patterns: i.patterns,
            })
            .collect(),
        units: units.units,
        name_endings: units.name_endings,
        change_endings: units.change_endings,
        less_is_good: units.less_is_good,
    }
}

fn file<T: DeserializeOwned + Default>(reader: &mut Reader<'_>, name: &str) -> T {
    let Some(text) = reader.text(name, true) else {
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
