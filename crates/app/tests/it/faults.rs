//! Servers that go away, requests to stop with work in hand: what was accepted is answered once.

use crate::{
    papers,
    wired::{BEN, PAPER, Wired, assert_clean, from, status, twilio},
    world::{ANA, World, billhook, eventually, sid},
};
use reqwest::Method;
use serde_json::json;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use testkit::{
    postgres::fresh_schema,
    standin::{
        Fault,
        line::Line,
        openai::{API_KEY, OpenAiStandIn, Says},
    },
};

/// A process on an empty database of the server, with a line to it that can be cut.
async fn on_a_line() -> Option<(World, Line)> {
    Wired::start(&[]).await.map(|wired| (wired.world, wired.line))
}

/// Says hello until it is accepted.
async fn insist(world: &World, number: u32) {
    eventually("it is accepted", || async {
        (world.whatsapp(&sid(number), "hello").await.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_connections_cut_in_the_middle_of_commits_lose_and_double_nothing() {
    let Some((world, line)) = on_a_line().await else { return };
    let cutting = async {
        for round in 0..20_u64 {
            tokio::time::sleep(Duration::from_millis(50 + round * 13)).await;
            line.cut();
            tokio::time::sleep(Duration::from_millis(100)).await;
            line.mend();
        }
    };
    let sending = futures::future::join_all((0..100).map(|number| {
        let world = &world;
        async move {
            tokio::time::sleep(Duration::from_millis(u64::from(number) * 60)).await;
            insist(world, number).await;
        }
    }));
    tokio::join!(cutting, sending);
    world.settled().await;
    assert_eq!(world.replies().len(), 100);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_while_the_database_is_away_nothing_is_accepted_and_the_process_lives() {
    let Some((world, line)) = on_a_line().await else { return };
    line.cut();
    for number in 0..20 {
        let begun = Instant::now();
        let status = world.whatsapp(&sid(number), "hello").await.status();
        assert_eq!(status, 503);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
    assert_eq!(world.get("/readyz").send().await.unwrap().status(), 503);
    assert_eq!(world.get("/healthz").send().await.unwrap().status(), 200);
    line.mend();
    let mended = Instant::now();
    for number in 0..20 {
        insist(&world, number).await;
    }
    assert!(mended.elapsed() < Duration::from_secs(10), "{:?}", mended.elapsed());
    world.settled().await;
    assert_eq!(world.replies().len(), 20);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f07_asked_to_stop_with_work_in_hand_it_ends_well_and_another_does_the_work() {
    let Some(url) = fresh_schema().await else { return };
    let settings = [("DATABASE_URL", url.as_str()), ("BILLHOOK_ROLE", "web")];
    let web = World::with(&settings, Some(twilio().await)).await;
    let mut worker = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    let file = web.twilio().add_media(papers::ubl(&PAPER));
    web.twilio().fail_fetch(Fault::Slow(Duration::from_secs(45)));
    web.whatsapp_file(&sid(1), &file, "application/xml").await;
    eventually("the file is asked for", || async {
        let asked = web.twilio().requests();
        asked.iter().any(|asked| asked.path.contains("/Media/")).then_some(())
    })
    .await;
    let asked = Instant::now();
    assert!(worker.stop().await, "the exit code is 0");
    assert!(asked.elapsed() <= Duration::from_secs(31), "{:?}", asked.elapsed());
    let _other = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    web.settled().await;
    let replies = web.replies();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].contains("K-9"), "{replies:?}");
    assert_clean(&web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f08_told_twice_to_stop_it_ends_at_once_and_loses_nothing() {
    for (first, second) in [("TERM", "TERM"), ("TERM", "INT"), ("INT", "INT")] {
        let mut world = World::with_twilio().await;
        let file = world.twilio().add_media(papers::ubl(&PAPER));
        world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(20)));
        world.whatsapp_file(&sid(1), &file, "application/xml").await;
        eventually("the file is asked for", || async {
            let asked = world.twilio().requests();
            asked.iter().any(|asked| asked.path.contains("/Media/")).then_some(())
        })
        .await;
        world.signal(first).await;
        eventually("it is stopping", || async {
            world.log().contains("a second signal stops at once").then_some(())
        })
        .await;
        let told = Instant::now();
        world.signal(second).await;
        assert_eq!(world.ended().await, Some(130));
        assert!(told.elapsed() < Duration::from_secs(2), "{:?}", told.elapsed());
        world.restart().await;
        world.settled().await;
        let replies = world.replies();
        assert_eq!(replies.len(), 1, "{replies:?}");
        assert!(replies[0].contains("K-9"), "{replies:?}");
        assert_clean(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f07_fifty_turns_that_a_model_keeps_waiting_are_done_by_another_process() {
    let Some(url) = fresh_schema().await else { return };
    let openai = OpenAiStandIn::start().await.unwrap();
    let intent = json!({ "intent": "greeting", "topic": "other", "language": "en", "sure": true });
    openai.script("classify", Says::Json(intent));
    let base = openai.base_url();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("BILLHOOK_ROLE", "web"),
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", API_KEY),
        ("BILLHOOK_LANGUAGE", "model_first"),
    ];
    let web = World::with(&settings, Some(twilio().await)).await;
    let mut worker = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    for _ in 0..50 {
        openai.fail(Fault::Slow(Duration::from_secs(55)));
    }
    let people: Vec<(String, String)> =
        (0..50).map(|number| (sid(number), format!("whatsapp:+1500555{number:05}"))).collect();
    for (id, person) in &people {
        assert_eq!(status(&web, &from(person, id, "hello")).await, Some(200));
    }
    let asked = || openai.requests().iter().filter(|one| one.method == "POST").count();
    eventually("fifty are thought about", || async { (asked() == 50).then_some(()) }).await;
    let begun = Instant::now();
    assert!(worker.stop().await, "the exit code is 0");
    assert!(begun.elapsed() <= Duration::from_secs(31), "{:?}", begun.elapsed());
    assert_eq!(web.replies().len(), 0);
    let _other = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    web.settled().await;
    assert_eq!(web.replies().len(), 50);
    assert_clean(&web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f04_a_message_that_ends_its_process_each_time_is_given_up_and_others_are_answered() {
    let Some(mut wired) = Wired::start(&[]).await else { return };
    let file = wired.world.twilio().add_media(papers::ubl(&PAPER));
    let asked = |wired: &Wired| {
        let all = wired.world.twilio().requests();
        all.iter().filter(|asked| asked.path.contains("/Media/")).count()
    };
    let never = |wired: &Wired| {
        wired.world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(40)));
    };
    never(&wired);
    for round in 1..=3 {
        if round == 1 {
            wired.world.whatsapp_file(&sid(1), &file, "application/xml").await;
        }
        eventually("the file is asked for", || async { (asked(&wired) == round).then_some(()) })
            .await;
        // Another person's message meanwhile.
        let id = sid(10 + u32::try_from(round).unwrap());
        assert_eq!(status(&wired.world, &from(BEN, &id, "hello")).await, Some(200));
        eventually("it is answered", || async {
            (wired.world.replies().len() == round).then_some(())
        })
        .await;
        wired.world.kill().await;
        // Before anybody can ask again.
        if round < 3 {
            never(&wired);
        }
        wired.world.restart().await;
        wired.leases_end().await;
    }
    wired.world.settled().await;
    assert_eq!(asked(&wired), 3, "it is not begun a fourth time");
    assert_eq!(wired.world.queue().await["dead"], 1);
    let sent = wired.world.twilio().messages();
    let apologies: Vec<_> = sent.iter().filter(|message| message["to"] == ANA).collect();
    assert_eq!(apologies.len(), 1, "{apologies:?}");
    assert_eq!(sent.len(), 4);
    assert_clean(&wired.world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f45_of_two_replies_in_the_same_words_the_one_that_was_lost_is_sent_again() {
    let world = World::with_twilio().await;
    for round in 0..5 {
        assert_eq!(world.whatsapp(&sid(round * 2), "hello").await.status(), 200);
        world.settled().await;
        // Nothing that says what became of it, and it was not taken.
        world.twilio().fail_send(Fault::Body("nonsense".into()));
        assert_eq!(world.whatsapp(&sid(round * 2 + 1), "hello").await.status(), 200);
        world.settled().await;
        let replies = world.replies();
        assert_eq!(replies.len(), usize::try_from(round * 2 + 2).unwrap(), "{replies:?}");
        assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    }
    assert_eq!(
        world.log().matches("unclear=true").count()
            + world.log().matches("\"unclear\":true").count(),
        5
    );
    assert_clean(&world).await;
}

/// Returns an answer of the provider with a code of its own.
fn refused(status: u16, code: u32) -> Fault {
    let body = json!({ "code": code, "message": "m", "more_info": "u", "status": status });
    Fault::Answer { status, body, retry_after: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn f45_a_reply_leaves_once_whatever_the_provider_says_first() {
    let world = World::with_twilio().await;
    for fault in [refused(503, 20_500), refused(429, 63_018), refused(401, 20_003)] {
        world.twilio().fail_send(fault);
    }
    world.twilio().fail_send(Fault::DropAfterAccepting);
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    assert!(world.log().contains("check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"));
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f45_f46_what_is_refused_for_good_is_not_tried_again_and_holds_up_nothing() {
    // The window of a day is over; the number is none; the sender may not write there.
    let codes = [63_016, 21_211, 63_024];
    let world = World::with_twilio().await;
    for (number, code) in (10..).step_by(10).zip(codes) {
        world.twilio().fail_send(refused(400, code));
        world.whatsapp(&sid(number), "hello").await;
        world.whatsapp(&sid(number + 1), "hello").await;
        world.settled().await;
    }
    assert_eq!(world.replies().len(), 3, "one behind each that was refused");
    let sends = world.twilio().requests().into_iter().filter(|one| one.method == "POST").count();
    assert_eq!(sends, 6, "three of them were refused");
    for code in codes {
        let told =
            world.log().lines().filter(|line| line.contains(&format!("code={code}"))).count();
        assert_eq!(told, 1, "{code}");
    }
    // Their owner sees them.
    assert_eq!(deliveries(&world, "refused").await, 3);
    let doctor = billhook(world.folder.path(), world.settings()).arg("doctor").output();
    let said = String::from_utf8(doctor.await.unwrap().stdout).unwrap();
    let told = said.lines().find(|line| line.contains("replies")).unwrap_or_default();
    assert!(codes.iter().all(|code| told.contains(&format!("1 by {code}"))), "{said}");
    assert_clean(&world).await;
}

/// Returns how many tries to send a reply have ended like this.
async fn deliveries(world: &World, result: &str) -> u32 {
    let metrics = world.api(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let name = format!("billhook_deliveries_total{{channel=\"twilio\",result=\"{result}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&name)?.parse().ok()).unwrap()
}

/// Lets so many receipts be lost on their way while the provider cannot list what it has sent.
async fn unclear(messages: u32) {
    let world = World::with(&[("BILLHOOK_RATE_LIMIT", "0")], Some(twilio().await)).await;
    for _ in 0..messages {
        world.twilio().fail_send(Fault::DropAfterAccepting);
        world.twilio().fail_list(Fault::status(500));
    }
    let sending = (0..messages).map(|number| {
        let world = &world;
        async move {
            tokio::time::sleep(Duration::from_millis(10).saturating_mul(number)).await;
            let (id, person) = (sid(number), format!("whatsapp:+1500555{number:05}"));
            assert_eq!(status(world, &from(&person, &id, "hello")).await, Some(200));
        }
    });
    futures::future::join_all(sending).await;
    world.drained(Duration::from_secs(600)).await;
    let to: BTreeSet<String> =
        world.twilio().messages().iter().map(|sent| sent["to"].to_string()).collect();
    let all = usize::try_from(messages).unwrap();
    assert_eq!((to.len(), world.replies().len()), (all, all));
    // Each that was lost, and each look-up that came to nothing.
    let counted = deliveries(&world, "unclear").await;
    assert!(counted >= messages, "{counted}");
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f45_of_fifty_lost_receipts_none_is_sent_again_though_nothing_can_be_listed() {
    unclear(50).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes: ./test soak"]
async fn f45_of_a_thousand_lost_receipts_none_is_sent_again_though_nothing_can_be_listed() {
    unclear(1_000).await;
}
