//! Invented papers that are no invoices: quotes, delivery notes, orders, letters, forms, menus.

use super::{
    Truth,
    chance::Chance,
    money::{Style, date_form, day, goods, print_day},
    names::{buyer, company, country},
    paper::Paper,
    phrases::phrases,
};
use domain::document::Page;

/// Prints one of them.
pub fn other(chance: &mut Chance) -> (Page, Truth) {
    let paper = if chance.percent(65) { trade(chance) } else { text(chance) };
    let page = if chance.percent(30) { paper.scanned(chance, 3) } else { paper.printed() };
    (page, Truth::default())
}

/// A paper of trade that asks for no money.
fn trade(chance: &mut Chance) -> Paper {
    let country = country(chance);
    let words = phrases(&country.language);
    let (vendor, customer) = (company(chance, country), buyer(chance, country));
    let style = Style::of(chance, country);
    let mut paper = Paper::of(595, 842);
    let (title, label) = chance.pick(&words.others.iter().collect::<Vec<_>>());
    paper.left(50, 40, 16, &vendor.name);
    paper.left(50, 60, 9, &format!("{}, {}", vendor.street, vendor.town));
    paper.left(50, 110, 9, &customer.name);
    paper.left(50, 122, 9, &customer.street);
    paper.left(50, 134, 9, &customer.town);
    paper.left(50, 180, 18, title);
    paper.left(50, 206, 9, &format!("{label} {}", chance.digits(5)));
    let form = date_form(chance, country);
    let printed = print_day(day(chance), form, words);
    paper.left(300, 206, 9, &format!("{} {printed}", chance.word(&words.date[..2])));
    let heads = chance.pick(&words.heads.iter().collect::<Vec<_>>());
    let priced = chance.percent(70);
    paper.left(50, 240, 9, &heads[0]);
    paper.right(360, 240, 9, &heads[1]);
    let goods = goods(chance, words, country, 50_000);
    let mut at = 258;
    for good in &goods {
        paper.left(50, at, 9, &good.name);
        paper.right(360, at, 9, &good.count.to_string());
        if priced {
            paper.right(545, at, 9, &style.bare(good.amount));
        }
        at += 15;
    }
    if priced && chance.percent(75) {
        let sum: i64 = goods.iter().map(|good| good.amount).sum();
        paper.left(330, at + 12, 10, chance.word(&words.gross));
        paper.right(545, at + 12, 10, &style.full(sum));
    }
    if chance.percent(50) {
        paper.left(50, 810, 7, &format!("{} {} {}", vendor.name, vendor.tax_label, vendor.tax_id));
    }
    paper
}

/// A letter, form or menu.
fn text(chance: &mut Chance) -> Paper {
    let country = country(chance);
    let words = phrases(&country.language);
    let sender = buyer(chance, country);
    let style = Style::of(chance, country);
    let mut paper = Paper::of(595, 842);
    paper.left(50, 50, 10, &sender.name);
    paper.left(50, 64, 10, &format!("{}, {}", sender.street, sender.town));
    let form = date_form(chance, country);
    let printed = print_day(day(chance), form, words);
    paper.right(545, 100, 10, &printed);
    let mut at = 150;
    for _ in 0..chance.between(4, 14) {
        let line = chance.word(&words.letter);
        let end = paper.left(50, at, 10, line);
        if chance.percent(20) {
            paper.left(end.max(300), at, 10, &style.full(chance.between(300, 90_000)));
        }
        at += 22;
    }
    paper
}
