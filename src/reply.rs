//! From candidates to a reply: the score, the sets, the three zones, the refusal, and the verifier.
//!
//! Pure, and deterministic to the byte. It knows no kind of question: kinds are handed in.

mod alike;
mod answer;
mod asking;
mod candidate;
mod crossing;
mod decide;
mod doubts;
mod features;
mod label;
mod refuse;
mod rivals;
mod score;
mod sets;
mod verdict;
mod verify;
mod weights;
mod zones;

pub use answer::{Answer, AnswerKind, Choice, Clarification, Figure, Lack, Refusal, Reply};
pub use candidate::{Asked, Candidate, Kind, NamedIndicator, Record, RecordKey, Time};
pub use decide::{Desk, Nearest, Outcome, Ranked};
pub use features::{Feature, Features};
pub use verdict::{Verdict, judge};
pub use verify::{Fault, verify};
pub use weights::Weights;
