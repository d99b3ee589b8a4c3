//! Who issued the document: labels, legal forms, place and repetition vote for a name.
#![expect(clippy::arithmetic_side_effects, reason = "points of evidence are small numbers")]

use super::{
    candidates::{Candidates, Label},
    fields::Placed,
    lexicon::{Role, lexicon},
    lines::{Cell, Layout, Line, height, share_column, union},
    places::{has_street, is_address, is_mail_host},
};
use domain::{document::Region, names::fold};

/// How far below the head of a customer's block its lines may stand.
const BLOCK: usize = 5;

/// What is known of the whole document while its cells are judged.
struct Scene<'a> {
    layout: &'a Layout,
    candidates: &'a Candidates,
    domains: Vec<String>,
    typical: i32,
    texts: Vec<String>,
}

/// A name that a cell may hold.
struct Contender {
    at: usize,
    region: Region,
    /// The region with the label before it.
    column: Region,
    name: String,
    /// Whether a label such as `Name:` stands before it in its cell.
    named: bool,
    /// Whether a label of the seller stands before it in its cell.
    sold: bool,
    confidence: u8,
}

/// Returns the vendor's name, on one line even where it is printed on two.
#[must_use]
pub fn vendor(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let scene = Scene {
        layout,
        candidates,
        domains: domains(layout),
        typical: typical_height(layout),
        texts: layout.lines.iter().map(|line| fold(&line.text())).collect(),
    };
    let mut best: Option<(i32, Contender)> = None;
    for (at, line) in layout.lines.iter().enumerate() {
        for cell in line.cell_spans() {
            let Some(contender) = contender(&scene, at, line, &cell) else { continue };
            let score = score(&scene, &contender);
            if score > 0 && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, contender));
            }
        }
    }
    let (score, chosen) = best?;
    let letters = chosen.name.chars().filter(|c| c.is_alphabetic()).count();
    // Three letters are a scrap of a logo as often as a name.
    let most = if letters < 4 { 35 } else { 85 };
    let sure = score.clamp(25, most).min(i32::from(chosen.confidence));
    Some(Placed {
        value: whole_name(&scene, &chosen),
        page: layout.lines.get(chosen.at)?.page,
        region: chosen.region,
        confidence: u8::try_from(sure).unwrap_or(50),
        rule: "vendor by place and form",
    })
}

/// Returns the name in a cell, without the labels before and after it.
fn contender(scene: &Scene<'_>, at: usize, line: &Line, cell: &Cell) -> Option<Contender> {
    let labels = scene.candidates.labels_at(at);
    if line.tokens.get(cell.to.saturating_sub(1)).is_some_and(|last| last.text.ends_with(':')) {
        return None;
    }
    let opening = |role: Role| {
        labels.iter().find(|label| {
            let inside = label.from == cell.from && label.to < cell.to && colon(line, label);
            let before = label.to == cell.from && (colon(line, label) || alone(line, label));
            label.role == role && (inside || before)
        })
    };
    if opening(Role::Customer).is_some() {
        return None;
    }
    let (named, sold) = (opening(Role::Name), opening(Role::Vendor));
    let from = named.or(sold).map_or(cell.from, |label| label.to);
    let column = named.map_or(cell.region, |label| union(label.region, cell.region));
    // A title behind the name, as in `Musterholz Rechnung`, is no part of it.
    let titles = [Role::IsInvoice, Role::IsReceipt, Role::IsCreditNote];
    let title = labels.iter().find(|label| {
        titles.contains(&label.role)
            && label.weight >= 7
            && label.from > from
            && label.to == cell.to
    });
    // A title alone is nobody's name.
    let is_title =
        |label: &Label| titles.contains(&label.role) && label.from == from && label.to == cell.to;
    if labels.iter().any(is_title) {
        return None;
    }
    let to = title.map_or(cell.to, |label| label.from);
    let name = name_in(&line.text_between(from, to))?;
    let tokens = line.tokens.iter().take(to).skip(from);
    let confidence = tokens.map(|token| token.confidence).min().unwrap_or(100);
    let (named, sold) = (named.is_some(), sold.is_some());
    Some(Contender { at, region: cell.region, column, name, named, sold, confidence })
}

fn colon(line: &Line, label: &Label) -> bool {
    let last = label.to.checked_sub(1).and_then(|last| line.tokens.get(last));
    last.is_some_and(|token| token.text.ends_with(':'))
}

/// Returns whether a label has a cell of its own.
fn alone(line: &Line, label: &Label) -> bool {
    line.cell_spans().iter().any(|cell| cell.from == label.from && cell.to == label.to)
}

fn score(scene: &Scene<'_>, one: &Contender) -> i32 {
    let top = i32::try_from(one.at).unwrap_or(100).saturating_mul(5).min(80);
    60 - top + by_form(scene, one) + by_party(scene, one) + by_neighbours(scene, one)
}

/// Returns what the letters of a name say for it.
fn by_form(scene: &Scene<'_>, one: &Contender) -> i32 {
    let name = &one.name;
    let when = |holds: bool, points: i32| if holds { points } else { 0 };
    let legal = lexicon().has_legal_form(name);
    let words: Vec<&str> = name.split(' ').collect();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let prose = words.iter().filter(|word| lexicon().is_function_word(&fold(word))).count();
    let large = height(one.region) * 10 > scene.typical * 14 && one.confidence >= 90;
    let unsure = 90 - i32::from(one.confidence.min(90));
    when(legal, 35) + when(large, 15) + when(owns(&scene.domains, name), 30)
        - when(digits > 0, if digits <= 2 && words.len() >= 3 { 8 } else { 25 })
        - when(is_address(name), 45)
        - when(!legal && has_street(&fold(name)), 12)
        - when(!legal && !name.contains(char::is_uppercase), 12)
        - when(letters < 4, 30)
        - when(words.len() > 7, 25)
        - when(announces_number(name), 50)
        - when(prose >= 2 && !legal, 25)
        - when(name.contains(['!', '?', '©', '@', '=']), 30)
        - unsure.min(40)
}

/// Returns whether a text ends as the label of a number does: `Company Reg No.`.
fn announces_number(name: &str) -> bool {
    let folded = fold(name);
    matches!(folded.rsplit(' ').next(), Some("no" | "nr" | "number" | "num" | "id" | "tel" | "fax"))
}

/// Returns whether a web or mail domain of the document bears a name.
fn owns(domains: &[String], name: &str) -> bool {
    let joined = fold(name).replace(' ', "");
    domains.iter().any(|domain| {
        domain.len() >= 4
            && joined.len() >= 4
            && (joined.contains(domain.as_str()) || domain.contains(&joined))
    })
}

/// Returns what the labels of seller and customer say for a name.
fn by_party(scene: &Scene<'_>, one: &Contender) -> i32 {
    if one.sold {
        return 70;
    }
    let other = is_label(scene.candidates, one.at, one.region);
    let block = match block_head(scene, one) {
        Some((Role::Vendor, _)) if one.named => 85,
        Some((Role::Vendor, 0 | 1)) => 55,
        Some((Role::Customer, _)) => -60,
        _ => 0,
    };
    block - if other { 50 } else { 0 }
}

/// Returns the label of a party that a cell stands under or behind, with the lines between.
fn block_head(scene: &Scene<'_>, one: &Contender) -> Option<(Role, usize)> {
    // A block of labelled rows is longer than an address.
    let depth = if one.named { 2 * BLOCK } else { BLOCK };
    (0..=depth.min(one.at)).find_map(|back| {
        let at = one.at.checked_sub(back)?;
        let line = scene.layout.lines.get(at)?;
        let heads = scene.candidates.labels_at(at).iter().filter(|label| heads_block(line, label));
        let mut near = heads.filter(|label| {
            if back == 0 {
                label.region.right <= one.region.left.saturating_add(200)
            } else {
                share_column(label.region, one.column)
            }
        });
        near.next_back().map(|label| (label.role, back))
    })
}

/// Returns whether a label opens the block of a party: a strong one, or one with a colon or a
/// cell of its own.
fn heads_block(line: &Line, label: &Label) -> bool {
    match label.role {
        Role::Vendor => {
            label.weight >= 8 || (label.weight >= 5 && (colon(line, label) || alone(line, label)))
        }
        Role::Customer => label.weight >= 6 || colon(line, label) || alone(line, label),
        _ => false,
    }
}

/// Returns what stands around a name says for it: an address below, the same name elsewhere.
fn by_neighbours(scene: &Scene<'_>, one: &Contender) -> i32 {
    let below = |down: usize| scene.layout.lines.get(one.at + down);
    let under = |line: &Line, holds: &dyn Fn(&str) -> bool| {
        let mut cells = line.cells().into_iter();
        cells.any(|(text, region)| share_column(region, one.region) && holds(&text))
    };
    let address = match (1..=2).find(|down| below(*down).is_some_and(|l| under(l, &is_address))) {
        Some(1) => 15,
        Some(_) => 8,
        None => 0,
    };
    let registered = below(1).is_some_and(|line| {
        under(line, &is_registration) || scene.candidates.has(one.at + 1, Role::TaxId, 8)
    });
    let folded = fold(&one.name);
    let again = folded.len() >= 6
        && scene.texts.iter().enumerate().any(|(at, text)| at != one.at && text.contains(&folded));
    address + (if registered { 12 } else { 0 }) + (if again { 10 } else { 0 })
}

/// Returns whether a text is the number of a company in a register, such as `(123456-X)`.
fn is_registration(text: &str) -> bool {
    let plain = text.trim_matches(['(', ')', ' ']);
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let rest = plain.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ')).count();
    digits >= 5 && rest <= 1 && (text.starts_with('(') || plain.ends_with(char::is_alphabetic))
}

/// Joins a name whose legal form was printed on the next line to its beginning.
fn whole_name(scene: &Scene<'_>, chosen: &Contender) -> String {
    let words = fold(&chosen.name).split(' ').count();
    let form = lexicon().legal_form_words(&chosen.name);
    let rest = words.saturating_sub(form);
    let first = || {
        let above = chosen.at.checked_sub(1)?;
        let line = scene.layout.lines.get(above)?;
        let cells = line.cell_spans();
        let cell = cells.iter().find(|cell| share_column(cell.region, chosen.region))?;
        let found = contender(scene, above, line, cell)?;
        let (one, other) = (height(found.region), height(chosen.region));
        let alike = one * 10 < other * 14 && other * 10 < one * 14;
        let gap = chosen.region.top.saturating_sub(found.region.bottom);
        let plain = by_form(scene, &found) >= 0 && by_party(scene, &found) >= 0;
        let cased = |name: &str| name.contains(char::is_uppercase);
        let fresh = lexicon().legal_form_words(&found.name) == 0
            && cased(&found.name) == cased(&chosen.name);
        (alike && plain && fresh && gap < other * 2).then_some(found.name)
    };
    match (form > 0 && rest <= 1).then(first).flatten() {
        Some(first) if rest == 0 || scene.layout.from_pixels => format!("{first} {}", chosen.name),
        _ => chosen.name.clone(),
    }
}

/// Returns the name that a cell begins with: without address, registration number or label.
#[must_use]
pub fn name_in(cell: &str) -> Option<String> {
    let cut = cell.split([',', '|', '·', '•', '–']).next().unwrap_or_default();
    let cut = before_number_in_brackets(cut);
    let cut = cut.split(" - ").next().unwrap_or_default().trim();
    let cut = if cut.is_empty() { cell } else { cut };
    let letters = cut.chars().filter(|c| c.is_alphabetic()).count();
    let web = cut.contains('@') || cut.contains("www.") || cut.contains("http");
    let plain = trimmed(cut);
    let with_suffix = legal_suffix(cell, &plain);
    (letters >= 3 && !web && letters.saturating_mul(2) > cut.len()).then_some(with_suffix)
}

/// Returns a name without what readers glue to its ends: marks, an unknown label with a colon, a
/// number of a register, and letters of another script.
fn trimmed(name: &str) -> String {
    let foreign = |c: char| u32::from(c) > 0x2E80 && name.chars().any(|c| c.is_ascii_alphabetic());
    let edge = |c: char| foreign(c) || (!c.is_alphanumeric() && !matches!(c, '.' | ')' | '('));
    let plain = name.trim_matches(edge).trim_start_matches(['.', ')']);
    let plain = match plain.split_once(": ") {
        Some((label, rest)) if !label.contains(' ') => rest,
        _ => plain,
    };
    let registered = |word: &str| word.chars().filter(char::is_ascii_digit).count() >= 5;
    let rest = plain.rsplit_once(' ').filter(|(_, last)| registered(last)).map(|(rest, _)| rest);
    rest.unwrap_or(plain).trim_matches(edge).to_owned()
}

/// Cuts a remark in brackets off, but keeps `(North)` in `Hill (North) Ltd`.
fn before_number_in_brackets(text: &str) -> &str {
    let Some((head, tail)) = text.split_once('(') else { return text };
    let kept = tail.split_once(')').is_some_and(|(inner, rest)| {
        !inner.chars().any(|c| c.is_ascii_digit()) && lexicon().has_legal_form(rest)
    });
    if kept || head.trim().is_empty() { text } else { head }
}

/// Keeps `, Inc.` and the like, which a comma parts from the name.
fn legal_suffix(cell: &str, name: &str) -> String {
    let Some((_, rest)) = cell.split_once(',') else { return name.to_owned() };
    let whole = format!("{name}, {}", rest.trim());
    if rest.trim().len() <= 6 && lexicon().has_legal_form(&whole) { whole } else { name.to_owned() }
}

fn typical_height(layout: &Layout) -> i32 {
    let tokens = layout.lines.iter().flat_map(|line| &line.tokens);
    let mut heights: Vec<i32> = tokens.map(|token| height(token.region)).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(1)
}

fn is_label(candidates: &Candidates, at: usize, region: Region) -> bool {
    candidates.labels_at(at).iter().any(|label| {
        label.region.left <= region.left.saturating_add(200)
            && label.region.right >= region.left
            && label.weight >= 4
            && !matches!(label.role, Role::Service | Role::Name)
    })
}

/// Returns the names of web and mail domains, without their endings.
fn domains(layout: &Layout) -> Vec<String> {
    let words =
        layout.lines.iter().flat_map(|line| &line.tokens).map(|token| token.text.to_lowercase());
    let hosts = words.filter_map(|word| match word.split_once('@') {
        Some((_, host)) => Some(host.to_owned()),
        None => word.split_once("www.").map(|(_, host)| host.to_owned()),
    });
    hosts
        .filter_map(|host| host.split('.').next().map(fold))
        .filter(|name| !is_mail_host(name))
        .map(|name| name.replace(' ', ""))
        .collect()
}
