//! Why a file cannot be read.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// One Chinese sentence saying what is wrong with a file and what to do, without a final 。
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Unreadable {
    /// The sentence as an error.
    pub fn because(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Runs a reader of another crate. Young crates panic on damaged files: that is an unreadable file
/// and no reason to stop the program.
pub(crate) fn guarded<T>(
    sentence: &str,
    reader: impl FnOnce() -> Result<T, Unreadable>,
) -> Result<T, Unreadable> {
    // What the reader left half done is dropped with it; only bytes are shared, and they are not
    // changed.
    catch_unwind(AssertUnwindSafe(reader)).unwrap_or_else(|_| Err(Unreadable::because(sentence)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_unreadable_file() {
        let result: Result<(), Unreadable> = guarded("文件已损坏", || panic!("damaged"));
        assert_eq!(result, Err(Unreadable::because("文件已损坏")));
    }
}
