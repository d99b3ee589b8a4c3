//! Wake-ups within one process. Only ever a hint: whoever waits also polls.

use async_trait::async_trait;
use ports::wake::{Wake, WakeError};
use std::convert::Infallible;
use tokio::sync::Notify;

/// Tells a sleeping worker of the same process that something has come in.
#[derive(Debug, Default)]
pub struct InProcess {
    notify: Notify,
}

#[async_trait]
impl Wake for InProcess {
    fn ring(&self) {
        self.notify.notify_one();
    }

    async fn rung(&self) {
        self.notify.notified().await;
    }

    async fn carry(&self) -> Result<Infallible, WakeError> {
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use testkit::contracts::wake::Pair;

    async fn pair() -> Option<Pair> {
        let one = Arc::new(InProcess::default());
        Some(Pair::of(one.clone(), one))
    }

    testkit::wake_contract!(pair);
}
