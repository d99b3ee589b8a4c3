//! Invented receipts of shops, as a text reader sees them.

use super::{
    Truth,
    chance::Chance,
    money::{Good, Style, by_rate, cents, date_form, day, goods, print_day},
    names::{Country, Party, company, country},
    paper::{Paper, wide},
    phrases::{Phrases, phrases},
};
use domain::document::Page;

struct Roll<'a> {
    paper: Paper,
    at: i64,
    words: &'a Phrases,
    country: &'a Country,
    style: Style,
    truth: Truth,
}

impl Roll<'_> {
    fn centre(&mut self, size: i64, text: &str) {
        self.paper.centre(self.at, size, text);
        self.at += size + 6;
    }

    fn row(&mut self, left: &str, right: &str) {
        self.paper.left(20, self.at, 14, left);
        self.paper.right(380, self.at, 14, right);
        self.at += 21;
    }
}

/// Prints a receipt and reads it with noise.
pub fn receipt(chance: &mut Chance) -> (Page, Truth) {
    let country = country(chance);
    let words = phrases(&country.language);
    let vendor = company(chance, country);
    let mut style = Style::of(chance, country);
    style.group = "";
    let paper = Paper::of(400, 1400);
    let mut roll = Roll { paper, at: 20, words, country, style, truth: Truth::default() };
    head(chance, &mut roll, &vendor);
    dated(chance, &mut roll);
    let goods = goods(chance, words, country, 4000);
    items(chance, &mut roll, &goods);
    totals(chance, &mut roll, &goods);
    roll.at += 10;
    for _ in 0..chance.between(0, 3) {
        let thanks = chance.word(&words.thanks);
        roll.centre(13, thanks);
    }
    let Roll { mut paper, at, mut truth, .. } = roll;
    paper.height = at + 30;
    truth.is_invoice = true;
    truth.currency = country.currency.clone();
    truth.vendor = vendor;
    let noise = chance.pick(&[&0, &2, &4, &7]);
    (paper.scanned(chance, *noise), truth)
}

fn head(chance: &mut Chance, roll: &mut Roll<'_>, vendor: &Party) {
    if chance.percent(22) {
        let stray = chance.pick(&[
            "*** COPY ***",
            "3180502",
            "ORIGINAL",
            "Welcome to",
            "Page 1 of 1",
            "mei ling",
            "tan ah kow",
            "per memo anna",
            "nr 4 b",
            "~ ~",
            "WELCOME",
            "Customer copy",
        ]);
        roll.centre(14, stray);
    }
    let upper = chance.percent(45);
    let cased = |text: &str| if upper { text.to_uppercase() } else { text.to_owned() };
    let size = chance.between(14, 26);
    if chance.percent(20) && vendor.brand != vendor.name {
        roll.centre(size, &cased(&vendor.brand));
    }
    name(chance, roll, &cased(&vendor.name), (size, vendor));
    if chance.percent(10) {
        roll.centre(
            12,
            chance.pick(&["Always fresh", "Since 1954", "Open daily 9am to 9pm", "Family owned"]),
        );
    }
    if !vendor.register.is_empty() && chance.percent(40) {
        let label = chance.pick(&["", "Co. Reg. No.: ", "Reg. No "]);
        roll.centre(13, &format!("{label}{}", vendor.register));
    }
    roll.centre(13, &cased(&vendor.street));
    roll.centre(13, &cased(&vendor.town));
    if chance.percent(60) {
        let label = chance.pick(&["Tel:", "Tel.", "TEL :", "Tel"]);
        roll.centre(13, &format!("{label} {}", vendor.phone));
    }
    if chance.percent(55) {
        roll.truth.tax_id = true;
        roll.centre(13, &format!("{} {}", vendor.tax_label, vendor.tax_id));
    }
    if chance.percent(25) {
        roll.centre(13, &vendor.web);
    }
    if chance.percent(35) && roll.words.language == "en" {
        roll.centre(
            16,
            chance.pick(&["TAX INVOICE", "RECEIPT", "SALES RECEIPT", "CASH BILL", "INVOICE"]),
        );
    }
}

/// Prints the name: on one line or two, now and then with the number of the company behind it.
fn name(chance: &mut Chance, roll: &mut Roll<'_>, name: &str, (size, vendor): (i64, &Party)) {
    let words: Vec<&str> = name.split(' ').collect();
    let narrow = wide(name, size) > 370;
    if words.len() >= 3 && (narrow || chance.percent(20)) {
        let half = words.len().div_ceil(2);
        roll.centre(size.min(20), &words[..half].join(" "));
        roll.centre(size.min(20), &words[half..].join(" "));
    } else if !vendor.register.is_empty() && chance.percent(25) {
        roll.centre(size.min(16), &format!("{name} {}", vendor.register));
    } else {
        roll.centre(size, name);
    }
}

fn dated(chance: &mut Chance, roll: &mut Roll<'_>) {
    roll.at += 8;
    let issued = day(chance);
    let form = date_form(chance, roll.country);
    let time = format!("{:02}:{:02}", chance.between(7, 22), chance.between(0, 59));
    let printed = print_day(issued, form, roll.words);
    roll.truth.issued = Some(issued);
    let number = format!("{}{}", chance.pick(&["", "A", "CS-", "R0"]), chance.digits(6));
    let english = roll.words.language == "en";
    if english && chance.percent(50) {
        let label =
            chance.pick(&["Receipt No", "Invoice No:", "Bill No :", "Doc No.", "Receipt #:"]);
        roll.truth.number = Some(number.clone());
        roll.paper.left(20, roll.at, 13, &format!("{label} {number}"));
        roll.at += 19;
    }
    if chance.percent(40) {
        let cashier =
            chance.pick(&["Cashier: 03", "Kasse 2", "Caisse 1", "Terminal 4", "Op. 7", "Table 12"]);
        roll.paper.left(20, roll.at, 13, cashier);
        roll.at += 19;
    }
    let text = match chance.between(0, 3) {
        0 => format!("{printed} {time}"),
        1 => format!("{} {printed} {time}", chance.pick(&["Date:", "DATE", "Date :"])),
        2 if form != 1 && form != 11 && form != 13 => format!("{printed}{time}"),
        _ => printed.clone(),
    };
    roll.paper.left(20, roll.at, 13, &text);
    roll.at += 26;
}

fn items(chance: &mut Chance, roll: &mut Roll<'_>, goods: &[Good]) {
    let form = chance.between(0, 3);
    let class = chance.percent(30);
    for good in goods {
        let amount = roll.style.bare(good.amount);
        let amount = if class {
            format!("{amount} {}", if good.rate == roll.country.rates[0] { "A" } else { "B" })
        } else {
            amount
        };
        let price = roll.style.bare(good.price);
        match (form, good.count) {
            (0, 2..) => {
                roll.row(&good.name, &amount);
                roll.paper.left(40, roll.at - 2, 13, &format!("{} x {price}", good.count));
                roll.at += 19;
            }
            (1, 2..) => {
                roll.paper.left(40, roll.at, 13, &format!("{} x {price}", good.count));
                roll.at += 19;
                roll.row(&good.name, &amount);
            }
            (2, _) => roll.row(&format!("{} {}", good.count, good.name), &amount),
            (_, 2..) => {
                let left = format!("{} {} x {price}", good.name, good.count);
                if wide(&left, 14) < 260 {
                    roll.row(&left, &amount)
                } else {
                    roll.row(&good.name, &amount)
                }
            }
            _ => roll.row(&good.name, &amount),
        }
    }
    roll.truth.lines = goods.len();
}

fn totals(chance: &mut Chance, roll: &mut Roll<'_>, goods: &[Good]) {
    let added = roll.country.code == "US";
    let groups = by_rate(goods, !added);
    let net: i64 = groups.iter().map(|group| group.1).sum();
    let tax: i64 = groups.iter().map(|group| group.2).sum();
    let words = roll.words;
    let mut gross = net + tax;
    roll.at += 6;
    let shows_net = added || chance.percent(25);
    if shows_net {
        let printed = roll.style.bare(net);
        roll.row(chance.word(&words.net), &printed);
        let label = chance.word(&words.tax);
        for (rate, _, tax) in &groups {
            let printed = roll.style.bare(*tax);
            roll.row(&label.replace('#', &rate.to_string()), &printed);
        }
    }
    if chance.percent(15) {
        roll.row(chance.pick(&["Total Qty:", "Items", "No. of items"]), &goods.len().to_string());
    }
    let label = chance.word(&words.total);
    if roll.country.code == "MY" && gross % 5 != 0 && chance.percent(80) {
        let rounded = (gross + 2) / 5 * 5;
        let (exact, difference) = (roll.style.bare(gross), roll.style.bare(rounded - gross));
        roll.row(label, &exact);
        roll.row(chance.pick(&["Rounding", "Rounding Adj", "Round Off"]), &difference);
        gross = rounded;
        let printed = roll.style.full(gross);
        roll.row(
            chance.pick(&["Total Rounded", "Grand Total", "NET TOTAL", "Total Payable"]),
            &printed,
        );
    } else {
        let printed = roll.style.full(gross);
        roll.row(label, &printed);
    }
    roll.truth.gross = Some(cents(gross));
    paid(chance, roll, gross);
    let table = !shows_net && chance.percent(60);
    if table {
        tax_table(chance, roll, &groups);
    }
    // A rounded total is not the sum of net and tax.
    if (shows_net || table) && gross == net + tax {
        roll.truth.net = Some(cents(net));
        roll.truth.tax = Some(cents(tax));
    }
}

fn paid(chance: &mut Chance, roll: &mut Roll<'_>, gross: i64) {
    match chance.between(0, 9) {
        0..=5 => {
            let step = chance.pick(&[&500, &1000, &5000]);
            let cash = (gross / step + 1) * step;
            let (given, back) = (roll.style.bare(cash), roll.style.bare(cash - gross));
            roll.row(chance.word(&roll.words.cash), &given);
            roll.row(chance.word(&roll.words.change), &back);
        }
        6..=8 => {
            let printed = roll.style.bare(gross);
            roll.row(chance.word(&roll.words.card), &printed);
        }
        _ => {}
    }
}

/// A table of tax: rate, net, tax and gross, in one of two orders.
fn tax_table(chance: &mut Chance, roll: &mut Roll<'_>, groups: &[(i64, i64, i64)]) {
    let head = match roll.words.language.as_str() {
        "de" => ["MwSt", "Netto", "Steuer", "Brutto"],
        "fr" => ["TVA", "HT", "Montant TVA", "TTC"],
        "es" => ["IVA", "Base", "Cuota", "Total"],
        "it" => ["IVA", "Imponibile", "Imposta", "Totale"],
        "pt" => ["Taxa", "Incidência", "IVA", "Total"],
        "nl" => ["BTW", "Over", "Bedrag", "Totaal"],
        _ => ["Rate", "Net", "VAT", "Gross"],
    };
    let rights = [90, 190, 290, 380];
    let swapped = chance.percent(30);
    let order = if swapped { [0, 2, 1, 3] } else { [0, 1, 2, 3] };
    for (at, right) in order.iter().zip(rights) {
        roll.paper.right(right, roll.at, 12, head[*at]);
    }
    roll.at += 18;
    for (rate, net, tax) in groups {
        let cells = [
            format!("{rate}%"),
            roll.style.bare(*net),
            roll.style.bare(*tax),
            roll.style.bare(net + tax),
        ];
        for (at, right) in order.iter().zip(rights) {
            roll.paper.right(right, roll.at, 12, &cells[*at]);
        }
        roll.at += 18;
    }
}
