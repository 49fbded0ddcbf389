//! Chance, digests, and cookies that only this program can have made. Keys and tokens are never
//! shown or logged.

use crate::store::{Store, StoreError};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use subtle::ConstantTimeEq;
use thiserror::Error;

const KEY_BYTES: usize = 32;

/// Why there are no keys; one sentence for the person who runs the bot.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The state refused.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The machine gives no random numbers.
    #[error(
        "系统取不到随机数（{0}），不能打开网页；请检查系统，或在 bot.toml 的 [web] 里写 enabled = false"
    )]
    Chance(String),
}

/// The key that cookies and form tokens are made with, and the chance that new secrets come from.
pub(super) struct Keys {
    key: Vec<u8>,
    chance: [u8; KEY_BYTES],
    made: AtomicU64,
}

impl Keys {
    /// The key of the state; a new one where there is none yet.
    pub(super) fn open(store: Option<&Store>) -> Result<Self, KeyError> {
        let with = |key, chance| Self {
            key,
            chance,
            made: AtomicU64::new(0),
        };
        let chance = chance()?;
        if let Some(key) = store
            .map(Store::page_key)
            .transpose()?
            .flatten()
            .filter(|key| key.len() == KEY_BYTES)
        {
            return Ok(with(key, chance));
        }
        let key = self::chance()?.to_vec();
        if let Some(store) = store {
            store.keep_page_key(&key)?;
        }
        Ok(with(key, chance))
    }

    /// A new secret, as letters and digits.
    pub(super) fn secret(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let digest = Sha256::new()
            .chain_update(self.chance)
            .chain_update(number.to_be_bytes())
            .finalize();
        hex::encode(&digest[..24])
    }

    /// What only this program can say of a text, for one purpose.
    pub(super) fn seal(&self, purpose: &str, text: &str) -> String {
        // The key on both sides of the text (as HMAC has it): a digest of key and text alone could
        // be continued by whoever knows one. The crate hmac would be as long, and another way of
        // sealing would make a stranger of every browser that was here before.
        let inner = Sha256::new()
            .chain_update(&self.key)
            .chain_update(purpose)
            // So that no purpose and text together read as another purpose and text.
            .chain_update([0])
            .chain_update(text)
            .finalize();
        let outer = Sha256::new().chain_update(&self.key).chain_update(inner);
        hex::encode(outer.finalize())
    }

    /// Whether a seal is that of a text.
    pub(super) fn is_seal(&self, purpose: &str, text: &str, seal: &str) -> bool {
        same(seal.as_bytes(), self.seal(purpose, text).as_bytes())
    }
}

/// Whether two secrets are the same, in a time that does not depend on where they differ.
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    bool::from(a.ct_eq(b))
}

/// The digest of a token: what is kept and compared instead of it.
pub(super) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// A digest of bytes as a short word.
pub(super) fn word_of(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..16])
}

fn chance() -> Result<[u8; KEY_BYTES], KeyError> {
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| KeyError::Chance(error.to_string()))?;
    Ok(bytes)
}
