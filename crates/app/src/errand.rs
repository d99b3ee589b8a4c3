//! The commands of the chat, typed once for programs and for the command line.
//!
//! Each is said in words that the chat understands, and goes the way of any message.

use clap::{Subcommand, ValueEnum};
use serde::Deserialize;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Errand {
    /// Show what Billhook can do
    Help,
    /// Take the last change back
    Undo,
    /// Show how much is stored and what models have cost
    Usage,
    /// Show what corrections have taught about vendors
    Memory,
    /// Forget what corrections have taught; asks first
    ForgetVendors,
    /// Show or set the currency of amounts that name none
    Currency {
        /// An ISO 4217 code, such as USD
        #[serde(default)]
        code: Option<String>,
    },
    /// Show or set the time zone
    TimeZone {
        /// A name such as Europe/Berlin
        #[serde(default)]
        zone: Option<String>,
    },
    /// Set the language of replies
    Language {
        /// An ISO 639-1 code: en, es, pt, fr, de, it, nl, ar, hi
        code: String,
    },
    /// Give invoices away as a file
    Export {
        /// A month (2025-03), a quarter (2025-Q1) or a year (2025); all invoices without it
        #[serde(default)]
        period: Option<String>,
        /// The form of the file
        #[arg(long, value_enum, default_value_t = Form::Xlsx)]
        #[serde(default)]
        form: Form,
    },
    /// Delete everything that is stored of this person; asks first
    Erase,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A spreadsheet
    #[default]
    Xlsx,
    /// One line an invoice
    Csv,
    /// One array of invoices
    Json,
    /// Both, with the original files
    Zip,
}

impl Errand {
    /// Returns the words that the chat understands it by.
    #[must_use]
    pub fn said(&self) -> String {
        let valued = |word: &str, value: &Option<String>| {
            let value = value.as_deref().unwrap_or_default().trim();
            format!("{word} {value}").trim_end().to_owned()
        };
        match self {
            Self::Help => "help".to_owned(),
            Self::Undo => "undo".to_owned(),
            Self::Usage => "usage".to_owned(),
            Self::Memory => "memory".to_owned(),
            Self::ForgetVendors => "forget vendors".to_owned(),
            Self::Currency { code } => valued("currency", code),
            Self::TimeZone { zone } => valued("time zone", zone),
            Self::Language { code } => format!("language {}", code.trim()),
            Self::Export { period, form } => {
                let form = match form {
                    Form::Xlsx => "xlsx",
                    Form::Csv => "csv",
                    Form::Json => "json",
                    Form::Zip => "zip",
                };
                format!("{} {form}", valued("export", period))
            }
            Self::Erase => "delete my data".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use workflow::commands::{Command, said};

    #[test]
    fn the_chat_understands_every_command_as_it_is_said_here() {
        let cases: [(Value, fn(Command) -> bool); 12] = [
            (json!({"command": "help"}), |known| matches!(known, Command::Help)),
            (json!({"command": "undo"}), |known| matches!(known, Command::Undo)),
            (json!({"command": "usage"}), |known| matches!(known, Command::Usage)),
            (json!({"command": "memory"}), |known| matches!(known, Command::Memory)),
            (json!({"command": "forget-vendors"}), |known| matches!(known, Command::Forget)),
            (json!({"command": "currency"}), |known| matches!(known, Command::Currency(None))),
            (
                json!({"command": "currency", "code": "usd"}),
                |known| matches!(known, Command::Currency(Some(code)) if code.code() == "USD"),
            ),
            (
                json!({"command": "time-zone", "zone": "Europe/Berlin"}),
                |known| matches!(known, Command::TimeZone(Some(zone)) if zone == "Europe/Berlin"),
            ),
            (
                json!({"command": "language", "code": "de"}),
                |known| matches!(known, Command::SetLanguage(language) if language.code() == "de"),
            ),
            (
                json!({"command": "export", "period": "2025-Q1", "form": "zip"}),
                |known| matches!(known, Command::Export(export) if export.period.is_some()),
            ),
            (
                json!({"command": "export"}),
                |known| matches!(known, Command::Export(export) if export.which.is_empty()),
            ),
            (json!({"command": "erase"}), |known| matches!(known, Command::Erase)),
        ];
        for (asked, is_meant) in cases {
            let errand: Errand = serde_json::from_value(asked).unwrap();
            let words = errand.said();
            assert!(said(&words).is_some_and(is_meant), "{words}");
        }
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for asked in [json!({"command": "fly"}), json!({"command": "undo", "all": true}), json!({})]
        {
            assert!(serde_json::from_value::<Errand>(asked).is_err());
        }
    }
}
