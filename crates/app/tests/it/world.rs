//! One running Billhook with a folder of its own, and the stand-ins around it.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use ports::clock::Clock;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    future::Future,
    net::TcpListener,
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use testkit::standin::twilio::{ACCOUNT_SID, AUTH_TOKEN, FROM, TwilioStandIn};
use tokio::process::{Child, Command};

/// The bearer token of every world.
pub const TOKEN: &str = "a-token-for-tests-only";
/// How the world is known outside; nothing listens there.
pub const PUBLIC: &str = "https://bills.example";
/// The person who writes by WhatsApp.
pub const ANA: &str = "whatsapp:+15005550111";
/// Where in its folder a process says what it does.
const LOG: &str = "log";
/// How long anything may take on a slow, busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running Billhook.
pub struct World {
    pub folder: TempDir,
    pub port: u16,
    pub twilio: Option<TwilioStandIn>,
    settings: BTreeMap<String, String>,
    child: Child,
    client: Client,
}

pub struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "the stand-in dates what it really receives")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "nothing here depends on identifiers")]
    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

/// Returns a port that nobody listens on. It is none of those that the system hands out to connections, or
/// another test's connection would have it before the process that is to listen there.
pub fn free_port() -> u16 {
    const FIRST: u32 = 10_000;
    const COUNT: u32 = 22_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Another run of the tests begins elsewhere.
    let start = std::process::id().wrapping_mul(97);
    std::iter::repeat_with(|| start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)))
        .filter_map(|number| u16::try_from(FIRST.saturating_add(number % COUNT)).ok())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}

/// Returns the executable with nothing but these settings around it.
pub fn billhook(folder: &Path, settings: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_billhook"));
    command.env_clear().envs(settings).current_dir(folder).stdin(Stdio::null());
    command
}

/// Asks until there is an answer, or fails with what was hoped for.
pub async fn eventually<T, F: Future<Output = Option<T>>>(hope: &str, ask: impl Fn() -> F) -> T {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never: {hope}");
}

impl World {
    /// Starts with web chat and API alone.
    pub async fn start() -> Self {
        Self::with(&[], None).await
    }

    /// Starts with Twilio set up.
    pub async fn with_twilio() -> Self {
        Self::with(&[], Some(TwilioStandIn::start(Arc::new(RealClock)).await.unwrap())).await
    }

    /// Starts with these settings, and Twilio if it is handed in.
    pub async fn with(settings: &[(&str, &str)], twilio: Option<TwilioStandIn>) -> Self {
        gateways::http::install_provider();
        let folder = TempDir::new().unwrap();
        let port = free_port();
        let mut all: BTreeMap<String, String> = BTreeMap::from([
            ("BILLHOOK_DATA_DIR".into(), folder.path().join("data").display().to_string()),
            ("PORT".into(), port.to_string()),
            ("BILLHOOK_API_TOKEN".into(), TOKEN.into()),
            ("LLM_PROVIDER".into(), "offline".into()),
            ("LOG_LEVEL".into(), "info".into()),
        ]);
        if let Some(twilio) = &twilio {
            all.insert("PUBLIC_BASE_URL".into(), PUBLIC.into());
            all.insert("TWILIO_ACCOUNT_SID".into(), ACCOUNT_SID.into());
            all.insert("TWILIO_AUTH_TOKEN".into(), AUTH_TOKEN.into());
            all.insert("TWILIO_WHATSAPP_FROM".into(), FROM.into());
            all.insert("TWILIO_API_BASE_URL".into(), twilio.base_url());
            all.insert("TWILIO_MEDIA_HOSTS".into(), twilio.media_hosts().join(","));
        }
        all.extend(settings.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let child = Self::spawn(folder.path(), &all, &folder.path().join(LOG));
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        let world = Self { folder, port, twilio, settings: all, child, client };
        world.ready().await;
        world
    }

    fn spawn(folder: &Path, settings: &BTreeMap<String, String>, log: &Path) -> Child {
        let log = std::fs::File::options().create(true).append(true).open(log);
        let log = log.unwrap();
        let mut command = billhook(folder, settings);
        command.arg("serve").stdout(log.try_clone().unwrap()).stderr(log).kill_on_drop(true);
        command.spawn().unwrap()
    }

    async fn ready(&self) {
        eventually("the server is ready", || async {
            let answer = self.get("/readyz").send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// Starts another process beside this one, with the same settings but for these.
    pub async fn beside(&self, settings: &[(&str, &str)]) -> Self {
        let mut all = self.settings.clone();
        all.extend(settings.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let folder = TempDir::new().unwrap();
        let port = free_port();
        all.insert("PORT".into(), port.to_string());
        let child = Self::spawn(folder.path(), &all, &folder.path().join(LOG));
        let client = self.client.clone();
        let world = Self { folder, port, twilio: None, settings: all, child, client };
        world.ready().await;
        world
    }

    /// Ends the process without any warning, as a power cut does.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Starts the process again on the same folder.
    pub async fn restart(&mut self) {
        let log = self.folder.path().join(LOG);
        self.restart_logging_to(&log).await;
    }

    /// Starts the process again on the same folder, with its log in another place.
    pub async fn restart_logging_to(&mut self, log: &Path) {
        self.child = Self::spawn(self.folder.path(), &self.settings, log);
        self.ready().await;
    }

    /// Sends the process a signal by its name.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Asks the process to stop and returns whether it ended well.
    pub async fn stop(&mut self) -> bool {
        self.signal("TERM").await;
        tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap().success()
    }

    /// Waits for the process to end and returns its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap().code()
    }

    /// Returns whether the process has a child: a file is being read.
    pub fn reads(&self) -> bool {
        let parent = self.child.id().unwrap().to_string();
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        processes
            .filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok())
            .any(
                // The name in brackets may hold anything; state and parent come after it.
                |stat| {
                    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1))
                        == Some(&parent)
                },
            )
    }

    /// Returns what the process has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).unwrap()
    }

    pub fn settings(&self) -> &BTreeMap<String, String> {
        &self.settings
    }

    pub fn twilio(&self) -> &TwilioStandIn {
        self.twilio.as_ref().unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// Begins a request of a program that knows the token.
    pub fn api(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(TOKEN)
    }

    /// Says something by the API and returns the answer once it is there.
    pub async fn say(&self, text: &str) -> Value {
        let asked = serde_json::json!({ "text": text, "wait": 60 });
        let answer = self.api(Method::POST, "/message").json(&asked).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// Returns how full the queue is, by its names.
    pub async fn queue(&self) -> Value {
        let health: Value = self.get("/health").send().await.unwrap().json().await.unwrap();
        health["queue"].clone()
    }

    /// Waits until everything has been dealt with and sent.
    pub async fn settled(&self) {
        self.drained(PATIENCE).await;
    }

    /// Waits for so long until everything has been dealt with and sent, and returns how long that took.
    pub async fn drained(&self, patience: Duration) -> Duration {
        let begun = Instant::now();
        loop {
            let queue = self.queue().await;
            if queue["open"] == 0 && queue["outbox"] == 0 {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < patience, "it does not drain: {queue}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Sends a webhook as Twilio does, rightly signed.
    pub async fn webhook(&self, form: &[(&str, &str)]) -> Response {
        let signature = signature(&format!("{PUBLIC}/webhooks/twilio"), form);
        let request = self.request(Method::POST, "/webhooks/twilio");
        request.header("X-Twilio-Signature", signature).form(form).send().await.unwrap()
    }

    /// Sends a text by WhatsApp, from Ana.
    pub async fn whatsapp(&self, sid: &str, text: &str) -> Response {
        self.webhook(&message(sid, text)).await
    }

    /// Sends a file by WhatsApp, from Ana.
    pub async fn whatsapp_file(&self, sid: &str, url: &str, media_type: &str) -> Response {
        let mut form = message(sid, "");
        form.retain(|(name, _)| *name != "NumMedia");
        form.extend([("NumMedia", "1"), ("MediaUrl0", url), ("MediaContentType0", media_type)]);
        self.webhook(&form).await
    }

    /// Returns the texts of all replies that Twilio has accepted, in order.
    pub fn replies(&self) -> Vec<String> {
        let body = |message: &Value| message["body"].as_str().unwrap_or_default().to_owned();
        self.twilio().messages().iter().map(body).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- log of the process ---\n{}", self.log());
        }
    }
}

/// Returns the form of a text message from Ana.
pub fn message<'a>(sid: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("MessageSid", sid),
        ("AccountSid", ACCOUNT_SID),
        ("From", ANA),
        ("To", FROM),
        ("Body", text),
        ("NumMedia", "0"),
        ("ProfileName", "Ana"),
    ]
}

/// Returns a message id of the right shape.
pub fn sid(number: u32) -> String {
    format!("SM{number:032x}")
}

/// Signs a form for an address with the test account's token.
pub fn signature(url: &str, form: &[(&str, &str)]) -> String {
    let sorted: BTreeMap<&str, &str> = form.iter().copied().collect();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(AUTH_TOKEN.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

/// Checks that an answer is a problem of this status and type, and returns it.
pub async fn problem(answer: Response, status: u16, word: &str) -> Value {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["type"], format!("urn:billhook:problem:{word}"));
    assert_eq!(problem["status"], status);
    assert!(problem["title"].is_string() && problem["detail"].is_string());
    problem
}
