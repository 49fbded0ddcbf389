//! Raised figures: the mark of a note, or a part of a unit.

/// Raised figures that are a part of a unit.
const OF_UNITS: &[(&str, &str)] = &[("2", "²"), ("3", "³")];

/// Whether a raised text is the mark of a note: 1, [1], （1）, ①.
pub(crate) fn is_mark(text: &str) -> bool {
    let text: String = text.split_whitespace().collect();
    mark(&text).is_some()
}

/// How a raised mark is written after some text: [1] for a note, ² after a letter of a unit.
pub(crate) fn raised_text(before: &str, raised: &str) -> String {
    let raised: String = raised.split_whitespace().collect();
    let of_unit = OF_UNITS.iter().find(|(plain, _)| *plain == raised);
    match (of_unit, mark(&raised)) {
        // The 2 of km² is no note, the same figure after any other letter is one.
        (Some((_, sign)), _) if before.ends_with(['m', 'M', '米']) => (*sign).to_string(),
        (_, Some(mark)) => format!("[{mark}]"),
        _ => raised,
    }
}

fn mark(text: &str) -> Option<String> {
    let inner = text.trim_matches(|letter| "[]［］()（）〔〕【】".contains(letter));
    let circled = |letter: char| {
        let number = (letter as u32).checked_sub('①' as u32)?;
        (number < 20).then_some(number + 1)
    };
    let mut letters = inner.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && let Some(number) = circled(letter)
    {
        return Some(number.to_string());
    }
    let is_number = !inner.is_empty() && inner.len() <= 3;
    (is_number && inner.chars().all(|c| c.is_ascii_digit())).then(|| inner.to_string())
}
