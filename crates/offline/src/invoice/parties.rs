//! Tax number, account, address and customer.

use super::{
    candidates::{Candidates, Label},
    fields::Placed,
    lexicon::Role,
    lines::{Layout, Line, share_column},
    misread::whole_number,
    places::{is_address, is_house},
    tax_number::{checks, mended, prefix_of},
    vendor::{is_contact, name_in},
};
use domain::{
    document::Region,
    names::fold,
    party::{iban_has_known_country, iban_is_valid},
};

/// Returns the vendor's tax number: the one with the best label that is not in the customer's
/// block; check digits prove it where it is the only one.
#[must_use]
pub fn tax_id(
    layout: &Layout,
    candidates: &Candidates,
    language: Option<&str>,
) -> Option<Placed<String>> {
    let mut found: Vec<(u8, Placed<String>)> = Vec::new();
    for (at, line) in layout.lines.iter().enumerate() {
        for label in candidates.labels_at(at).iter().filter(|label| label.role == Role::TaxId) {
            let beside = tax_number_after(line, label.to).map(|(value, region)| (value, region, 1));
            let below = || tax_number_below(layout, at, label).map(|(v, r)| (v, r, 0));
            let Some((value, region, near)) = beside.or_else(below) else { continue };
            if candidates.dates.iter().any(|date| date.region == region) {
                continue;
            }
            let customers = belongs_to_customer(layout, candidates, at, label.region);
            let weight = label.weight.saturating_add(near);
            let weight = weight.saturating_sub(if customers { 5 } else { 0 });
            let (page, rule) = (line.page, "tax number label");
            found.push((weight, Placed { value, page, region, confidence: 85, rule }));
        }
    }
    let mut values: Vec<String> = found.iter().map(|(_, placed)| placed.value.clone()).collect();
    values.sort_unstable();
    values.dedup();
    let Some(best) = found.iter().map(|(weight, _)| *weight).max() else {
        return unlabelled_tax_id(layout, candidates);
    };
    let (weight, mut placed) = found.into_iter().find(|(weight, _)| *weight == best)?;
    let prefix = prefix_of(language.unwrap_or_default());
    if layout.from_pixels {
        let prefixed = format!("{prefix}{}", placed.value);
        let known = mended(&placed.value);
        let bare = || mended(&prefixed).and_then(|n| n.get(2..).map(str::to_owned));
        let plain = || whole_number(&placed.value);
        placed.value = known.or_else(bare).or_else(plain).unwrap_or(placed.value);
    }
    let checked = checks(&placed.value).or_else(|| checks(&format!("{prefix}{}", placed.value)));
    match checked {
        Some(true) if values.len() == 1 && weight >= 8 => {
            (placed.confidence, placed.rule) = (99, "check digits of a tax number");
        }
        Some(true) => placed.confidence = 90,
        Some(false) => placed.confidence = 70,
        None => {}
    }
    Some(placed)
}

/// Returns the only number whose country and check digits tell what it is: `ATU12345675`.
fn unlabelled_tax_id(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let own = layout.lines.iter().enumerate().flat_map(|(at, line)| {
        line.tokens.iter().filter_map(move |token| {
            let value: String = token.text.chars().filter(|c| c.is_alphanumeric()).collect();
            let prefixed = value.chars().take(2).all(|c| c.is_ascii_uppercase());
            let known = prefixed && checks(&value) == Some(true);
            let ours = known && !belongs_to_customer(layout, candidates, at, token.region);
            let (page, region, rule) = (line.page, token.region, "check digits of a tax number");
            ours.then_some(Placed { value, page, region, confidence: 85, rule })
        })
    });
    let mut own: Vec<Placed<String>> = own.collect();
    own.dedup_by(|one, other| one.value == other.value);
    own.pop().filter(|_| own.is_empty())
}

/// Returns whether a label stands in the customer's block: below its head in its column.
fn belongs_to_customer(
    layout: &Layout,
    candidates: &Candidates,
    at: usize,
    region: Region,
) -> bool {
    (0..=8).filter_map(|back| at.checked_sub(back)).any(|above| {
        let same_page = layout.lines.get(above).map(|line| line.page)
            == layout.lines.get(at).map(|line| line.page);
        let heads = candidates.labels_at(above).iter().filter(|label| {
            label.role == Role::Customer && label.weight >= 6 && share_column(label.region, region)
        });
        same_page && heads.count() > 0
    })
}

/// Returns the tax number that stands in the column below its label.
fn tax_number_below(layout: &Layout, at: usize, label: &Label) -> Option<(String, Region)> {
    let line = layout.lines.get(at.checked_add(1)?)?;
    let gap = line.region.top.saturating_sub(label.region.bottom);
    let near = gap < super::lines::height(label.region).saturating_mul(2);
    let cells = line.cell_spans();
    let cell = cells.iter().find(|cell| near && share_column(cell.region, label.region))?;
    tax_number_after(line, cell.from)
}

fn tax_number_after(line: &Line, from: usize) -> Option<(String, Region)> {
    let mut joined = String::new();
    let mut first = None;
    let mut grouped = true;
    for token in line.tokens.iter().skip(from).take(6) {
        let plain: String =
            token.text.chars().filter(|c| c.is_alphanumeric() || *c == '/').collect();
        let digits = plain.chars().filter(char::is_ascii_digit).count();
        let short_prefix =
            joined.is_empty() && plain.len() == 2 && plain.chars().all(|c| c.is_ascii_uppercase());
        if digits < 2 && !short_prefix {
            if joined.is_empty() { continue } else { break }
        }
        if token.text.contains(['%', '°', 'º'])
            || (token.text.contains(['.', ',']) && joined.is_empty() && digits < 8)
        {
            return None;
        }
        // In groups of three a number goes on beyond the length of most: `FR 32 123 456 789`.
        if joined.len() >= 9 {
            let group = grouped && plain.len() <= 3 && joined.len() < 13;
            if !group || checks(&joined) == Some(true) {
                break;
            }
        }
        grouped &= plain.len() <= 4;
        first = first.or(Some(token.region));
        joined.push_str(&plain);
        if joined.len() >= 9 && !grouped {
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

/// Returns the first account number whose check digits are right; where there are others it is less
/// sure whose it is.
#[must_use]
pub fn iban(layout: &Layout) -> Option<Placed<String>> {
    let mut found: Vec<Placed<String>> = Vec::new();
    for line in &layout.lines {
        for from in 0..line.tokens.len() {
            let known =
                |placed: &Placed<String>| found.iter().any(|other| other.value == placed.value);
            let placed = iban_at(line, from).filter(|placed| !known(placed));
            found.extend(placed);
        }
    }
    let several = found.len() > 1;
    let first = found.into_iter().next()?;
    let confidence = if several { 90 } else { 99 };
    Some(Placed { confidence, ..first })
}

fn iban_at(line: &Line, from: usize) -> Option<Placed<String>> {
    let token = line.tokens.get(from)?;
    let mut joined = String::new();
    for part in line.tokens.iter().skip(from).take(9) {
        joined.extend(part.text.chars().filter(char::is_ascii_alphanumeric));
        let value = joined.trim_start_matches("IBAN");
        // One in a hundred rows of letters and digits has right check digits by chance.
        let certain = iban_has_known_country(value) || value.len() < joined.len();
        if value.len() >= 15 && certain && iban_is_valid(value) {
            return Some(Placed {
                value: value.to_owned(),
                page: line.page,
                region: token.region,
                confidence: 99,
                rule: "check digits of an IBAN",
            });
        }
    }
    None
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
    let cells = line.cell_spans();
    let own = cells.iter().find(|cell| (cell.from..cell.to).contains(&label.from));
    let same_cell = own.map(|cell| line.text_between(label.to, cell.to)).unwrap_or_default();
    let inline = name_in(&same_cell).map(|name| placed(name, line.page, label.region));
    let next = cells.iter().find(|cell| cell.from >= label.to);
    let beside = || {
        let cell = next.filter(|cell| {
            let free = |other: &&Label| other.from == cell.from && other.role != Role::Name;
            !candidates.labels_at(at).iter().any(|other| free(&other))
        })?;
        let colon = line.tokens.get(label.to.checked_sub(1)?)?.text.ends_with(':');
        let name = name_in(&line.text_between(cell.from, cell.to)).filter(|_| colon)?;
        Some(placed(name, line.page, cell.region))
    };
    let below = || {
        let next = layout.lines.get(at.checked_add(1)?)?;
        let (text, region) =
            next.cells().into_iter().find(|(_, region)| share_column(*region, label.region))?;
        Some(placed(name_in(&text)?, next.page, region))
    };
    inline.or_else(below).or_else(beside)
}

/// Returns the name above an address that is not the vendor's: the window of a letter.
#[must_use]
pub fn addressee(
    layout: &Layout,
    candidates: &Candidates,
    vendor: Option<&Placed<String>>,
) -> Option<Placed<String>> {
    let vendor_name = vendor.map(|vendor| fold(&vendor.value)).unwrap_or_default();
    layout.lines.iter().enumerate().find_map(|(at, line)| {
        let upper = line.page == 1 && layout.depth(line) < 450;
        let mut cells = line.cell_spans().into_iter().filter(|_| upper);
        cells.find_map(|cell| {
            let named = candidates.labels_at(at).iter().find(|label| {
                label.role == Role::Name && label.from == cell.from && label.to < cell.to
            });
            let text = line.text_between(named.map_or(cell.from, |label| label.to), cell.to);
            let name = name_in(&text).filter(|name| !is_address(name))?;
            let folded = fold(&name);
            let own = vendor.is_some_and(|vendor| vendor.region == cell.region)
                || vendor_name.contains(&folded)
                || folded.contains(&vendor_name) && !vendor_name.is_empty();
            let labels = candidates.labels_at(at).iter();
            let mut labels = labels.filter(|label| label.from == cell.from);
            let labelled = named.is_none() && labels.next().is_some();
            let below = |down: usize| {
                let line = layout.lines.get(at.checked_add(down)?)?;
                let mut under = line.cells().into_iter();
                under.find(|(_, region)| share_column(*region, cell.region)).map(|(text, _)| text)
            };
            let housed =
                |text: &String| is_house(text) && below(2).is_some_and(|text| is_address(&text));
            let first = below(1).filter(|text| is_address(text) || housed(text))?;
            let whole = first.contains(',') || below(2).is_some_and(|text| is_address(&text));
            let sender = below(3).is_some_and(|text| is_contact(&text))
                || below(2).is_some_and(|text| is_contact(&text));
            let free = whole && !own && !labelled && !sender && text == name;
            free.then_some(Placed {
                value: name,
                page: line.page,
                region: cell.region,
                confidence: 55,
                rule: "name above an address",
            })
        })
    })
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
