//! From sources to a [`Config`]: every value and every rule between values is checked, whatever
//! else is wrong.

mod bucket;
mod model;
mod operation;
mod sharing;

use super::{Config, Problem, Role, Sources, TwilioSettings, registry, values};
use crate::worker::Keep;
use domain::{party::Party, tenant::Habits};
use secrecy::{ExposeSecret, SecretString};
use std::{net::SocketAddr, path::Path};

/// Reads all settings.
///
/// # Errors
///
/// Every wrong one.
pub fn config(sources: &Sources) -> Result<Config, Vec<Problem>> {
    let mut reader = Reader { sources, problems: sources.problems().to_vec() };
    let config = reader.config();
    match config {
        Some(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(reader.problems),
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn config(&mut self) -> Option<Config> {
        // Each line is read before the first one that is wrong ends it.
        let data_dir = self.required("BILLHOOK_DATA_DIR", values::path);
        let database = self.optional("DATABASE_URL", values::database);
        let other_users = self.other_users(database.as_ref());
        self.forbid_known_passwords(&[
            ("DATABASE_URL", database.as_ref()),
            ("DATABASE_QUERY_URL", other_users.queries.as_ref()),
            ("DATABASE_MIGRATION_URL", other_users.owner.as_ref()),
        ]);
        let connections = self.required("BILLHOOK_DATABASE_CONNECTIONS", values::connections);
        let bucket = self.bucket();
        let keep = self.keep();
        let redis = self.redis();
        let rate_limit = self.required("BILLHOOK_RATE_LIMIT", values::rate);
        let role = self.role(database.as_ref());
        let listen = self.listen();
        let public_base_url = self.optional("PUBLIC_BASE_URL", values::base_url);
        let api_token = self.guard("BILLHOOK_API_TOKEN");
        let twilio = self.twilio();
        let model = self.model();
        let habits = self.habits();
        let seller = self.seller();
        let log = self.log();
        let metrics_listen = self.optional("BILLHOOK_METRICS_LISTEN", values::address);
        let traces = self.traces();
        let data_dir = data_dir?;
        Some(Config {
            database_url: database.unwrap_or_else(|| database_in(&data_dir)),
            data_dir,
            other_users,
            connections: connections?,
            bucket,
            keep: keep?,
            redis,
            rate_limit: rate_limit?,
            role: role?,
            listen: listen?,
            public_base_url,
            twilio,
            model: model?,
            api_token,
            habits: habits?,
            seller,
            log: log?,
            metrics_listen,
            traces: traces?,
        })
    }

    fn keep(&mut self) -> Option<Keep> {
        let media_days = self.required("BILLHOOK_KEEP_MEDIA_DAYS", values::days);
        let messages_days = self.required("BILLHOOK_KEEP_MESSAGES_DAYS", values::days);
        Some(Keep { media_days: media_days?, messages_days: messages_days? })
    }

    fn role(&mut self, database: Option<&SecretString>) -> Option<Role> {
        let role = self.required("BILLHOOK_ROLE", values::role)?;
        let is_file = database.is_none_or(|url| url.expose_secret().starts_with("sqlite:"));
        if role != Role::All && is_file && !self.is_wrong("DATABASE_URL") {
            self.problems.push(Problem::new(
                "BILLHOOK_ROLE",
                "SQLite can be used by one process only, which must do everything".to_owned(),
                "leave BILLHOOK_ROLE out, or set DATABASE_URL to a server of PostgreSQL".to_owned(),
            ));
        }
        Some(role)
    }

    /// Returns whether a setting has been found to be wrong.
    fn is_wrong(&self, name: &str) -> bool {
        self.problems.iter().any(|problem| problem.subject == name)
    }

    fn listen(&mut self) -> Option<SocketAddr> {
        let port_is_said = self.is_said("PORT");
        let port = self.required("PORT", values::port);
        let (address, own_port) = self.required("BILLHOOK_LISTEN", values::listen)?;
        let port = port?;
        if let Some(own) = own_port
            && port_is_said
            && own != port
        {
            self.problems.push(Problem::new(
                "PORT",
                format!("PORT is {port}, but BILLHOOK_LISTEN names port {own}"),
                "leave the port out of one of them".to_owned(),
            ));
        }
        Some(SocketAddr::new(address, own_port.unwrap_or(port)))
    }

    fn twilio(&mut self) -> Option<TwilioSettings> {
        const NEEDED: [&str; 4] =
            ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM", "PUBLIC_BASE_URL"];
        let account_sid = self.optional("TWILIO_ACCOUNT_SID", values::account_sid);
        let auth_token = self.guard("TWILIO_AUTH_TOKEN");
        let secondary = self.guard("TWILIO_AUTH_TOKEN_SECONDARY");
        let from = self.optional("TWILIO_WHATSAPP_FROM", values::whatsapp_sender);
        let api_base_url = self.required("TWILIO_API_BASE_URL", values::guarded_url);
        let media_hosts = self.required("TWILIO_MEDIA_HOSTS", values::hosts);
        let wanted = [NEEDED[0], NEEDED[1], "TWILIO_AUTH_TOKEN_SECONDARY", NEEDED[2]]
            .into_iter()
            .find(|name| self.is_said(name))?;
        for name in NEEDED {
            self.demand(name, wanted);
        }
        Some(TwilioSettings {
            account_sid: account_sid?,
            auth_token: auth_token?,
            auth_token_secondary: secondary,
            from: from?,
            api_base_url: api_base_url?,
            media_hosts: media_hosts?,
        })
    }

    fn habits(&mut self) -> Option<Habits> {
        let currency = self.required("BILLHOOK_CURRENCY", values::currency);
        let time_zone = self.optional("BILLHOOK_TIME_ZONE", values::time_zone);
        let locale = self.optional("BILLHOOK_LOCALE", values::locale);
        Some(Habits {
            currency: currency?,
            time_zone: time_zone.unwrap_or_else(zone_of_this_machine),
            locale: locale.unwrap_or_default(),
            ..Habits::default()
        })
    }

    fn seller(&mut self) -> Party {
        Party {
            name: self.optional("BILLHOOK_SELLER_NAME", values::line).unwrap_or_default(),
            address: self.optional("BILLHOOK_SELLER_ADDRESS", values::line),
            tax_id: self.optional("BILLHOOK_SELLER_TAX_ID", values::line),
            iban: self.optional("BILLHOOK_SELLER_IBAN", values::iban),
            email: None,
            payee: None,
        }
    }

    /// Reads a secret that keeps others out; whoever knows our example must not get in.
    fn guard(&mut self, name: &str) -> Option<SecretString> {
        let example = registry::find(name)?.example;
        self.optional(name, |text| values::guard(text).filter(|_| text != example))
    }

    /// Reads a setting that may be left out; nothing if it is, or if it is wrong.
    fn optional<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let setting = registry::find(name)?;
        let raw = match self.sources.find(setting) {
            Ok(raw) => raw?,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let value = parse(&raw.text);
        if value.is_none() {
            let shown = if setting.is_secret() {
                format!("the value of {}", raw.place)
            } else {
                format!("{} is {:?}, which", raw.place, raw.text)
            };
            self.problems.push(Problem::new(
                setting.name,
                format!("{shown} is not {}", setting.shape),
                format!("for example {}={}", setting.name, setting.example),
            ));
        }
        value
    }

    /// Reads a setting that has a default; nothing only if it is wrong.
    fn required<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let default = registry::find(name)?.default;
        if self.is_said(name) { self.optional(name, parse) } else { parse(default) }
    }

    /// Returns whether a setting has a value, right or wrong.
    fn is_said(&self, name: &str) -> bool {
        registry::find(name).is_some_and(|setting| !matches!(self.sources.find(setting), Ok(None)))
    }

    fn demand(&mut self, name: &str, because: &str) {
        if self.is_said(name) {
            return;
        }
        let example = registry::find(name).map_or("", |setting| setting.example);
        self.problems.push(Problem::new(
            name,
            format!("{name} is not set, but {because} is, and WhatsApp needs both"),
            format!("set {name}, for example {name}={example}, or leave all TWILIO_ settings out"),
        ));
    }
}

fn database_in(data_dir: &Path) -> SecretString {
    format!("sqlite://{}", data_dir.join("billhook.db").display()).into()
}

fn zone_of_this_machine() -> String {
    jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}

#[cfg(test)]
mod tests;
