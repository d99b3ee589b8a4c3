//! Takes messages in: the row and its job in one transaction, once for ever.

use super::{erasing, next_place, senders, senders::Address};
use crate::{
    Database, codec,
    engine::{Bind, Row, Sql, Write, query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::{
    document::ContentHash,
    ids::InboundId,
    message::{AttachmentSource, ChannelKind, Inbound, NewInbound},
    tenant::{Habits, Sender},
};
use ports::store::{Accepted, Inbox, StoreError, StoreResult};
use std::collections::HashSet;

/// How many messages one statement looks for.
const LOOKED_FOR: usize = 500;

#[async_trait]
impl Inbox for Database {
    async fn accept(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted> {
        if files_of(message).next().is_some() {
            return self.accept_alone(message, habits).await;
        }
        match self.accept_in_line(message, habits).await {
            Some(accepted) => accepted,
            None => self.accept_alone(message, habits).await,
        }
    }

    async fn known(
        &self,
        channel: ChannelKind,
        provider_ids: &[String],
    ) -> StoreResult<HashSet<String>> {
        let (mut reader, mut known) = (self.reader_for_everyone().await?, HashSet::new());
        for part in provider_ids.chunks(LOOKED_FOR) {
            let mut sql = Sql::new("SELECT provider_id FROM inbound WHERE channel = ");
            sql.bind(channel.word()).push(" AND provider_id IN (");
            sql.bind_all(part.iter().map(Bind::from)).push(")");
            for row in sql.fetch(&mut reader).await? {
                known.insert(row::text(&row, "provider_id")?);
            }
        }
        Ok(known)
    }

    async fn sender(
        &self,
        channel: ChannelKind,
        from: &str,
        habits: &Habits,
    ) -> StoreResult<Sender> {
        let address = Address { channel, from };
        let seen = senders::known(&mut self.reader_for_everyone().await?, address).await?;
        if let Some(sender) = seen {
            return Ok(sender);
        }
        let made = self.new_sender(address, habits).await;
        if matches!(made, Err(StoreError::Conflict)) {
            let seen = senders::known(&mut self.reader_for_everyone().await?, address).await?;
            return seen.ok_or(StoreError::Conflict);
        }
        made
    }
}

impl Database {
    async fn new_sender(&self, address: Address<'_>, habits: &Habits) -> StoreResult<Sender> {
        let mut write = self.begin_for_everyone().await?;
        let sender = self.known_or_new(&mut write, address, habits).await?;
        write.commit().await?;
        Ok(sender)
    }

    /// Stores a message in a transaction of its own.
    async fn accept_alone(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted> {
        // Another process may take in the same message, or the same new sender, at this moment.
        until_it_stands(|| self.accept_once(message, habits)).await
    }

    async fn accept_once(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted> {
        let mut write = self.begin_soon().await?;
        if let Some(earlier) = earlier(&mut write, message).await? {
            return Ok(earlier);
        }
        let address = Address { channel: message.channel, from: &message.from };
        let sender = self.known_or_new(&mut write, address, habits).await?;
        let id = InboundId(self.clock.new_id());
        let stored = Inbound { id, message: message.clone() };
        self.insert_with_job(&mut write, &sender, &stored).await?;
        write.commit().await?;
        Ok(Accepted::New(id))
    }

    async fn insert_with_job(
        &self,
        write: &mut Write,
        sender: &Sender,
        inbound: &Inbound,
    ) -> StoreResult<()> {
        let (id, now, message) = (inbound.id.to_string(), self.now(), &inbound.message);
        let conversation = sender.conversation.to_string();
        let place = next_place(write, &conversation).await?;
        query(
            "INSERT INTO inbound (id, tenant, conversation, place, channel, provider_id, sender, \
             recipient, profile_name, body, button, attachments, locale, trace, sent_at, received_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(&id)
        .bind(sender.tenant.to_string())
        .bind(&conversation)
        .bind(place)
        .bind(message.channel.word())
        .bind(&message.provider_id)
        .bind(&message.from)
        .bind(&message.to)
        .bind(&message.profile_name)
        .bind(&message.text)
        .bind(&message.button)
        .bind(codec::json(&message.attachments)?)
        .bind(&message.locale)
        .bind(&message.trace)
        .bind(message.missed_since.map(|at| at.as_millisecond()))
        .bind(now)
        .execute(write)
        .await?;
        for hash in files_of(message) {
            erasing::keep(self, write, &sender.tenant.to_string(), hash).await?;
        }
        // Behind an unfinished elder the job waits without a time, until the elder ends.
        query(
            "INSERT INTO jobs (id, inbound, conversation, place, state, has_files, due_at, attempts) \
             SELECT $1, $2, $3, $4, 'open', $5, CASE WHEN EXISTS (SELECT 1 FROM jobs \
             WHERE conversation = $3 AND state = 'open') THEN NULL ELSE $6 END, 0",
        )
        .bind(self.new_id())
        .bind(&id)
        .bind(&conversation)
        .bind(place)
        .bind(i64::from(!message.attachments.is_empty()))
        .bind(now)
        .execute(write)
        .await?;
        Ok(())
    }
}

/// Returns the files of a message that are kept already.
fn files_of(message: &NewInbound) -> impl Iterator<Item = ContentHash> {
    message.attachments.iter().filter_map(|attachment| match attachment.source {
        AttachmentSource::Stored(hash) => Some(hash),
        AttachmentSource::Remote(_) => None,
    })
}

/// Returns what becomes of a message whose provider id is known; nothing if it is not. One that was
/// deleted has no sender and no text any more, and stays deleted.
async fn earlier(write: &mut Write, message: &NewInbound) -> StoreResult<Option<Accepted>> {
    let row = query("SELECT id, sender, body FROM inbound WHERE channel = $1 AND provider_id = $2")
        .bind(message.channel.word())
        .bind(&message.provider_id)
        .fetch_optional(write)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (id, is_erased) = (row::parsed(&row, "id")?, row::text(&row, "sender")?.is_empty());
    let is_same = is_erased || row::text(&row, "body")? == message.text;
    Ok(Some(if is_same { Accepted::Duplicate(id) } else { Accepted::Contradicted(id) }))
}

/// Returns the message of a row with all columns of `inbound`; its identifier is in `inbound_id`.
pub fn read(row: &Row) -> StoreResult<Inbound> {
    let channel = ChannelKind::parse(&row::text(row, "channel")?);
    Ok(Inbound {
        id: row::parsed(row, "inbound_id")?,
        message: NewInbound {
            channel: channel.ok_or(StoreError::Malformed("a channel"))?,
            provider_id: row::text(row, "provider_id")?,
            from: row::text(row, "sender")?,
            to: row::text(row, "recipient")?,
            profile_name: row::text(row, "profile_name")?,
            text: row::text(row, "body")?,
            button: row::maybe_text(row, "button")?,
            attachments: codec::from_json(&row::text(row, "attachments")?, "attachments")?,
            locale: row::maybe_text(row, "locale")?,
            trace: row::maybe_text(row, "trace")?,
            missed_since: row::maybe_int(row, "sent_at")?.map(codec::instant).transpose()?,
        },
    })
}
