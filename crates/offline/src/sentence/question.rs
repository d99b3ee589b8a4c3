//! A question about stored invoices becomes a plan.
//!
//! Every word must be accounted for: what no rule binds is a name after a preposition, or the
//! question is not understood.

use super::{
    account,
    business::{asks_the_world, compares, is_business},
    contents,
    decision::{self, Wanted},
    filters::{self, Bound},
    follow_up::{follow_up, is_follow_up, only_points_back, previous},
    group::{group_of, group_order},
    payer,
    piece::{Parsed, Piece, has},
    unanswered::asks_what_it_is,
    word::Word,
};
use domain::{
    invoice::Direction,
    question::{
        DateField, Entity, Field, GroupBy, Metric, Order, OrderBy, QueryPlan, StatusFilter,
    },
};
use ports::model::Sentence;

/// Returns the plan for a question; nothing if it is not understood.
pub(super) fn plan(parsed: &Parsed, sentence: &Sentence) -> Option<QueryPlan> {
    let follows = is_follow_up(parsed, sentence);
    let next = follows.then(|| follow_up(parsed, sentence, || previous(sentence))).flatten();
    // "and by supplier?": what begins with an "and" is no question of its own where one was asked before
    let only_follows = || follows && only_points_back(parsed) && previous(sentence).is_some();
    next.or_else(|| (!only_follows()).then(|| fresh(parsed, sentence)).flatten())
}

/// Returns the plan of a question that stands alone.
pub(super) fn fresh(parsed: &Parsed, sentence: &Sentence) -> Option<QueryPlan> {
    if let Some(plan) = payer::asked(parsed) {
        return Some(plan);
    }
    let bound = filters::bind(parsed, sentence);
    if !bound.is_whole(&parsed.pieces)
        || !is_business(parsed, sentence, &bound)
        || compares(parsed, &bound)
    {
        return None;
    }
    if asks_the_world(parsed, &bound) {
        return None;
    }
    let against = bound.against;
    let plan = Assembly { pieces: &parsed.pieces, bound: bound.clone(), code: parsed.code }.plan();
    // "spent more than 100 at Lidl": the sum of the larger ones, or what they are?
    let limited = plan.filters.min.is_some() || plan.filters.max.is_some();
    let sums = plan.metric == Metric::Sum && plan.group_by.is_none();
    let figures = [Word::HowMuch, Word::Total, Word::Tax, Word::Net];
    if limited && sums && !has(&parsed.pieces, &figures) {
        return None;
    }
    // "items over 100 euros": a limit is one of whole invoices
    if limited && plan.entity == Entity::Item {
        return None;
    }
    let plan = match decision::wanted(parsed, &plan, against.is_some()) {
        Wanted::Figure => plan,
        Wanted::Papers => decision::papers(plan),
        Wanted::Yes => return None,
    };
    let plan = contents::lines(parsed, plan);
    let is_figure = matches!(plan.metric, Metric::Sum | Metric::Count) && plan.group_by.is_none();
    let plan = QueryPlan { against, ..plan };
    let whole = account::is_whole(&parsed.pieces, &bound, &plan) && !asks_what_it_is(parsed, &plan);
    (whole && (against.is_none() || is_figure)).then_some(plan)
}

/// Puts the bound slots together.
pub(super) struct Assembly<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) bound: Bound,
    /// The language.
    pub(super) code: &'static str,
}

impl Assembly<'_> {
    pub(super) fn says(&self, words: &[Word]) -> bool {
        self.pieces.iter().enumerate().any(|(at, piece)| {
            piece.is_any(words) && !self.bound.used.get(at).copied().unwrap_or(false)
        })
    }

    fn plan(mut self) -> QueryPlan {
        if let Some(group) = self.limited_group() {
            return self.grouped(group, false);
        }
        let ranked = self.ranked_group();
        let group = ranked.or_else(|| group_of(self.pieces, &self.bound.used));
        if let Some(group) = group {
            return self.grouped(group, ranked.is_some());
        }
        // The days of an invoice stand in the invoice.
        let dates = self.says(&[Word::When]) && self.says(&[Word::Due, Word::DueDate]);
        let one = self.bound.filters.number.is_some();
        let figures = [Word::HowMuch, Word::Total, Word::Tax, Word::Net];
        if one && !self.says(&figures) || dates || self.bound.is_next {
            return self.listed(None);
        }
        if self.asks_for_tax() || one && self.says(&[Word::Unpaid, Word::Owe, Word::OweMe]) {
            return self.summed(Metric::Sum);
        }
        if self.says(&[Word::HowMany]) || self.bound.is_counted || self.counts_papers() {
            return self.counted();
        }
        if self.says(&[Word::Average]) {
            return self.summed(Metric::Avg);
        }
        if let Some(plan) = self.extreme() {
            return plan;
        }
        // "What did I buy in May?" asks for things, not for papers or money.
        let about_money = [Word::Total, Word::Spend, Word::Document, Word::Net, Word::Tax];
        let how_much =
            self.pieces.iter().any(|piece| piece.is(Word::HowMuch) && !piece.is(Word::What));
        let of_things = self.bound.filters.item.is_empty() && !how_much;
        if self.says(&[Word::Bought]) && of_things && !self.says(&about_money) {
            return self.bought();
        }
        if let Some(debtors) = self.debtors() {
            return self.owed(debtors);
        }
        if self.asks_for_payers() {
            return self.payers();
        }
        if self.asks_for_money() && !self.asks_for_names() {
            return self.summed(Metric::Sum);
        }
        self.names_or_rows()
    }

    pub(super) fn grouped(mut self, group: GroupBy, ranked: bool) -> QueryPlan {
        // "which supplier sent the most invoices"
        let most_papers = self.pieces.windows(2).any(
            |pair| matches!(pair, [most, paper] if most.is(Word::Most) && paper.is(Word::Document)),
        );
        let count = self.says(&[Word::HowMany]) || most_papers;
        let average = self.says(&[Word::Average]);
        // "average monthly spend" is of the months, and not of the invoices in each
        let averaged = average
            && !count
            && matches!(group, GroupBy::Calendar(_))
            && !self.says(&[Word::Document]);
        let filters = &mut self.bound.filters;
        if filters.direction.is_none() {
            filters.direction = match group {
                GroupBy::Vendor => Some(Direction::Received),
                GroupBy::Customer => Some(Direction::Issued),
                GroupBy::Calendar(_) if ranked => Some(Direction::Received),
                _ => None,
            };
        }
        // "on coffee by month": of its lines, and not of the invoices that they stand on
        let of_items = group == GroupBy::Item || !self.bound.filters.item.is_empty() && !count;
        let field = self.money_field();
        let smallest = self.says(&[Word::Smallest, Word::Least]);
        let order = if ranked {
            Order { by: OrderBy::Value, descending: !smallest }
        } else {
            group_order(group)
        };
        // of two names that are held against each other both are shown
        let one = ranked && self.singular() && self.bound.filters.vendor.len() < 2;
        QueryPlan {
            entity: if of_items { Entity::Item } else { Entity::Invoice },
            metric: if count {
                Metric::Count
            } else if average && !averaged {
                Metric::Avg
            } else {
                Metric::Sum
            },
            field: match (count, of_items) {
                (true, _) => Field::Id,
                (false, true) => Field::Amount,
                _ => field,
            },
            group_by: Some(group),
            order: Some(order),
            limit: self.bound.limit.or(one.then_some(1)),
            averaged,
            filters: self.bound.filters,
            against: None,
        }
    }

    pub(super) fn money_field(&self) -> Field {
        if self.says(&[Word::Net]) {
            Field::Subtotal
        } else if self.says(&[Word::Tax]) {
            Field::Tax
        } else {
            Field::Total
        }
    }

    fn counted(self) -> QueryPlan {
        let nouns = self
            .pieces
            .iter()
            .enumerate()
            .skip_while(|(_, piece)| !piece.is_any(&[Word::HowMany, Word::HowMuch]))
            .skip(1);
        // "hoeveel klanten" is one phrase with its noun
        let said = self
            .pieces
            .iter()
            .find(|piece| piece.is(Word::HowMany) && piece.is_any(&[Word::Customer, Word::Vendor]));
        let noun = said.into_iter().chain(nouns.map(|(_, piece)| piece)).find(|piece| {
            !piece.is_any(&[Word::Stop, Word::Distinct])
                || piece.is_any(&[Word::Customer, Word::Vendor, Word::Document])
        });
        let counts_items = !self.bound.filters.item.is_empty();
        let field = match noun {
            Some(piece) if piece.is(Word::Customer) => Field::Customer,
            Some(piece) if piece.is(Word::Vendor) => Field::Vendor,
            _ => Field::Id,
        };
        if counts_items && !self.says(&[Word::Document]) {
            return QueryPlan {
                entity: Entity::Item,
                metric: Metric::Sum,
                field: Field::Quantity,
                filters: self.bound.filters,
                ..QueryPlan::default()
            };
        }
        let mut filters = self.bound.filters;
        filters.direction = filters.direction.or(match field {
            Field::Vendor => Some(Direction::Received),
            Field::Customer => Some(Direction::Issued),
            _ => None,
        });
        QueryPlan { metric: Metric::Count, field, filters, ..QueryPlan::default() }
    }

    fn summed(mut self, metric: Metric) -> QueryPlan {
        let field = self.money_field();
        let item = !self.bound.filters.item.is_empty() || self.says(&[Word::Price]);
        let average_price = item && metric == Metric::Avg;
        // "how much is still open on R-173": what is left of it
        let open = self.says(&[Word::OweMe, Word::Owe])
            || self.bound.filters.number.is_some() && self.says(&[Word::Unpaid]);
        if self.bound.filters.status.is_empty() && open {
            self.bound.filters.status = vec![StatusFilter::Unpaid];
        }
        let (entity, field) = match (item, average_price || self.says(&[Word::Price])) {
            (true, true) => (Entity::Item, Field::UnitPrice),
            (true, false) if field == Field::Total => (Entity::Item, Field::Amount),
            _ => (Entity::Invoice, field),
        };
        QueryPlan { entity, metric, field, filters: self.bound.filters, ..QueryPlan::default() }
    }

    pub(super) fn rows(
        &self,
        filters: domain::question::Filters,
        order: Option<Order>,
        limit: Option<u32>,
    ) -> QueryPlan {
        QueryPlan { field: Field::Invoice, filters, order, limit, ..QueryPlan::default() }
    }

    fn names_or_rows(self) -> QueryPlan {
        let names = [
            (Word::Vendor, Field::Vendor, Direction::Received),
            (Word::Customer, Field::Customer, Direction::Issued),
        ];
        let asked = names.into_iter().find(|(word, ..)| self.says(&[*word]));
        let owing = (Word::Customer, Field::Customer, Direction::Issued);
        let asked =
            asked.or((self.says(&[Word::Who]) && self.says(&[Word::OweMe])).then_some(owing));
        // "which customers have unpaid invoices" asks for customers all the same
        let right_behind = self.pieces.windows(2).any(|pair| {
            matches!(pair, [which, noun] if which.is_any(&[Word::Which, Word::Show])
                && noun.is_any(&[Word::Vendor, Word::Customer]))
        });
        // "open ones of customer Huber" names the customer, and asks for no names
        let given = |word: Word| match word {
            Word::Customer => !self.bound.filters.customer.is_empty(),
            _ => !self.bound.filters.vendor.is_empty(),
        };
        // "customers with unpaid invoices"
        let small = |piece: &&Piece| piece.is(Word::Stop) && !piece.is_any(&[Word::Vendor]);
        let first = self.pieces.iter().find(|piece| !small(piece));
        let leads = first.is_some_and(|piece| {
            piece.is_any(&[Word::Vendor, Word::Customer])
                && piece.is_plural(self.code)
                && !piece.folded.starts_with("where")
        });
        let right_behind = right_behind || leads;
        let asked = asked.filter(|(word, ..)| right_behind || !given(*word));
        let names = asked.filter(|_| right_behind || !has(self.pieces, &[Word::Document]));
        if let Some((_, field, direction)) = names {
            let mut filters = self.bound.filters;
            filters.direction = filters.direction.or(Some(direction));
            return QueryPlan { field, filters, ..QueryPlan::default() };
        }
        let item = !self.bound.filters.item.is_empty()
            && self.says(&[Word::Item, Word::Bought, Word::Price]);
        // "unpaid stuff from Makro": papers stand open, things do not
        let standing = !self.bound.filters.status.is_empty()
            && self.bound.filters.item.is_empty()
            && !self.says(&[Word::Bought]);
        if (self.says_item() || item) && !self.says(&[Word::Document]) && !standing {
            return self.bought();
        }
        let order = self.order_said();
        self.listed(order)
    }

    /// "Invoice numbers", and no "no" that may be another word.
    fn says_numbers(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| piece.is(Word::NumberLabel) && !piece.is_any(&[Word::Stop, Word::Not]))
    }

    fn listed(self, order: Option<Order>) -> QueryPlan {
        let filters = &self.bound.filters;
        let by_due = filters.date_field == DateField::DueDate
            || filters
                .status
                .iter()
                .any(|s| matches!(s, StatusFilter::Unpaid | StatusFilter::Overdue));
        let plain = if by_due {
            Order { by: OrderBy::DueDate, descending: false }
        } else {
            Order { by: OrderBy::IssueDate, descending: true }
        };
        let order = order.or_else(|| filters.number.is_none().then_some(plain));
        let numbers = filters.number.is_none() && self.says(&[Word::NumberLabel]);
        let numbers = numbers && self.says_numbers();
        QueryPlan {
            field: if numbers { Field::Number } else { Field::Invoice },
            order,
            limit: self.bound.limit,
            filters: self.bound.filters,
            ..QueryPlan::default()
        }
    }
}
