//! `billhook serve`: everything in one process, until it is told to stop.

use super::failure::{Failure, chain, print};
use crate::{
    clock::SharedClock,
    compose::{self, AppState},
    config::{Config, LogFormat, Provider, Role},
    http, shutdown,
    telemetry::scrape,
    worker,
};
use ports::blobs::BlobError;
use std::{
    fmt::Write as _,
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long work may go on after the process was told to stop.
const GRACE: Duration = Duration::from_secs(30);

/// Serves until a signal comes.
///
/// # Errors
///
/// [`Failure`] if the port is taken, the data folder is in use, or a part cannot be set up.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    // First of all, so that a port that is taken leaves no trace in the data folder.
    let listener = bind(config.listen).await?;
    let _lock = match config.shares_database() {
        true => None,
        false => Some(compose::lock_data_dir(&config)?),
    };
    let operation = match config.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    scrape::start();
    let clock = Arc::new(SharedClock::default());
    let state = state(config, &clock).await?;
    // The lock says that no other process works on these jobs; a shared database takes none back.
    let reclaimed = state.ports.store.reclaim_all().await;
    reclaimed.map_err(|error| Failure::because("the queue cannot be read", &error))?;
    check_files(&state).await?;
    let stop = shutdown::on_signal()
        .map_err(|error| Failure::because("signals cannot be handled", &error))?;
    announce(&state.config);
    tokio::spawn(warn_of_model(Arc::clone(&state.config)));
    let (store, end) = (Arc::clone(&state.ports.store), stop.clone());
    tokio::spawn(async move { clock.keep(&*store, end).await });
    if let Some(operation) = operation {
        let app = http::operation_router(state.clone());
        tokio::spawn(http::listen::serve(operation, app, stop.clone()));
    }
    serve(listener, state, stop).await
}

/// Refuses to start where files are refused by a wrong setting; what may pass is only told, since
/// messages wait for it.
async fn check_files(state: &AppState) -> Result<(), Failure> {
    if state.config.bucket.is_none() {
        return Ok(());
    }
    match state.ports.blobs.check(&state.ports.clock.new_id().to_string()).await {
        Ok(()) => Ok(()),
        Err(error @ BlobError::Refused(_)) => {
            Err(Failure::because("the files cannot be kept", &error))
        }
        Err(error) => {
            tracing::warn!(
                error = chain(&error),
                "the bucket does not answer; messages with files wait for it"
            );
            Ok(())
        }
    }
}

async fn state(config: Config, clock: &Arc<SharedClock>) -> Result<AppState, Failure> {
    let ports = compose::ports(&config, clock).await?;
    let api_token = compose::api_token(&config)?;
    let ties = compose::ties(&config)?;
    Ok(AppState { ports, config: Arc::new(config), ties, refusals: Arc::default(), api_token })
}

async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: CancellationToken,
) -> Result<ExitCode, Failure> {
    let (ports, ties) = (state.ports.clone(), state.ties.clone());
    let works = state.config.role != Role::Web;
    let (habits, keep) = (Arc::new(state.config.habits.clone()), state.config.keep);
    tokio::spawn(worker::carry(Arc::clone(&ties.wake), stop.clone()));
    let end = stop.clone();
    let workers = tokio::spawn(async move {
        if works {
            let chores = worker::look_after(ports.clone(), ties.clone(), habits, keep, end.clone());
            tokio::join!(worker::run(ports, ties, end), chores);
        } else {
            end.cancelled().await;
        }
    });
    let server = http::listen::serve(listener, http::router(state), stop.clone());
    let mut both = tokio::spawn(async { tokio::join!(server, workers) });
    let ended = tokio::select! {
        ended = &mut both => ended,
        () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("some work did not end in time; it is done at the next start");
            return Ok(ExitCode::SUCCESS);
        }
    };
    match ended {
        Ok(((), Ok(()))) => Ok(ExitCode::SUCCESS),
        Ok(((), Err(error))) | Err(error) => {
            Err(Failure::because("a worker has ended unexpectedly", &error))
        }
    }
}

/// Asks the server for its models, once, and logs what its owner should know.
async fn warn_of_model(config: Arc<Config>) {
    let Some(server) = compose::server(&config.model) else { return };
    let model = &config.model.openai_model;
    let listed = match server.look_up().await {
        Ok(listed) => listed,
        Err(error) => {
            tracing::warn!(%error, "the model's server does not list its models");
            return;
        }
    };
    if !listed.is_offered {
        tracing::warn!(model, "the server does not offer this model; OPENAI_MODEL names another");
    }
    let today = compose::clock().today("UTC");
    if let Some(notice) = gateways::model::notice(model, listed.retires, today) {
        tracing::warn!("{notice}; set OPENAI_MODEL to its successor");
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let port = address.port();
        match error.kind() {
            ErrorKind::AddrInUse => Failure::new(
                format!("port {port} on {} is already in use", address.ip()),
                format!(
                    "stop the program that uses it, or choose another: billhook --port {}",
                    port.checked_add(1).unwrap_or(8080)
                ),
            ),
            ErrorKind::PermissionDenied => Failure::new(
                format!("port {port} may not be opened by this user"),
                "choose a port above 1023, such as billhook --port 8080",
            ),
            ErrorKind::AddrNotAvailable => Failure::new(
                format!("{} is no address of this machine", address.ip()),
                "set BILLHOOK_LISTEN to 127.0.0.1, or to 0.0.0.0 for every network",
            ),
            _ => Failure::because(&format!("{address} cannot be listened on"), &error),
        }
    })
}

/// Returns what a person should know at the start, in under ten lines.
/// Says that everything is ready. Where nobody can be told, messages are answered all the same.
fn announce(config: &Config) {
    if config.log.format == LogFormat::Json {
        tracing::info!(address = local_address(config.listen), "Billhook is ready");
    } else if print(&banner(config)).is_err() {
        tracing::warn!("the greeting could not be printed");
    }
}

fn banner(config: &Config) -> String {
    let mut text = format!("Billhook is ready: {}\n", local_address(config.listen));
    let data = std::path::absolute(&config.data_dir).unwrap_or_else(|_| config.data_dir.clone());
    let _ = writeln!(text, "  Data      {}", data.display());
    let _ = writeln!(text, "  Model     {}", model_line(config));
    let _ = writeln!(text, "  WhatsApp  {}", whatsapp_line(config));
    if config.api_token.is_none() {
        let _ = writeln!(text, "  API       bearer token in {}", data.join("api-token").display());
    }
    text.push_str("Press Ctrl-C to stop.\n");
    text
}

fn model_line(config: &Config) -> String {
    let model = &config.model;
    match model.provider {
        Provider::Offline => "built in, offline (OPENAI_API_KEY turns on a larger one)".to_owned(),
        Provider::OpenAi => {
            format!("{} at {}, then the built-in one", model.openai_model, model.openai_base_url)
        }
    }
}

fn whatsapp_line(config: &Config) -> String {
    match (&config.twilio, &config.public_base_url) {
        (Some(twilio), Some(base)) => {
            format!("{}, webhook {base}/webhooks/twilio", twilio.from)
        }
        _ => {
            "off; set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_FROM and\n            \
              PUBLIC_BASE_URL"
                .to_owned()
        }
    }
}

/// Returns the address to open in a browser on this machine.
pub(super) fn local_address(listen: SocketAddr) -> String {
    let everywhere = listen.ip().is_unspecified();
    let ip = if everywhere { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    format!("http://{}/", SocketAddr::new(ip, listen.port()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn config(environment: &[(&str, &str)]) -> Config {
        Config::load(&Sources::of_environment(environment)).unwrap()
    }

    #[test]
    fn the_banner_says_where_what_and_how_in_under_ten_lines() {
        let text = banner(&config(&[("PORT", "9000")]));
        assert!(text.starts_with("Billhook is ready: http://127.0.0.1:9000/\n"), "{text}");
        for part in ["billhook-data", "offline", "TWILIO_ACCOUNT_SID", "PUBLIC_BASE_URL"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(text.lines().count() < 10);
    }

    #[test]
    fn the_banner_shows_no_secret() {
        let text = banner(&config(&[
            ("OPENAI_API_KEY", "sk-secret"),
            ("BILLHOOK_API_TOKEN", "secret-of-the-owner"),
            ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
            ("TWILIO_AUTH_TOKEN", "secret-of-the-account"),
            ("TWILIO_WHATSAPP_FROM", "+14155238886"),
            ("PUBLIC_BASE_URL", "https://bills.example"),
        ]));
        assert!(!text.contains("secret"), "{text}");
        assert!(text.contains("https://bills.example/webhooks/twilio"), "{text}");
    }

    #[test]
    fn every_network_is_opened_from_here_by_the_local_address() {
        assert_eq!(local_address("0.0.0.0:80".parse().unwrap()), "http://127.0.0.1:80/");
        assert_eq!(local_address("[::1]:81".parse().unwrap()), "http://[::1]:81/");
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_said_with_another_one() {
        let first = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let failure = bind(first.local_addr().unwrap()).await.unwrap_err();
        let Failure::Failed { what, hint } = failure else { panic!("not settings") };
        assert!(what.ends_with("is already in use"), "{what}");
        assert!(hint.contains("--port"), "{hint}");
    }
}
