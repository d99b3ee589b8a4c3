//! Servers that go away, disks that fill up, requests to stop with work in hand: what was accepted
//! is answered once, and what could not be stored was not accepted.

use crate::{
    papers,
    wired::{BEN, PAPER, Wired, assert_clean, from, status, twilio},
    world::{ANA, World, eventually, sid},
};
use serde_json::json;
use std::time::{Duration, Instant};
use testkit::{
    postgres::fresh_schema,
    standin::{
        Fault,
        line::Line,
        openai::{API_KEY, OpenAiStandIn, Says},
    },
};
#[cfg(target_os = "linux")]
use tokio::process::Command;

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

#[tokio::test(flavor = "multi_thread")]
async fn f03_a_worker_that_slept_past_its_lease_changes_nothing_when_it_wakes() {
    let Some(url) = fresh_schema().await else { return };
    let settings = [("DATABASE_URL", url.as_str()), ("BILLHOOK_ROLE", "web")];
    let web = World::with(&settings, Some(twilio().await)).await;
    let sleeper = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    let file = web.twilio().add_media(papers::ubl(&PAPER));
    web.twilio().fail_fetch(Fault::Slow(Duration::from_secs(3)));
    web.whatsapp_file(&sid(1), &file, "application/xml").await;
    eventually("the file is asked for", || async {
        let asked = web.twilio().requests();
        asked.iter().any(|asked| asked.path.contains("/Media/")).then_some(())
    })
    .await;
    sleeper.signal("STOP").await;
    let _other = web.beside(&[("BILLHOOK_ROLE", "worker")]).await;
    web.settled().await;
    assert_eq!(web.replies().len(), 1);
    sleeper.signal("CONT").await;
    eventually("it notices", || async {
        sleeper.log().contains("turn left to another worker").then_some(())
    })
    .await;
    web.settled().await;
    assert_eq!(web.replies().len(), 1);
    assert_clean(&web).await;
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
async fn f46_a_reply_to_who_wrote_a_day_ago_is_not_tried_again_and_holds_up_nothing() {
    let world = World::with_twilio().await;
    world.twilio().fail_send(refused(400, 63_016));
    world.whatsapp(&sid(2), "hello").await;
    world.whatsapp(&sid(3), "hello").await;
    world.settled().await;
    assert_eq!(world.replies().len(), 1);
    let sends = world.twilio().requests().into_iter().filter(|one| one.method == "POST").count();
    assert_eq!(sends, 2, "one of them was refused");
    let told = world.log().lines().filter(|line| line.contains("reply refused for good")).count();
    assert_eq!(told, 1);
    assert_clean(&world).await;
}

/// A small disk of memory; nothing where we may not make one.
#[cfg(target_os = "linux")]
struct Disk(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl Disk {
    async fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m", "billhook-test"]).arg(folder.path());
        mount.output().await.ok()?.status.success().then_some(Self(folder))
    }

    fn fill(&self) {
        use std::io::Write;
        let mut file = std::fs::File::create(self.0.path().join("ballast")).unwrap();
        while file.write_all(&[7; 4_096]).is_ok() {}
        while file.write_all(&[7]).is_ok() {}
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn f19_on_a_full_disk_nothing_is_accepted_and_space_heals_it() {
    let Some(disk) = Disk::new().await else { return };
    let data = disk.0.path().join("data").display().to_string();
    let world = World::with(&[("BILLHOOK_DATA_DIR", &data)], Some(twilio().await)).await;
    insist(&world, 0).await;
    world.settled().await;
    disk.fill();
    let mut accepted = 1;
    for number in 1..=60 {
        // What is already allocated may take a few more; each 200 must have been kept.
        if world.whatsapp(&sid(number), "hello").await.status() == 200 {
            accepted += 1;
        }
    }
    assert!(accepted < 61, "a full disk refuses in the end");
    assert_eq!(world.get("/readyz").send().await.unwrap().status(), 503);
    assert_eq!(world.get("/healthz").send().await.unwrap().status(), 200);
    std::fs::remove_file(disk.0.path().join("ballast")).unwrap();
    assert_eq!(world.get("/readyz").send().await.unwrap().status(), 200);
    for number in 1..=60 {
        insist(&world, number).await;
    }
    world.settled().await;
    assert_eq!(world.replies().len(), 61);
    assert_clean(&world).await;
}
