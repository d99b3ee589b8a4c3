//! What is said about a list of invoices.

use domain::{invoice::Invoice, money::Money};
use ports::tables::{Lack, Skipped};
use serde::Serialize;
use std::collections::BTreeSet;

/// The most rows, and columns, that are named as left out.
const MAX_NAMED: usize = 5;

/// The most invoices that are named as not adding up.
const MAX_WRONG: usize = 3;

/// A list of invoices in short.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Listed {
    /// How many are new.
    pub count: usize,
    /// The new ones, where each is a paper of its own; empty for rows of a sheet.
    pub papers: Vec<Invoice>,
    /// What they come to, one sum a currency; credit notes are taken off.
    pub sums: Vec<Money>,
    /// How many are stored already.
    pub known: usize,
    /// How many of the new ones have a date or total that can be read in two ways.
    pub unsure: usize,
    /// In how many of the new ones net and tax do not make the total.
    pub contradicted: usize,
    /// Which those are, by number or vendor, the first few.
    pub wrong: Vec<String>,
    /// How many of the new ones name no currency, or a sign that several share.
    pub assumed: usize,
    /// The currencies that were taken for those, by their codes.
    pub currencies: BTreeSet<&'static str>,
    /// The heads of columns that look important and were not used, the first few.
    pub unused: Vec<String>,
    /// Rows that are no invoices, the first few.
    pub skipped: Vec<Omitted>,
    /// How many more such rows there are.
    pub more: usize,
}

/// A row that was left out.
#[derive(Debug, Clone, Serialize)]
pub struct Omitted {
    /// The sheet's name; may be empty.
    pub sheet: String,
    /// The row, from 1.
    pub row: usize,
    /// Why.
    pub why: Lack,
}

impl Listed {
    /// Makes a list of nothing but the rows and columns that are left out.
    #[must_use]
    pub fn without(skipped: &[Skipped], unused: &[String]) -> Self {
        let omitted = |skipped: &Skipped| Omitted {
            sheet: skipped.place.sheet.clone(),
            row: skipped.place.row,
            why: skipped.why,
        };
        Self {
            skipped: skipped.iter().take(MAX_NAMED).map(omitted).collect(),
            unused: unused.iter().take(MAX_NAMED).cloned().collect(),
            more: skipped.len().saturating_sub(MAX_NAMED),
            ..Self::default()
        }
    }

    /// Takes in that net and tax of an invoice do not make its total.
    pub fn contradict(&mut self, invoice: &Invoice) {
        self.contradicted = self.contradicted.saturating_add(1);
        let name = invoice.number.as_ref().unwrap_or(&invoice.vendor.name);
        if !name.is_empty() && self.wrong.len() < MAX_WRONG {
            self.wrong.push(name.clone());
        }
    }
}
