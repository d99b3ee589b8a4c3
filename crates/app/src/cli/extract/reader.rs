//! Reads one file as the conversation would: in the sandbox, then by the model.

use super::{super::chain, record::Seen};
use crate::{compose, config::Config, config::ModelSettings};
use bytes::Bytes;
use domain::{dates::Date, document::Contents, money::Currency};
use ports::{
    documents::Documents,
    model::{Ask, Claimed, Cost, LanguageModel, Sheets, Task, Usage},
};
use std::{path::Path, sync::Arc};
use tokio::io::AsyncReadExt;
use workflow::prompts;

/// What every file is read with.
pub struct Reader {
    documents: Arc<dyn Documents>,
    model: Arc<dyn LanguageModel>,
    /// The owner's date.
    pub today: Date,
    /// The owner's currency.
    pub currency: Currency,
    locale: String,
}

/// What was seen in a file, and what that took.
pub struct Look {
    /// What was seen.
    pub seen: Seen,
    /// The model that was asked, as the provider names it; nothing where none was.
    pub model: Option<String>,
    /// Its tokens.
    pub usage: Usage,
}

impl From<Seen> for Look {
    fn from(seen: Seen) -> Self {
        Self { seen, model: None, usage: Usage::default() }
    }
}

impl Reader {
    /// Makes a reader with this model.
    #[must_use]
    pub fn new(documents: Arc<dyn Documents>, model: &ModelSettings, config: &Config) -> Self {
        Self {
            documents,
            model: compose::model(model),
            today: compose::clock().today(&config.habits.time_zone),
            locale: config.habits.locale.clone(),
            currency: config.habits.currency,
        }
    }

    /// Returns what tokens cost; nothing where the price is not known.
    #[must_use]
    pub fn cost(&self, usage: Usage) -> Option<Cost> {
        if usage == Usage::default() {
            return Some(Cost::FREE);
        }
        self.model.price().map(|price| price.of(usage))
    }

    /// Reads a file. Whatever is wrong with it is part of what was seen.
    pub async fn look(&self, path: &Path) -> Look {
        let bytes = match read(path).await {
            Ok(bytes) => bytes,
            Err(error) => {
                return Seen::Failed(format!("the file cannot be opened: {error}")).into();
            }
        };
        let mut contents = match self.documents.read(bytes.clone()).await {
            Ok(contents) => contents,
            Err(error) => return Seen::Failed(chain(&error)).into(),
        };
        if let Some(obstacle) = contents.obstacle {
            return Seen::Obstacle(obstacle).into();
        }
        if contents.other_xml.is_some() {
            return Seen::NoInvoice.into();
        }
        match contents.einvoice.take() {
            Some(reading) => Seen::Read(Box::new(reading)).into(),
            None => self.ask(contents, bytes).await,
        }
    }

    async fn ask(&self, contents: Contents, bytes: Bytes) -> Look {
        let mut pictures = Vec::new();
        if self.model.sees_pictures() {
            match self.documents.pictures(bytes).await {
                Ok(made) => pictures = made,
                Err(error) => return Seen::Failed(chain(&error)).into(),
            }
        }
        let sheets = Sheets {
            pages: contents.pages,
            pictures,
            today: self.today,
            locale: self.locale.clone(),
        };
        let task = Task::ReadInvoice(sheets);
        let ask = Ask { task, instructions: prompts::READ_INVOICE };
        match self.model.answer(&ask).await {
            Ok(answered) => {
                let seen = match answered.claimed {
                    Claimed::Reading(reading) => Seen::Read(reading),
                    _ => Seen::NoInvoice,
                };
                Look { seen, model: Some(answered.model), usage: answered.usage }
            }
            Err(error) => Seen::Failed(chain(&error)).into(),
        }
    }
}

/// Reads no more than shows that a file is too large, so that a film in a folder costs little.
async fn read(path: &Path) -> std::io::Result<Bytes> {
    let limit = u64::try_from(documents::Limits::default().bytes).unwrap_or(u64::MAX);
    let file = tokio::fs::File::open(path).await?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).await?;
    Ok(bytes.into())
}
