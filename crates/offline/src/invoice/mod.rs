//! Positioned words in, a reading with evidence per field out.
//!
//! Labels and places propose, the sums decide, and nothing is keyed to one vendor. Deterministic.

mod candidates;
mod fields;
mod items;
mod kind;
mod lexicon;
mod lines;
mod parties;
mod score;
mod solve;
#[cfg(test)]
mod tests;

use candidates::Candidates;
use domain::{
    money::Currency,
    reading::{Claim, Evidence, Origin, ReadKind, ReadTax, Reading},
};
use fields::Placed;
use lines::Layout;
use ports::model::Sheets;
use rust_decimal::Decimal;
use solve::{Total, Totals};

/// Returns what a document says; a document that is no invoice has no other fields.
#[must_use]
pub fn read(sheets: &Sheets) -> Reading {
    let layout = Layout::of(&sheets.pages);
    let candidates = Candidates::of(&layout, sheets.today.year());
    let items = items::items(&layout, &candidates);
    let casts = score::cast(&layout, &candidates);
    let totals = solve::solve(&casts, &candidates.amounts, items::sum(&items));
    let number = fields::number_of(&layout, &candidates);
    let (kind, confidence) = kind::kind(&layout, &candidates, &totals, number.is_some());
    let origin = if layout.from_pixels { Origin::Pixels } else { Origin::TextLayer };
    let mut reading = Reading::of_kind(kind, Evidence::of(origin, confidence, "kind by its words"));
    reading.language = lexicon::lexicon().language(&layout.words());
    if kind == ReadKind::NotInvoice {
        return reading;
    }
    let currency = currency(&candidates, &totals, &layout);
    let american = is_american(&sheets.locale, currency.as_ref().map(|(currency, _)| *currency));
    let order = fields::order(&candidates, american);
    let issued = fields::issue_date(&layout, &candidates, order, sheets.today);
    let due = fields::due_date(&layout, &candidates, order, issued.as_ref().map(|date| date.value));
    let pixels = layout.from_pixels;
    reading.vendor = placed(parties::vendor(&layout, &candidates), pixels);
    reading.vendor_tax_id = placed(parties::tax_id(&layout, &candidates), pixels);
    reading.vendor_iban = placed(parties::iban(&layout), pixels);
    reading.customer = placed(parties::customer(&layout, &candidates), pixels);
    reading.number = placed(number, pixels);
    reading.issue_date = placed(issued, pixels);
    reading.due_date = placed(due, pixels);
    reading.currency = currency
        .map(|(currency, sure)| Claim::new(currency, Evidence::of(origin, sure, "currency signs")));
    reading.paid = totals.paid || kind == ReadKind::Receipt;
    reading.lines = items;
    fill_totals(&mut reading, totals, &layout);
    reading
}

fn fill_totals(reading: &mut Reading, totals: Totals, layout: &Layout) {
    let amount = |total: Option<Total>| total.map(|total| amount_claim(total, layout));
    if let (Some(net), Some(tax)) = (&totals.net, &totals.tax) {
        let rate = tax.value.checked_div(net.value).map(|rate| rate.round_dp(2));
        reading.taxes = vec![ReadTax {
            rate: rate.filter(|rate| agrees(*rate, net, tax)),
            net: Some(net.value),
            tax: Some(tax.value),
        }];
    }
    reading.gross = amount(totals.gross);
    reading.net = amount(totals.net);
    reading.tax = amount(totals.tax);
    reading.rounding = amount(totals.rounding);
    reading.prepaid = amount(totals.prepaid);
    reading.allowance = amount(totals.discount);
}

fn agrees(rate: Decimal, net: &Total, tax: &Total) -> bool {
    net.value.checked_mul(rate).is_some_and(|product| solve::near(product, tax.value))
}

fn amount_claim(total: Total, layout: &Layout) -> Claim<Decimal> {
    let origin = match (&total.found, layout.from_pixels) {
        (None, _) => Origin::Derived,
        (Some(_), true) => Origin::Pixels,
        (Some(_), false) => Origin::TextLayer,
    };
    let mut evidence = Evidence::of(origin, total.confidence, total.rule);
    if let Some(found) = &total.found {
        evidence.page = layout.lines.get(found.line).map(|line| line.page);
        evidence.region = Some(found.region);
    }
    Claim::new(total.value, evidence)
}

fn placed<T>(found: Option<Placed<T>>, pixels: bool) -> Option<Claim<T>> {
    let origin = if pixels { Origin::Pixels } else { Origin::TextLayer };
    found.map(|found| {
        let mut evidence = Evidence::of(origin, found.confidence, found.rule);
        evidence.page = Some(found.page);
        evidence.region = Some(found.region);
        Claim::new(found.value, evidence)
    })
}

/// Returns the currency beside the gross total, else the one named most often anywhere.
fn currency(candidates: &Candidates, totals: &Totals, layout: &Layout) -> Option<(Currency, u8)> {
    let beside = totals.gross.as_ref().and_then(|gross| gross.found.as_ref()?.currency);
    if let Some(currency) = beside {
        return Some((currency, 95));
    }
    let words = layout.lines.iter().flat_map(|line| &line.tokens);
    let mut named: Vec<Currency> =
        candidates.amounts.iter().filter_map(|found| found.currency).collect();
    named.extend(words.filter_map(|token| crate::number::currency_of(&token.text)));
    let most = named.iter().max_by_key(|currency| {
        (named.iter().filter(|other| other == currency).count(), std::cmp::Reverse(currency.code()))
    });
    most.map(|currency| (*currency, 85)).or_else(|| {
        // A bare dollar sign is far more often that of the United States.
        let dollars =
            layout.lines.iter().flat_map(|line| &line.tokens).any(|token| token.text.contains('$'));
        let by_sign = Currency::parse("USD").filter(|_| dollars);
        // A Malaysian company whose amounts carry no sign.
        let malaysian = || {
            let texts = layout.lines.iter().map(|line| domain::names::fold(&line.text()));
            let mut forms = texts;
            Currency::parse("MYR").filter(|_| forms.any(|text| text.contains("sdn bhd")))
        };
        by_sign.or_else(malaysian).map(|currency| (currency, 60))
    })
}

fn is_american(locale: &str, currency: Option<Currency>) -> bool {
    match currency {
        Some(currency) => currency.code() == "USD",
        None => locale.ends_with("US"),
    }
}
