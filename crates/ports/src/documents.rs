//! Turns the bytes of a file into words with places, or an exact e-invoice.

use async_trait::async_trait;
use bytes::Bytes;
use domain::document::{Contents, Page, Region, TextSource};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Why a file was not read; never the file's own fault, that is an obstacle in its contents.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// The reader could not be started.
    #[error("the document reader is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl DocumentsError {
    /// Returns how long to wait before the same call may succeed.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(5)),
        }
    }
}

/// A place on a page of a file, in the page's own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The page, from 1.
    pub page: u32,
    /// The page's width as it was read.
    pub width: i32,
    /// The page's height as it was read.
    pub height: i32,
    /// How it was read.
    pub source: TextSource,
    /// The place on it.
    pub region: Region,
}

impl Place {
    /// Makes a place of a page.
    #[must_use]
    pub const fn on(page: u32, sheet: &Page, region: Region) -> Self {
        let Page { width, height, source, .. } = *sheet;
        Self { page, width, height, source, region }
    }
}

/// Reads files in a place where a hostile one does no harm.
#[async_trait]
pub trait Documents: Send + Sync {
    /// Returns what a file holds. Whatever is wrong with the file is an obstacle in the result.
    ///
    /// # Errors
    ///
    /// [`DocumentsError::Unavailable`] if reading could not even begin.
    async fn read(&self, bytes: Bytes) -> Result<Contents, DocumentsError>;

    /// Returns the pages as JPEG pictures for a vision model, upright, the longer side at most
    /// 1,600 pixels, at most four pages; empty where there is nothing to show.
    ///
    /// # Errors
    ///
    /// [`DocumentsError::Unavailable`].
    async fn pictures(&self, bytes: Bytes) -> Result<Vec<Bytes>, DocumentsError>;

    /// Returns a place with some margin as a legible JPEG picture, at most 800 pixels wide;
    /// nothing where it cannot be shown.
    ///
    /// # Errors
    ///
    /// [`DocumentsError::Unavailable`].
    async fn cutout(&self, bytes: Bytes, place: Place) -> Result<Option<Bytes>, DocumentsError>;
}
