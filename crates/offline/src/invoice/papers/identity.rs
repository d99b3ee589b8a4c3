//! What identifies the paper that a page belongs to.

use super::super::{
    ANY_YEAR, candidates::Candidates, fields, lines::Layout, numbers, parties, vendor,
};
use crate::date::Order;
use domain::{dates::Date, document::Page, names::fold};

/// From this confidence on a number has a label that says what it is.
const LABELLED: u8 = 60;
/// From this confidence on nothing else need say that a paper is another one.
const PLAIN: u8 = 70;
/// Words before the place of a page among those of its paper.
const PAGE: [&str; 11] = [
    "page",
    "seite",
    "blatt",
    "pagina",
    "pag",
    "pagine",
    "side",
    "sida",
    "sayfa",
    "bladzijde",
    "hoja",
];

/// What identifies the paper of a page, or of several that belong together.
#[derive(Debug, Default)]
pub struct Identity {
    number: Option<(String, u8)>,
    tax_id: Option<String>,
    /// Its sender, where that is sure.
    vendor: Option<String>,
    day: Option<Date>,
    /// Which page of its paper it says to be.
    place: Option<u32>,
    /// All its letters and digits, each word after a blank.
    text: String,
}

impl Identity {
    /// Finds what identifies a page.
    pub fn of(page: &Page, today: Date) -> Self {
        let layout = Layout::of(std::slice::from_ref(page));
        let candidates = Candidates::of(&layout, ANY_YEAR.max(today.year()));
        let number = numbers::number_of(&layout, &candidates, false)
            .filter(|number| number.confidence >= LABELLED);
        let vendor = vendor::vendor(&layout, &candidates).filter(vendor::is_sure);
        let day = fields::issue_date(&layout, &candidates, Order::DayFirst, today);
        Self {
            number: number.map(|found| (compact(&found.value), found.confidence)),
            tax_id: parties::tax_id(&layout, &candidates, None).map(|found| compact(&found.value)),
            vendor: vendor.map(|found| compact(&found.value)),
            day: day.map(|found| found.value),
            place: place(&layout),
            text: compact(&layout.words().concat()),
        }
    }

    /// Takes in a further page of the same paper.
    pub fn goes_on_with(&mut self, page: Self) {
        self.number = self.number.take().or(page.number);
        self.tax_id = self.tax_id.take().or(page.tax_id);
        self.vendor = self.vendor.take().or(page.vendor);
        self.day = self.day.or(page.day);
        self.text.push_str(&page.text);
    }

    /// Returns whether this page begins another paper than the one before it.
    pub fn is_another_than(&self, before: &Self) -> bool {
        if self.place.is_some_and(|place| place > 1) || self.names(before) {
            return false;
        }
        let begins = self.place == Some(1) && before.place.is_some();
        let (numbered, plain) = self.other_number(before);
        let unnumbered = self.number.is_none() || before.number.is_none();
        let dated = self.day.is_some() && before.day.is_some();
        let other_day = dated && self.day != before.day;
        let again = other_day && self.vendor.is_some() && self.vendor == before.vendor;
        let other_sender = self.other_tax_id(before) || self.other_vendor(before);
        plain
            || (numbered && (begins || again || other_sender))
            || (unnumbered && dated && self.other_vendor(before) && self.other_tax_id(before))
    }

    /// Returns whether one side of a picture is another paper than the other. What stands below a
    /// receipt is often its slip of the card; what lies beside it never is.
    pub fn is_another_picture_than(&self, before: &Self, beside: bool) -> bool {
        let dated = self.day.is_some() && before.day.is_some();
        let other_sender = self.other_tax_id(before) || self.other_vendor(before);
        let (numbered, _) = self.other_number(before);
        let same_head = self.vendor.is_some() && self.vendor == before.vendor;
        dated
            && !self.names(before)
            && if beside {
                numbered || other_sender
            } else {
                (numbered && (other_sender || same_head)) || (other_sender && self.number.is_none())
            }
    }

    /// Returns whether it bears the number of the other.
    fn names(&self, other: &Self) -> bool {
        let long = |number: &&String| number.len() >= 3;
        let own = self.number.as_ref().map(|(number, _)| number);
        let theirs = other.number.as_ref().map(|(number, _)| number);
        own.is_some() && own == theirs
            || theirs.filter(long).is_some_and(|number| self.text.contains(number.as_str()))
            || own.filter(long).is_some_and(|number| other.text.contains(number.as_str()))
    }

    /// Returns whether both have a number and not the same, and whether that alone is enough.
    fn other_number(&self, other: &Self) -> (bool, bool) {
        let (Some((own, sure)), Some((theirs, there))) = (&self.number, &other.number) else {
            return (false, false);
        };
        (own != theirs, own != theirs && (*sure).min(*there) >= PLAIN)
    }

    fn other_tax_id(&self, other: &Self) -> bool {
        self.tax_id.as_ref().zip(other.tax_id.as_ref()).is_some_and(|(own, theirs)| {
            !self.text.contains(theirs.as_str()) && !other.text.contains(own.as_str())
        })
    }

    fn other_vendor(&self, other: &Self) -> bool {
        self.vendor.as_ref().zip(other.vendor.as_ref()).is_some_and(|(own, theirs)| {
            !self.text.contains(theirs.as_str()) && !other.text.contains(own.as_str())
        })
    }
}

fn compact(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns which page of its paper a page says to be: `Page 2 of 3`, `Seite 2/3`.
fn place(layout: &Layout) -> Option<u32> {
    layout.lines.iter().find_map(|line| {
        line.tokens.windows(2).find_map(|pair| {
            let [word, number] = pair else { return None };
            let (place, _) = number.text.split_once('/').unwrap_or((&number.text, ""));
            let named = PAGE.contains(&word.folded.as_str());
            place.trim_end_matches('.').parse().ok().filter(|_| named)
        })
    })
}
