//! The sentences in Chinese, a file a subject.

pub(crate) mod acts;
pub(crate) mod changes;
pub(crate) mod desk;
pub(crate) mod status;
pub(crate) mod system;
pub(crate) mod talk;
