//! Tax number, account, address and customer.

use super::{
    candidates::Candidates,
    fields::Placed,
    lexicon::Role,
    lines::{Layout, Line, share_column},
    places::is_address,
    vendor::name_in,
};
use domain::{document::Region, party::iban_is_valid};

/// Returns the vendor's tax number: the first with a label that is not in the customer's block.
#[must_use]
pub fn tax_id(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let mut best: Option<(u8, Placed<String>)> = None;
    let mut in_customer = 0_usize;
    for (at, line) in layout.lines.iter().enumerate() {
        in_customer =
            if candidates.has(at, Role::Customer, 6) { 8 } else { in_customer.saturating_sub(1) };
        for label in candidates.labels_at(at).iter().filter(|label| label.role == Role::TaxId) {
            let Some((value, region)) = tax_number_after(line, label.to) else { continue };
            let weight = label.weight.saturating_sub(if in_customer > 0 { 4 } else { 0 });
            if best.as_ref().is_none_or(|(most, _)| weight > *most) {
                best = Some((
                    weight,
                    Placed {
                        value,
                        page: line.page,
                        region,
                        confidence: 80,
                        rule: "tax number label",
                    },
                ));
            }
        }
    }
    best.map(|(_, placed)| placed)
}

fn tax_number_after(line: &Line, from: usize) -> Option<(String, Region)> {
    let mut joined = String::new();
    let mut first = None;
    for token in line.tokens.iter().skip(from).take(5) {
        let plain: String =
            token.text.chars().filter(|c| c.is_alphanumeric() || *c == '/').collect();
        let digits = plain.chars().filter(char::is_ascii_digit).count();
        let short_prefix =
            joined.is_empty() && plain.len() == 2 && plain.chars().all(|c| c.is_ascii_uppercase());
        if digits < 2 && !short_prefix {
            if joined.is_empty() { continue } else { break }
        }
        if token.text.contains('%')
            || (token.text.contains(['.', ',']) && joined.is_empty() && digits < 8)
        {
            return None;
        }
        first = first.or(Some(token.region));
        joined.push_str(&plain);
        if joined.len() >= 9 {
            break;
        }
    }
    // A stamp or the next word may be glued to it; no tax number ends in three letters.
    let bare = joined.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if joined.len().saturating_sub(bare.len()) >= 3 {
        joined.truncate(bare.len());
    }
    let digits = joined.chars().filter(char::is_ascii_digit).count();
    (digits >= 7).then_some(joined).zip(first)
}

/// Returns the first account number whose check digits are right.
#[must_use]
pub fn iban(layout: &Layout) -> Option<Placed<String>> {
    layout.lines.iter().find_map(|line| {
        line.tokens.iter().enumerate().find_map(|(from, token)| {
            let mut joined = String::new();
            for part in line.tokens.iter().skip(from).take(9) {
                joined.extend(part.text.chars().filter(char::is_ascii_alphanumeric));
                if joined.len() >= 15 && iban_is_valid(&joined) {
                    return Some(Placed {
                        value: joined,
                        page: line.page,
                        region: token.region,
                        confidence: 97,
                        rule: "check digits of an IBAN",
                    });
                }
            }
            None
        })
    })
}

/// Returns the customer's name: what follows or stands under its label.
#[must_use]
pub fn customer(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let strongest = layout
        .lines
        .iter()
        .enumerate()
        .flat_map(|(at, line)| {
            candidates
                .labels_at(at)
                .iter()
                .filter(|label| label.role == Role::Customer && label.weight >= 6)
                .map(move |label| (label, at, line))
        })
        .max_by_key(|(label, at, _)| (label.weight, std::cmp::Reverse(*at)));
    let (label, at, line) = strongest?;
    let placed = |value: String, page: u32, region| Placed {
        value,
        page,
        region,
        confidence: 60,
        rule: "customer label",
    };
    let beside = line.cells().into_iter().find(|(_, region)| region.left >= label.region.right);
    let same_cell = line.text_between(label.to, line.tokens.len());
    let below = || {
        let next = layout.lines.get(at.checked_add(1)?)?;
        let (text, region) =
            next.cells().into_iter().find(|(_, region)| share_column(*region, label.region))?;
        Some(placed(name_in(&text)?, next.page, region))
    };
    let inline = name_in(&same_cell)
        .filter(|_| beside.is_none())
        .map(|name| placed(name, line.page, label.region));
    inline.or_else(below)
}

/// Returns the lines of the vendor's address below its name, joined by `, `.
#[must_use]
pub fn address(layout: &Layout, vendor: &Placed<String>) -> Option<Placed<String>> {
    let above = |line: &Line| line.region.bottom <= vendor.region.top;
    let below = layout.lines.iter().filter(|line| line.page == vendor.page && !above(line));
    let mut rows: Vec<(String, Region)> = Vec::new();
    for line in below.take(7) {
        let cells = line.cells().into_iter();
        let mut cells = cells.filter(|(_, region)| share_column(*region, vendor.region));
        let Some((text, region)) = cells.find(|(text, _)| !text.contains(&vendor.value)) else {
            continue;
        };
        match (is_address(&text), rows.is_empty()) {
            (true, _) => rows.push((text, region)),
            (false, false) => break,
            (false, true) => {}
        }
    }
    let region = rows.iter().map(|(_, region)| *region).reduce(super::lines::union)?;
    let texts: Vec<&str> = rows.iter().map(|(text, _)| text.trim_matches([',', ' '])).collect();
    let (value, page) = (texts.join(", "), vendor.page);
    Some(Placed { value, page, region, confidence: 55, rule: "address below the name" })
}
