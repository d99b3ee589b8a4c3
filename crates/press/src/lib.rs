//! Files out: invoices as PDF pages, charts as pictures, and exports as CSV, spreadsheets and JSON.
//!
//! Every function takes domain values and returns bytes. Nothing here reads a file, the network,
//! a clock or the environment: fonts and designs are inside the executable.

pub mod archive;
pub mod chart;
pub mod csv;
mod fault;
mod fonts;
mod habit;
pub mod json;
mod pdf;
mod printable;
pub mod record;
pub mod xlsx;

pub use chart::chart_png;
pub use fault::PressFault;
pub use pdf::invoice_pdf;

#[cfg(test)]
mod samples;
