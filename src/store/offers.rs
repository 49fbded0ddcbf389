//! What the buttons under replies stand for, so that what goes out is an opaque id and a press does only what it was made for.

use super::{Store, StoreError};
use serde::{Deserialize, Serialize};

/// So many replies keep their buttons; older ones are expired.
const MOST_OFFERS: usize = 50_000;
/// How often old offers are looked for.
const LOOKED_EVERY: u64 = 512;

/// What one button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// Asks a question: a choice of a question back, or an example.
    Ask(String),
    /// Shows the text that was quoted, where it stands.
    Original,
    /// Shows how the question was read.
    Why,
    /// Draws an indicator, or with no name all of them.
    Chart(Option<String>),
    /// Says whether the answer helped.
    Vote(bool),
    /// Shows another page of a long list.
    Page(usize),
    /// Sends who has reported, as a file.
    Status(TableFormat),
    /// Sends the due days as a calendar file.
    Calendar,
    /// Sends the tables as a file.
    Export,
    /// Makes a synonym of what people say: the printed name, what they say.
    Adopt(String, String),
    /// Takes a synonym back.
    Withdraw(String, String),
}

/// The form of a table that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableFormat {
    /// Comma-separated text.
    Csv,
    /// A workbook.
    Xlsx,
}

/// The buttons under one reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The chat that they were shown in.
    pub chat: i64,
    /// The question that the reply answered.
    pub question: String,
    /// What each button does, in order.
    pub choices: Vec<Choice>,
}

impl Store {
    /// Keeps the buttons of a reply; gives the id of each. Not waited for: a button that is lost is expired.
    pub fn keep_offer(&self, offer: &Offer) -> Result<Vec<String>, StoreError> {
        let id = self.next_number()?;
        self.put(&self.offers, id.to_be_bytes(), offer)?;
        if id.is_multiple_of(LOOKED_EVERY) {
            let surplus = self.offers.len().saturating_sub(MOST_OFFERS);
            for _ in 0..surplus {
                self.offers.pop_min().map_err(|e| self.unusable(e))?;
            }
        }
        Ok((0..offer.choices.len()).map(|at| format!("{id:x}.{at}")).collect())
    }

    /// What a button of a reply in a chat stands for, with the question that was answered.
    pub fn offered(&self, chat: i64, id: &str) -> Result<Option<(String, Choice)>, StoreError> {
        let parted = id.split_once('.').and_then(|(id, at)| Some((u64::from_str_radix(id, 16).ok()?, at.parse::<usize>().ok()?)));
        let Some((id, at)) = parted else { return Ok(None) };
        let offer: Option<Offer> = self.get(&self.offers, id.to_be_bytes())?;
        let offer = offer.filter(|offer| offer.chat == chat);
        Ok(offer.and_then(|offer| Some((offer.question, offer.choices.into_iter().nth(at)?))))
    }
}
