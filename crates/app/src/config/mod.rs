//! The settings: one registry describes them, flags, environment, file and defaults fill them in,
//! and every wrong one is reported at once.
//!
//! This is the only place that reads the environment.

mod parse;
mod problem;
pub mod reference;
pub mod registry;
mod sources;
mod values;

pub use problem::Problem;
pub use sources::Sources;
pub use values::is_local;

use crate::worker::Keep;
use domain::{party::Party, tenant::Habits};
use gateways::{blobs::S3Settings, otlp::OtlpSettings, redis::RedisSettings};
use ports::{
    limits::Rate,
    model::{Allowance, Price},
};
use secrecy::{ExposeSecret, SecretString};
use std::{net::SocketAddr, path::PathBuf};

/// The settings of a running Billhook, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database, the files and the generated token live.
    pub data_dir: PathBuf,
    /// Which database; may hold a password.
    pub database_url: SecretString,
    /// The same one for reads alone, and for its owner, where users are kept apart.
    pub other_users: OtherUsers,
    /// The most connections to a server that write, and the most that read.
    pub connections: u32,
    /// The bucket of the original files; nothing if they are in the data folder.
    pub bucket: Option<S3Settings>,
    /// For how long what is no invoice is kept.
    pub keep: Keep,
    /// What processes wake one another and share limits through, if anything.
    pub redis: Option<RedisSettings>,
    /// How often one sender is answered; nothing if as often as he likes.
    pub rate_limit: Option<Rate>,
    /// What this process does.
    pub role: Role,
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// How this server is reached from outside, without a slash at the end.
    pub public_base_url: Option<String>,
    /// WhatsApp by Twilio; nothing if it is not set up.
    pub twilio: Option<TwilioSettings>,
    /// Which model reads and understands.
    pub model: ModelSettings,
    /// The bearer token of the HTTP API, if the owner chose one.
    pub api_token: Option<SecretString>,
    /// What a new tenant starts from.
    pub habits: Habits,
    /// Who issues invoices, where a book does not say itself.
    pub seller: Party,
    /// What is logged, and how.
    pub log: LogSettings,
    /// The second address, for those who run the program.
    pub metrics_listen: Option<SocketAddr>,
    /// What is traced, and where traces go.
    pub traces: TraceSettings,
}

/// Users of a server besides the one who reads and writes rows; addresses with passwords.
#[derive(Debug, Clone, Default)]
pub struct OtherUsers {
    /// Who only reads.
    pub queries: Option<SecretString>,
    /// Who owns the tables.
    pub owner: Option<SecretString>,
}

/// What a process does; several share a database of PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    All,
    /// Takes messages in and shows what was said.
    Web,
    /// Answers messages and delivers replies.
    Worker,
}

impl Config {
    /// Returns whether other processes may use the same database: it is on a server.
    #[must_use]
    pub fn shares_database(&self) -> bool {
        !self.database_url.expose_secret().starts_with("sqlite:")
    }
}

/// WhatsApp by Twilio.
#[derive(Debug, Clone)]
pub struct TwilioSettings {
    /// The account, `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// Signs webhooks and opens the REST API.
    pub auth_token: SecretString,
    /// Accepted as a signature too, while tokens are rotated.
    pub auth_token_secondary: Option<SecretString>,
    /// The sender of replies: `whatsapp:` and a number.
    pub from: String,
    /// The REST API, without a slash at the end.
    pub api_base_url: String,
    /// Host suffixes that media may be redirected to.
    pub media_hosts: Vec<String>,
}

/// Which model reads and understands.
#[derive(Debug, Clone)]
pub struct ModelSettings {
    /// The choice.
    pub provider: Provider,
    /// The key; local servers need none.
    pub openai_api_key: Option<SecretString>,
    /// The server, with its `/v1`, without a slash at the end.
    pub openai_base_url: String,
    /// The model's name.
    pub openai_model: String,
    /// What its tokens cost, where the owner says so.
    pub price: Option<Price>,
    /// What it may see and cost.
    pub allowance: Allowance,
}

/// The choice of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// The built-in one: no network, no key.
    Offline,
    /// An OpenAI-compatible server, with the built-in one behind it.
    OpenAi,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// The least important level that is written; nothing if the verb decides.
    pub level: Option<tracing::Level>,
    /// The form of a line.
    pub format: LogFormat,
}

/// What is traced, and where traces go.
#[derive(Debug, Clone)]
pub struct TraceSettings {
    /// The collector; nothing if no trace leaves.
    pub otlp: Option<OtlpSettings>,
    /// What this process is called.
    pub service_name: String,
    /// How many of the traces are sent, as a fraction.
    pub share: f64,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

impl Config {
    /// Reads the settings from flags, environment, file and defaults, in this order.
    ///
    /// # Errors
    ///
    /// Every wrong setting, in the order of the registry; never empty.
    pub fn load(sources: &Sources) -> Result<Self, Vec<Problem>> {
        parse::config(sources)
    }
}
