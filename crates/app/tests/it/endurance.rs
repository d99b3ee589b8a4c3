//! Much, and for long: a backlog, a conversation without an end, round after round of traffic. What
//! is used stays within bounds.

use crate::{
    wired::{Wired, assert_clean, crowd, from, left_for, status, twilio},
    world::{World, eventually, sid},
};
use reqwest::Method;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use testkit::standin::{
    Recorded,
    openai::{API_KEY, OpenAiStandIn, Says},
};

/// The most memory of a process, in bytes.
const MEMORY: f64 = 300.0 * 1_024.0 * 1_024.0;

/// Sends greetings from twenty people in turn.
async fn greet(world: &World, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let (id, person) = (sid(number), format!("whatsapp:+1500555{:05}", number % 20));
        assert_eq!(status(world, &from(&person, &id, "hello")).await, Some(200));
    }
}

/// Returns the value of a metric.
pub async fn metric(world: &World, name: &str) -> f64 {
    let scrape = world.api(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let value = scrape.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.unwrap_or_else(|| panic!("{name} is not in\n{scrape}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn f60_a_backlog_is_worked_off_in_order_within_bounds() {
    let Some(wired) = Wired::start(&[("BILLHOOK_ROLE", "web")]).await else { return };
    greet(&wired.world, 0..600).await;
    assert_eq!(wired.world.queue().await["open"], 600);
    let workers = [
        wired.world.beside(&[("BILLHOOK_ROLE", "worker")]).await,
        wired.world.beside(&[("BILLHOOK_ROLE", "worker")]).await,
    ];
    // More comes in meanwhile, of people who wait and of one who is new.
    greet(&wired.world, 600..640).await;
    assert_eq!(wired.world.whatsapp(&sid(900), "hello").await.status(), 200);
    wired.world.settled().await;
    assert_eq!(wired.world.replies().len(), 641);
    for worker in &workers {
        let memory = metric(worker, "process_resident_memory_bytes").await;
        assert!(memory < MEMORY, "{memory}");
    }
    assert_clean(&wired.world).await;
}

/// Lets two workers work off a backlog of so many hundreds while new people write now and then; returns how long
/// all but one in a hundred of those waited at most.
async fn worked_off(hundreds: u32) -> Option<Duration> {
    let settings = [("BILLHOOK_ROLE", "web"), ("BILLHOOK_RATE_LIMIT", "0")];
    let wired = Wired::start(&settings).await?;
    let world = &wired.world;
    let pool = PgPool::connect(&wired.database).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(crowd(hundreds, true))).execute(&pool).await.unwrap();
    let worker = [("BILLHOOK_ROLE", "worker")];
    let workers = [world.beside(&worker).await, world.beside(&worker).await];
    let begun = Instant::now();
    let mut waits = Vec::new();
    for number in 0.. {
        let (id, who) = (sid(number), format!("whatsapp:+1500557{number:04}"));
        let written = Instant::now();
        assert_eq!(status(world, &from(&who, &id, "hello")).await, Some(200));
        eventually("a new one is answered", || async {
            (left_for(&pool, &who).await == 1).then_some(())
        })
        .await;
        waits.push(written.elapsed());
        let queue = world.queue().await;
        if queue["open"] == 0 && queue["outbox"] == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(3_600), "{queue}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let waiting = usize::try_from(hundreds).unwrap().saturating_mul(100);
    let (took, all) = (begun.elapsed(), waiting.saturating_add(waits.len()));
    // Whoever has waited for long and has to wait for something is told so once, beside his answer.
    let answered = "SELECT COUNT(DISTINCT inbound), COUNT(*) FROM outbound WHERE state = 'sent'";
    let (answered, sent): (i64, i64) = sqlx::query_as(answered).fetch_one(&pool).await.unwrap();
    assert_eq!(usize::try_from(answered).unwrap(), all);
    assert_eq!(usize::try_from(sent).unwrap(), world.twilio().messages().len());
    for worker in &workers {
        let memory = metric(worker, "process_resident_memory_bytes").await;
        assert!(memory < MEMORY, "{memory}");
    }
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(world).await;
    waits.sort();
    let most = waits.iter().rev().nth(waits.len() / 100).copied();
    eprintln!("{all} worked off in {took:?}; {} who were new: p99 {most:?}", waits.len());
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn f60_while_two_thousand_wait_who_is_new_is_answered_soon() {
    let Some(most) = worked_off(20).await else { return };
    // How fast a machine is that other tests run on is not asked.
    assert!(most <= Duration::from_secs(30), "{most:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some ten minutes: ./test soak"]
async fn f60_while_a_hundred_thousand_wait_who_is_new_is_answered_soon() {
    let Some(most) = worked_off(1_000).await else { return };
    // One message of each of a thousand people goes before him; how long those take is for the bench.
    assert!(most <= Duration::from_secs(30), "{most:?}");
}

/// Sends two hundred webhooks a second, beside a worker; returns how long all but one in a hundred took
/// at most. None fails, and each is answered once.
async fn steady(seconds: u32) -> Option<Duration> {
    let wired = Wired::start(&[("BILLHOOK_ROLE", "web")]).await?;
    let _worker = wired.world.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    let begun = Instant::now();
    // Each is sent when its time has come, however long those before it take.
    let sending = (0..seconds.saturating_mul(200)).map(|number| {
        let world = &wired.world;
        async move {
            let after = Duration::from_millis(5).saturating_mul(number);
            let at = begun.checked_add(after).unwrap();
            tokio::time::sleep_until(at.into()).await;
            let (id, person) = (sid(number), format!("whatsapp:+1500555{:05}", number % 5_000));
            let status = status(world, &from(&person, &id, "hello")).await;
            (status, at.elapsed())
        }
    });
    let mut took = Vec::new();
    for (status, after) in futures::future::join_all(sending).await {
        assert_eq!(status, Some(200));
        took.push(after);
    }
    took.sort();
    wired.world.settled().await;
    assert_eq!(wired.world.replies().len(), took.len());
    assert_clean(&wired.world).await;
    took.iter().rev().nth(took.len() / 100).copied()
}

#[tokio::test(flavor = "multi_thread")]
async fn f61_two_hundred_webhooks_a_second_are_all_acknowledged_and_answered() {
    let Some(most) = steady(20).await else { return };
    // How fast a machine is that other tests run on is not asked; the provider waits so long.
    assert!(most <= Duration::from_secs(15), "{most:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes ten minutes of a machine that does nothing else"]
async fn f61_for_ten_minutes_webhooks_are_acknowledged_within_a_quarter_of_a_second() {
    let Some(most) = steady(600).await else { return };
    assert!(most <= Duration::from_millis(250), "{most:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f64_a_conversation_without_an_end_costs_no_more_than_a_short_one() {
    let openai = OpenAiStandIn::start().await.unwrap();
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
    ];
    let world = World::with(&settings, None).await;
    for turn in 0..60 {
        // No two alike: an answer that is known is not asked for again.
        world.say(&format!("{turn} {}", "well then ".repeat(300))).await;
    }
    let completions = |one: &&Recorded| one.method == Method::POST;
    let asked: Vec<usize> =
        openai.requests().iter().filter(completions).map(|one| one.body.len()).collect();
    assert_eq!(asked.len(), 60);
    let most = |part: &[usize]| part.iter().copied().max().unwrap();
    assert!(most(&asked[50..]) <= most(&asked[10..20]) + 16, "{asked:?}");
    // Four letters are a token or less.
    assert!(most(&asked) < 8_000 * 4, "{asked:?}");
    // The audit looks at what is remembered too.
    assert_clean(&world).await;
}

/// Says so many things in one conversation and returns what each of the last 500 took, in milliseconds:
/// processor time of the process in the mean, told in whole seconds, and time in the median.
#[cfg(target_os = "linux")]
async fn talk(world: &World, turns: usize) -> (f64, f64) {
    const SAID: [&str; 5] = [
        "how much did I spend last month?",
        "hello",
        "invoices of May",
        "note for invoice 17: paid by card",
        "how many invoices do I have?",
    ];
    let mut said = SAID.iter().cycle();
    for _ in 0..turns.saturating_sub(500) {
        world.say(said.next().unwrap()).await;
    }
    let before = metric(world, "process_cpu_seconds_total").await;
    let mut taken = Vec::new();
    for _ in 0..500 {
        let begun = Instant::now();
        world.say(said.next().unwrap()).await;
        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let used = metric(world, "process_cpu_seconds_total").await - before;
    taken.sort_by(f64::total_cmp);
    (used * 1_000.0 / 500.0, taken[250])
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "half an hour long: docs/answers.md tells what was measured"]
async fn f64_the_ten_thousandth_turn_takes_as_long_as_the_sixtieth() {
    let turns = 10_000;
    let world = World::with(&[], None).await;
    for _ in 0..60 {
        world.say("hello").await;
    }
    let early = talk(&world, 500).await;
    let late = talk(&world, turns - 560).await;
    println!("processor and time of a turn, in ms: early {early:?}, after {turns} turns {late:?}");
    assert!(late.0 <= early.0 * 1.5 + 2.0, "{early:?} {late:?}");
    assert!(late.1 <= early.1 * 1.5 + 5.0, "{early:?} {late:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn f65_round_after_round_of_traffic_leaves_nothing_behind() {
    let world = World::with(&[], Some(twilio().await)).await;
    let mut held = Vec::new();
    for round in 0..6 {
        greet(&world, round * 100..(round + 1) * 100).await;
        world.settled().await;
        held.push((
            metric(&world, "process_open_fds").await,
            metric(&world, "process_resident_memory_bytes").await,
        ));
    }
    // The first rounds fill caches and pools.
    let (early, late) = (held[2], held[5]);
    assert!(late.0 <= early.0 + 4.0, "open files: {held:?}");
    assert!(late.1 <= early.1 * 1.3, "memory: {held:?}");
    assert_clean(&world).await;
}
