//! Messages that come in at the same moment are stored together: one look for their senders, one
//! transaction, in which new senders are made. Under load that is most of them, and each costs a
//! fraction of a transaction.

use super::{
    line::{Asked, Line, Step},
    newcomers::Newcomer,
    senders::Address,
};
use crate::{
    Database, codec,
    engine::{Bind, Dialect, Sql, Write, row},
    soon,
};
use domain::{
    ids::InboundId,
    message::{ChannelKind, NewInbound},
    tenant::Habits,
};
use ports::store::{Accepted, StoreError, StoreResult};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// How many transactions are made at once: a server of PostgreSQL works on one while the network
/// carries another.
const AT_ONCE: usize = 3;
/// How many messages of one sender a transaction has: whoever sends a flood leaves room for others.
const OF_ONE: u32 = 16;

/// Where messages stand in line.
pub struct Intake(Line<Incoming, StoreResult<Accepted>>);

/// A message, and the habits of its sender as JSON if he is new.
struct Incoming {
    message: NewInbound,
    habits: String,
}

impl Default for Intake {
    fn default() -> Self {
        Self(Line::new(AT_ONCE, Duration::ZERO))
    }
}

type Message = Asked<Incoming, StoreResult<Accepted>>;

/// A message whose sender is known.
struct Known {
    asked: Message,
    id: InboundId,
    tenant: String,
    conversation: String,
}

/// Returns what says of one message after the other whether it must be stored apart from those before
/// it: some of each sender of one channel are stored together, and none twice.
fn apart() -> impl FnMut(&NewInbound) -> bool {
    let (mut channel, mut senders, mut ids) = (None, HashMap::new(), HashSet::new());
    move |message| {
        let is_of_channel = *channel.get_or_insert(message.channel) == message.channel;
        let of_one: &mut u32 = senders.entry(message.from.clone()).or_default();
        let is_with = is_of_channel && *of_one < OF_ONE && ids.insert(message.provider_id.clone());
        // What is passed over keeps those behind it from passing it.
        *of_one = if is_with { of_one.saturating_add(1) } else { OF_ONE };
        !is_with
    }
}

impl Database {
    /// Stores a message together with others, if there are any; nothing if it must be stored alone.
    pub(super) async fn accept_in_line(
        &self,
        message: &NewInbound,
        habits: &Habits,
    ) -> Option<StoreResult<Accepted>> {
        let habits = codec::json(habits).ok()?;
        let mut place = self.lines.intake.0.enter(Incoming { message: message.clone(), habits });
        loop {
            // Anew for each transaction.
            let mut apart = apart();
            match place.step(|incoming| apart(&incoming.message)).await {
                Step::Told(told) => return told,
                Step::Head(together, _head) => self.accept_together(together).await,
            }
        }
    }

    /// Stores messages and tells those who wait for it.
    async fn accept_together(&self, all: Vec<Message>) {
        let senders = match self.senders_of(&all).await {
            Ok(senders) => senders,
            Err(error) => return refuse(all, &error),
        };
        let (mut known, mut new) = (Vec::with_capacity(all.len()), Vec::new());
        for asked in all {
            match senders.get(&asked.item.message.from).cloned() {
                Some(home) => known.push(self.known(asked, home)),
                None => new.push(asked),
            }
        }
        // Untold, a message is stored alone; so is one of the owner, who has a book before.
        new.retain(|asked| !address(&asked.item).is_owner());
        if known.is_empty() && new.is_empty() {
            return;
        }
        let stored = match self.insert_together(&mut known, &mut new).await {
            Ok(stored) => stored,
            // What all have to suffer from is not tried again for each.
            Err(error @ StoreError::Unavailable(_)) => {
                let all = known.into_iter().map(|known| known.asked).chain(new);
                return refuse(all.collect(), &error);
            }
            Err(_) => HashSet::new(),
        };
        for Known { asked, id, .. } in known {
            if stored.contains(&id.to_string()) {
                asked.tell(Ok(Accepted::New(id)));
            }
        }
    }

    fn known(&self, asked: Message, (tenant, conversation): (String, String)) -> Known {
        Known { asked, id: InboundId(self.clock.new_id()), tenant, conversation }
    }

    /// Returns tenant and conversation of the senders who were seen before, by address.
    async fn senders_of(&self, all: &[Message]) -> StoreResult<HashMap<String, (String, String)>> {
        let channel = all.first().map_or(ChannelKind::Twilio, |asked| asked.item.message.channel);
        let mut senders = HashMap::with_capacity(all.len());
        for part in by_powers_of_two(all) {
            let mut sql = Sql::new(
                "SELECT members.address, members.tenant, conversations.id AS conversation \
                 FROM members JOIN conversations ON conversations.member = members.id \
                 WHERE members.channel = ",
            );
            let addresses = part.iter().map(|asked| Bind::from(&asked.item.message.from));
            sql.bind(channel.word()).push(" AND members.address IN (").bind_all(addresses);
            sql.push(")");
            let mut reader = self.reader_soon().await?;
            // A server that does not talk is noticed here, where a read has no beginning of its own.
            for row in soon(sql.fetch(&mut reader)).await? {
                let ids = (row::text(&row, "tenant")?, row::text(&row, "conversation")?);
                senders.insert(row::text(&row, "address")?, ids);
            }
        }
        Ok(senders)
    }

    /// Returns the identifiers of those that were new. Those whose senders are new join the others once
    /// their senders are made.
    async fn insert_together(
        &self,
        known: &mut Vec<Known>,
        new: &mut Vec<Message>,
    ) -> StoreResult<HashSet<String>> {
        let mut write = self.begin_soon().await?;
        if !new.is_empty() {
            let homes = self.homes_of(&mut write, new).await?;
            known.extend(new.drain(..).zip(homes).map(|(asked, home)| self.known(asked, home)));
        }
        // Two processes that hold the same conversations take them in the same order; what one sender
        // has sent stays in its own.
        known.sort_by(|one, other| one.conversation.cmp(&other.conversation));
        let mut stored = HashSet::with_capacity(known.len());
        for part in by_powers_of_two(known) {
            let placed = placed(&mut write, part).await?;
            let new = self.insert_messages(&mut write, &placed).await?;
            self.insert_jobs(&mut write, &placed, &new).await?;
            stored.extend(new);
        }
        write.commit().await?;
        Ok(stored)
    }

    /// Makes the senders of messages and returns where each message belongs; leaves out messages that were there
    /// before, since nobody is made for one that was deleted.
    async fn homes_of(
        &self,
        write: &mut Write,
        new: &mut Vec<Message>,
    ) -> StoreResult<Vec<(String, String)>> {
        let mut before = HashSet::new();
        for part in by_powers_of_two(new) {
            let mut sql = Sql::new("SELECT provider_id FROM inbound WHERE channel = ");
            let ids = part.iter().map(|asked| Bind::from(&asked.item.message.provider_id));
            sql.bind(part.first().map_or("", |asked| asked.item.message.channel.word()));
            sql.push(" AND provider_id IN (").bind_all(ids).push(")");
            for row in sql.fetch(write).await? {
                before.insert(row::text(&row, "provider_id")?);
            }
        }
        new.retain(|asked| !before.contains(&asked.item.message.provider_id));
        // Two processes that make the same senders take them in the same order.
        new.sort_by(|one, other| one.item.message.from.cmp(&other.item.message.from));
        let newcomer = |asked: &Message| asked.item.message.from.clone();
        let mut newcomers: Vec<Newcomer<'_>> = Vec::with_capacity(new.len());
        for asked in new.iter() {
            let address = address(&asked.item);
            if newcomers.last().is_none_or(|last| last.address.from != address.from) {
                newcomers.push(Newcomer { address, habits: &asked.item.habits });
            }
        }
        let names: Vec<String> =
            newcomers.iter().map(|newcomer| newcomer.address.from.to_owned()).collect();
        let homes = self.make_homes(write, &newcomers).await?;
        let homes: HashMap<String, (String, String)> = names.into_iter().zip(homes).collect();
        let home = |asked: &Message| homes.get(&newcomer(asked)).cloned();
        new.iter().map(|asked| home(asked).ok_or(StoreError::Malformed("a sender"))).collect()
    }

    async fn insert_messages(
        &self,
        write: &mut Write,
        part: &[Placed<'_>],
    ) -> StoreResult<HashSet<String>> {
        let mut sql = Sql::new(
            "INSERT INTO inbound (id, tenant, conversation, place, channel, provider_id, sender, \
             recipient, profile_name, body, button, attachments, locale, trace, sent_at, received_at) ",
        );
        let now = self.now();
        let row = |&Placed { known, place }: &Placed<'_>| {
            let message = &known.asked.item.message;
            Ok([
                known.id.to_string().into(),
                Bind::from(&known.tenant),
                Bind::from(&known.conversation),
                place.into(),
                message.channel.word().into(),
                Bind::from(&message.provider_id),
                Bind::from(&message.from),
                Bind::from(&message.to),
                Bind::from(&message.profile_name),
                Bind::from(&message.text),
                Bind::from(&message.button),
                codec::json(&message.attachments)?.into(),
                Bind::from(&message.locale),
                Bind::from(&message.trace),
                message.missed_since.map(|at| at.as_millisecond()).into(),
                now.into(),
            ])
        };
        sql.values(part.iter().map(row).collect::<StoreResult<Vec<_>>>()?);
        sql.push(" ON CONFLICT (channel, provider_id) DO NOTHING RETURNING id");
        sql.fetch(write).await?.iter().map(|row| row::text(row, "id")).collect()
    }

    async fn insert_jobs(
        &self,
        write: &mut Write,
        part: &[Placed<'_>],
        new: &HashSet<String>,
    ) -> StoreResult<()> {
        // Asked for the first in order, so that PostgreSQL looks into the index for each, however few
        // rows it believes there are, and never through all that waits.
        let mut sql = Sql::new(
            "INSERT INTO jobs (id, inbound, conversation, place, state, has_files, attempts, due_at) \
             SELECT column1, column2, column3, column4, 'open', column5, 0, CASE WHEN column6 = 1 \
             AND (SELECT place FROM jobs WHERE state = 'open' \
             AND jobs.conversation = message.column3 ORDER BY place LIMIT 1) IS NULL THEN ",
        );
        sql.bind(self.now()).push(" END FROM (");
        let mut conversations = HashSet::new();
        let mut row = |&Placed { known, place }: &Placed<'_>| {
            // Only the eldest of a conversation is due.
            let is_eldest = conversations.insert(known.conversation.clone());
            [
                self.new_id().into(),
                known.id.to_string().into(),
                Bind::from(&known.conversation),
                place.into(),
                i64::from(!known.asked.item.message.attachments.is_empty()).into(),
                i64::from(is_eldest).into(),
            ]
        };
        let part = part.iter().filter(|placed| new.contains(&placed.known.id.to_string()));
        let rows: Vec<_> = part.map(&mut row).collect();
        if rows.is_empty() {
            return Ok(());
        }
        sql.values(rows);
        sql.push(") AS message");
        sql.run(write).await.map(|_| ())
    }
}

fn address(incoming: &Incoming) -> Address<'_> {
    Address { channel: incoming.message.channel, from: &incoming.message.from }
}

/// Tells everyone of an error.
fn refuse(all: Vec<Message>, error: &StoreError) {
    for asked in all {
        asked.tell(Err(StoreError::Unavailable(error.to_string().into())));
    }
}

/// A message with its place in its conversation.
struct Placed<'a> {
    known: &'a Known,
    place: i64,
}

/// Gives messages the next places of their conversations, which are held until the commit. What stands
/// behind another of its conversation comes after it.
async fn placed<'a>(write: &mut Write, part: &'a [Known]) -> StoreResult<Vec<Placed<'a>>> {
    let ids = || part.iter().map(|known| Bind::from(&known.conversation));
    if write.dialect() == Dialect::Postgres {
        let mut hold = Sql::new("SELECT id FROM conversations WHERE id IN (");
        hold.bind_all(ids()).push(") ORDER BY id FOR NO KEY UPDATE");
        hold.fetch(write).await?;
    }
    let mut sql = Sql::new(
        "UPDATE conversations SET places = places + sent.messages FROM \
         (SELECT column1 AS conversation, COUNT(*) AS messages FROM (",
    );
    sql.values(ids().map(|id| [id])).push(
        ") AS message GROUP BY column1) AS sent WHERE id = sent.conversation \
         AND closed_at IS NULL RETURNING id, places",
    );
    let mut last = HashMap::with_capacity(part.len());
    for row in sql.fetch(write).await? {
        last.insert(row::text(&row, "id")?, row::int(&row, "places")?);
    }
    // From the last to the first, each before the one behind it.
    let place = |known: &'a Known| {
        let next = last.get_mut(&known.conversation);
        let next = next.ok_or(StoreError::Malformed("a conversation"))?;
        let place = *next;
        *next = next.saturating_sub(1);
        Ok(Placed { known, place })
    };
    let mut placed = part.iter().rev().map(place).collect::<StoreResult<Vec<_>>>()?;
    placed.reverse();
    Ok(placed)
}

/// Returns all of a list in parts of one, two, four … so that few statements serve every length.
pub(super) fn by_powers_of_two<T>(mut all: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = all.len().checked_ilog2().map(|power| 1_usize << power)?;
        let (part, rest) = all.split_at_checked(length)?;
        all = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(from: &str, provider_id: &str) -> NewInbound {
        NewInbound {
            channel: ChannelKind::Twilio,
            provider_id: provider_id.to_owned(),
            from: from.to_owned(),
            to: String::new(),
            profile_name: String::new(),
            text: String::new(),
            button: None,
            attachments: Vec::new(),
            locale: None,
            trace: None,
            missed_since: None,
        }
    }

    #[test]
    fn messages_are_stored_together_but_none_twice_or_before_its_elder() {
        let all = [("ana", "1"), ("ana", "2"), ("bob", "3"), ("cem", "3"), ("cem", "4")];
        let mut is_apart = apart();
        let apart = all.map(|(from, id)| is_apart(&message(from, id)));
        assert_eq!(apart, [false, false, false, true, true]);
    }

    #[test]
    fn f63_a_flood_of_one_sender_leaves_room_for_others() {
        let mut is_apart = apart();
        let flood = (0..100).filter(|id| !is_apart(&message("noisy", &id.to_string())));
        assert_eq!(flood.count(), 16);
        assert!(!is_apart(&message("ana", "another")));
    }

    #[test]
    fn a_list_of_any_length_is_parted_without_a_rest() {
        let all: Vec<u32> = (0..37).collect();
        let parts: Vec<&[u32]> = by_powers_of_two(&all).collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [32, 4, 1]);
        assert_eq!(parts.concat(), all);
        assert_eq!(by_powers_of_two::<u32>(&[]).count(), 0);
    }
}
