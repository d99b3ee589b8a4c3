//! Sentences of our own in nine languages, with typos and without accents, and what they mean.
//!
//! The rules were tuned on `tuned.jsonl`; `held_out.jsonl` was written with it and not looked at
//! until the rules were done. `spoken.jsonl` says 35 things in other words in each language, every
//! second line was looked at only after those between were understood. A line's `says` holds the part of the
//! meaning that must be there.
//!
//! The other files are compared whole (`strict.rs`). Each was measured once before anybody looked at
//! what came of it, and tuned on then:
//!
//! | unseen | intents | meanings | asked about | mistaken |
//! |---|---|---|---|---|
//! | every second line of `varied.jsonl` | 206 of 218 | 208 of 251 | 33 | 10 |
//! | `second.jsonl` | 130 of 130 | 114 of 147 | 11 | 22 |
//! | `third.jsonl` | 123 of 128 | 118 of 128 | 5 | 5 |
//! | `fourth.jsonl` | 135 of 148 | 133 of 151 | 9 | 9 |
//! | `fifth.jsonl` | 130 of 137 | 120 of 138 | 11 | 7 |
//! | `sixth.jsonl` | 103 of 106 | 91 of 109 | 12 | 6 |
//! | `seventh.jsonl`, plainer ones | 98 of 98 | 96 of 98 | 1 | 1 |
//! | `eighth.jsonl` | 194 of 207 | 194 of 237 | 31 | 12 |
//! | `ninth.jsonl` | 105 of 114 | 125 of 144 | 14 | 5 |
//! | `tenth.jsonl` | 83 of 86 | 104 of 112 | 5 | 3 |
//! | `eleventh.jsonl`, a quarter of it to be asked about | 54 of 55 | 69 of 75 | 2 | 4 |
//! | `twelfth.jsonl`, a quarter as well | 152 of 159 | 186 of 212 | 15 | 11 |
//! | `thirteenth.jsonl`, half of it to be asked about | 65 of 68 | 112 of 128 | 9 | 7 |
//! | `fourteenth.jsonl`, two fifths as well | 65 of 67 | 98 of 112 | 9 | 5 |
//! | `fifteenth.jsonl`, two fifths as well | 50 of 52 | 82 of 91 | 6 | 3 |
//! | `sixteenth.jsonl`, two fifths as well | 34 of 36 | 50 of 58 | 2 | 6 |
//! | `seventeenth.jsonl`, two fifths as well, over a book | 82 of 85 | 130 of 142 | 8 | 4 |
//! | `eighteenth.jsonl`, a third as well, over a book | 90 of 92 | 131 of 140 | 6 | 3 |
//! | `nineteenth.jsonl`, two fifths as well, over a book | 83 of 86 | 130 of 139 | 7 | 2 |
//! | `twentieth.jsonl`, half of it as well, over a book | 68 of 68 | 129 of 133 | 1 | 3 |
//! | `twentyfirst.jsonl`, two thirds as well, over a book | 29 of 41 | 101 of 117 | 14 | 2 |
//! | `twentysecond.jsonl`, a quarter as well, over a book | 97 of 100 | 118 of 132 | 11 | 3 |
//! | `twentythird.jsonl`, three tenths as well, over a book | 89 of 92 | 103 of 129 | 20 | 6 |
//! | `twentyfourth.jsonl`, three tenths as well, over a book | 91 of 94 | 112 of 132 | 16 | 4 |
//! | `twentyfifth.jsonl`, three tenths as well, over a book | 90 of 94 | 113 of 133 | 18 | 2 |
//! | `twentysixth.jsonl`, three tenths as well, over a book | 83 of 86 | 105 of 124 | 15 | 4 |
//! | `twentyseventh.jsonl`, three tenths as well, over a book | 82 of 86 | 98 of 122 | 20 | 4 |
//! | `twentyeighth.jsonl`, a sixth as well, over a book, other situations in each language | 175 of 188 | 196 of 223 | 21 | 6 |
//! | `twentyninth.jsonl`, a sixth as well, over a book, others again | 182 of 196 | 193 of 237 | 36 | 8 |
//! | `thirtieth.jsonl`, a fifth as well, over a book, written after the rules were read | 70 of 71 | 82 of 89 | 7 | 0 |
//! | `thirtythird.jsonl`, in the mix of an exam, over a book, by somebody who knew neither rules nor sets | 187 of 203 | 170 of 220 | 43 | 7 |
//! | `thirtyfourth.jsonl`, as people type into a phone, by somebody else who knew neither | 139 of 147 | 122 of 160 | 31 | 7 |
//! | `thirtyfifth.jsonl`, in the mix of an exam, by a third | 152 of 172 | 123 of 180 | 54 | 3 |
//! | `thirtysixth.jsonl`, as people type into a phone, by the same | 116 of 134 | 100 of 140 | 29 | 11 |
//! | `thirtyseventh.jsonl`, in the mix of an exam, by a fourth, with what leans (`leaning.rs`) | 187 of 205 | 113 of 209 | 85 | 11 |
//!
//! The twenty-eighth and the twenty-ninth say other situations in each language, no translations of one
//! another; both were written down before any lexicon was read. One of the six that were counted as mistaken
//! in the former and two of the eight in the latter were fair readings whose labels had been too narrow.
//!
//! The twenty-second and the twenty-third were run with the rules of before them; then what clashes, what
//! stands against what and what is addressed were looked at as causes, and the four others run. One line
//! of the twenty-second and two of the twenty-fourth (a Friday that comes) were given a second fair
//! reading after they had been counted as mistaken.
//!
//! Before words that exist were told from slips, yes-or-no questions from sums, and full questions from
//! ellipses, the last five gave 120 (8 asked about, 14 mistaken), 124 (7 and 9), 125 (10 and 4), 129 (1
//! and 3) and 94 (14 and 9). What is said over a book is asked about too where it names somebody or
//! something that stands nowhere in it, as the conversation does. `strange.jsonl` holds what nobody can
//! answer; its lines were written to be asked about and tuned on. `stretches.jsonl` says some forty
//! stretches of days in each language.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at what cannot be"
)]

mod inserted;
mod line;
mod strict;

use domain::dates::date;
use line::{Line, sentence, understood};
use ports::model::{Claimed, Doubt};
use proptest::prelude::*;
use serde_json::Value;

/// Returns whether everything that is wanted is there; lists must be as long.
fn holds(got: &Value, wanted: &Value) -> bool {
    match (got, wanted) {
        (_, Value::Null) => true,
        (Value::Object(got), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| got.get(key).is_some_and(|got| holds(got, value)))
        }
        (Value::Array(got), Value::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(a, b)| holds(a, b))
        }
        _ => got == wanted,
    }
}

/// What came of a set of sentences, in percent.
#[derive(Debug)]
struct Score {
    /// The share of right intents.
    intents: usize,
    /// The share of right meanings.
    meanings: usize,
    /// The share of wrong meanings that were not asked about.
    mistaken: usize,
}

/// Returns the shares of what is right and of what is wrong, and prints the latter where told to.
fn measure<'l>(file: impl Iterator<Item = &'l str>, told: bool) -> Score {
    let lines: Vec<Line> = file.map(|line| serde_json::from_str(line).unwrap()).collect();
    let (mut intents, mut meanings, mut mistaken) = (0, 0, 0);
    for line in &lines {
        let (intent, meaning) = understood(&sentence(&line.text, &line.lang, line.before.clone()));
        let right = intent == line.intent;
        let whole = right && holds(&meaning, &line.says);
        intents += usize::from(right);
        meanings += usize::from(whole);
        mistaken += usize::from(!whole && acts(&intent, &meaning));
        if !whole && told {
            println!("{}: {}\n   {intent} {meaning}", line.lang, line.text);
        }
    }
    println!("intents {intents}, meanings {meanings}, mistaken {mistaken} of {}", lines.len());
    let share = |count: usize| 100 * count / lines.len();
    Score {
        intents: share(intents),
        meanings: share(meanings),
        mistaken: (100 * mistaken).div_ceil(lines.len()),
    }
}

/// Returns whether what was understood is carried out or shown, and not asked about.
fn acts(intent: &Value, meaning: &Value) -> bool {
    intent.as_str().unwrap().starts_with("invoice") && *meaning != Value::Null
}

#[test]
fn the_tuned_sentences_are_understood() {
    let score = measure(include_str!("tuned.jsonl").lines(), true);
    assert!(score.intents >= 99 && score.meanings >= 98, "{score:?}");
}

#[test]
fn most_of_the_held_out_sentences_are_understood() {
    let score = measure(include_str!("held_out.jsonl").lines(), true);
    assert!(score.intents >= 97 && score.meanings >= 95 && score.mistaken == 0, "{score:?}");
}

#[test]
fn the_tuned_half_of_the_spoken_sentences_is_understood() {
    let score = measure(include_str!("spoken.jsonl").lines().step_by(2), true);
    assert!(score.intents >= 99 && score.meanings >= 98 && score.mistaken <= 1, "{score:?}");
}

#[test]
fn the_other_half_is_understood_as_well() {
    let score = measure(include_str!("spoken.jsonl").lines().skip(1).step_by(2), true);
    assert!(score.intents >= 99 && score.meanings >= 99 && score.mistaken == 0, "{score:?}");
}

#[test]
fn the_varied_sentences_are_understood() {
    let tally = strict::tally(include_str!("varied.jsonl").lines(), true);
    assert!(tally.right >= 500 && tally.intents >= 440 && tally.mistaken <= 1, "{tally:?}");
}

#[test]
fn the_second_set_is_understood() {
    let tally = strict::tally(include_str!("second.jsonl").lines(), true);
    assert!(tally.right >= 144 && tally.intents == 130 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_third_set_is_understood() {
    let tally = strict::tally(include_str!("third.jsonl").lines(), true);
    assert!(tally.right == 128 && tally.intents == 128 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_fourth_set_is_understood() {
    let tally = strict::tally(include_str!("fourth.jsonl").lines(), true);
    assert!(tally.right == 151 && tally.intents == 148 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_fifth_set_is_understood() {
    let tally = strict::tally(include_str!("fifth.jsonl").lines(), true);
    assert!(tally.right >= 134 && tally.intents >= 136 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_sixth_set_is_understood() {
    let tally = strict::tally(include_str!("sixth.jsonl").lines(), true);
    assert!(tally.right >= 107 && tally.intents == 106 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_seventh_set_is_understood() {
    let tally = strict::tally(include_str!("seventh.jsonl").lines(), true);
    assert!(tally.right == 98 && tally.intents == 98 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_eighth_set_is_understood() {
    let tally = strict::tally(include_str!("eighth.jsonl").lines(), true);
    assert!(tally.right >= 216 && tally.intents >= 199 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_ninth_set_is_understood() {
    let tally = strict::tally(include_str!("ninth.jsonl").lines(), true);
    assert!(tally.right >= 135 && tally.intents >= 112 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_tenth_set_is_understood() {
    let tally = strict::tally(include_str!("tenth.jsonl").lines(), true);
    assert!(tally.right >= 107 && tally.intents >= 83 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_eleventh_set_is_understood() {
    let tally = strict::tally(include_str!("eleventh.jsonl").lines(), true);
    assert!(tally.right >= 73 && tally.intents >= 54 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twelfth_set_is_understood() {
    let tally = strict::tally(include_str!("twelfth.jsonl").lines(), true);
    assert!(tally.right >= 207 && tally.intents >= 155 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_thirteenth_set_is_understood() {
    let tally = strict::tally(include_str!("thirteenth.jsonl").lines(), true);
    assert!(tally.right >= 127 && tally.intents >= 67 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_fourteenth_set_is_understood() {
    let tally = strict::tally(include_str!("fourteenth.jsonl").lines(), true);
    assert!(tally.right >= 106 && tally.intents >= 64 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_fifteenth_set_is_understood() {
    let tally = strict::tally(include_str!("fifteenth.jsonl").lines(), true);
    assert!(tally.right >= 86 && tally.intents >= 51 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_sixteenth_set_is_understood() {
    let tally = strict::tally(include_str!("sixteenth.jsonl").lines(), true);
    assert!(tally.right >= 56 && tally.intents >= 35 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_seventeenth_set_is_understood() {
    let tally = strict::tally(include_str!("seventeenth.jsonl").lines(), true);
    assert!(tally.right >= 140 && tally.intents == 85 && tally.mistaken <= 1, "{tally:?}");
}

#[test]
fn the_eighteenth_set_is_understood() {
    let tally = strict::tally(include_str!("eighteenth.jsonl").lines(), true);
    assert!(tally.right == 140 && tally.intents == 92 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_nineteenth_set_is_understood() {
    let tally = strict::tally(include_str!("nineteenth.jsonl").lines(), true);
    assert!(tally.right >= 137 && tally.intents >= 84 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentieth_set_is_understood() {
    let tally = strict::tally(include_str!("twentieth.jsonl").lines(), true);
    assert!(tally.right >= 132 && tally.intents == 68 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentyfirst_set_is_understood() {
    let tally = strict::tally(include_str!("twentyfirst.jsonl").lines(), true);
    assert!(tally.right >= 115 && tally.intents >= 39 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentysecond_set_is_understood() {
    let tally = strict::tally(include_str!("twentysecond.jsonl").lines(), true);
    assert!(tally.right >= 132 && tally.intents == 100 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentythird_set_is_understood() {
    let tally = strict::tally(include_str!("twentythird.jsonl").lines(), true);
    assert!(tally.right >= 123 && tally.intents >= 91 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentyfourth_set_is_understood() {
    let tally = strict::tally(include_str!("twentyfourth.jsonl").lines(), true);
    assert!(tally.right >= 124 && tally.intents >= 92 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentyfifth_set_is_understood() {
    let tally = strict::tally(include_str!("twentyfifth.jsonl").lines(), true);
    assert!(tally.right >= 126 && tally.intents >= 93 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentysixth_set_is_understood() {
    let tally = strict::tally(include_str!("twentysixth.jsonl").lines(), true);
    assert!(tally.right >= 116 && tally.intents >= 84 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentyseventh_set_is_understood() {
    let tally = strict::tally(include_str!("twentyseventh.jsonl").lines(), true);
    assert!(tally.right >= 116 && tally.intents >= 82 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentyeighth_set_is_understood() {
    let tally = strict::tally(include_str!("twentyeighth.jsonl").lines(), true);
    assert!(tally.right >= 214 && tally.intents >= 185 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_twentyninth_set_is_understood() {
    let tally = strict::tally(include_str!("twentyninth.jsonl").lines(), true);
    assert!(tally.right >= 213 && tally.intents >= 187 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_thirtieth_set_is_understood() {
    let tally = strict::tally(include_str!("thirtieth.jsonl").lines(), true);
    assert!(tally.right >= 86 && tally.intents >= 70 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_thirtythird_set_is_understood() {
    let tally = strict::tally(include_str!("thirtythird.jsonl").lines(), true);
    assert!(tally.right >= 203 && tally.intents >= 197 && tally.mistaken <= 1, "{tally:?}");
}

#[test]
fn the_thirtyfourth_set_is_understood() {
    let tally = strict::tally(include_str!("thirtyfourth.jsonl").lines(), true);
    assert!(tally.right >= 141 && tally.intents >= 147 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_thirtyfifth_set_is_understood() {
    let tally = strict::tally(include_str!("thirtyfifth.jsonl").lines(), true);
    assert!(tally.right >= 171 && tally.intents >= 172 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_thirtysixth_set_is_understood() {
    let tally = strict::tally(include_str!("thirtysixth.jsonl").lines(), true);
    assert!(tally.right >= 127 && tally.intents >= 134 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn the_thirtyseventh_set_is_understood() {
    let tally = strict::tally(include_str!("thirtyseventh.jsonl").lines(), true);
    assert!(tally.right >= 159 && tally.intents >= 203 && tally.mistaken <= 4, "{tally:?}");
}

#[test]
fn stretches_of_days_are_those_that_are_said() {
    let tally = strict::tally(include_str!("stretches.jsonl").lines(), true);
    assert!(tally.right >= 391 && tally.mistaken == 0, "{tally:?}");
}

#[test]
fn what_no_plan_can_say_is_asked_about() {
    let tally = strict::tally(include_str!("strange.jsonl").lines(), true);
    assert_eq!((tally.right, tally.lines, tally.mistaken), (387, 387, 0), "{tally:?}");
}

#[test]
fn what_can_be_read_in_two_ways_is_asked_about() {
    let tally = strict::tally(include_str!("asked.jsonl").lines(), true);
    assert_eq!((tally.right, tally.lines, tally.mistaken), (232, 232, 0), "{tally:?}");
}

#[test]
fn what_was_found_wrong_once_is_right() {
    let tally = strict::tally(include_str!("mended.jsonl").lines(), true);
    assert_eq!((tally.right, tally.lines, tally.mistaken), (453, 453, 0), "{tally:?}");
}

#[test]
fn what_a_walk_through_the_chat_found_wrong_is_right() {
    let tally = strict::tally(include_str!("walked.jsonl").lines(), true);
    assert_eq!((tally.right, tally.mistaken), (tally.lines, 0), "{tally:?}");
}

#[test]
fn talk_is_told_from_business() {
    let score = measure(include_str!("talk.jsonl").lines(), true);
    assert!(score.intents >= 97 && score.mistaken == 0, "{score:?}");
}

#[test]
fn what_comes_from_a_mere_customer_is_no_invoice_to_him() {
    let plan = |text: &str, locale: &str| {
        let mut sentence = sentence(text, locale, None);
        sentence.names.customers = vec!["Bob".to_owned()];
        let Claimed::Plan(plan) = offline::sentence::plan_question(&sentence) else {
            panic!("{text}")
        };
        plan.filters
    };
    for (text, locale) in [
        ("bills from Bob", "en"),
        ("how many invoices from Bob", "en"),
        ("unpaid invoices from Bob", "en"),
        ("Rechnungen von Bob", "de"),
    ] {
        let filters = plan(text, locale);
        assert_eq!(filters.direction, Some(domain::invoice::Direction::Received), "{text}");
        assert_eq!((filters.vendor, filters.customer), (vec!["Bob".to_owned()], vec![]), "{text}");
    }
    // these words may as well say whose they are
    for (text, locale) in [("facturas de Bob", "es"), ("fatture di Bob", "it")] {
        assert_eq!(plan(text, locale).customer, ["Bob"], "{text}");
    }
}

const VARIED: [&str; 30] = [
    include_str!("varied.jsonl"),
    include_str!("second.jsonl"),
    include_str!("third.jsonl"),
    include_str!("fourth.jsonl"),
    include_str!("fifth.jsonl"),
    include_str!("sixth.jsonl"),
    include_str!("seventh.jsonl"),
    include_str!("eighth.jsonl"),
    include_str!("ninth.jsonl"),
    include_str!("tenth.jsonl"),
    include_str!("eleventh.jsonl"),
    include_str!("twelfth.jsonl"),
    include_str!("thirteenth.jsonl"),
    include_str!("fourteenth.jsonl"),
    include_str!("fifteenth.jsonl"),
    include_str!("sixteenth.jsonl"),
    include_str!("seventeenth.jsonl"),
    include_str!("eighteenth.jsonl"),
    include_str!("nineteenth.jsonl"),
    include_str!("twentieth.jsonl"),
    include_str!("twentyfirst.jsonl"),
    include_str!("twentysecond.jsonl"),
    include_str!("twentythird.jsonl"),
    include_str!("twentyfourth.jsonl"),
    include_str!("twentyfifth.jsonl"),
    include_str!("twentysixth.jsonl"),
    include_str!("twentyseventh.jsonl"),
    include_str!("twentyeighth.jsonl"),
    include_str!("twentyninth.jsonl"),
    include_str!("thirtieth.jsonl"),
];

#[test]
fn no_word_number_or_date_is_passed_over() {
    for (at, word) in ["731", "zorbing", "2024-02-30"].into_iter().enumerate() {
        let some = |file: &'static str| file.lines().skip(at).step_by(8);
        let found = VARIED.iter().flat_map(|file| inserted::all_passed_over(some(file), word));
        assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
    }
}

#[test]
fn nothing_that_is_denied_is_done() {
    let found = VARIED.iter().flat_map(|file| inserted::all_not_denied(file.lines()));
    assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_misspelt_vendor_is_the_stored_one() {
    let mut sentence = sentence("how much did we pay hetzer in october", "en", None);
    sentence.names.vendors = vec!["Hetzner Online GmbH".to_owned()];
    let Claimed::Plan(plan) = offline::sentence::plan_question(&sentence) else { panic!() };
    assert_eq!(plan.filters.vendor, ["Hetzner"]);
}

#[test]
fn names_with_digits_are_found_in_the_book_however_they_are_written() {
    let stored = ["7-Eleven", "1&1 Telecom GmbH", "Q8", "H2O", "3M"].map(str::to_owned);
    for (text, name) in [
        ("how much did we pay 7 eleven in october", "7-Eleven"),
        ("HOW MUCH DID WE PAY 7-ELEVEN IN OCTOBER", "7-Eleven"),
        ("1&1 invoices from October", "1&1"),
        ("was haben wir im Oktober bei 1&1 bezahlt", "1&1"),
        ("how much at Q8 in October", "Q8"),
        ("h2o invoices of october", "H2O"),
        ("quanto abbiamo speso da 3M a ottobre", "3M"),
    ] {
        let mut sentence = sentence(text, "en", None);
        sentence.names.vendors = stored.to_vec();
        let Claimed::Plan(plan) = offline::sentence::plan_question(&sentence) else {
            panic!("{text}")
        };
        assert_eq!(plan.filters.vendor, [name], "{text}");
        assert_eq!(plan.filters.date_to, Some(date(2025, 10, 31)), "{text}");
    }
}

#[test]
fn a_number_of_vendors_is_asked_for_whatever_was_asked_before() {
    let mut asked =
        sentence("how many vendors do I have?", "en", Some("which vendors do I have?".into()));
    let first = sentence("which vendors do I have?", "en", None);
    let Claimed::Plan(last) = offline::sentence::plan_question(&first) else { panic!() };
    asked.last_plan = Some(*last);
    let Claimed::Plan(plan) = offline::sentence::plan_question(&asked) else { panic!() };
    assert_eq!(
        (plan.metric, plan.field),
        (domain::question::Metric::Count, domain::question::Field::Vendor)
    );
}

#[test]
fn words_that_nothing_accounts_for_are_asked_about() {
    let sentence = sentence("list invoices zorbing quantum flux", "en", None);
    let doubt = Doubt::Unknown("zorbing quantum flux".to_owned());
    assert_eq!(offline::sentence::plan_question(&sentence), Claimed::Doubt(doubt));
}

#[test]
fn what_is_asked_about_is_named() {
    let unknown = |word: &str| Doubt::Unknown(word.to_owned());
    let beyond = |word: &str| Doubt::Beyond(word.to_owned());
    let clash = |one: &str, other: &str| Doubt::Clash(one.to_owned(), other.to_owned());
    for (text, locale, doubt) in [
        ("show the crumpled receipts from October", "en", unknown("crumpled")),
        ("zerknitterte Belege aus Oktober", "de", unknown("zerknitterte")),
        ("what did I spend on weekends", "en", beyond("weekends")),
        ("invoices over 500 and under 100", "en", clash("over 500", "under 100")),
        ("facturas de más de 200 y de menos de 50", "es", clash("de más de 200", "menos de 50")),
        ("paid invoices that are unpaid", "en", clash("paid", "unpaid")),
        ("what did I spend in May 2024 in June", "en", clash("May 2024", "June")),
    ] {
        let said = offline::sentence::plan_question(&sentence(text, locale, None));
        assert_eq!(said, Claimed::Doubt(doubt), "{text}");
    }
}

#[test]
fn what_keeps_an_invoice_from_being_drafted_is_named() {
    for (text, locale, part) in [
        ("bill bob about 200 for the site", "en", "about 200"),
        ("facture à bob marsh environ 200 euros pour le site", "fr", "environ 200"),
        ("invoice anna 3 hours at 80 due 1 may or 1 june", "en", "or 1"),
        ("make a quote for bob 3 hours at 80", "en", "quote"),
    ] {
        let said = offline::sentence::draft(&sentence(text, locale, None));
        assert_eq!(said, Claimed::Doubt(Doubt::Unclear(part.to_owned())), "{text}");
    }
}

#[test]
fn of_ten_thousand_characters_no_part_is_carried_out() {
    for part in ["mark invoice 17 as paid. ", "invoice Bob 3 hours at 80 EUR. ", "🙂", "كم أنفقت "]
    {
        let long = sentence(&part.repeat(10_000 / part.chars().count()), "en", None);
        assert_eq!(offline::sentence::plan_question(&long), Claimed::Unsure);
        assert_eq!(offline::sentence::draft(&long), Claimed::Unsure);
        assert_eq!(offline::sentence::correct(&long), Claimed::Unsure);
    }
}

#[test]
fn a_change_without_an_invoice_says_so() {
    let Claimed::Correction(found) =
        offline::sentence::correct(&sentence("set it to paid", "en", None))
    else {
        panic!()
    };
    assert_eq!(found.target, domain::correction::Target::Unsaid);
}

/// Returns every word of the sentences in nine languages and of those that are none of them.
fn words_of_all() -> Vec<&'static str> {
    let said = VARIED.iter().flat_map(|file| file.lines());
    let texts = said.filter_map(|line| line.split("\"text\": \"").nth(1)?.split('"').next());
    texts.flat_map(str::split_whitespace).collect()
}

proptest! {
    #[test]
    fn no_mixture_of_languages_makes_it_panic(
        words in prop::collection::vec(prop::sample::select(words_of_all()), 0..12),
        locale in prop::sample::select(vec!["en", "de-DE", "fr", "es-MX", "it", "pt-BR", "nl", "ar", "hi-IN"]),
    ) {
        let sentence = sentence(&words.join(" "), locale, None);
        let _ = understood(&sentence);
        let _ = (offline::sentence::draft(&sentence), offline::sentence::correct(&sentence));
        let _ = offline::sentence::plan_question(&sentence);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}", locale in "[a-z]{0,2}") {
        let sentence = sentence(&text, &locale, None);
        let _ = understood(&sentence);
        let _ = (offline::sentence::draft(&sentence), offline::sentence::correct(&sentence));
        let _ = offline::sentence::plan_question(&sentence);
    }

    #[test]
    fn no_mixture_of_our_words_makes_it_panic(words in prop::collection::vec(prop::sample::select(vec![
        "invoice", "last", "30", "days", "€", "12.5", "%", "due", "q9", "31", "february", "between", "and",
        "para", "2025", "0", "#", ":", ",", "1/2", "99/99", "x", "total", "discount", "-", "Rechnung", "بسعر",
    ]), 0..14)) {
        let sentence = sentence(&words.join(" "), "en-US", None);
        let _ = understood(&sentence);
        let _ = (offline::sentence::draft(&sentence), offline::sentence::correct(&sentence));
        let _ = offline::sentence::plan_question(&sentence);
    }
}
