//! Every HTTP client of the product comes from here: deadlines, a size cap while reading, no
//! redirects, no proxy from the environment, and no way to private addresses by a foreign name.

mod address;

use address::Guarded;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use reqwest::{Method, RequestBuilder, Response, redirect::Policy};
use std::{sync::Arc, time::Duration};
use url::{Host, Url};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a server may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// Installs the one TLS provider of the process; the second call changes nothing.
pub fn install_provider() {
    // The only failure is that one is installed already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Why an exchange did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is private, or its scheme is not HTTP.
    #[error("the address is not allowed")]
    Forbidden,
    /// The request never left: no client, no address, no connection.
    #[error("no connection")]
    NotSent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The request left and its answer did not come back whole.
    #[error("no answer")]
    NoAnswer(#[source] reqwest::Error),
    /// The answer is larger than allowed.
    #[error("the answer is too large")]
    TooLarge,
}

/// A client bound to the address policy.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Option<reqwest::Client>,
    trusted: Arc<[String]>,
}

impl Client {
    /// Makes a client whose whole exchanges end within a deadline. `trusted` are hosts by the
    /// owner's own settings: they alone may be private addresses.
    #[must_use]
    pub fn new(trusted: impl IntoIterator<Item = String>, total: Duration) -> Self {
        install_provider();
        let trusted: Arc<[String]> =
            trusted.into_iter().map(|host| host.to_ascii_lowercase()).collect();
        let inner = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE.min(total))
            .timeout(total)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .dns_resolver(Guarded::new(Arc::clone(&trusted)))
            .build();
        if let Err(error) = &inner {
            tracing::error!(%error, "no http client could be made");
        }
        Self { inner: inner.ok(), trusted }
    }

    /// Begins a request.
    ///
    /// # Errors
    ///
    /// [`HttpError::Forbidden`] for an address outside the policy.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, HttpError> {
        if !self.allows(&url) {
            return Err(HttpError::Forbidden);
        }
        let client = self.inner.as_ref().ok_or_else(|| HttpError::NotSent("no client".into()))?;
        Ok(client.request(method, url))
    }

    /// Returns whether an address may be asked. Names are judged again when they are resolved.
    fn allows(&self, url: &Url) -> bool {
        let is_trusted = |host: &str| self.trusted.iter().any(|trusted| trusted == host);
        let by_host = match url.host() {
            Some(Host::Ipv4(ip)) => address::is_public(ip.into()) || is_trusted(&ip.to_string()),
            Some(Host::Ipv6(ip)) => address::is_public(ip.into()) || is_trusted(&format!("[{ip}]")),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        by_host && matches!(url.scheme(), "http" | "https")
    }
}

/// Sends a request and returns the head of the answer.
///
/// # Errors
///
/// [`HttpError::NotSent`] if the server cannot have seen it, [`HttpError::NoAnswer`] if it may.
pub async fn send(request: RequestBuilder) -> Result<Response, HttpError> {
    request.send().await.map_err(|error| {
        let error = error.without_url();
        if error.is_connect() || error.is_builder() {
            HttpError::NotSent(Box::new(error))
        } else {
            HttpError::NoAnswer(error)
        }
    })
}

/// Reads the body of an answer, at most `max` bytes of it, whatever its head claims.
///
/// # Errors
///
/// [`HttpError::TooLarge`] beyond that, [`HttpError::NoAnswer`] if it ends too early.
pub async fn read(response: Response, max: usize) -> Result<Bytes, HttpError> {
    let mut body = BytesMut::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| HttpError::NoAnswer(error.without_url()))?;
        if piece.len() > max.saturating_sub(body.len()) {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// Returns how long an answer asks to wait: by `retry-after-ms`, or by `retry-after` in seconds or
/// as a date, which is compared with the server's own.
#[must_use]
pub fn retry_after(response: &Response) -> Option<Duration> {
    let text = |name: &str| response.headers().get(name)?.to_str().ok().map(str::trim);
    let number = |name: &str| text(name)?.parse().ok();
    let date = |name: &str| jiff::fmt::rfc2822::parse(text(name)?).ok();
    let until = || {
        let wait = date("retry-after")?.duration_since(&date("date")?);
        Some(Duration::try_from(wait).unwrap_or_default())
    };
    number("retry-after-ms")
        .map(Duration::from_millis)
        .or_else(|| number("retry-after").map(Duration::from_secs))
        .or_else(until)
}
