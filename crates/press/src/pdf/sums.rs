//! The rows around the total: subtotal, discount, tax by rate, what is paid and what is due.

use crate::habit;
use domain::{
    invoice::{Invoice, Status, TaxGroup, totals::lines_sum},
    money::{Money, Rate},
    tenant::Language,
};
use serde::Serialize;

/// One row of sums.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// The key of its label.
    pub label: &'static str,
    /// What stands behind the label.
    pub detail: Vec<Part>,
    /// The amount with its currency.
    pub amount: String,
}

/// A piece of text behind a label.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The text, or the key of one of our words.
    pub text: String,
    /// Whether it is a key.
    pub word: bool,
}

/// Returns the rows above the total, in the order that they add up in.
#[must_use]
pub fn before_total(invoice: &Invoice, language: Language) -> Vec<Sum> {
    let has_tax = !invoice.taxes.is_empty() || invoice.tax.is_some_and(|tax| tax.minor != 0);
    let included = has_tax && includes_tax(invoice);
    let mut sums = Vec::new();
    if has_tax || invoice.allowance.is_some() {
        sums.extend(subtotal(invoice, included).map(|sum| plain("subtotal", sum, language)));
    }
    sums.extend(invoice.allowance.and_then(|allowance| discount(allowance, language)));
    if has_tax && !included && invoice.allowance.is_some() {
        sums.extend(invoice.net.map(|net| plain("net", net, language)));
    }
    sums.extend(taxes(invoice, included, language));
    sums.extend(
        invoice
            .rounding
            .filter(|rounding| rounding.minor != 0)
            .map(|rounding| plain("rounding", rounding, language)),
    );
    sums
}

/// Returns the rows below the total; empty where the total is what is due.
#[must_use]
pub fn after_total(invoice: &Invoice, language: Language) -> Vec<Sum> {
    let Some(prepaid) = invoice.prepaid.filter(|prepaid| prepaid.minor != 0) else {
        return Vec::new();
    };
    let mut sums = vec![plain("prepaid", prepaid, language)];
    if invoice.status != Status::Paid {
        sums.extend(invoice.gross.minus(prepaid).ok().map(|due| plain("due", due, language)));
    }
    sums
}

/// Prices include tax where the lines, less the discount, give the gross total and not the net.
fn includes_tax(invoice: &Invoice) -> bool {
    let after_discount = lines_sum(&invoice.lines).and_then(|sum| match invoice.allowance {
        Some(allowance) => sum.minus(allowance).ok(),
        None => Some(sum),
    });
    after_discount == Some(invoice.gross) && invoice.net != Some(invoice.gross)
}

fn subtotal(invoice: &Invoice, included: bool) -> Option<Money> {
    if included {
        // Without a discount it would only repeat the total.
        return invoice.allowance.and_then(|_| lines_sum(&invoice.lines));
    }
    match (invoice.net, invoice.allowance) {
        (Some(net), Some(allowance)) => net.plus(allowance).ok(),
        (net, _) => net.or_else(|| lines_sum(&invoice.lines)),
    }
}

fn discount(allowance: Money, language: Language) -> Option<Sum> {
    let label = if allowance.minor < 0 { "surcharge" } else { "discount" };
    let negated = Money::zero(allowance.currency).minus(allowance).ok()?;
    Some(plain(label, negated, language))
}

fn taxes(invoice: &Invoice, included: bool, language: Language) -> Vec<Sum> {
    let label = if included { "included_tax" } else { "tax" };
    let several = invoice.taxes.len() > 1;
    let rows: Vec<Sum> = invoice
        .taxes
        .iter()
        .filter_map(|group| {
            let detail = detail(group.rate, group.net.filter(|_| several), language);
            let amount = habit::money(tax_of(group)?, language);
            Some(Sum { label, detail, amount })
        })
        .collect();
    match invoice.tax.filter(|tax| tax.minor != 0 && rows.is_empty()) {
        Some(tax) => vec![plain(label, tax, language)],
        None => rows,
    }
}

fn tax_of(group: &TaxGroup) -> Option<Money> {
    group.tax.or_else(|| group.net?.tax_at(group.rate?).ok())
}

fn detail(rate: Option<Rate>, net: Option<Money>, language: Language) -> Vec<Part> {
    let text = |text: String| Part { text, word: false };
    let mut parts: Vec<Part> =
        rate.map(|rate| text(habit::rate(rate, language))).into_iter().collect();
    if let Some(net) = net {
        parts.push(Part { text: "on".to_owned(), word: true });
        parts.push(text(habit::money(net, language)));
    }
    parts
}

fn plain(label: &'static str, amount: Money, language: Language) -> Sum {
    Sum { label, detail: Vec::new(), amount: habit::money(amount, language) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use domain::money::Currency;

    fn rows(invoice: &Invoice) -> Vec<(&'static str, String)> {
        before_total(invoice, Language::En).into_iter().map(|sum| (sum.label, sum.amount)).collect()
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn without_tax_and_discount_there_is_only_the_total() {
        let mut invoice = samples::issued();
        invoice.taxes.clear();
        invoice.tax = Some(eur(0));
        assert_eq!(rows(&invoice), []);
    }

    #[test]
    fn a_discount_stands_between_subtotal_and_net() {
        let mut invoice = samples::issued();
        invoice.allowance = Some(eur(1000));
        let labels: Vec<_> = rows(&invoice).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["subtotal", "discount", "net", "tax"]);
        assert_eq!(rows(&invoice)[1].1, "−€10.00");
    }

    #[test]
    fn prices_that_include_tax_say_so() {
        let mut invoice = samples::issued();
        invoice.lines.truncate(1);
        invoice.lines[0].amount = Some(invoice.gross);
        assert_eq!(rows(&invoice).first().unwrap().0, "included_tax");
    }

    #[test]
    fn what_was_paid_before_is_taken_off() {
        let mut invoice = samples::issued();
        assert_eq!(after_total(&invoice, Language::En), []);
        invoice.prepaid = Some(eur(100));
        let labels: Vec<_> =
            after_total(&invoice, Language::En).iter().map(|sum| sum.label).collect();
        assert_eq!(labels, ["prepaid", "due"]);
    }
}
