//! A text that only changes the question before it: "and in July?", "only the unpaid ones".

use super::{
    account,
    filters::{self, Bound},
    group::{group_of, group_order},
    piece::{Parsed, Piece, has, parse_text},
    question::fresh,
    token::Kind,
    word::{Role, Word},
};
use domain::{
    dates::{Date, Period, Unit},
    invoice::Direction,
    question::{
        Against, DateField, Entity, Field, Filters, GroupBy, Metric, Order, OrderBy, QueryPlan,
    },
};
use jiff::ToSpan;
use ports::model::Sentence;

pub(super) fn previous(sentence: &Sentence) -> Option<QueryPlan> {
    sentence.last_plan.clone().or_else(|| {
        let mut so_far: Option<QueryPlan> = None;
        for exchange in &sentence.context {
            let parsed = parse_text(&exchange.user, sentence);
            let next = match so_far.clone() {
                Some(last) if is_follow_up(&parsed, sentence) => {
                    follow_up(&parsed, sentence, || Some(last))
                }
                _ => fresh(&parsed, sentence),
            };
            so_far = next.or(so_far);
        }
        so_far
    })
}

/// Returns whether a text only changes the question before it: "and in June?", "only the unpaid ones". A
/// question that says what it asks about stands alone, whatever was asked before.
pub(super) fn is_follow_up(parsed: &Parsed, sentence: &Sentence) -> bool {
    let pieces = &parsed.pieces;
    // "yes, this morning" answers
    let mut said = pieces.iter().skip_while(|piece| piece.is_mark("¿¡"));
    let answers = said.next().is_some_and(|piece| piece.is(Word::Yes))
        && said.next().is_some_and(|piece| piece.is_mark(",.!"));
    if answers || stands_alone(pieces) {
        return false;
    }
    if has(pieces, &[Word::OfThem]) && !has(pieces, &[Word::Document]) {
        return true;
    }
    // "sorry, I meant Sainsbury's"
    let talk = |piece: &&Piece| {
        piece.is_mark("¿¡.,!?")
            || piece.is_any(&[Word::Stop, Word::Not])
                && !piece.is_any(&[Word::WhatAbout, Word::And, Word::Only])
    };
    let leads = pieces.iter().find(|piece| !talk(piece));
    let led = leads.is_some_and(|piece| piece.is_any(&[Word::WhatAbout, Word::And, Word::Only]));
    if !led && asks_of_its_own(parsed, sentence) {
        return false;
    }
    let asks = has(pieces, &[Word::HowMuch, Word::HowMany, Word::Total]);
    let money = [Word::Spend, Word::Income, Word::OweMe, Word::Owe, Word::Bought, Word::Price];
    let of_its_own = has(pieces, &money);
    let papers = has(pieces, &[Word::Document]);
    // "And how many invoices is that?" narrows nothing down, so it asks about the same ones.
    let says_nothing = || filters::is_empty(&filters::bind(parsed, sentence).filters);
    let whole = (asks || has(pieces, &[Word::Show, Word::Which])) && (papers || of_its_own);
    let bare = !has(pieces, &[Word::Show, Word::Create]) && !papers && !of_its_own;
    // "show only the three largest", "detail it by quarter": no noun of its own, and nothing that narrows down
    let nouns = [Word::Vendor, Word::Customer, Word::Item, Word::All, Word::Tax, Word::Create];
    let points = has(pieces, &[Word::Show])
        && !papers
        && !of_its_own
        && !has(pieces, &nouns)
        && says_nothing();
    points || led && (!whole || !of_its_own && says_nothing()) || bare && (!asks || says_nothing())
}

/// "Who is INV-8 for?", "what is the average price of diesel?": a question word with an invoice's number,
/// or with a figure and of what.
fn asks_of_its_own(parsed: &Parsed, sentence: &Sentence) -> bool {
    let pieces = &parsed.pieces;
    let asks =
        [Word::What, Word::Which, Word::Who, Word::When, Word::HowMuch, Word::Show, Word::Is];
    let figure = has(pieces, &[Word::Average, Word::Price]);
    if !has(pieces, &asks) || !figure && !pieces.iter().any(|piece| piece.kind == Kind::Code) {
        return false;
    }
    let said = filters::bind(parsed, sentence).filters;
    let of_what = !said.item.is_empty() || !said.category.is_empty() || !said.vendor.is_empty();
    said.number.is_some() || figure && of_what
}

/// Returns whether a text begins with an "and" and has no word of money or papers of its own.
pub(super) fn only_points_back(parsed: &Parsed) -> bool {
    let pieces = &parsed.pieces;
    let leads = pieces.iter().find(|piece| !piece.is_mark("¿¡.,!?"));
    let led = leads
        .is_some_and(|piece| piece.is_any(&[Word::WhatAbout, Word::And]) && !piece.is(Word::Or));
    let own = [Word::Document, Word::Spend, Word::Income, Word::OweMe, Word::Owe, Word::Bought];
    let asks = [Word::HowMuch, Word::HowMany, Word::Which, Word::What, Word::Who, Word::Show];
    led && !has(pieces, &own) && !has(pieces, &asks)
}

/// "What's still unpaid?", "who are my best customers?": a question word and what it asks for. "Which
/// of them are overdue?" points back.
fn stands_alone(pieces: &[Piece]) -> bool {
    let asks = has(pieces, &[Word::What, Word::Which, Word::Who, Word::When]);
    let standing = [Word::Unpaid, Word::Overdue, Word::Due, Word::Draft, Word::Cancelled];
    let ranked = has(pieces, &[Word::Largest, Word::Smallest, Word::Most, Word::Top]);
    let names = has(pieces, &[Word::Vendor, Word::Customer, Word::Item]);
    let finds = has(pieces, &[Word::HowMany, Word::Show, Word::Which, Word::Who]);
    !has(pieces, &[Word::OfThem])
        && (asks && has(pieces, &standing)
            || names && (finds || ranked) && !has(pieces, &[Word::Per]))
}

/// Returns the plan before with the changes that a text makes to it. What was said before is read again
/// only for a text that could change it.
pub(super) fn follow_up(
    parsed: &Parsed,
    sentence: &Sentence,
    last: impl FnOnce() -> Option<QueryPlan>,
) -> Option<QueryPlan> {
    let mut bound = filters::bind(parsed, sentence);
    let earlier = stretch_before(&parsed.pieces);
    if let Some((at, _)) = earlier {
        bound.used.iter_mut().skip(at).take(2).for_each(|used| *used = true);
    }
    let new = &bound.filters;
    let group = group_of(&parsed.pieces, &bound.used);
    let metric = computed(&parsed.pieces);
    let together = metric == Some(Metric::Sum) && has(&parsed.pieces, &[Word::Total]);
    let order = ordered(&parsed.pieces);
    let resizes = bound.limit.is_some() && has(&parsed.pieces, &[Word::Top, Word::Largest]);
    let narrows = !filters::is_empty(new)
        || earlier.is_some()
        || group.is_some()
        || metric.is_some()
        || order.is_some()
        || resizes;
    // "show them": the papers behind a figure
    let shows = !narrows && has(&parsed.pieces, &[Word::Show]);
    let says_something = narrows || shows;
    // "is that more than last month?": that of October, and not of this month
    let points = bound.against.is_some() && has(&parsed.pieces, &[Word::It, Word::OfThem]);
    if !bound.is_whole(&parsed.pieces) || !says_something || points {
        return None;
    }
    let before = last()?;
    // "compare 2025 and 2026" is not about the one invoice that was asked about before
    if bound.against.is_some() && before.filters.number.is_some() {
        return None;
    }
    let mut plan = before.clone();
    if shows {
        if before.metric == Metric::List || before.group_by.is_some() || before.against.is_some() {
            return None;
        }
        (plan.metric, plan.field) = (Metric::List, Field::Invoice);
    }
    move_days(&mut plan, parsed, &bound, earlier.map(|(_, unit)| unit))?;
    narrow(&mut plan.filters, new);
    of_things(&mut plan);
    if let Some(metric) = metric.filter(|metric| *metric != plan.metric) {
        plan.metric = metric;
        plan.field = field_of(metric, plan.entity);
        (plan.order, plan.limit) = (None, None);
    }
    // "make it the top 5"
    if resizes && plan.limit.is_some() && plan.order.is_some_and(|order| order.descending) {
        plan.limit = bound.limit;
    }
    regroup(&mut plan, group, together);
    if let Some(order) = order.filter(|_| plan.metric == Metric::List && group.is_none()) {
        let ranks =
            !has(&parsed.pieces, &[Word::Ascending, Word::Descending, Word::Rank, Word::Sort]);
        plan.order = Some(order);
        plan.limit = if ranks { bound.limit.or(Some(1)) } else { plan.limit };
    }
    // "and the quarter before?" after one about the last quarter: before which?
    let says_days = new.date_from.is_some() || new.date_to.is_some();
    let says_more = !says_days || plan != before;
    (says_more && account::is_whole(&parsed.pieces, &bound, &plan)).then_some(plan)
}

/// Splits the figure as a text says, or takes what was split together: "how much is that in all?"
fn regroup(plan: &mut QueryPlan, group: Option<GroupBy>, together: bool) {
    if let Some(group) = group {
        plan.group_by = Some(group);
        if plan.metric == Metric::List {
            (plan.metric, plan.field, plan.limit) = (Metric::Sum, Field::Total, None);
        }
        plan.order = Some(group_order(group));
    } else if together && plan.group_by.is_some() {
        (plan.group_by, plan.order, plan.limit) = (None, None, None);
    }
}

/// Puts the days of a text in the place of those that were asked about, or those before these.
fn move_days(
    plan: &mut QueryPlan,
    parsed: &Parsed,
    bound: &Bound,
    earlier: Option<Unit>,
) -> Option<()> {
    let (old, new) = (&mut plan.filters, &bound.filters);
    if let Some(unit) = earlier {
        let earlier = one_before(old, unit)?;
        (old.date_from, old.date_to) = (Some(earlier.from), Some(earlier.to));
        plan.against = None;
    } else if new.date_from.is_some() || new.date_to.is_some() {
        let years = years_back(parsed, old, new);
        let moved = |day: Date| day.checked_sub(years.years()).ok();
        (old.date_from, old.date_to) = (new.date_from.and_then(moved), new.date_to.and_then(moved));
        let both = |against: Against| {
            let (date_from, date_to) = (moved(against.date_from)?, moved(against.date_to)?);
            Some(Against { date_from, date_to })
        };
        plan.against = bound.against.and_then(both);
        // what was split is held against another stretch as a whole
        if plan.against.is_some() && plan.group_by.is_some() {
            (plan.group_by, plan.order, plan.limit) = (None, None, None);
        }
    }
    Some(())
}

const fn field_of(metric: Metric, entity: Entity) -> Field {
    match (metric, entity) {
        (Metric::Count, _) => Field::Id,
        (Metric::Avg, Entity::Item) => Field::UnitPrice,
        _ => Field::Total,
    }
}

/// A sum of money about things is one of their lines, and one about anything else of whole invoices.
fn of_things(plan: &mut QueryPlan) {
    let is_sum = plan.metric == Metric::Sum && plan.group_by != Some(GroupBy::Item);
    let is_item = !plan.filters.item.is_empty();
    match (plan.entity, plan.field) {
        (Entity::Invoice, Field::Total) if is_sum && is_item => {
            (plan.entity, plan.field) = (Entity::Item, Field::Amount);
        }
        (Entity::Item, Field::Amount) if is_sum && !is_item => {
            (plan.entity, plan.field) = (Entity::Invoice, Field::Total);
        }
        _ => {}
    }
}

/// Puts what a text says of whom, what and where they stand in the place of what was said before.
fn narrow(old: &mut Filters, new: &Filters) {
    // A number says which one, whatever else was asked about before.
    if new.number.is_some() && new.number != old.number {
        *old = Filters { number: new.number.clone(), ..Filters::default() };
    }
    replace(&mut old.currency, &new.currency);
    replace(&mut old.status, &new.status);
    // "and coffee?" after a question about groceries
    if !new.category.is_empty() || !new.item.is_empty() {
        (old.category, old.item) = (new.category.clone(), new.item.clone());
    }
    replace(&mut old.vendor_not, &new.vendor_not);
    let to_customers = old.direction == Some(Direction::Issued) || !old.customer.is_empty();
    if to_customers && new.customer.is_empty() {
        replace(&mut old.customer, &new.vendor);
    } else {
        replace(&mut old.vendor, &new.vendor);
        replace(&mut old.customer, &new.customer);
    }
    old.min = new.min.or(old.min);
    old.max = new.max.or(old.max);
    old.direction = new.direction.or(old.direction);
    if new.date_field != DateField::IssueDate {
        old.date_field = new.date_field;
    }
}

/// What figure is to be computed.
fn computed(pieces: &[Piece]) -> Option<Metric> {
    match () {
        () if has(pieces, &[Word::HowMany]) => Some(Metric::Count),
        () if has(pieces, &[Word::Average]) => Some(Metric::Avg),
        () if has(pieces, &[Word::Total, Word::HowMuch]) => Some(Metric::Sum),
        () => None,
    }
}

/// "The three largest", "the oldest", "from high to low": in which order.
fn ordered(pieces: &[Piece]) -> Option<Order> {
    let order = |by: OrderBy, descending: bool| Some(Order { by, descending });
    match () {
        () if has(pieces, &[Word::Sort, Word::Rank])
            && has(pieces, &[Word::Amount, Word::Total]) =>
        {
            order(OrderBy::Total, !has(pieces, &[Word::Ascending]))
        }
        () if has(pieces, &[Word::Largest, Word::Descending]) => order(OrderBy::Total, true),
        () if has(pieces, &[Word::Smallest, Word::Ascending]) => order(OrderBy::Total, false),
        () if has(pieces, &[Word::Latest]) => order(OrderBy::IssueDate, true),
        () if has(pieces, &[Word::Oldest]) => order(OrderBy::IssueDate, false),
        () => None,
    }
}

/// "And in May?" after a question about 2024 means the May of 2024: returns how many years before
/// the one that was found.
fn years_back(parsed: &Parsed, old: &Filters, new: &Filters) -> i16 {
    let year = |filters: &Filters| {
        let (from, to) = (filters.date_from?, filters.date_to?);
        (from.year() == to.year()).then(|| from.year())
    };
    let says_month = |piece: &Piece| piece.roles.iter().any(|role| matches!(role, Role::Month(_)));
    let says_year = |piece: &Piece| piece.text.len() == 4 && piece.value.is_some();
    let steps = [Word::This, Word::Last, Word::Next, Word::Ago, Word::Since, Word::SoFar];
    let is_bare = parsed.pieces.iter().any(says_month)
        && !parsed.pieces.iter().any(says_year)
        && !has(&parsed.pieces, &steps);
    match (year(old), year(new)) {
        (Some(old), Some(new)) if is_bare && old < new => new.saturating_sub(old),
        _ => 0,
    }
}

fn replace<T: Clone>(old: &mut Vec<T>, new: &[T]) {
    if !new.is_empty() {
        *old = new.to_vec();
    }
}

/// "And the month before that?", "und im Monat davor?": where it stands, and how long it is.
fn stretch_before(pieces: &[Piece]) -> Option<(usize, Unit)> {
    const BEHIND: [&str; 12] = [
        "before",
        "davor",
        "zuvor",
        "vorher",
        "d avant",
        "precedent",
        "precedente",
        "anterior",
        "antes",
        "prima",
        "ervoor",
        "daarvoor",
    ];
    let (at, pair) = pieces.windows(2).enumerate().find(|(_, pair)| {
        pair.last().is_some_and(|piece| BEHIND.contains(&piece.folded.as_str()))
    })?;
    let unit = pair.first()?.roles.iter().find_map(|role| match role {
        Role::Unit(unit) => Some(*unit),
        _ => None,
    });
    let tail = pieces.get(at.saturating_add(2)..).unwrap_or_default();
    let last = tail.iter().all(|piece| piece.kind == Kind::Mark || piece.is(Word::It));
    unit.filter(|_| last).map(|unit| (at, unit))
}

/// The month before the one month that was asked about, and so on; nothing if it was another stretch.
fn one_before(old: &Filters, unit: Unit) -> Option<Period> {
    let (from, to) = (old.date_from?, old.date_to?);
    let whole = Period::containing(from, unit) == Period { from, to };
    whole.then(|| Period::relative(from, unit, -1))
}
