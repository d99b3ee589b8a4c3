//! What no plan can say, as SQL that the model writes and the store checks.
//!
//! Only the model that is set up writes SQL. Whatever it writes reads this book and nothing else;
//! what comes back is shown by template, never told by the model.

use super::ask::{Asked, of_model};
use crate::{prompts, scene::Scene, turn::TurnError};
use domain::table::Table;
use ports::{
    model::{Ask, Attempt, Claimed, Listening, Task},
    store::SelectError,
};

/// How often the model may write: once, and once more with what was wrong.
const ROUNDS: usize = 2;
/// What it is told where a column holds a number of its own.
const OWN_NUMBERS: &str =
    "a column may only show and reckon with what is in the rows, not with a number of your own";
/// What it is told where amounts were put together.
const MIXED: &str = "this adds up amounts of different currencies; show currency and group by it";

/// Returns the rows of what the model wrote for the message; nothing where it is not sure, or what
/// it wrote did not work.
///
/// # Errors
///
/// [`TurnError`] if the store cannot be asked.
pub async fn run(scene: &Scene<'_>) -> Result<Option<Table>, TurnError> {
    if scene.tools.allowance.listening == Listening::Offline {
        return Ok(None);
    }
    let sentence = scene.sentence(&scene.question(), scene.names().await?);
    let mut attempt = None;
    for _ in 0..ROUNDS {
        let task = Task::WriteSql { sentence: sentence.clone(), attempt: attempt.take() };
        let ask = Ask { task, instructions: prompts::WRITE_SQL };
        let Asked::Answered(Claimed::Sql(sql)) = of_model(scene, &ask, None).await? else {
            return Ok(None);
        };
        let complaint = match scene.tools.adhoc.select(scene.tenant(), &sql, scene.today).await {
            Ok(table) if has_address(&table.sql) => {
                tracing::warn!(tenant.id = %scene.tenant(), "the model wrote an address into a statement");
                return Ok(None);
            }
            Ok(table) if table.mixes_currencies => MIXED.to_owned(),
            // What the person wrote may be reckoned with: "what is 15 % of it?"
            Ok(table) if !table.own_numbers.iter().all(|own| sentence.text.contains(own)) => {
                OWN_NUMBERS.to_owned()
            }
            Ok(table) => return Ok(Some(table)),
            Err(SelectError::Store(error)) => return Err(error.into()),
            Err(error) => error.to_string(),
        };
        attempt = Some(Attempt { sql, complaint });
    }
    Ok(None)
}

/// Returns whether a statement holds something that could lead a reader away: a link, an e-mail
/// address, a telephone or account number. What is stored may be shown; what a model writes may not.
fn has_address(sql: &str) -> bool {
    let has_link = ["://", "www.", "@"].iter().any(|sign| sql.contains(sign));
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    has_link || sql.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| digits(word) > 8)
}

#[cfg(test)]
mod tests {
    use super::has_address;

    #[test]
    fn addresses_are_seen_and_dates_are_none() {
        for bad in ["'https://x.y'", "'a@b.c'", "'DE89370400440532013000'", "'+491511234567'"] {
            assert!(has_address(&format!("SELECT {bad}")), "{bad}");
        }
        assert!(!has_address(
            "SELECT total FROM invoices WHERE issue_date > '2025-01-31' LIMIT 10"
        ));
    }
}
