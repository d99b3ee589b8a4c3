//! Why a turn did not come to its end, and whether waiting may help.

use ports::{blobs::BlobError, store::StoreError};
use std::time::Duration;
use workflow::turn::TurnError;

/// Why a turn did not end in a commit; no personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) step: &'static str,
    pub(super) class: &'static str,
    pub(super) retry: Option<Duration>,
}

impl Failure {
    /// Returns whether it lies with something that is away or refuses us for now, not with the message.
    pub(super) fn is_outage(self) -> bool {
        matches!(
            self.class,
            "store_unavailable"
                | "blobs_unavailable"
                | "blobs_refused"
                | "channel_unavailable"
                | "channel_rate_limited"
                | "channel_unauthorized"
        )
    }
}

/// The turn panicked.
pub(super) const PANICKED: Failure =
    Failure { step: "answer", class: "panic", retry: Some(Duration::from_secs(1)) };
/// Somebody else works on it.
pub(super) const LEASE_LOST: Failure = Failure { step: "commit", class: "lease_lost", retry: None };

impl From<TurnError> for Failure {
    fn from(error: TurnError) -> Self {
        Self { step: error.step, class: error.class, retry: error.retry }
    }
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        let class = match &error {
            BlobError::Unavailable(_) => "blobs_unavailable",
            BlobError::Refused(_) => "blobs_refused",
            BlobError::Damaged => "blob_damaged",
        };
        Self { step: "fetch", class, retry: error.retry() }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let class = match &error {
            StoreError::Unavailable(_) => "store_unavailable",
            StoreError::Conflict => "conflict",
            StoreError::LeaseLost => return LEASE_LOST,
            StoreError::Malformed(_) => "malformed",
            StoreError::TooNew => "too_new",
            StoreError::TooLarge => "too_large",
        };
        Self { step: "commit", class, retry: error.retry() }
    }
}
