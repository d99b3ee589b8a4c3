//! Which stored invoices are to be changed, and how?

use super::{ask::ask, bind};
use crate::{prompts, replies::Unplaced, scene::Scene, turn::TurnError};
use domain::{
    correction::{Correction, Target},
    dates::Date,
    names::fold,
};
use ports::model::{Claimed, Doubt, Task};

/// Day, month and year.
const PARTS_OF_A_DATE: usize = 3;
/// A day without a year is at most so far from today.
const DAYS_OF_A_YEAR: i32 = 366;

/// What became of a wish for a change.
pub enum Wished {
    /// A change whose names are stored names.
    Correction(Box<Correction>),
    /// It names someone who is in no invoice.
    UnknownName(Unplaced),
    /// It was not understood because of this.
    Doubt(Doubt),
    /// It was not understood.
    Unsure,
}

/// Reads the change that a text asks for.
///
/// # Errors
///
/// [`TurnError`].
pub async fn of(scene: &Scene<'_>, text: &str) -> Result<Wished, TurnError> {
    let names = scene.names().await?;
    let sentence = scene.sentence(text, names.clone());
    let earlier = sentence.context.iter().map(|exchange| exchange.user.as_str());
    let said: String = earlier.chain([text]).collect::<Vec<_>>().join("\n");
    let task = Task::Correct(sentence);
    let mut correction = match ask(scene, task, prompts::CORRECT).await? {
        Claimed::Correction(correction) => correction,
        Claimed::Doubt(doubt) => return Ok(Wished::Doubt(doubt)),
        _ => return Ok(Wished::Unsure),
    };
    if correction.set.is_empty() || !is_said(&correction.target, &said) {
        return Ok(Wished::Unsure);
    }
    if let Target::Filter(filters) | Target::Latest(filters) = &mut correction.target
        && let Err(unknown) = bind::filters(filters, &names)
    {
        return Ok(Wished::UnknownName(unknown));
    }
    let day = correction.set.issue_date;
    correction.set.any_year = day.is_some_and(|day| is_yearless(day, scene.today, text));
    Ok(Wished::Correction(correction))
}

/// Returns whether the numbers of a target stand in what the person wrote, now or just before, the
/// ends of a row at least: a name or a note that a model obeys must not choose what is changed.
fn is_said(target: &Target, text: &str) -> bool {
    let numbers = match target {
        Target::Number(number) => std::slice::from_ref(number),
        Target::Numbers(numbers) => numbers.as_slice(),
        Target::Filter(_) | Target::Latest(_) | Target::Context | Target::Unsaid => return true,
    };
    let text = digits_and_letters(text);
    [numbers.first(), numbers.last()].into_iter().flatten().all(|number| {
        let whole = digits_and_letters(number);
        let bare: String = whole.chars().filter(char::is_ascii_digit).collect();
        text.contains(&whole) || !bare.is_empty() && text.contains(&bare)
    })
}

/// Returns whether a text says the day of a date but not its year, so that the year is a guess about
/// today. "3 May last year" is further away than a guess.
fn is_yearless(day: Date, today: Date, text: &str) -> bool {
    let digits = |word: &str| -> Vec<i32> {
        let word: String = word.chars().map(ascii).collect();
        word.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
    };
    let words: Vec<Vec<i32>> = text.split_whitespace().map(digits).collect();
    let says = |number: i32| words.iter().any(|word| word.contains(&number));
    let whole = words.iter().any(|word| word.len() >= PARTS_OF_A_DATE);
    let guessed = today.since(day).is_ok_and(|span| span.get_days().abs() <= DAYS_OF_A_YEAR);
    says(i32::from(day.day())) && !says(i32::from(day.year())) && !whole && guessed
}

/// Returns a text without anything between its letters and digits, the latter in ASCII.
fn digits_and_letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).map(ascii).collect()
}

/// Returns a digit of any script in ASCII.
fn ascii(c: char) -> char {
    let digit = ['\u{660}', '\u{6f0}', '\u{966}']
        .into_iter()
        .filter_map(|zero| u32::from(c).checked_sub(u32::from(zero)))
        .find(|digit| *digit < 10);
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;

    #[test]
    fn a_day_without_its_year_is_told_from_one_with_it() {
        let today = date(2026, 12, 1);
        let said = |text| is_yearless(date(2026, 5, 3), today, text);
        for text in ["wrong date: 3 May", "das Datum ist der 3. Mai", "date 3/5", "التاريخ ٣ مايو"]
        {
            assert!(said(text), "{text}");
        }
        for text in ["date is 3 May 2026", "the date is 3/5/26", "2026-05-03", "it was yesterday"] {
            assert!(!said(text), "{text}");
        }
        let years_ago = date(2024, 5, 3);
        assert!(!is_yearless(years_ago, today, "the date is 3 May the year before last"));
    }
}
