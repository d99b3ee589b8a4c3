//! F16: a server of Redis that forgets everything, ends, stands still, has no room or no longer knows us. It
//! makes nothing but wake-ups and shared limits: nothing is lost or doubled, and nobody waits long.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    wired::{assert_clean, from, status, twilio},
    world::{World, eventually, free_port, sid},
};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use testkit::postgres::fresh_schema;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

/// How much longer than a look into the queue anybody may wait; and a machine that does other things too.
const NOT_LONG: Duration = Duration::from_secs(5 + 10);

/// A server that one test has for itself.
struct OwnRedis {
    child: Child,
    port: u16,
}

impl OwnRedis {
    /// Starts one; nothing where Redis is not installed.
    async fn start() -> Option<Self> {
        let port = free_port();
        Some(Self { child: Self::spawn(port).await?, port })
    }

    async fn spawn(port: u16) -> Option<Child> {
        let mut server = Command::new("redis-server");
        server.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        server.args(["--maxmemory-policy", "noeviction"]);
        server.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let child = server.spawn().ok()?;
        eventually("it takes connections", || async {
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        Some(child)
    }

    async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    async fn again(&mut self) {
        self.child = Self::spawn(self.port).await.unwrap();
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Says a line to it, which it takes.
    async fn tell(&self, line: &str) {
        let mut server = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        server.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        let mut said = [0; 1];
        server.read_exact(&mut said).await.unwrap();
        assert!(matches!(said, [b'+' | b':']), "{line}");
    }
}

/// Sends twenty messages of as many people and waits for the answers; returns how long that took.
async fn answered(web: &World, sent: &mut u32, what: &str) {
    let begun = Instant::now();
    let numbers = *sent..*sent + 20;
    *sent += 20;
    let sending = numbers.map(|number| async move {
        let (id, person) = (sid(number), format!("whatsapp:+1500555{:05}", number % 20));
        assert_eq!(status(web, &from(&person, &id, "hello")).await, Some(200), "{what}");
    });
    futures::future::join_all(sending).await;
    let all = usize::try_from(*sent).unwrap();
    eventually(what, || async { (web.replies().len() >= all).then_some(()) }).await;
    eprintln!("{what}: {} ms", begun.elapsed().as_millis());
    assert!(begun.elapsed() < NOT_LONG, "{what}: {:?}", begun.elapsed());
}

/// Lets everything befall the server that may; it stands still for so long.
async fn everything(still: Duration) {
    let (Some(url), Some(mut redis)) = (fresh_schema().await, OwnRedis::start().await) else {
        return;
    };
    let address = format!("redis://127.0.0.1:{}", redis.port);
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("BILLHOOK_ROLE", "web"),
        ("REDIS_URL", address.as_str()),
        ("BILLHOOK_RATE_LIMIT", "1000"),
    ];
    let web = World::with(&settings, Some(twilio().await)).await;
    let worker = [("BILLHOOK_ROLE", "worker")];
    let _workers = [web.beside(&worker).await, web.beside(&worker).await];
    let mut sent = 0;
    answered(&web, &mut sent, "as it should be").await;
    redis.tell("FLUSHALL").await;
    answered(&web, &mut sent, "all forgotten").await;
    redis.kill().await;
    answered(&web, &mut sent, "ended").await;
    redis.again().await;
    answered(&web, &mut sent, "begun again").await;
    redis.signal("STOP").await;
    let begun = Instant::now();
    answered(&web, &mut sent, "standing still").await;
    while begun.elapsed() < still {
        tokio::time::sleep(Duration::from_secs(1)).await;
        answered(&web, &mut sent, "still standing").await;
    }
    redis.signal("CONT").await;
    answered(&web, &mut sent, "going on").await;
    redis.tell("CONFIG SET maxmemory 1").await;
    answered(&web, &mut sent, "without room").await;
    redis.tell("CONFIG SET maxmemory 0").await;
    answered(&web, &mut sent, "with room again").await;
    redis.tell("CONFIG SET requirepass another").await;
    // Whoever is connected stays so; nobody is any more.
    let mut server = TcpStream::connect(("127.0.0.1", redis.port)).await.unwrap();
    server.write_all(b"AUTH another\r\nCLIENT KILL TYPE normal SKIPME yes\r\n").await.unwrap();
    server.write_all(b"CLIENT KILL TYPE pubsub\r\n").await.unwrap();
    answered(&web, &mut sent, "under another password").await;
    web.settled().await;
    assert_eq!(web.replies().len(), usize::try_from(sent).unwrap());
    assert_eq!(web.queue().await["dead"], 0);
    assert_clean(&web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_whatever_befalls_the_server_nothing_is_lost_or_doubled_and_nobody_waits_long() {
    everything(Duration::from_secs(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute and a half: ./test soak"]
async fn f16_while_the_server_stands_still_for_a_minute_nobody_waits_long() {
    everything(Duration::from_secs(60)).await;
}
