//! The checks, in the order in which the product needs the parts.

use super::{Finding, whatsapp};
use crate::{
    cli::{chain, serve::local_address},
    clock::SystemClock,
    compose::{self, SetupError},
    config::Config,
};
use bytes::Bytes;
use gateways::{otlp::OtlpSettings, redis::RedisSettings};
use jiff::{SignedDuration, Timestamp};
use ports::{
    clock::Clock as _,
    model::{Ask, Claimed, LanguageModel, ModelError, Sheets, Task, Vision},
};
use std::time::Duration;

/// A small picture of a printed line, made for this check.
const PICTURE: &[u8] = include_bytes!("total.png");
/// The amount on it.
const PRINTED: &str = "42.10";
/// The same picture as models are shown it.
const PHOTO: &[u8] = include_bytes!("total.jpg");
/// How far clocks may be apart.
const APART: SignedDuration = SignedDuration::from_secs(60);
/// For how long back replies are looked at.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What to do about a model that ends.
const SUCCESSOR: &str = "set OPENAI_MODEL to its successor before that day";
/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs all checks that the settings call for.
pub async fn all(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::ok("settings", "nothing wrong"), folder(config)];
    findings.extend(database(config).await);
    if let Some(settings) = &config.redis {
        findings.push(redis(settings).await);
    }
    findings.push(files(config).await);
    findings.push(reader().await);
    findings.push(port(config).await);
    findings.extend(whatsapp::all(config, serves(config).await).await);
    findings.extend(model(config).await);
    if let Some(otlp) = &config.traces.otlp {
        findings.push(collector(otlp).await);
    }
    findings
}

fn of_setup(check: &'static str, error: SetupError) -> Finding {
    Finding::ill(check, error.what, error.hint)
}

fn folder(config: &Config) -> Finding {
    if let Err(error) = compose::make_data_dir(config) {
        return of_setup("data", error);
    }
    let folder = config.data_dir.display();
    let probe = config.data_dir.join(".doctor");
    match std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Finding::ok("data", format!("{folder} can be written to")),
        Err(error) => Finding::ill(
            "data",
            format!("{folder} cannot be written to: {error}"),
            "check its permissions and the space left, or set BILLHOOK_DATA_DIR",
        ),
    }
}

/// Opens the database, writes to it and compares clocks.
async fn database(config: &Config) -> Vec<Finding> {
    let store = match compose::open_store(config).await {
        Ok(store) => store,
        Err(error) => {
            let hint =
                "check DATABASE_URL; odd characters in its password are written with %-signs";
            return vec![Finding::ill("database", error.what, hint)];
        }
    };
    // Chores are begun by a row, so that beginning one that does nothing is a write.
    let written = store.claim_chore("doctor", Duration::ZERO).await;
    let counts = match written {
        Ok(_) => store.counts().await,
        Err(error) => Err(error),
    };
    let database = match counts {
        Ok(counts) => Finding::ok(
            "database",
            format!("reads and writes; {} waiting, {} given up", counts.open, counts.dead),
        ),
        Err(error) => Finding::ill(
            "database",
            chain(&error),
            "look at the disk and its space, and whether the server takes changes (default_transaction_read_only)",
        ),
    };
    let clock = store.shared_time().await.ok().flatten().map(clock);
    let since = SystemClock.now().checked_sub(LATELY).unwrap_or_default();
    let replies = store.undelivered(since).await.ok().map(|codes| replies(&codes));
    std::iter::once(database).chain(clock).chain(replies).collect()
}

/// Tells of replies that have not arrived; that a person has not written for a day is no illness.
fn replies(codes: &[(u32, u64)]) -> Finding {
    if codes.is_empty() {
        return Finding::ok("replies", "none of the last week was refused or lost");
    }
    let told: Vec<String> =
        codes.iter().map(|(code, count)| format!("{count} by {code}")).collect();
    let told = told.join(", ");
    Finding::ok("replies", format!("of the last week some did not arrive: {told} of the provider"))
}

/// Compares this machine's clock with that of the database.
fn clock(shared: Timestamp) -> Finding {
    let apart = SystemClock.now().duration_since(shared).abs();
    if apart <= APART {
        return Finding::ok("clock", "agrees with the database");
    }
    Finding::ill(
        "clock",
        format!("{} s away from the clock of the database", apart.as_secs()),
        "let the machine keep its time by NTP; Billhook goes by the database meanwhile, but signatures to a \
         bucket need the right time",
    )
}

async fn redis(settings: &RedisSettings) -> Finding {
    match gateways::redis::check(settings).await {
        Ok(()) => Finding::ok("redis", "answers; wake-ups and limits are shared"),
        Err(error) => Finding::ill(
            "redis",
            chain(&error),
            "check REDIS_URL; meanwhile work is found by polling and each process has its own limits",
        ),
    }
}

async fn files(config: &Config) -> Finding {
    let blobs = match compose::blobs(config) {
        Ok(blobs) => blobs,
        Err(error) => return of_setup("files", error),
    };
    let hint = match &config.bucket {
        Some(_) => "check S3_BUCKET and the AWS_ settings",
        None => "look at the disk and its space",
    };
    match blobs.check(&SystemClock.new_id().to_string()).await {
        Ok(()) => Finding::ok("files", "kept, found again and deleted"),
        Err(error) => Finding::ill("files", chain(&error), hint),
    }
}

async fn reader() -> Finding {
    const HINT: &str = "the program may be damaged, or the system forbids it to start itself";
    let documents = match compose::documents() {
        Ok(documents) => documents,
        Err(error) => return of_setup("reader", error),
    };
    match documents.read(Bytes::from_static(PICTURE)).await {
        Ok(contents) => {
            let mut words = contents.pages.iter().flat_map(|page| &page.words);
            if words.any(|word| word.text.contains(PRINTED)) {
                Finding::ok("reader", "reads a picture")
            } else {
                let seen = format!("did not read a plain picture ({:?})", contents.obstacle);
                Finding::ill("reader", seen, HINT)
            }
        }
        Err(error) => Finding::ill("reader", chain(&error), HINT),
    }
}

async fn port(config: &Config) -> Finding {
    let address = config.listen;
    match tokio::net::TcpListener::bind(address).await {
        Ok(_) => Finding::ok("port", format!("{address} is free")),
        Err(_) if serves(config).await => {
            Finding::ok("port", format!("a billhook is serving on {address}"))
        }
        Err(error) => Finding::ill(
            "port",
            format!("{address} cannot be listened on: {error}"),
            "stop the program that uses it, or choose another with --port",
        ),
    }
}

async fn serves(config: &Config) -> bool {
    let Ok(client) = client() else { return false };
    let answer = client.get(format!("{}healthz", local_address(config.listen))).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// Asks the server for its models and the account for what was spent, and has a known picture read.
async fn model(config: &Config) -> Vec<Finding> {
    const HINT: &str =
        "check OPENAI_BASE_URL and OPENAI_API_KEY; meanwhile the built-in model answers";
    let Some(server) = compose::server(&config.model) else {
        return vec![Finding::ok("model", "built in")];
    };
    let (name, base) = (&config.model.openai_model, &config.model.openai_base_url);
    let listed = match server.look_up().await {
        Ok(listed) => listed,
        Err(error) => {
            return vec![Finding::ill("model", format!("{base}: {}", chain(&error)), HINT)];
        }
    };
    if !listed.is_offered {
        let hint = "set OPENAI_MODEL to one of the models that the server offers";
        return vec![Finding::ill("model", format!("{base} does not offer {name}"), hint)];
    }
    let cost = match server.price() {
        Some(_) => spent(config).await,
        None => "; what it costs is not known: set BILLHOOK_PRICE_INPUT and BILLHOOK_PRICE_OUTPUT \
                 to have it counted"
            .to_owned(),
    };
    let seen = format!("{base} offers {name}{cost}");
    let offered = match gateways::model::notice(name, listed.retires, compose::clock().today("UTC"))
    {
        Some(notice) => {
            let seen = format!("{seen}; {notice}");
            Finding { hint: SUCCESSOR.to_owned(), ..Finding::ok("model", seen) }
        }
        None => Finding::ok("model", seen),
    };
    let looks = config.model.allowance.vision != Vision::Never;
    let looked = if looks { Some(picture(&*server, name).await) } else { None };
    std::iter::once(offered).chain(looked).collect()
}

/// Shows the model a picture whose amount is known; that costs one small call.
async fn picture(model: &dyn LanguageModel, name: &str) -> Finding {
    const HINT: &str = "set OPENAI_MODEL to one that takes pictures and answers in JSON schemas, or \
         BILLHOOK_VISION=never";
    let sheets = Sheets {
        pages: Vec::new(),
        pictures: vec![Bytes::from_static(PHOTO)],
        today: compose::clock().today("UTC"),
        locale: String::new(),
    };
    let ask =
        Ask { task: Task::ReadInvoice(sheets), instructions: workflow::prompts::READ_INVOICE };
    let amount = |claimed: &Claimed| match claimed {
        Claimed::Reading(reading) => {
            reading.gross.as_ref().map(|gross| format!("{:.2}", gross.value))
        }
        _ => None,
    };
    match model.answer(&ask).await {
        Ok(answered) if amount(&answered.claimed).as_deref() == Some(PRINTED) => {
            Finding::ok("vision", format!("{name} reads a picture"))
        }
        Ok(_) => Finding::ill("vision", format!("{name} did not read a plain picture"), HINT),
        Err(error) => {
            let hint = match error {
                ModelError::OverBudget => {
                    "add credit or raise the limit at the provider; the built-in reader answers meanwhile"
                }
                ModelError::Unavailable(_) | ModelError::RateLimited { .. } => "try again later",
                _ => HINT,
            };
            Finding::ill("vision", format!("{name}: {}", chain(&error)), hint)
        }
    }
}

/// Hands the collector a batch without spans.
async fn collector(settings: &OtlpSettings) -> Finding {
    const HINT: &str =
        "check OTEL_EXPORTER_OTLP_ENDPOINT; meanwhile traces are dropped and nothing waits";
    let endpoint = settings.endpoint.trim_end_matches('/');
    let Ok(client) = client() else {
        return Finding::ill("traces", "no request can be made", HINT);
    };
    let request = client.post(format!("{endpoint}/v1/traces"));
    match request.header("Content-Type", "application/x-protobuf").send().await {
        // What it makes of a batch without its headers is its own affair.
        Ok(_) => Finding::ok("traces", format!("{endpoint} answers")),
        Err(error) => {
            let seen = format!("{endpoint} cannot be reached: {}", chain(&error.without_url()));
            Finding::ill("traces", seen, HINT)
        }
    }
}

/// Returns what was spent lately, as the end of a sentence; nothing if that cannot be told.
async fn spent(config: &Config) -> String {
    let Ok(store) = compose::open_store(config).await else { return String::new() };
    match store.spent_lately().await {
        Ok((today, month)) => format!("; spent {today} today, {month} this month"),
        Err(_) => String::new(),
    }
}

pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().timeout(PATIENCE).build()
}
