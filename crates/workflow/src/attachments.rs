//! Files that go with a reply: the PDF of an invoice, the sheet and the charts of an answer.

use crate::{replies, scene::Scene, turn::TurnError};
use domain::{
    document::ContentHash,
    invoice::Invoice,
    message::NewFile,
    money::Currency,
    question::{Answer, Filters, Group, GroupBy, QueryPlan, Value},
    table::{Cell, Table},
};
use ports::press::{Bar, Chart, Sheet, SheetForm};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// The most invoices of one sheet or export.
pub const MAX_INVOICES: usize = 20_000;
/// The most charts that go with one answer, one for each currency.
const MAX_CHARTS: usize = 3;

/// Sets an invoice as a PDF, named after its number; without one it is a draft.
///
/// # Errors
///
/// [`TurnError`] at the step `press`.
pub async fn pdf(scene: &Scene<'_>, invoice: &Invoice) -> Result<NewFile, TurnError> {
    let bytes = scene.tools.press.invoice_pdf(invoice, scene.language).await?;
    let stem = invoice.number.as_deref().map_or_else(|| "draft".to_owned(), file_stem);
    Ok(file(format!("{stem}.pdf"), "application/pdf", bytes))
}

/// A sheet, how many rows it has, and whether there were more.
pub struct Made {
    /// The file.
    pub file: NewFile,
    /// Its rows.
    pub count: usize,
    /// Whether it ends before the answer does.
    pub is_cut: bool,
}

/// Writes the answer to a plan as a sheet: whole invoices where those were listed, else names and
/// figures.
///
/// # Errors
///
/// [`TurnError`].
pub async fn sheet_of_answer(
    scene: &Scene<'_>,
    plan: &QueryPlan,
    answer: &Answer,
    form: SheetForm,
) -> Result<Made, TurnError> {
    let Answer::Invoices { rows, count: all } = answer else {
        let (file, count) = sheet_of_rows(scene, rows_of(answer), form).await?;
        return Ok(Made { file, count, is_cut: is_cut(plan, answer) });
    };
    let mut invoices = found(scene, &plan.filters).await?;
    let is_cut = u64::try_from(invoices.len()).is_ok_and(|count| count < *all);
    if plan.limit.is_some() {
        // "The five largest": those, in their order.
        let place = |invoice: &Invoice| rows.iter().position(|row| row.id == invoice.id);
        invoices.retain(|invoice| place(invoice).is_some());
        invoices.sort_by_key(place);
    }
    let count = invoices.len();
    let bytes = scene.tools.press.sheet(Sheet::Invoices(invoices), form).await?;
    Ok(Made { file: sheet_file(form, bytes), count, is_cut })
}

/// Returns whether there may be more rows than an answer carries.
fn is_cut(plan: &QueryPlan, answer: &Answer) -> bool {
    let is_full = |rows: usize| {
        plan.limit.is_none() && u32::try_from(rows).is_ok_and(|rows| rows >= Answer::MAX_ROWS)
    };
    match answer {
        Answer::Items { rows, count } => {
            plan.limit.is_none() && u64::try_from(rows.len()).is_ok_and(|rows| rows < *count)
        }
        Answer::Groups(groups) => is_full(groups.len()),
        Answer::Names(names) => is_full(names.len()),
        Answer::Invoices { .. } | Answer::Amounts(_) | Answer::Number(_) => false,
    }
}

/// Returns the invoices that filters find, at most [`MAX_INVOICES`].
///
/// # Errors
///
/// [`TurnError`].
pub async fn found(scene: &Scene<'_>, filters: &Filters) -> Result<Vec<Invoice>, TurnError> {
    let (ledger, tenant) = (scene.tools.ledger, scene.tenant());
    let limit = u32::try_from(MAX_INVOICES).unwrap_or(u32::MAX);
    Ok(ledger.found(tenant, filters, scene.today, limit).await?)
}

/// Writes rows as a sheet and returns it with their number.
///
/// # Errors
///
/// [`TurnError`] at the step `press`.
pub async fn sheet_of_rows(
    scene: &Scene<'_>,
    table: Table,
    form: SheetForm,
) -> Result<(NewFile, usize), TurnError> {
    let count = table.rows.len();
    let bytes = scene.tools.press.sheet(Sheet::Rows(table), form).await?;
    Ok((sheet_file(form, bytes), count))
}

/// Draws the groups of an answer, a picture for each currency; nothing where there is nothing to
/// compare.
///
/// # Errors
///
/// [`TurnError`] at the step `press`.
pub async fn charts(
    scene: &Scene<'_>,
    plan: &QueryPlan,
    answer: &Answer,
) -> Result<Vec<NewFile>, TurnError> {
    let Answer::Groups(groups) = answer else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for unit in units(groups).into_iter().take(MAX_CHARTS) {
        let of_unit = groups.iter().filter(|group| unit_of(group) == unit);
        let bars: Vec<Bar> = of_unit
            .map(|group| Bar {
                label: group.name.clone(),
                value: decimal(&group.value),
                shown: replies::figure(&group.value, scene.language),
            })
            .collect();
        if bars.len() < 2 {
            continue;
        }
        let chart = Chart {
            title: replies::heading(plan, scene.language, scene.habits()),
            unit: unit.map(|currency| currency.code().to_owned()).unwrap_or_default(),
            over_time: matches!(plan.group_by, Some(GroupBy::Calendar(_))),
            bars,
        };
        let bytes = scene.tools.press.chart(chart, scene.language).await?;
        let name = unit.map_or_else(|| "chart".to_owned(), |unit| format!("chart-{}", unit.code()));
        files.push(file(format!("{name}.png"), "image/png", bytes));
    }
    Ok(files)
}

/// Returns the currencies of groups, in their order.
fn units(groups: &[Group]) -> Vec<Option<Currency>> {
    let mut units = Vec::new();
    for unit in groups.iter().map(unit_of) {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

fn unit_of(group: &Group) -> Option<Currency> {
    match group.value {
        Value::Money(money) => Some(money.currency),
        Value::Number(_) => None,
    }
}

fn decimal(value: &Value) -> Decimal {
    match value {
        Value::Money(money) => money.decimal(),
        Value::Number(number) => *number,
    }
}

/// Returns the figures of an answer as rows.
fn rows_of(answer: &Answer) -> Table {
    let text = |text: &str| Cell::Text(text.to_owned());
    let figure = |value: &Value| {
        let currency = match value {
            Value::Money(money) => text(money.currency.code()),
            Value::Number(_) => Cell::Nothing,
        };
        [Cell::Number(decimal(value)), currency]
    };
    let (columns, rows): (&[&str], Vec<Vec<Cell>>) = match answer {
        Answer::Amounts(amounts) => {
            let row = |money| Vec::from(figure(&Value::Money(money)));
            (&["amount", "currency"], amounts.iter().copied().map(row).collect())
        }
        Answer::Number(number) => (&["number"], vec![vec![Cell::Number(*number)]]),
        Answer::Groups(groups) => {
            let row = |group: &Group| {
                let [value, currency] = figure(&group.value);
                vec![text(&group.name), value, currency]
            };
            (&["group", "value", "currency"], groups.iter().map(row).collect())
        }
        Answer::Items { rows, .. } => (
            &["date", "from_or_to", "description", "quantity", "unit_price", "amount", "currency"],
            rows.iter()
                .map(|row| {
                    let number =
                        |number: Option<Decimal>| number.map_or(Cell::Nothing, Cell::Number);
                    let currency = row.amount.map(|amount| text(amount.currency.code()));
                    vec![
                        text(&row.issue_date.to_string()),
                        text(&row.counterparty),
                        text(&row.description),
                        number(row.quantity),
                        number(row.unit_price),
                        number(row.amount.map(|amount| amount.decimal())),
                        currency.unwrap_or(Cell::Nothing),
                    ]
                })
                .collect(),
        ),
        Answer::Names(names) => (&["name"], names.iter().map(|name| vec![text(name)]).collect()),
        // Written whole, not as rows.
        Answer::Invoices { .. } => (&[], Vec::new()),
    };
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    Table { columns, rows, ..Table::default() }
}

/// Returns a sheet as a file that goes with a reply.
pub fn sheet_file(form: SheetForm, bytes: Vec<u8>) -> NewFile {
    match form {
        SheetForm::Xlsx => file(
            "billhook.xlsx".to_owned(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes,
        ),
        SheetForm::Csv => file("billhook.csv".to_owned(), "text/csv", bytes),
        SheetForm::Json => file("billhook.json".to_owned(), "application/json", bytes),
    }
}

/// Returns a file that goes with a reply.
pub fn file(name: String, media_type: &str, bytes: Vec<u8>) -> NewFile {
    NewFile {
        name,
        media_type: media_type.to_owned(),
        hash: ContentHash(Sha256::digest(&bytes).into()),
        bytes,
    }
}

/// Returns the name of an invoice's original in an archive: when, from whom, and what it is by its
/// first bytes.
pub fn original_name(invoice: &Invoice, bytes: &[u8]) -> String {
    let ending = match bytes {
        [b'%', b'P', b'D', b'F', ..] => "pdf",
        [0xff, 0xd8, ..] => "jpg",
        [0x89, b'P', b'N', b'G', ..] => "png",
        [b'P', b'K', ..] => "xlsx",
        [b'<', ..] | [0xef, 0xbb, 0xbf, b'<', ..] => "xml",
        _ => "bin",
    };
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let who: String = invoice.counterparty().chars().take(40).map(plain).collect();
    format!("originals/{}-{who}.{ending}", invoice.issue_date)
}

/// Returns a number as part of a file name: letters, digits and hyphens only.
fn file_stem(number: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    format!("invoice-{}", number.chars().take(40).map(plain).collect::<String>())
}
