//! "I paid 50 EUR of invoice 17": a payment of a part, where every word of the sentence has its place.

use super::{
    correct,
    names::Side,
    piece::{self, Parsed},
    word::Role,
};
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
const PAID: [&str; 27] = [
    "paid",
    "payment",
    "abono",
    "pagamento",
    "paiement",
    "versement",
    "zahlung",
    "teilzahlung",
    "anzahlung",
    "betaling",
    "deelbetaling",
    "aanbetaling",
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
const PART: [&str; 20] = [
    "partial",
    "parcial",
    "partiel",
    "parziale",
    "another",
    "weitere",
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
const LINKS: [&str; 92] = [
    "el", "al", "del", "un", "para", "pour", "per", "fur", "voor", "i", "we", "he", "she", "they",
    "have", "has", "ve", "just", "already", "so", "far", "of", "on", "for", "to", "from", "the",
    "number", "no", "nr", "ha", "hemos", "de", "la", "numero", "da", "a", "j", "ai", "avons",
    "sur", "ich", "wir", "habe", "haben", "hat", "von", "auf", "der", "die", "nummer", "schon",
    "ho", "abbiamo", "della", "sulla", "di", "ik", "wij", "heb", "hebben", "heeft", "van", "his",
    "her", "their", "my", "our", "me", "us", "seiner", "seine", "ihrer", "ihre", "meiner",
    "unserer", "su", "mi", "nuestra", "sua", "minha", "dele", "dela", "sa", "ma", "notre", "suo",
    "zijn", "haar", "mijn", "o", "por",
];

/// Returns the payment that a sentence tells of, if it tells of nothing else.
pub(super) fn of(sentence: &Sentence) -> Option<Correction> {
    let text = &sentence.text;
    if text.contains(['?', '؟']) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let parsed = piece::parse(sentence);
    let amounts = amounts(&words, &parsed);
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
    let is_money = payment.currency.is_some();
    let target = number.map(Target::Number).or_else(|| of_somebody(&words, &parsed, is_money))?;
    let today = Some(Some(sentence.today));
    let set = NewValues { payment: Some(*payment), paid_on: today, ..NewValues::default() };
    is_paid.then_some(Correction { target, set })
}

/// "Bob paid 120 towards his invoice", "Bob paid 120 euros": the newest open one of the one who is named.
fn of_somebody(words: &[&str], parsed: &Parsed, is_money: bool) -> Option<Target> {
    let paper = words.iter().any(|word| PAPER.contains(&fold(word).as_str()));
    let mut named = parsed.pieces.iter().filter_map(|piece| piece.known.as_ref());
    let known = named.next().filter(|_| named.next().is_none())?;
    let mut filters = Filters { status: vec![StatusFilter::Unpaid], ..Filters::default() };
    match known.side {
        Side::Vendor if paper => filters.vendor.push(known.name.clone()),
        Side::Customer if paper || is_money => filters.customer.push(known.name.clone()),
        _ => return None,
    }
    Some(Target::Latest(filters))
}

/// "I paid 120 of 200": a part of what, or of which invoice? Returns what cannot be told; two invoices
/// that were paid it is not.
pub(super) fn puzzle(sentence: &Sentence) -> Option<String> {
    let words: Vec<&str> = sentence.text.split_whitespace().collect();
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    if !folded.iter().any(|word| PAID.contains(&word.as_str())) || of(sentence).is_some() {
        return None;
    }
    let number = |at: usize| folded.get(at).filter(|word| word.chars().any(char::is_numeric));
    let parsed = piece::parse(sentence);
    let at = words.iter().enumerate().find_map(|(at, word)| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        let link = folded.get(at.saturating_add(1))?;
        // "of 20 May" is a day, and "of 3" may be that many
        let whole = number(at.saturating_add(2))?;
        let behind = folded.get(at.saturating_add(3)).map_or("", String::as_str);
        let dated = parsed.pieces.iter().any(|piece| {
            piece.folded == behind
                && piece.roles.iter().any(|role| matches!(role, Role::Month(_) | Role::Unit(_)))
        });
        let named = at.checked_sub(1).and_then(|at| folded.get(at));
        let named = named.is_some_and(|word| PAPER.contains(&word.as_str()));
        let parts = PARTS_OF.contains(&link.as_str()) && value(bare).is_some() && !whole.is_empty();
        (parts && !dated && !named).then_some(at)
    })?;
    Some(words.get(at..at.saturating_add(3))?.join(" "))
}

/// Returns the amounts of money, each with the place of its first word and the one after its last.
fn amounts(words: &[&str], parsed: &Parsed) -> Vec<(Payment, usize, usize)> {
    // "dollars" is no sign of a currency, but a word for one
    let called = |word: &str| {
        let mut same = parsed.pieces.iter().filter(|piece| piece.folded == fold(word));
        same.find_map(|piece| piece.currency())
    };
    let currency = |at: usize| {
        words.get(at).and_then(|word| number::currency_of(word).or_else(|| called(word)))
    };
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

/// Words between a part and what it is one of.
const PARTS_OF: [&str; 15] = [
    "of", "towards", "toward", "von", "auf", "de", "da", "do", "della", "di", "sur", "van", "a",
    "del", "ao",
];

/// Words between what was paid and what it was paid for.
const PAID_FOR: [&str; 10] = ["for", "on", "to", "fur", "para", "por", "pour", "per", "voor", "op"];

/// "120 towards his invoice", "120 von seiner Rechnung", "50 of AMZ-20165": no word says of what it is,
/// but what it is a part of stands behind it. "2 of the invoices" are two.
fn is_of_a_part(words: &[&str], at: usize) -> bool {
    let folded = |word: &&str| fold(word);
    let before: Vec<String> = words.get(..at).unwrap_or_default().iter().map(folded).collect();
    let rest = words.get(at.saturating_add(1)..).unwrap_or_default();
    let coded = rest.iter().find(|word| {
        let word = fold(word);
        !LINKS.contains(&word.as_str()) && !PAPER.contains(&word.as_str())
    });
    let coded = coded.is_some_and(|word| {
        word.contains(|c: char| c.is_ascii_digit()) && word.contains(char::is_alphabetic)
    });
    let rest: Vec<String> = rest.iter().map(folded).collect();
    let is = |list: &[&str]| rest.first().is_some_and(|word| list.contains(&word.as_str()));
    let led = is(&PARTS_OF);
    let part = rest.iter().any(|word| PART.contains(&word.as_str()));
    let named = before.last().is_some_and(|word| PAPER.contains(&word.as_str()));
    let paper = rest.iter().take(5).any(|word| PAPER.contains(&word.as_str()));
    !named && (paper && (led || part) || coded && (led || is(&PAID_FOR)))
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
        of(&sentence(text))
    }

    fn sentence(text: &str) -> Sentence {
        let names = Names { customers: vec!["Bob".to_owned()], ..Names::default() };
        Sentence {
            text: text.to_owned(),
            today: date(2025, 9, 10),
            currency: Currency::EUR,
            locale: "en-GB".to_owned(),
            context: Vec::new(),
            last_plan: None,
            names,
        }
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
            ("I paid 50 of AMZ-20165", "amz 20165", 5_000, None),
            ("I paid 100 of ST-0129", "st 0129", 10_000, None),
            ("I paid 100 for ST-0129", "st 0129", 10_000, None),
            ("paid another 50 euros of ST-0129", "st 0129", 5_000, eur),
            ("partial payment of 100 for ST-0129", "st 0129", 10_000, None),
            ("I paid 50 dollars of invoice AMZ-20165", "amz 20165", 5_000, usd),
            ("ich habe 50 Euro von ST-0129 bezahlt", "st 0129", 5_000, eur),
            ("pagué 50 de ST-0129", "st 0129", 5_000, None),
            ("ho pagato 50 di ST-0129", "st 0129", 5_000, None),
            ("j'ai payé 50 sur ST-0129", "st 0129", 5_000, None),
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
            ("Bob paid 120 euros", "Bob"),
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

    #[test]
    fn a_part_of_a_number_is_asked_about_and_is_no_second_invoice() {
        for (text, typed) in [
            ("I paid 120 of 200", Some("120 of 200")),
            ("ich habe 120 von 200 bezahlt", Some("120 von 200")),
            ("I paid 50 of AMZ-20165 and 20 of ST-0129", Some("50 of AMZ-20165")),
            ("I paid 50 of AMZ-20165", None),
            ("I paid invoice 120 on 20 May", None),
            ("I paid invoice 120 of 20 May", None),
            ("I paid invoices 120 and 200", None),
        ] {
            assert_eq!(puzzle(&sentence(text)).as_deref(), typed, "{text}");
        }
    }
}
