//! Whose book the command line works in: the owner's, unless another tenant is named.

use super::failure::Failure;
use crate::config::Config;
use domain::{
    ids::TenantId,
    message::{ChannelKind, OWNER},
};
use ports::store::Store;

/// Returns the tenant that a verb works in.
///
/// # Errors
///
/// [`Failure`] if there is no such tenant, or the database does not answer.
pub async fn tenant(
    store: &dyn Store,
    config: &Config,
    named: Option<TenantId>,
) -> Result<TenantId, Failure> {
    let Some(tenant) = named else {
        let owner = store.sender(ChannelKind::Cli, OWNER, &config.habits).await;
        return owner.map(|sender| sender.tenant).map_err(|error| Failure::of_store(&error));
    };
    match store.habits(tenant).await {
        Ok(Some(_)) => Ok(tenant),
        Ok(None) => Err(Failure::new(
            format!("there is no tenant {tenant}"),
            "leave --tenant out to work in the owner's book",
        )),
        Err(error) => Err(Failure::of_store(&error)),
    }
}
