//! Who issued the document, and to whom.

use super::{
    candidates::Candidates,
    fields::Placed,
    lexicon::{Role, lexicon},
    lines::{Layout, Line, height},
};
use domain::{document::Region, names::fold, party::iban_is_valid};

/// Returns the vendor's name: by its label, its legal form, its place at the top and its size.
#[must_use]
pub fn vendor(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let domains = domains(layout);
    let typical = typical_height(layout);
    let mut best: Option<(i32, Placed<String>)> = None;
    let mut in_customer = 0_usize;
    for (at, line) in layout.lines.iter().enumerate() {
        in_customer =
            if candidates.has(at, Role::Customer, 6) { 4 } else { in_customer.saturating_sub(1) };
        for (cell, region) in line.cells() {
            let Some(name) = name_in(&cell) else { continue };
            let mut score = 60 - i32::try_from(at).unwrap_or(100).saturating_mul(5).min(80);
            score += if lexicon().has_legal_form(&name) { 35 } else { 0 };
            score +=
                if height(region).saturating_mul(10) > typical.saturating_mul(14) { 15 } else { 0 };
            let joined = fold(&name).replace(' ', "");
            score += if domains.iter().any(|domain| {
                domain.len() >= 4 && (joined.contains(domain) || domain.contains(&joined))
            }) {
                30
            } else {
                0
            };
            score -= if in_customer > 0 { 40 } else { 0 };
            score -= if name.chars().any(|c| c.is_ascii_digit()) { 25 } else { 0 };
            score -= if is_label(candidates, at, region) { 50 } else { 0 };
            score += if labelled(layout, candidates, at, region) { 55 } else { 0 };
            score -= if name.chars().filter(|c| c.is_alphabetic()).count() < 4 { 20 } else { 0 };
            score -= if name.split(' ').count() > 7 { 25 } else { 0 };
            if score > 0 && best.as_ref().is_none_or(|(most, _)| score > *most) {
                let confidence = u8::try_from(score.clamp(25, 85)).unwrap_or(50);
                best = Some((
                    score,
                    Placed {
                        value: name,
                        page: line.page,
                        region,
                        confidence,
                        rule: "vendor by place and form",
                    },
                ));
            }
        }
    }
    best.map(|(_, placed)| placed)
}

/// Returns the name that a cell begins with: without address, registration number or label.
fn name_in(cell: &str) -> Option<String> {
    let cut = cell.split([',', '|', '·', '•', '(', '–']).next().unwrap_or_default();
    let cut = cut.split(" - ").next().unwrap_or_default().trim();
    let cut = if cut.is_empty() { cell } else { cut };
    let letters = cut.chars().filter(|c| c.is_alphabetic()).count();
    let web = cut.contains('@') || cut.contains("www.") || cut.contains("http");
    let plain = cut.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned();
    let with_suffix = legal_suffix(cell, &plain);
    (letters >= 3 && !web && letters.saturating_mul(2) > cut.len()).then_some(with_suffix)
}

/// Keeps `, Inc.` and the like, which a comma parts from the name.
fn legal_suffix(cell: &str, name: &str) -> String {
    let Some((_, rest)) = cell.split_once(',') else { return name.to_owned() };
    let whole = format!("{name}, {}", rest.trim());
    if rest.trim().len() <= 6 && lexicon().has_legal_form(&whole) { whole } else { name.to_owned() }
}

fn typical_height(layout: &Layout) -> i32 {
    let mut heights: Vec<i32> = layout
        .lines
        .iter()
        .flat_map(|line| &line.tokens)
        .map(|token| height(token.region))
        .collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(1)
}

fn is_label(candidates: &Candidates, at: usize, region: Region) -> bool {
    candidates.labels_at(at).iter().any(|label| {
        label.region.left <= region.left.saturating_add(200)
            && label.region.right >= region.left
            && label.weight >= 4
            && label.role != Role::Service
    })
}

/// Returns whether a label of the vendor stands left of a place or on the line above it.
fn labelled(layout: &Layout, candidates: &Candidates, at: usize, region: Region) -> bool {
    let names = |line: usize| {
        candidates
            .labels_at(line)
            .iter()
            .filter(|label| label.role == Role::Vendor && label.weight >= 5)
    };
    let left = names(at).any(|label| label.region.right <= region.left.saturating_add(200));
    let above = at.checked_sub(1).is_some_and(|above| {
        names(above).any(|label| {
            super::lines::share_column(label.region, region)
                && layout.lines.get(above).is_some_and(|line| line.tokens.len() <= 4)
        })
    });
    left || above
}

/// Returns the names of web and mail domains, without their endings.
fn domains(layout: &Layout) -> Vec<String> {
    let words =
        layout.lines.iter().flat_map(|line| &line.tokens).map(|token| token.text.to_lowercase());
    words
        .filter_map(|word| {
            let host = match word.split_once('@') {
                Some((_, host)) => host.to_owned(),
                None if word.contains("www.") => word.split("www.").nth(1)?.to_owned(),
                None => return None,
            };
            host.split('.').next().map(|name| fold(name).replace(' ', ""))
        })
        .filter(|name| {
            !matches!(
                name.as_str(),
                "gmail" | "hotmail" | "yahoo" | "outlook" | "icloud" | "aws" | "web" | "gmx"
            )
        })
        .collect()
}

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
        let (text, region) = next
            .cells()
            .into_iter()
            .find(|(_, region)| super::lines::share_column(*region, label.region))?;
        Some(placed(name_in(&text)?, next.page, region))
    };
    let inline = name_in(&same_cell)
        .filter(|_| beside.is_none())
        .map(|name| placed(name, line.page, label.region));
    inline.or_else(below)
}
