//! Changes of stored invoices.

use crate::stage::{Stage, TODAY, text};
use domain::{
    correction::{Correction, NewValues, Target},
    draft::{self, Draft},
    ids::InvoiceId,
    intent::Intent,
    invoice::{Direction, Invoice, Status},
    money::Currency,
    outcome::Change,
    party::Party,
    question::Filters,
};
use ports::model::Claimed;
use rust_decimal::Decimal;
use uuid::Uuid;

pub fn received(id: u128, number: &str) -> Invoice {
    let whole = crate::create::draft(Some("me"), Some(80));
    let whole = Draft { currency: Currency::EUR, ..whole };
    let totals = whole.totals().unwrap().unwrap();
    let id = InvoiceId(Uuid::from_u128(id));
    let seller = Party::named("Moosbach");
    let issued = draft::issue(&whole, &totals, &seller, id, Some(number.to_owned())).unwrap();
    Invoice { direction: Direction::Received, ..issued }
}

fn paid() -> NewValues {
    NewValues { status: Some(Status::Paid), paid_on: Some(Some(TODAY)), ..NewValues::default() }
}

fn stage(invoices: Vec<Invoice>, target: Target, set: NewValues) -> Stage {
    let stage = Stage::new();
    stage.hears(Intent::InvoiceUpdate);
    *stage.book.invoices.lock().unwrap() = invoices;
    let correction = Correction { target, set };
    *stage.model.correction.lock().unwrap() = Some(Claimed::Correction(Box::new(correction)));
    stage
}

#[tokio::test]
async fn one_invoice_is_marked_at_once_shown_and_undone() {
    let mut stage = stage(vec![received(1, "INV-17")], Target::Number("17".into()), paid());
    let done = stage.say("mark invoice 17 as paid").await;
    assert!(
        matches!(done.changes.as_slice(), [Change::PatchInvoices(patches)] if patches.len() == 1)
    );
    assert!(text(&done).contains("unpaid → paid"), "{}", text(&done));
    let undone = stage.press("undo").await;
    assert!(matches!(undone.changes.as_slice(), [Change::Undo(_)]));
}

#[tokio::test]
async fn many_invoices_wait_for_a_yes() {
    let book = vec![received(1, "1"), received(2, "2")];
    let mut stage = stage(book, Target::Filter(Filters::default()), paid());
    let shown = stage.say("mark all paid").await;
    assert!(shown.changes.is_empty());
    assert!(text(&shown).contains("2 invoices"));
    let done = stage.say("yes").await;
    assert!(
        matches!(done.changes.as_slice(), [Change::PatchInvoices(patches)] if patches.len() == 2)
    );
}

#[tokio::test]
async fn cancelling_and_amounts_wait_for_a_yes() {
    let cancel = NewValues { status: Some(Status::Cancelled), ..NewValues::default() };
    let amount = NewValues { gross: Some(Decimal::from(45)), ..NewValues::default() };
    for set in [cancel, amount] {
        let mut stage = stage(vec![received(1, "17")], Target::Number("17".into()), set);
        assert!(stage.say("change invoice 17").await.changes.is_empty());
        assert_eq!(stage.say("yes").await.changes.len(), 1);
    }
}

#[tokio::test]
async fn a_change_that_still_waits_is_put_to_the_same_yes_as_the_next_one() {
    let amount = NewValues { gross: Some(Decimal::from(45)), ..NewValues::default() };
    let mut stage = stage(vec![received(1, "17")], Target::Number("17".into()), amount);
    assert!(stage.say("total of 17 is 45").await.changes.is_empty());
    let category = NewValues { category: Some("Car".to_owned()), ..NewValues::default() };
    let correction = Correction { target: Target::Number("17".into()), set: category };
    *stage.model.correction.lock().unwrap() = Some(Claimed::Correction(Box::new(correction)));
    let asked = stage.say("and 17 is for the car").await;
    assert!(asked.changes.is_empty(), "nothing is done in between");
    let done = stage.say("yes").await;
    let [Change::PatchInvoices(patches), ..] = done.changes.as_slice() else {
        panic!("{:?}", done.changes)
    };
    assert_eq!(patches[0].after.gross.minor, 4_500);
    assert_eq!(patches[0].after.category.as_deref(), Some("Car"));
}

#[tokio::test]
async fn two_invoices_with_one_number_are_offered_and_chosen() {
    let book = vec![received(1, "A-17"), received(2, "B-17")];
    let mut stage = stage(book, Target::Number("17".into()), paid());
    assert!(text(&stage.say("17 is paid").await).contains("Which one"));
    let done = stage.say("2").await;
    let [Change::PatchInvoices(patches)] = done.changes.as_slice() else {
        panic!("the chosen one is changed");
    };
    assert_eq!(patches[0].before.number.as_deref(), Some("B-17"));
}

#[tokio::test]
async fn the_invoice_just_spoken_of_is_it() {
    let mut stage = stage(vec![received(1, "17")], Target::Context, paid());
    assert!(text(&stage.say("it is paid").await).contains("Which invoice"));
    stage.memory.last_invoice = Some(InvoiceId(Uuid::from_u128(1)));
    assert_eq!(stage.say("it is paid").await.changes.len(), 1);
}

#[tokio::test]
async fn an_issued_invoice_is_not_rewritten() {
    let issued = Invoice { direction: Direction::Issued, ..received(1, "2025-0001") };
    let set = NewValues { gross: Some(Decimal::from(1)), ..NewValues::default() };
    let mut stage = stage(vec![issued], Target::Number("1".into()), set);
    let refused = stage.say("total of 1 is 1").await;
    assert!(refused.changes.is_empty());
    assert!(text(&refused).contains("cannot be rewritten"));
}

#[tokio::test]
async fn what_an_invoice_without_paper_has_taught_is_unlearnt_too() {
    let travel = NewValues { category: Some("Travel".into()), ..NewValues::default() };
    let mut stage = stage(vec![received(1, "INV-17")], Target::Number("17".into()), travel);
    assert!(text(&stage.say("the category of 17 is Travel").await).contains("remember"));
    stage.press("undo").await;
    assert!(stage.book.hints.lock().unwrap()[0].is_empty());
}

#[tokio::test]
async fn what_was_paid_before_is_named_and_keeps_its_day() {
    let day = domain::dates::date(2025, 8, 20);
    let before = Invoice { status: Status::Paid, paid_on: Some(day), ..received(1, "17") };
    let both = Target::Filter(Filters::default());
    for (target, count) in [(Target::Number("17".into()), 0), (both, 1)] {
        let book = vec![before.clone(), received(2, "18")];
        let mut stage = stage(book, target, paid());
        let told = text(&stage.say("17 and 18 are paid").await);
        assert!(told.contains("Already paid") && told.contains("20 August"), "{told}");
        assert_eq!(stage.say("yes").await.changes.len(), count);
    }
}

#[tokio::test]
async fn a_row_of_the_list_on_screen_is_pointed_at() {
    let book = vec![received(1, "A-1"), received(2, "A-2"), received(3, "A-3")];
    let ids: Vec<InvoiceId> = book.iter().map(|invoice| invoice.id).collect();
    let mut stage = stage(book, Target::Context, paid());
    stage.memory.look_at(ids.clone());
    let done = stage.say("the second one is paid").await;
    let [Change::PatchInvoices(patches)] = done.changes.as_slice() else {
        panic!("the second one is changed");
    };
    assert_eq!(patches[0].before.number.as_deref(), Some("A-2"));
    stage.memory.look_at(ids.clone());
    let shown = stage.say("mark the last one as paid").await;
    assert!(shown.changes.is_empty() && text(&shown).contains("A-3"), "{}", text(&shown));
    stage.memory.look_at(ids);
    let offered = stage.say("it is paid").await;
    assert!(offered.changes.is_empty() && text(&offered).contains("Which one"));
    assert_eq!(stage.say("the last one").await.changes.len(), 1);
}

#[tokio::test]
async fn what_a_change_has_taught_is_unlearnt_when_it_is_taken_back() {
    let rename = NewValues { vendor: Some("Moosbach & Co".into()), ..NewValues::default() };
    let document = Some(crate::stage::hash(b"one"));
    let book = vec![Invoice { document, ..received(1, "INV-17") }];
    let mut stage = stage(book, Target::Number("17".into()), rename);
    stage.say("the vendor of 17 is Moosbach & Co").await;
    let taught = |stage: &Stage| stage.book.hints.lock().unwrap()[0].vendor.clone();
    assert_eq!(taught(&stage).as_deref(), Some("Moosbach & Co"));
    stage.press("undo").await;
    // The name of before was never taught, and may have been misread.
    assert_eq!(taught(&stage), None);
}
