//! How far a reading can be trusted, and what of it a person should look at.

use super::{Claim, EITHER_ORDER, Evidence, Origin, Reading, Standing};
use crate::{
    dates::Date,
    invoice::{Finding, Invoice, Proof},
};
use jiff::ToSpan;
use rust_decimal::Decimal;
use serde::Serialize;

/// The most fields that are named as doubtful.
const MAX_DOUBTS: usize = 2;
/// So many are named where nobody but a model saw them: date, total and vendor have nothing to stand on.
const DOUBTS_OF_A_MODEL: usize = 3;
/// A document is dated at most so many days ahead.
const AHEAD: i64 = 31;
/// No document that anybody sends is older.
const OLDEST: i16 = 1990;

/// How far a reading as a whole can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// An e-invoice: every value is exact.
    Exact,
    /// The total is proven and nothing speaks against anything.
    Proven,
    /// A machine has read it.
    Read,
}

impl Trust {
    /// Returns how far an invoice can be trusted that was made of this reading.
    #[must_use]
    pub fn of(reading: &Reading, invoice: &Invoice, findings: &[Finding]) -> Self {
        let total = reading.gross.as_ref().map(|gross| &gross.evidence);
        match total {
            Some(total) if total.origin == Origin::EInvoice => Self::Exact,
            Some(total)
                if total.standing() == Standing::Verified
                    && invoice.proof == Proof::Proven
                    && findings.is_empty() =>
            {
                Self::Proven
            }
            _ => Self::Read,
        }
    }

    /// Returns whether a document verifies itself: an electronic one whose sums agree does so as well as
    /// any.
    #[must_use]
    pub fn verifies(self, invoice: &Invoice) -> bool {
        self == Self::Proven || self == Self::Exact && invoice.proof == Proof::Proven
    }
}

/// Which of the values that are shown were computed from others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Computed {
    /// The total without tax, or the tax.
    pub tax: bool,
    /// The due date.
    pub due_date: bool,
}

impl Reading {
    /// Returns which values that are shown were computed from others.
    #[must_use]
    pub fn computed(&self) -> Computed {
        let derived = |evidence: &Evidence| evidence.origin == Origin::Derived;
        let amount = |claim: &Option<Claim<Decimal>>| {
            claim.as_ref().is_some_and(|claim| derived(&claim.evidence))
        };
        Computed {
            tax: amount(&self.net) || amount(&self.tax),
            due_date: self.due_date.as_ref().is_some_and(|due| derived(&due.evidence)),
        }
    }

    /// Returns the fields that a person should look at though the sums see nothing wrong with them, the
    /// weightiest first: what was read with too little certainty, and a total that nothing proves. An
    /// e-invoice is exact.
    #[must_use]
    pub fn doubts(&self, invoice: &Invoice, findings: &[Finding], today: Date) -> Vec<Finding> {
        let date = self.issue_date.as_ref();
        let unlikely = date.is_some_and(|date| {
            date.value > today.saturating_add(AHEAD.days()) || date.value.year() < OLDEST
        });
        let unsure_date = unsure(&self.issue_date) && !unlikely;
        let other_order = date.filter(|_| unsure_date).and_then(either_order);
        let unproven = !self.is_proven(invoice) && self.gross.as_ref().is_none_or(is_read);
        let mut doubts: Vec<Finding> = [
            unsure(&self.gross).then_some(Finding::TotalUnsure),
            unlikely.then_some(Finding::DateUnlikely),
            other_order.map(|other| Finding::DateAmbiguous { other }),
            (unsure_date && other_order.is_none()).then_some(Finding::DateUnsure),
            unsure(&self.vendor).then_some(Finding::VendorUnsure),
            unsure(&self.number).then_some(Finding::NumberUnsure),
        ]
        .into_iter()
        .flatten()
        .collect();
        doubts.truncate(if self.was_seen_by_a_model_alone() {
            DOUBTS_OF_A_MODEL
        } else {
            MAX_DOUBTS
        });
        let has_room = doubts.len().saturating_add(findings.len()) < MAX_DOUBTS;
        let of_total =
            doubts.contains(&Finding::TotalUnsure) || findings.iter().any(Finding::contradicts);
        if unproven && has_room && !of_total {
            // Where the sums agree, they may be those of another amount.
            let agree = invoice.proof == Proof::Proven;
            doubts.push(if agree { Finding::TotalUnsure } else { Finding::TotalUnproven });
        }
        doubts
    }

    fn is_proven(&self, invoice: &Invoice) -> bool {
        let standing = self.gross.as_ref().map(|gross| gross.evidence.standing());
        standing == Some(Standing::Verified) && invoice.proof == Proof::Proven
    }

    fn was_seen_by_a_model_alone(&self) -> bool {
        let by_model = |evidence: Option<&Evidence>| {
            evidence.is_none_or(|evidence| evidence.origin == Origin::Model)
        };
        by_model(self.gross.as_ref().map(|claim| &claim.evidence))
            && by_model(self.issue_date.as_ref().map(|claim| &claim.evidence))
            && by_model(self.vendor.as_ref().map(|claim| &claim.evidence))
    }
}

fn unsure<T>(claim: &Option<Claim<T>>) -> bool {
    claim.as_ref().is_some_and(|claim| claim.evidence.standing() == Standing::Doubtful)
}

/// Returns whether a value was read off a page, and not told or exact.
fn is_read<T>(claim: &Claim<T>) -> bool {
    !matches!(claim.evidence.origin, Origin::EInvoice | Origin::User)
}

/// Returns the day that the same figures mean where day and month change places.
fn either_order(date: &Claim<Date>) -> Option<Date> {
    let (year, month, day) = (date.value.year(), date.value.month(), date.value.day());
    let other = Date::new(year, day, month).ok()?;
    (date.evidence.rule == EITHER_ORDER).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dates::date,
        ids::InvoiceId,
        money::Currency,
        reading::{Intake, ReadKind},
    };

    fn claim<T>(value: T, confidence: u8, rule: &str) -> Option<Claim<T>> {
        Some(Claim::new(value, Evidence::of(Origin::TextLayer, confidence, rule)))
    }

    fn reading() -> Reading {
        Reading {
            vendor: claim("Nordwind".to_owned(), 90, "top"),
            issue_date: claim(date(2025, 4, 3), 92, "date label"),
            currency: claim(Currency::EUR, 95, "sign"),
            gross: claim(Decimal::new(11_900, 2), 90, "label"),
            ..Reading::of_kind(ReadKind::Invoice, Evidence::of(Origin::TextLayer, 90, "title"))
        }
    }

    fn doubts(reading: &Reading) -> Vec<Finding> {
        let intake = Intake {
            id: InvoiceId(uuid::Uuid::nil()),
            currency: Currency::EUR,
            received_on: date(2025, 9, 10),
            document: None,
        };
        let (invoice, findings) = reading.clone().into_invoice(&intake).unwrap();
        reading.doubts(&invoice, &findings, date(2025, 9, 10))
    }

    #[test]
    fn a_total_that_nothing_proves_is_named_and_one_that_a_person_told_is_not() {
        assert_eq!(doubts(&reading()), [Finding::TotalUnproven]);
        let mut told = reading();
        told.gross.as_mut().unwrap().evidence.origin = Origin::User;
        assert_eq!(doubts(&told), []);
    }

    #[test]
    fn a_date_that_may_be_another_is_shown_with_it() {
        let either = claim(date(2025, 4, 3), 59, EITHER_ORDER);
        let other = Finding::DateAmbiguous { other: date(2025, 3, 4) };
        assert_eq!(
            doubts(&Reading { issue_date: either, ..reading() }),
            [other, Finding::TotalUnproven]
        );
        let blurred = claim(date(2025, 4, 3), 59, "date label");
        let found = doubts(&Reading { issue_date: blurred, ..reading() });
        assert_eq!(found, [Finding::DateUnsure, Finding::TotalUnproven]);
    }

    #[test]
    fn at_most_two_fields_are_named() {
        let unsure = Reading {
            gross: claim(Decimal::new(11_900, 2), 50, "label"),
            issue_date: claim(date(2031, 4, 3), 92, "date label"),
            vendor: claim("Nordwind".to_owned(), 40, "top"),
            ..reading()
        };
        assert_eq!(doubts(&unsure), [Finding::TotalUnsure, Finding::DateUnlikely]);
    }
}
