//! A file that a person sent, fetched from the Bot API.

use super::{kind_of, without_token};
use crate::ports::{FetchFault, SentFile};
use futures_util::TryStreamExt;
use std::time::Duration;
use teloxide::net::Download;
use teloxide::prelude::*;
use teloxide::types::FileId;
use teloxide::{ApiError, Bot, RequestError};

/// A fetch is tried so often, with a pause between: somebody waits for the answer to their report.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(300);

/// The bytes of a file, at most so many. Neither the address nor the token gets into a fault.
pub(super) async fn fetch(
    bot: &Bot,
    token: &str,
    file: &SentFile,
    most_bytes: u64,
) -> Result<Vec<u8>, FetchFault> {
    for attempt in 1..TRIES {
        match fetch_once(bot, token, file, most_bytes).await {
            Err(FetchFault::Broken(_)) => tokio::time::sleep(PAUSE * attempt).await,
            settled => return settled,
        }
    }
    fetch_once(bot, token, file, most_bytes).await
}

async fn fetch_once(
    bot: &Bot,
    token: &str,
    file: &SentFile,
    most_bytes: u64,
) -> Result<Vec<u8>, FetchFault> {
    let found = bot.get_file(FileId(file.id.clone())).await;
    let found = found.map_err(|error| match &error {
        // The Bot API hands out 20 MB at most and says so in words alone.
        RequestError::Api(ApiError::Unknown(text)) if text.contains("too big") => {
            FetchFault::TooLarge
        }
        RequestError::Api(api) => FetchFault::Broken(api.to_string()),
        other => FetchFault::Broken(kind_of(other).to_string()),
    })?;
    let mut chunks = bot.download_file_stream(&found.path);
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks
        .try_next()
        .await
        .map_err(|error| FetchFault::Broken(without_token(&error.to_string(), token)))?
    {
        // Counted while it arrives: the size that was told before is only a word.
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > most_bytes {
            return Err(FetchFault::TooLarge);
        }
    }
    Ok(bytes)
}
