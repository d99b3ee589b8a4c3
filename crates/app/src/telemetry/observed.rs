//! The parts that take long, with their calls counted, timed and traced.

use super::meters::{self, Running};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::{Contents, Obstacle};
use ports::{
    documents::{Documents, DocumentsError, Place},
    model::{Answered, Ask, LanguageModel, Meter, ModelError, Price, Usage},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::Instrument;

/// A language model whose calls are counted.
pub struct ObservedModel(pub Arc<dyn LanguageModel>);

#[async_trait]
impl LanguageModel for ObservedModel {
    fn name(&self) -> String {
        self.0.name()
    }

    fn sees_pictures(&self) -> bool {
        self.0.sees_pictures()
    }

    fn costs(&self) -> bool {
        self.0.costs()
    }

    fn price(&self) -> Option<Price> {
        self.0.price()
    }

    fn most(&self, ask: &Ask) -> Usage {
        self.0.most(ask)
    }

    async fn answer_metered(&self, ask: &Ask, meter: &Meter) -> Result<Answered, ModelError> {
        let task = ask.task.word();
        let span = tracing::info_span!("model", otel.kind = "client", task);
        let (before, started) = (meter.read(), Instant::now());
        let answered = self.0.answer_metered(ask, meter).instrument(span).await;
        let usage = since(before, meter.read());
        meters::model_usage(usage, self.0.price().map(|price| price.of(usage)));
        let outcome = answered.as_ref().map_or_else(ModelError::class, |_| "answered");
        meters::model_call(task, outcome, started.elapsed());
        answered
    }

    async fn answer(&self, ask: &Ask) -> Result<Answered, ModelError> {
        self.answer_metered(ask, &Meter::default()).await
    }
}

/// Returns what a meter has gained.
const fn since(before: Usage, now: Usage) -> Usage {
    Usage {
        input_tokens: now.input_tokens.saturating_sub(before.input_tokens),
        output_tokens: now.output_tokens.saturating_sub(before.output_tokens),
        cached_tokens: now.cached_tokens.saturating_sub(before.cached_tokens),
    }
}

/// Reading processes whose visits are counted.
pub struct ObservedDocuments(pub Arc<dyn Documents>);

#[async_trait]
impl Documents for ObservedDocuments {
    async fn read(&self, bytes: Bytes) -> Result<Contents, DocumentsError> {
        let visit = Visit::begin("words");
        let read = self.0.read(bytes).instrument(visit.span()).await;
        let is_too_hard = |contents: &Contents| contents.obstacle == Some(Obstacle::TooHard);
        visit.end(read.as_ref().map(is_too_hard).ok());
        read
    }

    async fn pictures(&self, bytes: Bytes) -> Result<Vec<Bytes>, DocumentsError> {
        let visit = Visit::begin("pictures");
        let pictures = self.0.pictures(bytes).instrument(visit.span()).await;
        visit.end(pictures.as_ref().map(Vec::is_empty).ok());
        pictures
    }

    async fn cutout(&self, bytes: Bytes, place: Place) -> Result<Option<Bytes>, DocumentsError> {
        let visit = Visit::begin("cutout");
        let cutout = self.0.cutout(bytes, place).instrument(visit.span()).await;
        visit.end(cutout.as_ref().map(Option::is_none).ok());
        cutout
    }
}

/// One file at a reading process.
struct Visit {
    errand: &'static str,
    started: Instant,
    _running: Running,
}

impl Visit {
    fn begin(errand: &'static str) -> Self {
        Self { errand, started: Instant::now(), _running: Running::one(meters::READERS) }
    }

    fn span(&self) -> tracing::Span {
        tracing::info_span!("read document", errand = self.errand)
    }

    /// Notes how it ended: whether it came back with nothing, or not at all.
    fn end(self, is_empty: Option<bool>) {
        let result = match is_empty {
            Some(false) => "read",
            Some(true) => "too_hard",
            None => "unavailable",
        };
        let took: Duration = self.started.elapsed();
        meters::reading(self.errand, result, took);
    }
}
