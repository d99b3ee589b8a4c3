//! One model behind another: whatever keeps the first from answering, the second is asked.

use async_trait::async_trait;
use ports::model::{Answered, Ask, LanguageModel, Meter, ModelError, Price, Usage};
use std::sync::Arc;

/// A model with a fallback.
pub struct Chain {
    primary: Arc<dyn LanguageModel>,
    fallback: Arc<dyn LanguageModel>,
}

impl Chain {
    /// Puts one model behind another.
    #[must_use]
    pub fn new(primary: Arc<dyn LanguageModel>, fallback: Arc<dyn LanguageModel>) -> Self {
        Self { primary, fallback }
    }
}

#[async_trait]
impl LanguageModel for Chain {
    fn name(&self) -> String {
        format!("{}, else {}", self.primary.name(), self.fallback.name())
    }

    fn sees_pictures(&self) -> bool {
        self.primary.sees_pictures() || self.fallback.sees_pictures()
    }

    fn costs(&self) -> bool {
        self.primary.costs() || self.fallback.costs()
    }

    fn price(&self) -> Option<Price> {
        self.primary.price()
    }

    fn most(&self, ask: &Ask) -> Usage {
        self.primary.most(ask)
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        self.answer_metered(ask, &Meter::default()).await
    }

    async fn answer_metered(&self, ask: &Ask, meter: &Meter) -> Result<Answered, ModelError> {
        match self.primary.answer_metered(ask, meter).await {
            Ok(answered) => Ok(answered),
            Err(error) => {
                tracing::warn!(%error, "the first model gave no answer, the next one is asked");
                // What the first one says about waiting is worth more than a second failure.
                self.fallback.answer(ask).await.map_err(|_| error)
            }
        }
    }
}
