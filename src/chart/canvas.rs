//! An SVG as it is written: shapes and lines of text, escaped, with numbers of one form. It knows
//! nothing of plans.

use super::Picture;
use super::letters::{FAMILIES, Letters};
use std::collections::BTreeSet;
use std::fmt::Write;

/// How far lines of text stand apart, in sizes.
const LEADING: f32 = 1.46;
/// How far a text's baseline lies below the top of its line, in sizes.
const BASELINE: f32 = 1.165;

/// Where a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// At its left end.
    Left,
    /// The text is centred over its point.
    Middle,
    /// At its right end.
    Right,
}

/// Letters: size, colour and weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// The size in pixels.
    pub(super) size: f32,
    pub(super) colour: &'static str,
    /// Whether they are drawn stronger.
    pub(super) strong: bool,
}

impl Style {
    /// Plain letters.
    pub(super) const fn plain(size: f32, colour: &'static str) -> Self {
        Self {
            size,
            colour,
            strong: false,
        }
    }

    /// Strong letters.
    pub(super) const fn strong(size: f32, colour: &'static str) -> Self {
        Self {
            size,
            colour,
            strong: true,
        }
    }

    /// How high so many lines are.
    pub(super) fn height(&self, lines: usize) -> f32 {
        lines as f32 * self.size * LEADING
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    /// Left edge.
    pub(super) x: f32,
    /// Upper edge.
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// The drawing so far.
pub(super) struct Canvas {
    /// The font that texts are measured with.
    pub(super) letters: Letters,
    body: String,
    fades: BTreeSet<(&'static str, bool)>,
}

impl Canvas {
    /// An empty drawing.
    pub(super) fn new() -> Self {
        Self {
            letters: Letters::new(),
            body: String::new(),
            fades: BTreeSet::new(),
        }
    }

    /// Lines of text below each other; `y` is the upper edge of the first one.
    pub(super) fn text(&mut self, lines: &[String], x: f32, y: f32, anchor: Anchor, style: Style) {
        if lines.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Left => "start",
            Anchor::Middle => "middle",
            Anchor::Right => "end",
        };
        let Style {
            size,
            colour,
            strong,
        } = style;
        // By a stroke and not by a weight: the font that is embedded has one alone.
        let weight = if strong {
            format!(
                r#" stroke="{colour}" stroke-width="{:.1}" stroke-linejoin="round""#,
                size * 0.028
            )
        } else {
            String::new()
        };
        self.push(&format!(
            r#"<text font-size="{size:.1}" fill="{colour}"{weight} text-anchor="{anchor}">"#
        ));
        for (number, line) in lines.iter().enumerate() {
            let baseline = y + size * BASELINE + style.height(number);
            self.push(&format!(
                r#"<tspan x="{x:.1}" y="{baseline:.1}">{}</tspan>"#,
                escaped(line)
            ));
        }
        self.push("</text>\n");
    }

    /// A filled rectangle with round corners.
    pub(super) fn filled(&mut self, area: Area, radius: f32, colour: &str) {
        self.rectangle(area, radius, &format!(r#"fill="{colour}""#));
    }

    /// A rectangle with an edge of dashes.
    pub(super) fn edged(&mut self, area: Area, radius: f32, fill: &str, edge: &str) {
        let paint =
            format!(r#"fill="{fill}" stroke="{edge}" stroke-width="2.5" stroke-dasharray="9 8""#);
        self.rectangle(area, radius, &paint);
    }

    /// A rectangle whose colour fades out, upward or downward.
    pub(super) fn faded(&mut self, area: Area, colour: &'static str, upward: bool) {
        self.fades.insert((colour, upward));
        self.rectangle(
            area,
            0.0,
            &format!(r##"fill="url(#{})""##, fade_name(colour, upward)),
        );
    }

    fn rectangle(&mut self, area: Area, radius: f32, paint: &str) {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        let round = if radius > 0.0 {
            format!(r#" rx="{radius:.1}""#)
        } else {
            String::new()
        };
        self.push(&format!(r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"{round} {paint}/>"#));
        self.push("\n");
    }

    /// A line through points.
    pub(super) fn stroke(&mut self, points: &[(f32, f32)], colour: &str, width: f32) {
        self.line(points, colour, width, r#"stroke-linecap="round""#);
    }

    /// Dashes through points.
    pub(super) fn dashes(&mut self, points: &[(f32, f32)], colour: &str, width: f32) {
        let form = r#"stroke-linecap="butt" stroke-dasharray="12 8""#;
        self.line(points, colour, width, form);
    }

    fn line(&mut self, points: &[(f32, f32)], colour: &str, width: f32, form: &str) {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        self.push(&format!(
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="{width:.1}" stroke-linejoin="round" {form}/>"#,
            points.join(" ")
        ));
        self.push("\n");
    }

    /// A filled circle.
    pub(super) fn disc(&mut self, x: f32, y: f32, radius: f32, colour: &str) {
        self.push(&format!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{colour}"/>"#
        ));
        self.push("\n");
    }

    fn push(&mut self, text: &str) {
        self.body.push_str(text);
    }

    /// The whole document on a white ground, with its title and description for those who do not
    /// see it.
    pub(super) fn finish(
        self,
        (width, height): (f32, f32),
        title: String,
        description: String,
    ) -> Picture {
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" role="img" font-family="{FAMILIES}">"#
        );
        let _ = write!(
            svg,
            "\n<title>{}</title>\n<desc>{}</desc>\n",
            escaped(&title),
            escaped(&description)
        );
        if !self.fades.is_empty() {
            svg.push_str("<defs>\n");
            for (colour, upward) in &self.fades {
                let (from, to) = if *upward { (1, 0) } else { (0, 1) };
                let _ = writeln!(
                    svg,
                    r#"<linearGradient id="{}" x1="0" y1="{from}" x2="0" y2="{to}"><stop offset="0" stop-color="{colour}" stop-opacity="0.75"/><stop offset="1" stop-color="{colour}" stop-opacity="0"/></linearGradient>"#,
                    fade_name(colour, *upward)
                );
            }
            svg.push_str("</defs>\n");
        }
        let _ = writeln!(
            svg,
            // Without a ground of its own it would be dark letters on the dark ground of some
            // chats.
            r##"<rect width="{width:.0}" height="{height:.0}" fill="#FFFFFF"/>"##
        );
        svg.push_str(&self.body);
        svg.push_str("</svg>\n");
        Picture {
            svg,
            size: (width.round() as u32, height.round() as u32),
            title,
            description,
        }
    }
}

fn fade_name(colour: &str, upward: bool) -> String {
    format!(
        "fade-{}-{}",
        if upward { "up" } else { "down" },
        colour.trim_start_matches('#')
    )
}

/// A text inside XML; signs that XML does not allow become blanks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Before the control signs, of which it is one: a description has lines.
            '\n' => out.push('\n'),
            '\u{FFFE}' | '\u{FFFF}' => out.push(' '),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
