//! "Export March as csv": which invoices, and in which form.

use crate::words::{self, Words};
use domain::{
    dates::{Period, Unit},
    names::fold,
    tenant::Language,
};
use ports::press::SheetForm;

/// What stands for all invoices.
pub const EVERYTHING: &str = "";

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One file.
    Sheet(SheetForm),
    /// An archive with a spreadsheet, a CSV file and the originals.
    Archive,
}

/// An export that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// In which form.
    pub form: Form,
    /// Which invoices, as a question that lists them; [`EVERYTHING`] for all.
    pub which: String,
    /// The month, quarter or year, where it is named as `2025-03`, `2025-Q1` or `2025`.
    pub period: Option<Period>,
}

/// Returns the export that a message asks for.
pub fn of(said: &str) -> Option<Export> {
    if let Some(form) = of_everything(said) {
        return Some(Export { form, which: EVERYTHING.to_owned(), period: None });
    }
    let tokens: Vec<&str> = said.trim().trim_start_matches('/').split_whitespace().collect();
    let (verb, rest) = tokens.split_first()?;
    let verb = fold(verb);
    let language = Language::ALL
        .into_iter()
        .find(|language| words::of(*language).is_some_and(|words| words.export.contains(&verb)))?;
    let mut form = Form::Sheet(SheetForm::Xlsx);
    let mut kept = Vec::new();
    for token in rest {
        match form_of(&fold(token)) {
            Some(named) => form = named,
            None => kept.push(*token),
        }
    }
    while kept.last().is_some_and(|word| {
        matches!(
            fold(word).as_str(),
            "as" | "als" | "en" | "em" | "in" | "como" | "come" | "a" | "an"
        )
    }) {
        kept.pop();
    }
    let noun = words::of(language).and_then(|words| words.phrases.get("noun.invoices"));
    let which = kept.join(" ");
    let period = period(&which);
    let all = words::of(language).is_some_and(|words| words.everything.contains(&fold(&which)));
    if kept.is_empty() || all || period.is_some() {
        return Some(Export { form, which: EVERYTHING.to_owned(), period });
    }
    let has_noun = noun.is_some_and(|noun| fold(&which).contains(&fold(noun)));
    let which = match noun {
        Some(noun) if !has_noun => format!("{noun} {which}"),
        _ => which,
    };
    Some(Export { form, which: which.trim().to_owned(), period: None })
}

/// Returns the form of "send me everything as excel": a form, all there is, and nothing that narrows it
/// down.
fn of_everything(said: &str) -> Option<Form> {
    let said = fold(said);
    let tokens: Vec<&str> = said.split_whitespace().collect();
    let form = tokens.iter().rev().find_map(|token| form_of(token))?;
    let is_whole = |words: &Words| {
        let holds = |list: &[String], token: &str| list.iter().any(|word| word == token);
        let all = |token: &&str| holds(&words.everything, token);
        let small = |token: &&str| form_of(token).is_some() || holds(&words.sending, token);
        tokens.iter().any(all) && tokens.iter().all(|token| all(token) || small(token))
    };
    words::all().iter().any(is_whole).then_some(form)
}

fn form_of(token: &str) -> Option<Form> {
    match token {
        "csv" => Some(Form::Sheet(SheetForm::Csv)),
        "json" => Some(Form::Sheet(SheetForm::Json)),
        "zip" => Some(Form::Archive),
        "xlsx" | "excel" => Some(Form::Sheet(SheetForm::Xlsx)),
        _ => None,
    }
}

/// Returns the calendar unit that is named as programs write it.
fn period(text: &str) -> Option<Period> {
    let (year, part) = text.split_once('-').unwrap_or((text, ""));
    let is_year = year.len() == 4 && year.chars().all(|c| c.is_ascii_digit());
    let year: i16 = year.parse().ok().filter(|_| is_year)?;
    if part.is_empty() {
        return Period::year(year).filter(|_| !text.ends_with('-'));
    }
    match part.strip_prefix(['q', 'Q']) {
        Some(quarter) => {
            let quarter: i8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
            let first = quarter.saturating_mul(3).saturating_sub(2);
            Period::month(year, first).map(|month| Period::containing(month.from, Unit::Quarter))
        }
        None if part.len() == 2 => Period::month(year, part.parse().ok()?),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::dates::date;

    #[test]
    fn form_and_period_are_told_apart() {
        for (text, form, which) in [
            ("export", Form::Sheet(SheetForm::Xlsx), EVERYTHING),
            ("Export March 2025 as CSV", Form::Sheet(SheetForm::Csv), "invoices March 2025"),
            ("export my invoices of 2025 zip", Form::Archive, "my invoices of 2025"),
            ("Exportiere März 2025 als JSON", Form::Sheet(SheetForm::Json), "Rechnungen März 2025"),
        ] {
            let export = Export { form, which: which.to_owned(), period: None };
            assert_eq!(of(text), Some(export), "{text}");
        }
        assert_eq!(of("list my exports"), None);
    }

    #[test]
    fn everything_is_sent_in_any_language() {
        let (excel, csv) = (Form::Sheet(SheetForm::Xlsx), Form::Sheet(SheetForm::Csv));
        for (text, form) in [
            ("send me everything as excel", excel),
            ("can you send me everything in a csv file please?", csv),
            ("exportier alles", excel),
            ("schick mir alles als Excel", excel),
            ("kannst du mir bitte alles als excel schicken", excel),
            ("mándame todo en excel", excel),
            ("manda-me tudo em excel", excel),
            ("envoie-moi tout en excel", excel),
            ("mandami tutto in Excel", excel),
            ("stuur me alles als zip", Form::Archive),
            ("أرسل لي كل شيء في ملف excel", excel),
            ("sab kuch excel mein bhejo", excel),
        ] {
            let export = Export { form, which: EVERYTHING.to_owned(), period: None };
            assert_eq!(of(text), Some(export), "{text}");
        }
        for text in ["send me everything from Lidl as excel", "as excel", "send me excel"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn months_quarters_and_years_are_understood_as_programs_write_them() {
        let days = |text: &str| of(text).unwrap().period.map(|period| (period.from, period.to));
        let both = |from, to| Some((from, to));
        assert_eq!(days("export 2025-02 csv"), both(date(2025, 2, 1), date(2025, 2, 28)));
        assert_eq!(days("/export 2025-Q4 zip"), both(date(2025, 10, 1), date(2025, 12, 31)));
        assert_eq!(days("exportiere 2025"), both(date(2025, 1, 1), date(2025, 12, 31)));
        for text in ["export 2025-13", "export 2025-Q5", "export 2025-", "export 25", "export"] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
