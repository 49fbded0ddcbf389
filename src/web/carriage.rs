//! How a reply travels: packed where the browser takes it so, and not at all where the browser has
//! the same already. What is only for administrators, and what changes with every look, is kept by
//! nobody.

use super::fault::PageFault;
use super::site::Site;
use super::{keys, visitor};
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;

/// What is shorter fits one packet anyhow.
const SHORTEST_PACKED: usize = 1_024;
/// What is longer is sent as it is: all of it would have to be in memory once more.
const LONGEST_TAKEN: usize = 8 << 20;
/// Between time and size as the library has it by default, one step to the side of time.
const LEVEL: u32 = 5;
/// What is worth packing; pictures and workbooks are packed already.
const PACKED: [&str; 3] = ["text/", "application/json", "image/svg+xml"];
/// What is another thing at each look.
const FLEETING: [&str; 7] = [
    "/chat/news",
    "/chat/history",
    "/admin",
    "/api/",
    "/metrics",
    "/healthz",
    "/readyz",
];
/// Where the address has the digest of what is there.
const BY_CONTENT: [&str; 2] = ["/assets/", "/chat/file/"];

/// A browser may keep it, and asks each time whether it is still so.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
/// A browser may keep it and need not ask.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// Packs what is sent, and sends nothing where the browser has it.
pub(super) async fn carry(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if *request.method() != Method::GET {
        return next.run(request).await;
    }
    let path = request.uri().path();
    let is_by_content = BY_CONTENT.iter().any(|start| path.starts_with(start));
    let is_fleeting = path == "/" || FLEETING.iter().any(|start| path.starts_with(start));
    let headers = request.headers();
    let is_marked = !is_fleeting && !is_by_content && !visitor::is_administrator(&site, headers);
    let takes_packed = takes_gzip(headers);
    let known = headers.get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let size = body
        .size_hint()
        .exact()
        .and_then(|size| usize::try_from(size).ok());
    if size.is_none_or(|size| size > LONGEST_TAKEN) {
        return Response::from_parts(parts, body);
    }
    // The tag needs the whole reply, so it is packed here as well: tower-http's layer would pack it
    // in a stream, without a length, and bring three crates for these twenty lines.
    let Ok(bytes) = axum::body::to_bytes(body, LONGEST_TAKEN).await else {
        return PageFault::ours().into_response();
    };
    if is_by_content {
        cached(&mut parts.headers, FOR_GOOD);
    }
    // Whoever gets a cookie now must get all of the reply.
    if is_marked && !parts.headers.contains_key(header::SET_COOKIE) {
        // Weak: the same thing may be packed or not.
        let tag = format!("W/\"{}\"", keys::word_of(&bytes));
        let is_known = known.as_ref().is_some_and(|known| is_among(known, &tag));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            parts.headers.insert(header::ETAG, tag);
        }
        cached(&mut parts.headers, ASK_AGAIN);
        if is_known {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(header::CONTENT_LENGTH);
            return Response::from_parts(parts, Body::empty());
        }
    }
    if !is_worth_packing(&parts.headers, bytes.len()) {
        return Response::from_parts(parts, Body::from(bytes));
    }
    // Also where it is not packed: a store between must not give one browser's form to another.
    let vary = HeaderValue::from_static("accept-encoding");
    parts.headers.append(header::VARY, vary);
    match packed(&bytes) {
        Ok(packed) if takes_packed => {
            parts.headers.remove(header::CONTENT_LENGTH);
            let gzip = HeaderValue::from_static("gzip");
            parts.headers.insert(header::CONTENT_ENCODING, gzip);
            Response::from_parts(parts, Body::from(packed))
        }
        _ => Response::from_parts(parts, Body::from(bytes)),
    }
}

fn cached(headers: &mut HeaderMap, how: HeaderValue) {
    headers.entry(header::CACHE_CONTROL).or_insert(how);
}

fn is_among(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').any(|known| known.trim() == tag)
}

fn is_worth_packing(headers: &HeaderMap, size: usize) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    size >= SHORTEST_PACKED && PACKED.iter().any(|start| kind.starts_with(start))
}

/// Whether a browser takes gzip: it names it, and does not name it as what it refuses (`q=0`).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING).into_iter();
    let mut ways = all
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    ways.any(|way| {
        let (name, weight) = way.split_once(';').unwrap_or((way, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse::<f32>().is_ok_and(|q| q > 0.0)
    })
}

fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}
