//! Names that people type, bound to the names in their own invoices.
//!
//! Without case and accents, by whole words or part of one, and one or two typing mistakes off.

use crate::replies::Unplaced;
use domain::{invoice::Direction, names::fold, question::Filters};
use ports::model::Names;

/// Binds the vendors and customers of a filter. A vendor that is only known as a customer becomes
/// one, and the other way round, unless it was said which way the money goes: what was received from
/// a mere customer is nothing, and not what he was sent. An empty book binds nothing and is no mistake.
///
/// # Errors
///
/// [`Unplaced`] for the first name that matches nobody.
pub fn filters(filters: &mut Filters, names: &Names) -> Result<(), Unplaced> {
    if names.vendors.is_empty() && names.customers.is_empty() {
        return Ok(());
    }
    let typed_vendors = std::mem::take(&mut filters.vendor);
    let typed_customers = std::mem::take(&mut filters.customer);
    for typed in typed_vendors {
        if let Some(bound) = bind(&typed, &names.vendors) {
            filters.vendor.push(bound);
        } else if let Some(bound) = bind(&typed, &names.customers) {
            match filters.direction {
                Some(Direction::Received) => filters.vendor.push(bound),
                Some(Direction::Issued) | None => filters.customer.push(bound),
            }
        } else {
            return Err(unknown(typed, names));
        }
    }
    for typed in typed_customers {
        if let Some(bound) = bind(&typed, &names.customers) {
            filters.customer.push(bound);
        } else if let Some(bound) = bind(&typed, &names.vendors) {
            match filters.direction {
                Some(Direction::Issued) => filters.customer.push(bound),
                Some(Direction::Received) | None => filters.vendor.push(bound),
            }
        } else {
            return Err(unknown(typed, names));
        }
    }
    let left_out = std::mem::take(&mut filters.vendor_not);
    for typed in left_out {
        let Some(bound) = bind(&typed, &names.vendors) else { return Err(unknown(typed, names)) };
        filters.vendor_not.push(bound);
    }
    Ok(())
}

/// Returns what to look for: the typed name if a stored one contains it, else the one stored name
/// that it is a misspelling of.
fn bind(typed: &str, stored: &[String]) -> Option<String> {
    let wanted = fold(typed);
    if wanted.is_empty() {
        return None;
    }
    if stored.iter().any(|name| fold(name).contains(&wanted)) {
        return Some(typed.to_owned());
    }
    // A typed name longer than the stored one: "Shell station" for "Shell".
    if let Some(name) = stored.iter().find(|name| domain::names::holds(&wanted, name)) {
        return Some(name.clone());
    }
    let mut close = stored.iter().filter(|name| is_close(&wanted, name));
    match (close.next(), close.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

fn is_close(wanted: &str, name: &str) -> bool {
    let allowed = match wanted.chars().count() {
        0..=3 => return false,
        4..=6 => 1,
        _ => 2,
    };
    let name = fold(name);
    let words = name.split(' ').chain([name.as_str()]);
    // Another digit is another name, not a slip of the finger.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    words
        .into_iter()
        .any(|word| digits(word) == digits(wanted) && distance(wanted, word) <= allowed)
}

fn unknown(typed: String, names: &Names) -> Unplaced {
    Unplaced { suggestions: close_to(&typed, names), typed, choice: None }
}

/// Returns the stored names that come closest to a typed one, at most three.
pub fn close_to(typed: &str, names: &Names) -> Vec<String> {
    let wanted = fold(typed);
    let all = names.vendors.iter().chain(&names.customers);
    let mut ranked: Vec<(usize, &String)> =
        all.map(|name| (distance(&wanted, &fold(name)), name)).collect();
    ranked.sort();
    ranked.dedup();
    let half = wanted.chars().count().div_ceil(2);
    let near = ranked.into_iter().filter(|(distance, _)| *distance <= half);
    near.take(3).map(|(_, name)| name.clone()).collect()
}

/// Returns the edit distance, a swap of neighbours counting as two.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, c) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, d) in row.iter_mut().skip(1).zip(&other) {
            let change = diagonal.saturating_add(usize::from(c != *d));
            let best = change.min(left.saturating_add(1)).min(cell.saturating_add(1));
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names {
            vendors: vec!["Hetzner Online GmbH".into(), "Café Azul".into(), "Shell".into()],
            customers: vec!["Blue Bakery".into()],
            ..Names::default()
        }
    }

    fn bound(vendor: &str) -> Result<Filters, Unplaced> {
        let mut asked = Filters { vendor: vec![vendor.to_owned()], ..Filters::default() };
        filters(&mut asked, &names()).map(|()| asked)
    }

    #[test]
    fn accents_parts_and_typing_mistakes_find_the_stored_name() {
        assert_eq!(bound("cafe azul").unwrap().vendor, ["cafe azul"]);
        assert_eq!(bound("hetzner").unwrap().vendor, ["hetzner"]);
        assert_eq!(bound("hetznr").unwrap().vendor, ["Hetzner Online GmbH"]);
        assert_eq!(bound("Shell station").unwrap().vendor, ["Shell"]);
    }

    #[test]
    fn another_digit_is_another_name() {
        assert!(is_close("studio54x", "Studio54"));
        assert!(!is_close("studio55", "Studio54") && !is_close("studio5", "Studio54"));
    }

    #[test]
    fn a_vendor_that_is_only_a_customer_becomes_one() {
        let asked = bound("blue bakery").unwrap();
        assert!(asked.vendor.is_empty());
        assert_eq!(asked.customer, ["blue bakery"]);
    }

    #[test]
    fn what_was_received_from_a_mere_customer_is_not_what_he_was_sent() {
        let asked = |direction, vendor: &[&str], customer: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
            let (vendor, customer) = (owned(vendor), owned(customer));
            let direction = Some(direction);
            let mut found = Filters { vendor, customer, direction, ..Filters::default() };
            filters(&mut found, &names()).unwrap();
            assert_eq!(found.direction, direction);
            (found.vendor, found.customer)
        };
        let none = Vec::<String>::new();
        let bakery = vec!["blue bakery".to_owned()];
        assert_eq!(
            asked(Direction::Received, &["blue bakery"], &[]),
            (bakery.clone(), none.clone())
        );
        assert_eq!(asked(Direction::Issued, &["blue bakery"], &[]), (none.clone(), bakery));
        let shell = vec!["shell".to_owned()];
        assert_eq!(asked(Direction::Issued, &[], &["shell"]), (none.clone(), shell.clone()));
        assert_eq!(asked(Direction::Received, &[], &["shell"]), (shell, none));
    }

    #[test]
    fn a_stranger_is_not_left_out_in_silence() {
        let without = |name: &str| {
            let mut found = Filters { vendor_not: vec![name.to_owned()], ..Filters::default() };
            filters(&mut found, &names()).map(|()| found.vendor_not)
        };
        let first = names().vendors[0].clone();
        assert_eq!(without(&first), Ok(vec![first]));
        assert_eq!(without("weekends").unwrap_err().typed, "weekends");
    }

    #[test]
    fn a_stranger_is_named_with_the_closest_names() {
        let unknown = bound("Shelby").unwrap_err();
        assert_eq!(unknown.suggestions, ["Shell"]);
        assert!(bound("Iberdrola").unwrap_err().suggestions.is_empty());
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
