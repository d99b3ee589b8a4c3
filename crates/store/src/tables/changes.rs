//! Carries out changes: each is one write, checked against what it was based on.

use super::{
    erasing,
    events::{self, Event},
    invoices, numbering, reminders, vendor_memory,
};
use crate::{
    Database, codec,
    engine::{Row, Write, query, row},
};
use domain::{
    ids::{EventId, MemberId, TenantId},
    invoice::Invoice,
    outcome::{Change, Patch},
    tenant::Habits,
};
use ports::store::{StoreError, StoreResult};

/// Whose book is changed, and by whom; nobody for the command line.
pub struct Author {
    /// The book.
    pub tenant: TenantId,
    /// The person.
    pub member: Option<MemberId>,
}

/// Carries out one change inside the commit of a job.
pub async fn apply(
    store: &Database,
    write: &mut Write,
    (author, job): (&Author, Option<&str>),
    change: &Change,
) -> StoreResult<()> {
    match change {
        Change::SaveInvoice(invoice) => save(store, write, author, invoice).await,
        Change::IssueInvoice { invoice, year, sequence } => {
            match sequence {
                Some(sequence) => numbering::take(write, author.tenant, *year, *sequence).await?,
                None => numbering::claim(write, author.tenant, invoice.number.as_deref()).await?,
            }
            invoices::insert(write, author.tenant, invoice, store.now()).await?;
            let event = Event::after("invoice_issued", codec::json(invoice)?);
            events::append(store, write, author, event).await
        }
        Change::PatchInvoices(patches) => {
            replace_all(write, author.tenant, patches).await?;
            events::append(store, write, author, patch_event("invoices_changed", patches)?).await
        }
        Change::Undo(event) => undo(store, write, author, *event).await,
        Change::SetHabits(habits) => set_habits(store, write, author, habits).await,
        Change::KeepTrace(trace) => vendor_memory::keep_trace(store, write, author, trace).await,
        Change::KeepHint(hint) => vendor_memory::keep_hint(store, write, author, hint).await,
        Change::SetSilence(is_silent) => {
            let action = if *is_silent { events::SILENCED } else { events::HEARD_AGAIN };
            if *is_silent {
                reminders::set(store, write, author, false).await?;
            }
            let event = Event { id: None, action, before: None, after: None, undoes: None };
            events::append(store, write, author, event).await
        }
        Change::SetReminders(wanted) => reminders::set(store, write, author, *wanted).await,
        Change::ForgetHints => vendor_memory::forget_hints(store, write, author).await,
        Change::Erase(event) => {
            erasing::erase(store, write, author.tenant, *event, job).await.map(|_| ())
        }
    }
}

async fn save(
    store: &Database,
    write: &mut Write,
    author: &Author,
    invoice: &Invoice,
) -> StoreResult<()> {
    invoices::insert(write, author.tenant, invoice, store.now()).await?;
    let event = Event::after("invoice_saved", codec::json(invoice)?);
    events::append(store, write, author, event).await
}

/// Replaces invoices by what they are to be, if all of them still are what they were.
async fn replace_all(write: &mut Write, tenant: TenantId, patches: &[Patch]) -> StoreResult<()> {
    for patch in patches {
        if patch.after.id != patch.before.id {
            return Err(StoreError::Malformed("a patch of two invoices"));
        }
        let stored = invoices::load(write, tenant, patch.before.id).await?;
        if stored.as_ref() != Some(&patch.before) {
            return Err(StoreError::Conflict);
        }
        invoices::replace(write, tenant, &patch.after).await?;
    }
    Ok(())
}

async fn undo(
    store: &Database,
    write: &mut Write,
    author: &Author,
    event: EventId,
) -> StoreResult<()> {
    let row = query(
        "SELECT before_image, after_image FROM events WHERE id = $1 AND tenant = $2 \
         AND action = 'invoices_changed' \
         AND NOT EXISTS (SELECT 1 FROM events AS later WHERE later.undoes = events.id)",
    )
    .bind(event.to_string())
    .bind(author.tenant.to_string())
    .fetch_optional(write)
    .await?
    .ok_or(StoreError::Conflict)?;
    let back: Vec<Patch> = patches(&row)?
        .into_iter()
        .rev()
        .map(|patch| Patch { before: patch.after, after: patch.before })
        .collect();
    replace_all(write, author.tenant, &back).await?;
    let undone = Event { undoes: Some(event.to_string()), ..patch_event("change_undone", &back)? };
    events::append(store, write, author, undone).await
}

async fn set_habits(
    store: &Database,
    write: &mut Write,
    author: &Author,
    habits: &Habits,
) -> StoreResult<()> {
    let tenant = author.tenant.to_string();
    let row =
        query("SELECT habits FROM tenants WHERE id = $1").bind(&tenant).fetch_one(write).await?;
    let (before, after) = (row::text(&row, "habits")?, codec::json(habits)?);
    query("UPDATE tenants SET habits = $1 WHERE id = $2")
        .bind(&after)
        .bind(&tenant)
        .execute(write)
        .await?;
    events::append(store, write, author, Event::change("habits_set", before, after)).await
}

fn patch_event(action: &'static str, patches: &[Patch]) -> StoreResult<Event> {
    let before: Vec<&Invoice> = patches.iter().map(|patch| &patch.before).collect();
    let after: Vec<&Invoice> = patches.iter().map(|patch| &patch.after).collect();
    Ok(Event::change(action, codec::json(&before)?, codec::json(&after)?))
}

/// Returns the patches of an event's row with `before_image` and `after_image`.
pub fn patches(row: &Row) -> StoreResult<Vec<Patch>> {
    let images = |column| -> StoreResult<Vec<Invoice>> {
        codec::from_json(&row::text(row, column)?, "an event")
    };
    let (before, after) = (images("before_image")?, images("after_image")?);
    Ok(before.into_iter().zip(after).map(|(before, after)| Patch { before, after }).collect())
}
