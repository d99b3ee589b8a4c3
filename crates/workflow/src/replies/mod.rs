//! Replies as values, and the one way they become text: each variant has a template of its name in
//! `templates/replies/<lang>/`, else in English. Every number comes from the value, never from a model.

mod carried;
mod details;
mod direction;
mod format;
mod layout;
mod listed;
mod render;
#[cfg(test)]
mod tests;

pub use details::{
    Clashing, Comparison, CurrencyHabit, Figures, LeftOut, Mean, NotInvoice, Odd, Oddness, Open,
    OpenInvoices, ReminderWish, Seen, Several, Strangeness, Unplaced, Used, Waiting, ZoneHabit,
};
pub use format::figure;
pub use listed::{Listed, Omitted};
pub use render::{heading, render};

use domain::{
    dates::Date,
    document::{Notice, Obstacle},
    draft::{Draft, DraftTotals, Missing, Objection},
    ids::PendingId,
    invoice::{Finding, Invoice},
    message::NewFile,
    outcome::{Patch, Stored},
    question::{Answer, InvoiceRow, QueryPlan},
    reading::Computed,
    table::Table,
    tenant::Language,
    vendor_memory::VendorHint,
};
use serde::Serialize;

/// What Billhook has to say.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// Hello, with what to try.
    Greeting,
    /// What Billhook can do.
    Menu,
    /// You are welcome.
    Thanks,
    /// Good bye.
    Goodbye,
    /// Who is writing here.
    Identity,
    /// What would be deleted, which is everything; a yes is needed.
    ErasePreview {
        /// How much.
        stored: Stored,
        /// The action that waits.
        pending: PendingId,
    },
    /// Everything is deleted.
    Erased {
        /// How much it was.
        stored: Stored,
        /// The number of the receipt.
        reference: String,
    },
    /// This is not what Billhook is for.
    OffTopic,
    /// It is strange in this way.
    Strange {
        /// Which.
        how: Strangeness,
    },
    /// The text was not understood.
    NotUnderstood,
    /// A received invoice is stored and nothing about it is doubtful.
    Saved {
        /// The invoice.
        invoice: Box<Invoice>,
        /// Whether the document proves its own total.
        verified: bool,
        /// Which values are marked as computed.
        computed: Computed,
    },
    /// A received invoice is stored, with doubts.
    PleaseCheck {
        /// The invoice.
        invoice: Box<Invoice>,
        /// What is doubtful, the weightiest first; never empty.
        findings: Vec<Finding>,
        /// Whether letters were read by a machine, so that a person should look.
        read_by_machine: bool,
        /// As for `Saved`.
        computed: Computed,
        /// A picture of the place that is most doubtful.
        #[serde(skip)]
        file: Option<NewFile>,
    },
    /// What was written with a file is kept as a note of its invoice.
    NoteKept,
    /// What was said is no answer to what was asked, which goes on waiting.
    StillWaits(Waiting),
    /// Something that was noticed about a picture that could be read all the same.
    Noticed {
        /// What.
        notice: Notice,
    },
    /// There seems to be more than one receipt on the picture.
    SeveralReceipts {
        /// What was read as one.
        invoice: Box<Invoice>,
        /// The action that waits.
        pending: PendingId,
    },
    /// New invoices in a list: are they to be stored?
    ListOffered {
        /// The list in short.
        list: Listed,
        /// The action that waits.
        pending: PendingId,
    },
    /// The invoices of a list are stored.
    ListStored {
        /// The list in short.
        list: Listed,
    },
    /// There is no new invoice in a list.
    ListHasNothingNew {
        /// The list in short.
        list: Listed,
    },
    /// These very bytes are stored already.
    AlreadyStored {
        /// The stored invoice.
        row: InvoiceRow,
    },
    /// Another document of the same vendor, number, date and total is stored, or a picture that
    /// looks the same.
    LooksLikeDuplicate {
        /// The stored invoice.
        row: InvoiceRow,
        /// Whether it is known by its picture.
        same_picture: bool,
        /// The action that waits.
        pending: PendingId,
    },
    /// The new one of two that look alike was left out.
    Skipped,
    /// The new one of two that look alike has taken the place of the old one.
    Replaced {
        /// The invoice as it is now.
        invoice: Box<Invoice>,
    },
    /// The document is none of the invoices.
    NotAnInvoice {
        /// Why, where that is known.
        why: Option<NotInvoice>,
    },
    /// An invoice, but no total could be read: which is it?
    AskTotal(Seen),
    /// Not a kind of file that is read.
    Unsupported,
    /// The file could not be read.
    Unreadable {
        /// Why.
        obstacle: Obstacle,
    },
    /// Beyond the size limit.
    FileTooLarge,
    /// The provider no longer has it.
    FileGone,
    /// The answer to a question.
    Answered {
        /// The question as it was understood.
        plan: Box<QueryPlan>,
        /// What the database says.
        answer: Answer,
        /// The user's date, which settles what is overdue.
        today: Date,
        /// How many rows were shown before.
        from: usize,
        /// The same as files: charts, and a sheet of a long list.
        #[serde(skip)]
        files: Vec<NewFile>,
    },
    /// One figure held against another.
    Compared(Box<Comparison>),
    /// What the parts of the answer before come to on average.
    OnAverage(Mean),
    /// The answer to a question that no plan could express.
    Rows {
        /// What the database says.
        table: Box<Table>,
        /// The same as a sheet, where the rows are many.
        #[serde(skip)]
        files: Vec<NewFile>,
    },
    /// Where the last answer came from.
    Why {
        /// The question as it was understood.
        plan: Box<QueryPlan>,
        /// The invoices behind it, the first ones.
        rows: Vec<InvoiceRow>,
        /// How many there are.
        count: u64,
        /// The statement that counted.
        sql: String,
    },
    /// Where the last answer came from, if a model wrote the statement.
    WhySql {
        /// The statement as it was run.
        sql: String,
    },
    /// Something about the last answer, but there was none.
    NothingAsked,
    /// There is no more of the last answer.
    NoMore,
    /// The last answer as a file.
    SheetMade {
        /// How many rows it has.
        count: usize,
        /// The file.
        #[serde(skip)]
        file: NewFile,
    },
    /// A sheet ends before the answer does.
    SheetCut {
        /// How many rows it has.
        count: usize,
    },
    /// The last answer as pictures.
    ChartMade {
        /// One for each currency.
        #[serde(skip)]
        files: Vec<NewFile>,
    },
    /// The last answer cannot be drawn.
    NoChart,
    /// A name that is in no invoice.
    UnknownName(Unplaced),
    /// A word that is no name or thing in the book, and none of everyday speech.
    UnknownWord(Unplaced),
    /// A word that no question can go by.
    CannotGoBy(Unplaced),
    /// A part of an order that has no place in what is ordered.
    Unclear(Unplaced),
    /// A part of a sentence that is not what it is written as.
    Odd(Odd),
    /// Two parts of a sentence that no invoice can both be true of.
    Contradicts(Clashing),
    /// A draft to look at and confirm.
    DraftShown {
        /// The draft.
        draft: Box<Draft>,
        /// Its totals.
        totals: Box<DraftTotals>,
        /// The action that waits.
        pending: PendingId,
        /// Whether the invoice will say who issues it.
        has_seller: bool,
        /// The draft as a PDF.
        #[serde(skip)]
        file: Option<NewFile>,
    },
    /// A draft that nobody means to send.
    DraftRefused {
        /// Why.
        objection: Objection,
    },
    /// Something must be known before a draft can be shown.
    AskMissing {
        /// What is known.
        draft: Box<Draft>,
        /// What is missing, the first to be asked; never empty.
        missing: Vec<Missing>,
    },
    /// An invoice has been issued.
    Issued {
        /// The invoice.
        invoice: Box<Invoice>,
        /// Its PDF.
        #[serde(skip)]
        file: Option<NewFile>,
    },
    /// The chosen number is on another invoice.
    NumberTaken {
        /// That number.
        number: String,
    },
    /// What would change; a yes is needed.
    ChangePreview {
        /// The changes.
        patches: Vec<Patch>,
        /// The action that waits.
        pending: PendingId,
    },
    /// What has changed.
    Changed {
        /// The changes.
        patches: Vec<Patch>,
        /// Whether it teaches something about the vendor's next document.
        learnt: bool,
    },
    /// What corrections have taught about vendors.
    VendorMemory {
        /// The hints, the newest first; may be empty.
        hints: Vec<VendorHint>,
    },
    /// What is remembered of vendors would be forgotten; a yes is needed.
    ForgetPreview {
        /// Of how many.
        count: usize,
        /// The action that waits.
        pending: PendingId,
    },
    /// Nothing is remembered of vendors any more.
    Forgotten,
    /// It is not said which invoice is meant.
    WhichInvoice,
    /// Several invoices could be meant; at most ten.
    WhichOfThese(Several),
    /// An answer was awaited and this is none.
    ChooseOne,
    /// No invoice is meant by this.
    NoSuchInvoice {
        /// The number that was asked for.
        number: Option<String>,
    },
    /// It is already so.
    NothingToChange,
    /// They were paid before: that day stays.
    AlreadyPaid(Several),
    /// More invoices than one confirmation changes.
    TooMany {
        /// How many.
        count: usize,
    },
    /// A payment of more than is left, or of nothing.
    PaysTooMuch(Several),
    /// An amount below zero, which no invoice is set to.
    BelowZero(Unplaced),
    /// An issued invoice cannot be rewritten.
    IssuedIsFixed,
    /// There is no change to take back.
    NothingToUndo,
    /// A change has been taken back.
    Undone {
        /// What had been changed.
        patches: Vec<Patch>,
    },
    /// A yes or no, but nothing waits.
    NothingPending,
    /// What waited has ended.
    PendingExpired,
    /// What waited was let go.
    Dropped,
    /// Nothing more is sent from now on.
    Stopped,
    /// It is again.
    Resumed,
    /// The currency of amounts that name none, as it is or as it is from now on.
    CurrencySet(CurrencyHabit),
    /// The time zone, likewise.
    TimeZoneSet(ZoneHabit),
    /// Whether what is due is told from now on.
    RemindersSet(ReminderWish),
    /// Invoices that are due soon or overdue.
    Reminder(OpenInvoices),
    /// What was used so far.
    Usage(Used),
    /// Invoices as a file.
    Exported {
        /// How many.
        count: usize,
        /// What did not go with it.
        left_out: LeftOut,
        /// The file.
        #[serde(skip)]
        file: NewFile,
    },
    /// There is nothing to export.
    NothingToExport,
    /// Replies are in this language from now on.
    LanguageSet {
        /// The language.
        language: Language,
    },
    /// The larger model was not asked, because a cap on its cost is reached.
    OverCap,
    /// Something that the answer needs is away; it is tried again.
    Delayed,
    /// More messages came than are answered at once; they wait.
    Throttled,
    /// The message could not be dealt with.
    Apology {
        /// A short reference that is also in the log.
        reference: String,
    },
}
