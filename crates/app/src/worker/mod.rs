//! What runs beside the web server: turns on messages, and the replies on their way out.
//!
//! Both loops take their work from the database under a lease; being woken only makes them faster.

mod deliver;
mod turn;

use gateways::wake::Wake;
use ports::Ports;
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long a loop sleeps when nobody wakes it.
const POLL: Duration = Duration::from_millis(500);

/// Runs turns and deliveries until it is told to stop; what is running then gets a few seconds to
/// end, and what does not is given back to the queue.
pub async fn run(ports: Ports, wake: Arc<Wake>, stop: CancellationToken) {
    let replies = Arc::new(Notify::new());
    tokio::join!(
        turn::run(ports.clone(), wake, Arc::clone(&replies), stop.clone()),
        deliver::run(ports, replies, stop),
    );
}

/// Returns how long to wait before another try: twice as long after each one, at most `longest`.
fn backoff(first: Duration, tries: u32, longest: Duration) -> Duration {
    let factor = 2_u32.saturating_pow(tries.min(16));
    first.saturating_mul(factor).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_the_longest() {
        let wait =
            |tries| backoff(Duration::from_secs(2), tries, Duration::from_secs(60)).as_secs();
        assert_eq!([wait(0), wait(1), wait(4), wait(5), wait(400)], [2, 4, 32, 60, 60]);
    }
}
