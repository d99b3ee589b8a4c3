//! Whether the built-in model has understood a sentence so well that nobody else need be asked.

use super::bind;
use domain::{
    correction::{Correction, Target},
    question::Filters,
};
use ports::model::{Claimed, Names, Sentence, Task};

/// Returns whether a claim accounts for the whole sentence with names that the book knows.
///
/// A name that is in no invoice may be one; it may also be a word that was taken for a name.
pub fn is_sure(task: &Task, claimed: &Claimed) -> bool {
    match (task, claimed) {
        (Task::Classify(_), Claimed::Classified(found)) => found.sure,
        (Task::PlanQuestion(sentence), Claimed::Plan(plan)) => {
            plan.filters.item.is_empty() && are_known(&plan.filters, sentence)
        }
        (Task::Draft(_), Claimed::Draft(draft)) => draft.missing().is_empty(),
        (Task::Correct(sentence), Claimed::Correction(found)) => is_told(found, sentence),
        _ => false,
    }
}

fn is_told(correction: &Correction, sentence: &Sentence) -> bool {
    let found = match &correction.target {
        Target::Unsaid => false,
        Target::Filter(filters) | Target::Latest(filters) => are_known(filters, sentence),
        Target::Number(_) | Target::Numbers(_) | Target::Context => true,
    };
    found && !correction.set.is_empty()
}

fn are_known(filters: &Filters, sentence: &Sentence) -> bool {
    let names = filters.vendor.iter().chain(&filters.vendor_not).chain(&filters.customer);
    let book: &Names = &sentence.names;
    let is_empty = book.vendors.is_empty() && book.customers.is_empty();
    names.count() == 0 || !is_empty && bind::filters(&mut filters.clone(), book).is_ok()
}
