//! One row of a list.

use super::{
    cells::{Conventions, Said, shown, text},
    columns::Head,
    lexicon::{self, Column},
};
use domain::{
    dates::Date,
    document::Cell,
    invoice::Status,
    money::Currency,
    reading::{Claim, Evidence, Origin, ReadKind, ReadTax, Reading},
};
use ports::tables::{Entry, Lack, Place};
use rust_decimal::Decimal;

/// The share of such values that are right: a cell under a known head.
const SURE: u8 = 97;
/// Likewise where the cell can be read in two ways.
const UNSURE: u8 = 55;
/// Likewise of totals that add up.
const PROVEN: u8 = 99;

/// A row with the head of its list.
pub struct Row<'a> {
    /// What stands in which column.
    pub head: &'a Head,
    /// How the list writes numbers and dates.
    pub ways: &'a Conventions,
    /// The cells.
    pub cells: &'a [Cell],
}

/// The amounts of a row.
struct Amounts {
    net: Option<Said>,
    tax: Option<Said>,
    gross: Option<Said>,
}

impl Row<'_> {
    /// Returns the invoice of a row or what it lacks; nothing for a row that is none: empty, a
    /// remark, a repeated head, a sum.
    pub fn entry(&self, place: &Place) -> Option<Result<Entry, Lack>> {
        let filled = self.cells.iter().filter(|cell| **cell != Cell::Empty).count();
        let known = self.head.places.keys().filter(|column| self.cell(**column).is_some()).count();
        if filled < 2 || known < 2 || self.is_sum() || self.is_head() {
            return None;
        }
        Some(self.read(place))
    }

    fn read(&self, place: &Place) -> Result<Entry, Lack> {
        let kind = self.cell(Column::Kind).and_then(text).and_then(lexicon::kind);
        if kind == Some(ReadKind::NotInvoice) {
            return Err(Lack::OtherKind);
        }
        let amounts = self.amounts()?;
        let (day, day_is_sure) = self.day(Column::Date)?.ok_or(Lack::Date)?;
        let turned = amounts.gross.is_some_and(|gross| gross.value.is_sign_negative());
        let given_back = if turned { ReadKind::CreditNote } else { ReadKind::Invoice };
        let kind = kind.filter(|_| !turned).unwrap_or(given_back);
        let mut reading = Reading::of_kind(kind, evidence(SURE));
        self.name(&mut reading);
        reading.issue_date = Some(claim(day, day_is_sure));
        reading.due_date = self.day(Column::DueDate)?.map(|(day, sure)| claim(day, sure));
        reading.currency = self.currency(&amounts);
        self.fill(&mut reading, &amounts);
        let paid_on = self.day(Column::PaidOn).unwrap_or_default().map(|(day, _)| day);
        let status = self.cell(Column::Status).and_then(text).and_then(lexicon::status);
        let status = status.or(paid_on.map(|_| Status::Paid));
        let issued = self.is_issued();
        if issued && reading.customer.is_none() {
            reading.customer = reading.vendor.take();
        }
        Ok(Entry {
            category: self.cell(Column::Category).and_then(shown),
            status: status.or_else(|| self.settled(&amounts)),
            paid_on,
            issued,
            ..Entry::of(place.clone(), reading)
        })
    }

    fn name(&self, reading: &mut Reading) {
        let said = |column| self.cell(column).and_then(shown).map(|name| claim(name, true));
        reading.vendor = said(Column::Vendor);
        reading.customer = said(Column::Customer);
        reading.number = said(Column::Number);
        reading.vendor_tax_id = said(Column::TaxId);
    }

    fn fill(&self, reading: &mut Reading, amounts: &Amounts) {
        let value = |said: Option<Said>| said.map(|said| said.value.abs());
        let (net, tax, gross) = (value(amounts.net), value(amounts.tax), value(amounts.gross));
        let sum = net.zip(tax).and_then(|(net, tax)| net.checked_add(tax));
        let adds_up = sum.is_some() && sum == gross;
        let amount = |said: Option<Said>| {
            let said = said?;
            let sure = if said.sure && !self.head.unsure { SURE } else { UNSURE };
            Some(Claim::new(said.value.abs(), evidence(if adds_up { PROVEN } else { sure })))
        };
        reading.net = amount(amounts.net);
        reading.tax = amount(amounts.tax);
        reading.gross = amount(amounts.gross).or_else(|| {
            sum.map(|sum| Claim::new(sum, Evidence::of(Origin::Derived, SURE, "net plus tax")))
        });
        let rate = self.cell(Column::Rate).and_then(|cell| self.rate(cell));
        if rate.is_some() {
            reading.taxes = vec![ReadTax { rate, net, tax }];
        }
    }

    /// Returns the amounts of a row that says its total, or what it is made of.
    fn amounts(&self) -> Result<Amounts, Lack> {
        let said = |column| self.cell(column).map(|cell| self.ways.amount(cell));
        let amounts = Amounts {
            net: said(Column::Net).flatten(),
            tax: self.tax(),
            gross: said(Column::Gross).flatten(),
        };
        match said(Column::Gross) {
            Some(None) => Err(Lack::UnreadableTotal),
            None if amounts.net.is_none() || amounts.tax.is_none() => Err(Lack::Total),
            _ => Ok(amounts),
        }
    }

    /// Returns the tax, of all columns that part it by rate or by who takes it.
    fn tax(&self) -> Option<Said> {
        let cells = self.head.taxes.iter().filter_map(|at| self.cells.get(*at));
        cells.filter_map(|cell| self.ways.amount(cell)).reduce(|all, one| Said {
            value: all.value.saturating_add(one.value),
            sure: all.sure && one.sure,
            ..all
        })
    }

    fn currency(&self, amounts: &Amounts) -> Option<Claim<Currency>> {
        let named = self.cell(Column::Currency).and_then(text).and_then(lexicon::currency);
        let total = amounts.gross.or(amounts.net);
        let beside = total.and_then(|said| said.currency);
        let sure = named.or(beside).or(self.head.currency).map(|currency| claim(currency, true));
        let is_dollar = total.is_some_and(|said| said.is_dollar);
        let dollars = || self.ways.dollar.map(|currency| claim(currency, false));
        sure.or_else(|| is_dollar.then(dollars).flatten())
    }

    /// Returns how far what is left says that an invoice is paid.
    fn settled(&self, amounts: &Amounts) -> Option<Status> {
        let left = self.cell(Column::Left).and_then(|cell| self.ways.amount(cell))?.value.abs();
        let gross = amounts.gross?.value.abs();
        match () {
            () if gross.is_zero() || left > gross => None,
            () if left.is_zero() => Some(Status::Paid),
            () if left < gross => Some(Status::PartPaid),
            () => Some(Status::Unpaid),
        }
    }

    /// Returns whether this side issued the invoice: the row says so, or the list names customers
    /// and no vendors.
    fn is_issued(&self) -> bool {
        let sold = self.cell(Column::Kind).and_then(text).is_some_and(lexicon::is_issued);
        let places = &self.head.places;
        let to_customers = places.contains_key(&Column::Customer);
        sold || (to_customers && !places.contains_key(&Column::Vendor))
    }

    /// Returns a rate as a fraction: `19 %`, `19` and `0.19` are one.
    fn rate(&self, cell: &Cell) -> Option<Decimal> {
        let plain = match cell {
            Cell::Text(text) => Cell::Text(text.replace('%', "").trim().to_owned()),
            other => other.clone(),
        };
        let value = self.ways.amount(&plain)?.value;
        let fraction = if value < Decimal::ONE { value } else { value.checked_div(100.into())? };
        (!fraction.is_sign_negative() && fraction < Decimal::ONE).then_some(fraction)
    }

    fn day(&self, column: Column) -> Result<Option<(Date, bool)>, Lack> {
        let Some(cell) = self.cell(column) else { return Ok(None) };
        self.ways.day(cell).map(Some).ok_or(Lack::Date)
    }

    /// Returns the cell of a column that holds something.
    fn cell(&self, column: Column) -> Option<&Cell> {
        let cell = self.cells.get(*self.head.places.get(&column)?)?;
        (*cell != Cell::Empty).then_some(cell)
    }

    /// A sum has amounts, and neither number nor date.
    fn is_sum(&self) -> bool {
        let lacks = |column| self.cell(column).is_none_or(is_sum_word);
        let first = self.cells.iter().find(|cell| **cell != Cell::Empty);
        let nobody = lacks(Column::Vendor) && lacks(Column::Customer);
        lacks(Column::Number) && lacks(Column::Date) && (nobody || first.is_some_and(is_sum_word))
    }

    fn is_head(&self) -> bool {
        let names_itself = |(column, _): &(&Column, &usize)| {
            let said = self.cell(**column).and_then(text).and_then(lexicon::meaning);
            said.is_some_and(|said| said.column == **column)
        };
        let same = self.head.places.iter().filter(names_itself).count();
        same.saturating_mul(2) > self.head.places.len()
    }
}

fn is_sum_word(cell: &Cell) -> bool {
    text(cell).is_some_and(lexicon::is_sum)
}

fn evidence(confidence: u8) -> Evidence {
    Evidence::of(Origin::TextLayer, confidence, "column of a list")
}

fn claim<T>(value: T, sure: bool) -> Claim<T> {
    Claim::new(value, evidence(if sure { SURE } else { UNSURE }))
}
