//! Whether a plan says everything that its sentence says: a word with a meaning that the plan
//! leaves out was not understood, and the sentence is asked about.

use super::{
    filters::Bound,
    piece::{Piece, has},
    token::Kind,
    word::{COMPANY, Role, Word},
};
use domain::{
    invoice::Direction,
    question::{
        DateField, Entity, Field, Filters, GroupBy, Metric, Order, OrderBy, QueryPlan, StatusFilter,
    },
};

/// Words that turn a meaning round or narrow it down: never mere company, whatever else they are.
const TURNING: [Word; 6] =
    [Word::Not, Word::Over, Word::Under, Word::AtLeast, Word::AtMost, Word::Except];

/// Words that keep others company in a question alone.
const COMPANY_HERE: [Word; 8] = [
    Word::What,
    Word::Who,
    Word::HowMuch,
    Word::NamedBefore,
    Word::OfThem,
    Word::WeMust,
    Word::Help,
    Word::Costs,
];

fn keeps_company(word: Word) -> bool {
    COMPANY.contains(&word) || COMPANY_HERE.contains(&word)
}

/// Returns whether every piece of a question has a place in its plan.
pub(super) fn is_whole(pieces: &[Piece], bound: &Bound, plan: &QueryPlan) -> bool {
    // "how many in total", but not "how many and which total"
    let joined = pieces.iter().any(|piece| piece.is(Word::And) && !piece.is(Word::Stop));
    let relative = has(pieces, &[Word::Relative])
        && has(pieces, &[Word::Document])
        && plan.metric == Metric::List;
    let told = Told { plan, filters: &plan.filters, joined, relative };
    let mut free = pieces.iter().zip(&bound.used).filter(|(_, used)| !**used);
    // "which vendor did we pay first": in time, and not the first of a rank
    let last = pieces.iter().rev().find(|piece| piece.kind != Kind::Mark);
    let in_time =
        last.is_some_and(|piece| piece.is(Word::Top) && piece.roles.contains(&Role::Ordinal(1)));
    let agreed = !in_time
        && !is_taken_back(pieces, bound)
        && !sums_the_first(pieces, plan)
        && pieces.iter().enumerate().all(|(at, piece)| !is_adjective(pieces, at, piece));
    let rough = pieces.iter().enumerate();
    let exact = !rough
        .into_iter()
        .any(|(at, piece)| piece.is_rough_before(pieces.get(at.saturating_add(1))));
    let timed = pieces.iter().enumerate().all(|(at, piece)| {
        !is_of_time(piece) || bound.is_beside_used(at) || told.explains_time(piece)
    });
    !contradicts(plan) && agreed && exact && timed && free.all(|(piece, _)| told.explains(piece))
}

/// "Last but one": a "but" in the middle takes something back; "billed but not paid" is both.
fn is_taken_back(pieces: &[Piece], bound: &Bound) -> bool {
    let open = bound.filters.status.contains(&StatusFilter::Unpaid);
    pieces.iter().zip(&bound.used).skip(1).any(|(piece, used)| {
        !used
            && !open
            && piece.is(Word::But)
            && !piece.is_any(&[Word::Only, Word::Except, Word::Stop])
    })
}

/// "Total of the three largest bills": a list of them is no sum.
fn sums_the_first(pieces: &[Piece], plan: &QueryPlan) -> bool {
    let small = |piece: &Piece| piece.kind == Kind::Mark || piece.is_any(&[Word::Stop, Word::Show]);
    let first = pieces.iter().find(|piece| !small(piece) || piece.is(Word::Total));
    first.is_some_and(|piece| piece.is(Word::Total))
        && plan.metric == Metric::List
        && plan.limit.is_some_and(|limit| limit > 1)
}

/// Returns whether a word of the calendar is small talk too: "im Jahr 2023", "the day after".
fn is_of_time(piece: &Piece) -> bool {
    let timed = |role: &Role| {
        matches!(role, Role::Unit(_) | Role::Month(_) | Role::Weekday(_) | Role::Season(_))
    };
    piece.is(Word::Stop) && piece.roles.iter().any(timed)
}

/// "The correct invoices": a word that agrees where it stands alone tells something of them elsewhere.
fn is_adjective(pieces: &[Piece], at: usize, piece: &Piece) -> bool {
    let is_end = |piece: Option<&Piece>| piece.is_none_or(|piece| piece.kind == Kind::Mark);
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    let behind = pieces.get(at.saturating_add(1));
    let alone = is_end(before) && !behind.is_some_and(|piece| piece.is(Word::Document));
    piece.is(Word::Yes) && !piece.is(Word::Stop) && !alone && !is_end(behind)
        || piece.is(Word::Yes) && before.is_some_and(|piece| piece.is(Word::Document))
}

/// Returns whether a plan contradicts itself: what we issue has no vendor, and what we receive no
/// customer.
fn contradicts(plan: &QueryPlan) -> bool {
    let filters = &plan.filters;
    let of_vendors = plan.field == Field::Vendor || plan.group_by == Some(GroupBy::Vendor);
    let of_customers = plan.field == Field::Customer || plan.group_by == Some(GroupBy::Customer);
    match filters.direction {
        Some(Direction::Issued) => of_vendors || !filters.vendor.is_empty(),
        Some(Direction::Received) => of_customers,
        None => false,
    }
}

/// What a plan tells.
struct Told<'a> {
    plan: &'a QueryPlan,
    filters: &'a Filters,
    /// Whether two things are joined.
    joined: bool,
    /// Whether a "that" tells which papers are meant.
    relative: bool,
}

impl Told<'_> {
    /// "By month", "which day".
    fn explains_time(&self, piece: &Piece) -> bool {
        piece.roles.iter().any(|role| match role {
            Role::Unit(unit) => self.plan.group_by == Some(GroupBy::Calendar(*unit)),
            _ => false,
        })
    }

    fn explains(&self, piece: &Piece) -> bool {
        if piece.roles.is_empty() {
            // a number, code, date or address without a place
            return piece.kind == Kind::Mark;
        }
        if piece.is_any(&[Word::Beyond, Word::OtherPaper]) {
            // "how much more in May than in April"
            return piece.is(Word::HowMuch) && self.plan.against.is_some();
        }
        if piece.is(Word::Later) && !piece.is_any(&[Word::Is, Word::When]) && self.is_of_the_past()
        {
            return false;
        }
        // "gasté más en mayo": more than when? It is no "and" there
        let paid = piece.is_any(&[Word::Paid, Word::WePaid]) && !piece.is(Word::Unpaid);
        if self.relative && paid {
            return self.says_standing(Word::Paid);
        }
        let turns = piece.is_any(&TURNING) || piece.is(Word::Most);
        piece.roles.iter().any(|role| match role {
            Role::Word(word) => !turns && keeps_company(*word) || self.says(*word),
            Role::Ordinal(1) => self.says(Word::Oldest),
            Role::Unit(unit) | Role::Every(unit) => {
                self.plan.group_by == Some(GroupBy::Calendar(*unit))
            }
            _ => false,
        })
    }

    /// Money that went or came, and nothing that is yet to be paid.
    fn is_of_the_past(&self) -> bool {
        self.filters.direction.is_some()
            && self.filters.status.is_empty()
            && self.filters.date_field == DateField::IssueDate
    }

    fn says(&self, word: Word) -> bool {
        self.says_figure(word) || self.says_side(word) || self.says_standing(word)
    }

    /// What is computed, of what, split by what and in which order.
    fn says_figure(&self, word: Word) -> bool {
        let (metric, field, group) = (self.plan.metric, self.plan.field, self.plan.group_by);
        let ordered =
            |by: &[OrderBy]| self.plan.order.is_some_and(|order: Order| by.contains(&order.by));
        let extreme = matches!(metric, Metric::Max | Metric::Min);
        let ranked = extreme
            || ordered(&[OrderBy::Value, OrderBy::Total, OrderBy::UnitPrice, OrderBy::Amount])
            || ordered(&[OrderBy::Quantity]);
        let bounded = self.filters.min.is_some()
            || self.filters.max.is_some()
            || self.filters.having_min.is_some();
        let of_items = self.plan.entity == Entity::Item || !self.filters.item.is_empty();
        match word {
            Word::HowMany => {
                metric == Metric::Count || matches!(field, Field::Quantity | Field::Tax)
            }
            Word::Total => {
                metric == Metric::Sum
                    || metric == Metric::Count && !self.joined
                    || ranked
                    || bounded
                    || self.plan.against.is_some()
            }
            Word::Amount => metric != Metric::Count && metric != Metric::List || ranked || bounded,
            Word::Average => metric == Metric::Avg || self.plan.averaged,
            Word::More | Word::Or => self.plan.against.is_some() || self.holds_names(),
            Word::Distinct => matches!(field, Field::Vendor | Field::Customer),
            Word::When => metric == Metric::List,
            Word::Most if self.plan.against.is_some() => true,
            Word::Largest | Word::Most | Word::Top => ranked && !self.is_smallest(),
            Word::Smallest | Word::Least => ranked && self.is_smallest(),
            // in their order, all of them would be shown that are not the last
            Word::Latest | Word::Oldest | Word::Last => {
                ordered(&[OrderBy::IssueDate])
                    && (self.plan.limit.is_some() || metric != Metric::List)
            }
            Word::Per => group.is_some() || ranked,
            Word::Rank => ranked,
            Word::Sort => ordered(&[OrderBy::Total]) && group.is_none(),
            Word::Compare => self.holds_names(),
            Word::Split => group.is_some(),
            Word::Ascending => self.plan.order.is_some_and(|order| !order.descending),
            Word::Descending => self.plan.order.is_some_and(|order| order.descending),
            Word::Item => {
                of_items || group == Some(GroupBy::Item) || !self.filters.status.is_empty()
            }
            Word::Price => of_items || matches!(field, Field::UnitPrice) || ranked || bounded,
            Word::Quantity | Word::Container => of_items,
            Word::Tax => field == Field::Tax || self.filters.tax_max.is_some(),
            Word::Net => field == Field::Subtotal,
            Word::NoTax => field == Field::Subtotal || self.filters.tax_max.is_some(),
            Word::Included => field == Field::Total,
            Word::CurrencyNoun => {
                group == Some(GroupBy::Currency) || !self.filters.currency.is_empty()
            }
            Word::Category => group == Some(GroupBy::Category) || !self.filters.category.is_empty(),
            Word::NumberLabel => self.filters.number.is_some() || field == Field::Number,
            Word::SoFar => self.filters.date_to.is_some(),
            _ => false,
        }
    }

    /// One vendor or kind of expense against another.
    fn holds_names(&self) -> bool {
        let of =
            |group: GroupBy, names: &[String]| self.plan.group_by == Some(group) && names.len() > 1;
        of(GroupBy::Vendor, &self.filters.vendor) || of(GroupBy::Category, &self.filters.category)
    }

    fn is_smallest(&self) -> bool {
        self.plan.metric == Metric::Min
            || self.plan.order.is_some_and(|order| !order.descending)
                && self.plan.metric != Metric::Max
    }

    /// Whose invoices, and which way the money went.
    fn says_side(&self, word: Word) -> bool {
        let (field, group, filters) = (self.plan.field, self.plan.group_by, self.filters);
        let of_vendor = !filters.vendor.is_empty() || !filters.vendor_not.is_empty();
        let of_customer = !filters.customer.is_empty();
        let goes = |way: Direction| filters.direction == Some(way);
        let closed =
            filters.status.contains(&StatusFilter::Paid) || filters.date_field == DateField::PaidAt;
        let open = filters.status.contains(&StatusFilter::Unpaid)
            || filters.status.contains(&StatusFilter::Overdue);
        let one = filters.number.is_some();
        match word {
            Word::Except | Word::Not => !filters.vendor_not.is_empty(),
            Word::Vendor => {
                // "what did we pay suppliers"
                group == Some(GroupBy::Vendor)
                    || field == Field::Vendor
                    || of_vendor
                    || of_customer
                    || goes(Direction::Received) && self.plan.metric == Metric::Sum && !self.joined
            }
            Word::Customer => {
                group == Some(GroupBy::Customer)
                    || field == Field::Customer
                    || of_customer
                    || goes(Direction::Issued)
            }
            Word::Spend | Word::WePaid => goes(Direction::Received) || of_vendor || closed || one,
            Word::Received => goes(Direction::Received) || of_vendor || one,
            Word::Bought => {
                self.plan.entity == Entity::Item || goes(Direction::Received) || of_vendor
            }
            Word::Sent if goes(Direction::Received) => of_vendor || group == Some(GroupBy::Vendor),
            Word::Income | Word::Collected | Word::Sent => {
                goes(Direction::Issued) || of_customer || one
            }
            // "the invoices that Bob has paid" are those, and no others of his
            Word::PaidUs if self.plan.field == Field::Invoice => closed || open || one,
            Word::PaidUs => {
                filters.direction.is_some() || of_customer || of_vendor || one || closed
            }
            Word::OweMe | Word::Owe => !filters.status.is_empty(),
            _ => false,
        }
    }

    /// Where the invoices stand.
    fn says_standing(&self, word: Word) -> bool {
        let filters = self.filters;
        let one = filters.number.is_some();
        let has = |status: StatusFilter| filters.status.contains(&status) || one;
        match word {
            Word::Status => self.plan.group_by == Some(GroupBy::Status) || one,
            Word::Paid => {
                has(StatusFilter::Paid)
                    || filters.date_field == DateField::PaidAt
                    || filters.direction.is_some() && !self.relative
            }
            Word::Unpaid => has(StatusFilter::Unpaid) || has(StatusFilter::Overdue),
            Word::Overdue => has(StatusFilter::Overdue),
            Word::Draft => has(StatusFilter::Draft),
            Word::Cancelled => has(StatusFilter::Cancelled),
            Word::Due | Word::DueDate => {
                filters.date_field == DateField::DueDate
                    || has(StatusFilter::Unpaid)
                    || has(StatusFilter::Overdue)
            }
            _ => false,
        }
    }
}
