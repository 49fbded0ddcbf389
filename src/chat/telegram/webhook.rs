//! Webhook mode: Telegram posts updates; each is on disk before it is acknowledged. The same intake
//! as in polling.

use super::intake::Intake;
use super::{TelegramError, updates, without_token};
use crate::app::App;
use crate::config::Telegram;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;
use teloxide::Bot;
use teloxide::requests::{JsonRequest, Payload, Request, Requester};
use tokio::sync::watch;

/// The path that updates are posted to.
const PATH: &str = "/telegram";
/// An update is far smaller.
const LARGEST_UPDATE: usize = 1 << 20;
/// So often Telegram is asked whether it is there: nobody may write for hours.
const ASK_EVERY: Duration = Duration::from_secs(60);
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// `setWebhook`, without a certificate of our own.
#[derive(Clone, Serialize)]
struct SetWebhook {
    url: String,
    secret_token: String,
    allowed_updates: &'static [&'static str],
}

impl Payload for SetWebhook {
    type Output = bool;
    const NAME: &'static str = "SetWebhook";
}

struct Door {
    intake: Arc<Intake>,
    secret: String,
}

/// Listens until told to stop; what was accepted is in its queue by then.
pub async fn listen(
    bot: &Bot,
    settings: &Telegram,
    token: &str,
    app: &Arc<App>,
    intake: Arc<Intake>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), TelegramError> {
    let listen = |error: &dyn std::fmt::Display| {
        TelegramError::Listen(settings.webhook_listen.clone(), error.to_string())
    };
    let secret = random_secret().map_err(|error| listen(&error))?;
    let listener = tokio::net::TcpListener::bind(&settings.webhook_listen)
        .await
        .map_err(|error| listen(&error))?;
    let door = Arc::new(Door {
        intake,
        secret: secret.clone(),
    });
    let router = Router::new()
        .route(PATH, post(receive))
        .route("/healthz", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(LARGEST_UPDATE))
        .with_state(door);
    let url = format!("{}{PATH}", settings.webhook_url.trim_end_matches('/'));
    let request = JsonRequest::new(
        bot.clone(),
        SetWebhook {
            url,
            secret_token: secret,
            allowed_updates: updates::KINDS,
        },
    );
    request
        .send()
        .await
        .map_err(|error| TelegramError::Unreachable(without_token(&error.to_string(), token)))?;
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let asking = tokio::spawn(ask_whether_there(bot.clone(), Arc::clone(app)));
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(stopped)
        .await
        .map_err(|error| listen(&error));
    asking.abort();
    served
}

/// What polls show by themselves in the other mode.
async fn ask_whether_there(bot: Bot, app: Arc<App>) {
    loop {
        tokio::time::sleep(ASK_EVERY).await;
        if bot.get_me().await.is_ok() {
            app.signs().heard();
        }
    }
}

async fn receive(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers
        .get(SECRET_HEADER)
        .map(|given| given.as_bytes())
        .unwrap_or_default();
    if !bool::from(given.ct_eq(door.secret.as_bytes())) {
        return StatusCode::FORBIDDEN;
    }
    match serde_json::from_slice(&body) {
        Ok(update) => {
            // A task of its own: what was begun to be taken is taken, also where the connection is
            // closed meanwhile.
            let intake = Arc::clone(&door.intake);
            match tokio::spawn(async move { intake.take(&[update]).await }).await {
                Ok(()) => StatusCode::OK,
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

/// Thirty-two bytes of chance, as letters and digits.
fn random_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
