//! How well documents were read: one verdict a document, counted by group.

use super::{
    super::extract::record::Record,
    compare,
    truth::{FIELDS, KEY_FIELDS, Row},
};
use domain::{
    invoice::Proof,
    reading::{DOUBTFUL_BELOW, ReadKind, VERIFIED_FROM},
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What became of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read, and right.
    Right,
    /// Read, and not right.
    Wrong,
    /// Not read.
    Missing,
}

/// One field of one document.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The field.
    pub field: &'static str,
    /// What became of it.
    pub mark: Mark,
    /// Whether the reading claims to have proof of it.
    pub verified: bool,
    /// What is known.
    pub known: String,
    /// What was read; empty if nothing was.
    pub read: String,
}

/// How one document was read.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The path of the document.
    pub file: String,
    /// `is_invoice`, `kind`, then the labelled fields.
    pub answers: Vec<Answer>,
    /// Whether a key field was made up; nothing for invoices.
    pub made_up: Option<bool>,
    /// Whether the sums prove the total; nothing for what is no invoice.
    pub proven: Option<bool>,
    /// Whether the document proves itself, as the chat would say: the sums prove a total that is
    /// verified, and vendor, day and currency are there without doubt; nothing for what is no
    /// invoice.
    pub proves_itself: Option<bool>,
    /// How long it took.
    pub elapsed_ms: u64,
}

impl Verdict {
    /// Judges what was read by what is known.
    #[must_use]
    pub fn of(row: &Row, record: &Record) -> Self {
        let object = serde_json::to_value(record).unwrap_or_default();
        let read = |field: &str| object.get(field).filter(|value| answered(value));
        let at_least = |field: &str, least: u8| {
            let confidence = record.evidence.get(field).and_then(|entry| entry.get("confidence"));
            confidence.and_then(Value::as_u64) >= Some(u64::from(least))
        };
        let verified = |field: &str| at_least(field, VERIFIED_FROM);
        let undoubted = |field: &&str| read(field).is_some() && at_least(field, DOUBTFUL_BELOW);
        let is_invoice = row.kind != ReadKind::NotInvoice;
        let mut answers = kind_answers(row, record, verified("kind"));
        if is_invoice {
            answers.extend(FIELDS.iter().filter_map(|field| {
                let known = row.label(field)?;
                Some(answer(row, field, known, read(field), verified(field)))
            }));
        }
        Self {
            file: record.file.clone(),
            answers,
            made_up: (!is_invoice).then(|| KEY_FIELDS.iter().any(|field| read(field).is_some())),
            proven: is_invoice.then_some(record.proof == Some(Proof::Proven)),
            proves_itself: is_invoice.then(|| {
                record.proof == Some(Proof::Proven)
                    && verified("gross_total")
                    && ["vendor_name", "issue_date", "currency"].iter().all(undoubted)
            }),
            elapsed_ms: record.elapsed_ms,
        }
    }

    /// Returns whether every labelled key field is right; nothing where none is labelled.
    #[must_use]
    pub fn complete(&self) -> Option<bool> {
        let mut keys = self.answers.iter().filter(|answer| KEY_FIELDS.contains(&answer.field));
        let first = keys.next()?;
        Some(std::iter::once(first).chain(keys).all(|answer| answer.mark == Mark::Right))
    }

    /// Returns whether every labelled key field is verified; nothing where none is labelled.
    #[must_use]
    pub fn all_verified(&self) -> Option<bool> {
        let mut keys = self.answers.iter().filter(|answer| KEY_FIELDS.contains(&answer.field));
        let first = keys.next()?;
        Some(std::iter::once(first).chain(keys).all(|answer| answer.verified))
    }

    fn mark_of(&self, field: &str) -> Option<Mark> {
        self.answers.iter().find(|answer| answer.field == field).map(|answer| answer.mark)
    }
}

fn kind_answers(row: &Row, record: &Record, verified: bool) -> Vec<Answer> {
    let name = |kind: ReadKind| compare::text(&serde_json::to_value(kind).unwrap_or_default());
    let mark = |right: fn(&Row, ReadKind) -> bool| match record.kind {
        None => Mark::Missing,
        Some(kind) if right(row, kind) => Mark::Right,
        Some(_) => Mark::Wrong,
    };
    let answer = |field, mark, verified| Answer {
        field,
        mark,
        verified,
        known: name(row.kind),
        read: record.kind.map(name).unwrap_or_default(),
    };
    let same_side =
        mark(|row, kind| (kind == ReadKind::NotInvoice) == (row.kind == ReadKind::NotInvoice));
    vec![
        answer("is_invoice", same_side, false),
        answer("kind", mark(|row, kind| row.is_of_kind(kind)), verified),
    ]
}

fn answer(
    row: &Row,
    field: &'static str,
    known: &Value,
    read: Option<&Value>,
    verified: bool,
) -> Answer {
    let mark = match read {
        None => Mark::Missing,
        Some(read) if row.accepted(field).any(|known| compare::same(field, known, read)) => {
            Mark::Right
        }
        Some(_) => Mark::Wrong,
    };
    let said = read.map(compare::text).unwrap_or_default();
    let verified = verified && read.is_some();
    Answer { field, mark, verified, known: compare::text(known), read: said }
}

fn answered(value: &Value) -> bool {
    !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many there are.
    pub n: u64,
    /// How many of them are so.
    pub right: u64,
}

impl Share {
    /// Counts one more.
    pub fn add(&mut self, right: bool) {
        self.n = self.n.saturating_add(1);
        self.right = self.right.saturating_add(right.into());
    }

    /// Returns the share in thousandths, rounded down; nothing of nothing.
    #[must_use]
    pub const fn permille(self) -> Option<u64> {
        self.right.saturating_mul(1000).checked_div(self.n)
    }
}

/// What became of a field in many documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Right of labelled.
    #[serde(flatten)]
    pub share: Share,
    /// Read, but not right.
    pub wrong: u64,
    /// Not read.
    pub missing: u64,
    /// Of the values that claim to be proven: those that are right.
    pub verified: Share,
}

impl Count {
    fn add(&mut self, answer: &Answer) {
        self.share.add(answer.mark == Mark::Right);
        self.wrong = self.wrong.saturating_add((answer.mark == Mark::Wrong).into());
        self.missing = self.missing.saturating_add((answer.mark == Mark::Missing).into());
        if answer.verified {
            self.verified.add(answer.mark == Mark::Right);
        }
    }
}

/// How well a group of documents was read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tally {
    /// How many documents.
    pub documents: u64,
    /// By field.
    pub fields: BTreeMap<&'static str, Count>,
    /// Documents of which every labelled key field is right.
    pub complete: Share,
    /// Documents that are no invoice of which a key field was read all the same.
    pub made_up: Share,
    /// Invoices whose sums prove their total.
    pub proven: Share,
    /// Of those whose total is labelled: those whose total is right.
    pub proven_right: Share,
    /// Invoices that prove themselves.
    pub proves_itself: Share,
    /// Of those: those of which every labelled key field is right.
    pub proves_itself_right: Share,
    /// Documents of which every labelled key field is verified.
    pub all_verified: Share,
    #[serde(skip)]
    times: Vec<u64>,
}

impl Tally {
    /// Counts a document.
    pub fn add(&mut self, verdict: &Verdict) {
        self.documents = self.documents.saturating_add(1);
        for answer in &verdict.answers {
            self.fields.entry(answer.field).or_default().add(answer);
        }
        if let Some(complete) = verdict.complete() {
            self.complete.add(complete);
        }
        if let Some(made_up) = verdict.made_up {
            self.made_up.add(made_up);
        }
        if let Some(proven) = verdict.proven {
            self.proven.add(proven);
        }
        if let (Some(true), Some(gross)) = (verdict.proven, verdict.mark_of("gross_total")) {
            self.proven_right.add(gross == Mark::Right);
        }
        if let Some(proves) = verdict.proves_itself {
            self.proves_itself.add(proves);
        }
        if let (Some(true), Some(complete)) = (verdict.proves_itself, verdict.complete()) {
            self.proves_itself_right.add(complete);
        }
        if let Some(all) = verdict.all_verified() {
            self.all_verified.add(all);
        }
        let at = self.times.partition_point(|time| *time <= verdict.elapsed_ms);
        self.times.insert(at, verdict.elapsed_ms);
    }

    /// Returns a field's count; zeros where no document labels it.
    #[must_use]
    pub fn field(&self, field: &str) -> Count {
        self.fields.get(field).copied().unwrap_or_default()
    }

    /// Returns all values that claim to be proven.
    #[must_use]
    pub fn verified(&self) -> Share {
        self.fields.values().fold(Share::default(), |sum, count| Share {
            n: sum.n.saturating_add(count.verified.n),
            right: sum.right.saturating_add(count.verified.right),
        })
    }

    /// Returns the time in milliseconds that this part of a hundred of the documents stayed below.
    #[must_use]
    pub fn time(&self, percent: usize) -> u64 {
        let at = self.times.len().saturating_mul(percent).checked_div(100).unwrap_or_default();
        let last = self.times.len().saturating_sub(1);
        self.times.get(at.min(last)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::extract::record::Seen, *};
    use domain::{
        dates::date,
        money::Currency,
        reading::{Claim, Evidence, Origin, ReadLine, Reading},
    };
    use serde_json::json;
    use std::path::Path;

    fn row(value: Value) -> Row {
        serde_json::from_value(value).unwrap()
    }

    fn record(seen: Seen) -> Record {
        Record::new(Path::new("a.pdf"), seen.into(), Currency::EUR, date(2025, 9, 10))
    }

    fn claim<T>(value: T, confidence: u8) -> Option<Claim<T>> {
        Some(Claim::new(value, Evidence::of(Origin::TextLayer, confidence, "label")))
    }

    fn receipt() -> Record {
        let evidence = Evidence::of(Origin::TextLayer, 90, "title");
        record(Seen::Read(Box::new(Reading {
            vendor: claim("Nordlicht".to_owned(), 99),
            gross: claim("12.00".parse().unwrap(), 99),
            ..Reading::of_kind(ReadKind::Receipt, evidence)
        })))
    }

    fn tally(rows: &[(Row, Record)]) -> Tally {
        let mut tally = Tally::default();
        for (row, record) in rows {
            tally.add(&Verdict::of(row, record));
        }
        tally
    }

    #[test]
    fn wrong_is_told_from_missing_and_a_false_proof_is_counted() {
        let known = json!({"file": "a.pdf", "kind": "receipt", "vendor_name": "Nordlicht GmbH",
            "gross_total": "12.50", "issue_date": "2025-01-02"});
        let tally = tally(&[(row(known), receipt())]);
        assert_eq!(tally.field("vendor_name").share, Share { n: 1, right: 1 });
        let gross = tally.field("gross_total");
        assert_eq!((gross.wrong, gross.missing), (1, 0));
        assert_eq!(gross.verified, Share { n: 1, right: 0 });
        assert_eq!(tally.field("issue_date").missing, 1);
        assert_eq!(tally.field("due_date").share.n, 0, "what is not labelled is not scored");
        assert_eq!(tally.verified(), Share { n: 2, right: 1 });
        assert_eq!(tally.complete, Share { n: 1, right: 0 });
    }

    #[test]
    fn a_document_proves_itself_by_its_sums_and_without_a_doubt() {
        let known = || {
            row(json!({"file": "a.pdf", "kind": "receipt", "vendor_name": "Nordlicht",
            "gross_total": "12.00", "issue_date": "2025-01-02", "currency": "EUR"}))
        };
        let read = |vendor: u8| {
            let line = ReadLine { amount: "12.00".parse().ok(), ..ReadLine::default() };
            let evidence = Evidence::of(Origin::TextLayer, 90, "title");
            record(Seen::Read(Box::new(Reading {
                vendor: claim("Nordlicht".to_owned(), vendor),
                issue_date: claim(date(2025, 1, 2), 80),
                currency: claim(Currency::EUR, 99),
                gross: claim("12.00".parse().unwrap(), 99),
                lines: vec![line],
                ..Reading::of_kind(ReadKind::Receipt, evidence)
            })))
        };
        let tally = tally(&[(known(), read(90)), (known(), read(40)), (known(), receipt())]);
        assert_eq!(tally.proves_itself, Share { n: 3, right: 1 });
        assert_eq!(tally.proves_itself_right, Share { n: 1, right: 1 });
        assert_eq!(tally.all_verified, Share { n: 3, right: 0 });
    }

    #[test]
    fn a_letter_that_is_read_as_a_receipt_is_made_up() {
        let letter = || row(json!({"file": "a.pdf", "kind": "not_invoice"}));
        let tally = tally(&[(letter(), receipt()), (letter(), record(Seen::NoInvoice))]);
        assert_eq!(tally.made_up, Share { n: 2, right: 1 });
        assert_eq!(tally.field("is_invoice").share, Share { n: 2, right: 1 });
        assert_eq!(tally.proven.n, 0);
        assert_eq!(tally.complete.n, 0);
    }

    #[test]
    fn a_file_that_was_not_read_is_missing_everywhere() {
        let known = row(json!({"file": "a.pdf", "kind": "invoice", "gross_total": "1"}));
        let tally = tally(&[(known, record(Seen::Failed("gone".to_owned())))]);
        assert_eq!(tally.field("kind").missing, 1);
        assert_eq!(tally.field("gross_total").missing, 1);
    }

    #[test]
    fn times_are_ranked() {
        let mut tally = Tally::default();
        for elapsed_ms in [30, 10, 20, 40] {
            let known = row(json!({"file": "a.pdf", "kind": "receipt"}));
            let verdict = Verdict { elapsed_ms, ..Verdict::of(&known, &receipt()) };
            tally.add(&verdict);
        }
        assert_eq!([tally.time(0), tally.time(50), tally.time(95)], [10, 30, 40]);
        assert_eq!(Tally::default().time(50), 0);
    }
}
