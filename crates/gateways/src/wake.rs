//! Wake-ups within one process. Only ever a hint: whoever waits also polls.

use tokio::sync::Notify;

/// Tells a sleeping worker that something has come in.
#[derive(Debug, Default)]
pub struct Wake {
    notify: Notify,
}

impl Wake {
    /// Makes a wake-up that nobody has rung yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wakes one who waits; with nobody waiting, the next wait ends at once.
    pub fn wake(&self) {
        self.notify.notify_one();
    }

    /// Waits for the next wake-up.
    pub async fn wait(&self) {
        self.notify.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn a_call_before_the_wait_is_not_lost() {
        let wake = Wake::new();
        wake.wake();
        assert!(tokio::time::timeout(Duration::from_secs(5), wake.wait()).await.is_ok());
    }
}
