//! The one place where a text that is too long for one message is cut, whatever messenger takes it:
//! at the end of a line, after a mark of punctuation, else between words; never within a tag, an
//! escaped letter, or a figure with its unit. The text may have marks of HTML.

use crate::ports::LengthUnit;
use std::ops::Range;

/// After a figure so many letters may be its unit (平方公里).
const LONGEST_UNIT: usize = 4;

/// A piece of HTML that stands by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// With the marks that are open in it closed.
    pub(super) html: String,
    /// What is shown of it.
    pub(super) plain: String,
}

impl Piece {
    /// With a word of the bot's own, without marks, at its end.
    pub(super) fn noted(mut self, note: &str) -> Self {
        self.html.push_str(&format!("\n<i>{note}</i>"));
        self.plain.push_str(&format!("\n{note}"));
        self
    }
}

/// A mark of HTML, or one letter that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark<'a> {
    /// A tag that opens, as it is written.
    Opens(&'a str),
    /// A tag that closes.
    Closes,
    /// A letter, however it is written.
    Letter(char),
}

/// Letters that HTML writes by name.
const NAMED: [(&str, char); 4] = [
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&amp;", '&'),
    ("&quot;", '"'),
];

/// The marks of HTML with the place of each.
fn marks(html: &str) -> Vec<(Range<usize>, Mark<'_>)> {
    let mut found = Vec::with_capacity(html.len() / 2);
    let mut at = 0;
    while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, mark) = first_mark(rest);
        found.push((at..at + length, mark));
        at += length;
    }
    found
}

fn first_mark(rest: &str) -> (usize, Mark<'_>) {
    if rest.starts_with('<')
        && let Some(end) = rest.find('>')
    {
        let tag = rest.get(..=end).unwrap_or_default();
        let mark = if tag.starts_with("</") {
            Mark::Closes
        } else {
            Mark::Opens(tag)
        };
        return (tag.len(), mark);
    }
    if let Some((name, letter)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return (name.len(), Mark::Letter(*letter));
    }
    let letter = rest.chars().next().unwrap_or_default();
    (letter.len_utf8().max(1), Mark::Letter(letter))
}

/// The length of what is shown of HTML.
pub(super) fn shown_length(html: &str, unit: LengthUnit) -> usize {
    let marks = marks(html).into_iter();
    marks
        .map(|(_, mark)| match mark {
            Mark::Letter(letter) => unit.of(letter),
            Mark::Opens(_) | Mark::Closes => 0,
        })
        .sum()
}

/// HTML in pieces, the first of which shows at most so many units, the others at most as many as
/// the second number says; nothing where only a figure could be cut.
pub(super) fn pieces(
    html: &str,
    unit: LengthUnit,
    of_first: usize,
    of_others: usize,
) -> Option<Vec<Piece>> {
    let marks = marks(html);
    let mut pieces = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut from = 0;
    while from < marks.len() {
        let most = if pieces.is_empty() {
            of_first
        } else {
            of_others
        };
        let to = from + end_of_piece(marks.get(from..).unwrap_or_default(), most, unit)?;
        let of_piece = marks.get(from..to).unwrap_or_default();
        let piece = piece(html, of_piece, &mut open);
        if !piece.plain.trim().is_empty() {
            pieces.push(piece);
        }
        // The end of the line is the end of the message.
        let is_line_end = marks.get(to).map(|(_, mark)| *mark) == Some(Mark::Letter('\n'));
        from = to + usize::from(is_line_end);
    }
    Some(pieces)
}

/// The first piece of HTML alone; nothing of it where only a figure could be cut.
pub(super) fn head(html: &str, most: usize, unit: LengthUnit) -> Piece {
    let marks = marks(html);
    let to = end_of_piece(&marks, most, unit).unwrap_or_default();
    piece(html, marks.get(..to).unwrap_or_default(), &mut Vec::new())
}

/// A piece by its marks; what was open before it is open in it, and what is open at its end is
/// noted.
fn piece<'a>(html: &str, marks: &[(Range<usize>, Mark<'a>)], open: &mut Vec<&'a str>) -> Piece {
    let mut piece = Piece {
        html: open.concat(),
        plain: String::new(),
    };
    for (place, mark) in marks {
        piece
            .html
            .push_str(html.get(place.clone()).unwrap_or_default());
        match mark {
            Mark::Opens(tag) => open.push(tag),
            Mark::Closes => {
                // By its place and not by its name: the bot's own HTML closes what it opened last.
                open.pop();
            }
            Mark::Letter(letter) => piece.plain.push(*letter),
        }
    }
    for tag in open.iter().rev() {
        // `<blockquote expandable>` is closed by its name alone.
        let name = tag.trim_matches(['<', '>']).split(' ').next();
        piece
            .html
            .push_str(&format!("</{}>", name.unwrap_or_default()));
    }
    piece
}

/// So many of the marks are the first piece: all where they fit.
fn end_of_piece(
    marks: &[(Range<usize>, Mark<'_>)],
    most: usize,
    unit: LengthUnit,
) -> Option<usize> {
    let mut places = Places::default();
    let mut used = 0;
    for (at, (_, mark)) in marks.iter().enumerate() {
        let Mark::Letter(letter) = *mark else {
            continue;
        };
        places.see(at, letter, used);
        used += unit.of(letter);
        if used > most {
            return places.best(most).map(|end| behind_closing(marks, end));
        }
    }
    Some(marks.len())
}

/// A tag that closes where a piece ends belongs to it.
fn behind_closing(marks: &[(Range<usize>, Mark<'_>)], mut end: usize) -> usize {
    while marks.get(end).map(|(_, mark)| *mark) == Some(Mark::Closes) {
        end += 1;
    }
    end
}

/// Where a piece may end: which mark is the first behind it, and how much it then shows.
#[derive(Default)]
struct Places {
    line: Option<(usize, usize)>,
    sentence: Option<(usize, usize)>,
    loose: Option<(usize, usize)>,
    /// The last letter.
    before: Option<char>,
    /// How many letters ago a figure was.
    since_figure: Option<usize>,
}

impl Places {
    /// A letter is seen: whether a piece may end before it.
    fn see(&mut self, at: usize, letter: char, used: usize) {
        if let Some(before) = self.before {
            let splits_figure = is_of_figure(before) && is_of_figure(letter);
            if letter == '\n' {
                self.line = Some((at, used));
            // Not before a figure: 1，000 is one, whatever sets its thousands apart.
            } else if "。；，、！？：）".contains(before) && !letter.is_numeric() {
                self.sentence = Some((at, used));
            } else if !splits_figure && !self.may_be_unit() && !"。；，、！？：）”".contains(letter)
            {
                self.loose = Some((at, used));
            }
        }
        self.since_figure = if is_of_figure(letter) {
            Some(0)
        } else if letter.is_alphabetic() {
            // A unit may stand right after its figure: 3.5万亩 is not parted.
            self.since_figure.map(|since| since + 1)
        } else {
            None
        };
        self.before = Some(letter);
    }

    fn may_be_unit(&self) -> bool {
        self.since_figure.is_some_and(|since| since < LONGEST_UNIT)
    }

    /// The end of a line where that leaves no half message empty, else of a sentence, else whatever
    /// there is.
    fn best(&self, most: usize) -> Option<usize> {
        let is_far = |place: &(usize, usize)| place.1 * 2 >= most;
        let all = [self.line, self.sentence, self.loose];
        let far = all.iter().flatten().find(|place| is_far(place));
        let any = all.iter().flatten().max_by_key(|place| place.1);
        far.or(any).map(|place| place.0)
    }
}

/// Whether a letter may stand in a figure or in a word of Latin letters: digits in any width,
/// signs, points, the numerals of Chinese.
fn is_of_figure(letter: char) -> bool {
    letter.is_numeric()
        || letter.is_ascii_alphabetic()
        || ".,%+-/<>=~．％‰＋－＝＞＜≥≤～—±".contains(letter)
        || "〇零一二三四五六七八九十百千万亿两".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: LengthUnit = LengthUnit::Utf16;

    fn shown(pieces: &[Piece]) -> Vec<&str> {
        pieces.iter().map(|piece| piece.plain.as_str()).collect()
    }

    #[test]
    fn a_text_is_cut_at_lines_then_sentences_and_its_marks_are_closed() {
        let html = "<b>甲乙\n丙丁。戊己</b>\n<i>庚</i>";
        let cut = pieces(html, UNIT, 3, 3).unwrap();
        assert_eq!(shown(&cut), ["甲乙", "丙丁。", "戊己", "庚"]);
        assert_eq!(cut[1].html, "<b>丙丁。</b>");
        assert_eq!(cut[3].html, "<i>庚</i>");
        assert_eq!(
            shown(&pieces(html, UNIT, 100, 100).unwrap()),
            ["甲乙\n丙丁。戊己\n庚"]
        );
    }

    #[test]
    fn a_figure_stays_with_its_signs_and_its_unit() {
        for figure in [
            "＞12,345.67亿元",
            "≥3.5%",
            "１２．５万立方米",
            "三千五百公斤",
            "GDP2035",
        ] {
            for most in figure.chars().count() + LONGEST_UNIT + 1..40 {
                let html = format!("{}{figure}{}", "字".repeat(20), "字".repeat(20));
                let cut = pieces(&html.replace('>', "&gt;"), UNIT, most, most).unwrap();
                let whole = cut.iter().any(|piece| piece.plain.contains(figure));
                assert!(whole, "{figure} in {most}: {:?}", shown(&cut));
            }
        }
        assert_eq!(
            pieces(&"1".repeat(50), UNIT, 20, 20),
            None,
            "no figure is cut at all"
        );
        assert_eq!(head(&"1".repeat(50), 20, UNIT), Piece::default());
    }

    #[test]
    fn an_escaped_letter_counts_once_and_is_never_cut() {
        let html = "&amp;&lt;".repeat(10);
        assert_eq!(shown_length(&html, UNIT), 20);
        assert_eq!(shown_length("<b>😀</b>", UNIT), 2);
        let letters = "字&amp;".repeat(30);
        for piece in pieces(&letters, UNIT, 7, 7).unwrap() {
            assert!(shown_length(&piece.html, UNIT) <= 7);
            assert_eq!(piece.html, piece.plain.replace('&', "&amp;"));
        }
    }

    #[test]
    fn a_length_is_counted_as_the_messenger_counts() {
        let text = "甲乙丙丁。😀戊";
        for (unit, all) in [
            (LengthUnit::Letters, 7),
            (LengthUnit::Utf16, 8),
            (LengthUnit::Bytes, 22),
        ] {
            assert_eq!(shown_length(text, unit), all);
            assert_eq!(pieces(text, unit, all, all).unwrap().len(), 1);
            let cut = pieces(text, unit, all - 1, all - 1).unwrap();
            assert_eq!(shown(&cut), ["甲乙丙丁。", "😀戊"], "{unit:?}");
        }
    }

    /// Random texts: every piece is whole HTML within the limit, and together they say all.
    #[test]
    fn pieces_together_say_what_the_text_says() {
        let words = [
            "<b>", "</b>", "目标", "。", "\n", "12.5%", "&lt;", "，", "亿元", "😀", "甲", "<pre>",
            "</pre>", "2022年", "和",
        ];
        let mut seed = 20_221_124_u64;
        let mut draw = move |most: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % most
        };
        for _ in 0..300 {
            let mut open: Vec<&str> = Vec::new();
            let mut html = String::new();
            for _ in 0..200 {
                let word = words[draw(words.len())];
                match word.strip_prefix("</") {
                    Some(name) if open.last() == Some(&name) => {
                        open.pop();
                        html.push_str(word);
                    }
                    Some(_) => {}
                    None => {
                        if let Some(name) = word.strip_prefix('<') {
                            open.push(name);
                        }
                        html.push_str(word);
                    }
                }
            }
            while let Some(name) = open.pop() {
                html.push_str(&format!("</{name}"));
            }
            let whole = head(&html, usize::MAX, UNIT).plain;
            let Some(cut) = pieces(&html, UNIT, 40, 60) else {
                continue;
            };
            let solid = |text: &str| text.replace('\n', "");
            assert_eq!(solid(&shown(&cut).concat()), solid(&whole));
            for (at, piece) in cut.iter().enumerate() {
                assert!(shown_length(&piece.html, UNIT) <= if at == 0 { 40 } else { 60 });
                let count = |sign: &str| piece.html.matches(sign).count();
                assert_eq!(count("<b>"), count("</b>"), "{}", piece.html);
                assert_eq!(count("<pre>"), count("</pre>"), "{}", piece.html);
            }
        }
    }
}
