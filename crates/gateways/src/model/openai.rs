//! OpenAI and every server that speaks its chat completions.
//!
//! Requests travel by our own client, so that deadlines, size limits and the ban on logging what
//! people wrote hold here too. One call is a few attempts at most: what may pass is tried again,
//! what the server does not understand is said more simply, what was cut short gets more room, once.

use super::{
    breaker::{Breaker, Pass},
    capability::{self, Capability},
    complaint::Complaint,
    completion::{self, Unsaid},
    dialect::{Dialect, Rung},
    into_domain,
    patience::{Patience, Pause, RealPause},
    request::Draft,
};
use crate::http::{self, Client, HttpError};
use async_trait::async_trait;
use ports::{
    clock::Clock,
    model::{Answered, Ask, LanguageModel, Meter, ModelError, Price, Usage},
};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use url::Url;

/// How long one call may take, with all its attempts.
pub(super) const TOTAL: Duration = Duration::from_secs(60);
/// The most bytes of an answer.
pub(super) const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// How long to wait when the server does not say.
const SLOW_DOWN: Duration = Duration::from_secs(5);
/// How often one call may be said more simply.
const MAX_SIMPLER: u32 = 6;
/// The words that end the host names of the one provider that takes keys in a header of its own.
const OWN_HEADER: &str = ".azure.com";

/// Which server and model to ask.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// The key; local servers need none.
    pub api_key: Option<SecretString>,
    /// The server, with or without its `/v1`.
    pub base_url: String,
    /// The model's name at that server.
    pub model: String,
    /// What its tokens cost, where the owner knows better than the table.
    pub price: Option<Price>,
}

/// A model behind chat completions.
pub struct OpenAi {
    pub(super) settings: OpenAiSettings,
    pub(super) client: Client,
    pub(super) clock: Arc<dyn Clock>,
    capability: Capability,
    pause: Arc<dyn Pause>,
    total: Duration,
    breaker: Breaker,
    /// What this server has been found to understand.
    dialect: Mutex<Dialect>,
    /// How many calls in a row began with an answer in another form than was asked for.
    misformed: AtomicU32,
}

/// What one attempt came to, if not to an answer.
enum Setback {
    /// It may pass: the error, and how long the server asks to wait.
    Passing(ModelError, Option<Duration>),
    /// The server does not understand the request.
    NotUnderstood(Complaint, StatusCode),
    /// The answer ends in the middle.
    CutShort,
    /// The answer is in no form, or in another one.
    OtherForm,
    /// The answer holds impossible values.
    Impossible,
    /// Nothing will help.
    Final(ModelError),
}

/// What is different about the next attempt.
#[derive(Clone, Copy)]
struct Manner {
    dialect: Dialect,
    /// Whether the answer gets more room.
    further: bool,
    /// Whether an answer that cannot be used has been asked for again already.
    second: bool,
    /// Whether the first answer came in another form than was asked for.
    misformed: bool,
    simpler: u32,
    is_probe: bool,
}

impl OpenAi {
    /// Makes the model; nothing is sent yet.
    #[must_use]
    pub fn new(settings: OpenAiSettings, clock: Arc<dyn Clock>) -> Self {
        let own = Url::parse(&settings.base_url).ok();
        let own = own.and_then(|url| url.host_str().map(str::to_owned));
        let capability = capability::of(&settings.model);
        Self {
            client: Client::new(own, TOTAL),
            clock,
            capability,
            pause: Arc::new(RealPause),
            total: TOTAL,
            breaker: Breaker::default(),
            dialect: Mutex::new(Dialect::of(&capability)),
            misformed: AtomicU32::new(0),
            settings,
        }
    }

    /// Gives it another patience: how long a call may take in all, and how it waits.
    #[must_use]
    pub fn with_patience(mut self, total: Duration, pause: Arc<dyn Pause>) -> Self {
        self.total = total.min(TOTAL);
        self.pause = pause;
        self
    }

    /// Returns what is known about its class of models.
    #[must_use]
    pub const fn capability(&self) -> &Capability {
        &self.capability
    }

    fn dialect(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what worked. One answer in another form is an accident; the second in a row is how
    /// this server is.
    fn remember(&self, manner: Manner) {
        let row = if manner.misformed {
            self.misformed.fetch_add(1, Ordering::Relaxed).saturating_add(1)
        } else {
            self.misformed.store(0, Ordering::Relaxed);
            0
        };
        if row != 1 {
            *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = manner.dialect;
        }
    }

    /// Begins a request to a path of the server, with the key in it.
    pub(super) fn to(&self, method: Method, path: &str) -> Result<RequestBuilder, ModelError> {
        let url = address(&self.settings.base_url, path)
            .ok_or(ModelError::Misconfigured { status: 0 })?;
        let own_header = url.host_str().is_some_and(|host| host.ends_with(OWN_HEADER));
        let request = self.client.request(method, url).map_err(failed)?;
        Ok(match &self.settings.api_key {
            Some(key) if own_header => request.header("api-key", key.expose_secret()),
            Some(key) => request.bearer_auth(key.expose_secret()),
            None => request,
        })
    }

    /// Asks the breaker; a probe is a single attempt.
    fn enter(&self) -> Result<bool, ModelError> {
        match self.breaker.ask(self.clock.now()) {
            Pass::Free => Ok(false),
            Pass::Probe => Ok(true),
            Pass::Closed(wait) => Err(ModelError::RateLimited { after: wait }),
        }
    }

    async fn attempt(
        &self,
        draft: &Draft<'_>,
        manner: Manner,
        left: Duration,
        (ask, meter): (&Ask, &Meter),
    ) -> Result<Answered, Setback> {
        let request = draft.request(&self.settings.model, manner.dialect, manner.further);
        let sent = self.to(Method::POST, "chat/completions").map_err(Setback::Final)?;
        let estimate = draft.estimate(manner.further);
        let exchange = http::send(sent.timeout(left).json(&request)).await;
        let response = exchange.map_err(|error| lost(error, meter, estimate))?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        let body = http::read(response, MAX_ANSWER).await;
        let body = body.map_err(|error| lost(error, meter, estimate))?;
        let body: Value = serde_json::from_slice(&body).map_err(|error| passing(error.into()))?;
        let usage = completion::usage(&body);
        let said = completion::read(body, manner.dialect.rung, &draft.keys());
        if !matches!(said, Err(Unsaid::NoCompletion)) {
            // A server that does not say what it took is taken to have taken the most.
            meter.add(usage.unwrap_or(estimate));
        }
        let said = said.map_err(setback)?;
        let claimed =
            into_domain::claimed(&ask.task, &said.json).map_err(|_| Setback::Impossible)?;
        let model = said.model.unwrap_or_else(|| self.settings.model.clone());
        Ok(Answered { claimed, usage: usage.unwrap_or(estimate), model, cost: true })
    }

    /// Returns what to try after a setback, having waited as long as needed.
    ///
    /// # Errors
    ///
    /// What to tell the caller if there is nothing left to try.
    async fn recover(
        &self,
        setback: Setback,
        mut manner: Manner,
        patience: &mut Patience,
    ) -> Result<Manner, ModelError> {
        match setback {
            Setback::Passing(error, asked) => {
                self.breaker.failed(self.clock.now());
                let wait = patience.next(asked).filter(|_| !manner.is_probe);
                let Some(wait) = wait else {
                    if let Some(asked) = asked {
                        self.breaker.hold(self.clock.now(), asked);
                    }
                    return Err(error);
                };
                self.pause.pause(wait).await;
                manner.is_probe = self.enter().map_err(|_| error)?;
            }
            Setback::NotUnderstood(complaint, status) => {
                self.breaker.succeeded();
                let simpler = manner.dialect.after(&complaint);
                let simpler = simpler.filter(|_| manner.simpler < MAX_SIMPLER);
                manner.dialect =
                    simpler.ok_or(ModelError::Misconfigured { status: status.as_u16() })?;
                manner.simpler = manner.simpler.saturating_add(1);
            }
            Setback::Final(error) => {
                self.judge(&error);
                return Err(error);
            }
            unusable => {
                self.breaker.succeeded();
                let cut = matches!(unusable, Setback::CutShort);
                if manner.second {
                    return Err(if cut { ModelError::CutShort } else { ModelError::Malformed });
                }
                manner.second = true;
                manner.further = cut;
                if matches!(unusable, Setback::OtherForm) {
                    // A server that overlooks the schema may still read it in the prompt.
                    manner.dialect.rung = manner.dialect.rung.max(Rung::Object);
                    manner.misformed = true;
                }
            }
        }
        Ok(manner)
    }

    /// Tells the breaker what an error that no retry cures says about the server.
    fn judge(&self, error: &ModelError) {
        match error {
            ModelError::OverBudget => self.breaker.trip(self.clock.now()),
            ModelError::Misconfigured { .. } => self.breaker.failed(self.clock.now()),
            _ => self.breaker.succeeded(),
        }
    }
}

#[async_trait]
impl LanguageModel for OpenAi {
    fn name(&self) -> String {
        format!("{} at {}", self.settings.model, self.settings.base_url)
    }

    fn sees_pictures(&self) -> bool {
        self.dialect().pictures
    }

    fn price(&self) -> Option<Price> {
        self.settings.price.or(self.capability.price)
    }

    fn most(&self, ask: &Ask) -> Usage {
        let draft = Draft::of(ask, self.capability);
        draft.estimate(false).plus(draft.estimate(true))
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        self.answer_metered(ask, &Meter::default()).await
    }

    async fn answer_metered(&self, ask: &Ask, meter: &Meter) -> Result<Answered, ModelError> {
        let is_probe = self.enter()?;
        let draft = Draft::of(ask, self.capability);
        let mut patience = Patience::begin(Arc::clone(&self.clock), self.total);
        let mut manner = Manner {
            dialect: self.dialect(),
            further: false,
            second: false,
            misformed: false,
            simpler: 0,
            is_probe,
        };
        loop {
            let left = patience.left();
            match self.attempt(&draft, manner, left, (ask, meter)).await {
                Ok(answered) => {
                    self.breaker.succeeded();
                    self.remember(manner);
                    return Ok(answered);
                }
                Err(setback) => manner = self.recover(setback, manner, &mut patience).await?,
            }
            if patience.left().is_zero() {
                return Err(ModelError::Unavailable("no time is left".into()));
            }
        }
    }
}

/// Returns the address of a path at a server whose setting may lack `/v1` or name too much.
fn address(setting: &str, path: &str) -> Option<Url> {
    let trimmed = setting.trim_end_matches('/');
    let trimmed = trimmed.strip_suffix("/chat/completions").unwrap_or(trimmed);
    let bare = Url::parse(trimmed).ok()?.path().trim_matches('/').is_empty();
    let version = if bare { "/v1" } else { "" };
    Url::parse(&format!("{trimmed}{version}/{path}")).ok()
}

fn setback(unsaid: Unsaid) -> Setback {
    match unsaid {
        Unsaid::NoCompletion => passing("no completion".into()),
        Unsaid::CutShort => Setback::CutShort,
        Unsaid::OtherForm => Setback::OtherForm,
        Unsaid::Final(error) => Setback::Final(error),
    }
}

fn passing(error: Box<dyn std::error::Error + Send + Sync>) -> Setback {
    Setback::Passing(ModelError::Unavailable(error), None)
}

pub(super) fn failed(error: HttpError) -> ModelError {
    match error {
        HttpError::Forbidden => ModelError::Misconfigured { status: 0 },
        HttpError::TooLarge => ModelError::Malformed,
        HttpError::NotSent(_) | HttpError::NoAnswer(_) => ModelError::Unavailable(Box::new(error)),
    }
}

/// An answer that got lost may have been paid for.
fn lost(error: HttpError, meter: &Meter, estimate: Usage) -> Setback {
    match error {
        HttpError::NoAnswer(_) | HttpError::TooLarge => meter.add(estimate),
        HttpError::NotSent(_) | HttpError::Forbidden => {}
    }
    match failed(error) {
        error @ ModelError::Unavailable(_) => Setback::Passing(error, None),
        error => Setback::Final(error),
    }
}

async fn refused(response: Response) -> Setback {
    let status = response.status();
    let asked = http::retry_after(&response);
    let body = http::read(response, MAX_ANSWER).await.unwrap_or_default();
    let complaint = Complaint::of(&serde_json::from_slice(&body).unwrap_or_default());
    let unavailable = || ModelError::Unavailable(format!("status {}", status.as_u16()).into());
    match status {
        StatusCode::TOO_MANY_REQUESTS if complaint.is_quota() => {
            Setback::Final(ModelError::OverBudget)
        }
        StatusCode::TOO_MANY_REQUESTS => {
            let after = asked.unwrap_or(SLOW_DOWN);
            Setback::Passing(ModelError::RateLimited { after: after.min(TOTAL) }, asked)
        }
        StatusCode::PAYMENT_REQUIRED => Setback::Final(ModelError::OverBudget),
        StatusCode::BAD_REQUEST if complaint.is_filter() => Setback::Final(ModelError::Filtered),
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT => {
            Setback::Passing(unavailable(), asked)
        }
        _ if status.is_server_error() => Setback::Passing(unavailable(), asked),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Setback::NotUnderstood(complaint, status)
        }
        _ => Setback::Final(ModelError::Misconfigured { status: status.as_u16() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_joined_however_they_are_written() {
        for (setting, expected) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/models"),
            ("https://api.openai.com/v1/", "https://api.openai.com/v1/models"),
            ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/models"),
            ("http://127.0.0.1:8000/v1/chat/completions", "http://127.0.0.1:8000/v1/models"),
            (
                "https://a-firm.openai.azure.com/openai/v1/",
                "https://a-firm.openai.azure.com/openai/v1/models",
            ),
            ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/models"),
        ] {
            assert_eq!(address(setting, "models").unwrap().as_str(), expected);
        }
        assert_eq!(address("no address", "models"), None);
    }
}
