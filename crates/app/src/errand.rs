//! The commands of the chat, typed once for programs and for the command line.
//!
//! Each is said in words that the chat understands, and goes the way of any message.

use clap::{Subcommand, ValueEnum};
use serde::Deserialize;

/// A command. Those without fields have braces all the same: only so do unknown fields beside them
/// break the reading.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Errand {
    /// Show what Billhook can do
    Help {},
    /// Take the last change back
    Undo {},
    /// Show how much is stored and what models have cost
    Usage {},
    /// Show what corrections have taught about vendors
    Memory {},
    /// Forget what corrections have taught; asks first
    ForgetVendors {},
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
    /// Be told, or not any more, of invoices that are due soon or overdue
    Reminders {
        /// Whether to be told
        #[arg(value_enum)]
        wanted: Wanted,
    },
    /// Delete everything that is stored of this person; asks first
    Erase {},
}

/// Whether something is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wanted {
    /// From now on
    On,
    /// Not any more
    Off,
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
            Self::Help {} => "help".to_owned(),
            Self::Undo {} => "undo".to_owned(),
            Self::Usage {} => "usage".to_owned(),
            Self::Memory {} => "memory".to_owned(),
            Self::ForgetVendors {} => "forget vendors".to_owned(),
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
            Self::Reminders { wanted: Wanted::On } => "reminders on".to_owned(),
            Self::Reminders { wanted: Wanted::Off } => "reminders off".to_owned(),
            Self::Erase {} => "delete my data".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{money::Currency, tenant::Language};
    use serde_json::json;
    use workflow::commands::{Command, said};

    #[test]
    fn the_chat_understands_every_command_as_it_is_said_here() {
        let currency = |code| Command::Currency(Currency::parse(code));
        for (asked, meant) in [
            (json!({"command": "help"}), Command::Help),
            (json!({"command": "undo"}), Command::Undo),
            (json!({"command": "usage"}), Command::Usage),
            (json!({"command": "memory"}), Command::Memory),
            (json!({"command": "forget-vendors"}), Command::Forget),
            (json!({"command": "currency"}), Command::Currency(None)),
            (json!({"command": "currency", "code": "usd"}), currency("USD")),
            (json!({"command": "time-zone"}), Command::TimeZone(None)),
            (
                json!({"command": "time-zone", "zone": "Europe/Berlin"}),
                Command::TimeZone(Some("Europe/Berlin".to_owned())),
            ),
            (json!({"command": "language", "code": "de"}), Command::SetLanguage(Language::De)),
            (json!({"command": "reminders", "wanted": "on"}), Command::Reminders(true)),
            (json!({"command": "reminders", "wanted": "off"}), Command::Reminders(false)),
            (json!({"command": "erase"}), Command::Erase),
        ] {
            let errand: Errand = serde_json::from_value(asked).unwrap();
            assert_eq!(said(&errand.said()), Some(meant));
        }
    }

    #[test]
    fn an_export_names_its_period_and_form() {
        for (asked, has_period) in [
            (json!({"command": "export"}), false),
            (json!({"command": "export", "period": "2025-Q1", "form": "zip"}), true),
            (json!({"command": "export", "period": "2025-03", "form": "json"}), true),
        ] {
            let errand: Errand = serde_json::from_value(asked).unwrap();
            let Some(Command::Export(export)) = said(&errand.said()) else { panic!("an export") };
            assert_eq!(export.period.is_some(), has_period);
            assert!(export.which.is_empty());
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
