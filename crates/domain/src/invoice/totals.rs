//! Do the sums agree? What an invoice says about itself, checked to the cent.

use super::{Invoice, Line, TaxGroup};
use crate::money::{Money, MoneyError, line_amount};
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
    /// No vendor was found.
    VendorMissing,
    /// No issue date was found; the day of receipt stands in.
    DateMissing,
    /// No currency was found; the tenant's stands in.
    CurrencyAssumed,
    /// The total was read with too little certainty.
    TotalUnsure,
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
    let by_lines = lines_sum(&invoice.lines).is_some() && !invoice.lines.is_empty();
    if by_tax || by_lines { Proof::Proven } else { Proof::Unproven }
}

fn net_and_tax(invoice: &Invoice) -> Option<Finding> {
    let sum = invoice.net?.plus(invoice.tax?).ok()?;
    let gross = invoice.gross;
    let rounded = invoice.rounding.and_then(|rounding| sum.plus(rounding).ok());
    let agrees = sum.is_within(1, gross) || rounded.is_some_and(|sum| sum.is_within(1, gross));
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
