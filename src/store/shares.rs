//! Who has how much of a store that is bounded: when there is too much, the oldest of whoever has
//! most makes way. So whoever floods displaces what is its own, and nothing of anybody else.

use crate::model::{ChatId, Whose};
use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

/// The page may hold so many times as much as one chat.
const PAGE_TIMES: usize = 4;

/// What one holder has, oldest first.
#[derive(Debug)]
struct Held<K> {
    kept: VecDeque<Share<K>>,
    used: usize,
}

/// One thing that is held: how large it is, and how many came before it.
#[derive(Debug)]
struct Share<K> {
    key: K,
    size: usize,
    number: u64,
}

impl<K> Default for Held<K> {
    fn default() -> Self {
        Self {
            kept: VecDeque::new(),
            used: 0,
        }
    }
}

/// The shares of all holders.
#[derive(Debug)]
pub(super) struct Shares<K> {
    /// The most that one holder may have, and all together, in whatever is counted.
    most_of_one: usize,
    most_of_all: usize,
    held: HashMap<ChatId, Held<K>>,
    used: usize,
    came: u64,
}

/// Who holds what comes from a chat. The page's visitors are as many as somebody cares to make, so
/// all of them together are one holder.
fn holder(of: ChatId) -> ChatId {
    if of.whose() == Whose::Page {
        ChatId::PAGE_GROUP
    } else {
        of
    }
}

impl<K: PartialEq> Shares<K> {
    /// Nobody has anything yet.
    pub(super) fn new(most_of_one: usize, most_of_all: usize) -> Self {
        Self {
            most_of_one,
            most_of_all,
            held: HashMap::new(),
            used: 0,
            came: 0,
        }
    }

    /// Something comes from a chat or a person; gives what makes way for it, oldest first.
    pub(super) fn add(&mut self, of: ChatId, key: K, size: usize) -> Vec<K> {
        let of = holder(of);
        self.came += 1;
        let held = self.held.entry(of).or_default();
        held.kept.push_back(Share {
            key,
            size,
            number: self.came,
        });
        held.used += size;
        self.used += size;
        let most = if of == ChatId::PAGE_GROUP {
            self.most_of_one * PAGE_TIMES
        } else {
            self.most_of_one
        };
        let mut gone = Vec::new();
        while self.held.get(&of).is_some_and(|held| held.used > most) {
            gone.extend(self.drop_oldest(of));
        }
        if self.used > self.most_of_all {
            // Some room at once, so that not every addition has to look for whoever has most.
            let wanted = self.most_of_all - self.most_of_all / 16;
            while self.used > wanted
                && let Some(largest) = self.largest()
            {
                gone.extend(self.drop_oldest(largest));
            }
        }
        gone
    }

    /// Something is gone for another reason.
    pub(super) fn forget(&mut self, key: &K) {
        for held in self.held.values_mut() {
            if let Some(at) = held.kept.iter().position(|known| known.key == *key)
                && let Some(known) = held.kept.remove(at)
            {
                held.used -= known.size;
                self.used -= known.size;
                return;
            }
        }
    }

    /// What one holder has is another's from now on.
    pub(super) fn hand_over(&mut self, from: ChatId, to: ChatId) {
        let (from, to) = (holder(from), holder(to));
        if from == to {
            return;
        }
        if let Some(mut given) = self.held.remove(&from) {
            let held = self.held.entry(to).or_default();
            held.used += given.used;
            // What came under the old id is older and goes first.
            given.kept.append(&mut held.kept);
            held.kept = given.kept;
        }
    }

    /// Whoever has most; of several the one whose oldest is the oldest.
    fn largest(&self) -> Option<ChatId> {
        let all = self.held.iter().filter_map(|(of, held)| {
            let oldest = held.kept.front()?.number;
            // Of two that have as much the one whose oldest is older.
            Some((held.used, Reverse(oldest), *of))
        });
        all.max().map(|(.., of)| of)
    }

    fn drop_oldest(&mut self, of: ChatId) -> Option<K> {
        let held = self.held.get_mut(&of)?;
        let Share { key, size, .. } = held.kept.pop_front()?;
        held.used -= size;
        self.used -= size;
        if held.kept.is_empty() {
            self.held.remove(&of);
        }
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_floods_displaces_its_own_alone() {
        let mut shares = Shares::new(10, 1_000);
        assert!(shares.add(ChatId(7), 0, 1).is_empty());
        let gone: Vec<u32> = (1..=100)
            .flat_map(|key| shares.add(ChatId(8), key, 1))
            .collect();
        assert_eq!(gone, (1..=90).collect::<Vec<u32>>());
    }

    #[test]
    fn when_all_have_too_much_whoever_has_most_gives() {
        let mut shares = Shares::new(10, 20);
        for key in 0..8 {
            assert!(shares.add(ChatId(1), key, 1).is_empty());
        }
        let gone: Vec<u32> = (100..113)
            .flat_map(|key| shares.add(ChatId(i64::from(key)), key, 1))
            .collect();
        assert_eq!(gone, [0, 1]);
    }

    #[test]
    fn visitors_of_the_page_are_one_holder() {
        let mut shares = Shares::new(10, 1_000);
        let visitors = (0..100).flat_map(|key| shares.add(ChatId((1 << 62) + key), key, 1));
        assert_eq!(visitors.count(), 100 - 10 * PAGE_TIMES);
    }

    #[test]
    fn what_a_chat_has_moves_with_it() {
        let mut shares = Shares::new(3, 1_000);
        shares.add(ChatId(1), 'a', 1);
        shares.add(ChatId(2), 'b', 1);
        shares.hand_over(ChatId(1), ChatId(2));
        shares.forget(&'b');
        shares.add(ChatId(2), 'c', 1);
        shares.add(ChatId(2), 'd', 1);
        assert_eq!(shares.add(ChatId(2), 'e', 1), ['a']);
    }
}
