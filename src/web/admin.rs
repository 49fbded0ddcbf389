//! Who administers on the page: a token, compared in constant time, opens a session of its own;
//! wrong ones are counted.

use super::keys::{self, Keys};
use crate::store::{Store, StoreError};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A session ends so long after it was last used.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends so long after it began.
const LONGEST: Duration = Duration::from_secs(8 * 3600);
/// So many sessions at once; a department has a handful of administrators. The oldest makes way.
const MOST_SESSIONS: usize = 64;
/// So many wrong tokens of one address are answered at once: somebody mistypes.
const WRONG_AT_ONCE: u32 = 5;
/// What is wrong after those is answered the later the more there were, and at the latest after.
const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(16);
/// An address that tried nothing for so long is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);
/// So many addresses are remembered; the one that was silent for longest makes way.
const MOST_ADDRESSES: usize = 4_096;

struct Session {
    begun: Instant,
    used: Instant,
}

/// The wrong tokens of an address.
struct Guesses {
    last: Instant,
    times: u32,
}

/// What became of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entered {
    /// It is right: the session's secret.
    In(String),
    /// It is wrong, and that is to be said only after so long. With as many connections as one
    /// address gets that leaves some thirty guesses a second.
    Wrong(Duration),
}

/// The sessions of administrators.
pub(super) struct AdminSessions {
    digest: Vec<u8>,
    sessions: Mutex<HashMap<String, Session>>,
    wrong: Mutex<HashMap<IpAddr, Guesses>>,
}

impl AdminSessions {
    /// With the token of the environment, or the one that was printed at the first start. Gives the
    /// token where it is new and must be printed now.
    pub(super) fn open(
        keys: &Keys,
        given: Option<&str>,
        may_print: bool,
        store: Option<&Store>,
    ) -> Result<(Self, Option<String>), StoreError> {
        let with = |digest| Self {
            digest,
            sessions: Mutex::default(),
            wrong: Mutex::default(),
        };
        if let Some(token) = given {
            return Ok((with(keys::digest(token)), None));
        }
        if let Some(digest) = store.map(Store::admin_digest).transpose()?.flatten() {
            return Ok((with(digest), None));
        }
        let token = keys.secret();
        let digest = keys::digest(&token);
        if !may_print {
            // Nobody ever learns this one: nobody administers until a token is set or printed.
            return Ok((with(digest), None));
        }
        if let Some(store) = store {
            store.keep_admin_digest(&digest)?;
        }
        Ok((with(digest), Some(token)))
    }

    /// Looks at a token that somebody gives. The right one lets in at once, whatever was tried
    /// before and from wherever: nobody can lock the administrators out.
    pub(super) fn enter(&self, keys: &Keys, token: &str, from: IpAddr) -> Entered {
        let now = Instant::now();
        if !keys::same(&keys::digest(token.trim()), &self.digest) {
            return Entered::Wrong(self.delay(from, now));
        }
        let session = keys.secret();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| is_open(session, now));
        if sessions.len() >= MOST_SESSIONS {
            let oldest = sessions
                .iter()
                .min_by_key(|(_, session)| session.used)
                .map(|(id, _)| id.clone());
            oldest.map(|id| sessions.remove(&id));
        }
        sessions.insert(
            keys::word_of(session.as_bytes()),
            Session {
                begun: now,
                used: now,
            },
        );
        Entered::In(session)
    }

    /// Counts a wrong token; how long its answer waits.
    fn delay(&self, from: IpAddr, now: Instant) -> Duration {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, guesses| now.duration_since(guesses.last) < FORGOTTEN_AFTER);
        if wrong.len() >= MOST_ADDRESSES && !wrong.contains_key(&from) {
            let silent = wrong.iter().min_by_key(|(_, guesses)| guesses.last);
            let silent = silent.map(|(address, _)| *address);
            silent.map(|address| wrong.remove(&address));
        }
        let guesses = wrong.entry(from).or_insert(Guesses {
            last: now,
            times: 0,
        });
        guesses.last = now;
        guesses.times = guesses.times.saturating_add(1);
        match guesses.times.checked_sub(WRONG_AT_ONCE + 1) {
            Some(further) => (FIRST_DELAY * 2_u32.pow(further.min(8))).min(LONGEST_DELAY),
            None => Duration::ZERO,
        }
    }

    /// Whether a secret is that of an open session. Sessions are looked up by digest, so the time
    /// tells nothing of them.
    pub(super) fn is_in(&self, secret: &str) -> bool {
        let now = Instant::now();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        match sessions
            .get_mut(&keys::word_of(secret.as_bytes()))
            .filter(|session| is_open(session, now))
        {
            Some(session) => {
                session.used = now;
                true
            }
            None => false,
        }
    }

    /// Ends a session.
    pub(super) fn leave(&self, secret: &str) {
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&keys::word_of(secret.as_bytes()));
    }
}

fn is_open(session: &Session, now: Instant) -> bool {
    now.duration_since(session.used) < IDLE && now.duration_since(session.begun) < LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tokens_slow_their_own_address_down_and_lock_nobody_out() {
        let keys = Keys::open(None).unwrap();
        let (admins, _) = AdminSessions::open(&keys, Some("the right token"), false, None).unwrap();
        let guess = |number: u32| {
            let from = IpAddr::from(number.to_be_bytes());
            admins.enter(&keys, "a guess", from)
        };
        let delays: Vec<Entered> = (0..12).map(|_| guess(1)).collect();
        assert_eq!(delays[4], Entered::Wrong(Duration::ZERO));
        assert_eq!(delays[5], Entered::Wrong(FIRST_DELAY));
        assert_eq!(delays[11], Entered::Wrong(LONGEST_DELAY));
        assert_eq!(guess(2), Entered::Wrong(Duration::ZERO));
        (0..6_000).for_each(|number| {
            guess(number);
        });
        assert!(admins.wrong.lock().unwrap().len() <= MOST_ADDRESSES);
        for from in [1_u32, 2, 7_000] {
            let from = IpAddr::from(from.to_be_bytes());
            let entered = admins.enter(&keys, " the right token ", from);
            assert!(matches!(entered, Entered::In(_)), "{from}");
        }
    }
}
