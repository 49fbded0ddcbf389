//! Text as it is compared: one width, simplified characters, lower case, no controls.

use unicode_normalization::UnicodeNormalization;

/// The folded forms of one letter; a control is none.
pub fn letter(letter: char) -> impl Iterator<Item = char> {
    // Nearly every letter of a text is one of these and stays as it is.
    let is_folded = matches!(letter, '\u{4e00}'..='\u{9fff}' | '0'..='9' | 'a'..='z');
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
    if letters.iter().all(char::is_ascii) {
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
    let mut letters: Vec<char> = text.chars().flat_map(letter).collect();
    simplify(&mut letters);
    written_years(&mut letters);
    letters.into_iter().collect()
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
    fn forms_that_people_type_become_one() {
        assert_eq!(fold("２０２２年ＧＤＰ"), "2022年gdp");
        assert_eq!(fold("研發經費"), "研发经费");
        assert_eq!(fold("二〇二二年 目标"), "2022年 目标");
        assert_eq!(fold("二一年，十二年，二十年"), "21年,十二年,二十年");
    }
}
