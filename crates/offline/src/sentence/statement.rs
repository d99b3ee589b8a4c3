//! A plain statement about the invoice that was just spoken of: "the total is 45.10", "wrong date:
//! 3 May", "it's from Shell". Every word of it must fit; whatever else is left to the grammar.

use super::{
    names::Side,
    period::{self, Calendar, Towards},
    piece::{Parsed, Piece, parse_text},
    token::{Kind, plain},
    word::Role,
};
use domain::{correction::NewValues, dates::Date, money::Currency, names::fold};
use ports::model::Sentence;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// The most words of a vendor's name.
const MAX_NAME: usize = 6;

/// What a phrase of a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Small,
    Is,
    Wrong,
    From,
    Total,
    Tax,
    Date,
    Number,
    Vendor,
    Currency,
    Due,
    Category,
    /// Before a currency: `it was in dollars`.
    In,
    /// Between what is right and what is not: `dollars, not euros`.
    Not,
}

impl Part {
    const fn is_field(self) -> bool {
        matches!(
            self,
            Self::Total
                | Self::Tax
                | Self::Date
                | Self::Number
                | Self::Vendor
                | Self::Currency
                | Self::Due
                | Self::Category
        )
    }
}

/// A phrase as words without case; those with accents as they are.
type Phrase = (Vec<String>, Part);

static LANGUAGES: LazyLock<Vec<Vec<Phrase>>> = LazyLock::new(|| {
    let text = include_str!("../lexicons/sentences/statements.toml");
    // A file that does not parse is caught by a test; at run time nothing is a statement.
    let files: BTreeMap<String, BTreeMap<Part, Vec<String>>> =
        toml::from_str(text).unwrap_or_default();
    files.into_values().map(|parts| parts.into_iter().flat_map(phrases).collect()).collect()
});

fn phrases((part, phrases): (Part, Vec<String>)) -> Vec<Phrase> {
    let words = |phrase: &String| phrase.split(' ').map(str::to_owned).collect();
    phrases.iter().map(|phrase| (words(phrase), part)).collect()
}

/// A word of the text: where it ends, and what it is with and without accents.
struct Said {
    end: usize,
    lower: String,
    folded: String,
}

/// Returns what a statement says is right; nothing for any other text.
pub(super) fn of(sentence: &Sentence) -> Option<NewValues> {
    let text = plain(&sentence.text);
    if text.contains(['?', '؟', '¿']) {
        return None;
    }
    let words = words(&text);
    LANGUAGES.iter().find_map(|phrases| read(&text, &words, phrases, sentence))
}

fn words(text: &str) -> Vec<Said> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let word = text.get(from..at).unwrap_or_default();
                words.push(Said { end: at, lower: word.to_lowercase(), folded: fold(word) });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Reads the phrases from the start; what is left behind them is the value.
fn read(text: &str, words: &[Said], phrases: &[Phrase], sentence: &Sentence) -> Option<NewValues> {
    if let Some(currency) = contrast(text, phrases, sentence) {
        return Some(NewValues { currency: Some(currency), ..NewValues::default() });
    }
    let (mut at, mut end) = (0, 0);
    let (mut field, mut stated, mut spoken) = (None, false, false);
    while let Some((length, part)) = phrase_at(words.get(at..)?, phrases) {
        if part.is_field() && field.replace(part).is_some() {
            return None;
        }
        if part == Part::Not {
            return None;
        }
        stated |= matches!(part, Part::Is | Part::Wrong | Part::From | Part::In);
        spoken = true;
        at = at.saturating_add(length);
        end = words.get(at.checked_sub(1)?)?.end;
        let name_follows = part == Part::From || part == Part::Is && field == Some(Part::Vendor);
        if name_follows {
            field = Some(Part::Vendor);
            break;
        }
        if part == Part::In {
            field = Some(Part::Currency);
            break;
        }
    }
    // "wrong total on 31" says of which invoice
    let led = at.checked_sub(1).and_then(|at| words.get(at));
    let of_which = led.is_some_and(|led| ["on", "for"].contains(&led.folded.as_str()));
    if of_which && matches!(field, Some(Part::Total | Part::Tax)) {
        return None;
    }
    let rest = text.get(end..)?;
    stated |= rest.trim_start().starts_with(':');
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || ":,;.!-–\"“”„«»".contains(c));
    let follows = !sentence.context.is_empty();
    match field {
        Some(field) if stated => value(field, rest, sentence),
        // "Due 3 May", "tax 3.20": only right after something was said.
        Some(Part::Due) if follows => value(Part::Due, rest, sentence),
        Some(Part::Tax) if follows && rest.contains(['.', ',', '%']) => {
            value(Part::Tax, rest, sentence)
        }
        // "That's travel", "it was dollars"; a bare `e` is more often Italian for `and`.
        None if stated && follows && !opens_with_and(words) && !rest.contains(char::is_numeric) => {
            value(Part::Currency, rest, sentence).or_else(|| value(Part::Category, rest, sentence))
        }
        // "No, 45.10": only an amount in full, and only where something was said before.
        None if spoken && follows && rest.contains(['.', ',']) => {
            value(Part::Total, rest, sentence)
        }
        _ => None,
    }
}

fn opens_with_and(words: &[Said]) -> bool {
    words.first().is_some_and(|first| first.lower == "e")
}

/// Returns the longest phrase at the start: how many words it has, and what it does.
fn phrase_at(words: &[Said], phrases: &[Phrase]) -> Option<(usize, Part)> {
    let fits = |phrase: &&Phrase| {
        let same = |(said, word): (&Said, &String)| {
            if word.is_ascii() { said.folded == *word } else { said.lower == *word }
        };
        phrase.0.len() <= words.len() && words.iter().zip(&phrase.0).all(same)
    };
    let longest = phrases.iter().filter(fits).max_by_key(|(phrase, _)| phrase.len())?;
    Some((longest.0.len(), longest.1))
}

fn value(field: Part, rest: &str, sentence: &Sentence) -> Option<NewValues> {
    let parsed = parse_text(rest, sentence);
    let mut set = NewValues::default();
    match field {
        Part::Total => (set.gross, set.currency) = some_amount(&parsed)?,
        Part::Tax => match rate(rest) {
            Some(rate) => set.tax_rate = Some(rate),
            None => set.tax = some_amount(&parsed)?.0,
        },
        Part::Date => set.issue_date = Some(day(&parsed, sentence, Towards::Past)?),
        Part::Due => set.due_date = Some(nearest_day(&parsed, sentence)?),
        Part::Currency => set.currency = Some(only_currency(&parsed)?),
        Part::Category => set.category = Some(category(&parsed)?),
        Part::Number => set.number = Some(number(rest)?),
        _ => set.vendor = Some(name(rest, &parsed, sentence)?),
    }
    Some(set)
}

/// Returns the amount and its currency, if nothing else is said; a rate is no amount.
fn some_amount(parsed: &Parsed) -> Option<(Option<Decimal>, Option<Currency>)> {
    let said: Vec<&Piece> = parsed.pieces.iter().filter(|piece| !is_mark(piece)).collect();
    let (amounts, signs): (Vec<&Piece>, Vec<&Piece>) =
        said.into_iter().partition(|piece| piece.value.is_some());
    if parsed.plain.contains('%') {
        return None;
    }
    let currency = signs.iter().find_map(|piece| piece.currency());
    let only_signs = signs.iter().all(|piece| piece.currency().is_some());
    match amounts.as_slice() {
        [amount] if only_signs && signs.len() <= 1 => Some((amount.value, currency)),
        _ => None,
    }
}

fn is_mark(piece: &Piece) -> bool {
    piece.kind == Kind::Mark && piece.currency().is_none()
}

/// Returns a rate of tax as a fraction: `7 %`, `7,5%`; at most a half.
fn rate(rest: &str) -> Option<Decimal> {
    let percent = crate::number::percent(&rest.replace(' ', ""))?;
    let plausible = percent >= Decimal::ZERO && percent <= Decimal::from(50);
    percent.checked_div(Decimal::ONE_HUNDRED).filter(|_| plausible)
}

/// Returns the currency that is said, if nothing else is.
fn only_currency(parsed: &Parsed) -> Option<Currency> {
    let mut said = parsed.pieces.iter().filter(|piece| !is_mark(piece));
    let currency = said.next()?.currency()?;
    said.next().is_none().then_some(currency)
}

/// Returns the first of two currencies that a word for `not` parts: `USD, not EUR`.
fn contrast(text: &str, phrases: &[Phrase], sentence: &Sentence) -> Option<Currency> {
    let words = words(text);
    let starts = (1..words.len()).filter(|at| {
        let rest = words.get(*at..).unwrap_or_default();
        phrase_at(rest, phrases).is_some_and(|(_, part)| part == Part::Not)
    });
    starts.into_iter().find_map(|at| {
        let (length, _) = phrase_at(words.get(at..)?, phrases)?;
        let behind = words.get(at.checked_add(length)?.checked_sub(1)?)?.end;
        let mut from = 0;
        let mut first = 0;
        // What opens the sentence says nothing: "it was USD, not EUR".
        while let Some((length, Part::Small | Part::Is | Part::In)) =
            phrase_at(words.get(first..at)?, phrases)
        {
            first = first.checked_add(length)?;
            from = words.get(first.checked_sub(1)?)?.end;
        }
        let before = words.get(at.checked_sub(1)?)?.end;
        let right = only_currency(&parse_text(text.get(from..before)?, sentence))?;
        let wrong = only_currency(&parse_text(text.get(behind..)?, sentence))?;
        (right != wrong).then_some(right)
    })
}

/// Returns the category that is said, if nothing else is: one of the book, or one that is usual.
fn category(parsed: &Parsed) -> Option<String> {
    let mut said = parsed.pieces.iter().filter(|piece| !is_mark(piece));
    let piece = said.next().filter(|_| said.next().is_none())?;
    let stored = piece.known.as_ref().filter(|known| known.side == Side::Category);
    let usual = piece.roles.iter().find_map(|role| match role {
        Role::Category(name) => Some((*name).to_owned()),
        _ => None,
    });
    stored.map(|known| known.name.clone()).or(usual)
}

/// Returns the day that is said, in the year that brings it nearest to today.
fn nearest_day(parsed: &Parsed, sentence: &Sentence) -> Option<Date> {
    let [past, future] =
        [Towards::Past, Towards::Future].map(|towards| day(parsed, sentence, towards));
    let away = |day: &Date| {
        sentence.today.since(*day).map_or(i32::MAX, |span| span.get_days().saturating_abs())
    };
    past.into_iter().chain(future).min_by_key(away)
}

/// Returns the one day that is said, if nothing else is.
fn day(parsed: &Parsed, sentence: &Sentence, towards: Towards) -> Option<Date> {
    let calendar = Calendar {
        pieces: &parsed.pieces,
        today: sentence.today,
        towards,
        month_first: period::month_first(&sentence.locale),
    };
    let found = calendar.all();
    let [one] = found.as_slice() else { return None };
    let outside = |at: usize| at < one.first || at >= one.end;
    let rest = parsed.pieces.iter().enumerate().filter(|(at, _)| outside(*at));
    let whole = rest.map(|(_, piece)| piece).all(is_mark);
    one.from.filter(|from| whole && one.to == Some(*from))
}

/// Returns a number of an invoice: up to three words with a digit among them.
fn number(rest: &str) -> Option<String> {
    let short = rest.split_whitespace().count() <= 3 && rest.chars().count() <= 40;
    (short && rest.chars().any(|c| c.is_ascii_digit())).then(|| rest.to_owned())
}

/// Returns a vendor's name: one that is known, or words that mean nothing else.
fn name(rest: &str, parsed: &Parsed, sentence: &Sentence) -> Option<String> {
    let count = rest.split_whitespace().count();
    let first = rest.chars().next()?;
    let known = sentence.names.vendors.iter().find(|known| fold(known) == fold(rest));
    if let Some(known) = known {
        return Some(known.clone());
    }
    let unknown = || parsed.pieces.iter().filter(|piece| !is_mark(piece)).all(Piece::is_unknown);
    let is_name = count <= MAX_NAME && (first.is_uppercase() || count <= 3 && unknown());
    let capital = || first.to_uppercase().chain(rest.chars().skip(1)).collect();
    (is_name && day(parsed, sentence, Towards::Past).is_none()).then(capital)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{conversation::Exchange, dates::date};
    use ports::model::Names;

    fn said(text: &str, locale: &str) -> Option<NewValues> {
        let before = Exchange { user: String::new(), reply: "Saved".to_owned() };
        of(&Sentence {
            text: text.to_owned(),
            today: date(2025, 9, 10),
            currency: Currency::EUR,
            locale: locale.to_owned(),
            context: vec![before],
            last_plan: None,
            names: Names::default(),
        })
    }

    #[test]
    fn every_language_has_every_part() {
        assert_eq!(LANGUAGES.len(), 7);
        for phrases in LANGUAGES.iter() {
            let mut parts: Vec<Part> = phrases.iter().map(|(_, part)| *part).collect();
            parts.sort_unstable();
            parts.dedup();
            assert_eq!(parts.len(), 14);
        }
    }

    #[test]
    fn amounts_are_stated_in_every_language() {
        for (text, locale) in [
            ("no, the total is 45.10", "en"),
            ("total should be €45.10", "en"),
            ("die Summe ist falsch, es ist 45,10 €", "de"),
            ("el total es 45,10", "es"),
            ("Le montant est faux : 45,10", "fr"),
            ("il totale è 45,10", "it"),
            ("het totaal klopt niet, het is 45,10", "nl"),
            ("o total é 45,10", "pt"),
            ("no, 45.10", "en"),
        ] {
            let set = said(text, locale).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(set.gross, Some(Decimal::new(4_510, 2)), "{text}");
        }
        assert_eq!(said("la TVA est 3,20", "fr").unwrap().tax, Some(Decimal::new(320, 2)));
    }

    #[test]
    fn days_numbers_and_vendors_are_stated_in_every_language() {
        for (text, locale) in [
            ("wrong date: 3 May", "en"),
            ("the date is wrong, it's 3 May", "en"),
            ("das Datum ist falsch, 3. Mai", "de"),
            ("fecha incorrecta: 3 de mayo", "es"),
            ("la date est fausse : 3 mai", "fr"),
            ("data sbagliata: 3 maggio", "it"),
            ("verkeerde datum: 3 mei", "nl"),
            ("data errada: 3 de maio", "pt"),
        ] {
            let set = said(text, locale).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(set.issue_date, Some(date(2025, 5, 3)), "{text}");
        }
        for text in [
            "the number is R-4711",
            "die Nummer ist R-4711",
            "le numéro est R-4711",
            "het nummer is R-4711",
        ] {
            assert_eq!(said(text, "").unwrap().number.as_deref(), Some("R-4711"), "{text}");
        }
        for text in [
            "it's from Shell",
            "it's from shell",
            "das ist von Shell",
            "es de Shell",
            "c'est de Shell",
            "è di Shell",
            "het is van Shell",
            "é da Shell",
            "the vendor is Shell",
            "falscher Lieferant: Shell",
        ] {
            let set = said(text, "").unwrap_or_else(|| panic!("{text}"));
            assert_eq!(set.vendor.as_deref(), Some("Shell"), "{text}");
        }
    }

    #[test]
    fn people_say_it_in_many_ways() {
        let eur = |text, locale| said(text, locale).and_then(|set| set.gross);
        for (text, locale) in [
            ("The total is wrong, it should be 45.10 EUR.", "en"),
            ("no, the amount is €45.10", "en"),
            ("wrong total: 45.10", "en"),
            ("der Betrag ist 45,10 €", "de"),
            ("Gesamtbetrag stimmt nicht: 45,10", "de"),
            ("le total est de 45,10 €", "fr"),
            ("el importe está mal, es 45,10", "es"),
            ("o valor é 45,10", "pt"),
            ("il totale è sbagliato: 45,10 euro", "it"),
        ] {
            assert_eq!(eur(text, locale), Some(Decimal::new(4_510, 2)), "{text}");
        }
        for (text, locale) in [
            ("the date is May 3rd", "en"),
            ("falsches Datum: 03.05.2025", "de"),
            ("la date est fausse, c'est le 3 mai", "fr"),
            ("la fecha es el 3 de mayo", "es"),
            ("a data está errada: 3 de maio", "pt"),
            ("la data è sbagliata, 3 maggio", "it"),
            ("de datum is fout: 3 mei", "nl"),
        ] {
            let day = said(text, locale).and_then(|set| set.issue_date);
            assert_eq!(day, Some(date(2025, 5, 3)), "{text}");
        }
        for (text, locale) in [
            ("tax is 3.20", "en"),
            ("die MwSt ist 3,20", "de"),
            ("la TVA est de 3,20", "fr"),
            ("el IVA es 3,20", "es"),
            ("o imposto é 3,20", "pt"),
            ("l'IVA è 3,20", "it"),
            ("de btw is 3,20", "nl"),
        ] {
            let tax = said(text, locale).and_then(|set| set.tax);
            assert_eq!(tax, Some(Decimal::new(320, 2)), "{text}");
        }
        for (text, locale) in [
            ("no, it is from Shell.", "en"),
            ("Der Lieferant ist falsch: Shell", "de"),
            ("el proveedor es Shell", "es"),
            ("o fornecedor é Shell", "pt"),
            ("il fornitore è Shell", "it"),
            ("de leverancier is Shell", "nl"),
            ("le fournisseur est Shell", "fr"),
        ] {
            let vendor = said(text, locale).and_then(|set| set.vendor);
            assert_eq!(vendor.as_deref(), Some("Shell"), "{text}");
        }
    }

    #[test]
    fn numbers_are_stated_and_rates_of_something_are_not() {
        for text in ["el número es 4711", "o número é 4711", "il numero è 4711"] {
            assert_eq!(
                said(text, "").and_then(|set| set.number).as_deref(),
                Some("4711"),
                "{text}"
            );
        }
        for text in
            ["tax is 19 % of 20", "total 2025", "total at Shell in May", "number of invoices"]
        {
            assert_eq!(said(text, "en"), None, "{text}");
        }
    }

    #[test]
    fn a_currency_is_put_right_in_every_language() {
        for (text, locale) in [
            ("it was in dollars", "en"),
            ("USD not EUR", "en"),
            ("no, dollars, not euros", "en"),
            ("the currency is USD", "en"),
            ("wrong currency: USD", "en"),
            ("it's dollars", "en"),
            ("das waren Dollar, nicht Euro", "de"),
            ("das war in Dollar", "de"),
            ("Dollar statt Euro", "de"),
            ("die Währung ist USD", "de"),
            ("era en dólares", "es"),
            ("dólares, no euros", "es"),
            ("c'était en dollars", "fr"),
            ("dollars, pas euros", "fr"),
            ("la devise est fausse : USD", "fr"),
            ("era in dollari", "it"),
            ("dollari, non euro", "it"),
            ("het was in dollars", "nl"),
            ("dollars, geen euro's", "nl"),
            ("USD niet EUR", "nl"),
            ("foi em dólares", "pt"),
            ("dólares, não euros", "pt"),
        ] {
            let currency = said(text, locale).and_then(|set| set.currency);
            assert_eq!(currency.map(|c| c.code().to_owned()).as_deref(), Some("USD"), "{text}");
        }
    }

    #[test]
    fn a_due_date_is_put_right_in_every_language() {
        for (text, locale) in [
            ("due 3 May", "en"),
            ("due date is 3 May", "en"),
            ("the due date is wrong: 3 May", "en"),
            ("fällig am 3. Mai", "de"),
            ("vence el 3 de mayo", "es"),
            ("échéance le 3 mai", "fr"),
            ("scadenza 3 maggio", "it"),
            ("vervaldatum is 3 mei", "nl"),
            ("vencimento: 3 de maio", "pt"),
        ] {
            let due = said(text, locale).and_then(|set| set.due_date);
            assert_eq!(due, Some(date(2025, 5, 3)), "{text}");
        }
        assert_eq!(said("due 3 January", "en").unwrap().due_date, Some(date(2026, 1, 3)));
    }

    #[test]
    fn a_category_is_put_right_in_every_language() {
        for (text, locale) in [
            ("that's travel", "en"),
            ("it's for travel", "en"),
            ("the category is travel", "en"),
            ("das ist Reisen", "de"),
            ("Kategorie ist Reisen", "de"),
            ("es viajes", "es"),
            ("la categoría es viajes", "es"),
            ("c'est des voyages", "fr"),
            ("è viaggi", "it"),
            ("dat is reizen", "nl"),
            ("é viagens", "pt"),
        ] {
            let category = said(text, locale).and_then(|set| set.category);
            assert_eq!(category.as_deref(), Some("Travel"), "{text}");
        }
    }

    #[test]
    fn a_tax_is_put_right_as_an_amount_or_as_a_rate_in_every_language() {
        for (text, locale) in [
            ("VAT is 7 %", "en"),
            ("VAT 7%", "en"),
            ("die MwSt ist 7 %", "de"),
            ("el IVA es 7 %", "es"),
            ("la TVA est de 7 %", "fr"),
            ("l'IVA è 7%", "it"),
            ("btw is 7%", "nl"),
            ("o IVA é 7%", "pt"),
        ] {
            let set = said(text, locale).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((set.tax_rate, set.tax), (Some(Decimal::new(7, 2)), None), "{text}");
        }
        for (text, locale) in [("tax 3.20", "en"), ("MwSt 3,20", "de"), ("TVA : 3,20", "fr")] {
            let set = said(text, locale).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(set.tax, Some(Decimal::new(320, 2)), "{text}");
        }
        for text in [
            "tax 2024",
            "due",
            "that's great",
            "it's from 2024",
            "travel",
            "USD",
            "due invoices",
            "not euros",
            "e viaggi",
            "e dollari",
            "e in dollari",
            "e em dólares",
            "for travel",
            "in dollars",
            "tax at 80 %",
            "euros not euros",
        ] {
            assert_eq!(said(text, "en"), None, "{text}");
        }
    }

    #[test]
    fn questions_orders_and_other_talk_are_no_statements() {
        for text in [
            "is the total 45.10?",
            "the total",
            "total 45.10",
            "the total is high",
            "it's from last month",
            "e da Amazon",
            "the date of invoice 17 is wrong",
            "no",
            "no, not that one",
            "wrong",
            "the total of May is what I want",
            "invoice Bob 3 hours at 80",
            "c'est de la folie",
        ] {
            assert_eq!(said(text, ""), None, "{text}");
        }
    }
}
