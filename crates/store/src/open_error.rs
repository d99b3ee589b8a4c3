//! Why a database could not be opened, in words that tell a person what to do.

use std::path::PathBuf;

/// Why a database could not be opened. Each message is one sentence for the person who started
/// the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database that this program knows.
    #[error("the database address must look like sqlite:///path/to/billhook.db, not {0:?}")]
    BadUrl(String),
    /// The folder of the file is not there.
    #[error("the folder {0} does not exist; create it or choose another with DATABASE_URL")]
    FolderMissing(PathBuf),
    /// The file or its folder cannot be written to.
    #[error("{0} cannot be written to; check its permissions")]
    ReadOnly(PathBuf),
    /// Another program holds the file.
    #[error("the database {0} is locked by another program; stop that one first")]
    Locked(PathBuf),
    /// The file is something else.
    #[error("{0} is not a database, or it is damaged; move it away or restore a backup")]
    NotADatabase(PathBuf),
    /// The schema has migrations that this program does not know.
    #[error("the database was written by a newer version; update this program")]
    TooNew,
    /// Anything else, such as a full disk.
    #[error("the database cannot be opened")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
