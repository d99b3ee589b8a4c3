//! A change of stored invoices that a sentence asks for: which ones, and what.

use super::{
    change_account, clauses, filing,
    filters::{self, Bound, is_number_code},
    found::Found,
    names::Side,
    period::{self, Calendar, Towards},
    piece::{Parsed, Piece, has, parse_text},
    statement,
    token::Kind,
    unanswered,
    word::{Role, Word},
};
use domain::{
    correction::{Correction, NewValues, Target},
    invoice::{Direction, Status},
    question::{Filters, StatusFilter},
};
use ports::model::Sentence;

/// Returns the change that is asked for; nothing if a part of it is not understood.
pub(super) fn correction(parsed: &Parsed, sentence: &Sentence) -> Option<Correction> {
    alone(parsed, sentence).or_else(|| clauses::correction(parsed, sentence))
}

/// Returns the change that a sentence or a clause asks for by itself.
pub(super) fn alone(parsed: &Parsed, sentence: &Sentence) -> Option<Correction> {
    let found = attempt(parsed, sentence)?;
    if statement::of(sentence).is_some() {
        return Some(found);
    }
    // "mañana pago la factura 61": what is yet to be paid is not paid
    if found.set.paid_on.flatten().is_some_and(|day| day > sentence.today) {
        return None;
    }
    if unanswered::orders_to_pay(parsed) {
        return None;
    }
    let reader = Reader { parsed, pieces: &parsed.pieces, sentence };
    let calendars = [Towards::Past, Towards::Future].map(|towards| reader.calendar(towards));
    change_account::is_whole(parsed, &calendars, &found).then_some(found)
}

/// Returns the change that is most likely asked for, whatever else the sentence says.
pub(super) fn attempt(parsed: &Parsed, sentence: &Sentence) -> Option<Correction> {
    let reader = Reader { parsed, pieces: &parsed.pieces, sentence };
    if let Some(set) = statement::of(sentence) {
        return Some(Correction { target: reader.spoken_of(), set });
    }
    let set = reader.new_values();
    if set.is_empty() {
        return None;
    }
    Some(Correction { target: reader.target(&set), set })
}

/// Returns whether a sentence says of invoices which category they are of.
pub(super) fn states_category(parsed: &Parsed, sentence: &Sentence) -> bool {
    Reader { parsed, pieces: &parsed.pieces, sentence }.states_category()
}

/// Returns the invoice number that a text speaks of, as typed.
pub(super) fn number_in(text: &str, sentence: &Sentence) -> Option<String> {
    let parsed = parse_text(text, sentence);
    Reader { parsed: &parsed, pieces: &parsed.pieces, sentence }
        .numbers(&NewValues::default())
        .into_iter()
        .next()
}

pub(super) struct Reader<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) pieces: &'a [Piece],
    pub(super) sentence: &'a Sentence,
}

impl Reader<'_> {
    pub(super) fn says(&self, words: &[Word]) -> bool {
        has(self.pieces, words)
    }

    pub(super) fn position(&self, words: &[Word]) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.is_any(words))
    }

    pub(super) fn calendar(&self, towards: Towards) -> Calendar<'_> {
        Calendar {
            pieces: self.pieces,
            today: self.sentence.today,
            towards,
            month_first: period::month_first(&self.sentence.locale),
        }
    }

    fn day(&self, towards: Towards) -> Option<domain::dates::Date> {
        self.calendar(towards)
            .all()
            .into_iter()
            .filter(|found| {
                // "hasta el 2 de enero"
                let until = found.from.is_none() && towards == Towards::Future;
                !self.is_target(found.first) && (found.from == found.to || until)
            })
            // "is now due on 12 January": a date that is written out goes before a filler
            .max_by_key(|found| (!self.is_filler(found), std::cmp::Reverse(found.first)))
            .and_then(|found| found.to)
    }

    fn one_day_ahead(&self) -> Option<domain::dates::Date> {
        let found = self.calendar(Towards::Future).all();
        let mut days = found.into_iter().filter(|found| !self.is_target(found.first));
        let day = days.next().filter(|found| found.from == found.to)?;
        day.to.filter(|_| days.next().is_none())
    }

    /// "Now" alone, which is no date of anything.
    pub(super) fn is_filler(&self, found: &Found) -> bool {
        let one = found.end.saturating_sub(found.first) == 1;
        one && self.pieces.get(found.first).is_some_and(|piece| piece.is(Word::Today))
    }

    /// A four-digit number after "invoice" is no year.
    pub(super) fn is_target(&self, at: usize) -> bool {
        let number = self.pieces.get(at).is_some_and(|piece| piece.kind == Kind::Number);
        number
            && at
                .checked_sub(1)
                .and_then(|at| self.pieces.get(at))
                .is_some_and(|piece| piece.is_any(&[Word::Document, Word::NumberLabel]))
    }

    fn new_values(&self) -> NewValues {
        let mut set = NewValues::default();
        let due = self.says(&[Word::DueDate, Word::Due]) && !self.says(&[Word::Overdue]);
        if due && let Some(day) = self.days_ahead().or_else(|| self.day(Towards::Future)) {
            set.due_date = Some(day);
            return set;
        }
        // "Extend invoice 20 to 31 December" says no more than a day
        if self.says(&[Word::Postpone])
            && !self.says(&[Word::Paid, Word::Category])
            && let Some(day) = self.one_day_ahead()
        {
            set.due_date = Some(day);
            return set;
        }
        if let Some(day) = self.dated() {
            set.issue_date = Some(day);
            return set;
        }
        if let Some(category) = self.category() {
            set.category = Some(category);
            return set;
        }
        if let Some(note) = self.note() {
            set.notes = Some(note);
            return set;
        }
        if let Some((field, name)) = self.renamed() {
            let slot = if field == Word::Vendor { &mut set.vendor } else { &mut set.customer };
            *slot = Some(name);
            return set;
        }
        if let Some(rate) = self.tax_rate() {
            set.tax_rate = Some(rate);
            return set;
        }
        if let Some(gross) = self.gross() {
            set.gross = Some(gross);
            return set;
        }
        if let Some(currency) = self.currency() {
            set.currency = Some(currency);
            return set;
        }
        // "paid invoices that are unpaid" asks, if anything
        let opposed = self.says(&[Word::Unpaid]) && self.says(&[Word::Paid]);
        if !opposed {
            self.status(&mut set);
        } else if self.says(&[Word::Mark, Word::Cancel, Word::Reopen, Word::Is]) {
            // "mark the open ones as paid", "the open ones are paid": what it becomes stands last
            // "segna saldate le fatture ancora aperte": or right behind the verb
            let said = |piece: &&Piece| piece.is_any(&[Word::Paid, Word::Unpaid]);
            let led = self.pieces.windows(2).find_map(|pair| match pair {
                [verb, status] if verb.is(Word::Mark) && said(&status) => Some(status),
                _ => None,
            });
            let last = led.or_else(|| self.pieces.iter().rev().find(said));
            if last.is_some_and(|piece| piece.is(Word::Unpaid)) {
                (set.status, set.paid_on) = (Some(Status::Unpaid), Some(None));
            } else {
                self.status(&mut set);
            }
        }
        set
    }

    fn status(&self, set: &mut NewValues) {
        if self.says(&[Word::Cancel]) && !self.says(&[Word::Reopen, Word::Paid]) {
            set.status = Some(Status::Cancelled);
        } else if self.says(&[Word::Reopen])
            || self.says(&[Word::Unpaid]) && !self.says(&[Word::Paid])
        {
            set.status = Some(Status::Unpaid);
            set.paid_on = Some(None);
        } else if self.says(&[Word::Paid, Word::PaidUs, Word::WePaid]) {
            set.status = Some(Status::Paid);
            set.paid_on = Some(Some(self.day_of_payment().unwrap_or(self.sentence.today)));
        } else if self.says(&[Word::Cancel, Word::Cancelled]) {
            set.status = Some(Status::Cancelled);
        } else if self.says(&[Word::Draft]) {
            set.status = Some(Status::Draft);
        }
    }

    /// "Put invoice 410 under Marketing", "category of 12 is travel".
    fn category(&self) -> Option<String> {
        let at = self.position(&[Word::Category]);
        let settled =
            self.says(&[Word::Paid, Word::Unpaid, Word::Cancel, Word::Reopen, Word::PaidUs]);
        let kind = |piece: &Piece| {
            piece.roles.iter().find_map(|role| match role {
                Role::Category(name) => Some((*name).to_owned()),
                _ => None,
            })
        };
        // "from travel to software"
        let old = filing::old_category(self.pieces);
        let pieces = self.pieces.iter().enumerate().filter(|(at, _)| Some(*at) != old);
        let named = pieces.map(|(_, piece)| piece).find_map(kind);
        let mut stored = self.pieces.iter().enumerate().filter(|(at, _)| Some(*at) != old);
        let stored = stored
            .by_ref()
            .filter_map(|(_, piece)| piece.known.as_ref())
            .find(|known| known.side == Side::Category)
            .map(|known| known.name.clone());
        let tail = || {
            let last = self.pieces.iter().rev().find(|piece| piece.kind == Kind::Word)?;
            (at.is_some() && last.is_unknown()).then(|| filing::capitalised(&last.text))
        };
        // "book me a hotel in Rome" files no invoice
        let papers = [Word::Document, Word::All, Word::NumberLabel, Word::It];
        // "make the Lidl one groceries"
        let one = self.pieces.windows(2).any(|pair| {
            matches!(pair, [name, one] if name.known.is_some() && ["one", "ones"].contains(&one.folded.as_str()))
        });
        let numbered =
            self.pieces.iter().any(|piece| matches!(piece.kind, Kind::Number | Kind::Code));
        let settled = settled && !self.states_category();
        if (settled || !numbered && !one && !self.says(&papers)) && at.is_none() {
            return None;
        }
        let ordered = at.is_some() || self.says(&[Word::Mark]) || self.states_category();
        ordered.then(|| stored.or(named).or_else(tail)).flatten()
    }

    fn target(&self, set: &NewValues) -> Target {
        let mut numbers = self.numbers(set);
        if numbers.len() > 1 {
            return Target::Numbers(numbers);
        }
        if let Some(number) = numbers.pop() {
            return Target::Number(number);
        }
        let bound = filters::bind(self.parsed, self.sentence);
        let all =
            self.says(&[Word::All]) || (self.says(&[Word::Overdue, Word::Unpaid]) && self.plural());
        // "the invoices of Bob are paid", "I paid the bills from Uber": all of them
        let paid = self.says(&[Word::Is]) && self.says(&[Word::Paid])
            || self.says(&[Word::WePaid, Word::PaidUs]);
        let all = all || self.plural() && paid || self.renames_somebody(set);
        // "mark them all as paid": those on screen, and not all there are
        let on_screen = self.says(&[Word::OfThem]) && !self.says(&[Word::Document]);
        if let Some(found) = self.found_by(&bound, set, all && !on_screen) {
            return found;
        }
        if self.says(&[Word::OfThem]) || self.means_several() {
            self.shown(set)
        } else {
            self.spoken_of()
        }
    }

    /// The invoice that was just spoken of, if any was.
    fn spoken_of(&self) -> Target {
        let spoken = self.sentence.context.iter().any(|exchange| {
            let parsed = parse_text(&exchange.user, self.sentence);
            has(&parsed.pieces, &[Word::Document]) || parsed.pieces.iter().any(is_number_code)
        }) || self.sentence.context.iter().any(|exchange| !exchange.reply.is_empty());
        if spoken { Target::Context } else { Target::Unsaid }
    }

    fn plural(&self) -> bool {
        let code = self.parsed.code;
        self.pieces.iter().any(|piece| {
            piece.is(Word::Document)
                && (piece.is_plural(code)
                    || piece.folded.ends_with('s')
                    || piece.folded.ends_with("en"))
        })
    }

    /// Returns whether words stand where a name does; "the other one" is none.
    fn may_be_name(&self, words: &str) -> bool {
        let first = words.split(' ').next().unwrap_or_default();
        let at = self.pieces.iter().position(|piece| piece.text == first).unwrap_or_default();
        let is = |at: Option<usize>, words: &[Word]| {
            at.and_then(|at| self.pieces.get(at)).is_some_and(|piece| piece.is_any(words))
        };
        let end = at.saturating_add(words.split(' ').count());
        let verbs = [Word::Document, Word::Paid, Word::PaidUs, Word::Has];
        words.chars().next().is_some_and(char::is_uppercase)
            || self.pieces.get(at).is_some_and(Piece::is_coded_name)
            || is(Some(end), &verbs)
            || is(at.checked_sub(1), &[Word::From, Word::To, Word::Document])
    }

    fn found_by(&self, bound: &Bound, set: &NewValues, all: bool) -> Option<Target> {
        let found = &bound.filters;
        let paid_us = self.pieces.iter().position(|piece| piece.is(Word::PaidUs));
        let mut names: Vec<String> = found.vendor.clone();
        let others = found.item.iter().chain(&bound.unbound);
        names.extend(others.filter(|name| self.may_be_name(name)).cloned());
        names.retain(|name| {
            set.category.as_ref() != Some(name) && self.is_beside_new_name(name, set)
        });
        let is_vendor = |name: &String| {
            let mut stored = self.pieces.iter().filter_map(|piece| piece.known.as_ref());
            stored.any(|known| known.side == Side::Vendor && known.name == *name)
        };
        // "make the Lidl one groceries": whoever sells is no customer, whatever the verb
        let (sellers, buyers): (Vec<_>, Vec<_>) =
            found.customer.iter().cloned().partition(|name| is_vendor(name));
        names.extend(sellers);
        let sold = names.iter().any(is_vendor);
        let mut filters = Filters { customer: buyers, ..Filters::default() };
        let from_customer = paid_us.is_some() && !self.says(&[Word::WePaid])
            || paid_us.is_some() && !self.says(&[Word::Document]);
        // "cancel the last invoice for Orchard School"
        let to_customer = found.vendor.iter().any(|name| self.is_for(name));
        if filters.customer.is_empty() && !sold && (from_customer || to_customer) {
            filters.customer = names
        } else {
            filters.vendor = names
        }
        let closing = set.status == Some(Status::Paid);
        if closing {
            filters.status = vec![StatusFilter::Unpaid];
        }
        // "I paid Bob", who was only ever sent invoices: these are not what was paid to him
        let by_us = self.pieces.iter().any(|piece| piece.is(Word::WePaid) && !piece.is(Word::Paid));
        if closing && by_us && paid_us.is_none() && filters.vendor.is_empty() {
            filters.direction = Some(Direction::Received).filter(|_| !filters.customer.is_empty());
        }
        let named = !filters.vendor.is_empty() || !filters.customer.is_empty();
        if all {
            if set.due_date.is_none() && !(closing && found.date_from == found.date_to) {
                (filters.date_from, filters.date_to) = (found.date_from, found.date_to);
            }
            if found.status.contains(&StatusFilter::Overdue) {
                filters.status = vec![StatusFilter::Overdue];
            } else if set.status == Some(Status::Cancelled) {
                // The new status is not one that the invoices have already.
                filters.status.clone_from(&found.status);
                filters.status.retain(|status| *status != StatusFilter::Cancelled);
            } else if set.status == Some(Status::Unpaid) && self.says(&[Word::Paid]) {
                filters.status = vec![StatusFilter::Paid];
            } else if set.category.is_some() {
                filters.status.clone_from(&found.status);
            }
            // "delete all invoices" are all there are, and not the one just spoken of
            let every = self.says(&[Word::All]) && self.plural();
            let narrowed = !filters::is_empty(&filters);
            // of one amount or currency for all there are, it is asked which ones
            if every && !narrowed && set.touches_amounts() {
                return Some(Target::Unsaid);
            }
            return (every || narrowed).then_some(Target::Filter(filters));
        }
        let latest =
            self.says(&[Word::Latest]) && self.says(&[Word::Document]) && !self.says(&[Word::It]);
        (named || latest).then_some(Target::Latest(filters))
    }
}
