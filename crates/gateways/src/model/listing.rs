//! Which models a server offers, and until when the one that is set up is served.

use super::openai::{MAX_ANSWER, OpenAi, failed};
use crate::http;
use jiff::civil::Date;
use ports::model::ModelError;
use reqwest::Method;
use serde::Deserialize;
use std::time::Duration;

/// How long a server may take to list its models.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many days before a model is retired its owner is told.
pub const NOTICE_DAYS: i32 = 60;

/// What a server says about the model that is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Whether it is among the server's models.
    pub is_offered: bool,
    /// The day it ends, by the server, else by our own table.
    pub retires: Option<Date>,
}

#[derive(Debug, Deserialize)]
struct Models {
    data: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    shutdown_date: Option<String>,
}

impl OpenAi {
    /// Asks the server for its models.
    ///
    /// # Errors
    ///
    /// [`ModelError::Misconfigured`] if the key or the address is wrong,
    /// [`ModelError::Unavailable`] if there is no answer.
    pub async fn look_up(&self) -> Result<Listed, ModelError> {
        let request = self.to(Method::GET, "models")?.timeout(PATIENCE);
        let response = http::send(request).await.map_err(failed)?;
        let status = response.status();
        if status.is_server_error() {
            return Err(ModelError::Unavailable(format!("status {}", status.as_u16()).into()));
        }
        if !status.is_success() {
            return Err(ModelError::Misconfigured { status: status.as_u16() });
        }
        let body = http::read(response, MAX_ANSWER).await.map_err(failed)?;
        let models: Models = serde_json::from_slice(&body).map_err(|_| ModelError::Malformed)?;
        let wanted = &self.settings.model;
        let row = models.data.iter().find(|row| row.id == *wanted);
        let says = row.and_then(|row| row.shutdown_date.as_ref()?.parse().ok());
        Ok(Listed { is_offered: row.is_some(), retires: says.or(self.capability().retires) })
    }
}

/// Returns what to tell the owner about the end of a model; nothing while it is far off.
#[must_use]
pub fn notice(model: &str, retires: Option<Date>, today: Date) -> Option<String> {
    let retires = retires?;
    let days = today.until(retires).map_or(0, |span| span.get_days());
    match days {
        ..0 => Some(format!("{model} is no longer served since {retires}")),
        0..=NOTICE_DAYS => Some(format!("{model} is served until {retires} only")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_end_of_a_model_is_said_sixty_days_before_and_ever_after() {
        let end = Some(date(2027, 1, 14));
        assert_eq!(notice("m", end, date(2026, 11, 14)), None);
        let soon = notice("m", end, date(2026, 11, 15));
        assert_eq!(soon.as_deref(), Some("m is served until 2027-01-14 only"));
        assert!(notice("m", end, date(2027, 1, 14)).is_some());
        let over = notice("m", end, date(2027, 1, 15));
        assert_eq!(over.as_deref(), Some("m is no longer served since 2027-01-14"));
        assert_eq!(notice("m", None, date(2027, 1, 15)), None);
    }
}
