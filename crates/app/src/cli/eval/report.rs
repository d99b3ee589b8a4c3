//! What is printed: a table for each model, and one that compares them.

use super::{
    Run,
    score::{Count, Mark, Share, Tally},
    truth::FIELDS,
};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Returns the tables; with `errors` also every value that is wrong or missing.
#[must_use]
pub fn text(runs: &[Run], errors: bool) -> String {
    let mut text = String::new();
    for run in runs {
        of_run(&mut text, run);
        if errors {
            mistakes(&mut text, run);
        }
    }
    if runs.len() > 1 {
        comparison(&mut text, runs);
    }
    text
}

/// Returns everything as one JSON object on one line.
#[must_use]
pub fn json(runs: &[Run]) -> String {
    let runs: Vec<Value> = runs.iter().map(object).collect();
    json!({ "runs": runs }).to_string() + "\n"
}

/// The names of all rows of a table.
pub fn rows() -> impl Iterator<Item = &'static str> {
    ["is_invoice", "kind"].into_iter().chain(FIELDS)
}

/// Returns a share as it is printed: `97.5 %`, or a dash for a share of nothing.
#[must_use]
pub fn percent(share: Share) -> String {
    share.permille().map_or_else(
        || "-".to_owned(),
        |permille| {
            let (whole, tenth) = (permille.checked_div(10), permille.checked_rem(10));
            format!("{}.{} %", whole.unwrap_or_default(), tenth.unwrap_or_default())
        },
    )
}

fn of_run(text: &mut String, run: &Run) {
    let _ = writeln!(text, "{}: {} documents in {} s", run.name, run.all.documents, run.seconds);
    let groups: Vec<(&str, &Tally)> = groups(run).collect();
    let _ = write!(text, "\n{:<18}", "right of labelled");
    for (name, _) in &groups {
        let _ = write!(text, "{name:>w$}", w = width(name));
    }
    text.push_str("       n  wrong  missing  verified, of them right\n");
    for field in rows() {
        let cells = groups.iter().map(|(name, tally)| (*name, tally.field(field).share));
        line(text, field, cells);
        counts(text, run.all.field(field));
    }
    let cells = groups.iter().map(|(name, tally)| (*name, tally.complete));
    line(text, "all key fields", cells);
    let _ = writeln!(text, "{:>8}", run.all.complete.n);
    let cells = groups.iter().map(|(name, tally)| (*name, tally.proven));
    line(text, "sums prove total", cells);
    let _ = writeln!(text, "{:>8}", run.all.proven.n);
    let cells = groups.iter().map(|(name, tally)| (*name, tally.proves_itself));
    line(text, "proves itself", cells);
    let _ = writeln!(text, "{:>8}", run.all.proves_itself.n);
    summary(text, run);
    times(text, &groups);
}

fn groups(run: &Run) -> impl Iterator<Item = (&str, &Tally)> {
    let by_medium = run.groups.iter().map(|(name, tally)| (name.as_str(), tally));
    std::iter::once(("all", &run.all)).chain(by_medium)
}

fn width(name: &str) -> usize {
    name.chars().count().max(7).saturating_add(2)
}

fn line<'a>(text: &mut String, label: &str, cells: impl Iterator<Item = (&'a str, Share)>) {
    let _ = write!(text, "{label:<18}");
    for (name, share) in cells {
        let _ = write!(text, "{:>w$}", percent(share), w = width(name));
    }
}

fn counts(text: &mut String, count: Count) {
    let Count { share, wrong, missing, verified } = count;
    let _ = write!(text, "{:>8}{wrong:>7}{missing:>9}", share.n);
    if verified.n > 0 {
        let _ = write!(text, "{:>10}, {}", verified.n, percent(verified));
    }
    text.push('\n');
}

fn summary(text: &mut String, run: &Run) {
    let all = &run.all;
    let of = |share: Share| format!("{} of {} ({})", share.right, share.n, percent(share));
    let _ = writeln!(text, "\nvalues said to be verified that are right: {}", of(all.verified()));
    let _ = writeln!(text, "invoices whose sums prove their total: {}", of(all.proven));
    let _ = writeln!(text, "  of these with the right total: {}", of(all.proven_right));
    let _ = writeln!(text, "invoices that prove themselves: {}", of(all.proves_itself));
    let _ =
        writeln!(text, "  of these with every key field right: {}", of(all.proves_itself_right));
    let _ = writeln!(text, "documents with every key field verified: {}", of(all.all_verified));
    let _ = writeln!(text, "no invoice, but key fields were read: {}", of(all.made_up));
    let usage = run.usage;
    let _ = writeln!(
        text,
        "tokens: {} in, {} out; cost: {}",
        usage.input_tokens,
        usage.output_tokens,
        run.cost.map_or_else(|| "not known".to_owned(), |cost| cost.to_string())
    );
    for (model, documents) in &run.asked {
        let _ = writeln!(text, "answered by {model}: {documents}");
    }
}

fn times(text: &mut String, groups: &[(&str, &Tally)]) {
    let _ =
        writeln!(text, "\n{:<18}{:>8}{:>8}{:>8}{:>8}", "milliseconds", "n", "p50", "p95", "max");
    for (name, tally) in groups {
        let [half, most, longest] = [50, 95, 100].map(|percent| tally.time(percent));
        let _ = writeln!(text, "{name:<18}{:>8}{half:>8}{most:>8}{longest:>8}", tally.documents);
    }
    text.push('\n');
}

fn mistakes(text: &mut String, run: &Run) {
    for verdict in &run.verdicts {
        for answer in verdict.answers.iter().filter(|answer| answer.mark != Mark::Right) {
            let _ = writeln!(
                text,
                "{}: {} is {:?}, {}",
                verdict.file,
                answer.field,
                answer.known,
                if answer.read.is_empty() {
                    "not read".to_owned()
                } else {
                    format!("read as {:?}", answer.read)
                }
            );
        }
    }
    text.push('\n');
}

fn comparison(text: &mut String, runs: &[Run]) {
    type Column = fn(&Run) -> String;
    let lines: [(&str, Column); 8] = [
        ("is_invoice", |run| percent(run.all.field("is_invoice").share)),
        ("vendor_name", |run| percent(run.all.field("vendor_name").share)),
        ("issue_date", |run| percent(run.all.field("issue_date").share)),
        ("gross_total", |run| percent(run.all.field("gross_total").share)),
        ("all key fields", |run| percent(run.all.complete)),
        ("verified, right", |run| percent(run.all.verified())),
        ("ms, half below", |run| run.all.time(50).to_string()),
        ("cost", |run| run.cost.map_or_else(|| "-".to_owned(), |cost| cost.to_string())),
    ];
    let _ = write!(text, "{:<18}", "compared");
    for run in runs {
        let _ = write!(text, "{:>w$}", run.name, w = column(run));
    }
    text.push('\n');
    for (label, cell) in lines {
        let _ = write!(text, "{label:<18}");
        for run in runs {
            let _ = write!(text, "{:>w$}", cell(run), w = column(run));
        }
        text.push('\n');
    }
}

fn column(run: &Run) -> usize {
    run.name.chars().count().max(14).saturating_add(2)
}

fn object(run: &Run) -> Value {
    let groups: serde_json::Map<String, Value> =
        groups(run).map(|(name, tally)| (name.to_owned(), group(tally))).collect();
    json!({
        "model": run.name,
        "seconds": run.seconds,
        "tokens_in": run.usage.input_tokens,
        "tokens_out": run.usage.output_tokens,
        "cost_usd_millionths": run.cost,
        "answered_by": run.asked,
        "groups": groups,
    })
}

fn group(tally: &Tally) -> Value {
    let mut value = json!(tally);
    let [half, most, longest] = [50, 95, 100].map(|percent| tally.time(percent));
    if let Some(object) = value.as_object_mut() {
        object.insert("verified".to_owned(), json!(tally.verified()));
        object.insert("elapsed_ms".to_owned(), json!({"p50": half, "p95": most, "max": longest}));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down_so_that_only_all_is_a_hundred() {
        assert_eq!(percent(Share { n: 3000, right: 2999 }), "99.9 %");
        assert_eq!(percent(Share { n: 3, right: 3 }), "100.0 %");
        assert_eq!(percent(Share::default()), "-");
    }
}
