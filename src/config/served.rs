//! Whom the bot speaks with by the settings, held against the data.

use super::Config;
use crate::model::{ChatId, Finding, Unit};

/// Where units and their chats are written.
const UNITS: &str = "units.toml";

impl Config {
    /// The units whose chat is not among those that are answered: they are not reminded.
    pub fn unserved(&self, units: &[Unit]) -> Vec<Finding> {
        let allowed = &self.chat.allowed;
        unserved(units, |chat| {
            allowed.is_empty()
                || allowed.contains(&chat.0)
                // An administrator is answered in their own chat whatever is listed
                // (`App::serves`).
                || !chat.is_group() && self.admins.ids.contains(&chat.0)
        })
    }
}

/// The units whose chat is not served.
pub(crate) fn unserved(units: &[Unit], is_served: impl Fn(ChatId) -> bool) -> Vec<Finding> {
    let unserved = |unit: &Unit| {
        let chat = unit.chat.filter(|chat| !is_served(*chat))?;
        let advice = format!(
            "会话 {} 不在 bot.toml 的 [chat] allowed 里，收不到提醒；请把它加进 allowed，或改正这里的 chat。",
            chat.0
        );
        Some(Finding::warning(UNITS, &unit.name, advice))
    };
    units.iter().filter_map(unserved).collect()
}
