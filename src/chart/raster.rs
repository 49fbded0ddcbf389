//! SVG to PNG, with the embedded font alone: no system font, no file, no address is ever asked.

use super::letters::FONT;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};
use std::sync::Arc;
use thiserror::Error;

/// How wide a picture for the chat is at most.
const WIDEST: f32 = 1200.0;
/// How high it is at most: chats refuse pictures that are higher.
const HIGHEST: f32 = 8800.0;

/// Why there is no PNG.
#[derive(Debug, Error)]
pub enum ChartError {
    /// The drawing could not be read.
    #[error("图形无法解析（{0}）")]
    Drawing(#[from] resvg::usvg::Error),
    /// The drawing has no area.
    #[error("图形没有大小")]
    Size,
    /// The pixels could not be written as PNG.
    #[error("图片无法编码（{0}）")]
    Encoding(String),
}

/// Draws an SVG as PNG.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let mut fonts = Database::new();
    fonts.load_font_source(Source::Binary(Arc::new(FONT)));
    let family = fonts
        .faces()
        .next()
        .and_then(|face| face.families.first())
        .map(|(name, _)| name.clone())
        .unwrap_or_default();
    // Whatever families the drawing names first, its last one leads to the only font that there is.
    fonts.set_sans_serif_family(family.clone());
    let options = Options {
        font_family: family,
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    // Smaller where it is too large, never larger.
    let scale = (WIDEST / size.width())
        .min(HIGHEST / size.height())
        .min(1.0);
    let pixels = |length: f32| (length * scale).round().max(1.0) as u32;
    let mut pixmap =
        Pixmap::new(pixels(size.width()), pixels(size.height())).ok_or(ChartError::Size)?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    pixmap
        .encode_png()
        .map_err(|error| ChartError::Encoding(error.to_string()))
}
