//! What is known of a chat besides its subscription: the topic in which it wants to be reminded.

use super::{Store, StoreError};

impl Store {
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
