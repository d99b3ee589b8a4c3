//! Invoice, receipt, credit note, or none of these: by what the document calls itself and by what
//! it holds.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    candidates::{Candidates, Label},
    disowned::is_disowned,
    lexicon::{Role, is_number_sign, lexicon},
    lines::{Layout, Line},
    numbers::names_credit,
    solve::Totals,
    titles::{Titled, is_priced, is_row, titled_otherwise},
};
use domain::reading::ReadKind;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// From so many points on a paper calls itself an invoice or receipt, be it beside its number.
const NAMED: i32 = 7;

/// From so many points on print says that it is a receipt.
const SAID: i32 = 7;

/// So many lines are the very top of a page.
const TOP: usize = 3;

/// Returns what the document is, with a confidence of 0 to 100.
#[must_use]
pub fn kind(
    layout: &Layout,
    candidates: &Candidates,
    totals: &Totals,
    numbered: bool,
) -> (ReadKind, u8) {
    if is_disowned(layout, candidates) {
        return (ReadKind::NotInvoice, 85);
    }
    let said = said(layout, candidates);
    let of = |role: Role| said.get(&role).copied().unwrap_or_default();
    let numbered_so = !layout.from_pixels && numbers_invoice(layout, candidates);
    let mut invoice = of(Role::IsInvoice).saturating_add(if numbered_so { 8 } else { 0 });
    if invoice == 0 && is_numbered_as(layout, candidates, Role::IsInvoice) {
        invoice = NAMED;
    }
    let (mut receipt, mut other) = (of(Role::IsReceipt), of(Role::IsOther));
    if receipt == 0 && is_numbered_as(layout, candidates, Role::IsReceipt) {
        receipt = NAMED;
    }
    // A paper that calls itself something else is that, however well its sums agree.
    if is_titled_otherwise(layout, candidates, receipt) {
        other += 40;
    }
    let money = candidates.amounts.iter().filter(|found| found.is_money).count();
    let dated = !candidates.dates.is_empty();
    let mut support = invoice.saturating_add(receipt).saturating_add(of(Role::IsCreditNote));
    support += if totals.labelled { 10 } else { -6 };
    let proven = totals.net.as_ref().is_some_and(|net| net.confidence >= 80);
    support += if proven { 4 } else { 0 };
    support += if totals.paid { 6 } else { 0 };
    let summed = totals.gross.as_ref().is_some_and(|gross| gross.confidence >= 85);
    support += if summed { 4 } else { 0 };
    let taxed = (0..layout.lines.len()).any(|at| candidates.has(at, Role::TaxId, 8));
    support += if taxed { 4 } else { 0 };
    support += if numbered { 3 } else { 0 };
    support += if dated { 2 } else { -2 };
    let without_total = money == 0 || totals.gross.is_none();
    // A paper that names itself, its number and its day lacks no more than the total: it is asked for.
    let name = invoice.max(receipt);
    let named = numbered && dated && name >= NAMED && other.saturating_mul(2) < name;
    if support <= other || !named && (support < 8 || without_total) {
        let margin = other.saturating_sub(support).clamp(0, 30);
        return (ReadKind::NotInvoice, u8::try_from(60 + margin).unwrap_or(60));
    }
    let margin = support.saturating_sub(other).clamp(0, 40);
    let confidence = u8::try_from(55 + margin).unwrap_or(55);
    let negative = totals.gross.as_ref().and_then(|gross| gross.found.as_ref());
    let negative = negative.is_some_and(|found| found.value < Decimal::ZERO);
    let credited = of(Role::IsCreditNote) >= 10.max(invoice / 2)
        || numbers_credit(layout, candidates)
        || is_titled_credit(layout, candidates);
    let kind = if credited || (negative && invoice > receipt) {
        ReadKind::CreditNote
    } else if of(Role::IsDebitNote) >= 10 && invoice < 10 {
        ReadKind::DebitNote
    } else if (receipt > invoice
        && !numbered_so
        && (receipt >= SAID || totals.paid || layout.from_pixels))
        || (receipt == invoice && (totals.paid || layout.from_pixels))
        || (totals.paid && invoice < 20 && layout.from_pixels)
    {
        ReadKind::Receipt
    } else {
        ReadKind::Invoice
    };
    (kind, confidence)
}

/// Returns whether a cell of its own in the head, in capitals, is nothing but the title of a credit note:
/// `AVOIR`, which is a verb elsewhere.
fn is_titled_credit(layout: &Layout, candidates: &Candidates) -> bool {
    let head = layout.lines.iter().enumerate();
    head.filter(|(_, line)| line.page == 1 && layout.depth(line) < 300).any(|(at, line)| {
        let cells = line.cell_spans();
        candidates.labels_at(at).iter().any(|label| {
            let whole = cells.iter().any(|cell| cell.from == label.from && cell.to == label.to);
            let text = line.text_between(label.from, label.to);
            let large = !text.contains(char::is_lowercase);
            label.role == Role::IsCreditNote && label.weight >= 6 && whole && large
        })
    })
}

/// Returns whether the number that a line in the upper half begins with is that of a credit note:
/// `Nota di credito n. 31`.
fn numbers_credit(layout: &Layout, candidates: &Candidates) -> bool {
    layout.lines.iter().enumerate().any(|(at, line)| {
        let upper = line.page == 1 && layout.depth(line) < 450;
        let cells = line.cell_spans();
        let titled = |label: &Label| {
            let begins = cells.iter().any(|cell| cell.from == label.from);
            let strong = label.role == Role::Number && label.weight >= 8 && begins;
            strong && names_credit(candidates, at, line, label)
        };
        upper && candidates.labels_at(at).iter().any(titled)
    })
}

/// Returns whether a line of the first page begins with a word for an invoice and its number:
/// `Facture n°562044 du 2 juillet`.
fn numbers_invoice(layout: &Layout, candidates: &Candidates) -> bool {
    layout.lines.iter().enumerate().filter(|(_, line)| line.page == 1).any(|(at, line)| {
        let labels = candidates.labels_at(at).iter();
        let mut titles = labels.filter(|label| label.role == Role::IsInvoice && label.from == 0);
        titles.any(|label| {
            let next = line.tokens.get(label.to);
            next.is_some_and(|token| token.text.chars().filter(char::is_ascii_digit).count() >= 3)
        })
    })
}

/// Returns whether a line in the upper half is nothing but the title of another paper, in print also
/// one with its number (`Purchase order: 4711`), while no title and no number of an invoice is there.
fn is_titled_otherwise(layout: &Layout, candidates: &Candidates, receipt: i32) -> bool {
    let typical = layout.letter_height();
    let title = |role: Role| {
        layout.lines.iter().enumerate().any(|(at, line)| {
            let upper = line.page == 1 && layout.depth(line) < 450;
            // Beside a picture or a name, a title has a cell of its own and large letters.
            let large = |label: &&Label| {
                let high = super::lines::height(label.region).saturating_mul(10);
                high > typical.saturating_mul(14)
            };
            let cells = line.cell_spans();
            // A sign for a number may end the title: `Quote no.`
            let signs = |from: usize, to: usize| {
                let mut rest = line.tokens.iter().take(to).skip(from);
                rest.all(|token| is_number_sign(&token.folded))
            };
            let own = |label: &&Label| {
                let mut cells = cells.iter().filter(|cell| cell.from == label.from);
                cells.any(|cell| cell.to >= label.to && signs(label.to, cell.to))
            };
            let whole = |label: &&Label| {
                label.to.saturating_sub(label.from) == line.tokens.len()
                    || (own(label) && large(label))
            };
            let numbered = |label: &&Label| {
                let begins = cells.iter().any(|cell| cell.from == label.from);
                let listed =
                    heads_value(line, label) && follows_fields(layout, candidates, at, label);
                !layout.from_pixels && begins && is_numbered(line, label) && !listed
            };
            let of = |weight: u8| {
                let labels = candidates.labels_at(at).iter();
                labels.filter(move |label| label.role == role && label.weight >= weight)
            };
            // `Order # S00017` in large letters.
            let mut orders = candidates.labels_at(at).iter().filter(|label| {
                label.role == Role::OtherNumber && role == Role::IsOther && large(label)
            });
            let titled = of(8).any(|label| whole(&label)) || of(6).any(|label| numbered(&label));
            let quoted = |label: &Label| own(&label) && says(layout, at, label, (Role::IsOther, 8));
            // `Quote No. 12` on a line of its own at the very top, however small.
            let mut first = candidates.labels_at(at).iter().filter(|label| {
                let line_of_its_own = line.tokens.len() <= label.to.saturating_add(2);
                let top = at < TOP && label.from == 0 && line_of_its_own;
                top && label.role == Role::OtherNumber && role == Role::IsOther
            });
            let first =
                first.any(|label| numbered(&label) && says(layout, at, label, (Role::IsOther, 8)));
            let ordered = orders.any(|label| numbered(&label) || quoted(label));
            upper && (titled || first || ordered)
        })
    };
    // What a till prints on top is its name.
    let till = layout.from_pixels && receipt >= SAID;
    let other = titled_otherwise(layout).filter(|_| !till);
    // The bills that a statement or a reminder lists are not the paper.
    let lists = matches!(other, Some(Titled::Instead | Titled::Reminds));
    (title(Role::IsOther) || other.is_some()) && !is_titled_bill(layout, candidates, lists)
}

/// Returns whether a line begins with the title of a bill, or has its number; where bills are listed, one
/// that is no row of them. `Rechnung bitte an obige Adresse.` is no title.
fn is_titled_bill(layout: &Layout, candidates: &Candidates, lists: bool) -> bool {
    let is_sentence = |line: &Line| {
        let ends = line.tokens.last().is_some_and(|token| token.text.ends_with(['.', '!', '?']));
        let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        ends && line.tokens.len() > 3 && !line.tokens.iter().any(|token| digits(&token.text))
    };
    let mut lines = layout.lines.iter().enumerate();
    lines.any(|(at, line)| {
        if is_sentence(line) || lists && is_row(line) {
            return false;
        }
        let number = |label: &&Label| label.role == Role::Number && label.weight >= 8;
        let kind = |label: &&Label| {
            matches!(label.role, Role::IsInvoice | Role::IsCreditNote | Role::IsReceipt)
                && label.weight >= 7
        };
        let labels = candidates.labels_at(at);
        let cells = line.cell_spans();
        let begins = |label: &Label| cells.iter().any(|cell| cell.from == label.from);
        let own = labels.iter().filter(kind).any(begins);
        own || labels.iter().filter(number).any(|label| {
            !labels.iter().any(|other| other.from == label.from && other.role == Role::OtherNumber)
        })
    })
}

/// Returns whether a colon ends a label or stands behind it.
fn is_field(line: &Line, label: &Label) -> bool {
    let last = label.to.checked_sub(1).and_then(|last| line.tokens.get(last));
    let next = line.tokens.get(label.to);
    last.is_some_and(|token| token.text.ends_with(':'))
        || next.is_some_and(|token| token.text.starts_with(':'))
}

/// Returns whether a field stands below others of a list, the second of which dates the paper:
/// `Number: 12`, `Date: 3 May`, `Work order: 88`.
fn follows_fields(layout: &Layout, candidates: &Candidates, at: usize, label: &Label) -> bool {
    let field = |back: usize, wanted: fn(Role) -> bool| {
        let Some(above) = at.checked_sub(back) else { return false };
        let Some(line) = layout.lines.get(above) else { return false };
        let mut labels = candidates.labels_at(above).iter();
        labels.any(|other| {
            let column = other.region.left.saturating_sub(label.region.left).abs()
                < super::lines::height(label.region).saturating_mul(2);
            column && wanted(other.role) && heads_value(line, other)
        })
    };
    let dated = |role: Role| matches!(role, Role::Date | Role::DueDate);
    field(1, |role| matches!(role, Role::Date | Role::DueDate | Role::Number))
        && (1..=4).any(|back| field(back, dated))
}

/// Returns whether a label is one of a field: with a colon, or all of its cell before another one.
fn heads_value(line: &Line, label: &Label) -> bool {
    let cells = line.cell_spans();
    let own = cells.iter().position(|cell| cell.from == label.from && cell.to == label.to);
    is_field(line, label) || own.is_some_and(|at| at.saturating_add(1) < cells.len())
}

/// Returns whether the label of the document's number says what it numbers: `receipt number`.
fn is_numbered_as(layout: &Layout, candidates: &Candidates, role: Role) -> bool {
    (0..layout.lines.len()).any(|at| {
        let labels = candidates.labels_at(at).iter();
        let mut numbers = labels.filter(|label| label.role == Role::Number && label.weight >= 8);
        numbers.any(|label| says(layout, at, label, (role, 5)))
    })
}

/// Returns whether a single word of a label has a role of at least a weight.
fn says(layout: &Layout, at: usize, label: &Label, (role, least): (Role, u8)) -> bool {
    let text = layout.lines.get(at).map(|line| line.text_between(label.from, label.to));
    let words = domain::names::fold(&text.unwrap_or_default());
    let names = |word: &str| {
        let mut roles = lexicon().roles(word).iter();
        let known = roles.any(|(known, weight)| *known == role && *weight >= least);
        // `factuurnr`, `rechnungsnummer`, `bill number`
        known || (role == Role::IsInvoice && is_bill(word))
    };
    words.split(' ').any(names)
}

/// Returns whether a folded word is one for a bill, or begins with it.
fn is_bill(word: &str) -> bool {
    const BILLS: [&str; 4] = ["rechnung", "factuur", "faktuur", "faktura"];
    word == "bill" || BILLS.iter().any(|bill| word.starts_with(bill))
}

/// Returns whether a number follows a label, be it behind a sign: `Purchase order: 4711`, `Order # 12`.
fn is_numbered(line: &Line, label: &Label) -> bool {
    let sign = |text: &str| text == "#" || is_number_sign(&domain::names::fold(text));
    // `Estimate KV 2031-44`: a series may stand before it.
    let series = |text: &str| text.len() <= 4 && text.chars().all(|c| c.is_ascii_uppercase());
    let skipped = |text: &str| sign(text) || series(text);
    let mut next = line.tokens.iter().skip(label.to).skip_while(|token| skipped(&token.text));
    next.next().is_some_and(|token| {
        let least = if token.text.starts_with('#') { 1 } else { 2 };
        token.text.chars().filter(char::is_ascii_digit).count() >= least
    })
}

/// Adds up what the labels say about the kind; each phrase counts once, at its strongest: in the
/// upper third double, and again where nothing else stands in its line.
fn said(layout: &Layout, candidates: &Candidates) -> BTreeMap<Role, i32> {
    let mut phrases: BTreeMap<(Role, String), i32> = BTreeMap::new();
    let titled = layout.lines.iter().enumerate().any(|(at, line)| {
        let bill = |label: &Label| {
            matches!(label.role, Role::IsInvoice | Role::IsReceipt | Role::IsCreditNote)
                && label.weight >= 7
                && label.from == 0
        };
        line.page == 1 && candidates.labels_at(at).iter().any(bill)
    });
    for (at, line) in layout.lines.iter().enumerate() {
        for label in candidates.labels_at(at) {
            let kinds = [
                Role::IsInvoice,
                Role::IsReceipt,
                Role::IsCreditNote,
                Role::IsDebitNote,
                Role::IsOther,
            ];
            if !kinds.contains(&label.role) {
                continue;
            }
            // `Purchase order:` heads a field of an invoice.
            let field = !layout.from_pixels && is_field(line, label);
            // What lies behind the first page of a bill is enclosed.
            let enclosed = titled && line.page > 1;
            // `Processado por programa certificado`: a word within a sentence titles nothing.
            let begins = line.cell_spans().iter().any(|cell| cell.from == label.from);
            let within = !layout.from_pixels && !begins && label.to == label.from.saturating_add(1);
            // `1 Menu midi 24,50` was eaten.
            let sold = label.role == Role::IsOther && is_priced(line);
            if label.role == Role::IsOther && (field || enclosed || within || sold) {
                continue;
            }
            let mut weight = i32::from(label.weight);
            if layout.depth(line) < 350 && line.page == 1 {
                weight = weight.saturating_mul(3).checked_div(2).unwrap_or(weight);
            }
            if label.to.saturating_sub(label.from) == line.tokens.len() {
                weight = weight.saturating_mul(3).checked_div(2).unwrap_or(weight);
            }
            let text = domain::names::fold(&line.text_between(label.from, label.to));
            let known = phrases.entry((label.role, text)).or_default();
            *known = weight.max(*known);
        }
    }
    let mut sums = BTreeMap::new();
    for ((role, _), weight) in phrases {
        let sum: &mut i32 = sums.entry(role).or_default();
        *sum = sum.saturating_add(weight);
    }
    sums
}
