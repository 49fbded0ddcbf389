//! What a question asks for, read off its pieces: how many amounts, in which units, of what, and its parts.

use super::intents::Cue;
use super::lexicon::Sense;
use super::readings::Utterance;
use super::tokens::{Token, TokenKind};
use crate::model::Measure;

impl Utterance {
    /// The measure that stands behind a year, before the next year; years joined by a conjunction share the last one's.
    ///
    /// `shift` is how far the year is from 今年, which may be written instead.
    pub fn measure_beside(&self, year: i32, shift: i32) -> Option<Measure> {
        let relative = [(Cue::ThisYear, 0), (Cue::LastYear, -1), (Cue::NextYear, 1)];
        let is_cue = |token: &Token, cue: Cue| matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&cue));
        let names_year = |token: &Token| {
            token.kind == TokenKind::Year(year)
                || relative
                    .iter()
                    .any(|(cue, at)| *at == shift && is_cue(token, *cue))
        };
        let is_year = |token: &Token| {
            matches!(token.kind, TokenKind::Year(_))
                || relative.iter().any(|(cue, _)| is_cue(token, *cue))
        };
        let mut from = self.tokens.iter().position(names_year)? + 1;
        loop {
            let rest = self.tokens.get(from..)?;
            let stretch = rest.split(is_year).next()?;
            let says = |cue: Cue| {
                stretch
                    .iter()
                    .any(|token| matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&cue)))
            };
            match (says(Cue::Target), says(Cue::Actual)) {
                (true, false) => return Some(Measure::Target),
                (false, true) => return Some(Measure::Actual),
                (false, false) if says(Cue::Separator) => from += stretch.len() + 1,
                _ => return None,
            }
        }
    }

    /// How many amounts are asked for.
    pub fn amounts(&self) -> usize {
        let asks = |token: &&Token| matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&Cue::AskAmount));
        self.tokens.iter().filter(asks).count()
    }

    /// The last three letters of the content that stands by an amount: behind it where anything does, else before it.
    /// Endings that tell of a change are passed over.
    pub fn counted(&self, endings: &[String]) -> Option<String> {
        let asks = |cue: Cue| {
            self.tokens.iter().rposition(
                |token| matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&cue)),
            )
        };
        let amount = asks(Cue::AskAmount)
            .or_else(|| asks(Cue::Actual))
            .or_else(|| asks(Cue::Target))?;
        let is_content = |token: &&Token| match &token.kind {
            TokenKind::Content => true,
            TokenKind::Name(senses) => senses.iter().any(|sense| !matches!(sense, Sense::Region)),
            _ => false,
        };
        let run = |tokens: &mut dyn Iterator<Item = &Token>| -> Option<String> {
            let mut texts: Vec<&str> = tokens
                .take_while(is_content)
                .map(|token| token.text.as_str())
                .collect();
            texts.reverse();
            (!texts.is_empty()).then(|| texts.concat())
        };
        let behind = run(&mut self
            .tokens
            .get(amount + 1..)?
            .iter()
            .rev()
            .skip_while(|token| !is_content(token)));
        let passed = |cue: &Cue| {
            matches!(
                cue,
                Cue::Particle | Cue::Generic | Cue::IndicatorWord | Cue::Actual | Cue::Target
            )
        };
        let between = |token: &&Token| match &token.kind {
            TokenKind::Cue(cues) => cues.iter().any(passed),
            TokenKind::Year(_) => true,
            TokenKind::Break => token.text.trim().is_empty(),
            _ => false,
        };
        let before = run(&mut self.tokens.get(..amount)?.iter().rev().skip_while(between));
        let text = behind.or(before)?;
        let core = endings
            .iter()
            .find_map(|ending| text.strip_suffix(ending.as_str()))
            .filter(|core| core.chars().count() >= 2);
        let letters: Vec<char> = core
            .unwrap_or(&text)
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        Some(
            letters
                .iter()
                .skip(letters.len().saturating_sub(3))
                .collect(),
        )
    }

    /// Whether a change is asked for: some content ends so.
    pub fn asks_change(&self, endings: &[String]) -> bool {
        self.content.iter().any(|piece| {
            endings
                .iter()
                .any(|ending| piece.text().ends_with(ending.as_str()))
        })
    }

    /// The counting words behind the amounts that are asked for.
    pub fn asked_units(&self) -> Vec<&str> {
        self.tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Unit)
            .map(|token| token.text.as_str())
            .collect()
    }

    /// The parts between conjunctions and punctuation, where there are several with content.
    ///
    /// What stands in brackets spells out what stands before them: then only the parts in the brackets count.
    pub fn parts(&self) -> Vec<String> {
        let bracket = |sign: &str| {
            self.tokens
                .iter()
                .position(|token| token.kind == TokenKind::Break && token.text == sign)
        };
        if let (Some(open), Some(close)) = (bracket("("), bracket(")"))
            && let Some(inside) = self.tokens.get(open + 1..close)
            && let parts = Self::parts_of(inside)
            && parts.len() > 1
        {
            return parts;
        }
        Self::parts_of(&self.tokens)
    }

    fn parts_of(tokens: &[Token]) -> Vec<String> {
        let mut parts = vec![String::new()];
        for token in tokens {
            let parting = match &token.kind {
                TokenKind::Cue(cues) => cues.contains(&Cue::Separator),
                TokenKind::Break => {
                    !token.text.trim().is_empty() && !"“”\"'《》".contains(&token.text)
                }
                _ => false,
            };
            if parting {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push_str(&token.text);
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        parts
    }
}
