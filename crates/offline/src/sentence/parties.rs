//! Whose invoices a sentence speaks of: names of vendors and customers, items, categories.

use super::{
    filters::Binder,
    kinds,
    names::Side,
    persons,
    piece::{Piece, has},
    token::Kind,
    word::{Role, Word},
};
use domain::invoice::Direction;

/// What a name narrows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Vendor,
    VendorNot,
    Customer,
    Item,
    /// An item of which the number is asked.
    Counted,
    /// Nothing: the sentence is not understood.
    Nowhere,
}

impl<'a> Binder<'a> {
    pub(super) fn names(&mut self) {
        self.kinds();
        let mut at = 0;
        while at < self.pieces.len() {
            let end = self.name_end(at);
            if end > at {
                self.bind_name(at, end);
                self.take(at, end);
            }
            at = end.max(at.saturating_add(1));
        }
        self.parts_names();
        self.categories();
    }

    /// "Les factures que le comptable a déjà": what somebody does with them narrows nothing down.
    pub(super) fn is_subject_of_a_clause(&self, at: usize) -> bool {
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let leads = [Word::From, Word::To, Word::For, Word::At, Word::Is, Word::Of, Word::Has];
        let article = |piece: &&Piece| {
            piece.is(Word::Stop) && !piece.is_any(&leads) && !piece.is(Word::Relative)
        };
        let mut before = before.skip_while(article);
        let that = before.next().is_some_and(|piece| piece.is(Word::Relative));
        let mut papers = before.skip_while(|piece| piece.kind == Kind::Mark);
        that && papers.next().is_some_and(|piece| piece.is(Word::Document))
    }

    /// Returns where the unknown words that begin here end.
    fn name_end(&self, at: usize) -> usize {
        let open = |at: usize| {
            self.piece(at).is_some_and(|piece| {
                !self.is_used(at)
                    && (piece.is_unknown() || piece.known.is_some() || self.is_coded_name(at))
            })
        };
        let joins = |at: usize| {
            self.piece(at).is_some_and(|piece| {
                !self.is_used(at)
                    && (piece.is_capital()
                        && !piece.roles.is_empty()
                        && piece.roles.iter().all(soft)
                        || piece.is_mark("&")
                        || piece.text == "&")
            })
        };
        let soft_head = joins(at)
            && at > 0
            && open(at.saturating_add(1))
            && self.piece(at.saturating_add(1)).is_some_and(Piece::is_capital);
        if !open(at) && !soft_head {
            return at;
        }
        if self.piece(at).is_some_and(|piece| piece.known.is_some()) {
            return at.saturating_add(1);
        }
        let mut end = at.saturating_add(1);
        while (open(end) && self.piece(end).is_some_and(|piece| piece.known.is_none()))
            || joins(end)
        {
            end = end.saturating_add(1);
        }
        // "WE PAID SHELL IN JUNE": no name ends in a preposition
        let small = |at: usize| {
            self.piece(at).is_some_and(|piece| piece.is_any(&[Word::Stop, Word::Of, Word::And]))
        };
        while end > at.saturating_add(1) && small(end.saturating_sub(1)) {
            end = end.saturating_sub(1);
        }
        end
    }

    /// Returns whether a word with digits is somebody: "at Studio54", but not "invoice Re54".
    pub(super) fn is_coded_name(&self, at: usize) -> bool {
        let before = |words: &[Word]| self.before(at).is_some_and(|piece| piece.is_any(words));
        let numbered = before(&[Word::Document, Word::NumberLabel, Word::Bill]);
        // "at Q8", "spent at H2O": nobody is at an invoice
        let led = before(&[Word::From, Word::Vendor, Word::WhatAbout]) && !before(&[Word::Of]);
        // "Eni o Q8": what the first one is
        let joined = before(&[Word::And, Word::Or])
            && at
                .checked_sub(2)
                .and_then(|at| self.piece(at))
                .is_some_and(|name| name.known.is_some() || name.is_unknown() && name.is_capital());
        self.piece(at).is_some_and(|piece| {
            !numbered && (piece.is_coded_name() || (led || joined) && piece.is_short_code())
        })
    }

    fn bind_name(&mut self, at: usize, end: usize) {
        let Some(pieces) = self.pieces.get(at..end) else { return };
        let Some(first) = pieces.first() else { return };
        let owed = has(self.pieces, &[Word::OweMe])
            || self.bound.filters.direction == Some(Direction::Issued);
        let negated = self.is_negated(at);
        let comes = !owed && self.comes_from(at);
        let thing = self.is_thing_rather(at, first);
        let filters = &mut self.bound.filters;
        if let Some(known) = first.known.as_ref().filter(|_| !thing) {
            if known.side == Side::Customer && comes {
                filters.direction = Some(Direction::Received);
                filters.vendor.push(known.name.clone());
                return;
            }
            let list = match known.side {
                Side::Category => &mut filters.category,
                Side::Customer => &mut filters.customer,
                Side::Vendor if owed => &mut filters.customer,
                Side::Vendor if negated => &mut filters.vendor_not,
                Side::Vendor => &mut filters.vendor,
            };
            list.push(known.name.clone());
            if known.side == Side::Vendor && !owed && !negated {
                self.named.push((at, end));
            }
            return;
        }
        let joined = pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ");
        let joined = self.without_clitic(joined);
        // "شركة الكهرباء": the company of a trade is called by its trade
        let trade = self.piece(end).is_some_and(|next| kinds::kind_of(next).is_some());
        if joined == "شركة" && trade {
            return;
        }
        let place = self.place_of(at, end, owed, negated);
        if place == Place::Vendor {
            self.named.push((at, end));
        }
        self.last_place = Some((end, place));
        let bound = &mut self.bound;
        let list = match place {
            Place::Vendor => &mut bound.filters.vendor,
            Place::VendorNot => &mut bound.filters.vendor_not,
            Place::Customer => &mut bound.filters.customer,
            Place::Item => &mut bound.filters.item,
            Place::Counted => {
                bound.is_counted = true;
                &mut bound.filters.item
            }
            Place::Nowhere => &mut bound.unbound,
        };
        list.push(joined);
    }

    /// "Shell oder Aral": the second name is what the first one is.
    fn continues(&self, at: usize) -> bool {
        let Some((end, _)) = self.last_place else { return false };
        let between = self.pieces.get(end..at).unwrap_or_default();
        let joins = |piece: &Piece| piece.is(Word::And) || piece.is_mark(",");
        between.iter().any(joins)
            && between.iter().all(|piece| joins(piece) || piece.is(Word::Stop))
    }

    fn is_negated(&self, at: usize) -> bool {
        self.lead(at).is_some_and(|piece| piece.is(Word::Except))
            || at
                .checked_sub(2)
                .and_then(|at| self.piece(at))
                .is_some_and(|piece| piece.is_any(&[Word::Except, Word::Not]))
                && !self.before(at).is_some_and(|verb| verb.is_any(&[Word::Spend, Word::Income]))
    }

    /// Arabic writes "to" as the first letter of a name.
    fn without_clitic(&self, name: String) -> String {
        let to = self.code == "ar" && self.says(&[Word::Spend]);
        match name.strip_prefix('ل') {
            Some(bare) if to && !bare.starts_with('ا') && bare.chars().count() > 2 => {
                bare.to_owned()
            }
            _ => name,
        }
    }

    /// Returns what words that nobody knows stand for, by what stands around them.
    fn place_of(&self, at: usize, end: usize, owed: bool, negated: bool) -> Place {
        let lead = self.lead(at);
        let is = |words: &[Word]| lead.is_some_and(|piece| piece.is_any(words));
        let capital = self.is_proper(at, end);
        let beside = |words: &[Word]| {
            let near = [at.checked_sub(1), Some(end)].into_iter().flatten();
            near.into_iter().any(|at| self.piece(at).is_some_and(|piece| piece.is_any(words)))
        };
        let led = is(&[Word::From, Word::To, Word::For]);
        // a preposition of things and names alike says nothing of a word in small letters
        let vague = is(&[Word::About]) && !capital;
        let things = has(self.pieces, &[Word::Bought, Word::Price]);
        let run = self.pieces.get(at..end).unwrap_or_default();
        let titles = [Word::Stop, Word::From, Word::To, Word::For, Word::At];
        let titled_name = self.code != "de"
            && self.before(at).is_some_and(|piece| piece.is_any(&titles))
            && persons::is_titled(run);
        let written_large = titled_name || self.piece(at).is_some_and(Piece::is_capital);
        let capital = capital || titled_name;
        let before = self.before(at);
        let titled = before.is_some_and(|piece| {
            piece.is(Word::Customer)
                && !piece.is_plural(self.code)
                && !piece.is_any(&[Word::Vendor, Word::Stop, Word::Who])
        });
        match () {
            () if titled && written_large => Place::Customer,
            () if self.is_on_a_bill(run) => Place::Item,
            // "without the refunds": what these are is asked
            () if negated && !capital && self.is_behind_article(at) => Place::Nowhere,
            () if negated => Place::VendorNot,
            () if self.continues(at) => self.last_place.map_or(Place::Nowhere, |(_, place)| place),
            () if self.is_counted(at) && (!capital || self.code == "de") => Place::Counted,
            () if owed && (capital || led || beside(&[Word::OweMe])) => Place::Customer,
            () if owed => Place::Nowhere,
            () if !capital && self.is_of_the_family(at) => Place::Nowhere,
            // "acheté du café"
            () if things && (!is(&[Word::From]) || self.code == "fr") && !capital => Place::Item,
            // "preço médio do café": the price of something
            () if has(self.pieces, &[Word::Price]) && is(&[Word::Of]) && !capital => Place::Item,
            () if things && is(&[Word::About]) && is(&[Word::For]) => Place::Item,
            () if vague && is(&[Word::From]) => Place::Nowhere,
            () if vague && is(&[Word::Spend]) => Place::Item,
            () if self.is_construct(at) => Place::Vendor,
            () if capital || is(&[Word::From]) && !written_large => Place::Vendor,
            // "we paid hetzner", "went to hetzner" name somebody, "expenses various" does not
            () if is(&[Word::Spend]) && !written_large && lead.is_some_and(is_payment) => {
                Place::Vendor
            }
            () if self.says(&[Word::Spend]) && is(&[Word::To]) && !written_large => Place::Vendor,
            () if is(&[Word::For, Word::Stop, Word::Of, Word::At])
                && self.says(&[Word::Spend])
                && !self.is_bare_object(at, end)
                && !written_large =>
            {
                Place::Item
            }
            () => Place::Nowhere,
        }
    }

    /// Returns whether words are written as a name is.
    ///
    /// The first word of a sentence is large anyway, and so are all nouns in German: there
    /// something else must speak for a name.
    fn is_proper(&self, at: usize, end: usize) -> bool {
        let run = self.pieces.get(at..end).unwrap_or_default();
        if !run.first().is_some_and(|piece| piece.is_capital() || piece.is_coded_name()) {
            return false;
        }
        let words = || run.iter().filter(|piece| piece.kind == Kind::Word);
        // "Zahlt Krause immer pünktlich?": what follows in small letters is no part of a name
        if words().any(|piece| piece.is_unknown() && !piece.is_capital()) {
            return false;
        }
        let begins =
            self.pieces.get(..at).unwrap_or_default().iter().all(|piece| piece.kind == Kind::Mark);
        if begins && words().any(|piece| !piece.is_capital()) {
            return false;
        }
        if self.code != "de" {
            return true;
        }
        let nouns = [Word::Document, Word::Spend, Word::Total, Word::Unpaid];
        let is = |place: Option<usize>, words: &[Word]| {
            place.and_then(|at| self.piece(at)).is_some_and(|piece| piece.is_any(words))
        };
        let led = self.lead(at).is_some_and(|piece| {
            piece.is_any(&[Word::From, Word::To, Word::Vendor, Word::Customer, Word::WhatAbout])
                && !piece.is(Word::About)
        });
        let inflected = run.len() == 1
            && run.first().is_some_and(|piece| {
                ["e", "en", "er", "es", "weise"].iter().any(|end| piece.folded.ends_with(end))
            });
        led || run.len() > 1
            || is(at.checked_sub(1), &nouns) && !begins
            || is(Some(end), &nouns) && !(begins && inflected)
            || is(Some(end), &[Word::OweMe])
            || is(at.checked_sub(1), &[Word::OweMe])
    }

    /// "فواتير شل": in Arabic a name stands bare behind its noun; an adjective takes its article.
    fn is_construct(&self, at: usize) -> bool {
        let bare = |at: usize| self.piece(at).is_some_and(|piece| !piece.text.starts_with("ال"));
        let noun = at.checked_sub(1).filter(|at| {
            self.piece(*at).is_some_and(|piece| piece.is(Word::Document)) && bare(*at)
        });
        self.code == "ar" && noun.is_some() && bare(at)
    }

    /// "How many cartons of milk", "hoeveel licenties": what is counted stands right behind.
    fn is_counted(&self, at: usize) -> bool {
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let mut before = before.skip_while(|piece| {
            piece.is_any(&[Word::Container, Word::Of])
                || piece.is(Word::Stop) && !piece.is_any(&[Word::HowMany, Word::Quantity])
        });
        let counts = before.next().is_some_and(|piece| {
            piece.is_any(&[Word::HowMany, Word::Quantity]) && !piece.is(Word::Document)
        });
        let lead = at.checked_sub(1).and_then(|at| self.piece(at));
        let verbs = [Word::Bought, Word::Received, Word::Sent, Word::Income];
        // where one word asks for money and for numbers
        let vague = matches!(self.code, "nl" | "de" | "ar" | "hi");
        counts
            || vague
                && lead.is_some_and(|piece| piece.is(Word::HowMuch) && !piece.is(Word::What))
                && has(self.pieces, &verbs)
    }

    /// Returns the piece before a name, articles left out.
    pub(super) fn lead(&self, at: usize) -> Option<&'a Piece> {
        let before = self.before(at)?;
        let article =
            before.is(Word::Stop) && !before.is_any(&[Word::From, Word::To, Word::For, Word::At]);
        if article {
            self.before(at.saturating_sub(1))
                .filter(|piece| piece.is_any(&[Word::From, Word::To, Word::Except]))
                .or(Some(before))
        } else {
            Some(before)
        }
    }
}

/// Words that may be part of a name, such as "Office" in "Office Depot".
fn soft(role: &Role) -> bool {
    matches!(
        role,
        Role::Category(_)
            | Role::Word(
                Word::Item
                    | Word::Vendor
                    | Word::Category
                    | Word::Stop
                    | Word::Top
                    | Word::And
                    | Word::Of
                    | Word::Container
                    | Word::Price
                    | Word::Discount
                    | Word::Total
                    | Word::Net
                    | Word::Largest
                    | Word::Next
                    | Word::This
                    | Word::Amount
                    | Word::Status
            )
            | Role::Season(_)
    )
}

/// "Paid", "payments to": what is followed by somebody.
fn is_payment(verb: &Piece) -> bool {
    verb.is_any(&[Word::WePaid, Word::Paid]) || verb.folded == "pay" || verb.text.contains(' ')
}
