//! Why a verb ended badly, as the person at the terminal sees it.

use crate::{compose::SetupError, config::Problem};
use std::{error::Error, process::ExitCode};

/// A failure: what happened, what to do, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Settings or arguments are wrong; exit code 2.
    Settings(Vec<Problem>),
    /// It did not work; exit code 1.
    Failed {
        /// What happened, without a full stop.
        what: String,
        /// What to do about it; may be empty.
        hint: String,
    },
}

impl Failure {
    /// Makes the failure of wrong settings.
    #[must_use]
    pub const fn settings(problems: Vec<Problem>) -> Self {
        Self::Settings(problems)
    }

    /// Makes the failure of a wrong argument.
    pub fn usage(wrong: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Settings(vec![Problem::new("argument", wrong.into(), hint.into())])
    }

    /// Makes a failure with a hint.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Failed { what: what.into(), hint: hint.into() }
    }

    /// Makes a failure of an error and everything that caused it.
    pub fn because(what: &str, error: &dyn Error) -> Self {
        Self::new(format!("{what}: {}", chain(error)), "")
    }

    /// Makes the failure of a database that does not answer.
    pub fn of_store(error: &ports::store::StoreError) -> Self {
        Self::because("the database does not answer", error)
    }

    /// Adds a hint.
    #[must_use]
    pub fn with_hint(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Failed { what, .. } => Self::Failed { what, hint: advice.into() },
            settings @ Self::Settings(_) => settings,
        }
    }

    /// Writes it to the log and returns the exit code.
    #[must_use]
    pub fn log(&self) -> ExitCode {
        match self {
            Self::Failed { what, hint } => {
                tracing::error!(hint, "{what}");
                ExitCode::FAILURE
            }
            settings @ Self::Settings(_) => settings.report(),
        }
    }

    /// Prints it to standard error and returns the exit code.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        match self {
            Self::Settings(problems) => {
                for problem in problems {
                    eprintln!("{problem}");
                }
                ExitCode::from(2)
            }
            Self::Failed { what, hint } => {
                eprintln!("error: {what}");
                if !hint.is_empty() {
                    eprintln!("hint: {hint}");
                }
                ExitCode::FAILURE
            }
        }
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        Self::new(error.what, error.hint)
    }
}

/// Returns an error with its causes, each said once.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}

/// Returns a count with its noun, such as `1 file` or `2 files`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Prints to standard output; a reader that has gone away (`| head`) is no failure of ours.
///
/// # Errors
///
/// [`Failure::Failed`] if the text cannot be written for another reason.
pub fn print(text: &str) -> Result<(), Failure> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::because("the answer cannot be written", &error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_said_once() {
        let inner = std::io::Error::other("the disk is full");
        let store = ports::store::StoreError::Unavailable(Box::new(inner));
        assert_eq!(chain(&store), "the database is unavailable: the disk is full");
    }
}
