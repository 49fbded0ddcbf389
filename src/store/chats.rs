//! What is known of a chat besides its subscription: where it went, and the topic in which it wants
//! to be reminded.

use super::{Store, StoreError};

/// A chat is followed over so many moves.
const MOST_MOVES: usize = 8;

impl Store {
    /// The present id of a chat that may have moved since somebody wrote it down.
    pub fn present_chat(&self, chat: i64) -> Result<i64, StoreError> {
        let mut present = chat;
        for _ in 0..MOST_MOVES {
            match self.get(&self.moves, present.to_be_bytes())? {
                Some(next) => present = next,
                None => break,
            }
        }
        Ok(present)
    }

    /// Remembers the topic from which a chat was subscribed; nothing is the chat itself.
    pub fn keep_topic(&self, chat: i64, topic: Option<i32>) -> Result<(), StoreError> {
        match topic {
            Some(topic) => self.put(&self.topics, chat.to_be_bytes(), &topic),
            None => {
                let gone = self.topics.remove(chat.to_be_bytes());
                gone.map(|_| ()).map_err(|e| self.unusable(e))
            }
        }
    }

    /// The topic in which a chat is reminded.
    pub fn topic(&self, chat: i64) -> Result<Option<i32>, StoreError> {
        self.get(&self.topics, chat.to_be_bytes())
    }
}
