//! A model for one message: slow as its calls may be, nobody waits for them without end.

use super::Pulse;
use async_trait::async_trait;
use ports::model::{Answered, Ask, LanguageModel, Meter, ModelError, Price, Usage};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// After so much waiting in one message no further call is begun. One takes a minute at most, so that all
/// together take two.
pub(super) const ENOUGH: Duration = Duration::from_secs(60);

/// A model that is asked no more once it was waited for long enough.
pub(super) struct InTime<'a> {
    model: &'a dyn LanguageModel,
    pulse: &'a Pulse,
    enough: Duration,
    waited: Mutex<Duration>,
}

impl<'a> InTime<'a> {
    pub(super) fn new(model: &'a dyn LanguageModel, enough: Duration, pulse: &'a Pulse) -> Self {
        Self { model, pulse, enough, waited: Mutex::default() }
    }
}

#[async_trait]
impl LanguageModel for InTime<'_> {
    fn name(&self) -> String {
        self.model.name()
    }

    fn sees_pictures(&self) -> bool {
        self.model.sees_pictures()
    }

    fn costs(&self) -> bool {
        self.model.costs()
    }

    fn price(&self) -> Option<Price> {
        self.model.price()
    }

    fn most(&self, ask: &Ask) -> Usage {
        self.model.most(ask)
    }

    async fn answer_metered(&self, ask: &Ask, meter: &Meter) -> Result<Answered, ModelError> {
        if *self.waited.lock().unwrap_or_else(PoisonError::into_inner) >= self.enough {
            return Err(ModelError::Unavailable("it was waited for long enough".into()));
        }
        let begun = Instant::now();
        let answered = self.model.answer_metered(ask, meter).await;
        self.pulse.beat();
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        *waited = waited.saturating_add(begun.elapsed());
        answered
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        self.answer_metered(ask, &Meter::default()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;
    use ports::model::{Sheets, Task};
    use testkit::model::ScriptedModel;

    /// Takes its time, and says nothing.
    struct Slow(ScriptedModel);

    #[async_trait]
    impl LanguageModel for Slow {
        fn name(&self) -> String {
            self.0.name()
        }

        fn sees_pictures(&self) -> bool {
            true
        }

        async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
            tokio::time::sleep(Duration::from_millis(30)).await;
            self.0.answer(ask).await
        }
    }

    #[tokio::test]
    async fn f32_a_model_that_was_waited_for_long_enough_is_asked_no_more() {
        let (slow, pulse) = (Slow(ScriptedModel::new()), Pulse::default());
        let (today, locale) = (date(2025, 9, 10), String::new());
        let sheets = Sheets { pages: Vec::new(), pictures: Vec::new(), today, locale };
        let ask = Ask { task: Task::ReadInvoice(sheets), instructions: "" };
        let in_time = InTime::new(&slow, Duration::from_millis(50), &pulse);
        assert!(in_time.answer(&ask).await.is_ok() && in_time.answer(&ask).await.is_ok());
        for _ in 0..10 {
            let error = in_time.answer(&ask).await.unwrap_err();
            assert_eq!(error.class(), "model_unavailable");
        }
        assert_eq!(slow.0.asked().len(), 2);
        // The next message has its own time.
        assert!(InTime::new(&slow, Duration::from_millis(50), &pulse).answer(&ask).await.is_ok());
    }
}
