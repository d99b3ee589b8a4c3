//! What a turn leads to, as data: changes, replies and the new memory, committed together.

use crate::{
    conversation::Conversation,
    ids::{EventId, InvoiceId},
    invoice::Invoice,
    message::NewOutbound,
    tenant::Habits,
    vendor_memory::{Trace, VendorHint},
};
use serde::{Deserialize, Serialize};

/// An invoice before and after a change; it is applied only if the stored one is still `before`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// As it was shown to the user.
    pub before: Invoice,
    /// As it is to be.
    pub after: Invoice,
}

/// One write, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Stores a received invoice. A second one of the same document in this tenant is a conflict.
    SaveInvoice(Box<Invoice>),
    /// Stores an issued invoice and takes its number: the commit fails with a conflict if the
    /// series has moved on or the number was taken since, and the turn runs again.
    IssueInvoice {
        /// The invoice, with its printed number.
        invoice: Box<Invoice>,
        /// The year of its series.
        year: i16,
        /// Its place in the series; nothing for a number that the user chose.
        sequence: Option<u32>,
    },
    /// Applies all patches or, if one invoice has changed meanwhile, none (a conflict).
    PatchInvoices(Vec<Patch>),
    /// Takes back the changes of one event; a conflict if an invoice has changed since.
    Undo(EventId),
    /// Replaces the tenant's habits.
    SetHabits(Habits),
    /// Keeps what a document showed on paper, in the place of what was kept for it before.
    KeepTrace(Box<Trace>),
    /// Keeps what is known of a vendor, in the place of the hint with the same first key.
    KeepHint(Box<VendorHint>),
    /// Forgets what is known of all vendors.
    ForgetHints,
    /// Deletes everything that is stored of the tenant, the last change of all; the audit trail keeps
    /// one entry of this identifier.
    Erase(EventId),
    /// Writes down that the person wants to hear nothing more, or wants to hear again.
    SetSilence(bool),
    /// Writes down whether the person wants to be reminded of what is due.
    SetReminders(bool),
}

/// How much is stored of a tenant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Invoices, received and issued.
    pub invoices: u64,
    /// Messages, from either side.
    pub messages: u64,
    /// Files that came in or went out.
    pub files: u64,
}

/// Everything that one message leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Writes, in order.
    pub changes: Vec<Change>,
    /// Replies, in order.
    pub replies: Vec<NewOutbound>,
    /// The memory after this turn.
    pub conversation: Conversation,
}

/// The last change that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    /// The event of the audit trail.
    pub event: EventId,
    /// What it changed.
    pub patches: Vec<Patch>,
}

impl Patch {
    /// Returns the invoice that is changed.
    #[must_use]
    pub const fn invoice(&self) -> InvoiceId {
        self.before.id
    }
}
