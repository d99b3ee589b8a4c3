//! Two readings of one document put together.
//!
//! The built-in reader shows where on the page it found a value; the model only claims it, and what
//! it claims may be what the document told it to claim. So a model fills gaps, settles doubts and
//! raises them, and nothing else: a firm value of the built-in reader is never replaced, whether an
//! invoice is paid is not asked, and what does not stand on the paper is doubtful at best.

use super::harmless;
pub use super::paper::Paper;
use domain::{
    dates::Date,
    document::{Page, TextSource},
    ids::InvoiceId,
    invoice::Finding,
    money::Currency,
    names::{fold, holds},
    party::iban_is_valid,
    reading::{
        Claim, DOUBTFUL_BELOW, Evidence, Intake, ReadKind, ReadLine, ReadTax, Reading, Standing,
        VERIFIED_FROM,
    },
};
use ports::model::Vision;
use uuid::Uuid;

/// A value that two readers found, one of them doubtfully.
const AGREED: u8 = 85;
/// A value that only the model found, and that stands on the paper.
const SEEN: u8 = 75;
/// A value in doubt: the readers disagree, or it does not stand on the paper.
const IN_DOUBT: u8 = 40;
/// The longest name, number or address that is taken from a model.
const MAX_TEXT: usize = 200;

/// Returns whether the model that is set up is to be asked at all, after the built-in reader said
/// this. `assumed` is the currency of documents that name none.
#[must_use]
pub fn is_wanted(first: Option<&Reading>, vision: Vision, assumed: Currency) -> bool {
    vision == Vision::Always || !first.is_some_and(|first| proves_itself(first, assumed))
}

/// Returns whether pictures may go to the model: where letters are certain, text says it all.
#[must_use]
pub fn may_be_shown(vision: Vision, pages: &[Page]) -> bool {
    let certain = |page: &Page| page.source == TextSource::TextLayer && !page.words.is_empty();
    match vision {
        Vision::Always => true,
        Vision::WhenUnsure => pages.is_empty() || !pages.iter().all(certain),
        Vision::Never => false,
    }
}

/// Returns whether a reading needs no second opinion: it is certainly no invoice, or its total is
/// proven, nothing contradicts it, and the fields that people look at first are there and not in
/// doubt.
fn proves_itself(reading: &Reading, assumed: Currency) -> bool {
    let standing = |evidence: &Evidence| evidence.standing();
    if standing(&reading.kind.evidence) == Standing::Doubtful {
        return false;
    }
    if reading.kind.value == ReadKind::NotInvoice {
        return true;
    }
    let key_fields = [
        reading.vendor.as_ref().map(|claim| standing(&claim.evidence)),
        reading.issue_date.as_ref().map(|claim| standing(&claim.evidence)),
        reading.currency.as_ref().map(|claim| standing(&claim.evidence)),
    ];
    let firm = |found: &Option<Standing>| found.is_some_and(|found| found != Standing::Doubtful);
    let number = reading.number.as_ref().map(|claim| standing(&claim.evidence));
    let total = reading.gross.as_ref().map(|claim| standing(&claim.evidence));
    total == Some(Standing::Verified)
        && number != Some(Standing::Doubtful)
        && key_fields.iter().all(firm)
        && adds_up(reading, assumed)
}

fn adds_up(reading: &Reading, assumed: Currency) -> bool {
    let intake = Intake {
        id: InvoiceId(Uuid::nil()),
        currency: assumed,
        received_on: Date::default(),
        document: None,
    };
    let made = reading.clone().into_invoice(&intake);
    made.is_ok_and(|(_, findings)| !findings.iter().any(Finding::contradicts))
}

/// Whether two texts mean the same.
type Same = dyn Fn(&String, &String) -> bool;

/// Returns what two readers together say. Without a first reading everything is in doubt.
#[must_use]
pub fn merge(first: Option<Reading>, second: Reading, paper: &Paper) -> Reading {
    let second = without_leaks(second);
    let mut merged = match first {
        Some(first) => first,
        None => {
            let mut unknown = second.kind.clone();
            unknown.evidence.confidence = 0;
            Reading::of_kind(unknown.value, unknown.evidence)
        }
    };
    kind(&mut merged, &second, paper);
    if !merged.is_invoice() {
        return Reading {
            language: merged.language,
            ..Reading::of_kind(merged.kind.value, merged.kind.evidence)
        };
    }
    texts(&mut merged, &second, paper);
    dates(&mut merged, &second, paper);
    amounts(&mut merged, &second, paper);
    tables(&mut merged, second, paper);
    merged
}

/// What the document is: the first reader's word, unless it doubts itself.
fn kind(merged: &mut Reading, second: &Reading, paper: &Paper) {
    let evidence = &mut merged.kind.evidence;
    let doubtful = evidence.standing() == Standing::Doubtful;
    let both = (merged.kind.value == second.kind.value, doubtful);
    evidence.confidence = match both {
        (true, false) => evidence.confidence.max(agreed(paper)),
        (true, true) => AGREED,
        (false, _) => evidence.confidence.min(IN_DOUBT),
    };
    if let (false, true) = both {
        merged.kind = Claim::new(second.kind.value, second.kind.evidence.clone());
        merged.kind.evidence.confidence = IN_DOUBT;
    }
}

/// Returns what a value is worth that both readers are plain about.
fn agreed(paper: &Paper) -> u8 {
    if paper.is_seen_twice() { VERIFIED_FROM } else { AGREED }
}

fn texts(merged: &mut Reading, second: &Reading, paper: &Paper) {
    let name: &Same = &|a, b| holds(a, b) || holds(b, a);
    let code: &Same = &|a, b| fold(a).replace(' ', "") == fold(b).replace(' ', "");
    let seen = |text: &String| paper.has_text(text);
    for (ours, theirs, same) in [
        (&mut merged.vendor, &second.vendor, name),
        (&mut merged.customer, &second.customer, name),
        (&mut merged.vendor_address, &second.vendor_address, name),
        (&mut merged.number, &second.number, code),
    ] {
        *ours = settle((ours.take(), theirs.clone()), paper, same, seen);
    }
    // Money follows these two: what is not printed is not taken at all.
    let printed = |claim: &Option<Claim<String>>| claim.clone().filter(|claim| seen(&claim.value));
    let iban = printed(&second.vendor_iban).filter(|claim| iban_is_valid(&claim.value));
    merged.vendor_iban = settle((merged.vendor_iban.take(), iban), paper, code, |_| false);
    let tax_id = printed(&second.vendor_tax_id);
    merged.vendor_tax_id = settle((merged.vendor_tax_id.take(), tax_id), paper, code, |_| false);
    merged.language = merged.language.take().or_else(|| second.language.clone());
    merged.currency =
        settle((merged.currency.take(), second.currency.clone()), paper, &equal, |_| true);
}

fn dates(merged: &mut Reading, second: &Reading, paper: &Paper) {
    for (ours, theirs) in
        [(&mut merged.issue_date, &second.issue_date), (&mut merged.due_date, &second.due_date)]
    {
        let seen = |date: &Date| paper.has_date(*date);
        *ours = settle((ours.take(), theirs.clone()), paper, &equal, seen);
    }
}

fn amounts(merged: &mut Reading, second: &Reading, paper: &Paper) {
    for (ours, theirs) in [
        (&mut merged.net, &second.net),
        (&mut merged.tax, &second.tax),
        (&mut merged.gross, &second.gross),
        (&mut merged.prepaid, &second.prepaid),
        (&mut merged.rounding, &second.rounding),
        (&mut merged.allowance, &second.allowance),
    ] {
        let seen = |amount: &rust_decimal::Decimal| paper.has_amount(*amount);
        *ours = settle((ours.take(), theirs.clone()), paper, &equal, seen);
    }
}

/// Lines and rates have no evidence of their own: only whole tables that stand on the paper are
/// taken, and only where there is none.
fn tables(merged: &mut Reading, second: Reading, paper: &Paper) {
    let line = |line: &ReadLine| line.amount.is_none_or(|amount| paper.has_amount(amount));
    if merged.lines.is_empty() && second.lines.iter().all(line) {
        merged.lines = second.lines;
    }
    let group = |group: &ReadTax| group.tax.is_none_or(|tax| paper.has_amount(tax));
    if merged.taxes.is_empty() && second.taxes.iter().all(group) {
        merged.taxes = second.taxes;
    }
}

fn equal<T: PartialEq>(ours: &T, theirs: &T) -> bool {
    ours == theirs
}

fn settle<T>(
    (first, second): (Option<Claim<T>>, Option<Claim<T>>),
    paper: &Paper,
    same: &dyn Fn(&T, &T) -> bool,
    seen: impl Fn(&T) -> bool,
) -> Option<Claim<T>> {
    let rated = |mut claim: Claim<T>, confidence: u8, rule: &str| {
        claim.evidence.confidence = confidence;
        claim.evidence.rule = rule.to_owned();
        claim
    };
    match (first, second) {
        (Some(mut ours), Some(theirs)) if same(&ours.value, &theirs.value) => {
            let agreed = match ours.evidence.standing() {
                Standing::Doubtful => AGREED,
                _ => ours.evidence.confidence.max(agreed(paper)),
            };
            ours.evidence.confidence = agreed;
            Some(ours)
        }
        (Some(ours), Some(theirs)) => {
            let doubtful = ours.evidence.confidence < DOUBTFUL_BELOW;
            let taken = if doubtful && seen(&theirs.value) { theirs } else { ours };
            Some(rated(taken, IN_DOUBT, "two readers disagree"))
        }
        (None, Some(theirs)) if seen(&theirs.value) => Some(rated(theirs, SEEN, "model, printed")),
        (None, Some(theirs)) => {
            // A gap in letters that are certain is filled with nothing that is not among them.
            let claim = rated(theirs, IN_DOUBT, "model, not printed");
            (!paper.is_certain()).then_some(claim)
        }
        (ours, None) => ours,
    }
}

/// Drops texts that are too long for what they claim to be or repeat our own instructions.
fn without_leaks(mut reading: Reading) -> Reading {
    for text in [
        &mut reading.vendor,
        &mut reading.vendor_tax_id,
        &mut reading.vendor_iban,
        &mut reading.vendor_address,
        &mut reading.customer,
        &mut reading.number,
    ] {
        *text = text.take().filter(|claim| is_harmless(&claim.value));
    }
    reading.lines.retain(|line| is_harmless(&line.description));
    reading.language = reading.language.filter(|code| code.chars().count() <= 3);
    reading
}

fn is_harmless(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !harmless::repeats_instructions(text)
}

#[cfg(test)]
mod tests;
