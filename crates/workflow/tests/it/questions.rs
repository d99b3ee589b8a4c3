//! Questions, memory, and what a model may not do.

use crate::{
    correct::received,
    stage::{Stage, text},
};
use domain::{
    dates::Unit,
    intent::Intent,
    money::{Currency, Money},
    question::{Answer, Field, Filters, Group, GroupBy, InvoiceRow, Metric, QueryPlan, Value},
    table::{Cell, Table},
};
use ports::model::{
    Answered, Ask, Claimed, Classified, LanguageModel, Listening, ModelError, Topic, Usage,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

fn stage(vendor: &str) -> Stage {
    let stage = Stage::new();
    stage.hears(Intent::InvoiceQuery);
    let filters = Filters { vendor: vec![vendor.to_owned()], ..Filters::default() };
    let plan =
        QueryPlan { metric: Metric::Sum, field: Field::Total, filters, ..QueryPlan::default() };
    *stage.model.plan.lock().unwrap() = Some(Claimed::Plan(Box::new(plan)));
    *stage.book.invoices.lock().unwrap() = vec![received(1, "17")];
    *stage.book.answer.lock().unwrap() =
        Some(Answer::Amounts(vec![Money::new(4210, Currency::EUR)]));
    stage
}

#[tokio::test]
async fn the_number_is_the_ledger_s_and_the_plan_is_remembered() {
    let mut stage = stage("moosbach");
    let answered = stage.say("how much at Moosbach?").await;
    assert!(text(&answered).contains("*42.10\u{a0}EUR*"));
    assert!(stage.memory.last_plan.is_some());
}

#[tokio::test]
async fn a_stranger_is_asked_about_and_nothing_is_invented() {
    let mut stage = stage("Moosbuch AG");
    let answered = stage.say("how much at Moosbuch AG?").await;
    assert!(text(&answered).contains("Did you mean Moosbach?"), "{}", text(&answered));
}

#[tokio::test]
async fn f37_a_turn_that_runs_again_does_not_ask_the_model_again() {
    let mut stage = stage("moosbach");
    stage.model.costs = true;
    stage.allowance.listening = Listening::ModelFirst;
    let before = stage.memory.clone();
    let first = stage.say("how much at Moosbach?").await;
    let calls = stage.model.calls.load(Ordering::Relaxed);
    stage.memory = before;
    let second = stage.say("how much at Moosbach?").await;
    assert_eq!(stage.model.calls.load(Ordering::Relaxed), calls);
    assert_eq!(text(&first), text(&second));
}

/// A model behind a server that counts how often it is asked and never knows.
struct Counted(Arc<AtomicU64>);

#[async_trait::async_trait]
impl LanguageModel for Counted {
    fn name(&self) -> String {
        "counted".to_owned()
    }

    fn sees_pictures(&self) -> bool {
        false
    }

    fn costs(&self) -> bool {
        true
    }

    async fn answer(&self, _: &Ask) -> Result<Answered, ModelError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let model = "counted".to_owned();
        Ok(Answered { claimed: Claimed::Unsure, usage: Usage::default(), model, cost: true })
    }
}

/// Returns how often the model behind the server is asked about a sentence.
async fn calls(listening: Listening, vendor: &str, sure: bool) -> u64 {
    let mut stage = stage(vendor);
    let asked = Arc::new(AtomicU64::new(0));
    stage.server = Some(Box::new(Counted(asked.clone())));
    stage.allowance.listening = listening;
    let intent = Intent::InvoiceQuery;
    let heard = Classified { intent, topic: Topic::Other, language: None, sure };
    *stage.model.classified.lock().unwrap() = Some(heard);
    stage.say("how much at Moosbach?").await;
    asked.load(Ordering::Relaxed)
}

#[tokio::test]
async fn what_the_built_in_model_is_sure_of_costs_no_call() {
    assert_eq!(calls(Listening::OfflineFirst, "moosbach", true).await, 0);
    assert_eq!(calls(Listening::OfflineFirst, "zorbing", true).await, 2, "neither plan nor SQL");
    assert_eq!(calls(Listening::OfflineFirst, "moosbach", false).await, 1);
    assert_eq!(calls(Listening::Offline, "moosbach", false).await, 0);
    assert!(calls(Listening::ModelFirst, "moosbach", true).await > 0);
}

#[tokio::test]
async fn the_memory_stays_small_however_long_the_talk() {
    let mut stage = stage("moosbach");
    for _ in 0..50 {
        stage.say(&"x".repeat(5_000)).await;
    }
    let written = serde_json::to_vec(&stage.memory).unwrap();
    assert!(written.len() < 64 * 1024, "{} bytes", written.len());
}

#[tokio::test]
async fn command_words_need_no_model() {
    let mut stage = Stage::new();
    assert!(text(&stage.say("Help").await).contains("What I can do"));
    assert!(text(&stage.say("undo").await).contains("no change"));
    let german = stage.say("deutsch").await;
    assert_eq!(german.changes.len(), 1);
    assert_eq!(stage.model.calls.load(Ordering::Relaxed), 0);
}

/// A stage whose model knows no plan and writes these statements, the first one first.
fn writer(statements: &[&str]) -> Stage {
    let mut stage = stage("moosbach");
    stage.model.costs = true;
    stage.allowance.listening = Listening::ModelFirst;
    *stage.model.plan.lock().unwrap() = Some(Claimed::Unsure);
    let backwards = statements.iter().rev().map(|sql| (*sql).to_owned()).collect();
    *stage.model.sql.lock().unwrap() = backwards;
    stage
}

fn knows(stage: &Stage, sql: &str, mixes_currencies: bool) {
    let table = Table {
        sql: sql.to_owned(),
        columns: vec!["weekday".to_owned(), "n".to_owned()],
        rows: vec![vec![Cell::Text("Monday".to_owned()), Cell::Number(7.into())]],
        mixes_currencies,
        ..Table::default()
    };
    stage.book.tables.lock().unwrap().insert(sql.to_owned(), table);
}

#[tokio::test]
async fn what_no_plan_can_say_comes_from_a_statement_of_the_model() {
    let mut stage = writer(&["SELECT weekday"]);
    knows(&stage, "SELECT weekday", false);
    let answered = stage.say("on which weekday do I spend most?").await;
    let said = text(&answered);
    assert!(said.starts_with("• weekday: *Monday*\n• n: *7*\n\n_Worked out by a query"), "{said}");
    let why = stage.say("why?").await;
    assert!(text(&why).contains("```SELECT weekday```"), "{}", text(&why));
    let sheet = stage.say("as excel").await;
    assert!(sheet.replies.iter().any(|reply| reply.file.is_some()));
}

#[tokio::test]
async fn a_statement_that_fails_is_written_once_more_with_the_error() {
    let mut stage = writer(&["SELECT wekday", "SELECT weekday", "SELECT never"]);
    knows(&stage, "SELECT weekday", false);
    assert!(text(&stage.say("which weekday?").await).contains("Monday"));
    let mut stage = writer(&["SELECT wrong", "SELECT wrong too", "SELECT weekday"]);
    knows(&stage, "SELECT weekday", false);
    let given_up = text(&stage.say("which weekday?").await);
    assert!(!given_up.contains("Monday"), "two rounds and no more: {given_up}");
}

#[tokio::test]
async fn amounts_of_several_currencies_are_never_put_together_by_a_statement() {
    let mut stage = writer(&["SELECT mixed", "SELECT apart"]);
    knows(&stage, "SELECT mixed", true);
    knows(&stage, "SELECT apart", false);
    let answered = text(&stage.say("how much on weekends?").await);
    assert!(answered.contains("Monday"));
    assert_eq!(stage.memory.last_sql.as_deref(), Some("SELECT apart"));
}

#[tokio::test]
async fn s47_a_number_that_the_model_made_up_is_never_shown() {
    let mut stage = writer(&["SELECT 999 AS n", "SELECT 999 AS n"]);
    knows(&stage, "SELECT 999 AS n", false);
    if let Some(table) = stage.book.tables.lock().unwrap().get_mut("SELECT 999 AS n") {
        table.own_numbers = vec!["999".to_owned()];
    }
    let answered = text(&stage.say("which weekday?").await);
    assert!(!answered.contains("Monday"), "{answered}");
    let mut stage = writer(&["SELECT total * 999"]);
    knows(&stage, "SELECT total * 999", false);
    if let Some(table) = stage.book.tables.lock().unwrap().get_mut("SELECT total * 999") {
        table.own_numbers = vec!["999".to_owned()];
    }
    assert!(text(&stage.say("what is it times 999 on weekdays?").await).contains("Monday"));
}

#[tokio::test]
async fn s51_no_more_than_three_calls_and_a_repair_are_made_about_one_message() {
    let mut stage = writer(&["SELECT one", "SELECT two", "SELECT three"]);
    stage.say("which weekday?").await;
    assert!(stage.model.calls.load(Ordering::Relaxed) <= 4);
}

#[tokio::test]
async fn s45_a_statement_of_the_model_cannot_carry_an_address_into_a_reply() {
    let mut stage = writer(&["SELECT 'https://evil.example'"]);
    knows(&stage, "SELECT 'https://evil.example'", false);
    let answered = text(&stage.say("where can I pay?").await);
    assert!(!answered.contains("Monday") && !answered.contains("evil"), "{answered}");
}

#[tokio::test]
async fn the_offline_setting_lets_no_model_write() {
    let mut stage = writer(&["SELECT weekday"]);
    knows(&stage, "SELECT weekday", false);
    stage.allowance.listening = Listening::Offline;
    assert!(!text(&stage.say("which weekday?").await).contains("Monday"));
}

fn listed(count: u64) -> Answer {
    let row = |n: u64| {
        let invoice = received(n.into(), &format!("N{n}"));
        InvoiceRow {
            id: invoice.id,
            direction: invoice.direction,
            kind: invoice.kind,
            number: invoice.number.clone(),
            counterparty: invoice.counterparty().to_owned(),
            issue_date: invoice.issue_date,
            due_date: None,
            paid_on: None,
            gross: invoice.gross,
            amount_due: None,
            status: invoice.status,
            category: None,
        }
    };
    Answer::Invoices { rows: (1..=count).map(row).collect(), count }
}

#[tokio::test]
async fn a_long_list_goes_on_ten_by_ten_and_ends() {
    let mut stage = stage("moosbach");
    *stage.book.answer.lock().unwrap() = Some(listed(24));
    let first = text(&stage.say("show my invoices").await);
    assert!(first.contains("N10 ") && !first.contains("N11 "), "{first}");
    let second = text(&stage.say("show more").await);
    assert!(second.contains("N11 ") && second.contains("N20 ") && !second.contains("N21 "));
    let third = text(&stage.say("more").await);
    assert!(third.contains("N24 ") && !third.contains("N20 "), "{third}");
    assert_eq!(text(&stage.say("more").await), "That was all.");
}

#[tokio::test]
async fn more_than_thirty_rows_come_as_a_sheet_too() {
    let mut stage = stage("moosbach");
    *stage.book.answer.lock().unwrap() = Some(listed(31));
    let answered = stage.say("show my invoices").await;
    let files: Vec<_> = answered.replies.iter().filter_map(|reply| reply.file.as_ref()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].name, "billhook.xlsx");
}

#[tokio::test]
async fn a_sheet_has_every_invoice_and_says_where_it_has_not() {
    let mut stage = stage("moosbach");
    *stage.book.invoices.lock().unwrap() =
        (1..=600).map(|n| received(n, &format!("N{n}"))).collect();
    *stage.book.answer.lock().unwrap() = Some(listed(600));
    stage.say("show my invoices").await;
    assert_eq!(text(&stage.say("as excel").await).trim(), "Here is the file. Rows: 600");
    *stage.book.answer.lock().unwrap() = Some(listed(601));
    let cut = text(&stage.say("as csv").await);
    assert!(cut.contains("Rows: 600") && cut.contains("the first 600 rows"), "{cut}");
}

#[tokio::test]
async fn a_sheet_of_the_first_few_has_no_more_than_these() {
    let mut stage = stage("moosbach");
    let few = QueryPlan { limit: Some(2), ..QueryPlan::default() };
    *stage.model.plan.lock().unwrap() = Some(Claimed::Plan(Box::new(few)));
    *stage.book.invoices.lock().unwrap() = (1..=5).map(|n| received(n, &format!("N{n}"))).collect();
    *stage.book.answer.lock().unwrap() = Some(listed(2));
    stage.say("my two largest invoices").await;
    assert_eq!(text(&stage.say("as excel").await).trim(), "Here is the file. Rows: 2");
}

#[tokio::test]
async fn amounts_over_time_come_with_a_chart_for_each_currency() {
    let mut stage = stage("moosbach");
    let by_month = QueryPlan {
        metric: Metric::Sum,
        field: Field::Total,
        group_by: Some(GroupBy::Calendar(Unit::Month)),
        ..QueryPlan::default()
    };
    *stage.model.plan.lock().unwrap() = Some(Claimed::Plan(Box::new(by_month)));
    let group = |name: &str, currency| Group {
        name: name.to_owned(),
        value: Value::Money(Money::new(4210, currency)),
    };
    let usd = Currency::parse("USD").unwrap();
    *stage.book.answer.lock().unwrap() = Some(Answer::Groups(vec![
        group("2025-07", Currency::EUR),
        group("2025-07", usd),
        group("2025-08", Currency::EUR),
        group("2025-08", usd),
    ]));
    let answered = stage.say("spending by month").await;
    let files: Vec<_> = answered.replies.iter().filter_map(|reply| reply.file.as_ref()).collect();
    assert_eq!(files.len(), 2, "one for each currency");
    let drawn = String::from_utf8(files[0].bytes.clone()).unwrap();
    assert!(drawn.contains("2025-08") && !drawn.contains("USD"), "{drawn}");
    assert_eq!(stage.say("as a chart").await.replies.len(), 3);
}

#[tokio::test]
async fn why_shows_the_reading_the_invoices_and_the_statement() {
    let mut stage = stage("moosbach");
    assert_eq!(text(&stage.say("why?").await).lines().count(), 1, "nothing was asked yet");
    stage.say("how much at Moosbach?").await;
    *stage.book.answer.lock().unwrap() = Some(listed(12));
    let why = text(&stage.say("why?").await);
    for part in ["moosbach", "Invoices behind it: 12", "N10 ", "… and 2 more", "```SELECT Sum```"]
    {
        assert!(why.contains(part), "{part} is not in {why}");
    }
}
