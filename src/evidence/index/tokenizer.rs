//! Letter pairs as tokens: Chinese has no spaces, and a pair of characters is nearly a word.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which the tokenizer is registered; its number changes with its behaviour.
pub const NAME: &str = "letter-pairs-2";

/// Cuts canonical text into overlapping pairs of letters; punctuation and white space part runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct LetterPairs;

/// What is indexed of a text: its pairs, and each Chinese letter, for words of one letter.
fn indexed(text: &str) -> impl Iterator<Item = String> + '_ {
    let letters = text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii());
    pairs(text).chain(letters.map(|letter| letter.to_string()))
}

/// What is looked for of a word: its pairs, or the letter that it is.
pub fn looked_for(word: &str) -> Vec<String> {
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if !letter.is_ascii() => vec![letter.to_string()],
        _ => pairs(word).collect(),
    }
}

/// The pairs of a text, in order.
pub fn pairs(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.flat_map(|part| {
        let letters: Vec<char> = part.chars().collect();
        letters
            .windows(2)
            .map(|pair| pair.iter().collect())
            .collect::<Vec<String>>()
    })
}

/// The stream of a text's pairs.
pub struct PairStream {
    pairs: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for LetterPairs {
    type TokenStream<'a> = PairStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PairStream {
        PairStream {
            pairs: indexed(text).collect::<Vec<_>>().into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for PairStream {
    fn advance(&mut self) -> bool {
        let Some(pair) = self.pairs.next() else {
            return false;
        };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = pair;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_cut_into_overlapping_pairs() {
        assert_eq!(
            pairs("城镇就业、4万").collect::<Vec<_>>(),
            ["城镇", "镇就", "就业", "4万"]
        );
    }
}
