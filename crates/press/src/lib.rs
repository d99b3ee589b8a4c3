//! Files out: invoices as PDF pages, and exports as CSV, spreadsheets and JSON.
//!
//! Every function takes domain values and returns bytes. Nothing here reads a file, the network,
//! a clock or the environment: fonts and designs are inside the executable.

mod fault;
mod habit;
mod pdf;
mod printable;

pub use fault::PressFault;
pub use pdf::invoice_pdf;

#[cfg(test)]
mod samples;
