//! Writes of the embedded database, which wait for the disk together.
//!
//! Each write is a savepoint in a transaction of the one connection that writes. A write that is
//! done makes room for the next at once and stands in line again, to commit: all who were in line
//! before it are then in its commit, so that the more writers wait, the more share one wait for the
//! disk. Nobody is told before it is on the disk.

use super::failed;
use ports::store::{Connections, StoreError, StoreResult};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, oneshot},
    time::Instant,
};

/// The shortest while between two commits. A commit costs processor time too, most of it in the
/// system: under load, what is written within this while shares one; after a rest none waits.
const BREATH: Duration = Duration::from_millis(2);
/// How long a writer waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connection that writes, for one writer at a time, in the order in which they came.
pub struct Group(Line);

type Line = Arc<Mutex<Option<Writer>>>;

/// What writers hand on to each other; gone once the database is closed.
struct Writer {
    connection: SqliteConnection,
    /// Whether a transaction is open, with the savepoint `everyone` right after its beginning.
    is_open: bool,
    /// Whether the last write has ended without a commit: what it has done is to be undone.
    is_abandoned: bool,
    /// Who is to be told of the commit.
    waiting: Vec<oneshot::Sender<StoreResult<()>>>,
    /// From when on the next commit may be made.
    next_commit: Instant,
}

impl Group {
    /// Takes over the connection that writes.
    pub fn of(connection: SqliteConnection) -> Self {
        let writer = Writer {
            connection,
            is_open: false,
            is_abandoned: false,
            waiting: Vec::new(),
            next_commit: Instant::now(),
        };
        Self(Arc::new(Mutex::new(Some(writer))))
    }

    /// Waits for its turn and begins a write.
    pub async fn begin(&self) -> StoreResult<GroupWrite> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).lock_owned()).await;
        let turn = turn.map_err(|_| failed(sqlx::Error::PoolTimedOut))?;
        let writer = OwnedMutexGuard::try_map(turn, Option::as_mut);
        let mut writer = writer.map_err(|_| failed(sqlx::Error::PoolClosed))?;
        // Given up in the middle, it is undone like any other.
        writer.begin().await.map_err(failed)?;
        Ok(GroupWrite { writer, line: Arc::clone(&self.0) })
    }

    /// Returns whether the connection is in use.
    pub fn connections(&self) -> Connections {
        let idle = u32::from(self.0.try_lock().is_ok());
        Connections { purpose: "write", open: 1, idle, most: 1 }
    }

    /// Makes what was written last and empties the log that it was written to.
    pub async fn tidy(&self) -> StoreResult<()> {
        let mut line = self.0.lock().await;
        let Some(writer) = line.as_mut() else { return Ok(()) };
        writer.commit().await;
        // Where somebody reads it at this moment it stays, until the next time.
        writer.run("PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(failed)
    }

    /// Makes what was written last and lets go of the file.
    pub async fn close(&self) {
        let Some(mut writer) = self.0.lock().await.take() else { return };
        writer.commit().await;
        // Nobody is left to be told.
        let _ = writer.connection.close().await;
    }
}

impl Writer {
    async fn begin(&mut self) -> Result<(), sqlx::Error> {
        if self.is_abandoned {
            self.mend().await;
        }
        self.is_abandoned = true;
        if self.is_open {
            return self.run("SAVEPOINT one").await;
        }
        self.run("BEGIN IMMEDIATE; SAVEPOINT everyone; SAVEPOINT one").await?;
        self.is_open = true;
        Ok(())
    }

    /// Undoes a write that was given up, and nothing of the others.
    async fn mend(&mut self) {
        // An error says that there is nothing to undo, or that SQLite has undone everything; then
        // the savepoint of everyone is gone too, which the commit notices.
        if self.waiting.is_empty() {
            let _ = self.run("ROLLBACK").await;
            self.is_open = false;
        } else {
            let _ = self.run("ROLLBACK TO one").await;
            let _ = self.run("RELEASE one").await;
        }
        self.is_abandoned = false;
    }

    /// Commits what was written and tells those who wait for it.
    async fn commit(&mut self) {
        if self.is_abandoned {
            self.mend().await;
        }
        if !self.is_open {
            return;
        }
        let committed = self.run("RELEASE everyone; COMMIT").await;
        if committed.is_err() {
            // There may be nothing left to undo.
            let _ = self.run("ROLLBACK").await;
        }
        self.is_open = false;
        self.next_commit = Instant::now().checked_add(BREATH).unwrap_or(self.next_commit);
        for waiting in self.waiting.drain(..) {
            let told = match &committed {
                Ok(()) => Ok(()),
                Err(error) => Err(StoreError::Unavailable(error.to_string().into())),
            };
            // Who has gone needs no answer.
            let _ = waiting.send(told);
        }
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        self.connection.execute(statement).await.map(|_| ())
    }
}

/// A write whose turn it is; undone unless it is committed.
pub struct GroupWrite {
    writer: OwnedMappedMutexGuard<Option<Writer>, Writer>,
    line: Line,
}

impl GroupWrite {
    /// Returns the connection.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.writer.connection
    }

    /// Makes room for the next writer, and returns when what was written is on the disk.
    pub async fn commit(self) -> StoreResult<()> {
        let Self { mut writer, line } = self;
        let (told, mut kept) = oneshot::channel();
        writer.run("RELEASE one").await.map_err(failed)?;
        writer.waiting.push(told);
        writer.is_abandoned = false;
        let next_commit = writer.next_commit;
        drop(writer);
        let to_commit = async {
            tokio::time::sleep_until(next_commit).await;
            line.lock().await
        };
        let committed = tokio::select! {
            biased;
            committed = &mut kept => committed,
            mut writer = to_commit => {
                if let Some(writer) = writer.as_mut() {
                    writer.commit().await;
                }
                kept.await
            }
        };
        committed.unwrap_or_else(|_| Err(failed(sqlx::Error::PoolClosed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Row, sqlite::SqliteConnectOptions};
    use tokio::task::JoinSet;

    async fn group() -> (Arc<Group>, SqliteConnection, tempfile::TempDir) {
        let folder = tempfile::TempDir::new().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("a.db"))
            .create_if_missing(true)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY)").await.unwrap();
        let other = SqliteConnection::connect_with(&options).await.unwrap();
        (Arc::new(Group::of(connection)), other, folder)
    }

    async fn insert(write: &mut GroupWrite, number: i64) {
        let insert = sqlx::query("INSERT INTO kept VALUES ($1)").bind(number);
        insert.execute(write.connection()).await.unwrap();
    }

    async fn kept(connection: &mut SqliteConnection) -> Vec<i64> {
        let rows = sqlx::query("SELECT number FROM kept ORDER BY number");
        rows.fetch_all(connection).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_writer_of_a_crowd_is_kept_but_those_who_gave_up() {
        let (group, mut other, _folder) = group().await;
        let mut writers = JoinSet::new();
        let one = async |group: Arc<Group>, number| {
            let mut write = group.begin().await.unwrap();
            insert(&mut write, number).await;
            if number % 3 != 0 {
                write.commit().await.unwrap();
            }
        };
        for number in 0..200 {
            writers.spawn(one(Arc::clone(&group), number));
        }
        while let Some(ended) = writers.join_next().await {
            ended.unwrap();
        }
        let expected: Vec<i64> = (0..200).filter(|number| number % 3 != 0).collect();
        assert_eq!(kept(&mut other).await, expected);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_goes_away_while_he_waits_holds_nobody_up() {
        let (group, mut other, _folder) = group().await;
        let held = group.begin().await.unwrap();
        let waiting = tokio::spawn({
            let group = Arc::clone(&group);
            async move { group.begin().await.map(|_| ()) }
        });
        tokio::task::yield_now().await;
        waiting.abort();
        drop(held);
        let mut write = group.begin().await.unwrap();
        insert(&mut write, 1).await;
        write.commit().await.unwrap();
        assert_eq!(kept(&mut other).await, [1]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn when_the_commit_fails_everyone_is_told_and_the_next_write_is_kept() {
        let (group, mut other, _folder) = group().await;
        let mut first = group.begin().await.unwrap();
        insert(&mut first, 1).await;
        let mut second = tokio::spawn({
            let group = Arc::clone(&group);
            async move { group.begin().await.unwrap() }
        });
        // In line before the one who commits.
        while tokio::time::timeout(Duration::from_millis(20), &mut second).await.is_ok() {}
        let first = tokio::spawn(first.commit());
        let mut second = second.await.unwrap();
        // What SQLite itself does when the disk is full.
        second.connection().execute("ROLLBACK").await.unwrap();
        drop(second);
        assert!(matches!(first.await.unwrap(), Err(StoreError::Unavailable(_))));
        assert!(kept(&mut other).await.is_empty());
        let mut third = group.begin().await.unwrap();
        insert(&mut third, 3).await;
        third.commit().await.unwrap();
        assert_eq!(kept(&mut other).await, [3]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_closed_database_says_so() {
        let (group, mut other, _folder) = group().await;
        let mut write = group.begin().await.unwrap();
        insert(&mut write, 1).await;
        write.commit().await.unwrap();
        group.close().await;
        assert!(matches!(group.begin().await.err(), Some(StoreError::Unavailable(_))));
        assert_eq!(kept(&mut other).await, [1]);
    }
}
