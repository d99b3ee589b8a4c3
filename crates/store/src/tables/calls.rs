//! What is noted of calls of models at the same moment is noted together: the money that is put aside,
//! what became of the calls, and what was answered.

use super::{
    intake::by_powers_of_two,
    line::{Asked, Line, Step, tell_all},
    spending,
};
use crate::{
    Database,
    engine::{Bind, Hold, Sql},
    until_it_stands,
};
use ports::{
    model::{Caps, Cost},
    store::StoreResult,
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// The shortest while between two transactions.
const BREATH: Duration = Duration::from_millis(5);

/// Where notes about calls stand in line.
pub struct Calls {
    reservations: Line<Arc<Reservation>, StoreResult<Option<Uuid>>>,
    settlements: Line<Arc<Settlement>, StoreResult<()>>,
    answers: Line<Arc<Answer>, StoreResult<()>>,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            // Money is put aside by one after the other in any case.
            reservations: Line::new(1, BREATH),
            settlements: Line::new(1, BREATH),
            answers: Line::new(1, BREATH),
        }
    }
}

/// Money for a call.
pub struct Reservation {
    pub most: Cost,
    pub caps: Caps,
    /// Tenant, task, input, document and model.
    pub call: [Bind; 5],
}

/// What became of a call: tenant, identifier, tokens in, of them cached, and out, charge and outcome.
pub type Settlement = [Bind; 7];

/// What a model said: tenant, key, text, model, tokens in and out.
pub type Answer = [Bind; 6];

impl Database {
    /// Puts money aside, together with others if there are any.
    pub(super) async fn reserve_in_line(
        &self,
        reservation: Reservation,
    ) -> StoreResult<Option<Uuid>> {
        let reservation = Arc::new(reservation);
        let mut place = self.lines.calls.reservations.enter(Arc::clone(&reservation));
        loop {
            match place.step(|_| false).await {
                Step::Told(Some(told)) => return told,
                Step::Told(None) => break,
                Step::Head(all, _head) => {
                    let reserved = self.reserve_all(&items(&all)).await;
                    tell_all(all, reserved.map(|ids| ids.into_iter().map(Ok).collect()));
                }
            }
        }
        let alone = until_it_stands(|| self.reserve_all(std::slice::from_ref(&reservation))).await;
        Ok(alone?.pop().flatten())
    }

    async fn reserve_all(&self, all: &[Arc<Reservation>]) -> StoreResult<Vec<Option<Uuid>>> {
        let (mut write, now) = (self.begin_for_everyone().await?, self.now());
        let (mut today, mut this_month) = (Cost::FREE, Cost::FREE);
        // Without a cap there is nothing to add up, and nobody to wait for.
        if all.iter().any(|reservation| reservation.caps != Caps::default()) {
            write.hold(Hold::Spending).await?;
            (today, this_month) = spending::lately(&mut write, now).await?;
        }
        let (mut ids, mut rows) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        for reservation in all {
            let Reservation { most, caps, call } = &**reservation;
            let fits =
                |cap: Option<Cost>, spent: Cost| cap.is_none_or(|cap| spent.plus(*most) <= cap);
            if !fits(caps.daily, today) || !fits(caps.monthly, this_month) {
                ids.push(None);
                continue;
            }
            (today, this_month) = (today.plus(*most), this_month.plus(*most));
            let id = self.clock.new_id();
            ids.push(Some(id));
            let [tenant, task, input, document, model] = call.clone();
            let most = spending::whole(most.0).into();
            rows.push([id.to_string().into(), tenant, task, input, document, model, most]);
        }
        for part in by_powers_of_two(&rows) {
            let mut sql = Sql::new(
                "INSERT INTO model_calls (id, tenant, task, input, document, model, charged, \
                 input_tokens, cached_tokens, output_tokens, created_at) SELECT column1, column2, \
                 column3, column4, column5, column6, column7, 0, 0, 0, column8 FROM (",
            );
            let rows = part.iter().cloned();
            sql.values(rows.map(|[a, b, c, d, e, f, g]| [a, b, c, d, e, f, g, now.into()]));
            sql.push(") AS call");
            sql.run(&mut write).await?;
        }
        write.commit().await?;
        Ok(ids)
    }

    /// Notes what became of a call, together with others if there are any.
    pub(super) async fn settle_in_line(&self, settlement: Settlement) -> StoreResult<()> {
        let settlement = Arc::new(settlement);
        let mut place = self.lines.calls.settlements.enter(Arc::clone(&settlement));
        loop {
            match place.step(|_| false).await {
                Step::Told(Some(told)) => return told,
                Step::Told(None) => break,
                Step::Head(all, _head) => {
                    let settled = self.settle_all(&items(&all)).await;
                    let each = settled.map(|()| all.iter().map(|_| Ok(())).collect());
                    tell_all(all, each);
                }
            }
        }
        until_it_stands(|| self.settle_all(std::slice::from_ref(&settlement))).await
    }

    async fn settle_all(&self, all: &[Arc<Settlement>]) -> StoreResult<()> {
        let mut write = self.begin_for_everyone().await?;
        for part in by_powers_of_two(all) {
            let mut sql = Sql::new(
                "UPDATE model_calls SET input_tokens = call.column3, cached_tokens = call.column4, \
                 output_tokens = call.column5, charged = call.column6, outcome = call.column7, \
                 settled_at = ",
            );
            sql.bind(self.now()).push(" FROM (").values(part.iter().map(|one| (**one).clone()));
            sql.push(
                ") AS call WHERE id = call.column2 AND tenant = call.column1 \
                 AND settled_at IS NULL",
            );
            sql.run(&mut write).await?;
        }
        write.commit().await
    }

    /// Remembers an answer, together with others if there are any.
    pub(super) async fn remember_in_line(&self, answer: Answer) -> StoreResult<()> {
        let answer = Arc::new(answer);
        let mut place = self.lines.calls.answers.enter(Arc::clone(&answer));
        loop {
            match place.step(|_| false).await {
                Step::Told(Some(told)) => return told,
                Step::Told(None) => break,
                Step::Head(all, _head) => {
                    let remembered = self.remember_all(&items(&all)).await;
                    let each = remembered.map(|()| all.iter().map(|_| Ok(())).collect());
                    tell_all(all, each);
                }
            }
        }
        until_it_stands(|| self.remember_all(std::slice::from_ref(&answer))).await
    }

    async fn remember_all(&self, all: &[Arc<Answer>]) -> StoreResult<()> {
        let (mut write, now) = (self.begin_for_everyone().await?, self.now());
        for part in by_powers_of_two(all) {
            let mut sql = Sql::new(
                "INSERT INTO answers (tenant, key, body, model, input_tokens, output_tokens, \
                 created_at) ",
            );
            let rows = part.iter().map(|one| (**one).clone());
            sql.values(rows.map(|[a, b, c, d, e, f]| [a, b, c, d, e, f, now.into()]));
            sql.push(" ON CONFLICT (tenant, key) DO NOTHING");
            sql.run(&mut write).await?;
        }
        write.commit().await
    }
}

fn items<T, R>(all: &[Asked<Arc<T>, R>]) -> Vec<Arc<T>> {
    all.iter().map(|asked| Arc::clone(&asked.item)).collect()
}
