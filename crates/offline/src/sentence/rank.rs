//! Ranks: "which suppliers cost the most", "top 5 customers", "the dearest invoice".

use super::{
    group::noun_group,
    lexicon,
    piece::Piece,
    question::Assembly,
    token::Kind,
    word::{Role, Word},
};
use domain::{
    invoice::Direction,
    question::{
        DateField, Entity, Field, Filters, GroupBy, Metric, Order, OrderBy, QueryPlan, StatusFilter,
    },
};

/// "More" of one than of another.
pub(super) fn is_more(piece: &Piece) -> bool {
    const MORE: [&str; 14] = [
        "more", "less", "mehr", "weniger", "mas", "menos", "plus", "moins", "piu", "meno", "meer",
        "minder", "mais", "most",
    ];
    MORE.contains(&piece.folded.as_str())
}

impl Assembly<'_> {
    /// Things by their noun; "cosa" in "che cosa" is no thing.
    pub(super) fn says_item(&self) -> bool {
        self.pieces.iter().zip(&self.bound.used).any(|(piece, used)| {
            !used && piece.is(Word::Item) && !piece.is_any(&[Word::What, Word::Which])
        })
    }

    /// "Which suppliers cost me the most", "top 5 customers", "which month was the dearest".
    pub(super) fn ranked_group(&self) -> Option<GroupBy> {
        let ranks = self.says(&[Word::Most, Word::Largest, Word::Smallest, Word::Least, Word::Top]);
        // "compare Lidl and Carrefour", "Slack or Zoom: which cost us more"
        let more = self.pieces.iter().any(is_more);
        let chosen = more && self.says(&[Word::Or]) && self.says(&[Word::Spend, Word::Costs]);
        if (chosen || self.says(&[Word::Compare])) && self.bound.filters.vendor.len() > 1 {
            return Some(GroupBy::Vendor);
        }
        if self.says(&[Word::Compare]) && self.bound.filters.category.len() > 1 {
            return Some(GroupBy::Category);
        }
        if self.says(&[Word::Rank]) {
            let nouns = [GroupBy::Vendor, GroupBy::Customer, GroupBy::Category, GroupBy::Item];
            let mut said = self.pieces.iter().filter_map(noun_group);
            return said.find(|group| nouns.contains(group));
        }
        if !ranks {
            return self.group_by_money();
        }
        let asked = self
            .pieces
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.bound.used.get(*at).copied().unwrap_or(false));
        // "top ten products by spend": the money of each, not the dearest single one
        let by_money = self.says(&[Word::Spend, Word::Income, Word::Total, Word::Amount]);
        if by_money && self.says(&[Word::Top, Word::Most]) && self.says_item() {
            return Some(GroupBy::Item);
        }
        // "Who do we spend the most with?"
        if self.says(&[Word::Who]) && self.says(&[Word::Most, Word::Least]) {
            let pays = self.says(&[Word::Income, Word::OweMe, Word::PaidUs]);
            return Some(if pays { GroupBy::Customer } else { GroupBy::Vendor });
        }
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

    /// "Vendors by spend": each with what went to him, the most first.
    fn group_by_money(&self) -> Option<GroupBy> {
        let money = [Word::Spend, Word::Income, Word::Total, Word::Amount];
        if matches!(self.code, "ar" | "hi") {
            return None;
        }
        self.pieces.windows(3).find_map(|three| match three {
            [noun, per, by]
                if per.is(Word::Per) && by.is_any(&money) && noun.is_plural(self.code) =>
            {
                noun_group(noun)
                    .filter(|group| matches!(group, GroupBy::Vendor | GroupBy::Customer))
            }
            _ => None,
        })
    }

    /// "Vendors where I spent more than 1000": the limit is on the sum of each group.
    pub(super) fn limited_group(&mut self) -> Option<GroupBy> {
        let group = [(Word::Vendor, GroupBy::Vendor), (Word::Customer, GroupBy::Customer)];
        let (_, group) = group.into_iter().find(|(word, _)| self.says(&[*word]))?;
        let sums = self.says(&[Word::Spend, Word::Income, Word::Bought, Word::OweMe]);
        if !sums || self.says(&[Word::Document]) {
            return None;
        }
        self.bound.filters.having_min = Some(self.bound.filters.min.take()?);
        Some(group)
    }

    /// "Who owes me money?", "which customers still owe us", "wem schulde ich noch was": each of them with
    /// what he owes or is owed.
    pub(super) fn debtors(&self) -> Option<GroupBy> {
        let asks = |noun: Word| {
            self.says(&[Word::Who])
                || self.says(&[Word::Which, Word::Show])
                    && self.says(&[noun])
                    && !self.says(&[Word::Document])
        };
        // "which customers owe me, and how much": of each
        let which = self.pieces.iter().find(|piece| piece.kind != Kind::Mark);
        let leads = which.is_some_and(|piece| piece.is_any(&[Word::Which, Word::Who]));
        if self.says(&[Word::HowMuch, Word::Total]) && !leads {
            return None;
        }
        if self.says(&[Word::OweMe]) && asks(Word::Customer) {
            return Some(GroupBy::Customer);
        }
        (self.says(&[Word::Owe]) && asks(Word::Vendor)).then_some(GroupBy::Vendor)
    }

    pub(super) fn owed(self, debtors: GroupBy) -> QueryPlan {
        let most = Order { by: OrderBy::Value, descending: true };
        QueryPlan { order: Some(most), ..self.grouped(debtors, false) }
    }

    /// "Which customers did I invoice in May": names, and no sum.
    pub(super) fn asks_for_names(&self) -> bool {
        let nouns = [Word::Vendor, Word::Customer];
        let figures = [Word::HowMuch, Word::Total, Word::Tax, Word::Net];
        !self.pieces.iter().any(|piece| piece.is_any(&figures) && !piece.is(Word::What))
            && self.pieces.windows(2).any(|pair| {
                matches!(pair, [which, noun] if which.is_any(&[Word::Which, Word::Show])
                    && noun.is_any(&nouns)
                    && noun.is_plural(self.code))
            })
    }

    /// "Who bought from us in May", "who has paid us": names, and no sum.
    pub(super) fn asks_for_payers(&self) -> bool {
        let figures = [Word::HowMuch, Word::HowMany, Word::Total, Word::Average, Word::Most];
        let filters = &self.bound.filters;
        let small =
            |piece: &&Piece| piece.kind == Kind::Mark || piece.is_any(&[Word::Do, Word::Is]);
        let first = self.pieces.iter().find(|piece| !small(piece) || piece.is(Word::Who));
        first.is_some_and(|piece| piece.is(Word::Who))
            && self.says(&[Word::Income, Word::PaidUs])
            && !self.says(&[Word::OweMe])
            && !self.says(&figures)
            && filters.status.iter().all(|status| *status == StatusFilter::Paid)
            && filters.vendor.is_empty()
            && filters.customer.is_empty()
            && filters.number.is_none()
    }

    /// Returns the names of those who bought or paid.
    pub(super) fn payers(mut self) -> QueryPlan {
        let paid = self.says(&[Word::Collected, Word::PaidUs]);
        let filters = &mut self.bound.filters;
        filters.direction = Some(Direction::Issued);
        if paid {
            filters.status = vec![StatusFilter::Paid];
        }
        if paid && (filters.date_from.is_some() || filters.date_to.is_some()) {
            filters.date_field = DateField::PaidAt;
        }
        let filters = self.bound.filters;
        QueryPlan { field: Field::Customer, filters, ..QueryPlan::default() }
    }

    /// "Sorted by amount, lowest first".
    pub(super) fn order_said(&self) -> Option<Order> {
        let by_amount = self.pieces.windows(2).any(|pair| {
            matches!(pair, [one, next] if one.is(Word::Per) && next.is_any(&[Word::Amount, Word::Total]))
        });
        let up = self.says(&[Word::Ascending]);
        if let Some(first) = self.first_of_all() {
            return Some(Order { by: first, descending: !up });
        }
        let dated = self.says(&[Word::Due, Word::DueDate, Word::Dated]);
        let ranked = self.says(&[Word::Rank, Word::Sort]) && self.says(&[Word::Document]) && !dated;
        (by_amount || ranked).then_some(Order { by: OrderBy::Total, descending: !up })
    }

    /// "Biggest first", "die neuesten zuerst": by which of the two a list is put in order.
    fn first_of_all(&self) -> Option<OrderBy> {
        let order = [Word::Ascending, Word::Descending];
        let said = self.pieces.iter().find(|piece| piece.is_any(&order))?;
        let filters = &self.bound.filters;
        let narrowed = !filters.status.is_empty() || filters.min.is_some() || filters.max.is_some();
        if !self.says(&[Word::Document]) && !narrowed {
            return None;
        }
        let of_time = [Word::Latest, Word::Oldest].map(Role::Word);
        let lexicon = lexicon::of(self.code)?;
        let words: Vec<&str> = said.folded.split(' ').collect();
        let timed = (1..=2)
            .flat_map(|length| words.windows(length))
            .any(|run| lexicon.roles(&run.join(" ")).iter().any(|role| of_time.contains(role)));
        Some(if timed { OrderBy::IssueDate } else { OrderBy::Total })
    }

    /// "Combien de TVA": the money, though what is asked for with the word of numbers.
    pub(super) fn asks_for_tax(&self) -> bool {
        self.pieces
            .windows(2)
            .any(|pair| matches!(pair, [many, tax] if many.is(Word::HowMany) && tax.is(Word::Tax)))
    }

    /// "Which supplier" asks for one, "which suppliers" for many.
    pub(super) fn singular(&self) -> bool {
        let ends: &[&str] = match self.code {
            "it" => &["i"],
            "de" => &["en", "n"],
            "nl" => &["en", "s"],
            "ar" => &["ين", "ون", "ات", "اء"],
            _ => &["s"],
        };
        let is_many = |noun: &str| {
            let alone = ["kundin", "mes", "mois", "monat", "termin"].contains(&noun);
            !alone && noun.chars().count() > 4 && ends.iter().any(|end| noun.ends_with(end))
        };
        // "this year" is when, and not what is asked for
        let free = self.pieces.iter().zip(&self.bound.used).filter(|(_, used)| !**used);
        let mut nouns = free.map(|(piece, _)| piece).filter(|piece| noun_group(piece).is_some());
        let noun = nouns.next();
        let one = noun.is_some_and(|noun| !is_many(&noun.folded))
            || nouns.any(|piece| !is_many(&piece.folded));
        one || noun.is_none() && self.says(&[Word::Who]) && self.says(&[Word::Most, Word::Least])
    }

    /// "The five most expensive invoices", "cheapest thing", "latest invoice".
    pub(super) fn extreme(&mut self) -> Option<QueryPlan> {
        let items = self.says_item()
            || (self.says(&[Word::Price]) && !self.says(&[Word::Document]))
            || self.says(&[Word::Bought]);
        let first = self.first_paper();
        let large = !first && self.says(&[Word::Largest, Word::Top])
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
                return Some(self.ranked_items(filters, large));
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
        // "how much was the last Vodafone bill": what it came to stands in it
        let one =
            self.pieces.iter().any(|piece| piece.is(Word::Document) && !piece.is_plural(self.code))
                && self.bound.limit.is_none();
        let last = one && self.says(&[Word::Last]);
        let (late, early) =
            (last || self.says(&[Word::Latest]), first || self.says(&[Word::Oldest]));
        let asked = one || !self.says(&[Word::HowMuch]);
        // "when did Amazon last bill me"
        let of_somebody = self.says(&[Word::When]) && !filters.vendor.is_empty();
        if (late || early) && (self.says(&[Word::Document]) || of_somebody) && asked {
            let order = Order { by: OrderBy::IssueDate, descending: late };
            return Some(self.rows(filters, Some(order), self.bound.limit.or(Some(1))));
        }
        None
    }

    /// Item lines, the newest first; "who did we buy from" asks for names.
    pub(super) fn bought(mut self) -> QueryPlan {
        // in Arabic the word for "who" is the one for "from" too
        if self.says(&[Word::Who]) && self.bound.filters.vendor.is_empty() {
            self.bound.filters.direction = Some(Direction::Received);
            let filters = self.bound.filters;
            return QueryPlan { field: Field::Vendor, filters, ..QueryPlan::default() };
        }
        let newest = Order { by: OrderBy::IssueDate, descending: true };
        // "when did I last buy coffee"
        let last = self.says(&[Word::When]) && self.says(&[Word::Latest, Word::Last]);
        // "items by amount"
        let dearest = self.order_said().map(|order| Order { by: OrderBy::Amount, ..order });
        QueryPlan {
            entity: Entity::Item,
            field: Field::Item,
            filters: self.bound.filters,
            order: Some(dearest.unwrap_or(newest)),
            limit: last.then_some(1),
            ..QueryPlan::default()
        }
    }

    /// "The three dearest purchases" are ours.
    fn ranked_items(&self, mut filters: Filters, descending: bool) -> QueryPlan {
        let ours = self.says(&[Word::Bought]) && filters.customer.is_empty();
        filters.direction = filters.direction.or(ours.then_some(Direction::Received));
        QueryPlan {
            entity: Entity::Item,
            field: Field::Item,
            order: Some(Order { by: OrderBy::UnitPrice, descending }),
            limit: self.bound.limit,
            filters,
            ..QueryPlan::default()
        }
    }

    /// "First invoice from Netflix": the oldest one, and not the dearest.
    fn first_paper(&self) -> bool {
        let first = |piece: &Piece| piece.roles.contains(&Role::Ordinal(1));
        let paper = |piece: &Piece| piece.is(Word::Document) && !piece.folded.ends_with('s');
        self.bound.limit.is_none()
            && self.pieces.windows(2).any(|pair| match pair {
                [one, other] => first(one) && paper(other) || paper(one) && first(other),
                _ => false,
            })
    }
}
