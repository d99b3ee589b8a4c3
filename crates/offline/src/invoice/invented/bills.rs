//! Invented bills of suppliers of energy, and of hotels.

use super::{
    Truth,
    chance::Chance,
    money::{Style, cents, date_form, day, print_day},
    names::{Country, Party, buyer, company, country},
    paper::Paper,
    phrases::{Phrases, phrases},
};
use domain::{dates::due_in, document::Page};
use std::sync::LazyLock;

/// What such bills say in a language.
#[derive(serde::Deserialize)]
pub struct Terms {
    pub language: String,
    pub title: Vec<String>,
    pub account: Vec<String>,
    pub number: Vec<String>,
    pub date: Vec<String>,
    pub period: Vec<String>,
    pub previous: Vec<String>,
    pub received: Vec<String>,
    pub standing: Vec<String>,
    pub used: Vec<String>,
    pub tax: Vec<String>,
    pub total: Vec<String>,
    pub contact: Vec<String>,
    pub office: Vec<String>,
    pub guest: Vec<String>,
    pub room: Vec<String>,
    pub arrival: Vec<String>,
    pub departure: Vec<String>,
    pub night: Vec<String>,
    pub extra: Vec<String>,
    pub charges: [String; 3],
    pub folio: Vec<String>,
    pub sold: Vec<String>,
    pub order: Vec<String>,
    pub ordered: Vec<String>,
    pub trade: Vec<String>,
}

#[derive(serde::Deserialize)]
struct File {
    phrases: Vec<Terms>,
}

static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(include_str!("bills.toml")).unwrap());

/// Returns the terms of a language.
pub fn terms(language: &str) -> &'static Terms {
    FILE.phrases.iter().find(|terms| terms.language == language).unwrap()
}

struct Bill {
    paper: Paper,
    country: &'static Country,
    words: &'static Phrases,
    terms: &'static Terms,
    style: Style,
    vendor: Party,
    customer: Party,
    form: i64,
    truth: Truth,
}

impl Bill {
    fn of(chance: &mut Chance) -> Self {
        let country = country(chance);
        let words = phrases(&country.language);
        let mut bill = Self {
            paper: Paper::of(595, 842),
            country,
            words,
            terms: terms(&country.language),
            style: Style::of(chance, country),
            vendor: company(chance, country),
            customer: buyer(chance, country),
            form: date_form(chance, country),
            truth: Truth::default(),
        };
        let issued = day(chance);
        bill.truth.issued = Some(issued);
        bill.truth.number = Some(chance.digits(8));
        bill.truth.is_invoice = true;
        bill.truth.currency = country.currency.clone();
        bill.truth.customer = Some(bill.customer.name.clone());
        bill
    }

    fn rows(&mut self, left: i64, top: i64, rows: &[(String, String)]) -> i64 {
        let mut at = top;
        for (label, value) in rows {
            self.paper.left(left, at, 9, label);
            self.paper.left(left + 110, at, 9, value);
            at += 13;
        }
        at
    }

    fn sum(&mut self, at: i64, size: i64, label: &str, amount: i64) -> i64 {
        self.paper.left(50, at, size, label);
        let printed = self.style.full(amount);
        self.paper.right(545, at, size, &printed);
        at + size + 6
    }

    fn day(&self, back: u16) -> String {
        let issued = self.truth.issued.unwrap();
        let day = issued.checked_sub(jiff::Span::new().days(back)).unwrap();
        print_day(day, self.form, self.words)
    }

    fn block(&mut self, left: i64, top: i64, lines: &[&str]) {
        for (line, at) in lines.iter().zip((top..).step_by(12)) {
            self.paper.left(left, at, 9, line);
        }
    }

    fn done(self, chance: &mut Chance) -> (Page, Truth) {
        let Self { paper, mut truth, vendor, .. } = self;
        truth.vendor = vendor;
        let page = if chance.percent(25) { paper.scanned(chance, 3) } else { paper.printed() };
        (page, truth)
    }
}

/// Prints the bill of a supplier: its brand above, its company in the small print.
pub fn supply(chance: &mut Chance) -> (Page, Truth) {
    let mut bill = Bill::of(chance);
    let (vendor, customer, terms) = (bill.vendor.clone(), bill.customer.clone(), bill.terms);
    let brand = if chance.percent(70) { &vendor.brand } else { &vendor.name };
    bill.paper.left(50, 36, chance.between(16, 28), brand);
    bill.paper.left(380, 40, 9, chance.word(&terms.contact));
    bill.block(380, 52, &[&vendor.phone, &vendor.web]);
    bill.block(50, 110, &[&customer.name, &customer.street, &customer.town]);
    let mut rows = vec![
        (chance.word(&terms.account).to_owned(), chance.digits(10)),
        (chance.word(&terms.number).to_owned(), bill.truth.number.clone().unwrap()),
        (chance.word(&terms.date).to_owned(), bill.day(0)),
        (chance.word(&terms.period).to_owned(), format!("{} - {}", bill.day(33), bill.day(3))),
    ];
    if chance.percent(50) {
        rows.swap(0, 1);
    }
    bill.rows(330, 110, &rows);
    bill.paper.left(50, 190, 16, chance.word(&terms.title));
    charges(chance, &mut bill);
    small_print(chance, &mut bill);
    bill.done(chance)
}

fn charges(chance: &mut Chance, bill: &mut Bill) {
    let terms = bill.terms;
    let mut at = 240;
    if chance.percent(45) {
        let previous = chance.between(2000, 20_000);
        at = bill.sum(at, 9, chance.word(&terms.previous), previous);
        at = bill.sum(at, 9, chance.word(&terms.received), -previous) + 8;
    }
    let rate = bill.country.rates[0];
    let (fixed, used) = (chance.between(500, 3000), chance.between(2000, 40_000));
    at = bill.sum(at, 9, chance.word(&terms.standing), fixed);
    at = bill.sum(at, 9, chance.word(&terms.used), used);
    let tax = ((fixed + used) * rate + 50) / 100;
    at = bill.sum(at + 4, 9, chance.word(&bill.words.net), fixed + used);
    at = bill.sum(at, 9, &chance.word(&terms.tax).replace('#', &rate.to_string()), tax);
    bill.sum(at + 4, 12, chance.word(&terms.total), fixed + used + tax);
    bill.truth.net = Some(cents(fixed + used));
    bill.truth.tax = Some(cents(tax));
    bill.truth.gross = Some(cents(fixed + used + tax));
    bill.truth.lines = 2;
}

fn small_print(chance: &mut Chance, bill: &mut Bill) {
    let vendor = bill.vendor.clone();
    let office = chance.word(&bill.terms.office);
    let text = format!("{}. {office} {}, {}", vendor.name, vendor.street, vendor.town);
    bill.paper.left(50, 800, 7, &text);
    bill.paper.left(50, 812, 7, &format!("{} {}", vendor.tax_label, vendor.tax_id));
    bill.truth.tax_id = true;
}

/// Prints the bill of a hotel: days with their charges, the guest beside the stay.
pub fn stay(chance: &mut Chance) -> (Page, Truth) {
    let mut bill = Bill::of(chance);
    let house = chance.pick(&["Hotel", "Hotel", "Park Hotel", "Residence", "Pension"]);
    bill.vendor.brand = format!("{house} {}", bill.vendor.brand);
    bill.vendor.name = format!("{house} {}", bill.vendor.name);
    let (vendor, customer, terms) = (bill.vendor.clone(), bill.customer.clone(), bill.terms);
    let shown = if chance.percent(50) { &vendor.brand } else { &vendor.name };
    bill.paper.centre(36, chance.between(14, 24), shown);
    bill.paper.centre(66, 9, &format!("{}, {}", vendor.street, vendor.town));
    bill.paper.centre(78, 9, &format!("{} {}", vendor.phone, vendor.mail));
    bill.paper.left(50, 110, 14, chance.word(&terms.folio));
    let nights = u16::try_from(chance.between(1, 4)).unwrap();
    let rows = [
        (chance.word(&terms.number).to_owned(), bill.truth.number.clone().unwrap()),
        (chance.word(&terms.date).to_owned(), bill.day(0)),
        (chance.word(&terms.room).to_owned(), chance.digits(3)),
        (chance.word(&terms.arrival).to_owned(), bill.day(nights)),
        (chance.word(&terms.departure).to_owned(), bill.day(0)),
    ];
    bill.rows(330, 140, &rows);
    bill.paper.left(50, 140, 9, &format!("{} {}", chance.word(&terms.guest), customer.name));
    bill.block(50, 153, &[&customer.street, &customer.town]);
    nights_of(chance, &mut bill, nights);
    if chance.percent(60) {
        bill.truth.tax_id = true;
        bill.paper.centre(800, 8, &format!("{} {}", vendor.tax_label, vendor.tax_id));
    }
    bill.done(chance)
}

fn nights_of(chance: &mut Chance, bill: &mut Bill, nights: u16) {
    let terms = bill.terms;
    let [date, what, charge] = &terms.charges;
    bill.paper.left(50, 230, 9, date);
    bill.paper.left(130, 230, 9, what);
    bill.paper.right(545, 230, 9, charge);
    let (mut at, mut sum) = (246, 0);
    let price = chance.between(6000, 20_000);
    for night in (1..=nights).rev() {
        let mut row = |text: &str, amount: i64| {
            let printed = bill.day(night);
            bill.paper.left(50, at, 9, &printed);
            bill.paper.left(130, at, 9, text);
            let printed = bill.style.bare(amount);
            bill.paper.right(545, at, 9, &printed);
            (at, sum) = (at + 13, sum + amount);
            bill.truth.lines += 1;
        };
        row(&terms.night[0], price);
        if chance.percent(40) {
            row(chance.word(&terms.extra), chance.between(300, 2500));
        }
    }
    let rate = bill.country.rates[0];
    let net = (sum * 100 + (100 + rate) / 2) / (100 + rate);
    at = bill.sum(at + 10, 11, chance.word(&bill.words.gross), sum);
    at = bill.sum(at, 9, chance.word(&bill.words.net), net);
    let label = chance.word(&terms.tax).replace('#', &rate.to_string());
    at = bill.sum(at, 9, &label, sum - net);
    if chance.percent(60) {
        bill.sum(at + 6, 9, chance.word(&bill.words.card), sum);
    }
    bill.truth.gross = Some(cents(sum));
    bill.truth.net = Some(cents(net));
    bill.truth.tax = Some(cents(sum - net));
    let due = due_in(bill.truth.issued.unwrap(), 0);
    bill.truth.issued = Some(due);
}
