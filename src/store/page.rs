//! What the page must know again after a restart: the key of its cookies, the digest of its
//! administrators' token, and the rooms of departments.

use super::{Store, StoreError};
use serde::{Deserialize, Serialize};

const COOKIE_KEY: &str = "cookie_key";
const ADMIN_DIGEST: &str = "admin_digest";
const NAMED_ROOMS: &str = "named_rooms";

/// A room that was given a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedRoom {
    /// The word that leads to it.
    pub word: String,
    /// What it is called.
    pub name: String,
}

impl Store {
    /// The key that the page's cookies are made with.
    pub fn page_key(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&self.page, COOKIE_KEY)
    }

    /// Keeps the key of the page's cookies.
    pub fn keep_page_key(&self, key: &[u8]) -> Result<(), StoreError> {
        self.put(&self.page, COOKIE_KEY, &key)?;
        self.flush()
    }

    /// The digest of the token that was printed at the first start. The token itself is kept
    /// nowhere.
    pub fn admin_digest(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&self.page, ADMIN_DIGEST)
    }

    /// Keeps the digest of a token that is printed now.
    pub fn keep_admin_digest(&self, digest: &[u8]) -> Result<(), StoreError> {
        self.put(&self.page, ADMIN_DIGEST, &digest)?;
        self.flush()
    }

    /// The rooms of departments, in the order in which they were made.
    pub fn named_rooms(&self) -> Result<Vec<NamedRoom>, StoreError> {
        Ok(self.get(&self.page, NAMED_ROOMS)?.unwrap_or_default())
    }

    /// Keeps the rooms of departments.
    pub fn keep_named_rooms(&self, rooms: &[NamedRoom]) -> Result<(), StoreError> {
        self.put(&self.page, NAMED_ROOMS, &rooms)?;
        self.flush()
    }
}
