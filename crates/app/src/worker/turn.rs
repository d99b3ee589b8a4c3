//! One message at a time: claim it, fetch its files, run its turn, commit what comes out.
//!
//! Nothing is held across a call but the lease. A turn that panics is an error like any other; one
//! that takes the process with it is counted by the queue and ends among the dead letters.

use super::{
    Looks, Pulse, Ties, backoff, caption,
    failure::{Failure, LEASE_LOST, PANICKED},
    fetch::fetch_all,
    in_time::{ENOUGH, InTime},
    slots::{CLAIMED_AT_ONCE, Crew, Kind, Slots},
    throttle::Wait,
    watched::Watched,
};
use crate::{
    cli::chain,
    telemetry::{
        meters::{self, Running},
        traces,
    },
};
use bytes::Bytes;
use domain::{document::ContentHash, message::NewOutbound, outcome::Outcome, tenant::Language};
use ports::{
    Ports, Tools,
    store::{Burial, Claim, Lease, StoreError, Work},
};
use std::{
    num::NonZero,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Notify, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};
use workflow::turn::{ReceivedFile, Turn};

/// How long a job is ours without a heartbeat.
const LEASE: Duration = Duration::from_secs(30);
/// How often the lease is renewed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How often a job is run before it is given up.
const MAX_ATTEMPTS: u32 = 3;
/// How long running turns may go on once the process is to stop.
const GRACE: Duration = Duration::from_secs(8);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long what a turn needs may be away before tries cost attempts.
const OUTAGE: Duration = Duration::from_secs(60 * 60);
/// The longest wait between two tries meanwhile.
const LONGEST_LOOK: Duration = Duration::from_secs(30);
/// After how long its sender is told.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every turn needs.
struct Bench {
    ports: Ports,
    replies: Arc<Notify>,
    ties: Ties,
    /// Ends the turns that are still running after the grace.
    hurry: CancellationToken,
}

/// Claims and runs turns, as many at once as there are slots, until it is told to stop.
pub(super) async fn run(ports: Ports, ties: Ties, replies: Arc<Notify>, stop: CancellationToken) {
    let slots = Slots::of(std::thread::available_parallelism().map_or(1, NonZero::get));
    let watched = Watched { documents: ports.documents, pulse: Arc::clone(&ties.pulse) };
    let ports = Ports { documents: Arc::new(watched), ..ports };
    let bench = Arc::new(Bench { ports, replies, ties, hurry: CancellationToken::new() });
    let (mut crew, mut looks) = (Crew::default(), Looks::new());
    while !stop.is_cancelled() {
        let taken = claim_into(&bench, &mut crew, slots).await;
        looks.next(taken, || bench.ties.wake.rung(), crew.one_ends(), &stop).await;
    }
    if tokio::time::timeout(GRACE, crew.all_end()).await.is_err() {
        bench.hurry.cancel();
        crew.all_end().await;
    }
}

/// Starts what is due until there is no more of it, or no room; returns how much it was.
async fn claim_into(bench: &Arc<Bench>, crew: &mut Crew, slots: Slots) -> usize {
    let mut taken = 0_usize;
    loop {
        crew.forget_ended();
        let room = slots.room(crew, bench.ties.rush.allowed());
        if room.words > 0 && room.files > 0 {
            bench.ties.pulse.beat();
        }
        let claims = match bench.ports.store.claim(room, LEASE).await {
            Ok(claims) => claims,
            Err(error) => {
                tracing::warn!(error = chain(&error), "no work could be claimed");
                return taken;
            }
        };
        taken = taken.saturating_add(claims.len());
        let is_all = claims.len() < CLAIMED_AT_ONCE;
        for claim in claims {
            let kind = Kind::of(&claim);
            let (bench, span) = (Arc::clone(bench), span(&claim));
            crew.start(kind, async move { bench.work_on(claim).await }.instrument(span));
        }
        if is_all {
            return taken;
        }
    }
}

impl Bench {
    /// Brings one job to its end: committed, given back or buried.
    async fn work_on(&self, claim: Claim) {
        if claim.attempts > MAX_ATTEMPTS {
            let crash = Failure { step: "crash", class: "process_ended", retry: None };
            return self.settle(&claim, crash).await;
        }
        if let Some(wait) = self.ties.throttle.wait(&claim.work).await {
            return self.postpone(&claim, wait).await;
        }
        let (_running, started) = (Running::one(meters::TURNS_RUNNING), Instant::now());
        let ended = self.under_lease(&claim).await;
        let took = started.elapsed();
        match ended {
            Some(Ok(())) => {
                self.replies.notify_one();
                meters::turn("done", took);
                meters::answered(self.waited(&claim));
                // As a number, which not all of its width would be.
                let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(job.id = %claim.lease.job, duration_ms, "turn done");
            }
            Some(Err(failure)) => {
                meters::turn(
                    if self.is_last(&claim, failure) { "given_up" } else { "repeated" },
                    took,
                );
                self.settle(&claim, failure).await;
            }
            None => {
                meters::turn("left", took);
                left(&claim);
            }
        }
    }

    /// Runs the turn with a heartbeat beside it; nothing if the lease was lost or given back.
    async fn under_lease(&self, claim: &Claim) -> Option<Result<(), Failure>> {
        let turn = perform(self.ports.clone(), Arc::clone(&self.ties.pulse), claim.clone())
            .in_current_span();
        let mut turn = tokio::spawn(turn);
        let mut pulse = tokio::time::interval(HEARTBEAT);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pulse.tick().await;
        loop {
            tokio::select! {
                ended = &mut turn => return ended.unwrap_or(Err(PANICKED)).map_or_else(
                    |failure| (failure != LEASE_LOST).then_some(Err(failure)),
                    |()| Some(Ok(())),
                ),
                _ = pulse.tick() => {
                    let beat = self.ports.store.heartbeat(&claim.lease, LEASE).await;
                    if matches!(beat, Err(StoreError::LeaseLost)) {
                        turn.abort();
                        return None;
                    }
                }
                () = self.hurry.cancelled() => {
                    turn.abort();
                    // That this process has to stop is not the fault of the message.
                    self.put_off(claim, Duration::ZERO, None).await;
                    return None;
                }
            }
        }
    }

    /// Gives a failed job back while that may help, else buries it.
    async fn settle(&self, claim: &Claim, failure: Failure) {
        let Failure { step, class, retry } = failure;
        let is_last = self.is_last(claim, failure);
        meters::turn_failed(step, class, is_last);
        match retry {
            Some(first) if self.sits_out(claim, failure) => {
                self.sit_out(claim, failure, first).await;
            }
            Some(first) if claim.attempts < MAX_ATTEMPTS => {
                let after = backoff(first, claim.attempts.saturating_sub(1), LONGEST_WAIT);
                tracing::warn!(job.id = %claim.lease.job, step, class, attempt = claim.attempts, "turn failed and will be repeated");
                self.give_back(claim, after).await;
            }
            _ => self.bury(claim, failure).await,
        }
    }

    /// Returns whether a failure ends a job for good.
    fn is_last(&self, claim: &Claim, failure: Failure) -> bool {
        match failure.retry {
            None => true,
            Some(_) if self.sits_out(claim, failure) => false,
            Some(_) => claim.attempts >= MAX_ATTEMPTS,
        }
    }

    /// Returns whether what a turn needs is waited for without counting tries.
    fn sits_out(&self, claim: &Claim, failure: Failure) -> bool {
        failure.is_outage() && self.waited(claim) < OUTAGE
    }

    /// Returns for how long a message has waited for its answer.
    fn waited(&self, claim: &Claim) -> Duration {
        let waited = self.ports.clock.now().duration_since(claim.work.received_at);
        waited.try_into().unwrap_or_default()
    }

    /// Gives a job back until what it needs may be there again, and tells its sender once.
    async fn sit_out(&self, claim: &Claim, Failure { step, class, .. }: Failure, first: Duration) {
        let waited = self.waited(claim);
        let after = first.max(LONGEST_LOOK.min(waited.checked_div(4).unwrap_or_default()));
        tracing::warn!(job.id = %claim.lease.job, step, class, after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX), "turn waits for what it needs");
        let is_told = waited < PATIENCE || {
            let said = self.ports.store.replies_to(claim.work.inbound.id).await;
            !said.is_ok_and(|said| said.is_empty())
        };
        let notice = workflow::turn::delayed(language(&claim.work)).filter(|_| !is_told);
        self.put_off(claim, after, notice).await;
    }

    /// Gives a job back untried, with a notice that leaves at once.
    async fn put_off(&self, claim: &Claim, after: Duration, notice: Option<NewOutbound>) {
        match self.ports.store.postpone(&claim.lease, after, notice.as_ref()).await {
            Ok(()) if notice.is_some() => self.replies.notify_one(),
            Ok(()) => {}
            Err(StoreError::LeaseLost) => left(claim),
            Err(error) => {
                tracing::warn!(job.id = %claim.lease.job, %error, "job was not given back; its lease will end");
            }
        }
    }

    /// Gives a job back whose sender has had his share; a notice leaves at once.
    async fn postpone(&self, claim: &Claim, Wait { after, is_told }: Wait) {
        let notice = workflow::turn::throttled(language(&claim.work)).filter(|_| is_told);
        meters::turn("postponed", Duration::ZERO);
        if is_told {
            tracing::info!(job.id = %claim.lease.job, "sender is throttled");
        }
        self.put_off(claim, after, notice).await;
    }

    async fn give_back(&self, claim: &Claim, after: Duration) {
        match self.ports.store.release(&claim.lease, after).await {
            Ok(()) => {}
            // What failed here may have been what ended while this process slept.
            Err(StoreError::LeaseLost) => left(claim),
            Err(error) => {
                tracing::warn!(job.id = %claim.lease.job, %error, "job was not given back; its lease will end");
            }
        }
    }

    async fn bury(&self, claim: &Claim, Failure { step, class, .. }: Failure) {
        let reference = reference(&self.ports);
        tracing::error!(job.id = %claim.lease.job, step, class, reference, "turn given up");
        let apology = workflow::turn::apology(language(&claim.work), &reference);
        let burial = Burial { step, error_class: class.to_owned(), apology };
        match self.ports.store.bury(&claim.lease, &burial).await {
            Ok(()) => self.replies.notify_one(),
            Err(StoreError::LeaseLost) => left(claim),
            Err(error) => {
                tracing::warn!(job.id = %claim.lease.job, %error, "dead letter was not stored");
            }
        }
    }
}

fn left(claim: &Claim) {
    tracing::info!(job.id = %claim.lease.job, "turn left to another worker");
}

/// Returns the span of a turn, in the trace of its message.
fn span(claim: &Claim) -> Span {
    let inbound = &claim.work.inbound;
    let span = tracing::info_span!(
        "turn", otel.kind = "consumer", job.id = %claim.lease.job, inbound.id = %inbound.id,
        attempt = claim.attempts, trace.id = tracing::field::Empty,
    );
    traces::follow(&span, inbound.message.trace.as_deref());
    span
}

/// Fetches, runs and commits one turn.
async fn perform(ports: Ports, pulse: Arc<Pulse>, claim: Claim) -> Result<(), Failure> {
    let files = if claim.work.conversation.is_silent {
        Vec::new()
    } else {
        let fetching = fetch_all(&ports, &claim);
        fetching.instrument(tracing::info_span!("fetch files")).await?
    };
    let mut work = claim.work;
    let model = InTime::new(&*ports.model, ENOUGH, &pulse);
    caption::add(&ports, &model, &claim.lease, &mut work).await?;
    let turn = Turn { work, files };
    let ended = think_and_commit(&ports, &model, &claim.lease, &turn).await;
    if matches!(ended, Err(LEASE_LOST)) {
        // Nobody else may know of these files, if the person's data were deleted meanwhile.
        let error = ports.store.let_go(&received(&turn)).await.err();
        error.inspect(|error| tracing::warn!(%error, "files were not let go of"));
    }
    ended
}

/// Returns what a turn is run with.
pub(super) fn tools<'a>(ports: &'a Ports, model: &'a InTime<'_>) -> Tools<'a> {
    Tools {
        ledger: &*ports.store,
        adhoc: &*ports.store,
        answers: &*ports.store,
        documents: &*ports.documents,
        blobs: &*ports.blobs,
        tables: &*ports.tables,
        press: &*ports.press,
        spending: &*ports.store,
        model,
        built_in: &*ports.built_in,
        allowance: ports.allowance,
        clock: &*ports.clock,
        seller: &ports.seller,
    }
}

async fn think_and_commit(
    ports: &Ports,
    model: &InTime<'_>,
    lease: &Lease,
    turn: &Turn,
) -> Result<(), Failure> {
    let thinking = workflow::turn::run(tools(ports, model), turn);
    let outcome = thinking.instrument(tracing::info_span!("think")).await?;
    keep_outgoing(ports, lease, &outcome).await?;
    let commit = ports.store.finish(lease, &outcome);
    Ok(commit.instrument(tracing::info_span!("commit")).await?)
}

/// Returns the files that a turn has begun with.
fn received(turn: &Turn) -> Vec<ContentHash> {
    let hash = |file: &ReceivedFile| match file {
        ReceivedFile::Got { hash, .. } => Some(*hash),
        ReceivedFile::TooLarge | ReceivedFile::Gone => None,
    };
    turn.files.iter().filter_map(hash).collect()
}

/// Keeps the files of the replies, so that the commit never names bytes that are not there.
async fn keep_outgoing(ports: &Ports, lease: &Lease, outcome: &Outcome) -> Result<(), Failure> {
    for file in outcome.replies.iter().filter_map(|reply| reply.file.as_ref()) {
        ports.store.keep_file(lease, file.hash).await?;
        ports.blobs.put(Bytes::from(file.bytes.clone())).await?;
    }
    Ok(())
}

/// Returns the language to apologise in: the tenant's, else the channel's hint, else English.
fn language(work: &Work) -> Language {
    let hint = work.inbound.message.locale.as_deref().and_then(Language::parse);
    work.sender.habits.language.or(hint).unwrap_or_default()
}

/// Returns a short word that stands in the log and in the apology.
fn reference(ports: &Ports) -> String {
    let id = ports.clock.new_id().simple().to_string();
    id.chars().skip(26).collect::<String>().to_ascii_uppercase()
}
