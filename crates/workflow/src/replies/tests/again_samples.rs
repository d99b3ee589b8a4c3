//! Samples of what is said about the last answer and about changes, and of rows that a statement gave.

use super::samples::{TODAY, eur, invoice, paid_in_part, row, spent};
use crate::replies::{
    Comparison, CurrencyHabit, Figures, LeftOut, Mean, Open, OpenInvoices, ReminderWish, Reply,
    Several, Unplaced, Used, ZoneHabit,
};
use domain::{
    dates::{Unit, date},
    document::ContentHash,
    ids::PendingId,
    invoice::{Invoice, Proof, Status},
    message::NewFile,
    money::{Currency, Money},
    outcome::Patch,
    question::Value,
    table::{Cell, Table},
};
use rust_decimal::Decimal;
use uuid::Uuid;

pub fn all() -> Vec<Reply> {
    [said_again(), changes()].concat()
}

fn said_again() -> Vec<Reply> {
    vec![
        Reply::NothingAsked,
        Reply::CurrencySet(CurrencyHabit { currency_code: "EUR", is_new: false }),
        Reply::CurrencySet(CurrencyHabit { currency_code: "USD", is_new: true }),
        Reply::TimeZoneSet(ZoneHabit { zone: "Europe/Berlin".into(), is_new: false }),
        Reply::TimeZoneSet(ZoneHabit { zone: "Europe/Berlin".into(), is_new: true }),
        Reply::RemindersSet(ReminderWish { wanted: true, only_within_a_day: true }),
        Reply::RemindersSet(ReminderWish { wanted: true, only_within_a_day: false }),
        Reply::RemindersSet(ReminderWish { wanted: false, only_within_a_day: true }),
        Reply::Reminder(OpenInvoices {
            to_pay: Open::of(&invoice(), TODAY).into_iter().collect(),
            owed: Open::of(&invoice(), date(2025, 8, 15)).into_iter().collect(),
            more: 2,
        }),
        Reply::Usage(Used {
            invoices: Decimal::from(1_204),
            calls: 3,
            cost: Some("0.02 USD".into()),
        }),
        Reply::Usage(Used { invoices: Decimal::ONE, calls: 3, cost: None }),
        Reply::Exported { count: 12, left_out: LeftOut::default(), file: file() },
        Reply::Exported {
            count: 12,
            left_out: LeftOut { invoices: 3, originals: 2, gone: 1, messages: true },
            file: file(),
        },
        Reply::NothingToExport,
        Reply::NoMore,
        Reply::NoChart,
        Reply::SheetMade { count: 41, file: file() },
        Reply::SheetCut { count: 20_000 },
        Reply::ChartMade { files: vec![file()] },
        Reply::WhySql { sql: "WITH a AS (b) SELECT 'c`d'".into() },
        Reply::Why {
            plan: Box::new(spent()),
            rows: vec![row()],
            count: 1,
            sql: "WITH a AS (b) SELECT c".into(),
        },
        compared(1),
        compared(-1),
        held_against(vec![]),
        on_average(&[102_023]),
        on_average(&[102_023, 4_200]),
        rows(&[]),
        rows(&[123_450]),
        rows(&[123_450, 246_900]),
    ]
}

fn compared(sign: i8) -> Reply {
    let [one, other, apart] =
        [4210, 8420, 4210].map(|minor| Value::Money(Money::new(minor, Currency::EUR)));
    let figures = vec![Figures { one, other, apart, sign }];
    held_against(figures)
}

fn held_against(figures: Vec<Figures>) -> Reply {
    let (plan, other) = (Box::new(spent()), Box::new(spent()));
    Reply::Compared(Box::new(Comparison { plan, other, figures }))
}

fn on_average(minor: &[i64]) -> Reply {
    let codes = [Currency::EUR, Currency::parse("USD").expect("a code")];
    let amounts = minor.iter().zip(codes).map(|(minor, code)| Money::new(*minor, code)).collect();
    Reply::OnAverage(Mean { unit: Unit::Month, count: 11, amounts })
}

fn file() -> NewFile {
    let hash = ContentHash([0; 32]);
    NewFile { name: "billhook.csv".into(), media_type: "text/csv".into(), hash, bytes: vec![1] }
}

fn rows(cents: &[i64]) -> Reply {
    let row = |cents: &i64| {
        let day = Cell::Text("2025-08-03".into());
        vec![Cell::Text("*Moosbach*".into()), Cell::Number(Decimal::new(*cents, 2)), day]
    };
    let columns = ["vendor", "total", "day"].map(str::to_owned).to_vec();
    let rows = cents.iter().map(row).collect();
    let table = Box::new(Table { columns, rows, ..Table::default() });
    Reply::Rows { table, files: Vec::new() }
}

fn patch() -> Patch {
    let before = invoice();
    let after = Invoice { status: Status::Paid, paid_on: Some(TODAY), ..before.clone() };
    Patch { before, after }
}

fn corrected() -> Patch {
    let mut before = invoice();
    before.gross = eur(11_909);
    before.proof = Proof::Contradicted;
    Patch { before, after: invoice() }
}

fn payment() -> Patch {
    let after = paid_in_part();
    let before = Invoice { prepaid: None, ..after.clone() };
    Patch { before, after: Invoice { status: Status::PartPaid, ..after } }
}

fn changes() -> Vec<Reply> {
    let pending = PendingId(Uuid::nil());
    vec![
        Reply::ChangePreview { patches: vec![patch(); 2], pending },
        Reply::Changed { patches: vec![patch()], learnt: false },
        Reply::Changed { patches: vec![corrected()], learnt: true },
        Reply::Undone { patches: vec![patch()] },
        Reply::WhichInvoice,
        Reply::WhichOfThese(Several { invoices: vec![invoice(); 2] }),
        Reply::ChooseOne,
        Reply::NoSuchInvoice { number: Some("17".into()) },
        Reply::NoSuchInvoice { number: None },
        Reply::NothingToChange,
        Reply::TooMany { count: 300 },
        Reply::BelowZero(Unplaced {
            typed: "-80".to_owned(),
            suggestions: Vec::new(),
            choice: None,
        }),
        Reply::AlreadyPaid(Several { invoices: vec![invoice(); 2] }),
        Reply::PaysTooMuch(Several { invoices: vec![paid_in_part()] }),
        Reply::ChangePreview { patches: vec![payment()], pending },
        Reply::IssuedIsFixed,
        Reply::NothingToUndo,
    ]
}
