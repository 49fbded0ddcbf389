//! What is known of a chat besides its subscription: the topic in which it wants to be reminded,
//! and where it has moved. Both are kept for chats that matter; of others only so many.

use super::change::Change;
use super::tree::Tree;
use super::{Store, StoreError, Wish};
use crate::model::{ChatId, TopicId};
use std::collections::BTreeSet;

/// So many topics, and so many moves, are kept before those of chats that have nothing are let go
/// of. Each takes some fifty bytes, and a department has some hundred chats.
const MOST_KEPT: usize = 1_000;
/// A chat is followed over so many moves.
const MOST_MOVES: usize = 8;

impl Store {
    /// Remembers the topic from which a chat was subscribed; nothing is the chat itself.
    pub fn keep_topic(&self, chat: ChatId, topic: Option<TopicId>) -> Result<(), StoreError> {
        let Some(topic) = topic else {
            let gone = self.topics.remove(chat.key());
            return gone.map(|_| ()).map_err(|e| self.unusable(e));
        };
        if self.topics.len() >= MOST_KEPT {
            let chats = self.chats_that_matter()?;
            for of in self.chats_of(&self.topics)? {
                if !chats.contains(&of) {
                    let gone = self.topics.remove(of.key());
                    gone.map_err(|e| self.unusable(e))?;
                }
            }
        }
        self.put(&self.topics, chat.key(), &topic)
    }

    /// The topic in which a chat is reminded.
    pub fn topic(&self, chat: ChatId) -> Result<Option<TopicId>, StoreError> {
        self.get(&self.topics, chat.key())
    }

    /// Notes that a chat has another id now; its records follow with `move_chat`.
    pub fn note_move(&self, from: ChatId, to: ChatId) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        if self.moves.len() >= MOST_KEPT {
            let chats = self.chats_that_matter()?;
            for of in self.chats_of(&self.moves)? {
                if !chats.contains(&of) && !chats.contains(&self.present_chat(of)?) {
                    let gone = self.moves.remove(of.key());
                    gone.map_err(|e| self.unusable(e))?;
                }
            }
        }
        let mut change = Change::default();
        change.put(&self.moves, from.key(), &to)?;
        // A chat that came back to an id that it had would lead round in a circle.
        change.remove(&self.moves, to.key());
        self.make(&change)
    }

    /// The present id of a chat that may have moved since somebody wrote it down.
    pub fn present_chat(&self, chat: ChatId) -> Result<ChatId, StoreError> {
        let mut present = chat;
        // Counted, should damaged records lead round in one all the same.
        for _ in 0..MOST_MOVES {
            match self.get(&self.moves, present.key())? {
                Some(next) => present = next,
                None => break,
            }
        }
        Ok(present)
    }

    /// Chats that are subscribed, stand for a unit or have asked to.
    fn chats_that_matter(&self) -> Result<BTreeSet<ChatId>, StoreError> {
        let subscribed = self.subscriptions()?.into_iter().map(|known| known.chat);
        let enrolled = self.roll()?.into_iter().filter_map(|unit| unit.chat);
        let wishing = self.all::<Wish>(&self.wishes)?;
        let wishing = wishing.into_iter().map(|wish| wish.chat);
        Ok(subscribed.chain(enrolled).chain(wishing).collect())
    }

    /// The chats that a tree has records of.
    fn chats_of(&self, tree: &Tree) -> Result<Vec<ChatId>, StoreError> {
        let mut chats = Vec::new();
        for record in tree {
            let (key, _) = record.map_err(|e| self.unusable(e))?;
            chats.extend(
                String::from_utf8(key.to_vec())
                    .ok()
                    .and_then(|key| key.parse::<ChatId>().ok()),
            );
        }
        Ok(chats)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Subscription;
    use super::*;

    /// Strangers' groups that come and go push nothing out of a chat that is reminded.
    #[test]
    fn strangers_chats_are_let_go_of_and_no_others() {
        let store = Store::passing().unwrap();
        store.subscribe(&Subscription::of(ChatId(-7))).unwrap();
        store.keep_topic(ChatId(-7), Some(TopicId(3))).unwrap();
        store.note_move(ChatId(-6), ChatId(-7)).unwrap();
        for chat in 0..2 * MOST_KEPT as i64 {
            store
                .keep_topic(ChatId(-100_000 - chat), Some(TopicId(1)))
                .unwrap();
            store
                .note_move(ChatId(-200_000 - chat), ChatId(-300_000 - chat))
                .unwrap();
            let (topics, moves) = (store.topics.len(), store.moves.len());
            assert!(
                topics <= MOST_KEPT && moves <= MOST_KEPT,
                "{topics}, {moves}"
            );
        }
        assert_eq!(store.topic(ChatId(-7)).unwrap(), Some(TopicId(3)));
        assert_eq!(store.present_chat(ChatId(-6)).unwrap(), ChatId(-7));
        // Where all of them matter, all stay.
        for chat in 0..=MOST_KEPT as i64 {
            store
                .subscribe(&Subscription::of(ChatId(chat + 1)))
                .unwrap();
            store
                .keep_topic(ChatId(chat + 1), Some(TopicId(1)))
                .unwrap();
        }
        assert_eq!(store.topic(ChatId(1)).unwrap(), Some(TopicId(1)));
    }
}
