//! What asking a model costs: exact, in millionths of a US dollar, the currency of every price list.

use super::Usage;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

/// Millionths of a US dollar.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cost(pub u64);

/// How many tokens a price is given for, and how many parts a dollar has here.
const MILLION: u64 = 1_000_000;

impl Cost {
    /// Nothing.
    pub const FREE: Self = Self(0);

    /// Returns the cost that a decimal number of dollars means; nothing for a negative one, one
    /// with more than six decimals or beyond a million dollars.
    #[must_use]
    pub fn parse(dollars: &str) -> Option<Self> {
        let dollars: Decimal = dollars.parse().ok()?;
        let millionths = dollars.checked_mul(Decimal::from(MILLION))?;
        let fits = millionths.fract().is_zero() && dollars <= Decimal::from(MILLION);
        millionths.to_u64().filter(|_| fits).map(Self)
    }

    /// Returns both together, held at the largest cost there is.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, rest) = (self.0.checked_div(MILLION), self.0.checked_rem(MILLION));
        let digits = format!("{:06}", rest.unwrap_or_default());
        let cents = digits.trim_end_matches('0');
        write!(f, "{}.{cents:0<2} USD", dollars.unwrap_or_default())
    }
}

/// What a million tokens cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// Tokens in.
    pub input: Cost,
    /// Tokens in that the server had seen just before.
    pub cached: Cost,
    /// Tokens out.
    pub output: Cost,
}

impl Price {
    /// The price of a model of one's own.
    pub const FREE: Self = Self { input: Cost::FREE, cached: Cost::FREE, output: Cost::FREE };

    /// Returns what this usage costs, rounded up to the millionth.
    #[must_use]
    pub fn of(&self, usage: Usage) -> Cost {
        let fresh = usage.input_tokens.saturating_sub(usage.cached_tokens);
        let cached = usage.cached_tokens.min(usage.input_tokens);
        let parts =
            [(fresh, self.input), (cached, self.cached), (usage.output_tokens, self.output)];
        let sum = parts.iter().fold(0_u128, |sum, (tokens, price)| {
            sum.saturating_add(u128::from(*tokens).saturating_mul(u128::from(price.0)))
        });
        Cost(u64::try_from(sum.div_ceil(u128::from(MILLION))).unwrap_or(u64::MAX))
    }
}

/// Adds up what the attempts of one call have taken, also where it ends in an error: an answer
/// that cannot be used has been paid for.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Usage>);

impl Meter {
    /// Adds what one attempt has taken.
    pub fn add(&self, usage: Usage) {
        let mut sum = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *sum = sum.plus(usage);
    }

    /// Returns what all attempts so far have taken.
    #[must_use]
    pub fn read(&self) -> Usage {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_and_shown_to_the_millionth() {
        for (text, millionths, shown) in [
            ("0.15", 150_000, "0.15 USD"),
            ("5", 5_000_000, "5.00 USD"),
            ("0.000001", 1, "0.000001 USD"),
            ("0", 0, "0.00 USD"),
        ] {
            assert_eq!(Cost::parse(text), Some(Cost(millionths)));
            assert_eq!(Cost(millionths).to_string(), shown);
        }
        for wrong in ["", "-1", "1,50", "0.0000001", "1000000.01", "five"] {
            assert_eq!(Cost::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn cached_tokens_have_their_own_price_and_parts_of_a_millionth_round_up() {
        let price = Price { input: Cost(150_000), cached: Cost(75_000), output: Cost(600_000) };
        let usage = Usage { input_tokens: 25_501, output_tokens: 300, cached_tokens: 1_024 };
        // 24,477 at 0.15, 1,024 at 0.075 and 300 at 0.60 for a million.
        assert_eq!(price.of(usage), Cost(3_929));
        assert_eq!(price.of(Usage { input_tokens: 1, ..Usage::default() }), Cost(1));
        assert_eq!(Price::FREE.of(usage), Cost::FREE);
        let odd = Usage { input_tokens: 10, cached_tokens: 99, output_tokens: 0 };
        assert_eq!(price.of(odd), Cost(1));
    }
}
