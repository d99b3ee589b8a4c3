//! What processes share through Redis, and that nothing depends on it; and limits on senders.

use crate::world::{ANA, RealClock, World, billhook, free_port, message, sid};
use reqwest::Method;
use serde_json::Value;
use std::{
    collections::BTreeMap, net::SocketAddr, path::Path, process::Stdio, sync::Arc, time::Duration,
};
use testkit::{
    postgres::fresh_schema,
    redis::{fresh_prefix, server},
    standin::{line::Line, twilio::TwilioStandIn},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

/// A database of the test server that these tests alone use, and empty.
const DATABASE: u8 = 9;

async fn twilio() -> TwilioStandIn {
    TwilioStandIn::start(Arc::new(RealClock)).await.unwrap()
}

/// Returns where the server listens; nothing without one.
fn place() -> Option<SocketAddr> {
    let url = server()?;
    url.rsplit(['@', '/']).find_map(|part| part.parse().ok())
}

/// A web process on an empty database, with a line to Redis.
async fn web_on_a_line() -> Option<(World, Line)> {
    let (line, url) = (Line::to(place()?).await, fresh_schema().await?);
    let redis = format!("redis://{}/{DATABASE}", line.address);
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("BILLHOOK_ROLE", "web"),
        ("REDIS_URL", &redis),
        ("REDIS_PREFIX", &fresh_prefix()),
    ];
    Some((World::with(&settings, Some(twilio().await)).await, line))
}

async fn flush() {
    let mut server = TcpStream::connect(place().unwrap()).await.unwrap();
    server.write_all(format!("SELECT {DATABASE}\r\nFLUSHDB\r\n").as_bytes()).await.unwrap();
    let mut said = [0; 10];
    server.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"+OK\r\n+OK\r\n");
}

async fn send(world: &World, numbers: std::ops::Range<u32>) {
    for number in numbers {
        assert_eq!(world.whatsapp(&sid(number), "hello").await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_a_server_that_is_flushed_cut_off_or_silent_loses_and_doubles_nothing() {
    let Some((web, line)) = web_on_a_line().await else { return };
    let workers = [
        web.beside(&[("BILLHOOK_ROLE", "worker")]).await,
        web.beside(&[("BILLHOOK_ROLE", "worker")]).await,
    ];
    send(&web, 0..5).await;
    flush().await;
    send(&web, 5..10).await;
    web.settled().await;
    line.cut();
    let begun = std::time::Instant::now();
    send(&web, 10..15).await;
    web.settled().await;
    line.mend();
    send(&web, 15..20).await;
    line.silence();
    send(&web, 20..25).await;
    web.settled().await;
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(web.replies().len(), 25);
    for worker in &workers {
        let log = worker.log();
        let lost = log.matches("wake-ups between processes are lost").count();
        assert_eq!(lost, 1, "one line, however often it is tried\n{log}");
        let own = log.matches("limits are kept by each process for itself").count();
        assert!(own <= 2, "one line for each time it was away\n{log}");
    }
    let asked = web.api(Method::GET, "/health/dependencies").send().await.unwrap();
    assert_eq!(asked.status(), 200, "nothing depends on it");
    let health: Value = asked.json().await.unwrap();
    let redis = &health["dependencies"][2];
    assert_eq!((&redis["name"], &redis["status"]), (&"redis".into(), &"unavailable".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_a_wrong_password_or_a_server_that_is_absent_at_start_is_said_and_all_the_same_served()
{
    let absent = format!("redis://127.0.0.1:{}", free_port());
    let wrong = place().map(|place| format!("redis://nobody:wrong-secret@{place}"));
    let cases = [
        (Some(absent), "cannot be reached; check REDIS_URL"),
        (wrong, "refuses this user or password; check REDIS_URL"),
    ];
    for (url, sentence) in cases.iter().filter_map(|(url, said)| Some((url.as_ref()?, said))) {
        let world = World::with(&[("REDIS_URL", url)], Some(twilio().await)).await;
        send(&world, 0..3).await;
        world.settled().await;
        assert_eq!(world.replies().len(), 3);
        let log = world.log();
        assert!(log.contains(sentence), "{log}");
        assert!(!log.contains("wrong-secret"));
        let doctor = billhook(world.folder.path(), world.settings()).arg("doctor").output();
        let said = String::from_utf8(doctor.await.unwrap().stdout).unwrap();
        assert!(said.contains("fail  redis") && said.contains(sentence), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f63_who_sends_too_much_waits_is_told_once_and_loses_nothing() {
    let settings = [("BILLHOOK_RATE_LIMIT", "20")];
    let world = World::with(&settings, Some(twilio().await)).await;
    send(&world, 0..22).await;
    let other = sid(100);
    let mut quiet = message(&other, "hello");
    quiet.iter_mut().find(|(_, value)| *value == ANA).unwrap().1 = "whatsapp:+15005550222";
    world.webhook(&quiet).await;
    world.settled().await;
    let replies = world.replies();
    let is_notice = |reply: &&String| reply.contains("one message after the other");
    assert_eq!(replies.iter().filter(is_notice).count(), 1, "{replies:?}");
    assert_eq!(replies.len(), 22 + 1 + 1, "each is answered, and the notice");
    let log = world.log();
    assert_eq!(log.matches("sender is throttled").count(), 1, "{log}");
    assert!(!log.contains(ANA) && !log.contains("+15005550222"), "no number in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn f63_two_workers_share_the_limit_of_a_sender() {
    let Some((web, _line)) = web_on_a_line().await else { return };
    let worker = [("BILLHOOK_ROLE", "worker"), ("BILLHOOK_RATE_LIMIT", "6")];
    let workers = [web.beside(&worker).await, web.beside(&worker).await];
    send(&web, 0..7).await;
    web.settled().await;
    let notices = |world: &World| world.log().matches("sender is throttled").count();
    assert_eq!(workers.iter().map(notices).sum::<usize>(), 1);
    assert_eq!(web.replies().len(), 8);
}

/// Runs a program in a folder; nothing where it is not installed or cannot do this.
async fn ran(folder: &Path, line: &str) -> Option<()> {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next()?);
    let output = command.args(words).current_dir(folder).output().await.ok()?;
    output.status.success().then_some(())
}

/// A server of Redis that speaks TLS alone, with a certificate of an authority of its own in `ca.pem`;
/// nothing where Redis or OpenSSL is missing.
async fn server_with_tls(folder: &Path) -> Option<(Child, u16)> {
    let key = "-newkey rsa:2048 -nodes -keyout";
    let names = "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n";
    std::fs::write(folder.join("names"), names).unwrap();
    for authority in ["ca", "another"] {
        let made = format!(
            "openssl req -x509 {key} {authority}.key -out {authority}.pem -days 2 -subj /CN={authority} \
             -addext basicConstraints=critical,CA:TRUE"
        );
        ran(folder, &made).await?;
    }
    ran(folder, &format!("openssl req {key} server.key -out server.csr -subj /CN=localhost"))
        .await?;
    let sign = "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
                -extfile names -out server.pem";
    ran(folder, sign).await?;
    let port = free_port();
    let mut server = Command::new("redis-server");
    server.args([
        "--port",
        "0",
        "--tls-port",
        &port.to_string(),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
    ]);
    server.args(["--tls-cert-file", "server.pem", "--tls-key-file", "server.key"]);
    server.args(["--tls-ca-cert-file", "ca.pem", "--tls-auth-clients", "no"]);
    server.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = server.spawn().ok()?;
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return Some((child, port));
        }
        // Built without TLS, it has ended.
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn s93_a_server_behind_tls_is_spoken_to_if_its_authority_is_trusted_and_else_not() {
    let folder = tempfile::tempdir().unwrap();
    let Some((_server, port)) = server_with_tls(folder.path()).await else { return };
    for (authority, said) in [("ca", "ok    redis"), ("another", "fail  redis")] {
        let trusted = folder.path().join(authority).with_extension("pem").display().to_string();
        let settings: BTreeMap<String, String> = [
            ("REDIS_URL", format!("rediss://localhost:{port}")),
            ("SSL_CERT_FILE", trusted),
            ("BILLHOOK_DATA_DIR", folder.path().join("data").display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let doctor = billhook(folder.path(), &settings).arg("doctor").output().await.unwrap();
        let told = String::from_utf8(doctor.stdout).unwrap();
        assert!(told.contains(said), "{authority}: {told}");
    }
}
