//! The files under `data/lexicon`: synonyms, cues, intents, units.

use super::Reader;
use super::plan_files::toml_finding;
use crate::model::{IntentRecord, LexiconRecords};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonyms {
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
}

pub(super) fn read(reader: &mut Reader<'_>) -> LexiconRecords {
    let synonyms: Synonyms = file(reader, "lexicon/synonyms.toml");
    let cues: Cues = file(reader, "lexicon/cues.toml");
    let intents: Intents = file(reader, "lexicon/intents.toml");
    let units: Units = file(reader, "lexicon/units.toml");
    LexiconRecords {
        synonyms: synonyms.groups,
        cues: cues.cues.into_iter().collect(),
        intents: intents.intent.into_iter().map(|i| IntentRecord { name: i.name, patterns: i.patterns }).collect(),
        units: units.units,
        name_endings: units.name_endings,
    }
}

fn file<T: DeserializeOwned + Default>(reader: &mut Reader<'_>, name: &str) -> T {
    let Some(text) = reader.text(name, true) else { return T::default() };
    match toml::from_str(&text) {
        Ok(value) => value,
        Err(error) => {
            reader.findings.push(toml_finding(name, &text, &error));
            T::default()
        }
    }
}
