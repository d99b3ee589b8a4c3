//! Dates: what PostgreSQL says with types, in the words of SQLite, whose dates are texts.

use super::{
    guard::text_of,
    speech::{Refusal, Speech, nothing, unsupported},
};
use domain::dates::Date;
use sqlparser::ast::{
    BinaryOperator, DataType, DateTimeField, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Interval, ObjectNamePart, TypedString,
};

/// The columns that hold dates.
const COLUMNS: [&str; 5] = ["issue_date", "due_date", "paid_at", "created_at", "started_at"];
/// The functions whose value is a date.
const FUNCTIONS: [&str; 5] = ["date", "date_trunc", "now", "current_date", "current_timestamp"];
/// The functions whose value is a date if what they are given is one.
const PASSING_ON: [&str; 3] = ["min", "max", "coalesce"];
/// The most of a unit that is added.
const MOST: i32 = 10_000;

/// Returns whether plus or minus works on dates here.
pub fn is_about_days(left: &Expr, operator: &BinaryOperator, right: &Expr) -> bool {
    match operator {
        BinaryOperator::Plus => {
            is_date(left) || (is_date(right) && matches!(left, Expr::Interval(_)))
        }
        BinaryOperator::Minus => is_date(left),
        _ => false,
    }
}

fn is_date(expression: &Expr) -> bool {
    match expression {
        Expr::Identifier(name) => is_column(&name.value),
        Expr::CompoundIdentifier(names) => names.last().is_some_and(|name| is_column(&name.value)),
        Expr::TypedString(TypedString { data_type: DataType::Date, .. }) => true,
        Expr::Cast { data_type: DataType::Date | DataType::Timestamp(..), .. } => true,
        Expr::Nested(inner) => is_date(inner),
        Expr::Function(call) => {
            let name = function_name(call);
            let is_passed_on = || argument(call).is_some_and(is_date);
            FUNCTIONS.contains(&name.as_str())
                || (PASSING_ON.contains(&name.as_str()) && is_passed_on())
        }
        Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
            is_date(left) && !is_date(right)
        }
        _ => false,
    }
}

fn is_column(name: &str) -> bool {
    COLUMNS.iter().any(|column| name.eq_ignore_ascii_case(column))
}

/// Returns the name of a function in small letters; empty if it is more than a word.
pub fn function_name(call: &Function) -> String {
    match call.name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] => name.value.to_lowercase(),
        _ => String::new(),
    }
}

/// Returns the first argument of a call.
fn argument(call: &Function) -> Option<&Expr> {
    let FunctionArguments::List(list) = &call.args else { return None };
    match list.args.first() {
        Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(expression))) => Some(expression),
        _ => None,
    }
}

impl Speech {
    /// Says plus or minus of dates: days between two, or a date some time away.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn days(
        &mut self,
        left: &Expr,
        operator: &BinaryOperator,
        right: &Expr,
    ) -> Result<(), Refusal> {
        let is_minus = *operator == BinaryOperator::Minus;
        let (day, away) = if is_date(left) { (left, right) } else { (right, left) };
        if is_minus && is_date(away) {
            self.put("CAST(JULIANDAY(");
            self.expression(day)?;
            self.put(") - JULIANDAY(");
            self.expression(away)?;
            self.put(") AS INTEGER)");
            return Ok(());
        }
        self.put("DATE(");
        self.expression(day)?;
        if let Expr::Interval(interval) = away {
            for (number, unit) in parts(interval)? {
                let number = if is_minus { number.saturating_neg() } else { number };
                self.put(", ");
                self.bind(&format!("{number:+} {unit}"));
            }
        } else {
            self.put(if is_minus { ", (-(" } else { ", ((" });
            self.expression(away)?;
            self.put(")) || ");
            self.bind(" days");
        }
        self.put(")");
        Ok(())
    }

    /// Says what only the calendar knows: a date written out, a part of one.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn of_calendar(&mut self, expression: &Expr) -> Result<(), Refusal> {
        match expression {
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false }) => {
                let is_date = matches!(data_type, DataType::Date | DataType::Timestamp(..));
                nothing(is_date, "this kind of text")?;
                let text = text_of(&value.value).unwrap_or_default();
                let is_real = text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok());
                nothing(is_real && !text.contains('\0'), "a date that is no YYYY-MM-DD")?;
                self.bind(text);
                Ok(())
            }
            Expr::Extract { field, syntax: _, expr } => self.part(&field.to_string(), expr),
            _ => Err(unsupported("INTERVAL away from plus or minus of a date")),
        }
    }

    /// Says a part of a date, by the name that PostgreSQL has for it.
    ///
    /// # Errors
    ///
    /// [`Refusal`] for a part that is not known.
    pub fn part(&mut self, field: &str, day: &Expr) -> Result<(), Refusal> {
        let (format, ending) = match field.to_lowercase().as_str() {
            "year" => ("%Y", ""),
            "isoyear" => ("%G", ""),
            "quarter" => ("%m", " + 2) / 3"),
            "month" => ("%m", ""),
            "week" => ("%V", ""),
            "day" => ("%d", ""),
            "doy" => ("%j", ""),
            "dow" => ("%w", ""),
            "isodow" => ("%u", ""),
            other => {
                return Err(unsupported(&format!("EXTRACT of {}", super::guard::shortened(other))));
            }
        };
        self.put(if ending.is_empty() { "CAST(STRFTIME(" } else { "((CAST(STRFTIME(" });
        self.bind(format);
        self.put(", ");
        self.expression(day)?;
        self.put(") AS INTEGER)");
        self.put(ending);
        if !ending.is_empty() {
            self.put(")");
        }
        Ok(())
    }
}

/// Returns the numbers and units of an interval: `'1 month 3 days'`, `'7' DAY`.
fn parts(interval: &Interval) -> Result<Vec<(i32, &'static str)>, Refusal> {
    let Interval {
        value,
        leading_field,
        leading_precision: None,
        last_field: None,
        fractional_seconds_precision: None,
    } = interval
    else {
        return Err(unsupported("this kind of INTERVAL"));
    };
    let text = match &**value {
        Expr::Value(value) => match &value.value {
            sqlparser::ast::Value::Number(digits, _) => digits.clone(),
            value => text_of(value).unwrap_or_default().to_owned(),
        },
        _ => String::new(),
    };
    let unit = leading_field.as_ref().map(DateTimeField::to_string);
    let all = match unit {
        Some(unit) => format!("{text} {unit}"),
        None => text,
    };
    let words: Vec<&str> = all.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [number, unit] => counted(number, unit),
        _ => None,
    });
    let parts = pairs.collect::<Option<Vec<_>>>().filter(|parts| !parts.is_empty());
    parts.ok_or_else(|| unsupported("this INTERVAL"))
}

fn counted(number: &str, unit: &str) -> Option<(i32, &'static str)> {
    let number: i32 = number.parse().ok().filter(|number| (-MOST..=MOST).contains(number))?;
    match unit.to_lowercase().trim_end_matches('s') {
        "day" => Some((number, "days")),
        "week" => Some((number.checked_mul(7)?, "days")),
        "month" | "mon" => Some((number, "months")),
        "quarter" => Some((number.checked_mul(3)?, "months")),
        "year" => Some((number, "years")),
        _ => None,
    }
}
