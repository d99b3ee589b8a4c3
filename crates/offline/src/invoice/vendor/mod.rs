//! Who issued the document: every name on it is judged by its signs, and the best one wins.

mod blocks;
mod contender;
#[cfg(test)]
mod learn;
mod mend;
mod name;
mod pictured;
mod signs;
mod weights;
mod words;

use super::{
    candidates::Candidates,
    fields::Placed,
    lexicon::{Role, lexicon},
    lines::{Layout, Line, Token, height, share_column, union},
    places::is_mail_host,
};
use contender::{Contender, contenders, is_street};
use domain::{names::fold, reading::DOUBTFUL_BELOW};
pub use name::name_in;
use signs::{Scene, Sign};
use weights::WEIGHTS;
pub use words::is_contact;

/// From this confidence on a vendor in text is right, as measured in 98 of 100; below it in 40.
const SURE: u8 = 65;

/// Returns whether a vendor is one that nothing else needs to be looked at for.
#[must_use]
pub fn is_sure(vendor: &Placed<String>) -> bool {
    vendor.confidence >= SURE
}

/// Returns the vendor's name, on one line even where it is printed on two.
#[must_use]
pub fn vendor(layout: &Layout, candidates: &Candidates) -> Option<Placed<String>> {
    let found = contenders(layout, candidates);
    let scene = scene(layout, candidates, &found);
    let mut scored: Vec<(i32, &Contender)> =
        found.iter().map(|one| (judged(&scene.signs(one)), one)).collect();
    scored.sort_by_key(|(score, one)| (std::cmp::Reverse(*score), one.at));
    if !layout.from_pixels && pictured::names_company(&scene, &scored) {
        scored.retain(|(_, one)| !pictured::is_pictured(one));
    }
    let best = best(&scene, &scored);
    // A company in the text is hardly the customer alone.
    let company = |best: &Placed<String>| lexicon().has_legal_form(&best.value);
    if layout.from_pixels || best.as_ref().is_some_and(|best| is_sure(best) || company(best)) {
        return best;
    }
    pictured::best(&scene, &scored).or(best)
}

/// Returns the best of some names, with how sure the choice is.
fn best(scene: &Scene<'_>, scored: &[(i32, &Contender)]) -> Option<Placed<String>> {
    let layout = scene.layout;
    let Some(first) = scored.first().copied() else {
        return by_domain(layout).filter(|_| !layout.from_pixels);
    };
    let imprint = || scored.iter().copied().find(|(_, one)| is_imprint(scene, one));
    let bare = !layout.from_pixels && !is_backed(&scene.signs(first.1));
    let (best, chosen) = imprint().filter(|_| bare).unwrap_or(first);
    let signs = scene.signs(chosen);
    // Nobody is better than the customer.
    let listed = signs.contains(&Sign::UnderCustomer) && chosen.named;
    let buys = listed || signs.contains(&Sign::Addressed) || scene.is_customer(chosen);
    let street = is_street(layout, chosen);
    let nobody = best < DOUBTFUL || street || is_addressee(&signs);
    if !layout.from_pixels && (buys || nobody) {
        let other = by_domain(layout);
        if other.is_some() || buys || street {
            return other;
        }
    }
    // The same name elsewhere is no rival.
    let same = |other: &Contender| {
        let (one, other) = (fold(&chosen.name), fold(&other.name));
        one.contains(&other) || other.contains(&one)
    };
    let rival = scored.iter().find(|(_, other)| !same(other)).map_or(-2000, |(score, _)| *score);
    let seen = layout.from_pixels || pictured::is_pictured(chosen);
    let proven = is_proven(&signs) && (!seen || chosen.confidence >= 95);
    let (confidence, rule) = match confidence(best, best.saturating_sub(rival), chosen) {
        95 if proven => (99, "vendor by its signs, named twice"),
        // One name of pixels in ten has a letter that is not the printed one.
        other if seen => (other.min(90), "vendor by its signs"),
        other => (asked(other), "vendor by its signs"),
    };
    let whole = if layout.from_pixels { chosen } else { pictured::whole(scene, scored, chosen) };
    let whole = as_in_the_domain(scene, whole);
    (best > FLOOR).then(|| scene.placed(&whole, seen, (confidence, rule)))
}

/// Returns a name with what stands below its first line where both are spelt as the domain of the document:
/// `Tech`, `Supplies` of `info@techsupplies.example`.
fn as_in_the_domain(scene: &Scene<'_>, one: &Contender) -> Contender {
    let plain = |name: &str| fold(name).replace(' ', "");
    let begun = plain(&one.name);
    let lines = scene.layout.lines.iter().skip(one.at.saturating_add(1)).take(2);
    let cells = lines.flat_map(Line::cells);
    let whole = cells.into_iter().find(|(text, region)| {
        let near =
            region.top.saturating_sub(one.region.bottom) < height(one.region).saturating_mul(2);
        let whole = format!("{begun}{}", plain(text));
        near && share_column(*region, one.region) && scene.domains.contains(&whole)
    });
    whole.map_or_else(
        || one.clone(),
        |(text, region)| Contender {
            region: union(one.region, region),
            name: format!("{} {text}", one.name),
            ..one.clone()
        },
    )
}

/// Returns whether more than its place and letters speaks for a name.
fn is_backed(signs: &[Sign]) -> bool {
    use Sign::{
        Again, ContactBelow, Imprint, LegalForm, NamedSeller, OwnsDomain, RegisteredBelow, Sold,
        UnderSeller,
    };
    let sender = [
        Again,
        ContactBelow,
        Imprint,
        LegalForm,
        NamedSeller,
        OwnsDomain,
        RegisteredBelow,
        Sold,
        UnderSeller,
    ];
    signs.iter().any(|sign| sender.contains(sign))
}

/// Returns whether a name begins the line of a sender in the foot, with a tax number or an account
/// below.
fn is_imprint(scene: &Scene<'_>, one: &Contender) -> bool {
    let signs = scene.signs(one);
    let placed = [Sign::InFoot, Sign::AddressBehind].iter().all(|sign| signs.contains(sign));
    let mut below = (1..=3).filter_map(|down| one.at.checked_add(down));
    let registered = below.any(|at| {
        scene.candidates.has(at, Role::TaxId, 5)
            || scene.texts.get(at).is_some_and(|text| text.starts_with("iban "))
    });
    placed && registered && !signs.contains(&Sign::UnderCustomer)
}

/// Returns whether nothing but an address speaks for a name: such is the window of a letter whose
/// sender is a picture.
fn is_addressee(signs: &[Sign]) -> bool {
    use Sign::{AddressBelow, AddressNear, First, FirstName, InFoot, Large, Trade};
    let placed = [First, FirstName, InFoot, Large, Trade];
    signs.iter().any(|sign| matches!(sign, AddressBelow | AddressNear))
        && !is_backed(signs)
        && !signs.iter().any(|sign| placed.contains(sign))
}

/// Below this a name is less likely than that of the only web or mail domain.
const DOUBTFUL: i32 = -1500;

/// Returns the name in the only web or mail domain of a document, in words.
fn by_domain(layout: &Layout) -> Option<Placed<String>> {
    let all = domains(layout);
    let (name, token, page) = layout.lines.iter().find_map(|line| {
        let hosted = |token: &&Token| token.text.contains('@') || token.text.contains("www.");
        let token = line.tokens.iter().find(hosted)?;
        let host = host_of(&token.text)?;
        Some((host, token, line.page))
    })?;
    let only = !all.is_empty() && all.iter().all(|other| *other == fold(&name).replace(' ', ""));
    let word = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let words: Vec<String> = name.split(['-', '_']).filter_map(word).collect();
    let value = words.join(" ");
    let (region, rule) = (token.region, "vendor by its domain");
    (only && value.len() >= 4).then_some(Placed { value, page, region, confidence: 40, rule })
}

/// Returns the name of the domain in a mail or web address, without its ending.
fn host_of(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let host = match text.split_once('@') {
        Some((_, host)) => host,
        None => text.split_once("www.")?.1,
    };
    host.split('.').next().map(str::to_owned)
}

/// What a name must have to be taken for the vendor at all, in thousandths of a natural logarithm.
const FLOOR: i32 = -2500;

/// Returns whether something says the same name again, and something else that it is the vendor's.
fn is_proven(signs: &[Sign]) -> bool {
    let any = |wanted: &[Sign]| wanted.iter().any(|sign| signs.contains(sign));
    let again = any(&[Sign::Again, Sign::OwnsDomain]);
    let seller = any(&[Sign::Sold, Sign::UnderSeller, Sign::NamedSeller, Sign::RegisteredBelow]);
    let company = any(&[Sign::LegalForm, Sign::OwnsDomain]);
    again && seller && company && !any(&[Sign::OtherSells, Sign::UnderSender])
}

/// Returns how sure a choice is by its lead over the next name, as measured.
fn confidence(score: i32, lead: i32, chosen: &Contender) -> u8 {
    let by_lead: u8 = match lead {
        3500.. => 95,
        2200.. => 90,
        1200.. => 80,
        500.. => 65,
        _ => 45,
    };
    let weak = if score < 0 { 60 } else { 100 };
    let reader = if chosen.confidence < 70 { 50 } else { chosen.confidence };
    by_lead.min(weak).min(reader)
}

/// Returns how sure a name in exact letters is, so that one that is not is asked about: a logo whose
/// letters nobody could read may bear another.
const fn asked(confidence: u8) -> u8 {
    if confidence < SURE && confidence >= DOUBTFUL_BELOW { DOUBTFUL_BELOW - 1 } else { confidence }
}

/// What a form adds to the name in the block of the seller, where it labels both.
const IN_FORM: i32 = 2500;

/// What a company right under the label of the seller is worth more.
const UNDER_LABEL: i32 = 1000;

/// Returns the points of a name; a form that labels the seller and its name leaves little doubt.
fn judged(signs: &[Sign]) -> i32 {
    let form = if signs.contains(&Sign::NamedSeller) { IN_FORM } else { 0 };
    let under = signs.contains(&Sign::UnderSeller) && signs.contains(&Sign::LegalForm);
    let company = if under { UNDER_LABEL } else { 0 };
    points(signs).saturating_add(form).saturating_add(company)
}

/// Returns the sum of the weights of some signs, in thousandths of a natural logarithm.
fn points(signs: &[Sign]) -> i32 {
    let weight = |sign: &Sign| WEIGHTS.iter().find(|(known, _)| known == sign).map_or(0, |w| w.1);
    signs.iter().map(weight).fold(0, i32::saturating_add)
}

fn scene<'a>(layout: &'a Layout, candidates: &'a Candidates, found: &[Contender]) -> Scene<'a> {
    let sure = || found.iter().filter(|one| one.confidence >= 90 && one.name.len() >= 4);
    let mut scene = Scene {
        layout,
        candidates,
        domains: domains(layout),
        typical: layout.letter_height(),
        largest: sure().map(|one| height(one.region)).max().unwrap_or(i32::MAX),
        first: sure().map(|one| one.at).min().unwrap_or_default(),
        texts: layout.lines.iter().map(|line| fold(&line.text())).collect(),
        is_sold: false,
        customers: Vec::new(),
    };
    scene.is_sold = found.iter().any(|one| scene.is_seller(one));
    if !layout.from_pixels {
        let buyers = found.iter().filter(|one| scene.buys(one) && !scene.is_seller(one));
        // The end of a name in two lines, `DE C.V.`, is none.
        let whole = |name: &String| name.len() >= 6 && name.split(' ').any(|word| word.len() >= 3);
        let names = buyers.map(|one| fold(&one.name)).filter(whole);
        scene.customers = names.collect();
    }
    scene
}

/// Returns the names of web and mail domains, without their endings.
fn domains(layout: &Layout) -> Vec<String> {
    let words = layout.lines.iter().flat_map(|line| &line.tokens);
    words
        .filter_map(|token| host_of(&token.text))
        .map(|host| fold(&host))
        .filter(|name| !is_mail_host(name))
        .map(|name| name.replace(' ', ""))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_text_that_is_not_sure_is_asked_about() {
        assert!(asked(60) < DOUBTFUL_BELOW && asked(64) < DOUBTFUL_BELOW);
        assert_eq!([asked(45), asked(SURE), asked(99)], [45, SURE, 99]);
    }
}
