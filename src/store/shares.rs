//! Who has how much of a store that is bounded: when there is too much, the oldest of whoever has
//! most makes way. So whoever floods displaces what is its own, and nothing of anybody else.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

/// Ids of this size are no messenger's: they are the page's, whose visitors are as many as somebody
/// cares to make. So all of them together are one holder.
const FIRST_OF_PAGE: u64 = 1 << 60;
/// The page's visitors together.
const PAGE: i64 = i64::MIN;
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
    held: HashMap<i64, Held<K>>,
    used: usize,
    came: u64,
}

/// Who holds what comes from a chat or a person.
fn holder(id: i64) -> i64 {
    if id.unsigned_abs() >= FIRST_OF_PAGE {
        PAGE
    } else {
        id
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
    pub(super) fn add(&mut self, of: i64, key: K, size: usize) -> Vec<K> {
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
        let most = if of == PAGE {
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
    pub(super) fn hand_over(&mut self, from: i64, to: i64) {
        let (from, to) = (holder(from), holder(to));
        if from == to {
            return;
        }
        if let Some(mut given) = self.held.remove(&from) {
            let held = self.held.entry(to).or_default();
            held.used += given.used;
            given.kept.append(&mut held.kept);
            held.kept = given.kept;
        }
    }

    /// Whoever has most; of several the one whose oldest is the oldest.
    fn largest(&self) -> Option<i64> {
        let all = self.held.iter().filter_map(|(of, held)| {
            let oldest = held.kept.front()?.number;
            Some((held.used, Reverse(oldest), *of))
        });
        all.max().map(|(.., of)| of)
    }

    fn drop_oldest(&mut self, of: i64) -> Option<K> {
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
        assert!(shares.add(7, 0, 1).is_empty());
        let gone: Vec<u32> = (1..=100).flat_map(|key| shares.add(8, key, 1)).collect();
        assert_eq!(gone, (1..=90).collect::<Vec<u32>>());
    }

    #[test]
    fn when_all_have_too_much_whoever_has_most_gives() {
        let mut shares = Shares::new(10, 20);
        for key in 0..8 {
            assert!(shares.add(1, key, 1).is_empty());
        }
        let gone: Vec<u32> = (100..113)
            .flat_map(|key| shares.add(i64::from(key), key, 1))
            .collect();
        assert_eq!(gone, [0, 1]);
    }

    #[test]
    fn visitors_of_the_page_are_one_holder() {
        let mut shares = Shares::new(10, 1_000);
        let visitors = (0..100).flat_map(|key| shares.add((1 << 62) + key, key, 1));
        assert_eq!(visitors.count(), 100 - 10 * PAGE_TIMES);
    }

    #[test]
    fn what_a_chat_has_moves_with_it() {
        let mut shares = Shares::new(3, 1_000);
        shares.add(1, 'a', 1);
        shares.add(2, 'b', 1);
        shares.hand_over(1, 2);
        shares.forget(&'b');
        shares.add(2, 'c', 1);
        shares.add(2, 'd', 1);
        assert_eq!(shares.add(2, 'e', 1), ['a']);
    }
}
