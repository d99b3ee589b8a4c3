//! A line to a server that can be cut, go silent as a stopped server does, or fail at the very moment
//! at which somebody says certain words on it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use super::locked;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
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

/// What becomes of certain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// They are passed on late, each time.
    Late(Duration),
    /// They never reach the server, and the connection is silent from then on; once.
    Withheld,
    /// The server answers them, the answer is kept back, and the connection is silent from then on;
    /// once.
    Unheard,
    /// The server answers them, and the connection ends before the answer; each time.
    AnswerLost,
}

/// Words that have to be said on one connection, one after the other, and what the last ones meet.
#[derive(Debug)]
struct Trap {
    words: Vec<String>,
    mishap: Mishap,
    is_set: bool,
}

#[derive(Debug)]
struct Shared {
    state: watch::Sender<State>,
    trap: Mutex<Option<Trap>>,
    /// How often words have met their mishap.
    sprung: watch::Sender<usize>,
    open: AtomicUsize,
    most: AtomicUsize,
}

/// A loopback address that leads to a server; ends with its value.
pub struct Line {
    /// Where to connect to.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl Line {
    /// Lays a line to a server.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            state: watch::Sender::new(State::Open),
            trap: Mutex::default(),
            sprung: watch::Sender::new(0),
            open: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let carried = Arc::clone(&shared);
        let serving = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let shared = Arc::clone(&carried);
                tokio::spawn(async move { shared.carry(near, server).await });
            }
        });
        Self { address, shared, serving }
    }

    /// Ends all connections, and new ones as soon as they are made.
    pub fn cut(&self) {
        self.shared.state.send_replace(State::Cut);
    }

    /// Lets nothing pass, new connections included, but ends none.
    pub fn silence(&self) {
        self.shared.state.send_replace(State::Silent);
    }

    /// Lets new connections through again.
    pub fn mend(&self) {
        self.shared.state.send_replace(State::Open);
    }

    /// Lets the last of these words meet a mishap from now on, once those before them have been said
    /// on the same connection.
    pub fn when(&self, words: &[&str], mishap: Mishap) {
        let words = words.iter().map(|&words| words.to_owned()).collect();
        *locked(&self.shared.trap) = Some(Trap { words, mishap, is_set: true });
    }

    /// Lets all words pass again.
    pub fn heal(&self) {
        *locked(&self.shared.trap) = None;
    }

    /// Waits until words have met their mishap so often.
    pub async fn sprung(&self, times: usize) {
        let mut sprung = self.shared.sprung.subscribe();
        let _ = sprung.wait_for(|sprung| *sprung >= times).await;
    }

    /// Returns how many connections there were at once.
    #[must_use]
    pub fn most_connections(&self) -> usize {
        self.shared.most.load(Ordering::Relaxed)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// What a connection does with a piece of what was said.
enum Pass {
    On,
    Into(Mishap),
}

impl Shared {
    /// Carries one connection as long as the line is open. A silent one never speaks again.
    async fn carry(&self, mut near: TcpStream, server: SocketAddr) {
        let open = self.open.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        self.most.fetch_max(open, Ordering::Relaxed);
        let mut state = self.state.subscribe();
        if *state.borrow() == State::Open {
            if let Ok(mut far) = TcpStream::connect(server).await {
                let _ = (near.set_nodelay(true), far.set_nodelay(true));
                tokio::select! {
                    () = self.talk(&mut near, &mut far) => {}
                    _ = state.wait_for(|state| *state != State::Open) => {}
                }
                if *state.borrow() == State::Silent {
                    let _ = state.wait_for(|state| *state == State::Cut).await;
                }
            }
        } else {
            let _ = state.wait_for(|state| *state == State::Cut).await;
        }
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    /// Passes on what both sides say, until one has said everything or there is a mishap.
    async fn talk(&self, near: &mut TcpStream, far: &mut TcpStream) {
        let (mut asked, mut told) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
        let (mut said, mut met) = (0_usize, None);
        loop {
            tokio::select! {
                read = near.read(&mut asked) => {
                    let Some(piece) = piece(&asked, read) else { return };
                    match self.hear(piece, &mut said) {
                        Pass::Into(Mishap::Late(wait)) => tokio::time::sleep(wait).await,
                        Pass::Into(Mishap::Withheld) => return self.fall_silent(near).await,
                        Pass::Into(mishap) => met = Some(mishap),
                        Pass::On => {}
                    }
                    if far.write_all(piece).await.is_err() { return }
                }
                read = far.read(&mut told) => {
                    let Some(piece) = piece(&told, read) else { return };
                    match met {
                        Some(Mishap::Unheard) => return self.fall_silent(near).await,
                        Some(_) => return self.spring(),
                        None => if near.write_all(piece).await.is_err() { return }
                    }
                }
            }
        }
    }

    /// Notes which of the words a piece holds, and returns what it meets.
    fn hear(&self, piece: &[u8], said: &mut usize) -> Pass {
        let mut trap = locked(&self.trap);
        let Some(trap) = trap.as_mut().filter(|trap| trap.is_set) else { return Pass::On };
        while let Some(words) = trap.words.get(*said) {
            if !piece.windows(words.len()).any(|part| part == words.as_bytes()) {
                return Pass::On;
            }
            *said = said.saturating_add(1);
        }
        *said = 0;
        trap.is_set = matches!(trap.mishap, Mishap::Late(_) | Mishap::AnswerLost);
        Pass::Into(trap.mishap)
    }

    fn spring(&self) {
        self.sprung.send_modify(|sprung| *sprung = sprung.saturating_add(1));
    }

    /// Keeps a connection without a word until its near side gives it up.
    async fn fall_silent(&self, near: &mut TcpStream) {
        self.spring();
        let mut nothing = [0; 1024];
        while near.read(&mut nothing).await.is_ok_and(|read| read > 0) {}
    }
}

/// Returns what was read; nothing at the end.
fn piece(buffer: &[u8], read: std::io::Result<usize>) -> Option<&[u8]> {
    buffer.get(..read.ok()?).filter(|piece| !piece.is_empty())
}
