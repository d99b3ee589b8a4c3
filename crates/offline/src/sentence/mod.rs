//! Sentences: what a text wants, which query answers it, which invoice it asks for.
//!
//! The words of each language are data (`lexicons/sentences`); the grammar knows only their
//! roles. Unsure is an answer too: the user is asked instead of guessed at.

mod account;
mod address;
mod amounts;
mod apart;
mod brand;
mod business;
mod change_account;
mod clash;
mod classify;
mod clauses;
mod compared;
mod contents;
mod correct;
mod creation;
mod decision;
mod describe;
mod direction;
mod doubts;
mod draft;
mod draft_account;
mod draft_party;
mod draft_puzzle;
mod each;
mod figures;
mod filing;
mod filters;
mod follow_up;
mod found;
mod group;
mod items;
mod kinds;
mod leaning;
mod lexicon;
mod mended;
mod money;
mod named;
mod names;
mod negation;
mod news;
mod no_such_day;
mod number;
mod numeral;
mod outgoing;
mod parties;
mod payer;
mod payment;
mod perfect;
mod period;
mod persons;
mod piece;
mod proper;
mod puzzle;
mod question;
mod rank;
mod rates;
mod renaming;
mod row;
mod script;
mod settled;
mod statement;
mod stretch;
mod talk;
mod telling;
mod terms;
mod token;
mod typo;
mod unanswered;
mod upcoming;
mod weeks;
mod word;

use domain::intent::Intent;
use ports::model::{Claimed, Classified, Doubt, Sentence, Topic};

/// Returns what a text wants, its topic and its language.
#[must_use]
pub fn classify(sentence: &Sentence) -> Claimed {
    let classified = classify::classify(sentence);
    if payment::of(sentence).is_some() {
        let (intent, topic) = (Intent::InvoiceUpdate, Topic::Other);
        return Claimed::Classified(Classified { intent, topic, sure: true, ..classified });
    }
    Claimed::Classified(classified)
}

/// Returns the query that answers a question.
#[must_use]
pub fn plan_question(sentence: &Sentence) -> Claimed {
    let Some(sentence) = readable(sentence) else { return Claimed::Unsure };
    let parsed = piece::parse(sentence);
    if let Some(day) = no_such_day::of(&parsed, sentence) {
        return Claimed::Doubt(Doubt::NoSuchDay(day));
    }
    match question::plan(&parsed, sentence).or_else(|| clauses::plan(&parsed, sentence)) {
        Some(plan) => match kinds::unfiled(&parsed, sentence, &plan) {
            Some(unfiled) => Claimed::Doubt(Doubt::Unfiled(unfiled)),
            None => Claimed::Plan(Box::new(plan)),
        },
        None => unsure(&parsed, sentence),
    }
}

/// Returns the invoice that a text asks for; what it does not say is missing in the draft.
#[must_use]
pub fn draft(sentence: &Sentence) -> Claimed {
    let Some(sentence) = readable(sentence) else { return Claimed::Unsure };
    let parsed = piece::parse(sentence);
    if let Some(day) = no_such_day::of(&parsed, sentence) {
        return Claimed::Doubt(Doubt::NoSuchDay(day));
    }
    match draft::draft(&parsed, sentence) {
        Some(draft) => Claimed::Draft(Box::new(draft)),
        None => draft_puzzle::of(&parsed, sentence)
            .map_or(Claimed::Unsure, |part| Claimed::Doubt(Doubt::Unclear(part))),
    }
}

/// Returns the change of stored invoices that a text asks for.
#[must_use]
pub fn correct(sentence: &Sentence) -> Claimed {
    let Some(sentence) = readable(sentence) else { return Claimed::Unsure };
    let parsed = piece::parse(sentence);
    if let Some(day) = no_such_day::of(&parsed, sentence) {
        return Claimed::Doubt(Doubt::NoSuchDay(day));
    }
    if let Some(part) = payment::puzzle(sentence) {
        return Claimed::Doubt(Doubt::Odd(part));
    }
    match payment::of(sentence).or_else(|| correct::correction(&parsed, sentence)) {
        // "to -80": an amount below zero is no slip to be made up for in silence
        Some(found) if found.set.touches_amounts() => match figures::below_zero(&parsed) {
            Some(part) => Claimed::Doubt(Doubt::Unclear(part)),
            None => Claimed::Correction(Box::new(found)),
        },
        Some(found) => Claimed::Correction(Box::new(found)),
        // the word that an order begins with is no name
        None => match unsure(&parsed, sentence) {
            Claimed::Doubt(Doubt::Unknown(typed)) if parsed.plain.starts_with(&typed) => {
                Claimed::Unsure
            }
            claimed => claimed,
        },
    }
}

/// Returns what is to be asked about, where a part of the sentence can be pointed at.
fn unsure(parsed: &piece::Parsed, sentence: &Sentence) -> Claimed {
    puzzle::of(parsed, sentence).map_or(Claimed::Unsure, Claimed::Doubt)
}

/// Returns a sentence of a length that is read to its end, in a script that is read.
fn readable(sentence: &Sentence) -> Option<&Sentence> {
    let tokens = || token::tokens(&token::plain(&sentence.text));
    let long = token::is_too_long(&sentence.text);
    Some(sentence).filter(|_| !long && !script::is_foreign(&tokens()))
}

/// Returns the invoice number that a text speaks of, as typed.
#[must_use]
pub fn number_in(text: &str, sentence: &Sentence) -> Option<String> {
    correct::number_in(text, sentence)
}
