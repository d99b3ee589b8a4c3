//! Which stored invoices are to be changed, and how?

use super::{ask::ask, bind};
use crate::{prompts, replies::Unplaced, scene::Scene, turn::TurnError};
use domain::{
    correction::{Correction, Target},
    names::fold,
};
use ports::model::{Claimed, Doubt, Task};

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

/// Returns a text without anything between its letters and digits, the latter in ASCII.
fn digits_and_letters(text: &str) -> String {
    let ascii = |c: char| {
        let digit = ['\u{660}', '\u{6f0}', '\u{966}']
            .into_iter()
            .filter_map(|zero| u32::from(c).checked_sub(u32::from(zero)))
            .find(|digit| *digit < 10);
        digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
    };
    fold(text).chars().filter(|c| c.is_alphanumeric()).map(ascii).collect()
}
