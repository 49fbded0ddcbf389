//! What the page must know again after a restart: the key of its cookies, and the digest of its
//! administrators' token.

use super::{Store, StoreError};

const COOKIE_KEY: &str = "cookie_key";
const ADMIN_DIGEST: &str = "admin_digest";

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
}
