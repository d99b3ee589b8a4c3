//! How well invented documents are read: floors per field, and no false proof.
#![expect(clippy::arithmetic_side_effects, reason = "counts of documents")]

use super::{
    invented::{Invented, TUNED, Truth, invented},
    *,
};
use domain::reading::VERIFIED_FROM;
use std::collections::BTreeMap;

/// Right, answered and wanted values of a field; and those that were called verified.
#[derive(Default, Clone, Copy)]
struct Count {
    wanted: u32,
    right: u32,
    sure: u32,
    sure_and_wrong: u32,
}

/// Counts per field, and what went wrong.
#[derive(Default)]
struct Score {
    counts: BTreeMap<&'static str, Count>,
    wrong: Vec<String>,
    bins: BTreeMap<(String, u8), (u32, u32)>,
}

impl Score {
    fn over(seeds: std::ops::Range<u64>) -> Self {
        let mut score = Self::default();
        for seed in seeds {
            let Invented { sheets, truth } = invented(seed);
            score.add(seed, &read(&sheets), &truth);
        }
        score
    }

    fn add(&mut self, seed: u64, reading: &Reading, truth: &Truth) {
        let seen = reading.is_invoice();
        let sure = reading.kind.evidence.confidence;
        self.count(seed, "is_invoice", (truth.is_invoice == seen, sure), &(truth.is_invoice, seen));
        if !truth.is_invoice {
            return;
        }
        if let Some(wanted) = truth.number.as_ref() {
            self.claim((seed, "number"), wanted, reading.number.as_ref(), |a, b| {
                plain(a) == plain(b)
            });
        }
        let vendor = &truth.vendor;
        let named = |_: &String, got: &String| {
            same_name(&vendor.name, got) || same_name(&vendor.brand, got)
        };
        self.claim((seed, "vendor"), &vendor.name, reading.vendor.as_ref(), named);
        let same = |a: &Decimal, b: &Decimal| a == b;
        for (field, wanted, got) in [
            ("net", truth.net, &reading.net),
            ("tax", truth.tax, &reading.tax),
            ("gross", truth.gross, &reading.gross),
        ] {
            if let Some(wanted) = wanted {
                self.claim((seed, field), &wanted, got.as_ref(), same);
            }
        }
        if let Some(day) = &truth.issued {
            self.claim((seed, "issued"), day, reading.issue_date.as_ref(), |a, b| a == b);
        }
        if let Some(day) = &truth.due {
            self.claim((seed, "due"), day, reading.due_date.as_ref(), |a, b| a == b);
        }
        if truth.tax_id {
            self.claim((seed, "tax_id"), &vendor.tax_id, reading.vendor_tax_id.as_ref(), |a, b| {
                bare_id(a) == bare_id(b)
            });
        }
        if truth.iban {
            self.claim((seed, "iban"), &vendor.iban, reading.vendor_iban.as_ref(), |a, b| a == b);
        }
        if let Some(customer) = &truth.customer {
            self.claim((seed, "customer"), customer, reading.customer.as_ref(), |a, b| {
                same_name(a, b)
            });
        }
        let lines = reading.lines.len();
        self.count(seed, "lines", (lines == truth.lines, 0), &(truth.lines, lines));
        let currency = Currency::parse(&truth.currency).unwrap();
        self.claim((seed, "currency"), &currency, reading.currency.as_ref(), |a, b| a == b);
    }

    fn claim<T: std::fmt::Debug>(
        &mut self,
        (seed, field): (u64, &'static str),
        wanted: &T,
        got: Option<&Claim<T>>,
        same: impl Fn(&T, &T) -> bool,
    ) {
        let right = got.is_some_and(|got| same(wanted, &got.value));
        let sure = got.map_or(0, |got| got.evidence.confidence);
        let got = got.map(|got| (&got.value, &got.evidence.rule));
        self.count(seed, field, (right, sure), &(wanted, got));
    }

    fn count(
        &mut self,
        seed: u64,
        field: &'static str,
        (right, sure): (bool, u8),
        what: &dyn std::fmt::Debug,
    ) {
        let count = self.counts.entry(field).or_default();
        count.wanted += 1;
        count.right += u32::from(right);
        let verified = sure >= VERIFIED_FROM;
        count.sure += u32::from(verified);
        count.sure_and_wrong += u32::from(verified && !right);
        if !right {
            let mark = if verified { "FALSE " } else { "" };
            self.wrong.push(format!("{mark}{seed} {field} {sure} {what:?}"));
        }
        if sure > 0 {
            let low = if verified { VERIFIED_FROM } else { sure / 10 * 10 };
            let bin = self.bins.entry((field.to_owned(), low)).or_default();
            bin.0 += u32::from(right);
            bin.1 += 1;
        }
    }

    fn share(&self, field: &str) -> f64 {
        let count = self.counts.get(field).copied().unwrap_or_default();
        f64::from(count.right) / f64::from(count.wanted.max(1))
    }

    fn print(&self) {
        for (field, count) in &self.counts {
            let Count { wanted, right, sure, sure_and_wrong } = count;
            let share = self.share(field) * 100.0;
            println!(
                "{field:12}{share:6.1} %  {right:5} of {wanted:5}, verified {sure:5}, falsely {sure_and_wrong}"
            );
            let bins = self.bins.iter().filter(|((name, _), _)| name == field);
            let bins: Vec<String> =
                bins.map(|((_, low), (right, all))| format!("{low}:{right}/{all}")).collect();
            println!("            {}", bins.join(" "));
        }
    }
}

fn plain(text: &str) -> String {
    domain::names::fold(text).replace(' ', "")
}

fn bare_id(text: &str) -> String {
    let plain = plain(text);
    plain.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned()
}

/// Returns whether two names are one but for case, marks and what surrounds it.
fn same_name(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    one == other
        || (one.len().min(other.len()) >= 5 && (one.contains(&other) || other.contains(&one)))
}

/// The floors of each field, in percent; measured values stand two points above or more.
const FLOORS: [(&str, f64); 11] = [
    ("is_invoice", 97.0),
    ("vendor", 95.5),
    ("number", 96.0),
    ("issued", 96.5),
    ("due", 95.0),
    ("currency", 96.0),
    ("net", 97.0),
    ("tax", 97.0),
    ("gross", 97.5),
    ("lines", 93.0),
    ("tax_id", 96.0),
];

/// Asserts the floors, and that of the values called verified 995 in a thousand are right.
fn holds(score: &Score) {
    score.print();
    for (field, floor) in FLOORS {
        assert!(score.share(field) * 100.0 >= floor, "{field}\n{}", score.wrong.join("\n"));
    }
    let sum = |of: fn(&Count) -> u32| score.counts.values().map(of).sum::<u32>();
    let (sure, wrong) = (sum(|count| count.sure), sum(|count| count.sure_and_wrong));
    assert!(sure > 500 && wrong * 200 <= sure, "{wrong} of {sure} are falsely verified");
}

#[test]
fn documents_that_the_rules_were_made_with_are_read() {
    let score = Score::over(0..700);
    for wrong in &score.wrong {
        println!("{wrong}");
    }
    holds(&score);
}

#[test]
fn documents_that_nobody_looked_at_are_read_as_well() {
    holds(&Score::over(TUNED..TUNED + 300));
}
