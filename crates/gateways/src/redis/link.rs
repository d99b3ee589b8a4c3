//! A connection that is made when it is needed, shared, and left alone for a while once it fails.

use super::RedisSettings;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, ServerErrorKind,
    aio::{MultiplexedConnection, PubSub},
};
use secrecy::ExposeSecret;
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take: nobody waits longer for what is only a hint.
const ANSWER: Duration = Duration::from_millis(500);
/// How long a server that has failed is left alone.
const PAUSE: Duration = Duration::from_secs(2);

/// Why Redis did not do what was asked; one sentence for the person who runs the program.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The address cannot be read; it is not repeated, since it may hold a password.
    #[error(
        "the address of Redis cannot be read; it must look like redis://user:password@host:6379/0, with %-signs for odd characters"
    )]
    BadUrl,
    /// The server does not let us in.
    #[error("Redis refuses this user or password; check REDIS_URL")]
    WrongCredentials(#[source] RedisError),
    /// The user may not do what is needed.
    #[error("Redis does not let this user publish, subscribe or run scripts; change its rights")]
    NotAllowed(#[source] RedisError),
    /// The server's memory is full.
    #[error("Redis has no room left; set its maxmemory-policy to allkeys-lru")]
    Full(#[source] RedisError),
    /// No server answers there.
    #[error("Redis cannot be reached; check REDIS_URL and whether it runs")]
    Unreachable(#[source] RedisError),
    /// It has failed a moment ago and is left alone.
    #[error("Redis has just failed and is left alone for a moment")]
    Paused,
    /// Anything else.
    #[error("Redis does not do what is asked of it")]
    Failed(#[source] RedisError),
}

impl From<RedisError> for LinkError {
    fn from(error: RedisError) -> Self {
        match (error.kind(), error.code()) {
            (ErrorKind::AuthenticationFailed, _) | (_, Some("NOAUTH" | "WRONGPASS")) => {
                Self::WrongCredentials(error)
            }
            (ErrorKind::Server(ServerErrorKind::NoPerm), _) => Self::NotAllowed(error),
            (_, Some("OOM")) => Self::Full(error),
            (ErrorKind::Io, _) => Self::Unreachable(error),
            _ => Self::Failed(error),
        }
    }
}

/// One server.
pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

enum State {
    Idle,
    Connected(MultiplexedConnection),
    Paused(Instant),
}

impl Link {
    /// Returns the link to a server; connects to nothing yet.
    pub(super) fn to(settings: &RedisSettings) -> Result<Self, LinkError> {
        let client = Client::open(settings.url.expose_secret()).map_err(|_| LinkError::BadUrl)?;
        Ok(Self { client, state: Mutex::new(State::Idle) })
    }

    /// Sends a command and returns its answer. After a failure of the connection every caller
    /// fails at once for a while.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LinkError> {
        let mut connection = self.connection().await?;
        let answer = within(ANSWER, command.query_async(&mut connection)).await;
        if matches!(answer, Err(LinkError::Unreachable(_))) {
            *self.state.lock().await = State::Paused(Instant::now());
        }
        answer
    }

    async fn connection(&self) -> Result<MultiplexedConnection, LinkError> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Connected(connection) => return Ok(connection.clone()),
            State::Paused(since) if since.elapsed() < PAUSE => return Err(LinkError::Paused),
            State::Paused(_) | State::Idle => {}
        }
        // The time for an answer is ours to keep, so that a new connection may take longer.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(None);
        let made = self.client.get_multiplexed_async_connection_with_config(&config);
        match within(CONNECT, made).await {
            Ok(connection) => {
                *state = State::Connected(connection.clone());
                Ok(connection)
            }
            Err(error) => {
                *state = State::Paused(Instant::now());
                Err(error)
            }
        }
    }

    /// Makes a connection that listens.
    pub(super) async fn listener(&self) -> Result<PubSub, LinkError> {
        within(CONNECT, self.client.get_async_pubsub()).await
    }
}

/// Returns what comes of a question, unless it takes too long.
pub(super) async fn within<T>(
    limit: Duration,
    asked: impl Future<Output = Result<T, RedisError>>,
) -> Result<T, LinkError> {
    match tokio::time::timeout(limit, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => {
            Err(LinkError::Unreachable(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))
        }
    }
}

/// Asks a server for a sign of life, with all rights that are needed.
///
/// # Errors
///
/// [`LinkError`], one sentence that says what to do.
pub async fn check(settings: &RedisSettings) -> Result<(), LinkError> {
    let link = Link::to(settings)?;
    let key = format!("{}:check", settings.prefix);
    let script = "return redis.call('SET', KEYS[1], '1', 'PX', 1000)";
    link.ask::<()>(redis::cmd("EVAL").arg(script).arg(1).arg(&key)).await?;
    link.ask::<()>(redis::cmd("PUBLISH").arg(&key).arg("")).await?;
    let mut listener = link.listener().await?;
    within(ANSWER, listener.subscribe(&key)).await
}
