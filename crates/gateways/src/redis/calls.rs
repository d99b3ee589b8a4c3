//! Wake-ups between processes that share a server of Redis: `PUBLISH` and `SUBSCRIBE`.
//!
//! Many rings at once are told as one.

use super::{
    RedisSettings,
    link::{Link, LinkError, within},
};
use async_trait::async_trait;
use futures::StreamExt;
use ports::{
    clock::Clock,
    wake::{Wake, WakeError},
};
use redis::Value;
use std::{convert::Infallible, io::ErrorKind, time::Duration};
use tokio::sync::Notify;

/// How long nothing may be heard before the server is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(15);
/// How long it may take to say so.
const ANSWER: Duration = Duration::from_secs(5);

/// Rings between processes. Two connections, made when they are needed: one listens, one tells.
pub struct Calls {
    link: Link,
    channel: String,
    /// Our name in what is told, so that our own is known.
    name: String,
    heard: Notify,
    untold: Notify,
}

impl Calls {
    /// Returns the wake-ups of a server; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// [`LinkError::BadUrl`] if the address cannot be read.
    pub fn new(settings: &RedisSettings, clock: &dyn Clock) -> Result<Self, LinkError> {
        Ok(Self {
            link: Link::to(settings)?,
            channel: format!("{}:wake", settings.prefix),
            name: clock.new_id().to_string(),
            heard: Notify::new(),
            untold: Notify::new(),
        })
    }

    async fn tell(&self) -> Result<Infallible, LinkError> {
        loop {
            self.untold.notified().await;
            self.link.ask::<()>(redis::cmd("PUBLISH").arg(&self.channel).arg(&self.name)).await?;
        }
    }

    async fn listen(&self) -> Result<Infallible, LinkError> {
        let (mut asking, mut told) = self.link.listener().await?.split();
        within(ANSWER, asking.subscribe(&self.channel)).await?;
        // What was told before is not repeated.
        self.heard.notify_one();
        loop {
            match tokio::time::timeout(SILENCE, told.next()).await {
                Ok(Some(message)) if message.get_payload_bytes() == self.name.as_bytes() => {}
                Ok(Some(_)) => self.heard.notify_one(),
                Ok(None) => {
                    let gone = std::io::Error::from(ErrorKind::ConnectionAborted);
                    return Err(LinkError::Unreachable(gone.into()));
                }
                Err(_) => drop(within(ANSWER, asking.ping::<Value>()).await?),
            }
        }
    }
}

#[async_trait]
impl Wake for Calls {
    fn ring(&self) {
        self.heard.notify_one();
        self.untold.notify_one();
    }

    async fn rung(&self) {
        self.heard.notified().await;
    }

    async fn carry(&self) -> Result<Infallible, WakeError> {
        let ended = tokio::select! {
            ended = self.tell() => ended,
            ended = self.listen() => ended,
        };
        ended.map_err(|error| WakeError(Box::new(error)))
    }
}
