//! Which indicators and terms the names in a question mean, where pieces of names fit more than one.

use super::intents::Cue;
use super::lexicon::{IndicatorConcept, Lexicon, Sense};
use super::readings::{Slots, push_once};
use super::tokens::{Token, TokenKind};

/// The letters of a name that are enough to mean it.
const TELLING_PIECE: usize = 3;

/// Finds the indicators of each stretch between separators; a stretch whose words fit several is a tie, unless another
/// stretch decides.
pub(super) fn resolve_indicators(lexicon: &Lexicon, tokens: &[Token], slots: &mut Slots) {
    let mut ties: Vec<Vec<usize>> = Vec::new();
    for stretch in tokens.split(is_separator) {
        match best_indicators(lexicon, stretch) {
            found if found.is_empty() => {}
            found if found.len() == 1 => push_once(&mut slots.indicators, found[0]),
            found => ties.push(found),
        }
    }
    ties.retain(|tie| !tie.iter().any(|at| slots.indicators.contains(at)));
    if slots.indicators.is_empty()
        && let Some(tie) = ties.into_iter().next()
    {
        slots.ties = tie;
    }
}

fn is_separator(token: &Token) -> bool {
    match &token.kind {
        TokenKind::Break => true,
        TokenKind::Cue(cues) => cues.contains(&Cue::Separator),
        _ => false,
    }
}

fn best_indicators(lexicon: &Lexicon, tokens: &[Token]) -> Vec<usize> {
    let alone = stands_alone(tokens);
    let mut best: Vec<usize> = Vec::new();
    let mut best_score = (0, false);
    for (at, concept) in lexicon.indicators.iter().enumerate() {
        let mut covered = 0;
        let mut whole = false;
        let mut telling = false;
        for token in tokens {
            match &token.kind {
                TokenKind::Name(senses) => {
                    let is_whole = senses.contains(&Sense::Indicator(at));
                    if is_whole || senses.contains(&Sense::IndicatorPart(at)) {
                        covered += token.text.chars().count();
                        whole |= is_whole;
                        telling |= is_whole || token.text.chars().count() >= TELLING_PIECE;
                    }
                }
                TokenKind::Content
                    if !lexicon.is_apart(&token.text) && concept.abbreviated_by(&token.text) =>
                {
                    covered += token.text.chars().count();
                    telling = true;
                }
                _ => {}
            }
        }
        let score = (covered, whole);
        if (telling || alone) && covered >= 2 && score >= best_score {
            if score > best_score {
                best.clear();
                best_score = score;
            }
            best.push(at);
        }
    }
    // A short piece of one name only may as well be a word of its own.
    if best.len() == 1 && alone && best_score.0 < TELLING_PIECE && !best_score.1 {
        best.clear();
    }
    best
}

/// Whether one piece of a name is all that a stretch names: then it asks which of those that have it.
fn stands_alone(tokens: &[Token]) -> bool {
    let mut named = tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Name(_) | TokenKind::Content));
    matches!(
        (named.next(), named.next()),
        (
            Some(Token {
                kind: TokenKind::Name(_),
                ..
            }),
            None
        )
    )
}

/// Pieces of a term's name count only where the question asks what it means and no whole term stands in it.
pub(super) fn resolve_term_parts(tokens: &[Token], slots: &mut Slots) {
    let asks = [Cue::AskDefine, Cue::AskMembers, Cue::AskScope]
        .iter()
        .any(|cue| slots.cues.contains(cue));
    if !asks || !slots.terms.is_empty() {
        return;
    }
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        let TokenKind::Name(senses) = &token.kind else {
            continue;
        };
        let beside = [position.checked_sub(1), Some(position + 1)];
        let glued = |near: Option<usize>| {
            near.and_then(|near| tokens.get(near))
                .is_some_and(is_generic)
        };
        if beside.into_iter().any(glued) {
            continue;
        }
        for sense in senses {
            if let Sense::TermPart(at) = sense {
                let length = token.text.chars().count();
                match candidates.iter_mut().find(|(known, _)| known == at) {
                    Some((_, covered)) => *covered += length,
                    None => candidates.push((*at, length)),
                }
            }
        }
    }
    let most = candidates
        .iter()
        .map(|(_, covered)| *covered)
        .max()
        .unwrap_or(0);
    let mut best = candidates.iter().filter(|(_, covered)| *covered == most);
    if let (Some((at, _)), None) = (best.next(), best.next()) {
        slots.terms.push(*at);
        slots.partial_terms = true;
    }
}

/// A generic word beside a piece of a name may make it another name.
fn is_generic(token: &Token) -> bool {
    matches!(&token.kind, TokenKind::Cue(cues) if cues.contains(&Cue::Generic) || cues.contains(&Cue::IndicatorWord))
}

impl IndicatorConcept {
    /// Whether letters of a word stand in the name in this order (研投 for 研发投入).
    fn abbreviated_by(&self, word: &str) -> bool {
        let mut name = self.canonical.chars();
        word.chars().count() >= 2 && word.chars().all(|letter| name.any(|other| other == letter))
    }

    /// Whether an asked unit can be that of the indicator: the same, a part of it, or a word that counts anything.
    pub(super) fn counts_in(&self, asked: &str) -> bool {
        let any = matches!(asked, "个" | "项" | "百分点" | "个百分点" | "点");
        any || self.unit.is_empty() || self.unit.contains(asked) || asked.contains(&self.unit)
    }

    /// Whether the name accounts for a word: an abbreviation, a letter of the name, or a figure of its row.
    pub(super) fn explains(&self, word: &str) -> bool {
        self.abbreviated_by(word)
            || self.figures.contains(word)
            || word.chars().count() == 1 && self.canonical.contains(word)
    }
}
