//! What a browser sends, read or refused with a sentence: a form must carry the token of the
//! browser that it was shown to.

use super::fault::PageFault;
use super::keys;
use super::visitor::Visitor;
use crate::chat::CsvReader;
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// A form of ours, sent by the browser that it was shown to.
pub(super) struct Posted<T>(pub(super) T);

/// The words behind the question mark of an address.
pub(super) struct Queried<T>(pub(super) T);

#[derive(serde::Deserialize)]
struct Signed<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: T,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = PageFault;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageFault> {
        let visitor = request
            .extensions()
            .get::<Visitor>()
            .cloned()
            .ok_or_else(PageFault::ours)?;
        let form = Form::<Signed<T>>::from_request(request, state).await;
        let Ok(Form(signed)) = form else {
            return Err(PageFault::new(
                StatusCode::BAD_REQUEST,
                "发来的内容看不懂；请刷新页面再试。",
            ));
        };
        if !visitor.known || !keys::same(signed.csrf.as_bytes(), visitor.csrf.as_bytes()) {
            return Err(PageFault::new(
                StatusCode::FORBIDDEN,
                "页面已经过期，没有执行；请刷新页面再试。",
            ));
        }
        Ok(Self(signed.fields))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Queried<T> {
    type Rejection = PageFault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageFault> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_) => Err(PageFault::new(
                StatusCode::BAD_REQUEST,
                "地址里的条件看不懂；请检查后再试。",
            )),
        }
    }
}

/// Who reads a file of comma-separated text, by the words of its address.
pub(super) fn csv_reader(words: &[(String, String)]) -> CsvReader {
    let mut readers = words.iter().filter(|(name, _)| name == "reader");
    if readers.any(|(_, value)| value == "program") {
        CsvReader::Program
    } else {
        CsvReader::Spreadsheet
    }
}
