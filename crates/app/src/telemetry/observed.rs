//! The parts that take long, with their calls counted, timed and traced.

use super::meters::{self, Running};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::{ContentHash, Contents, Obstacle};
use ports::{
    blobs::{BlobError, BlobStore, Listed, Outflow},
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

/// A store of files whose calls are counted.
pub struct ObservedBlobs(pub Arc<dyn BlobStore>);

/// Notes how a call has ended.
fn file_call<T>(call: &'static str, begun: Instant, ended: Result<Option<&T>, &BlobError>) {
    let result = match ended {
        Ok(Some(_)) => "done",
        Ok(None) => "absent",
        Err(BlobError::Damaged) => "damaged",
        Err(BlobError::Refused(_)) => "refused",
        Err(BlobError::Unavailable(_)) => "unavailable",
    };
    meters::file_call(call, result, begun.elapsed());
}

#[async_trait]
impl BlobStore for ObservedBlobs {
    async fn put(&self, bytes: Bytes) -> Result<ContentHash, BlobError> {
        let begun = Instant::now();
        let ended = self.0.put(bytes).await;
        file_call("put", begun, ended.as_ref().map(Some));
        ended
    }

    async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, BlobError> {
        let begun = Instant::now();
        let ended = self.0.get(hash).await;
        file_call("get", begun, ended.as_ref().map(Option::as_ref));
        ended
    }

    async fn stream(&self, hash: ContentHash) -> Result<Option<Outflow>, BlobError> {
        let begun = Instant::now();
        let ended = self.0.stream(hash).await;
        file_call("get", begun, ended.as_ref().map(Option::as_ref));
        ended
    }

    async fn list(
        &self,
        after: Option<ContentHash>,
        most: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        self.0.list(after, most).await
    }

    async fn remove(&self, hash: ContentHash) -> Result<(), BlobError> {
        self.0.remove(hash).await
    }

    async fn size(&self, hash: ContentHash) -> Result<Option<u64>, BlobError> {
        self.0.size(hash).await
    }
}
