//! WhatsApp by Twilio: webhooks in, REST out.

mod calling_code;
mod list;
mod media;
mod missed;
mod send;
pub mod signature;
pub mod wire;

use crate::http::Client;
use async_trait::async_trait;
use bytes::Bytes;
use domain::message::{Attachment, Outbound};
use jiff::Timestamp;
use ports::channel::{Channel, ChannelError, Receipt, Received};
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::{Host, Url};

/// The date in every address of the REST API.
const VERSION: &str = "2010-04-01";
/// How long one exchange may take, the download of a file included.
const TOTAL: Duration = Duration::from_secs(30);

/// How to reach Twilio and how it reaches us.
#[derive(Debug, Clone)]
pub struct TwilioSettings {
    /// The account, `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// The primary auth token, then the secondary one while they are rotated.
    pub auth_tokens: Vec<SecretString>,
    /// The sender of replies to messages that do not say whom they were sent to.
    pub from: String,
    /// The REST API, such as `https://api.twilio.com`.
    pub api_base: String,
    /// Host suffixes that media may be redirected to. A private address is reached only if it is
    /// named here literally.
    pub media_hosts: Vec<String>,
    /// Where Twilio reaches this installation; may be empty, then no files can be sent.
    pub public_base_url: String,
}

/// WhatsApp by Twilio.
#[derive(Debug, Clone)]
pub struct Twilio {
    settings: TwilioSettings,
    client: Client,
}

impl Twilio {
    /// Makes the channel; nothing is sent yet.
    #[must_use]
    pub fn new(settings: TwilioSettings) -> Self {
        let own = Url::parse(&settings.api_base).ok();
        let own = own.and_then(|url| url.host_str().map(str::to_owned));
        let named = settings.media_hosts.iter().filter(|host| is_literal(host)).cloned();
        let client = Client::new(own.into_iter().chain(named), TOTAL);
        Self { settings, client }
    }

    fn api(&self) -> Result<Url, ChannelError> {
        Url::parse(&self.settings.api_base)
            .map_err(|error| ChannelError::Unavailable(Box::new(error)))
    }

    /// Returns the address of this account's messages.
    fn messages(&self) -> Result<Url, ChannelError> {
        let base = self.settings.api_base.trim_end_matches('/');
        let account = &self.settings.account_sid;
        let url = format!("{base}/{VERSION}/Accounts/{account}/Messages.json");
        Url::parse(&url).map_err(|error| ChannelError::Unavailable(Box::new(error)))
    }

    /// Returns an address below that of this account's messages.
    fn below_messages(&self, parts: &[&str]) -> Result<Url, ChannelError> {
        let mut url = self.messages()?;
        let mut segments = url.path_segments_mut().map_err(|()| ChannelError::NoSuchFile)?;
        segments.pop().push("Messages").extend(parts);
        drop(segments);
        Ok(url)
    }

    /// Begins a request with this account's credentials; only for addresses that were checked.
    fn signed(&self, method: Method, url: Url) -> Result<RequestBuilder, ChannelError> {
        let request = self.client.request(method, url).map_err(|_| ChannelError::NoSuchFile)?;
        let token = self.settings.auth_tokens.first().map(ExposeSecret::expose_secret);
        Ok(request.basic_auth(&self.settings.account_sid, token))
    }
}

/// Returns whether a configured host is an address or this machine, not a name elsewhere.
fn is_literal(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || matches!(Host::parse(host), Ok(Host::Ipv4(_) | Host::Ipv6(_)))
}

#[async_trait]
impl Channel for Twilio {
    async fn fetch(&self, remote: &str) -> Result<Bytes, ChannelError> {
        media::fetch(self, remote).await
    }

    async fn send(&self, outbound: &Outbound) -> Result<Receipt, ChannelError> {
        send::send(self, outbound).await
    }

    async fn find_sent(
        &self,
        outbound: &Outbound,
        since: Timestamp,
        known: &[String],
    ) -> Result<Option<Receipt>, ChannelError> {
        send::find_sent(self, outbound, since, known).await
    }

    async fn received(&self, since: Timestamp) -> Result<Vec<Received>, ChannelError> {
        missed::received(self, since).await
    }

    async fn files_of(&self, provider_id: &str) -> Result<Vec<Attachment>, ChannelError> {
        missed::files_of(self, provider_id).await
    }
}
