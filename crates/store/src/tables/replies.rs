//! Stores and reads replies.

use super::{next_place, queue::HeldTurn};
use crate::{
    Database, codec,
    engine::{Row, Write, query, row},
};
use domain::message::{ChannelKind, NewFile, NewOutbound, Outbound, SentFile};
use ports::store::{StoreError, StoreResult};
use std::time::Duration;

/// How long the public link of a file is valid: longer than a provider's outage over a weekend.
const LINK_VALID: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Stores the replies to a message, in order, at the end of its conversation.
pub async fn store(
    store: &Database,
    write: &mut Write,
    turn: &HeldTurn,
    replies: &[NewOutbound],
) -> StoreResult<()> {
    for reply in replies {
        insert(store, write, turn, reply).await?;
    }
    Ok(())
}

async fn insert(
    store: &Database,
    write: &mut Write,
    turn: &HeldTurn,
    reply: &NewOutbound,
) -> StoreResult<()> {
    let now = store.now();
    let file = reply.file.as_ref().map(|file| sent_file(store, file));
    let link_until = file.as_ref().map(|_| codec::later(now, LINK_VALID));
    let place = next_place(write, &turn.conversation).await?;
    let is_delivered = turn.channel == ChannelKind::Twilio.word();
    query(
        "INSERT INTO outbound (id, tenant, conversation, place, inbound, channel, recipient, \
         sender, body, buttons, file, link_token, link_until, state, due_at, attempts, created_at) \
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
         CASE WHEN $14 = 'shown' OR EXISTS (SELECT 1 FROM outbound \
         WHERE conversation = $3 AND state = 'waiting') THEN NULL ELSE $15 END, 0, $15",
    )
    .bind(store.new_id())
    .bind(turn.author.tenant.to_string())
    .bind(&turn.conversation)
    .bind(place)
    .bind(&turn.inbound)
    .bind(&turn.channel)
    .bind(&turn.to)
    .bind(&turn.from)
    .bind(&reply.text)
    .bind(codec::json(&reply.buttons)?)
    .bind(file.as_ref().map(codec::json).transpose()?)
    .bind(file.as_ref().map(|file| &file.link_token))
    .bind(link_until)
    .bind(if is_delivered { "waiting" } else { "shown" })
    .bind(now)
    .execute(write)
    .await?;
    Ok(())
}

/// Names a file and gives it a link that cannot be guessed: two identifiers, mostly random.
fn sent_file(store: &Database, file: &NewFile) -> SentFile {
    let (one, other) = (store.clock.new_id(), store.clock.new_id());
    SentFile {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        hash: file.hash,
        link_token: format!("{}{}", one.simple(), other.simple()),
    }
}

/// Returns the reply of a row with all columns of `outbound`.
pub fn read(row: &Row) -> StoreResult<Outbound> {
    let channel = ChannelKind::parse(&row::text(row, "channel")?);
    Ok(Outbound {
        id: row::parsed(row, "id")?,
        conversation: row::parsed(row, "conversation")?,
        channel: channel.ok_or(StoreError::Malformed("a channel"))?,
        to: row::text(row, "recipient")?,
        from: row::text(row, "sender")?,
        text: row::text(row, "body")?,
        buttons: codec::from_json(&row::text(row, "buttons")?, "buttons")?,
        file: file(row)?,
    })
}

/// Returns the file of a row with the column `file`.
pub fn file(row: &Row) -> StoreResult<Option<SentFile>> {
    row::maybe_text(row, "file")?.map(|file| codec::from_json(&file, "a file")).transpose()
}
