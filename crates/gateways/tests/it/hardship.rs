//! What can go wrong between us and a model server: F30 to F35, and servers with manners of their own.

use crate::{
    contract,
    openai::{classify, hello, model, pages, receipt, settings, world},
};
use bytes::Bytes;
use gateways::model::{Listed, OpenAi, OpenAiSettings};
use jiff::civil::date;
use ports::{
    clock::Clock,
    model::{Ask, Claimed, Cost, LanguageModel, Meter, ModelError, Task, Usage},
};
use rstest::rstest;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use testkit::{
    clock::FakeClock,
    standin::{
        Fault,
        openai::{Manners, OpenAiStandIn, Says},
    },
};

fn too_fast() -> Value {
    json!({ "error": { "message": "m", "type": "requests", "param": null, "code": "rate_limit_exceeded" } })
}

fn seconds(text: &str) -> Fault {
    Fault::Wait { status: 429, retry_after: text.to_owned() }
}

/// Returns a date of HTTP so many seconds after the machine's own.
fn http_date(after: u64) -> String {
    let then = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().strict_add(after);
    let then = jiff::Timestamp::from_second(i64::try_from(then).unwrap()).unwrap();
    then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

async fn scripted() -> (OpenAiStandIn, OpenAi, Arc<FakeClock>) {
    let standin = OpenAiStandIn::start().await.unwrap();
    standin.script("classify", Says::Json(hello()));
    let (model, clock) = model(settings(&standin));
    (standin, model, clock)
}

async fn error(model: &OpenAi) -> ModelError {
    model.answer(&classify("hi")).await.unwrap_err()
}

/// Every request must follow the published description, whatever it was sent after.
fn all_requests_follow(standin: &OpenAiStandIn) {
    for request in standin.requests() {
        contract::follows("openai.chat_completions.request.json", &request.json());
    }
}

#[rstest]
#[case::seconds("9", 9..=9)]
#[case::a_date(&http_date(9), 7..=9)]
#[case::a_past_date(&http_date(0), 0..=1)]
#[case::nonsense("soon", 1..=2)]
#[tokio::test]
async fn f30_a_wait_that_is_asked_for_is_obeyed(
    #[case] header: &str,
    #[case] expected: std::ops::RangeInclusive<i64>,
) {
    let (standin, model, clock) = scripted().await;
    let before = clock.now();
    standin.fail(seconds(header));
    model.answer(&classify("hi")).await.unwrap();
    let waited = clock.now().duration_since(before).as_secs();
    assert!(expected.contains(&waited), "{waited}");
    assert_eq!(standin.requests().len(), 2);
}

#[tokio::test]
async fn f30_waits_without_a_word_grow_and_end_after_four_attempts() {
    let (standin, model, clock) = scripted().await;
    let before = clock.now();
    contract::follows("openai.error.json", &too_fast());
    for _ in 0..4 {
        standin.fail(Fault::Answer { status: 429, body: too_fast(), retry_after: None });
    }
    assert!(matches!(error(&model).await, ModelError::RateLimited { .. }));
    assert_eq!(standin.requests().len(), 4);
    let waited = clock.now().duration_since(before).as_secs_f64();
    assert!((3.0..=7.0).contains(&waited), "{waited}");
}

#[tokio::test]
async fn f30_an_endless_wait_is_not_waited_out_and_the_server_left_alone_for_a_minute() {
    let (standin, model, clock) = scripted().await;
    standin.fail(seconds("1000000000"));
    let before = clock.now();
    assert_eq!(error(&model).await.retry(), Some(Duration::from_secs(60)));
    assert!(matches!(error(&model).await, ModelError::RateLimited { .. }));
    assert_eq!((standin.requests().len(), clock.now()), (1, before));
    clock.advance(Duration::from_secs(60));
    model.answer(&classify("hi")).await.unwrap();
}

#[tokio::test]
async fn f30_an_empty_account_is_not_asked_again_at_once() {
    let (standin, model, clock) = scripted().await;
    for status in [429, 402] {
        let body = json!({ "error": {
            "message": "m", "type": "insufficient_quota", "param": null,
            "code": "organization_spend_limit_exceeded",
        } });
        standin.fail(Fault::Answer { status, body, retry_after: None });
        let asked = standin.requests().len();
        assert!(matches!(error(&model).await, ModelError::OverBudget));
        assert!(matches!(error(&model).await, ModelError::RateLimited { .. }));
        assert_eq!(standin.requests().len(), asked + 1);
        clock.advance(Duration::from_secs(15));
    }
    model.answer(&classify("hi")).await.unwrap();
}

#[rstest]
#[case::internal(Fault::status(500))]
#[case::gateway(Fault::status(502))]
#[case::busy(Fault::status(503))]
#[case::overloaded(Fault::status(529))]
#[case::timeout(Fault::status(408))]
#[case::reset(Fault::DropAfterAccepting)]
#[case::a_page(Fault::Body(Bytes::from_static(b"<html>be right back</html>")))]
#[case::an_error_in_a_good_answer(Fault::Body(Bytes::from_static(
    br#"{"error":{"message":"m","code":502}}"#
)))]
#[tokio::test]
async fn f31_what_may_pass_is_tried_again(#[case] fault: Fault) {
    let (standin, model, _) = scripted().await;
    standin.fail(fault.clone());
    model.answer(&classify("hi")).await.unwrap();
    assert_eq!(standin.requests().len(), 2);
    for _ in 0..4 {
        standin.fail(fault.clone());
    }
    assert!(matches!(error(&model).await, ModelError::Unavailable(_)));
    assert_eq!(standin.requests().len(), 6);
}

#[tokio::test]
async fn f31_a_server_that_keeps_failing_is_spared_and_probed() {
    let (standin, model, clock) = scripted().await;
    for _ in 0..21 {
        standin.fail(Fault::status(500));
    }
    for _ in 0..5 {
        error(&model).await;
    }
    assert_eq!(standin.requests().len(), 20);
    assert!(matches!(error(&model).await, ModelError::RateLimited { .. }));
    assert_eq!(standin.requests().len(), 20, "no request while it is open");
    clock.advance(Duration::from_secs(15));
    error(&model).await;
    assert_eq!(standin.requests().len(), 21, "a probe is one request");
    clock.advance(Duration::from_secs(15));
    model.answer(&classify("hi")).await.unwrap();
    model.answer(&classify("hi")).await.unwrap();
}

#[tokio::test]
async fn f31_a_server_that_cannot_be_reached_or_speaks_no_tls_is_unavailable() {
    let gone = {
        let standin = OpenAiStandIn::start().await.unwrap();
        settings(&standin)
    };
    let plain = OpenAiStandIn::start().await.unwrap();
    let without_tls = plain.base_url().replace("http:", "https:");
    for base_url in [gone.base_url.clone(), gone.base_url.replace("http:", "https:"), without_tls] {
        let (model, _) = model(OpenAiSettings { base_url, ..gone.clone() });
        assert!(matches!(error(&model).await, ModelError::Unavailable(_)));
    }
}

#[tokio::test]
async fn f32_an_answer_that_trickles_for_ever_ends_with_the_time() {
    let standin = OpenAiStandIn::start().await.unwrap();
    standin.fail(Fault::Trickle);
    /// Counts what really passes.
    struct Real(std::time::Instant);
    impl Clock for Real {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::UNIX_EPOCH + self.0.elapsed()
        }
        fn new_id(&self) -> uuid::Uuid {
            uuid::Uuid::nil()
        }
    }
    let begun = std::time::Instant::now();
    let clock = Arc::new(Real(begun));
    let model = OpenAi::new(settings(&standin), clock);
    let model = model.with_patience(Duration::from_millis(600), Arc::new(NoPause));
    let meter = Meter::default();
    let error = model.answer_metered(&classify("hi"), &meter).await.unwrap_err();
    assert!(matches!(error, ModelError::Unavailable(_)));
    assert!((550..2_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert!(meter.read().input_tokens > 0, "what was asked may have to be paid");
}

struct NoPause;

#[async_trait::async_trait]
impl gateways::model::Pause for NoPause {
    async fn pause(&self, _: Duration) {}
}

#[tokio::test]
async fn f33_a_cut_answer_gets_more_room_once_and_both_are_paid() {
    let (standin, model) = world().await;
    standin.script("read_invoice", Says::CutShort);
    standin.script("read_invoice", Says::Json(receipt()));
    let meter = Meter::default();
    model.answer_metered(&pages(), &meter).await.unwrap();
    let limits: Vec<Value> =
        standin.requests().iter().map(|request| request.json()["max_tokens"].clone()).collect();
    assert_eq!(limits, [8_000, 16_000]);
    assert_eq!(meter.read(), Usage { input_tokens: 240, output_tokens: 60, cached_tokens: 0 });
    all_requests_follow(&standin);
}

#[tokio::test]
async fn f33_an_answer_that_stays_cut_is_no_invoice() {
    let (standin, model) = world().await;
    let mut text = receipt().to_string();
    text.truncate(text.len() - 40);
    standin.script("read_invoice", Says::Text(text));
    assert!(matches!(model.answer(&pages()).await, Err(ModelError::CutShort)));
    assert_eq!(standin.requests().len(), 2);
}

#[rstest]
#[case::a_day_that_is_none("issue_date", json!("2025-02-30"))]
#[case::a_currency_in_words("currency", json!("US Dollars"))]
#[case::no_number("gross", json!("NaN"))]
#[case::beyond_all_numbers("gross", json!("1e400"))]
#[case::a_number_for_a_text("gross", json!(4.8))]
#[case::ten_thousand_lines("lines", Value::Array(vec![json!({
    "description": "x", "quantity": "1", "unit_price": null, "amount": "1", "tax_percent": null,
}); 10_000]))]
#[case::null("kind", Value::Null)]
#[tokio::test]
async fn f34_nonsense_is_malformed_and_asked_for_twice_at_most(
    #[case] field: &str,
    #[case] value: Value,
) {
    let (standin, model) = world().await;
    let mut nonsense = receipt();
    nonsense[field] = value;
    standin.script("read_invoice", Says::Json(nonsense));
    assert!(matches!(model.answer(&pages()).await, Err(ModelError::Malformed)));
    assert_eq!(standin.requests().len(), 2);
}

#[rstest]
#[case::no_choices(r#"{"model":"m","choices":[]}"#)]
#[case::no_words(
    r#"{"model":"m","choices":[{"message":{"role":"assistant","content":null,"refusal":null},"finish_reason":"stop"}]}"#
)]
#[case::blanks(
    r#"{"model":"m","choices":[{"message":{"role":"assistant","content":"  ","refusal":null},"finish_reason":"stop"}]}"#
)]
#[tokio::test]
async fn f34_an_answer_without_words_is_malformed(#[case] body: &'static str) {
    let (standin, model) = world().await;
    for _ in 0..2 {
        standin.fail(Fault::Body(Bytes::from_static(body.as_bytes())));
    }
    assert!(matches!(model.answer(&classify("hi")).await, Err(ModelError::Malformed)));
    assert_eq!(standin.requests().len(), 2, "asked for twice at most");
}

#[tokio::test]
async fn f34_fields_that_nobody_asked_for_are_left_out() {
    let (standin, model) = world().await;
    let mut more = receipt();
    more["status"] = json!("cancelled");
    more["recipient"] = json!("+15550001111");
    standin.script("read_invoice", Says::Json(more));
    let Claimed::Reading(read) = model.answer(&pages()).await.unwrap().claimed else { panic!() };
    let written = serde_json::to_string(&read).unwrap();
    assert!(!written.contains("cancelled") && !written.contains("5550001111"));
}

#[tokio::test]
async fn f35_answers_belong_to_the_request_that_they_came_for() {
    let (standin, model) = world().await;
    standin.fail(Fault::Slow(Duration::from_millis(300)));
    let (first, second) = (classify("first"), classify("second"));
    standin.script(
        "classify",
        Says::Json(
            json!({ "intent": "off_topic", "topic": "other", "language": null, "sure": true }),
        ),
    );
    standin.script("classify", Says::Json(hello()));
    let late = async { model.answer(&first).await.unwrap().claimed };
    let early = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        model.answer(&second).await.unwrap().claimed
    };
    let (late, early) = tokio::join!(late, early);
    let intent = |claimed: &Claimed| match claimed {
        Claimed::Classified(found) => format!("{:?}", found.intent),
        other => panic!("{other:?}"),
    };
    // The early one is answered first, so it gets the first thing that is said.
    assert_eq!((intent(&early).as_str(), intent(&late).as_str()), ("OffTopic", "Greeting"));
}

fn says(message: &str) -> Value {
    json!({ "error": message })
}

#[tokio::test]
async fn the_ladder_is_gone_down_once_and_remembered() {
    let (standin, model, _) = scripted().await;
    let refuses = vec![
        ("\"strict\"", says("unknown field: strict")),
        ("\"json_schema\"", says("response_format json_schema is not supported")),
        ("\"json_object\"", says("'response_format.type' must be 'json_schema' or 'text'")),
    ];
    standin.behave(Manners { refuses, ..Manners::default() });
    model.answer(&classify("hi")).await.unwrap();
    let formats = |from: usize| -> Vec<Value> {
        let requests = standin.requests();
        requests[from..]
            .iter()
            .map(|request| request.json()["response_format"]["type"].clone())
            .collect()
    };
    assert_eq!(
        formats(0),
        [json!("json_schema"), json!("json_schema"), json!("json_object"), Value::Null]
    );
    let prompt = standin.requests()[3].json()["messages"][0]["content"].to_string();
    assert!(prompt.contains("additionalProperties"), "the schema is in the prompt");
    model.answer(&classify("hi again")).await.unwrap();
    assert_eq!(formats(4), [Value::Null], "what works is remembered");
    all_requests_follow(&standin);
}

#[tokio::test]
async fn a_server_that_overlooks_the_schema_reads_it_in_the_prompt() {
    let (standin, model) = world().await;
    standin.behave(Manners { refuses: vec![("never sent", Value::Null)], ..Manners::default() });
    let wrapped = format!("<think>A greeting.</think>```json\n{}\n```", hello());
    for text in ["Hello to you too!", &wrapped, "Hello again!", &wrapped, &wrapped] {
        standin.script("classify", Says::Text(text.to_owned()));
    }
    for _ in 0..3 {
        model.answer(&classify("hi")).await.unwrap();
    }
    let rungs: Vec<Value> = standin
        .requests()
        .iter()
        .map(|request| request.json()["response_format"]["type"].clone())
        .collect();
    let (schema, object) = (json!("json_schema"), json!("json_object"));
    assert_eq!(rungs, [&schema, &object, &schema, &object, &object].map(Clone::clone));
}

#[tokio::test]
async fn parameters_that_a_server_does_not_know_are_left_out() {
    let (standin, _) = world().await;
    standin.script("read_invoice", Says::Json(receipt()));
    let about = |param: &str, message: &str| json!({ "error": { "message": message, "type": "invalid_request_error", "param": param, "code": "unsupported_parameter" } });
    let refuses = vec![
        ("\"temperature\"", about("temperature", "Only the default is supported.")),
        ("\"max_tokens\"", about("max_tokens", "Use 'max_completion_tokens' instead.")),
        ("\"detail\"", says("image_url: extra field detail")),
    ];
    let model_name = "a-deployment".to_owned();
    standin.behave(Manners { refuses, model: Some(model_name.clone()), ..Manners::default() });
    let (model, _) = model(OpenAiSettings { model: model_name, ..settings(&standin) });
    model.answer(&pages()).await.unwrap();
    let last = standin.requests().last().unwrap().json();
    assert!(last.get("temperature").is_none() && last.get("max_tokens").is_none());
    assert_eq!(last["max_completion_tokens"], 8_000);
    assert_eq!(last["messages"][1]["content"][1]["image_url"].get("detail"), None);
    all_requests_follow(&standin);
}

#[tokio::test]
async fn a_server_without_eyes_gets_the_text_alone_and_is_known_for_it() {
    let (standin, model) = world().await;
    standin.script("read_invoice", Says::Json(receipt()));
    let refuses = vec![("\"image_url\"", says("this model does not support image input"))];
    standin.behave(Manners { refuses, ..Manners::default() });
    assert!(model.sees_pictures());
    model.answer(&pages()).await.unwrap();
    assert!(!model.sees_pictures());
}

#[tokio::test]
async fn what_a_call_can_cost_is_known_before_it_and_not_passed() {
    let (standin, model) = world().await;
    standin.behave(Manners { hides_usage: true, ..Manners::default() });
    standin.script("read_invoice", Says::CutShort);
    let (meter, most) = (Meter::default(), model.most(&pages()));
    assert!(model.answer_metered(&pages(), &meter).await.is_err());
    assert_eq!(meter.read(), most, "an unknown usage is the most, not nothing");
    let price = model.price().unwrap();
    assert!((Cost(20_000)..Cost(30_000)).contains(&price.of(most)), "{}", price.of(most));
    let Task::ReadInvoice(mut sheets) = pages().task else { panic!() };
    sheets.pictures.clear();
    let blind = Ask { task: Task::ReadInvoice(sheets), instructions: "" };
    let seen = most.input_tokens - model.most(&blind).input_tokens;
    assert_eq!(seen, 2 * 25_501 + 2 * 9, "four tiles a picture and the instructions, twice");
}

#[tokio::test]
async fn the_end_of_a_model_is_known_from_the_server_else_from_the_table() {
    let (standin, model) = world().await;
    let listed = model.look_up().await.unwrap();
    assert_eq!(listed, Listed { is_offered: true, retires: Some(date(2027, 1, 14)) });
    let earlier = Manners { shutdown_date: Some("2026-12-24"), ..Manners::default() };
    standin.behave(earlier);
    assert_eq!(model.look_up().await.unwrap().retires, Some(date(2026, 12, 24)));
    let (other, _) =
        crate::openai::model(OpenAiSettings { model: "mine".to_owned(), ..settings(&standin) });
    let listed = other.look_up().await.unwrap();
    assert_eq!(listed, Listed { is_offered: false, retires: None });
}
