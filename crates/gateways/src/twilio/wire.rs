//! The form of a webhook to our own words. Unknown parameters are ignored, and every known one may
//! be absent or empty; what decides is what is there, not the undocumented `MessageType`.

use super::calling_code::locale_of;
use domain::message::{Attachment, AttachmentSource, ChannelKind, NewInbound};
use ports::store::Arrival;

/// The most files of one message that are looked at.
pub(super) const MAX_FILES: usize = 10;

/// The form is neither a message nor a status: a parameter that both always have is missing or malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0} is missing or malformed")]
pub struct Missing(pub &'static str);

/// What a webhook tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A message for us.
    Message(Box<NewInbound>),
    /// How far one of our replies has come.
    Status(DeliveryStatus),
    /// Something to acknowledge and forget, such as a reaction to one of our replies.
    Nothing,
}

/// How far one of our replies has come. These arrive twice, out of order and early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryStatus {
    /// Twilio's id of the reply.
    pub provider_id: String,
    /// Twilio's word: `queued`, `sent`, `delivered`, `read`, `failed`, `undelivered`, …
    pub status: String,
    /// Why it failed, by Twilio's code.
    pub error_code: Option<u32>,
}

impl DeliveryStatus {
    /// Returns whether the reply has arrived or never will; nothing while it is on its way. A word that
    /// comes late changes nothing any more: the first of these is the last.
    #[must_use]
    pub fn arrival(&self) -> Option<Arrival> {
        match self.status.as_str() {
            "delivered" | "read" => Some(Arrival::Delivered),
            "undelivered" | "failed" => {
                Some(Arrival::Lost { code: self.error_code.unwrap_or_default() })
            }
            _ => None,
        }
    }
}

/// Tells what a form is.
///
/// # Errors
///
/// [`Missing`] if it is none of Twilio's.
pub fn parse(form: &[(String, String)]) -> Result<Event, Missing> {
    let field = |name: &str| value(form, name);
    let status = field("MessageStatus");
    if !status.is_empty() && status != "received" {
        return Ok(Event::Status(DeliveryStatus {
            provider_id: message_sid(form)?,
            status,
            error_code: field("ErrorCode").parse().ok(),
        }));
    }
    let message = parse_inbound(form)?;
    if field("MessageType") == "reaction" && message.attachments.is_empty() {
        return Ok(Event::Nothing);
    }
    Ok(Event::Message(Box::new(message)))
}

/// Returns the message that a form holds.
///
/// The sender is an opaque address: a number, or a business-scoped id where the number is hidden.
///
/// # Errors
///
/// [`Missing`] without an id, a sender or a recipient.
pub fn parse_inbound(form: &[(String, String)]) -> Result<NewInbound, Missing> {
    let (provider_id, from) = (required(form, "MessageSid")?, required(form, "From")?);
    let text = value(form, "Body");
    Ok(NewInbound {
        channel: ChannelKind::Twilio,
        provider_id,
        locale: locale_of(&from).map(str::to_owned),
        from,
        to: required(form, "To")?,
        profile_name: value(form, "ProfileName"),
        button: button(form),
        attachments: attachments(form, &text),
        text,
        trace: None,
        missed_since: None,
    })
}

fn button(form: &[(String, String)]) -> Option<String> {
    ["ButtonPayload", "ListId"]
        .into_iter()
        .map(|name| value(form, name))
        .find(|payload| !payload.is_empty())
}

fn attachments(form: &[(String, String)], text: &str) -> Vec<Attachment> {
    let count = value(form, "NumMedia").trim().parse().unwrap_or(0_usize).min(MAX_FILES);
    (0..count)
        .filter_map(|at| {
            let url = value(form, &format!("MediaUrl{at}"));
            (!url.is_empty()).then(|| Attachment {
                source: AttachmentSource::Remote(url),
                name: if count == 1 { file_name(text) } else { String::new() },
                claimed_type: value(form, &format!("MediaContentType{at}")),
            })
        })
        .collect()
}

/// WhatsApp puts the name of a document where captions go.
fn file_name(text: &str) -> String {
    let extension = text.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    let is_name = (2..=5).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.len() <= 255
        && !text.contains(['/', '\\', '\n']);
    if is_name { text.to_owned() } else { String::new() }
}

/// Returns the message's id: two letters and 32 hexadecimal digits.
///
/// The signature joins names and values without marks between them, so a looser form would let
/// parts of other parameters pass as a new id under the same signature.
fn message_sid(form: &[(String, String)]) -> Result<String, Missing> {
    let sid = required(form, "MessageSid")?;
    let well_formed = sid.split_at_checked(2).is_some_and(|(kind, digits)| {
        kind.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == 32
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    if well_formed { Ok(sid) } else { Err(Missing("MessageSid")) }
}

fn required(form: &[(String, String)], name: &'static str) -> Result<String, Missing> {
    Some(value(form, name)).filter(|found| !found.trim().is_empty()).ok_or(Missing(name))
}

/// Returns the first value of a parameter without NUL, which no database text holds.
fn value(form: &[(String, String)], name: &str) -> String {
    let found = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    found.unwrap_or_default().replace('\0', "")
}

#[cfg(test)]
mod tests;
