//! The edge to whoever writes: what arrives comes in by one door (`intake`), waits its turn
//! (`queues`), and each messenger is a folder or a file here that knows its own wire and nothing
//! else.

mod cut;
mod direct;
mod event;
mod intake;
mod plainly;
mod queues;
mod switchboard;
pub mod telegram;
mod terminal;

pub use direct::Direct;
pub use switchboard::Switchboard;
pub use terminal::{Input, Printer, Terminal, run_terminal};
