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
/// So many sessions at once.
const MOST_SESSIONS: usize = 64;
/// So many wrong tokens a minute from one address.
const WRONG_A_MINUTE: usize = 5;
/// So many addresses are remembered.
const MOST_ADDRESSES: usize = 4_096;
const MINUTE: Duration = Duration::from_secs(60);

struct Session {
    begun: Instant,
    used: Instant,
}

/// What became of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entered {
    /// It is right: the session's secret.
    In(String),
    /// It is wrong.
    Wrong,
    /// Too many were wrong; not looked at.
    TooMany,
}

/// The sessions of administrators.
pub(super) struct Admins {
    digest: Vec<u8>,
    sessions: Mutex<HashMap<String, Session>>,
    wrong: Mutex<HashMap<IpAddr, (Instant, usize)>>,
}

impl Admins {
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

    /// Looks at a token that somebody gives.
    pub(super) fn enter(&self, keys: &Keys, token: &str, from: IpAddr) -> Entered {
        let now = Instant::now();
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, (begun, _)| now.duration_since(*begun) < MINUTE);
        if wrong
            .get(&from)
            .is_some_and(|(_, times)| *times >= WRONG_A_MINUTE)
            || wrong.len() >= MOST_ADDRESSES
        {
            return Entered::TooMany;
        }
        if !keys::same(&keys::digest(token.trim()), &self.digest) {
            wrong.entry(from).or_insert((now, 0)).1 += 1;
            return Entered::Wrong;
        }
        drop(wrong);
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
