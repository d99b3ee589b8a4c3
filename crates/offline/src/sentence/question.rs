//! A question about stored invoices becomes a plan.
//!
//! Every word must be accounted for: what no rule binds is a name after a preposition, or the
//! question is not understood.

use super::{
    business::{compares, is_business},
    filters::{self, Bound},
    follow_up::{follow_up, is_follow_up, previous},
    group::{group_of, group_order, noun_group},
    piece::{Parsed, Piece},
    word::{Role, Word},
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
    if let Some(last) = previous(sentence)
        && is_follow_up(parsed)
    {
        return follow_up(parsed, sentence, last).or_else(|| fresh(parsed, sentence));
    }
    fresh(parsed, sentence)
}

/// Returns the plan of a question that stands alone.
pub(super) fn fresh(parsed: &Parsed, sentence: &Sentence) -> Option<QueryPlan> {
    let bound = filters::bind(parsed, sentence);
    if !bound.is_whole(&parsed.pieces)
        || !is_business(parsed, sentence, &bound)
        || compares(parsed, &bound)
    {
        return None;
    }
    let against = bound.against;
    let plan = Assembly { pieces: &parsed.pieces, bound }.plan();
    let is_figure = matches!(plan.metric, Metric::Sum | Metric::Count) && plan.group_by.is_none();
    (against.is_none() || is_figure).then_some(QueryPlan { against, ..plan })
}

/// Puts the bound slots together.
struct Assembly<'a> {
    pieces: &'a [Piece],
    bound: Bound,
}

impl Assembly<'_> {
    fn says(&self, words: &[Word]) -> bool {
        self.pieces.iter().enumerate().any(|(at, piece)| {
            piece.is_any(words) && !self.bound.used.get(at).copied().unwrap_or(false)
        })
    }

    fn plan(mut self) -> QueryPlan {
        if let Some(group) = self.limited_group() {
            return self.grouped(group, false);
        }
        let ranked = self.ranked_group();
        let group = ranked.or_else(|| group_of(self.pieces));
        if let Some(group) = group {
            return self.grouped(group, ranked.is_some());
        }
        if self.bound.filters.number.is_some() && !self.says(&[Word::HowMuch, Word::Total]) {
            return self.listed(None, None);
        }
        if self.says(&[Word::HowMany]) {
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
        let names_none = self.bound.filters.item.is_empty() && self.bound.filters.vendor.is_empty();
        if self.says(&[Word::Bought]) && names_none && !self.says(&about_money) {
            return self.bought();
        }
        // "Stromkosten": the category is bound, and the money is asked for all the same
        let costs = |piece: &Piece| {
            piece.is(Word::Spend)
                && piece.roles.iter().any(|role| matches!(role, Role::Category(_)))
        };
        let money = self.says(&[Word::HowMuch, Word::Total, Word::Net])
            || self.pieces.iter().any(costs)
            || (self.says(&[Word::Spend, Word::Income, Word::OweMe, Word::Tax, Word::Owe])
                && !self.says(&[Word::Document]));
        let listing = self.says(&[Word::Show, Word::Which])
            && (self.says(&[Word::Document]) || !self.bound.filters.status.is_empty())
            && !self.says(&[Word::HowMuch, Word::Total]);
        if money && !listing {
            return self.summed(Metric::Sum);
        }
        self.names_or_rows()
    }

    /// "Which suppliers cost me the most", "top 5 customers", "which month was the dearest".
    fn ranked_group(&self) -> Option<GroupBy> {
        let ranks = self.says(&[Word::Most, Word::Largest, Word::Smallest, Word::Least, Word::Top]);
        if !ranks {
            return None;
        }
        let asked = self
            .pieces
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.bound.used.get(*at).copied().unwrap_or(false));
        let nouns: Vec<GroupBy> = asked.filter_map(|(_, piece)| noun_group(piece)).collect();
        let group = nouns.into_iter().find(|group| {
            !matches!(group, GroupBy::Item)
                && (!matches!(group, GroupBy::Calendar(_))
                    || (self.says(&[Word::Which, Word::What, Word::Most])
                        || !self.says(&[Word::Document])))
        })?;
        (!self.says(&[Word::Document])
            || !matches!(group, GroupBy::Vendor | GroupBy::Customer)
            || self.says(&[Word::Which, Word::Who, Word::Most]))
        .then_some(group)
    }

    /// "Vendors where I spent more than 1000": the limit is on the sum of each group.
    fn limited_group(&mut self) -> Option<GroupBy> {
        let group = [(Word::Vendor, GroupBy::Vendor), (Word::Customer, GroupBy::Customer)];
        let (_, group) = group.into_iter().find(|(word, _)| self.says(&[*word]))?;
        let sums = self.says(&[Word::Spend, Word::Income, Word::Bought, Word::OweMe]);
        if !sums || self.says(&[Word::Document]) {
            return None;
        }
        self.bound.filters.having_min = Some(self.bound.filters.min.take()?);
        Some(group)
    }

    /// "Sorted by amount, lowest first".
    fn order_said(&self) -> Option<Order> {
        let by_amount = self.pieces.windows(2).any(|pair| {
            matches!(pair, [one, next] if one.is(Word::Per) && next.is_any(&[Word::Amount, Word::Total]))
        });
        let up = self.says(&[Word::Ascending]);
        by_amount.then_some(Order { by: OrderBy::Total, descending: !up })
    }

    fn grouped(mut self, group: GroupBy, ranked: bool) -> QueryPlan {
        let count = self.says(&[Word::HowMany]);
        let average = self.says(&[Word::Average]);
        let filters = &mut self.bound.filters;
        if filters.direction.is_none() {
            filters.direction = match group {
                GroupBy::Vendor => Some(Direction::Received),
                GroupBy::Customer => Some(Direction::Issued),
                GroupBy::Calendar(_) if ranked => Some(Direction::Received),
                _ => None,
            };
        }
        let field = self.money_field();
        let smallest = self.says(&[Word::Smallest, Word::Least]);
        let order = if ranked {
            Order { by: OrderBy::Value, descending: !smallest }
        } else {
            group_order(group)
        };
        let one = ranked && self.singular();
        QueryPlan {
            entity: if group == GroupBy::Item { Entity::Item } else { Entity::Invoice },
            metric: if count {
                Metric::Count
            } else if average {
                Metric::Avg
            } else {
                Metric::Sum
            },
            field: match (count, group) {
                (true, _) => Field::Id,
                (false, GroupBy::Item) => Field::Amount,
                _ => field,
            },
            group_by: Some(group),
            order: Some(order),
            limit: self.bound.limit.or(one.then_some(1)),
            filters: self.bound.filters,
            against: None,
        }
    }

    /// "Which supplier" asks for one, "which suppliers" for many.
    fn singular(&self) -> bool {
        self.pieces.iter().any(|piece| {
            noun_group(piece).is_some()
                && !["s", "n", "i", "en", "er"].iter().any(|end| {
                    let plural = piece.folded.ends_with(end) && piece.folded.len() > 4;
                    plural && !["kunden", "mes", "mois"].contains(&piece.folded.as_str())
                })
        })
    }

    fn money_field(&self) -> Field {
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
            .skip_while(|(_, piece)| !piece.is(Word::HowMany))
            .skip(1);
        let noun = nouns.map(|(_, piece)| piece).find(|piece| {
            !piece.is_any(&[Word::Stop])
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
        if field == Field::Vendor && filters.direction.is_none() {
            filters.direction = Some(Direction::Received);
        }
        QueryPlan { metric: Metric::Count, field, filters, ..QueryPlan::default() }
    }

    fn summed(mut self, metric: Metric) -> QueryPlan {
        let field = self.money_field();
        let item = !self.bound.filters.item.is_empty() || self.says(&[Word::Price]);
        let average_price = item && metric == Metric::Avg;
        if self.bound.filters.status.is_empty() && self.says(&[Word::OweMe, Word::Owe]) {
            self.bound.filters.status = vec![StatusFilter::Unpaid];
        }
        let (entity, field) = match (item, average_price || self.says(&[Word::Price])) {
            (true, true) => (Entity::Item, Field::UnitPrice),
            (true, false) if field == Field::Total => (Entity::Item, Field::Amount),
            _ => (Entity::Invoice, field),
        };
        QueryPlan { entity, metric, field, filters: self.bound.filters, ..QueryPlan::default() }
    }

    /// "The five most expensive invoices", "cheapest thing", "latest invoice".
    fn extreme(&mut self) -> Option<QueryPlan> {
        let items = self.says(&[Word::Item])
            || (self.says(&[Word::Price]) && !self.says(&[Word::Document]))
            || self.says(&[Word::Bought]);
        let large = self.says(&[Word::Largest, Word::Top])
            || (self.says(&[Word::Most]) && self.says(&[Word::Document]));
        let small = self.says(&[Word::Smallest]);
        let filters = self.bound.filters.clone();
        if large || small {
            let (metric, one) =
                (if large { Metric::Max } else { Metric::Min }, self.bound.limit.is_none());
            if items && one {
                return Some(QueryPlan {
                    entity: Entity::Item,
                    metric,
                    field: Field::UnitPrice,
                    filters,
                    ..QueryPlan::default()
                });
            }
            if items {
                let order = Order { by: OrderBy::UnitPrice, descending: large };
                return Some(QueryPlan {
                    entity: Entity::Item,
                    metric: Metric::List,
                    field: Field::Item,
                    order: Some(order),
                    limit: self.bound.limit,
                    filters,
                    group_by: None,
                    against: None,
                });
            }
            if !self.says(&[Word::Document, Word::It]) && one {
                return Some(QueryPlan {
                    metric,
                    field: self.money_field(),
                    filters,
                    ..QueryPlan::default()
                });
            }
            let many = self.bound.limit.or(Some(1));
            return Some(self.rows(
                filters,
                Some(Order { by: OrderBy::Total, descending: large }),
                many,
            ));
        }
        let (late, early) = (self.says(&[Word::Latest]), self.says(&[Word::Oldest]));
        if (late || early) && self.says(&[Word::Document]) && !self.says(&[Word::HowMuch]) {
            let order = Order { by: OrderBy::IssueDate, descending: late };
            return Some(self.rows(filters, Some(order), self.bound.limit.or(Some(1))));
        }
        None
    }

    fn rows(
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
        if let Some((_, field, direction)) = asked.filter(|_| !self.says(&[Word::Document])) {
            let mut filters = self.bound.filters;
            filters.direction = filters.direction.or(Some(direction));
            return QueryPlan { field, filters, ..QueryPlan::default() };
        }
        let item = !self.bound.filters.item.is_empty()
            && self.says(&[Word::Item, Word::Bought, Word::Price]);
        if (self.says(&[Word::Item]) || item) && !self.says(&[Word::Document]) {
            return self.bought();
        }
        let (order, limit) = (self.order_said(), self.bound.limit);
        self.listed(order, limit)
    }

    /// Item lines, the newest first.
    fn bought(self) -> QueryPlan {
        QueryPlan {
            entity: Entity::Item,
            field: Field::Item,
            filters: self.bound.filters,
            order: Some(Order { by: OrderBy::IssueDate, descending: true }),
            ..QueryPlan::default()
        }
    }

    fn listed(self, order: Option<Order>, limit: Option<u32>) -> QueryPlan {
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
        QueryPlan {
            field: Field::Invoice,
            order,
            limit,
            filters: self.bound.filters,
            ..QueryPlan::default()
        }
    }
}
