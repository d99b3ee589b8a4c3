//! An invoice that someone asks for in a sentence, and the totals it will have.

use crate::{
    dates::Date,
    ids::InvoiceId,
    invoice::{Direction, Invoice, Kind, Line, Proof, Status, TaxGroup},
    money::{Currency, Money, MoneyError, Quantity, Rate, UnitPrice, line_amount, sum_by_currency},
    party::Party,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One item of a draft; the price may still be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftItem {
    /// What; never empty.
    pub description: String,
    /// How many; one if not said.
    pub quantity: Quantity,
    /// The price of one in major units.
    pub unit_price: Option<UnitPrice>,
}

/// A discount on the whole invoice, before tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A share of the net total.
    Rate(Rate),
    /// An amount in major units.
    Amount(Decimal),
}

/// Tax on the whole invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftTax {
    /// A rate; inclusive if the prices already contain it.
    Rate {
        /// The rate as a fraction.
        rate: Rate,
        /// Whether the prices contain it.
        inclusive: bool,
    },
    /// An amount in major units.
    Amount(Decimal),
}

/// What must be asked before an invoice can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Who is to pay.
    Customer,
    /// What for.
    Items,
    /// The price of an item.
    Price,
}

/// An invoice as a sentence asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Who is to pay.
    pub customer: Option<String>,
    /// His e-mail address.
    pub customer_email: Option<String>,
    /// The items, in order.
    pub items: Vec<DraftItem>,
    /// The currency.
    pub currency: Currency,
    /// The issue date; today unless said.
    pub issue_date: Date,
    /// The due date.
    pub due_date: Option<Date>,
    /// A number that the person chose.
    pub number: Option<String>,
    /// A discount.
    pub discount: Option<Discount>,
    /// Tax.
    pub tax: Option<DraftTax>,
    /// Notes to print.
    pub notes: Option<String>,
}

/// The totals of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTotals {
    /// The amount of each item, in order.
    pub amounts: Vec<Money>,
    /// The sum of the items, without tax, before the discount.
    pub subtotal: Money,
    /// The discount; zero or positive.
    pub discount: Money,
    /// The tax.
    pub tax: Money,
    /// What is to be paid.
    pub gross: Money,
}

impl Draft {
    /// Makes a draft that says nothing yet.
    #[must_use]
    pub const fn empty(currency: Currency, issue_date: Date) -> Self {
        Self {
            customer: None,
            customer_email: None,
            items: Vec::new(),
            currency,
            issue_date,
            due_date: None,
            number: None,
            discount: None,
            tax: None,
            notes: None,
        }
    }

    /// Returns what must be asked first, in the order to ask; empty if nothing.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let customer = self.customer.as_deref().is_none_or(|name| name.trim().is_empty());
        let items = self.items.is_empty();
        let price = self.items.iter().any(|item| item.unit_price.is_none());
        [(customer, Missing::Customer), (items, Missing::Items), (price, Missing::Price)]
            .into_iter()
            .filter_map(|(is_missing, what)| is_missing.then_some(what))
            .collect()
    }

    /// Returns the totals, or nothing while there are no items or a price is missing.
    ///
    /// Each item is rounded half up on its own; the discount comes before the tax.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if an amount does not fit.
    pub fn totals(&self) -> Result<Option<DraftTotals>, MoneyError> {
        let prices: Option<Vec<UnitPrice>> =
            self.items.iter().map(|item| item.unit_price).collect();
        let Some(prices) = prices.filter(|prices| !prices.is_empty()) else { return Ok(None) };
        let amounts = self
            .items
            .iter()
            .zip(prices)
            .map(|(item, price)| line_amount(item.quantity, price, self.currency))
            .collect::<Result<Vec<_>, _>>()?;
        let sum = sum_by_currency(amounts.iter().copied())?
            .pop()
            .unwrap_or_else(|| Money::zero(self.currency));
        let discount = match self.discount {
            None => Money::zero(self.currency),
            Some(Discount::Rate(rate)) => sum.tax_at(rate)?,
            Some(Discount::Amount(amount)) => Money::rounded(amount, self.currency)?,
        };
        self.with_tax(amounts, sum, discount).map(Some)
    }

    /// Returns the totals of a draft that makes sense as an invoice.
    ///
    /// # Errors
    ///
    /// [`Objection`] to what nobody means to send.
    pub fn sensible_totals(&self) -> Result<Option<DraftTotals>, Objection> {
        let is_over = |rate: Rate| rate.0 > Decimal::ONE;
        if matches!(self.tax, Some(DraftTax::Rate { rate, .. }) if is_over(rate)) {
            return Err(Objection::TaxRate);
        }
        if self.due_date.is_some_and(|due| due < self.issue_date) {
            return Err(Objection::DueDate);
        }
        let is_nothing = |item: &DraftItem| {
            item.quantity.0 <= Decimal::ZERO
                || item.unit_price.is_some_and(|price| price.0 < Decimal::ZERO)
        };
        if self.items.iter().any(is_nothing) {
            return Err(Objection::Quantity);
        }
        let totals = self.totals().map_err(|_| Objection::TooLarge)?;
        match &totals {
            Some(totals) if totals.gross.minor < 0 => Err(Objection::Discount),
            _ => Ok(totals),
        }
    }

    fn with_tax(
        &self,
        amounts: Vec<Money>,
        sum: Money,
        discount: Money,
    ) -> Result<DraftTotals, MoneyError> {
        let taxable = sum.minus(discount)?;
        let (subtotal, tax, gross) = match self.tax {
            None => (sum, Money::zero(self.currency), taxable),
            Some(DraftTax::Amount(amount)) => {
                let tax = Money::rounded(amount, self.currency)?;
                (sum, tax, taxable.plus(tax)?)
            }
            Some(DraftTax::Rate { rate, inclusive: false }) => {
                let tax = taxable.tax_at(rate)?;
                (sum, tax, taxable.plus(tax)?)
            }
            Some(DraftTax::Rate { rate, inclusive: true }) => {
                let tax = contained_tax(taxable, rate)?;
                (sum.minus(tax)?, tax, taxable)
            }
        };
        Ok(DraftTotals { amounts, subtotal, discount, tax, gross })
    }
}

/// Why no invoice is made of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objection {
    /// An amount is larger than any invoice.
    TooLarge,
    /// The discount is more than all items together.
    Discount,
    /// The tax is more than the price.
    TaxRate,
    /// It would be due before it is issued.
    DueDate,
    /// A quantity is not above zero, or a price below it.
    Quantity,
}

/// Returns the issued invoice that a complete draft makes; without a number it is still a draft.
///
/// The net total is after the discount, as EN 16931 has it (BT-109).
///
/// # Errors
///
/// [`MoneyError`] if an amount does not fit.
pub fn issue(
    draft: &Draft,
    totals: &DraftTotals,
    seller: &Party,
    id: InvoiceId,
    number: Option<String>,
) -> Result<Invoice, MoneyError> {
    let net = totals.gross.minus(totals.tax)?;
    let rate = match draft.tax {
        Some(DraftTax::Rate { rate, .. }) => Some(rate),
        _ => None,
    };
    let group = TaxGroup { rate, net: Some(net), tax: Some(totals.tax) };
    let line = |(item, amount): (&DraftItem, &Money)| Line {
        description: item.description.clone(),
        quantity: Some(item.quantity),
        unit_price: item.unit_price,
        amount: Some(*amount),
        tax_rate: rate,
    };
    let customer = draft.customer.clone().unwrap_or_default();
    Ok(Invoice {
        id,
        direction: Direction::Issued,
        kind: Kind::Invoice,
        status: if number.is_some() { Status::Unpaid } else { Status::Draft },
        number,
        vendor: seller.clone(),
        customer: Party { email: draft.customer_email.clone(), ..Party::named(customer) },
        issue_date: draft.issue_date,
        due_date: draft.due_date,
        paid_on: None,
        currency: draft.currency,
        lines: draft.items.iter().zip(&totals.amounts).map(line).collect(),
        taxes: if draft.tax.is_some() { vec![group] } else { Vec::new() },
        net: Some(net),
        tax: Some(totals.tax),
        gross: totals.gross,
        allowance: Some(totals.discount).filter(|discount| discount.minor != 0),
        prepaid: None,
        rounding: None,
        category: None,
        notes: draft.notes.clone(),
        document: None,
        proof: Proof::Proven,
    })
}

/// Returns the tax that a gross amount contains.
fn contained_tax(gross: Money, rate: Rate) -> Result<Money, MoneyError> {
    let factor = rate.0.checked_add(Decimal::ONE).ok_or(MoneyError::Overflow)?;
    let net = gross.decimal().checked_div(factor).ok_or(MoneyError::Overflow)?;
    gross.minus(Money::rounded(net, gross.currency)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    fn draft(prices: &[(i64, i64)]) -> Draft {
        let items = prices
            .iter()
            .map(|(quantity, cents)| DraftItem {
                description: "work".to_owned(),
                quantity: Quantity(Decimal::from(*quantity)),
                unit_price: Some(UnitPrice(Decimal::new(*cents, 2))),
            })
            .collect();
        Draft { items, ..Draft::empty(Currency::EUR, date(2025, 9, 10)) }
    }

    fn minor(draft: &Draft) -> (i64, i64, i64, i64) {
        let totals = draft.totals().unwrap().unwrap();
        (totals.subtotal.minor, totals.discount.minor, totals.tax.minor, totals.gross.minor)
    }

    #[test]
    fn what_nobody_means_to_send_is_objected_to() {
        let mut cheap = draft(&[(1, 100)]);
        assert!(cheap.sensible_totals().unwrap().is_some());
        cheap.discount = Some(Discount::Amount(Decimal::from(500)));
        assert_eq!(cheap.sensible_totals(), Err(Objection::Discount));
        cheap.discount = Some(Discount::Rate(Rate::from_percent(Decimal::from(200))));
        assert_eq!(cheap.sensible_totals(), Err(Objection::Discount));
        cheap.discount = Some(Discount::Rate(Rate::from_percent(Decimal::ONE_HUNDRED)));
        assert!(cheap.sensible_totals().unwrap().is_some(), "a gift");
        let rate = Rate::from_percent(Decimal::from(99_999));
        cheap.tax = Some(DraftTax::Rate { rate, inclusive: false });
        assert_eq!(cheap.sensible_totals(), Err(Objection::TaxRate));
        let huge = draft(&[(99_999_999_999, 9_999_999_999_900)]);
        assert_eq!(huge.sensible_totals(), Err(Objection::TooLarge));
    }

    #[test]
    fn the_discount_comes_before_the_tax() {
        let mut draft = draft(&[(2, 5990)]);
        draft.discount = Some(Discount::Rate(Rate::from_percent(Decimal::from(5))));
        assert_eq!(minor(&draft), (11980, 599, 0, 11381));
        draft.tax =
            Some(DraftTax::Rate { rate: Rate::from_percent(Decimal::TEN), inclusive: false });
        assert_eq!(minor(&draft), (11980, 599, 1138, 12519));
    }

    #[test]
    fn an_inclusive_price_contains_its_tax() {
        let mut draft = draft(&[(1, 480_000)]);
        let rate = Rate::from_percent(Decimal::from(20));
        draft.tax = Some(DraftTax::Rate { rate, inclusive: true });
        assert_eq!(minor(&draft), (400_000, 0, 80_000, 480_000));
    }

    #[test]
    fn what_is_missing_is_asked_in_order() {
        let mut draft = draft(&[]);
        assert_eq!(draft.missing(), vec![Missing::Customer, Missing::Items]);
        assert_eq!(draft.totals(), Ok(None));
        draft.customer = Some("Bob".to_owned());
        draft.items.push(DraftItem {
            description: "paint".to_owned(),
            quantity: Quantity(Decimal::ONE),
            unit_price: None,
        });
        assert_eq!(draft.missing(), vec![Missing::Price]);
    }
}
