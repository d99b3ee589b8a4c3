//! Chat completions on loopback, with scripted answers by the name of the schema that is asked
//! for. A schema that strict mode would not take is refused, as the real server does.

use super::{Fault, Recorded, Running, Script, answer, broken_off, faulty, locked};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, Uri, header},
    response::Response,
    routing::{get, post},
};
use bytes::Bytes;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{Arc, Mutex},
};

/// The key that the stand-in knows.
pub const API_KEY: &str = "a-key-for-tests-only";
/// The model that the stand-in serves.
pub const MODEL: &str = "gpt-4o-mini";

/// What the model says in one answer.
#[derive(Debug, Clone)]
pub enum Says {
    /// This JSON.
    Json(Value),
    /// This text, whatever it is.
    Text(String),
    /// That it will not answer.
    Refusal,
    /// The beginning of an answer that became too long.
    CutShort,
    /// Nothing, stopped by a filter.
    Filtered,
}

/// A model server on loopback.
pub struct OpenAiStandIn {
    server: Arc<Server>,
    running: Running,
}

#[derive(Default)]
struct Server {
    requests: Mutex<Vec<Recorded>>,
    answers: Mutex<Vec<Value>>,
    says: Mutex<BTreeMap<String, VecDeque<Says>>>,
    faults: Script,
    manners: Mutex<Manners>,
}

/// How the server differs from the strictest one.
#[derive(Debug, Clone, Default)]
pub struct Manners {
    /// The model that it serves instead of [`MODEL`].
    pub model: Option<String>,
    /// Words of a request that it does not know, and what it says about each.
    pub refuses: Vec<(&'static str, Value)>,
    /// Whether it leaves out what an answer took.
    pub hides_usage: bool,
    /// The day on which its model ends.
    pub shutdown_date: Option<&'static str>,
}

impl OpenAiStandIn {
    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// Those of the network, if there is no free port.
    pub async fn start() -> io::Result<Self> {
        let server = Arc::new(Server::default());
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .route("/v1/models", get(models))
            .with_state(Arc::clone(&server));
        Ok(Self { server, running: Running::start(router).await? })
    }

    /// Returns the setting for the server, with its `/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.running.address)
    }

    /// Adds an answer for a task (`classify`, `plan_question`, `write_sql`, `draft`,
    /// `correct`, `read_invoice`). The last one of a task is said again and again.
    pub fn script(&self, task: &str, says: Says) {
        locked(&self.server.says).entry(task.to_owned()).or_default().push_back(says);
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, manners: Manners) {
        *locked(&self.server.manners) = manners;
    }

    /// Lets the next request fail.
    pub fn fail(&self, fault: Fault) {
        self.server.faults.add(fault);
    }

    /// Returns every request, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        locked(&self.server.requests).clone()
    }

    /// Returns every completion that was given, in order.
    #[must_use]
    pub fn answers(&self) -> Vec<Value> {
        locked(&self.server.answers).clone()
    }
}

fn complaint(status: u16, kind: &str, code: &str) -> Response {
    let error = json!({ "message": "by the stand-in", "type": kind, "param": null, "code": code });
    answer(status, &json!({ "error": error }))
}

fn knows(headers: &HeaderMap) -> bool {
    let expected = format!("Bearer {API_KEY}");
    headers.get(header::AUTHORIZATION).is_some_and(|shown| shown.as_bytes() == expected.as_bytes())
}

async fn models(State(server): State<Arc<Server>>, uri: Uri, headers: HeaderMap) -> Response {
    let known = knows(&headers);
    locked(&server.requests).push(Recorded::new(Method::GET, &uri, headers, Bytes::new()));
    if !known {
        return complaint(401, "invalid_request_error", "invalid_api_key");
    }
    let manners = locked(&server.manners).clone();
    let mut model = json!({ "id": MODEL, "object": "model", "created": 0, "owned_by": "stand-in" });
    if let Some(shutdown_date) = manners.shutdown_date {
        model = with(model, "shutdown_date", json!(shutdown_date));
    }
    answer(200, &json!({ "object": "list", "data": [model] }))
}

async fn complete(
    State(server): State<Arc<Server>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Recorded::new(Method::POST, &uri, headers, body);
    locked(&server.requests).push(request.clone());
    if !knows(&request.headers) {
        return complaint(401, "invalid_request_error", "invalid_api_key");
    }
    let fault = server.faults.next().await;
    if let Some(fault) = fault.as_ref().filter(|f| !matches!(f, Fault::DropAfterAccepting)) {
        return faulty(fault.clone());
    }
    let asked = request.json();
    let manners = locked(&server.manners).clone();
    if let Some(refusal) = refusal(&asked, &manners) {
        return refusal;
    }
    let format = asked.pointer("/response_format/json_schema");
    let task = format.and_then(|format| format.get("name")).and_then(Value::as_str);
    match next(&server, task) {
        None => complaint(503, "server_error", "nothing_scripted"),
        Some(_) if fault.is_some() => broken_off(),
        Some(says) => {
            let mut completion = completion(&says);
            if manners.hides_usage {
                completion = with(completion, "usage", Value::Null);
            }
            locked(&server.answers).push(completion.clone());
            answer(200, &completion)
        }
    }
}

/// Returns what the server says to a request that it does not serve or understand.
fn refusal(asked: &Value, manners: &Manners) -> Option<Response> {
    if asked.get("model") != Some(&json!(manners.model.as_deref().unwrap_or(MODEL))) {
        return Some(complaint(404, "invalid_request_error", "model_not_found"));
    }
    let sent = asked.to_string();
    if let Some((_, body)) = manners.refuses.iter().find(|(word, _)| sent.contains(word)) {
        return Some(answer(400, body));
    }
    let format = asked.pointer("/response_format/json_schema");
    let strict = format.and_then(|format| format.get("strict")) == Some(&json!(true));
    let schema = format.and_then(|format| format.get("schema"));
    let lenient = schema.is_none() || !manners.refuses.is_empty();
    let wrong = if strict { !is_strict(schema) } else { !lenient };
    wrong.then(|| complaint(400, "invalid_request_error", "invalid_json_schema"))
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
    object
}

/// Returns what is said to a task; a request that names none means the first that is scripted.
fn next(server: &Server, task: Option<&str>) -> Option<Says> {
    let mut says = locked(&server.says);
    let queue = match task {
        Some(task) => says.get_mut(task)?,
        None => says.values_mut().next()?,
    };
    if queue.len() > 1 { queue.pop_front() } else { queue.front().cloned() }
}

fn completion(says: &Says) -> Value {
    let (content, refusal, finish) = match says {
        Says::Json(value) => (json!(value.to_string()), Value::Null, "stop"),
        Says::Text(text) => (json!(text), Value::Null, "stop"),
        Says::Refusal => (Value::Null, json!("I cannot help with that."), "stop"),
        Says::CutShort => (json!("{\"intent\":\"gree"), Value::Null, "length"),
        Says::Filtered => (json!(""), Value::Null, "content_filter"),
    };
    let message =
        json!({ "role": "assistant", "content": content, "refusal": refusal, "annotations": [] });
    json!({
        "id": "chatcmpl-standin",
        "object": "chat.completion",
        "created": 1_757_505_600,
        "model": format!("{MODEL}-2024-07-18"),
        "choices": [
            { "index": 0, "message": message, "logprobs": null, "finish_reason": finish },
        ],
        "usage": { "prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150 },
    })
}

/// Returns whether strict mode takes a schema: an object at the root, every object closed with all
/// its properties required, and only keywords that it knows.
#[must_use]
pub fn is_strict(schema: Option<&Value>) -> bool {
    schema.is_some_and(|root| {
        root.get("type") == Some(&json!("object")) && root.get("anyOf").is_none() && follows(root)
    })
}

/// Keywords that strict mode knows; `properties` and `$defs` hold names, not keywords.
const KNOWN: [&str; 22] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "enum",
    "const",
    "$defs",
    "$ref",
    "description",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "title",
    "$schema",
];

/// Formats that strict mode knows.
const FORMATS: [&str; 9] =
    ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];

fn follows(schema: &Value) -> bool {
    let Some(keywords) = schema.as_object() else { return false };
    let named = |key: &str| schema.get(key).and_then(Value::as_object);
    let format = schema.get("format").and_then(Value::as_str);
    let parts =
        ["properties", "$defs"].into_iter().filter_map(named).flat_map(|part| part.values());
    let variants = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    keywords.keys().all(|key| KNOWN.contains(&key.as_str()))
        && format.is_none_or(|format| FORMATS.contains(&format))
        && (!is_object(schema) || is_closed(schema))
        && parts.chain(variants).chain(schema.get("items")).all(follows)
}

fn is_object(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&json!("object")),
        kind => kind == Some(&json!("object")),
    }
}

fn is_closed(schema: &Value) -> bool {
    let mut names: Vec<&str> = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    let mut required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    names.sort_unstable();
    required.sort_unstable();
    schema.get("additionalProperties") == Some(&json!(false)) && names == required
}
