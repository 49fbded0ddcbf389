//! A question cut into years, names, cues and the rest.

use super::intents::Cue;
use super::lexicon::{Lexicon, Sense};

/// A piece of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its text, as it is compared.
    pub text: String,
    /// What it is.
    pub kind: TokenKind,
}

/// What a piece of a question is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// A year.
    Year(i32),
    /// A name or a piece of one.
    Name(Vec<Sense>),
    /// Words that say what is wanted.
    Cue(Vec<Cue>),
    /// A word that counts or measures, behind an amount that is asked for.
    Unit,
    /// Anything else: content that something must explain.
    Content,
    /// Punctuation or white space.
    Break,
}

/// Cuts canonical text.
pub fn tokens(lexicon: &Lexicon, canonical: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (text, year) in years(lexicon, canonical) {
        match year {
            Some(year) => tokens.push(Token {
                text: text.to_string(),
                kind: TokenKind::Year(year),
            }),
            None => names_and_cues(lexicon, text, &mut tokens),
        }
    }
    mend_words(lexicon, &mut tokens);
    tokens
}

/// Parts a text at the years in it: 2022年, 2022, and 22年 where that is near a year of the book.
fn years<'a>(lexicon: &Lexicon, text: &'a str) -> Vec<(&'a str, Option<i32>)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let follows = text.get(at..).unwrap_or_default();
        let decimal = start > 0 && matches!(bytes[start - 1], b'.') || follows.starts_with('.');
        let Some(year) =
            year(lexicon, text.get(start..at).unwrap_or_default(), follows).filter(|_| !decimal)
        else {
            continue;
        };
        let tail = ["年度", "年"]
            .iter()
            .find(|tail| follows.starts_with(**tail))
            .map_or(0, |tail| tail.len());
        pieces.push((text.get(from..start).unwrap_or_default(), None));
        at += tail;
        pieces.push((text.get(start..at).unwrap_or_default(), Some(year)));
        from = at;
    }
    pieces.push((text.get(from..).unwrap_or_default(), None));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

fn year(lexicon: &Lexicon, digits: &str, follows: &str) -> Option<i32> {
    let value: i32 = digits.parse().ok()?;
    let counted = lexicon
        .units()
        .iter()
        .any(|unit| unit != "年" && follows.starts_with(unit.as_str()));
    let magnitude =
        follows.starts_with(['万', '亿', '千', '百', '余', '多']) && !follows.starts_with("多少");
    match digits.len() {
        4 if lexicon.years().contains(&value)
            && (!magnitude || begins_with_name(lexicon, follows)) =>
        {
            Some(value)
        }
        4 if (1900..2100).contains(&value)
            && (follows.starts_with('年') || !counted && !magnitude) =>
        {
            Some(value)
        }
        2 if follows.starts_with('年')
            && lexicon
                .years()
                .iter()
                .any(|known| (known - 2000 - value).abs() <= 3) =>
        {
            Some(2000 + value)
        }
        2 if lexicon.years().contains(&(2000 + value)) && begins_with_measure(lexicon, follows) => {
            Some(2000 + value)
        }
        _ => None,
    }
}

/// Whether a text begins with a word for an aim or a result (22目标).
fn begins_with_measure(lexicon: &Lexicon, text: &str) -> bool {
    let measures = |sense: &Sense| matches!(sense, Sense::Cue(Cue::Target | Cue::Actual));
    lexicon
        .find(text)
        .next()
        .is_some_and(|(start, _, senses)| start == 0 && senses.iter().any(measures))
}

/// Whether a whole name of an indicator stands at the start of a text.
fn begins_with_name(lexicon: &Lexicon, text: &str) -> bool {
    lexicon.find(text).next().is_some_and(|(start, _, senses)| {
        start == 0
            && senses
                .iter()
                .any(|sense| matches!(sense, Sense::Indicator(_)))
    })
}

fn names_and_cues(lexicon: &Lexicon, text: &str, tokens: &mut Vec<Token>) {
    let mut from = 0;
    for (start, end, senses) in lexicon.find(text) {
        rest(lexicon, text.get(from..start).unwrap_or_default(), tokens);
        let cues: Vec<Cue> = senses
            .iter()
            .filter_map(|sense| {
                if let Sense::Cue(cue) = sense {
                    Some(*cue)
                } else {
                    None
                }
            })
            .collect();
        let names: Vec<Sense> = senses
            .iter()
            .copied()
            .filter(|sense| !matches!(sense, Sense::Cue(_)))
            .collect();
        let whole = names.iter().any(|sense| {
            !matches!(
                sense,
                Sense::IndicatorPart(_) | Sense::TermPart(_) | Sense::Word
            )
        });
        let text_of = text.get(start..end).unwrap_or_default();
        let counts = after_amount(tokens)
            || matches!(tokens.last(), Some(token) if token.kind == TokenKind::Unit);
        let kind = if !whole
            && cues.is_empty()
            && counts
            && lexicon.units().iter().any(|unit| unit == text_of)
        {
            TokenKind::Unit
        } else if !whole && cues.is_empty() && names.contains(&Sense::Word) {
            TokenKind::Content
        } else if whole || cues.is_empty() {
            TokenKind::Name(names)
        } else {
            TokenKind::Cue(cues)
        };
        tokens.push(Token {
            text: text.get(start..end).unwrap_or_default().to_string(),
            kind,
        });
        from = end;
    }
    rest(lexicon, text.get(from..).unwrap_or_default(), tokens);
}

/// A little word inside a word is part of that word: it makes a pair of the book with the content before it or, behind
/// a cue, with the content that goes on; and a letter that it would leave alone is no word without it.
fn mend_words(lexicon: &Lexicon, tokens: &mut [Token]) {
    let is_content = |token: &Token| token.kind == TokenKind::Content;
    for at in 0..tokens.len() {
        let mut letters = tokens[at].text.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            continue;
        };
        if !matches!(&tokens[at].kind, TokenKind::Cue(cues) if cues == &[Cue::Filler]) {
            continue;
        }
        let before = at
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .filter(|token| is_content(token))
            .and_then(|token| token.text.chars().last());
        let after = tokens
            .get(at + 1)
            .filter(|token| is_content(token))
            .and_then(|token| token.text.chars().next());
        let alone = |near: Option<usize>, beyond: Option<usize>| {
            let token = |at: Option<usize>| {
                at.and_then(|at| tokens.get(at))
                    .filter(|token| is_content(token))
            };
            token(near).is_some_and(|token| token.text.chars().count() == 1)
                && token(beyond).is_none()
        };
        // What stands right before the question for an amount may be a verb of one letter.
        let is_verb = tokens.get(at + 2).is_some_and(asks_amount);
        let leaves_alone = alone(at.checked_sub(1), at.checked_sub(2))
            || !is_verb && alone(Some(at + 1), Some(at + 2));
        let joined = match (before, after) {
            _ if leaves_alone => true,
            (Some(_), Some(after))
                if alone(Some(at + 1), Some(at + 2)) && lexicon.knows_pair(letter, after) =>
            {
                true
            }
            (Some(before), Some(after)) => {
                lexicon.knows_pair(before, letter) && lexicon.knows_pair(letter, after)
            }
            (Some(before), None) => lexicon.knows_pair(before, letter),
            (None, Some(after)) => lexicon.knows_pair(letter, after),
            (None, None) => false,
        };
        if joined {
            tokens[at].kind = TokenKind::Content;
        }
    }
}

/// Whether a piece asks how much.
pub(super) fn asks_amount(token: &Token) -> bool {
    matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&Cue::AskAmount))
}

fn after_amount(tokens: &[Token]) -> bool {
    let asks = |cues: &[Cue]| {
        [Cue::AskAmount, Cue::AskList, Cue::AskWhat]
            .iter()
            .any(|cue| cues.contains(cue))
    };
    matches!(tokens.last(), Some(Token { kind: TokenKind::Cue(cues), .. }) if asks(cues))
}

/// Content between breaks; a counting word right behind an amount that is asked for is no content.
fn rest(lexicon: &Lexicon, text: &str, tokens: &mut Vec<Token>) {
    let mut text = text;
    if after_amount(tokens) {
        let unit = lexicon
            .units()
            .iter()
            .map(String::as_str)
            .chain(["钱", "亿", "万"])
            .filter(|unit| text.starts_with(unit))
            .max_by_key(|unit| unit.len());
        if let Some(unit) = unit {
            tokens.push(Token {
                text: unit.to_string(),
                kind: TokenKind::Unit,
            });
            text = text.get(unit.len()..).unwrap_or_default();
        }
    }
    let mut from = 0;
    for (at, sign) in text.char_indices().chain([(text.len(), ' ')]) {
        if is_content(sign) {
            continue;
        }
        let piece = text.get(from..at).unwrap_or_default();
        if !piece.is_empty() {
            tokens.push(Token {
                text: piece.to_string(),
                kind: TokenKind::Content,
            });
        }
        if at < text.len() {
            tokens.push(Token {
                text: sign.to_string(),
                kind: TokenKind::Break,
            });
        }
        from = at + sign.len_utf8();
    }
}

/// Letters, digits and the signs that stand inside names and figures.
fn is_content(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '.' | '%' | '+' | '&' | '>' | '<' | '≥' | '≤')
}
