//! Numbers in a change, and what was shown before it: which invoices are meant, and the amount that one gets.

use super::{
    correct::Reader,
    filters::{self, is_number_code},
    follow_up,
    period::Towards,
    piece::{Parsed, Piece},
    token::Kind,
    word::{Role, Word},
};
use domain::{
    correction::{NewValues, Target},
    invoice::Status,
    question::{Entity, StatusFilter},
};

impl Reader<'_> {
    /// Numbers that name invoices: codes, and digits that are neither date nor amount.
    pub(super) fn numbers(&self, set: &NewValues) -> Vec<String> {
        let dated: Vec<bool> = {
            let mut dated = vec![false; self.pieces.len()];
            for found in self.calendar(Towards::Past).all() {
                if !self.is_target(found.first) {
                    dated
                        .iter_mut()
                        .take(found.end)
                        .skip(found.first)
                        .for_each(|used| *used = true);
                }
            }
            dated
        };
        let contrast = contrast(self.pieces).filter(|found| set.gross == Some(found.amount));
        let note = set.notes.as_ref().and_then(|note| self.parsed.plain.rfind(note.as_str()));
        let is_number = |(at, piece): &(usize, &Piece)| {
            if note.is_some_and(|from| piece.start >= from) {
                return false;
            }
            if contrast.as_ref().is_some_and(|found| found.place.contains(at)) {
                return false;
            }
            let signed = [at.checked_sub(1), Some(at.saturating_add(1))].into_iter().flatten().any(
                |place| self.pieces.get(place).is_some_and(|piece| piece.currency().is_some()),
            );
            match piece.kind {
                Kind::Code => may_be_number(piece),
                Kind::Number => {
                    !signed
                        && !self.limits(*at)
                        && (self.is_target(*at) || !self.measures(*at))
                        && !dated.get(*at).copied().unwrap_or(false)
                        && piece.value.is_some_and(|v| v.is_integer())
                        && (set.gross.is_none() || piece.value != set.gross)
                }
                _ => false,
            }
        };
        let trimmed = |(_, piece): (usize, &Piece)| piece.text.trim_start_matches('#').to_owned();
        let found: Vec<(usize, &Piece)> =
            self.pieces.iter().enumerate().filter(is_number).collect();
        // "change the amount of invoice 12 from 50 to 60"
        let is_led = |(at, _): &(usize, &Piece)| self.is_target(*at);
        let led = set.gross.is_some() && found.iter().any(is_led);
        let found: Vec<(usize, &Piece)> =
            found.into_iter().filter(|one| !led || is_led(one)).collect();
        let mut numbers = Vec::new();
        for (index, one) in found.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).and_then(|index| found.get(index)) {
                numbers.extend(self.between(before, one));
            }
            numbers.push(trimmed(*one));
        }
        numbers
    }

    /// "31 June" and "15 %" are no numbers of invoices.
    fn measures(&self, at: usize) -> bool {
        let next = [at.saturating_add(1), at.saturating_add(2)];
        // "the 3 oldest invoices" are three
        let ranks = [Word::Oldest, Word::Latest, Word::Largest, Word::Smallest];
        let is_unit = |piece: &Piece| {
            piece.is_mark("%")
                || piece.is_any(&ranks)
                || piece.is(Word::Document) && piece.is_plural(self.parsed.code)
                || piece.roles.iter().any(|r| matches!(r, Role::Month(_) | Role::Unit(_)))
        };
        // "the due date of 401 to January 5" says no day of January
        let joins = |piece: &Piece| {
            piece.is_any(&[Word::Of, Word::Stop]) && !piece.is_any(&[Word::To, Word::Until])
                || piece.is_mark(".")
        };
        let [one, other] = next.map(|at| self.pieces.get(at));
        // "2 of the invoices"
        let third = self.pieces.get(at.saturating_add(3));
        let of_many = one.is_some_and(|piece| piece.is(Word::Of))
            && other.is_some_and(|piece| piece.is(Word::Stop))
            && third
                .is_some_and(|piece| piece.is(Word::Document) && piece.is_plural(self.parsed.code));
        of_many || one.is_some_and(is_unit) || one.is_some_and(joins) && other.is_some_and(is_unit)
    }

    /// "Bills over 1500 that I have not paid".
    fn limits(&self, at: usize) -> bool {
        let limit = [Word::Over, Word::AtLeast, Word::AtMost];
        at.checked_sub(1)
            .and_then(|at| self.pieces.get(at))
            .is_some_and(|piece| piece.is_any(&limit) && !piece.is_any(&[Word::Until, Word::To]))
    }

    /// "The last invoice for Orchard School": a paper for somebody whom the book does not know.
    pub(super) fn is_for(&self, name: &str) -> bool {
        let first = name.split(' ').next().unwrap_or_default();
        let at = self.pieces.iter().position(|piece| piece.text == first && piece.known.is_none());
        let lead = at.and_then(|at| at.checked_sub(1));
        let led = lead.and_then(|at| self.pieces.get(at)).is_some_and(|lead| {
            lead.is(Word::For) && !lead.is_any(&[Word::From, Word::Of, Word::To])
                || lead.is(Word::For)
                    && ["for", "für", "pour", "para", "per", "voor"].contains(&lead.text.as_str())
        });
        let paper = lead.and_then(|at| at.checked_sub(1)).and_then(|at| self.pieces.get(at));
        led && paper.is_some_and(|paper| paper.is(Word::Document))
    }

    /// "Mark them as paid": those that were asked for, and not the one that was spoken of before them.
    pub(super) fn shown(&self, set: &NewValues) -> Target {
        let plan = follow_up::previous(self.sentence);
        let plan = plan.filter(|plan| plan.entity == Entity::Invoice && plan.limit.is_none());
        let Some(mut filters) = plan.map(|plan| plan.filters) else { return Target::Unsaid };
        if set.status == Some(Status::Paid) && !filters.status.contains(&StatusFilter::Overdue) {
            filters.status = vec![StatusFilter::Unpaid];
        }
        if filters::is_empty(&filters) { Target::Unsaid } else { Target::Filter(filters) }
    }

    /// "Markiere sie als bezahlt", "márcalas": several, where several were just shown.
    pub(super) fn means_several(&self) -> bool {
        let them: &[&str] = match self.parsed.code {
            "de" => &["sie"],
            "nl" => &["ze"],
            "fr" => &["les"],
            "es" => &["las", "los"],
            "it" => &["le", "li"],
            "pt" => &["as", "os"],
            _ => &[],
        };
        let orders = [Word::Mark, Word::Cancel, Word::Reopen];
        let mut said = self.pieces.iter().skip_while(|piece| !piece.is_any(&orders));
        let glued = said.next().is_some_and(|verb| {
            matches!(self.parsed.code, "es" | "it")
                && them.iter().any(|them| verb.folded.ends_with(them))
        });
        let next = said.find(|piece| piece.kind != Kind::Mark);
        let apart = next.is_some_and(|next| them.contains(&next.folded.as_str()))
            && !self.says(&[Word::Document]);
        let shown = follow_up::previous(self.sentence);
        (glued || apart)
            && shown.is_some_and(|plan| {
                plan.entity == Entity::Invoice
                    && plan.limit.is_none()
                    && plan.filters.number.is_none()
            })
    }

    /// "10 to 12" are three.
    fn between(&self, one: &(usize, &Piece), other: &(usize, &Piece)) -> Vec<String> {
        const MOST: u32 = 50;
        let joint = self.pieces.get(one.0.saturating_add(1)..other.0).unwrap_or_default();
        let is_row =
            matches!(joint, [to] if to.is_any(&[Word::To, Word::Until]) || to.is_mark("-"));
        let ends = one
            .1
            .count()
            .zip(other.1.count())
            .filter(|(from, to)| is_row && from < to && to.saturating_sub(*from) <= MOST);
        ends.map_or_else(Vec::new, |(from, to)| {
            (from.saturating_add(1)..to).map(|number| number.to_string()).collect()
        })
    }

    /// "Tax on 88 should be 19%": a rate, as a fraction.
    pub(super) fn tax_rate(&self) -> Option<rust_decimal::Decimal> {
        let stated = self.says(&[Word::Is, Word::Mark]) && self.says(&[Word::Tax]);
        let asks = self.says(&[Word::HowMuch, Word::Create, Word::Discount])
            || self.pieces.iter().any(|piece| piece.is_mark("?؟"));
        let mut rates = self.pieces.windows(2).filter_map(|pair| match pair {
            [rate, percent] if percent.is_mark("%") => rate.value,
            _ => None,
        });
        let rate = rates.next().filter(|_| rates.next().is_none() && stated && !asks)?;
        let most = rust_decimal::Decimal::from(50);
        rate.checked_div(rust_decimal::Decimal::ONE_HUNDRED).filter(|_| rate <= most)
    }

    /// "The total is 45.10", "change the amount of 7 to 99 €".
    pub(super) fn gross(&self) -> Option<rust_decimal::Decimal> {
        let Some(at) = self.position(&[Word::Total, Word::Amount, Word::Price]) else {
            return self.amount_set();
        };
        // "total by currency in 2025"
        let found = self.calendar(Towards::Past).all();
        let is_year = |place: usize| {
            let year =
                self.pieces.get(place).is_some_and(|p| p.text.len() == 4 && p.kind == Kind::Number);
            year && found.iter().any(|found| (found.first..found.end).contains(&place))
        };
        let amounts: Vec<(usize, &Piece)> = self
            .pieces
            .iter()
            .enumerate()
            .skip(at)
            .filter(|(place, piece)| piece.value.is_some() && !self.is_target(*place))
            .filter(|(place, _)| !is_year(*place))
            .collect();
        let signed = |place: usize| {
            [place.checked_sub(1), Some(place.saturating_add(1))]
                .into_iter()
                .flatten()
                .any(|place| self.pieces.get(place).is_some_and(|piece| piece.currency().is_some()))
        };
        let led = |place: usize| {
            place.checked_sub(1).and_then(|place| self.pieces.get(place)).is_some_and(|piece| {
                piece.is_any(&[Word::To, Word::Is, Word::At]) && !piece.is(Word::And)
                    || piece.is_mark(":")
            })
        };
        amounts
            .iter()
            .rev()
            .find(|(place, _)| signed(*place) || led(*place))
            .or(amounts.last().filter(|(place, piece)| {
                // "wrong total on 31" says of which one
                let lead = place.checked_sub(1).and_then(|at| self.pieces.get(at));
                let of_which = lead.is_some_and(|lead| {
                    lead.is_any(&[Word::Of, Word::For]) && !lead.is(Word::To)
                        || ["on", "in", "bei", "sur"].contains(&lead.folded.as_str())
                });
                if of_which {
                    return false;
                }
                // "total of invoices 5, 6 and 7" changes nothing
                let whole = piece.value.is_some_and(|value| value.is_integer());
                amounts.len() == 1 && (!whole || self.says(&[Word::Mark]))
            }))
            .and_then(|(_, piece)| piece.value)
    }
}

impl Reader<'_> {
    /// "Set invoice 19 to 75 euros", "the Hetzner invoice isn't 49, it's 59": what it comes to, though no
    /// word names the total.
    fn amount_set(&self) -> Option<rust_decimal::Decimal> {
        self.set_to_money().or_else(|| self.put_right()).or_else(|| self.made())
    }

    /// One amount of money behind an order and the "to" that leads it.
    fn set_to_money(&self) -> Option<rust_decimal::Decimal> {
        let mut money = self.pieces.iter().enumerate().filter(|(at, piece)| {
            piece.value.is_some() && !self.is_target(*at) && self.is_signed(*at)
        });
        let (at, amount) = money.next().filter(|_| money.next().is_none())?;
        let signed = |piece: &&Piece| piece.currency().is_some();
        let before = self.pieces.get(..at).unwrap_or_default();
        let small = [Word::To, Word::At, Word::Times, Word::For, Word::Stop];
        let leads =
            |piece: &&Piece| signed(piece) || piece.is_any(&small) && piece.kind == Kind::Word;
        let mut rest = before.iter().rev().skip_while(|piece| leads(piece));
        let led = before.last().is_some_and(|piece| leads(&piece));
        let (number, noun) = (rest.next(), rest.next());
        let paper = noun.is_some_and(|piece| piece.is_any(&[Word::Document, Word::NumberLabel]));
        let target = number
            .is_some_and(|piece| piece.kind == Kind::Code || piece.kind == Kind::Number && paper);
        let others = [Word::Tax, Word::Paid, Word::WePaid, Word::PaidUs, Word::Discount];
        let ordered = self.says(&[Word::Mark]) && target && !self.says(&others);
        amount.value.filter(|_| led && ordered)
    }

    /// "Make it 89.90": an order, what was spoken of, and money in full.
    fn made(&self) -> Option<rust_decimal::Decimal> {
        let mut said = self.pieces.iter().filter(|piece| piece.kind != Kind::Mark);
        let ordered = said.next().is_some_and(|piece| piece.is(Word::Mark));
        let small = [Word::It, Word::To, Word::Stop];
        let mut numbers = self.pieces.iter().enumerate().filter(|(_, p)| p.value.is_some());
        let (at, amount) = numbers.next().filter(|_| numbers.next().is_none())?;
        let whole = amount.value.is_some_and(|value| value.is_integer());
        let signed = self.is_signed(at);
        let rest = said.all(|piece| {
            piece.is_any(&small) || piece.value.is_some() || piece.currency().is_some()
        });
        let it = self.says(&[Word::It]);
        amount.value.filter(|_| ordered && rest && it && (!whole || signed))
    }

    /// "The Hetzner invoice isn't 49, it's 59".
    fn put_right(&self) -> Option<rust_decimal::Decimal> {
        const OTHERS: [Word; 4] = [Word::Paid, Word::Due, Word::DueDate, Word::Tax];
        contrast(self.pieces).filter(|_| !self.says(&OTHERS)).map(|found| found.amount)
    }

    fn is_signed(&self, at: usize) -> bool {
        let beside = at.checked_sub(1).into_iter().chain([at.saturating_add(1)]);
        beside.into_iter().any(|at| self.pieces.get(at).is_some_and(|p| p.currency().is_some()))
    }
}

/// What is not so and what is, side by side.
pub(super) struct Contrast {
    /// What is so.
    pub(super) amount: rust_decimal::Decimal,
    /// The pieces that say it, the denial and the other amount among them.
    pub(super) place: std::ops::Range<usize>,
}

/// Returns what is put right by "not 49 but 59", "isn't 49, it's 59" or "59, not 49": two amounts, a word
/// that denies the one, and nothing between them that says anything else.
pub(super) fn contrast(pieces: &[Piece]) -> Option<Contrast> {
    let is_amount = |at: usize| {
        let next = pieces.get(at.saturating_add(1));
        let measures = |piece: &Piece| {
            piece.is_mark("%/")
                || piece.roles.iter().any(|r| matches!(r, Role::Month(_) | Role::Unit(_)))
        };
        pieces.get(at).is_some_and(|piece| piece.kind == Kind::Number && piece.value.is_some())
            && !next.is_some_and(measures)
    };
    let last = (0..pieces.len()).rev().find(|at| is_amount(*at))?;
    let first = (0..last).rev().find(|at| is_amount(*at))?;
    let money = |piece: &Piece| piece.currency().is_some();
    let small = |piece: &Piece| {
        // "isn't 49 or 59" says what it is not
        let chooses = piece.is(Word::Or) || piece.is(Word::And) && !piece.is(Word::Is);
        !chooses
            && (money(piece)
                || piece.is_any(&[Word::Is, Word::It, Word::But, Word::Stop])
                || piece.is_mark(",;'"))
    };
    let between = pieces.get(first.saturating_add(1)..last)?;
    let denials = |run: &[Piece]| run.iter().filter(|piece| piece.is(Word::Not)).count();
    // "isn't", "non è", "no son": the verb may stand between
    let led = (0..first).rev().take_while(|at| pieces.get(*at).is_some_and(small)).last();
    let led = led.unwrap_or(first);
    let lead = pieces.get(led.saturating_sub(1)..first)?;
    let denied = lead.iter().position(|piece| piece.is(Word::Not));
    let denied = denied.map(|at| led.saturating_sub(1).saturating_add(at));
    if denials(lead) > 1 {
        return None;
    }
    let (right, from) = match denials(between) {
        0 => (last, denied?),
        1 if denied.is_none() => (first, first),
        _ => return None,
    };
    // "120,50 et pas 102,50"
    let joins = |at: usize| {
        let next = between.get(at.saturating_add(1));
        between.get(at).is_some_and(|piece| piece.is(Word::And) && !piece.is(Word::Or))
            && next.is_some_and(|next| next.is(Word::Not))
    };
    let links = !between.is_empty()
        && between.iter().enumerate().all(|(at, p)| small(p) || p.is(Word::Not) || joins(at));
    let one = |at: usize| pieces.get(at).and_then(|piece| piece.value);
    let amount = one(right).filter(|_| links && one(first) != one(last))?;
    Some(Contrast { amount, place: from..last.saturating_add(1) })
}

/// A code that is a number of an invoice, as far as its letters and digits tell.
fn may_be_number(piece: &Piece) -> bool {
    let digit = piece.text.starts_with(|c: char| c.is_ascii_digit());
    is_number_code(piece) || digit && piece.known.is_none() && !piece.is_coded_name()
}

/// Returns an amount with a minus of its own, as it was written: "-80", "−80.00".
pub(super) fn below_zero(parsed: &Parsed) -> Option<String> {
    parsed.pieces.iter().filter(|piece| piece.value.is_some()).find_map(|piece| {
        let before = parsed.plain.get(..piece.start)?;
        let sign = before.trim_end_matches(|c: char| "€$£₹¥".contains(c));
        let rest = sign.strip_suffix(['-', '−', '–'])?;
        let stands_alone = rest.is_empty() || rest.ends_with(char::is_whitespace);
        let from = rest.len();
        stands_alone.then(|| parsed.plain.get(from..piece.end).map(str::to_owned)).flatten()
    })
}
