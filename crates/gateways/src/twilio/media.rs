//! Fetches files that came with messages. An odd address is a probe of our network: credentials go
//! to this account's own media path alone, and everything else only to listed hosts without them.

use super::{Twilio, VERSION};
use crate::http::{self, HttpError};
use bytes::Bytes;
use ports::channel::ChannelError;
use reqwest::{Method, Response, StatusCode, header};
use std::time::Duration;
use url::Url;

/// The largest file that WhatsApp carries through Twilio.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How many redirects are followed.
const MAX_HOPS: usize = 3;
/// A file is often not there yet when its message arrives.
const WAITS: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(8)];
/// Where Twilio's own links point, whatever region the API is used in.
const GLOBAL_HOST: &str = "api.twilio.com";

/// Returns the bytes of a file by the address in its message.
pub(super) async fn fetch(twilio: &Twilio, remote: &str) -> Result<Bytes, ChannelError> {
    let url = own_media(twilio, remote)?;
    for wait in WAITS {
        match once(twilio, url.clone()).await {
            Err(ChannelError::NoSuchFile) => tokio::time::sleep(wait).await,
            done => return done,
        }
    }
    once(twilio, url).await
}

/// Returns the address if it is exactly one of this account's media.
fn own_media(twilio: &Twilio, remote: &str) -> Result<Url, ChannelError> {
    let url = Url::parse(remote).map_err(|_| ChannelError::NoSuchFile)?;
    let base = twilio.api()?;
    let is_base = url.origin() == base.origin();
    let is_global = url.scheme() == "https"
        && url.host_str() == Some(GLOBAL_HOST)
        && url.port_or_known_default() == Some(443);
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if (is_base || is_global) && plain && is_media_path(twilio, url.path()) {
        Ok(url)
    } else {
        Err(ChannelError::NoSuchFile)
    }
}

fn is_media_path(twilio: &Twilio, path: &str) -> bool {
    let head = format!("/{VERSION}/Accounts/{}/Messages/", twilio.settings.account_sid);
    let ids = path.strip_prefix(&head).and_then(|rest| rest.split_once("/Media/"));
    ids.is_some_and(|(message, media)| {
        (is_sid(message, "SM") || is_sid(message, "MM")) && is_sid(media, "ME")
    })
}

fn is_sid(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// One try: the credentialed hop, then redirects by hand.
async fn once(twilio: &Twilio, url: Url) -> Result<Bytes, ChannelError> {
    let mut at = url.clone();
    let mut response = ask(twilio.signed(Method::GET, url)?).await?;
    for _ in 0..MAX_HOPS {
        if !response.status().is_redirection() {
            break;
        }
        at = next_hop(twilio, &at, &response)?;
        let request = twilio.client.request(Method::GET, at.clone());
        response = ask(request.map_err(|_| ChannelError::NoSuchFile)?).await?;
    }
    body(response).await
}

async fn ask(request: reqwest::RequestBuilder) -> Result<Response, ChannelError> {
    http::send(request).await.map_err(unreached)
}

/// Returns where a redirect leads, if that is a listed host.
fn next_hop(twilio: &Twilio, at: &Url, response: &Response) -> Result<Url, ChannelError> {
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let next = location.and_then(|location| at.join(location).ok());
    next.filter(|next| is_listed(twilio, next)).ok_or(ChannelError::NoSuchFile)
}

fn is_listed(twilio: &Twilio, url: &Url) -> bool {
    let plain_base = twilio.api().is_ok_and(|base| base.scheme() == "http");
    let scheme = url.scheme() == "https" || (plain_base && url.scheme() == "http");
    let host = url.host_str().unwrap_or_default();
    let listed = twilio.settings.media_hosts.iter().any(|suffix| {
        let suffix = suffix.to_ascii_lowercase();
        let parent = host.strip_suffix(&suffix).and_then(|head| head.strip_suffix('.'));
        host == suffix || (!super::is_literal(&suffix) && parent.is_some_and(|p| !p.is_empty()))
    });
    scheme && listed && url.username().is_empty() && url.password().is_none()
}

async fn body(response: Response) -> Result<Bytes, ChannelError> {
    let status = response.status();
    match status {
        _ if status.is_success() => http::read(response, MAX_BYTES).await.map_err(unreached),
        StatusCode::NOT_FOUND | StatusCode::GONE => Err(ChannelError::NoSuchFile),
        StatusCode::TOO_MANY_REQUESTS => Err(ChannelError::RateLimited {
            after: http::retry_after(&response).unwrap_or(Duration::from_secs(2)),
        }),
        _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            Err(ChannelError::Unavailable(format!("status {}", status.as_u16()).into()))
        }
        _ => Err(ChannelError::Refused { code: u32::from(status.as_u16()) }),
    }
}

/// Asking for a file twice does no harm, so every failure on the way may be tried again.
fn unreached(error: HttpError) -> ChannelError {
    match error {
        HttpError::Forbidden => ChannelError::NoSuchFile,
        HttpError::TooLarge => ChannelError::TooLarge,
        HttpError::NotSent(_) | HttpError::NoAnswer(_) => {
            ChannelError::Unavailable(Box::new(error))
        }
    }
}
