//! A reference of the sender, which is the document's number where nothing else is.

use super::{
    candidates::{Candidates, Label},
    fields::Placed,
    lexicon::Role,
    lines::{Layout, Line},
    wrapped::below,
    written::id,
};
use domain::document::Region;

/// How far down the first page a reference may stand, in thousandths.
const HEAD: i32 = 500;

/// Returns the only reference in the head of a document; several say nothing.
pub fn by_reference(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let head = layout.lines.iter().enumerate();
    let head = head.filter(|(_, line)| line.page == 1 && layout.depth(line) < HEAD);
    let mut found: Vec<Placed<String>> = head
        .flat_map(|(at, line)| {
            let labels = candidates.labels_at(at);
            // `Reference` also heads the column of what is sold.
            let table = labels.iter().any(|label| {
                matches!(label.role, Role::Description | Role::Price | Role::Quantity)
            });
            let labels = labels.iter().filter(move |label| label.role == Role::Reference && !table);
            labels.filter_map(move |label| value_of(layout, candidates, (at, line), label))
        })
        .collect();
    found.dedup_by(|one, other| one.value == other.value);
    let only = found.pop()?;
    found.is_empty().then_some(only)
}

/// Returns what stands behind a label that begins its cell, or right below it.
fn value_of(
    layout: &Layout,
    candidates: &Candidates,
    (at, line): (usize, &Line),
    label: &Label,
) -> Option<Placed<String>> {
    let begins = line.cell_spans().iter().any(|cell| cell.from == label.from);
    let behind = || -> Option<(String, Region)> {
        let mut next = line.tokens.iter().skip(label.to);
        let first = next.next()?;
        let token = if matches!(first.text.as_str(), "#" | ":") { next.next()? } else { first };
        Some((id(&token.text)?, token.region))
    };
    let free = !candidates.labels_at(at).iter().any(|next| next.from == label.to);
    let beside = behind().filter(|_| free);
    let (value, region) = match line.tokens.get(label.to) {
        Some(next) if line.tokens.get(label.from).is_some_and(|own| own.cell == next.cell) => {
            beside
        }
        _ => beside.or_else(|| below(layout, candidates, (at, label.region))),
    }?;
    // `Facture de situation - Réf. FC-318`
    let titled = candidates
        .labels_at(at)
        .iter()
        .any(|title| title.role == Role::IsInvoice && title.weight >= 7 && title.from == 0);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let (page, rule, confidence) = (line.page, "reference of the sender", 45);
    ((begins || titled) && digits >= 2).then_some(Placed { value, page, region, confidence, rule })
}

/// Returns the number behind the title of a bill that fills its line or is large: `Honorarnote 17`.
pub fn behind_title(layout: &Layout, candidates: &Candidates) -> Option<(i32, Placed<String>)> {
    let head = layout.lines.iter().enumerate();
    let mut head = head.filter(|(_, line)| line.page == 1 && layout.depth(line) < HEAD);
    head.find_map(|(at, line)| {
        let titles = candidates.labels_at(at).iter().filter(|label| {
            let bill = matches!(label.role, Role::IsInvoice | Role::IsReceipt | Role::IsCreditNote);
            bill && label.weight >= 7 && label.from == 0
        });
        titles.filter(|label| label.to.saturating_add(1) == line.tokens.len()).find_map(|label| {
            let token = line.tokens.get(label.to)?;
            let value = id(&token.text)?;
            let year = value.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
            let (page, region, rule) = (line.page, token.region, "number behind the title");
            let digits = value.chars().filter(char::is_ascii_digit).count();
            // `Factura rectificativa R-2026/014`
            let counted = (value.starts_with(|c: char| c.is_ascii_digit()) || digits >= 3) && !year;
            counted.then_some((TITLED, Placed { value, page, region, confidence: 60, rule }))
        })
    })
}

/// What such a number is worth; a label of its own is worth more.
const TITLED: i32 = 40;
