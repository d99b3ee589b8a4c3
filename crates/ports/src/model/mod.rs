//! Language models: a typed task in, a typed claim out.
//!
//! The prompt's text belongs to the workflow, the wire form and its schema to the gateway. What
//! comes back is a claim and is checked by whoever asked.

mod cost;
mod doubt;

pub use cost::{Cost, Meter, Price};
pub use doubt::{Doubt, Unfiled};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    conversation::Exchange, correction::Correction, dates::Date, document::Page, draft::Draft,
    intent::Intent, money::Currency, question::QueryPlan, reading::Reading, tenant::Language,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A text with everything that its meaning may hang on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// What the user wrote.
    pub text: String,
    /// The user's date.
    pub today: Date,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// A BCP 47 locale such as `en-GB`; may be empty.
    pub locale: String,
    /// Earlier exchanges, oldest first.
    pub context: Vec<Exchange>,
    /// The last question that was answered, for "and in June?".
    pub last_plan: Option<QueryPlan>,
    /// The names in this tenant's own invoices.
    pub names: Names,
}

/// Distinct names in a tenant's invoices, as stored, each list sorted and bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Names {
    /// Vendors.
    pub vendors: Vec<String>,
    /// Customers.
    pub customers: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Words of the sentence that are known to stand on bills as what was bought. Nobody reads all
    /// lines of a book for one sentence: they are looked up where a sentence is in doubt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub things: Vec<String>,
    /// Words of the sentence that were looked up likewise and stand on none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
}

/// A document to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheets {
    /// Its pages as words.
    pub pages: Vec<Page>,
    /// Its pages as JPEG pictures; empty for a model that does not look.
    #[serde(skip)]
    pub pictures: Vec<Bytes>,
    /// The user's date.
    pub today: Date,
    /// A BCP 47 locale that settles doubtful dates; may be empty.
    pub locale: String,
}

/// What a model is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// What does this text want, and in which language is it?
    Classify(Sentence),
    /// Which query answers this question?
    PlanQuestion(Sentence),
    /// Which invoice is to be made?
    Draft(Sentence),
    /// Which stored invoices are to be changed, and how?
    Correct(Sentence),
    /// What does this document say?
    ReadInvoice(Sheets),
    /// Which SQL answers a question that no plan can express?
    WriteSql {
        /// The question.
        sentence: Sentence,
        /// What was written before and did not work.
        attempt: Option<Attempt>,
    },
}

/// SQL that did not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What was written.
    pub sql: String,
    /// Why it did not work.
    pub complaint: String,
}

impl Task {
    /// Returns the word of the task, for records and schemas.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Classify(_) => "classify",
            Self::PlanQuestion(_) => "plan_question",
            Self::Draft(_) => "draft",
            Self::Correct(_) => "correct",
            Self::ReadInvoice(_) => "read_invoice",
            Self::WriteSql { .. } => "write_sql",
        }
    }
}

/// A request to a model.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The task.
    pub task: Task,
    /// The instructions for models that take prose, from the workflow's prompt files.
    pub instructions: &'static str,
}

/// What a text wants, with the margin by which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classified {
    /// What it wants.
    pub intent: Intent,
    /// What kind of talk, for greetings and general texts.
    pub topic: Topic,
    /// The language it is written in, if that can be told.
    pub language: Option<Language>,
    /// Whether the intent is clear enough to act on.
    pub sure: bool,
}

/// What a text that is no business is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Hello.
    Hello,
    /// What can you do?
    Capability,
    /// How does it work?
    Help,
    /// Thank you.
    Thanks,
    /// Good bye.
    Goodbye,
    /// Who or what are you?
    Identity,
    /// Delete my data.
    EraseRequest,
    /// Anything else, and all business.
    #[default]
    Other,
}

/// What a model says. Each variant answers the task of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claimed {
    /// Answers [`Task::Classify`].
    Classified(Classified),
    /// Answers [`Task::PlanQuestion`].
    Plan(Box<QueryPlan>),
    /// Answers [`Task::Draft`].
    Draft(Box<Draft>),
    /// Answers [`Task::Correct`].
    Correction(Box<Correction>),
    /// Answers [`Task::ReadInvoice`].
    Reading(Box<Reading>),
    /// One SELECT, not checked.
    Sql(String),
    /// The model does not know: ask the user.
    Unsure,
    /// The model does not know, and can say because of what: ask the user about that.
    Doubt(Doubt),
}

/// What a call took, where it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens in.
    pub input_tokens: u64,
    /// Tokens out.
    pub output_tokens: u64,
    /// How many of the tokens in were cheaper, because the server had just seen them.
    pub cached_tokens: u64,
}

impl Usage {
    /// Returns both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            cached_tokens: self.cached_tokens.saturating_add(other.cached_tokens),
        }
    }
}

/// When a model is shown pictures of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Vision {
    /// With every document that is not exact in itself.
    Always,
    /// Where the built-in reading does not prove itself.
    #[default]
    WhenUnsure,
    /// Never: it gets the text at most.
    Never,
}

/// Who understands what people write first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Listening {
    /// The built-in model; the other one where that is not sure.
    #[default]
    OfflineFirst,
    /// The model that is set up; the built-in one where that gives no answer.
    ModelFirst,
    /// The built-in model alone: no sentence leaves the machine.
    Offline,
}

/// How much may be spent on models, over all books together; nothing means no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caps {
    /// On one day, UTC.
    pub daily: Option<Cost>,
    /// In one calendar month, UTC.
    pub monthly: Option<Cost>,
}

/// What the owner allows a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Pictures.
    pub vision: Vision,
    /// Sentences.
    pub listening: Listening,
    /// Money.
    pub caps: Caps,
}

/// A model's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What it says.
    pub claimed: Claimed,
    /// What it took.
    pub usage: Usage,
    /// Which model said it, as the provider names it.
    pub model: String,
    /// Whether it cost money or time. What a free stand-in said is not worth remembering: the next
    /// time the model that it stood in for may know better.
    pub cost: bool,
}

/// Why a model gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not now; later may work.
    #[error("the model is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Too fast; wait as long as it says.
    #[error("the model asks to slow down")]
    RateLimited {
        /// How long to wait.
        after: Duration,
    },
    /// No credit, or a limit of the account at the provider is reached: no retry will help.
    #[error("the model's quota is used up")]
    OverBudget,
    /// Key, model name or parameters are wrong: the owner must act.
    #[error("the model refused the request ({status})")]
    Misconfigured {
        /// The HTTP status.
        status: u16,
    },
    /// It refused to answer.
    #[error("the model declined to answer")]
    Declined,
    /// A filter of the provider stopped the question or the answer.
    #[error("a content filter stopped the answer")]
    Filtered,
    /// The answer is longer than its limit and ends in the middle.
    #[error("the model's answer was cut short")]
    CutShort,
    /// What came back does not follow the schema or holds impossible values.
    #[error("the model's answer is malformed")]
    Malformed,
}

impl ModelError {
    /// Returns how long to wait before the same call may succeed; nothing if it never will.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(5)),
            Self::RateLimited { after } => Some(*after),
            Self::OverBudget
            | Self::Misconfigured { .. }
            | Self::Declined
            | Self::Filtered
            | Self::CutShort
            | Self::Malformed => None,
        }
    }

    /// Returns the class of the error, for logs and records; no personal data.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "model_unavailable",
            Self::RateLimited { .. } => "model_rate_limited",
            Self::OverBudget => "model_over_budget",
            Self::Misconfigured { .. } => "model_misconfigured",
            Self::Declined => "model_declined",
            Self::Filtered => "model_filtered",
            Self::CutShort => "model_cut_short",
            Self::Malformed => "model_malformed",
        }
    }
}

/// A language model.
#[async_trait]
pub trait LanguageModel: Send + Sync {
    /// Returns the name that remembered answers are kept under; another model or other settings
    /// give another name.
    fn name(&self) -> String;

    /// Returns whether it looks at pictures.
    fn sees_pictures(&self) -> bool;

    /// Returns whether an answer costs money or time, so that it is worth remembering.
    fn costs(&self) -> bool {
        true
    }

    /// Returns the price of its tokens; nothing if it is not known.
    fn price(&self) -> Option<Price> {
        Some(Price::FREE)
    }

    /// Returns the most that answering can take, second tries included.
    fn most(&self, _ask: &Ask) -> Usage {
        Usage::default()
    }

    /// Answers one task as [`answer`](Self::answer) does, and adds to the meter what it takes,
    /// whatever comes of it.
    ///
    /// # Errors
    ///
    /// As [`answer`](Self::answer).
    async fn answer_metered(&self, ask: &Ask, meter: &Meter) -> Result<Answered, ModelError> {
        let answered = self.answer(ask).await?;
        meter.add(answered.usage);
        Ok(answered)
    }

    /// Answers one task, within its own deadline.
    ///
    /// # Errors
    ///
    /// [`ModelError`]; a model that understood the task and does not know says
    /// [`Claimed::Unsure`] instead.
    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError>;
}
