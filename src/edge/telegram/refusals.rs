//! What a refusal of the Bot API means, by its words: a table of those that are published.

use serde::Deserialize;
use std::sync::LazyLock;

/// What a refusal means for the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Means {
    /// A fault of the server that passes.
    Passing,
    /// The topic takes no messages any more; the chat does.
    Topic,
    /// Nothing arrives in the chat any more.
    Gone,
}

#[derive(Deserialize)]
struct Table {
    refusal: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    means: Means,
    says: Vec<String>,
}

/// The table's words in small letters, in their order.
static TABLE: LazyLock<Vec<(String, Means)>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("refusals.toml")).unwrap_or_else(|error| {
        tracing::error!(%error, "the table of refusals cannot be read");
        Table {
            refusal: Vec::new(),
        }
    });
    let entries = table.refusal.into_iter();
    entries
        .flat_map(|refusal| {
            let words = refusal.says.into_iter();
            words.map(move |words| (words.to_lowercase(), refusal.means))
        })
        .collect()
});

/// What a description means; nothing where no entry of the table has its words.
pub(super) fn meaning(description: &str) -> Option<Means> {
    let description = description.to_lowercase();
    let found = TABLE.iter().find(|(words, _)| description.contains(words));
    found.map(|(_, means)| *means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_descriptions_have_their_meaning() {
        for gone in [
            "Forbidden: bot was blocked by the user",
            "Forbidden: bot was kicked from the group chat",
            "Forbidden: bot was kicked from the supergroup chat",
            "Forbidden: bot was kicked from the channel chat",
            "Forbidden: bot is not a member of the group chat",
            "Forbidden: bot is not a member of the supergroup chat",
            "Forbidden: bot is not a member of the channel chat",
            "Forbidden: the group chat was deleted",
            "Forbidden: user is deactivated",
            "Forbidden: bot can't initiate conversation with a user",
            "Forbidden: bots can't send messages to bots",
            "Forbidden: a reason that is not yet known",
            "Bad Request: chat not found",
            "Bad Request: group chat was upgraded to a supergroup chat",
            "Bad Request: CHAT_WRITE_FORBIDDEN",
            "Bad Request: CHAT_RESTRICTED",
            "Bad Request: PEER_ID_INVALID",
            "Bad Request: not enough rights to send text messages to the chat",
            "Bad Request: have no rights to send a message",
            "Bad Request: need administrator rights in the channel chat",
        ] {
            assert_eq!(meaning(gone), Some(Means::Gone), "{gone}");
        }
        for topic in [
            "Bad Request: TOPIC_CLOSED",
            "Bad Request: message thread not found",
        ] {
            assert_eq!(meaning(topic), Some(Means::Topic), "{topic}");
        }
        assert_eq!(meaning("Bad Gateway"), Some(Means::Passing));
        for other in [
            "Bad Request: message to edit not found",
            "Bad Request: not enough rights to send photos to the chat",
            "Bad Request: reply message not found",
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ] {
            assert_eq!(meaning(other), None, "{other}");
        }
    }
}
