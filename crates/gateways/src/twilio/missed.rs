//! What people have sent, asked for instead of told: the webhooks of an outage never come again.

use super::{
    Twilio,
    calling_code::locale_of,
    list::{self, Listed},
    wire,
};
use domain::message::{Attachment, AttachmentSource, ChannelKind, NewInbound};
use jiff::Timestamp;
use ports::channel::{ChannelError, Received};
use serde::Deserialize;

/// How many pages of a hundred are looked through: more than that come in hours, not minutes.
const MAX_PAGES: usize = 100;

#[derive(Debug, Deserialize)]
struct Files {
    media_list: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    sid: String,
    content_type: Option<String>,
}

/// Lists the messages to our sender since an instant, the oldest first.
pub(super) async fn received(
    twilio: &Twilio,
    since: Timestamp,
) -> Result<Vec<Received>, ChannelError> {
    let mut next = Some(list::since(twilio, &twilio.settings.from, since)?);
    let mut received = Vec::new();
    for _ in 0..MAX_PAGES {
        let Some(url) = next.take() else { break };
        let (messages, following) = list::page(twilio, url).await?;
        received.extend(messages.into_iter().filter_map(|message| inbound(message, since)));
        next = following;
    }
    received.reverse();
    // Whatever the order of the list is: they are answered in that in which they were sent.
    received.sort_by_key(|received| received.sent_at);
    Ok(received)
}

/// Returns a message of the list, if somebody has sent it to us in time.
fn inbound(listed: Listed, since: Timestamp) -> Option<Received> {
    let sent_at = listed.created()?;
    let is_ours = listed.direction.as_deref() == Some("inbound") && sent_at >= since;
    let has_files = listed.has_files();
    let from = listed.from.filter(|from| !from.is_empty())?;
    let message = NewInbound {
        channel: ChannelKind::Twilio,
        provider_id: listed.sid,
        locale: locale_of(&from).map(str::to_owned),
        from,
        to: listed.to?,
        profile_name: String::new(),
        text: listed.body.unwrap_or_default().replace('\0', ""),
        button: None,
        attachments: Vec::new(),
        trace: None,
        missed_since: Some(sent_at),
    };
    is_ours.then_some(Received { message, sent_at, has_files })
}

/// Returns the files of a message, by its id.
pub(super) async fn files_of(
    twilio: &Twilio,
    provider_id: &str,
) -> Result<Vec<Attachment>, ChannelError> {
    let url = twilio.below_messages(&[provider_id, "Media.json"])?;
    let files: Files = list::get(twilio, url).await?;
    files
        .media_list
        .into_iter()
        .take(wire::MAX_FILES)
        .map(|file| {
            let address = twilio.below_messages(&[provider_id, "Media", &file.sid])?;
            Ok(Attachment {
                source: AttachmentSource::Remote(address.into()),
                name: String::new(),
                claimed_type: file.content_type.unwrap_or_default(),
            })
        })
        .collect()
}
