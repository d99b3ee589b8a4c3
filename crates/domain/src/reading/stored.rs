//! From what was read to an invoice that can be stored, and what does not add up on the way.

use super::{Claim, Intake, NotStorable, Origin, ReadKind, ReadLine, ReadTax, Reading};
use crate::{
    invoice::{Direction, Finding, Invoice, Kind, Line, Proof, Status, TaxGroup, totals},
    money::{Currency, Money, MoneyError, Quantity, Rate, UnitPrice},
    party::Party,
};
use rust_decimal::Decimal;

impl Reading {
    /// Turns what was read into an invoice, with what does not add up or is missing.
    ///
    /// The currency falls back to the tenant's, the issue date to the day of receipt; both are
    /// then among the findings. Findings are in the order of their weight.
    ///
    /// # Errors
    ///
    /// [`NotStorable`] where the gross total is missing and cannot be derived, or an amount does
    /// not fit.
    pub fn into_invoice(self, intake: &Intake) -> Result<(Invoice, Vec<Finding>), NotStorable> {
        let this = self.turned();
        let mut findings = Vec::new();
        let kind = this.kind.value.stored().ok_or(NotStorable::NotInvoice)?;
        let gross = this.gross_or_sum().ok_or(NotStorable::NoTotal)?;
        let currency = this.currency.as_ref().map_or_else(
            || {
                findings.push(Finding::CurrencyAssumed);
                intake.currency
            },
            |claim| claim.value,
        );
        let issue_date = this.issue_date.as_ref().map_or_else(
            || {
                findings.push(Finding::DateMissing);
                intake.received_on
            },
            |claim| claim.value,
        );
        let vendor = this.vendor_party();
        if vendor.name.is_empty() {
            findings.push(Finding::VendorMissing);
        }
        let money = |amount: Decimal| Money::rounded(amount, currency);
        let optional = |claim: &Option<Claim<Decimal>>| {
            claim.as_ref().map(|claim| money(claim.value)).transpose()
        };
        let paid = this.paid || kind == Kind::Receipt;
        let mut invoice = Invoice {
            id: intake.id,
            direction: Direction::Received,
            kind,
            number: this.number.as_ref().map(|claim| claim.value.clone()),
            vendor,
            customer: this.customer_party(),
            issue_date,
            due_date: this.due_date.as_ref().map(|claim| claim.value),
            paid_on: paid.then_some(issue_date),
            currency,
            lines: lines(&this.lines, currency)?,
            taxes: taxes(&this.taxes, currency)?,
            net: optional(&this.net)?,
            tax: optional(&this.tax)?,
            gross: money(gross)?,
            allowance: optional(&this.allowance)?,
            prepaid: optional(&this.prepaid)?,
            rounding: optional(&this.rounding)?,
            category: None,
            status: if paid { Status::Paid } else { Status::Unpaid },
            notes: this.notes.clone(),
            document: intake.document,
            proof: Proof::Unproven,
        };
        findings.extend(totals::check(&invoice));
        findings.extend(
            this.due.as_ref().and_then(|due| totals::due(&invoice, money(due.value).ok()?)),
        );
        invoice.proof = this.proof(&invoice, &findings);
        Ok((invoice, findings))
    }

    /// Returns whether the sums prove the total: a value that was computed from the others proves
    /// none of them.
    fn proof(&self, invoice: &Invoice, findings: &[Finding]) -> Proof {
        let proof = totals::prove(invoice, findings);
        let is_derived = |claim: &Option<Claim<Decimal>>| {
            claim.as_ref().is_some_and(|claim| claim.evidence.origin == Origin::Derived)
        };
        let derived =
            self.gross.is_none() || [&self.net, &self.tax, &self.gross].into_iter().any(is_derived);
        if proof != Proof::Proven || !derived {
            return proof;
        }
        // Without net and tax only the lines are left to prove it.
        totals::prove(&Invoice { net: None, tax: None, ..invoice.clone() }, &[])
    }

    fn gross_or_sum(&self) -> Option<Decimal> {
        let value = |claim: &Option<Claim<Decimal>>| claim.as_ref().map(|claim| claim.value);
        value(&self.gross).or_else(|| value(&self.net)?.checked_add(value(&self.tax)?))
    }

    fn vendor_party(&self) -> Party {
        Party {
            name: text(&self.vendor).unwrap_or_default(),
            tax_id: text(&self.vendor_tax_id),
            iban: text(&self.vendor_iban),
            address: text(&self.vendor_address),
            email: text(&self.vendor_email),
            payee: text(&self.payee),
        }
    }

    fn customer_party(&self) -> Party {
        Party {
            tax_id: text(&self.customer_tax_id),
            address: text(&self.customer_address),
            ..Party::named(text(&self.customer).unwrap_or_default())
        }
    }

    /// Turns the signs of a credit note whose total is written as negative: what it gives back is
    /// said by its kind, and would count twice otherwise.
    fn turned(mut self) -> Self {
        let negative = self.gross_or_sum().is_some_and(|gross| gross.is_sign_negative());
        if self.kind.value != ReadKind::CreditNote || !negative {
            return self;
        }
        let turn = |value: &mut Decimal| {
            value.set_sign_positive(value.is_sign_negative() || value.is_zero())
        };
        let totals = [&mut self.net, &mut self.tax, &mut self.gross, &mut self.allowance];
        let paid = [&mut self.prepaid, &mut self.rounding, &mut self.due];
        let totals = totals.into_iter().chain(paid).flatten().map(|claim| &mut claim.value);
        let taxes = self.taxes.iter_mut().flat_map(|group| [&mut group.net, &mut group.tax]);
        let lines = self.lines.iter_mut().flat_map(|line| {
            let counted_back = line.quantity.is_some_and(|quantity| quantity.is_sign_negative());
            let factor = if counted_back { &mut line.quantity } else { &mut line.unit_price };
            [&mut line.amount, factor]
        });
        totals.chain(taxes.chain(lines).flatten()).for_each(turn);
        self
    }
}

fn text(claim: &Option<Claim<String>>) -> Option<String> {
    claim.as_ref().map(|claim| claim.value.clone())
}

impl ReadKind {
    const fn stored(self) -> Option<Kind> {
        match self {
            Self::Invoice => Some(Kind::Invoice),
            Self::Receipt => Some(Kind::Receipt),
            Self::CreditNote => Some(Kind::CreditNote),
            Self::DebitNote => Some(Kind::DebitNote),
            Self::NotInvoice => None,
        }
    }
}

fn lines(read: &[ReadLine], currency: Currency) -> Result<Vec<Line>, MoneyError> {
    read.iter()
        .map(|line| {
            Ok(Line {
                description: line.description.clone(),
                quantity: line.quantity.map(Quantity),
                unit_price: line.unit_price.map(UnitPrice),
                amount: line.amount.map(|amount| Money::rounded(amount, currency)).transpose()?,
                tax_rate: line.tax_rate.map(Rate),
            })
        })
        .collect()
}

fn taxes(read: &[ReadTax], currency: Currency) -> Result<Vec<TaxGroup>, MoneyError> {
    let money =
        |amount: Option<Decimal>| amount.map(|amount| Money::rounded(amount, currency)).transpose();
    read.iter()
        .map(|group| {
            Ok(TaxGroup {
                rate: group.rate.map(Rate),
                net: money(group.net)?,
                tax: money(group.tax)?,
            })
        })
        .collect()
}
