//! The settings of what several processes share.

use super::Reader;
use crate::config::{OtherUsers, Problem, values};
use gateways::redis::RedisSettings;
use secrecy::{ExposeSecret, SecretString};

impl Reader<'_> {
    /// Returns the server of Redis; nothing where there is none.
    pub(super) fn redis(&mut self) -> Option<RedisSettings> {
        let url = self.optional("REDIS_URL", values::redis);
        let prefix = self.required("REDIS_PREFIX", values::word);
        Some(RedisSettings { url: url?, prefix: prefix? })
    }

    /// Returns the other users of a server; a file has none.
    pub(super) fn other_users(&mut self, database: Option<&SecretString>) -> OtherUsers {
        let users = OtherUsers {
            queries: self.optional("DATABASE_QUERY_URL", values::server),
            owner: self.optional("DATABASE_MIGRATION_URL", values::server),
        };
        let is_file = database.is_none_or(|url| url.expose_secret().starts_with("sqlite:"));
        if is_file && !self.is_wrong("DATABASE_URL") {
            for name in ["DATABASE_QUERY_URL", "DATABASE_MIGRATION_URL"] {
                if self.is_said(name) {
                    self.problems.push(Problem::new(
                        name,
                        format!("{name} is set, but the database is a file, which has no users"),
                        format!("leave {name} out, or set DATABASE_URL to a server of PostgreSQL"),
                    ));
                }
            }
        }
        users
    }

    /// Refuses passwords that everybody tries first.
    pub(super) fn forbid_known_passwords(
        &mut self,
        servers: &[(&'static str, Option<&SecretString>)],
    ) {
        for (name, server) in servers {
            if server.is_some_and(values::is_guessable) {
                self.problems.push(Problem::new(
                    *name,
                    format!("the password in {name} is one that everybody tries first"),
                    "give this user of the database a long random password".to_owned(),
                ));
            }
        }
    }
}
