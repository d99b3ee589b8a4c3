//! Invented companies, people, streets and numbers.

use super::chance::Chance;
use std::sync::LazyLock;

/// A company or a person.
#[derive(Debug, Clone, Default)]
pub struct Party {
    /// The name with its legal form.
    pub name: String,
    /// The short name on the sign.
    pub brand: String,
    pub street: String,
    pub town: String,
    pub phone: String,
    pub mail: String,
    pub web: String,
    pub tax_label: String,
    pub tax_id: String,
    pub iban: String,
    pub register: String,
}

/// What the names of a country are made of.
#[derive(serde::Deserialize)]
pub struct Country {
    pub code: String,
    pub language: String,
    pub currency: String,
    pub families: Vec<String>,
    pub trades: Vec<String>,
    pub forms: Vec<String>,
    pub streets: Vec<String>,
    pub towns: Vec<String>,
    pub tax_labels: Vec<String>,
    pub rates: Vec<i64>,
}

const MADE_UP: [&str; 24] = [
    "Norvita",
    "Helix",
    "Brightwell",
    "Solaris",
    "Kestrel",
    "Tamarind",
    "Orvano",
    "Lumena",
    "Quillon",
    "Marlowe",
    "Zephyra",
    "Ardenta",
    "Vantago",
    "Perigon",
    "Calyx",
    "Bluefin",
    "Evermont",
    "Rivora",
    "Oakhurst",
    "Stellaro",
    "Fennimore",
    "Dravo",
    "Mistral",
    "Cobalta",
];

/// Returns a company of a country.
pub fn company(chance: &mut Chance, country: &Country) -> Party {
    let family = chance.word(&country.families);
    let other = chance.word(&country.families);
    let trade = chance.word(&country.trades);
    let made = chance.pick(&MADE_UP);
    let form = chance.word(&country.forms);
    let brand = match chance.between(0, 9) {
        9 => {
            chance.pick(&["OVA", "KLX", "Tui", "RBO", "C&V", "ubo", "JAX", "H+K", "ZAP"]).to_owned()
        }
        0 => made.to_owned(),
        1 | 2 => format!("{made} {trade}"),
        3 => format!("{family} {trade}"),
        4 => format!("{trade} {family}"),
        5 => format!("{family} & {other}"),
        6 => format!(
            "{} {family} {trade}",
            chance.pick(&["The", "New", "Royal", "Golden", "Green", "Old"])
        ),
        7 => format!("{}{} {trade}", initial(family), initial(other)),
        _ => {
            format!("{made} {}", chance.pick(&["24", "One", "Express", "Plus", "Direct", "World"]))
        }
    };
    let name = if form.is_empty() { brand.clone() } else { format!("{brand} {form}") };
    Party { name, brand, ..place(chance, country, made) }
}

/// Returns a person, or now and then a company, that buys.
pub fn buyer(chance: &mut Chance, country: &Country) -> Party {
    if chance.percent(55) {
        return company(chance, country);
    }
    let first = chance.pick(&[
        "Anna", "Luis", "Marta", "Jonas", "Claire", "David", "Nina", "Paulo", "Sven", "Aisha",
        "Wei", "Tom",
    ]);
    let name = format!("{first} {}", chance.word(&country.families));
    Party { brand: name.clone(), name, ..place(chance, country, "post") }
}

fn place(chance: &mut Chance, country: &Country, host: &str) -> Party {
    let number = chance.between(1, 190);
    let street = chance.word(&country.streets).replace('#', &number.to_string());
    let ending = chance.pick(&["com", "net", "eu", "example"]);
    let host = host.to_lowercase().replace(' ', "");
    Party {
        street,
        town: chance.word(&country.towns).to_owned(),
        phone: format!("0{} {}", chance.digits(3), chance.digits(6)),
        mail: format!(
            "{}@{host}.{ending}",
            chance.pick(&["info", "office", "hello", "sales", "mail"])
        ),
        web: format!("www.{host}.{ending}"),
        tax_label: chance.word(&country.tax_labels).to_owned(),
        tax_id: tax_id(chance, &country.code),
        iban: iban(chance, &country.code),
        register: register(chance, &country.code),
        ..Party::default()
    }
}

fn initial(name: &str) -> char {
    name.chars().next().unwrap_or('A')
}

fn register(chance: &mut Chance, country: &str) -> String {
    match country {
        "MY" => format!(
            "({}-{})",
            chance.digits(6),
            chance.pick(&["A", "D", "H", "K", "M", "P", "T", "U", "V", "W", "X"])
        ),
        "DE" => format!("HRB {}", chance.digits(5)),
        "GB" => format!("Company No. 0{}", chance.digits(7)),
        "FR" => format!("RCS Lyon {}", chance.digits(9)),
        "NL" => format!("KvK {}", chance.digits(8)),
        "IT" => format!("REA MI-{}", chance.digits(7)),
        _ => String::new(),
    }
}

/// Returns a tax number of a country; those of Germany and Italy with right check digits.
fn tax_id(chance: &mut Chance, country: &str) -> String {
    match country {
        "MY" => format!("00{}", chance.digits(10)),
        "GB" => format!("GB{}", chance.digits(9)),
        "DE" => {
            let body = chance.digits(8);
            let mut product = 10;
            for digit in body.chars().filter_map(|c| c.to_digit(10)) {
                let sum = (digit + product) % 10;
                product = 2 * if sum == 0 { 10 } else { sum } % 11;
            }
            format!("DE{body}{}", (11 - product) % 10)
        }
        "IT" => {
            let body = chance.digits(10);
            let sum: u32 = body
                .chars()
                .filter_map(|c| c.to_digit(10))
                .enumerate()
                .map(|(at, d)| {
                    let twice = 2 * d;
                    if at % 2 == 0 {
                        d
                    } else if twice > 9 {
                        twice - 9
                    } else {
                        twice
                    }
                })
                .sum();
            format!("IT{body}{}", (10 - sum % 10) % 10)
        }
        "FR" => {
            let siren: u64 = chance.digits(9).parse().unwrap();
            format!("FR{:02}{siren}", (12 + 3 * (siren % 97)) % 97)
        }
        "ES" => format!("B{}", chance.digits(8)),
        "PT" => format!("5{}", chance.digits(8)),
        "NL" => format!("NL{}B01", chance.digits(9)),
        _ => format!("{}-{}", chance.digits(2), chance.digits(7)),
    }
}

fn iban(chance: &mut Chance, country: &str) -> String {
    let length = match country {
        "DE" => 18,
        "FR" | "IT" => 23,
        "ES" => 20,
        "NL" => 14,
        "PT" => 21,
        _ => return String::new(),
    };
    let letter = match country {
        "IT" => "X",
        "NL" => "ABNA",
        _ => "",
    };
    let body = format!("{letter}{}", chance.digits(length - letter.len()));
    (0..97)
        .map(|check| format!("{country}{check:02}{body}"))
        .find(|iban| domain::party::iban_is_valid(iban))
        .unwrap_or_default()
}

#[derive(serde::Deserialize)]
struct File {
    countries: Vec<Country>,
}

static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("countries.toml")).unwrap());

/// Returns one of the countries.
pub fn country(chance: &mut Chance) -> &'static Country {
    let all: Vec<&'static Country> = FILE.countries.iter().collect();
    chance.pick(&all)
}
