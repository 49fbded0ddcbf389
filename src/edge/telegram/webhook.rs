//! Webhook mode: Telegram posts updates; each is on disk before it is acknowledged. The same
//! arrivals as in polling, and the same limits on connections as the page has.

use super::TelegramError;
use super::announcing::Announcing;
use super::arrivals::Arrivals;
use super::line::TelegramLine;
use crate::config::Telegram;
use crate::connections::{self, Listening, Seat, Served};
use crate::words::zh::system;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Extension, Router};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use subtle::ConstantTimeEq;
use teloxide::Bot;
use tokio::sync::watch;

/// The path that updates are posted to.
const PATH: &str = "/telegram";
/// An update is far smaller.
const LARGEST_UPDATE: usize = 1 << 20;
/// An update arrives faster.
const BODY_WITHIN: Duration = Duration::from_secs(10);
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Where updates come in.
pub(super) struct Door {
    /// Nothing until it is known who the bot is: then Telegram is told to come again.
    arrivals: OnceLock<Arc<Arrivals>>,
    announcing: Announcing,
}

/// Opens the door where the settings want one; an address that is taken is for a person to mend.
pub(super) async fn open(
    settings: &Telegram,
) -> Result<Option<(Arc<Door>, Listening)>, TelegramError> {
    if settings.mode != "webhook" {
        return Ok(None);
    }
    let fault = |cause| TelegramError::Listen(settings.webhook_listen.clone(), cause);
    let secret = random_secret().map_err(|error| fault(error.to_string()))?;
    let listening = connections::listen(&settings.webhook_listen)
        .await
        .map_err(|error| fault(system::fault(&error)))?;
    let url = format!("{}{PATH}", settings.webhook_url.trim_end_matches('/'));
    let door = Door {
        arrivals: OnceLock::new(),
        announcing: Announcing::new(url, secret),
    };
    Ok(Some((Arc::new(door), listening)))
}

/// Serves the door until told to stop; what was accepted is in its queue by then.
pub(super) async fn serve(door: Arc<Door>, listening: Listening, stop: watch::Receiver<bool>) {
    let health = Router::new().route("/healthz", get(|| async { "ok" }));
    let when_full = health
        .clone()
        .fallback(|| async { StatusCode::SERVICE_UNAVAILABLE });
    let updates = Router::new().route(PATH, post(receive)).with_state(door);
    let whole = health.merge(updates);
    let served = Served { whole, when_full };
    listening.serve(served, std::future::ready(()), stop).await;
}

impl Door {
    /// From now on updates are taken.
    pub(super) fn let_in(&self, arrivals: Arc<Arrivals>) {
        let _ = self.arrivals.set(arrivals);
    }

    /// Sees to it that Telegram knows the door, until told to stop.
    pub(super) async fn keep_announced(
        &self,
        bot: &Bot,
        line: &TelegramLine,
        stop: watch::Receiver<bool>,
    ) {
        self.announcing.keep(bot, line, stop).await;
    }

    /// Whether whoever posts knows the secret.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(SECRET_HEADER).map(|given| given.as_bytes());
        // In the same time whatever is given: the secret cannot be found letter by letter.
        bool::from(
            given
                .unwrap_or_default()
                .ct_eq(self.announcing.secret().as_bytes()),
        )
    }
}

/// Who does not know the secret is turned away before anything of what it sends is read.
async fn receive(
    State(door): State<Arc<Door>>,
    Extension(seat): Extension<Seat>,
    request: Request,
) -> StatusCode {
    if !door.is_known(request.headers()) {
        return StatusCode::FORBIDDEN;
    }
    // The door is open before it is known who the bot is: Telegram tries again.
    let Some(arrivals) = door.arrivals.get().map(Arc::clone) else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said = said.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    // Refused by what it says of itself, before a byte is read.
    if said.is_some_and(|said| said > LARGEST_UPDATE) {
        return StatusCode::PAYLOAD_TOO_LARGE;
    }
    let body = axum::body::to_bytes(request.into_body(), LARGEST_UPDATE);
    let body = match tokio::time::timeout(BODY_WITHIN, body).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let Ok(update) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    door.announcing.came_in();
    // From here on the connection makes room for nobody: what Telegram brought is being written.
    let _at_work = seat.work();
    // A task of its own: what was begun to be taken is taken, also where the connection is closed
    // meanwhile.
    match tokio::spawn(async move { arrivals.take(&[update]).await }).await {
        Ok(()) => StatusCode::OK,
        // Taking it panicked: Telegram brings it again.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Thirty-two bytes of chance, as letters and digits.
fn random_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
