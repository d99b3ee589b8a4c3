//! Sends replies, and finds out what became of one whose sending ended unclear.

use super::{
    Twilio,
    list::{self, Listed},
};
use crate::http::{self, HttpError};
use domain::message::Outbound;
use jiff::Timestamp;
use ports::channel::{ChannelError, Receipt};
use reqwest::{Method, Response, StatusCode};
use serde::Deserialize;
use std::time::Duration;

/// The most characters of a message's text (error 21617).
const MAX_TEXT: usize = 1600;
/// The most bytes of an answer of the REST API.
pub(super) const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// How many pages are looked through for one reply.
const MAX_PAGES: usize = 20;
/// How long to wait when Twilio does not say.
const SLOW_DOWN: Duration = Duration::from_secs(5);
/// Codes that mean "too fast", whatever the status.
const TOO_FAST: [u32; 4] = [20_429, 30_001, 63_017, 63_018];

/// The code of an auth token that is not, or no longer, the account's.
const WRONG_CREDENTIALS: u32 = 20_003;

#[derive(Debug, Deserialize)]
struct Created {
    sid: String,
}

#[derive(Debug, Deserialize)]
struct Complaint {
    code: Option<u32>,
}

/// Sends one reply as one message.
pub(super) async fn send(twilio: &Twilio, outbound: &Outbound) -> Result<Receipt, ChannelError> {
    let form = form(twilio, outbound)?;
    let request = twilio.signed(Method::POST, twilio.messages()?)?.form(&form);
    let response = http::send(request).await.map_err(unsent)?;
    if !response.status().is_success() {
        return Err(complaint(response).await);
    }
    let body = http::read(response, MAX_ANSWER).await.map_err(unsent)?;
    let created: Created =
        serde_json::from_slice(&body).map_err(|error| ChannelError::Unclear(Box::new(error)))?;
    Ok(Receipt { provider_id: created.sid })
}

fn form(twilio: &Twilio, outbound: &Outbound) -> Result<Vec<(&'static str, String)>, ChannelError> {
    let settings = &twilio.settings;
    let from = if outbound.from.is_empty() { &settings.from } else { &outbound.from };
    let mut form = vec![("To", outbound.to.clone()), ("From", from.clone())];
    let text = text(outbound);
    if !text.is_empty() {
        form.push(("Body", text));
    }
    let base = settings.public_base_url.trim_end_matches('/');
    if !base.is_empty() {
        let id = outbound.id;
        form.push(("StatusCallback", format!("{base}/webhooks/twilio/status?reply={id}")));
    }
    if let Some(file) = &outbound.file {
        if base.is_empty() {
            return Err(ChannelError::NoSuchFile);
        }
        form.push(("MediaUrl", format!("{base}/media/{}", file.link_token)));
    }
    Ok(form)
}

/// Returns the text with its buttons as words to type, where both fit.
fn text(outbound: &Outbound) -> String {
    let labels: Vec<&str> = outbound.buttons.iter().map(|button| button.label.as_str()).collect();
    if labels.is_empty() {
        return outbound.text.clone();
    }
    let with_labels = format!("{}\n\n{}", outbound.text, labels.join(" / "));
    if with_labels.chars().count() > MAX_TEXT { outbound.text.clone() } else { with_labels }
}

/// An exchange that broke after the request left may have done its work.
fn unsent(error: HttpError) -> ChannelError {
    match error {
        HttpError::NotSent(_) | HttpError::Forbidden => ChannelError::Unavailable(Box::new(error)),
        HttpError::NoAnswer(_) | HttpError::TooLarge => ChannelError::Unclear(Box::new(error)),
    }
}

pub(super) async fn complaint(response: Response) -> ChannelError {
    let status = response.status();
    let after = http::retry_after(&response).unwrap_or(SLOW_DOWN);
    let body = http::read(response, MAX_ANSWER).await.unwrap_or_default();
    let code = serde_json::from_slice::<Complaint>(&body).ok().and_then(|complaint| complaint.code);
    let code = code.unwrap_or_else(|| u32::from(status.as_u16()));
    if status == StatusCode::TOO_MANY_REQUESTS || TOO_FAST.contains(&code) {
        return ChannelError::RateLimited { after };
    }
    if status == StatusCode::UNAUTHORIZED || code == WRONG_CREDENTIALS {
        return ChannelError::Unauthorized;
    }
    // A server error may come after the message was taken.
    if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        return ChannelError::Unclear(format!("status {}, code {code}", status.as_u16()).into());
    }
    ChannelError::Refused { code }
}

/// Looks for a reply among the messages that the account has sent to its recipient.
pub(super) async fn find_sent(
    twilio: &Twilio,
    outbound: &Outbound,
    since: Timestamp,
    known: &[String],
) -> Result<Option<Receipt>, ChannelError> {
    let mut next = Some(list::since(twilio, &outbound.to, since)?);
    let mut found = None;
    for _ in 0..MAX_PAGES {
        let Some(url) = next else { return Ok(found) };
        let (messages, following) = list::page(twilio, url).await?;
        // Newest first: the oldest match is the one that this reply's first try has made.
        let matching =
            |message: &&Listed| !known.contains(&message.sid) && is_it(message, outbound, since);
        if let Some(message) = messages.iter().rfind(matching) {
            found = Some(Receipt { provider_id: message.sid.clone() });
        }
        next = following;
    }
    Ok(found)
}

fn is_it(message: &Listed, outbound: &Outbound, since: Timestamp) -> bool {
    let is_outbound = message.direction.as_deref().is_none_or(|way| way.starts_with("outbound"));
    // Twilio's dates have no fractions of a second.
    let in_time = message.created().is_some_and(|at| at.as_second() >= since.as_second());
    let body = message.body.as_deref().unwrap_or_default();
    is_outbound
        && in_time
        && message.has_files() == outbound.file.is_some()
        && body.trim() == text(outbound).trim()
}
