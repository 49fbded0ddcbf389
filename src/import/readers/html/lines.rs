//! The text of one line of a page while it is read: white space as a browser shows it, raised
//! marks.

use super::super::raised::{is_mark, raised_text};

/// A line that grows.
#[derive(Default)]
pub(crate) struct LineText {
    text: String,
    /// White space since the last letter, and whether the source merely wraps there.
    gap: Option<Gap>,
    /// The number of a list item that begins here.
    number: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Blank,
    Wrapped,
}

impl LineText {
    /// Adds text of the source. Between Han letters a line end of the source is nothing, and every
    /// other run of white space is one blank.
    pub(crate) fn push(&mut self, text: &str) {
        for letter in text.chars() {
            if letter.is_whitespace() {
                let gap = if matches!(letter, '\n' | '\r') {
                    Gap::Wrapped
                } else {
                    Gap::Blank
                };
                let known = self.gap.get_or_insert(gap);
                // A line end counts more than a blank beside it: sources indent what they wrap.
                if gap == Gap::Wrapped {
                    *known = gap;
                }
                continue;
            }
            self.close_gap(letter);
            self.text.push(letter);
        }
    }

    /// Adds raised text: a mark of a footnote is written [1], the 2 of m² as it is.
    pub(crate) fn push_raised(&mut self, text: &str) {
        let text: String = text.split_whitespace().collect();
        if !is_mark(&text) {
            self.push(&text);
            return;
        }
        self.gap = None;
        let shown = raised_text(&self.text, &text);
        self.text.push_str(&shown);
    }

    /// Begins an item of an ordered list.
    pub(crate) fn number(&mut self, number: usize) {
        self.number = Some(number);
    }

    /// The line, and begins a new one.
    pub(crate) fn take(&mut self) -> String {
        self.gap = None;
        let text = std::mem::take(&mut self.text);
        match self.number.take() {
            // Some authors write the number themselves.
            Some(number) if !text.is_empty() && !begins_with_number(&text) => {
                format!("{number}.{text}")
            }
            _ => text,
        }
    }

    fn close_gap(&mut self, next: char) {
        let Some(gap) = self.gap.take() else { return };
        let Some(last) = self.text.chars().next_back() else {
            return;
        };
        let is_wide = |letter: char| letter as u32 > 0x2E7F || "“”‘’…—".contains(letter);
        if gap == Gap::Wrapped && (is_wide(last) || is_wide(next)) {
            return;
        }
        self.text.push(' ');
    }
}

fn begins_with_number(text: &str) -> bool {
    text.starts_with(|letter: char| {
        letter.is_ascii_digit() || "（(一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩".contains(letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(parts: &[&str]) -> String {
        let mut line = LineText::default();
        parts.iter().for_each(|part| line.push(part));
        line.take()
    }

    #[test]
    fn a_wrapped_source_leaves_no_blank_between_han_letters() {
        assert_eq!(line(&["全区上下\n  攻坚克难"]), "全区上下攻坚克难");
        assert_eq!(line(&["wrapped\nwords here"]), "wrapped words here");
        assert_eq!(line(&["全区 上下", "\n", "稳中有进"]), "全区 上下稳中有进");
    }

    #[test]
    fn raised_figures_are_marks_or_units() {
        let raised = |before: &str, raised: &str| {
            let mut line = LineText::default();
            line.push(before);
            line.push_raised(raised);
            line.take()
        };
        assert_eq!(raised("新开工项目20个", "2"), "新开工项目20个[2]");
        assert_eq!(raised("绿地300km", "2"), "绿地300km²");
        assert_eq!(raised("就业", "①"), "就业[1]");
        assert_eq!(raised("就业", "〔12〕"), "就业[12]");
        assert_eq!(raised("第一", "st"), "第一st");
    }

    #[test]
    fn items_are_numbered_once() {
        let item = |text: &str| {
            let mut line = LineText::default();
            line.number(3);
            line.push(text);
            line.take()
        };
        assert_eq!(item("新建泵站"), "3.新建泵站");
        assert_eq!(item("（三）新建泵站"), "（三）新建泵站");
        assert_eq!(item(" "), "");
    }
}
