//! The listener: connections with limits on their number, their pace and their life, and an end in
//! which nothing that was accepted is dropped.

use super::site::Site;
use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;
use tower_service::Service;

/// So many connections at once; further ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 512;
/// All headers must be there within.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 16 * 1024;
/// A connection ends so long after it began, when its request is answered.
const LIFE: Duration = Duration::from_secs(300);
/// Whoever does not read the last reply within is cut off.
const LAST_REPLY_WITHIN: Duration = Duration::from_secs(30);
/// When the program ends, whoever is sending gets the answer of one more request within.
const STILL_TAKEN: Duration = Duration::from_millis(300);
/// When the program ends, answers are waited for; with what is still taken before, ten seconds at
/// most.
const STOP_WITHIN: Duration = Duration::from_secs(9);

/// Why the page cannot be opened; one sentence for the person who starts it.
#[derive(Debug, Error)]
pub enum WebError {
    /// The address cannot be listened on.
    #[error(
        "不能在 {0} 上打开网页（{1}）；请停掉占用它的程序，或在 bot.toml 的 [web] 里换 listen 的端口，或写 enabled = false"
    )]
    Listen(String, String),
}

/// The address that a request comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// A page that listens.
pub struct Listening {
    listener: TcpListener,
    /// Where.
    pub address: SocketAddr,
}

/// Listens on an address; nothing is served yet.
pub async fn listen(address: &str) -> Result<Listening, WebError> {
    let fault = |error: std::io::Error| WebError::Listen(address.to_string(), error.to_string());
    let listener = TcpListener::bind(address).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Serves until told to stop, and then what was accepted.
    pub async fn serve(self, site: Arc<Site>, mut stop: watch::Receiver<bool>) {
        let router = site.router();
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let connections = TaskTracker::new();
        let begin = |(stream, peer, place): Accepted, stop: watch::Receiver<bool>| {
            let router = router.clone();
            connections.spawn(async move {
                converse(stream, peer, router, stop).await;
                drop(place);
            });
        };
        let told = stop.clone();
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &places) => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            if let Some(accepted) = accepted {
                begin(accepted, told.clone());
            }
        }
        // Connections that wait in the system's queue were made before the end: they are served
        // too.
        let taken = async {
            loop {
                if let Some(accepted) = accept(&self.listener, &places).await {
                    begin(accepted, told.clone());
                }
            }
        };
        let _ = tokio::time::timeout(STILL_TAKEN, taken).await;
        while let Ok(Some(accepted)) =
            tokio::time::timeout(Duration::ZERO, accept(&self.listener, &places)).await
        {
            begin(accepted, told.clone());
        }
        drop(self.listener);
        connections.close();
        let finished = async {
            connections.wait().await;
            site.finish().await;
        };
        if tokio::time::timeout(STOP_WITHIN, finished).await.is_err() {
            tracing::warn!("some requests of the page were still under way when the bot stopped");
        }
    }
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            let _ = stream.set_nodelay(true);
            Some((stream, peer, place))
        }
        Err(error) => {
            // Too many open files, or a connection that ended before it began: a pause, and on.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// One connection, until it ends, its life is over, or the program is told to stop.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let told = async {
        let is_told = tokio::select! {
            stopped = stop.wait_for(|stop| *stop) => stopped.is_ok(),
            () = tokio::time::sleep(LIFE) => false,
        };
        if is_told {
            tokio::time::sleep(STILL_TAKEN).await;
        }
    };
    tokio::select! {
        _ = connection.as_mut() => return,
        () = told => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(LAST_REPLY_WITHIN, connection).await;
}
