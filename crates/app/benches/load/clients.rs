//! Whoever sends: connections that are kept open, each with one request under way.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// How long an answer may take before it counts as an error.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of the requests.
pub struct Sent {
    /// How long each answer took, from when it should have left, in microseconds, sorted.
    pub waits: Vec<u32>,
    /// Requests without a good answer.
    pub errors: usize,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Sent {
    /// Returns good answers by the second.
    pub fn rate(&self) -> f64 {
        self.waits.len() as f64 / self.took.as_secs_f64()
    }

    /// Returns the time within which a share of the answers came, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.waits.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        self.waits.get(place).map_or(f64::NAN, |wait| f64::from(*wait) / 1000.0)
    }
}

/// Sends requests over so many connections, as fast as they are answered or at a rate by the second.
pub async fn send(
    to: SocketAddr,
    requests: &Arc<Vec<Vec<u8>>>,
    connections: usize,
    rate: Option<f64>,
) -> Sent {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(TcpStream::connect(to).await.unwrap());
    }
    let (next, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut clients = JoinSet::new();
    for mut stream in open {
        let (requests, next) = (Arc::clone(requests), Arc::clone(&next));
        clients.spawn(async move {
            stream.set_nodelay(true).unwrap();
            let (mut waits, mut errors) = (Vec::new(), 0_usize);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.get(number) else { return (waits, errors) };
                let mut due = Instant::now();
                if let Some(rate) = rate {
                    due = begun + Duration::from_secs_f64(number as f64 / rate);
                    tokio::time::sleep_until(due.into()).await;
                }
                let answered = tokio::time::timeout(PATIENCE, exchange(&mut stream, request)).await;
                if answered.is_ok_and(|good| good) {
                    waits.push(u32::try_from(due.elapsed().as_micros()).unwrap());
                } else {
                    errors += 1;
                    stream = TcpStream::connect(to).await.unwrap();
                }
            }
        });
    }
    let (mut waits, mut errors) = (Vec::with_capacity(requests.len()), 0);
    while let Some(client) = clients.join_next().await {
        let (its_waits, its_errors) = client.unwrap();
        waits.extend(its_waits);
        errors += its_errors;
    }
    let took = begun.elapsed();
    waits.sort_unstable();
    Sent { waits, errors, took }
}

/// Sends one request and reads its answer; returns whether it is a good one.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> bool {
    if stream.write_all(request).await.is_err() {
        return false;
    }
    let (mut answer, mut buffer) = (Vec::with_capacity(512), [0_u8; 2048]);
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return false,
            Ok(length) => answer.extend_from_slice(&buffer[..length]),
        }
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return head.starts_with("HTTP/1.1 200");
        }
    }
}
