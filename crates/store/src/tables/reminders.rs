//! Knows who wants to be reminded, and puts what he is told into the outbox.
//!
//! The wish stands in the row of the conversation, beside its memory: whoever does not want it any more is
//! not told, whatever was read before.

use super::{
    changes::Author,
    events::{self, Event},
    replies::{self, NewReply, Thread},
    senders,
};
use crate::{
    Database, codec,
    engine::{Row, Write, query, row},
    until_it_stands,
};
use async_trait::async_trait;
use domain::{
    ids::ConversationId,
    message::{ChannelKind, NewOutbound},
};
use jiff::Timestamp;
use ports::store::{Reminded, Reminders, StoreError, StoreResult};

#[async_trait]
impl Reminders for Database {
    async fn reminded(
        &self,
        after: Option<ConversationId>,
        most: u32,
    ) -> StoreResult<Vec<Reminded>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query(
            "SELECT conversations.id AS conversation, conversations.tenant, conversations.member, \
             conversations.reminded_at, tenants.habits, inbound.channel, inbound.sender, \
             inbound.recipient, inbound.received_at FROM conversations \
             JOIN tenants ON tenants.id = conversations.tenant \
             JOIN inbound ON inbound.id = (SELECT id FROM inbound AS last \
             WHERE last.conversation = conversations.id ORDER BY last.place DESC LIMIT 1) \
             WHERE conversations.reminders = 1 AND conversations.id > $1 AND inbound.sender <> '' \
             ORDER BY conversations.id LIMIT $2",
        )
        .bind(after.map(|after| after.to_string()).unwrap_or_default())
        .bind(most)
        .fetch_all(&mut reader)
        .await?;
        rows.iter().map(read).collect()
    }

    async fn remind(
        &self,
        person: &Reminded,
        now: Timestamp,
        reminder: Option<&NewOutbound>,
    ) -> StoreResult<bool> {
        until_it_stands(|| self.note(person, now, reminder)).await
    }
}

impl Database {
    async fn note(
        &self,
        person: &Reminded,
        now: Timestamp,
        reminder: Option<&NewOutbound>,
    ) -> StoreResult<bool> {
        let mut write = self.begin_for_everyone().await?;
        let conversation = person.sender.conversation.to_string();
        let noted = query(
            "UPDATE conversations SET reminded_at = $1, places = places + $2 WHERE id = $3 \
             AND reminders = 1 AND COALESCE(reminded_at, -1) = $4 RETURNING places",
        )
        .bind(now.as_millisecond())
        .bind(i64::from(reminder.is_some()))
        .bind(&conversation)
        .bind(person.last.map_or(-1, Timestamp::as_millisecond))
        .fetch_optional(&mut write)
        .await?;
        let Some(row) = noted else { return Ok(false) };
        if let Some(reminder) = reminder {
            let before = row::int(&row, "places")?.saturating_sub(1);
            let thread = Thread {
                inbound: None,
                conversation,
                author: Author { tenant: person.sender.tenant, member: None },
                channel: person.channel.word().to_owned(),
                to: person.to.clone(),
                from: person.from.clone(),
                missed_since: None,
            };
            let reply = NewReply::of(self, reminder)?;
            replies::insert(self, &mut write, &[(&thread, before, &[reply])]).await?;
        }
        write.commit().await?;
        Ok(true)
    }
}

/// Writes down whether a person wants to be reminded. Who wants it anew is told all there is.
pub async fn set(
    store: &Database,
    write: &mut Write,
    author: &Author,
    wanted: bool,
) -> StoreResult<()> {
    let changed = query(
        "UPDATE conversations SET reminders = $1, reminded_at = NULL WHERE tenant = $2 \
         AND member = $3 AND (reminders = 1 OR $1 = 1)",
    )
    .bind(i64::from(wanted))
    .bind(author.tenant.to_string())
    .bind(author.member.map(|member| member.to_string()))
    .execute(write)
    .await?;
    if changed == 0 {
        return Ok(());
    }
    let action = if wanted { "reminders_wanted" } else { "reminders_declined" };
    let event = Event { id: None, action, before: None, after: None, undoes: None };
    events::append(store, write, author, event).await
}

fn read(row: &Row) -> StoreResult<Reminded> {
    let channel = ChannelKind::parse(&row::text(row, "channel")?);
    Ok(Reminded {
        sender: senders::read(row)?,
        channel: channel.ok_or(StoreError::Malformed("a channel"))?,
        to: row::text(row, "sender")?,
        from: row::text(row, "recipient")?,
        heard_at: codec::instant(row::int(row, "received_at")?)?,
        last: row::maybe_int(row, "reminded_at")?.map(codec::instant).transpose()?,
    })
}
