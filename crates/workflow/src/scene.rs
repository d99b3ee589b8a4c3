//! What a node can see: the turn, the tools, the user's day and language.

use crate::{
    commands::{self, Again, wish},
    turn::Turn,
};
use domain::{
    conversation::{Awaited, Conversation, Pending},
    dates::Date,
    ids::{PendingId, TenantId},
    party::Party,
    tenant::{Habits, Language},
};
use jiff::{Timestamp, ToSpan};
use ports::{
    Tools,
    model::{Classified, Names, Sentence},
    store::StoreError,
};
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// The most calls of the model about the words of one message.
const MAX_CALLS: usize = 3;

/// One message with everything that a node may look at.
pub struct Scene<'a> {
    /// The reading ports.
    pub tools: Tools<'a>,
    /// Message, sender, memory and files.
    pub turn: &'a Turn,
    /// The language to reply in.
    pub language: Language,
    /// The user's date.
    pub today: Date,
    /// The instant.
    pub now: Timestamp,
    /// The language that this text was found to be in.
    heard: Option<Language>,
    /// The names in the tenant's invoices, once they were read.
    names: OnceLock<Names>,
    /// Whether the model was left out because of its cost where it would have mattered.
    over_cap: AtomicBool,
    /// How often the model was called about the words of this message.
    calls: AtomicUsize,
}

impl<'a> Scene<'a> {
    /// Sets the scene. Until a text shows its language, the reply is in the tenant's, else in that of
    /// a command, in the one the channel knows of, in English.
    pub fn set(tools: Tools<'a>, turn: &'a Turn) -> Self {
        let habits = &turn.work.sender.habits;
        let message = &turn.work.inbound.message;
        let hint = || message.locale.as_deref().and_then(Language::parse);
        let said = || commands::language_of(&message.text);
        Self {
            tools,
            turn,
            language: habits.language.or_else(said).or_else(hint).unwrap_or_default(),
            today: tools.clock.today(&habits.time_zone),
            now: tools.clock.now(),
            heard: None,
            names: OnceLock::new(),
            over_cap: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
        }
    }

    /// Returns whether the model may be called once more about the words of this message, and counts
    /// that call.
    pub fn may_call(&self) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed) < MAX_CALLS
    }

    /// Notes that the person should know why only the built-in model was asked.
    pub fn note_over_cap(&self) {
        self.over_cap.store(true, Ordering::Relaxed);
    }

    /// Returns whether that was noted.
    pub fn is_over_cap(&self) -> bool {
        self.over_cap.load(Ordering::Relaxed)
    }

    /// Takes over the language that a text was found to be in.
    pub fn heard(&mut self, classified: &Classified) {
        self.heard = classified.language;
        self.language = classified.language.unwrap_or(self.language);
    }

    /// Returns the tenant's habits with the language of this text, if it is another than before:
    /// the next "yes" is answered in it too.
    pub fn learned_habits(&self) -> Option<Habits> {
        let habits = self.habits();
        let learned = self.heard.filter(|heard| habits.language != Some(*heard))?;
        Some(Habits { language: Some(learned), ..habits.clone() })
    }

    /// Returns who issues this book's invoices; the name may be empty.
    pub fn seller(&self) -> &'a Party {
        let own = &self.habits().seller;
        if own.name.is_empty() { self.tools.seller } else { own }
    }

    /// Returns the text of the message, trimmed; may be empty.
    pub fn text(&self) -> &'a str {
        self.turn.work.inbound.message.text.trim()
    }

    /// Returns the text without the form that it asks for ("as a chart").
    pub fn question(&self) -> String {
        self.wish().map_or_else(|| self.text().to_owned(), |(_, question)| question)
    }

    /// Returns the form that a question asks for, and the question.
    pub fn wish(&self) -> Option<(Again, String)> {
        wish::of(self.text())
    }

    /// Returns the book that all reads are bound to.
    pub fn tenant(&self) -> TenantId {
        self.turn.work.sender.tenant
    }

    /// Returns the tenant's habits.
    pub fn habits(&self) -> &'a Habits {
        &self.turn.work.sender.habits
    }

    /// Returns the memory as it was before this turn.
    pub fn memory(&self) -> &'a Conversation {
        &self.turn.work.conversation
    }

    /// Returns the pending action if it has not ended.
    pub fn pending(&self) -> Option<&'a Pending> {
        self.memory().pending_at(self.now)
    }

    /// Makes a pending action that ends after the usual time.
    pub fn await_answer(&self, awaited: Awaited) -> Pending {
        let expires_at = self
            .now
            .saturating_add(Conversation::PENDING_MINUTES.minutes())
            .unwrap_or(Timestamp::MAX);
        Pending { id: PendingId(self.tools.clock.new_id()), awaited, expires_at }
    }

    /// Returns the names in the tenant's invoices.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn names(&self) -> Result<Names, StoreError> {
        if let Some(names) = self.names.get() {
            return Ok(names.clone());
        }
        let names = self.tools.ledger.names(self.tenant()).await?;
        Ok(self.names.get_or_init(|| names).clone())
    }

    /// Returns a text with everything its meaning may hang on.
    pub fn sentence(&self, text: &str, names: Names) -> Sentence {
        let habits = self.habits();
        let locale = [habits.locale.as_str()]
            .into_iter()
            .chain(self.turn.work.inbound.message.locale.as_deref())
            .find(|locale| !locale.is_empty())
            .unwrap_or(self.language.code());
        Sentence {
            text: text.to_owned(),
            today: self.today,
            currency: habits.currency,
            locale: locale.to_owned(),
            context: self.memory().exchanges.clone(),
            last_plan: self.memory().last_plan.clone(),
            names,
        }
    }
}
