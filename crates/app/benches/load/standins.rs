//! The services around the product, as cheap as they can be: the machine belongs to the product.

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

/// What was sent to people: when, by recipient.
#[derive(Default)]
pub struct Phones {
    arrived: Mutex<HashMap<String, Vec<Instant>>>,
}

impl Phones {
    /// Returns how many replies have arrived.
    pub fn count(&self) -> usize {
        self.arrived.lock().unwrap().values().map(Vec::len).sum()
    }

    /// Returns when replies came to a recipient, the first first.
    pub fn of(&self, recipient: &str) -> Vec<Instant> {
        self.arrived.lock().unwrap().get(recipient).cloned().unwrap_or_default()
    }
}

/// Serves the message API and returns its address.
pub async fn messages() -> (SocketAddr, Arc<Phones>) {
    let phones = Arc::new(Phones::default());
    let path = "/2010-04-01/Accounts/{account}/Messages.json";
    let router = Router::new()
        .route(path, post(send).get(async || Json(json!({ "messages": [] }))))
        .with_state(Arc::clone(&phones));
    (served(router).await, phones)
}

async fn send(State(phones): State<Arc<Phones>>, body: Bytes) -> (StatusCode, Json<Value>) {
    let to = form_urlencoded::parse(&body).find(|(name, _)| name == "To");
    let to = to.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let mut arrived = phones.arrived.lock().unwrap();
    let number = arrived.len();
    arrived.entry(to).or_default().push(Instant::now());
    (StatusCode::CREATED, Json(json!({ "sid": format!("SM{number:032x}"), "status": "queued" })))
}

/// Serves a model that thinks for a while and takes every text for a greeting; returns
/// its base URL.
pub async fn model(thinks: Duration) -> String {
    let answer = json!({ "intent": "greeting", "topic": "hello", "language": "en", "sure": true });
    let message = json!({ "role": "assistant", "content": answer.to_string(), "refusal": null });
    let completion = json!({
        "id": "chatcmpl-bench", "object": "chat.completion", "created": 1_757_505_600,
        "model": "gpt-4o-mini",
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110 },
    });
    let complete = async move || {
        tokio::time::sleep(thinks).await;
        Json(completion)
    };
    let router = Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/models", get(async || Json(json!({ "object": "list", "data": [] }))));
    format!("http://{}/v1", served(router).await)
}

async fn served(router: Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
