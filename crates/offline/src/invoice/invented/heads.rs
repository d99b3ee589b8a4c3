//! Heads of invented invoices of marketplaces, of software sold by the month, and of people who
//! work on their own.

use super::{
    bills::terms,
    chance::Chance,
    invoices::{Draft, block, customer_block, row_block, tax_line},
};

/// A marketplace sends it; somebody else sold.
pub fn market(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let words = terms(&draft.country.language);
    let market = chance.pick(&["bazario", "Tradeo", "MEGASTORE", "Kaufplatz", "mercadia"]);
    let ending = chance.pick(&["", ".com", " Marketplace", ""]);
    draft.paper.left(50, 36, chance.between(14, 26), &format!("{market}{ending}"));
    draft.paper.right(545, 40, 16, chance.word(&draft.words.titles));
    let vendor = draft.vendor.clone();
    let sold = chance.word(&words.sold);
    let mut lines = Vec::new();
    if chance.percent(50) {
        lines.push(format!("{sold} {}", vendor.name));
    } else {
        lines.extend([sold.to_owned(), vendor.name.clone()]);
    }
    lines.extend([vendor.street.clone(), vendor.town.clone()]);
    lines.extend(tax_line(chance, draft, 70));
    let mut rows = rows.to_vec();
    rows.push((chance.word(&words.order).to_owned(), chance.digits(9)));
    if chance.percent(50) {
        rows.push((chance.word(&words.ordered).to_owned(), rows[1].1.clone()));
    }
    let left = chance.percent(50);
    let (here, there) = if left { (50, 320) } else { (320, 50) };
    let one = block(draft, here, 90, &lines);
    let other = customer_block(chance, draft, there, 90, true);
    row_block(chance, draft, 50, one.max(other) + 14, &rows)
}

/// Software by the month: a title, rows, and two blocks of which only the customer's has a label.
pub fn software(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    draft.paper.left(50, 40, 22, chance.word(&draft.words.titles));
    let vendor = draft.vendor.clone();
    if chance.percent(40) {
        draft.paper.right(545, 44, chance.between(12, 20), &vendor.brand);
    }
    let at = row_block(chance, draft, 50, 84, rows) + 16;
    let mut lines = vec![vendor.name.clone(), vendor.street.clone(), vendor.town.clone()];
    if chance.percent(50) {
        lines.push(vendor.mail.clone());
    }
    lines.extend(tax_line(chance, draft, 50));
    let one = block(draft, 50, at, &lines);
    let other = customer_block(chance, draft, 320, at, true);
    one.max(other) + 12
}

/// Somebody who works alone: a person's name, what they do, how to reach them.
pub fn alone(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let first = chance.pick(&["Elena", "Markus", "Sophie", "Pedro", "Giulia", "Ruben", "Kate"]);
    let name = format!("{first} {}", chance.word(&draft.country.families));
    (draft.vendor.name, draft.vendor.brand) = (name.clone(), name.clone());
    let trade = chance.word(&terms(&draft.country.language).trade);
    let (size, vendor) = (chance.between(10, 20), draft.vendor.clone());
    let right = chance.percent(40);
    let mut lines = vec![trade.to_owned(), vendor.street.clone(), vendor.town.clone()];
    if chance.percent(60) {
        lines.push(vendor.phone.clone());
    }
    lines.extend(tax_line(chance, draft, 50));
    let end = if right {
        draft.paper.right(545, 40, size, &name);
        for (line, at) in lines.iter().zip((46 + size..).step_by(12)) {
            draft.paper.right(545, at, 9, line);
        }
        130
    } else {
        draft.paper.left(50, 40, size, &name);
        block(draft, 50, 46 + size, &lines) + 14
    };
    let labelled = chance.percent(50);
    let end = customer_block(chance, draft, 50, end, labelled) + 20;
    draft.paper.left(50, end, 18, chance.word(&draft.words.titles));
    row_block(chance, draft, 50, end + 26, rows)
}
