//! Measures how far readings may be trusted: `proof TRUTH.jsonl CONTENTS.json...`.
//!
//! Prints per field and confidence how many values are right, the share of verified values that
//! are right, and the share of documents that prove themselves. Truth is one JSON object a line:
//! `file`, `kind`, `vendor_name`, `invoice_number`, `issue_date`, `currency`, `net_total`,
//! `tax_total`, `gross_total`, `vendor_tax_id`, `due_date`; `null` is not counted.

use domain::{
    dates::date,
    document::Contents,
    names::fold,
    reading::{Claim, Evidence, Reading, Standing},
};
use offline::invoice;
use ports::model::Sheets;
use serde_json::Value;
use std::collections::BTreeMap;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The fields that every invoice has.
const KEY: [&str; 5] = ["vendor_name", "invoice_number", "issue_date", "currency", "gross_total"];

/// A value that was read.
struct Answer {
    field: &'static str,
    text: String,
    evidence: Evidence,
}

/// Right and all values, by field and lowest confidence of their class.
#[derive(Default)]
struct Tally {
    classes: BTreeMap<(&'static str, u8), (u32, u32)>,
    /// Documents, those with a proven total and no doubt, those with all key fields proven.
    documents: (u32, u32, u32),
    verified: (u32, u32),
    false_proofs: u32,
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let truth = truth(&arguments.next().ok_or("name a truth file")?)?;
    let mut tally = Tally::default();
    for path in arguments {
        let name = name_of(&path).trim_end_matches(".json").to_owned();
        let Some(row) = truth.get(&name) else { continue };
        let contents: Contents = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        let sheets = Sheets {
            pages: contents.pages,
            pictures: Vec::new(),
            today: date(2026, 11, 1),
            locale: String::new(),
        };
        tally.take(row, &invoice::read(&sheets));
    }
    tally.print();
    Ok(())
}

fn truth(path: &str) -> Outcome<BTreeMap<String, Value>> {
    let text = std::fs::read_to_string(path)?;
    let rows = text.lines().map(|line| -> Outcome<(String, Value)> {
        let row: Value = serde_json::from_str(line)?;
        let file = row.get("file").and_then(Value::as_str).unwrap_or_default();
        Ok((name_of(file).to_owned(), row))
    });
    rows.collect()
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn answers(reading: &Reading) -> Vec<Answer> {
    fn answer<T: ToString>(field: &'static str, claim: &Option<Claim<T>>) -> Option<Answer> {
        let claim = claim.as_ref()?;
        Some(Answer { field, text: claim.value.to_string(), evidence: claim.evidence.clone() })
    }
    let currency = reading.currency.as_ref();
    let currency = currency.map(|c| Claim::new(c.value.code().to_string(), c.evidence.clone()));
    [
        answer("vendor_name", &reading.vendor),
        answer("vendor_tax_id", &reading.vendor_tax_id),
        answer("invoice_number", &reading.number),
        answer("issue_date", &reading.issue_date),
        answer("due_date", &reading.due_date),
        answer("currency", &currency),
        answer("net_total", &reading.net),
        answer("tax_total", &reading.tax),
        answer("gross_total", &reading.gross),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Tally {
    fn take(&mut self, row: &Value, reading: &Reading) {
        let answers = answers(reading);
        let standing = |field: &str| {
            let found = answers.iter().find(|answer| answer.field == field);
            found.map(|answer| answer.evidence.standing())
        };
        if row.get("kind").and_then(Value::as_str) == Some("not_invoice") {
            let proven = answers.iter().any(|a| a.evidence.standing() == Standing::Verified);
            self.false_proofs = self.false_proofs.saturating_add(u32::from(proven));
            return;
        }
        for answer in &answers {
            if let Some(right) = is_right(row, answer) {
                self.count(answer, right);
            }
        }
        let labelled = || KEY.iter().filter(|field| row.get(**field).is_some_and(|v| !v.is_null()));
        let doubtful = |field: &&str| matches!(standing(field), None | Some(Standing::Doubtful));
        let total = standing("gross_total") == Some(Standing::Verified);
        let whole = total && !labelled().any(doubtful);
        let all = labelled().all(|field| standing(field) == Some(Standing::Verified));
        add(&mut self.documents.0, true);
        add(&mut self.documents.1, whole);
        add(&mut self.documents.2, all);
    }

    fn count(&mut self, answer: &Answer, right: bool) {
        let verified = answer.evidence.standing() == Standing::Verified;
        let sure = answer.evidence.confidence;
        let low = if verified { sure } else { sure.saturating_sub(sure.wrapping_rem(10)) };
        let class = self.classes.entry((answer.field, low)).or_default();
        add(&mut class.0, right);
        add(&mut class.1, true);
        add(&mut self.verified.0, right && verified);
        add(&mut self.verified.1, verified);
    }

    fn print(&self) {
        for ((field, low), (right, all)) in &self.classes {
            println!("{field:16} from {low:3}: {right:4} of {all:4} right");
        }
        let (documents, whole, all) = self.documents;
        let (right, verified) = self.verified;
        println!(
            "verified values: {right} of {verified} right ({:.2} %)",
            percent(right, verified)
        );
        println!("false proofs on other papers: {}", self.false_proofs);
        println!(
            "total proven, nothing doubtful: {whole} of {documents} ({:.1} %)",
            percent(whole, documents)
        );
        println!("all key fields proven: {all} of {documents} ({:.1} %)", percent(all, documents));
    }
}

fn add(count: &mut u32, holds: bool) {
    *count = count.saturating_add(u32::from(holds));
}

fn percent(part: u32, all: u32) -> f64 {
    f64::from(part) * 100.0 / f64::from(all.max(1))
}

/// Returns whether a value is the true one or one that is accepted as well; nothing where the
/// truth has none.
fn is_right(row: &Value, answer: &Answer) -> Option<bool> {
    let wanted = row.get(answer.field).filter(|value| !value.is_null())?;
    let others = row.get("also_accept").and_then(|also| also.get(answer.field));
    let others = others.and_then(Value::as_array).into_iter().flatten();
    let mut accepted = std::iter::once(wanted).chain(others).filter_map(Value::as_str);
    Some(accepted.any(|wanted| same(answer.field, wanted, &answer.text)))
}

fn same(field: &str, wanted: &str, got: &str) -> bool {
    if field.ends_with("_total") {
        let amount = |text: &str| text.parse::<rust_decimal::Decimal>().ok();
        return amount(wanted).is_some() && amount(wanted) == amount(got);
    }
    let plain = |text: &str| fold(text).replace(' ', "");
    let (wanted, got) = (plain(wanted), plain(got));
    let near = wanted.contains(&got) || got.contains(&wanted);
    wanted == got || (matches!(field, "vendor_name" | "vendor_tax_id") && got.len() >= 4 && near)
}
