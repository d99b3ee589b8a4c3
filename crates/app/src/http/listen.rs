//! Connections: how many at once, and how long one may take to say what it wants.
//!
//! A peer that sends its headers a byte a second, or nothing at all, is let go; so is an idle one.

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// How long a connection may take to send the head of a request, the wait for the next included.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// The most connections at once, where the system allows as many.
const MOST_CONNECTIONS: u64 = 8_192;
/// Open files that are kept for everything else: database, blobs, calls, children.
const OTHER_FILES: u64 = 128;
/// How long nothing is accepted after the system has refused a connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers connections until it is told to stop, then lets the open ones finish.
pub async fn serve(listener: TcpListener, app: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(places()));
    let open = GracefulShutdown::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Some((stream, peer)) = usable(accepted).await else { continue };
        let app = app.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(stream), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // However it ends, it is the peer's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    open.shutdown().await;
}

async fn usable(accepted: io::Result<(TcpStream, SocketAddr)>) -> Option<(TcpStream, SocketAddr)> {
    match accepted {
        Ok((stream, peer)) => {
            // Small answers must not wait for more of them.
            let _ = stream.set_nodelay(true);
            Some((stream, peer))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

/// Returns how many connections the system's limit on open files leaves room for, after raising
/// it as far as it goes.
fn places() -> usize {
    let files = rlimit::increase_nofile_limit(MOST_CONNECTIONS.saturating_add(OTHER_FILES));
    let places = files.unwrap_or(256).saturating_sub(OTHER_FILES).clamp(64, MOST_CONNECTIONS);
    usize::try_from(places).unwrap_or(64)
}
