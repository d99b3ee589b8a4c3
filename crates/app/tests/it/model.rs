//! A model behind an API: it understands and reads; what is certain is never asked of it; when it
//! fails, the built-in one answers.

use crate::{
    papers::{self, Paper},
    world::World,
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::standin::{
    Fault,
    openai::{API_KEY, OpenAiStandIn, Says},
};

async fn world(openai: &OpenAiStandIn) -> World {
    let base = openai.base_url();
    let settings = [
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", API_KEY),
    ];
    World::with(&settings, None).await
}

fn text(answer: &Value) -> String {
    let replies = answer["replies"].as_array().unwrap();
    replies.iter().map(|reply| reply["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn classified(intent: &str) -> Says {
    Says::Json(json!({ "intent": intent, "topic": "other", "language": "en", "sure": true }))
}

fn draft() -> Value {
    json!({
        "unsure": false, "customer": "Bob", "customer_email": null,
        "items": [{ "description": "hours", "quantity": "3", "unit_price": "80" }],
        "currency": "EUR", "issue_date": null, "due_date": null, "number": null,
        "discount": null, "tax": null, "notes": null,
    })
}

async fn upload(world: &World, bytes: Vec<u8>) -> Value {
    let part = reqwest::multipart::Part::bytes(bytes).file_name("file");
    let form = reqwest::multipart::Form::new().part("file", part).text("wait", "60");
    world.api(Method::POST, "/file").multipart(form).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_model_understands_what_is_said_and_code_does_the_sums() {
    let openai = OpenAiStandIn::start().await.unwrap();
    openai.script("classify", classified("invoice_creator"));
    openai.script("draft", Says::Json(draft()));
    let world = world(&openai).await;
    let said = text(&world.say("could you bill good old Bob for three hours, the usual 80").await);
    assert!(said.contains("Draft invoice for *Bob*"), "{said}");
    assert!(said.contains("240.00"), "{said}");
    assert!(text(&world.say("yes").await).contains("is issued and stored"));
    assert_eq!(openai.requests().len(), 2, "a yes is never asked of a model");
}

#[tokio::test]
async fn an_einvoice_is_read_without_the_model() {
    let openai = OpenAiStandIn::start().await.unwrap();
    let world = world(&openai).await;
    let paper = Paper { number: "M-1", vendor: "Moosbach", date: "2024-05-04", net: 100 };
    let said = text(&upload(&world, papers::ubl(&paper)).await);
    assert!(said.contains("Moosbach") && said.contains("120.00"), "{said}");
    assert!(openai.requests().is_empty());
}

#[tokio::test]
async fn the_built_in_model_answers_when_the_other_cannot() {
    let openai = OpenAiStandIn::start().await.unwrap();
    let world = world(&openai).await;
    for status in [500, 401] {
        openai.fail(Fault::status(status));
        let said = text(&world.say("Hello").await);
        assert!(said.contains("I am Billhook"), "{said}");
    }
    assert!(!world.log().contains(API_KEY));
}
