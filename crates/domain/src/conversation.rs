//! The bounded memory of a conversation: last turns, known facts, the one pending action.

use crate::{
    correction::Correction,
    document::ContentHash,
    draft::Draft,
    ids::{InvoiceId, PendingId},
    invoice::Invoice,
    outcome::Patch,
    question::QueryPlan,
    reading::Reading,
    vendor_memory::Trace,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One exchange, shortened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What the user wrote, at most [`Conversation::MAX_TEXT`] characters.
    pub user: String,
    /// What was replied, likewise.
    pub reply: String,
}

/// What waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    /// A yes to issue this draft.
    IssueDraft(Box<Draft>),
    /// What is missing in this draft.
    CompleteDraft(Box<Draft>),
    /// A yes to these changes.
    ApplyPatches(Vec<Patch>),
    /// A yes to forget what is known of all vendors.
    ForgetHints,
    /// A yes to delete everything that is stored of this person.
    EraseAll,
    /// Which of these invoices was meant.
    ChooseInvoice {
        /// The candidates, at most ten.
        candidates: Vec<InvoiceId>,
        /// What to do with the chosen one.
        correction: Box<Correction>,
    },
    /// Whether to keep an invoice that looks like one already stored.
    KeepDuplicate {
        /// The new one, not stored yet.
        invoice: Box<Invoice>,
        /// What it showed on paper.
        trace: Box<Trace>,
        /// The one that is stored.
        stored: InvoiceId,
        /// Whether its lines were too many to wait here: they are read again.
        #[serde(default)]
        lines_left_out: bool,
    },
    /// A yes to store a document although there seems to be more than one on the picture.
    StoreOne {
        /// What was read, not stored yet.
        invoice: Box<Invoice>,
        /// What it showed on paper.
        trace: Box<Trace>,
        /// Whether its lines were too many to wait here: they are read again.
        #[serde(default)]
        lines_left_out: bool,
    },
    /// A yes to store the invoices of a list.
    StoreList {
        /// The spreadsheet; it is read again.
        document: ContentHash,
    },
    /// The total of a document that says everything else.
    CompleteReading {
        /// What was read.
        reading: Box<Reading>,
        /// What it showed on paper.
        trace: Box<Trace>,
        /// The category of this vendor, if it was taught.
        category: Option<String>,
        /// Whether its lines were too many to wait here: they are read again.
        #[serde(default)]
        lines_left_out: bool,
    },
}

/// The one action that waits, bound to an id and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its identifier, carried by its buttons.
    pub id: PendingId,
    /// What waits.
    pub awaited: Awaited,
    /// After this it means nothing any more.
    pub expires_at: Timestamp,
}

/// A question that was asked back about because of one word of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Puzzled {
    /// Its identifier, carried by its buttons.
    pub id: PendingId,
    /// The word, as it was typed.
    pub typed: String,
    /// The question that it stands in, at most [`Conversation::MAX_TEXT`] characters.
    pub question: String,
    /// The names of the book that come closest, at most three.
    pub suggestions: Vec<String>,
}

/// The memory of one conversation; at most 64 KiB when written down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// The last exchanges, oldest first, at most [`Conversation::MAX_EXCHANGES`].
    pub exchanges: Vec<Exchange>,
    /// The last question, for "and in June?".
    pub last_plan: Option<QueryPlan>,
    /// How many rows of its answer have been shown.
    pub shown: usize,
    /// The statement of the last answer, where no plan could express the question.
    pub last_sql: Option<String>,
    /// The invoice just spoken of, for "it is paid".
    pub last_invoice: Option<InvoiceId>,
    /// The invoices that were shown last, in order, for "the second one is paid"; at most
    /// [`Conversation::MAX_SHOWN`], and empty where something else was shown since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<InvoiceId>,
    /// The one pending action.
    pub pending: Option<Pending>,
    /// What was asked back about a word, until anything else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub puzzled: Option<Puzzled>,
    /// Whether the person wants to hear nothing more, until he says otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_silent: bool,
}

impl Conversation {
    /// The most exchanges that are kept.
    pub const MAX_EXCHANGES: usize = 8;
    /// The most invoices on screen that are kept.
    pub const MAX_SHOWN: usize = 10;
    /// The most characters of a text that are kept.
    pub const MAX_TEXT: usize = 500;
    /// How long a pending action waits.
    pub const PENDING_MINUTES: i64 = 10;

    /// Notes which invoices are on screen now: "it" is the only one of them, and none where there are
    /// several or none.
    pub fn look_at(&mut self, shown: impl IntoIterator<Item = InvoiceId>) {
        self.listed = shown.into_iter().take(Self::MAX_SHOWN).collect();
        self.last_invoice = match self.listed.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
    }

    /// Remembers an exchange and forgets the oldest beyond the limit.
    pub fn remember(&mut self, user: &str, reply: &str) {
        let short = |text: &str| text.chars().take(Self::MAX_TEXT).collect();
        self.exchanges.push(Exchange { user: short(user), reply: short(reply) });
        let surplus = self.exchanges.len().saturating_sub(Self::MAX_EXCHANGES);
        self.exchanges.drain(..surplus);
    }

    /// Returns the pending action if it has not ended yet.
    #[must_use]
    pub fn pending_at(&self, now: Timestamp) -> Option<&Pending> {
        self.pending.as_ref().filter(|pending| pending.expires_at > now)
    }
}
