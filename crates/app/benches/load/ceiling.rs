//! The least that a server of this kind must do: check who signed, keep one row on the disk.

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use gateways::twilio::signature::{Key, Payload, Received, is_genuine, public_url};
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, sync::Arc};
use testkit::standin::twilio::AUTH_TOKEN;
use tokio::net::TcpListener;

const MAKE: &str = "CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, body TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO rows (id, body) VALUES ($1, $2)";

enum Rows {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

struct Bare {
    rows: Rows,
    keys: Vec<Key>,
}

/// Serves on a free port, which it prints, until it is ended.
pub async fn serve(url: &str) {
    let rows = if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url).unwrap().create_if_missing(true);
        let options =
            options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        sqlx::query(MAKE).execute(&pool).await.unwrap();
        Rows::Sqlite(pool)
    } else {
        let pool = PgPoolOptions::new().max_connections(32).connect(url).await.unwrap();
        sqlx::query(MAKE).execute(&pool).await.unwrap();
        Rows::Postgres(pool)
    };
    let bare = Bare { rows, keys: vec![Key::token(AUTH_TOKEN.to_owned().into())] };
    let router = Router::new().route("/webhooks/twilio", post(accept)).with_state(Arc::new(bare));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    axum::serve(listener, router).await.unwrap();
}

async fn accept(State(bare): State<Arc<Bare>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let url = public_url(crate::webhook::PUBLIC, "/webhooks/twilio");
    let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
    let received = Received {
        url: &url,
        payload: Payload::Form(&fields),
        signature: signature.unwrap_or_default(),
        settings: None,
    };
    let sid = fields.iter().find(|(name, _)| name == "MessageSid").map(|(_, value)| value.clone());
    let (true, Some(sid)) = (is_genuine(&bare.keys, &received), sid) else {
        return StatusCode::FORBIDDEN;
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    let kept = match &bare.rows {
        Rows::Sqlite(pool) => {
            sqlx::query(INSERT).bind(sid).bind(body).execute(pool).await.map(|_| ())
        }
        Rows::Postgres(pool) => {
            sqlx::query(INSERT).bind(sid).bind(body).execute(pool).await.map(|_| ())
        }
    };
    if kept.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
}
