//! One wrong setting: what is wrong, and what would be right.

use std::{fmt, path::Path};

/// One wrong setting. Never shows a secret's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which setting, or the settings file.
    pub subject: String,
    /// What is wrong, as a sentence without its full stop.
    pub wrong: String,
    /// What to do about it.
    pub hint: String,
}

impl Problem {
    /// Makes a problem of one setting.
    pub fn new(subject: impl Into<String>, wrong: String, hint: String) -> Self {
        Self { subject: subject.into(), wrong, hint }
    }

    /// Makes a problem of the settings file.
    pub fn of_file(path: &Path, wrong: String, hint: &str) -> Self {
        let subject = path.display().to_string();
        let wrong = format!("{subject}: {wrong}");
        Self { subject, wrong, hint: hint.to_owned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nhint: {}", self.wrong, self.hint)
    }
}
