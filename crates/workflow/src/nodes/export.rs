//! Invoices to take away: a sheet, or an archive with the originals.

use super::Step;
use crate::{
    attachments::{self, MAX_INVOICES},
    commands::{
        Export,
        export::{EVERYTHING, Form},
    },
    prompts,
    replies::{LeftOut, Reply},
    scene::Scene,
    turn::TurnError,
    understanding::{ask, bind},
};
use domain::{
    dates::Date,
    invoice::Invoice,
    message::NewFile,
    question::{Answer, Field, Filters, Metric, QueryPlan},
    table::Table,
};
use ports::{
    model::{Claimed, Task},
    press::{Sheet, SheetForm},
    store::SelectError,
};
use std::collections::HashSet;

/// How many invoices are read at once.
const PAGE: u32 = 500;
/// How many messages are read at once, and the most of one archive.
const MESSAGES: usize = 500;
const MAX_MESSAGES: usize = 10_000;
/// The most bytes of originals in an archive: below what WhatsApp takes as a file.
const MAX_ORIGINALS: usize = 12 * 1024 * 1024;

/// Gives invoices away.
///
/// # Errors
///
/// [`TurnError`].
pub async fn run(scene: &Scene<'_>, export: &Export) -> Result<Step, TurnError> {
    let Some(filters) = filters(scene, export).await? else {
        return Ok(Step::reply(scene, Reply::NotUnderstood));
    };
    let mut left_out = LeftOut::default();
    let invoices = invoices(scene, &filters, &mut left_out).await?;
    if invoices.is_empty() {
        return Ok(Step::reply(scene, Reply::NothingToExport));
    }
    let count = invoices.len();
    let file = match export.form {
        Form::Sheet(form) => {
            let bytes = scene.tools.press.sheet(Sheet::Invoices(invoices), form).await?;
            attachments::sheet_file(form, bytes)
        }
        Form::Archive => {
            let is_all = filters == Filters::default();
            let talk =
                if is_all { everything_else(scene, &mut left_out).await? } else { Vec::new() };
            archive(scene, invoices, talk, &mut left_out).await?
        }
    };
    Ok(Step::reply(scene, Reply::Exported { count, left_out, file }))
}

/// Returns which invoices are meant; nothing where that is not understood.
async fn filters(scene: &Scene<'_>, export: &Export) -> Result<Option<Filters>, TurnError> {
    if let Some(period) = export.period {
        let (date_from, date_to) = (Some(period.from), Some(period.to));
        return Ok(Some(Filters { date_from, date_to, ..Filters::default() }));
    }
    if export.which == EVERYTHING {
        return Ok(Some(Filters::default()));
    }
    let names = scene.names().await?;
    let mut sentence = scene.sentence(&export.which, names.clone());
    // An export stands alone: it does not go on with the question before it.
    sentence.last_plan = None;
    sentence.context.clear();
    let task = Task::PlanQuestion(sentence);
    let Claimed::Plan(mut plan) = ask::ask(scene, task, prompts::PLAN_QUESTION).await? else {
        return Ok(None);
    };
    let is_known = bind::filters(&mut plan.filters, &names).is_ok();
    Ok((is_known && plan.metric == Metric::List).then_some(plan.filters))
}

/// Returns the invoices of a period, or those that other filters find.
async fn invoices(
    scene: &Scene<'_>,
    filters: &Filters,
    left_out: &mut LeftOut,
) -> Result<Vec<Invoice>, TurnError> {
    let period = (filters.date_from, filters.date_to);
    let by_period = Filters { date_from: period.0, date_to: period.1, ..Filters::default() };
    if *filters != by_period {
        return found(scene, filters, left_out).await;
    }
    let is_in = |date: Date| {
        period.0.is_none_or(|from| date >= from) && period.1.is_none_or(|to| date <= to)
    };
    let mut all: Vec<Invoice> = Vec::new();
    let mut after = None;
    loop {
        let page = scene.tools.ledger.page(scene.tenant(), after, PAGE).await?;
        after = page.last().map(|invoice| invoice.id);
        if after.is_none() {
            break;
        }
        let room = MAX_INVOICES.saturating_sub(all.len());
        let mut fitting: Vec<Invoice> =
            page.into_iter().filter(|invoice| is_in(invoice.issue_date)).collect();
        left_out.invoices = left_out.invoices.saturating_add(fitting.len().saturating_sub(room));
        fitting.truncate(room);
        all.append(&mut fitting);
    }
    Ok(all)
}

/// Returns the invoices that filters find, and counts those beyond what is read at once.
async fn found(
    scene: &Scene<'_>,
    filters: &Filters,
    left_out: &mut LeftOut,
) -> Result<Vec<Invoice>, TurnError> {
    let (ledger, tenant) = (scene.tools.ledger, scene.tenant());
    let found = attachments::found(scene, filters).await?;
    if found.len() >= MAX_INVOICES {
        let (metric, field) = (Metric::Count, Field::Id);
        let count = QueryPlan { metric, field, filters: filters.clone(), ..QueryPlan::default() };
        if let Answer::Number(all) = ledger.answer(tenant, &count, scene.today).await? {
            let all = usize::try_from(all).unwrap_or_default();
            left_out.invoices = all.saturating_sub(found.len());
        }
    }
    Ok(found)
}

/// Returns what is stored of a person besides invoices, as files: what was said, what was learnt of
/// vendors, and how he counts.
async fn everything_else(
    scene: &Scene<'_>,
    left_out: &mut LeftOut,
) -> Result<Vec<(String, Vec<u8>)>, TurnError> {
    let json = |value: serde_json::Result<Vec<u8>>| value.unwrap_or_default();
    let hints = scene.tools.ledger.hints(scene.tenant()).await?;
    let mut files = vec![
        ("vendors.json".to_owned(), json(serde_json::to_vec_pretty(&hints))),
        ("settings.json".to_owned(), json(serde_json::to_vec_pretty(scene.habits()))),
    ];
    let mut said = Table::default();
    let mut page = MESSAGES;
    left_out.messages = true;
    while said.rows.len() < MAX_MESSAGES {
        let from = said.rows.len();
        let told = scene.tools.adhoc.said(scene.tenant(), from, page, scene.today).await;
        let found = match told {
            Ok(found) => found,
            Err(SelectError::Store(error)) => return Err(error.into()),
            // Long messages: fewer of them are read at once.
            Err(_) if page > 1 => {
                page = page.div_ceil(8);
                continue;
            }
            // A book too large for it: its invoices are given all the same.
            Err(_) => break,
        };
        let is_last = found.rows.len() < page;
        said.columns = found.columns;
        said.rows.extend(found.rows);
        if is_last {
            left_out.messages = false;
            break;
        }
    }
    if !said.rows.is_empty() {
        let sheet = scene.tools.press.sheet(Sheet::Rows(said), SheetForm::Csv).await?;
        files.push(("messages.csv".to_owned(), sheet));
    }
    Ok(files)
}

/// Packs both sheets, other files and the originals, as many as fit.
async fn archive(
    scene: &Scene<'_>,
    invoices: Vec<Invoice>,
    others: Vec<(String, Vec<u8>)>,
    left_out: &mut LeftOut,
) -> Result<NewFile, TurnError> {
    let (mut originals, mut bytes, mut packed) = (Vec::new(), 0_usize, HashSet::new());
    for invoice in &invoices {
        let Some(document) = invoice.document else { continue };
        // The invoices of one list have one original.
        if packed.contains(&document) {
            continue;
        }
        let Some(original) = scene.tools.blobs.get(document).await? else {
            left_out.gone = left_out.gone.saturating_add(1);
            continue;
        };
        if bytes.saturating_add(original.len()) > MAX_ORIGINALS {
            left_out.originals = left_out.originals.saturating_add(1);
            continue;
        }
        packed.insert(document);
        bytes = bytes.saturating_add(original.len());
        originals.push((attachments::original_name(invoice, &original), original.to_vec()));
    }
    let press = scene.tools.press;
    let mut files = Vec::new();
    for (name, form) in [("invoices.xlsx", SheetForm::Xlsx), ("invoices.csv", SheetForm::Csv)] {
        let sheet = press.sheet(Sheet::Invoices(invoices.clone()), form).await?;
        files.push((name.to_owned(), sheet));
    }
    files.extend(others);
    files.extend(originals);
    let packed = press.archive(files).await?;
    Ok(attachments::file("billhook.zip".to_owned(), "application/zip", packed))
}
