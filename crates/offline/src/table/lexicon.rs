//! What heads and words of cells mean, in seven languages: whole labels first, then heads put
//! together of known words.

use crate::number;
use domain::{invoice::Status, money::Currency, names::fold, reading::ReadKind};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Who issued the invoice.
    Vendor,
    /// Who is to pay.
    Customer,
    /// The invoice's number.
    Number,
    /// The issue date.
    Date,
    /// The due date.
    DueDate,
    /// The day of payment.
    PaidOn,
    /// The currency.
    Currency,
    /// The total without tax.
    Net,
    /// The tax.
    Tax,
    /// The total with tax.
    Gross,
    /// An amount with or without tax.
    Amount,
    /// What is left to pay.
    Left,
    /// What has been paid.
    PaidSum,
    /// The tax rate.
    Rate,
    /// Paid, open and so on.
    Status,
    /// What it was for.
    Category,
    /// Invoice, credit note and so on.
    Kind,
    /// The vendor's tax number.
    TaxId,
    /// What was bought.
    Description,
    /// How many.
    Quantity,
    /// The price of one.
    Price,
}

/// What a word says in a head that is put together of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Theme {
    Net,
    Gross,
    With,
    Without,
    Tax,
    Amount,
    Total,
    Left,
    Document,
    Order,
    Number,
    Date,
    Due,
    Vendor,
    Customer,
    Name,
    Link,
}

/// What the head of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// What the column holds.
    pub column: Column,
    /// Whether it only counts where no other head says the same.
    pub weak: bool,
    /// The currency that it names.
    pub currency: Option<Currency>,
}

#[derive(Deserialize)]
struct File {
    columns: BTreeMap<Column, Vec<String>>,
    weak: BTreeMap<Column, Vec<String>>,
    words: BTreeMap<Theme, Vec<String>>,
    payments: Payments,
    sides: Sides,
    statuses: BTreeMap<String, Vec<String>>,
    kinds: BTreeMap<ReadKind, Vec<String>>,
    sums: Vec<String>,
}

#[derive(Deserialize)]
struct Payments {
    sure: Vec<String>,
    perhaps: Vec<String>,
}

#[derive(Deserialize)]
struct Sides {
    issued: Vec<String>,
}

/// Labels without their spaces, since exports write `InvoiceNumber` and `invoice_number` alike.
#[derive(Default)]
struct Lexicon {
    columns: HashMap<String, Column>,
    weak: HashMap<String, Column>,
    words: HashMap<String, Theme>,
    payments: HashMap<String, usize>,
    issued: HashSet<String>,
    statuses: HashMap<String, Status>,
    kinds: HashMap<String, ReadKind>,
    sums: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let Ok(file) = toml::from_str::<File>(include_str!("../lexicons/tables/columns.toml")) else {
        return Lexicon::default();
    };
    let statuses =
        file.statuses.iter().filter_map(|(name, words)| Some((Status::parse(name)?, words)));
    let sure = file.payments.sure.iter().map(|head| (glued(head), 2));
    let perhaps = file.payments.perhaps.iter().map(|head| (glued(head), 1));
    Lexicon {
        columns: by_label(file.columns.iter().map(|(column, labels)| (*column, labels))),
        weak: by_label(file.weak.iter().map(|(column, labels)| (*column, labels))),
        words: by_label(file.words.iter().map(|(theme, words)| (*theme, words))),
        payments: sure.chain(perhaps).collect(),
        issued: file.sides.issued.iter().map(|word| glued(word)).collect(),
        statuses: by_label(statuses),
        kinds: by_label(file.kinds.iter().map(|(kind, words)| (*kind, words))),
        sums: file.sums.iter().map(|word| glued(word)).collect(),
    }
});

fn by_label<'a, T: Copy>(all: impl Iterator<Item = (T, &'a Vec<String>)>) -> HashMap<String, T> {
    all.flat_map(|(meaning, labels)| labels.iter().map(move |label| (glued(label), meaning)))
        .collect()
}

fn glued(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// Returns the status that a cell's text names.
pub fn status(text: &str) -> Option<Status> {
    LEXICON.statuses.get(&glued(text)).copied()
}

/// Returns what kind of document a cell's text names.
pub fn kind(text: &str) -> Option<ReadKind> {
    let plain = text.split('(').next().unwrap_or_default();
    LEXICON.kinds.get(&glued(text)).or_else(|| LEXICON.kinds.get(&glued(plain))).copied()
}

/// Returns whether a cell's text names an invoice that this side issued.
pub fn is_issued(text: &str) -> bool {
    LEXICON.issued.contains(&glued(text))
}

/// Returns whether a cell's text is the head of a row of sums.
pub fn is_sum(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    LEXICON.sums.contains(&glued(text)) || LEXICON.sums.contains(&glued(first))
}

/// Returns the currency that a cell's text names by its code or sign.
pub fn currency(text: &str) -> Option<Currency> {
    Currency::parse(&text.trim().to_uppercase()).or_else(|| number::currency_of(text.trim()))
}

/// Returns how far a head is that of a list of payments: 2 surely, 1 perhaps, 0 not.
pub fn of_payments(head: &str) -> usize {
    LEXICON.payments.get(&glued(head)).copied().unwrap_or_default()
}

/// Returns whether a word of a head speaks of a number.
pub fn names_number(head: &str) -> bool {
    let spaced = parted(head);
    let mut words = spaced.split_whitespace().map(fold);
    words.any(|word| LEXICON.words.get(&word) == Some(&Theme::Number)) || head.contains('#')
}

/// Returns what the head of a column says.
pub fn meaning(head: &str) -> Option<Meaning> {
    let labelled = |text: &str, currency| {
        let strong = LEXICON.columns.get(text).map(|column| (*column, false));
        let (column, weak) =
            strong.or_else(|| LEXICON.weak.get(text).map(|column| (*column, true)))?;
        Some(Meaning { column, weak, currency })
    };
    let is_rate = head.split_whitespace().any(|word| word == "%");
    if let Some(whole) = labelled(&glued(head), None).filter(|_| !is_rate) {
        return Some(whole);
    }
    [head, &parted(head)].into_iter().find_map(|head| {
        let spaced = head.replace(['(', ')', '[', ']', '/', ':', ',', '_', '#'], " ");
        let upper = spaced.to_uppercase();
        let currency = upper.split_whitespace().find_map(number::currency_of);
        let words: Vec<&str> = spaced.split_whitespace().filter(|word| !is_unit(word)).collect();
        let whole = labelled(&glued(&words.concat()), currency).or_else(|| {
            let column = composed(&words)?;
            Some(Meaning { column, weak: false, currency })
        })?;
        let is_rate = is_rate && whole.column == Column::Tax;
        Some(if is_rate { Meaning { column: Column::Rate, ..whole } } else { whole })
    })
}

fn is_unit(word: &str) -> bool {
    let rate = word
        .strip_suffix('%')
        .is_some_and(|rate| rate.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')));
    number::is_currency_sign(&word.to_uppercase())
        || word == "%"
        || rate
        || matches!(fold(word).as_str(), "in" | "en" | "em")
}

/// Parts the words of `InvoiceAmountDue` with spaces.
fn parted(head: &str) -> String {
    let mut text = String::new();
    let mut last = ' ';
    for c in head.chars() {
        if c.is_uppercase() && last.is_lowercase() {
            text.push(' ');
        }
        text.push(c);
        last = c;
    }
    text
}

/// Returns what a head says whose every word is known.
fn composed(words: &[&str]) -> Option<Column> {
    use Theme::{
        Amount, Customer, Date, Document, Due, Gross, Left, Link, Name, Net, Number, Order, Tax,
        Total, Vendor, With, Without,
    };
    let mut themes = Vec::new();
    for word in
        words.iter().flat_map(|word| fold(word).split(' ').map(str::to_owned).collect::<Vec<_>>())
    {
        themes.extend(themes_of(&word)?);
    }
    let has = |theme: Theme| themes.contains(&theme);
    let only = |known: &[Theme]| themes.iter().all(|theme| *theme == Link || known.contains(theme));
    let money = [Net, Gross, With, Without, Tax, Amount, Total, Left, Document, Order, Due];
    Some(match () {
        () if has(Vendor) && only(&[Vendor, Name]) => Column::Vendor,
        () if has(Customer) && only(&[Customer, Name]) => Column::Customer,
        () if has(Number) && has(Document) && only(&[Number, Document]) => Column::Number,
        () if has(Due) && only(&[Due, Date, Document]) => Column::DueDate,
        () if has(Date) && only(&[Date, Document]) => Column::Date,
        () if !only(&money) => return None,
        () if (has(Left) || has(Due)) && (has(Amount) || has(Total)) => Column::Left,
        () if has(Left) || has(Due) => return None,
        () if has(Net) || has(Without) => Column::Net,
        () if has(Gross) || has(With) => Column::Gross,
        () if has(Tax) => Column::Tax,
        () if has(Total) || (has(Amount) && has(Document)) => Column::Gross,
        () if has(Amount) => Column::Amount,
        () => return None,
    })
}

/// Returns the themes of a word: its own, or those of the words that it is put together of, as in
/// `Rechnungsbetrag`.
fn themes_of(word: &str) -> Option<Vec<Theme>> {
    /// Shorter words would be found anywhere.
    const SHORTEST: usize = 3;
    if let Some(theme) = LEXICON.words.get(word) {
        return Some(vec![*theme]);
    }
    (SHORTEST..word.len()).rev().find_map(|cut| {
        let (head, rest) = word.split_at_checked(cut)?;
        let theme = LEXICON.words.get(head)?;
        let rest = themes_of(rest).or_else(|| themes_of(rest.strip_prefix('s')?))?;
        Some(std::iter::once(*theme).chain(rest).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn every_label_is_folded_and_means_one_thing() {
        let file: File = toml::from_str(include_str!("../lexicons/tables/columns.toml")).unwrap();
        let mut seen = HashMap::new();
        for (column, labels) in file.columns.iter().chain(&file.weak) {
            for label in labels {
                assert_eq!(*label, fold(label));
                let before = seen.insert(glued(label), *column);
                assert!(before.is_none_or(|before| before == *column), "{label}: {before:?}");
            }
        }
        let mut themes = HashMap::new();
        for (theme, words) in &file.words {
            for word in words {
                assert_eq!(*word, glued(word));
                let before = themes.insert(word.clone(), *theme);
                assert_eq!(before, None, "{word}");
            }
        }
    }

    #[rstest]
    #[case("Invoice_Number", Some(Column::Number))]
    #[case("InvoiceNumber", Some(Column::Number))]
    #[case("Nº fatura", Some(Column::Number))]
    #[case("N.º da Factura", Some(Column::Number))]
    #[case("Invoice #", Some(Column::Number))]
    #[case("Num", Some(Column::Number))]
    #[case("ContactName", Some(Column::Vendor))]
    #[case("Vendor display name", Some(Column::Vendor))]
    #[case("Name des Lieferanten", Some(Column::Vendor))]
    #[case("Data di scadenza", Some(Column::DueDate))]
    #[case("Date (UTC)", Some(Column::Date))]
    #[case("Amount", Some(Column::Amount))]
    #[case("Amount (net)", Some(Column::Net))]
    #[case("Amount (gross)", Some(Column::Gross))]
    #[case("Taxable Value", Some(Column::Net))]
    #[case("Invoice Value", Some(Column::Gross))]
    #[case("Total excl. VAT", Some(Column::Net))]
    #[case("Total (incl. GST)", Some(Column::Gross))]
    #[case("TaxTotal", Some(Column::Tax))]
    #[case("VAT 20%", Some(Column::Tax))]
    #[case("VAT %", Some(Column::Rate))]
    #[case("InvoiceAmountDue", Some(Column::Left))]
    #[case("InvoiceAmountPaid", Some(Column::PaidSum))]
    #[case("Rechnungsbetrag brutto", Some(Column::Gross))]
    #[case("Nettosumme ohne MwSt.", Some(Column::Net))]
    #[case("Umsatzsteuerbetrag", Some(Column::Tax))]
    #[case("Montant T.T.C.", Some(Column::Gross))]
    #[case("Importe sin IVA", Some(Column::Net))]
    #[case("Total IVA incluido", Some(Column::Gross))]
    #[case("Valor líquido", Some(Column::Net))]
    #[case("Totale IVA esclusa", Some(Column::Net))]
    #[case("Bedrag excl. btw", Some(Column::Net))]
    #[case("Bedrag incl. btw", Some(Column::Gross))]
    #[case("Shoe size", None)]
    #[case("Net weight", None)]
    #[case("Order status", None)]
    fn heads_are_told_in_every_spelling(#[case] head: &str, #[case] column: Option<Column>) {
        assert_eq!(meaning(head).map(|meaning| meaning.column), column);
    }

    #[test]
    fn a_head_may_name_a_currency() {
        let named = |head| meaning(head).and_then(|meaning| meaning.currency);
        assert_eq!(named("Gesamtbetrag (EUR)"), Some(Currency::EUR));
        assert_eq!(named("Total in €"), Some(Currency::EUR));
        assert_eq!(named("amount_usd"), Currency::parse("USD"));
        assert_eq!(named("Total"), None);
    }
}
