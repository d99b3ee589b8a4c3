//! A Billhook whose database is at the other end of a line that can fail, and people who write to it.

use crate::{
    papers::{self, Paper},
    world::{ANA, PATIENCE, PUBLIC, RealClock, World, billhook, message, signature},
};
use reqwest::Method;
use sqlx::PgPool;
use std::{net::SocketAddr, sync::Arc};
use testkit::{
    postgres::{fresh_schema, server},
    standin::{
        line::Line,
        twilio::{FROM, TwilioStandIn},
    },
};

/// Other people than Ana.
pub const BEN: &str = "whatsapp:+15005550222";
pub const CEM: &str = "whatsapp:+15005550333";

pub const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

/// A process on an empty database, the line between them, and the way past it.
pub struct Wired {
    pub world: World,
    pub line: Line,
    /// The address of the database without the line.
    pub database: String,
}

pub async fn twilio() -> TwilioStandIn {
    TwilioStandIn::start(Arc::new(RealClock)).await.unwrap()
}

/// Lays a line to the server; returns it with the addresses of an empty database, by the line and
/// past it. Nothing without a server.
pub async fn line_to_a_database() -> Option<(Line, String, String)> {
    let (place, database) = (server()?, fresh_schema().await?);
    let place = place.split(['@', '/']).find_map(|part| part.parse::<SocketAddr>().ok())?;
    let line = Line::to(place).await;
    let by_line = database.replace(&place.to_string(), &line.address.to_string());
    Some((line, by_line, database))
}

impl Wired {
    /// Starts a process with these settings beside the usual ones; nothing without a server.
    pub async fn start(settings: &[(&str, &str)]) -> Option<Self> {
        let (line, by_line, database) = line_to_a_database().await?;
        let all = [&[("DATABASE_URL", by_line.as_str())], settings].concat();
        let world = World::with(&all, Some(twilio().await)).await;
        Some(Self { world, line, database })
    }

    /// Lets the time pass that a worker has after whom nobody hears of any more.
    pub async fn leases_end(&self) {
        leases_end(&self.database).await;
    }

    /// Waits until words on the line have met their mishap.
    pub async fn sprung(&self, what: &str) {
        let sprung = tokio::time::timeout(PATIENCE, self.line.sprung(1)).await;
        assert!(sprung.is_ok(), "nothing was said on the line: {what}");
    }
}

/// Lets the time pass that workers on a database have after whom nobody hears of any more.
pub async fn leases_end(database: &str) {
    let pool = PgPool::connect(database).await.unwrap();
    for table in ["jobs", "outbound"] {
        let end = format!("UPDATE {table} SET due_at = 0 WHERE lease_token IS NOT NULL");
        sqlx::query(sqlx::AssertSqlSafe(end)).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

/// As many people as there are hundreds, of whom each has written a hundred messages; they wait, or were
/// answered. In columns that every version knows.
pub fn crowd(hundreds: u32, waits: bool) -> String {
    let id = |kind: u32, number: &str| {
        format!("CONCAT('00000000-0000-7000-800{kind}-', LPAD(({number})::TEXT, 12, '0'))")
    };
    let (tenant, member, conversation) = (id(1, "n"), id(2, "n"), id(3, "n"));
    let (inbound, job) = (id(4, "n * 100 + p"), id(5, "n * 100 + p"));
    let who = "'whatsapp:+150055' || LPAD(n::TEXT, 5, '0')";
    let now = "(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT";
    let (all, each) =
        (format!("GENERATE_SERIES(1, {hundreds}) AS n"), "GENERATE_SERIES(0, 99) AS p");
    let state = match waits {
        true => format!("'open', CASE WHEN p = 0 THEN {now} END, 0"),
        false => "'done', NULL, 1".to_owned(),
    };
    format!(
        "INSERT INTO tenants SELECT {tenant}, 0, '{{}}', {now} FROM {all};
         INSERT INTO members SELECT {member}, {tenant}, 'twilio', {who}, {now} FROM {all};
         INSERT INTO conversations (id, tenant, member, memory, places)
             SELECT {conversation}, {tenant}, {member}, '{{}}', 100 FROM {all};
         INSERT INTO inbound (id, tenant, conversation, place, channel, provider_id, sender,
             recipient, profile_name, body, attachments, received_at)
             SELECT {inbound}, {tenant}, {conversation}, p + 1, 'twilio', n || ' ' || p, {who},
             '{FROM}', '', 'hello', '[]', {now} FROM {all}, {each};
         INSERT INTO jobs (id, inbound, conversation, place, state, due_at, attempts)
             SELECT {job}, {inbound}, {conversation}, p + 1, {state} FROM {all}, {each};
         ANALYZE tenants, members, conversations, inbound, jobs;"
    )
}

/// Returns how many replies have left for somebody, by the database: the stand-in would have to tell all.
pub async fn left_for(pool: &PgPool, who: &str) -> usize {
    let count = "SELECT COUNT(*) FROM outbound WHERE recipient = $1 AND provider_id IS NOT NULL";
    let count: i64 = sqlx::query_scalar(count).bind(who).fetch_one(pool).await.unwrap();
    usize::try_from(count).unwrap()
}

/// Returns the form of a text message from somebody.
pub fn from<'a>(person: &'a str, sid: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = message(sid, text);
    form.retain(|(name, _)| *name != "From");
    form.push(("From", person));
    form
}

/// Returns the form of a message from Ana with files.
pub fn with_files<'a>(sid: &'a str, files: &'a [(String, String)]) -> Vec<(&'a str, &'a str)> {
    let mut form = from(ANA, sid, "");
    form.retain(|(name, _)| *name != "NumMedia");
    form.extend(files.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    form
}

/// Returns the fields that name files, from the addresses of e-invoices.
pub fn files(addresses: &[String]) -> Vec<(String, String)> {
    let mut fields = vec![("NumMedia".to_owned(), addresses.len().to_string())];
    for (at, address) in addresses.iter().enumerate() {
        fields.push((format!("MediaUrl{at}"), address.clone()));
        fields.push((format!("MediaContentType{at}"), "application/xml".to_owned()));
    }
    fields
}

/// Keeps e-invoices at the provider and returns their addresses.
pub fn kept(world: &World, count: u32) -> Vec<String> {
    let numbers: Vec<String> = (0..count).map(|at| format!("R-{at}")).collect();
    let papers = (100..).zip(&numbers).map(|(net, number)| Paper { number, net, ..PAPER });
    papers.map(|paper| world.twilio().add_media(papers::ubl(&paper))).collect()
}

/// Sends a webhook, rightly signed, and returns its status; nothing if there was no answer.
pub async fn status(world: &World, form: &[(&str, &str)]) -> Option<u16> {
    let signature = signature(&format!("{PUBLIC}/webhooks/twilio"), form);
    let request = world.request(Method::POST, "/webhooks/twilio").form(form);
    let answer = request.header("X-Twilio-Signature", signature).send().await;
    answer.ok().map(|answer| answer.status().as_u16())
}

pub async fn assert_clean(world: &World) {
    let mut audit = billhook(world.folder.path(), world.settings());
    let output = audit.arg("audit").output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
