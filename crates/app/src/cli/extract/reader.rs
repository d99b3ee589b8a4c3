//! Reads one file as the conversation would: in the sandbox, by the built-in reader, and where that
//! is in doubt, by the model.

use super::{super::chain, record::Seen};
use crate::{compose, config::Config, config::ModelSettings};
use bytes::Bytes;
use domain::{
    dates::Date,
    document::{Contents, Table},
    invoice::Finding,
    money::Currency,
    reading::Reading,
};
use ports::{
    documents::Documents,
    model::{Ask, Claimed, Cost, LanguageModel, Meter, Price, Sheets, Task, Usage, Vision},
    tables::{Booked, Place, Tables},
};
use std::{path::Path, sync::Arc};
use tokio::io::AsyncReadExt;
use workflow::{
    cut_off, printed, prompts,
    second_opinion::{self, Paper},
};

/// What every file is read with.
pub struct Reader {
    documents: Arc<dyn Documents>,
    tables: Arc<dyn Tables>,
    built_in: Arc<dyn LanguageModel>,
    /// The model behind a server, where one is set up.
    server: Option<Arc<dyn LanguageModel>>,
    vision: Vision,
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
    /// The row of a list that it is about.
    pub row: Option<Place>,
    /// Where the page of an e-invoice says something else.
    pub differences: Vec<Finding>,
}

impl From<Seen> for Look {
    fn from(seen: Seen) -> Self {
        Self { seen, model: None, usage: Usage::default(), row: None, differences: Vec::new() }
    }
}

impl Reader {
    /// Makes a reader with this model.
    #[must_use]
    pub fn new(documents: Arc<dyn Documents>, model: &ModelSettings, config: &Config) -> Self {
        Self {
            documents,
            tables: compose::tables(),
            built_in: compose::built_in(),
            server: compose::server(model).map(|server| -> Arc<dyn LanguageModel> { server }),
            vision: model.allowance.vision,
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
        let price = self.server.as_ref().map_or(Some(Price::FREE), |server| server.price());
        price.map(|price| price.of(usage))
    }

    /// Reads a file; a list of invoices gives one look for each of its rows, and a file with several
    /// papers one for each. Whatever is wrong
    /// with the file is part of what was seen.
    pub async fn look(&self, path: &Path) -> Vec<Look> {
        let bytes = match read(path).await {
            Ok(bytes) => bytes,
            Err(error) => {
                return vec![Seen::Failed(format!("the file cannot be opened: {error}")).into()];
            }
        };
        match self.documents.read(bytes.clone()).await {
            Ok(contents) if contents.tables.is_empty() => {
                each_paper(self.look_at(contents, bytes).await)
            }
            Ok(contents) => self.look_at_tables(&contents.tables),
            Err(error) => vec![Seen::Failed(chain(&error)).into()],
        }
    }

    fn look_at_tables(&self, tables: &[Table]) -> Vec<Look> {
        let list = match self.tables.understand(tables, self.today, &self.locale) {
            Booked::Form(reading) => return vec![Seen::Read(reading).into()],
            Booked::Payments | Booked::Unknown(_) | Booked::Nothing => {
                return vec![Seen::NoInvoice.into()];
            }
            Booked::List(list) => list,
        };
        let read = list.entries.into_iter().map(|entry| {
            let seen = Seen::Read(Box::new(entry.reading));
            Look { row: Some(entry.place), ..Look::from(seen) }
        });
        let skipped = list.skipped.into_iter().map(|skipped| Look {
            row: Some(skipped.place),
            ..Look::from(Seen::Lacking(skipped.why))
        });
        read.chain(skipped).collect()
    }

    async fn look_at(&self, mut contents: Contents, bytes: Bytes) -> Look {
        if let Some(obstacle) = contents.obstacle {
            if self.server.is_none() || !obstacle.is_for_eyes() {
                return Seen::Obstacle(obstacle).into();
            }
            let look = self.ask(contents, bytes).await;
            let is_read = matches!(&look.seen, Seen::Read(reading) if reading.is_invoice());
            return if is_read { look } else { Look { seen: Seen::Obstacle(obstacle), ..look } };
        }
        if contents.other_xml.is_some() {
            return Seen::NoInvoice.into();
        }
        match contents.einvoice.take() {
            Some(reading) => {
                let differences = self.compare(&reading, contents).await;
                Look { differences, ..Look::from(Seen::Read(Box::new(reading))) }
            }
            None => self.ask(contents, bytes).await,
        }
    }

    /// Compares an e-invoice with the page that it came on.
    async fn compare(&self, einvoice: &Reading, contents: Contents) -> Vec<Finding> {
        let (today, locale) = (self.today, self.locale.clone());
        let sheets = Sheets { pages: contents.pages, pictures: Vec::new(), today, locale };
        if sheets.pages.iter().all(|page| page.words.is_empty()) {
            return Vec::new();
        }
        let pages = sheets.pages.clone();
        let ask = Ask { task: Task::ReadInvoice(sheets), instructions: prompts::READ_INVOICE };
        let answered = self.built_in.answer(&ask).await.ok();
        let page = answered.and_then(|answered| reading(answered.claimed));
        page.map(|page| printed::differences(einvoice, &page, &pages)).unwrap_or_default()
    }

    async fn ask(&self, contents: Contents, bytes: Bytes) -> Look {
        let (pages, notices) = (contents.pages.clone(), contents.notices.clone());
        let look = self.ask_models(contents, bytes).await;
        let cut = match &look.seen {
            Seen::Read(reading) => cut_off::obstacle(reading, &pages, &notices),
            _ => None,
        };
        match cut {
            Some(obstacle) => Look { seen: Seen::Obstacle(obstacle), ..look },
            None => look,
        }
    }

    async fn ask_models(&self, contents: Contents, bytes: Bytes) -> Look {
        let mut sheets = Sheets {
            pages: contents.pages,
            pictures: Vec::new(),
            today: self.today,
            locale: self.locale.clone(),
        };
        let ask = |sheets: &Sheets| Ask {
            task: Task::ReadInvoice(sheets.clone()),
            instructions: prompts::READ_INVOICE,
        };
        // Letters are all that the built-in reader sees.
        let has_letters = !sheets.pages.is_empty();
        let (first, name) = match self.built_in.answer(&ask(&sheets)).await {
            Ok(answered) if !has_letters => (None, answered.model),
            Ok(answered) => (reading(answered.claimed), answered.model),
            Err(error) => return Seen::Failed(chain(&error)).into(),
        };
        let wanted = second_opinion::is_wanted(first.as_ref(), self.vision, self.currency);
        // Nobody else sees where one paper ends.
        let several = first.as_ref().is_some_and(|first| !first.others.is_empty());
        let Some(server) = self.server.as_deref().filter(|_| wanted && !several) else {
            return Look { model: Some(name), ..Look::from(seen(first)) };
        };
        if server.sees_pictures() && second_opinion::may_be_shown(self.vision, &sheets.pages) {
            match self.documents.pictures(bytes).await {
                Ok(made) => sheets.pictures = made,
                Err(error) => return Seen::Failed(chain(&error)).into(),
            }
        }
        let look = second(server, &ask(&sheets), &sheets, first).await;
        Look { model: look.model.or(Some(name)), ..look }
    }
}

/// Makes a look of each paper of a file.
fn each_paper(mut look: Look) -> Vec<Look> {
    let others = match &mut look.seen {
        Seen::Read(reading) => std::mem::take(&mut reading.others),
        _ => Vec::new(),
    };
    let others = others.into_iter().map(|reading| {
        let model = look.model.clone();
        Look { model, ..Look::from(Seen::Read(Box::new(reading))) }
    });
    let others: Vec<Look> = others.collect();
    std::iter::once(look).chain(others).collect()
}

/// Asks the server and puts both readings together; where it gives none, the first one stands.
async fn second(
    server: &dyn LanguageModel,
    ask: &Ask,
    sheets: &Sheets,
    first: Option<Reading>,
) -> Look {
    let meter = Meter::default();
    let answered = server.answer_metered(ask, &meter).await;
    let usage = meter.read();
    match answered {
        Ok(answered) => {
            let paper = Paper::of(&sheets.pages, !sheets.pictures.is_empty());
            let read = match (first, reading(answered.claimed)) {
                (first, Some(second)) => Some(second_opinion::merge(first, second, &paper)),
                (first, None) => first,
            };
            Look {
                seen: seen(read),
                model: Some(answered.model),
                usage,
                row: None,
                differences: Vec::new(),
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the model gave no answer, the built-in reading stands");
            Look { seen: seen(first), model: None, usage, row: None, differences: Vec::new() }
        }
    }
}

fn reading(claimed: Claimed) -> Option<Reading> {
    match claimed {
        Claimed::Reading(reading) => Some(*reading),
        _ => None,
    }
}

fn seen(reading: Option<Reading>) -> Seen {
    reading.map_or(Seen::NoInvoice, |reading| Seen::Read(Box::new(reading)))
}

/// Reads no more than shows that a file is too large, so that a film in a folder costs little.
async fn read(path: &Path) -> std::io::Result<Bytes> {
    let limit = u64::try_from(documents::Limits::default().bytes).unwrap_or(u64::MAX);
    let file = tokio::fs::File::open(path).await?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).await?;
    Ok(bytes.into())
}
