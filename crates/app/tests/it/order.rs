//! F43: five messages of one person at one moment, in any order: worked on one at a time, each answered once,
//! and nothing that one turn has remembered is lost to the next.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    wired::{assert_clean, from, status, twilio},
    world::{ANA, PATIENCE, RealClock, World, eventually, sid},
};
use jiff::SignedDuration;
use ports::clock::Clock;
use serde_json::Value;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use testkit::{postgres::fresh_schema, standin::twilio::TwilioStandIn};

/// Notes each job that is begun while another one of its conversation is under way.
const WATCH: &str = "
    CREATE TABLE at_once (job TEXT);
    CREATE FUNCTION watch() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO at_once SELECT NEW.id FROM jobs WHERE conversation = NEW.conversation
            AND id <> NEW.id AND state = 'open' AND lease_token IS NOT NULL;
        RETURN NULL;
    END $$;
    CREATE TRIGGER watch AFTER UPDATE OF lease_token ON jobs FOR EACH ROW
        WHEN (NEW.lease_token IS NOT NULL) EXECUTE FUNCTION watch();";

/// Two processes that take messages in, two that answer them, and a look at their database.
struct Office {
    web: World,
    other: World,
    twilio: TwilioStandIn,
    pool: PgPool,
    _workers: [World; 2],
}

impl Office {
    async fn open() -> Option<Self> {
        let url = fresh_schema().await?;
        let settings = [
            ("DATABASE_URL", url.as_str()),
            ("BILLHOOK_ROLE", "web"),
            ("BILLHOOK_RATE_LIMIT", "0"),
        ];
        let mut web = World::with(&settings, Some(twilio().await)).await;
        let twilio = web.twilio.take().unwrap();
        let pool = PgPool::connect(&url).await.unwrap();
        sqlx::raw_sql(WATCH).execute(&pool).await.unwrap();
        let other = web.beside(&[]).await;
        let worker = [("BILLHOOK_ROLE", "worker")];
        let workers = [web.beside(&worker).await, web.beside(&worker).await];
        Some(Self { web, other, twilio, pool, _workers: workers })
    }

    /// Lets somebody write five messages and checks what becomes of them.
    async fn round(&self, person: u32, round: u32, goes_back: bool) {
        let who = format!("whatsapp:+1500555{person:05}");
        let names: Vec<String> = (0..5).map(|at| format!("Firma{person}x{round}x{at}")).collect();
        let mut sent: Vec<(String, String)> = (0..5)
            .zip(&names)
            .map(|(at, name)| {
                let id = sid(person * 1_000_000 + round * 10 + at);
                (id, format!("how much did I pay {name} in May 2026?"))
            })
            .collect();
        let deliver = async |at: usize, (id, text): &(String, String)| {
            let world = if at.is_multiple_of(2) { &self.web } else { &self.other };
            assert_eq!(status(world, &from(&who, id, text)).await, Some(200));
        };
        if goes_back {
            // One behind the other, the last first.
            sent.reverse();
            for (at, message) in sent.iter().enumerate() {
                deliver(at, message).await;
            }
        } else {
            let all = sent.iter().enumerate().map(|(at, message)| deliver(at, message));
            futures::future::join_all(all).await;
        }
        self.answered(&who).await;

        // What is remembered is what was said, in the order in which it was taken in.
        let ids: Vec<String> = sent.iter().map(|(id, _)| id.clone()).collect();
        let in_order: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM inbound WHERE provider_id = ANY($1) ORDER BY place",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await
        .unwrap();
        assert_eq!(in_order.len(), 5);
        if goes_back {
            let said: Vec<&String> = sent.iter().map(|(_, text)| text).collect();
            assert_eq!(in_order.iter().collect::<Vec<_>>(), said);
        }
        let memory: String = sqlx::query_scalar(
            "SELECT memory FROM conversations JOIN members ON members.id = conversations.member \
             WHERE members.address = $1",
        )
        .bind(&who)
        .fetch_one(&self.pool)
        .await
        .unwrap();
        let memory: Value = serde_json::from_str(&memory).unwrap();
        let exchanges = memory["exchanges"].as_array().unwrap();
        let last = &exchanges[exchanges.len() - 5..];
        let said: Vec<&str> = last.iter().map(|one| one["user"].as_str().unwrap()).collect();
        assert_eq!(said, in_order, "a turn has lost what another one remembered");
        // The replies leave in that order too, one to each.
        let replies = self.replies(&who);
        let last = &replies[replies.len() - 5..];
        for (reply, asked) in last.iter().zip(&in_order) {
            let name = names.iter().find(|name| asked.contains(*name)).unwrap();
            assert!(reply.contains(name), "{name}: {last:?}");
        }
    }

    fn replies(&self, who: &str) -> Vec<String> {
        let all = self.twilio.messages();
        let to = all.iter().filter(|reply| reply["to"] == who);
        to.map(|reply| reply["body"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until everything that somebody has written is answered.
    async fn answered(&self, who: &str) {
        let waiting = "SELECT (SELECT COUNT(*) FROM jobs JOIN inbound ON inbound.id = jobs.inbound \
                       WHERE sender = $1 AND state = 'open') + \
                       (SELECT COUNT(*) FROM outbound WHERE recipient = $1 AND state = 'waiting')";
        let begun = Instant::now();
        loop {
            let query = sqlx::query_scalar::<_, i64>(waiting).bind(who);
            if query.fetch_one(&self.pool).await.unwrap() == 0 {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{who} waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Lets so many people write five messages so often.
async fn rounds(people: u32, each: u32) {
    let Some(office) = Office::open().await else { return };
    let writing = (0..people).map(|person| {
        let office = &office;
        async move {
            for round in 0..each {
                office.round(person, round, round % 2 == 1).await;
            }
        }
    });
    futures::future::join_all(writing).await;
    let at_once: Vec<String> =
        sqlx::query_scalar("SELECT job FROM at_once").fetch_all(&office.pool).await.unwrap();
    assert!(at_once.is_empty(), "two of one person at once: {at_once:?}");
    let all = usize::try_from(people * each * 5).unwrap();
    assert_eq!(office.twilio.messages().len(), all);
    assert_eq!(office.web.queue().await["dead"], 0);
    assert_clean(&office.web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f43_in_forty_rounds_five_messages_at_once_or_backwards_lose_no_update() {
    rounds(8, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes: ./test soak"]
async fn f43_in_a_thousand_rounds_five_messages_at_once_or_backwards_lose_no_update() {
    rounds(20, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f43_messages_whose_time_the_provider_tells_are_answered_in_its_order() {
    let mut world = World::with_twilio().await;
    world.whatsapp(&sid(1), "hello").await;
    world.settled().await;
    // A process that starts so soon after another has looked does not look again.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(world.stop().await);
    let first = RealClock.now().checked_sub(SignedDuration::from_mins(3)).unwrap();
    for (number, second) in [(4, 3), (2, 1), (5, 4), (1, 0), (3, 2)] {
        let text = format!("how much did I pay Firma{number} in May 2026?");
        let at = first.checked_add(SignedDuration::from_secs(second)).unwrap();
        world.twilio().receive((&sid(10 + number), ANA), &text, at, None);
    }
    world.restart().await;
    eventually("all are answered", || async { (world.replies().len() == 6).then_some(()) }).await;
    for (reply, number) in world.replies().iter().skip(1).zip(1..) {
        assert!(reply.contains(&format!("Firma{number}")), "{:?}", world.replies());
    }
    assert_clean(&world).await;
}
