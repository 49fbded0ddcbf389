//! How many long polls may wait at once, of one browser and of one address: each holds a connection
//! and some memory for as long as nothing happens.

use crate::ports::ChatId;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many tabs of one browser are kept up to date; `page.js` asks again after a pause.
const MOST_OF_ONE_BROWSER: usize = 8;
/// So many of one address: behind one are a department's browsers, each with a tab or two.
const MOST_OF_ONE_ADDRESS: usize = 256;

/// All polls that wait.
#[derive(Default)]
pub(super) struct Polls {
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    browsers: HashMap<ChatId, usize>,
    addresses: HashMap<IpAddr, usize>,
}

/// One poll, as long as it waits.
pub(super) struct Poll {
    waiting: Arc<Mutex<Waiting>>,
    browser: ChatId,
    address: IpAddr,
}

impl Polls {
    /// Takes a place among those that wait, where browser and address have one left.
    pub(super) fn enter(&self, browser: ChatId, address: IpAddr) -> Option<Poll> {
        let mut waiting = lock(&self.waiting);
        let of_browser = waiting.browsers.get(&browser).copied().unwrap_or_default();
        let of_address = waiting.addresses.get(&address).copied().unwrap_or_default();
        if of_browser >= MOST_OF_ONE_BROWSER || of_address >= MOST_OF_ONE_ADDRESS {
            return None;
        }
        // Counted while the lock is held, so that two at once do not both take the last place.
        waiting.browsers.insert(browser, of_browser + 1);
        waiting.addresses.insert(address, of_address + 1);
        drop(waiting);
        let waiting = Arc::clone(&self.waiting);
        Some(Poll {
            waiting,
            browser,
            address,
        })
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        let mut waiting = lock(&self.waiting);
        one_less(&mut waiting.browsers, self.browser);
        one_less(&mut waiting.addresses, self.address);
    }
}

fn one_less<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_and_an_address_have_their_share_and_give_it_back() {
        let polls = Polls::default();
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let own: Vec<Poll> = (0..MOST_OF_ONE_BROWSER)
            .map(|_| polls.enter(ChatId(1), here).unwrap())
            .collect();
        assert!(polls.enter(ChatId(1), here).is_none());
        assert!(polls.enter(ChatId(1), there).is_none());
        assert!(polls.enter(ChatId(2), here).is_some());
        drop(own);
        let all: Vec<Option<Poll>> = (0..300)
            .map(|browser| polls.enter(ChatId(browser), here))
            .collect();
        assert_eq!(all.iter().flatten().count(), MOST_OF_ONE_ADDRESS);
        assert!(polls.enter(ChatId(300), there).is_some());
        drop(all);
        assert!(lock(&polls.waiting).addresses.is_empty());
        assert!(lock(&polls.waiting).browsers.is_empty());
    }
}
