//! Invoices of our own making for the tests of this crate.

use domain::{
    dates::date,
    ids::InvoiceId,
    invoice::{Direction, Invoice, Kind, Line, Proof, Status, TaxGroup},
    money::{Currency, Money, Quantity, Rate, UnitPrice, line_amount},
    party::Party,
};
use rust_decimal::Decimal;

/// Returns a line of whole quantity and cents, taxed at a fifth.
pub fn line(description: &str, quantity: i64, cents: i64, currency: Currency) -> Line {
    let quantity = Quantity(Decimal::from(quantity));
    let price = UnitPrice(Decimal::new(cents, currency.decimals()));
    Line {
        description: description.to_owned(),
        quantity: Some(quantity),
        unit_price: Some(price),
        amount: line_amount(quantity, price, currency).ok(),
        tax_rate: Some(Rate(Decimal::new(20, 2))),
    }
}

/// Returns an issued, unpaid invoice of two lines, 20 % tax, in euros.
pub fn issued() -> Invoice {
    in_currency(Currency::EUR)
}

/// Returns the same invoice with its minor units in another currency.
pub fn in_currency(currency: Currency) -> Invoice {
    let money = |minor| Some(Money::new(minor, currency));
    Invoice {
        id: InvoiceId("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()),
        direction: Direction::Issued,
        kind: Kind::Invoice,
        number: Some("2026-0007".to_owned()),
        vendor: Party {
            name: "Atelier Ölberg GmbH".to_owned(),
            tax_id: Some("DE123456789".to_owned()),
            iban: Some("DE89370400440532013000".to_owned()),
            address: Some("Gartenweg 4, 50667 Köln, Germany".to_owned()),
            email: Some("post@atelier.example".to_owned()),
            payee: None,
        },
        customer: Party {
            address: Some("12 Mill Lane, Leeds LS1 4AB".to_owned()),
            ..Party::named("Bob’s Bikes Ltd.")
        },
        issue_date: date(2026, 3, 9),
        due_date: Some(date(2026, 4, 8)),
        paid_on: None,
        currency,
        lines: vec![
            line("Workshop on frame geometry, two days on site", 2, 60_000, currency),
            line("Travel", 1, 12_050, currency),
        ],
        taxes: vec![TaxGroup {
            rate: Some(Rate(Decimal::new(20, 2))),
            net: money(132_050),
            tax: money(26_410),
        }],
        net: money(132_050),
        tax: money(26_410),
        gross: Money::new(158_460, currency),
        allowance: None,
        prepaid: None,
        rounding: None,
        category: Some("training".to_owned()),
        status: Status::Unpaid,
        notes: Some("Thank you for riding with us.\nSee you in spring!".to_owned()),
        document: None,
        proof: Proof::Proven,
    }
}
