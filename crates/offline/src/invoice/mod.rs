//! Positioned words in, a reading with evidence per field out.
//!
//! Labels and places propose, the sums decide, and nothing is keyed to one vendor. Deterministic.

mod amounts;
mod beside_date;
mod candidates;
mod certain;
mod day_order;
mod descriptions;
mod disowned;
mod dots;
mod equations;
mod fields;
mod glued;
#[cfg(test)]
mod invented;
mod items;
mod kind;
mod labelled;
pub(crate) mod lexicon;
mod lines;
#[cfg(test)]
mod measured;
mod misread;
mod naming;
mod near;
mod numbers;
mod papers;
mod parted;
mod parties;
mod places;
mod printed;
mod proof;
mod rates;
mod references;
mod role;
mod score;
mod several;
mod solve;
mod spaced;
mod table;
mod tax_number;
mod taxes;
#[cfg(test)]
mod tests;
mod titles;
mod vendor;
mod wrapped;
mod written;

use crate::date::Order;
use candidates::Candidates;
use domain::{
    document::Page,
    money::Currency,
    reading::{Claim, Evidence, Origin, ReadKind, Reading},
};
use fields::Placed;
use lines::{Layout, Line};
pub use near::one_letter_off;
use ports::model::Sheets;
use rust_decimal::Decimal;
use solve::{Total, Totals};

/// Returns whether the text of a page says surely who sent it, so that no picture on it has to be
/// read for that.
#[must_use]
pub fn names_vendor(page: &Page) -> bool {
    let layout = Layout::of(std::slice::from_ref(page));
    let candidates = Candidates::of(&layout, ANY_YEAR);
    vendor::vendor(&layout, &candidates).is_some_and(|vendor| vendor::is_sure(&vendor))
}

/// The year only tells the century of short dates.
const ANY_YEAR: i16 = 2000;

/// Returns what a document says; a document that is no invoice has no other fields. Where a file
/// holds several papers it is what the first one says, with the others beside it.
#[must_use]
pub fn read(sheets: &Sheets) -> Reading {
    let mut papers = papers::read_apart(sheets).unwrap_or_default().into_iter();
    papers.next().map_or_else(
        || read_one(sheets),
        |mut first| {
            first.others = papers.collect();
            first
        },
    )
}

/// Returns what one paper says.
fn read_one(sheets: &Sheets) -> Reading {
    let layout = Layout::of(&sheets.pages);
    let candidates = Candidates::of(&layout, sheets.today.year());
    let items = items::items(&layout, &candidates);
    let casts = score::cast(&layout, &candidates);
    let rates = rates::rates(&layout, &candidates);
    let groups = taxes::rows(&layout, &candidates);
    let mut sums = items::sums(&items);
    // Rows of pixels may be missing.
    sums.priced &= !layout.from_pixels;
    let mut totals = solve::solve(&casts, &candidates.amounts, sums, (&rates, &groups));
    several::settle(&mut totals, &several::lines(&layout, &candidates));
    let number = numbers::number_of(&layout, &candidates, false);
    let (kind, confidence) = kind::kind(&layout, &candidates, &totals, number.is_some());
    let pixels = layout.from_pixels;
    let origin = if pixels { Origin::Pixels } else { Origin::TextLayer };
    let mut reading = Reading::of_kind(kind, Evidence::of(origin, confidence, "kind by its words"));
    reading.language = lexicon::lexicon().language(&layout.words());
    if kind == ReadKind::NotInvoice {
        return reading;
    }
    let currency = currency(&candidates, &totals, &layout);
    let vendor = vendor::vendor(&layout, &candidates);
    let address = vendor.as_ref().and_then(|vendor| parties::address(&layout, vendor));
    let customer = parties::customer(&layout, &candidates)
        .or_else(|| parties::addressee(&layout, &candidates, vendor.as_ref()));
    reading.vendor_address = placed(address, pixels);
    reading.vendor = placed(vendor, pixels);
    reading.vendor_tax_id = {
        let language = reading.language.as_deref();
        placed(parties::tax_id(&layout, &candidates, language), pixels)
    };
    reading.vendor_iban = placed(parties::iban(&layout), pixels);
    reading.customer = placed(customer, pixels);
    let number = match kind {
        ReadKind::CreditNote => numbers::number_of(&layout, &candidates, true),
        _ => number,
    };
    reading.number = placed(number, pixels);
    let order = fill_dates(&mut reading, (&layout, &candidates), sheets, currency.as_ref());
    reading.currency = currency
        .map(|(currency, sure)| Claim::new(currency, Evidence::of(origin, sure, "currency signs")));
    reading.paid = totals.paid || kind == ReadKind::Receipt;
    printed::add_up_tax(&mut totals, &groups);
    reading.taxes = taxes::by_rate(groups, &totals);
    reading.lines = items;
    let value = |total: &Option<Total>| total.as_ref().map(|total| total.value);
    items::settle(&mut reading.lines, value(&totals.gross), value(&totals.net));
    taxes::keep_known_rates(&mut reading.lines, &reading.taxes);
    // Where nothing looks like money, "14 days" is no total either.
    if candidates.amounts.iter().any(|found| found.is_money) {
        fill_totals(&mut reading, totals, &layout);
    }
    certain::prove(&mut reading, &layout, &candidates, order);
    reading
}

/// Fills in issue date and due date, and returns the order of day and month on the paper.
fn fill_dates(
    reading: &mut Reading,
    (layout, candidates): (&Layout, &Candidates),
    sheets: &Sheets,
    currency: Option<&(Currency, u8)>,
) -> Order {
    let whence = whence(reading, layout, sheets, currency.map(|found| found.0));
    let (order, is_sure) = day_order::order(layout, candidates, whence, sheets.today);
    let issued = fields::issue_date(layout, candidates, order, sheets.today)
        .map(|day| if is_sure { day } else { day_order::in_doubt(day, candidates) });
    let issue_day = issued.as_ref().map(|date| date.value);
    // On a receipt, days are those in which goods are taken back.
    let unpaid = reading.kind.value != ReadKind::Receipt;
    let due = fields::due(layout, candidates, order, (issue_day, unpaid));
    reading.issue_date = placed(issued, layout.from_pixels);
    reading.due_date = placed(due, layout.from_pixels);
    order
}

fn fill_totals(reading: &mut Reading, totals: Totals, layout: &Layout) {
    let amount = |total: Option<Total>| total.map(|total| amount_claim(total, layout));
    reading.gross = amount(totals.gross);
    reading.net = amount(totals.net);
    reading.tax = amount(totals.tax);
    reading.rounding = amount(totals.rounding);
    reading.prepaid = amount(totals.prepaid);
    reading.allowance = amount(totals.discount);
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
        let origin = if found.rule == fields::BY_TERM { Origin::Derived } else { origin };
        let mut evidence = Evidence::of(origin, found.confidence, found.rule);
        evidence.page = Some(found.page);
        evidence.region = Some(found.region);
        Claim::new(found.value, evidence)
    })
}

/// Returns the currency beside the gross total, else the one named most often anywhere, else the
/// one of the country that the document seems to come from.
fn currency(candidates: &Candidates, totals: &Totals, layout: &Layout) -> Option<(Currency, u8)> {
    let beside = totals.gross.as_ref().and_then(|gross| gross.found.as_ref()?.currency);
    if let Some(currency) = beside {
        return Some((currency, 95));
    }
    let words = || layout.lines.iter().flat_map(|line| &line.tokens);
    let mut named: Vec<Currency> =
        candidates.amounts.iter().filter_map(|found| found.currency).collect();
    named.extend(words().filter_map(|token| crate::number::currency_of(&token.text)));
    // A column's head bears it in brackets: `Amount(RM)`.
    let bracketed = words().filter_map(|token| {
        let (_, inner) = token.text.split_once(['(', '['])?;
        crate::number::currency_of(inner)
    });
    named.extend(bracketed);
    let texts: Vec<String> = layout.lines.iter().map(Line::text).collect();
    let placed = places::currency_of_place(&texts);
    // A code that stands beside no amount may be a person's initials.
    if candidates.amounts.iter().all(|found| found.currency.is_none())
        && words().any(|token| token.text.contains('$'))
        && placed.is_some_and(|placed| !named.contains(&placed))
    {
        named.clear();
    }
    // `100 Ft Road`: what is named once, beside no cents, says less than the place.
    let mut beside = candidates.amounts.iter().filter(|found| found.currency.is_some());
    let whole = beside.next().is_some_and(|found| found.value.scale() == 0);
    if named.len() == 1 && whole && placed.is_some_and(|placed| !named.contains(&placed)) {
        named.clear();
    }
    let most = named.iter().max_by_key(|currency| {
        (named.iter().filter(|other| other == currency).count(), std::cmp::Reverse(currency.code()))
    });
    most.map(|currency| (*currency, 85)).or_else(|| {
        // A bare dollar sign is far more often that of the United States.
        let language = || lexicon::lexicon().language(&layout.words());
        let by_sign = || {
            // In Spanish it is far more often that of Mexico.
            let code = if language().as_deref() == Some("es") { "MXN" } else { "USD" };
            let signed = words().any(|token| token.text.contains('$'));
            Currency::parse(code)
                .filter(|_| signed)
                .map(|currency| (currency, if code == "USD" { 60 } else { 50 }))
        };
        let spoken = || {
            let language = language()?;
            let euro = ["de", "fr", "es", "it", "pt", "nl"].contains(&language.as_str());
            Currency::parse("EUR").filter(|_| euro)
        };
        let placed = placed.map(|currency| (currency, 85));
        let guessed = placed.or_else(by_sign);
        guessed.or_else(|| spoken().map(|currency| (currency, 50)))
    })
}

/// Returns where a document comes from: dates are likelier month first where it speaks of dollars of
/// the United States in English and bears no European account or tax number. A place, another language or
/// another currency than a dollar tells; so does a locale with a country where the document tells nothing.
fn whence(
    reading: &Reading,
    layout: &Layout,
    sheets: &Sheets,
    currency: Option<Currency>,
) -> day_order::Origin {
    let locale = &sheets.locale;
    let lettered = |id: &Claim<String>| id.value.chars().take(2).all(|c| c.is_ascii_uppercase());
    let european =
        reading.vendor_iban.is_some() || reading.vendor_tax_id.as_ref().is_some_and(lettered);
    let language = reading.language.as_deref();
    let foreign = language.is_some_and(|language| language != "en");
    let in_dollars = currency.is_some_and(|currency| currency.code() == "USD");
    let texts = || layout.lines.iter().map(Line::text).collect::<Vec<_>>();
    let at_home = || places::currency_of_place(&texts()) == currency;
    let american = match currency {
        Some(_) => in_dollars && !european && !foreign,
        None => locale.ends_with("US"),
    };
    let named_country = locale.contains('-');
    let known = european
        || foreign
        || named_country
        || match currency {
            Some(currency) if ["USD", "CAD"].contains(&currency.code()) => at_home(),
            currency => currency.is_some(),
        };
    day_order::Origin { american, known }
}
