//! Answers are what the book says, to the last cent.

use super::{
    Fresh,
    book::{CATEGORIES, CUSTOMERS, Dice, ITEMS, VENDORS, generated, received},
    evaluate,
};
use domain::{
    dates::{Date, Unit, date},
    invoice::{Direction, Invoice, Kind, Line},
    money::{Currency, Money, Quantity},
    question::{
        Answer, Bound, DateField, Entity, Field, Filters, GroupBy, Metric, Order, OrderBy,
        QueryPlan, StatusFilter, Value,
    },
};
use jiff::ToSpan;
use ports::store::StoreError;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

const TODAY: Date = date(2025, 9, 10);
const PLANS: u64 = 400;

/// Random plans on a random book, against a plain evaluation.
pub async fn answers_equal_a_plain_evaluation_of_the_book(fresh: &Fresh) {
    let (ana, eve) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    let book = generated(1, 250);
    fresh.store.import(ana, &book).await.unwrap();
    fresh.store.import(eve, &generated(2, 50)).await.unwrap();
    let mut telling = 0;
    for seed in 0..PLANS {
        let plan = plan(&mut Dice::new(seed));
        let answer = fresh.store.answer(ana, &plan, TODAY).await.unwrap();
        telling += u32::from(check(&book, &plan, answer));
    }
    assert!(telling > 200, "only {telling} of {PLANS} plans found anything");
}

fn plan(dice: &mut Dice) -> QueryPlan {
    let entity = dice.one_of(&[Entity::Invoice, Entity::Invoice, Entity::Item]);
    let metric = dice.one_of(&[
        Metric::Sum,
        Metric::Sum,
        Metric::Count,
        Metric::Avg,
        Metric::Max,
        Metric::Min,
        Metric::List,
    ]);
    let field = match (metric, entity) {
        (Metric::Count, _) => dice.one_of(&[Field::Id, Field::Vendor, Field::Customer]),
        (Metric::List, Entity::Invoice) => Field::Invoice,
        (Metric::List, Entity::Item) => Field::Item,
        (_, Entity::Invoice) => dice.one_of(&[Field::Total, Field::Subtotal, Field::Tax]),
        (_, Entity::Item) => dice.one_of(&[Field::Amount, Field::Quantity, Field::UnitPrice]),
    };
    let group_by = (metric != Metric::List && dice.chance(60)).then(|| group_by(dice, entity));
    QueryPlan { entity, metric, field, filters: filters(dice), group_by, ..QueryPlan::default() }
}

fn group_by(dice: &mut Dice, entity: Entity) -> GroupBy {
    let units = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::HalfYear, Unit::Year];
    let unit = GroupBy::Calendar(dice.one_of(&units));
    let last = if entity == Entity::Item { GroupBy::Item } else { GroupBy::Status };
    let others = [GroupBy::Vendor, GroupBy::Customer, GroupBy::Category, GroupBy::Currency, last];
    if dice.chance(50) { unit } else { dice.one_of(&others) }
}

fn filters(dice: &mut Dice) -> Filters {
    let some = |dice: &mut Dice, percent, names: &[&str]| -> Vec<String> {
        if dice.chance(percent) { vec![dice.one_of(names).to_lowercase()] } else { Vec::new() }
    };
    let bound = |dice: &mut Dice| {
        let amount = Decimal::from(dice.one_of(&[50, 100, 120, 600]));
        dice.chance(15).then_some(Bound { amount, strict: amount == Decimal::from(100) })
    };
    let from = TODAY - i64::try_from(dice.below(300)).unwrap().days();
    let statuses = [
        StatusFilter::Paid,
        StatusFilter::Unpaid,
        StatusFilter::Overdue,
        StatusFilter::Draft,
        StatusFilter::Cancelled,
    ];
    let status = if dice.chance(30) { vec![dice.one_of(&statuses)] } else { Vec::new() };
    let currency = dice.chance(15).then(|| Currency::parse(dice.one_of(&["EUR", "JPY", "KWD"])));
    let fields = [DateField::IssueDate, DateField::DueDate, DateField::PaidAt];
    Filters {
        vendor: some(dice, 15, &["lumiere", "Nord", "50%", "***", "print ltd", VENDORS[0]]),
        vendor_not: some(dice, 10, &["CAFÉ", "quick"]),
        customer: some(dice, 8, &CUSTOMERS),
        item: some(dice, 10, &ITEMS),
        category: some(dice, 10, &CATEGORIES),
        number: dice.chance(5).then(|| dice.below(300).to_string()),
        date_field: dice.one_of(&fields),
        date_from: dice.chance(30).then_some(from),
        date_to: dice.chance(20).then_some(from + 90.days()),
        status,
        direction: dice.chance(15).then(|| dice.one_of(&[Direction::Received, Direction::Issued])),
        currency: currency.flatten().into_iter().collect(),
        min: bound(dice),
        max: bound(dice),
        tax_max: dice.chance(5).then_some(Decimal::TEN),
        having_min: None,
    }
}

/// Returns whether there was anything to find.
fn check(book: &[Invoice], plan: &QueryPlan, answer: Answer) -> bool {
    if let Answer::Invoices { rows, count } = &answer {
        let expected = evaluate::listed(book, plan, TODAY);
        assert_eq!(usize::try_from(*count).unwrap(), expected.len(), "{plan:?}");
        assert_eq!(rows.len(), expected.len().min(200), "{plan:?}");
        assert!(rows.iter().all(|row| expected.contains(&row.id)), "{plan:?}");
        assert!(rows.is_sorted_by(|one, other| one.issue_date >= other.issue_date));
        return *count > 0;
    }
    let counted = QueryPlan { metric: Metric::Count, field: Field::Id, ..plan.clone() };
    let expected = evaluate::figures(book, plan, TODAY);
    let found = match answer {
        Answer::Items { count, .. } => {
            let all = evaluate::figures(book, &counted, TODAY);
            let expected = all.into_values().next().unwrap_or_default();
            assert_eq!(Decimal::from(count), expected, "{plan:?}");
            return count > 0;
        }
        Answer::Number(number) if expected.is_empty() => {
            assert_eq!(number, Decimal::ZERO, "{plan:?}");
            return false;
        }
        Answer::Number(number) => BTreeMap::from([((String::new(), None), number)]),
        Answer::Amounts(amounts) => amounts.into_iter().map(|money| keyed("", money)).collect(),
        Answer::Groups(groups) => groups
            .into_iter()
            .map(|group| match group.value {
                Value::Money(money) => keyed(&group.name, money),
                Value::Number(number) => ((group.name, None), number),
            })
            .collect(),
        other => panic!("{other:?} for {plan:?}"),
    };
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(key, exact)| {
            let places = key.1.map_or(4, Currency::decimals);
            let half_up = RoundingStrategy::MidpointAwayFromZero;
            (key, exact.round_dp_with_strategy(places, half_up))
        })
        .collect();
    assert_eq!(found, expected, "{plan:?}");
    !expected.is_empty()
}

fn keyed(name: &str, money: Money) -> ((String, Option<Currency>), Decimal) {
    ((name.to_owned(), Some(money.currency)), money.decimal())
}

/// What people type without accents finds what is stored with them, and signs are plain letters.
pub async fn names_match_without_accents_and_case(fresh: &Fresh) {
    let ana = fresh.tenant("ana").await;
    let names = ["Café Lumière", "CAFE LUMIERE", "Straße 9", "100%_real", "1000 real"];
    let book: Vec<Invoice> = (1..).zip(names).map(|(id, name)| received(id, name, "")).collect();
    fresh.store.import(ana, &book).await.unwrap();
    for (typed, expected) in
        [("café lum", 2), ("STRASSE", 1), ("100% real", 1), ("0 r", 2), ("%", 0), ("tea", 0)]
    {
        let filters = Filters { vendor: vec![typed.to_owned()], ..Filters::default() };
        let plan = QueryPlan { filters, ..QueryPlan::default() };
        let answer = fresh.store.answer(ana, &plan, TODAY).await.unwrap();
        let Answer::Invoices { count, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(count, expected, "{typed}");
    }
    let distinct =
        QueryPlan { metric: Metric::Count, field: Field::Vendor, ..QueryPlan::default() };
    let answer = fresh.store.answer(ana, &distinct, TODAY).await.unwrap();
    assert_eq!(answer, Answer::Number(Decimal::from(4)), "two spellings are one vendor");
    let listed = QueryPlan { field: Field::Vendor, ..QueryPlan::default() };
    let Answer::Names(names) = fresh.store.answer(ana, &listed, TODAY).await.unwrap() else {
        panic!("not names")
    };
    assert_eq!(names, ["100%_real", "1000 real", "CAFE LUMIERE", "Straße 9"]);
}

/// What was bought is found by words as people say them: without accents, in any order, in other forms,
/// one slip off, by a part of a word; nobody's lines but one's own.
pub async fn things_are_found_by_words(fresh: &Fresh) {
    let (ana, eve) = (fresh.tenant("ana").await, fresh.tenant("eve").await);
    let things =
        ["Café crème", "Ground coffee beans", "Roses, red", "Rosemary", "100% wool", "Füller"];
    let bought = |id: u128, thing: &str| {
        let mut invoice = received(id, "Markt", &id.to_string());
        invoice.lines = vec![Line {
            description: thing.to_owned(),
            quantity: Some(Quantity(Decimal::from(2))),
            unit_price: None,
            amount: Some(Money::new(1_000, Currency::EUR)),
            tax_rate: None,
        }];
        invoice
    };
    let book: Vec<Invoice> = (1..).zip(things).map(|(id, thing)| bought(id, thing)).collect();
    fresh.store.import(ana, &book).await.unwrap();
    fresh.store.import(eve, &[bought(50, "Coffee for Eve")]).await.unwrap();
    let asked = [
        ("coffee", vec!["Ground coffee beans"]),
        ("beans COFFEE", vec!["Ground coffee beans"]),
        ("cofee", vec!["Ground coffee beans"]),
        ("cafe creme", vec!["Café crème"]),
        ("rose", vec!["Roses, red", "Rosemary"]),
        ("red roses", vec!["Roses, red"]),
        ("fuller", vec!["Füller"]),
        ("100%", vec!["100% wool"]),
        ("coffee tea", vec![]),
        ("_", vec![]),
    ];
    for (typed, expected) in asked {
        let filters = Filters { item: vec![typed.to_owned()], ..Filters::default() };
        let plan =
            QueryPlan { entity: Entity::Item, field: Field::Item, filters, ..QueryPlan::default() };
        let answer = fresh.store.answer(ana, &plan, TODAY).await.unwrap();
        let Answer::Items { rows, .. } = answer else { panic!("{answer:?}") };
        let mut found: Vec<&str> = rows.iter().map(|row| row.description.as_str()).collect();
        found.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{typed}");
        let sum = QueryPlan { metric: Metric::Sum, field: Field::Amount, ..plan };
        let answer = fresh.store.answer(ana, &sum, TODAY).await.unwrap();
        let minor = i64::try_from(expected.len()).unwrap() * 1_000;
        let amounts = (minor > 0).then(|| Money::new(minor, Currency::EUR));
        assert_eq!(answer, Answer::Amounts(amounts.into_iter().collect()), "{typed}");
    }
}

/// A bare number means the digits or the last group of a stored one.
pub async fn numbers_match_as_people_type_them(fresh: &Fresh) {
    let ana = fresh.tenant("ana").await;
    let book = [received(1, "A", "INV-31"), received(2, "B", "2025-0031"), received(3, "C", "310")];
    fresh.store.import(ana, &book).await.unwrap();
    for (typed, expected) in [("31", 2), ("#31", 2), ("inv 31", 1), ("310", 1), ("3", 0)] {
        let filters = Filters { number: Some(typed.to_owned()), ..Filters::default() };
        let plan =
            QueryPlan { metric: Metric::Count, field: Field::Id, filters, ..QueryPlan::default() };
        let answer = fresh.store.answer(ana, &plan, TODAY).await.unwrap();
        assert_eq!(answer, Answer::Number(Decimal::from(expected)), "{typed}");
    }
}

/// Spend is what was paid less what came back; the top is taken within each currency.
pub async fn credit_notes_count_negative_and_currencies_stay_apart(fresh: &Fresh) {
    let ana = fresh.tenant("ana").await;
    let usd = Currency::parse("USD").unwrap();
    let gross = |id, vendor, minor, currency| Invoice {
        gross: Money::new(minor, currency),
        currency,
        ..received(id, vendor, "")
    };
    let back = Invoice { kind: Kind::CreditNote, ..gross(3, "Shell", 2_500, Currency::EUR) };
    let book = [
        gross(1, "Shell", 10_000, Currency::EUR),
        gross(2, "BP", 9_000, Currency::EUR),
        back,
        gross(4, "BP", 1, usd),
    ];
    fresh.store.import(ana, &book).await.unwrap();
    let plan = QueryPlan { metric: Metric::Sum, field: Field::Total, ..QueryPlan::default() };
    let sum = fresh.store.answer(ana, &plan, TODAY).await.unwrap();
    let amounts = vec![Money::new(16_500, Currency::EUR), Money::new(1, usd)];
    assert_eq!(sum, Answer::Amounts(amounts));

    let by_value = Some(Order { by: OrderBy::Value, descending: true });
    let top = QueryPlan {
        group_by: Some(GroupBy::Vendor),
        order: by_value,
        limit: Some(1),
        ..plan.clone()
    };
    let Answer::Groups(groups) = fresh.store.answer(ana, &top, TODAY).await.unwrap() else {
        panic!("not groups")
    };
    let names: Vec<_> = groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["BP", "BP"], "90.00 EUR before 75.00 EUR, and 0.01 USD");

    let largest = QueryPlan { order: by_value, limit: Some(1), ..QueryPlan::default() };
    let answer = fresh.store.answer(ana, &largest, TODAY).await.unwrap();
    let Answer::Invoices { rows, count } = answer else { panic!("{answer:?}") };
    assert_eq!(count, 4);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [book[0].id, book[3].id]);

    let least = Some(Bound { amount: Decimal::from(75), strict: true });
    let filters = Filters { having_min: least, ..Filters::default() };
    let having = QueryPlan { group_by: Some(GroupBy::Vendor), filters, ..plan };
    let Answer::Groups(groups) = fresh.store.answer(ana, &having, TODAY).await.unwrap() else {
        panic!("not groups")
    };
    assert_eq!(groups.len(), 1, "75.00 is not more than 75");
}

/// A wrong number is worse than none.
pub async fn a_sum_beyond_64_bits_is_too_large_and_not_wrong(fresh: &Fresh) {
    let ana = fresh.tenant("ana").await;
    let book = [1, 2].map(|id| Invoice {
        gross: Money::new(i64::MAX, Currency::EUR),
        ..received(id, "Shell", "")
    });
    fresh.store.import(ana, &book).await.unwrap();
    let plan = QueryPlan { metric: Metric::Sum, field: Field::Total, ..QueryPlan::default() };
    let answer = fresh.store.answer(ana, &plan, TODAY).await;
    assert!(matches!(answer, Err(StoreError::TooLarge)), "{answer:?}");
}
