//! The numbers that a word processor computes before paragraphs: 一、（一）1. ①.

use super::super::xml::Element;
use std::collections::HashMap;

/// Word has nine levels.
const LEVELS: usize = 9;

/// The lists of a document and how far each has counted.
#[derive(Default)]
pub(crate) struct Numbering {
    /// The levels of each definition.
    definitions: HashMap<String, Vec<Level>>,
    /// The definition of each list, and the starts that it changes, by level.
    lists: HashMap<String, (String, HashMap<usize, u32>)>,
    /// The last number of each level of each definition.
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    /// Lists whose changed starts were applied.
    begun: Vec<String>,
}

#[derive(Clone, Default)]
struct Level {
    start: u32,
    format: String,
    text: String,
}

impl Numbering {
    /// Reads the part `numbering.xml`.
    pub(crate) fn of(part: &Element) -> Self {
        let mut numbering = Self::default();
        for element in part.elements() {
            match element.name.as_str() {
                "abstractNum" => {
                    let Some(id) = element.attribute("abstractNumId") else {
                        continue;
                    };
                    let levels = levels(element);
                    numbering.definitions.insert(id.to_string(), levels);
                }
                "num" => {
                    let definition = element.value_of("abstractNumId");
                    let (Some(id), Some(definition)) = (element.attribute("numId"), definition)
                    else {
                        continue;
                    };
                    let starts = starts(element);
                    let list = (definition.to_string(), starts);
                    numbering.lists.insert(id.to_string(), list);
                }
                _ => {}
            }
        }
        numbering
    }

    /// Counts one paragraph of a list on and gives its number as it is shown; none where the list
    /// has bullets or is not defined.
    pub(crate) fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let (definition, starts) = self.lists.get(list)?.clone();
        let levels = self.definitions.get(&definition)?;
        let own = levels.get(level)?.clone();
        let counts = self.counts.entry(definition.clone()).or_default();
        // A list that restarts does so once, at its first paragraph; lists of one definition count
        // together else.
        if !self.begun.iter().any(|known| known == list) {
            self.begun.push(list.to_string());
            for (level, start) in &starts {
                if let Some(count) = counts.get_mut(*level) {
                    // The number before the first, since the paragraph itself counts on.
                    *count = start.checked_sub(1).filter(|before| *before > 0);
                }
            }
        }
        let start_of = |level: usize| {
            let changed = starts.get(&level).copied();
            changed.unwrap_or_else(|| levels.get(level).map_or(1, |level| level.start))
        };
        for (upper, count) in counts.iter_mut().enumerate().take(level) {
            // A paragraph may begin at a deeper level: those above it stand at their start, as Word
            // shows them.
            count.get_or_insert(start_of(upper));
        }
        counts[level] = Some(counts[level].map_or(start_of(level), |last| last + 1));
        // 一、 2. is followed by 二、 1.
        for deeper in counts.iter_mut().skip(level + 1) {
            *deeper = None;
        }
        if own.format == "bullet" || own.format == "none" {
            return None;
        }
        let mut shown = own.text.clone();
        for (at, count) in counts.iter().enumerate().take(level + 1) {
            let format = levels.get(at).map_or("decimal", |level| &level.format);
            let number = written(count.unwrap_or(1), format);
            shown = shown.replace(&format!("%{}", at + 1), &number);
        }
        Some(shown).filter(|shown| !shown.trim().is_empty())
    }
}

fn levels(definition: &Element) -> Vec<Level> {
    let mut levels = vec![Level::default(); LEVELS];
    for element in definition.elements().filter(|one| one.name == "lvl") {
        let at = element.attribute("ilvl").and_then(|at| at.parse().ok());
        let Some(level) = at.and_then(|at: usize| levels.get_mut(at)) else {
            continue;
        };
        *level = Level {
            start: number(element.value_of("start")).unwrap_or(1),
            format: element.value_of("numFmt").unwrap_or("decimal").to_string(),
            text: element.value_of("lvlText").unwrap_or_default().to_string(),
        };
    }
    levels
}

fn starts(list: &Element) -> HashMap<usize, u32> {
    let overrides = list.elements().filter(|one| one.name == "lvlOverride");
    let starts = overrides.filter_map(|one| {
        let level = one.attribute("ilvl")?.parse().ok()?;
        Some((level, number(one.value_of("startOverride"))?))
    });
    starts.collect()
}

fn number(text: Option<&str>) -> Option<u32> {
    text?.parse().ok()
}

/// A number in a format of Word.
fn written(number: u32, format: &str) -> String {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "chineseLegalSimplified" => han(number),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(number),
        "upperLetter" => letter(number, b'A'),
        "lowerLetter" => letter(number, b'a'),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_lowercase(),
        // Formats that no report here uses are shown in figures rather than not at all.
        _ => number.to_string(),
    }
}

/// 一, 十二, 三十, 一百零五; larger numbers than lists have are written in figures.
fn han(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |at: u32| DIGITS[(at % 10) as usize];
    match number {
        0 => "〇".to_string(),
        1..=9 => digit(number).to_string(),
        10..=19 => format!("十{}", digit(number)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number)),
        100..=999 => {
            let hundreds = format!("{}百", digit(number / 100));
            match number % 100 {
                0 => hundreds,
                rest @ 1..=9 => format!("{hundreds}零{}", digit(rest)),
                rest => format!("{hundreds}{}十{}", digit(rest / 10), digit(rest)),
            }
        }
        _ => number.to_string(),
    }
}

fn circled(number: u32) -> String {
    let sign = (1..=20).contains(&number);
    let sign = sign
        .then(|| char::from_u32('①' as u32 + number - 1))
        .flatten();
    sign.map_or_else(|| number.to_string(), |sign| sign.to_string())
}

fn letter(number: u32, first: u8) -> String {
    match u8::try_from(number) {
        Ok(small @ 1..=26) => char::from(first + small - 1).to_string(),
        _ => number.to_string(),
    }
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 9] = [
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut left = number.min(399);
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::xml::parse;
    use super::*;

    #[test]
    fn numbers_are_written_as_word_shows_them() {
        let cases = [
            (3, "chineseCounting", "三"),
            (10, "chineseCounting", "十"),
            (21, "chineseCountingThousand", "二十一"),
            (105, "chineseCounting", "一百零五"),
            (7, "decimalEnclosedCircle", "⑦"),
            (4, "lowerRoman", "iv"),
            (2, "upperLetter", "B"),
            (12, "decimal", "12"),
        ];
        for (number, format, shown) in cases {
            assert_eq!(written(number, format), shown);
        }
    }

    #[test]
    fn levels_count_by_themselves_and_begin_again_below() {
        let part = r#"<w:numbering>
            <w:abstractNum w:abstractNumId="0">
              <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
              <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
              <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
            </w:abstractNum>
            <w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>
            <w:num w:numId="6"><w:abstractNumId w:val="0"/>
              <w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>
            </w:numbering>"#;
        let mut numbering = Numbering::of(&parse(part.as_bytes(), "x").unwrap());
        let shown: Vec<Option<String>> = [("5", 0), ("5", 1), ("5", 1), ("5", 0), ("5", 1)]
            .into_iter()
            .map(|(list, level)| numbering.next(list, level))
            .collect();
        let expected = ["一、", "1.", "2.", "二、", "1."];
        assert_eq!(shown, expected.map(|text| Some(text.to_string())));
        assert_eq!(numbering.next("6", 0).as_deref(), Some("四、"));
        assert_eq!(numbering.next("5", 2), None);
        assert_eq!(numbering.next("9", 0), None);
        assert_eq!(numbering.next("5", 40), None);
    }
}
