//! One sample or more of each reply, with invented values; the tests render them all.

use crate::replies::{
    Clashing, Listed, NotInvoice, Odd, Oddness, Omitted, Reply, Seen, Strangeness, Unplaced,
    Waiting,
};
use domain::{
    dates::{Date, date},
    document::{Notice, Obstacle},
    draft::{Draft, DraftItem, DraftTax, Missing, Objection},
    ids::{InvoiceId, PendingId},
    invoice::{Direction, Finding, Invoice, Kind, Line, Proof, Status},
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    outcome::Stored,
    party::Party,
    question::{
        Answer, DateField, Entity, Field, Filters, Group, GroupBy, InvoiceRow, ItemRow, Metric,
        QueryPlan, StatusFilter, Value,
    },
    reading::Computed,
    tenant::Language,
    vendor_memory::VendorHint,
};
use ports::tables::Lack;
use rust_decimal::Decimal;
use uuid::Uuid;

pub const TODAY: Date = date(2025, 9, 10);
const STORED: Stored = Stored { invoices: 1_204, messages: 5_310, files: 900 };

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub fn invoice() -> Invoice {
    Invoice {
        id: InvoiceId(Uuid::nil()),
        direction: Direction::Received,
        kind: Kind::Invoice,
        number: Some("R-2041".into()),
        vendor: Party::named("Moosbach Gärtnerei *GmbH* & _Co_"),
        customer: Party::default(),
        issue_date: date(2025, 8, 3),
        due_date: Some(date(2025, 8, 17)),
        paid_on: None,
        currency: Currency::EUR,
        lines: vec![Line {
            description: "Roses".into(),
            quantity: Some(Quantity(Decimal::from(10))),
            unit_price: Some(UnitPrice(Decimal::from(10))),
            amount: Some(eur(10_000)),
            tax_rate: None,
        }],
        taxes: Vec::new(),
        net: Some(eur(10_000)),
        tax: Some(eur(1_900)),
        gross: eur(11_900),
        allowance: None,
        prepaid: None,
        rounding: None,
        category: None,
        status: Status::Unpaid,
        notes: None,
        document: None,
        proof: Proof::Proven,
    }
}

pub fn row() -> InvoiceRow {
    InvoiceRow {
        id: InvoiceId(Uuid::nil()),
        direction: Direction::Received,
        kind: Kind::Invoice,
        number: Some("R-2041".into()),
        counterparty: "Moosbach".into(),
        issue_date: date(2025, 8, 3),
        due_date: Some(date(2025, 8, 17)),
        paid_on: None,
        gross: eur(11_900),
        amount_due: None,
        status: Status::Unpaid,
        category: None,
    }
}

fn draft() -> Draft {
    let rate = Rate::from_percent(Decimal::from(19));
    Draft {
        customer: Some("Bob".into()),
        items: vec![DraftItem {
            description: "hours".into(),
            quantity: Quantity(Decimal::from(3)),
            unit_price: Some(UnitPrice(Decimal::from(80))),
        }],
        due_date: Some(date(2025, 9, 24)),
        tax: Some(DraftTax::Rate { rate, inclusive: false }),
        ..Draft::empty(Currency::EUR, TODAY)
    }
}

fn answered(plan: QueryPlan, answer: Answer) -> Reply {
    Reply::Answered { plan: Box::new(plan), answer, today: TODAY, from: 0, files: Vec::new() }
}

pub fn spent() -> QueryPlan {
    QueryPlan {
        metric: Metric::Sum,
        field: Field::Total,
        filters: Filters {
            vendor: vec!["Shell".into()],
            direction: Some(Direction::Received),
            date_from: Some(date(2025, 5, 1)),
            date_to: Some(date(2025, 5, 31)),
            ..Filters::default()
        },
        ..QueryPlan::default()
    }
}

fn answers() -> Vec<Reply> {
    let usd = Money::new(99, Currency::parse("USD").expect("a code"));
    let unpaid = QueryPlan {
        filters: Filters { status: vec![StatusFilter::Unpaid], ..Filters::default() },
        ..QueryPlan::default()
    };
    let due = QueryPlan {
        filters: Filters {
            date_field: DateField::DueDate,
            date_to: Some(TODAY),
            ..unpaid.filters.clone()
        },
        ..unpaid.clone()
    };
    let count = QueryPlan { metric: Metric::Count, field: Field::Id, ..QueryPlan::default() };
    let by_vendor = QueryPlan { group_by: Some(GroupBy::Vendor), ..spent() };
    let group = |name: &str, value| Group { name: name.into(), value };
    let item = ItemRow {
        description: "Roses".into(),
        quantity: Some(Decimal::from(10)),
        unit_price: None,
        amount: Some(eur(10_000)),
        counterparty: "Moosbach".into(),
        issue_date: date(2025, 8, 3),
    };
    let items = QueryPlan { entity: Entity::Item, field: Field::Item, ..QueryPlan::default() };
    let vendors = QueryPlan { field: Field::Vendor, ..QueryPlan::default() };
    vec![
        answered(spent(), Answer::Amounts(vec![eur(4_210)])),
        answered(spent(), Answer::Amounts(vec![eur(4_210), usd])),
        answered(spent(), Answer::Amounts(Vec::new())),
        answered(count, Answer::Number(Decimal::from(12))),
        answered(
            by_vendor,
            Answer::Groups(vec![
                group("Shell", Value::Money(eur(4_210))),
                group("", Value::Number(Decimal::ONE)),
            ]),
        ),
        answered(unpaid.clone(), Answer::Invoices { rows: vec![row(); 11], count: 12 }),
        answered(due, Answer::Invoices { rows: Vec::new(), count: 0 }),
        answered(items, Answer::Items { rows: vec![item], count: 1 }),
        answered(vendors, Answer::Names(vec!["Moosbach".into(), "Shell".into()])),
    ]
}

/// A word with buttons under it.
fn asked(word: Unplaced) -> Unplaced {
    Unplaced { choice: Some(PendingId(Uuid::nil())), ..word }
}

fn unplaced(typed: &str, suggestions: &[&str]) -> Unplaced {
    let suggestions = suggestions.iter().map(|name| (*name).to_owned()).collect();
    Unplaced { typed: typed.to_owned(), suggestions, choice: None }
}

/// Returns samples of every reply.
pub fn all() -> Vec<Reply> {
    [talk(), files(), drafts(), answers()].concat()
}

fn talk() -> Vec<Reply> {
    vec![
        Reply::Greeting,
        Reply::Menu,
        Reply::Thanks,
        Reply::Goodbye,
        Reply::Identity,
        Reply::ErasePreview { stored: STORED, pending: PendingId(Uuid::nil()) },
        Reply::Erased { stored: STORED, reference: Uuid::nil().to_string() },
        Reply::OffTopic,
        Reply::Strange { how: Strangeness::Wordless },
        Reply::Strange { how: Strangeness::OtherTongue },
        Reply::Strange { how: Strangeness::Hurt },
        Reply::NotUnderstood,
        Reply::UnknownName(unplaced("Shel", &["Shell"])),
        Reply::UnknownWord(asked(unplaced("crumpled", &[]))),
        Reply::UnknownWord(asked(unplaced("Hezner", &["Hetzner"]))),
        Reply::Unclear(unplaced("about 200", &[])),
        Reply::Odd(Odd { typed: "120 of 200".into(), how: Oddness::Part }),
        Reply::Odd(Odd { typed: "30 February".into(), how: Oddness::Day }),
        Reply::Odd(Odd { typed: "XYZ".into(), how: Oddness::Currency }),
        Reply::Odd(Odd { typed: "Atlantis".into(), how: Oddness::Zone }),
        Reply::Odd(Odd { typed: "klingon".into(), how: Oddness::Language }),
        Reply::CannotGoBy(unplaced("weekend", &[])),
        Reply::Contradicts(Clashing { one: "> 500".into(), other: "< 100".into() }),
        Reply::Stopped,
        Reply::Resumed,
        Reply::NothingPending,
        Reply::PendingExpired,
        Reply::Dropped,
        Reply::LanguageSet { language: Language::De },
        Reply::OverCap,
        Reply::NoteKept,
        Reply::StillWaits(Waiting { draft: None, pending: PendingId(Uuid::nil()) }),
        Reply::Delayed,
        Reply::Throttled,
        Reply::Apology { reference: "7f3a".into() },
    ]
}

/// Everything that makes a file unreadable.
const OBSTACLES: [Obstacle; 15] = [
    Obstacle::Encrypted,
    Obstacle::Empty,
    Obstacle::NoText,
    Obstacle::TooHard,
    Obstacle::Broken,
    Obstacle::TooManyPages,
    Obstacle::TooManyPixels,
    Obstacle::TooManyRows,
    Obstacle::Uncalculated,
    Obstacle::UnpacksTooLarge,
    Obstacle::Blurred,
    Obstacle::Dark,
    Obstacle::CutOff,
    Obstacle::Incomplete,
    Obstacle::OtherScript,
];

/// What is remembered of vendors.
fn remembered() -> Vec<Reply> {
    vec![
        Reply::VendorMemory { hints: Vec::new() },
        Reply::VendorMemory {
            hints: vec![VendorHint {
                keys: vec!["tax:DE123".into(), "name:shel stati0n".into()],
                vendor: Some("Shell".into()),
                month_first: Some(true),
                currency: None,
                category: Some("Fuel".into()),
                total_label: Some("to pay".into()),
                number_label: Some("doc no".into()),
            }],
        },
        Reply::Forgotten,
    ]
}

/// What stands in the way of storing a document.
fn questions() -> Vec<Reply> {
    let pending = PendingId(Uuid::nil());
    vec![
        Reply::LooksLikeDuplicate { row: row(), same_picture: false, pending },
        Reply::LooksLikeDuplicate { row: row(), same_picture: true, pending },
        Reply::AskTotal(Seen::default()),
        Reply::AskTotal(Seen {
            vendor: Some("Moosbach".into()),
            number: Some("R-2041".into()),
            day: Some(TODAY),
        }),
        Reply::ForgetPreview { count: 2, pending },
        Reply::SeveralReceipts { invoice: Box::new(invoice()), pending },
    ]
}

/// What is said about lists of invoices.
fn lists() -> Vec<Reply> {
    let pending = PendingId(Uuid::nil());
    let whys =
        [Lack::Total, Lack::UnreadableTotal, Lack::Date, Lack::OtherKind, Lack::SharedNumber];
    let skipped = whys.into_iter().zip(4..).map(|(why, row)| Omitted {
        sheet: if row == 4 { "Q1_*2025*".into() } else { String::new() },
        row,
        why,
    });
    let plain = Listed { count: 2, sums: vec![eur(150_000)], ..Listed::default() };
    let full = Listed {
        sums: vec![eur(150_000), Money::new(-1_200, Currency::parse("USD").unwrap())],
        known: 3,
        unsure: 1,
        assumed: 2,
        currencies: ["EUR", "USD"].into(),
        unused: vec!["Shipping".into(), "*Fee*".into()],
        contradicted: 1,
        wrong: vec!["R-7".into()],
        skipped: skipped.collect(),
        more: 7,
        ..plain.clone()
    };
    vec![
        Reply::ListOffered { list: plain.clone(), pending },
        Reply::ListOffered { list: full.clone(), pending },
        Reply::ListStored { list: plain },
        Reply::ListHasNothingNew { list: Listed { count: 0, ..full } },
        Reply::NotAnInvoice { why: Some(NotInvoice::Payments) },
        Reply::NotAnInvoice {
            why: Some(NotInvoice::UnknownHeads { heads: vec!["When".into(), "*Whom*".into()] }),
        },
        Reply::Saved {
            invoice: Box::new(settled_in_part()),
            verified: true,
            computed: Computed::default(),
        },
    ]
}

/// A credit note, a part of which was settled with other bills.
fn settled_in_part() -> Invoice {
    Invoice { kind: Kind::CreditNote, ..paid_in_part() }
}

/// An invoice that was paid in part, and the rest of which goes to a factor.
pub fn paid_in_part() -> Invoice {
    let invoice = invoice();
    let vendor = Party { payee: Some("Factor AG".into()), ..invoice.vendor.clone() };
    Invoice { prepaid: Some(eur(1_900)), vendor, ..invoice }
}

/// What is said of an invoice that was stored.
fn stored() -> Vec<Reply> {
    let doubtful = Invoice { proof: Proof::Contradicted, ..invoice() };
    let findings = vec![
        Finding::NetAndTax { sum: eur(11_900), gross: eur(12_000) },
        Finding::Lines { sum: eur(9_000), expected: eur(10_000) },
        Finding::TaxByRate { sum: eur(1_900), tax: eur(1_800) },
        Finding::VendorMissing,
        Finding::DateMissing,
        Finding::CurrencyAssumed,
        Finding::TotalUnsure,
        Finding::TotalUnproven,
        Finding::DateUnsure,
        Finding::DateAmbiguous { other: date(2025, 3, 8) },
        Finding::VendorUnsure,
        Finding::NumberUnsure,
        Finding::DateUnlikely,
        Finding::Due { sum: eur(11_900), due: eur(10_000) },
        Finding::PageTotal { printed: eur(12_900) },
        Finding::PageNumber { printed: "R-2014".into() },
        Finding::PageDate { printed: date(2025, 3, 4) },
    ];
    vec![
        Reply::Saved {
            invoice: Box::new(invoice()),
            verified: false,
            computed: Computed::default(),
        },
        Reply::Saved {
            invoice: Box::new(invoice()),
            verified: true,
            computed: Computed { tax: true, due_date: true },
        },
        Reply::Saved {
            invoice: Box::new(paid_in_part()),
            verified: true,
            computed: Computed::default(),
        },
        Reply::Saved {
            invoice: Box::new(Invoice {
                kind: Kind::Receipt,
                number: None,
                status: Status::Paid,
                proof: Proof::Unproven,
                ..invoice()
            }),
            verified: false,
            computed: Computed::default(),
        },
        Reply::PleaseCheck {
            invoice: Box::new(doubtful),
            findings,
            read_by_machine: true,
            computed: Computed::default(),
            file: None,
        },
    ]
}

fn files() -> Vec<Reply> {
    let mut all = questions();
    all.extend(remembered());
    all.extend(lists());
    all.extend(stored());
    all.extend([
        Reply::AlreadyStored { row: row() },
        Reply::NotAnInvoice { why: None },
        Reply::NotAnInvoice { why: Some(NotInvoice::NoAmounts) },
        Reply::NotAnInvoice { why: Some(NotInvoice::OtherXml { root: "Order".into() }) },
        Reply::Skipped,
        Reply::Replaced { invoice: Box::new(invoice()) },
        Reply::Noticed { notice: Notice::CutOff },
        Reply::Noticed { notice: Notice::SeveralReceipts },
        Reply::Noticed { notice: Notice::Incomplete },
        Reply::Noticed { notice: Notice::MoreInvoices },
        Reply::Noticed { notice: Notice::PartlyOtherScript },
        Reply::Noticed { notice: Notice::Soft },
        Reply::Unsupported,
        Reply::FileTooLarge,
        Reply::FileGone,
    ]);
    all.extend(OBSTACLES.map(|obstacle| Reply::Unreadable { obstacle }));
    all
}

fn drafts() -> Vec<Reply> {
    let pending = PendingId(Uuid::nil());
    let priceless = DraftItem { unit_price: None, ..draft().items.remove(0) };
    let ask = |draft: Draft, missing| Reply::AskMissing { draft: Box::new(draft), missing };
    let issued = Invoice {
        direction: Direction::Issued,
        customer: Party::named("Bob"),
        number: Some("2025-0001".into()),
        ..invoice()
    };
    let totals = draft().totals().expect("it fits").expect("it is complete");
    vec![
        Reply::DraftShown {
            draft: Box::new(draft()),
            totals: Box::new(totals),
            pending,
            has_seller: false,
            file: None,
        },
        ask(Draft::empty(Currency::EUR, TODAY), vec![Missing::Customer, Missing::Items]),
        ask(Draft { items: Vec::new(), ..draft() }, vec![Missing::Items]),
        ask(Draft { items: vec![priceless], ..draft() }, vec![Missing::Price]),
        Reply::Issued { invoice: Box::new(issued), file: None },
        Reply::NumberTaken { number: "778".into() },
        Reply::DraftRefused { objection: Objection::TooLarge },
        Reply::DraftRefused { objection: Objection::Discount },
        Reply::DraftRefused { objection: Objection::TaxRate },
        Reply::DraftRefused { objection: Objection::DueDate },
        Reply::DraftRefused { objection: Objection::Quantity },
    ]
}
