//! A language model with no network and no key: positioned words and sentences in, the same typed
//! answers out. Deterministic: the same question is always answered the same way.

pub mod date;
pub mod invoice;
pub mod number;
pub mod sentence;
mod table;

use async_trait::async_trait;
use ports::model::{Answered, Ask, Claimed, LanguageModel, ModelError, Task, Usage};

/// The built-in model.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offline;

impl Offline {
    /// The name that answers are remembered under; it changes with the rules.
    pub const NAME: &str = concat!("offline-", env!("CARGO_PKG_VERSION"));
}

#[async_trait]
impl LanguageModel for Offline {
    fn name(&self) -> String {
        Self::NAME.to_owned()
    }

    fn sees_pictures(&self) -> bool {
        false
    }

    fn costs(&self) -> bool {
        false
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        let claimed = match &ask.task {
            Task::ReadInvoice(sheets) => Claimed::Reading(Box::new(invoice::read(sheets))),
            Task::Classify(sentence) => sentence::classify(sentence),
            Task::PlanQuestion(sentence) => sentence::plan_question(sentence),
            Task::Draft(sentence) => sentence::draft(sentence),
            Task::Correct(sentence) => sentence::correct(sentence),
            // What its own grammar cannot say, it does not know.
            Task::WriteSql { .. } => Claimed::Unsure,
        };
        Ok(Answered { claimed, usage: Usage::default(), model: Self::NAME.to_owned(), cost: false })
    }
}
