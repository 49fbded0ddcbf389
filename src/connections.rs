//! A listener whose connections have limits on their number, their pace and their life, and an end
//! in which nothing that was accepted is dropped. The page and the webhook listen through it; it
//! knows neither of them.
//!
//! It never stops accepting: whoever holds connections without having anything done makes room for
//! others (`seats`), and where everybody is at work, a short answer is given all the same.

mod seats;

pub use seats::Seat;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use seats::{Seats, TakenSeat};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tower_service::Service;

/// So many connections at once.
const MOST_CONNECTIONS: usize = 512;
/// So many of them from one address: a quarter is always left to others. A proxy before the page is
/// one address, and its own limit is usually lower.
const MOST_OF_ONE_ADDRESS: usize = 384;
/// So many beside, which get nothing but the short answer, and of one address.
const MOST_STANDING: usize = 32;
const MOST_STANDING_OF_ONE_ADDRESS: usize = 8;
/// Whoever stands is gone after.
const STANDS_FOR: Duration = Duration::from_secs(3);
/// All headers must be there within.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// A browser sends some twenty; what sends more is no browser.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 16 * 1024;
/// A connection ends so long after it began, when its request is answered.
const LIFE: Duration = Duration::from_secs(300);
/// Whoever does not read the last reply within is cut off.
const LAST_REPLY_WITHIN: Duration = Duration::from_secs(30);
/// When the program ends, whoever is sending gets the answer of one more request within.
const STILL_TAKEN: Duration = Duration::from_millis(300);
/// When the program ends, a connection on which nothing is being done is closed after: half a head,
/// half a body, a reply that nobody reads.
const IDLE_AT_THE_END: Duration = Duration::from_secs(3);
/// When the program ends, answers are waited for; with what is still taken before, ten seconds at
/// most.
const STOP_WITHIN: Duration = Duration::from_secs(9);

/// The address that a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

/// A listener that is open; nothing is served yet.
pub struct Listening {
    listener: TcpListener,
    /// Where.
    pub address: SocketAddr,
}

/// What is served.
pub struct Served {
    /// Everything.
    pub whole: Router,
    /// What is answered where there is no room for more: health, and a word that there is none.
    pub when_full: Router,
}

/// How a connection is kept.
#[derive(Clone)]
struct ServingManner {
    router: Router,
    headers_within: Duration,
    life: Duration,
    keeps_alive: bool,
}

/// Listens on an address.
pub async fn listen(address: &str) -> std::io::Result<Listening> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Serves until told to stop, and then what was accepted; `finish` waits for what was begun.
    pub async fn serve(
        self,
        served: Served,
        finish: impl Future<Output = ()>,
        mut stop: watch::Receiver<bool>,
    ) {
        let seats = Arc::new(Seats::new(MOST_CONNECTIONS, MOST_OF_ONE_ADDRESS));
        let standing = Arc::new(Seats::new(MOST_STANDING, MOST_STANDING_OF_ONE_ADDRESS));
        let seated = ServingManner {
            router: served.whole,
            headers_within: HEADERS_WITHIN,
            life: LIFE,
            keeps_alive: true,
        };
        let brief = ServingManner {
            router: served.when_full,
            headers_within: STANDS_FOR,
            life: STANDS_FOR,
            keeps_alive: false,
        };
        let connections = TaskTracker::new();
        let told = stop.clone();
        let begin = |(stream, peer): (TcpStream, SocketAddr)| {
            let place = match seats.take(peer.ip()) {
                Some(seat) => Some((seat, seated.clone())),
                None => standing.take(peer.ip()).map(|place| (place, brief.clone())),
            };
            if let Some((seat, manner)) = place {
                connections.spawn(converse(stream, peer, seat, manner, told.clone()));
            }
        };
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener) => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            accepted.map(begin);
        }
        // Connections that wait in the system's queue were made before the end: they are served
        // too.
        let taken = async {
            loop {
                accept(&self.listener).await.map(begin);
            }
        };
        let _ = tokio::time::timeout(STILL_TAKEN, taken).await;
        // What waits in the queue at this moment is taken too, but nothing more is waited for: a
        // listener that closes with somebody in its queue resets their connection.
        while let Ok(accepted) = tokio::time::timeout(Duration::ZERO, accept(&self.listener)).await
            && let Some(accepted) = accepted
        {
            begin(accepted);
        }
        // Before the waiting: who comes now is refused at once instead of hanging.
        drop(self.listener);
        connections.close();
        let finished = async {
            connections.wait().await;
            finish.await;
        };
        if tokio::time::timeout(STOP_WITHIN, finished).await.is_err() {
            tracing::warn!("some requests were still under way when the bot stopped");
        }
    }
}

async fn accept(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            // A reply is written whole: without this its last part waits until the other side has
            // confirmed what came before.
            let _ = stream.set_nodelay(true);
            Some((stream, peer))
        }
        Err(error) => {
            // Too many open files, or a connection that ended before it began: a pause, and on.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// One connection, until it ends, makes room, its life is over, or the program is told to stop.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    taken: TakenSeat,
    manner: ServingManner,
    mut stop: watch::Receiver<bool>,
) {
    let seat = taken.seat();
    let of_requests = seat.clone();
    let router = manner.router;
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(of_requests.clone());
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(manner.headers_within)
        // One request each for those who stand: else one of them would hold its place for more.
        .keep_alive(manner.keeps_alive)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let life = manner.life;
    let told = async {
        let is_told = tokio::select! {
            stopped = stop.wait_for(|stop| *stop) => stopped.is_ok(),
            () = tokio::time::sleep(life) => false,
        };
        if is_told {
            // On a connection that is kept alive the next request may be on its way already.
            tokio::time::sleep(STILL_TAKEN).await;
        }
        is_told
    };
    let is_told = tokio::select! {
        _ = connection.as_mut() => return,
        () = seat.makes_room() => return,
        is_told = told => is_told,
    };
    connection.as_mut().graceful_shutdown();
    let rest = if is_told {
        IDLE_AT_THE_END
    } else {
        LAST_REPLY_WITHIN
    };
    tokio::select! {
        _ = connection.as_mut() => {}
        () = seat.makes_room() => {}
        () = seat.is_idle_for(rest) => {}
    }
}
