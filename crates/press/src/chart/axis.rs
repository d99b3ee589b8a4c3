//! The axis of a chart: round steps of 1, 2 or 5 times a power of ten, and where values stand on it.

use crate::habit;
use domain::tenant::Language;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The smallest step, as a power of ten; and the largest, which a decimal still holds.
const POWERS: std::ops::RangeInclusive<i32> = -9..=28;
/// Numbers on the axis have at most so many digits before the point; beyond, all are divided.
const MOST_DIGITS: i32 = 7;

/// An axis that always holds zero, counted in steps from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// 1, 2 or 5.
    mantissa: i16,
    /// Times ten to this.
    power: i32,
    /// The first mark, in steps; zero or below.
    pub low: i16,
    /// The last mark, in steps; above `low`.
    pub high: i16,
}

impl Axis {
    /// Returns the axis for some values with at most so many steps, which must be two or more.
    ///
    /// No step is finer than the values themselves: counts have no mark at a half.
    #[must_use]
    pub fn of(values: &[Decimal], most_steps: i16) -> Self {
        let zero = [Decimal::ZERO];
        let top = values.iter().chain(&zero).max().copied().unwrap_or_default();
        let foot = values.iter().chain(&zero).min().copied().unwrap_or_default();
        let decimals = values.iter().map(|value| value.normalize().scale()).max();
        let finest = decimals.and_then(|decimals| i32::try_from(decimals).ok()).unwrap_or(0);
        let steps = POWERS.filter(|power| *power >= finest.saturating_neg());
        let fits = |(power, mantissa): (i32, i16)| {
            let step = decimal(i64::from(mantissa), power)?;
            let low = foot.checked_div(step)?.floor().to_i16()?;
            let high = top.checked_div(step)?.ceil().to_i16()?;
            let axis = Self { mantissa, power, low, high: high.max(low.saturating_add(1)) };
            (axis.high.checked_sub(low)? <= most_steps).then_some(axis)
        };
        steps
            .flat_map(|power| [1, 2, 5].map(|mantissa| (power, mantissa)))
            .find_map(fits)
            .unwrap_or(Self { mantissa: 5, power: *POWERS.end(), low: -2, high: 2 })
    }

    /// Returns the marks, in steps.
    pub fn marks(&self) -> std::ops::RangeInclusive<i16> {
        self.low..=self.high
    }

    /// Returns where a mark stands between the first, 0, and the last, 1.
    #[must_use]
    pub fn place(&self, mark: i16) -> f32 {
        self.share(f32::from(mark))
    }

    /// Returns where a value stands between the first mark, 0, and the last, 1.
    #[must_use]
    pub fn place_of(&self, value: Decimal) -> f32 {
        let step = decimal(i64::from(self.mantissa), self.power);
        let steps = step.and_then(|step| value.checked_div(step)).and_then(|steps| steps.to_f32());
        self.share(steps.unwrap_or_default()).clamp(0.0, 1.0)
    }

    /// Returns the number at a mark, divided by [`Axis::divisor`].
    #[must_use]
    pub fn number(&self, mark: i16, language: Language) -> String {
        let power = self.power.saturating_sub(self.dropped_zeros());
        let number = i64::from(self.mantissa).saturating_mul(i64::from(mark));
        let value = if mark == 0 { None } else { decimal(number, power) };
        habit::number(value.unwrap_or_default(), language)
    }

    /// Returns what the numbers are divided by, so that they are short; nothing for one.
    #[must_use]
    pub fn divisor(&self, language: Language) -> Option<String> {
        let zeros = self.dropped_zeros();
        let divisor = decimal(1, zeros).filter(|_| zeros > 0)?;
        Some(habit::number(divisor, language))
    }

    /// Thousands, millions and so on that the largest number has too much.
    fn dropped_zeros(&self) -> i32 {
        let marks = self.high.unsigned_abs().max(self.low.unsigned_abs());
        let largest = i32::from(marks).saturating_mul(i32::from(self.mantissa));
        let own = largest.checked_ilog10().and_then(|log| i32::try_from(log).ok()).unwrap_or(0);
        let digits = self.power.saturating_add(own).saturating_add(1);
        let spare = digits.saturating_sub(2);
        if digits <= MOST_DIGITS { 0 } else { spare.saturating_sub(spare % 3) }
    }

    fn share(&self, steps: f32) -> f32 {
        let span = f32::from(self.high) - f32::from(self.low);
        (steps - f32::from(self.low)) / span.max(1.0)
    }
}

/// Returns a number times a power of ten, or nothing beyond what a decimal holds.
fn decimal(number: i64, power: i32) -> Option<Decimal> {
    match u32::try_from(power) {
        Ok(power) => {
            let factor = 10_i128.checked_pow(power)?;
            Decimal::try_from_i128_with_scale(i128::from(number).checked_mul(factor)?, 0).ok()
        }
        Err(_) => Decimal::try_from_i128_with_scale(i128::from(number), power.unsigned_abs()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[&str], language: Language) -> Vec<String> {
        let values: Vec<Decimal> = values.iter().map(|value| value.parse().unwrap()).collect();
        let axis = Axis::of(&values, 5);
        axis.marks().map(|mark| axis.number(mark, language)).collect()
    }

    #[test]
    fn marks_are_round_numbers_around_the_values() {
        assert_eq!(
            numbers(&["4210.55", "812"], Language::De),
            ["0", "1.000", "2.000", "3.000", "4.000", "5.000"]
        );
        assert_eq!(numbers(&["120", "-45.10"], Language::En), ["−50", "0", "50", "100", "150"]);
        assert_eq!(numbers(&["-7"], Language::En), ["−8", "−6", "−4", "−2", "0"]);
        assert_eq!(numbers(&["0.02"], Language::Fr), ["0", "0,01", "0,02"]);
        assert_eq!(numbers(&["123456"], Language::Hi), ["0", "50,000", "1,00,000", "1,50,000"]);
    }

    #[test]
    fn counts_have_no_halves_and_nothing_at_all_still_has_an_axis() {
        assert_eq!(numbers(&["1"], Language::En), ["0", "1"]);
        assert_eq!(numbers(&["0", "0"], Language::En), ["0", "1"]);
        assert_eq!(numbers(&[], Language::En), ["0", "1"]);
    }

    #[test]
    fn long_numbers_are_divided() {
        let axis = Axis::of(&[Decimal::from(34_500_000_000_i64)], 5);
        assert_eq!(axis.divisor(Language::En).as_deref(), Some("1,000,000,000"));
        assert_eq!(axis.number(axis.high, Language::En), "40");
        assert_eq!(Axis::of(&[Decimal::from(5_000_000)], 5).divisor(Language::En), None);
    }

    #[test]
    fn the_largest_values_have_their_place() {
        for values in [[Decimal::MAX, Decimal::MIN], [Decimal::MAX, Decimal::ONE]] {
            let axis = Axis::of(&values, 5);
            let places = values.map(|value| axis.place_of(value));
            assert!(places[0] > places[1] && places[0] <= 1.0, "{places:?}");
            assert!(axis.divisor(Language::En).is_some());
        }
        let axis = Axis::of(&[Decimal::new(1, 28)], 5);
        assert_eq!(axis.place_of(Decimal::ZERO), 0.0);
    }
}
