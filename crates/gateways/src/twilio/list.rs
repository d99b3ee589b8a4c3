//! The messages of the account, as the REST API lists them: pages, newest first.

use super::{
    Twilio,
    send::{MAX_ANSWER, complaint},
};
use crate::http;
use jiff::{Timestamp, civil, fmt::rfc2822, tz::TimeZone};
use ports::channel::ChannelError;
use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

/// A message as it is listed; what is not needed is left out.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub(super) sid: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) body: Option<String>,
    pub(super) direction: Option<String>,
    num_media: Option<String>,
    date_created: Option<String>,
}

impl Listed {
    /// Returns when it was made, to the second.
    pub(super) fn created(&self) -> Option<Timestamp> {
        let date = self.date_created.as_deref()?;
        rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
    }

    pub(super) fn has_files(&self) -> bool {
        self.num_media.as_deref().is_some_and(|count| count != "0")
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    messages: Vec<Listed>,
    next_page_uri: Option<String>,
}

/// Returns the address of the first page of the messages to somebody since the day of an instant.
pub(super) fn since(twilio: &Twilio, to: &str, since: Timestamp) -> Result<Url, ChannelError> {
    let day: civil::Date = since.to_zoned(TimeZone::UTC).date();
    let mut url = twilio.messages()?;
    url.query_pairs_mut()
        .append_pair("To", to)
        .append_pair("DateSent>", &day.to_string())
        .append_pair("PageSize", "100");
    Ok(url)
}

/// Returns the messages of a page, and the address of the next one.
pub(super) async fn page(
    twilio: &Twilio,
    url: Url,
) -> Result<(Vec<Listed>, Option<Url>), ChannelError> {
    let page: Page = get(twilio, url).await?;
    let next = page.next_page_uri.and_then(|uri| next_page(twilio, &uri));
    Ok((page.messages, next))
}

/// Returns the address of a further page, if it stays with this account's messages.
fn next_page(twilio: &Twilio, uri: &str) -> Option<Url> {
    let own = twilio.messages().ok()?;
    let next = own.join(uri).ok()?;
    (next.origin() == own.origin() && next.path() == own.path()).then_some(next)
}

/// Asks the REST API; nothing that it is asked for changes anything.
pub(super) async fn get<T: DeserializeOwned>(twilio: &Twilio, url: Url) -> Result<T, ChannelError> {
    let response = http::send(twilio.signed(Method::GET, url)?)
        .await
        .map_err(|error| unasked(error.into()))?;
    if response.status().is_success() {
        let body = http::read(response, MAX_ANSWER).await.map_err(|error| unasked(error.into()))?;
        return serde_json::from_slice(&body).map_err(|error| unasked(error.into()));
    }
    match complaint(response).await {
        ChannelError::Unclear(error) => Err(unasked(error)),
        error => Err(error),
    }
}

fn unasked(error: Box<dyn std::error::Error + Send + Sync>) -> ChannelError {
    ChannelError::Unavailable(error)
}
