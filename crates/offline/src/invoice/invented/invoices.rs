//! Invented invoices on A4 paper: letterheads, address windows, blocks side by side, footers.

use super::{
    Truth,
    body::{footer, table, totals},
    chance::Chance,
    heads::{alone, market, software},
    money::{Style, date_form, day, goods, print_day},
    names::{Country, Party, buyer, company, country},
    paper::{Paper, wide},
    phrases::{Phrases, phrases},
};
use domain::{dates::due_in, document::Page};

/// An invoice while it is printed.
pub struct Draft<'a> {
    pub paper: Paper,
    pub words: &'a Phrases,
    pub country: &'a Country,
    pub vendor: Party,
    pub customer: Party,
    pub style: Style,
    pub truth: Truth,
}

/// Prints an invoice; one in four is scanned.
pub fn invoice(chance: &mut Chance) -> (Page, Truth) {
    let country = country(chance);
    let words = phrases(&country.language);
    let vendor = company(chance, country);
    let customer = buyer(chance, country);
    let style = Style::of(chance, country);
    let mut draft = Draft {
        paper: Paper::of(595, 842),
        words,
        country,
        vendor,
        customer,
        style,
        truth: Truth::default(),
    };
    let rows = meta(chance, &mut draft);
    let below = head(chance, &mut draft, &rows);
    let goods = goods(chance, words, country, 90_000);
    let below = table(chance, &mut draft, &goods, below + 20);
    totals(chance, &mut draft, &goods, below + 14);
    footer(chance, &mut draft);
    let Draft { paper, mut truth, vendor, customer, .. } = draft;
    truth.is_invoice = true;
    truth.currency = country.currency.clone();
    truth.vendor = vendor;
    truth.customer = Some(customer.name);
    let page = if chance.percent(25) { paper.scanned(chance, 3) } else { paper.printed() };
    (page, truth)
}

/// Chooses number and dates and returns their rows: label and value.
fn meta(chance: &mut Chance, draft: &mut Draft<'_>) -> Vec<(String, String)> {
    let form = date_form(chance, draft.country);
    let issued = day(chance);
    let number = match chance.between(0, 5) {
        0 => format!("INV-{}", chance.digits(4)),
        1 => format!("{}-{}", issued.year(), chance.digits(4)),
        2 => format!("RE{}", chance.digits(6)),
        3 => format!("{}/{}", chance.digits(3), issued.year()),
        4 => format!("F{}-{}", issued.year() % 100, chance.digits(4)),
        _ => chance.digits(6),
    };
    draft.truth.number = Some(number.clone());
    draft.truth.issued = Some(issued);
    let words = draft.words;
    let mut rows = vec![
        (chance.word(&words.number).to_owned(), number),
        (chance.word(&words.date).to_owned(), print_day(issued, form, words)),
    ];
    if chance.percent(60) {
        let due = due_in(issued, u16::try_from(chance.between(7, 45)).unwrap());
        draft.truth.due = Some(due);
        rows.push((chance.word(&words.due).to_owned(), print_day(due, form, words)));
    }
    if chance.percent(50) {
        let at = usize::try_from(chance.between(0, 2)).unwrap();
        rows.insert(at, (chance.word(&words.other).to_owned(), chance.digits(5)));
    }
    rows
}

/// Prints vendor, customer, title and the rows; returns where the next thing may begin.
fn head(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    match chance.between(0, 11) {
        9 => market(chance, draft, rows),
        10 => software(chance, draft, rows),
        11 => alone(chance, draft, rows),
        0 | 1 => letterhead(chance, draft, rows),
        2 => right_block(chance, draft, rows),
        3 | 4 => window(chance, draft, rows),
        5..=7 => side_by_side(chance, draft, rows),
        _ => footer_only(chance, draft, rows),
    }
}

fn lines_of(party: &Party, chance: &mut Chance, contact: bool) -> Vec<String> {
    let mut lines = if chance.percent(15) {
        vec![format!("{}, {}", party.street, party.town)]
    } else {
        vec![party.street.clone(), party.town.clone()]
    };
    if contact && chance.percent(60) {
        lines.push(format!("{} {}", chance.pick(&["Tel.", "Tel:", "Phone", "T"]), party.phone));
    }
    if contact && chance.percent(50) {
        lines.push(chance.pick(&[party.mail.as_str(), party.web.as_str()]).to_owned());
    }
    lines
}

pub fn block(draft: &mut Draft<'_>, left: i64, top: i64, lines: &[String]) -> i64 {
    let mut at = top;
    for line in lines {
        draft.paper.left(left, at, 9, line);
        at += 12;
    }
    at
}

/// Returns the line of the tax number, once.
pub fn tax_line(chance: &mut Chance, draft: &mut Draft<'_>, share: i64) -> Vec<String> {
    if draft.truth.tax_id || !chance.percent(share) {
        return Vec::new();
    }
    draft.truth.tax_id = true;
    vec![format!("{} {}", draft.vendor.tax_label, draft.vendor.tax_id)]
}

pub fn row_block(
    chance: &mut Chance,
    draft: &mut Draft<'_>,
    left: i64,
    top: i64,
    rows: &[(String, String)],
) -> i64 {
    let mut at = top;
    match chance.between(0, 3) {
        // One row of labels, the values below.
        0 if left < 100 => {
            let mut x = left;
            for (label, value) in rows {
                draft.paper.left(x, at, 8, label);
                draft.paper.left(x, at + 12, 9, value);
                x += wide(label, 8).max(wide(value, 9)) + 30;
            }
            at + 30
        }
        1 => {
            for (label, value) in rows {
                draft.paper.left(left, at, 9, label);
                draft.paper.right(545, at, 9, value);
                at += 13;
            }
            at
        }
        2 => {
            for (label, value) in rows {
                draft.paper.left(left, at, 9, &format!("{label} {value}"));
                at += 13;
            }
            at
        }
        _ => {
            for (label, value) in rows {
                draft.paper.left(left, at, 9, label);
                draft.paper.left(left + 110, at, 9, value);
                at += 13;
            }
            at
        }
    }
}

pub fn customer_block(
    chance: &mut Chance,
    draft: &mut Draft<'_>,
    left: i64,
    top: i64,
    labelled: bool,
) -> i64 {
    let mut lines = vec![draft.customer.name.clone()];
    lines.extend(lines_of(&draft.customer.clone(), chance, false));
    let mut at = top;
    if labelled {
        let label = chance.word(&draft.words.to);
        if chance.percent(20) && label.ends_with(':') {
            lines[0] = format!("{label} {}", lines[0]);
        } else {
            draft.paper.left(left, at, 9, label);
            at += 13;
        }
    }
    block(draft, left, at, &lines)
}

fn slogan(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        "Quality you can trust",
        "Your partner since 1987",
        "Fresh every day",
        "Wir machen das",
        "Qualité et service",
        "Tradición y calidad",
        "Everything for your home",
    ])
}

fn letterhead(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let size = chance.between(11, 24);
    let shown =
        if chance.percent(25) { draft.vendor.brand.clone() } else { draft.vendor.name.clone() };
    let title_first = chance.percent(25);
    let mut at = 40;
    let title = chance.word(&draft.words.titles);
    if title_first {
        draft.paper.left(50, at, 20, title);
        at += 34;
    } else if chance.percent(50) {
        draft.paper.right(545, 42, 20, title);
    }
    draft.paper.left(50, at, size, &shown);
    at += size + 4;
    if chance.percent(20) {
        draft.paper.left(50, at, 8, slogan(chance));
        at += 12;
    }
    let vendor = draft.vendor.clone();
    let mut lines = lines_of(&vendor, chance, true);
    lines.extend(tax_line(chance, draft, 50));
    at = block(draft, 50, at, &lines) + 20;
    let labelled = chance.percent(75);
    let end = customer_block(chance, draft, 50, at, labelled);
    let rows_at = if chance.percent(50) { at } else { end + 14 };
    let rows_end = row_block(chance, draft, 330, rows_at, rows);
    end.max(rows_end)
}

fn right_block(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let size = chance.between(10, 16);
    let vendor = draft.vendor.clone();
    draft.paper.right(545, 45, size, &vendor.name);
    let mut at = 47 + size;
    let mut lines = lines_of(&vendor, chance, true);
    lines.extend(tax_line(chance, draft, 60));
    for line in &lines {
        draft.paper.right(545, at, 9, line);
        at += 12;
    }
    let labelled = chance.percent(60);
    let top = if chance.percent(50) { 60 } else { at + 10 };
    let end = customer_block(chance, draft, 50, top, labelled).max(at) + 20;
    let title = chance.word(&draft.words.titles);
    draft.paper.left(50, end, 18, title);
    row_block(chance, draft, 50, end + 26, rows)
}

/// The address window of a letter: the sender on one small line above the receiver.
fn window(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let vendor = draft.vendor.clone();
    if chance.percent(70) {
        draft.paper.right(545, 40, chance.between(14, 26), &vendor.brand);
    }
    let mark = chance.pick(&[" · ", " - ", ", ", " | ", " • "]);
    draft.paper.left(56, 128, 7, &[vendor.name.as_str(), &vendor.street, &vendor.town].join(mark));
    let end = customer_block(chance, draft, 56, 142, false).max(210);
    let at = if chance.percent(50) { 142 } else { end + 30 };
    let title = chance.word(&draft.words.titles);
    let number = &rows[0].1.clone();
    let with_number = chance.percent(30);
    draft.paper.left(
        56,
        end + 12,
        14,
        &if with_number { format!("{title} {number}") } else { title.to_owned() },
    );
    let rows_end =
        row_block(chance, draft, 360, at.max(if at == 142 { 142 } else { end + 34 }), rows);
    end.max(rows_end) + 30
}

fn side_by_side(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let title = chance.word(&draft.words.titles);
    draft.paper.left(50, 40, chance.between(16, 28), title);
    let at = if chance.percent(50) { row_block(chance, draft, 50, 80, rows) + 14 } else { 84 };
    let vendor = draft.vendor.clone();
    let swapped = chance.percent(30);
    let (here, there) = if swapped { (320, 50) } else { (50, 320) };
    draft.paper.left(here, at, 9, chance.word(&draft.words.from));
    let mut lines = vec![vendor.name.clone()];
    lines.extend(lines_of(&vendor, chance, true));
    lines.extend(tax_line(chance, draft, 60));
    let one = block(draft, here, at + 13, &lines);
    let other = customer_block(chance, draft, there, at, true);
    let end = one.max(other) + 10;
    if at == 84 { row_block(chance, draft, 320, end, rows) } else { end }
}

/// The name is in a picture at the top: only the footer tells it.
fn footer_only(chance: &mut Chance, draft: &mut Draft<'_>, rows: &[(String, String)]) -> i64 {
    let title = chance.word(&draft.words.titles);
    draft.paper.right(545, 45, 20, title);
    let end = customer_block(chance, draft, 50, 110, true);
    let vendor = draft.vendor.clone();
    draft.paper.left(50, 770, 8, &vendor.name);
    draft.paper.left(50, 781, 8, &vendor.street);
    draft.paper.left(50, 792, 8, &vendor.town);
    row_block(chance, draft, 340, end + 10, rows)
}
