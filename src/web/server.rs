//! The page's listener: where it is, and what is served on it.

use super::fault::PageFault;
use super::routes;
use super::site::Site;
use crate::connections::{self, Served};
use crate::words::zh::system;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::watch;

/// Why the page cannot be opened; one sentence for the person who starts it.
#[derive(Debug, Error)]
pub enum WebError {
    /// The address cannot be listened on.
    #[error(
        "不能在 {0} 上打开网页（{1}）；请停掉占用它的程序，或在 bot.toml 的 [web] 里换 listen 的端口，或写 enabled = false"
    )]
    Listen(String, String),
}

pub struct PageListener {
    listening: connections::Listening,
    /// Where.
    pub address: SocketAddr,
}

/// Listens on an address; nothing is served yet.
pub async fn listen(address: &str) -> Result<PageListener, WebError> {
    let listening = connections::listen(address)
        .await
        .map_err(|error| WebError::Listen(address.to_string(), system::fault(&error)))?;
    let address = listening.address;
    Ok(PageListener { listening, address })
}

impl PageListener {
    /// Serves until told to stop, and then what was accepted.
    pub async fn serve(self, site: Arc<Site>, stop: watch::Receiver<bool>) {
        let served = Served {
            whole: routes::router(&site),
            when_full: when_full(&site),
        };
        self.listening.serve(served, site.finish(), stop).await;
    }
}

/// Whoever looks after the bot is answered always; others are told that there is no room.
fn when_full(site: &Arc<Site>) -> Router {
    Router::new()
        .route("/healthz", get(super::watching::alive))
        .fallback(|| async {
            PageFault::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "现在打开的人太多，请过一会儿再试。",
            )
        })
        .layer(from_fn_with_state(Arc::clone(site), super::guard::guard))
}
