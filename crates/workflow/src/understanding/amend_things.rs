//! What is said of one thing of a draft, or of whom it is for: "remove the lamps", "the hours to 5", "lamps at
//! 30", "not Bob, Maria".
//!
//! Every word must have its place: the thing, one number, or a small word of the language.

use crate::words::{self, Amend};
use domain::{
    draft::{Draft, DraftItem},
    money::{Currency, Quantity, UnitPrice},
    names::fold,
};

/// The most words of a name.
const LONGEST_NAME: usize = 5;

/// Returns the draft as a text changes one thing or the customer of it; nothing if it says anything else.
pub fn changed(draft: &Draft, text: &str, amend: &Amend) -> Option<Draft> {
    without(draft, text, amend)
        .or_else(|| figure(draft, text, amend))
        .or_else(|| customer(draft, text, amend))
}

/// "Remove the lamps": the last thing stays, as there is no invoice of nothing.
fn without(draft: &Draft, text: &str, amend: &Amend) -> Option<Draft> {
    let folded = fold(text.trim().trim_end_matches(['.', '!']));
    let rest = amend.remove.iter().find_map(|verb| {
        let first = folded.strip_prefix(verb.as_str()).and_then(|rest| rest.strip_prefix(' '));
        let last = || folded.strip_suffix(verb.as_str()).and_then(|rest| rest.strip_suffix(' '));
        first.or_else(last)
    })?;
    let said: Vec<&str> = rest.split(' ').collect();
    let at = meant(draft, &said)?;
    let known = |word: &&str| is_of(word, draft.items.get(at)) || is_small(word, amend);
    let mut changed = draft.clone();
    changed.items.remove(at);
    (said.iter().all(known) && !changed.items.is_empty()).then_some(changed)
}

/// "The hours to 5", "lamps at 30", "lamps 30 €".
fn figure(draft: &Draft, text: &str, amend: &Amend) -> Option<Draft> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let mut numbers = tokens.iter().filter(|token| token.chars().any(|c| c.is_ascii_digit()));
    let number = numbers.next().filter(|_| numbers.next().is_none())?;
    let (amount, currency) = words::amount(number, draft.currency)?;
    let rest: Vec<String> =
        tokens.iter().filter(|token| *token != number).map(|t| fold(t)).collect();
    let said: Vec<&str> = rest.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let at = meant(draft, &said)?;
    let of_money = |word: &&str| {
        let code = (word.len() == 3).then(|| Currency::parse(&word.to_uppercase())).flatten();
        code == Some(draft.currency) || amend.price.iter().any(|price| price == word)
    };
    let signs = [("€", "EUR"), ("£", "GBP"), ("₹", "INR"), ("R$", "BRL"), ("$", "USD")];
    let sign = signs.into_iter().find(|(sign, _)| text.contains(sign));
    let foreign = sign.is_some_and(|(_, code)| code != draft.currency.code());
    let known =
        |word: &&str| of_money(word) || is_of(word, draft.items.get(at)) || is_small(word, amend);
    if !said.iter().all(known) || foreign || currency != draft.currency {
        return None;
    }
    let mut changed = draft.clone();
    let item = changed.items.get_mut(at)?;
    if sign.is_some() || said.iter().any(of_money) {
        item.unit_price = Some(UnitPrice(amount));
    } else {
        item.quantity = Quantity(amount);
    }
    Some(changed)
}

/// "Not Bob, Maria", "Maria, not Bob".
fn customer(draft: &Draft, text: &str, amend: &Amend) -> Option<Draft> {
    let old = fold(draft.customer.as_deref()?);
    let text = text.trim().trim_end_matches(['.', '!']);
    let (one, other) = text.split_once(',')?;
    let denied = |part: &str| {
        let part = fold(part.trim());
        let rest =
            amend.not.iter().find_map(|not| part.strip_prefix(not.as_str())?.strip_prefix(' '));
        rest.is_some_and(|rest| rest == old || old.split(' ').any(|word| word == rest))
    };
    let name = if denied(one) { other } else { denied(other).then_some(one)? };
    let words: Vec<&str> = name.split_whitespace().collect();
    let lead = words.iter().take_while(|word| is_small(&fold(word), amend)).count();
    let name = words.get(lead..).filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME)?;
    let plain = !name.iter().any(|word| word.chars().any(|c| c.is_ascii_digit()));
    plain.then(|| Draft { customer: Some(name.join(" ")), customer_email: None, ..draft.clone() })
}

/// Returns the place of the one thing that is named.
fn meant(draft: &Draft, said: &[&str]) -> Option<usize> {
    let mut named = (0..draft.items.len())
        .filter(|at| said.iter().any(|word| is_of(word, draft.items.get(*at))));
    named.next().filter(|_| named.next().is_none())
}

/// Returns whether a folded word is one of a thing's, in the singular as in the plural.
fn is_of(word: &str, item: Option<&DraftItem>) -> bool {
    let long = word.chars().count() >= 3;
    let same = |known: &str| {
        known == word
            || known.strip_suffix('s') == Some(word)
            || word.strip_suffix('s') == Some(known)
    };
    long && item.is_some_and(|item| fold(&item.description).split(' ').any(same))
}

fn is_small(word: &str, amend: &Amend) -> bool {
    amend.small.iter().any(|small| small == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{dates::date, tenant::Language};
    use rust_decimal::Decimal;

    fn draft() -> Draft {
        let item = |description: &str, quantity: i64, price: i64| DraftItem {
            description: description.to_owned(),
            quantity: Quantity(Decimal::from(quantity)),
            unit_price: Some(UnitPrice(Decimal::from(price))),
        };
        Draft {
            customer: Some("Bob Marsh".to_owned()),
            items: vec![item("hours", 3, 80), item("desk lamps", 2, 25)],
            ..Draft::empty(Currency::EUR, date(2025, 9, 10))
        }
    }

    fn told(language: &str, text: &str) -> Option<String> {
        let words = words::of(Language::parse(language).unwrap()).unwrap();
        let changed = changed(&draft(), text, &words.amend)?;
        let item = |item: &DraftItem| {
            let price = item.unit_price.unwrap_or(UnitPrice(Decimal::ZERO)).0;
            format!("{} {} {price}", item.quantity.0, item.description)
        };
        let items: Vec<String> = changed.items.iter().map(item).collect();
        Some(format!("{}: {}", changed.customer.unwrap_or_default(), items.join(", ")))
    }

    #[test]
    fn a_thing_is_taken_out_counted_anew_or_priced_anew() {
        for (language, text, expected) in [
            ("en", "remove the lamps", "Bob Marsh: 3 hours 80"),
            ("en", "without the lamp", "Bob Marsh: 3 hours 80"),
            ("de", "hours weg", "Bob Marsh: 2 desk lamps 25"),
            ("en", "the hours to 5", "Bob Marsh: 5 hours 80, 2 desk lamps 25"),
            ("en", "lamps at 30", "Bob Marsh: 3 hours 80, 2 desk lamps 30"),
            ("en", "the lamps are 30 €", "Bob Marsh: 3 hours 80, 2 desk lamps 30"),
            ("es", "quita las lamps", "Bob Marsh: 3 hours 80"),
            ("fr", "enlève les lamps", "Bob Marsh: 3 hours 80"),
            ("nl", "5 hours", "Bob Marsh: 5 hours 80, 2 desk lamps 25"),
        ] {
            assert_eq!(told(language, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn it_is_for_somebody_else() {
        for (language, text) in [
            ("en", "not Bob, Maria"),
            ("en", "for Maria, not Bob"),
            ("de", "nicht Bob, sondern Maria"),
            ("es", "no Bob, Maria"),
            ("fr", "pas Bob, Maria"),
        ] {
            let expected = "Maria: 3 hours 80, 2 desk lamps 25";
            assert_eq!(told(language, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_talk_changes_no_thing() {
        for text in [
            "remove the hours and the lamps",
            "remove the fence",
            "5",
            "hours 5 lamps 3",
            "how much are 5 lamps",
            "lamps at $30",
            "not Tom, Maria",
            "not Bob",
            "what is the hours to 5",
        ] {
            assert_eq!(told("en", text), None, "{text}");
        }
    }
}
