//! One tenant's rows, read for the private database.

use crate::{
    codec,
    engine::{Connection, Row, query, row},
};
use domain::{
    ids::TenantId,
    invoice::{Kind, Status},
    money::{Currency, Money},
    tenant::Habits,
};
use jiff::tz::TimeZone;
use ports::store::{SelectError, StoreResult};
use rusqlite::types::Value;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::{BTreeSet, HashMap};

/// The most invoices that are copied.
const MAX_INVOICES: usize = 20_000;
/// The most item lines that are copied.
const MAX_LINES: i64 = 200_000;
/// The most messages of a side that are copied, the newest.
const MAX_MESSAGES: i64 = 5_000;

/// Rows, each as wide as its relation.
type Written = Vec<Vec<Value>>;

/// The rows of each relation.
#[derive(Debug, Default)]
pub struct Rows {
    users: Written,
    conversations: Written,
    messages: Written,
    invoices: Written,
    items: Written,
    currencies: BTreeSet<String>,
}

impl Rows {
    /// Returns the rows in the order of [`RELATIONS`](super::guard::RELATIONS).
    pub fn by_relation(&self) -> [&Written; 5] {
        [&self.users, &self.conversations, &self.messages, &self.invoices, &self.items]
    }

    /// Returns how many currencies the amounts are in.
    pub fn currencies(&self) -> usize {
        self.currencies.len()
    }

    /// Makes a book of invoices and items alone.
    pub fn of(invoices: Written, items: Written, currencies: &[&str]) -> Self {
        let currencies = currencies.iter().map(|code| (*code).to_owned()).collect();
        Self { invoices, items, currencies, ..Self::default() }
    }

    /// Returns how many rows there are.
    pub fn count(&self) -> usize {
        self.by_relation().iter().map(|rows| rows.len()).sum()
    }
}

/// Returns what changes whenever an invoice of the tenant does.
pub async fn version(connection: &mut Connection, tenant: TenantId) -> StoreResult<String> {
    let last = query("SELECT id FROM events WHERE tenant = $1 ORDER BY place DESC LIMIT 1")
        .bind(tenant.to_string())
        .fetch_optional(connection)
        .await?;
    last.map_or(Ok(String::new()), |row| row::text(&row, "id"))
}

/// Reads the tenant's rows: invoices and items always, what was said only where it is asked for.
pub async fn read(
    connection: &mut Connection,
    tenant: TenantId,
    with_talk: bool,
) -> Result<Rows, SelectError> {
    let own = query("SELECT habits, created_at FROM tenants WHERE id = $1")
        .bind(tenant.to_string())
        .fetch_optional(connection)
        .await?;
    let Some(own) = own else { return Ok(Rows::default()) };
    let habits: Habits = codec::from_json(&row::text(&own, "habits")?, "habits")?;
    let mut reading = Reading {
        user: tenant.to_string(),
        zone: TimeZone::get(&habits.time_zone).unwrap_or(TimeZone::UTC),
        rows: Rows::default(),
    };
    let currencies = reading.invoices(connection).await?;
    reading.items(connection, &currencies).await?;
    if with_talk {
        reading.user(connection, &habits, row::int(&own, "created_at")?).await?;
        reading.conversations(connection).await?;
        reading.messages(connection).await?;
    }
    Ok(reading.rows)
}

struct Reading {
    user: String,
    zone: TimeZone,
    rows: Rows,
}

impl Reading {
    async fn invoices(
        &mut self,
        connection: &mut Connection,
    ) -> Result<HashMap<String, (Currency, i64)>, SelectError> {
        let most = i64::try_from(MAX_INVOICES).unwrap_or(i64::MAX);
        let rows = query(
            "SELECT id, kind, number, vendor_name, customer_name, category, issue_date, due_date, \
             paid_on, currency, net_minor, tax_minor, gross_minor, status, notes, created_at \
             FROM invoices WHERE tenant = $1 ORDER BY created_at, id LIMIT $2",
        )
        .bind(self.user.as_str())
        .bind(most.saturating_add(1))
        .fetch_all(connection)
        .await?;
        if rows.len() > MAX_INVOICES {
            return Err(SelectError::TooLarge(MAX_INVOICES));
        }
        let mut currencies = HashMap::with_capacity(rows.len());
        for row in &rows {
            let currency = codec::currency(&row::text(row, "currency")?)?;
            let kind: Kind = codec::from_word(row::text(row, "kind")?, "a kind")?;
            let sign = if kind == Kind::CreditNote { -1 } else { 1 };
            currencies.insert(row::text(row, "id")?, (currency, sign));
            let invoice = self.invoice(row, currency, sign)?;
            self.rows.invoices.push(invoice);
            self.rows.currencies.insert(currency.code().to_owned());
        }
        Ok(currencies)
    }

    fn invoice(&self, row: &Row, currency: Currency, sign: i64) -> StoreResult<Vec<Value>> {
        let text = |column| row::maybe_text(row, column).map(texts);
        let amount = |column| -> StoreResult<Value> {
            Ok(amount(row::maybe_int(row, column)?, currency, sign))
        };
        let status: Status = codec::from_word(row::text(row, "status")?, "a status")?;
        Ok(vec![
            text("id")?,
            Value::Text(self.user.clone()),
            text("number")?,
            text("vendor_name")?,
            text("customer_name")?,
            text("category")?,
            text("issue_date")?,
            text("due_date")?,
            text("paid_on")?,
            text("currency")?,
            amount("net_minor")?,
            amount("tax_minor")?,
            amount("gross_minor")?,
            // Paid in part is not paid.
            Value::Text(
                if status == Status::PartPaid { Status::Unpaid } else { status }.word().to_owned(),
            ),
            text("notes")?,
            self.instant(row, "created_at")?,
        ])
    }

    async fn items(
        &mut self,
        connection: &mut Connection,
        invoices: &HashMap<String, (Currency, i64)>,
    ) -> Result<(), SelectError> {
        let rows = query(
            "SELECT invoice, place, description, quantity, unit_price, amount_minor \
             FROM invoice_lines WHERE tenant = $1 ORDER BY invoice, place LIMIT $2",
        )
        .bind(self.user.as_str())
        .bind(MAX_LINES.saturating_add(1))
        .fetch_all(connection)
        .await?;
        if i64::try_from(rows.len()).is_ok_and(|count| count > MAX_LINES) {
            return Err(SelectError::TooLarge(MAX_INVOICES));
        }
        for row in &rows {
            let invoice = row::text(row, "invoice")?;
            // One that was stored since the invoices were read.
            let Some((currency, sign)) = invoices.get(&invoice).copied() else { continue };
            let figure = |column| -> StoreResult<Value> {
                Ok(codec::decimal(row::maybe_text(row, column)?)?.map_or(Value::Null, real))
            };
            self.rows.items.push(vec![
                Value::Text(format!("{invoice}/{}", row::int(row, "place")?)),
                Value::Text(invoice),
                texts(row::maybe_text(row, "description")?),
                figure("quantity")?,
                figure("unit_price")?,
                amount(row::maybe_int(row, "amount_minor")?, currency, sign),
            ]);
        }
        Ok(())
    }

    async fn user(
        &mut self,
        connection: &mut Connection,
        habits: &Habits,
        created_at: i64,
    ) -> StoreResult<()> {
        let member = query("SELECT address FROM members WHERE tenant = $1 ORDER BY created_at, id")
            .bind(self.user.as_str())
            .fetch_optional(connection)
            .await?;
        let phone = member.map(|row| row::text(&row, "address")).transpose()?;
        let named = Some(habits.seller.name.clone()).filter(|name| !name.is_empty());
        self.rows.users.push(vec![
            Value::Text(self.user.clone()),
            texts(phone),
            texts(named),
            texts(habits.seller.email.clone()),
            Value::Text(habits.locale.clone()),
            self.moment(created_at)?,
        ]);
        Ok(())
    }

    async fn conversations(&mut self, connection: &mut Connection) -> StoreResult<()> {
        let rows = query(
            "SELECT conversations.id AS id, members.created_at AS created_at FROM conversations \
             JOIN members ON members.id = conversations.member \
             WHERE conversations.tenant = $1 ORDER BY conversations.id",
        )
        .bind(self.user.as_str())
        .fetch_all(connection)
        .await?;
        for row in &rows {
            let started_at = self.instant(row, "created_at")?;
            self.rows.conversations.push(vec![
                Value::Text(row::text(row, "id")?),
                Value::Text(self.user.clone()),
                Value::Text("open".to_owned()),
                started_at,
            ]);
        }
        Ok(())
    }

    async fn messages(&mut self, connection: &mut Connection) -> StoreResult<()> {
        for (direction, table, at) in
            [("inbound", "inbound", "received_at"), ("outbound", "outbound", "created_at")]
        {
            // A message that was deleted has no sender any more.
            let alive = if table == "inbound" { " AND sender <> ''" } else { "" };
            let rows = query(format!(
                "SELECT id, conversation, body, {at} AS at FROM {table} WHERE tenant = $1{alive} \
                 ORDER BY {at} DESC, id DESC LIMIT $2"
            ))
            .bind(self.user.as_str())
            .bind(MAX_MESSAGES)
            .fetch_all(connection)
            .await?;
            for row in rows.iter().rev() {
                let at = self.instant(row, "at")?;
                self.rows.messages.push(vec![
                    Value::Text(row::text(row, "id")?),
                    Value::Text(row::text(row, "conversation")?),
                    Value::Text(self.user.clone()),
                    Value::Text(direction.to_owned()),
                    Value::Text(row::text(row, "body")?),
                    Value::Null,
                    at,
                ]);
            }
        }
        Ok(())
    }

    fn instant(&self, row: &Row, column: &str) -> StoreResult<Value> {
        self.moment(row::int(row, column)?)
    }

    /// Returns an instant as the user's clock shows it.
    fn moment(&self, milliseconds: i64) -> StoreResult<Value> {
        let local = codec::instant(milliseconds)?.to_zoned(self.zone.clone());
        Ok(Value::Text(local.strftime("%Y-%m-%d %H:%M:%S").to_string()))
    }
}

fn texts(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::Text)
}

fn real(decimal: Decimal) -> Value {
    decimal.to_f64().map_or(Value::Null, Value::Real)
}

fn amount(minor: Option<i64>, currency: Currency, sign: i64) -> Value {
    let signed = minor.map(|minor| Money::new(minor.saturating_mul(sign), currency));
    signed.map_or(Value::Null, |money| real(money.decimal()))
}
