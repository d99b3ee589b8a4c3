//! What changes in a draft that waits for a yes? "Make it 130", "for Anna instead", "due in 30 days
//! instead", "add 2 hours at 50".
//!
//! The words that say so are data; what they lead to is read by the grammar of drafts inside a whole
//! sentence. Whatever is not read as a whole changes nothing, and is asked about.

use super::{amend_things, draft};
use crate::{
    scene::Scene,
    turn::TurnError,
    words::{self, Amend, Words},
};
use domain::{
    draft::Draft,
    money::{Currency, Quantity, UnitPrice},
    names::fold,
};
use rust_decimal::Decimal;

/// How a text begins or ends that changes a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    /// What is to be changed or added.
    said: String,
    adds: bool,
}

/// Returns the draft as the message's text changes it; nothing if it changes none.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, draft: &Draft) -> Result<Option<Draft>, TurnError> {
    let own = words::of(scene.language).into_iter().chain(words::all());
    for words in own {
        let Some(wish) = wish(scene.text(), words) else { continue };
        if let Some(changed) = changed(scene, draft, &wish, &words.amend).await? {
            return Ok(Some(changed).filter(|changed| changed != draft));
        }
    }
    if let Some(changed) = terms_alone(scene, draft).await? {
        return Ok(Some(changed));
    }
    let own = words::of(scene.language).into_iter().chain(words::all());
    let changed =
        own.into_iter().find_map(|w| amend_things::changed(draft, scene.text(), &w.amend));
    Ok(changed.filter(|changed| changed != draft))
}

/// "Due in 10 days please", "without VAT": nothing but terms, and no word that it is to be changed.
async fn terms_alone(scene: &Scene<'_>, draft: &Draft) -> Result<Option<Draft>, TurnError> {
    let Some(words) = words::of(scene.language) else { return Ok(None) };
    let whole = words.amend.terms.replace("{said}", scene.text());
    let read = draft::by_built_in(scene, &whole).await?;
    let changed = read.and_then(|read| terms_of(draft, &read));
    Ok(changed.filter(|changed| changed != draft))
}

async fn changed(
    scene: &Scene<'_>,
    draft: &Draft,
    wish: &Wish,
    amend: &Amend,
) -> Result<Option<Draft>, TurnError> {
    if wish.adds {
        return with_items(scene, draft, &amend.items.replace("{said}", &wish.said)).await;
    }
    if let Some((price, currency)) = amount_alone(&wish.said, draft.currency) {
        return Ok(with_price(draft, price).filter(|_| currency == draft.currency));
    }
    let counted = amend.items.replace("{said}", &wish.said);
    if let Some(changed) = with_quantity(scene, draft, &counted).await? {
        return Ok(Some(changed));
    }
    let terms = amend.terms.replace("{said}", &wish.said);
    if let Some(changed) = with_terms(scene, draft, &terms).await? {
        return Ok(Some(changed));
    }
    let party = amend.party.replace("{said}", &wish.said);
    let found = with_customer(scene, draft, &party).await?;
    // "for Anna": what is nothing but a name may be any other word
    Ok(found.filter(|found| found.customer.as_ref() != Some(&wish.said)))
}

/// Returns an amount that stands alone or with its currency: "30 days" is none.
fn amount_alone(said: &str, assumed: Currency) -> Option<(Decimal, Currency)> {
    const EUROS: [&str; 2] = ["euro", "euros"];
    let is_money = |word: &str| {
        let code = word.len() == 3 && Currency::parse(&word.to_uppercase()).is_some();
        let sign = !word.chars().any(char::is_alphanumeric);
        code || sign || EUROS.contains(&fold(word).as_str())
    };
    let words: Vec<&str> = said.split_whitespace().collect();
    let alone = words
        .iter()
        .filter(|word| !word.starts_with(|c: char| !c.is_alphabetic() && !c.is_whitespace()))
        .all(|word| is_money(word));
    let alone = alone && words.len() <= 2 && !said.contains('%');
    let (amount, currency) = words::amount(said, assumed).filter(|_| alone)?;
    let euros = words.iter().any(|word| EUROS.contains(&fold(word).as_str()));
    Some((amount, if euros { Currency::EUR } else { currency }))
}

/// One thing costs something else. Of several it is not said which, nor whether one or all of them.
fn with_price(draft: &Draft, price: Decimal) -> Option<Draft> {
    let mut changed = draft.clone();
    let [item] = changed.items.as_mut_slice() else { return None };
    if item.quantity != Quantity(Decimal::ONE) {
        return None;
    }
    item.unit_price = Some(UnitPrice(price));
    Some(changed)
}

/// More or fewer of one thing that stands in the draft: "4 hours" where it has 3 of them.
async fn with_quantity(
    scene: &Scene<'_>,
    draft: &Draft,
    whole: &str,
) -> Result<Option<Draft>, TurnError> {
    let read = draft::run(scene, whole).await?;
    let Some([counted]) = read.as_ref().map(|read| read.items.as_slice()) else { return Ok(None) };
    if counted.unit_price.is_some() {
        return Ok(None);
    }
    let thing = fold(&counted.description);
    let mut changed = draft.clone();
    let mut meant = changed.items.iter_mut().filter(|item| {
        let known = fold(&item.description);
        known == thing || known.split(' ').any(|word| word == thing)
    });
    let (Some(item), None) = (meant.next(), meant.next()) else { return Ok(None) };
    item.quantity = counted.quantity;
    Ok(Some(changed))
}

async fn with_items(
    scene: &Scene<'_>,
    draft: &Draft,
    whole: &str,
) -> Result<Option<Draft>, TurnError> {
    let Some(read) = draft::run(scene, whole).await? else { return Ok(None) };
    let priced = !read.items.is_empty() && read.items.iter().all(|item| item.unit_price.is_some());
    if !priced || read.currency != draft.currency {
        return Ok(None);
    }
    let mut changed = draft.clone();
    changed.items.extend(read.items);
    Ok(Some(changed))
}

/// The sentence has one thing at a price of one; whatever else it says are terms.
async fn with_terms(
    scene: &Scene<'_>,
    draft: &Draft,
    whole: &str,
) -> Result<Option<Draft>, TurnError> {
    let read = draft::run(scene, whole).await?;
    Ok(read.and_then(|read| terms_of(draft, &read)))
}

/// Returns a draft with the terms that were read around the thing of the sentence; nothing if there are
/// none, or more than these.
fn terms_of(draft: &Draft, read: &Draft) -> Option<Draft> {
    let says = read.due_date.is_some() || read.tax.is_some() || read.discount.is_some();
    (says && is_the_carrier(read)).then(|| Draft {
        due_date: read.due_date.or(draft.due_date),
        tax: read.tax.or(draft.tax),
        discount: read.discount.or(draft.discount),
        ..draft.clone()
    })
}

async fn with_customer(
    scene: &Scene<'_>,
    draft: &Draft,
    whole: &str,
) -> Result<Option<Draft>, TurnError> {
    let Some(read) = draft::run(scene, whole).await? else { return Ok(None) };
    let plain = read.due_date.is_none() && read.tax.is_none() && read.discount.is_none();
    if !plain || !is_the_carrier(&read) {
        return Ok(None);
    }
    let Some(customer) = read.customer else { return Ok(None) };
    Ok(Some(Draft { customer: Some(customer), customer_email: None, ..draft.clone() }))
}

/// Returns whether nothing was read as an item but the one of the sentence around.
fn is_the_carrier(read: &Draft) -> bool {
    let one = Some(UnitPrice(Decimal::ONE));
    matches!(read.items.as_slice(), [item] if item.unit_price == one)
}

/// Returns what a text changes or adds in the words of a language.
fn wish(text: &str, words: &Words) -> Option<Wish> {
    let amend = &words.amend;
    let mut tokens: Vec<&str> = text.split_whitespace().collect();
    let mut adds = false;
    let mut said = false;
    loop {
        let before = tokens.len();
        tokens = strip(tokens, &amend.add, &mut adds);
        tokens = strip(tokens, &amend.make, &mut said);
        tokens = strip(tokens, &amend.instead, &mut said);
        if tokens.len() == before {
            break;
        }
    }
    let rest = tokens.join(" ");
    (!rest.is_empty() && (adds || said)).then_some(Wish { said: rest, adds })
}

/// Takes a phrase away where the words begin or end with it, and notes that.
fn strip<'t>(tokens: Vec<&'t str>, phrases: &[String], found: &mut bool) -> Vec<&'t str> {
    for phrase in phrases {
        let length = phrase.split(' ').count();
        let is = |part: &[&str]| fold(&part.join(" ")) == *phrase;
        let Some(rest) = tokens.len().checked_sub(length).filter(|rest| *rest > 0) else {
            continue;
        };
        let (head, tail) = (tokens.split_at_checked(length), tokens.split_at_checked(rest));
        if let Some((_, rest)) = head.filter(|(head, _)| is(head)) {
            *found = true;
            return rest.to_vec();
        }
        if let Some((rest, _)) = tail.filter(|(_, tail)| is(tail)) {
            *found = true;
            return rest.to_vec();
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::tenant::Language;

    fn wished(language: &str, text: &str) -> Option<(String, bool)> {
        let words = words::of(Language::parse(language).unwrap()).unwrap();
        wish(text, words).map(|wish| (wish.said, wish.adds))
    }

    #[test]
    fn a_change_is_taken_out_of_its_words() {
        for (language, text, said, adds) in [
            ("en", "make it 130", "130", false),
            ("en", "for Anna instead", "for Anna", false),
            ("en", "due in 30 days instead", "due in 30 days", false),
            ("en", "add 2 hours at 50", "2 hours at 50", true),
            ("de", "mach 130 draus", "130", false),
            ("de", "füge 2 Stunden zu 50 hinzu", "2 Stunden zu 50", true),
            ("es", "añade 2 horas a 50", "2 horas a 50", true),
            ("fr", "mets 130 à la place", "130", false),
            ("it", "aggiungi 2 ore a 50", "2 ore a 50", true),
            ("nl", "maak er 130 van", "130", false),
        ] {
            assert_eq!(wished(language, text), Some((said.to_owned(), adds)), "{text}");
        }
    }

    #[test]
    fn an_amount_is_one_that_stands_alone() {
        let alone = |said: &str| amount_alone(said, Currency::EUR).map(|(amount, _)| amount);
        for said in ["130", "130.00", "€130", "130 €", "130 EUR", "130 euros"] {
            assert_eq!(alone(said), Some(Decimal::from(130)), "{said}");
        }
        for said in ["due in 30 days", "30 days", "2 hours", "19 %", "19% VAT", "blue"] {
            assert_eq!(alone(said), None, "{said}");
        }
    }

    #[test]
    fn other_talk_changes_nothing() {
        for text in ["130", "make it", "how much did I spend?", "instead"] {
            assert_eq!(wished("en", text), None, "{text}");
        }
    }
}
