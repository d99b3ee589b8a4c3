//! Money for models: put aside, settled, capped.

use super::Fresh;
use domain::{document::ContentHash, ids::TenantId};
use jiff::Timestamp;
use ports::{
    model::{Caps, Cost, Usage},
    store::{PaidCall, Settled, Spent},
};
use std::sync::Arc;
use uuid::Uuid;

const USAGE: Usage = Usage { input_tokens: 1_000, output_tokens: 50, cached_tokens: 200 };

fn call(most: u64) -> PaidCall<'static> {
    PaidCall {
        task: "read_invoice",
        input: ContentHash([1; 32]),
        document: Some(ContentHash([2; 32])),
        model: "a-model",
        most: Cost(most),
    }
}

fn daily(cap: u64) -> Caps {
    Caps { daily: Some(Cost(cap)), monthly: None }
}

async fn reserve(fresh: &Fresh, tenant: TenantId, most: u64, caps: Caps) -> Option<Uuid> {
    fresh.store.reserve(tenant, &call(most), caps).await.unwrap()
}

async fn settle(fresh: &Fresh, tenant: TenantId, call: Uuid, cost: u64) {
    let settled = Settled { usage: USAGE, cost: Cost(cost), outcome: "answered" };
    fresh.store.settle(tenant, call, &settled).await.unwrap();
}

async fn lately(fresh: &Fresh) -> (u64, u64) {
    let (today, this_month) = fresh.store.spent_lately().await.unwrap();
    (today.0, this_month.0)
}

/// The cap is checked against the most that a call can cost; the rest is free again afterwards.
pub async fn money_is_put_aside_before_a_call_and_settled_after_it(fresh: &Fresh) {
    let (ana, eve) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    let first = reserve(fresh, ana, 700, daily(1_000)).await.unwrap();
    assert_eq!(lately(fresh).await, (700, 700));
    assert_eq!(reserve(fresh, eve, 301, daily(1_000)).await, None, "all tenants share the cap");
    settle(fresh, eve, first, 1).await;
    assert_eq!(lately(fresh).await, (700, 700), "another tenant settles nothing of hers");
    settle(fresh, ana, first, 100).await;
    settle(fresh, ana, first, 999).await;
    assert_eq!(lately(fresh).await, (100, 100), "the first word counts");
    assert!(reserve(fresh, eve, 900, daily(1_000)).await.is_some());
    assert_eq!(reserve(fresh, ana, 1, daily(1_000)).await, None);
    assert!(reserve(fresh, ana, 1, Caps::default()).await.is_some(), "no cap, no end");
    let monthly = Caps { daily: None, monthly: Some(Cost(1_001)) };
    assert_eq!(reserve(fresh, ana, 1, monthly).await, None);
}

/// However many ask together, the sum of what is put aside never passes the cap.
pub async fn a_hundred_calls_at_once_stay_within_the_cap(fresh: &Fresh) {
    let tenant = fresh.tenant("ana").await;
    let calls = (0..100).map(|_| {
        let store = Arc::clone(&fresh.store);
        tokio::spawn(async move { store.reserve(tenant, &call(30), daily(1_000)).await.unwrap() })
    });
    let calls: Vec<_> = calls.collect();
    let mut allowed = 0;
    for call in calls {
        allowed += usize::from(call.await.unwrap().is_some());
    }
    assert_eq!(allowed, 33);
    assert_eq!(lately(fresh).await, (990, 990));
}

/// Days and months are those of UTC; a call counts where it was made, not where it was settled.
pub async fn a_new_day_and_a_new_month_begin_at_nothing(fresh: &Fresh) {
    let tenant = fresh.tenant("ana").await;
    let set = |text: &str| fresh.clock.set(text.parse::<Timestamp>().unwrap());
    set("2025-09-29T23:59:59.999Z");
    let late = reserve(fresh, tenant, 80, daily(100)).await.unwrap();
    set("2025-09-30T00:00:00Z");
    settle(fresh, tenant, late, 60).await;
    assert_eq!(lately(fresh).await, (0, 60));
    let caps = Caps { daily: Some(Cost(100)), monthly: Some(Cost(150)) };
    assert!(reserve(fresh, tenant, 90, caps).await.is_some());
    assert_eq!(reserve(fresh, tenant, 10, caps).await, None, "the month is full");
    set("2025-10-01T00:00:00Z");
    assert_eq!(lately(fresh).await, (0, 0));
    assert!(reserve(fresh, tenant, 100, caps).await.is_some());
}

/// Every call is kept with its tenant and its document.
pub async fn what_was_spent_is_known_by_tenant_and_document(fresh: &Fresh) {
    let (ana, eve) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    let read = reserve(fresh, ana, 50, Caps::default()).await.unwrap();
    settle(fresh, ana, read, 40).await;
    let talk = PaidCall { task: "classify", document: None, ..call(7) };
    assert!(fresh.store.reserve(ana, &talk, Caps::default()).await.unwrap().is_some());
    let spent = async |tenant, document| fresh.store.spent(tenant, document).await.unwrap();
    let on_document = Spent { calls: 1, usage: USAGE, cost: Cost(40) };
    assert_eq!(spent(ana, Some(ContentHash([2; 32]))).await, on_document);
    assert_eq!(spent(ana, None).await, Spent { calls: 2, cost: Cost(47), ..on_document });
    assert_eq!(spent(ana, Some(ContentHash([3; 32]))).await, Spent::default());
    assert_eq!(spent(eve, None).await, Spent::default());
}
