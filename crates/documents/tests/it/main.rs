//! Whole files through the public functions: each kind, each obstacle, and hostile variations.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod einvoices;
mod hidden;
mod hostile;
mod hybrids;
mod letterheads;
mod old_workbooks;
mod pdfs;
mod pictures;
mod terms;
