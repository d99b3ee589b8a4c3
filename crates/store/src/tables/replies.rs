//! Stores and reads replies.

use super::{changes::Author, intake::by_powers_of_two};
use crate::{
    Database, codec,
    engine::{Bind, Row, Sql, Write, query, row},
};
use domain::message::{ChannelKind, NewFile, NewOutbound, Outbound, SentFile};
use ports::store::{StoreError, StoreResult};

/// Where replies go.
pub struct Thread {
    /// The message that is answered; nothing if nobody asked.
    pub inbound: Option<String>,
    /// The thread.
    pub conversation: String,
    /// Whose book it is, and who changes it.
    pub author: Author,
    /// The channel that replies go to.
    pub channel: String,
    /// The recipient of replies.
    pub to: String,
    /// The address that replies come from.
    pub from: String,
    /// When the message was sent, if it did not come by itself.
    pub missed_since: Option<i64>,
}

/// Stores the replies to a message, in order, at the end of its conversation, and what is remembered
/// of the conversation if that is new.
pub async fn store(
    store: &Database,
    write: &mut Write,
    thread: &Thread,
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
    .bind(&thread.conversation)
    .fetch_one(write)
    .await?;
    let before = row::int(&row, "places")?.saturating_sub(count);
    let replies = replies.iter().map(|reply| NewReply::of(store, reply));
    insert(store, write, &[(thread, before, &replies.collect::<StoreResult<Vec<_>>>()?)]).await
}

/// A reply as it is stored.
pub struct NewReply {
    text: String,
    buttons: String,
    file: Option<String>,
    link_token: Option<String>,
}

impl NewReply {
    /// Writes a reply out; its file gets a name and a link.
    pub fn of(store: &Database, reply: &NewOutbound) -> StoreResult<Self> {
        let file = reply.file.as_ref().map(|file| sent_file(store, file));
        Ok(Self {
            text: reply.text.clone(),
            buttons: codec::json(&reply.buttons)?,
            file: file.as_ref().map(codec::json).transpose()?,
            link_token: file.map(|file| file.link_token),
        })
    }
}

/// Stores the replies to several messages of different conversations, each after a place in its
/// conversation. Only the first one that waits in a conversation is due.
pub async fn insert(
    store: &Database,
    write: &mut Write,
    said: &[(&Thread, i64, &[NewReply])],
) -> StoreResult<()> {
    let rows: Vec<(&Thread, i64, bool, &NewReply)> = said
        .iter()
        .flat_map(|(thread, before, replies)| {
            let places = before.saturating_add(1)..;
            places
                .zip(*replies)
                .enumerate()
                .map(|(at, (place, reply))| (*thread, place, at == 0, reply))
        })
        .collect();
    let now = store.now();
    for part in by_powers_of_two(&rows) {
        let mut sql = Sql::new(
            "INSERT INTO outbound (id, tenant, conversation, place, inbound, channel, recipient, \
             sender, body, buttons, file, link_token, state, begun_at, due_at, attempts, created_at) \
             SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, \
             column10, column11, column12, column13, column14, CASE WHEN \
             (SELECT place FROM outbound WHERE conversation = reply.column3 AND state = 'waiting' \
             ORDER BY place LIMIT 1) IS NULL THEN column15 END, 0, column16 FROM (",
        );
        sql.values(part.iter().map(|(thread, place, is_first, reply)| {
            let is_delivered = thread.channel == ChannelKind::Twilio.word();
            [
                store.new_id().into(),
                thread.author.tenant.to_string().into(),
                Bind::from(&thread.conversation),
                Bind::from(*place),
                Bind::from(&thread.inbound),
                Bind::from(&thread.channel),
                Bind::from(&thread.to),
                Bind::from(&thread.from),
                Bind::from(&reply.text),
                Bind::from(&reply.buttons),
                Bind::from(&reply.file),
                Bind::from(&reply.link_token),
                Bind::from(if is_delivered { "waiting" } else { "shown" }),
                thread.missed_since.into(),
                (is_delivered && *is_first).then_some(now).into(),
                now.into(),
            ]
        }));
        sql.push(") AS reply");
        sql.run(write).await?;
    }
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
