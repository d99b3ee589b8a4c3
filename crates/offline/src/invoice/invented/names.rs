//! Invented companies, people, streets and numbers.

use super::chance::Chance;

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
pub struct Country {
    pub code: &'static str,
    pub language: &'static str,
    pub currency: &'static str,
    pub families: &'static [&'static str],
    pub trades: &'static [&'static str],
    pub forms: &'static [&'static str],
    pub streets: &'static [&'static str],
    pub towns: &'static [&'static str],
    pub tax_labels: &'static [&'static str],
    pub rates: &'static [i64],
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
    let family = chance.pick(country.families);
    let other = chance.pick(country.families);
    let trade = chance.pick(country.trades);
    let made = chance.pick(&MADE_UP);
    let form = chance.pick(country.forms);
    let brand = match chance.between(0, 8) {
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
    let name = format!("{first} {}", chance.pick(country.families));
    Party { brand: name.clone(), name, ..place(chance, country, "post") }
}

fn place(chance: &mut Chance, country: &Country, host: &str) -> Party {
    let number = chance.between(1, 190);
    let street = chance.pick(country.streets).replace('#', &number.to_string());
    let ending = chance.pick(&["com", "net", "eu", "example"]);
    let host = host.to_lowercase().replace(' ', "");
    Party {
        street,
        town: chance.pick(country.towns).to_owned(),
        phone: format!("0{} {}", chance.digits(3), chance.digits(6)),
        mail: format!(
            "{}@{host}.{ending}",
            chance.pick(&["info", "office", "hello", "sales", "mail"])
        ),
        web: format!("www.{host}.{ending}"),
        tax_label: chance.pick(country.tax_labels).to_owned(),
        tax_id: tax_id(chance, country.code),
        iban: iban(chance, country.code),
        register: register(chance, country.code),
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

pub const COUNTRIES: [Country; 9] = [
    Country {
        code: "GB",
        language: "en",
        currency: "GBP",
        families: &[
            "Hartley",
            "Pembroke",
            "Whitfield",
            "Ashdown",
            "Cartwright",
            "Langley",
            "Winslow",
            "Thornton",
            "Barnaby",
            "Fletcher",
        ],
        trades: &[
            "Plumbing",
            "Consulting",
            "Stationery",
            "Bakery",
            "Motors",
            "Kitchens",
            "Garden Centre",
            "Design Studio",
            "Software",
            "Electrical",
            "Foods",
            "Cleaning Services",
        ],
        forms: &["Ltd", "Limited", "LLP", "", "PLC", "& Sons Ltd", "& Co."],
        streets: &[
            "# High Street",
            "# Station Road",
            "Unit #, Mill Lane Industrial Park",
            "# Queens Avenue",
            "Suite #, Orchard House",
            "# The Crescent",
        ],
        towns: &[
            "London SW1A 2AA",
            "Leeds LS1 4DY",
            "Bristol BS1 5TR",
            "Manchester M2 5DB",
            "Norwich, NR2 1AB",
            "Cardiff CF10 1EP",
        ],
        tax_labels: &["VAT No.", "VAT Reg No", "VAT number:", "VAT Registration Number", "VAT ID:"],
        rates: &[20, 5],
    },
    Country {
        code: "US",
        language: "en",
        currency: "USD",
        families: &[
            "Jackson",
            "Hernandez",
            "Miller",
            "O'Brien",
            "Kowalski",
            "Bennett",
            "Dawson",
            "Whitaker",
            "Sullivan",
            "Brooks",
        ],
        trades: &[
            "Roofing",
            "Landscaping",
            "Catering",
            "Hardware",
            "Coffee Roasters",
            "Auto Repair",
            "Marketing",
            "Logistics",
            "Diner",
            "Pharmacy",
            "Supply",
            "Photography",
        ],
        forms: &["Inc.", "LLC", "Corp.", "", ", Inc.", "Co.", "Group", "& Associates"],
        streets: &[
            "# Main Street",
            "# Maple Ave",
            "# W 34th St",
            "# Elm Drive, Suite 200",
            "PO Box #",
            "# Broadway Blvd",
        ],
        towns: &[
            "Austin, TX 78701",
            "Portland, OR 97205",
            "Denver, CO 80202",
            "New York, NY 10001",
            "Columbus, OH 43215",
            "San Jose, CA 95112",
        ],
        tax_labels: &["EIN", "Tax ID:", "Federal Tax ID", "EIN:"],
        rates: &[8, 7, 6],
    },
    Country {
        code: "MY",
        language: "en",
        currency: "MYR",
        families: &[
            "Seng Huat",
            "Hock Lee",
            "Kim Fatt",
            "Mei Wah",
            "Indera",
            "Permata",
            "Wan Chai",
            "Sri Jaya",
            "Ban Hin",
            "Tiong Nam",
        ],
        trades: &[
            "Trading",
            "Enterprise",
            "Hardware",
            "Restaurant",
            "Stationery",
            "Food Court",
            "Bookstore",
            "Machinery",
            "Supermarket",
            "Bakery",
            "Pharmacy",
            "Electrical",
        ],
        forms: &[
            "SDN BHD",
            "SDN. BHD.",
            "Sdn Bhd",
            "(M) SDN BHD",
            "ENTERPRISE",
            "",
            "TRADING",
            "S/B",
        ],
        streets: &[
            "No. #, Jalan Mawar 3",
            "Lot #, Jalan Besar",
            "#, Jalan SS 21/37, Damansara Utama",
            "No #, Lorong Bukit 5, Taman Indah",
            "G-#, Plaza Seri",
        ],
        towns: &[
            "47400 Petaling Jaya, Selangor",
            "81100 Johor Bahru",
            "50450 Kuala Lumpur",
            "43300 Seri Kembangan",
            "10200 Penang",
        ],
        tax_labels: &["GST ID:", "GST Reg No:", "GST No.", "GST ID No :", "(GST Reg. No:"],
        rates: &[6],
    },
    Country {
        code: "DE",
        language: "de",
        currency: "EUR",
        families: &[
            "Krüger",
            "Steinbach",
            "Hoffmann",
            "Lindner",
            "Brandt",
            "Möller",
            "Eichhorn",
            "Falk",
            "Winterfeld",
            "Sommer",
        ],
        trades: &[
            "Metallbau",
            "Gartenbau",
            "Bürobedarf",
            "Bäckerei",
            "Autohaus",
            "Elektrotechnik",
            "Gebäudereinigung",
            "Buchhandlung",
            "Softwarehaus",
            "Dachdecker",
            "Getränkemarkt",
            "Tischlerei",
        ],
        forms: &["GmbH", "GmbH & Co. KG", "AG", "e.K.", "UG (haftungsbeschränkt)", "OHG", "", "KG"],
        streets: &[
            "Hauptstraße #",
            "Am Markt #",
            "Lindenweg #",
            "Industriestr. # a",
            "Schillerplatz #",
            "Mühlgasse #",
        ],
        towns: &[
            "10115 Berlin",
            "80331 München",
            "D-50667 Köln",
            "22767 Hamburg",
            "01067 Dresden",
            "70173 Stuttgart",
        ],
        tax_labels: &[
            "USt-IdNr.",
            "USt-IdNr.:",
            "USt.-ID:",
            "Ust-Id-Nr.:",
            "UID:",
            "Umsatzsteuer-ID",
        ],
        rates: &[19, 7],
    },
    Country {
        code: "FR",
        language: "fr",
        currency: "EUR",
        families: &[
            "Delacroix",
            "Moreau",
            "Lefèvre",
            "Garnier",
            "Chevalier",
            "Roussel",
            "Marchand",
            "Aubert",
            "Fontaine",
            "Perrin",
        ],
        trades: &[
            "Plomberie",
            "Boulangerie",
            "Menuiserie",
            "Informatique",
            "Librairie",
            "Traiteur",
            "Électricité",
            "Pharmacie",
            "Garage",
            "Conseil",
        ],
        forms: &["SARL", "SAS", "SA", "EURL", "", "& Fils", "SASU"],
        streets: &[
            "# rue de la République",
            "#, avenue Victor Hugo",
            "# bd Voltaire",
            "# place du Marché",
            "ZA des Pins, # chemin Vert",
        ],
        towns: &[
            "75011 Paris",
            "69002 Lyon",
            "13001 Marseille",
            "F-31000 Toulouse",
            "44000 Nantes",
            "59800 LILLE CEDEX",
        ],
        tax_labels: &["N° TVA :", "TVA intracommunautaire :", "N° TVA intracom.", "TVA intra :"],
        rates: &[20, 10],
    },
    Country {
        code: "ES",
        language: "es",
        currency: "EUR",
        families: &[
            "García",
            "Fernández",
            "Ortega",
            "Navarro",
            "Ibáñez",
            "Serrano",
            "Molina",
            "Castaño",
            "Vidal",
            "Rueda",
        ],
        trades: &[
            "Construcciones",
            "Panadería",
            "Talleres",
            "Papelería",
            "Instalaciones",
            "Suministros",
            "Restaurante",
            "Asesoría",
            "Ferretería",
            "Bodegas",
        ],
        forms: &["S.L.", "S.A.", "SL", "S.L.U.", "", "e Hijos, S.L."],
        streets: &[
            "C/ Mayor, #",
            "Avda. de la Constitución #",
            "Calle Alcalá #",
            "Paseo del Prado, #",
            "Pol. Ind. Norte, nave #",
        ],
        towns: &[
            "28013 Madrid",
            "08002 Barcelona",
            "41001 Sevilla",
            "46002 Valencia",
            "50001 Zaragoza",
        ],
        tax_labels: &["NIF:", "CIF:", "N.I.F.", "C.I.F.:", "NIF"],
        rates: &[21, 10],
    },
    Country {
        code: "IT",
        language: "it",
        currency: "EUR",
        families: &[
            "Bianchi",
            "Rossetti",
            "Galli",
            "Fontana",
            "Moretti",
            "Colombo",
            "Barbieri",
            "Marchetti",
            "Ferrara",
            "Leone",
        ],
        trades: &[
            "Costruzioni",
            "Panificio",
            "Officina",
            "Cartoleria",
            "Impianti",
            "Trattoria",
            "Arredamenti",
            "Informatica",
            "Ferramenta",
            "Pasticceria",
        ],
        forms: &["S.r.l.", "S.p.A.", "SRL", "s.n.c.", "", "& C. S.a.s."],
        streets: &[
            "Via Garibaldi, #",
            "Via Roma #",
            "Corso Italia #",
            "Piazza Dante, #",
            "Viale Europa #",
        ],
        towns: &[
            "20121 Milano (MI)",
            "00184 Roma",
            "10121 Torino TO",
            "40121 Bologna",
            "50122 Firenze",
        ],
        tax_labels: &["P.IVA", "Partita IVA:", "P. IVA:", "P.I.", "Partita IVA"],
        rates: &[22, 10],
    },
    Country {
        code: "PT",
        language: "pt",
        currency: "EUR",
        families: &[
            "Silva", "Carvalho", "Monteiro", "Pereira", "Nogueira", "Teixeira", "Almeida",
            "Barros", "Coelho", "Matos",
        ],
        trades: &[
            "Construções",
            "Padaria",
            "Oficina",
            "Papelaria",
            "Instalações",
            "Restaurante",
            "Consultoria",
            "Ferragens",
            "Talho",
            "Informática",
        ],
        forms: &["Lda.", "Lda", "S.A.", "", "Unipessoal Lda", "& Filhos, Lda."],
        streets: &[
            "Rua do Ouro, #",
            "Av. da Liberdade #",
            "Largo do Carmo, #",
            "Travessa das Flores #",
        ],
        towns: &["1100-063 Lisboa", "4000-322 Porto", "3000-213 Coimbra", "8000-138 Faro"],
        tax_labels: &["NIF:", "NIPC:", "Contribuinte nº", "N.º Contribuinte:", "NIF"],
        rates: &[23, 6],
    },
    Country {
        code: "NL",
        language: "nl",
        currency: "EUR",
        families: &[
            "de Vries", "Jansen", "van Dijk", "Bakker", "Visser", "Mulder", "Hendriks", "Dekker",
            "Vermeer", "Smits",
        ],
        trades: &[
            "Installatietechniek",
            "Bouwbedrijf",
            "Bakkerij",
            "Kantoorartikelen",
            "Schoonmaak",
            "Advies",
            "Garage",
            "Tuincentrum",
            "Webwinkel",
            "Slagerij",
        ],
        forms: &["B.V.", "BV", "V.O.F.", "", "N.V.", "Holding B.V."],
        streets: &[
            "Hoofdstraat #",
            "Keizersgracht #",
            "Dorpsweg #",
            "Marktplein #",
            "Stationslaan # b",
        ],
        towns: &["1012 AB Amsterdam", "3511 LX Utrecht", "5611 EM Eindhoven", "9711 LM Groningen"],
        tax_labels: &["BTW-nr.", "BTW nr:", "Btw-nummer:", "BTW-id:", "BTW"],
        rates: &[21, 9],
    },
];
