//! `billhook understand`: what a sentence means, as the conversation would take it.
//!
//! Sentences come one at a time as an argument, or as JSON lines on standard input.

mod expected;

use super::failure::{Failure, print};
use crate::{compose, config::Config};
use clap::Args;
use domain::{
    conversation::Exchange, dates::Date, intent::Intent, money::Currency, question::QueryPlan,
};
use ports::model::{Ask, Claimed, LanguageModel, ModelError, Names, Sentence, Task};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{io::BufRead, process::ExitCode, sync::Arc};
use workflow::prompts;

/// Which sentences, and how.
#[derive(Debug, Args)]
pub struct Arguments {
    /// One sentence; without it, JSON lines with id, text, today, account and context are read
    /// from standard input
    #[arg(value_name = "SENTENCE")]
    sentence: Option<String>,
    /// The day that "today" is, such as 2025-09-10
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Print JSON, one object a line (always so)
    #[arg(long)]
    json: bool,
}

/// A line of standard input. Whatever else it holds is left alone.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    today: Option<Date>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    account: Account,
    #[serde(default)]
    context: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Account {
    currency: Option<String>,
    locale: Option<String>,
}

/// What every sentence is understood with.
struct Listener {
    model: Arc<dyn LanguageModel>,
    today: Date,
    currency: Currency,
    locale: String,
}

/// Prints the meaning of each sentence. A line that is wrong becomes an object with `error`.
///
/// # Errors
///
/// [`Failure`] if standard input cannot be read or the answer cannot be written.
pub async fn run(arguments: Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let today = compose::clock().today(&config.habits.time_zone);
    let listener = Listener {
        model: compose::model(&config.model),
        today: arguments.today.unwrap_or(today),
        currency: config.habits.currency,
        locale: config.habits.locale.clone(),
    };
    if let Some(text) = arguments.sentence {
        let line = Line {
            id: Value::Null,
            text,
            today: None,
            lang: None,
            account: Account::default(),
            context: Vec::new(),
        };
        print(&format!("{}\n", listener.meaning(line).await))?;
        return Ok(ExitCode::SUCCESS);
    }
    for line in std::io::stdin().lock().lines() {
        let line =
            line.map_err(|error| Failure::because("standard input cannot be read", &error))?;
        if line.trim().is_empty() {
            continue;
        }
        let meaning = match serde_json::from_str::<Line>(&line) {
            Ok(line) => listener.meaning(line).await,
            Err(error) => json!({"error": format!("this line is no sentence: {error}")}),
        };
        print(&format!("{meaning}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Listener {
    async fn meaning(&self, line: Line) -> Value {
        let id = line.id.clone();
        let mut meaning = match self.understand(line).await {
            Ok(meaning) => meaning,
            Err(error) => Map::from_iter([("error".to_owned(), json!(super::chain(&error)))]),
        };
        if !id.is_null() {
            meaning.shift_insert(0, "id".to_owned(), id);
        }
        Value::Object(meaning)
    }

    async fn understand(&self, line: Line) -> Result<Map<String, Value>, ModelError> {
        let sentence = self.sentence(line).await?;
        let task = Task::Classify(sentence.clone());
        let classified = match self.ask(task, prompts::CLASSIFY).await? {
            Claimed::Classified(classified) => classified,
            _ => return Ok(Map::from_iter([("unsure".to_owned(), json!(true))])),
        };
        let (task, instructions) = match classified.intent {
            Intent::InvoiceQuery => (Task::PlanQuestion(sentence.clone()), prompts::PLAN_QUESTION),
            Intent::InvoiceCreator => (Task::Draft(sentence.clone()), prompts::DRAFT),
            Intent::InvoiceUpdate => (Task::Correct(sentence.clone()), prompts::CORRECT),
            Intent::Greeting | Intent::General | Intent::OffTopic => {
                return Ok(expected::talk(&classified));
            }
        };
        let claimed = self.ask(task, instructions).await?;
        Ok(expected::business(classified.intent, &claimed, &sentence))
    }

    async fn ask(&self, task: Task, instructions: &'static str) -> Result<Claimed, ModelError> {
        Ok(self.model.answer(&Ask { task, instructions }).await?.claimed)
    }

    /// Makes a sentence of a line; earlier messages are understood first, for what the last one
    /// refers to.
    async fn sentence(&self, line: Line) -> Result<Sentence, ModelError> {
        let currency = line.account.currency.as_deref().and_then(Currency::parse);
        let locale = line.account.locale.or(line.lang);
        let mut sentence = Sentence {
            text: String::new(),
            today: line.today.unwrap_or(self.today),
            currency: currency.unwrap_or(self.currency),
            locale: locale.unwrap_or_else(|| self.locale.clone()),
            context: Vec::new(),
            last_plan: None,
            names: Names::default(),
        };
        for user in line.context {
            sentence.text.clone_from(&user);
            if let Some(plan) = self.plan(&sentence).await? {
                sentence.last_plan = Some(plan);
            }
            sentence.context.push(Exchange { user, reply: String::new() });
        }
        sentence.text = line.text;
        Ok(sentence)
    }

    async fn plan(&self, sentence: &Sentence) -> Result<Option<QueryPlan>, ModelError> {
        let task = Task::Classify(sentence.clone());
        let Claimed::Classified(classified) = self.ask(task, prompts::CLASSIFY).await? else {
            return Ok(None);
        };
        if classified.intent != Intent::InvoiceQuery {
            return Ok(None);
        }
        let task = Task::PlanQuestion(sentence.clone());
        match self.ask(task, prompts::PLAN_QUESTION).await? {
            Claimed::Plan(plan) => Ok(Some(*plan)),
            _ => Ok(None),
        }
    }
}
