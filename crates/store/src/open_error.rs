//! Why a database could not be opened, in words that tell a person what to do.

use std::path::PathBuf;

/// Why a database could not be opened. Each message is one sentence for the person who started
/// the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database that this program knows.
    #[error(
        "the database address must look like sqlite:///path/to/billhook.db or postgres://user:password@host/name, not {0:?}"
    )]
    BadUrl(String),
    /// The address of a server cannot be read; it is not repeated, since it may hold a password.
    #[error(
        "the address of the database server cannot be read; \
         it must look like postgres://user:password@host:5432/name, with %-signs for odd characters"
    )]
    BadServerUrl,
    /// No server answers there.
    #[error("the database server cannot be reached; check its address, port and whether it runs")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server does not let this role in.
    #[error("the database server refuses this user or password; check {0}")]
    WrongCredentials(&'static str),
    /// The server has no database of this name.
    #[error("the database server has no database of this name; make it with createdb")]
    DatabaseMissing,
    /// The schema must be changed, and the role may not.
    #[error(
        "the database must be brought up to date and this user may not do that; \
         run billhook migrate once with DATABASE_MIGRATION_URL, the user that owns the database"
    )]
    MayNotMigrate,
    /// The tables are to be made, and their owner may make none.
    #[error(
        "the user of DATABASE_MIGRATION_URL may make no tables in this database; give it a schema: \
         CREATE SCHEMA billhook AUTHORIZATION that user, and ALTER DATABASE SET search_path = billhook"
    )]
    MayMakeNoTables,
    /// Rights are to be given, and the role owns no table.
    #[error(
        "this user does not own the tables of the database and can give nobody rights on them; \
         run billhook migrate with DATABASE_MIGRATION_URL, the user that owns them"
    )]
    MayGiveNoRights,
    /// The schema is there, and the role may not use it.
    #[error(
        "this user of the database lacks rights on its tables; run billhook migrate with \
         DATABASE_MIGRATION_URL, which gives them to the users of the other addresses"
    )]
    MissingRights,
    /// A right was to be given to nobody.
    #[error(
        "the database server has no user of a name in DATABASE_URL or DATABASE_QUERY_URL; \
         make it with createuser and run billhook migrate again"
    )]
    NoSuchUser,
    /// The role for queries sees other tables.
    #[error(
        "DATABASE_QUERY_URL leads to another database or schema than DATABASE_URL; \
         only the user and the password may differ"
    )]
    OtherDatabase,
    /// The tables must be changed, and others do not let go of them.
    #[error(
        "the tables of the database have been in use for too long to be brought up to date; \
         end long queries and backups, and start again"
    )]
    InUse,
    /// The server is older than what is needed.
    #[error("the database server is older than PostgreSQL 15; update it")]
    ServerTooOld,
    /// The file is not there, and none is to be made.
    #[error("there is no database {0}")]
    Missing(PathBuf),
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
    /// There is no room.
    #[error("the disk of the database is full, or it fails; make room and start again")]
    DiskFull,
    /// The tables of another program are there.
    #[error(
        "the database holds tables that are not Billhook's; \
         name an empty one in DATABASE_URL, made with createdb"
    )]
    OtherTables,
    /// The schema has migrations that this program does not know.
    #[error("the database was written by a newer version; update this program")]
    TooNew,
    /// Anything else.
    #[error("the database cannot be opened")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OpenError {
    /// Returns the same failure with the place that the refused user and password stand in.
    #[must_use]
    pub fn of(self, setting: &'static str) -> Self {
        match self {
            Self::WrongCredentials(_) => Self::WrongCredentials(setting),
            error => error,
        }
    }
}
