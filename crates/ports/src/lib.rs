//! What we need from outside: traits and their errors, nothing else.
//!
//! Every trait is object-safe and lives behind `Arc<dyn _>`. Every error answers `retry()`, the
//! only question that the worker asks of it.

pub mod blobs;
pub mod cache;
pub mod channel;
pub mod clock;
pub mod documents;
pub mod limits;
pub mod model;
pub mod press;
pub mod store;
pub mod tables;
pub mod wake;

use domain::party::Party;
use std::sync::Arc;

/// Everything that the running product is made of; shared by all its tasks.
#[derive(Clone)]
pub struct Ports {
    /// The database.
    pub store: Arc<dyn store::Store>,
    /// Files by their hash.
    pub blobs: Arc<dyn blobs::BlobStore>,
    /// Reads files.
    pub documents: Arc<dyn documents::Documents>,
    /// Understands spreadsheets.
    pub tables: Arc<dyn tables::Tables>,
    /// Makes files.
    pub press: Arc<dyn press::Press>,
    /// Understands sentences and pages: the one that is set up, which may be the built-in one.
    pub model: Arc<dyn model::LanguageModel>,
    /// The built-in one, which answers without a network whenever the other does not.
    pub built_in: Arc<dyn model::LanguageModel>,
    /// What the owner allows the model.
    pub allowance: model::Allowance,
    /// Time, identifiers and randomness.
    pub clock: Arc<dyn clock::Clock>,
    /// Who issues invoices, where a book does not say itself; the name may be empty.
    pub seller: Party,
    /// The ways in and out, by kind.
    pub channels: Arc<dyn channel::Channels>,
}

/// What a node of the graph may touch: it reads, it never writes.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Stored invoices.
    pub ledger: &'a dyn store::Ledger,
    /// Statements of others over one book.
    pub adhoc: &'a dyn store::AdHoc,
    /// Remembered answers of models.
    pub answers: &'a dyn store::Answers,
    /// Reads files.
    pub documents: &'a dyn documents::Documents,
    /// Files by their hash; a node only reads them.
    pub blobs: &'a dyn blobs::BlobStore,
    /// Understands spreadsheets.
    pub tables: &'a dyn tables::Tables,
    /// Makes files.
    pub press: &'a dyn press::Press,
    /// What models have cost.
    pub spending: &'a dyn store::Spending,
    /// Understands sentences and pages: the one that is set up, which may be the built-in one.
    pub model: &'a dyn model::LanguageModel,
    /// The built-in one, which answers without a network whenever the other does not.
    pub built_in: &'a dyn model::LanguageModel,
    /// What the owner allows the model.
    pub allowance: model::Allowance,
    /// Time and identifiers.
    pub clock: &'a dyn clock::Clock,
    /// Who issues invoices, where a book does not say itself; the name may be empty.
    pub seller: &'a Party,
}
