//! Turns that end at the same moment end together: of those that change nothing but what was said,
//! one look at their leases, one transaction. A turn that changes a book ends alone.

use super::{
    intake::by_powers_of_two,
    line::{Asked, Line, Step, tell_all},
    queue::{HeldTurn, held_turns},
    replies::{self, NewReply},
};
use crate::{
    Database, codec,
    engine::{Bind, Sql, Write, row},
};
use domain::outcome::Outcome;
use ports::store::{Lease, StoreError, StoreResult};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// The shortest while between two transactions.
const BREATH: Duration = Duration::from_millis(10);
/// How many transactions are made at once.
const AT_ONCE: usize = 2;

/// Where turns that have ended stand in line.
pub struct Endings(Line<Ending, StoreResult<()>>);

impl Default for Endings {
    fn default() -> Self {
        Self(Line::new(AT_ONCE, BREATH))
    }
}

/// How a turn has ended.
struct Ending {
    lease: Lease,
    memory: String,
    replies: Vec<NewReply>,
}

type Ended = Asked<Ending, StoreResult<()>>;

/// Returns what says of one ending after the other whether it is of the same job as one before it.
fn apart() -> impl FnMut(&Ending) -> bool {
    let mut jobs = HashSet::new();
    move |ending| !jobs.insert(ending.lease.job)
}

impl Database {
    /// Ends a turn together with others, if there are any; nothing if it must end alone.
    pub(super) async fn finish_in_line(
        &self,
        lease: &Lease,
        outcome: &Outcome,
    ) -> Option<StoreResult<()>> {
        if !outcome.changes.is_empty() {
            return None;
        }
        let replies = outcome.replies.iter().map(|reply| NewReply::of(self, reply));
        let (Ok(replies), Ok(memory)) =
            (replies.collect::<StoreResult<_>>(), codec::json(&outcome.conversation))
        else {
            return None;
        };
        let mut place =
            self.lines.endings.0.enter(Ending { lease: lease.clone(), memory, replies });
        loop {
            match place.step(apart()).await {
                Step::Told(told) => return told,
                Step::Head(together, _head) => self.finish_together(together).await,
            }
        }
    }

    async fn finish_together(&self, all: Vec<Ended>) {
        let told = |ended: &Ended, held: &HashSet<String>| {
            let is_held = held.contains(&ended.item.lease.job.to_string());
            if is_held { Ok(()) } else { Err(StoreError::LeaseLost) }
        };
        let held = self.end_all(&all).await;
        let each = held.map(|held| all.iter().map(|ended| told(ended, &held)).collect());
        tell_all(all, each);
    }

    /// Returns the jobs whose leases were still held.
    async fn end_all(&self, all: &[Ended]) -> StoreResult<HashSet<String>> {
        let endings: HashMap<String, &Ending> =
            all.iter().map(|ended| (ended.item.lease.job.to_string(), &ended.item)).collect();
        let leases: Vec<&Lease> = all.iter().map(|ended| &ended.item.lease).collect();
        let mut write = self.begin_for_everyone().await?;
        let mut held = HashSet::with_capacity(all.len());
        for part in by_powers_of_two(&leases) {
            let turns = held_turns(&mut write, part).await?;
            for turns in by_powers_of_two(&turns) {
                self.end_held(&mut write, turns, &endings).await?;
            }
            held.extend(turns.into_iter().map(|turn| turn.job));
        }
        write.commit().await?;
        Ok(held)
    }

    async fn end_held(
        &self,
        write: &mut Write,
        turns: &[HeldTurn],
        endings: &HashMap<String, &Ending>,
    ) -> StoreResult<()> {
        let of =
            |turn: &HeldTurn| endings.get(&turn.job).copied().ok_or(StoreError::Malformed("a job"));
        let mut sql = Sql::new(
            "UPDATE conversations SET places = places + turn.column2, memory = turn.column3 FROM (",
        );
        let mut rows = Vec::with_capacity(turns.len());
        for turn in turns {
            let (ending, conversation) = (of(turn)?, Bind::from(&turn.thread.conversation));
            rows.push([conversation, count(ending).into(), Bind::from(&ending.memory)]);
        }
        sql.values(rows).push(") AS turn WHERE id = turn.column1 RETURNING id, places");
        let mut places = HashMap::with_capacity(turns.len());
        for row in sql.fetch(write).await? {
            places.insert(row::text(&row, "id")?, row::int(&row, "places")?);
        }
        let mut said = Vec::with_capacity(turns.len());
        for turn in turns {
            let (ending, places) = (of(turn)?, places.get(&turn.thread.conversation));
            let places = places.ok_or(StoreError::Malformed("a conversation"))?;
            said.push((
                &turn.thread,
                places.saturating_sub(count(ending)),
                ending.replies.as_slice(),
            ));
        }
        replies::insert(self, write, &said).await?;
        self.end_jobs(write, turns).await
    }

    /// Ends jobs and makes the next of their conversations due.
    async fn end_jobs(&self, write: &mut Write, turns: &[HeldTurn]) -> StoreResult<()> {
        let mut sql = Sql::new(
            "UPDATE jobs SET state = 'done', due_at = NULL, lease_token = NULL, ended_at = ",
        );
        let jobs = turns.iter().map(|turn| Bind::from(&turn.job));
        sql.bind(self.now()).push(" WHERE id IN (").bind_all(jobs).push(")");
        sql.run(write).await?;
        let conversations = turns.iter().map(|turn| Bind::from(&turn.thread.conversation));
        self.wake_next_of(write, Waiting::Jobs, conversations).await
    }

    /// Makes the eldest that waits in each of these conversations due.
    pub(super) async fn wake_next_of(
        &self,
        write: &mut Write,
        what: Waiting,
        conversations: impl Iterator<Item = Bind>,
    ) -> StoreResult<()> {
        let (table, waiting) = match what {
            Waiting::Jobs => ("jobs", "open"),
            Waiting::Replies => ("outbound", "waiting"),
        };
        let mut sql = Sql::new(&format!(
            "SELECT (SELECT id FROM {table} WHERE conversation = ended.column1 \
             AND state = '{waiting}' ORDER BY place LIMIT 1) AS next FROM ("
        ));
        sql.values(conversations.map(|conversation| [conversation])).push(") AS ended");
        let rows = sql.fetch(write).await?;
        let next = rows.iter().filter_map(|row| row::maybe_text(row, "next").transpose());
        for part in by_powers_of_two(&next.collect::<StoreResult<Vec<_>>>()?) {
            let mut sql = Sql::new(&format!("UPDATE {table} SET due_at = "));
            sql.bind(self.now()).push(" WHERE id IN (").bind_all(part.iter().map(Bind::from));
            sql.push(")");
            sql.run(write).await?;
        }
        Ok(())
    }
}

/// What waits in a conversation, one after the other.
#[derive(Debug, Clone, Copy)]
pub enum Waiting {
    /// Messages to be answered.
    Jobs,
    /// Replies to be sent.
    Replies,
}

fn count(ending: &Ending) -> i64 {
    i64::try_from(ending.replies.len()).unwrap_or(i64::MAX)
}
