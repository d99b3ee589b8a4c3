//! The samples of statements beside the project, where they are: each judged by two databases, of
//! which one holds another book too. Left out where they are not.

use serde_json::Value;
use std::{fs, path::Path};
use testkit::contracts::store::{Fresh, adhoc};

const SAMPLES: &str = "../../../shared/utterances/sql_guard.jsonl";

/// Returns the statements of each verdict, with our placeholders for the two users.
fn samples(verdict: &str) -> Option<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLES);
    let Ok(text) = fs::read_to_string(path) else {
        println!("skipped: there are no samples of statements beside the project");
        return None;
    };
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let asked =
        lines.filter(|line| line.get("expected").is_some_and(|expected| expected == verdict));
    let quoted = |line: Value| {
        let sql = line.get("sql").and_then(Value::as_str).unwrap();
        sql.replace("{{ME}}", "'{me}'").replace("{{OTHER}}", "'{other}'")
    };
    Some(asked.map(quoted).collect())
}

/// Judges all samples on a database.
async fn judge(fresh: impl AsyncFn() -> Fresh) {
    let Some(harmless) = samples("allow") else { return };
    let ran = adhoc::see_one_book(&fresh().await, &harmless).await;
    assert_eq!(ran, harmless.len(), "every harmless statement runs");
    adhoc::see_one_book(&fresh().await, &samples("return_only_own_rows").unwrap()).await;
    let ran = adhoc::see_one_book(&fresh().await, &samples("reject").unwrap()).await;
    assert_eq!(ran, 0, "no harmful statement runs");
}

#[tokio::test]
async fn s20_s21_the_samples_on_sqlite() {
    judge(crate::fresh_on_disk).await;
}

#[tokio::test]
async fn s20_s21_the_samples_on_postgres() {
    if testkit::postgres::server().is_some() {
        judge(async || crate::postgres::fresh().await.unwrap()).await;
    }
}
