//! The page and the HTTP API: the same use cases as in a messenger, for a browser on this machine.
//!
//! Messages enter through `chat::Conversation`, so words, buttons and pictures are those of every
//! other edge. Nothing here answers a question, makes a figure, or keeps a secret in a log or an
//! address. No page needs anything from elsewhere.

mod addresses;
mod admin;
mod admin_page;
mod admin_rooms;
mod annexes;
mod api;
mod api_lists;
mod api_words;
mod asked_picture;
mod assets;
mod audits;
mod body;
mod bubble;
mod carriage;
mod chat_page;
mod clock_page;
mod correction_page;
mod dark;
mod deadlines_page;
mod departments;
mod encoding;
mod evidence;
mod fault;
mod footnotes;
mod form;
mod frame;
mod full_text;
mod glossary_page;
mod guard;
mod highlight;
mod history;
mod icons;
mod import_form;
mod import_page;
mod indicator_details;
mod indicator_rows;
mod indicators_page;
mod keys;
mod older_said;
mod otherwise;
mod page_chats;
mod pictures;
mod places;
mod plan_choice;
mod polls;
mod pressable;
mod roll_page;
mod room;
mod room_links;
mod rooms;
mod routes;
mod server;
mod shelf;
mod shell;
mod site;
mod synonym_page;
mod troubles;
mod verdict_mark;
mod visitor;
mod watching;
mod works;
mod works_page;
mod years_page;

pub(crate) use server::PageListener;
pub use server::listen;
pub use site::{Setting, Site};
