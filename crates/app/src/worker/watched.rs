//! Reading processes that are known to be at work, so that a slow scan is not taken for a standstill.

use super::Pulse;
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::Contents;
use ports::documents::{Documents, DocumentsError, Place};
use std::sync::Arc;

/// Reads files, and says so.
pub(super) struct Watched {
    pub(super) documents: Arc<dyn Documents>,
    pub(super) pulse: Arc<Pulse>,
}

#[async_trait]
impl Documents for Watched {
    async fn read(&self, bytes: Bytes) -> Result<Contents, DocumentsError> {
        let _reading = self.pulse.reading();
        self.documents.read(bytes).await
    }

    async fn pictures(&self, bytes: Bytes) -> Result<Vec<Bytes>, DocumentsError> {
        let _reading = self.pulse.reading();
        self.documents.pictures(bytes).await
    }

    async fn cutout(&self, bytes: Bytes, place: Place) -> Result<Option<Bytes>, DocumentsError> {
        let _reading = self.pulse.reading();
        self.documents.cutout(bytes, place).await
    }
}
