//! Our own words for a statement of others, as they are written down.

use super::guard::{Allowed, RELATIONS, shortened};
use domain::dates::Date;
use sqlparser::ast::Ident;
use std::{collections::BTreeSet, fmt::Write};

/// How deep queries and expressions may lie in each other.
const MAX_DEPTH: usize = 120;
/// The longest name.
const MAX_NAME: usize = 64;
/// How often a statement may put everything together with everything.
const MAX_PRODUCTS: usize = 1;

/// What is not allowed, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

impl Refusal {
    /// Makes a refusal.
    pub fn new(said: impl Into<String>) -> Self {
        Self(said.into())
    }
}

/// Refuses what is not supported.
pub fn unsupported(what: &str) -> Refusal {
    Refusal::new(format!("{what} is not supported"))
}

/// Refuses what is there and must not be.
///
/// # Errors
///
/// [`Refusal`] where it is there.
pub fn nothing(is_absent: bool, what: &str) -> Result<(), Refusal> {
    if is_absent { Ok(()) } else { Err(Refusal::new(format!("{what} is not allowed"))) }
}

/// The statement as far as it is written, and what it may name.
#[derive(Debug)]
pub struct Speech {
    sql: String,
    texts: Vec<String>,
    today: Date,
    /// The names that WITH gives, a list for each query around this place.
    named: Vec<Vec<String>>,
    depth: usize,
    reads: BTreeSet<&'static str>,
    relations: usize,
    products: usize,
    adds_up: bool,
    names_currency: bool,
}

impl Speech {
    /// Begins a statement.
    pub fn new(today: Date) -> Self {
        Self {
            sql: String::new(),
            texts: Vec::new(),
            today,
            named: Vec::new(),
            depth: 0,
            reads: BTreeSet::new(),
            relations: 0,
            products: 0,
            adds_up: false,
            names_currency: false,
        }
    }

    /// Returns the finished statement.
    pub fn spoken(self, headings: Option<Vec<String>>) -> Allowed {
        Allowed {
            sql: self.sql,
            texts: self.texts,
            reads: self.reads,
            headings,
            adds_up: self.adds_up,
            names_currency: self.names_currency,
        }
    }

    /// Adds words of our own.
    pub fn put(&mut self, words: &str) {
        self.sql.push_str(words);
    }

    /// Adds a text as a bound value.
    pub fn bind(&mut self, text: &str) {
        let place = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len().saturating_sub(1)
        });
        // Writing into a String cannot fail.
        let _ = write!(self.sql, "?{}", place.saturating_add(1));
    }

    /// Adds the user's date.
    pub fn bind_today(&mut self) {
        let today = self.today.to_string();
        self.bind(&today);
    }

    /// Adds a name in quotes.
    ///
    /// # Errors
    ///
    /// [`Refusal`] for a name that could be more than a name.
    pub fn name(&mut self, name: &Ident) -> Result<(), Refusal> {
        let is_safe =
            |c: char| !c.is_control() && !matches!(c, '"' | '\'' | '`' | '\\' | '[' | ']' | '?');
        let value = &name.value;
        let length = value.chars().count();
        if length == 0 || length > MAX_NAME || !value.chars().all(is_safe) {
            return Err(Refusal::new(format!("{} is no usable name", shortened(value))));
        }
        if value.eq_ignore_ascii_case("currency") {
            self.names_currency = true;
        }
        let _ = write!(self.sql, "\"{value}\"");
        Ok(())
    }

    /// Adds a relation: one of ours, or one that WITH has named.
    ///
    /// # Errors
    ///
    /// [`Refusal`] for any other, and for more than `most`.
    pub fn reads(&mut self, name: &Ident, most: usize) -> Result<(), Refusal> {
        self.relations = self.relations.saturating_add(1);
        if self.relations > most {
            return Err(Refusal::new(format!("more than {most} relations are not allowed")));
        }
        let word = name.value.to_lowercase();
        if !self.named.iter().flatten().any(|named| *named == word) {
            let ours = RELATIONS.iter().find(|relation| **relation == word).ok_or_else(|| {
                Refusal::new(format!(
                    "there is no relation {}; there are {}",
                    shortened(&name.value),
                    RELATIONS.join(", ")
                ))
            })?;
            self.reads.insert(ours);
        }
        self.name(name)
    }

    /// Notes a name that WITH gives to the query around this place.
    pub fn name_relation(&mut self, name: &Ident) {
        if let Some(names) = self.named.last_mut() {
            names.push(name.value.to_lowercase());
        }
    }

    /// Begins a query whose WITH may name relations.
    pub fn open_names(&mut self) {
        self.named.push(Vec::new());
    }

    /// Ends it.
    pub fn close_names(&mut self) {
        self.named.pop();
    }

    /// Notes that relations are put together without a condition.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if that happens too often.
    pub fn joins_everything(&mut self) -> Result<(), Refusal> {
        self.products = self.products.saturating_add(1);
        let is_fine = self.products <= MAX_PRODUCTS;
        nothing(is_fine, "joining more than two relations without a condition")
    }

    /// Notes that a currency is shown or asked for.
    pub fn names_currency(&mut self) {
        self.names_currency = true;
    }

    /// Notes that values are added up.
    pub fn adds_up(&mut self) {
        self.adds_up = true;
    }

    /// Says things with commas between them.
    ///
    /// # Errors
    ///
    /// [`Refusal`] of any of them.
    pub fn list<T>(
        &mut self,
        all: &[T],
        mut say: impl FnMut(&mut Self, &T) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut is_first = true;
        for one in all {
            if !is_first {
                self.put(", ");
            }
            is_first = false;
            say(self, one)?;
        }
        Ok(())
    }

    /// Says what lies one level deeper.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if that is too deep.
    pub fn deeper(
        &mut self,
        say: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if self.depth >= MAX_DEPTH {
            return Err(Refusal::new("the statement is nested too deeply"));
        }
        self.depth = self.depth.saturating_add(1);
        say(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}
