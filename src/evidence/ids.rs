//! Numbers of what a library holds.

/// The number of a text among the texts of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId(u32);

impl TextId {
    /// The number of a place in the list of texts.
    pub(super) fn new(at: usize) -> Self {
        Self(at as u32)
    }

    /// Its place in the list of texts.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}
