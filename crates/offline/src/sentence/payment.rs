//! "I paid 50 EUR of invoice 17": a payment of a part, where every word of the sentence has its place.

use super::{correct, names::Side, piece};
use crate::number;
use domain::{
    correction::{Correction, NewValues, Payment, Target},
    money::Currency,
    names::fold,
    question::{Filters, StatusFilter},
};
use ports::model::Sentence;
use rust_decimal::Decimal;

/// Words that say that something was paid.
const PAID: [&str; 16] = [
    "paid",
    "pague",
    "pago",
    "pagado",
    "pagamos",
    "paguei",
    "pagou",
    "paye",
    "payee",
    "bezahlt",
    "gezahlt",
    "pagato",
    "pagata",
    "betaald",
    "angezahlt",
    "aanbetaald",
];

/// Words that say that it was only a part.
const PART: [&str; 14] = [
    "towards",
    "toward",
    "acuenta",
    "cuenta",
    "conta",
    "acompte",
    "acconto",
    "anzahlung",
    "angezahlt",
    "aanbetaald",
    "valoir",
    "partially",
    "part",
    "teil",
];

/// Words for one invoice.
const PAPER: [&str; 8] =
    ["invoice", "bill", "rechnung", "factura", "fatura", "facture", "fattura", "factuur"];

/// Words that only lead from one of its parts to the next.
const LINKS: [&str; 83] = [
    "i", "we", "he", "she", "they", "have", "has", "ve", "just", "already", "so", "far", "of",
    "on", "for", "to", "from", "the", "number", "no", "nr", "ha", "hemos", "de", "la", "numero",
    "da", "a", "j", "ai", "avons", "sur", "ich", "wir", "habe", "haben", "hat", "von", "auf",
    "der", "die", "nummer", "schon", "ho", "abbiamo", "della", "sulla", "di", "ik", "wij", "heb",
    "hebben", "heeft", "van", "his", "her", "their", "my", "our", "me", "us", "seiner", "seine",
    "ihrer", "ihre", "meiner", "unserer", "su", "mi", "nuestra", "sua", "minha", "dele", "dela",
    "sa", "ma", "notre", "suo", "zijn", "haar", "mijn", "o", "por",
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
    let number = correct::number_in(&rest.join(" "), sentence);
    let names = &sentence.names;
    let known = fold(&[names.vendors.join(" "), names.customers.join(" ")].join(" "));
    let mut is_paid = false;
    for word in
        rest.iter().flat_map(|word| fold(word).split(' ').map(str::to_owned).collect::<Vec<_>>())
    {
        let is_number =
            number.iter().any(|number| fold(number).split(' ').any(|part| part == word));
        let is_name = known.split(' ').any(|part| part == word);
        is_paid |= PAID.contains(&word.as_str());
        let lists: [&[&str]; 4] = [&PAID, &LINKS, &PART, &PAPER];
        let has_place = lists.iter().any(|list| list.contains(&word.as_str()));
        if !(has_place || is_number || is_name || word.is_empty()) {
            return None;
        }
    }
    let target = number.map(Target::Number).or_else(|| of_somebody(&words, sentence))?;
    let today = Some(Some(sentence.today));
    let set = NewValues { payment: Some(*payment), paid_on: today, ..NewValues::default() };
    is_paid.then_some(Correction { target, set })
}

/// "Bob paid 120 towards his invoice": the newest open one of the one who is named.
fn of_somebody(words: &[&str], sentence: &Sentence) -> Option<Target> {
    let paper = words.iter().any(|word| PAPER.contains(&fold(word).as_str()));
    let parsed = piece::parse(sentence);
    let mut named = parsed.pieces.iter().filter_map(|piece| piece.known.as_ref());
    let known = named.next().filter(|_| paper && named.next().is_none())?;
    let mut filters = Filters { status: vec![StatusFilter::Unpaid], ..Filters::default() };
    match known.side {
        Side::Vendor => filters.vendor.push(known.name.clone()),
        Side::Customer => filters.customer.push(known.name.clone()),
        Side::Category => return None,
    }
    Some(Target::Latest(filters))
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
        } else if around.is_empty() && is_of_a_part(words, at) {
            push(None, at, next);
        }
    }
    amounts
}

/// "120 towards his invoice", "120 von seiner Rechnung": no word says of what it is, but what it is a
/// part of stands behind it. "2 of the invoices" are two.
fn is_of_a_part(words: &[&str], at: usize) -> bool {
    const OF: [&str; 12] =
        ["of", "towards", "toward", "von", "auf", "de", "da", "della", "di", "sur", "van", "a"];
    let folded = |word: &&str| fold(word);
    let before: Vec<String> = words.get(..at).unwrap_or_default().iter().map(folded).collect();
    let rest = words.get(at.saturating_add(1)..).unwrap_or_default();
    let rest: Vec<String> = rest.iter().map(folded).collect();
    let led = rest.first().is_some_and(|word| OF.contains(&word.as_str()));
    let part = rest.iter().any(|word| PART.contains(&word.as_str()));
    let named = before.last().is_some_and(|word| PAPER.contains(&word.as_str()));
    let paper = rest.iter().take(5).any(|word| PAPER.contains(&word.as_str()));
    !named && paper && (led || part)
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

    fn change(text: &str) -> Option<Correction> {
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
        of(&sentence)
    }

    fn told(text: &str) -> Option<(String, Decimal, Option<Currency>)> {
        let Correction { target: Target::Number(number), set } = change(text)? else {
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
        for (text, customer) in [
            ("Bob paid 120 towards his invoice", "Bob"),
            ("Bob hat 120 von seiner Rechnung bezahlt", "Bob"),
            ("Bob pagó 120 a cuenta de su factura", "Bob"),
            ("Bob a payé 120 sur sa facture", "Bob"),
        ] {
            let Correction { target: Target::Latest(filters), set } = change(text).unwrap() else {
                panic!("{text}");
            };
            assert_eq!(filters.customer, [customer], "{text}");
            assert_eq!(set.payment.unwrap().amount, Decimal::from(120), "{text}");
        }
        for text in [
            "Bob paid 2 of the invoices",
            "Bob paid 120",
            "Tom paid 120 towards his invoice",
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
