//! Whose book it is, and the habits its answers follow.

use crate::{
    ids::{ConversationId, MemberId, TenantId},
    money::Currency,
    party::Party,
};
use serde::{Deserialize, Serialize};

/// A language that replies are written in.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// French.
    Fr,
    /// German.
    De,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Arabic, written from right to left.
    Ar,
    /// Hindi.
    Hi,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 9] =
        [Self::En, Self::Es, Self::Pt, Self::Fr, Self::De, Self::It, Self::Nl, Self::Ar, Self::Hi];

    /// Returns whether it is written from right to left.
    #[must_use]
    pub const fn is_right_to_left(self) -> bool {
        matches!(self, Self::Ar)
    }

    /// Returns the ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Pt => "pt",
            Self::Fr => "fr",
            Self::De => "de",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Ar => "ar",
            Self::Hi => "hi",
        }
    }

    /// Returns the language that papers for this reader are printed in: the pages are laid out
    /// for Latin letters only, so Arabic and Hindi fall back to English.
    #[must_use]
    pub const fn on_paper(self) -> Self {
        match self {
            Self::Ar | Self::Hi => Self::En,
            other => other,
        }
    }

    /// Returns the language of a code or locale such as `de` or `pt-BR`, or nothing.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let head = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == head)
    }
}

/// How a tenant writes and counts: language, default currency, time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// The language of replies; nothing until a message has shown it.
    pub language: Option<Language>,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// An IANA time zone name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// A BCP 47 locale that settles `03/04/2025`, such as `en-GB`; may be empty.
    pub locale: String,
    /// Who issues this tenant's own invoices.
    pub seller: Party,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            language: None,
            currency: Currency::EUR,
            time_zone: "UTC".to_owned(),
            locale: String::new(),
            seller: Party::default(),
        }
    }
}

/// Who a message is from, as the channel's own authentication says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The book that all reads and writes are bound to.
    pub tenant: TenantId,
    /// The person.
    pub member: MemberId,
    /// The thread.
    pub conversation: ConversationId,
    /// The tenant's habits.
    pub habits: Habits,
}
