//! Several invoices in one file: on pages of their own, or on one picture beside or above one
//! another.
//!
//! One invoice that is taken for two is worse than a second one that goes unnoticed. So a further
//! paper begins only where its number, or its sender, is another one than before, where what
//! identifies the first is not on it, and where each by itself is an invoice with a labelled total.

mod identity;
mod sides;

use super::read_one;
use domain::{
    document::{Page, TextSource},
    reading::{Claim, DOUBTFUL_BELOW, Evidence, Reading},
};
use identity::Identity;
use ports::model::Sheets;

/// Reads each paper of a file by itself, in their order; nothing if it is one paper.
pub fn read_apart(sheets: &Sheets) -> Option<Vec<Reading>> {
    match sheets.pages.as_slice() {
        [] => None,
        [page] if page.source == TextSource::Pixels => {
            sides::of(page).into_iter().find_map(|sides| read_sides(sheets, &sides))
        }
        [_] => None,
        pages => read_pages(sheets, pages),
    }
}

/// Reads pages that begin a new paper somewhere.
fn read_pages(sheets: &Sheets, pages: &[Page]) -> Option<Vec<Reading>> {
    let mut starts = vec![0];
    let mut before = Identity::of(pages.first()?, sheets.today);
    for (at, page) in pages.iter().enumerate().skip(1) {
        let own = Identity::of(page, sheets.today);
        if own.is_another_than(&before) {
            starts.push(at);
            before = own;
        } else {
            before.goes_on_with(own);
        }
    }
    if starts.len() < 2 {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([pages.len()]);
    let groups = starts.iter().copied().zip(ends);
    let read = groups.map(|(from, to)| {
        let own = pages.get(from..to)?.to_vec();
        let reading = read_one(&Sheets { pages: own, ..sheets.clone() });
        let back = u32::try_from(from).ok()?;
        Some(moved(whole(reading)?, |evidence| {
            evidence.page = evidence.page.map(|page| page.saturating_add(back));
        }))
    });
    read.collect()
}

/// Reads the two sides of a picture if each is a paper.
fn read_sides(sheets: &Sheets, sides: &sides::Sides) -> Option<Vec<Reading>> {
    let [first, second] = &sides.parts;
    let one = Identity::of(&first.page, sheets.today);
    let other = Identity::of(&second.page, sheets.today);
    if !other.is_another_picture_than(&one, sides.beside) {
        return None;
    }
    let read = |part: &sides::Part| {
        let pages = vec![part.page.clone()];
        let reading = whole(read_one(&Sheets { pages, ..sheets.clone() }))?;
        Some(moved(reading, |evidence| {
            evidence.region = evidence.region.map(|region| part.put_back(region));
        }))
    };
    let (one, other) = (read(first)?, read(second)?);
    let total = |reading: &Reading| reading.gross.as_ref().map(|gross| gross.value);
    // A slip of the card under a receipt says the same total.
    (sides.beside || total(&one) != total(&other)).then(|| vec![one, other])
}

/// Returns a reading if it is that of a paper by itself: an invoice with a total that its label or
/// its sums tell.
fn whole(reading: Reading) -> Option<Reading> {
    let told = |gross: &Claim<_>| {
        gross.evidence.confidence >= DOUBTFUL_BELOW && gross.evidence.rule != "largest amount"
    };
    let total = reading.gross.as_ref().is_some_and(told);
    (reading.is_invoice() && total).then_some(reading)
}

/// Changes where each value stands.
fn moved(mut reading: Reading, change: impl Fn(&mut Evidence)) -> Reading {
    change(&mut reading.kind.evidence);
    for claim in [
        &mut reading.vendor,
        &mut reading.vendor_tax_id,
        &mut reading.vendor_iban,
        &mut reading.vendor_address,
        &mut reading.customer,
        &mut reading.number,
    ] {
        claim.iter_mut().for_each(|claim| change(&mut claim.evidence));
    }
    for claim in [&mut reading.issue_date, &mut reading.due_date] {
        claim.iter_mut().for_each(|claim| change(&mut claim.evidence));
    }
    for claim in [
        &mut reading.net,
        &mut reading.tax,
        &mut reading.gross,
        &mut reading.prepaid,
        &mut reading.rounding,
        &mut reading.allowance,
    ] {
        claim.iter_mut().for_each(|claim| change(&mut claim.evidence));
    }
    reading
}
