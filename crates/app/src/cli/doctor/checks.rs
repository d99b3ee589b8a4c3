//! The checks, in the order in which the product needs the parts.

use super::Finding;
use crate::{
    cli::{chain, serve::local_address, simulate},
    compose::{self, SetupError},
    config::{Config, TwilioSettings},
};
use bytes::Bytes;
use gateways::{
    redis::RedisSettings,
    twilio::signature::{Key, Payload, Received, is_genuine},
};
use secrecy::ExposeSecret;
use std::time::Duration;

/// A small picture of a printed line, made for this check.
const PICTURE: &[u8] = include_bytes!("total.png");
/// The amount on it.
const PRINTED: &str = "42.10";
/// What to do about a model that ends.
const SUCCESSOR: &str = "set OPENAI_MODEL to its successor before that day";
/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs all checks that the settings call for.
pub async fn all(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::ok("settings", "nothing wrong"), folder(config)];
    findings.push(database(config).await);
    if let Some(settings) = &config.redis {
        findings.push(redis(settings).await);
    }
    findings.push(files(config).await);
    findings.push(reader().await);
    findings.push(port(config).await);
    findings.push(match &config.twilio {
        Some(twilio) => signature(config, twilio),
        None => Finding::ok("whatsapp", "not set up"),
    });
    findings.push(model(config).await);
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

async fn database(config: &Config) -> Finding {
    let store = match compose::open_store(config).await {
        Ok(store) => store,
        Err(error) => return of_setup("database", error),
    };
    match store.counts().await {
        Ok(counts) => Finding::ok(
            "database",
            format!("opens; {} waiting, {} given up", counts.open, counts.dead),
        ),
        Err(error) => Finding::ill("database", chain(&error), "look at the disk and its space"),
    }
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
    let bytes = Bytes::from_static(PICTURE);
    let back = match blobs.put(bytes.clone()).await {
        Ok(hash) => blobs.get(hash).await,
        Err(error) => Err(error),
    };
    match back {
        Ok(Some(back)) if back == bytes => Finding::ok("files", "kept and found again"),
        Ok(_) => Finding::ill("files", "a kept file was not found again", "check the disk"),
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

/// Signs as Twilio does and checks as the product does.
fn signature(config: &Config, twilio: &TwilioSettings) -> Finding {
    let url = format!("{}/webhooks/twilio", config.public_base_url.as_deref().unwrap_or_default());
    let form = vec![("Body".to_owned(), "ping".to_owned())];
    let signature = simulate::signature(twilio.auth_token.expose_secret(), &url, &form);
    let received = Received {
        url: &url,
        payload: Payload::Form(&form),
        signature: &signature,
        settings: None,
    };
    if is_genuine(&[Key::token(twilio.auth_token.clone())], &received) {
        Finding::ok("whatsapp", format!("signatures agree for {url}"))
    } else {
        Finding::ill(
            "whatsapp",
            format!("a signature for {url} does not hold"),
            "check PUBLIC_BASE_URL for odd characters",
        )
    }
}

/// Asks the server for its models, and the account for what was spent.
async fn model(config: &Config) -> Finding {
    const HINT: &str =
        "check OPENAI_BASE_URL and OPENAI_API_KEY; meanwhile the built-in model answers";
    let Some(server) = compose::server(&config.model) else {
        return Finding::ok("model", "built in");
    };
    let (name, base) = (&config.model.openai_model, &config.model.openai_base_url);
    let listed = match server.look_up().await {
        Ok(listed) => listed,
        Err(error) => return Finding::ill("model", format!("{base}: {}", chain(&error)), HINT),
    };
    if !listed.is_offered {
        let hint = "set OPENAI_MODEL to one of the models that the server offers";
        return Finding::ill("model", format!("{base} does not offer {name}"), hint);
    }
    let seen = format!("{base} offers {name}{}", spent(config).await);
    match gateways::model::notice(name, listed.retires, compose::clock().today("UTC")) {
        Some(notice) => {
            let seen = format!("{seen}; {notice}");
            Finding { hint: SUCCESSOR.to_owned(), ..Finding::ok("model", seen) }
        }
        None => Finding::ok("model", seen),
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

fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().timeout(PATIENCE).build()
}
