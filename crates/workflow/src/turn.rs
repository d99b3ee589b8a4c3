//! One message in, one outcome out: the scene is set, a node runs, its replies are written.

use crate::{
    commands::{self, Command},
    graph::{self, Node},
    nodes::{self, Step},
    replies::{self, Reply, Waiting},
    scene::Scene,
    understanding,
};
use bytes::Bytes;
use domain::{
    conversation::{Awaited, Conversation},
    document::ContentHash,
    intent::Intent,
    message::NewOutbound,
    outcome::{Change, Outcome},
    tenant::{Habits, Language},
};
use ports::{
    Tools, blobs::BlobError, documents::DocumentsError, model::ModelError, press::PressError,
    store::StoreError, store::Work,
};
use std::time::Duration;

/// A file of the message, as far as it could be fetched. Its original is already kept.
#[derive(Debug, Clone)]
pub enum ReceivedFile {
    /// Its bytes are here.
    Got {
        /// The name its sender gave it; never trusted.
        name: String,
        /// Its place in the blob store.
        hash: ContentHash,
        /// Its bytes.
        bytes: Bytes,
    },
    /// Larger than the limit.
    TooLarge,
    /// The provider no longer has it.
    Gone,
}

/// What a turn starts from.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Message, sender and memory.
    pub work: Work,
    /// The message's files, in order.
    pub files: Vec<ReceivedFile>,
}

/// Why a turn could not be run; the worker waits or buries.
#[derive(Debug, thiserror::Error)]
#[error("the turn failed at {step}")]
pub struct TurnError {
    /// Where: `read`, `answer`, `press`.
    pub step: &'static str,
    /// The class of the error, for logs and dead letters; no personal data.
    pub class: &'static str,
    /// How long to wait before it may succeed; nothing if it never will.
    pub retry: Option<Duration>,
}

/// Runs the graph for one message.
///
/// # Errors
///
/// [`TurnError`] for what neither the user nor the code can help.
pub async fn run(tools: Tools<'_>, turn: &Turn) -> Result<Outcome, TurnError> {
    if turn.work.conversation.is_silent && commands::parse(turn) != Some(Command::Start) {
        // Neither read nor remembered nor answered, which is what was asked for.
        let conversation = turn.work.conversation.clone();
        return Ok(Outcome { conversation, ..Outcome::default() });
    }
    let mut scene = Scene::set(tools, turn);
    let node = match graph::route(&scene) {
        Some(node) => node,
        None => {
            // "Make it 130" is no business of its own while a draft is shown.
            if let Some(step) = nodes::create::amended(&scene).await? {
                return Ok(conclude(&scene, step));
            }
            if let Some(step) = nodes::correct::pointed(&mut scene).await? {
                return Ok(conclude(&scene, step));
            }
            let classified = understanding::classify::run(&scene).await?;
            scene.heard(&classified);
            graph::by_intent(&scene, &classified)
        }
    };
    let step = match node {
        Node::Confirm => nodes::confirm::run(&scene).await?,
        Node::ReadFile => nodes::read_file::run(&scene).await?,
        Node::Command(command) => nodes::command::run(&scene, command).await?,
        Node::Chat(topic) => nodes::chat::run(&scene, topic),
        Node::Answer => nodes::answer::run(&scene).await?,
        Node::Create => nodes::create::run(&scene).await?,
        Node::Correct => nodes::correct::run(&scene).await?,
    };
    Ok(conclude(&scene, step))
}

/// Returns whether a text right behind a message of files says something about them: it would not be
/// understood alone, neither as an answer, a command, a question nor an order.
///
/// # Errors
///
/// [`TurnError`] if the store cannot be asked.
pub async fn is_caption(tools: Tools<'_>, work: &Work, text: &str) -> Result<bool, TurnError> {
    let mut alone = Turn { work: work.clone(), files: Vec::new() };
    alone.work.inbound.message.attachments.clear();
    text.clone_into(&mut alone.work.inbound.message.text);
    let scene = Scene::set(tools, &alone);
    if graph::route(&scene).is_some() {
        return Ok(false);
    }
    let Some(heard) = understanding::classify::by_built_in(&scene, text).await? else {
        return Ok(true);
    };
    // "for the new office" leans to something, but says nothing whole
    let doubtful = !heard.sure && !text.contains(['?', '؟']);
    Ok(heard.intent == Intent::OffTopic
        || doubtful && !understanding::classify::is_read(&scene, heard.intent, text).await?)
}

/// Returns the apology for a message that could not be dealt with, with a short reference that is
/// also in the log.
#[must_use]
pub fn apology(language: Language, reference: &str) -> NewOutbound {
    let reply = Reply::Apology { reference: reference.to_owned() };
    replies::render(language, &Habits::default(), vec![reply]).pop().unwrap_or_else(|| {
        // Only if the template itself were missing, which a test rules out.
        NewOutbound::text(reference)
    })
}

/// Returns what a person is told whose messages come faster than they are answered.
#[must_use]
pub fn throttled(language: Language) -> Option<NewOutbound> {
    replies::render(language, &Habits::default(), vec![Reply::Throttled]).pop()
}

/// Returns what a person is told whose message waits for something that is away.
#[must_use]
pub fn delayed(language: Language) -> Option<NewOutbound> {
    replies::render(language, &Habits::default(), vec![Reply::Delayed]).pop()
}

/// Writes the replies and the memory of the turn.
fn conclude(scene: &Scene<'_>, mut step: Step) -> Outcome {
    if scene.is_over_cap() {
        step.replies.push(Reply::OverCap);
    }
    if is_passed_over(scene, &step) {
        step.conversation.pending = None;
    }
    step.replies.extend(still_waiting(scene, &step));
    let chosen = step.replies.iter().find_map(|reply| match reply {
        // A new language is told in that language.
        Reply::LanguageSet { language } => Some(*language),
        _ => None,
    });
    let (language, habits) = (chosen.unwrap_or(scene.language), &scene.turn.work.sender.habits);
    let mut outcome = Outcome {
        changes: step.changes,
        replies: replies::render(language, habits, step.replies),
        conversation: step.conversation,
    };
    if let Some(habits) = scene.learned_habits() {
        let has_own = outcome.changes.iter().any(|change| matches!(change, Change::SetHabits(_)));
        if !has_own {
            outcome.changes.push(Change::SetHabits(habits));
        }
    }
    if outcome.changes.iter().any(|change| matches!(change, Change::Erase(_))) {
        // Nothing is learnt or remembered any more.
        outcome.changes.retain(|change| matches!(change, Change::Erase(_)));
        outcome.conversation = Conversation::default();
        return outcome;
    }
    let reply = outcome.replies.iter().map(|reply| reply.text.as_str()).collect::<Vec<_>>();
    outcome.conversation.remember(scene.text(), &reply.join("\n"));
    outcome
}

/// Returns whether something that cannot be taken back was not answered: a later yes may be to anything.
fn is_passed_over(scene: &Scene<'_>, step: &Step) -> bool {
    let old = scene.pending().zip(step.conversation.pending.as_ref());
    old.is_some_and(|(before, now)| {
        before.id == now.id && matches!(now.awaited, Awaited::EraseAll | Awaited::ForgetHints)
    })
}

/// Returns what goes on waiting if what was said was no answer to it. Where a yes is awaited, what was
/// not understood may have been meant to change that, and the next yes would be to something else than
/// its sender thinks. A question is put once more.
fn still_waiting(scene: &Scene<'_>, step: &Step) -> Option<Reply> {
    let pending = step.conversation.pending.as_ref()?;
    let is_old = scene.pending().is_some_and(|before| before.id == pending.id);
    if !is_old {
        return None;
    }
    let is_strange = step.replies.iter().any(is_strange);
    let draft = match &pending.awaited {
        Awaited::IssueDraft(draft) => {
            Some((draft.customer.clone().unwrap_or_default(), draft.totals().ok()??.gross))
        }
        Awaited::ApplyPatches(_) => None,
        Awaited::CompleteDraft(draft) if step.replies.iter().any(is_talk) => {
            let missing = draft.missing();
            return once_more(scene, Reply::AskMissing { draft: draft.clone(), missing });
        }
        Awaited::CompleteReading { reading, .. } if step.replies.iter().any(is_talk) => {
            return once_more(scene, nodes::read_file::total_question(reading));
        }
        _ => return None,
    };
    is_strange.then_some(Reply::StillWaits(Waiting { draft, pending: pending.id }))
}

const fn is_strange(reply: &Reply) -> bool {
    matches!(
        reply,
        Reply::NotUnderstood
            | Reply::UnknownName(_)
            | Reply::UnknownWord(_)
            | Reply::BelowZero(_)
            | Reply::CannotGoBy(_)
            | Reply::Unclear(_)
            | Reply::Odd(_)
            | Reply::Contradicts(_)
            | Reply::OffTopic
            | Reply::Strange { .. }
    )
}

const fn is_talk(reply: &Reply) -> bool {
    matches!(
        reply,
        Reply::Greeting
            | Reply::Menu
            | Reply::Thanks
            | Reply::Goodbye
            | Reply::Identity
            | Reply::OffTopic
            | Reply::Strange { .. }
    )
}

/// Returns a question again if nothing else was said since it was put: who goes on talking has seen it.
fn once_more(scene: &Scene<'_>, question: Reply) -> Option<Reply> {
    let rendered = replies::render(scene.language, scene.habits(), vec![question.clone()]);
    let put = rendered.iter().map(|reply| reply.text.as_str()).collect::<Vec<_>>().join("\n");
    let last = scene.memory().exchanges.last()?;
    (last.reply == put).then_some(question)
}

impl From<StoreError> for TurnError {
    fn from(error: StoreError) -> Self {
        let class = match error {
            StoreError::Unavailable(_) => "store_unavailable",
            StoreError::Conflict => "conflict",
            StoreError::LeaseLost => "lease_lost",
            StoreError::Malformed(_) => "store_malformed",
            StoreError::TooNew => "store_too_new",
            StoreError::TooLarge => "query_too_large",
        };
        Self { step: "answer", class, retry: error.retry() }
    }
}

impl From<DocumentsError> for TurnError {
    fn from(error: DocumentsError) -> Self {
        Self { step: "read", class: "documents_unavailable", retry: error.retry() }
    }
}

impl From<BlobError> for TurnError {
    fn from(error: BlobError) -> Self {
        let class = match error {
            BlobError::Unavailable(_) => "blobs_unavailable",
            BlobError::Refused(_) => "blobs_refused",
            BlobError::Damaged => "blob_damaged",
        };
        Self { step: "read", class, retry: error.retry() }
    }
}

impl From<PressError> for TurnError {
    fn from(error: PressError) -> Self {
        let class = match error {
            PressError::Impossible(_) => "press_impossible",
            PressError::Unavailable(_) => "press_unavailable",
        };
        Self { step: "press", class, retry: error.retry() }
    }
}

impl From<ModelError> for TurnError {
    fn from(error: ModelError) -> Self {
        Self { step: "answer", class: error.class(), retry: error.retry() }
    }
}

impl From<domain::money::MoneyError> for TurnError {
    fn from(_: domain::money::MoneyError) -> Self {
        Self { step: "answer", class: "amount_out_of_range", retry: None }
    }
}
