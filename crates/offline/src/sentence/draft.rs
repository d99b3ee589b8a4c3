//! An invoice that a sentence asks for: customer, items, tax, discount, dates, number.
//!
//! Terms such as tax and due date are taken out first; what is left is a customer and items.

use super::{
    items,
    period::{self, Calendar, Towards},
    piece::{Parsed, Piece, parse},
    token::Kind,
    word::{Role, Word},
};
use domain::{
    dates::due_in,
    draft::{Discount, Draft, DraftTax},
    money::{Currency, Rate},
};
use ports::model::Sentence;
use rust_decimal::Decimal;

/// Returns the invoice that is asked for; fields that are not said stay missing.
pub(super) fn draft(sentence: &Sentence) -> Option<Draft> {
    let parsed = parse(sentence);
    let mut maker = Maker::new(&parsed, sentence);
    maker.terms();
    maker.party();
    maker.lines();
    let draft = maker.draft;
    let empty = draft.customer.is_none() && draft.items.is_empty();
    let named = super::piece::has(&parsed.pieces, &[Word::Document, Word::Bill, Word::Create]);
    (!empty || named).then_some(draft)
}

pub(super) struct Maker<'a> {
    pub(super) plain: &'a str,
    pub(super) pieces: &'a [Piece],
    pub(super) sentence: &'a Sentence,
    pub(super) used: Vec<bool>,
    pub(super) draft: Draft,
}

impl<'a> Maker<'a> {
    fn new(parsed: &'a Parsed, sentence: &'a Sentence) -> Self {
        Self {
            plain: &parsed.plain,
            pieces: &parsed.pieces,
            sentence,
            used: vec![false; parsed.pieces.len()],
            draft: Draft::empty(sentence.currency, sentence.today),
        }
    }

    pub(super) fn piece(&self, at: usize) -> Option<&'a Piece> {
        self.pieces.get(at)
    }

    pub(super) fn is(&self, at: usize, words: &[Word]) -> bool {
        self.piece(at).is_some_and(|piece| piece.is_any(words))
    }

    pub(super) fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(true)
    }

    pub(super) fn take(&mut self, from: usize, end: usize) {
        self.used.iter_mut().take(end).skip(from).for_each(|used| *used = true);
    }

    fn terms(&mut self) {
        self.email();
        self.note();
        self.number();
        self.due();
        self.percentages();
        self.tax_words();
        self.currency();
        self.issue_date();
    }

    fn email(&mut self) {
        let Some(at) = self.pieces.iter().position(|piece| piece.kind == Kind::Email) else {
            return;
        };
        self.draft.customer_email = self.piece(at).map(|piece| piece.text.to_lowercase());
        let led = at.checked_sub(1).filter(|before| {
            self.is(*before, &[Word::Email])
                || self.piece(*before).is_some_and(|p| p.is_mark("(<:"))
        });
        self.take(led.unwrap_or(at), at.saturating_add(1));
    }

    /// Everything after "note:" is the note.
    fn note(&mut self) {
        let found = (0..self.pieces.len()).find(|at| {
            self.is(*at, &[Word::Note])
                && self.piece(at.saturating_add(1)).is_some_and(|piece| piece.is_mark(":\"'"))
        });
        let Some(at) = found else { return };
        let text = self.piece(at.saturating_add(2)).and_then(|piece| self.plain.get(piece.start..));
        self.draft.notes = text
            .map(|text| text.trim_matches(['"', ' ']).to_owned())
            .filter(|text| !text.is_empty());
        self.take(at, self.pieces.len());
    }

    /// "Invoice no. 778", "#778", "invoice INV-5 for".
    fn number(&mut self) {
        for at in 0..self.pieces.len() {
            let Some(piece) = self.piece(at) else { continue };
            let mark = at
                .checked_sub(1)
                .filter(|before| self.piece(*before).is_some_and(|piece| piece.is_mark(".:#")));
            let lead = mark.unwrap_or(at).checked_sub(1);
            let labelled = lead.is_some_and(|lead| {
                self.is(lead, &[Word::NumberWord])
                    || (piece.kind == Kind::Code && self.is(lead, &[Word::Document, Word::Bill]))
            });
            let sharp = piece.text.starts_with('#') && piece.text.len() > 1;
            if (labelled || sharp)
                && matches!(piece.kind, Kind::Number | Kind::Code)
                && !self.is_used(at)
            {
                self.draft.number = Some(piece.text.trim_start_matches('#').to_owned());
                self.take(
                    lead.filter(|lead| self.is(*lead, &[Word::NumberWord])).unwrap_or(at),
                    at.saturating_add(1),
                );
                return;
            }
        }
    }

    fn calendar(&self) -> Calendar<'a> {
        Calendar {
            pieces: self.pieces,
            today: self.sentence.today,
            towards: Towards::Future,
            month_first: period::month_first(&self.sentence.locale),
        }
    }

    /// "Due in 10 days", "due 1 October", "payable within two weeks", "net 30".
    fn due(&mut self) {
        for at in 0..self.pieces.len() {
            if !self.is(at, &[Word::Due, Word::DueDate, Word::Net]) || self.is_used(at) {
                continue;
            }
            let small = |at: &usize| {
                self.is(
                    *at,
                    &[
                        Word::Stop,
                        Word::Until,
                        Word::Is,
                        Word::To,
                        Word::For,
                        Word::At,
                        Word::Of,
                        Word::Since,
                        Word::From,
                        Word::After,
                        Word::Next,
                    ],
                ) || self.piece(*at).is_some_and(|piece| piece.is_mark(":"))
            };
            let next = at.saturating_add(1);
            let start = (next..next.saturating_add(4)).find(|at| !small(at)).unwrap_or(next);
            let begin = (next..=start)
                .rev()
                .find(|at| self.calendar().atom(*at).is_some() && self.unit_count(*at).is_none());
            if let Some((period, end)) = begin.and_then(|at| self.calendar().atom(at))
                && !self.is(at, &[Word::Net])
            {
                self.draft.due_date = Some(period.to);
                self.take(at, end);
            } else if let Some((days, end)) = self.unit_count(start) {
                self.draft.due_date = Some(due_in(self.sentence.today, days));
                self.take(at, end);
            } else if self.is(at, &[Word::Net])
                && let Some(days) = self.piece(next).and_then(Piece::count)
                && self.piece(next.saturating_add(1)).is_none_or(|piece| piece.currency().is_none())
            {
                self.draft.due_date =
                    u16::try_from(days).ok().map(|days| due_in(self.sentence.today, days));
                self.take(at, next.saturating_add(1));
            }
        }
        self.days_then_due();
    }

    /// "10 days to pay", "30 Tage Zahlungsziel": the number stands first.
    fn days_then_due(&mut self) {
        if self.draft.due_date.is_some() {
            return;
        }
        for at in 0..self.pieces.len() {
            if let Some((days, end)) = self.unit_count(at)
                && !self.is_used(at)
                && (end..end.saturating_add(2)).any(|at| self.is(at, &[Word::Due, Word::DueDate]))
            {
                self.draft.due_date = Some(due_in(self.sentence.today, days));
                self.take(at, end.saturating_add(2));
                return;
            }
        }
    }

    fn unit_count(&self, at: usize) -> Option<(u16, usize)> {
        let count = u16::try_from(self.piece(at)?.count()?).ok()?;
        let factor =
            self.piece(at.saturating_add(1))?.roles.iter().find_map(|role| match role {
                Role::Unit(domain::dates::Unit::Day) => Some(1),
                Role::Unit(domain::dates::Unit::Week) => Some(7),
                Role::Unit(domain::dates::Unit::Month) => Some(30),
                _ => None,
            })?;
        Some((count.checked_mul(factor)?, at.saturating_add(2)))
    }

    /// Every percentage is a tax or a discount, by the words around it.
    fn percentages(&mut self) {
        for at in 0..self.pieces.len() {
            let Some(value) = self.piece(at).and_then(|piece| piece.value) else { continue };
            let sign = at.saturating_add(1);
            if !self.piece(sign).is_some_and(|piece| {
                piece.is_mark("%")
                    || ["percent", "prozent", "procent", "por", "pour"]
                        .contains(&piece.folded.as_str())
            }) || self.is_used(at)
            {
                continue;
            }
            let (first, last) = self.around(
                at,
                sign.saturating_add(1),
                &[
                    Word::Discount,
                    Word::Tax,
                    Word::NoTax,
                    Word::Included,
                    Word::Excluded,
                    Word::Price,
                    Word::Net,
                ],
            );
            let says = |words: &[Word]| (first..last).any(|at| self.is(at, words));
            let rate = Rate::from_percent(value);
            if says(&[Word::Discount]) && !says(&[Word::Tax]) {
                self.draft.discount = Some(Discount::Rate(rate));
            } else {
                let inclusive = says(&[Word::Included]) && !says(&[Word::NoTax]);
                self.draft.tax = Some(DraftTax::Rate { rate, inclusive });
            }
            self.take(first, last);
        }
    }

    /// Returns the stretch of such words on both sides of a place.
    fn around(&self, at: usize, end: usize, words: &[Word]) -> (usize, usize) {
        let small = |at: usize| {
            self.is(
                at,
                &[
                    Word::Stop,
                    Word::Of,
                    Word::Is,
                    Word::And,
                    Word::At,
                    Word::To,
                    Word::From,
                    Word::For,
                ],
            ) && self.piece(at).is_some_and(|p| p.value.is_none())
                || self.piece(at).is_some_and(|piece| piece.is_mark(":+(."))
        };
        let (mut first, mut last) = (at, end);
        let mut look = at;
        while let Some(before) = look
            .checked_sub(1)
            .filter(|before| !self.is_used(*before) && (self.is(*before, words) || small(*before)))
        {
            look = before;
            if self.is(before, words) {
                first = before;
            }
        }
        let mut look = end;
        while !self.is_used(look)
            && (self.is(look, words)
                || small(look)
                || self.piece(look).is_some_and(|piece| piece.is_mark(")")))
        {
            look = look.saturating_add(1);
            if self.is(look.saturating_sub(1), words)
                || self.piece(look.saturating_sub(1)).is_some_and(|piece| piece.is_mark(")"))
            {
                last = look;
            }
        }
        (first, last)
    }

    /// "No tax", "VAT 20", "tax 15 €", "discount 20 €".
    fn tax_words(&mut self) {
        for at in 0..self.pieces.len() {
            if self.is_used(at) {
                continue;
            }
            if self.is(at, &[Word::NoTax]) && self.draft.tax.is_none() {
                self.draft.tax =
                    Some(DraftTax::Rate { rate: Rate(Decimal::ZERO), inclusive: false });
                self.take(at, at.saturating_add(1));
                continue;
            }
            let (tax, discount) = (self.is(at, &[Word::Tax]), self.is(at, &[Word::Discount]));
            if !tax && !discount {
                continue;
            }
            let near = [
                at.checked_sub(1),
                at.checked_sub(2),
                Some(at.saturating_add(1)),
                Some(at.saturating_add(2)),
                Some(at.saturating_add(3)),
            ];
            let money = near.into_iter().flatten().find(|near| {
                let beside = near.checked_sub(1).into_iter().chain([near.saturating_add(1)]);
                !self.is_used(*near)
                    && self.piece(*near).is_some_and(|piece| piece.value.is_some())
                    && beside.into_iter().any(|beside| {
                        self.piece(beside).is_some_and(|piece| piece.currency().is_some())
                    })
                    && (tax && *near > at || discount)
            });
            let Some(money) = money else { continue };
            let value = self.piece(money).and_then(|piece| piece.value).unwrap_or_default();
            if tax {
                self.draft.tax = Some(DraftTax::Amount(value))
            } else {
                self.draft.discount = Some(Discount::Amount(value))
            }
            let first = money.min(at);
            let signed = |at: usize| self.piece(at).is_some_and(|piece| piece.currency().is_some());
            let first = if first.checked_sub(1).is_some_and(signed) {
                first.saturating_sub(1)
            } else {
                first
            };
            let last = money.max(at).saturating_add(1);
            let last = if signed(last) { last.saturating_add(1) } else { last };
            self.take(first, last);
        }
    }

    fn currency(&mut self) {
        let found = (0..self.pieces.len()).find_map(|at| self.money_word(at));
        self.draft.currency = found.unwrap_or(self.draft.currency);
    }

    /// Returns the currency of a sign, or of a word beside a number; "Real" alone may be a name.
    pub(super) fn money_word(&self, at: usize) -> Option<Currency> {
        let currency = self.piece(at)?.currency()?;
        let beside = at.checked_sub(1).into_iter().chain([at.saturating_add(1)]);
        let counted = beside
            .into_iter()
            .any(|beside| self.piece(beside).is_some_and(|piece| piece.decimal().is_some()));
        let sign = self.piece(at).is_some_and(|piece| piece.kind == Kind::Sign);
        (sign || counted).then_some(currency)
    }

    /// A day that is left over when the due date is gone, such as "dated 1 September".
    fn issue_date(&mut self) {
        let calendar = Calendar { towards: Towards::Past, ..self.calendar() };
        for found in calendar.all() {
            let free = (found.first..found.end).all(|at| !self.is_used(at));
            let day = found.from.filter(|_| found.from == found.to);
            let firm = self.piece(found.first).is_some_and(|piece| {
                piece.kind == Kind::Date
                    || piece.is_any(&[Word::Yesterday, Word::Today, Word::Tomorrow])
            }) || found.end.saturating_sub(found.first) > 1;
            if let Some(day) = day.filter(|_| free && firm) {
                self.draft.issue_date = day;
                self.take(found.first, found.end);
                return;
            }
        }
    }

    /// The customer stands before a postposition, after a preposition, or after the verb.
    fn party(&mut self) {
        let after_verb = self.after_verb();
        let found = self.before_postposition().or_else(|| self.after_preposition()).or(after_verb);
        let Some((first, end, taken_from)) = found else { return self.after_prefix() };
        let name = self.text(first, end);
        self.draft.customer = Some(name).filter(|name| !name.is_empty());
        self.take(taken_from, end);
    }

    /// In Arabic, "for" is the first letter of the customer's name.
    fn after_prefix(&mut self) {
        let found = (0..self.pieces.len()).find(|at| {
            let prefixed = self
                .piece(*at)
                .is_some_and(|piece| piece.is_unknown() && piece.text.starts_with('ل'));
            prefixed && at.checked_sub(1).is_some_and(|before| self.is(before, &[Word::Document]))
        });
        let Some(first) = found else { return };
        let end = self.name_end(first);
        let name = self.text(first, end);
        self.draft.customer = Some(name.trim_start_matches('ل').to_owned());
        self.take(first, end);
    }

    pub(super) fn text(&self, first: usize, end: usize) -> String {
        let pieces = self.pieces.get(first..end).unwrap_or_default();
        let (Some(one), Some(last)) = (pieces.first(), pieces.last()) else { return String::new() };
        let text = self.plain.get(one.start..last.end).unwrap_or_default();
        text.trim().trim_matches(['"', ',', ':', '\'']).trim().to_owned()
    }

    fn before_postposition(&self) -> Option<(usize, usize, usize)> {
        let at = (0..self.pieces.len()).find(|at| self.is(*at, &[Word::NamedBefore]))?;
        let first = (0..at).find(|at| {
            !self.is(*at, &[Word::Hello, Word::Please, Word::Create]) && !self.is_used(*at)
        })?;
        (first < at).then_some((first, at, first))
    }

    /// Returns name start, name end, and where the preposition stands.
    fn after_preposition(&self) -> Option<(usize, usize, usize)> {
        let leads: Vec<usize> = (0..self.pieces.len())
            .filter(|at| {
                self.is(*at, &[Word::For, Word::To]) && !self.is_used(*at) && self.before_items(*at)
            })
            .collect();
        let name = |at: usize| {
            let first = at.saturating_add(1);
            let first = if self.is(first, &[Word::Stop, Word::Customer])
                && self.piece(first).is_some_and(|piece| !piece.is_capital())
            {
                first.saturating_add(1)
            } else {
                first
            };
            let end = self.name_end(first);
            (end > first).then_some((first, end, at))
        };
        let named = |found: &(usize, usize, usize)| {
            self.piece(found.0).is_some_and(|piece| {
                piece.is_capital() || piece.known.is_some() || piece.is_unknown()
            })
        };
        let found: Vec<(usize, usize, usize)> =
            leads.into_iter().filter_map(name).filter(named).collect();
        let proper = |found: &&(usize, usize, usize)| {
            self.piece(found.0).is_some_and(|piece| piece.is_capital() || piece.known.is_some())
        };
        found
            .iter()
            .find(proper)
            .or_else(|| found.first().filter(|found| !self.priced(found.1)))
            .copied()
    }

    /// A preposition right before a price says what it is for; a verb's own name comes first.
    fn before_items(&self, at: usize) -> bool {
        let verb_named = self.after_verb().is_some_and(|(_, end, _)| end <= at);
        !verb_named
            && !self
                .piece(at.saturating_add(1))
                .is_some_and(|piece| piece.value.is_some() || piece.currency().is_some())
    }

    fn priced(&self, at: usize) -> bool {
        self.piece(at).is_some_and(|piece| piece.currency().is_some() || piece.value.is_some())
    }

    /// "Bill Anna for", "invoice Bob 3 hours", "create invoice city library 200 bookmarks".
    fn after_verb(&self) -> Option<(usize, usize, usize)> {
        let talk = [Word::Hello, Word::Please, Word::Create, Word::Stop, Word::We, Word::Me];
        let mut at = 0;
        while (self.is(at, &talk) && !self.is(at, &[Word::Bill, Word::Document]))
            || self.piece(at).is_some_and(|piece| piece.is_mark(".,!"))
        {
            at = at.saturating_add(1);
        }
        if !self.is(at, &[Word::Bill, Word::Document]) {
            return None;
        }
        let mut first = at.saturating_add(1);
        while self.is_used(first) && first < self.pieces.len()
            || self.piece(first).is_some_and(|piece| piece.is_mark(":"))
        {
            first = first.saturating_add(1);
        }
        if self.is(first, &[Word::For, Word::To]) {
            return None;
        }
        let end = self.name_end(first);
        (end > first).then_some((first, end, first))
    }

    /// A name ends at a number, a price, punctuation, or a preposition that begins something else.
    fn name_end(&self, first: usize) -> usize {
        let mut at = first;
        while let Some(piece) = self.piece(at) {
            let abbreviated = piece.is_mark(".")
                && at > first
                && self.piece(at.saturating_sub(1)).is_some_and(|before| {
                    before.end == piece.start && before.text.chars().count() <= 4
                });
            let joins = piece.is_mark("&.-'")
                && self.piece(at.saturating_add(1)).is_some_and(Piece::is_capital)
                || abbreviated;
            let breaks = piece.kind == Kind::Mark && !joins;
            let preposition = [
                Word::For,
                Word::To,
                Word::At,
                Word::From,
                Word::Due,
                Word::NumberWord,
                Word::Each,
            ];
            let inside = self.piece(at.saturating_add(1)).is_some_and(Piece::is_capital)
                && piece.is_any(&[Word::Of, Word::Stop, Word::From])
                && !piece.is_any(&[Word::For]);
            let splits = at > first && piece.is_any(&preposition) && !piece.is_capital() && !inside;
            let price = self.money_word(at).is_some() || piece.value.is_some();
            let number_word = at > first
                && !piece.is_capital()
                && piece.count().is_some()
                && !piece.is(Word::Stop);
            if breaks || splits || price || number_word || self.is_used(at) {
                break;
            }
            at = at.saturating_add(1);
        }
        while at > first
            && self.piece(at.saturating_sub(1)).is_some_and(|piece| {
                !piece.is_capital()
                    && piece.is_any(&[Word::Stop, Word::And, Word::Please, Word::Of])
            })
        {
            at = at.saturating_sub(1);
        }
        at
    }

    fn lines(&mut self) {
        self.draft.items = items::read(self);
    }
}
