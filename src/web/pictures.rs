//! Pictures as addresses: each as SVG and as PNG, light and dark, drawn off the async threads.

use super::dark::dark_source;
use super::fault::PageFault;
use super::shell;
use super::site::Site;
use crate::app::NoTurn;
use crate::chart::Picture;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// How a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawn {
    form: PictureForm,
    ground: Ground,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PictureForm {
    Svg,
    Png,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Light,
    Dark,
}

impl Drawn {
    /// By the end of an address, and the words behind its question mark.
    pub(super) fn of(form: &str, words: &[(String, String)]) -> Result<Self, PageFault> {
        let form = match form {
            "svg" => PictureForm::Svg,
            "png" => PictureForm::Png,
            _ => return Err(PageFault::absent()),
        };
        let is_dark = words
            .iter()
            .any(|(name, value)| name == "ground" && value == "dark");
        let ground = if is_dark { Ground::Dark } else { Ground::Light };
        Ok(Self { form, ground })
    }
}

/// A picture in a page: dark where the page is, with the same facts as text, and its files. Where
/// its size is known its place is there before it is.
pub(super) fn shown(path: &str, words: &str, described: &str, size: Option<(u32, u32)>) -> Markup {
    let address = |form: &str, more: &str| format!("{path}.{form}?{words}{more}");
    html! {
        picture {
            (dark_source(&address("svg", "&ground=dark")))
            img src=(address("svg", "")) loading="lazy" alt=(described) width=[size.map(|size| size.0)] height=[size.map(|size| size.1)];
        }
        p.tools {
            a href=(address("png", "")) { "图片 PNG" }
            a href=(address("svg", "")) { "图片 SVG" }
            a href=(address("png", "&ground=dark")) { "深色 PNG" }
            a href=(address("svg", "&ground=dark")) { "深色 SVG" }
        }
    }
}

/// A picture on its own may have styles of its own, and nothing else.
pub(super) fn on_its_own(mut response: Response) -> Response {
    let content = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, content);
    response
}

/// Draws and sends a picture; one that cannot be is absent.
pub(super) async fn respond(
    site: &Arc<Site>,
    drawn: Drawn,
    draw: impl FnOnce() -> Option<Picture> + Send + 'static,
) -> Result<Response, PageFault> {
    let work = site.app.apart(move || {
        let picture = draw()?;
        let picture = match drawn.ground {
            Ground::Light => picture,
            Ground::Dark => picture.dark(),
        };
        Some(match drawn.form {
            PictureForm::Svg => Ok((picture.title, picture.svg.into_bytes())),
            PictureForm::Png => picture.png().map(|bytes| (picture.title, bytes)),
        })
    });
    let made = work
        .await
        .map_err(|why| match why {
            NoTurn::Crowded => PageFault::crowded(),
            NoTurn::EndedEarly => PageFault::ours(),
        })?
        .ok_or_else(PageFault::absent)?;
    let (title, bytes) = made.map_err(|error| {
        tracing::error!(%error, "a picture could not be drawn");
        PageFault::ours()
    })?;
    let (kind, ending) = match drawn.form {
        PictureForm::Svg => ("image/svg+xml", "svg"),
        PictureForm::Png => ("image/png", "png"),
    };
    let name = format!("{title}.{ending}").replace(['/', '\\'], "-");
    let mut response = on_its_own(shell::download(kind, None, bytes));
    if let Ok(name) = HeaderValue::from_str(&shell::inline_name(&name)) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=60"),
    );
    Ok(response)
}
