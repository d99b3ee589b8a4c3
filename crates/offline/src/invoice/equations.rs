//! Net and tax that make a gross total: the splits that printed amounts allow.

use super::{candidates::Found, lexicon::Role, score::Cast, solve::near};
use domain::reading::ReadTax;
use rust_decimal::Decimal;

/// How a gross total parts to net and tax.
#[derive(Debug, Clone)]
pub struct Split {
    /// The net.
    pub net: Decimal,
    /// Where it stands; nothing where it was added up or is what the tax leaves.
    pub net_found: Option<Found>,
    /// The tax.
    pub tax: Decimal,
    /// Where it stands; nothing where it was added up.
    pub tax_found: Option<Found>,
    /// How surely.
    pub strength: Strength,
    score: i32,
}

/// What a split rests on, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A tax that a printed rate takes out of the gross total; the net is computed.
    Included,
    /// Net and tax by their labels add up.
    Labelled,
    /// Net and tax add up, and a printed rate gives the tax.
    Rated,
}

/// What splits are looked for in.
pub struct Splits<'a> {
    casts: &'a [Cast<'a>],
    money: Vec<&'a Found>,
    rates: &'a [Decimal],
    rows: &'a [ReadTax],
}

impl<'a> Splits<'a> {
    /// Prepares the search among amounts; the rates are the printed ones as fractions, without 0, and the
    /// rows those in which net, rate and tax agree, from the top.
    #[must_use]
    pub fn among(
        casts: &'a [Cast<'a>],
        amounts: &'a [Found],
        (rates, rows): (&'a [Decimal], &'a [ReadTax]),
    ) -> Self {
        let handed = |found: &Found| {
            casts.iter().any(|cast| {
                cast.found == found
                    && matches!(
                        cast.role,
                        Role::Cash | Role::Change | Role::Prepaid | Role::Rounding
                    )
            })
        };
        let shaped = |found: &&Found| found.is_money && !found.value.is_zero() && !handed(found);
        Self { casts, money: amounts.iter().filter(shaped).collect(), rates, rows }
    }

    /// Returns the best split of a gross total; nothing where no printed amounts give one.
    #[must_use]
    pub fn split(&self, gross: Decimal) -> Option<Split> {
        let mut splits = self.exact(gross);
        splits.extend(self.included(gross));
        // What was rounded is net and tax but for the printed rounding.
        let rounded = || {
            let rests = self.roundings().map(|rounding| gross.saturating_sub(rounding));
            rests.flat_map(|rest| self.exact(rest)).collect::<Vec<Split>>()
        };
        if splits.iter().all(|split| split.strength == Strength::Included) {
            splits.extend(rounded());
        }
        splits.into_iter().max_by_key(|split| (split.strength, split.score))
    }

    /// Returns the splits whose net and tax are the total to the cent.
    fn exact(&self, gross: Decimal) -> Vec<Split> {
        let mut splits = self.of_pairs(gross);
        splits.extend(self.of_groups(gross));
        splits.extend(self.of_table(gross));
        splits.extend(self.of_rows(gross));
        splits.extend(self.of_rate(gross));
        splits.extend(self.of_last_row(gross));
        splits
    }

    fn roundings(&self) -> impl Iterator<Item = Decimal> {
        let small = |value: &Decimal| !value.is_zero() && value.abs() < Decimal::ONE;
        let casts =
            self.casts.iter().filter(|cast| cast.role == Role::Rounding && cast.weight >= 6);
        casts.map(|cast| cast.found.value).filter(small)
    }

    /// Returns whether an amount is labelled as a net, as taken off or as a service, and not as a tax.
    fn is_no_tax(&self, found: &Found) -> bool {
        let other = self.label(found, &[Role::Discount, Role::Net, Role::Service]) > 0;
        other && self.label(found, &[Role::Tax, Role::TaxRow]) == 0
    }

    /// Returns whether another amount is clearly labelled as the tax, and this one is not.
    fn is_denied(&self, tax: &Found) -> bool {
        let clear = |cast: &&Cast<'_>| {
            cast.role == Role::Tax && cast.weight >= CLEAR_TAX && cast.found.is_money
        };
        let mut clear = self.casts.iter().filter(clear).peekable();
        clear.peek().is_some() && clear.all(|cast| cast.found.value.abs() != tax.value.abs())
    }

    fn label(&self, found: &Found, roles: &[Role]) -> i32 {
        let fitting = self.casts.iter().filter(|c| c.found == found && roles.contains(&c.role));
        fitting.map(|cast| cast.score).max().unwrap_or_default()
    }

    /// Returns whether a tax is said to be in the total without its rate, and a rate of whole percents
    /// gives it: `GST included in total 10.25`.
    fn is_said_included(&self, tax: &Found, net: Decimal) -> bool {
        let said = |cast: &Cast<'_>| {
            cast.found == tax && cast.role == Role::TaxRow && cast.weight >= CLEAR_TAX
        };
        self.casts.iter().any(said) && at_a_whole_rate(net, tax.value.abs())
    }

    fn money(&self) -> impl Iterator<Item = &'a Found> {
        self.money.iter().copied()
    }

    fn at_a_rate(&self, net: Decimal, tax: Decimal) -> bool {
        self.rates.iter().any(|rate| agrees(*rate, net, tax))
    }

    /// One net and one tax.
    fn of_pairs(&self, gross: Decimal) -> Vec<Split> {
        let mut splits = Vec::new();
        for net in self.money().filter(|net| net.value.abs() < gross) {
            let rest = gross.saturating_sub(net.value.abs());
            for tax in self.money().filter(|tax| tax.value.abs() < net.value.abs()) {
                let cents = tax.value.abs().saturating_sub(rest).abs();
                if tax == net || cents > Decimal::new(1, 2) || self.is_no_tax(tax) {
                    continue;
                }
                let net_named = self.label(net, &[Role::Net, Role::Gross, Role::TaxRow]) > 0;
                let tax_named = self.label(tax, &[Role::Tax, Role::TaxRow]) > 0;
                let (net_value, tax_value) = (net.value.abs(), tax.value.abs());
                let named = (net_named && tax_named)
                    || self.is_row_of_totals(net, tax, gross)
                    || ((net_named || tax_named) && at_a_whole_rate(net_value, tax_value));
                let rated = self.at_a_rate(net.value.abs(), tax.value.abs());
                let strength = match (rated, named) {
                    (true, _) => Strength::Rated,
                    (false, true) if !self.is_denied(tax) => Strength::Labelled,
                    (false, _) => continue,
                };
                let score =
                    self.label(net, &[Role::Net]).saturating_add(self.label(tax, &[Role::Tax]));
                splits.push(Split {
                    net: net.value.abs(),
                    net_found: Some(net.clone()),
                    tax: tax.value.abs(),
                    tax_found: Some(tax.clone()),
                    strength,
                    score: if cents.is_zero() { score.saturating_add(5) } else { score },
                });
            }
        }
        splits
    }

    /// Returns whether net, tax and total follow one another on one line that is labelled as a total:
    /// `TOTAL 17.00 2.47 19.47` below a table of tax.
    fn is_row_of_totals(&self, net: &Found, tax: &Found, gross: Decimal) -> bool {
        let whole = self.money().find(|found| found.line == net.line && found.value == gross);
        let in_order = whole.is_some_and(|whole| {
            tax.line == net.line && net.from < tax.from && tax.from < whole.from
        });
        let roles = [Role::Gross, Role::Net, Role::TaxRow];
        let labelled = |cast: &Cast<'_>| {
            cast.found.line == net.line && roles.contains(&cast.role) && cast.weight >= 6
        };
        in_order && self.casts.iter().any(labelled)
    }

    /// The tax and the total of all rows, in the last one of a table: `TOTAL: 31.88 209.00` below rows that
    /// print the tax in two halves of 15.94.
    fn of_last_row(&self, gross: Decimal) -> Option<Split> {
        self.money().filter(|found| found.value == gross).find_map(|whole| {
            let mut before = self.money().filter(|f| f.line == whole.line && f.from < whole.from);
            let tax = before.next().filter(|_| before.next().is_none())?;
            let net = gross.saturating_sub(tax.value);
            let half = tax.value.checked_div(Decimal::TWO)?;
            let halves = self.money().filter(|found| found.value == half).count() >= 2;
            let halved = halves && self.rates.iter().any(|rate| agrees(*rate, net, half));
            let rated = halved || self.is_total(whole) && self.at_a_rate(net, tax.value);
            let fits = rated && tax.value > Decimal::ZERO && tax.value < net;
            let net_found = self.money().find(|found| found.value == net).cloned();
            let (tax, tax_found) = (tax.value, Some(tax.clone()));
            let strength = Strength::Rated;
            fits.then_some(Split { net, net_found, tax, tax_found, strength, score: 55 })
        })
    }

    fn is_total(&self, found: &Found) -> bool {
        self.casts
            .iter()
            .any(|cast| cast.found == found && cast.role == Role::Gross && cast.weight >= 6)
    }

    /// One net by its label that a printed rate alone turns into the total: `Subtotal 380.00`, `VAT
    /// 12%`, `Total 425.60`.
    fn of_rate(&self, gross: Decimal) -> Option<Split> {
        let taxed = |cast: &Cast<'_>| {
            let tax = matches!(cast.role, Role::Tax | Role::TaxRow);
            tax && cast.found.is_money && !cast.found.value.is_zero()
        };
        if self.rates.len() != 1 || self.casts.iter().any(taxed) {
            return None;
        }
        let fitting = self.money().filter(|net| {
            let tax = gross.saturating_sub(net.value);
            // In an item line the rate is about that line.
            let row = self.money().any(|other| other.line == net.line && other.value == gross);
            !row && self.label(net, &[Role::Net]) > 0
                && tax > Decimal::ZERO
                && self.at_a_rate(net.value, tax)
        });
        let net = fitting.max_by_key(|net| self.label(net, &[Role::Net]))?;
        let tax = gross.saturating_sub(net.value);
        let (net_found, strength) = (Some(net.clone()), Strength::Labelled);
        Some(Split { net: net.value, net_found, tax, tax_found: None, strength, score: -1 })
    }

    /// One net and the taxes of two or three rates, each with a label on a line of its own.
    fn of_groups(&self, gross: Decimal) -> Vec<Split> {
        let taxes: Vec<&Found> = self
            .money()
            .filter(|found| self.label(found, &[Role::Tax]) > 0 && found.value > Decimal::ZERO)
            .take(8)
            .collect();
        let mut splits = Vec::new();
        for (at, one) in taxes.iter().enumerate() {
            for (to, other) in taxes.iter().enumerate().skip(at.saturating_add(1)) {
                let pair = one.value.saturating_add(other.value);
                let thirds = taxes
                    .iter()
                    .skip(to.saturating_add(1))
                    .map(|third| (pair.saturating_add(third.value), third.line != other.line));
                for (tax, apart) in std::iter::once((pair, one.line != other.line)).chain(thirds) {
                    splits.extend(self.beside(gross, tax).filter(|_| apart));
                }
            }
        }
        splits
    }

    /// Returns the split of a tax that was added up and the printed net that it leaves.
    fn beside(&self, gross: Decimal, tax: Decimal) -> Option<Split> {
        let fitting = self.money().filter(|net| {
            let sum = net.value.abs().saturating_add(tax);
            near(sum, gross)
                && tax < net.value.abs()
                && self.label(net, &[Role::Net, Role::Gross]) > 0
        });
        let net = fitting.max_by_key(|net| self.label(net, &[Role::Net, Role::Gross]))?;
        Some(Split {
            net: net.value.abs(),
            net_found: Some(net.clone()),
            tax,
            tax_found: None,
            strength: Strength::Labelled,
            score: self.label(net, &[Role::Net]),
        })
    }

    /// The rows of a table of tax: on each the tax is the net at a printed rate.
    fn of_table(&self, gross: Decimal) -> Option<Split> {
        let (mut net, mut tax, mut rows) = (Decimal::ZERO, Decimal::ZERO, 0_usize);
        let mut lines: Vec<usize> = self.money().map(|found| found.line).collect();
        lines.dedup();
        let mut seen: Vec<(Decimal, Decimal)> = Vec::new();
        for line in lines {
            let on: Vec<Decimal> =
                self.money().filter(|f| f.line == line).map(|f| f.value.abs()).collect();
            let pairs = on.iter().flat_map(|net| on.iter().map(move |tax| (*net, *tax)));
            let fits = |(net, tax): &(Decimal, Decimal)| tax < net && self.at_a_rate(*net, *tax);
            let sum = |(one, other): &(Decimal, Decimal)| one.saturating_add(*other);
            let best = pairs.filter(fits).max_by_key(|pair| on.contains(&sum(pair)));
            let Some(pair) = best.filter(|pair| !seen.contains(pair)) else { continue };
            seen.push(pair);
            net = net.saturating_add(pair.0);
            tax = tax.saturating_add(pair.1);
            rows = rows.saturating_add(1);
            if near(net.saturating_add(tax), gross) && rows >= 2 {
                let printed = |value: Decimal| self.money().find(|f| f.value == value).cloned();
                let (net_found, tax_found) = (printed(net), printed(tax));
                let strength = Strength::Rated;
                return Some(Split { net, net_found, tax, tax_found, strength, score: 60 });
            }
        }
        None
    }

    /// Rows of different rates, one of them 0 perhaps, that follow one another and add up.
    fn of_rows(&self, gross: Decimal) -> Option<Split> {
        (0..self.rows.len()).find_map(|from| {
            let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
            let mut seen: Vec<Option<Decimal>> = Vec::new();
            for row in self.rows.iter().skip(from) {
                if seen.contains(&row.rate) {
                    break;
                }
                seen.push(row.rate);
                net = net.saturating_add(row.net.unwrap_or_default());
                tax = tax.saturating_add(row.tax.unwrap_or_default());
                let whole = net.saturating_add(tax) == gross && tax > Decimal::ZERO;
                if whole && seen.len() >= 2 {
                    let printed = |value: Decimal| self.money().find(|f| f.value == value).cloned();
                    let (net_found, tax_found) = (printed(net), printed(tax));
                    let strength = Strength::Rated;
                    return Some(Split { net, net_found, tax, tax_found, strength, score: 50 });
                }
            }
            None
        })
    }

    /// A tax that is in the gross total at a printed rate.
    fn included(&self, gross: Decimal) -> Option<Split> {
        let fitting = self.money().filter(|tax| {
            let net = gross.saturating_sub(tax.value.abs());
            self.label(tax, &[Role::Tax, Role::TaxRow]) > 0
                && tax.value.abs().saturating_mul(Decimal::from(3)) < gross
                && (self.at_a_rate(net, tax.value.abs()) || self.is_said_included(tax, net))
        });
        let tax = fitting.max_by_key(|tax| self.label(tax, &[Role::Tax]))?;
        Some(Split {
            net: gross.saturating_sub(tax.value.abs()),
            net_found: None,
            tax: tax.value.abs(),
            tax_found: Some(tax.clone()),
            strength: Strength::Included,
            score: 0,
        })
    }
}

/// Returns whether a tax is the net at a rate, to the cent.
#[must_use]
pub fn agrees(rate: Decimal, net: Decimal, tax: Decimal) -> bool {
    let product = net.checked_mul(rate);
    product.is_some_and(|product| product.saturating_sub(tax).abs() <= Decimal::new(11, 3))
}

/// From this weight on a label leaves no doubt that an amount is the tax.
const CLEAR_TAX: u8 = 9;

/// No tax on sales is higher.
const HIGHEST_RATE: Decimal = Decimal::from_parts(30, 0, 0, false, 2);

/// Returns whether a tax is the net at a rate of whole percents, as most rates are.
fn at_a_whole_rate(net: Decimal, tax: Decimal) -> bool {
    let share = tax.checked_mul(Decimal::ONE_HUNDRED).and_then(|tax| tax.checked_div(net));
    let rate = share.and_then(|share| share.round().checked_div(Decimal::ONE_HUNDRED));
    rate.is_some_and(|rate| !rate.is_zero() && rate <= HIGHEST_RATE && agrees(rate, net, tax))
}
