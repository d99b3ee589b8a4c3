//! Which columns hold net, tax and total: where net and tax make the total on the rows, this says
//! it; else the heads do.

use super::{
    cells::{Conventions, text},
    columns::Head,
    lexicon::{self, Column},
};
use domain::document::{Cell, Table};
use rust_decimal::Decimal;

/// The most rows that are looked at.
const MOST_ROWS: usize = 300;
/// The most columns of amounts that are tried.
const MOST_COLUMNS: usize = 12;
/// So many rows with a tax speak against what the heads say.
const ROWS_AGAINST: usize = 3;
/// So many rows speak for a column whose head is not known.
const ROWS_FOR: usize = 2;

/// A column of amounts, with what its head says and what stands below.
struct Money {
    at: usize,
    said: Option<Column>,
    values: Vec<Option<Decimal>>,
}

/// Which columns make the amounts of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Roles {
    net: Option<usize>,
    taxes: Vec<usize>,
    gross: Option<usize>,
}

/// Says of a head which columns hold net, tax and total, and returns the heads of columns that look
/// important and are not used.
pub fn settle(head: &mut Head, table: &Table, ways: &Conventions) -> Vec<String> {
    let columns = columns(head, table, ways);
    let roles = proven(&columns).unwrap_or_else(|| labelled(head, &columns));
    for column in [Column::Net, Column::Tax, Column::Gross, Column::Amount] {
        head.places.remove(&column);
    }
    head.places.extend(roles.net.map(|at| (Column::Net, at)));
    head.places.extend(roles.gross.map(|at| (Column::Gross, at)));
    head.places.extend(roles.taxes.first().map(|at| (Column::Tax, *at)));
    head.taxes = roles.taxes;
    unused(head, table, &columns)
}

/// Returns the columns of amounts, those with known heads first.
fn columns(head: &Head, table: &Table, ways: &Conventions) -> Vec<Money> {
    let rows = || table.rows.iter().skip(head.row.saturating_add(1)).take(MOST_ROWS);
    let heads = table.rows.get(head.row).into_iter().flatten().enumerate();
    let mut columns: Vec<Money> = heads
        .filter_map(|(at, cell)| {
            let said = lexicon::meaning(text(cell)?).map(|meaning| meaning.column);
            let money = [Column::Gross, Column::Net, Column::Tax, Column::Amount, Column::Left];
            let cells = || rows().map(|row| row.get(at).unwrap_or(&Cell::Empty));
            let counts = match said {
                Some(column) => money.contains(&column),
                None => is_money(cells(), ways),
            };
            let value = |cell| ways.amount(cell).map(|said| said.value);
            counts.then(|| Money { at, said, values: cells().map(value).collect() })
        })
        .collect();
    columns.sort_by_key(|column| column.said.is_none());
    columns.truncate(MOST_COLUMNS);
    columns
}

/// Returns whether most cells of a column hold money, and none anything else.
fn is_money<'a>(cells: impl Iterator<Item = &'a Cell>, ways: &Conventions) -> bool {
    let (mut all, mut filled, mut cents) = (0_usize, 0_usize, 0_usize);
    for cell in cells {
        all = all.saturating_add(1);
        if *cell == Cell::Empty {
            continue;
        }
        let Some(said) = ways.amount(cell).filter(|said| said.value.scale() <= 2) else {
            return false;
        };
        let exact = said.currency.is_some() || said.is_dollar || said.value.scale() > 0;
        filled = filled.saturating_add(1);
        cents = cents.saturating_add(usize::from(exact && !said.value.is_zero()));
    }
    filled.saturating_mul(2) > all && cents.saturating_mul(2) > filled
}

/// Returns the columns whose sums prove what they are, those that most rows speak for.
fn proven(columns: &[Money]) -> Option<Roles> {
    let taxes: Vec<&Money> =
        columns.iter().filter(|column| column.said == Some(Column::Tax)).collect();
    let single = taxes.iter().map(|tax| vec![*tax]);
    let groups: Vec<Vec<&Money>> = single.chain((taxes.len() > 1).then(|| taxes.clone())).collect();
    let others = || columns.iter().filter(|column| column.said != Some(Column::Tax));
    let pairs = others().flat_map(|net| others().map(move |gross| (net, gross)));
    let pairs = pairs.filter(|(net, gross)| net.at != gross.at);
    let mut best: Option<((usize, usize), Roles)> = None;
    for ((net, gross), group) in pairs.flat_map(|pair| groups.iter().map(move |all| (pair, all))) {
        let (telling, agree) = votes(net, group, gross);
        let known = net.said.is_some() && gross.said.is_some();
        let enough = agree >= if known { 1 } else { ROWS_FOR };
        let most = agree.saturating_mul(3) >= telling.saturating_mul(2);
        let rank = (agree, fit(net, gross));
        let better = best.as_ref().is_none_or(|(before, _)| rank > *before);
        if enough && most && better {
            let taxes = group.iter().map(|tax| tax.at).collect();
            best = Some((rank, Roles { net: Some(net.at), taxes, gross: Some(gross.at) }));
        }
    }
    best.map(|(_, roles)| roles)
}

/// Returns how well heads suit a net and a total.
fn fit(net: &Money, gross: &Money) -> usize {
    let net = match net.said {
        Some(Column::Net) => 4,
        Some(Column::Amount) => 3,
        None => 2,
        Some(Column::Gross) => 1,
        _ => 0,
    };
    let gross = match gross.said {
        Some(Column::Gross) => 4,
        Some(Column::Amount) => 3,
        None => 2,
        Some(Column::Left) => 1,
        _ => 0,
    };
    usize::saturating_add(net, gross)
}

/// Returns on how many rows a tax makes a difference, and on how many of these net and tax make the
/// total.
fn votes(net: &Money, taxes: &[&Money], gross: &Money) -> (usize, usize) {
    let (mut telling, mut agree) = (0_usize, 0_usize);
    for (row, (net, gross)) in net.values.iter().zip(&gross.values).enumerate() {
        let parts = taxes.iter().filter_map(|tax| tax.values.get(row).copied().flatten());
        let tax = parts.fold(Decimal::ZERO, Decimal::saturating_add);
        let (Some(net), Some(gross)) = (net, gross) else { continue };
        if !tax.is_zero() {
            telling = telling.saturating_add(1);
            agree = agree.saturating_add(usize::from(net.checked_add(tax) == Some(*gross)));
        }
    }
    (telling, agree)
}

/// Returns what the heads say of the columns.
fn labelled(head: &mut Head, columns: &[Money]) -> Roles {
    let of = |wanted: Column| columns.iter().find(|column| column.said == Some(wanted));
    let tax = of(Column::Tax);
    let gross = of(Column::Gross).or_else(|| of(Column::Amount)).or_else(|| of(Column::Left));
    let mut net = of(Column::Net);
    let mut gross = gross.filter(|gross| net.is_none_or(|net| net.at != gross.at));
    if let (Some(one), Some(tax), Some(all)) = (net, tax, gross) {
        let (telling, agree) = votes(one, &[tax], all);
        if telling >= ROWS_AGAINST && agree.saturating_mul(2) < telling {
            net = None;
        }
    } else if let (None, Some(tax), Some(all)) = (net, tax, gross)
        && all.said == Some(Column::Amount)
    {
        match with_tax(all, tax) {
            Some(true) => {}
            Some(false) => (net, gross) = (Some(all), None),
            None => head.unsure = true,
        }
    }
    let at = |column: Option<&Money>| column.map(|column| column.at);
    Roles { net: at(net), taxes: at(tax).into_iter().collect(), gross: at(gross) }
}

/// Rates of tax in percent, of Europe, Britain, India and the like.
const RATES: [&str; 24] = [
    "2.1", "2.6", "3.8", "4", "5", "5.5", "6", "7", "7.7", "8", "8.1", "9", "10", "12", "13",
    "13.5", "17", "18", "19", "20", "21", "22", "23", "25",
];

/// Returns whether amounts have the tax in them, as the rate says that only one of both makes;
/// nothing where both or neither do.
fn with_tax(amounts: &Money, taxes: &Money) -> Option<bool> {
    let rows = || {
        let both = amounts.values.iter().zip(&taxes.values);
        both.filter_map(|(amount, tax)| Some(((*amount)?, (*tax)?))).filter(|row| !row.1.is_zero())
    };
    let all = |share: &dyn Fn(Decimal, Decimal) -> Option<Decimal>| {
        rows().all(|(amount, tax)| share(amount, tax).is_some_and(|net| is_rate(net, tax)))
    };
    let without = all(&|amount, _| Some(amount));
    let with = all(&|amount, tax| amount.checked_sub(tax));
    (rows().next().is_some() && with != without).then_some(with)
}

/// Returns whether a tax is a usual one on a net amount, to the cent.
fn is_rate(net: Decimal, tax: Decimal) -> bool {
    let cent = Decimal::new(1, 2);
    RATES.iter().filter_map(|rate| rate.parse::<Decimal>().ok()).any(|rate| {
        let made = net.checked_mul(rate).and_then(|made| made.checked_div(Decimal::ONE_HUNDRED));
        made.and_then(|made| made.checked_sub(tax)).is_some_and(|apart| apart.abs() < cent)
    })
}

/// Returns the heads of amounts that are not used, and of what may be the number where none is.
fn unused(head: &Head, table: &Table, columns: &[Money]) -> Vec<String> {
    let used =
        |at: usize| head.places.values().any(|place| *place == at) || head.taxes.contains(&at);
    let numbered = head.places.contains_key(&Column::Number);
    let heads = table.rows.get(head.row).into_iter().flatten().enumerate();
    heads
        .filter_map(|(at, cell)| {
            let text = text(cell)?;
            let money = columns.iter().any(|column| column.at == at);
            let known = lexicon::meaning(text).is_some();
            let number = !numbered && !known && lexicon::names_number(text);
            ((money || number) && !used(at)).then(|| text.to_owned())
        })
        .collect()
}
