//! Documents made for the tests, none of them anybody's.

#![expect(clippy::arithmetic_side_effects, reason = "the amounts are a few hundred euros")]

use domain::{
    ids::InvoiceId,
    invoice::{Direction, Invoice, Kind, Line, Proof, Status, TaxGroup},
    money::{Currency, Money, Quantity, Rate, UnitPrice},
    party::Party,
    tenant::Language,
};
use rust_decimal::Decimal;

/// What an e-invoice of ours says.
pub struct Paper<'a> {
    pub number: &'a str,
    pub vendor: &'a str,
    pub date: &'a str,
    /// The net amount in whole euros; tax is 20 %.
    pub net: u32,
}

/// Returns an invoice in UBL with one line.
pub fn ubl(paper: &Paper<'_>) -> Vec<u8> {
    let Paper { number, vendor, date, net } = paper;
    let tax = format!("{}.{:02}", net / 5, net % 5 * 20);
    let gross = format!("{}.{:02}", net + net / 5, net % 5 * 20);
    let party = |name: &str| {
        format!(
            "<cac:Party><cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>\
             <cac:PostalAddress><cac:Country><cbc:IdentificationCode>AT</cbc:IdentificationCode>\
             </cac:Country></cac:PostalAddress><cac:PartyLegalEntity><cbc:RegistrationName>{name}\
             </cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>"
        )
    };
    let amount =
        |tag: &str, value: &str| format!("<cbc:{tag} currencyID=\"EUR\">{value}</cbc:{tag}>");
    let net = format!("{net}.00");
    let category = "<cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT\
                    </cbc:ID></cac:TaxScheme>";
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Invoice \
         xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" \
         xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" \
         xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">",
    );
    xml += "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>";
    xml += &format!("<cbc:ID>{number}</cbc:ID><cbc:IssueDate>{date}</cbc:IssueDate>");
    xml += "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>\
            <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>";
    xml += &format!("<cac:AccountingSupplierParty>{}</cac:AccountingSupplierParty>", party(vendor));
    xml += &format!(
        "<cac:AccountingCustomerParty>{}</cac:AccountingCustomerParty>",
        party("Mara Tester")
    );
    xml += &format!(
        "<cac:TaxTotal>{}<cac:TaxSubtotal>{}{}<cac:TaxCategory>{category}</cac:TaxCategory>\
         </cac:TaxSubtotal></cac:TaxTotal>",
        amount("TaxAmount", &tax),
        amount("TaxableAmount", &net),
        amount("TaxAmount", &tax)
    );
    xml += &format!(
        "<cac:LegalMonetaryTotal>{}{}{}{}</cac:LegalMonetaryTotal>",
        amount("LineExtensionAmount", &net),
        amount("TaxExclusiveAmount", &net),
        amount("TaxInclusiveAmount", &gross),
        amount("PayableAmount", &gross)
    );
    xml += &format!(
        "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode=\"C62\">1\
         </cbc:InvoicedQuantity>{}<cac:Item><cbc:Name>Garden work</cbc:Name>\
         <cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item><cac:Price>{}\
         </cac:Price></cac:InvoiceLine></Invoice>",
        amount("LineExtensionAmount", &net),
        amount("PriceAmount", &net)
    );
    xml.into_bytes()
}

/// Returns the same invoice as a PDF with a text layer.
pub fn pdf(paper: &Paper<'_>) -> Vec<u8> {
    let euros = |cents: u32| Money::new(i64::from(cents), Currency::EUR);
    let (net, tax) = (euros(paper.net * 100), euros(paper.net * 20));
    let rate = Some(Rate::from_percent(Decimal::from(20)));
    let invoice = Invoice {
        id: InvoiceId(uuid::Uuid::nil()),
        direction: Direction::Issued,
        kind: Kind::Invoice,
        number: Some(paper.number.to_owned()),
        vendor: Party {
            address: Some("Hauptplatz 1, 8010 Graz".into()),
            ..Party::named(paper.vendor)
        },
        customer: Party::named("Mara Tester"),
        issue_date: paper.date.parse().unwrap(),
        due_date: None,
        paid_on: None,
        currency: Currency::EUR,
        lines: vec![Line {
            description: "Garden work".into(),
            quantity: Some(Quantity(Decimal::ONE)),
            unit_price: Some(UnitPrice(Decimal::from(paper.net))),
            amount: Some(net),
            tax_rate: rate,
        }],
        taxes: vec![TaxGroup { rate, net: Some(net), tax: Some(tax) }],
        net: Some(net),
        tax: Some(tax),
        gross: euros(paper.net * 120),
        allowance: None,
        prepaid: None,
        rounding: None,
        category: None,
        status: Status::Unpaid,
        notes: None,
        document: None,
        proof: Proof::Proven,
    };
    press::invoice_pdf(&invoice, Language::En).unwrap()
}

/// Returns the picture of a receipt.
pub fn receipt() -> Vec<u8> {
    include_bytes!("../../../documents/tests/fixtures/receipt.jpg").to_vec()
}

/// Returns the picture of two receipts side by side.
pub fn two_receipts() -> Vec<u8> {
    include_bytes!("../../../documents/tests/fixtures/two_receipts.jpg").to_vec()
}

/// Returns a PDF of one page with these lines of text.
pub fn page(lines: &[&str]) -> Vec<u8> {
    written(lines, "", &[])
}

/// Returns a PDF of one page with these lines of text and an e-invoice inside.
pub fn hybrid(lines: &[&str], einvoice: &str) -> Vec<u8> {
    let file = format!("<< /Length {} >>\nstream\n{einvoice}\nendstream", einvoice.len());
    let linked = "<< /Type /Filespec /F (factur-x.xml) /EF << /F 6 0 R >> >>".to_owned();
    written(lines, "/AF [7 0 R]", &[file, linked])
}

fn written(lines: &[&str], catalogue: &str, more: &[String]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -18 Td\n")).collect();
    let content = format!("BT /F1 11 Tf 60 770 Td\n{shown}ET");
    let objects = [
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let numbered = (1..).zip(objects.iter().chain(more));
    let body: String =
        numbered.map(|(number, object)| format!("{number} 0 obj\n{object}\nendobj\n")).collect();
    format!("%PDF-1.4\n{body}trailer\n<< /Root 1 0 R >>\n%%EOF\n").into_bytes()
}

/// Returns a PDF of several pages, each with its lines of text.
pub fn pages(pages: &[&[&str]]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|at| format!("{} 0 R ", 4 + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for (at, lines) in pages.iter().enumerate() {
        let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -18 Td\n")).collect();
        let content = format!("BT /F1 11 Tf 60 770 Td\n{shown}ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * at
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let numbered = (1..).zip(&objects);
    let body: String =
        numbered.map(|(number, object)| format!("{number} 0 obj\n{object}\nendobj\n")).collect();
    format!("%PDF-1.4\n{body}trailer\n<< /Root 1 0 R >>\n%%EOF\n").into_bytes()
}

/// Returns an empty archive, which nobody reads as an invoice.
pub fn zip() -> Vec<u8> {
    let mut bytes = b"PK\x05\x06".to_vec();
    bytes.resize(22, 0);
    bytes
}

/// Returns an invoice that somebody wrote in a spreadsheet, as separated values.
pub fn form() -> String {
    [
        "Studio Feldmann;;;",
        "Lindenweg 4, 1010 Wien;;;",
        ";;;",
        "INVOICE;;;",
        "Invoice number;SF-31;;",
        "Invoice date;12 May 2024;;",
        ";;;",
        "Description;Hours;Rate;Amount",
        "Drawing;10;80,00;800,00",
        "Meetings;2;80,00;160,00",
        ";;;",
        ";;Subtotal;960,00",
        ";;VAT 20%;192,00",
        ";;Total EUR;1.152,00",
    ]
    .join("\r\n")
}

/// Returns a list of invoices, one a row; one row lacks its total.
pub fn list() -> String {
    [
        "Number;Supplier;Date;Net;VAT;Total;Currency;Status",
        "N-1;Nordwind;02.05.2024;100,00;20,00;120,00;EUR;paid",
        "N-2;Nordwind;14.05.2024;1.050,00;210,00;1.260,00;EUR;open",
        "77;Harbour Ltd;15.05.2024;50,00;10,00;60,00;GBP;open",
        "78;Harbour Ltd;16.05.2024;;;;GBP;open",
        ";;Total;1.200,00;240,00;1.440,00;;",
    ]
    .join("\r\n")
}

/// Returns a year of purchases as a list, in three currencies.
pub fn year() -> String {
    let rows = [
        "S-1;Shell;05.01.2024;;50,00;10,00;60,00;EUR;paid;Fuel",
        "C-1;Café Azul;12.01.2024;;20,00;4,00;24,00;EUR;paid;Meals",
        "H-1;Hetzner Online GmbH;01.02.2024;;10,00;2,00;12,00;EUR;paid;Hosting",
        "S-2;Shell;07.02.2024;;55,00;11,00;66,00;EUR;paid;Fuel",
        "H-2;Hetzner Online GmbH;01.03.2024;;10,00;2,00;12,00;EUR;paid;Hosting",
        "DB-1;Deutsche Bahn;15.03.2024;;100,00;20,00;120,00;EUR;paid;Travel",
        "H-3;Hetzner Online GmbH;01.04.2024;;10,00;2,00;12,00;EUR;paid;Hosting",
        "D-1;Delta Air;20.04.2024;;500,00;0,00;500,00;USD;paid;Travel",
        "H-4;Hetzner Online GmbH;01.05.2024;15.05.2024;10,00;2,00;12,00;EUR;open;Hosting",
        "N-1;Nordwind;02.05.2024;;100,00;20,00;120,00;EUR;paid;Office",
        "C-2;Café Azul;03.05.2024;;30,00;6,00;36,00;EUR;paid;Meals",
        "S-3;Shell;09.05.2024;;40,00;8,00;48,00;EUR;paid;Fuel",
        "DB-2;Deutsche Bahn;10.05.2024;24.05.2024;80,00;16,00;96,00;EUR;open;Travel",
        "N-2;Nordwind;14.05.2024;13.06.2024;1.050,00;210,00;1.260,00;EUR;open;Office",
        "77;Harbour Ltd;15.05.2024;14.06.2024;50,00;10,00;60,00;GBP;open;Office",
        "C-3;Café Azul;21.05.2024;04.06.2024;25,00;5,00;30,00;EUR;open;Meals",
    ];
    let head = "Number;Supplier;Date;Due date;Net;VAT;Total;Currency;Status;Category";
    [&[head], rows.as_slice()].concat().join("\r\n")
}

/// Returns an invoice of several things in a spreadsheet: what, how many, and what one costs in whole
/// euros.
pub fn items(vendor: &str, number: &str, date: &str, things: &[(&str, u32, u32)]) -> Vec<u8> {
    let mut rows = vec![
        format!("{vendor};;;"),
        ";;;".to_owned(),
        "INVOICE;;;".to_owned(),
        format!("Invoice number;{number};;"),
        format!("Invoice date;{date};;"),
        ";;;".to_owned(),
        "Description;Quantity;Price;Amount".to_owned(),
    ];
    let each = |(what, many, price): &(&str, u32, u32)| {
        format!("{what};{many};{price},00;{},00", many * price)
    };
    rows.extend(things.iter().map(each));
    let total: u32 = things.iter().map(|(_, many, price)| many * price).sum();
    rows.push(format!(";;Total EUR;{total},00"));
    rows.join("\r\n").into_bytes()
}
