//! Numbers of what a library holds: each is the place in one list of the library, and of no other.

/// Declares numbers, each with the list that it is a place in.
macro_rules! numbers {
    ($($(#[$doc:meta])* $number:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $number(u32);

        impl $number {
            /// The number of a place in its list.
            pub fn new(at: usize) -> Self {
                Self(at as u32)
            }

            /// Its place in its list.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

numbers! {
    /// A text among the texts of a library.
    TextId,
    /// A clause with figures among the clauses of a library.
    ClauseId,
    /// A passage among the passages of a library.
    PassageId,
    /// A name of an indicator among the names of a library.
    NameId,
    /// A name of a glossary entry among the names of a library.
    TermNameId,
}
