//! What speaks for a name and what against it: signs of place, letters and neighbours.

use super::{
    super::{
        candidates::{Candidates, Label},
        lexicon::{Role, lexicon},
        lines::{Layout, Line, height, share_column},
        places::is_address,
    },
    contender::{Contender, alone, colon},
    words::{is_contact, is_registration, letters, owns},
};
use domain::names::fold;

/// How far below the head of a party's block its lines may stand.
pub const BLOCK: usize = 5;

/// A sign that a contender shows or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// The first line.
    First,
    /// The second or third line.
    NearTop,
    /// Lines four to eight.
    InHead,
    /// In the lowest sixth of the page.
    InFoot,
    /// Neither in the head nor in the foot.
    InMiddle,
    /// The first cell that could be a name.
    FirstName,
    /// Letters well above the usual size.
    Large,
    /// The largest letters of all names.
    Largest,
    /// Smaller letters than usual.
    Small,
    /// Ends in the legal form of a company.
    LegalForm,
    /// Nothing but a legal form.
    OnlyForm,
    /// Holds a word for a trade or shop.
    Trade,
    /// All letters are capitals.
    Capitals,
    /// No letter is a capital.
    NoCapitals,
    /// Made of two lines.
    TwoLines,
    /// Made of two lines of which only the second has a legal form.
    FormBelow,
    /// Made of two lines of which the first has a legal form or each has one.
    FormAbove,
    /// A web or mail domain of the document bears it.
    OwnsDomain,
    /// An address is on the next line.
    AddressBelow,
    /// An address is two or three lines below.
    AddressNear,
    /// An address follows in its own cell, as on a sender's line.
    AddressBehind,
    /// A phone, mail or web address is within five lines below.
    ContactBelow,
    /// A tax number or a company's register number is within six lines below.
    RegisteredBelow,
    /// It stands again elsewhere.
    Again,
    /// A tax number or the number of a register follows in its own cell, as in an imprint.
    Imprint,
    /// Begins with a form of address: a person who is written to.
    Addressed,
    /// Begins with a word for the owner of the shop above.
    Owner,
    /// Behind a label of the seller.
    Sold,
    /// Under the label of the seller.
    UnderSeller,
    /// Behind the label of a name under the label of the seller.
    NamedSeller,
    /// Somebody else stands behind or under a label of the seller.
    OtherSells,
    /// Under a line with the name and the address of a sender: the window of a letter.
    UnderSender,
    /// Under the label of the customer.
    UnderCustomer,
    /// Right below the name of a company.
    BelowCompany,
    /// Behind the label of a name.
    Named,
    /// Begins with another label.
    Label,
    /// Many of its words are labels.
    Labels,
    /// An address.
    Address,
    /// Holds a word for a street.
    Street,
    /// One or two digits in three or more words.
    FewDigits,
    /// Other digits.
    Digits,
    /// Fewer than four letters.
    Scrap,
    /// Fewer than four letters, but large ones at the top: the sign of a shop.
    Emblem,
    /// A single word.
    OneWord,
    /// Six or more words.
    Long,
    /// Words that sentences are made of.
    Prose,
    /// Marks that no name has.
    Marks,
    /// Ends as the label of a number does.
    Announces,
    /// Nothing but words of headings and greetings.
    Banal,
    /// Letters that the reader is unsure of.
    Unsure,
    /// Letters that the reader is very unsure of.
    VeryUnsure,
    /// Amounts are on its line.
    Amounts,
    /// Other cells are on its line.
    Accompanied,
    /// In the right half of a wide page.
    Right,
}

/// What is known of the whole document while its names are judged.
pub struct Scene<'a> {
    /// The lines.
    pub layout: &'a Layout,
    /// The labels.
    pub candidates: &'a Candidates,
    /// The names of web and mail domains.
    pub domains: Vec<String>,
    /// The usual height of letters.
    pub typical: i32,
    /// The height of the largest name.
    pub largest: i32,
    /// The first line with a name.
    pub first: usize,
    /// The folded lines.
    pub texts: Vec<String>,
    /// Whether a label says who sells.
    pub is_sold: bool,
    /// The folded names that stand behind or under a label of the customer.
    pub customers: Vec<String>,
}

impl Scene<'_> {
    /// Returns the signs that a contender shows.
    #[must_use]
    pub fn signs(&self, one: &Contender) -> Vec<Sign> {
        let mut signs = self.place(one);
        signs.extend(letters(one));
        signs.extend(self.neighbours(one));
        signs.extend(self.parties(one));
        signs
    }

    fn place(&self, one: &Contender) -> Vec<Sign> {
        let depth = self.layout.lines.get(one.at).map_or(0, |line| self.layout.depth(line));
        let page = self.layout.lines.get(one.at).map_or(1, |line| line.page);
        let place = match one.at {
            0 => Sign::First,
            1 | 2 => Sign::NearTop,
            3..=7 => Sign::InHead,
            _ if depth > 830 || page > 1 => Sign::InFoot,
            _ => Sign::InMiddle,
        };
        let high = height(one.region);
        let lines = if self.is_double(one) { 2 } else { 1 };
        let size = high.saturating_mul(10).checked_div(lines).unwrap_or_default();
        let short = one.name.chars().filter(|c| c.is_alphabetic()).count() < 4;
        let bold = one.at == self.first && high >= self.largest && one.confidence >= 90;
        let half = self.layout.size.0.checked_div(2).unwrap_or_default();
        shown(&[
            (Sign::FirstName, one.at == self.first),
            (Sign::Emblem, short && bold),
            (Sign::Scrap, short && !bold),
            (Sign::Large, size > self.typical.saturating_mul(14) && one.confidence >= 90),
            (Sign::Largest, high >= self.largest && one.confidence >= 90),
            (Sign::Small, size < self.typical.saturating_mul(8)),
            (Sign::Accompanied, !one.alone),
            (Sign::Right, one.region.left > half),
            (Sign::TwoLines, self.is_double(one)),
            (Sign::Amounts, self.candidates.amounts_at(one.at).any(|found| found.is_money)),
        ])
        .chain(std::iter::once(place))
        .collect()
    }

    /// Returns whether a name stands on two lines.
    pub fn is_double(&self, one: &Contender) -> bool {
        let line = self.layout.lines.get(one.at);
        line.is_some_and(|line| {
            one.region.bottom > line.region.bottom.saturating_add(height(line.region) / 2)
        })
    }

    fn neighbours(&self, one: &Contender) -> Vec<Sign> {
        let first = one.at.saturating_add(if self.is_double(one) { 2 } else { 1 });
        let below = |reach: std::ops::Range<usize>, holds: &dyn Fn(usize, &str) -> bool| {
            reach.filter_map(|down| first.checked_add(down)).any(|at| {
                let cells = self.layout.lines.get(at).map(Line::cells).unwrap_or_default();
                let mut under =
                    cells.iter().filter(|(_, region)| share_column(*region, one.column));
                under.any(|(text, _)| holds(at, text))
            })
        };
        let address = |_: usize, text: &str| is_address(text);
        let registered = |at: usize, text: &str| {
            is_registration(text) || self.candidates.has(at, Role::TaxId, 7)
        };
        let folded = fold(&one.name);
        let again = folded.len() >= 6
            && self.texts.iter().enumerate().any(|(at, text)| {
                at != one.at && at.saturating_add(1) != first && text.contains(&folded)
            });
        let rest_of = |text: &str| text.split_once(&one.name).map(|(_, rest)| rest.to_owned());
        let imprint = self.layout.lines.get(one.at).is_some_and(|line| {
            let mut cells = line.cells().into_iter();
            cells.any(|(text, _)| rest_of(&text).is_some_and(|rest| self.is_imprint(one, &rest)))
        });
        let behind = self.layout.lines.get(one.at).is_some_and(|line| {
            let mut cells = line.cells().into_iter();
            cells.any(|(text, region)| {
                region.left <= one.region.left
                    && rest_of(&text).is_some_and(|rest| is_address(&rest))
            })
        });
        shown(&[
            (Sign::UnderSender, self.is_under_sender(one)),
            (Sign::AddressBelow, below(0..1, &address)),
            (Sign::AddressNear, below(1..3, &address)),
            (Sign::AddressBehind, behind),
            (Sign::Imprint, imprint),
            (Sign::ContactBelow, below(0..5, &|_, text| is_contact(text))),
            (Sign::RegisteredBelow, below(0..6, &registered)),
            (Sign::Again, again),
            (Sign::OwnsDomain, owns(&self.domains, &one.name)),
        ])
        .collect()
    }

    /// Returns whether what follows a name on its line is the number of a company.
    fn is_imprint(&self, one: &Contender, rest: &str) -> bool {
        let digits = rest.chars().filter(char::is_ascii_digit).count();
        let labels = self.candidates.labels_at(one.at).iter();
        let mut behind = labels.filter(|label| label.region.left > one.region.left);
        digits >= 5
            && behind.any(|label| {
                matches!(label.role, Role::TaxId | Role::OtherNumber) && label.weight >= 6
            })
    }

    fn is_under_sender(&self, one: &Contender) -> bool {
        let above = one.at.checked_sub(1).and_then(|at| self.layout.lines.get(at));
        let cells = above.map(Line::cells).unwrap_or_default();
        cells.iter().filter(|(_, region)| share_column(*region, one.region)).any(|(text, _)| {
            let marks = text.matches([',', '|', '·', '•', '–', '—']).count();
            let parts = marks.saturating_add(text.matches(" - ").count());
            parts >= 2 && is_address(text) && text.chars().any(char::is_alphabetic)
        })
    }

    fn parties(&self, one: &Contender) -> Vec<Sign> {
        let head = self.block_head(one);
        let labels = self.candidates.labels_at(one.at);
        let words = |label: &Label| label.to.saturating_sub(label.from);
        let inside = labels.iter().filter(|label| {
            label.region.left >= one.region.left && label.region.right <= one.region.right
        });
        let mut spans: Vec<(usize, usize)> =
            inside.filter(|l| l.weight >= 4).map(|label| (label.from, words(label))).collect();
        spans.dedup();
        let labelled: usize = spans.iter().map(|(_, count)| count).sum();
        let all = one.name.split(' ').count();
        let sells = one.sold || matches!(head, Some((Role::Vendor, _)));
        // In a form the customer is named, unless something says that a company is.
        let listed = one.named
            && head.is_none()
            && !lexicon().has_legal_form(&one.name)
            && !self.layout.from_pixels;
        let customer = matches!(head, Some((Role::Customer, _)));
        shown(&[
            (Sign::OtherSells, self.is_sold && !sells),
            (Sign::Sold, one.sold),
            (Sign::Named, one.named),
            (Sign::NamedSeller, one.named && matches!(head, Some((Role::Vendor, _)))),
            (Sign::UnderSeller, matches!(head, Some((Role::Vendor, 0 | 1)))),
            (
                Sign::UnderCustomer,
                customer || listed || self.is_customer(one) || self.is_attended(one),
            ),
            (Sign::BelowCompany, self.is_below_company(one)),
            (Sign::Label, !one.sold && self.is_label(one)),
            (Sign::Labels, labelled.saturating_mul(2) > all && labelled > 0),
        ])
        .collect()
    }

    fn is_label(&self, one: &Contender) -> bool {
        let Some(line) = self.layout.lines.get(one.at) else { return false };
        self.candidates.labels_at(one.at).iter().any(|label| {
            // A name may begin with a word for a company: `Empresa Molino Verde`.
            let part = label.role == Role::Vendor
                && !colon(line, label)
                && label.region.right < one.region.right;
            label.region.left <= one.region.left.saturating_add(200)
                && label.region.right >= one.region.left
                && label.weight >= 4
                && !part
                && !matches!(label.role, Role::Service | Role::Name)
        })
    }
}

pub fn shown(signs: &[(Sign, bool)]) -> impl Iterator<Item = Sign> {
    signs.iter().filter(|(_, holds)| *holds).map(|(sign, _)| *sign)
}

/// Two parties and what concerns both stand side by side in no more cells.
const COLUMNS: usize = 3;

/// Returns whether a label opens the block of a party: a strong one, or one with a colon or a
/// cell of its own.
pub fn heads_block(line: &Line, label: &Label) -> bool {
    match label.role {
        Role::Vendor => {
            // `Flight`, `From`, `To`, `Class` are the heads of a table.
            let table = line.cell_spans().len() > COLUMNS;
            let apart = colon(line, label) || (alone(line, label) && !table);
            label.weight >= 8 || (label.weight >= 4 && apart)
        }
        Role::Customer => {
            // In the midst of a sentence it heads nothing.
            let begins = line.cell_spans().iter().any(|cell| cell.from == label.from);
            (label.weight >= 6 && begins) || colon(line, label) || alone(line, label)
        }
        _ => false,
    }
}
