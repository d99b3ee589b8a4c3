//! One model behind another: whatever keeps the first from answering, the second is asked.

use async_trait::async_trait;
use ports::model::{Answered, Ask, LanguageModel, ModelError};
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

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        match self.primary.answer(ask).await {
            Ok(answered) => Ok(answered),
            Err(error) => {
                tracing::warn!(%error, "the first model gave no answer, the next one is asked");
                // What the first one says about waiting is worth more than a second failure.
                self.fallback.answer(ask).await.map_err(|_| error)
            }
        }
    }
}
