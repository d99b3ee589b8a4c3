//! Servers on loopback that speak the real protocols of the services we talk to.
//!
//! They are as strict as the services themselves, write down every request, and fail on command.

pub mod collector;
pub mod line;
pub mod openai;
pub mod s3;
pub mod twilio;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::Response,
};
use bytes::Bytes;
use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The method.
    pub method: Method,
    /// Path and query as sent.
    pub path: String,
    /// All headers, with secrets as they came.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Recorded {
    fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self { method, path, headers, body }
    }

    /// Returns the fields of a form body, in order.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Returns the JSON body; null if it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns a header's text; empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// What the next request meets instead of, or before, a right answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// An error: status, body, and seconds to wait if it names them.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: serde_json::Value,
        /// The header `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The request does its work, but its answer breaks off.
    DropAfterAccepting,
    /// A right answer, late.
    Slow(Duration),
    /// A redirect to another place than the right one.
    RedirectTo(String),
    /// These bytes with status 200.
    Body(Bytes),
    /// An error with a wait in words of its own: a date, or nonsense.
    Wait {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`.
        retry_after: String,
    },
    /// An answer that comes letter by letter and never ends.
    Trickle,
}

impl Fault {
    /// Makes an error without a body or a wait.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self::Answer { status, body: serde_json::Value::Null, retry_after: None }
    }
}

/// Faults in the order in which they strike.
#[derive(Debug, Default)]
struct Script(Mutex<VecDeque<Fault>>);

impl Script {
    fn add(&self, fault: Fault) {
        locked(&self.0).push_back(fault);
    }

    /// Takes the next fault; a slow one is waited out here and is then none.
    async fn next(&self) -> Option<Fault> {
        let fault = locked(&self.0).pop_front();
        if let Some(Fault::Slow(wait)) = fault {
            tokio::time::sleep(wait).await;
            return None;
        }
        fault
    }
}

/// A running server; it ends when this is dropped.
#[derive(Debug)]
struct Running {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(router: Router) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            // It ends with its task; a test that still talks to it sees a closed connection.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, task })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns what a mutex guards; a panic in another test thread does not matter here.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(status: u16, body: &serde_json::Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Returns what a fault looks like from outside.
fn faulty(fault: Fault) -> Response {
    match fault {
        Fault::Answer { status, body, retry_after } => {
            let mut response = answer(status, &body);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Fault::Wait { status, retry_after } => waiting(status, &retry_after),
        Fault::Trickle => trickle(),
        Fault::RedirectTo(place) => redirect(&place),
        Fault::Body(bytes) => Response::new(Body::from(bytes)),
        Fault::DropAfterAccepting | Fault::Slow(_) => broken_off(),
    }
}

fn redirect(place: &str) -> Response {
    let mut response = answer(307, &serde_json::Value::Null);
    if let Ok(place) = place.parse() {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

fn waiting(status: u16, retry_after: &str) -> Response {
    let mut response = answer(status, &serde_json::Value::Null);
    if let Ok(wait) = retry_after.parse() {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

/// Blanks before a JSON value that never comes, as servers send them to keep a connection open.
fn trickle() -> Response {
    let blanks = futures::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Ok::<Bytes, io::Error>(Bytes::from_static(b" ")), ()))
    });
    Response::new(Body::from_stream(blanks))
}

/// An answer whose connection closes before its body.
fn broken_off() -> Response {
    let cut = futures::stream::once(async {
        Err::<Bytes, io::Error>(io::ErrorKind::ConnectionReset.into())
    });
    let mut response = Response::new(Body::from_stream(cut));
    response.headers_mut().insert(header::CONTENT_LENGTH, 1_000.into());
    response
}
