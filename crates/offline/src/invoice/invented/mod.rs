//! Documents that we made up, with their truth: many layouts, seven languages, a reader's noise.
//!
//! Seeds below [`TUNED`] are what rules and weights were made with; those from there on were only
//! ever counted.
#![expect(clippy::arithmetic_side_effects, reason = "positions of invented words")]

mod bills;
mod body;
mod chance;
mod heads;
mod invoices;
mod money;
mod names;
mod others;
mod paper;
mod phrases;
mod receipts;

use super::*;
use chance::Chance;
use domain::{
    dates::{Date, date},
    document::Page,
};
use names::Party;

/// Seeds from here on are never looked at.
pub const TUNED: u64 = 200_000;

/// What an invented document says.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    pub is_invoice: bool,
    pub vendor: Party,
    pub number: Option<String>,
    pub issued: Option<Date>,
    pub due: Option<Date>,
    pub currency: String,
    pub net: Option<Decimal>,
    pub tax: Option<Decimal>,
    pub gross: Option<Decimal>,
    pub lines: usize,
    /// Whether the vendor's tax number and account are printed.
    pub tax_id: bool,
    pub iban: bool,
    pub customer: Option<String>,
}

/// A document with its truth.
pub struct Invented {
    pub sheets: Sheets,
    pub truth: Truth,
}

/// Makes the document of a seed: four invoices and four receipts to two bills and two others.
pub fn invented(seed: u64) -> Invented {
    let mut chance = Chance::of(seed);
    let (page, truth) = match chance.between(0, 11) {
        10 => bills::supply(&mut chance),
        11 => bills::stay(&mut chance),
        0..=3 => invoices::invoice(&mut chance),
        4..=7 => receipts::receipt(&mut chance),
        _ => others::other(&mut chance),
    };
    Invented { sheets: sheets(page), truth }
}

fn sheets(page: Page) -> Sheets {
    Sheets {
        pages: vec![page],
        pictures: Vec::new(),
        today: date(2026, 11, 1),
        locale: String::new(),
    }
}
