//! F36: a model that is away while people go on writing. All of it is accepted and answered by what needs no
//! network, nothing is lost, and once the model is back it is asked again.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    wired::{assert_clean, from, status, twilio},
    world::{World, eventually, sid},
};
use futures::{StreamExt, stream};
use reqwest::Method;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use testkit::standin::{
    line::Line,
    openai::{API_KEY, OpenAiStandIn, Says},
};

/// How many people write.
const PEOPLE: u32 = 200;
/// How many messages are on their way at once: each person's one behind the other.
const AT_ONCE: usize = 100;

/// Checks that each message was answered, in the order of each person's messages, with one notice beside each at
/// most.
fn answered_in_order(world: &World, messages: u32) {
    let mut answers = BTreeMap::<String, Vec<u32>>::new();
    let mut notices = 0;
    for reply in world.twilio().messages() {
        let (to, body) = (reply["to"].as_str().unwrap(), reply["body"].as_str().unwrap());
        let name = body.split("Firma").nth(1);
        let digits = name.map(|rest| rest.chars().take_while(char::is_ascii_digit));
        match digits {
            Some(number) => {
                let number = number.collect::<String>().parse().unwrap();
                answers.entry(to.to_owned()).or_default().push(number);
            }
            None => notices += 1,
        }
    }
    for (to, numbers) in &answers {
        let person: u32 = to[to.len() - 5..].parse().unwrap();
        let expected: Vec<u32> = (0..messages).filter(|number| number % PEOPLE == person).collect();
        assert_eq!(numbers, &expected, "{to}");
    }
    let all: usize = answers.values().map(Vec::len).sum();
    assert_eq!(all, usize::try_from(messages).unwrap());
    assert!(notices <= messages, "{notices}");
}

/// Sends so many messages at so many a second while the model is away.
async fn away(messages: u32, a_second: u32, drain: Duration) {
    let openai = OpenAiStandIn::start().await.unwrap();
    let intent = serde_json::json!({
        "intent": "greeting", "topic": "other", "language": "en", "sure": true,
    });
    openai.script("classify", Says::Json(intent));
    let base = openai.base_url();
    let place = base.trim_start_matches("http://").trim_end_matches("/v1").parse().unwrap();
    let line = Line::to(place).await;
    let by_line = format!("http://{}/v1", line.address);
    let settings = [
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", by_line.as_str()),
        ("OPENAI_API_KEY", API_KEY),
        ("BILLHOOK_LANGUAGE", "model_first"),
        ("BILLHOOK_RATE_LIMIT", "0"),
    ];
    let world = &World::with(&settings, Some(twilio().await)).await;
    let asked = || openai.requests().iter().filter(|one| one.method == "POST").count();
    line.cut();
    let begun = Instant::now();
    let send = |number| async move {
        let at = begun + Duration::from_secs(1) * number / a_second;
        tokio::time::sleep_until(at.into()).await;
        let (id, person) = (sid(number), format!("whatsapp:+1500555{:05}", number % PEOPLE));
        // No two alike: what was answered once is not asked again.
        let text = format!("how much did I pay Firma{number} in May 2026?");
        let form = from(&person, &id, &text);
        // As its provider does, until it is accepted.
        while status(world, &form).await != Some(200) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    stream::iter(0..messages).for_each_concurrent(AT_ONCE, send).await;
    let sent = begun.elapsed();
    let drained = world.drained(drain).await;
    eprintln!("{messages} messages in {sent:?}, drained {drained:?} later");
    assert_eq!(asked(), 0);
    let metrics = world.api(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let is_failed = |line: &&str| {
        line.starts_with("billhook_model_calls_total{") && line.contains("model_unavailable")
    };
    assert!(metrics.lines().any(|line| is_failed(&line)), "it was asked for in vain");
    assert_eq!(world.queue().await["dead"], 0);
    answered_in_order(world, messages);
    line.mend();
    eventually("it is asked again", || async {
        world.say(&format!("well met {}", sent.as_nanos())).await;
        (asked() > 0).then_some(())
    })
    .await;
    assert_clean(world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_while_a_model_is_away_four_hundred_messages_are_answered_in_their_order() {
    away(400, 100, Duration::from_secs(60)).await;
}

/// As many as come in an hour at twenty a second, in a sixth of it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes ten minutes: ./test soak"]
async fn f36_while_a_model_is_away_as_many_messages_as_an_hour_has_are_answered_in_their_order() {
    away(72_000, 120, Duration::from_secs(30 * 60)).await;
}
