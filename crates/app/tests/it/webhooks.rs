//! Messages by Twilio: what is let in, what is not, and what becomes of it.

use crate::{
    papers::{self, Paper},
    wired::from,
    world::{PUBLIC, World, message, problem, sid, signature},
};
use reqwest::Method;

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_text_is_answered_once_through_the_rest_api() {
    let world = World::with_twilio().await;
    let answer = world.whatsapp(&sid(1), "hello").await;
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/xml"));
    assert!(answer.text().await.unwrap().ends_with("<Response/>"));
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    assert_eq!(world.twilio().messages()[0]["to"], crate::world::ANA);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_short_address_is_signed_for_itself() {
    let world = World::with_twilio().await;
    let (id, url) = (sid(1), format!("{PUBLIC}/webhook?tenant=a%20b"));
    let form = message(&id, "hello");
    let send = |signature: String| {
        let request = world.request(Method::POST, "/webhook?tenant=a%20b").form(&form);
        request.header("X-Twilio-Signature", signature).send()
    };
    assert_eq!(send(signature(&format!("{PUBLIC}/webhook"), &form)).await.unwrap().status(), 403);
    assert_eq!(send(signature(&url, &form)).await.unwrap().status(), 200);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_signature_is_refused_and_leaves_no_trace() {
    let world = World::with_twilio().await;
    let id = sid(1);
    let good = signature(&format!("{PUBLIC}/webhooks/twilio"), &message(&id, "hello"));
    let changed = message(&id, "hello!");
    let wrong = [Some(good.clone()), Some(good.to_lowercase()), Some(String::new()), None];
    for signature in wrong {
        let mut request = world.request(Method::POST, "/webhooks/twilio").form(&changed);
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        problem(request.send().await.unwrap(), 403, "forbidden").await;
    }
    assert_eq!(world.queue().await, serde_json::json!({ "open": 0, "dead": 0, "outbox": 0 }));
    assert!(!world.log().contains("message accepted"));
    assert_eq!(world.log().matches("wrong signature").count(), 1, "told once, however many come");
    // The same message, rightly signed, is a new one: nothing of the others was kept.
    world.whatsapp(&id, "hello").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_twilio_settings_there_is_no_webhook() {
    let world = World::start().await;
    for path in ["/webhook", "/webhooks/twilio", "/webhooks/twilio/status"] {
        let answer = world.request(Method::POST, path).form(&message(&sid(1), "hello")).send();
        problem(answer.await.unwrap(), 404, "not-found").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_fields_is_malformed_and_a_huge_one_too_large() {
    let world = World::with_twilio().await;
    problem(world.webhook(&[("Body", "hello")]).await, 400, "malformed").await;
    problem(world.webhook(&[]).await, 400, "malformed").await;
    let long = "x".repeat(1024 * 1024 + 1);
    problem(world.whatsapp(&sid(1), &long).await, 413, "too-large").await;
    problem(world.get("/webhooks/twilio").send().await.unwrap(), 405, "method-not-allowed").await;
}

/// Nothing but his number shows the language of somebody who begins with a word of several languages.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_s_country_decides_the_language_until_a_text_does() {
    let world = World::with_twilio().await;
    for (at, text) in [(1, "hallo"), (2, "how much did I spend in May?")] {
        let id = sid(at);
        let form = from("whatsapp:+4915112345678", &id, text);
        assert_eq!(world.webhook(&form).await.status(), 200);
        world.settled().await;
    }
    let replies = world.replies();
    assert!(replies[0].starts_with("Hallo!") && replies[0].contains("Rechnung"), "{replies:?}");
    assert!(replies[1].contains("May") && replies[1].contains("nothing found"), "{replies:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_callback_is_acknowledged_without_a_body() {
    let world = World::with_twilio().await;
    let id = sid(1);
    let form = [("MessageSid", id.as_str()), ("MessageStatus", "delivered")];
    let signature = signature(&format!("{PUBLIC}/webhooks/twilio/status"), &form);
    let request = world.request(Method::POST, "/webhooks/twilio/status").form(&form);
    let answer = request.header("X-Twilio-Signature", signature).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.unwrap().is_empty());
    assert_eq!(world.webhook(&form).await.status(), 200);
    assert_eq!(world.queue().await["open"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn f40_fifty_deliveries_of_one_message_at_once_make_one_row_and_one_reply() {
    let world = World::with_twilio().await;
    let id = sid(40);
    let deliveries = (0..50).map(|_| world.whatsapp(&id, "hello"));
    for answer in futures::future::join_all(deliveries).await {
        assert_eq!(answer.status(), 200);
    }
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    assert_eq!(world.log().matches("message accepted").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f41_of_two_texts_under_one_id_the_first_stands_and_the_second_is_told() {
    let world = World::with_twilio().await;
    let id = sid(41);
    assert_eq!(world.whatsapp(&id, "how many invoices do I have?").await.status(), 200);
    assert_eq!(world.whatsapp(&id, "hello").await.status(), 200);
    world.settled().await;
    assert_eq!(world.whatsapp(&id, "hello again, much later").await.status(), 200);
    world.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("invoices"), "{replies:?}");
    let told = "accepted before with another text, which stands";
    let alerts =
        world.log().lines().filter(|line| line.contains(told) && line.contains("WARN")).count();
    assert_eq!(alerts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn f43_messages_of_one_person_are_answered_in_their_order() {
    let world = World::with_twilio().await;
    let numbers = ["FIRST-1", "SECOND-2", "THIRD-3", "FOURTH-4", "FIFTH-5"];
    for (at, number) in (0..).zip(numbers) {
        let paper = Paper { number, vendor: "Garten Huber", date: "2026-05-04", net: 50 + at };
        let url = world.twilio().add_media(papers::ubl(&paper));
        world.whatsapp_file(&sid(at), &url, "application/xml").await;
    }
    world.settled().await;
    let replies = world.replies();
    assert_eq!(replies.len(), 5, "{replies:?}");
    for (reply, number) in replies.iter().zip(numbers) {
        assert!(reply.contains(number), "{number} is not in {reply}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn media_are_fetched_through_the_redirect_with_credentials_on_the_first_hop_only() {
    let world = World::with_twilio().await;
    let paper = Paper { number: "R-77", vendor: "Garten Huber", date: "2026-05-04", net: 100 };
    let url = world.twilio().add_media(papers::ubl(&paper));
    world.whatsapp_file(&sid(1), &url, "application/octet-stream").await;
    world.settled().await;
    let replies = world.replies();
    assert!(replies[0].contains("R-77") && replies[0].contains("120.00"), "{replies:?}");
    let (api, cdn) = (world.twilio().requests(), world.twilio().media_requests());
    let asked = api.iter().find(|request| request.path.contains("/Media/")).unwrap();
    assert!(asked.header("authorization").starts_with("Basic "));
    assert_eq!(cdn.len(), 1);
    assert_eq!(cdn[0].header("authorization"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_media_address_is_never_asked_for() {
    let world = World::with_twilio().await;
    let elsewhere = world.url("/healthz");
    world.whatsapp_file(&sid(1), &elsewhere, "image/png").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 1, "the person is told");
    assert!(world.twilio().media_requests().is_empty());
}
