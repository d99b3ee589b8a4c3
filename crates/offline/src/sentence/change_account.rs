//! Whether a change says everything that its sentence says. Half of an order is none: "cancel 12
//! but not 13" must not cancel anything.

use super::{
    figures::{self, Contrast},
    filing,
    found::Found,
    period::Calendar,
    piece::{Parsed, Piece},
    token::Kind,
    word::{COMPANY, Role, Word},
};
use domain::{
    correction::{Correction, Target},
    dates::Date,
    invoice::Status,
    names::fold,
    question::{Filters, StatusFilter},
};
use rust_decimal::Decimal;

/// Words that keep others company in an order alone.
const COMPANY_HERE: [Word; 7] = [
    Word::Mark,
    Word::Until,
    Word::Since,
    Word::NumberLabel,
    Word::Each,
    Word::Particle,
    Word::NamedBefore,
];

const TURNING: [Word; 6] =
    [Word::Not, Word::Except, Word::Between, Word::Or, Word::Later, Word::But];

fn keeps_company(word: Word) -> bool {
    COMPANY.contains(&word) || COMPANY_HERE.contains(&word)
}

/// Returns whether every piece of an order has a place in the change.
pub(super) fn is_whole(parsed: &Parsed, calendars: &[Calendar<'_>], change: &Correction) -> bool {
    let mut periods: Vec<Found> = calendars.iter().flat_map(Calendar::all).collect();
    let ahead = calendars.first().map(|calendar| {
        let found = |first: usize| {
            let (day, end) = calendar.within(first)?;
            Some(Found { from: Some(day), to: Some(day), first, end })
        };
        (0..parsed.pieces.len()).filter_map(found).collect::<Vec<_>>()
    });
    periods.extend(ahead.into_iter().flatten());
    // "mark Lidl and Aldi as paid": the newest of each, or of both?
    if let Target::Latest(filters) = &change.target
        && filters.vendor.len().max(filters.customer.len()) > 1
    {
        return false;
    }
    // "the total of 12 and 13 to 50": of each, or of both?
    if matches!(change.target, Target::Numbers(_)) && change.set.touches_amounts() {
        return false;
    }
    // "leave out the paid ones": several, and not the one just spoken of
    if change.target == Target::Context && parsed.pieces.iter().any(|p| p.folded == "ones") {
        return false;
    }
    // "12 is paid, 13 no"
    let words = || parsed.pieces.iter().filter(|piece| piece.kind != Kind::Mark);
    let denies = |piece: &Piece| {
        ["no", "non", "nein", "nee", "nao", "not", "nicht", "niet"].contains(&piece.folded.as_str())
    };
    if words().count() > 1 && words().next_back().is_some_and(denies) {
        return false;
    }
    // "toch niet nog niet betaald": denied twice, each in a phrase of its own
    let said: Vec<&str> = words().flat_map(|piece| piece.folded.split(' ')).collect();
    let twice = |word: &&str| {
        let at: Vec<usize> = (0..said.len()).filter(|at| said.get(*at) == Some(word)).collect();
        let [one, other] = at.as_slice() else { return at.len() > 2 };
        let between = said.get(one.saturating_add(1)..*other).unwrap_or_default();
        let numbered = between.iter().any(|word| word.chars().any(|c| c.is_ascii_digit()));
        !between.is_empty() && !numbered
    };
    if ["niet", "nicht", "not"].iter().any(twice) {
        return false;
    }
    let contrast =
        figures::contrast(&parsed.pieces).filter(|found| change.set.gross == Some(found.amount));
    let told = Told {
        plain: &parsed.plain,
        pieces: &parsed.pieces,
        code: parsed.code,
        periods,
        change,
        contrast,
    };
    parsed.pieces.iter().enumerate().all(|(at, piece)| told.explains(at, piece))
}

struct Told<'a> {
    plain: &'a str,
    pieces: &'a [Piece],
    code: &'static str,
    periods: Vec<Found>,
    change: &'a Correction,
    /// What is put right, where it is said what it is not.
    contrast: Option<Contrast>,
}

impl Told<'_> {
    fn explains(&self, at: usize, piece: &Piece) -> bool {
        if piece.kind == Kind::Mark && piece.roles.is_empty() || self.is_quoted(piece) {
            return true;
        }
        if self.change.set.category.is_some() && filing::old_category(self.pieces) == Some(at) {
            return true;
        }
        if self.contrast.as_ref().is_some_and(|found| found.place.contains(&at)) {
            return true;
        }
        if matches!(piece.kind, Kind::Number | Kind::Code) && self.is_number(piece) {
            return piece.kind == Kind::Code || self.is_led(at) || !self.is_of_somebody();
        }
        if piece.is_any(&[Word::Beyond, Word::OtherPaper]) && piece.known.is_none() {
            return false;
        }
        let was = piece.value.is_some() && self.is_old_amount(at);
        if was || self.is_dated(at) || self.is_amount(piece) || self.is_named(piece) {
            return true;
        }
        let turns = self.turns(at, piece);
        piece.roles.iter().any(|role| match role {
            Role::Word(word) => !turns && keeps_company(*word) || self.says(*word),
            Role::Category(name) => self.change.set.category.as_deref() == Some(*name),
            Role::Currency(currency) => self.change.set.currency == Some(*currency),
            // "one" and other articles
            _ => false,
        })
    }

    /// "Over 100" narrows down, "under Marketing" does not.
    fn turns(&self, at: usize, piece: &Piece) -> bool {
        let limits = [Word::Over, Word::Under, Word::AtLeast, Word::AtMost];
        let rest = self.pieces.get(at.saturating_add(1)..).unwrap_or_default();
        let next = rest.iter().find(|piece| !piece.is(Word::Stop));
        let of_amount =
            next.is_some_and(|next| next.decimal().is_some() || next.currency().is_some());
        // "it should be paid" is a wish, "the category should be Travel" an order
        let wish = piece.is(Word::Later) && piece.is(Word::Is);
        if wish && self.change.set.status.is_none() {
            return false;
        }
        // "n'est plus impayée", "nicht mehr offen"
        let longer = ["plus", "mehr", "longer", "meer", "piu", "mas", "mais"]
            .contains(&piece.folded.as_str());
        let ended = longer && next.is_some_and(|next| next.is_any(&[Word::Paid, Word::Unpaid]));
        // "solo si es de Uber": a condition, where a yes stands alone or first
        let rest = self.pieces.len().saturating_sub(at);
        let italian = matches!(self.code, "it" | "pt") && piece.folded == "se";
        let condition = (piece.folded == "si" || italian) && at > 1 && rest > 1;
        piece.is_any(&TURNING) || condition || piece.is_any(&limits) && of_amount || ended
    }

    /// Within a note or a new name, whatever the words mean.
    fn is_quoted(&self, piece: &Piece) -> bool {
        let set = &self.change.set;
        let texts = [&set.notes, &set.vendor, &set.customer];
        texts.into_iter().flatten().any(|text| {
            self.plain.rfind(text.as_str()).is_some_and(|from| {
                piece.start >= from && piece.end <= from.saturating_add(text.len())
            })
        })
    }

    /// The first of "from 50 to 60", where the second is what is set.
    fn is_old_amount(&self, at: usize) -> bool {
        let from = at.checked_sub(1).and_then(|at| self.pieces.get(at));
        let rest = self.pieces.get(at.saturating_add(1)..).unwrap_or_default();
        let mut rest = rest.iter().skip_while(|piece| piece.currency().is_some());
        let to = rest.next().is_some_and(|piece| piece.is(Word::To));
        let new = rest.find(|piece| piece.currency().is_none()).and_then(|piece| piece.value);
        from.is_some_and(|piece| piece.is(Word::From))
            && to
            && new.is_some()
            && new == self.change.set.gross
    }

    /// Behind "invoice" or another number; "Bob paid 50" names no invoice.
    fn is_led(&self, at: usize) -> bool {
        let before = self.pieces.get(..at).unwrap_or_default();
        // "la 71", "die 82": whose gender is that of an invoice
        let article = before.last().is_some_and(|article| {
            ["la", "die"].contains(&article.folded.as_str())
                || self.code == "pt" && article.folded == "a"
        });
        if article {
            return true;
        }
        let mut lead = before.iter().rev().skip_while(|piece| {
            piece.is_any(&[Word::And, Word::Stop, Word::To]) || piece.is_mark(",.:#-")
        });
        lead.next().is_some_and(|piece| {
            piece.is_any(&[Word::Document, Word::NumberLabel, Word::It])
                || matches!(piece.kind, Kind::Number | Kind::Code)
        })
    }

    /// A name that is not itself what is set.
    fn is_of_somebody(&self) -> bool {
        self.pieces.iter().any(|piece| {
            let named = piece.known.is_some() || piece.is_unknown() && piece.is_capital();
            named && !self.is_quoted(piece)
        })
    }

    fn is_number(&self, piece: &Piece) -> bool {
        let said = piece.text.trim_start_matches('#');
        match &self.change.target {
            Target::Number(number) => number == said,
            Target::Numbers(numbers) => numbers.iter().any(|number| number == said),
            _ => false,
        }
    }

    /// Within a day or period that is set or that narrows down the invoices.
    fn is_dated(&self, at: usize) -> bool {
        let set = &self.change.set;
        let within = self.periods.iter().filter(|found| (found.first..found.end).contains(&at));
        let filters = self.filters();
        let meant = |found: &&Found| {
            let days = [set.due_date, set.issue_date, set.paid_on.flatten()];
            let is_set = |day: Option<Date>| day.is_some() && days.contains(&day);
            is_set(found.to) && found.from == found.to
                || set.paid_on.flatten().is_some_and(|day| found.from == Some(day))
                || set.due_date.is_some() && set.due_date == found.to
                || filters.is_some_and(|filters| {
                    (filters.date_from, filters.date_to) == (found.from, found.to)
                })
        };
        within.filter(meant).count() > 0
    }

    fn is_amount(&self, piece: &Piece) -> bool {
        let set = &self.change.set;
        let amounts = [set.gross, set.tax];
        let percent = piece.value.and_then(|rate| rate.checked_div(Decimal::ONE_HUNDRED));
        percent.is_some() && percent == set.tax_rate
            || piece.value.is_some() && amounts.contains(&piece.value)
            || piece.currency().is_some() && (set.gross.is_some() || set.tax.is_some())
    }

    /// A name of whom the invoices are, or of a category that is set.
    fn is_named(&self, piece: &Piece) -> bool {
        // "no" is no part of "Manolo"
        let said = fold(&piece.text);
        let holds = |name: &String| {
            let name = fold(name);
            said.split_whitespace().all(|word| name.split_whitespace().any(|part| part == word))
        };
        let of_filters =
            |filters: &Filters| filters.vendor.iter().chain(&filters.customer).any(holds);
        let is_word = piece.kind == Kind::Word || piece.known.is_some();
        if piece.is_any(&TURNING) {
            return false;
        }
        // "Lidl's invoice 12": the number says which one
        let beside_number = matches!(self.change.target, Target::Number(_))
            && (piece.known.is_some() || piece.is_unknown() && piece.is_capital());
        is_word
            && (beside_number
                || self.filters().is_some_and(of_filters)
                || self.change.set.category.as_ref().is_some_and(holds))
    }

    fn filters(&self) -> Option<&Filters> {
        match &self.change.target {
            Target::Filter(filters) | Target::Latest(filters) => Some(filters),
            _ => None,
        }
    }

    fn says(&self, word: Word) -> bool {
        let set = &self.change.set;
        let becomes = |status: Status| set.status == Some(status);
        let paid = becomes(Status::Paid);
        let unpaid = becomes(Status::Unpaid);
        let narrowed =
            |status: StatusFilter| self.filters().is_some_and(|f| f.status.contains(&status));
        match word {
            Word::Paid | Word::PaidUs | Word::WePaid => paid || narrowed(StatusFilter::Paid),
            Word::Unpaid => {
                unpaid
                    || narrowed(StatusFilter::Unpaid) && self.is_many() && !becomes(Status::Draft)
            }
            // "the payment has arrived", and no date by which it has to
            Word::Received => paid || unpaid,
            Word::Reopen => unpaid,
            Word::Cancel | Word::Cancelled => becomes(Status::Cancelled),
            Word::Draft => becomes(Status::Draft) || narrowed(StatusFilter::Draft),
            Word::Overdue => narrowed(StatusFilter::Overdue),
            Word::Due | Word::DueDate | Word::Postpone => set.due_date.is_some(),
            Word::Category | Word::Under | Word::Spend => set.category.is_some(),
            Word::Note => set.notes.is_some(),
            Word::Dated => set.issue_date.is_some() || paid,
            Word::Vendor => set.vendor.is_some() || self.filters().is_some(),
            // "the customer has paid 12"
            Word::Customer => set.customer.is_some() || paid || self.filters().is_some(),
            Word::Total | Word::Amount | Word::Price => set.gross.is_some(),
            Word::Tax => set.tax.is_some() || set.tax_rate.is_some(),
            Word::CurrencyNoun => set.currency.is_some(),
            Word::Latest | Word::Last => {
                matches!(self.change.target, Target::Latest(_) | Target::Context)
            }
            Word::Today => set.status.is_some(),
            _ => false,
        }
    }

    fn is_many(&self) -> bool {
        matches!(self.change.target, Target::Filter(_))
    }
}
