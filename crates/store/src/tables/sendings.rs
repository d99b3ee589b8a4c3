//! Replies that the provider accepts at the same moment are noted together.

use super::{
    endings::Waiting,
    intake::by_powers_of_two,
    line::{Line, Step, tell_all},
    outbox::RECIPIENT,
};
use crate::{
    Database,
    engine::{Bind, Dialect, Sql, Write, row},
    until_it_stands,
};
use ports::store::{Delivery, StoreError, StoreResult};
use std::{collections::HashSet, sync::Arc, time::Duration};

/// The shortest while between two transactions.
const BREATH: Duration = Duration::from_millis(10);
/// How many transactions are made at once.
const AT_ONCE: usize = 2;

/// Where replies that were sent stand in line.
pub struct Sendings(Line<Arc<Sending>, StoreResult<()>>);

impl Default for Sendings {
    fn default() -> Self {
        Self(Line::new(AT_ONCE, BREATH))
    }
}

/// A reply that was sent.
struct Sending {
    outbound: String,
    conversation: String,
    token: String,
    provider_id: String,
}

/// Returns what says of one after the other whether it is of the same conversation as one before it.
fn apart() -> impl FnMut(&Arc<Sending>) -> bool {
    let mut conversations = HashSet::new();
    move |sending| !conversations.insert(sending.conversation.clone())
}

impl Database {
    /// Notes that a reply was sent, together with others if there are any.
    pub(super) async fn mark_sent_in_line(
        &self,
        delivery: &Delivery,
        provider_id: &str,
    ) -> StoreResult<()> {
        let sending = Arc::new(Sending {
            outbound: delivery.outbound.id.to_string(),
            conversation: delivery.outbound.conversation.to_string(),
            token: delivery.token.to_string(),
            provider_id: provider_id.to_owned(),
        });
        let mut place = self.lines.sendings.0.enter(Arc::clone(&sending));
        loop {
            match place.step(apart()).await {
                Step::Told(Some(told)) => return told,
                Step::Told(None) => break,
                Step::Head(all, _head) => {
                    let items = all.iter().map(|sent| Arc::clone(&sent.item)).collect();
                    tell_all(all, self.mark_all(items).await);
                }
            }
        }
        let alone = until_it_stands(|| self.mark_all(vec![Arc::clone(&sending)])).await?;
        alone.into_iter().next().unwrap_or(Err(StoreError::LeaseLost))
    }

    /// Returns of each reply whether it was still ours.
    async fn mark_all(&self, all: Vec<Arc<Sending>>) -> StoreResult<Vec<StoreResult<()>>> {
        let mut in_order = all.clone();
        // Two processes that hold the same conversations take them in the same order.
        in_order.sort_by(|one, other| one.conversation.cmp(&other.conversation));
        let mut write = self.begin_for_everyone().await?;
        let mut held = HashSet::with_capacity(all.len());
        for part in by_powers_of_two(&in_order) {
            hold(&mut write, part).await?;
            let mut sql = Sql::new("UPDATE outbound SET state = 'sent', ended_at = ");
            sql.bind(self.now());
            sql.push(&format!(
                ", provider_id = sending.column3, due_at = NULL, lease_token = NULL, \
                 begun_at = NULL, recipient = {RECIPIENT} FROM (",
            ));
            sql.values(part.iter().map(|sending| {
                [&sending.outbound, &sending.token, &sending.provider_id].map(Bind::from)
            }));
            sql.push(
                ") AS sending WHERE id = sending.column1 AND lease_token = sending.column2 \
                 RETURNING id, conversation",
            );
            let rows = sql.fetch(&mut write).await?;
            let ended = rows.iter().map(|row| row::text(row, "conversation").map(Bind::from));
            let ended = ended.collect::<StoreResult<Vec<_>>>()?;
            for ended in by_powers_of_two(&ended) {
                let ended = ended.iter().cloned();
                self.wake_next_of(&mut write, Waiting::Replies, ended).await?;
            }
            for row in &rows {
                held.insert(row::text(row, "id")?);
            }
        }
        write.commit().await?;
        let is_held = |sending: &Arc<Sending>| held.contains(&sending.outbound);
        let told = |is_held| if is_held { Ok(()) } else { Err(StoreError::LeaseLost) };
        Ok(all.iter().map(is_held).map(told).collect())
    }
}

/// Holds the order of what is said in these conversations until the commit.
async fn hold(write: &mut Write, part: &[Arc<Sending>]) -> StoreResult<()> {
    if write.dialect() == Dialect::Postgres {
        let mut sql = Sql::new("SELECT id FROM conversations WHERE id IN (");
        sql.bind_all(part.iter().map(|sent| Bind::from(&sent.conversation)));
        sql.push(") ORDER BY id FOR NO KEY UPDATE");
        sql.fetch(write).await?;
    }
    Ok(())
}
