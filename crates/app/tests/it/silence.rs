//! F50: who says stop hears nothing more, whatever he sends, until he says start.

use crate::{
    wired::{BEN, assert_clean, files, from, kept, status, with_files},
    world::{ANA, World, sid},
};
use std::sync::Arc;
use testkit::standin::{
    openai::{API_KEY, OpenAiStandIn, Says},
    twilio::TwilioStandIn,
};

async fn world(openai: &OpenAiStandIn) -> World {
    let intent = serde_json::json!({
        "intent": "greeting", "topic": "other", "language": "en", "sure": true,
    });
    openai.script("classify", Says::Json(intent));
    let base = openai.base_url();
    let settings = [
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", API_KEY),
        ("BILLHOOK_LANGUAGE", "model_first"),
        ("BILLHOOK_RATE_LIMIT", "20"),
    ];
    let twilio = TwilioStandIn::start(Arc::new(crate::world::RealClock)).await.unwrap();
    World::with(&settings, Some(twilio)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f50_who_says_stop_hears_nothing_more_until_he_says_start() {
    let openai = OpenAiStandIn::start().await.unwrap();
    let world = world(&openai).await;
    let asked = || openai.requests().iter().filter(|one| one.method == "POST").count();
    let fetched = || world.twilio().media_requests().len();
    let tell = async |number: u32, person: &str, text: &str| {
        let id = sid(number);
        assert_eq!(status(&world, &from(person, &id, text)).await, Some(200));
        world.settled().await;
        world.replies().len()
    };
    assert_eq!(tell(1, ANA, "Stop").await, 1);
    let legal = world.replies().pop().unwrap();
    assert!(legal.contains("start"), "{legal}");
    let before = asked();
    // More than the limit of a sender: even of that nothing is said.
    for (number, text) in
        (100..).zip(["hello", "STOP", "help", "who are you", ""].iter().cycle().take(30))
    {
        assert_eq!(status(&world, &from(ANA, &sid(number), text)).await, Some(200));
    }
    let (id, fields) = (sid(200), files(&kept(&world, 1)));
    assert_eq!(status(&world, &with_files(&id, &fields)).await, Some(200));
    // Somebody else is answered all the same.
    assert_eq!(tell(300, BEN, "hello").await, 2);
    assert_eq!((asked() - before, fetched()), (1, 0), "nothing of it was read");
    assert_clean(&world).await;

    assert_eq!(tell(400, ANA, "start").await, 3);
    assert_eq!(tell(401, ANA, "hello there").await, 4);
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f50_stop_is_a_no_while_an_answer_is_awaited_and_on_our_own_page() {
    let world = World::with_twilio().await;
    for (number, text) in [(1, "invoice Bob 3 hours at 80 EUR"), (2, "stop"), (3, "hello")] {
        world.whatsapp(&sid(number), text).await;
        world.settled().await;
    }
    // The draft and its page, that it is let go, and the greeting.
    assert_eq!(world.replies().len(), 4, "{:?}", world.replies());
    for text in ["stop", "hello"] {
        assert_eq!(world.say(text).await["replies"].as_array().unwrap().len(), 1);
    }
    assert_clean(&world).await;
}
