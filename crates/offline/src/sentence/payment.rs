//! "I paid 50 EUR of invoice 17": a payment of a part, where every word of the sentence has its place.

use super::correct;
use crate::number;
use domain::{
    correction::{Correction, NewValues, Payment, Target},
    money::Currency,
    names::fold,
};
use ports::model::Sentence;
use rust_decimal::Decimal;

/// Words that say that something was paid.
const PAID: [&str; 13] = [
    "paid", "pague", "pagado", "pagamos", "paguei", "pagou", "paye", "payee", "bezahlt", "gezahlt",
    "pagato", "pagata", "betaald",
];

/// Words that only lead from one of its parts to the next.
const LINKS: [&str; 62] = [
    "i", "we", "he", "she", "they", "have", "has", "ve", "just", "already", "so", "far", "of",
    "on", "for", "to", "towards", "the", "invoice", "bill", "number", "no", "nr", "he", "ha",
    "hemos", "de", "la", "factura", "numero", "da", "a", "fatura", "j", "ai", "avons", "sur",
    "facture", "ich", "wir", "habe", "haben", "hat", "von", "auf", "der", "rechnung", "nummer",
    "schon", "ho", "abbiamo", "della", "sulla", "fattura", "di", "ik", "wij", "heb", "hebben",
    "heeft", "van", "factuur",
];

/// Returns the payment that a sentence tells of, if it tells of nothing else.
pub(super) fn of(sentence: &Sentence) -> Option<Correction> {
    let text = &sentence.text;
    if text.contains(['?', '؟']) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let amounts = amounts(&words);
    let [(payment, from, to)] = amounts.as_slice() else { return None };
    let (before, after) = (words.get(..*from)?, words.get(*to..)?);
    let rest = [before, after].concat();
    let number = correct::number_in(&rest.join(" "), sentence)?;
    let names = &sentence.names;
    let names = fold(&[names.vendors.join(" "), names.customers.join(" ")].join(" "));
    let mut is_paid = false;
    for word in
        rest.iter().flat_map(|word| fold(word).split(' ').map(str::to_owned).collect::<Vec<_>>())
    {
        let is_number = fold(&number).split(' ').any(|part| part == word);
        let is_name = names.split(' ').any(|part| part == word);
        is_paid |= PAID.contains(&word.as_str());
        let has_place = PAID.contains(&word.as_str()) || LINKS.contains(&word.as_str());
        if !(has_place || is_number || is_name || word.is_empty()) {
            return None;
        }
    }
    let today = Some(Some(sentence.today));
    let set = NewValues { payment: Some(*payment), paid_on: today, ..NewValues::default() };
    is_paid.then_some(Correction { target: Target::Number(number), set })
}

/// Returns the amounts of money, each with the place of its first word and the one after its last.
fn amounts(words: &[&str]) -> Vec<(Payment, usize, usize)> {
    let currency = |at: usize| words.get(at).and_then(|word| number::currency_of(word));
    let mut amounts = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        let Some(amount) = value(bare) else { continue };
        let around = word.replacen(bare, "", 1);
        let around = around.trim_end_matches(['.', ',']);
        let mut push = |currency: Option<Currency>, from: usize, to: usize| {
            amounts.push((Payment { amount, currency }, from, to));
        };
        let (next, last) = (at.saturating_add(1), at.checked_sub(1));
        if let Some(own) = number::currency_of(around) {
            push(Some(own), at, next);
        } else if around.is_empty() && currency(next).is_some() {
            push(currency(next), at, next.saturating_add(1));
        } else if let Some(last) =
            last.filter(|last| around.is_empty() && currency(*last).is_some())
        {
            push(currency(last), last, next);
        }
    }
    amounts
}

/// Returns the one value of a number; nothing where it may be two.
fn value(token: &str) -> Option<Decimal> {
    let digits = token.chars().any(|c| c.is_ascii_digit());
    if !digits {
        return None;
    }
    let readings = number::readings(token);
    let mut values: Vec<Decimal> = readings.iter().map(|reading| reading.value).collect();
    values.dedup();
    match values.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{dates::date, names::fold as folded};
    use ports::model::Names;

    fn told(text: &str) -> Option<(String, Decimal, Option<Currency>)> {
        let names = Names { customers: vec!["Bob".to_owned()], ..Names::default() };
        let sentence = Sentence {
            text: text.to_owned(),
            today: date(2025, 9, 10),
            currency: Currency::EUR,
            locale: "en-GB".to_owned(),
            context: Vec::new(),
            last_plan: None,
            names,
        };
        let Correction { target: Target::Number(number), set } = of(&sentence)? else {
            return None;
        };
        let Payment { amount, currency } = set.payment?;
        Some((folded(&number), amount, currency))
    }

    #[test]
    fn a_payment_of_a_part_is_read_and_nothing_else_is_taken_for_one() {
        let (eur, usd) = (Some(Currency::EUR), Currency::parse("USD"));
        for (text, number, cents, currency) in [
            ("I paid 50 EUR of invoice G-104", "g 104", 5_000, eur),
            ("Bob has paid 100.50 USD towards invoice 17", "17", 10_050, usd),
            ("ich habe 50 € von Rechnung 17 bezahlt", "17", 5_000, eur),
            ("he pagado 20€ de la factura 17", "17", 2_000, eur),
            ("j'ai payé 20 EUR sur la facture 17", "17", 2_000, eur),
            ("ho pagato €20 della fattura 17", "17", 2_000, eur),
            ("ik heb 20 EUR van factuur 17 betaald", "17", 2_000, eur),
            ("paguei 20 EUR da fatura 17", "17", 2_000, eur),
        ] {
            let amount = Decimal::new(cents, 2).normalize();
            let expected = Some((number.to_owned(), amount, currency));
            let told =
                told(text).map(|(number, amount, currency)| (number, amount.normalize(), currency));
            assert_eq!(told, expected, "{text}");
        }
        for text in [
            "how much is paid of invoice 17?",
            "I paid invoice 17",
            "I paid 50 EUR",
            "I paid 50 EUR and 20 EUR of invoice 17",
            "invoice Bob 3 hours at 50 EUR",
            "I paid 50 EUR of invoice 17 to the wrong account",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
