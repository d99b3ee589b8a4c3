//! Stores and reads replies.

use super::queue::HeldTurn;
use crate::{
    Database, codec,
    engine::{Row, Write, query, row},
};
use domain::message::{ChannelKind, NewFile, NewOutbound, Outbound, SentFile};
use ports::store::{StoreError, StoreResult};

/// Stores the replies to a message, in order, at the end of its conversation, and what is remembered
/// of the conversation if that is new.
pub async fn store(
    store: &Database,
    write: &mut Write,
    turn: &HeldTurn,
    replies: &[NewOutbound],
    memory: Option<String>,
) -> StoreResult<()> {
    let count = i64::try_from(replies.len()).unwrap_or(i64::MAX);
    let row = query(
        "UPDATE conversations SET places = places + $1, memory = COALESCE($2, memory) \
         WHERE id = $3 RETURNING places",
    )
    .bind(count)
    .bind(memory)
    .bind(&turn.conversation)
    .fetch_one(write)
    .await?;
    let before = row::int(&row, "places")?.saturating_sub(count);
    for (place, reply) in (before.saturating_add(1)..).zip(replies) {
        insert(store, write, turn, (place, reply)).await?;
    }
    Ok(())
}

async fn insert(
    store: &Database,
    write: &mut Write,
    turn: &HeldTurn,
    (place, reply): (i64, &NewOutbound),
) -> StoreResult<()> {
    let now = store.now();
    let file = reply.file.as_ref().map(|file| sent_file(store, file));
    let is_delivered = turn.channel == ChannelKind::Twilio.word();
    query(
        "INSERT INTO outbound (id, tenant, conversation, place, inbound, channel, recipient, \
         sender, body, buttons, file, link_token, state, due_at, attempts, created_at, begun_at) \
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         CASE WHEN $13 = 'shown' OR EXISTS (SELECT 1 FROM outbound \
         WHERE conversation = $3 AND state = 'waiting') THEN NULL ELSE $14 END, 0, $14, \
         (SELECT sent_at FROM inbound WHERE id = $5)",
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
