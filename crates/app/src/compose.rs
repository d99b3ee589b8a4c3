//! Settings to ports: the only place where the parts of the product are wired together.

mod folder;
mod sharing;

pub use folder::{
    FolderLock, api_token, database_file, lock_data_dir, lock_database, make_data_dir,
};
pub use sharing::{no_ties, ties};

use crate::{
    clock::{SharedClock, SystemClock},
    config::{Config, ModelSettings, Provider, TwilioSettings},
    http::Refusals,
    press_port::Typesetter,
    sandbox::Sandbox,
    telemetry::{ObservedBlobs, ObservedDocuments, ObservedModel},
    worker::Ties,
};
use gateways::{
    blobs::S3,
    channels::ChannelSet,
    model::{Chain, OpenAi, OpenAiSettings},
};
use ports::{
    Ports,
    blobs::BlobStore,
    channel::Channel,
    clock::Clock,
    documents::Documents,
    model::LanguageModel,
    store::{Store, StoreResult},
    tables::Tables,
};
use secrecy::{ExposeSecret, SecretString};
use std::{sync::Arc, time::Duration};
use store::{Database, Opening};

/// How many invoices are set at once; each takes some tens of megabytes.
const SHEETS_AT_ONCE: usize = 2;

/// What the HTTP server hands to its handlers.
#[derive(Clone)]
pub struct AppState {
    /// Everything the product is made of.
    pub ports: Ports,
    /// The settings.
    pub config: Arc<Config>,
    /// What the workers share with the rest: wake-ups, progress, limits.
    pub ties: Ties,
    /// How many webhooks were refused of late.
    pub refusals: Arc<Refusals>,
    /// The bearer token of the HTTP API: the owner's choice, else the one in the data folder.
    pub api_token: SecretString,
}

impl AppState {
    /// Asks the database whether it reads and writes: a full disk still reads, and so does a server that
    /// takes no changes. Once a second is enough for all who ask.
    pub async fn ask_database(&self) -> StoreResult<()> {
        let store = &self.ports.store;
        store.ping().await?;
        store.claim_chore("readiness", Duration::from_secs(1)).await.map(|_| ())
    }
}

/// Why a part cannot be set up, for the person who started the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct SetupError {
    /// What happened, without a full stop.
    pub what: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl SetupError {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// Wires everything. The data folder is made if it is missing.
///
/// # Errors
///
/// [`SetupError`] for the first part that cannot be set up.
pub async fn ports(config: &Config, clock: &Arc<SharedClock>) -> Result<Ports, SetupError> {
    make_data_dir(config)?;
    let model = server(&config.model).map(|server| -> Arc<dyn LanguageModel> { server });
    Ok(Ports {
        store: open_store_by(config, clock).await?,
        blobs: blobs(config)?,
        documents: Arc::new(ObservedDocuments(documents()?)),
        tables: tables(),
        press: Arc::new(Typesetter::new(SHEETS_AT_ONCE)),
        model: model.map_or_else(built_in, |model| Arc::new(ObservedModel(model))),
        built_in: built_in(),
        allowance: config.model.allowance,
        clock: Arc::<SharedClock>::clone(clock),
        seller: config.seller.clone(),
        channels: Arc::new(channels(config)),
    })
}

/// Returns what understands spreadsheets.
#[must_use]
pub fn tables() -> Arc<dyn Tables> {
    Arc::new(offline::Offline)
}

/// Returns the machine's own clock.
#[must_use]
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// Opens the database, brought up to date.
///
/// # Errors
///
/// [`SetupError`] if it cannot be opened.
pub async fn open_store(config: &Config) -> Result<Arc<dyn Store>, SetupError> {
    open_store_by(config, &Arc::default()).await
}

/// Opens the database and sets a clock by it.
async fn open_store_by(
    config: &Config,
    clock: &Arc<SharedClock>,
) -> Result<Arc<dyn Store>, SetupError> {
    make_data_dir(config)?;
    let queries = config.other_users.queries.as_ref().map(ExposeSecret::expose_secret);
    let url = config.database_url.expose_secret();
    let opening = Opening { queries, connections: config.connections };
    match store::open_as(url, &opening, Arc::<SharedClock>::clone(clock)).await {
        Ok(store) => {
            clock.look(&*store).await;
            Ok(store)
        }
        Err(error) => Err(SetupError::new(
            crate::cli::chain(&error),
            "`billhook doctor` checks every part and says what is wrong",
        )),
    }
}

/// Opens the database whole, for the verbs that look after it, if it is there.
///
/// # Errors
///
/// [`SetupError`] if it is not there or cannot be opened.
pub async fn open_database(url: &str) -> Result<Arc<Database>, SetupError> {
    let clock = Arc::new(SharedClock::default());
    let opened = store::open_existing(url, Arc::<SharedClock>::clone(&clock)).await;
    let database = opened.map_err(|error| {
        SetupError::new(crate::cli::chain(&error), "check DATABASE_URL and BILLHOOK_DATA_DIR")
    })?;
    clock.look(&*database).await;
    Ok(database)
}

/// Opens the place of the original files: a bucket, else a folder.
///
/// # Errors
///
/// [`SetupError`] if the folder cannot be made or the bucket's settings cannot be used.
pub fn blobs(config: &Config) -> Result<Arc<dyn BlobStore>, SetupError> {
    if let Some(settings) = &config.bucket {
        return match S3::open(settings) {
            Ok(bucket) => Ok(Arc::new(ObservedBlobs(Arc::new(bucket)))),
            Err(error) => Err(SetupError::new(
                format!("the bucket cannot be used: {}", crate::cli::chain(&error)),
                "check S3_BUCKET and the AWS_ settings",
            )),
        };
    }
    let folder = config.data_dir.join("files");
    match gateways::blobs::LocalDir::open(&folder) {
        Ok(blobs) => Ok(Arc::new(ObservedBlobs(Arc::new(blobs)))),
        Err(error) => Err(SetupError::new(
            format!("the folder {} cannot be used: {error}", folder.display()),
            "set BILLHOOK_DATA_DIR to a folder that you may write to",
        )),
    }
}

/// Makes the sandbox that files are read in, so that one file is read as fast as can be.
///
/// # Errors
///
/// [`SetupError`] if this executable cannot be found again.
pub fn documents() -> Result<Arc<dyn Documents>, SetupError> {
    sandbox(2)
}

/// Makes the sandbox for many files: each is read by one thread, so that twice as many at once
/// are done twice as fast.
///
/// # Errors
///
/// [`SetupError`] if this executable cannot be found again.
pub fn documents_in_bulk() -> Result<Arc<dyn Documents>, SetupError> {
    sandbox(1)
}

fn sandbox(threads: usize) -> Result<Arc<dyn Documents>, SetupError> {
    match Sandbox::new(threads) {
        Ok(sandbox) => Ok(Arc::new(sandbox)),
        Err(error) => Err(SetupError::new(
            format!("the program cannot find its own file: {error}"),
            "start billhook by its full path",
        )),
    }
}

/// Makes the model of the settings with the built-in one behind it, for verbs that keep no account
/// of what it costs.
#[must_use]
pub fn model(settings: &ModelSettings) -> Arc<dyn LanguageModel> {
    match server(settings) {
        Some(server) => Arc::new(Chain::new(server, built_in())),
        None => built_in(),
    }
}

/// Returns the built-in model.
#[must_use]
pub fn built_in() -> Arc<dyn LanguageModel> {
    Arc::new(offline::Offline)
}

/// Makes the model behind a server, where one is set up.
#[must_use]
pub fn server(settings: &ModelSettings) -> Option<Arc<OpenAi>> {
    let wanted = OpenAiSettings {
        api_key: settings.openai_api_key.clone(),
        base_url: settings.openai_base_url.clone(),
        model: settings.openai_model.clone(),
        price: settings.price,
    };
    (settings.provider == Provider::OpenAi).then(|| Arc::new(OpenAi::new(wanted, clock())))
}

/// Returns the channels that are set up.
pub fn channels(config: &Config) -> ChannelSet {
    let base = config.public_base_url.clone().unwrap_or_default();
    ChannelSet::new(config.twilio.as_ref().map(|settings| twilio(settings, base)))
}

fn twilio(settings: &TwilioSettings, public_base_url: String) -> Arc<dyn Channel> {
    let secondary = settings.auth_token_secondary.clone();
    Arc::new(gateways::twilio::Twilio::new(gateways::twilio::TwilioSettings {
        account_sid: settings.account_sid.clone(),
        auth_tokens: std::iter::once(settings.auth_token.clone()).chain(secondary).collect(),
        from: settings.from.clone(),
        api_base: settings.api_base_url.clone(),
        media_hosts: settings.media_hosts.clone(),
        public_base_url,
    }))
}
