//! Which rows a plan is about.
//!
//! Without a status, drafts and cancelled invoices are left out. "Unpaid" includes what is paid in
//! part; "overdue" is unpaid and due before today. Names match by their folded form: "contains".

use super::wording::Wording;
use crate::{
    codec,
    engine::{Bind, Dialect, Sql},
};
use domain::{
    dates::Date,
    ids::TenantId,
    invoice::Direction,
    question::{Bound, DateField, Filters, StatusFilter},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The most decimal places of any currency of ISO 4217.
const MAX_DECIMALS: u32 = 4;

/// Whose rows are read, and which of them.
pub struct Scope<'a> {
    /// The book.
    pub tenant: TenantId,
    /// The rows.
    pub filters: &'a Filters,
    /// The stored numbers that the filter's number means; nothing if it names none.
    pub numbers: Option<Vec<String>>,
    /// The item's names, in the ways in which they stand on bills.
    pub items: Vec<Vec<Wording>>,
    /// The user's date.
    pub today: Date,
    /// The SQL that the database understands.
    pub dialect: Dialect,
}

/// Adds the conditions of a scope on `invoices`; the tenant is always the first of them.
pub fn matching(sql: &mut Sql, scope: &Scope<'_>) {
    let filters = scope.filters;
    sql.push("invoices.tenant = ").bind(scope.tenant.to_string());
    status(sql, &filters.status, scope.today);
    contains_any(sql, "invoices.vendor_folded", &filters.vendor);
    contains_any(sql, "invoices.customer_folded", &filters.customer);
    for needle in needles(&filters.vendor_not) {
        sql.push(" AND (invoices.vendor_folded IS NULL OR invoices.vendor_folded NOT LIKE ");
        sql.bind(pattern(&needle)).push(" ESCAPE '\\')");
    }
    let categories = needles(&filters.category);
    if !categories.is_empty() {
        one_of(sql, "invoices.category_folded", categories);
    }
    if let Some(numbers) = &scope.numbers {
        one_of(sql, "invoices.number", numbers.clone());
    }
    dates(sql, filters);
    if let Some(direction) = filters.direction {
        let word = match direction {
            Direction::Received => "received",
            Direction::Issued => "issued",
        };
        sql.push(" AND invoices.direction = ").bind(word);
    }
    if !filters.currency.is_empty() {
        one_of(sql, "invoices.currency", filters.currency.iter().map(|one| one.code().to_owned()));
    }
    amounts(sql, filters);
}

/// Adds the condition that an invoice has an item of one of these names.
pub fn with_item(sql: &mut Sql, items: &[Vec<Wording>]) {
    if items.is_empty() {
        return;
    }
    sql.push(
        " AND EXISTS (SELECT 1 FROM invoice_lines AS lines \
         WHERE lines.tenant = invoices.tenant AND lines.invoice = invoices.id",
    );
    holds_any(sql, "lines.description_folded", items);
    sql.push(")");
}

/// Adds the condition that a folded column holds all words of one of these ways to say something.
pub fn holds_any(sql: &mut Sql, column: &str, ways: &[Vec<Wording>]) {
    let mut link = " AND (";
    for word in ways.iter().map(Vec::as_slice) {
        for (place, word) in word.iter().enumerate() {
            sql.push(if place == 0 { link } else { " AND " });
            match word {
                Wording::Part(part) => sql.push(column).push(" LIKE ").bind(pattern(part)),
                Wording::Whole(word) => {
                    let whole = pattern(&format!(" {word} "));
                    sql.push(&format!("' ' || {column} || ' ' LIKE ")).bind(whole)
                }
            };
            sql.push(" ESCAPE '\\'");
        }
        link = " OR ";
    }
    if link == " OR " {
        sql.push(")");
    }
}

/// Adds the condition that a folded column contains one of these names.
pub fn contains_any(sql: &mut Sql, column: &str, names: &[String]) {
    let mut word = " AND (";
    for needle in needles(names) {
        sql.push(word).push(column).push(" LIKE ").bind(pattern(&needle)).push(" ESCAPE '\\'");
        word = " OR ";
    }
    if word == " OR " {
        sql.push(")");
    }
}

/// Adds the condition that a column is one of these values.
pub fn one_of(sql: &mut Sql, column: &str, values: impl IntoIterator<Item = String>) {
    sql.push(" AND ").push(column).push(" IN (");
    sql.bind_all(values.into_iter().map(Bind::Text)).push(")");
}

/// Returns the names as they are compared; blank ones ask for nothing.
fn needles(names: &[String]) -> Vec<String> {
    names.iter().map(|name| codec::folded(name)).filter(|name| !name.is_empty()).collect()
}

fn pattern(needle: &str) -> String {
    let mut pattern = String::from("%");
    for c in needle.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn status(sql: &mut Sql, wanted: &[StatusFilter], today: Date) {
    if wanted.is_empty() {
        sql.push(" AND invoices.status NOT IN ('draft', 'cancelled')");
        return;
    }
    let mut word = " AND (";
    for status in wanted {
        sql.push(word).push("invoices.status ");
        match status {
            StatusFilter::Paid => sql.push("= 'paid'"),
            StatusFilter::Unpaid => sql.push("IN ('unpaid', 'part_paid')"),
            StatusFilter::Draft => sql.push("= 'draft'"),
            StatusFilter::Cancelled => sql.push("= 'cancelled'"),
            StatusFilter::Overdue => sql
                .push("IN ('unpaid', 'part_paid') AND invoices.due_date < ")
                .bind(today.to_string()),
        };
        word = " OR ";
    }
    sql.push(")");
}

fn dates(sql: &mut Sql, filters: &Filters) {
    let column = match filters.date_field {
        DateField::IssueDate => "invoices.issue_date",
        DateField::DueDate => "invoices.due_date",
        DateField::PaidAt => "invoices.paid_on",
    };
    if let Some(from) = filters.date_from {
        sql.push(" AND ").push(column).push(" >= ").bind(from.to_string());
    }
    if let Some(to) = filters.date_to {
        sql.push(" AND ").push(column).push(" <= ").bind(to.to_string());
    }
}

fn amounts(sql: &mut Sql, filters: &Filters) {
    if let Some(min) = filters.min {
        let sign = if min.strict { ">" } else { ">=" };
        compare(sql, "invoices.gross_minor", sign, |factor| least(min, factor));
    }
    if let Some(max) = filters.max {
        let sign = if max.strict { "<" } else { "<=" };
        compare(sql, "invoices.gross_minor", sign, |factor| most(max, factor));
    }
    if let Some(amount) = filters.tax_max {
        // A document that shows no tax has none to speak of.
        let bound = Bound { amount, strict: false };
        compare(sql, "COALESCE(invoices.tax_minor, 0)", "<=", |factor| most(bound, factor));
    }
}

/// Adds a comparison of minor units with an amount in major units: its minor units depend on the
/// decimals of each row's currency.
fn compare(sql: &mut Sql, column: &str, sign: &str, minor: impl Fn(Decimal) -> i64) {
    sql.push(" AND ").push(column).push(" ").push(sign).push(" CASE invoices.decimals");
    let mut factor = Decimal::ONE;
    for decimals in 0..=MAX_DECIMALS {
        if decimals == MAX_DECIMALS {
            sql.push(" ELSE ").bind(minor(factor));
        } else {
            sql.push(" WHEN ").push(&decimals.to_string()).push(" THEN ").bind(minor(factor));
        }
        factor = factor.saturating_mul(Decimal::TEN);
    }
    sql.push(" END");
}

/// Returns the minor units that "at least" or "more than" compares with.
fn least(bound: Bound, factor: Decimal) -> i64 {
    let exact = bound.amount.saturating_mul(factor);
    held(if bound.strict { exact.floor() } else { exact.ceil() })
}

/// Returns the minor units that "at most" or "less than" compares with.
fn most(bound: Bound, factor: Decimal) -> i64 {
    let exact = bound.amount.saturating_mul(factor);
    held(if bound.strict { exact.ceil() } else { exact.floor() })
}

/// Returns a whole number, held at the ends of 64 bits.
fn held(whole: Decimal) -> i64 {
    let end = if whole.is_sign_negative() { i64::MIN } else { i64::MAX };
    whole.to_i64().unwrap_or(end)
}
