//! Which invoices a sentence speaks of: period, status, direction, amounts, currency, names.

use super::{
    clash::{Clash, Stretch},
    found::{self, Found},
    period::{self, Calendar, Towards},
    piece::{Parsed, Piece, has},
    token::Kind,
    word::{Role, Word},
};
use domain::{
    dates::shift,
    question::{Against, DateField, Filters, StatusFilter},
};
use jiff::ToSpan;
use ports::model::Sentence;

/// What a sentence binds, and what it leaves unbound.
#[derive(Debug, Clone, Default)]
pub(super) struct Bound {
    pub(super) filters: Filters,
    /// "Top 3", "the five largest".
    pub(super) limit: Option<u32>,
    /// "More than last month": what the figure is held against.
    pub(super) against: Option<Against>,
    /// Which pieces are accounted for by a filter.
    pub(super) used: Vec<bool>,
    /// Words that nothing accounts for.
    pub(super) unbound: Vec<String>,
    /// Whether it says two things that do not go together.
    pub(super) is_unclear: bool,
    /// Where they stand, if both can be pointed at.
    pub(super) clash: Option<Clash>,
    /// Where the limits of amounts stand.
    pub(super) limits: Vec<Stretch>,
    /// Where the days stand.
    pub(super) when: Option<Stretch>,
    /// Whether a word for a kind of expense is the item, as it stands on bills.
    pub(super) is_of_bills: bool,
    /// Whether the item stands behind "how many", or "hoeveel".
    pub(super) is_counted: bool,
    /// Whether what is due next is asked for, and no sum of it.
    pub(super) is_next: bool,
}

impl Bound {
    /// Returns whether every number and name of the sentence has found its place.
    pub(super) fn is_whole(&self, pieces: &[Piece]) -> bool {
        let mut numbers = pieces.iter().zip(&self.used).filter(|(piece, _)| piece.value.is_some());
        !self.is_unclear && self.unbound.is_empty() && numbers.all(|(_, used)| *used)
    }

    /// Returns whether a piece is a part of what a filter says, or stands right beside it.
    pub(super) fn is_beside_used(&self, at: usize) -> bool {
        let near = [at.checked_sub(1), Some(at), at.checked_add(1)];
        near.into_iter().flatten().any(|at| self.used.get(at).copied().unwrap_or(false))
    }
}

/// Returns whether no filter is set.
pub(super) fn is_empty(filters: &Filters) -> bool {
    *filters == Filters::default()
}

/// Binds everything that narrows down invoices.
pub(super) fn bind(parsed: &Parsed, sentence: &Sentence) -> Bound {
    let mut binder = Binder {
        pieces: &parsed.pieces,
        code: parsed.code,
        sentence,
        bound: Bound { used: vec![false; parsed.pieces.len()], ..Bound::default() },
        named: Vec::new(),
        last_place: None,
    };
    binder.number();
    binder.amounts();
    binder.period();
    binder.next_due();
    binder.currency();
    binder.status();
    binder.untaxed();
    binder.limit();
    binder.direction();
    binder.settled();
    binder.names();
    binder.outgoing();
    binder.hold_together();
    binder.bound
}

/// Binds one slot after another.
pub(super) struct Binder<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) code: &'static str,
    pub(super) sentence: &'a Sentence,
    pub(super) bound: Bound,
    /// Where the vendors stand.
    pub(super) named: Vec<(usize, usize)>,
    /// What the last name narrows down, and where it ends.
    pub(super) last_place: Option<(usize, super::parties::Place)>,
}

impl<'a> Binder<'a> {
    pub(super) fn piece(&self, at: usize) -> Option<&'a Piece> {
        self.pieces.get(at)
    }

    pub(super) fn before(&self, at: usize) -> Option<&'a Piece> {
        at.checked_sub(1).and_then(|at| self.pieces.get(at))
    }

    pub(super) fn is_used(&self, at: usize) -> bool {
        self.bound.used.get(at).copied().unwrap_or(true)
    }

    pub(super) fn take(&mut self, from: usize, end: usize) {
        self.bound.used.iter_mut().take(end).skip(from).for_each(|used| *used = true);
    }

    pub(super) fn free(&self) -> impl Iterator<Item = (usize, &'a Piece)> {
        self.pieces.iter().enumerate().filter(|(at, _)| !self.is_used(*at))
    }

    pub(super) fn says(&self, words: &[Word]) -> bool {
        self.free().any(|(_, piece)| piece.is_any(words))
    }

    /// "INV-31", "invoice 31", "number 31", "#31".
    fn number(&mut self) {
        let found = self.pieces.iter().enumerate().find(|(at, piece)| match piece.kind {
            Kind::Code => {
                is_number_code(piece)
                    && !self.is_month(at.saturating_add(1))
                    && !self.is_coded_name(*at)
            }
            Kind::Number => {
                let after = |words: &[Word]| {
                    self.before(*at).is_some_and(|piece| piece.is_any(words))
                        && !self
                            .before(*at)
                            .is_some_and(|piece| piece.is_any(&[Word::Over, Word::Under]))
                };
                let document =
                    after(&[Word::Document]) && piece.value.is_some_and(|v| v.is_integer());
                let year = piece.text.len() == 4 && piece.text.starts_with("20");
                let dated = self.is_period(*at) || self.is_month(at.saturating_add(1));
                let asked = || !year && self.is_asked_whether(*at);
                !dated && (after(&[Word::NumberLabel]) || (document && !year) || asked())
            }
            _ => false,
        });
        if let Some((at, piece)) = found {
            self.bound.filters.number = Some(piece.text.trim_start_matches('#').to_owned());
            self.take(at, at.saturating_add(1));
        }
    }

    /// Returns whether a month or weekday without more is one that is yet to come.
    fn looks_ahead(&self) -> bool {
        let until = has(self.pieces, &[Word::Owe])
            && has(self.pieces, &[Word::Until, Word::Before])
            && !has(self.pieces, &[Word::Since, Word::OweMe]);
        // "how much will I have to pay in December"
        let will = has(self.pieces, &[Word::Owe])
            && self.pieces.iter().any(|piece| piece.is(Word::Later) && !piece.is(Word::When));
        (has(self.pieces, &[Word::Due, Word::Next]) || until || will)
            && !has(self.pieces, &[Word::Overdue])
    }

    /// "Wie viel muss ich im Dezember zahlen": a month that is about to come, and no year beside it.
    fn owes_soon(&self) -> bool {
        let soon = (1..=3).map(|ahead| shift(self.sentence.today, i64::from(ahead).months()));
        let soon: Vec<i8> = soon.map(|day| day.month()).collect();
        let month = |role: &Role| matches!(role, Role::Month(month) if soon.contains(month));
        let mut months = self.pieces.iter().enumerate().filter(|(_, p)| p.roles.iter().any(month));
        let bare = |at: usize| {
            self.piece(at.saturating_add(1)).is_none_or(|next| next.value.is_none())
                && !self.before(at).is_some_and(|step| step.is_any(&[Word::Last, Word::Since]))
        };
        has(self.pieces, &[Word::Owe])
            && !has(self.pieces, &[Word::OweMe, Word::Since])
            && months.any(|(at, _)| bare(at))
    }

    fn period(&mut self) {
        let calendar = Calendar {
            pieces: self.pieces,
            today: self.sentence.today,
            towards: if self.looks_ahead() || self.owes_soon() {
                Towards::Future
            } else {
                Towards::Past
            },
            month_first: period::month_first(&self.sentence.locale),
        };
        let found: Vec<Found> = calendar
            .all()
            .into_iter()
            .filter(|found| (found.first..found.end).all(|at| !self.is_used(at)))
            .filter(|found| !self.is_talk(*found))
            .collect();
        found.iter().for_each(|found| self.take(self.led_over(found.first), found.end));
        let pieces = self.pieces;
        let so_far = |found: &Found| pieces.get(found.first).is_some_and(|p| p.is(Word::SoFar));
        let length = |found: &Found| (!so_far(found), found.end.saturating_sub(found.first));
        let Some(best) =
            found.iter().copied().reduce(|a, b| if length(&b) > length(&a) { b } else { a })
        else {
            return;
        };
        let joined = self.joined(&found);
        let compared = joined.or_else(|| self.compared(&found));
        let best = compared.unwrap_or_else(|| found::narrowest(&found, best));
        // Two stretches of which neither is a part of the other are two questions, or none.
        if self.bound.against.is_none()
            && joined.is_none()
            && let Some(other) =
                found.iter().find(|other| !best.is_within(**other) && !so_far(other))
        {
            self.clash((best.first, best.end), (other.first, other.end));
        }
        self.bound.when = Some((best.first, best.end));
        let (from, mut to) = (best.from, best.to);
        if has(self.pieces, &[Word::SoFar]) && to.is_some_and(|to| to > self.sentence.today) {
            to = Some(self.sentence.today);
        }
        let from = self.date_field(best, from, to);
        let of_issue = self.bound.filters.date_field == DateField::IssueDate;
        let ahead = from.is_some_and(|from| from > self.sentence.today);
        self.bound.is_unclear |= of_issue && (ahead || self.is_edge(best) || self.is_within(best));
        (self.bound.filters.date_from, self.bound.filters.date_to) = (from, to);
    }

    /// "Tax paid", "la TVA que j'ai payée".
    pub(super) fn follows_tax(&self, at: usize) -> bool {
        let small = [Word::Relative, Word::Stop, Word::We, Word::Has];
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let mut before = before.skip_while(|piece| piece.is_any(&small) && !piece.is(Word::Tax));
        before.next().is_some_and(|piece| piece.is(Word::Tax))
    }

    /// "Everything that was paid": nobody says that it was he who paid.
    pub(super) fn is_passive(&self) -> bool {
        let asks = [Word::We, Word::HowMuch, Word::HowMany, Word::Who];
        let mut pairs = self.pieces.windows(2);
        !has(self.pieces, &asks)
            && pairs.any(|pair| {
                matches!(pair, [is, paid] if is.is(Word::Is) && !is.is(Word::Has)
                    && paid.is(Word::Paid) && !paid.is(Word::Unpaid))
            })
    }

    /// "Wurde im Oktober bezahlt", "in oktober betaald": the verb stands behind its time.
    pub(super) fn is_paid_behind(&self, period: Found) -> bool {
        let verb = self
            .piece(period.end)
            .is_some_and(|piece| piece.is(Word::Paid) && !piece.is(Word::Unpaid));
        verb && matches!(self.code, "de" | "nl")
    }

    /// "Now" or "today" as a filler, such as "what do I owe now".
    fn is_talk(&self, found: Found) -> bool {
        let one = found.end.saturating_sub(found.first) == 1;
        // "has not paid until now": whatever was not paid is meant
        let open = has(self.pieces, &[Word::OweMe, Word::Unpaid]);
        one && self.piece(found.first).is_some_and(|piece| {
            piece.is(Word::Stop) && (piece.is(Word::Today) || open && piece.is(Word::SoFar))
        })
    }

    fn currency(&mut self) {
        let found: Vec<(usize, domain::money::Currency)> = self
            .free()
            .filter_map(|(at, piece)| piece.currency().map(|currency| (at, currency)))
            .collect();
        for (at, currency) in found {
            if !self.bound.filters.currency.contains(&currency) {
                self.bound.filters.currency.push(currency);
            }
            self.take(at, at.saturating_add(1));
        }
    }

    fn status(&mut self) {
        let person = has(self.pieces, &[Word::We])
            || has(self.pieces, &[Word::HowMuch, Word::Spend])
                && has(self.pieces, &[Word::HowMuch, Word::Total]);
        let kinds = [
            (Word::Overdue, StatusFilter::Overdue),
            (Word::Unpaid, StatusFilter::Unpaid),
            (Word::Draft, StatusFilter::Draft),
            (Word::Cancelled, StatusFilter::Cancelled),
            (Word::Paid, StatusFilter::Paid),
        ];
        for (word, status) in kinds {
            let Some((at, piece)) = self.free().find(|(_, piece)| piece.is(word)) else { continue };
            let verb = status == StatusFilter::Paid
                && piece.is_any(&[Word::Spend, Word::Income])
                && (person || !has(self.pieces, &[Word::Document]));
            let only = has(self.pieces, &[Word::Only]) && !has(self.pieces, &[Word::HowMuch]);
            let passive = status == StatusFilter::Paid && (self.is_passive() || only);
            // "tax paid" is what was paid for tax
            let verb = verb || status == StatusFilter::Paid && self.follows_tax(at);
            let verb = verb
                && !passive
                && !self.is_relative(at)
                && !self.piece(at.saturating_add(1)).is_some_and(|next| next.is(Word::Document));
            let create = status == StatusFilter::Draft
                && piece.is(Word::Create)
                && !has(self.pieces, &[Word::Document]);
            let number = self.bound.filters.number.is_some();
            if verb || create || number {
                continue;
            }
            self.bound.filters.status.push(status);
            self.take(at, at.saturating_add(1));
            if status == StatusFilter::Overdue {
                break;
            }
        }
        self.collected();
        // what we have still to pay of a tax stands in no invoice
        self.bound.is_unclear |= self.says(&[Word::Tax])
            && has(self.pieces, &[Word::Owe, Word::Unpaid, Word::Due])
            && !has(self.pieces, &[Word::Document]);
        self.oppose();
        let owing = self.says(&[Word::OweMe, Word::Owe])
            || self.bound.filters.date_field == DateField::DueDate
            || self.says(&[Word::Due]);
        if self.bound.filters.status.is_empty() && owing && self.bound.filters.number.is_none() {
            self.bound.filters.status.push(StatusFilter::Unpaid);
        }
    }

    /// "Invoices without tax"; with a sum it asks for the net total instead.
    fn untaxed(&mut self) {
        let sums =
            self.says(&[Word::HowMuch, Word::Total, Word::Average, Word::Spend, Word::Income]);
        if self.says(&[Word::NoTax]) && self.says(&[Word::Document]) && !sums {
            self.bound.filters.tax_max = Some(rust_decimal::Decimal::ZERO);
        }
    }

    fn limit(&mut self) {
        let ranks = [
            Word::Largest,
            Word::Smallest,
            Word::Top,
            Word::Latest,
            Word::Oldest,
            Word::Last,
            Word::Most,
        ];
        // "every first of the month" is a day
        let is_rank = |at: usize, piece: &Piece| {
            let day = piece.roles.iter().any(|role| matches!(role, Role::Ordinal(_)))
                && self.piece(at.saturating_add(1)).is_some_and(|next| next.is(Word::Of));
            piece.is_any(&ranks) && !day
        };
        if !self.free().any(|(at, piece)| is_rank(at, piece)) {
            return;
        }
        // "sabse purane do bill": elsewhere it is the "do" of "kar do"
        let two = |at: usize, piece: &Piece| {
            let hindi = self.code == "hi" && ["do", "दो"].contains(&piece.text.as_str());
            (hindi && self.before(at).is_some_and(|before| before.is_any(&ranks))).then_some(2)
        };
        let found = self.free().find_map(|(at, piece)| {
            let count = two(at, piece).or_else(|| piece.count());
            count.filter(|count| (1..=500).contains(count)).map(|count| (at, count))
        });
        if let Some((at, count)) = found {
            self.bound.limit = Some(count);
            self.take(at, at.saturating_add(1));
        }
    }
}

/// Returns whether a code looks like an invoice number and not like "q2" or "H1".
pub(super) fn is_number_code(piece: &Piece) -> bool {
    let letters = piece.text.chars().filter(|c| c.is_alphabetic()).count();
    let short_period = piece.text.len() == 2 && letters == 1;
    let ordinal = piece.text.chars().next().is_some_and(|c| c.is_ascii_digit()) && letters > 0;
    let named = piece.known.is_some() || piece.is_coded_name() && piece.text.contains(['&', '-']);
    piece.kind == Kind::Code && !short_period && !ordinal && !named && piece.roles.is_empty()
}
