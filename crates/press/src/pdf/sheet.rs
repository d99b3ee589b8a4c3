//! What a page shows, as plain texts: the only thing of an invoice that a design ever sees.

use super::sums::{self, Sum};
use crate::{habit, printable};
use domain::{
    dates::Date,
    invoice::{Invoice, Kind, Line, Status},
    money::Rate,
    party::{Party, iban_is_valid},
    tenant::Language,
};
use serde::Serialize;

/// The longest number or name in the foot of a page.
const FOOT_LIMIT: usize = 60;

/// The texts of one invoice, ready to be placed.
#[derive(Debug, Serialize)]
pub struct Sheet {
    language: &'static str,
    kind: &'static str,
    mark: Option<&'static str>,
    number: Option<String>,
    created: Option<(i16, i8, i8)>,
    seller: Block,
    customer: Block,
    facts: Vec<Fact>,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    sums: Vec<Sum>,
    total: String,
    after: Vec<Sum>,
    payment: Vec<Fact>,
    notes: Vec<String>,
    foot: String,
}

#[derive(Debug, Serialize)]
struct Block {
    name: String,
    lines: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

impl Sheet {
    /// Writes an invoice down in the habits of a language.
    #[must_use]
    pub fn of(invoice: &Invoice, language: Language) -> Self {
        let number = invoice.number.as_deref().map(printable::one_line);
        let number = number.filter(|number| !number.is_empty());
        let seller = block(&invoice.vendor);
        let columns = columns(invoice);
        let rows =
            invoice.lines.iter().map(|line| row(line, &columns, invoice, language)).collect();
        Self {
            language: language.code(),
            kind: title(invoice.kind),
            mark: mark(invoice, number.is_some()),
            created: created(invoice.issue_date),
            customer: block(&invoice.customer),
            facts: facts(invoice, number.as_deref(), language),
            rows,
            columns,
            sums: sums::before_total(invoice, language),
            total: habit::money(invoice.gross, language),
            after: sums::after_total(invoice, language),
            payment: payment(invoice, number.as_deref()),
            notes: invoice.notes.as_deref().map(printable::lines).unwrap_or_default(),
            foot: foot(&seller.name, number.as_deref()),
            number,
            seller,
        }
    }
}

const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Invoice => "invoice",
        Kind::Receipt => "receipt",
        Kind::CreditNote => "credit_note",
        Kind::DebitNote => "debit_note",
    }
}

fn mark(invoice: &Invoice, has_number: bool) -> Option<&'static str> {
    match invoice.status {
        Status::Cancelled => Some("cancelled"),
        Status::Draft => Some("draft"),
        Status::Unpaid | Status::Paid | Status::PartPaid => (!has_number).then_some("draft"),
    }
}

/// A PDF can only hold years of our era.
fn created(date: Date) -> Option<(i16, i8, i8)> {
    (1..=9999).contains(&date.year()).then(|| (date.year(), date.month(), date.day()))
}

fn block(party: &Party) -> Block {
    let mut lines: Vec<String> = party
        .address
        .iter()
        .flat_map(|address| address.split([',', '\n']))
        .map(printable::one_line)
        .chain(party.email.as_deref().map(printable::one_line))
        .chain(party.tax_id.as_deref().map(printable::one_line))
        .collect();
    lines.retain(|line| !line.is_empty());
    Block { name: printable::one_line(&party.name), lines }
}

fn facts(invoice: &Invoice, number: Option<&str>, language: Language) -> Vec<Fact> {
    let day = |date| habit::date(date, language);
    [
        ("number", number.map(str::to_owned)),
        ("issue_date", Some(day(invoice.issue_date))),
        ("due_date", invoice.due_date.map(day)),
        ("paid_on", invoice.paid_on.map(day)),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(Fact { label, value: value? }))
    .collect()
}

/// Returns the columns that at least one line fills; the rate only where rates differ.
fn columns(invoice: &Invoice) -> Vec<&'static str> {
    let any = |has: fn(&Line) -> bool| invoice.lines.iter().any(has);
    let mut rates: Vec<Option<Rate>> = invoice.lines.iter().map(|line| line.tax_rate).collect();
    rates.sort_unstable();
    rates.dedup();
    [
        ("description", true),
        ("quantity", any(|line| line.quantity.is_some())),
        ("unit_price", any(|line| line.unit_price.is_some())),
        ("tax", rates.len() > 1),
        ("amount", true),
    ]
    .into_iter()
    .filter_map(|(column, is_shown)| is_shown.then_some(column))
    .collect()
}

fn row(line: &Line, columns: &[&str], invoice: &Invoice, language: Language) -> Vec<String> {
    let cell = |column: &&str| match *column {
        "description" => Some(printable::one_line(&line.description)),
        "quantity" => line.quantity.map(|quantity| habit::quantity(quantity, language)),
        "unit_price" => {
            line.unit_price.map(|price| habit::unit_price(price, invoice.currency, language))
        }
        "tax" => line.tax_rate.map(|rate| habit::rate(rate, language)),
        _ => line.amount.map(|amount| habit::amount(amount, language)),
    };
    columns.iter().map(|column| cell(column).unwrap_or_default()).collect()
}

fn payment(invoice: &Invoice, number: Option<&str>) -> Vec<Fact> {
    let asks = matches!(invoice.kind, Kind::Invoice | Kind::DebitNote)
        && matches!(invoice.status, Status::Draft | Status::Unpaid | Status::PartPaid);
    let Some(iban) = invoice.vendor.iban.as_deref().filter(|_| asks) else { return Vec::new() };
    let mut facts = vec![Fact { label: "account", value: account(iban) }];
    facts.extend(number.map(|number| Fact { label: "reference", value: number.to_owned() }));
    facts
}

/// Writes an IBAN in groups of four; whatever else it may be stays as it is.
fn account(iban: &str) -> String {
    let plain: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    if !iban_is_valid(iban) {
        return printable::one_line(iban);
    }
    let groups: Vec<String> = plain.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

fn foot(seller: &str, number: Option<&str>) -> String {
    let parts: Vec<String> = [Some(seller), number]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .map(|part| printable::shortened(part, FOOT_LIMIT))
        .collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn an_invoice_without_a_number_is_a_draft() {
        let mut invoice = samples::issued();
        assert_eq!(Sheet::of(&invoice, Language::En).mark, None);
        invoice.number = None;
        assert_eq!(Sheet::of(&invoice, Language::En).mark, Some("draft"));
        invoice.status = Status::Cancelled;
        assert_eq!(Sheet::of(&invoice, Language::En).mark, Some("cancelled"));
    }

    #[test]
    fn only_columns_with_something_in_them_are_shown() {
        let mut invoice = samples::issued();
        assert_eq!(columns(&invoice), ["description", "quantity", "unit_price", "amount"]);
        for line in &mut invoice.lines {
            line.quantity = None;
            line.unit_price = None;
        }
        invoice.lines[0].tax_rate = None;
        assert_eq!(columns(&invoice), ["description", "tax", "amount"]);
    }

    #[test]
    fn the_account_is_printed_while_something_is_to_be_paid() {
        let mut invoice = samples::issued();
        assert_eq!(payment(&invoice, None)[0].value, "DE89 3704 0044 0532 0130 00");
        invoice.status = Status::Paid;
        assert!(payment(&invoice, None).is_empty());
        assert_eq!(account("12 34 5"), "12 34 5");
    }
}
