//! The lower part of an invented invoice: lines, totals, footer.

use super::{
    chance::Chance,
    invoices::{Draft, tax_line},
    money::{Good, by_rate, cents},
};

pub fn table(chance: &mut Chance, draft: &mut Draft<'_>, goods: &[Good], top: i64) -> i64 {
    let heads = chance.pick(&draft.words.heads.iter().collect::<Vec<_>>());
    let size = chance.between(8, 10);
    let rights = [360, 455, 545];
    draft.paper.left(50, top, size, &heads[0]);
    for (head, right) in heads.iter().skip(1).zip(rights) {
        draft.paper.right(right, top, size, head);
    }
    let mut at = top + 18;
    let full = chance.percent(40);
    for good in goods {
        draft.paper.left(50, at, size, &good.name);
        draft.paper.right(rights[0], at, size, &good.count.to_string());
        let money = |cents| if full { draft.style.full(cents) } else { draft.style.bare(cents) };
        let (price, amount) = (money(good.price), money(good.amount));
        draft.paper.right(rights[1], at, size, &price);
        draft.paper.right(rights[2], at, size, &amount);
        at += size + 5;
        if chance.percent(15) {
            draft.paper.left(
                56,
                at,
                size - 1,
                chance.pick(&[
                    "as discussed by phone",
                    "Serie 3, silber",
                    "ref. 2211-B",
                    "incl. accessories",
                ]),
            );
            at += size + 4;
        }
    }
    draft.truth.lines = goods.len();
    at
}

pub fn totals(chance: &mut Chance, draft: &mut Draft<'_>, goods: &[Good], top: i64) {
    let groups = by_rate(goods, false);
    let net: i64 = groups.iter().map(|group| group.1).sum();
    let tax: i64 = groups.iter().map(|group| group.2).sum();
    let words = draft.words;
    let mut rows: Vec<(String, i64)> = Vec::new();
    let with_tax = chance.percent(88);
    if with_tax {
        rows.push((chance.word(&words.net).to_owned(), net));
        let label = chance.word(&words.tax);
        rows.extend(
            groups.iter().map(|(rate, _, tax)| (label.replace('#', &rate.to_string()), *tax)),
        );
    }
    let gross = if with_tax { net + tax } else { net };
    rows.push((chance.word(&words.gross).to_owned(), gross));
    let (size, left) = (chance.between(9, 11), chance.between(300, 380));
    let mut at = top;
    let count = rows.len();
    for (index, (label, cents)) in rows.into_iter().enumerate() {
        let size = if index + 1 == count { size + 1 } else { size };
        draft.paper.left(left, at, size, &label);
        let text = draft.style.full(cents);
        draft.paper.right(545, at, size, &text);
        at += size + 6;
    }
    draft.truth.gross = Some(cents(gross));
    draft.truth.net = with_tax.then(|| cents(net));
    draft.truth.tax = with_tax.then(|| cents(tax));
    if draft.style.before.is_empty() && draft.style.after.is_empty() {
        let code = draft.country.currency.clone();
        draft.paper.left(50, at + 10, 8, &code);
    }
}

pub fn footer(chance: &mut Chance, draft: &mut Draft<'_>) {
    let vendor = draft.vendor.clone();
    draft.paper.left(50, 730, 8, chance.word(&draft.words.thanks));
    let mut parts: Vec<String> = Vec::new();
    let shows_name = chance.percent(60);
    if shows_name {
        parts.push(vendor.name.clone());
    }
    if !vendor.iban.is_empty() && chance.percent(60) {
        let spaced: Vec<String> = vendor
            .iban
            .as_bytes()
            .chunks(4)
            .map(|four| String::from_utf8_lossy(four).into_owned())
            .collect();
        parts.push(format!("IBAN: {}", spaced.join(" ")));
        draft.truth.iban = true;
    }
    parts.extend(tax_line(chance, draft, 75));
    if chance.percent(30) {
        parts.push(vendor.web.clone());
    }
    if chance.percent(40) && !vendor.register.is_empty() {
        parts.push(vendor.register.clone());
    }
    if chance.percent(50) {
        for (row, part) in parts.iter().enumerate() {
            draft.paper.left(330, 770 + i64::try_from(row).unwrap() * 10, 7, part);
        }
    } else {
        draft.paper.left(50, 815, 6, &parts.join(chance.pick(&[" · ", " | ", " - "])));
    }
}
