//! Sentences for people that are made where no chat, page or command line is known: what the desk
//! has sent or writes into the record of acts, what a change of the data came to. A folder a
//! language; keys that are kept are never sentences.

pub(crate) mod zh;
