//! Has files deleted that nobody has: a process ended between keeping one and saying whose it is. Three
//! times an hour, by one process for all.

use super::chores::{Chore, Undone};
use async_trait::async_trait;
use jiff::SignedDuration;
use ports::Ports;
use std::time::Duration;

/// How often it is looked for them: `audit` complains of those that are older than an hour.
const EVERY: Duration = Duration::from_secs(20 * 60);
/// The name of the chore in the database.
const NAME: &str = "strays";
/// How many files are listed at once.
const PAGE: usize = 512;
/// A file that nobody has after so long was forgotten on its way: it is said whose one is before it is kept,
/// or as soon as it is.
const STRAY: SignedDuration = SignedDuration::from_mins(30);

/// Looks for files that nobody has.
pub(super) struct Gathering(pub Ports);

#[async_trait]
impl Chore for Gathering {
    const COMPLAINT: &'static str = "files that nobody has could not be looked for";
    const LOOK: Duration = Duration::from_secs(60);

    async fn run(&mut self) -> Result<(), Undone> {
        let Ports { store, blobs, clock, .. } = &self.0;
        if store.claim_chore(NAME, EVERY).await?.is_none() {
            return Ok(());
        }
        let before = clock.now().checked_sub(STRAY)?;
        let (mut after, mut count) = (None, 0_usize);
        loop {
            let page = blobs.list(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.hash);
            let old = page.iter().filter(|listed| listed.written_at < before);
            let old: Vec<_> = old.map(|listed| listed.hash).collect();
            let strays = store.strays_among(&old).await?;
            if !strays.is_empty() {
                store.let_go(&strays).await?;
            }
            count = count.saturating_add(strays.len());
        }
        if count > 0 {
            tracing::info!(files = count, "files that nobody has are deleted");
        }
        Ok(())
    }
}
