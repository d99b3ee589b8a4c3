//! Commands that take a value: "currency USD", "time zone Berlin", "usage".

use super::Command;
use crate::{
    replies::{Odd, Oddness},
    words::{self, Words},
};
use domain::{money::Currency, names::fold};

/// Returns the setting that a whole message shows or sets.
pub fn of(said: &str) -> Option<Command> {
    let said = said.trim().trim_start_matches('/');
    if all(|words| &words.usage).any(|phrase| *phrase == fold(said)) {
        return Some(Command::Usage);
    }
    if let Some(value) = value(said, |words| &words.currency) {
        return match value {
            "" => Some(Command::Currency(None)),
            code => match Currency::parse(&code.to_uppercase()) {
                Some(code) => Some(Command::Currency(Some(code))),
                None => odd(code, Oddness::Currency),
            },
        };
    }
    match value(said, |words| &words.time_zone)? {
        "" => Some(Command::TimeZone(None)),
        zone => match known_zone(zone) {
            Some(zone) => Some(Command::TimeZone(Some(zone))),
            None => odd(zone, Oddness::Zone),
        },
    }
}

/// Returns that there is no such value. More than a word is a sentence about something else.
fn odd(typed: &str, how: Oddness) -> Option<Command> {
    let is_word = !typed.contains(char::is_whitespace);
    is_word.then(|| Command::Odd(Odd { typed: typed.to_owned(), how }))
}

fn all(list: fn(&Words) -> &Vec<String>) -> impl Iterator<Item = &'static String> {
    words::all().iter().flat_map(list)
}

/// Returns what stands behind the longest phrase of a list that a message begins with.
fn value(said: &str, list: fn(&Words) -> &Vec<String>) -> Option<&str> {
    let ends = said.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, ':' | '='));
    let ends: Vec<usize> = ends.map(|(at, _)| at).chain([said.len()]).collect();
    let found = ends.into_iter().rev().find(|end| {
        let head = said.get(..*end).map(fold).unwrap_or_default();
        all(list).any(|phrase| *phrase == head)
    })?;
    let rest = said.get(found..)?;
    Some(rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '.' | '?')))
}

/// Returns the name in the register of time zones that is meant, "Berlin" for `Europe/Berlin`.
fn known_zone(typed: &str) -> Option<String> {
    let wanted = fold(typed);
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let whole = names.iter().find(|name| fold(name) == wanted);
    let city = |name: &&String| {
        name.rsplit('/').next().is_some_and(|city| fold(&city.replace('_', " ")) == wanted)
    };
    whole.or_else(|| names.iter().find(city)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_every_language_and_nothing_else_is_taken_for_one() {
        let usd = Currency::parse("USD");
        let zone = |name: &str| Some(Command::TimeZone(Some(name.to_owned())));
        for (text, expected) in [
            ("currency", Some(Command::Currency(None))),
            ("Currency: usd", Some(Command::Currency(usd))),
            ("Meine Währung ist USD", Some(Command::Currency(usd))),
            ("العملة USD", Some(Command::Currency(usd))),
            ("time zone Europe/Berlin", zone("Europe/Berlin")),
            ("zona horaria Madrid", zone("Europe/Madrid")),
            ("time zone new york", zone("America/New_York")),
            ("time zone?", Some(Command::TimeZone(None))),
            ("Verbrauch", Some(Command::Usage)),
            ("currency of invoice 17 is USD", None),
            ("time zone Atlantis", odd("Atlantis", Oddness::Zone)),
            ("currency XYZ", odd("XYZ", Oddness::Currency)),
            ("hello", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
