//! Our own words for a statement of others, as they are written down.

use super::guard::{Allowed, RELATIONS, shortened};
use domain::dates::Date;
use sqlparser::ast::Ident;
use std::{collections::BTreeSet, fmt::Write};

/// How deep queries and expressions may lie in each other.
const MAX_DEPTH: usize = 120;
/// The longest name.
const MAX_NAME: usize = 64;
/// Numbers of its own that a column may reckon with: halves, days, weeks, months and a percentage.
const HARMLESS: [&str; 10] = ["0", "1", "2", "3", "7", "12", "30", "52", "100", "365"];
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
    /// The column that is being said, if any.
    column: Option<Column>,
    own_numbers: Vec<String>,
}

/// What one column of a SELECT is made of.
#[derive(Debug, Default)]
struct Column {
    /// Whether anything in it comes from the rows.
    is_of_rows: bool,
    /// The numbers in it that do not.
    numbers: Vec<String>,
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
            column: None,
            own_numbers: Vec::new(),
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
            own_numbers: self.own_numbers,
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

    /// Says a column and notes the numbers that it does not take from the rows: all of a column that
    /// takes nothing from them, else those that no unit of time, percentage or rounding explains.
    ///
    /// # Errors
    ///
    /// [`Refusal`] of what is said.
    pub fn column(
        &mut self,
        say: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let around = self.column.replace(Column::default());
        say(self)?;
        let said = std::mem::replace(&mut self.column, around).unwrap_or_default();
        if said.is_of_rows {
            self.takes_from_rows();
        }
        // What EXISTS asks for may be anything.
        let is_fine = |number: &String| match said.is_of_rows {
            true => HARMLESS.contains(&number.trim_end_matches(".0").trim_end_matches(".00")),
            false => self.depth > 1 && number == "1",
        };
        self.own_numbers.extend(said.numbers.iter().filter(|number| !is_fine(number)).cloned());
        Ok(())
    }

    /// Says what is beside the columns: a number there chooses rows and is shown nowhere.
    ///
    /// # Errors
    ///
    /// [`Refusal`] of what is said.
    pub fn beside_columns(
        &mut self,
        say: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let around = self.column.take();
        say(self)?;
        self.column = around;
        Ok(())
    }

    /// Notes that a column takes something from the rows.
    pub fn takes_from_rows(&mut self) {
        if let Some(column) = &mut self.column {
            column.is_of_rows = true;
        }
    }

    /// Notes a number that the statement brings along, as a value or within a text. A text may hold
    /// parts of a date and ordinals.
    pub fn brings(&mut self, value: &str, is_text: bool) {
        let Some(column) = &mut self.column else { return };
        if !is_text {
            column.numbers.push(value.to_owned());
            return;
        }
        let is_year =
            |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
        let runs = value.split(|c: char| !c.is_ascii_digit());
        let long = runs.filter(|run| run.len() > 2 && !is_year(run));
        column.numbers.extend(long.map(str::to_owned));
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
