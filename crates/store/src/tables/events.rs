//! The audit trail: who changed what, before and after, each entry bound to the one before.

use super::changes::Author;
use crate::{
    Database,
    engine::{Connection, Row, Write, query, row},
};
use ports::store::StoreResult;
use sha2::{Digest, Sha256};

/// A person wants to hear nothing more; what he sends then has no reply. Read by the audit too.
pub const SILENCED: &str = "silenced";
/// He wants to hear again.
pub const HEARD_AGAIN: &str = "heard_again";

/// One entry, before it has its place.
pub struct Event {
    /// Its identifier, where somebody was told it; a new one else.
    pub id: Option<String>,
    /// What was done.
    pub action: &'static str,
    /// What was there before, as JSON.
    pub before: Option<String>,
    /// What is there now, as JSON.
    pub after: Option<String>,
    /// The event that it takes back.
    pub undoes: Option<String>,
}

impl Event {
    /// Makes an entry for something that was not there before.
    pub const fn after(action: &'static str, after: String) -> Self {
        Self { id: None, action, before: None, after: Some(after), undoes: None }
    }

    /// Makes an entry for a change.
    pub const fn change(action: &'static str, before: String, after: String) -> Self {
        Self { id: None, action, before: Some(before), after: Some(after), undoes: None }
    }
}

/// Adds an entry at the end of a tenant's trail.
pub async fn append(
    store: &Database,
    write: &mut Write,
    author: &Author,
    event: Event,
) -> StoreResult<()> {
    let tenant = author.tenant.to_string();
    let last =
        query("SELECT place, hash FROM events WHERE tenant = $1 ORDER BY place DESC LIMIT 1")
            .bind(&tenant)
            .fetch_optional(write)
            .await?;
    let (place, previous) = match &last {
        Some(last) => (row::int(last, "place")?.saturating_add(1), row::text(last, "hash")?),
        None => (1, String::new()),
    };
    let (id, now) = (event.id.unwrap_or_else(|| store.new_id()), store.now());
    let member = author.member.map(|member| member.to_string());
    let hash = hash(&[
        Some(previous.as_str()),
        Some(&id),
        Some(&tenant),
        Some(&place.to_string()),
        Some(&now.to_string()),
        member.as_deref(),
        Some(event.action),
        event.before.as_deref(),
        event.after.as_deref(),
        event.undoes.as_deref(),
    ]);
    query(
        "INSERT INTO events (id, tenant, place, at, member, action, before_image, after_image, \
         undoes, previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&id)
    .bind(&tenant)
    .bind(place)
    .bind(now)
    .bind(&member)
    .bind(event.action)
    .bind(&event.before)
    .bind(&event.after)
    .bind(&event.undoes)
    .bind(&previous)
    .bind(hash)
    .execute(write)
    .await?;
    Ok(())
}

/// How many entries are read at once.
const PAGE: i64 = 1_000;

/// Checks every trail from its beginning and returns how many entries there are, and the
/// identifiers of those that do not follow from the one before.
pub async fn broken(connection: &mut Connection) -> StoreResult<(u64, Vec<String>)> {
    let (mut looked_at, mut broken) = (0_u64, Vec::new());
    let (mut tenant, mut place, mut previous) = (String::new(), 0_i64, String::new());
    loop {
        let page = query(
            "SELECT * FROM events WHERE (tenant, place) > ($1, $2) ORDER BY tenant, place LIMIT $3",
        )
        .bind(&tenant)
        .bind(place)
        .bind(PAGE)
        .fetch_all(connection)
        .await?;
        if page.is_empty() {
            return Ok((looked_at, broken));
        }
        for event in &page {
            looked_at = looked_at.saturating_add(1);
            let of = row::text(event, "tenant")?;
            if of != tenant {
                (tenant, place) = (of, 0);
                previous.clear();
            }
            let here = row::int(event, "place")?;
            let is_next = place.checked_add(1) == Some(here)
                && row::text(event, "previous_hash")? == previous
                && row::text(event, "hash")? == hash_of(event)?;
            if !is_next {
                broken.push(row::text(event, "id")?);
            }
            place = here;
            previous = row::text(event, "hash")?;
        }
    }
}

/// Returns the hash that an entry must have by what it says.
fn hash_of(event: &Row) -> StoreResult<String> {
    Ok(hash(&[
        Some(&row::text(event, "previous_hash")?),
        Some(&row::text(event, "id")?),
        Some(&row::text(event, "tenant")?),
        Some(&row::int(event, "place")?.to_string()),
        Some(&row::int(event, "at")?.to_string()),
        row::maybe_text(event, "member")?.as_deref(),
        Some(&row::text(event, "action")?),
        row::maybe_text(event, "before_image")?.as_deref(),
        row::maybe_text(event, "after_image")?.as_deref(),
        row::maybe_text(event, "undoes")?.as_deref(),
    ]))
}

/// Returns the SHA-256 of the fields. Each is led by its length, so that no two lists of fields
/// are written the same way; an absent one has no length.
fn hash(fields: &[Option<&str>]) -> String {
    let mut digest = Sha256::new();
    for field in fields {
        let length = field.map(|field| field.len().to_string()).unwrap_or_default();
        digest.update(length.as_bytes());
        digest.update(b":");
        digest.update(field.unwrap_or_default().as_bytes());
    }
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_be_moved_from_one_to_the_next() {
        let apart = hash(&[Some("ab"), Some("c"), None]);
        assert_ne!(apart, hash(&[Some("a"), Some("bc"), None]));
        assert_ne!(apart, hash(&[Some("ab"), Some("c"), Some("")]));
        assert_eq!(apart, hash(&[Some("ab"), Some("c"), None]));
    }
}
