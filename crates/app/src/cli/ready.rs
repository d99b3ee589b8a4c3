//! `billhook ready`: asks the Billhook of these settings whether it can work; for images, which
//! hold nothing else that could ask.

use super::{
    failure::{Failure, print},
    serve::local_address,
};
use crate::config::Config;
use std::{process::ExitCode, time::Duration};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks once.
///
/// # Errors
///
/// [`Failure`] if it does not answer, or says that it is not ready.
pub async fn run(config: &Config) -> Result<ExitCode, Failure> {
    let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build();
    let client = client.map_err(|error| Failure::because("nothing can be asked", &error))?;
    let address = local_address(config.listen);
    match client.get(format!("{address}readyz")).send().await {
        Ok(answer) if answer.status().is_success() => {
            print("ready\n")?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(_) => Err(Failure::new(
            format!("the billhook at {address} is not ready"),
            "its log and /health/dependencies say what it waits for",
        )),
        Err(_) => Err(Failure::new(
            format!("no billhook answers at {address}"),
            "start it with billhook serve, with the same settings",
        )),
    }
}
