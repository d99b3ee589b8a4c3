//! The flowchart as one table: which node a message goes to.
//!
//! The first three edges are decided without a model; only the last asks one.

use crate::{
    commands::{self, Command},
    nodes::chat,
    scene::Scene,
    understanding::pointing,
    words,
};
use domain::{conversation::Awaited, intent::Intent};
use ports::model::{Classified, Topic};

/// A place where a message is dealt with. Each has a file of its name in `nodes/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An answer to what was asked.
    Confirm,
    /// Files to be read and stored.
    ReadFile,
    /// A command word.
    Command(Command),
    /// A greeting, general talk, or nothing that Billhook is for.
    Chat(Topic),
    /// A question about stored invoices.
    Answer,
    /// An invoice to be made.
    Create,
    /// Stored invoices to be changed.
    Correct,
}

/// Returns the node of a message where that needs no model.
#[must_use]
pub fn route(scene: &Scene<'_>) -> Option<Node> {
    if !scene.turn.files.is_empty() {
        return Some(Node::ReadFile);
    }
    if answers_what_was_asked(scene) {
        return Some(Node::Confirm);
    }
    if let Some(command) = commands::parse(scene.turn) {
        return Some(Node::Command(command));
    }
    scene.text().is_empty().then_some(Node::Chat(Topic::Help))
}

/// Returns the node of a text by what a model says it wants; where it is unsure, what to ask.
///
/// While a value is waited for, whatever is no clear business or talk of its own is that value.
#[must_use]
pub fn by_intent(scene: &Scene<'_>, classified: &Classified) -> Node {
    if awaits_value(scene) && may_be_value(scene, classified) {
        return Node::Confirm;
    }
    match classified.intent {
        Intent::Greeting => Node::Chat(Topic::Hello),
        Intent::General if classified.topic == Topic::EraseRequest => Node::Command(Command::Erase),
        Intent::General => Node::Chat(classified.topic),
        Intent::OffTopic => Node::Chat(Topic::Other),
        Intent::InvoiceQuery => Node::Answer,
        Intent::InvoiceCreator => Node::Create,
        Intent::InvoiceUpdate => Node::Correct,
    }
}

fn awaits_value(scene: &Scene<'_>) -> bool {
    scene.pending().is_some_and(|pending| {
        matches!(pending.awaited, Awaited::CompleteDraft(_) | Awaited::CompleteReading { .. })
    })
}

/// Whatever is surely business or talk, asks something, has no words or was said in anger is no value.
fn may_be_value(scene: &Scene<'_>, classified: &Classified) -> bool {
    let asks = scene.text().contains(['?', '؟', '¿']);
    !classified.sure && !asks && !chat::is_outburst(scene.text())
}

/// A yes or no is always an answer, even if nothing waits any more, and a choice while one is
/// awaited. What a value is, is seen only when the text turns out to be no other business.
fn answers_what_was_asked(scene: &Scene<'_>) -> bool {
    let pending = scene.pending();
    let verdict = words::Verdict::of(scene.turn);
    if placing(scene).is_some() {
        return true;
    }
    // Where nothing waits, "annuler" is not a no: it takes the last change back.
    if verdict.is_some() && (pending.is_some() || commands::parse(scene.turn).is_none()) {
        return true;
    }
    let Some(pending) = pending else { return false };
    match pending.awaited {
        Awaited::ChooseInvoice { .. } => {
            scene.turn.work.inbound.message.button.is_some()
                || words::is_choice(scene.text())
                || pointing::of(scene.text()).is_some_and(|pointed| pointed.alone)
        }
        // "The total is 45.10" would else change the invoice spoken of before.
        Awaited::CompleteReading { .. } => {
            words::amount(scene.text(), scene.habits().currency).is_some()
        }
        Awaited::CompleteDraft(_)
        | Awaited::IssueDraft(_)
        | Awaited::ApplyPatches(_)
        | Awaited::StoreOne { .. }
        | Awaited::ForgetHints
        | Awaited::EraseAll
        | Awaited::StoreList { .. }
        | Awaited::KeepDuplicate { .. } => false,
    }
}

/// Returns what a word is said to be that was asked back about. A button says it even where nothing was.
pub fn placing(scene: &Scene<'_>) -> Option<words::Placing> {
    let asked = scene.memory().puzzled.is_some();
    words::Placing::of(scene.turn).filter(|placing| asked || placing.button().is_some())
}

/// Returns the graph as a Mermaid flowchart, for the documentation.
#[must_use]
pub fn diagram() -> String {
    let edges = [
        ("route", "carries files", "ReadFile"),
        ("route", "an answer is awaited", "Confirm"),
        ("route", "a command word", "Command"),
        ("route", "any other text", "classify"),
        ("classify", "Greeting, General, OffTopic", "Chat"),
        ("classify", "InvoiceQuery", "Answer"),
        ("classify", "InvoiceCreator", "Create"),
        ("classify", "InvoiceUpdate", "Correct"),
    ];
    let nodes = ["Confirm", "ReadFile", "Command", "Chat", "Answer", "Create", "Correct"];
    let lines = edges.iter().map(|(from, label, to)| format!("  {from} -->|{label}| {to}\n"));
    let ends = nodes.iter().map(|node| format!("  {node} --> outcome\n"));
    let tail = "  outcome[Outcome] --> commit[one commit] --> outbox --> channel\n";
    format!(
        "flowchart LR\n  message --> route\n{}{}{tail}",
        lines.collect::<String>(),
        ends.collect::<String>()
    )
}
