//! Parts of replies that have a shape of their own.

use domain::{
    dates::{Date, Unit},
    ids::PendingId,
    invoice::Invoice,
    money::Money,
    question::{QueryPlan, Value},
};
use rust_decimal::Decimal;
use serde::Serialize;

/// Two figures of one currency, or two counts.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// The first one.
    pub one: Value,
    /// The second one.
    pub other: Value,
    /// How far they are apart; never below zero.
    pub apart: Value,
    /// Which is larger: 1 the first, -1 the second, 0 none.
    pub sign: i8,
}

/// Why a document is no invoice.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotInvoice {
    /// An XML document of another kind.
    OtherXml {
        /// The name of its root element.
        root: String,
    },
    /// There is no amount of money on it.
    NoAmounts,
    /// A list of payments.
    Payments,
    /// A list whose heads do not say what its rows are.
    UnknownHeads {
        /// The heads, the first few.
        heads: Vec<String>,
    },
}

/// What is strange about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strangeness {
    /// There are no words in it.
    Wordless,
    /// It is in letters that are not read here.
    OtherTongue,
    /// It is said in anger.
    Hurt,
}

/// Invoices of which the same is said; at least one.
#[derive(Debug, Clone, Serialize)]
pub struct Several {
    /// They.
    pub invoices: Vec<Invoice>,
}

/// What goes on waiting for a yes.
#[derive(Debug, Clone, Serialize)]
pub struct Waiting {
    /// Who a draft is for, and its total; nothing if changes wait.
    pub draft: Option<(String, Money)>,
    /// The action that waits.
    pub pending: PendingId,
}

/// The currency of amounts that name none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CurrencyHabit {
    /// The currency.
    pub currency_code: &'static str,
    /// Whether it was just set.
    pub is_new: bool,
}

/// The time zone of somebody's days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneHabit {
    /// Its name.
    pub zone: String,
    /// Whether it was just set.
    pub is_new: bool,
}

/// Whether what is due is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReminderWish {
    /// Whether it is.
    pub wanted: bool,
    /// Whether the channel lets us write only within a day after a message.
    pub only_within_a_day: bool,
}

/// Invoices that are not paid yet; one of the lists is not empty.
#[derive(Debug, Clone, Serialize)]
pub struct OpenInvoices {
    /// What is to be paid, the eldest first.
    pub to_pay: Vec<Open>,
    /// What others are to pay.
    pub owed: Vec<Open>,
    /// How many more there are.
    pub more: usize,
}

/// An invoice that is not paid yet.
#[derive(Debug, Clone, Serialize)]
pub struct Open {
    /// Vendor if received, customer if issued; may be empty.
    pub counterparty: String,
    /// The number, if it has one.
    pub number: Option<String>,
    /// What is left to pay.
    pub open: Money,
    /// When it is to be paid.
    pub due_date: Date,
    /// Whether that day is over.
    pub is_overdue: bool,
}

impl Open {
    /// Returns an invoice as it stands on a day; nothing if it is never due.
    #[must_use]
    pub fn of(invoice: &Invoice, today: Date) -> Option<Self> {
        let due_date = invoice.due_date?;
        Some(Self {
            counterparty: invoice.counterparty().to_owned(),
            number: invoice.number.clone(),
            open: invoice.due().unwrap_or(invoice.gross),
            due_date,
            is_overdue: due_date < today,
        })
    }
}

/// What was used.
#[derive(Debug, Clone, Serialize)]
pub struct Used {
    /// Stored invoices.
    pub invoices: Decimal,
    /// Calls of the model behind a server.
    pub calls: u64,
    /// What they cost, as it is written; nothing where the price of the model is not known.
    pub cost: Option<String>,
}

/// What was read of a document whose total was not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Seen {
    /// The vendor, if it was read.
    pub vendor: Option<String>,
    /// The number, if it was read.
    pub number: Option<String>,
    /// The issue date, if it was read.
    pub day: Option<Date>,
}

/// What an export lacks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Invoices beyond the most that a file of the chat holds.
    pub invoices: usize,
    /// Originals that did not fit in.
    pub originals: usize,
    /// Originals that are not kept any more.
    pub gone: usize,
    /// Whether what was said is not in it as a whole.
    pub messages: bool,
}

/// A word that has no place in the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unplaced {
    /// As it was typed.
    pub typed: String,
    /// The closest names.
    pub suggestions: Vec<String>,
    /// What its buttons answer, if it has any.
    #[serde(skip)]
    pub choice: Option<PendingId>,
}

/// Two parts of a sentence of which only one can be meant.
#[derive(Debug, Clone, Serialize)]
pub struct Clashing {
    /// The first, as it was typed.
    pub one: String,
    /// The second.
    pub other: String,
}

/// A question over two stretches of days, and what came of both.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// The question, with the first stretch of days.
    pub plan: Box<QueryPlan>,
    /// The same with the second.
    pub other: Box<QueryPlan>,
    /// The two figures and how much more the first one is; one for each currency.
    pub figures: Vec<Figures>,
}

/// What months, or other stretches of days, come to on average.
#[derive(Debug, Clone, Serialize)]
pub struct Mean {
    /// How long one of them is.
    pub unit: Unit,
    /// How many there are, those without an invoice among them.
    pub count: u32,
    /// One amount a currency.
    pub amounts: Vec<Money>,
}

/// A part of a sentence that is not what it is written as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Odd {
    /// As it was typed.
    pub typed: String,
    /// What is odd about it.
    pub how: Oddness,
}

/// What is odd about a part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddness {
    /// It may be a part of an invoice, or two invoices.
    Part,
    /// No calendar has such a day.
    Day,
    /// No currency has such a code.
    Currency,
    /// No time zone has such a name.
    Zone,
    /// It is none of the languages of the replies.
    Language,
}
