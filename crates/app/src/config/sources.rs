//! Where values come from: flags, environment, the file `billhook.toml`, in this order.

use super::{
    Problem,
    registry::{self, Setting},
};
use std::{collections::BTreeMap, path::Path};

/// The file that is read from the working directory where no other is named.
pub const DEFAULT_FILE: &str = "billhook.toml";

/// Everything that settings are read from, unread but for the file's text.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    flags: BTreeMap<&'static str, String>,
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

/// A value as it was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// What was written, without white space around it.
    pub text: String,
    /// Where: `--port`, `PORT`, `port in billhook.toml`.
    pub place: String,
}

impl Sources {
    /// Gathers flags, the process's environment, and the settings file: the named one, else
    /// `billhook.toml` in the working directory if it is there.
    #[must_use]
    pub fn gather(flags: BTreeMap<&'static str, String>, file: Option<&Path>) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
            .collect();
        let mut sources = Self { flags, environment, ..Self::default() };
        let path = file.unwrap_or_else(|| Path::new(DEFAULT_FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => sources.read_file(path, &text),
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => sources.problems.push(Problem::of_file(
                path,
                format!("cannot be read: {error}"),
                "name a TOML file that exists and that you may read",
            )),
        }
        sources
    }

    /// Makes sources of an environment alone.
    #[cfg(test)]
    pub fn of_environment(environment: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { environment: environment.iter().map(owned).collect(), ..Self::default() }
    }

    /// Adds a flag.
    #[cfg(test)]
    pub fn with_flag(mut self, name: &'static str, value: &str) -> Self {
        self.flags.insert(name, value.to_owned());
        self
    }

    /// Adds the text of a settings file.
    #[cfg(test)]
    pub fn with_file(mut self, text: &str) -> Self {
        self.read_file(Path::new(DEFAULT_FILE), text);
        self
    }

    /// Returns what is wrong with the sources themselves, such as an unknown key in the file.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns a setting's value from the first source that has one; empty values count as none.
    ///
    /// # Errors
    ///
    /// If a secret is given twice in one source, or its file cannot be read.
    pub fn find(&self, setting: &Setting) -> Result<Option<Raw>, Problem> {
        if let Some(text) = self.flags.get(setting.name) {
            let flag = setting.flag.unwrap_or_default();
            return Ok(Some(Raw { text: text.trim().to_owned(), place: format!("--{flag}") }));
        }
        let key = setting.name.to_ascii_lowercase();
        match in_source(setting, &self.environment, setting.name, "")? {
            Some(raw) => Ok(Some(raw)),
            None => in_source(setting, &self.file, &key, &format!(" in {DEFAULT_FILE}")),
        }
    }

    fn read_file(&mut self, path: &Path, text: &str) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                let line = error.span().map_or(1, |span| line_of(text, span.start));
                let wrong = format!("line {line} is not TOML: {}", error.message());
                self.problems.push(Problem::of_file(
                    path,
                    wrong,
                    "write lines such as port = 8080",
                ));
                return;
            }
        };
        for (key, value) in table {
            match (is_known(&key), written(&value)) {
                (false, _) => self.problems.push(unknown_key(path, &key)),
                (true, Some(text)) => drop(self.file.insert(key, text)),
                (true, None) => self.problems.push(Problem::of_file(
                    path,
                    format!("{key} has a value of the wrong kind"),
                    "write a text in quotes, a number, or a list of texts",
                )),
            }
        }
    }
}

fn in_source(
    setting: &Setting,
    source: &BTreeMap<String, String>,
    name: &str,
    place: &str,
) -> Result<Option<Raw>, Problem> {
    let value = |name: &str| source.get(name).map(|text| text.trim()).filter(|t| !t.is_empty());
    let file_name =
        if name == setting.name { format!("{name}_FILE") } else { format!("{name}_file") };
    let file = setting.is_secret().then(|| value(&file_name)).flatten();
    match (value(name), file) {
        (Some(_), Some(_)) => Err(Problem::new(
            setting.name,
            format!("both {name} and {file_name} are set{place}"),
            "set one of them".to_owned(),
        )),
        (Some(text), None) => {
            Ok(Some(Raw { text: text.to_owned(), place: format!("{name}{place}") }))
        }
        (None, Some(path)) => read_secret(setting, &file_name, Path::new(path), place).map(Some),
        (None, None) => Ok(None),
    }
}

fn read_secret(setting: &Setting, name: &str, path: &Path, place: &str) -> Result<Raw, Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(
            setting.name,
            format!("{name}{place} names {}, which cannot be read: {error}", path.display()),
            "name a file that holds the secret and nothing else".to_owned(),
        )
    })?;
    Ok(Raw { text: text.trim().to_owned(), place: format!("the file of {name}{place}") })
}

fn written(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

fn keys() -> impl Iterator<Item = String> {
    registry::all().flat_map(|setting| {
        let key = setting.name.to_ascii_lowercase();
        let file = setting.is_secret().then(|| format!("{key}_file"));
        [Some(key), file].into_iter().flatten()
    })
}

fn is_known(key: &str) -> bool {
    keys().any(|known| known == key)
}

fn unknown_key(path: &Path, key: &str) -> Problem {
    let wanted = key.to_ascii_lowercase();
    let nearest = keys()
        .map(|known| {
            (distance(&known, &wanted).min(distance_without_prefix(&known, &wanted)), known)
        })
        .min();
    let hint = match nearest {
        Some((steps, known)) if steps <= 3 => format!("did you mean {known}?"),
        _ => "`billhook reference settings` lists all keys".to_owned(),
    };
    Problem::of_file(path, format!("the key {key} is unknown"), &hint)
}

/// People leave our prefix out: `data_dir` is near to `billhook_data_dir`.
fn distance_without_prefix(known: &str, wanted: &str) -> usize {
    known.strip_prefix("billhook_").map_or(usize::MAX, |short| distance(short, wanted))
}

/// Returns how many letters must be added, dropped or replaced to get from one word to another.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line.saturating_add(1);
        for (cell, against) in
            row.iter_mut().zip(std::iter::once(None).chain(other.iter().map(Some)))
        {
            let above = *cell;
            *cell = match against {
                None => left,
                Some(against) => {
                    let replaced = diagonal.saturating_add(usize::from(*against != letter));
                    replaced.min(above.saturating_add(1)).min(left.saturating_add(1))
                }
            };
            diagonal = above;
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn line_of(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or_default().matches('\n').count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_single_letters() {
        assert_eq!(distance("port", "port"), 0);
        assert_eq!(distance("port", "prt"), 1);
        assert_eq!(distance("log_level", "loglevel"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "xyz"), 3);
    }

    #[test]
    fn a_line_is_found_by_its_byte() {
        assert_eq!(line_of("a\nb\nc", 4), 3);
        assert_eq!(line_of("", 0), 1);
    }
}
