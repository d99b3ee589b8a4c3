//! A channel in memory: files by their address, replies in a list, errors on command.

use async_trait::async_trait;
use bytes::Bytes;
use domain::message::{Attachment, Outbound};
use jiff::Timestamp;
use ports::channel::{Channel, ChannelError, Receipt, Received};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A channel in memory.
#[derive(Default)]
pub struct FakeChannel {
    files: Mutex<BTreeMap<String, Bytes>>,
    sent: Mutex<Vec<Outbound>>,
    faults: Mutex<VecDeque<ChannelError>>,
}

impl FakeChannel {
    /// Makes a channel that has no files and has sent nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn add_file(&self, remote: &str, bytes: impl Into<Bytes>) {
        locked(&self.files).insert(remote.to_owned(), bytes.into());
    }

    /// Lets the next sending fail. One that is [`ChannelError::Unclear`] has been sent.
    pub fn fail(&self, error: ChannelError) {
        locked(&self.faults).push_back(error);
    }

    /// Returns what was sent, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<Outbound> {
        locked(&self.sent).clone()
    }
}

#[async_trait]
impl Channel for FakeChannel {
    async fn fetch(&self, remote: &str) -> Result<Bytes, ChannelError> {
        locked(&self.files).get(remote).cloned().ok_or(ChannelError::NoSuchFile)
    }

    async fn send(&self, outbound: &Outbound) -> Result<Receipt, ChannelError> {
        let fault = locked(&self.faults).pop_front();
        if matches!(fault, None | Some(ChannelError::Unclear(_))) {
            locked(&self.sent).push(outbound.clone());
        }
        match fault {
            Some(error) => Err(error),
            None => Ok(receipt(outbound)),
        }
    }

    async fn find_sent(
        &self,
        outbound: &Outbound,
        _since: Timestamp,
        known: &[String],
    ) -> Result<Option<Receipt>, ChannelError> {
        let found = locked(&self.sent).iter().any(|sent| sent.id == outbound.id);
        let receipt = receipt(outbound);
        Ok((found && !known.contains(&receipt.provider_id)).then_some(receipt))
    }

    async fn received(&self, _since: Timestamp) -> Result<Vec<Received>, ChannelError> {
        Ok(Vec::new())
    }

    async fn files_of(&self, _provider_id: &str) -> Result<Vec<Attachment>, ChannelError> {
        Ok(Vec::new())
    }
}

fn receipt(outbound: &Outbound) -> Receipt {
    Receipt { provider_id: format!("sent-{}", outbound.id) }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
