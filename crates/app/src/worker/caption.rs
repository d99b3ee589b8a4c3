//! The caption of a picture that some phones send as a message of its own.

use super::{failure::Failure, in_time::InTime, turn::tools};
use domain::message::ChannelKind;
use ports::{
    Ports,
    store::{Lease, Work},
};
use std::time::Duration;

/// How soon after its picture a caption comes.
const WITHIN: Duration = Duration::from_secs(2);
/// How long after a picture has come its caption is waited for. Fetching most pictures takes longer.
const PATIENCE: Duration = Duration::from_millis(400);

/// Adds the text that came right behind a message of files alone; one turn answers both.
pub(super) async fn add(
    ports: &Ports,
    model: &InTime<'_>,
    lease: &Lease,
    work: &mut Work,
) -> Result<(), Failure> {
    let message = &work.inbound.message;
    let is_wordless = message.text.trim().is_empty() && message.button.is_none();
    let is_of_phone = message.channel == ChannelKind::Twilio;
    if !is_of_phone || !is_wordless || message.attachments.is_empty() || work.conversation.is_silent
    {
        return Ok(());
    }
    let since = ports.clock.now().duration_since(work.received_at);
    let since = Duration::try_from(since).unwrap_or_default();
    tokio::time::sleep(PATIENCE.saturating_sub(since)).await;
    let Some(behind) = ports.store.text_behind(lease, WITHIN).await? else { return Ok(()) };
    if !behind.is_joined {
        // A question, an order or an answer is dealt with by a turn of its own.
        if !workflow::turn::is_caption(tools(ports, model), work, &behind.text).await? {
            return Ok(());
        }
        ports.store.join(lease, &behind).await?;
    }
    work.inbound.message.text = behind.text;
    Ok(())
}
