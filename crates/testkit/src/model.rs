//! A language model that says what it was told to say.

use async_trait::async_trait;
use ports::model::{Answered, Ask, Claimed, LanguageModel, ModelError, Task, Usage};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// A model with a list of answers; when it is used up, it is unsure.
#[derive(Default)]
pub struct ScriptedModel {
    answers: Mutex<VecDeque<Result<Claimed, ModelError>>>,
    asked: Mutex<Vec<Task>>,
    sees: bool,
}

impl ScriptedModel {
    /// Makes a model that is unsure of everything and looks at no pictures.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a model that also looks at pictures.
    #[must_use]
    pub fn seeing() -> Self {
        Self { sees: true, ..Self::default() }
    }

    /// Adds what it says next.
    pub fn will(&self, answer: Result<Claimed, ModelError>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(answer);
    }

    /// Returns what it was asked, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Task> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl LanguageModel for ScriptedModel {
    fn name(&self) -> String {
        "scripted".to_owned()
    }

    fn sees_pictures(&self) -> bool {
        self.sees
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(ask.task.clone());
        let next = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let claimed = next.unwrap_or(Ok(Claimed::Unsure))?;
        Ok(Answered { claimed, usage: Usage::default(), model: self.name(), cost: true })
    }
}
