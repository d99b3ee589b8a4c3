//! Invoices from sentences.

use crate::stage::{Stage, TODAY, text};
use domain::{
    draft::{Draft, DraftItem},
    intent::Intent,
    money::{Currency, Quantity, UnitPrice},
    outcome::Change,
};
use ports::model::Claimed;
use rust_decimal::Decimal;

pub fn draft(customer: Option<&str>, price: Option<i64>) -> Draft {
    Draft {
        customer: customer.map(str::to_owned),
        items: vec![DraftItem {
            description: "hours".to_owned(),
            quantity: Quantity(Decimal::from(3)),
            unit_price: price.map(|price| UnitPrice(Decimal::from(price))),
        }],
        ..Draft::empty(Currency::EUR, TODAY)
    }
}

pub fn stage(draft: Draft) -> Stage {
    let stage = Stage::new();
    stage.hears(Intent::InvoiceCreator);
    *stage.model.draft.lock().unwrap() = Some(Claimed::Draft(Box::new(draft)));
    stage
}

#[tokio::test]
async fn a_draft_is_shown_and_issued_on_yes_with_the_next_number() {
    let mut stage = stage(draft(Some("Bob"), Some(80)));
    let shown = stage.say("invoice Bob 3 hours at 80").await;
    assert!(shown.changes.is_empty());
    assert!(text(&shown).contains("Total: *240.00\u{a0}EUR*"));
    assert_eq!(shown.replies[0].file.as_ref().unwrap().name, "draft.pdf");
    assert_eq!(shown.replies.last().unwrap().buttons.len(), 2);

    let issued = stage.say("Yes").await;
    let [Change::IssueInvoice { invoice, year: 2025, sequence: Some(7) }] =
        issued.changes.as_slice()
    else {
        panic!("one invoice is issued: {:?}", issued.changes);
    };
    assert_eq!(invoice.number.as_deref(), Some("2025-0007"));
    let file = issued.replies.last().unwrap().file.as_ref().unwrap();
    assert_eq!(file.name, "invoice-2025-0007.pdf");
    assert!(stage.memory.pending.is_none());
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_taken_as_said() {
    let mut stage = stage(draft(None, Some(80)));
    let asked = stage.say("an invoice over 3 hours at 80").await;
    assert_eq!(text(&asked), "Who is the invoice for?");
    stage.hears_nothing_known();
    let shown = stage.say("  Blue   Bakery ").await;
    assert!(text(&shown).starts_with("\nDraft invoice for *Blue Bakery*"), "{}", text(&shown));
}

#[tokio::test]
async fn talk_is_no_customer_and_the_question_is_put_once_more() {
    let mut stage = stage(draft(None, Some(80)));
    stage.say("an invoice over 3 hours at 80").await;
    stage.hears(Intent::OffTopic);
    let told = text(&stage.say("what's the weather").await);
    assert!(told.contains("not something I can help with"), "{told}");
    assert!(told.ends_with("Who is the invoice for?"), "{told}");
    stage.hears(Intent::Greeting);
    assert!(!text(&stage.say("hello").await).contains("Who is the invoice for?"));
    stage.hears_nothing_known();
    for text_of_none in ["you idiot", "should I buy gold?", "🙂"] {
        let told = text(&stage.say(text_of_none).await);
        assert!(!told.contains("Draft invoice"), "{told}");
    }
    assert!(text(&stage.say("Blue Bakery").await).contains("*Blue Bakery*"));
}

#[tokio::test]
async fn a_missing_price_is_read_from_the_answer() {
    let mut stage = stage(draft(Some("Bob"), None));
    let asked = stage.say("invoice Bob 3 hours").await;
    assert_eq!(text(&asked), "What is the price of one “hours”?");
    stage.hears_nothing_known();
    *stage.model.draft.lock().unwrap() = Some(Claimed::Draft(Box::new(draft(Some("x"), Some(90)))));
    let shown = stage.say("90").await;
    assert!(text(&shown).contains("Total: *270.00\u{a0}EUR*"));
    assert!(text(&shown).contains("*Bob*"));
}

#[tokio::test]
async fn a_draft_that_is_shown_is_changed() {
    let mut one = draft(Some("Tom"), Some(120));
    one.items[0].quantity = Quantity(Decimal::ONE);
    let mut stage = stage(one);
    stage.say("charge Tom 120 for gardening").await;
    let shown = stage.say("make it 130").await;
    assert!(text(&shown).contains("Total: *130.00\u{a0}EUR*"), "{}", text(&shown));
    assert!(shown.changes.is_empty());

    // what the grammar reads in the sentence around
    let mut carrier = draft(Some("Anna"), Some(1));
    carrier.items[0].quantity = Quantity(Decimal::ONE);
    *stage.model.draft.lock().unwrap() = Some(Claimed::Draft(Box::new(carrier.clone())));
    let shown = stage.say("for Anna instead").await;
    assert!(text(&shown).contains("*Anna*"), "{}", text(&shown));
    assert!(text(&shown).contains("Total: *130.00\u{a0}EUR*"), "{}", text(&shown));

    carrier.due_date = Some(domain::dates::date(2025, 10, 10));
    *stage.model.draft.lock().unwrap() = Some(Claimed::Draft(Box::new(carrier)));
    let shown = stage.say("due in 30 days instead").await;
    assert!(text(&shown).contains("10 October 2025"), "{}", text(&shown));

    let more = Claimed::Draft(Box::new(draft(Some("Xaver"), Some(50))));
    *stage.model.draft.lock().unwrap() = Some(more);
    let shown = stage.say("add 3 hours at 50").await;
    assert!(text(&shown).contains("Total: *280.00\u{a0}EUR*"), "{}", text(&shown));
    let issued = stage.say("yes").await;
    let [Change::IssueInvoice { invoice, .. }] = issued.changes.as_slice() else {
        panic!("one invoice is issued: {:?}", issued.changes);
    };
    assert_eq!(invoice.gross.minor, 28_000);
}

#[tokio::test]
async fn a_price_of_several_things_is_not_guessed_at() {
    let mut stage = stage(draft(Some("Bob"), Some(80)));
    stage.say("invoice Bob 3 hours at 80").await;
    stage.hears(Intent::OffTopic);
    let answered = stage.say("make it 130").await;
    assert!(!text(&answered).contains("130"), "{}", text(&answered));
    assert!(text(&answered).contains("still waits"), "{}", text(&answered));
}

#[tokio::test]
async fn a_no_issues_nothing() {
    let mut stage = stage(draft(Some("Bob"), Some(80)));
    stage.say("invoice Bob 3 hours at 80").await;
    let dropped = stage.say("no").await;
    assert!(dropped.changes.is_empty());
    assert!(stage.memory.pending.is_none());
}

#[tokio::test]
async fn a_number_that_exists_is_not_used_twice() {
    let mut stage = stage(Draft { number: Some("778".into()), ..draft(Some("Bob"), Some(80)) });
    for expected in ["is issued", "exists already"] {
        stage.say("invoice no. 778 for Bob").await;
        let answered = stage.say("yes").await;
        assert!(text(&answered).contains(expected), "{}", text(&answered));
    }
    assert_eq!(stage.book.invoices.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn amounts_that_make_no_sense_are_told_and_nothing_is_made() {
    let mut stage = stage(draft(Some("Bob"), Some(-80)));
    let answered = stage.say("invoice Bob 3 hours at minus 80").await;
    assert!(text(&answered).starts_with("An invoice needs quantities above zero"));
    assert!(stage.memory.pending.is_none());
}

#[tokio::test]
async fn other_business_leaves_a_draft_that_waits_for_a_value() {
    for business in [Intent::InvoiceQuery, Intent::InvoiceUpdate, Intent::InvoiceCreator] {
        let mut stage = stage(draft(Some("Bob"), None));
        assert!(text(&stage.say("invoice Bob for 3 hours").await).contains("price of one"));
        stage.hears(business);
        *stage.model.draft.lock().unwrap() =
            Some(Claimed::Draft(Box::new(draft(Some("Zoe"), Some(3)))));
        let said = text(&stage.say("something else entirely").await);
        assert!(!said.contains("price of one") && !said.contains("*Bob*"), "{said}");
    }
}

#[tokio::test]
async fn a_discount_beyond_the_price_makes_no_invoice() {
    let too_much = Draft {
        discount: Some(domain::draft::Discount::Amount(Decimal::from(500))),
        ..draft(Some("Bob"), Some(80))
    };
    let mut stage = stage(too_much);
    let refused = stage.say("invoice Bob 3 hours at 80, discount 500").await;
    assert!(text(&refused).contains("discount is more than the items"));
    assert!(stage.memory.pending.is_none() && refused.changes.is_empty());
}
