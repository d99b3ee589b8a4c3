//! A change of stored invoices, as a sentence asks for it.

use crate::{
    dates::Date,
    invoice::{Direction, Invoice, Proof, Status, TaxGroup, totals},
    money::{Currency, Money, MoneyError, Rate},
    question::Filters,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which invoices are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The one with this number.
    Number(String),
    /// Those with these numbers.
    Numbers(Vec<String>),
    /// All that match.
    Filter(Filters),
    /// The newest that matches.
    Latest(Filters),
    /// The one just spoken of.
    Context,
    /// It is not said.
    Unsaid,
}

/// A payment that somebody tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// How much, in major units.
    pub amount: Decimal,
    /// In which currency, where that is said; else in the invoice's.
    pub currency: Option<Currency>,
}

/// New values; nothing means "left as it is".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewValues {
    /// Where it stands.
    pub status: Option<Status>,
    /// The day of payment; the inner nothing takes it away.
    pub paid_on: Option<Option<Date>>,
    /// A payment, in major units, beside what was paid before: the invoice is paid in part, or paid
    /// once nothing is left.
    pub payment: Option<Payment>,
    /// The issue date.
    pub issue_date: Option<Date>,
    /// Whether the issue date was said without a year: it is then the one nearest to the date that
    /// the invoice has.
    #[serde(skip_serializing_if = "is_false")]
    pub any_year: bool,
    /// The due date.
    pub due_date: Option<Date>,
    /// The category.
    pub category: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// The customer's name.
    pub customer: Option<String>,
    /// The number.
    pub number: Option<String>,
    /// The gross total, in major units.
    pub gross: Option<Decimal>,
    /// The total tax, in major units.
    pub tax: Option<Decimal>,
    /// The one rate of tax, as a fraction: tax and net follow from the total.
    pub tax_rate: Option<Decimal>,
    /// The currency.
    pub currency: Option<Currency>,
}

impl NewValues {
    /// Returns whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether it changes what an issued invoice says, which only a credit note may.
    #[must_use]
    pub const fn rewrites(&self) -> bool {
        self.touches_amounts()
            || self.issue_date.is_some()
            || self.vendor.is_some()
            || self.customer.is_some()
            || self.number.is_some()
    }

    /// Returns an invoice with the new values; its sums are checked again.
    ///
    /// A payment date is set with the status and taken away with it; so is what was paid in part. The
    /// date of a payment is that of the whole only where nothing is left.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if the new total does not fit.
    pub fn apply(&self, invoice: &Invoice) -> Result<Invoice, MoneyError> {
        let mut new = invoice.clone();
        let currency = self.currency.unwrap_or(invoice.currency);
        if currency != invoice.currency {
            in_currency(&mut new, currency)?;
        }
        if let Some(gross) = self.gross {
            new.gross = Money::rounded(gross, currency)?;
        }
        if let Some(tax) = self.tax {
            let tax = Some(Money::rounded(tax, currency)?);
            new.tax = tax;
            // With one rate its tax is the total tax.
            if let [group] = new.taxes.as_mut_slice() {
                group.tax = tax;
            }
        }
        if let Some(rate) = self.tax_rate {
            at_rate(&mut new, Rate(rate))?;
        }
        new.status = self.status.unwrap_or(invoice.status);
        new.paid_on = match (self.paid_on, self.status) {
            (Some(day), _) => day,
            (None, Some(Status::Paid) | None) => invoice.paid_on,
            (None, Some(_)) => None,
        };
        if invoice.status == Status::PartPaid && self.status == Some(Status::Unpaid) {
            new.prepaid = None;
        }
        if let Some(payment) = self.payment {
            pay(&mut new, payment.amount)?;
        }
        new.issue_date = match self.issue_date {
            Some(day) if self.any_year => nearest(day, invoice.issue_date),
            day => day.unwrap_or(invoice.issue_date),
        };
        new.due_date = self.due_date.or(invoice.due_date);
        new.category = self.category.clone().or(new.category);
        new.notes = self.notes.clone().or(new.notes);
        new.number = self.number.clone().or(new.number);
        if let Some(name) = &self.vendor {
            new.vendor.name.clone_from(name);
        }
        if let Some(name) = &self.customer {
            new.customer.name.clone_from(name);
        }
        if self.touches_amounts() && new.direction == Direction::Received {
            new.proof = self.proof(invoice, &new);
        }
        Ok(new)
    }

    /// Returns whether the sums prove the new total: net and tax that were computed from it do not,
    /// and on paper without tax the net is the total.
    fn proof(&self, before: &Invoice, new: &Invoice) -> Proof {
        if self.tax_rate.is_some() {
            let findings = totals::check(new);
            return totals::prove(&Invoice { net: None, tax: None, ..new.clone() }, &findings);
        }
        let untaxed = new.tax.is_none() && before.net == Some(before.gross);
        let tax = if untaxed { Some(Money::zero(new.currency)) } else { new.tax };
        let summed = Invoice { tax, ..new.clone() };
        totals::prove(&summed, &totals::check(&summed))
    }

    /// Returns whether it touches amounts or the currency, which always need a yes.
    #[must_use]
    pub const fn touches_amounts(&self) -> bool {
        self.gross.is_some()
            || self.tax.is_some()
            || self.tax_rate.is_some()
            || self.currency.is_some()
    }

    /// Returns whether it only says that an invoice is paid, as of today or of no day at all, which was
    /// paid before: the day that is known stays.
    #[must_use]
    pub fn pays_again(&self, invoice: &Invoice, today: Date) -> bool {
        let (status, paid_on) = (Some(Status::Paid), Some(Some(today)));
        let paid = Self { status, paid_on, ..Self::default() };
        invoice.status == Status::Paid && *self == paid
    }

    /// Returns whether it pays more than is left of an invoice, nothing at all, or in a currency that
    /// the invoice is not in.
    #[must_use]
    pub fn overpays(&self, invoice: &Invoice) -> bool {
        let left = invoice.due().map(Money::decimal);
        self.payment.is_some_and(|paid| {
            paid.amount <= Decimal::ZERO
                || left.is_none_or(|left| paid.amount > left)
                || paid.currency.is_some_and(|currency| currency != invoice.currency)
        })
    }
}

/// Which invoices get which new values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Which ones.
    pub target: Target,
    /// What.
    pub set: NewValues,
}

impl Correction {
    /// Returns whether a literal yes is needed before anything is written.
    ///
    /// For everything that a filter or a range finds, for cancellation, and for amounts or
    /// currency; an undo is always offered for the rest.
    #[must_use]
    pub fn needs_confirmation(&self) -> bool {
        matches!(self.target, Target::Filter(_) | Target::Numbers(_))
            || self.set.status == Some(Status::Cancelled)
            || self.set.touches_amounts()
            || self.set.payment.is_some()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Moves a day to the year that brings it nearest to another one.
fn nearest(day: Date, to: Date) -> Date {
    let years = [-1, 0, 1].into_iter().filter_map(|by: i16| to.year().checked_add(by));
    let days = years.filter_map(|year| Date::new(year, day.month(), day.day()).ok());
    let away =
        |day: &Date| to.since(*day).map_or(i32::MAX, |span| span.get_days().saturating_abs());
    days.min_by_key(away).unwrap_or(day)
}

/// Adds a payment to what was paid before.
fn pay(invoice: &mut Invoice, payment: Decimal) -> Result<(), MoneyError> {
    let payment = Money::rounded(payment, invoice.currency)?;
    let before = invoice.prepaid.unwrap_or(Money::zero(invoice.currency));
    invoice.prepaid = Some(before.plus(payment)?);
    let is_settled = invoice.due().is_some_and(|left| left.minor <= 0);
    invoice.status = if is_settled { Status::Paid } else { Status::PartPaid };
    if !is_settled {
        invoice.paid_on = None;
    }
    Ok(())
}

/// Parts the total into net and tax at a rate, whatever was read of them before.
fn at_rate(invoice: &mut Invoice, rate: Rate) -> Result<(), MoneyError> {
    let gross = invoice.gross;
    let factor = Decimal::ONE.saturating_add(rate.0);
    let net = gross.decimal().checked_div(factor).ok_or(MoneyError::Overflow)?;
    let net = Money::rounded(net, gross.currency)?;
    let tax = gross.minus(net)?;
    (invoice.net, invoice.tax) = (Some(net), Some(tax));
    invoice.taxes = vec![TaxGroup { rate: Some(rate), net: Some(net), tax: Some(tax) }];
    Ok(())
}

/// Reads every amount of an invoice as one of another currency, digits unchanged: the document
/// said `12.30`, only the currency was misread. Minor units follow the new currency's decimals.
fn in_currency(invoice: &mut Invoice, currency: Currency) -> Result<(), MoneyError> {
    let moved = |money: Money| Money::rounded(money.decimal(), currency);
    invoice.currency = currency;
    invoice.gross = moved(invoice.gross)?;
    let totals = [
        &mut invoice.net,
        &mut invoice.tax,
        &mut invoice.allowance,
        &mut invoice.prepaid,
        &mut invoice.rounding,
    ];
    let lines = invoice.lines.iter_mut().map(|line| &mut line.amount);
    let groups = invoice.taxes.iter_mut().flat_map(|group| [&mut group.net, &mut group.tax]);
    for amount in totals.into_iter().chain(lines).chain(groups) {
        *amount = amount.map(moved).transpose()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dates::date,
        draft::{Draft, DraftItem, issue},
        ids::InvoiceId,
        money::{Quantity, UnitPrice},
        party::Party,
    };
    use uuid::Uuid;

    fn invoice() -> Invoice {
        let item = DraftItem {
            description: "work".to_owned(),
            quantity: Quantity(Decimal::ONE),
            unit_price: Some(UnitPrice(Decimal::from(100))),
        };
        let draft = Draft { items: vec![item], ..Draft::empty(Currency::EUR, date(2025, 9, 1)) };
        let totals = draft.totals().unwrap().unwrap();
        let id = InvoiceId(Uuid::nil());
        issue(&draft, &totals, &Party::named("Me"), id, Some("2025-0001".into())).unwrap()
    }

    #[test]
    fn paid_and_unpaid_again_leaves_no_trace() {
        let day = date(2025, 9, 10);
        let paid = NewValues {
            status: Some(Status::Paid),
            paid_on: Some(Some(day)),
            ..NewValues::default()
        };
        let unpaid = NewValues { status: Some(Status::Unpaid), ..NewValues::default() };
        let after = paid.apply(&invoice()).unwrap();
        assert_eq!((after.status, after.paid_on), (Status::Paid, Some(day)));
        assert_eq!(unpaid.apply(&after).unwrap(), invoice());
    }

    #[test]
    fn what_was_paid_keeps_its_day_unless_another_is_said() {
        let paid_on = |day| NewValues {
            status: Some(Status::Paid),
            paid_on: Some(Some(day)),
            ..NewValues::default()
        };
        let (then, today) = (date(2025, 8, 20), date(2025, 9, 10));
        let paid = paid_on(then).apply(&invoice()).unwrap();
        assert!(paid_on(today).pays_again(&paid, today));
        assert!(!paid_on(then).pays_again(&paid, today));
        assert!(!paid_on(today).pays_again(&invoice(), today));
    }

    #[test]
    fn payments_add_up_until_nothing_is_left() {
        let day = date(2025, 9, 10);
        let pays = |amount: i64| NewValues {
            payment: Some(Payment { amount: Decimal::from(amount), currency: None }),
            paid_on: Some(Some(day)),
            ..NewValues::default()
        };
        let eur = |minor| Some(Money::new(minor, Currency::EUR));
        let once = pays(30).apply(&invoice()).unwrap();
        assert_eq!((once.status, once.prepaid, once.paid_on), (Status::PartPaid, eur(3_000), None));
        let twice = pays(70).apply(&once).unwrap();
        assert_eq!((twice.status, twice.due()), (Status::Paid, eur(0)));
        assert_eq!(twice.paid_on, Some(day));
        assert!(pays(71).overpays(&once) && pays(0).overpays(&once) && !pays(70).overpays(&once));
        let dollars = Payment { amount: Decimal::ONE, currency: Currency::parse("USD") };
        let foreign = NewValues { payment: Some(dollars), ..NewValues::default() };
        assert!(foreign.overpays(&once));
        let dollars = Payment { amount: Decimal::ONE, currency: Currency::parse("USD") };
        let foreign = NewValues { payment: Some(dollars), ..NewValues::default() };
        assert!(foreign.overpays(&once));
        let unpaid = NewValues { status: Some(Status::Unpaid), ..NewValues::default() };
        assert_eq!(unpaid.apply(&once).unwrap(), invoice());
        let one = Correction { target: Target::Number("1".into()), set: pays(30) };
        assert!(one.needs_confirmation() && !one.set.rewrites());
    }

    #[test]
    fn a_misread_currency_keeps_the_digits() {
        let yen = Currency::parse("JPY").unwrap();
        let set = NewValues { currency: Some(yen), ..NewValues::default() };
        let after = set.apply(&invoice()).unwrap();
        assert_eq!(after.gross, Money::new(100, yen));
        assert_eq!(after.lines[0].amount, Some(Money::new(100, yen)));
    }

    #[test]
    fn a_rate_of_tax_parts_the_total_and_proves_nothing() {
        let mut read = invoice();
        (read.direction, read.lines) = (Direction::Received, Vec::new());
        read.gross = Money::new(10_700, Currency::EUR);
        let set = NewValues { tax_rate: Some(Decimal::new(7, 2)), ..NewValues::default() };
        let after = set.apply(&read).unwrap();
        let eur = |minor| Some(Money::new(minor, Currency::EUR));
        assert_eq!((after.net, after.tax, after.gross), (eur(10_000), eur(700), read.gross));
        assert_eq!(after.proof, Proof::Unproven);
        assert!(set.touches_amounts());
    }

    #[test]
    fn a_date_without_a_year_is_the_nearest_to_the_one_before() {
        let said = |day, any_year| {
            let set = NewValues { issue_date: Some(day), any_year, ..NewValues::default() };
            set.apply(&invoice()).unwrap().issue_date
        };
        assert_eq!(said(date(2026, 5, 3), true), date(2025, 5, 3));
        assert_eq!(said(date(2027, 1, 3), true), date(2026, 1, 3));
        assert_eq!(said(date(2024, 2, 29), true), date(2024, 2, 29), "the only one there is");
        assert_eq!(said(date(2026, 5, 3), false), date(2026, 5, 3));
    }

    #[test]
    fn a_new_total_of_paper_without_tax_is_held_against_its_net_and_lines() {
        let mut read = invoice();
        read.direction = Direction::Received;
        (read.tax, read.taxes) = (None, Vec::new());
        let proof = |read: &Invoice, gross| {
            let set = NewValues { gross: Some(Decimal::from(gross)), ..NewValues::default() };
            set.apply(read).unwrap().proof
        };
        assert_eq!(proof(&read, 102), Proof::Contradicted);
        assert_eq!(proof(&read, 100), Proof::Proven);
        assert_eq!(proof(&Invoice { net: None, ..read.clone() }, 102), Proof::Contradicted);
        // What the tax was is not known: the lines add up to the net, and prove nothing of the total.
        read.gross = Money::new(11_900, Currency::EUR);
        assert_eq!(proof(&read, 119), Proof::Unproven);
    }

    #[test]
    fn what_cannot_be_seen_at_once_needs_a_yes() {
        let set = |status| NewValues { status: Some(status), ..NewValues::default() };
        let needs = |target, set| Correction { target, set }.needs_confirmation();
        let one = || Target::Number("1".into());
        assert!(!needs(one(), set(Status::Paid)));
        assert!(needs(one(), set(Status::Cancelled)));
        assert!(needs(Target::Filter(Filters::default()), set(Status::Paid)));
        let gross = NewValues { gross: Some(Decimal::ONE), ..NewValues::default() };
        assert!(needs(one(), gross));
    }
}
