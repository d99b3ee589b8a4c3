//! Invoices as rows: one for the invoice, one for each item line.

use crate::{
    codec,
    engine::{Bind, Connection, Row, Sql, query, row},
};
use domain::{
    ids::{InvoiceId, TenantId},
    invoice::{Direction, Invoice, Line, Status},
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    question::InvoiceRow,
};
use ports::store::{StoreError, StoreResult};
use std::collections::HashMap;

/// How many invoices are asked for their lines at once: well below SQLite's limit of bound values.
const BATCH: usize = 500;

/// Returns whether the tenant has an invoice of this identifier.
pub async fn exists(
    connection: &mut Connection,
    tenant: TenantId,
    id: InvoiceId,
) -> StoreResult<bool> {
    let row = query("SELECT id FROM invoices WHERE tenant = $1 AND id = $2")
        .bind(tenant.to_string())
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Returns one invoice of the tenant.
pub async fn load(
    connection: &mut Connection,
    tenant: TenantId,
    id: InvoiceId,
) -> StoreResult<Option<Invoice>> {
    let rows = query("SELECT * FROM invoices WHERE tenant = $1 AND id = $2")
        .bind(tenant.to_string())
        .bind(id.to_string())
        .fetch_all(connection)
        .await?;
    Ok(assemble(connection, tenant, &rows).await?.pop())
}

/// Stores an invoice that is not there yet.
pub async fn insert(
    connection: &mut Connection,
    tenant: TenantId,
    invoice: &Invoice,
    created_at: i64,
) -> StoreResult<()> {
    check_currency(invoice)?;
    let received = invoice.direction == Direction::Received;
    let vendor = Some(invoice.vendor.name.trim()).filter(|name| received && !name.is_empty());
    let customer = Some(invoice.customer.name.trim()).filter(|name| !received && !name.is_empty());
    let minor = |money: Option<Money>| money.map(|money| money.minor);
    query(
        "INSERT INTO invoices (tenant, id, direction, kind, number, vendor, vendor_name, \
         vendor_folded, customer, customer_name, customer_folded, issue_date, due_date, paid_on, \
         currency, decimals, net_minor, tax_minor, gross_minor, allowance_minor, prepaid_minor, \
         rounding_minor, taxes, category, category_folded, status, notes, document, \
         duplicate_key, proof, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
         $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, \
         $29, $30, $31)",
    )
    .bind(tenant.to_string())
    .bind(invoice.id.to_string())
    .bind(codec::word(&invoice.direction)?)
    .bind(codec::word(&invoice.kind)?)
    .bind(&invoice.number)
    .bind(codec::json(&invoice.vendor)?)
    .bind(vendor)
    .bind(vendor.map(codec::folded))
    .bind(codec::json(&invoice.customer)?)
    .bind(customer)
    .bind(customer.map(codec::folded))
    .bind(invoice.issue_date.to_string())
    .bind(invoice.due_date.map(|date| date.to_string()))
    .bind(invoice.paid_on.map(|date| date.to_string()))
    .bind(invoice.currency.code())
    .bind(invoice.currency.decimals())
    .bind(minor(invoice.net))
    .bind(minor(invoice.tax))
    .bind(invoice.gross.minor)
    .bind(minor(invoice.allowance))
    .bind(minor(invoice.prepaid))
    .bind(minor(invoice.rounding))
    .bind(codec::json(&invoice.taxes)?)
    .bind(&invoice.category)
    .bind(invoice.category.as_deref().map(codec::folded))
    .bind(invoice.status.word())
    .bind(&invoice.notes)
    .bind(invoice.document.map(|hash| hash.to_string()))
    .bind(invoice.duplicate_key())
    .bind(codec::word(&invoice.proof)?)
    .bind(created_at)
    .execute(connection)
    .await?;
    insert_lines(connection, tenant, invoice).await
}

async fn insert_lines(
    connection: &mut Connection,
    tenant: TenantId,
    invoice: &Invoice,
) -> StoreResult<()> {
    for (place, line) in (1_i64..).zip(&invoice.lines) {
        query(
            "INSERT INTO invoice_lines (tenant, invoice, place, description, description_folded, \
             quantity, unit_price, amount_minor, tax_rate) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(tenant.to_string())
        .bind(invoice.id.to_string())
        .bind(place)
        .bind(&line.description)
        .bind(codec::folded(&line.description))
        .bind(line.quantity.map(|quantity| quantity.0.to_string()))
        .bind(line.unit_price.map(|price| price.0.to_string()))
        .bind(line.amount.map(|amount| amount.minor))
        .bind(line.tax_rate.map(|rate| rate.0.to_string()))
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Stores an invoice in the place of the one with its identifier.
pub async fn replace(
    connection: &mut Connection,
    tenant: TenantId,
    invoice: &Invoice,
) -> StoreResult<()> {
    let row = query("DELETE FROM invoices WHERE tenant = $1 AND id = $2 RETURNING created_at")
        .bind(tenant.to_string())
        .bind(invoice.id.to_string())
        .fetch_one(connection)
        .await?;
    insert(connection, tenant, invoice, row::int(&row, "created_at")?).await
}

/// Returns the invoices of full rows, with their lines, in the order of the rows.
pub async fn assemble(
    connection: &mut Connection,
    tenant: TenantId,
    rows: &[Row],
) -> StoreResult<Vec<Invoice>> {
    let mut invoices = rows.iter().map(read).collect::<StoreResult<Vec<_>>>()?;
    for batch in invoices.chunks_mut(BATCH) {
        let mut lines = lines(connection, tenant, batch).await?;
        for invoice in batch {
            invoice.lines = lines.remove(&invoice.id).unwrap_or_default();
        }
    }
    Ok(invoices)
}

async fn lines(
    connection: &mut Connection,
    tenant: TenantId,
    invoices: &[Invoice],
) -> StoreResult<HashMap<InvoiceId, Vec<Line>>> {
    let currencies: HashMap<InvoiceId, Currency> =
        invoices.iter().map(|invoice| (invoice.id, invoice.currency)).collect();
    let mut sql = Sql::new("SELECT * FROM invoice_lines WHERE tenant = ");
    sql.bind(tenant.to_string()).push(" AND invoice IN (");
    sql.bind_all(invoices.iter().map(|invoice| Bind::Text(invoice.id.to_string())));
    sql.push(") ORDER BY invoice, place");
    let mut lines: HashMap<InvoiceId, Vec<Line>> = HashMap::new();
    for row in sql.fetch(connection).await? {
        let id: InvoiceId = row::parsed(&row, "invoice")?;
        let currency = currencies.get(&id).copied().ok_or(StoreError::Malformed("a line"))?;
        lines.entry(id).or_default().push(read_line(&row, currency)?);
    }
    Ok(lines)
}

fn read_line(row: &Row, currency: Currency) -> StoreResult<Line> {
    let decimal = |column| codec::decimal(row::maybe_text(row, column)?);
    Ok(Line {
        description: row::text(row, "description")?,
        quantity: decimal("quantity")?.map(Quantity),
        unit_price: decimal("unit_price")?.map(UnitPrice),
        amount: row::maybe_int(row, "amount_minor")?.map(|minor| Money::new(minor, currency)),
        tax_rate: decimal("tax_rate")?.map(Rate),
    })
}

/// Returns the invoice of a full row, without its lines.
fn read(row: &Row) -> StoreResult<Invoice> {
    let currency = codec::currency(&row::text(row, "currency")?)?;
    let money = |column| -> StoreResult<Option<Money>> {
        Ok(row::maybe_int(row, column)?.map(|minor| Money::new(minor, currency)))
    };
    let head = read_row(row)?;
    let document = row::maybe_text(row, "document")?;
    Ok(Invoice {
        id: head.id,
        direction: head.direction,
        kind: head.kind,
        number: head.number,
        vendor: codec::from_json(&row::text(row, "vendor")?, "a vendor")?,
        customer: codec::from_json(&row::text(row, "customer")?, "a customer")?,
        issue_date: head.issue_date,
        due_date: head.due_date,
        paid_on: head.paid_on,
        currency,
        lines: Vec::new(),
        taxes: codec::from_json(&row::text(row, "taxes")?, "taxes")?,
        net: money("net_minor")?,
        tax: money("tax_minor")?,
        gross: head.gross,
        allowance: money("allowance_minor")?,
        prepaid: money("prepaid_minor")?,
        rounding: money("rounding_minor")?,
        category: head.category,
        status: head.status,
        notes: row::maybe_text(row, "notes")?,
        document: document.map(|hash| codec::parsed(&hash, "a document")).transpose()?,
        proof: codec::from_word(row::text(row, "proof")?, "a proof")?,
    })
}

/// Returns the one line form of a full row.
pub fn read_row(row: &Row) -> StoreResult<InvoiceRow> {
    let currency = codec::currency(&row::text(row, "currency")?)?;
    let vendor = row::maybe_text(row, "vendor_name")?;
    let customer = row::maybe_text(row, "customer_name")?;
    let status: Status = codec::from_word(row::text(row, "status")?, "a status")?;
    let gross = row::int(row, "gross_minor")?;
    let money = |column| row::maybe_int(row, column).map(Option::unwrap_or_default);
    let left =
        gross.saturating_sub(money("prepaid_minor")?).saturating_add(money("rounding_minor")?);
    let is_open = matches!(status, Status::Unpaid | Status::PartPaid);
    Ok(InvoiceRow {
        id: row::parsed(row, "id")?,
        direction: codec::from_word(row::text(row, "direction")?, "a direction")?,
        kind: codec::from_word(row::text(row, "kind")?, "a kind")?,
        number: row::maybe_text(row, "number")?,
        counterparty: vendor.or(customer).unwrap_or_default(),
        issue_date: row::parsed(row, "issue_date")?,
        due_date: codec::date(row::maybe_text(row, "due_date")?)?,
        paid_on: codec::date(row::maybe_text(row, "paid_on")?)?,
        gross: Money::new(gross, currency),
        amount_due: (is_open && left != gross).then(|| Money::new(left, currency)),
        status,
        category: row::maybe_text(row, "category")?,
    })
}

/// Refuses an invoice with an amount in another currency than its own: one column holds it.
fn check_currency(invoice: &Invoice) -> StoreResult<()> {
    let totals = [invoice.net, invoice.tax, invoice.allowance, invoice.prepaid, invoice.rounding];
    let lines = invoice.lines.iter().map(|line| line.amount);
    let is_foreign = |money: Money| money.currency != invoice.currency;
    let mut amounts = totals.into_iter().chain(lines).flatten().chain([invoice.gross]);
    if amounts.any(is_foreign) {
        return Err(StoreError::Malformed("an amount in another currency"));
    }
    Ok(())
}
