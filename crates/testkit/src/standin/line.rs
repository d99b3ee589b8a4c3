//! A line to a server that can be cut, or go silent as a stopped server does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// How a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Connections end at once.
    Cut,
    /// Connections stand, nothing passes.
    Silent,
}

/// A loopback address that leads to a server; ends with its value.
pub struct Line {
    /// Where to connect to.
    pub address: SocketAddr,
    state: Arc<watch::Sender<State>>,
    serving: JoinHandle<()>,
}

impl Line {
    /// Lays a line to a server.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(watch::Sender::new(State::Open));
        let watched = Arc::clone(&state);
        let serving = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server, watched.subscribe()));
            }
        });
        Self { address, state, serving }
    }

    /// Ends all connections, and new ones as soon as they are made.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing pass, new connections included, but ends none.
    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    /// Lets new connections through again.
    pub fn mend(&self) {
        self.state.send_replace(State::Open);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Carries one connection as long as the line is open. A silent one never speaks again.
async fn carry(mut near: TcpStream, server: SocketAddr, mut state: watch::Receiver<State>) {
    if *state.borrow() == State::Open {
        let Ok(mut far) = TcpStream::connect(server).await else { return };
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = state.wait_for(|state| *state != State::Open) => {}
        }
    }
    let _ = state.wait_for(|state| *state == State::Cut).await;
}
