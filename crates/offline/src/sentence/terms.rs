//! The terms of an invoice in a sentence: number, dates, tax, discount, currency, note, address.

use super::{
    draft::Maker,
    period::{self, Calendar, Towards},
    piece::Piece,
    token::Kind,
    word::{Role, Word},
};
use domain::{
    dates::{due_in, shift},
    draft::{Discount, DraftTax},
    money::{Currency, Rate},
};
use jiff::ToSpan;
use rust_decimal::Decimal;

impl<'a> Maker<'a> {
    pub(super) fn terms(&mut self) {
        self.email();
        self.note();
        self.number();
        self.due();
        self.priced_with_tax();
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
                .filter(|before| self.piece(*before).is_some_and(|piece| piece.is_mark(".:#°º")));
            let lead = mark.unwrap_or(at).checked_sub(1);
            let labelled = lead.is_some_and(|lead| {
                self.is(lead, &[Word::NumberLabel])
                    || (piece.kind == Kind::Code && self.is(lead, &[Word::Document, Word::Bill]))
            });
            let sharp = piece.text.starts_with('#') && piece.text.len() > 1;
            if (labelled || sharp)
                && matches!(piece.kind, Kind::Number | Kind::Code)
                && !self.is_used(at)
            {
                self.draft.number = Some(piece.text.trim_start_matches('#').to_owned());
                self.take(
                    lead.filter(|lead| self.is(*lead, &[Word::NumberLabel])).unwrap_or(at),
                    at.saturating_add(1),
                );
                return;
            }
        }
    }

    pub(super) fn calendar(&self, towards: Towards) -> Calendar<'a> {
        Calendar {
            pieces: self.pieces,
            today: self.sentence.today,
            towards,
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
            let begin = (next..=start).rev().find(|at| {
                self.calendar(Towards::Future).atom(*at).is_some() && self.unit_count(*at).is_none()
            });
            if let Some((period, end)) =
                begin.and_then(|at| self.calendar(Towards::Future).atom(at))
                && !self.is(at, &[Word::Net])
            {
                self.draft.due_date = Some(period.to);
                self.take(at, end);
            } else if let Some((days, end)) = self.unit_count(start) {
                self.draft.due_date = Some(due_in(self.sentence.today, days));
                self.take(at, end);
            } else if self.is(at, &[Word::Net])
                && !self.is(at, &[Word::NoTax])
                && let Some(days) =
                    self.piece(next).and_then(Piece::count).filter(|days| *days <= 120)
                && self.piece(next.saturating_add(1)).is_none_or(|piece| piece.currency().is_none())
            {
                self.draft.due_date =
                    u16::try_from(days).ok().map(|days| due_in(self.sentence.today, days));
                self.take(at, next.saturating_add(1));
            }
        }
        self.days_then_due();
        self.days_alone();
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

    /// "…, a 14 días, …": a stretch of its own that only says how long.
    fn days_alone(&mut self) {
        if self.draft.due_date.is_some() {
            return;
        }
        let ends = |at: usize| self.piece(at).is_none_or(|piece| piece.is_mark(",;.\n"));
        let small = [Word::At, Word::To, Word::For, Word::Until, Word::Stop, Word::Due];
        for at in 0..self.pieces.len() {
            let Some((days, end)) = self.unit_count(at).filter(|(_, end)| ends(*end)) else {
                continue;
            };
            let mut first = at;
            while let Some(before) = first.checked_sub(1).filter(|at| self.is(*at, &small)) {
                first = before;
            }
            let begins = first < at && first.checked_sub(1).is_some_and(ends);
            if begins && (first..end).all(|at| !self.is_used(at)) {
                self.draft.due_date = Some(due_in(self.sentence.today, days));
                self.take(first, end);
                return;
            }
        }
    }

    fn unit_count(&self, at: usize) -> Option<(u16, usize)> {
        let count = u16::try_from(self.piece(at)?.count()?).ok()?;
        if self.is(at.saturating_add(1), &[Word::EndOf]) {
            return None;
        }
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
            // "10 por ciento", "20 pour cent"
            let hundred = self
                .piece(sign.saturating_add(1))
                .is_some_and(|piece| ["cent", "ciento", "cento"].contains(&piece.folded.as_str()));
            if !self.piece(sign).is_some_and(|piece| {
                piece.is_mark("%")
                    || ["percent", "prozent", "procent"].contains(&piece.folded.as_str())
                    || hundred && ["por", "pour", "per"].contains(&piece.folded.as_str())
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
            // "50 % upfront" is neither
            let told =
                [Word::Discount, Word::Tax, Word::NoTax, Word::Included, Word::Excluded, Word::Net];
            let (is_told, off) = (says(&told), says(&[Word::Discount]) && !says(&[Word::Tax]));
            let inclusive = (self.is_gross || says(&[Word::Included])) && !says(&[Word::NoTax]);
            self.is_whole &= is_told;
            if off {
                self.draft.discount = Some(Discount::Rate(rate));
            } else {
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
                // "IVA exento": the noun stands before
                let noun = at.checked_sub(1).filter(|at| self.is(*at, &[Word::Tax]));
                self.take(noun.unwrap_or(at), at.saturating_add(1));
                continue;
            }
            if self.bare_rate(at) {
                continue;
            }
            let (tax, discount) = (self.is(at, &[Word::Tax]), self.is(at, &[Word::Discount]));
            if !tax && !discount {
                continue;
            }
            // "minus $100" looks ahead, "100 euros discount" back
            let leads = self.is(at, &[Word::Except]);
            let near = [
                at.checked_sub(1).filter(|_| !leads),
                at.checked_sub(2).filter(|_| !leads),
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
            // "less 50 off": the same thing said twice
            let again = |at: usize| self.is(at, &[if tax { Word::Tax } else { Word::Discount }]);
            let first = first.checked_sub(1).filter(|at| again(*at)).unwrap_or(first);
            let last = if again(last) { last.saturating_add(1) } else { last };
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

    /// A day that is left over when the due date is gone, such as "dated 1 September". One that is
    /// yet to come is not guessed at: it could be when to pay.
    fn issue_date(&mut self) {
        let calendar = self.calendar(Towards::Past);
        for found in calendar.all() {
            let free = (found.first..found.end).all(|at| !self.is_used(at));
            let day = found.from.filter(|_| found.from == found.to);
            let firm = self.piece(found.first).is_some_and(|piece| {
                piece.kind == Kind::Date
                    || piece.is_any(&[Word::Yesterday, Word::Today, Word::Tomorrow])
            }) || found.end.saturating_sub(found.first) > 1;
            let Some(day) = day.filter(|_| free && firm) else { continue };
            let label = (found.first.saturating_sub(3)..found.first)
                .find(|at| self.is(*at, &[Word::Dated]) && !self.is_used(*at));
            let year = calendar.pieces.get(found.first..found.end).unwrap_or_default();
            let year = year.iter().any(|piece| piece.text.len() == 4 && piece.value.is_some());
            // "para el 15 de diciembre": the one that comes is nearer than the one that was
            let past = shift(self.sentence.today, (-6).months());
            self.is_whole &= label.is_some() || day <= self.sentence.today && (year || day >= past);
            self.draft.issue_date = day;
            self.take(label.unwrap_or(found.first), found.end);
            return;
        }
    }
}
