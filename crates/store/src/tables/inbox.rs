//! Takes messages in: the row and its job in one transaction, once for ever.

use super::{next_place, senders, senders::Address};
use crate::{
    Database, codec,
    engine::{Row, Write, query, row},
};
use async_trait::async_trait;
use domain::{
    ids::InboundId,
    message::{ChannelKind, Inbound, NewInbound},
    tenant::{Habits, Sender},
};
use ports::store::{Accepted, Inbox, StoreError, StoreResult};

/// How often a message is taken in again after somebody else was faster.
const MAX_TRIES: u8 = 3;

#[async_trait]
impl Inbox for Database {
    async fn accept(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted> {
        // Another process may take in the same message, or the same new sender, at this moment.
        let mut tries = 0_u8;
        loop {
            match self.accept_once(message, habits).await {
                Err(StoreError::Conflict) if tries < MAX_TRIES => tries = tries.saturating_add(1),
                result => return result,
            }
        }
    }

    async fn sender(
        &self,
        channel: ChannelKind,
        from: &str,
        habits: &Habits,
    ) -> StoreResult<Sender> {
        let address = Address { channel, from };
        let seen = senders::known(&mut self.reader().await?, address).await?;
        if let Some(sender) = seen {
            return Ok(sender);
        }
        let made = self.new_sender(address, habits).await;
        if matches!(made, Err(StoreError::Conflict)) {
            let seen = senders::known(&mut self.reader().await?, address).await?;
            return seen.ok_or(StoreError::Conflict);
        }
        made
    }
}

impl Database {
    async fn new_sender(&self, address: Address<'_>, habits: &Habits) -> StoreResult<Sender> {
        let mut write = self.begin().await?;
        let sender = self.known_or_new(&mut write, address, habits).await?;
        write.commit().await?;
        Ok(sender)
    }

    async fn accept_once(&self, message: &NewInbound, habits: &Habits) -> StoreResult<Accepted> {
        let mut write = self.begin().await?;
        if let Some(id) = earlier(&mut write, message).await? {
            return Ok(Accepted::Duplicate(id));
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
             recipient, profile_name, body, button, attachments, locale, received_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
        .bind(now)
        .execute(write)
        .await?;
        // Behind an unfinished elder the job waits without a time, until the elder ends.
        query(
            "INSERT INTO jobs (id, inbound, conversation, place, state, due_at, attempts) \
             SELECT $1, $2, $3, $4, 'open', CASE WHEN EXISTS (SELECT 1 FROM jobs \
             WHERE conversation = $3 AND state = 'open') THEN NULL ELSE $5 END, 0",
        )
        .bind(self.new_id())
        .bind(&id)
        .bind(&conversation)
        .bind(place)
        .bind(now)
        .execute(write)
        .await?;
        Ok(())
    }
}

/// Returns the message that was stored under the same provider id before.
async fn earlier(write: &mut Write, message: &NewInbound) -> StoreResult<Option<InboundId>> {
    let row = query("SELECT id FROM inbound WHERE channel = $1 AND provider_id = $2")
        .bind(message.channel.word())
        .bind(&message.provider_id)
        .fetch_optional(write)
        .await?;
    row.map(|row| row::parsed(&row, "id")).transpose()
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
        },
    })
}
