//! `billhook move`: copies the database into an empty one.

use super::failure::{Failure, counted, print};
use crate::{compose, config::Config};
use clap::Args;
use secrecy::ExposeSecret;
use std::process::ExitCode;
use store::{Copied, CopyError, Database};

/// Where from and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The database to copy [default: the one of DATABASE_URL]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The empty database to fill; a password may be in PGPASSWORD instead
    #[arg(long, value_name = "URL")]
    to: String,
}

/// Copies every row; the source stays as it is.
///
/// # Errors
///
/// [`Failure`] if a server is using the source, or one of the databases cannot be opened, or the
/// target holds data; the target is then unchanged.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let from = arguments.from.as_deref().unwrap_or_else(|| config.database_url.expose_secret());
    if from == arguments.to {
        return Err(Failure::usage("--from and --to are the same database", "name another one"));
    }
    // What a running server accepts meanwhile would stay behind.
    let _lock = compose::lock_data_dir(config)?;
    let own = compose::database_file(config.database_url.expose_secret());
    let _other = if compose::database_file(from) == own {
        None
    } else {
        Some(compose::lock_database(from)?)
    };
    let source = compose::open_database(from).await?;
    if source.is_served().await.map_err(|error| Failure::of_store(&error))? {
        return Err(Failure::new(
            "a running billhook uses the old database",
            "stop all its processes first: what they take in meanwhile would stay behind",
        ));
    }
    let target = store::open(&arguments.to, compose::clock()).await.map_err(|error| {
        Failure::because("the database that is to be filled cannot be opened", &error.of("--to"))
    })?;
    let copied = copy(&source, &target).await?;
    target.close().await;
    source.close().await;
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    print(&format!(
        "{} of {} were copied; the old database is unchanged.\n\
         Set DATABASE_URL to the new one and start Billhook. The original files stay where they \
         are.\n",
        counted(rows, "row"),
        counted(u64::try_from(copied.len()).unwrap_or_default(), "table")
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Copies one database into another.
///
/// # Errors
///
/// [`Failure`], with what to do.
pub async fn copy(source: &Database, target: &Database) -> Result<Vec<Copied>, Failure> {
    store::copy(source, target).await.map_err(|error| match error {
        CopyError::NotEmpty => Failure::new(
            error.to_string(),
            "name a database that was never used: another file, or one made with createdb",
        ),
        CopyError::UnknownTable => Failure::new(error.to_string(), "update this program"),
        CopyError::Store(error) => Failure::because("the database was not copied", &error),
    })
}
