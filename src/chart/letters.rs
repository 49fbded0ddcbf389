//! The letters of the embedded font: which it has, how wide a text is, and where it is cut into
//! lines.

use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider, charmap::Charmap};

/// The font file; its licence and its making are beside it.
pub(super) const FONT: &[u8] = include_bytes!("font/noto-sans-sc-subset.otf");
/// The families that draw a picture, the embedded one first, then those that systems have.
pub(super) const FAMILIES: &str =
    "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif";

const CLOSERS: &str = "，。、；：？！）》」』】”’％%…·,.;:?!)]}";
const OPENERS: &str = "（《「『【“‘([{";
/// How wide a letter is taken to be that the font does not know.
const UNKNOWN_WIDTH: f32 = 1.0;
/// Letters are never smaller.
const SMALLEST: f32 = 14.0;
/// How many widths are tried for lines of the same length.
const STEPS: usize = 16;

/// The font as it is asked.
pub(super) struct Letters {
    font: Option<(Charmap<'static>, GlyphMetrics<'static>)>,
    units: f32,
}

impl Letters {
    /// Opens the embedded font.
    pub(super) fn new() -> Self {
        // A font that cannot be opened costs the measure and not the picture.
        let font = FontRef::new(FONT).ok();
        let (size, location) = (Size::unscaled(), LocationRef::default());
        let units = font.as_ref().map_or(1.0, |font| {
            f32::from(font.metrics(size, location).units_per_em.max(1))
        });
        Self {
            font: font.map(|font| (font.charmap(), font.glyph_metrics(size, location))),
            units,
        }
    }

    /// The letters that the font has not, each once, in the order of the text; ends of lines are no
    /// letters.
    pub(super) fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            let known = self
                .font
                .as_ref()
                .is_some_and(|(charmap, _)| charmap.map(letter).is_some());
            if !known && !missing.contains(&letter) {
                missing.push(letter);
            }
        }
        missing
    }

    /// How wide a text is.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars()
            .map(|letter| self.letter_width(letter))
            .sum::<f32>()
            * size
    }

    fn letter_width(&self, letter: char) -> f32 {
        let Some((charmap, metrics)) = &self.font else {
            return UNKNOWN_WIDTH;
        };
        charmap
            .map(letter)
            .and_then(|glyph| metrics.advance_width(glyph))
            .map_or(UNKNOWN_WIDTH, |width| width / self.units)
    }

    /// Cuts a text into lines of a width. Figures and Latin words stay whole where they fit, no
    /// line begins with a closing sign, and what does not fit into the most lines ends with ….
    pub(super) fn lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut rest = 0.0;
        for piece in self.pieces(text, size, width) {
            let piece_width = self.width(&piece, size);
            if !line.is_empty() && piece_width > rest {
                lines.push(std::mem::take(&mut line));
            }
            if line.is_empty() {
                rest = width;
            }
            rest -= piece_width;
            line.push_str(&piece);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                // The sign of what is left out needs the room of a letter.
                while self.width(last, size) + size > width && last.pop().is_some() {}
                last.push('…');
            }
        }
        lines
    }

    /// As `lines`, in the largest of the sizes in which the text fits one line; else in the
    /// smallest, its lines of about the same length. The size comes back with them.
    pub(super) fn fitted(
        &self,
        text: &str,
        sizes: &[f32],
        width: f32,
        most: usize,
    ) -> (Vec<String>, f32) {
        let smallest = sizes.iter().copied().fold(f32::INFINITY, f32::min);
        let size = sizes
            .iter()
            .copied()
            .find(|size| self.width(text, *size) <= width)
            .unwrap_or(smallest);
        // A figure is not cut in two: its digits on two lines would be two figures.
        let widest = self.widest(text, size);
        let size = if widest > width {
            (size * width / widest * 0.99).max(SMALLEST)
        } else {
            size
        };
        (self.even_lines(text, size, width, most), size)
    }

    /// As `lines`, and of about the same length, so that no single letter is left for the last one.
    pub(super) fn even_lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let lines = self.lines(text, size, width, most);
        // What is cut off fills its lines as it is.
        let ends_early = lines.last().is_some_and(|line| line.ends_with('…'));
        if lines.len() < 2 || ends_early {
            return lines;
        }
        let widest = self.widest(text, size);
        let narrower = (1..=STEPS)
            .rev()
            .map(|step| width * step as f32 / STEPS as f32)
            .filter(|width| *width >= widest);
        let kept = narrower
            .map(|width| self.lines(text, size, width, usize::MAX))
            .take_while(|cut| cut.len() == lines.len())
            .last();
        kept.unwrap_or(lines)
    }

    /// How wide the widest piece is that should stay whole.
    fn widest(&self, text: &str, size: f32) -> f32 {
        self.pieces(text, size, f32::INFINITY)
            .iter()
            .map(|piece| self.width(piece, size))
            .fold(0.0, f32::max)
    }

    /// The pieces between which a line may end.
    fn pieces(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut pieces: Vec<String> = Vec::new();
        for letter in text
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
        {
            let stays = pieces
                .last()
                .and_then(|piece| piece.chars().next_back())
                .is_some_and(|before| stays(before, letter));
            match pieces.last_mut() {
                Some(piece)
                    if stays
                        && self.width(piece, size) + self.letter_width(letter) * size <= width =>
                {
                    piece.push(letter)
                }
                _ => pieces.push(letter.to_string()),
            }
        }
        pieces
    }
}

/// Whether a letter stays with the one before it.
fn stays(before: char, letter: char) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-' | '+' | '/');
    let ordinal = before == '第' && letter.is_ascii_digit();
    let sign = |c: char| "≥≤＞＜><约—".contains(c);
    ordinal
        || CLOSERS.contains(letter)
        || OPENERS.contains(before)
        || word(before) && word(letter)
        || sign(before) && (word(letter) || sign(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_font_opens_and_knows_its_letters() {
        let letters = Letters::new();
        assert!(
            letters
                .missing("达标 ≥ ≤ ＞ ＜ —— ％ ‰ ㎡ · “ ” （ ）《 》 ① … ✓ ○ ▲ ▼ → ↑ ↓")
                .is_empty()
        );
        assert_eq!(
            letters.missing("达\u{10FFFD}标\u{10FFFD}"),
            vec!['\u{10FFFD}']
        );
        assert_eq!(letters.width("达标", 10.0), 20.0);
    }

    #[test]
    fn lines_keep_figures_whole_and_signs_with_their_words() {
        let letters = Letters::new();
        assert_eq!(
            letters.lines("高于平均水平", 10.0, 40.0, 9),
            ["高于平均", "水平"]
        );
        assert_eq!(
            letters.lines("约为12345万元", 10.0, 45.0, 9),
            ["约为", "12345万", "元"]
        );
        assert_eq!(
            letters.lines("甲乙丙，丁", 10.0, 30.0, 9),
            ["甲乙", "丙，丁"]
        );
        assert_eq!(
            letters.lines("甲乙丙丁戊己", 10.0, 20.0, 2),
            ["甲乙", "丙…"]
        );
        assert_eq!(
            letters.lines("1234567890", 10.0, 20.0, 9).concat(),
            "1234567890"
        );
        assert_eq!(letters.lines("保持第1名", 10.0, 30.0, 9), ["保持", "第1名"]);
        assert_eq!(
            letters.even_lines("高于全市平均水平", 10.0, 70.0, 9),
            ["高于全市", "平均水平"]
        );
        assert_eq!(
            letters.fitted("平均水平", &[12.0, 10.0], 40.0, 9),
            (vec!["平均水平".to_string()], 10.0)
        );
        let (lines, size) = letters.fitted("＜123456789012345.678万元", &[44.0, 34.0], 200.0, 9);
        assert!(
            lines[0].contains("123456789012345.678") && size < 34.0,
            "{lines:?} {size}"
        );
        assert!(letters.lines("", 10.0, 20.0, 9).is_empty());
    }
}
