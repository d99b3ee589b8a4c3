//! Looks for what must never be: lost messages, doubled replies, leases nobody ended, a trail that
//! was changed.

use crate::{
    Database, codec,
    engine::{Connection, query, row},
    tables::events,
};
use domain::document::ContentHash;
use jiff::Timestamp;
use ports::store::StoreResult;
use std::time::Duration;

/// After this long a message is answered and a reply has left, whatever went wrong meanwhile.
const SETTLED: Duration = Duration::from_secs(10 * 60);
/// How long after its end a lease may be found before somebody has taken the work over.
const TAKEN_OVER: Duration = Duration::from_secs(30);
/// How many of the broken rows are named.
const NAMED: usize = 10;

/// What was looked at and what was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The short name of what must hold.
    pub invariant: &'static str,
    /// What must hold, in words.
    pub says: &'static str,
    /// How many rows were looked at.
    pub looked_at: u64,
    /// How many of them break it.
    pub broken: u64,
    /// The identifiers of the first of these.
    pub examples: Vec<String>,
}

impl Finding {
    /// Returns whether everything is as it must be.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.broken == 0
    }
}

/// A rule whose breaches a statement finds.
struct Rule {
    invariant: &'static str,
    says: &'static str,
    /// Counts the rows that it is about.
    about: &'static str,
    /// Returns the identifiers of rows that break it; `$1` is the time, in milliseconds, before
    /// which things are as they stay.
    broken: &'static str,
    /// How long before now that time is.
    grace: Duration,
}

const RULES: [Rule; 10] = [
    Rule {
        invariant: "I2",
        says: "every message is answered or a dead letter, within ten minutes",
        about: "SELECT COUNT(*) AS n FROM inbound",
        broken: "SELECT i.id AS id FROM inbound i LEFT JOIN jobs j ON j.inbound = i.id \
                 LEFT JOIN dead_letters d ON d.job = j.id \
                 WHERE j.id IS NULL OR (j.state = 'dead') <> (d.job IS NOT NULL) \
                 OR (j.state = 'open' AND i.received_at < $1) ORDER BY i.id",
        grace: SETTLED,
    },
    Rule {
        invariant: "I3",
        says: "every message that has ended has a reply, unless it is the caption of another, or its sender wants none or had it deleted",
        about: "SELECT COUNT(*) AS n FROM jobs WHERE state <> 'open'",
        broken: "SELECT j.inbound AS id FROM jobs j WHERE j.state <> 'open' AND j.ended_at < $1 \
                 AND j.joined IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM outbound o WHERE o.inbound = j.inbound) \
                 AND NOT EXISTS (SELECT 1 FROM inbound i WHERE i.id = j.inbound AND i.sender = '') \
                 AND COALESCE((SELECT e.action FROM events e \
                 JOIN conversations c ON c.tenant = e.tenant AND c.member = e.member \
                 WHERE c.id = j.conversation AND e.action IN ('silenced', 'heard_again') \
                 AND e.at <= j.ended_at ORDER BY e.place DESC LIMIT 1), '') <> 'silenced' \
                 ORDER BY j.inbound",
        grace: Duration::ZERO,
    },
    Rule {
        invariant: "I3",
        says: "no reply is there twice, and none was sent twice",
        about: "SELECT COUNT(*) AS n FROM outbound",
        broken: "SELECT MAX(id) AS id FROM outbound WHERE inbound IS NOT NULL AND file IS NULL \
                 AND created_at < $1 GROUP BY inbound, body HAVING COUNT(*) > 1 \
                 UNION SELECT MAX(id) FROM outbound WHERE provider_id IS NOT NULL \
                 GROUP BY channel, provider_id HAVING COUNT(*) > 1 ORDER BY 1",
        grace: Duration::ZERO,
    },
    Rule {
        invariant: "I3",
        says: "every reply has left or failed for good, within ten minutes",
        about: "SELECT COUNT(*) AS n FROM outbound",
        broken: "SELECT id FROM outbound WHERE state = 'waiting' AND created_at < $1 ORDER BY id",
        grace: SETTLED,
    },
    Rule {
        invariant: "I4",
        says: "a document makes one invoice",
        about: "SELECT COUNT(*) AS n FROM invoices WHERE document IS NOT NULL",
        broken: "SELECT MAX(id) AS id FROM invoices WHERE document IS NOT NULL AND created_at < $1 \
                 GROUP BY tenant, document HAVING COUNT(*) > 1 ORDER BY 1",
        grace: Duration::ZERO,
    },
    Rule {
        invariant: "I5",
        says: "work whose worker is gone is taken over within half a minute",
        about: "SELECT (SELECT COUNT(*) FROM jobs WHERE lease_token IS NOT NULL) \
                + (SELECT COUNT(*) FROM outbound WHERE lease_token IS NOT NULL) AS n",
        broken: "SELECT id FROM jobs WHERE state = 'open' AND lease_token IS NOT NULL \
                 AND due_at < $1 UNION SELECT id FROM outbound WHERE state = 'waiting' \
                 AND lease_token IS NOT NULL AND due_at < $1 ORDER BY 1",
        grace: TAKEN_OVER,
    },
    Rule {
        invariant: "I7",
        // Each process knows the time of the database to within a second, as it was told last.
        says: "replies leave in the order of the conversation",
        about: "SELECT COUNT(*) AS n FROM outbound WHERE state = 'sent'",
        broken: "SELECT id FROM (SELECT id, ended_at, LAG(ended_at) OVER \
                 (PARTITION BY conversation ORDER BY place) AS before FROM outbound \
                 WHERE state = 'sent' AND created_at < $1) AS sent \
                 WHERE before > ended_at + 1000 ORDER BY id",
        grace: Duration::ZERO,
    },
    Rule {
        invariant: "I8",
        says: "what stands in one book is nobody else's, and goes to nobody else",
        about: "SELECT (SELECT COUNT(*) FROM inbound) + (SELECT COUNT(*) FROM outbound) AS n",
        broken: "SELECT i.id AS id FROM inbound i JOIN conversations c ON c.id = i.conversation \
                 WHERE i.tenant <> c.tenant AND i.received_at < $1 \
                 UNION SELECT o.id FROM outbound o JOIN conversations c ON c.id = o.conversation \
                 JOIN members m ON m.id = c.member LEFT JOIN inbound i ON i.id = o.inbound \
                 WHERE o.tenant <> c.tenant OR m.tenant <> c.tenant \
                 OR i.conversation <> o.conversation OR (c.closed_at IS NULL \
                 AND o.recipient NOT IN ('', m.address)) \
                 UNION SELECT e.id FROM events e JOIN members m ON m.id = e.member \
                 WHERE m.tenant <> e.tenant ORDER BY 1",
        grace: Duration::ZERO,
    },
    Rule {
        invariant: "I9",
        says: "every answer of a model stands in the account of what was spent",
        about: "SELECT COUNT(*) AS n FROM answers",
        broken: "SELECT a.key AS id FROM answers a WHERE a.created_at < $1 AND NOT EXISTS \
                 (SELECT 1 FROM model_calls m WHERE m.tenant = a.tenant AND m.input = a.key) \
                 ORDER BY a.key",
        grace: Duration::ZERO,
    },
    Rule {
        invariant: "F64",
        says: "the memory of a conversation stays within 64 KiB",
        about: "SELECT COUNT(*) AS n FROM conversations",
        broken: "SELECT id FROM conversations WHERE OCTET_LENGTH(memory) > 65536 AND $1 > 0 \
                 ORDER BY id",
        grace: Duration::ZERO,
    },
];

impl Database {
    /// Checks everything that the database alone can tell, in one state of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`](ports::store::StoreError) if the database does not answer.
    pub async fn audit(&self) -> StoreResult<Vec<Finding>> {
        let mut snapshot = self.engine.snapshot().await?;
        let mut findings = Vec::with_capacity(RULES.len().saturating_add(1));
        for rule in &RULES {
            findings.push(self.check(&mut snapshot, rule).await?);
        }
        let (looked_at, broken) = events::broken(&mut snapshot).await?;
        findings.push(Finding {
            invariant: "I10",
            says: "nothing was taken out of the audit trail or changed in it",
            looked_at,
            ..found(broken)
        });
        Ok(findings)
    }

    async fn check(&self, snapshot: &mut Connection, rule: &Rule) -> StoreResult<Finding> {
        let about = query(rule.about).fetch_one(snapshot).await?;
        let grace = i64::try_from(rule.grace.as_millis()).unwrap_or(i64::MAX);
        // What happened in this very millisecond counts too where nothing is waited for.
        let before = self.now().saturating_sub(grace).saturating_add(1);
        let rows = query(rule.broken).bind(before).fetch_all(snapshot).await?;
        let broken = rows.iter().map(|row| row::text(row, "id")).collect::<StoreResult<_>>()?;
        Ok(Finding {
            invariant: rule.invariant,
            says: rule.says,
            looked_at: row::count(&about, "n")?,
            ..found(broken)
        })
    }

    /// Returns when the first message came that is known; nothing if none ever did.
    ///
    /// # Errors
    ///
    /// [`StoreError`](ports::store::StoreError) if the database does not answer.
    pub async fn first_message(&self) -> StoreResult<Option<Timestamp>> {
        let mut reader = self.reader_for_everyone().await?;
        let first = "SELECT received_at FROM inbound ORDER BY id LIMIT 1";
        let row = query(first).fetch_optional(&mut reader).await?;
        row.map(|row| codec::instant(row::int(&row, "received_at")?)).transpose()
    }

    /// Returns the files that stored invoices were read from, in order, after one of them.
    ///
    /// # Errors
    ///
    /// [`StoreError`](ports::store::StoreError) if the database does not answer.
    pub async fn documents(
        &self,
        after: Option<ContentHash>,
        most: u32,
    ) -> StoreResult<Vec<ContentHash>> {
        let mut reader = self.reader_for_everyone().await?;
        let rows = query(
            "SELECT DISTINCT document FROM invoices WHERE document > $1 ORDER BY document LIMIT $2",
        )
        .bind(after.map(|hash| hash.to_string()).unwrap_or_default())
        .bind(most)
        .fetch_all(&mut reader)
        .await?;
        rows.iter().map(|row| row::parsed(row, "document")).collect()
    }
}

/// Counts broken rows and names the first.
fn found(mut broken: Vec<String>) -> Finding {
    let count = u64::try_from(broken.len()).unwrap_or(u64::MAX);
    broken.truncate(NAMED);
    Finding { invariant: "", says: "", looked_at: 0, broken: count, examples: broken }
}
