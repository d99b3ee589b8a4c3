//! `billhook erase`: everything that is stored of a person, deleted for good.
//!
//! For the owner of the installation, where a person asks by another way than the chat.

use super::{
    failure::{Failure, chain, print},
    owner,
};
use crate::{compose, config::Config, worker};
use clap::Args;
use domain::{
    ids::{EventId, TenantId},
    outcome::Stored,
};
use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
    sync::Arc,
};

/// Whose data, and whether that is certain.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The book to erase, by its id; `billhook doctor` and the audit name them [default: the owner's]
    #[arg(long, value_name = "ID")]
    tenant: Option<TenantId>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Says what would be deleted, asks, deletes it and prints the receipt.
///
/// # Errors
///
/// [`Failure`] if nobody says yes, or a part does not answer.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode, Failure> {
    let ports = compose::ports(config, &Arc::default()).await?;
    let tenant = owner::tenant(ports.store.as_ref(), config, arguments.tenant).await?;
    let stored = ports.store.stored(tenant).await.map_err(|error| Failure::of_store(&error))?;
    eprintln!("This deletes for good: {}.", told(stored));
    if !arguments.yes && !agreed()? {
        return Err(Failure::new("nothing was deleted", "type yes when asked, or add --yes"));
    }
    let event = EventId(ports.clock.new_id());
    let erased = ports.store.erase(tenant, event).await;
    let erased = erased.map_err(|error| Failure::of_store(&error))?;
    worker::delete_files(&ports).await.map_err(|error| {
        Failure::new(
            format!("the rows are deleted, some files not yet: {}", chain(&error)),
            "a running billhook goes on with that, or run this again",
        )
    })?;
    print(&format!("deleted: {}\nreceipt: {event}\n", told(erased)))?;
    Ok(ExitCode::SUCCESS)
}

fn told(Stored { invoices, messages, files }: Stored) -> String {
    format!("{invoices} invoices, {files} files, {messages} messages")
}

fn agreed() -> Result<bool, Failure> {
    if std::io::stdin().is_terminal() {
        eprintln!("Type yes to do it:");
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::because("the answer cannot be read", &error))?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}
