//! Questions, memory, and what a model may not do.

use crate::{
    correct::received,
    stage::{Stage, text},
};
use domain::{
    intent::Intent,
    money::{Currency, Money},
    question::{Answer, Field, Filters, Metric, QueryPlan},
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
    assert_eq!(calls(Listening::OfflineFirst, "zorbing", true).await, 1, "a name nobody has");
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
