//! Every setting, once: name, flag, shape, default and what it is for. Flags, `.env.example`, the
//! reference page and the error messages are made from this table.

mod operation;
mod sharing;
mod storage;

/// The part of the reference that a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Where data are kept.
    Storage,
    /// How the server is reached.
    Server,
    /// WhatsApp by Twilio.
    WhatsApp,
    /// Which model reads and understands.
    Model,
    /// What a new book starts from.
    Habits,
    /// Who issues this installation's own invoices.
    Seller,
    /// What is told about the running program.
    Operation,
}

impl Section {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 7] = [
        Self::Storage,
        Self::Server,
        Self::WhatsApp,
        Self::Model,
        Self::Habits,
        Self::Seller,
        Self::Operation,
    ];

    /// Returns its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Storage => "Where data are kept",
            Self::Server => "How the server is reached",
            Self::WhatsApp => "WhatsApp, by Twilio",
            Self::Model => "Which model reads and understands",
            Self::Habits => "What a new book starts from",
            Self::Seller => "Who your own invoices come from",
            Self::Operation => "Logs, metrics and traces",
        }
    }
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the environment; the file uses the same in lower case.
    pub name: &'static str,
    /// Its flag without the dashes; secrets have none, since other users of the machine can see
    /// command lines.
    pub flag: Option<&'static str>,
    /// Where it belongs.
    pub section: Section,
    /// What a right value looks like, as the end of "it must be …".
    pub shape: &'static str,
    /// The default; empty if there is none.
    pub default: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// A right value to show.
    pub example: &'static str,
}

impl Setting {
    /// Returns whether its value must never be shown; `NAME_FILE` can then name a file with it.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.flag.is_none()
    }
}

/// Returns the setting of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Setting> {
    all().find(|setting| setting.name == name)
}

/// Returns all settings, by section.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    storage::SETTINGS.iter().chain(sharing::SETTINGS).chain(SETTINGS).chain(operation::SETTINGS)
}

/// All settings but those of storage and operation.
const SETTINGS: &[Setting] = &[
    Setting {
        name: "PORT",
        flag: Some("port"),
        section: Section::Server,
        shape: "a number from 1 to 65535",
        default: "8080",
        doc: "The port of the server. On its own it leaves the server reachable from this machine \
              only; see BILLHOOK_LISTEN.",
        example: "8080",
    },
    Setting {
        name: "BILLHOOK_LISTEN",
        flag: Some("listen"),
        section: Section::Server,
        shape: "an IP address, with or without a port, such as 0.0.0.0 or 127.0.0.1:8080",
        default: "127.0.0.1",
        doc: "The address to listen on. 0.0.0.0 is every network of this machine: put a proxy with \
              TLS in front. From other machines the web chat asks for the API token.",
        example: "0.0.0.0",
    },
    Setting {
        name: "PUBLIC_BASE_URL",
        flag: Some("public-base-url"),
        section: Section::Server,
        shape: "an address that begins with https:// or http://, without query or fragment",
        default: "",
        doc: "How this server is reached from outside. Twilio signs this address and fetches \
              files from it, so it must be exactly what the Twilio console has in front of \
              /webhooks/twilio.",
        example: "https://billhook.example.com",
    },
    Setting {
        name: "BILLHOOK_API_TOKEN",
        flag: None,
        section: Section::Server,
        shape: "at least 16 characters without spaces, eight different ones among them, and not an example",
        default: "",
        doc: "The bearer token of POST /message and POST /file. Without it, one is made at the \
              first start and kept in the file api-token of the data folder.",
        example: "a-long-random-word-of-your-own",
    },
    Setting {
        name: "TWILIO_ACCOUNT_SID",
        flag: Some("twilio-account-sid"),
        section: Section::WhatsApp,
        shape: "AC followed by 32 hexadecimal digits, as the Twilio console shows it",
        default: "",
        doc: "The Twilio account. WhatsApp is on when this, the token and the sender are set.",
        example: "AC00000000000000000000000000000000",
    },
    Setting {
        name: "TWILIO_AUTH_TOKEN",
        flag: None,
        section: Section::WhatsApp,
        shape: "the auth token of the account: at least 16 characters without spaces, and not an example",
        default: "",
        doc: "Checks the signature of every webhook and opens the REST API. An API key cannot \
              stand in: keys do not sign webhooks.",
        example: "00000000000000000000000000000000",
    },
    Setting {
        name: "TWILIO_AUTH_TOKEN_SECONDARY",
        flag: None,
        section: Section::WhatsApp,
        shape: "an auth token of the account: at least 16 characters without spaces, and not an example",
        default: "",
        doc: "A second token whose signatures are accepted as well, so that tokens can be rotated \
              without losing a message.",
        example: "11111111111111111111111111111111",
    },
    Setting {
        name: "TWILIO_WHATSAPP_FROM",
        flag: Some("twilio-whatsapp-from"),
        section: Section::WhatsApp,
        shape: "a WhatsApp sender such as whatsapp:+14155238886",
        default: "",
        doc: "The number that replies come from: the sandbox number or your own sender.",
        example: "whatsapp:+14155238886",
    },
    Setting {
        name: "TWILIO_API_BASE_URL",
        flag: Some("twilio-api-base-url"),
        section: Section::WhatsApp,
        shape: "an address that begins with https:// (http:// for this machine alone)",
        default: "https://api.twilio.com",
        doc: "Twilio's REST API. Another one for a region of Twilio, or for tests on this machine.",
        example: "https://api.dublin.ie1.twilio.com",
    },
    Setting {
        name: "TWILIO_MEDIA_HOSTS",
        flag: Some("twilio-media-hosts"),
        section: Section::WhatsApp,
        shape: "host names with commas between them",
        default: "twiliocdn.com,s3-external-1.amazonaws.com",
        doc: "Where Twilio may redirect a download to: these hosts and all below them. They never \
              get the token.",
        example: "twiliocdn.com,s3-external-1.amazonaws.com",
    },
    Setting {
        name: "LLM_PROVIDER",
        flag: Some("llm-provider"),
        section: Section::Model,
        shape: "auto, offline or openai",
        default: "auto",
        doc: "Who reads hard pictures and free sentences. auto: an OpenAI-compatible server if \
              its key or address is set, else the built-in reader. The built-in reader stands in \
              whenever the server fails.",
        example: "auto",
    },
    Setting {
        name: "OPENAI_API_KEY",
        flag: None,
        section: Section::Model,
        shape: "a key without spaces",
        default: "",
        doc: "The key of the server. Local servers such as Ollama need none.",
        example: "sk-...",
    },
    Setting {
        name: "OPENAI_BASE_URL",
        flag: Some("openai-base-url"),
        section: Section::Model,
        shape: "an address that begins with https:// or http://, without query or fragment",
        default: "https://api.openai.com/v1",
        doc: "The server, with its /v1: OpenAI, or any that speaks its chat completions.",
        example: "http://127.0.0.1:11434/v1",
    },
    Setting {
        name: "OPENAI_MODEL",
        flag: Some("openai-model"),
        section: Section::Model,
        shape: "the name of a model, without spaces",
        default: "gpt-4o-mini",
        doc: "The model. It must take pictures and answer in JSON schemas.",
        example: "gpt-4o-mini",
    },
    Setting {
        name: "BILLHOOK_VISION",
        flag: Some("vision"),
        section: Section::Model,
        shape: "always, when_unsure or never",
        default: "when_unsure",
        doc: "When the model of the server is shown pictures of a document. when_unsure: if the \
              built-in reading does not prove itself by its sums. never: no picture leaves this \
              machine; doubtful pages are sent as text.",
        example: "never",
    },
    Setting {
        name: "BILLHOOK_LANGUAGE",
        flag: Some("language"),
        section: Section::Model,
        shape: "offline_first, model_first or offline",
        default: "offline_first",
        doc: "Who understands what people write. offline_first: the built-in model, and the one of \
              the server only where that is not sure. model_first: the one of the server. offline: \
              no sentence leaves this machine.",
        example: "model_first",
    },
    Setting {
        name: "BILLHOOK_MODEL_DAILY_CAP",
        flag: Some("model-daily-cap"),
        section: Section::Model,
        shape: "US dollars such as 2.50",
        default: "",
        doc: "The most that the model may cost on one day (UTC). Over it, only the built-in \
              reader answers, and says so. Without it, there is no limit.",
        example: "2.50",
    },
    Setting {
        name: "BILLHOOK_MODEL_MONTHLY_CAP",
        flag: Some("model-monthly-cap"),
        section: Section::Model,
        shape: "US dollars such as 20",
        default: "",
        doc: "The most that the model may cost in one calendar month (UTC).",
        example: "20",
    },
    Setting {
        name: "BILLHOOK_PRICE_INPUT",
        flag: Some("price-input"),
        section: Section::Model,
        shape: "US dollars such as 0.15",
        default: "",
        doc: "What a million tokens to the model cost, where the price list in Billhook does not \
              know it or no longer holds. Goes with BILLHOOK_PRICE_OUTPUT.",
        example: "0.15",
    },
    Setting {
        name: "BILLHOOK_PRICE_OUTPUT",
        flag: Some("price-output"),
        section: Section::Model,
        shape: "US dollars such as 0.60",
        default: "",
        doc: "What a million tokens from the model cost.",
        example: "0.60",
    },
    Setting {
        name: "BILLHOOK_CURRENCY",
        flag: Some("currency"),
        section: Section::Habits,
        shape: "an ISO 4217 code such as EUR",
        default: "EUR",
        doc: "The currency of amounts that name none.",
        example: "EUR",
    },
    Setting {
        name: "BILLHOOK_TIME_ZONE",
        flag: Some("time-zone"),
        section: Section::Habits,
        shape: "an IANA time zone such as Europe/Berlin",
        default: "",
        doc: "Which day it is, for \"today\" and \"last month\". Without it, the zone of this \
              machine, else UTC.",
        example: "Europe/Berlin",
    },
    Setting {
        name: "BILLHOOK_LOCALE",
        flag: Some("locale"),
        section: Section::Habits,
        shape: "a language, with or without a country, such as en-GB",
        default: "",
        doc: "Settles doubtful dates: 03/04/2025 is in April for en-GB and in March for en-US.",
        example: "en-GB",
    },
    Setting {
        name: "BILLHOOK_SELLER_NAME",
        flag: Some("seller-name"),
        section: Section::Seller,
        shape: "a name of one line",
        default: "",
        doc: "Your name, or that of your business.",
        example: "Anna Schmidt Consulting",
    },
    Setting {
        name: "BILLHOOK_SELLER_ADDRESS",
        flag: Some("seller-address"),
        section: Section::Seller,
        shape: "an address in one line, its parts with commas between them",
        default: "",
        doc: "Your postal address, its lines with commas between them.",
        example: "Lindenweg 4, 1010 Wien, Austria",
    },
    Setting {
        name: "BILLHOOK_SELLER_TAX_ID",
        flag: Some("seller-tax-id"),
        section: Section::Seller,
        shape: "a tax number of one line",
        default: "",
        doc: "Your VAT, GST or other tax number.",
        example: "ATU12345678",
    },
    Setting {
        name: "BILLHOOK_SELLER_IBAN",
        flag: Some("seller-iban"),
        section: Section::Seller,
        shape: "an IBAN with the right check digits",
        default: "",
        doc: "The account that your customers pay to.",
        example: "AT61 1904 3002 3457 3201",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_flags_are_unique() {
        let names: BTreeSet<_> = all().map(|setting| setting.name).collect();
        let flags: BTreeSet<_> = all().filter_map(|setting| setting.flag).collect();
        let secrets = all().filter(|setting| setting.is_secret()).count();
        assert_eq!(names.len(), all().count());
        assert_eq!(flags.len() + secrets, all().count());
    }

    #[test]
    fn a_default_that_is_shown_is_right_and_a_secret_that_is_shown_opens_nothing() {
        let secrets = [
            "DATABASE_URL",
            "DATABASE_QUERY_URL",
            "DATABASE_MIGRATION_URL",
            "BILLHOOK_API_TOKEN",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_AUTH_TOKEN_SECONDARY",
        ];
        let of = |all: &[(&str, &str)]| {
            let sources = crate::config::Sources::of_environment(all);
            crate::config::Config::load(&sources).err().unwrap_or_default()
        };
        let mut all: Vec<_> = all().map(|setting| (setting.name, setting.example)).collect();
        let refused: Vec<String> = of(&all).into_iter().map(|wrong| wrong.subject).collect();
        assert_eq!(refused, secrets);
        for (name, value) in all.iter_mut().filter(|(name, _)| secrets.contains(name)) {
            *value = match *name {
                name if name.starts_with("DATABASE") => "postgres://a:0f5e6a7c9d@db.example.org/b",
                _ => "0f5e6a7c9d1b3e8f4a2c",
            };
        }
        assert_eq!(of(&all), Vec::new());
    }
}
