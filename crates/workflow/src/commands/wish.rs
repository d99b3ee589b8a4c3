//! A form that is asked for within a question: "spending by month as a chart".

use super::Again;
use crate::words::{self, Words};
use domain::names::fold;
use ports::press::SheetForm;

/// Words that ask for a form alone, and may mean something else within a question.
const AMBIGUOUS: [&str; 6] = ["tabelle", "tableur", "courbe", "رسم", "جدول", "draw it"];
/// Words that only lead to the form or from it on.
const LINKS: [&str; 40] = [
    "a", "an", "the", "as", "in", "of", "with", "en", "un", "una", "una", "como", "con", "de",
    "em", "um", "uma", "com", "une", "avec", "des", "du", "comme", "als", "ein", "eine", "einem",
    "mit", "von", "der", "come", "di", "del", "della", "delle", "een", "met", "van", "me", "for",
];

/// Returns the form that a question asks for and the question without it; nothing where it asks
/// for none, or for nothing else.
pub fn of(text: &str) -> Option<(Again, String)> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let folded: Vec<String> = tokens.iter().map(|token| fold(token)).collect();
    let (what, from, length) = words::all()
        .iter()
        .flat_map(forms)
        .filter_map(|(phrase, what)| place(&folded, phrase).map(|(at, length)| (what, at, length)))
        .max_by_key(|(_, _, length)| *length)?;
    let is_link = |word: Option<&String>| word.is_some_and(|word| LINKS.contains(&word.as_str()));
    let mut end = from.saturating_add(length);
    let mut start = from;
    while start > 0 && is_link(folded.get(start.saturating_sub(1))) {
        start = start.saturating_sub(1);
    }
    // Behind a form that stands first, "of" leads to what is shown.
    let behind = end;
    while from <= tokens.len().saturating_div(2) && is_link(folded.get(end)) {
        end = end.saturating_add(1);
    }
    let kept = tokens.iter().take(start).chain(tokens.iter().skip(end));
    let rest = kept.copied().collect::<Vec<_>>().join(" ");
    // "csv of november"
    let least = if end > behind { 1 } else { 2 };
    (rest.split_whitespace().count() >= least).then_some((what, rest))
}

fn forms(words: &'static Words) -> impl Iterator<Item = (&'static str, Again)> {
    let lists = [
        (&words.sheet, Again::Sheet(SheetForm::Xlsx)),
        (&words.csv, Again::Sheet(SheetForm::Csv)),
        (&words.chart, Again::Chart),
    ];
    let all = lists
        .into_iter()
        .flat_map(|(list, what)| list.iter().map(move |word| (word.as_str(), what)));
    all.filter(|(word, _)| !AMBIGUOUS.contains(word))
}

/// Returns where the words of a phrase stand, and how many they are.
fn place(folded: &[String], phrase: &str) -> Option<(usize, usize)> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    let fits = |window: &[String]| window.iter().zip(&wanted).all(|(one, other)| one == other);
    let at = folded.windows(wanted.len()).position(fits)?;
    Some((at, wanted.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_taken_out_of_the_question() {
        let chart = Again::Chart;
        let sheet = Again::Sheet(SheetForm::Xlsx);
        for (text, what, rest) in [
            ("spending by month as a chart", chart, "spending by month"),
            ("Chart of my spending by month", chart, "my spending by month"),
            ("show a chart of my spending by month", chart, "my spending by month"),
            ("list my invoices of March as excel", sheet, "list my invoices of March"),
            ("Ausgaben nach Monat als Diagramm", chart, "Ausgaben nach Monat"),
            ("send me an excel of november", sheet, "send november"),
            ("excel of November", sheet, "November"),
            ("gráfico de gastos por mes", chart, "gastos por mes"),
            ("dépenses par mois en graphique", chart, "dépenses par mois"),
        ] {
            assert_eq!(of(text), Some((what, rest.to_owned())), "{text}");
        }
        for text in ["how much did I spend?", "as a chart", "excel", "hello"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
