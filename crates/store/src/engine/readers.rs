//! The connections of the embedded database that read, each interrupted when a read takes too long.
//!
//! They are kept here and not in a pool of `sqlx`: that one asks each connection whether it is well
//! when it comes back, and the limit would have to be set anew for each read. Every word to a
//! connection is one to another thread, which costs more than most reads.

use super::failed;
use ports::store::{Connections, StoreResult};
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{LockedSqliteHandle, SqliteConnectOptions},
};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long one read may take.
const LIMIT: Duration = Duration::from_secs(3);
/// How many steps of SQLite's machine lie between two looks at the time.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;
/// How long a caller waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connections that read.
pub struct Readers {
    places: Arc<Semaphore>,
    idle: Idle,
    begun: Instant,
    count: u32,
}

type Idle = Arc<Mutex<Vec<Seat>>>;

/// A connection, with the millisecond since the beginning at which what it does is interrupted.
struct Seat {
    connection: SqliteConnection,
    until: Arc<AtomicU64>,
    /// Whether its last read was given up in the middle.
    is_behind: bool,
}

/// A connection that reads, until it is dropped.
pub struct Reader {
    /// Always there until it is dropped.
    seat: Option<Seat>,
    idle: Idle,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// Opens so many connections.
    pub async fn open(options: &SqliteConnectOptions, count: u32) -> Result<Self, sqlx::Error> {
        let (begun, mut idle) = (Instant::now(), Vec::new());
        for _ in 0..count {
            let mut connection = SqliteConnection::connect_with(options).await?;
            let until = Arc::new(AtomicU64::new(u64::MAX));
            let limit = Arc::clone(&until);
            let is_in_time = move || since(begun) < limit.load(Ordering::Relaxed);
            self::limit(&mut connection.lock_handle().await?, is_in_time);
            idle.push(Seat { connection, until, is_behind: false });
        }
        let places = Arc::new(Semaphore::new(idle.len()));
        Ok(Self { places, idle: Arc::new(Mutex::new(idle)), begun, count })
    }

    /// Waits for a connection; the time for its reads begins now.
    pub async fn reader(&self) -> StoreResult<Reader> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place).await;
        let place = place.map_err(|_| failed(sqlx::Error::PoolTimedOut))?;
        let place = place.map_err(|_| failed(sqlx::Error::PoolClosed))?;
        let seat = seats(&self.idle).pop();
        let mut reader = Reader { seat, idle: Arc::clone(&self.idle), _place: place };
        let Some(seat) = &mut reader.seat else { return Err(failed(sqlx::Error::PoolClosed)) };
        if seat.is_behind {
            // What was given up is interrupted and must end first.
            seat.connection.ping().await.map_err(failed)?;
            seat.is_behind = false;
        }
        let limit = u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX);
        seat.until.store(since(self.begun).saturating_add(limit), Ordering::Relaxed);
        Ok(reader)
    }

    /// Returns how many connections are in use.
    pub fn connections(&self) -> Connections {
        let idle = u32::try_from(seats(&self.idle).len()).unwrap_or(u32::MAX);
        Connections { purpose: "read", open: self.count, idle, most: self.count }
    }

    /// Lets go of the file, after what is running has ended.
    pub async fn close(&self) {
        let all = self.places.acquire_many(self.count).await;
        self.places.close();
        drop(all);
        let seats = std::mem::take(&mut *seats(&self.idle));
        for seat in seats {
            // Nobody is left to be told.
            let _ = seat.connection.close().await;
        }
    }
}

impl Reader {
    /// Returns the connection for one statement; [`Reader::rest`] is to be said at its end.
    pub fn connection(&mut self) -> StoreResult<&mut SqliteConnection> {
        let seat = self.seat.as_mut().ok_or_else(|| failed(sqlx::Error::PoolClosed))?;
        seat.is_behind = true;
        Ok(&mut seat.connection)
    }

    /// Notes that the statement has come to its end.
    pub fn rest(&mut self) {
        if let Some(seat) = &mut self.seat {
            seat.is_behind = false;
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(seat) = self.seat.take() {
            if seat.is_behind {
                seat.until.store(0, Ordering::Relaxed);
            }
            seats(&self.idle).push(seat);
        }
    }
}

/// Interrupts what a connection does as soon as this says that it is no longer in time.
pub fn limit(
    handle: &mut LockedSqliteHandle<'_>,
    is_in_time: impl FnMut() -> bool + Send + 'static,
) {
    handle.set_progress_handler(STEPS_BETWEEN_LOOKS, is_in_time);
}

/// Returns what says whether a read that begins now is in time.
pub fn from_now() -> impl FnMut() -> bool + Send + 'static {
    let begun = Instant::now();
    move || begun.elapsed() < LIMIT
}

fn seats(idle: &Idle) -> MutexGuard<'_, Vec<Seat>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

fn since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Executor as _;

    const ENDLESS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n";

    async fn one(folder: &tempfile::TempDir) -> Readers {
        let path = folder.path().join("a.db");
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        Readers::open(&options, 1).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_read_that_is_given_up_is_interrupted_and_the_next_has_its_own_time() {
        let folder = tempfile::TempDir::new().unwrap();
        let readers = one(&folder).await;
        let mut reader = readers.reader().await.unwrap();
        let read = reader.connection().unwrap().execute(ENDLESS);
        assert!(tokio::time::timeout(Duration::from_millis(50), read).await.is_err());
        drop(reader);
        assert_eq!(readers.connections().idle, 1);
        let begun = Instant::now();
        let mut reader = readers.reader().await.unwrap();
        reader.connection().unwrap().execute("SELECT 1").await.unwrap();
        assert!(begun.elapsed() < LIMIT, "the endless one was not interrupted");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_read_that_takes_too_long_is_interrupted() {
        let folder = tempfile::TempDir::new().unwrap();
        let readers = one(&folder).await;
        let mut reader = readers.reader().await.unwrap();
        let error = reader.connection().unwrap().execute(ENDLESS).await.unwrap_err();
        assert!(matches!(failed(error), ports::store::StoreError::TooLarge));
        reader.rest();
        drop(reader);
        let mut reader = readers.reader().await.unwrap();
        reader.connection().unwrap().execute("SELECT 1").await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn closed_readers_say_so() {
        let folder = tempfile::TempDir::new().unwrap();
        let readers = one(&folder).await;
        readers.close().await;
        assert!(readers.reader().await.is_err());
    }
}
