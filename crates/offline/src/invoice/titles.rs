//! The title of a paper that is no bill: an offer, an order, a delivery note, a reminder, a statement, a
//! payslip, a contract, by the words that such titles are made of.

use super::{
    lexicon::{Role, is_number_sign, lexicon},
    lines::{Cell, Layout, Line, height},
    naming::{Thing, naming},
};
use domain::names::fold;
use serde::Deserialize;
use std::{cmp::Reverse, sync::LazyLock};

/// What the title of another paper is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Titled {
    /// It may share the page with a bill.
    Beside,
    /// It is no bill, whatever else stands on it, but for the title of one.
    Instead,
    /// It reminds of the bills whose titles stand below.
    Reminds,
}

#[derive(Default, Deserialize)]
struct File {
    reminders: Vec<String>,
    strong: Vec<String>,
    weak: Vec<String>,
}

static WORDS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../lexicons/documents/titles.toml")).unwrap_or_default()
});

/// A title stands in this upper part of the first page, in thousandths.
const HEAD: i32 = 450;
/// So many lines are the very top of a page.
const TOP: usize = 3;
/// A title has no more words.
const LONGEST: usize = 6;
/// From this length on a word may end another one.
const ENDING: usize = 5;

/// Returns what the strongest title in the head of a page says, unless the title of a bill is stronger.
#[must_use]
pub fn titled_otherwise(layout: &Layout) -> Option<Titled> {
    let (titled, at) = strongest(layout)?;
    let bill = bill_title(layout);
    let before = bill.is_some_and(|bill| titled != Titled::Reminds || bill <= at);
    (!before).then_some(titled)
}

fn strongest(layout: &Layout) -> Option<(Titled, usize)> {
    let head = layout.lines.iter().enumerate();
    let head =
        head.filter(|(_, line)| line.page == 1 && layout.depth(line) < HEAD && !is_priced(line));
    let titles = head.flat_map(|(at, line)| {
        let cells = line.cell_spans();
        let fitting = cells.into_iter().filter(move |cell| is_apart(layout, at, line, cell));
        fitting.filter_map(move |cell| Some((other(&title(line, &cell)?)?, at)))
    });
    titles.max_by_key(|(titled, at)| (*titled, Reverse(*at)))
}

/// Returns the first line in the head of a page that is the title of a bill.
fn bill_title(layout: &Layout) -> Option<usize> {
    layout.lines.iter().enumerate().position(|(at, line)| {
        let head = line.page == 1 && layout.depth(line) < HEAD;
        let mut cells = line.cell_spans().into_iter().filter(|_| head && !is_row(line));
        cells.any(|cell| {
            let title = title(line, &cell).filter(|_| is_apart(layout, at, line, &cell));
            title.is_some_and(|title| other(&title).is_none() && names_bill(&title))
        })
    })
}

/// Returns whether a line ends with an amount in a cell of its own, as the bills do that a statement
/// lists: `Invoice BP-871 01/04/2026   120.00`.
#[must_use]
pub fn is_row(line: &Line) -> bool {
    let cells = line.cell_spans();
    let last = cells.last().filter(|_| cells.len() > 1);
    let text = last.map(|cell| line.text_between(cell.from, cell.to)).unwrap_or_default();
    is_amount(&text)
}

/// Returns whether a line has words and an amount behind them, as what is sold has and no title.
#[must_use]
pub fn is_priced(line: &Line) -> bool {
    let last = line.tokens.last().filter(|_| line.tokens.len() > 1);
    last.is_some_and(|token| is_amount(token.text.trim_matches(['€', '$', '£', '*'])))
}

fn is_amount(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let cents = text.rsplit_once(['.', ',']).filter(|(_, cents)| cents.len() == 2);
    cents.is_some_and(|(whole, cents)| {
        digits(cents) && whole.ends_with(|c: char| c.is_ascii_digit())
    })
}

/// Returns whether a cell is all of its line but for numbers, or set apart by its letters or its place.
fn is_apart(layout: &Layout, at: usize, line: &Line, cell: &Cell) -> bool {
    let rest = line.tokens.iter().enumerate();
    let mut rest = rest.filter(|(at, _)| !(cell.from..cell.to).contains(at));
    let alone =
        cell.from == 0 && rest.all(|(_, token)| !token.text.chars().any(char::is_alphabetic));
    let large = height(cell.region).saturating_mul(10) > layout.letter_height().saturating_mul(13);
    alone || large || (at < TOP && cell.to == line.tokens.len())
}

/// Returns the words of a title, folded, without the number and the day behind them; nothing for a field
/// and for a sentence.
fn title(line: &Line, cell: &Cell) -> Option<String> {
    let tokens = line.tokens.get(cell.from..cell.to)?;
    let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let ordinal = tokens.first().is_some_and(|token| digits(&token.text) && token.text.len() <= 3);
    let words = tokens.get(usize::from(ordinal)..)?;
    let named = words.iter().take_while(|token| {
        !digits(&token.text) && !is_number_sign(&token.folded) && token.text != "#"
    });
    let named: Vec<_> = named.collect();
    let rest = words.get(named.len()..)?;
    let capital = |text: &str| ordinal || text.starts_with(char::is_uppercase);
    let first = named.first().filter(|first| capital(&first.text));
    // `Reminder Consulting Ltd` is a name.
    let name = lexicon().has_legal_form(&line.text_between(cell.from, cell.to));
    let field = named.last().is_some_and(|last| last.text.ends_with(':'));
    let ends = |text: &str| text.ends_with(['.', '!', '?', ',', ';']);
    let sentence = rest.is_empty() && named.last().is_some_and(|last| ends(&last.text));
    // `Statement date 3 May`, `Order total 12.50` are fields.
    let last = named.last().map_or(&[][..], |last| lexicon().roles(&last.folded));
    let valued = !rest.is_empty() && last.iter().any(|(role, _)| is_of_value(*role));
    let short = named.len() <= LONGEST && (rest.is_empty() || rest.iter().any(|t| digits(&t.text)));
    (first.is_some() && !field && !sentence && !name && !valued && short).then(|| {
        let text: Vec<&str> = named.iter().map(|token| token.folded.as_str()).collect();
        fold(&text.join(" "))
    })
}

/// Returns whether a label of this role has a day or an amount behind it.
const fn is_of_value(role: Role) -> bool {
    use Role::{Amount, Date, Due, DueDate, Gross, Net, OtherDate, Price, Quantity, Tax};
    matches!(role, Amount | Date | Due | DueDate | Gross | Net | OtherDate | Price | Quantity | Tax)
}

/// Returns what a title is that is no bill's.
fn other(title: &str) -> Option<Titled> {
    if WORDS.reminders.iter().any(|phrase| rest_of(title, phrase).is_some()) {
        return Some(Titled::Reminds);
    }
    // `Account statement and tax invoice` is both; one of invoices is none.
    let one = |rest: &str| names_bill(rest) && !rest.split(' ').any(|word| word.ends_with('s'));
    let mut strong = WORDS.strong.iter().filter_map(|phrase| rest_of(title, phrase));
    if strong.any(|rest| !one(&rest)) {
        return Some(Titled::Instead);
    }
    // `Votre commande 11-887` is a field of a bill.
    if naming().is_of_reader(title) {
        return None;
    }
    let beside = WORDS.weak.iter().filter_map(|phrase| rest_of(title, phrase));
    let mut beside = beside.filter(|_| naming().thing(&format!("{title} nr")) != Some(Thing::Bill));
    beside.any(|rest| !names_bill(&rest)).then_some(Titled::Beside)
}

/// Returns what a title says besides a phrase that stands in it; a single long one may end a word.
fn rest_of(title: &str, phrase: &str) -> Option<String> {
    let part = title.split_once(phrase).filter(|(before, after)| {
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    });
    if let Some((before, after)) = part {
        return Some(format!("{} {}", before.trim(), after.trim()).trim().to_owned());
    }
    let single = phrase.len() >= ENDING && !phrase.contains(' ');
    let ends = |word: &&str| single && word.len() > phrase.len() && word.ends_with(phrase);
    let word = title.split(' ').find(ends)?;
    Some(title.replace(word, "").trim().to_owned())
}

/// Returns whether a word of a title is one for a bill or a note.
fn names_bill(title: &str) -> bool {
    let is_bill = |word: &str| {
        let thing = naming().thing(&format!("{word} nr"));
        word.len() >= 4 && matches!(thing, Some(Thing::Bill | Thing::Credit | Thing::Debit))
    };
    title.split(' ').any(is_bill)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_folded() {
        assert!(!WORDS.weak.is_empty());
        for phrase in WORDS.reminders.iter().chain(&WORDS.strong).chain(&WORDS.weak) {
            assert_eq!(*phrase, fold(phrase));
        }
    }

    #[test]
    fn a_title_says_what_a_paper_is() {
        for (title, wanted) in [
            ("Sales order confirmation", Some(Titled::Beside)),
            ("Bill of lading", Some(Titled::Beside)),
            ("Reisebestätigung", Some(Titled::Beside)),
            ("Bon d'intervention", Some(Titled::Beside)),
            ("Letzte Mahnung", Some(Titled::Reminds)),
            ("Reminder of unpaid invoice", Some(Titled::Reminds)),
            ("Statement of account", Some(Titled::Instead)),
            ("Kundenkontoauszug", Some(Titled::Instead)),
            ("Statement of outstanding invoices", Some(Titled::Instead)),
            ("Account statement and tax invoice", None),
            ("Tax invoice", None),
            ("Rechnung / Lieferschein", None),
            ("Facture / Bon de livraison", None),
            ("Statement of fees", None),
            ("Wartungsrechnung", None),
            ("Nota de crédito", None),
        ] {
            assert_eq!(other(&fold(title)), wanted, "{title}");
        }
    }
}
