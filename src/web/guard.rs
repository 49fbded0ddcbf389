//! What every request passes: its host, its size and pace, where a post comes from; and the headers
//! of every reply.

use super::chat_page::LONGEST_TEXT;
use super::fault::PageFault;
use super::site::Site;
use super::visitor;
use crate::connections::{Peer, Seat};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// A form is smaller: the longest message takes twelve bytes a letter at most, as a form sends it.
const LARGEST_BODY: usize = 12 * LONGEST_TEXT + 4 * 1024;
/// A form arrives faster.
const BODY_WITHIN: Duration = Duration::from_secs(10);
/// A report that an administrator brings: what `planbot import` reads, and the form around it.
pub(super) const LARGEST_REPORT: usize = crate::app::LARGEST_REPORT as usize + LARGEST_BODY;
/// A report arrives faster, over a slow line too.
const REPORT_WITHIN: Duration = Duration::from_secs(120);
/// Where reports are brought.
const REPORTS: &str = "/admin/import";
/// The longest address that is read: the longest question of the API, twelve bytes a letter, with
/// what stands around it.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// What is answered only when something happens, or when somebody who guesses has waited.
const WAITING: [&str; 2] = ["/chat/news", "/admin/enter"];
/// Where a proxy before the page says whom it speaks for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Nothing from elsewhere, nothing inline, no frame around.
const CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    // Not `no-referrer`: with it a browser says `Origin: null` when it posts a form of ours.
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Looks at a request before anything else does, and puts the headers on its reply.
pub(super) async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let wants_json = request.uri().path().starts_with("/api/")
        || request
            .headers()
            .get(header::ACCEPT)
            .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    let seat = request.extensions().get::<Seat>().cloned();
    let mut response = match admit(&site, request).await {
        Ok(mut request) => {
            let from = client(&site, &request);
            if let Some(from) = from {
                request.extensions_mut().insert(Peer(from));
            }
            // Whoever only waits makes room for others.
            let waits = WAITING.contains(&request.uri().path());
            let _at_work = seat.filter(|_| !waits).map(|seat| seat.work());
            next.run(request).await
        }
        Err(fault) => fault.into_response(),
    };
    if let Some(fault) = response
        .extensions_mut()
        .remove::<PageFault>()
        .filter(|_| wants_json)
    {
        response = fault.json();
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if site.is_stopping() {
        // Whoever keeps the connection would lose the next question: it goes to another connection.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whom a request comes from: where a proxy on this machine stands before the page, as the settings
/// say by their hosts, the last address that it names, which is the one that it saw itself.
fn client(site: &Site, request: &Request) -> Option<IpAddr> {
    let Peer(peer) = *request.extensions().get::<Peer>()?;
    if site.hosts.is_empty() || !peer.to_canonical().is_loopback() {
        return Some(peer);
    }
    let named = request
        .headers()
        .get_all(FORWARDED_FOR)
        .into_iter()
        .next_back();
    let named =
        named.and_then(|named| named.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    Some(named.unwrap_or(peer))
}

async fn admit(site: &Site, request: Request) -> Result<Request, PageFault> {
    if !is_served(site, request.headers()) {
        return Err(PageFault::new(
            StatusCode::MISDIRECTED_REQUEST,
            "这个地址不是本页面的地址；请用启动时显示的地址，或把域名写进 [web] hosts。",
        ));
    }
    if request
        .uri()
        .path_and_query()
        .is_some_and(|path| path.as_str().len() > LONGEST_ADDRESS)
    {
        return Err(PageFault::new(
            StatusCode::URI_TOO_LONG,
            "地址太长了；请缩短后再试。",
        ));
    }
    match *request.method() {
        Method::GET | Method::HEAD => Ok(request),
        Method::POST if comes_from_here(request.headers()) => {
            let brings_report = request.uri().path() == REPORTS
                && visitor::is_administrator(site, request.headers());
            if brings_report {
                whole(request, LARGEST_REPORT, REPORT_WITHIN).await
            } else {
                whole(request, LARGEST_BODY, BODY_WITHIN).await
            }
        }
        Method::POST => Err(PageFault::new(
            StatusCode::FORBIDDEN,
            "这个请求来自别的网站，没有执行。",
        )),
        _ => Err(PageFault::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "这里不接受这种请求。",
        )),
    }
}

/// Whether the host is an address, localhost or a name of the settings: a foreign name that was
/// pointed at this machine must not make a browser speak to it.
fn is_served(site: &Site, headers: &HeaderMap) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok()
        || site
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a post was sent by a page of ours, as far as the browser says.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let said = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = said(HeaderName::from_static("sec-fetch-site"))
        .is_none_or(|site| site == "same-origin" || site == "none");
    let host = said(header::HOST).unwrap_or_default();
    let origin = said(header::ORIGIN).is_none_or(|origin| {
        origin
            .split_once("://")
            .is_some_and(|(_, name)| name.eq_ignore_ascii_case(host))
    });
    site && origin
}

/// A post with all of its body, which must be small and soon there.
async fn whole(request: Request, largest: usize, within: Duration) -> Result<Request, PageFault> {
    let (parts, body) = request.into_parts();
    let said = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let too_large = || {
        PageFault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "发来的内容太大了；请缩短后再发。",
        )
    };
    if said.is_some_and(|said| said > largest) {
        return Err(too_large());
    }
    match tokio::time::timeout(within, axum::body::to_bytes(body, largest)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(PageFault::new(
            StatusCode::REQUEST_TIMEOUT,
            "等了太久，内容还没有传完；请再试一次。",
        )),
    }
}
