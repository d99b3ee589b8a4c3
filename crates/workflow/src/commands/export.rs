//! "Export March as csv": which invoices, and in which form.

use crate::words;
use domain::{names::fold, tenant::Language};
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
}

/// Returns the export that a message asks for.
pub fn of(said: &str) -> Option<Export> {
    let tokens: Vec<&str> = said.trim().trim_start_matches('/').split_whitespace().collect();
    let (verb, rest) = tokens.split_first()?;
    let verb = fold(verb);
    let language = Language::ALL
        .into_iter()
        .find(|language| words::of(*language).is_some_and(|words| words.export.contains(&verb)))?;
    let mut form = Form::Sheet(SheetForm::Xlsx);
    let mut kept = Vec::new();
    for token in rest {
        match fold(token).as_str() {
            "csv" => form = Form::Sheet(SheetForm::Csv),
            "json" => form = Form::Sheet(SheetForm::Json),
            "zip" => form = Form::Archive,
            "xlsx" | "excel" => form = Form::Sheet(SheetForm::Xlsx),
            _ => kept.push(*token),
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
    if kept.is_empty() {
        return Some(Export { form, which: EVERYTHING.to_owned() });
    }
    let has_noun = noun.is_some_and(|noun| fold(&which).contains(&fold(noun)));
    let which = match noun {
        Some(noun) if !has_noun => format!("{noun} {which}"),
        _ => which,
    };
    Some(Export { form, which: which.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_period_are_told_apart() {
        for (text, form, which) in [
            ("export", Form::Sheet(SheetForm::Xlsx), EVERYTHING),
            ("Export March 2025 as CSV", Form::Sheet(SheetForm::Csv), "invoices March 2025"),
            ("export my invoices of 2025 zip", Form::Archive, "my invoices of 2025"),
            ("Exportiere März 2025 als JSON", Form::Sheet(SheetForm::Json), "Rechnungen März 2025"),
        ] {
            assert_eq!(of(text), Some(Export { form, which: which.to_owned() }), "{text}");
        }
        assert_eq!(of("list my exports"), None);
    }
}
