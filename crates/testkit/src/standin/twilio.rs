//! Twilio's REST API on loopback: messages are created and listed, media answer with a redirect to
//! a second server that refuses credentials.

mod page;

use super::{Fault, Recorded, Running, Script, answer, broken_off, faulty, locked, redirect};
use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::Response,
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use ports::clock::Clock;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

/// The account that the stand-in knows.
pub const ACCOUNT_SID: &str = "AC0123456789abcdef0123456789abcdef";
/// The account's auth token.
pub const AUTH_TOKEN: &str = "an-auth-token-for-tests-only";
/// The sender of the account.
pub const FROM: &str = "whatsapp:+15005550006";

/// Twilio on loopback.
pub struct TwilioStandIn {
    account: Arc<Account>,
    api: Running,
    _media: Running,
}

struct Account {
    clock: Arc<dyn Clock>,
    media_base: String,
    requests: Mutex<Vec<Recorded>>,
    media_requests: Mutex<Vec<Recorded>>,
    messages: Mutex<Vec<Value>>,
    received: Mutex<Vec<Value>>,
    files: Mutex<BTreeMap<String, Bytes>>,
    sending: Script,
    listing: Script,
    fetching: Script,
}

impl TwilioStandIn {
    /// Starts both servers on free ports; messages are dated by the clock.
    ///
    /// # Errors
    ///
    /// Those of the network, if there is no free port.
    pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let files = Arc::new(Mutex::new(None::<Arc<Account>>));
        let shared = Arc::clone(&files);
        let media =
            Running::start(Router::new().route("/{id}", get(cdn)).with_state(shared)).await?;
        let account = Arc::new(Account {
            clock,
            media_base: format!("http://{}", media.address),
            requests: Mutex::default(),
            media_requests: Mutex::default(),
            messages: Mutex::default(),
            received: Mutex::default(),
            files: Mutex::default(),
            sending: Script::default(),
            listing: Script::default(),
            fetching: Script::default(),
        });
        *locked(&files) = Some(Arc::clone(&account));
        let api = Running::start(routes(Arc::clone(&account))).await?;
        Ok(Self { account, api, _media: media })
    }

    /// Returns the setting for the REST API.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.api.address)
    }

    /// Returns the setting for hosts that media are redirected to.
    #[must_use]
    pub fn media_hosts(&self) -> Vec<String> {
        vec!["127.0.0.1".to_owned()]
    }

    /// Keeps a file and returns the address that a webhook names it by.
    pub fn add_media(&self, bytes: impl Into<Bytes>) -> String {
        let mut files = locked(&self.account.files);
        let sid = format!("ME{:032x}", files.len());
        let message = format!("MM{:032x}", files.len());
        files.insert(sid.clone(), bytes.into());
        let base = self.base_url();
        format!("{base}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{message}/Media/{sid}")
    }

    /// Receives a message from somebody that no webhook tells of; with the address of a file that was
    /// kept, if it has one.
    pub fn receive(
        &self,
        (sid, from): (&str, &str),
        text: &str,
        at: Timestamp,
        media: Option<&str>,
    ) {
        let at = rfc2822(at);
        let file = media.and_then(|address| address.rsplit('/').next());
        let mut message = shown(sid, text, (from, FROM), usize::from(file.is_some()), &at);
        if let Some(fields) = message.as_object_mut() {
            fields.insert("direction".to_owned(), "inbound".into());
            fields.insert("status".to_owned(), "received".into());
            fields.insert("date_sent".to_owned(), at.into());
            fields.insert(page::FILE.to_owned(), file.into());
        }
        locked(&self.account.received).push(message);
    }

    /// Lets the next sending fail.
    pub fn fail_send(&self, fault: Fault) {
        self.account.sending.add(fault);
    }

    /// Lets the next listing of messages fail.
    pub fn fail_list(&self, fault: Fault) {
        self.account.listing.add(fault);
    }

    /// Lets the next asking for a file fail, before any redirect.
    pub fn fail_fetch(&self, fault: Fault) {
        self.account.fetching.add(fault);
    }

    /// Returns every request to the API, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        locked(&self.account.requests).clone()
    }

    /// Returns every request to the second server, in order.
    #[must_use]
    pub fn media_requests(&self) -> Vec<Recorded> {
        locked(&self.account.media_requests).clone()
    }

    /// Returns every message that was accepted, as the API shows it, in order.
    #[must_use]
    pub fn messages(&self) -> Vec<Value> {
        locked(&self.account.messages).clone()
    }
}

fn routes(account: Arc<Account>) -> Router {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", get(list).post(create))
        .route("/2010-04-01/Accounts/{account}/Messages/{message}/Media.json", get(media_list))
        .route("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}", get(media))
        .with_state(account)
}

/// Returns the refusal of wrong credentials or a foreign account.
fn refusal(account: &str, headers: &HeaderMap) -> Option<Response> {
    let expected = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT_SID}:{AUTH_TOKEN}")));
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if shown != Some(expected.as_str()) {
        return Some(complaint(401, 20_003));
    }
    (account != ACCOUNT_SID).then(|| complaint(404, 20_404))
}

/// Returns an error as the REST API writes it.
fn complaint(status: u16, code: u32) -> Response {
    let body = json!({
        "code": code,
        "message": "refused by the stand-in",
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status,
    });
    answer(status, &body)
}

async fn create(
    State(state): State<Arc<Account>>,
    Path(account): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Recorded::new(Method::POST, &uri, headers, body);
    locked(&state.requests).push(request.clone());
    if let Some(refusal) = refusal(&account, &request.headers) {
        return refusal;
    }
    let fault = state.sending.next().await;
    if let Some(fault) = fault.as_ref().filter(|f| !matches!(f, Fault::DropAfterAccepting)) {
        return faulty(fault.clone());
    }
    match accept(&state, &request.form()) {
        Ok(_) if fault.is_some() => broken_off(),
        Ok(message) => answer(201, &message),
        Err(code) => complaint(400, code),
    }
}

/// Keeps a message, or returns the code it is refused with.
fn accept(state: &Account, form: &[(String, String)]) -> Result<Value, u32> {
    let all = |name: &str| {
        let found = form.iter().filter(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
    let (to, from, text, files) = (one("To"), one("From"), one("Body"), all("MediaUrl"));
    let known = ["To", "From", "Body", "MediaUrl", "StatusCallback"];
    let code = match () {
        () if form.iter().any(|(name, _)| !known.contains(&name.as_str())) => Some(20_001),
        () if to.is_empty() => Some(21_604),
        () if from != FROM => Some(63_007),
        () if !to.starts_with("whatsapp:") => Some(21_211),
        () if text.is_empty() && files.is_empty() => Some(21_619),
        () if text.chars().count() > 1_600 => Some(21_617),
        () if files.len() > 1 => Some(21_623),
        () => None,
    };
    if let Some(code) = code {
        return Err(code);
    }
    let mut messages = locked(&state.messages);
    let kind = if files.is_empty() { "SM" } else { "MM" };
    let sid = format!("{kind}{:032x}", messages.len());
    let now = rfc2822(state.clock.now());
    let message = shown(&sid, &text, (&from, &to), files.len(), &now);
    messages.push(message.clone());
    Ok(message)
}

/// Returns a message of ours as the API shows it.
fn shown(sid: &str, text: &str, (from, to): (&str, &str), files: usize, at: &str) -> Value {
    json!({
        "sid": sid,
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": text,
        "from": from,
        "to": to,
        "direction": "outbound-api",
        "status": "queued",
        "num_media": files.to_string(),
        "num_segments": "1",
        "date_created": at,
        "date_updated": at,
        "date_sent": null,
        "error_code": null,
        "error_message": null,
        "messaging_service_sid": null,
        "price": null,
        "price_unit": null,
        "subresource_uris": {
            "media": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}/Media.json"),
        },
        "uri": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}.json"),
    })
}

fn rfc2822(at: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default()
}

/// Notes a question, and returns its refusal if it is not one of the account's owner.
fn asked(state: &Account, account: &str, uri: &Uri, headers: HeaderMap) -> Option<Response> {
    let refusal = refusal(account, &headers);
    locked(&state.requests).push(Recorded::new(Method::GET, uri, headers, Bytes::new()));
    refusal
}

async fn list(
    State(state): State<Arc<Account>>,
    Path(account): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = asked(&state, &account, &uri, headers) {
        return refusal;
    }
    match state.listing.next().await {
        Some(fault) => faulty(fault),
        None => {
            let (ours, theirs) = (locked(&state.messages), locked(&state.received));
            let newest = ours.iter().rev().chain(theirs.iter().rev());
            answer(200, &page::of(newest, &query, &uri))
        }
    }
}

async fn media_list(
    State(state): State<Arc<Account>>,
    Path((account, message)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = asked(&state, &account, &uri, headers) {
        return refusal;
    }
    let received = locked(&state.received);
    let Some(found) = received.iter().find(|one| one.get("sid") == Some(&json!(message))) else {
        return complaint(404, 20_404);
    };
    let files: Vec<Value> = found
        .get(page::FILE)
        .and_then(Value::as_str)
        .map(|sid| {
            let date = found.get("date_created");
            json!({
                "sid": sid,
                "account_sid": ACCOUNT_SID,
                "parent_sid": message,
                "content_type": "application/octet-stream",
                "date_created": date,
                "date_updated": date,
                "uri": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{message}/Media/{sid}.json"),
            })
        })
        .into_iter()
        .collect();
    answer(200, &json!({ "media_list": files, "page": 0, "page_size": 50, "next_page_uri": null }))
}

async fn media(
    State(state): State<Arc<Account>>,
    Path((account, _message, media)): Path<(String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = asked(&state, &account, &uri, headers) {
        return refusal;
    }
    if let Some(fault) = state.fetching.next().await {
        return faulty(fault);
    }
    if locked(&state.files).contains_key(&media) {
        redirect(&format!("{}/{media}?sig=short-lived", state.media_base))
    } else {
        complaint(404, 20_404)
    }
}

/// The second server: like a signed link of S3, it refuses a second way of proving who asks.
async fn cdn(
    State(account): State<Arc<Mutex<Option<Arc<Account>>>>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(account) = locked(&account).clone() else { return answer(503, &Value::Null) };
    let proves_twice = headers.contains_key(header::AUTHORIZATION);
    let request = Recorded::new(Method::GET, &uri, headers, Bytes::new());
    locked(&account.media_requests).push(request);
    if proves_twice {
        return answer(400, &Value::Null);
    }
    match locked(&account.files).get(&id) {
        Some(bytes) => Response::new(Body::from(bytes.clone())),
        None => answer(StatusCode::NOT_FOUND.as_u16(), &Value::Null),
    }
}
