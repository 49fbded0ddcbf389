//! What a program asks of the API, held against the description that it goes by: what the
//! description does not allow is refused with a sentence, so that the two cannot differ.

use super::fault::PageFault;
use super::form::Queried;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use chrono::NaiveDate;
use regex::Regex;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The description, as it is sent.
pub(super) const DESCRIPTION: &str = include_str!("openapi.json");

/// The parameters of each address. A description that is not read has none; a test asks for all.
static PARAMETERS: LazyLock<HashMap<String, Vec<Parameter>>> = LazyLock::new(|| {
    let read: Description = serde_json::from_str(DESCRIPTION).unwrap_or_default();
    let paths = read.paths.into_iter();
    paths
        .map(|(path, operations)| (path, operations.get.parameters))
        .collect()
});

#[derive(Default, Deserialize)]
struct Description {
    paths: HashMap<String, Operations>,
}

#[derive(Deserialize)]
struct Operations {
    get: Operation,
}

#[derive(Deserialize)]
struct Operation {
    #[serde(default)]
    parameters: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(default)]
    required: bool,
    description: String,
    schema: Schema,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "enum")]
    words: Vec<String>,
    #[serde(deserialize_with = "pattern")]
    pattern: Option<Regex>,
    max_length: Option<usize>,
    format: String,
}

fn pattern<'de, D: serde::Deserializer<'de>>(read: D) -> Result<Option<Regex>, D::Error> {
    let text = String::deserialize(read)?;
    Regex::new(&text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}

impl Parameter {
    /// What is wrong with a value, if anything.
    fn fault(&self, value: &str) -> Option<String> {
        let (name, schema) = (&self.name, &self.schema);
        if !schema.words.is_empty() && !schema.words.iter().any(|word| word == value) {
            let words: Vec<&str> = schema.words.iter().map(String::as_str).collect();
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            return Some(format!("{name} 只能是 {}。", words.join("、")));
        }
        if schema
            .max_length
            .is_some_and(|most| value.chars().count() > most)
        {
            let most = schema.max_length.unwrap_or_default();
            return Some(format!("{name} 最多 {most} 个字；请缩短。"));
        }
        let is_of_pattern = schema
            .pattern
            .as_ref()
            .is_none_or(|form| form.is_match(value));
        if is_of_pattern && (schema.format != "date" || is_day(value)) {
            return None;
        }
        let wanted = if schema.format == "date" {
            "要写成 2022-07-01 这样的日期"
        } else {
            "写得不对"
        };
        Some(format!("{name} {wanted}（{}）；请改正。", self.description))
    }
}

/// A day as the description has it: four, two and two digits.
fn is_day(value: &str) -> bool {
    value.len() == "2022-07-01".len() && value.parse::<NaiveDate>().is_ok()
}

/// The words of an address of the API, as the description allows them.
pub(super) struct Described<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Described<T> {
    type Rejection = PageFault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageFault> {
        type Words = Vec<(String, String)>;
        let Queried(words) = Queried::<Words>::from_request_parts(parts, state).await?;
        let parameters = PARAMETERS.get(parts.uri.path());
        for parameter in parameters.into_iter().flatten() {
            let mut given = words.iter().filter(|(name, _)| *name == parameter.name);
            let fault = match given.next() {
                Some((_, value)) => parameter.fault(value),
                None if parameter.required => {
                    let (name, what) = (&parameter.name, &parameter.description);
                    Some(format!("缺少 {name}（{what}）。"))
                }
                None => None,
            };
            if let Some(sentence) = fault {
                return Err(PageFault::new(StatusCode::BAD_REQUEST, sentence));
            }
        }
        let Queried(asked) = Queried::<T>::from_request_parts(parts, state).await?;
        Ok(Self(asked))
    }
}
