//! Functions of the private database that SQLite has not, or has without decimals.

use domain::dates::Date;
use rusqlite::{
    Connection, Error,
    functions::{Aggregate, Context, FunctionFlags, WindowAggregate},
    types::{Value, ValueRef},
};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// Adds them to a connection.
pub fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, figure) in [("sum", Figure::Sum), ("total", Figure::Total), ("avg", Figure::Average)]
    {
        connection.create_window_function(name, 1, flags, figure)?;
    }
    connection.create_scalar_function("round", 1, flags, |call| rounded(call, 0))?;
    connection.create_scalar_function("round", 2, flags, |call| {
        let places = call.get::<Option<i64>>(1)?.unwrap_or_default();
        rounded(call, u32::try_from(places.clamp(0, 15)).unwrap_or_default())
    })?;
    connection.create_scalar_function("ceil", 1, flags, |call| with(call, |n| n.ceil()))?;
    connection.create_scalar_function("floor", 1, flags, |call| with(call, |n| n.floor()))?;
    connection.create_scalar_function("mod", 2, flags, |call| {
        let by = number(call.get_raw(1)).unwrap_or_default();
        let left = number(call.get_raw(0)).and_then(|n| n.checked_rem(by));
        Ok(left.map_or(Value::Null, value))
    })?;
    // Those of SQLite know no letters but those of English.
    connection.create_scalar_function("lower", 1, flags, |call| cased(call, str::to_lowercase))?;
    connection.create_scalar_function("upper", 1, flags, |call| cased(call, str::to_uppercase))?;
    connection.create_scalar_function("date_trunc", 2, flags, date_trunc)?;
    connection.create_scalar_function("to_char", 2, flags, to_char)
}

/// Returns a number of the engine as a decimal of fifteen digits, as many as it holds exactly;
/// nothing if it is too large.
pub fn decimal(number: f64) -> Option<Decimal> {
    if number == 0.0 {
        return Some(Decimal::ZERO);
    }
    Decimal::from_scientific(&format!("{number:.14e}")).ok().map(|decimal| decimal.normalize())
}

fn number(value: ValueRef<'_>) -> Option<Decimal> {
    match value {
        ValueRef::Integer(number) => Some(Decimal::from(number)),
        ValueRef::Real(number) => decimal(number),
        ValueRef::Text(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

fn value(decimal: Decimal) -> Value {
    decimal.to_f64().map_or(Value::Null, Value::Real)
}

fn with(call: &Context<'_>, change: impl Fn(Decimal) -> Decimal) -> rusqlite::Result<Value> {
    Ok(number(call.get_raw(0)).map_or(Value::Null, |number| value(change(number))))
}

fn rounded(call: &Context<'_>, places: u32) -> rusqlite::Result<Value> {
    with(call, |n| n.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
}

fn cased(call: &Context<'_>, change: impl Fn(&str) -> String) -> rusqlite::Result<Value> {
    Ok(match call.get::<Value>(0)? {
        Value::Text(text) => Value::Text(change(&text)),
        Value::Blob(_) => Value::Null,
        other => other,
    })
}

/// Returns the date at the start of a text.
fn day(call: &Context<'_>, place: usize) -> rusqlite::Result<Option<Date>> {
    let text = call.get::<Option<String>>(place)?;
    Ok(text.and_then(|text| text.get(..10).and_then(|date| date.parse().ok())))
}

/// `DATE_TRUNC('month', date)`: the first day of the unit that the date is in.
fn date_trunc(call: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let unit = call.get::<String>(0)?.to_lowercase();
    let Some(day) = day(call, 1)? else { return Ok(None) };
    let first = match unit.as_str() {
        "day" => Some(day),
        "week" => {
            let past = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(jiff::Span::new().days(past)).ok()
        }
        "month" => Some(day.first_of_month()),
        "quarter" => {
            let month = day.month().saturating_sub(1).wrapping_div(3).saturating_mul(3);
            Date::new(day.year(), month.saturating_add(1), 1).ok()
        }
        "year" => Some(day.first_of_year()),
        _ => return Err(Error::UserFunctionError("date_trunc knows day to year only".into())),
    };
    Ok(first.map(|day| day.to_string()))
}

/// `TO_CHAR(date, 'YYYY-MM')`: only of dates, and with the commonest of PostgreSQL's patterns.
fn to_char(call: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let pattern = call.get::<String>(1)?;
    let Some(day) = day(call, 0)? else { return Ok(None) };
    let quarter = day.month().saturating_add(2).wrapping_div(3);
    let parts = [
        ("YYYY", format!("{:04}", day.year())),
        ("MM", format!("{:02}", day.month())),
        ("DD", format!("{:02}", day.day())),
        ("Mon", day.strftime("%b").to_string()),
        ("Q", quarter.to_string()),
    ];
    let mut written = String::new();
    let mut rest = pattern.as_str();
    while let Some(c) = rest.chars().next() {
        let part = parts.iter().find(|(name, _)| rest.starts_with(name));
        let length = part.map_or(c.len_utf8(), |(name, _)| name.len());
        match part {
            Some((_, text)) => written.push_str(text),
            None if c.is_alphanumeric() => {
                let words = "to_char knows YYYY, MM, Mon, DD and Q only";
                return Err(Error::UserFunctionError(words.into()));
            }
            None => written.push(c),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(Some(written))
}

/// Which figure of many numbers.
#[derive(Debug, Clone, Copy)]
enum Figure {
    Sum,
    Total,
    Average,
}

/// The numbers so far.
#[derive(Debug, Clone, Copy)]
struct Tally {
    sum: Decimal,
    count: i64,
    /// How many of them are not whole by type.
    reals: i64,
}

impl Tally {
    const EMPTY: Self = Self { sum: Decimal::ZERO, count: 0, reals: 0 };

    fn moved(&mut self, call: &Context<'_>, by: i64) -> rusqlite::Result<()> {
        let raw = call.get_raw(0);
        if matches!(raw, ValueRef::Null) {
            return Ok(());
        }
        let number = number(raw).unwrap_or_default();
        let sum = if by > 0 { self.sum.checked_add(number) } else { self.sum.checked_sub(number) };
        let too_large = || Error::UserFunctionError("the sum is too large".into());
        self.sum = sum.ok_or_else(too_large)?;
        self.count = self.count.saturating_add(by);
        if !matches!(raw, ValueRef::Integer(_)) {
            self.reals = self.reals.saturating_add(by);
        }
        Ok(())
    }
}

impl Figure {
    fn of(self, tally: Tally) -> Value {
        let count = Decimal::from(tally.count);
        match self {
            Self::Sum | Self::Average if tally.count == 0 => Value::Null,
            Self::Sum if tally.reals == 0 => {
                tally.sum.to_i64().map_or_else(|| value(tally.sum), Value::Integer)
            }
            Self::Sum | Self::Total => value(tally.sum),
            Self::Average => tally.sum.checked_div(count).map_or(Value::Null, value),
        }
    }
}

impl Aggregate<Tally, Value> for Figure {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Tally> {
        Ok(Tally::EMPTY)
    }

    fn step(&self, call: &mut Context<'_>, tally: &mut Tally) -> rusqlite::Result<()> {
        tally.moved(call, 1)
    }

    fn finalize(&self, _: &mut Context<'_>, tally: Option<Tally>) -> rusqlite::Result<Value> {
        Ok(self.of(tally.unwrap_or(Tally::EMPTY)))
    }
}

impl WindowAggregate<Tally, Value> for Figure {
    fn value(&self, tally: Option<&mut Tally>) -> rusqlite::Result<Value> {
        Ok(self.of(tally.map_or(Tally::EMPTY, |tally| *tally)))
    }

    fn inverse(&self, call: &mut Context<'_>, tally: &mut Tally) -> rusqlite::Result<()> {
        tally.moved(call, -1)
    }
}
