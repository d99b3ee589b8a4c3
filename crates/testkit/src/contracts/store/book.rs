//! Made-up invoices, by a plain generator: the same seed gives the same book everywhere.

use domain::{
    dates::{Date, date},
    document::ContentHash,
    ids::InvoiceId,
    invoice::{Direction, Invoice, Kind, Line, Proof, Status, TaxGroup},
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    party::Party,
};
use jiff::ToSpan;
use rust_decimal::Decimal;
use uuid::Uuid;

/// The vendors of a book; two of them are one without case and accents.
pub const VENDORS: [&str; 6] =
    ["Café Lumière", "CAFE LUMIERE", "Nordhafen Energie", "Quick Print Ltd.", "50%_Off", "***"];
/// The customers of a book.
pub const CUSTOMERS: [&str; 3] = ["Harbour Café", "Atelier Rouge", "Bäckerei Groß"];
/// The categories of a book.
pub const CATEGORIES: [&str; 3] = ["Office", "Energía", "travel"];
/// The items of a book.
pub const ITEMS: [&str; 4] = ["Printer paper", "Électricité", "electricite", "Train ticket"];

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    /// Makes dice from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// Returns a number below the limit, which is not zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// Returns whether a chance of so many percent came true.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns one of these.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        let limit = u64::try_from(choices.len()).unwrap();
        choices[usize::try_from(self.below(limit)).unwrap()]
    }

    /// Returns an identifier.
    pub fn id(&mut self) -> InvoiceId {
        InvoiceId(Uuid::from_u64_pair(self.below(u64::MAX), self.below(u64::MAX)))
    }
}

/// Makes an unpaid invoice of 100 euros, received from a vendor.
#[must_use]
pub fn received(id: u128, vendor: &str, number: &str) -> Invoice {
    Invoice {
        id: InvoiceId(Uuid::from_u128(id)),
        direction: Direction::Received,
        kind: Kind::Invoice,
        number: Some(number.to_owned()).filter(|number| !number.is_empty()),
        vendor: Party::named(vendor),
        customer: Party::default(),
        issue_date: date(2025, 5, 1),
        due_date: None,
        paid_on: None,
        currency: Currency::EUR,
        lines: Vec::new(),
        taxes: Vec::new(),
        net: None,
        tax: None,
        gross: Money::new(10_000, Currency::EUR),
        allowance: None,
        prepaid: None,
        rounding: None,
        category: None,
        status: Status::Unpaid,
        notes: None,
        document: None,
        proof: Proof::Unproven,
    }
}

/// Makes an invoice in which every field holds something.
#[must_use]
pub fn full(id: u128) -> Invoice {
    let eur = |minor| Some(Money::new(minor, Currency::EUR));
    let party = Party {
        name: "Große Küche GmbH".to_owned(),
        tax_id: Some("DE123456789".to_owned()),
        iban: Some("DE89370400440532013000".to_owned()),
        address: Some("Am Hafen 3, 20457 Hamburg".to_owned()),
        email: Some("rechnung@example.org".to_owned()),
        payee: Some("Factor AG".to_owned()),
    };
    Invoice {
        kind: Kind::DebitNote,
        vendor: party.clone(),
        customer: Party { name: "Ana 🦜 Núñez".to_owned(), ..party },
        due_date: Some(date(2025, 5, 31)),
        paid_on: Some(date(2025, 5, 20)),
        lines: vec![Line {
            description: "Brötchen, \"groß\"; 100 %".to_owned(),
            quantity: Some(Quantity(Decimal::new(12_345_678_901_234_567, 10))),
            unit_price: Some(UnitPrice(Decimal::new(9_007_199_254_740_993, 4))),
            amount: eur(9_007_199_254_740_993),
            tax_rate: Some(Rate(Decimal::new(7, 2))),
        }],
        taxes: vec![TaxGroup {
            rate: Some(Rate(Decimal::new(19, 2))),
            net: eur(8_403),
            tax: eur(1_597),
        }],
        net: eur(8_403),
        tax: eur(1_597),
        gross: Money::new(i64::MAX, Currency::EUR),
        allowance: eur(-100),
        prepaid: eur(5),
        rounding: eur(1),
        category: Some("Küche".to_owned()),
        status: Status::PartPaid,
        notes: Some("line one\nline two".to_owned()),
        document: Some(ContentHash([7; 32])),
        proof: Proof::Proven,
        ..received(id, "", "RE-2025/0042")
    }
}

/// Makes a book of so many invoices of every sort, around 2025.
#[must_use]
pub fn generated(seed: u64, size: usize) -> Vec<Invoice> {
    let mut dice = Dice::new(seed);
    (0..size).map(|_| random(&mut dice)).collect()
}

fn random(dice: &mut Dice) -> Invoice {
    let currency = Currency::parse(dice.one_of(&["EUR", "EUR", "USD", "JPY", "KWD"])).unwrap();
    let is_issued = dice.chance(35);
    let issue_date = day(dice, date(2024, 9, 1), 480);
    let status = dice.one_of(&[
        Status::Paid,
        Status::Paid,
        Status::Unpaid,
        Status::Unpaid,
        Status::PartPaid,
        Status::Draft,
        Status::Cancelled,
    ]);
    let lines: Vec<Line> = (0..dice.below(4)).map(|_| line(dice, currency)).collect();
    let net = money(dice, currency);
    let tax = dice.chance(80).then(|| Money::new(net.minor / 5, currency));
    let own = Party::named("My Own Firm");
    let vendor = Party::named(dice.one_of(&VENDORS));
    let customer = Party::named(dice.one_of(&CUSTOMERS));
    Invoice {
        id: dice.id(),
        direction: if is_issued { Direction::Issued } else { Direction::Received },
        kind: dice.one_of(&[Kind::Invoice, Kind::Invoice, Kind::Receipt, Kind::CreditNote]),
        number: dice.chance(90).then(|| format!("R-{:04}", dice.below(300))),
        vendor: if is_issued { own.clone() } else { vendor },
        customer: if is_issued { customer } else { own },
        issue_date,
        due_date: dice.chance(80).then(|| day(dice, issue_date, 60)),
        paid_on: (status == Status::Paid).then(|| day(dice, issue_date, 40)),
        currency,
        lines,
        net: dice.chance(80).then_some(net),
        tax,
        gross: Money::new(net.minor + tax.map_or(0, |tax| tax.minor), currency),
        category: dice.chance(75).then(|| dice.one_of(&CATEGORIES).to_owned()),
        status,
        ..received(0, "", "")
    }
}

fn line(dice: &mut Dice, currency: Currency) -> Line {
    let quantity = Decimal::new(i64::try_from(dice.below(90)).unwrap() + 1, 1);
    let price = Decimal::new(i64::try_from(dice.below(90_000)).unwrap(), 3);
    Line {
        description: dice.one_of(&ITEMS).to_owned(),
        quantity: dice.chance(80).then_some(Quantity(quantity)),
        unit_price: dice.chance(80).then_some(UnitPrice(price)),
        amount: dice.chance(90).then(|| money(dice, currency)),
        tax_rate: None,
    }
}

fn money(dice: &mut Dice, currency: Currency) -> Money {
    let round = dice.one_of(&[5_000, 10_000, 50_000]);
    let odd = i64::try_from(dice.below(200_000)).unwrap();
    Money::new(if dice.chance(30) { round } else { odd }, currency)
}

fn day(dice: &mut Dice, from: Date, within: u64) -> Date {
    from + i64::try_from(dice.below(within)).unwrap().days()
}
