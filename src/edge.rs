//! The edge to whoever writes: what arrives comes in by one door (`intake`), waits its turn
//! (`queues`), and each messenger is a folder or a file here that knows its own wire and nothing
//! else.

mod direct;
mod event;
mod intake;
mod plainly;
mod queues;
pub mod telegram;
mod terminal;

pub use direct::Direct;
pub use terminal::{Input, Printer, Terminal, run_terminal};
