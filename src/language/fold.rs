//! Text as it is compared: one width, simplified characters, lower case, no controls.

use once_cell::sync::Lazy;
use unicode_normalization::UnicodeNormalization;

/// For each letter of two bytes whether a traditional letter or phrase begins with it: no other one
/// is ever converted.
static BEGINS_TRADITIONAL: Lazy<Vec<bool>> = Lazy::new(|| {
    let dictionaries = hanconv::T2S.dictionaries();
    let begins = |letter: char| {
        let letter = letter.to_string();
        dictionaries.iter().any(|known| known.starts_with(&letter))
    };
    let letters = (0..=u32::from(u16::MAX)).map(char::from_u32);
    letters.map(|letter| letter.is_some_and(begins)).collect()
});

/// Nearly every letter of a text is one of these and stays as it is.
fn is_folded(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}' | '0'..='9' | 'a'..='z')
}

/// The folded forms of one letter; a control is none.
pub fn letter(letter: char) -> impl Iterator<Item = char> {
    let is_folded = is_folded(letter);
    let as_it_is = is_folded.then_some(letter);
    let other = (!is_folded).then_some(letter).into_iter();
    let folded = other
        .nfkc()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_whitespace() { ' ' } else { c });
    as_it_is.into_iter().chain(folded)
}

/// Traditional characters become simplified ones, one for one.
pub fn simplify(letters: &mut Vec<char>) {
    if letters.iter().all(|letter| is_simple(*letter)) {
        return;
    }
    let text: String = letters.iter().collect();
    let simplified: Vec<char> = hanconv::t2s(&text).chars().collect();
    // Words that change their length would lose their origin: then each letter is converted by
    // itself.
    if simplified.len() == letters.len() {
        *letters = simplified;
        return;
    }
    for letter in letters {
        let mut converted = hanconv::t2s(letter.to_string()).chars().collect::<Vec<_>>();
        if converted.len() == 1
            && let Some(simple) = converted.pop()
        {
            *letter = simple;
        }
    }
}

/// Whether no traditional letter or phrase begins with a letter.
fn is_simple(letter: char) -> bool {
    let begins = BEGINS_TRADITIONAL.get(letter as usize);
    begins.is_some_and(|begins| !begins)
}

/// A year written in Chinese digits (二〇二二年) is written in figures.
pub fn written_years(letters: &mut [char]) {
    for at in 4..letters.len() {
        if letters[at] != '年' {
            continue;
        }
        let year: Vec<Option<char>> = letters[at - 4..at].iter().map(|c| digit(*c)).collect();
        let begins = matches!(letters[at - 4], '二' | '2') && matches!(year[1], Some('0'));
        if !begins {
            continue;
        }
        for (place, figure) in year.into_iter().enumerate() {
            if let Some(figure) = figure {
                letters[at - 4 + place] = figure;
            }
        }
    }
    // 二一年, 二二年: two digits before 年 that are no count of years.
    for at in 2..letters.len() {
        let before = at.checked_sub(3).map(|at| letters[at]);
        let is_whole = before.is_none_or(|c| digit(c).is_none() && c != '十');
        if letters[at] == '年'
            && is_whole
            && letters[at - 2] == '二'
            && let (Some(_), Some(last)) = (digit(letters[at - 2]), digit(letters[at - 1]))
        {
            letters[at - 2] = '2';
            letters[at - 1] = last;
        }
    }
}

/// Folds a whole text; never used for what is shown.
pub fn fold(text: &str) -> String {
    letters_of(text).into_iter().collect()
}

/// The folded letters of a whole text.
pub fn letters_of(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(text.len() / 2);
    for sign in text.chars() {
        if is_folded(sign) {
            letters.push(sign);
        } else {
            letters.extend(letter(sign));
        }
    }
    simplify(&mut letters);
    written_years(&mut letters);
    letters
}

fn digit(sign: char) -> Option<char> {
    match sign {
        '〇' | '○' | '零' | '0' => Some('0'),
        '一' => Some('1'),
        '二' => Some('2'),
        '三' => Some('3'),
        '四' => Some('4'),
        '五' => Some('5'),
        '六' => Some('6'),
        '七' => Some('7'),
        '八' => Some('8'),
        '九' => Some('9'),
        other if other.is_ascii_digit() => Some(other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_begin_nothing_traditional_are_left_as_they_are() {
        for letter in '\0'..='\u{ffff}' {
            let alone = hanconv::t2s(letter.to_string());
            assert!(
                !is_simple(letter) || alone == letter.to_string(),
                "{letter}"
            );
        }
        assert_eq!(fold("乾坤未定，乾燥"), "乾坤未定,干燥");
        assert!(is_simple('绿') && is_simple('a') && !is_simple('綠'));
    }

    #[test]
    fn forms_that_people_type_become_one() {
        assert_eq!(fold("２０２２年ＧＤＰ"), "2022年gdp");
        assert_eq!(fold("研發經費"), "研发经费");
        assert_eq!(fold("二〇二二年 目标"), "2022年 目标");
        assert_eq!(fold("二一年，十二年，二十年"), "21年,十二年,二十年");
    }
}
