//! Money as whole minor units with a currency, and the decimals around it.
//!
//! All rounding of amounts happens here: half up (away from zero), once, to the currency's minor
//! unit (EN 16931, BR-CO-17). Amounts of different currencies never meet in one operation.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro, used where a default must exist.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// Returns the currency of an ISO 4217 code in any case, or nothing.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase()).map(Self)
    }

    /// Returns the code, three capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Returns the number of decimal places: 2 for EUR, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }

    /// Returns the sign that people write, such as `€`; the code where there is none of its own.
    #[must_use]
    pub fn sign(self) -> String {
        self.0.symbol().to_string()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| serde::de::Error::custom("not an ISO 4217 code"))
    }
}

/// What can go wrong with an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The amount does not fit in 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
    /// Two currencies met.
    #[error("amounts of {0} and {1} cannot be combined")]
    Mixed(Currency, Currency),
}

/// An exact amount: whole minor units (cents) of one currency; may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units, such as cents.
    pub minor: i64,
    /// The currency of the minor units.
    pub currency: Currency,
}

impl Money {
    /// The most minor units of an amount from outside: ten million millions of euros. Sums of
    /// thousands of such amounts still fit in 64 bits.
    pub const MOST_MINOR: u64 = 1_000_000_000_000_000;

    /// Makes an amount from minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Returns nothing at all, in this currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Rounds a decimal half up to the currency's minor unit.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] beyond [`Money::MOST_MINOR`].
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let mut minor = amount
            .round_dp_with_strategy(currency.decimals(), RoundingStrategy::MidpointAwayFromZero);
        for _ in 0..currency.decimals() {
            minor = minor.checked_mul(Decimal::TEN).ok_or(MoneyError::Overflow)?;
        }
        let minor = minor.to_i64().filter(|minor| minor.unsigned_abs() <= Self::MOST_MINOR);
        minor.map(|minor| Self::new(minor, currency)).ok_or(MoneyError::Overflow)
    }

    /// Returns the amount in major units, with exactly the currency's decimal places.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.decimals())
    }

    /// Adds two amounts of one currency.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Mixed`] for two currencies, [`MoneyError::Overflow`] beyond 64 bits.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Subtracts an amount of the same currency.
    ///
    /// # Errors
    ///
    /// As [`Money::plus`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Returns the tax on this net amount.
    ///
    /// Rounds half up, once, to the currency's minor unit (EN 16931, BR-CO-17).
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if the tax does not fit in 64 bits of minor units.
    pub fn tax_at(self, rate: Rate) -> Result<Self, MoneyError> {
        let tax = self.decimal().checked_mul(rate.0).ok_or(MoneyError::Overflow)?;
        Self::rounded(tax, self.currency)
    }

    /// Returns whether two amounts of one currency differ by at most so many minor units.
    #[must_use]
    pub fn is_within(self, tolerance_minor: u64, other: Self) -> bool {
        self.currency == other.currency && self.minor.abs_diff(other.minor) <= tolerance_minor
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed(self.currency, other.currency))
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

/// Adds up amounts, one sum per currency, in the order of the codes.
///
/// # Errors
///
/// [`MoneyError::Overflow`] if a sum does not fit in 64 bits of minor units.
pub fn sum_by_currency(amounts: impl IntoIterator<Item = Money>) -> Result<Vec<Money>, MoneyError> {
    let mut sums: std::collections::BTreeMap<Currency, Money> = std::collections::BTreeMap::new();
    for amount in amounts {
        let sum = sums.entry(amount.currency).or_insert_with(|| Money::zero(amount.currency));
        *sum = sum.plus(amount)?;
    }
    Ok(sums.into_values().collect())
}

/// A number of units; up to 28 significant digits, may be negative on credit notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(pub Decimal);

/// The price of one unit in major units; may have more decimals than the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPrice(pub Decimal);

/// A share as a fraction: 19 % is `0.19`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub Decimal);

impl Rate {
    /// Makes a rate from a percentage: 19 becomes `0.19`.
    #[must_use]
    pub fn from_percent(percent: Decimal) -> Self {
        Self(percent.checked_mul(Decimal::new(1, 2)).unwrap_or_default().normalize())
    }

    /// Returns the percentage: `0.19` becomes 19.
    #[must_use]
    pub fn percent(self) -> Decimal {
        self.0.checked_mul(Decimal::ONE_HUNDRED).unwrap_or_default().normalize()
    }
}

/// Returns quantity × price, rounded half up to the currency's minor unit.
///
/// # Errors
///
/// [`MoneyError::Overflow`] if the product does not fit.
pub fn line_amount(
    quantity: Quantity,
    price: UnitPrice,
    currency: Currency,
) -> Result<Money, MoneyError> {
    let product = quantity.0.checked_mul(price.0).ok_or(MoneyError::Overflow)?;
    Money::rounded(product, currency)
}

/// Parses a plain decimal with a point, such as a machine writes it.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str(text.trim()).ok()
}

/// Returns the amount that a printed or typed word says: `1.234,50`, `€45.10`, `45,10EUR`.
///
/// It must show exactly the currency's decimals, so that times, dates and quantities are none.
#[must_use]
pub fn printed_amount(word: &str, currency: Currency) -> Option<Decimal> {
    let number = word.trim_matches(|c: char| !c.is_ascii_digit());
    let apart = |c: char| matches!(c, '.' | ',' | '\'' | '\u{a0}' | '\u{202f}');
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || apart(c)) {
        return None;
    }
    let decimals = usize::try_from(currency.decimals()).ok()?;
    let (whole, cents) = match number.rfind(['.', ',']) {
        Some(at) if decimals > 0 => number.split_at(at),
        _ if decimals == 0 => (number, ""),
        _ => return None,
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (groups, cents) = (whole.split(apart).skip(1), digits(cents));
    if cents.len() != decimals || !groups.into_iter().all(|group| group.len() == 3) {
        return None;
    }
    let text = if decimals == 0 { digits(whole) } else { format!("{}.{cents}", digits(whole)) };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn tax_is_rounded_half_up_once() {
        let rate = Rate::from_percent(Decimal::from(19));
        assert_eq!(eur(1050).tax_at(rate), Ok(eur(200)));
        assert_eq!(eur(-1050).tax_at(rate), Ok(eur(-200)));
    }

    #[test]
    fn the_exponent_is_the_currency_s_own() {
        let yen = Currency::parse("jpy").unwrap();
        let dinar = Currency::parse("KWD").unwrap();
        assert_eq!(Money::rounded(Decimal::new(15, 1), yen), Ok(Money::new(2, yen)));
        assert_eq!(Money::rounded(Decimal::new(12345, 4), dinar), Ok(Money::new(1235, dinar)));
        assert_eq!(Currency::parse("XX1"), None);
    }

    #[test]
    fn currencies_are_never_added_together() {
        let usd = Currency::parse("USD").unwrap();
        assert_eq!(eur(1).plus(Money::new(1, usd)), Err(MoneyError::Mixed(Currency::EUR, usd)));
        let sums = sum_by_currency([eur(5), Money::new(7, usd), eur(6)]).unwrap();
        assert_eq!(sums, vec![eur(11), Money::new(7, usd)]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(Money::rounded(Decimal::MAX, Currency::EUR), Err(MoneyError::Overflow));
        assert_eq!(eur(i64::MAX).plus(eur(1)), Err(MoneyError::Overflow));
        let most = eur(1_000_000_000_000_000).decimal();
        assert_eq!(Money::rounded(most, Currency::EUR), Ok(eur(1_000_000_000_000_000)));
        let more = most + Decimal::new(1, 2);
        assert_eq!(Money::rounded(more, Currency::EUR), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn decimals_and_minor_units_are_the_same_amount(
            minor in -1_000_000_000_000_000_i64..=1_000_000_000_000_000
        ) {
            prop_assert_eq!(Money::rounded(eur(minor).decimal(), Currency::EUR), Ok(eur(minor)));
        }
    }

    #[test]
    fn printed_amounts_show_the_currency_s_decimals() {
        let euros = |word| printed_amount(word, Currency::EUR).map(|amount| amount.to_string());
        assert_eq!(euros("1.234,50").as_deref(), Some("1234.50"));
        assert_eq!(euros("€45.10").as_deref(), Some("45.10"));
        assert_eq!(euros("12:30"), None);
        assert_eq!(euros("03.05.25"), None);
        assert_eq!(euros("4711"), None);
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(printed_amount("1,500", yen), Some(Decimal::from(1500)));
    }
}
