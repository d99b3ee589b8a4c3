//! Do the sums agree? What an invoice says about itself, checked to the cent.

use super::{Invoice, Line, TaxGroup};
use crate::{
    dates::Date,
    money::{Money, MoneyError, line_amount},
};
use serde::{Deserialize, Serialize};

/// Whether the sums of an invoice prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// At least one independent sum gives the gross total, and none contradicts it.
    Proven,
    /// Nothing contradicts it, but nothing proves it either.
    Unproven,
    /// A sum contradicts it.
    Contradicted,
}

/// Something about an invoice that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// Net and tax do not add up to gross.
    NetAndTax {
        /// What they add up to.
        sum: Money,
        /// What the document says.
        gross: Money,
    },
    /// The lines add up to neither net nor gross.
    Lines {
        /// What they add up to.
        sum: Money,
        /// What the document says (net where known, else gross).
        expected: Money,
    },
    /// The tax by rate does not add up to the total tax.
    TaxByRate {
        /// What the rates add up to.
        sum: Money,
        /// The total tax of the document.
        tax: Money,
    },
    /// The total less what was paid before is not what is said to be left.
    Due {
        /// What is left by the sums.
        sum: Money,
        /// What the document says.
        due: Money,
    },
    /// The page of an e-invoice shows another total.
    PageTotal {
        /// What is printed.
        printed: Money,
    },
    /// The page of an e-invoice shows another number.
    PageNumber {
        /// What is printed.
        printed: String,
    },
    /// The page of an e-invoice shows another issue date.
    PageDate {
        /// What is printed.
        printed: Date,
    },
    /// No vendor was found.
    VendorMissing,
    /// No issue date was found; the day of receipt stands in.
    DateMissing,
    /// No currency was found; the tenant's stands in.
    CurrencyAssumed,
    /// The total was read with too little certainty.
    TotalUnsure,
    /// No sum proves the total.
    TotalUnproven,
    /// The issue date was read with too little certainty.
    DateUnsure,
    /// Day and month of the issue date may change places.
    DateAmbiguous {
        /// The date that it is then.
        other: Date,
    },
    /// The vendor's name was read with too little certainty.
    VendorUnsure,
    /// The number was read with too little certainty.
    NumberUnsure,
    /// The issue date lies in the future or in another century.
    DateUnlikely,
}

impl Finding {
    /// Returns whether it contradicts the amounts.
    #[must_use]
    pub const fn contradicts(&self) -> bool {
        matches!(self, Self::NetAndTax { .. } | Self::Lines { .. } | Self::TaxByRate { .. })
    }
}

/// Returns what does not add up, the weightiest first; empty if nothing contradicts.
///
/// One minor unit of tolerance for net + tax, one for each line or rate in a sum, since vendors
/// round each of them.
#[must_use]
pub fn check(invoice: &Invoice) -> Vec<Finding> {
    [net_and_tax(invoice), lines(invoice), tax_by_rate(invoice)].into_iter().flatten().collect()
}

/// Returns whether the sums prove the gross total, given what the check found.
#[must_use]
pub fn prove(invoice: &Invoice, findings: &[Finding]) -> Proof {
    if findings.iter().any(Finding::contradicts) {
        return Proof::Contradicted;
    }
    let by_tax = invoice.net.is_some() && invoice.tax.is_some();
    // Without tax, lines that add up to the net alone say nothing of the total.
    let by_lines = lines_sum(&invoice.lines).is_some()
        && lines(&Invoice { net: None, ..invoice.clone() }).is_none();
    if by_tax || by_lines { Proof::Proven } else { Proof::Unproven }
}

fn net_and_tax(invoice: &Invoice) -> Option<Finding> {
    let sum = invoice.net?.plus(invoice.tax?).ok()?;
    let gross = invoice.gross;
    let rounded = invoice.rounding.and_then(|rounding| sum.plus(rounding).ok());
    // A charge that is not taxed, such as a tip, comes on top; allowances are in the net already.
    let charge = invoice.allowance.filter(|allowance| allowance.minor < 0);
    let charged = charge.and_then(|charge| sum.minus(charge).ok());
    let agrees = [Some(sum), rounded, charged].into_iter().flatten().any(|s| s.is_within(1, gross));
    (!agrees).then_some(Finding::NetAndTax { sum, gross })
}

fn lines(invoice: &Invoice) -> Option<Finding> {
    let sum = lines_sum(&invoice.lines)?;
    let tolerance = u64::try_from(invoice.lines.len()).unwrap_or(u64::MAX);
    let less_allowance = invoice.allowance.and_then(|allowance| sum.minus(allowance).ok());
    let targets = [invoice.net, Some(invoice.gross)];
    let agrees = targets.into_iter().flatten().any(|total| {
        [Some(sum), less_allowance].into_iter().flatten().any(|sum| sum.is_within(tolerance, total))
    });
    let expected = invoice.net.unwrap_or(invoice.gross);
    (!agrees).then_some(Finding::Lines { sum, expected })
}

/// Returns whether what is said to be left to pay is not the total less what was paid before, plus
/// rounding (EN 16931, BR-CO-16).
#[must_use]
pub fn due(invoice: &Invoice, due: Money) -> Option<Finding> {
    let sum = invoice.due()?;
    (!sum.is_within(1, due)).then_some(Finding::Due { sum, due })
}

fn tax_by_rate(invoice: &Invoice) -> Option<Finding> {
    let tax = invoice.tax?;
    let sum = add_up(invoice.taxes.iter().map(tax_of_group))?;
    let tolerance = u64::try_from(invoice.taxes.len()).unwrap_or(u64::MAX);
    (!sum.is_within(tolerance, tax)).then_some(Finding::TaxByRate { sum, tax })
}

fn tax_of_group(group: &TaxGroup) -> Option<Money> {
    group.tax.or_else(|| group.net?.tax_at(group.rate?).ok())
}

/// Returns the sum of the lines; nothing if there are none or one has no amount.
#[must_use]
pub fn lines_sum(lines: &[Line]) -> Option<Money> {
    add_up(lines.iter().map(|line| line.amount))
}

fn add_up(amounts: impl IntoIterator<Item = Option<Money>>) -> Option<Money> {
    let mut amounts = amounts.into_iter();
    let first = amounts.next()??;
    amounts.try_fold(first, |sum, amount| sum.plus(amount?).ok())
}

/// Returns whether a line's quantity × price gives its amount; nothing if one of them is missing.
///
/// # Errors
///
/// [`MoneyError::Overflow`] if the product does not fit.
pub fn line_agrees(line: &Line) -> Result<Option<bool>, MoneyError> {
    let (Some(quantity), Some(price), Some(amount)) = (line.quantity, line.unit_price, line.amount)
    else {
        return Ok(None);
    };
    Ok(Some(line_amount(quantity, price, amount.currency)?.is_within(1, amount)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dates::date,
        ids::InvoiceId,
        money::{Currency, Rate},
        reading::{Claim, Evidence, Intake, Origin, ReadKind, ReadLine, ReadTax, Reading},
    };
    use rust_decimal::Decimal;
    use uuid::Uuid;

    fn cents(minor: i64) -> Decimal {
        Decimal::new(minor, 2)
    }

    fn reading(net: i64, tax: i64, gross: i64, lines: &[i64]) -> Reading {
        let seen = || Evidence::of(Origin::TextLayer, 90, "test");
        let claim = |minor| Some(Claim::new(cents(minor), seen()));
        Reading {
            vendor: Some(Claim::new("Moosbach".to_owned(), seen())),
            issue_date: Some(Claim::new(date(2025, 8, 3), seen())),
            currency: Some(Claim::new(Currency::EUR, seen())),
            net: claim(net),
            tax: claim(tax),
            gross: claim(gross),
            lines: lines
                .iter()
                .map(|minor| ReadLine { amount: Some(cents(*minor)), ..ReadLine::default() })
                .collect(),
            ..Reading::of_kind(ReadKind::Invoice, seen())
        }
    }

    fn stored(reading: Reading) -> (Invoice, Vec<Finding>) {
        let intake = Intake {
            id: InvoiceId(Uuid::nil()),
            currency: Currency::EUR,
            received_on: date(2025, 9, 10),
            document: None,
        };
        reading.into_invoice(&intake).unwrap()
    }

    #[test]
    fn net_and_tax_prove_the_total() {
        let (invoice, findings) = stored(reading(10_000, 1_900, 11_900, &[6_000, 4_000]));
        assert_eq!((invoice.proof, findings), (Proof::Proven, Vec::new()));
    }

    #[test]
    fn a_total_that_does_not_add_up_is_contradicted() {
        let (invoice, findings) = stored(reading(10_000, 1_900, 12_900, &[]));
        let eur = |minor| Money::new(minor, Currency::EUR);
        assert_eq!(findings, [Finding::NetAndTax { sum: eur(11_900), gross: eur(12_900) }]);
        assert_eq!(invoice.proof, Proof::Contradicted);
    }

    #[test]
    fn lines_may_add_up_to_net_or_gross_or_less_a_discount() {
        assert_eq!(stored(reading(10_000, 1_900, 11_900, &[11_900])).0.proof, Proof::Proven);
        let mut discounted = reading(9_000, 1_710, 10_710, &[10_000]);
        assert_eq!(stored(discounted.clone()).0.proof, Proof::Contradicted);
        discounted.allowance =
            Some(Claim::new(cents(1_000), Evidence::of(Origin::TextLayer, 90, "test")));
        assert_eq!(stored(discounted).0.proof, Proof::Proven);
    }

    #[test]
    fn a_tip_on_top_of_net_and_tax_is_no_contradiction() {
        let mut tipped = reading(2_500, 200, 3_200, &[2_500]);
        assert_eq!(stored(tipped.clone()).0.proof, Proof::Contradicted);
        tipped.allowance = Some(Claim::new(cents(-500), Evidence::of(Origin::TextLayer, 90, "t")));
        assert_eq!(stored(tipped).0.proof, Proof::Proven);
    }

    #[test]
    fn tax_by_rate_must_give_the_tax() {
        let mut reading = reading(10_000, 1_900, 11_900, &[]);
        let rate = Some(Rate::from_percent(Decimal::from(7)).0);
        reading.taxes = vec![ReadTax { rate, net: Some(cents(10_000)), tax: None }];
        let (invoice, findings) = stored(reading);
        assert!(matches!(findings.as_slice(), [Finding::TaxByRate { .. }]));
        assert_eq!(invoice.proof, Proof::Contradicted);
    }

    #[test]
    fn a_total_alone_proves_nothing_and_what_is_missing_is_told() {
        let mut bare = reading(0, 0, 500, &[]);
        (bare.net, bare.tax, bare.vendor, bare.issue_date, bare.currency) =
            (None, None, None, None, None);
        let (invoice, findings) = stored(bare);
        assert_eq!(invoice.proof, Proof::Unproven);
        assert_eq!(
            findings,
            [Finding::CurrencyAssumed, Finding::DateMissing, Finding::VendorMissing]
        );
        assert_eq!(invoice.issue_date, date(2025, 9, 10));
    }
}
