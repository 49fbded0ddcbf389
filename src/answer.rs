//! What the bot replies: an answer with its citations, a question back, an honest refusal, or help.
//!
//! Pure. It quotes the book and computes over cells; it never makes a figure, and what does not verify is not shown.

#![expect(
    clippy::result_large_err,
    reason = "a refusal is a reply, made once a question; it is an error only inside this engine"
)]

mod asked;
mod cells;
mod clause_fit;
mod decide;
mod duties;
mod evidence;
mod figures;
mod lookup;
mod members;
mod reply;
mod running_text;
mod terms;
mod verdict;
mod verify;

pub use decide::{Candidates, Desk, Outcome};
pub use evidence::{Evidence, Library};
pub use reply::{Answer, Choice, Clarification, Figure, Refusal, Reply};
pub use verdict::{Verdict, judge};
pub use verify::{Fault, verify};
