//! The colours of a picture, and the verdict as colour, sign and word together, so that none is
//! needed alone.

use super::canvas::{Anchor, Area, Canvas, Style};
use crate::reply::Verdict;

/// Main text.
pub(super) const INK: &str = "#1B2430";
/// Text beside it.
pub(super) const SOFT_INK: &str = "#4A5563";
/// Lines and edges.
pub(super) const LINE: &str = "#8A94A3";
/// The ground behind words.
pub(super) const PAPER: &str = "#EEF1F5";

/// The colours of one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tone {
    /// Edges, signs and words: dark enough on white and on `light`.
    pub(super) strong: &'static str,
    /// The body of a bar.
    pub(super) body: &'static str,
    /// The ground behind words.
    pub(super) light: &'static str,
}

pub(super) const TARGET: Tone = Tone {
    strong: "#1F5FA8",
    body: "#A9CBEF",
    light: "#E3EEF9",
};
/// A result that nothing is said of.
pub(super) const RESULT: Tone = Tone {
    strong: "#3C4858",
    body: "#5D6B7D",
    light: "#E8EBEF",
};
const MET: Tone = Tone {
    strong: "#136B3A",
    body: "#2E9E5E",
    light: "#DFF3E6",
};
const NOT_MET: Tone = Tone {
    strong: "#A8231B",
    body: "#D5483F",
    light: "#FBE4E2",
};
const OPEN: Tone = Tone {
    strong: "#7A4F00",
    body: "#C48A1E",
    light: "#FBF0D9",
};

/// The colours of places beside each other, the first place first.
pub(super) const PLACES: [Tone; 2] = [TARGET, OPEN];

/// What each colour becomes on a dark ground. White letters in a sign lie on its disc and follow
/// it.
const DARK: [(&str, &str); 20] = [
    ("#FFFFFF", "#11161D"),
    (INK, "#E6EBF1"),
    (SOFT_INK, "#ADB9C7"),
    (LINE, "#7F8EA3"),
    (PAPER, "#232C38"),
    (TARGET.strong, "#8CBDF2"),
    (TARGET.body, "#2C5688"),
    (TARGET.light, "#1E3A58"),
    (RESULT.strong, "#C3CCD8"),
    (RESULT.body, "#66758A"),
    (RESULT.light, "#2B3542"),
    (MET.strong, "#8FDDB0"),
    (MET.body, "#2E8F58"),
    (MET.light, "#12351F"),
    (NOT_MET.strong, "#FFB1AA"),
    (NOT_MET.body, "#C2453D"),
    (NOT_MET.light, "#471A17"),
    (OPEN.strong, "#F2CC7E"),
    (OPEN.body, "#A87718"),
    (OPEN.light, "#3D2C0A"),
];

/// A drawing in the colours of a dark ground. A colour stands in an attribute; in a text its
/// quotation mark would be escaped.
pub(super) fn dark(svg: &str) -> String {
    let mut parts = svg.split("=\"#");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let colour = part.get(..6).map(|digits| format!("#{digits}"));
        let dark = colour.and_then(|colour| DARK.iter().find(|(light, _)| *light == colour));
        match dark {
            Some((_, dark)) => {
                out.push_str("=\"");
                out.push_str(dark);
                out.push_str(part.get(6..).unwrap_or_default());
            }
            None => {
                out.push_str("=\"#");
                out.push_str(part);
            }
        }
    }
    out
}

/// The colours of a verdict.
pub(super) fn of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Met => MET,
        Verdict::NotMet => NOT_MET,
        Verdict::Undecidable(_) => OPEN,
    }
}

/// The verdict's sign in a disc: a tick, a cross or a question mark.
pub(super) fn sign(canvas: &mut Canvas, verdict: Verdict, x: f32, y: f32, radius: f32) {
    canvas.disc(x, y, radius, of(verdict).strong);
    let line = radius * 0.22;
    let at = |dx: f32, dy: f32| (x + dx * radius, y + dy * radius);
    match verdict {
        Verdict::Met => canvas.stroke(
            &[at(-0.45, 0.02), at(-0.12, 0.36), at(0.48, -0.34)],
            "#FFFFFF",
            line,
        ),
        Verdict::NotMet => {
            canvas.stroke(&[at(-0.36, -0.36), at(0.36, 0.36)], "#FFFFFF", line);
            canvas.stroke(&[at(0.36, -0.36), at(-0.36, 0.36)], "#FFFFFF", line);
        }
        Verdict::Undecidable(_) => {
            canvas.stroke(
                &[
                    at(-0.27, -0.28),
                    at(-0.2, -0.46),
                    at(0.0, -0.54),
                    at(0.2, -0.46),
                    at(0.27, -0.28),
                    at(0.16, -0.06),
                    at(0.0, 0.08),
                    at(0.0, 0.2),
                ],
                "#FFFFFF",
                line,
            );
            canvas.disc(x, y + radius * 0.52, radius * 0.13, "#FFFFFF");
        }
    }
}

/// The verdict's sign and word on its ground, from a left edge; how wide it is comes back.
pub(super) fn badge(canvas: &mut Canvas, verdict: Verdict, x: f32, middle: f32, size: f32) -> f32 {
    let tone = of(verdict);
    let word = verdict.word().to_string();
    let (radius, pad) = (size * 0.5, size * 0.42);
    let width = badge_width(canvas, verdict, size);
    let height = size * 1.7;
    canvas.filled(
        Area {
            x,
            y: middle - height / 2.0,
            width,
            height,
        },
        height / 2.0,
        tone.light,
    );
    sign(canvas, verdict, x + pad + radius, middle, radius);
    let style = Style::strong(size, tone.strong);
    canvas.text(
        &[word],
        x + pad + radius * 2.0 + size * 0.3,
        middle - style.height(1) / 2.0,
        Anchor::Left,
        style,
    );
    width
}

/// How wide a badge is.
fn badge_width(canvas: &Canvas, verdict: Verdict, size: f32) -> f32 {
    canvas.letters.width(verdict.word(), size) + size * (0.42 * 2.0 + 1.0 + 0.3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How bright a colour is, as the guidelines for contrast reckon it.
    fn brightness(colour: &str) -> f64 {
        let part =
            |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |part: f64| {
            if part <= 0.03928 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
    }

    /// Every colour of the light drawing has another on the dark ground, and words can be read
    /// there.
    #[test]
    fn a_dark_drawing_has_no_light_colour_and_can_be_read() {
        let dark_of = |colour: &str| dark(&format!("<a b=\"{colour}\"/>"))[6..13].to_string();
        let ground = brightness(&dark_of("#FFFFFF"));
        for tone in [TARGET, RESULT, MET, NOT_MET, OPEN] {
            let [strong, body, light] = [tone.strong, tone.body, tone.light].map(dark_of);
            assert!(strong != tone.strong && body != tone.body && light != tone.light);
            for ground in [ground, brightness(&light)] {
                let contrast = (brightness(&strong) + 0.05) / (ground + 0.05);
                assert!(contrast > 5.0, "{strong}: {contrast}");
            }
        }
        for colour in [INK, SOFT_INK] {
            let contrast = (brightness(&dark_of(colour)) + 0.05) / (ground + 0.05);
            assert!(contrast > 5.0, "{colour}: {contrast}");
        }
        assert_eq!(dark("<text>#FFFFFF</text>"), "<text>#FFFFFF</text>");
    }

    #[test]
    fn words_can_be_read_on_their_ground() {
        for tone in [TARGET, RESULT, MET, NOT_MET, OPEN] {
            for ground in ["#FFFFFF", tone.light] {
                let contrast = (brightness(ground) + 0.05) / (brightness(tone.strong) + 0.05);
                assert!(contrast > 5.0, "{} on {ground}: {contrast}", tone.strong);
            }
        }
        assert!(
            (1.05) / (brightness(SOFT_INK) + 0.05) > 5.0
                && (brightness(PAPER) + 0.05) / (brightness(INK) + 0.05) > 5.0
        );
    }
}
