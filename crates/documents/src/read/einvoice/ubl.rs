//! UBL 1.0 to 2.4: Invoice, CreditNote and DebitNote, as Peppol, PINT, XRechnung, OIOUBL,
//! Svefaktura, UBL-TR, ZATCA and others write them.

use super::{terms, tree::Node};
use domain::{
    money::Currency,
    reading::{ReadKind, ReadLine, ReadTax, Reading},
};
use rust_decimal::Decimal;

/// Totals are called differently in debit notes and in UBL 1.0.
const TOTALS: &str = "LegalMonetaryTotal|RequestedMonetaryTotal|LegalTotal";
const LINES: &str = "InvoiceLine|CreditNoteLine|DebitNoteLine";
const SUBTOTALS: &str = "TaxSubtotal|TaxSubTotal";
const TAX_AMOUNT: &str = "TaxAmount|TotalTaxAmount";

/// Reads an invoice; whatever is missing is left out.
pub fn read(root: &Node) -> Reading {
    let mut reading = terms::reading(kind(root));
    header(root, &mut reading);
    if let Some(party) = root.first("AccountingSupplierParty|SellerParty/Party") {
        vendor(party, &mut reading);
    }
    reading.customer = root
        .first("AccountingCustomerParty|BuyerParty/Party")
        .and_then(name)
        .map(|name| terms::claim(name, "BT-44"));
    reading.vendor_iban = root
        .all("PaymentMeans/PayeeFinancialAccount/ID")
        .into_iter()
        .find_map(|id| terms::iban(&id.own_text()?))
        .map(|iban| terms::claim(iban, "BT-84"));
    totals(root, &mut reading);
    reading.taxes = tax_totals(root, reading.currency.as_ref().map(|claim| claim.value))
        .iter()
        .flat_map(|total| total.all(SUBTOTALS))
        .map(tax)
        .collect();
    reading.lines = root.all(LINES).into_iter().map(line).collect();
    reading
}

fn kind(root: &Node) -> ReadKind {
    match root.name.as_str() {
        "CreditNote" => return ReadKind::CreditNote,
        "DebitNote" => return ReadKind::DebitNote,
        _ => {}
    }
    let code = root.any(&["InvoiceTypeCode", "CreditNoteTypeCode"]).unwrap_or_default();
    // Turkey writes words: a return of goods is credited by an invoice of its own kind.
    if code == "IADE" { ReadKind::CreditNote } else { terms::kind(&code) }
}

fn header(root: &Node, reading: &mut Reading) {
    reading.number = root.text("ID").map(|id| terms::claim(id, "BT-1"));
    reading.issue_date = root
        .text("IssueDate")
        .and_then(|day| terms::date(&day))
        .map(|day| terms::claim(day, "BT-2"));
    reading.due_date = root
        .any(&["DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"])
        .or_else(|| root.text("PaymentMeans/DuePaymentDate"))
        .and_then(|day| terms::date(&day))
        .map(|day| terms::claim(day, "BT-9"));
    reading.currency = root
        .any(&["DocumentCurrencyCode", "InvoiceCurrencyCode", "PricingCurrencyCode"])
        .or_else(|| {
            let gross = root.first(TOTALS)?.first("TaxInclusiveAmount|PayableAmount")?;
            gross.attribute("currencyID").map(str::to_owned)
        })
        .and_then(|code| Currency::parse(&code))
        .map(|currency| terms::claim(currency, "BT-5"));
}

fn vendor(party: &Node, reading: &mut Reading) {
    reading.vendor = name(party).map(|name| terms::claim(name, "BT-27"));
    reading.vendor_tax_id = tax_id(party).map(|id| terms::claim(id, "BT-31"));
    reading.vendor_address = party
        .first("PostalAddress|Address")
        .and_then(|at| {
            let street = terms::spaced(at.text("StreetName|Street"), at.text("BuildingNumber"));
            terms::address([
                street,
                at.text("AdditionalStreetName"),
                terms::spaced(at.text("PostalZone"), at.text("CityName")),
                at.text("Country/IdentificationCode"),
            ])
        })
        .map(|address| terms::claim(address, "BG-5"));
}

/// Returns the name a party is registered under, else the one it trades under, else a person's.
fn name(party: &Node) -> Option<String> {
    party
        .any(&[
            "PartyLegalEntity/RegistrationName",
            "PartyName/Name",
            "PartyTaxScheme/RegistrationName",
        ])
        .or_else(|| {
            let person = party.first("Person")?;
            terms::spaced(person.text("FirstName"), person.text("FamilyName"))
        })
        .or_else(|| party.text("Contact/Name"))
}

/// Returns the number for value added tax, else any tax number, else the register's.
fn tax_id(party: &Node) -> Option<String> {
    let schemes = party.all("PartyTaxScheme");
    let is_vat = |scheme: &&&Node| {
        let id = scheme.text("TaxScheme/ID").unwrap_or_default();
        matches!(id.to_ascii_uppercase().as_str(), "VAT" | "GST" | "63")
    };
    let vat = schemes.iter().find(is_vat).and_then(|scheme| scheme.text("CompanyID"));
    vat.or_else(|| schemes.iter().find_map(|scheme| scheme.text("CompanyID")))
        .or_else(|| {
            let identities = party.all("PartyIdentification/ID");
            let is_tax = |id: &&&Node| id.attribute("schemeID").is_some_and(is_tax_scheme);
            identities.iter().find(is_tax).and_then(|id| id.own_text())
        })
        .or_else(|| party.any(&["PartyLegalEntity/CompanyID", "PartyIdentification/ID"]))
}

/// Returns whether numbers under a scheme are given by a tax office; the codes are those of the
/// ICD list and of Turkey.
fn is_tax_scheme(scheme: &str) -> bool {
    matches!(
        scheme.to_ascii_uppercase().as_str(),
        "VKN" | "VKN_TCKN" | "TCKN" | "VAT" | "TIN" | "GST" | "ABN" | "0151" | "0195"
    )
}

fn totals(root: &Node, reading: &mut Reading) {
    let Some(total) = root.first(TOTALS) else { return };
    let currency = reading.currency.as_ref().map(|claim| claim.value);
    let tax = tax_sum(root, currency);
    let prepaid = terms::amount(total, &["PrepaidAmount"]);
    let rounding = terms::amount(total, &["PayableRoundingAmount", "RoundingAmount"]);
    let payable = terms::amount(total, &["PayableAmount"]);
    // What is to be paid is the total only once rounding and earlier payments are taken out.
    let gross =
        terms::amount(total, &["TaxInclusiveAmount", "TaxInclusiveTotalAmount"]).or_else(|| {
            payable?
                .checked_add(prepaid.unwrap_or_default())?
                .checked_sub(rounding.unwrap_or_default())
        });
    let allowance = terms::difference(
        terms::amount(total, &["AllowanceTotalAmount"]),
        terms::amount(total, &["ChargeTotalAmount"]),
    );
    let claim = |amount: Option<Decimal>, term| amount.map(|amount| terms::claim(amount, term));
    reading.net = claim(net(total, tax, gross, allowance), "BT-109");
    reading.tax = claim(tax, "BT-110");
    reading.gross = claim(gross, "BT-112");
    reading.prepaid = claim(prepaid, "BT-113");
    reading.rounding = claim(rounding, "BT-114");
    reading.allowance = claim(allowance, "BT-107");
    terms::settle(reading, payable);
}

/// Returns the total without tax.
///
/// OIOUBL 2 writes the *tax* into the field of that name; there the sum of the lines less
/// allowances is taken, if tax makes it the gross total and what is written does not.
fn net(
    total: &Node,
    tax: Option<Decimal>,
    gross: Option<Decimal>,
    allowance: Option<Decimal>,
) -> Option<Decimal> {
    let written = terms::amount(total, &["TaxExclusiveAmount", "TaxExclusiveTotalAmount"]);
    let lines = terms::amount(total, &["LineExtensionAmount", "LineExtensionTotalAmount"])
        .and_then(|sum| sum.checked_sub(allowance.unwrap_or_default()));
    let fits = |net: Decimal| net.checked_add(tax.unwrap_or_default()) == gross;
    match (written, lines) {
        (Some(written), Some(lines)) if !fits(written) && fits(lines) => Some(lines),
        (None, lines) => lines.filter(|net| fits(*net)),
        (written, _) => written,
    }
}

/// Returns the tax totals in the document's currency; those with a breakdown where some have one.
///
/// A total without breakdown repeats the same tax, often in the currency of the books.
fn tax_totals(root: &Node, currency: Option<Currency>) -> Vec<&Node> {
    let in_currency = |total: &&Node| {
        let code = total.first(TAX_AMOUNT).and_then(|amount| amount.attribute("currencyID"));
        code.is_none() || currency.is_none() || code.and_then(Currency::parse) == currency
    };
    let totals: Vec<&Node> = root.all("TaxTotal").into_iter().filter(in_currency).collect();
    let broken_down: Vec<&Node> =
        totals.iter().copied().filter(|total| total.first(SUBTOTALS).is_some()).collect();
    if broken_down.is_empty() { totals.into_iter().take(1).collect() } else { broken_down }
}

fn tax_sum(root: &Node, currency: Option<Currency>) -> Option<Decimal> {
    let amounts: Vec<Decimal> = tax_totals(root, currency)
        .into_iter()
        .filter_map(|total| terms::amount(total, &[TAX_AMOUNT]))
        .collect();
    if amounts.is_empty() {
        return None;
    }
    amounts.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}

fn tax(subtotal: &Node) -> ReadTax {
    ReadTax {
        rate: terms::rate(subtotal, &["TaxCategory/Percent", "Percent"]),
        net: terms::amount(subtotal, &["TaxableAmount"]),
        tax: terms::amount(subtotal, &["TaxAmount|TaxAmounts"]),
    }
}

fn line(line: &Node) -> ReadLine {
    ReadLine {
        description: line.any(&["Item/Name", "Item/Description", "Note"]).unwrap_or_default(),
        quantity: terms::amount(line, &["InvoicedQuantity|CreditedQuantity|DebitedQuantity"]),
        unit_price: unit_price(line),
        amount: terms::amount(line, &["LineExtensionAmount"]),
        tax_rate: terms::rate(
            line,
            &[
                "Item/ClassifiedTaxCategory/Percent",
                "TaxTotal/TaxSubtotal/TaxCategory/Percent",
                "TaxTotal/TaxSubtotal/Percent",
                "Item/TaxCategory/Percent",
            ],
        ),
    }
}

/// Returns the price of one; prices may be for a hundred or a thousand.
fn unit_price(line: &Node) -> Option<Decimal> {
    let price = terms::amount(line, &["Price|BasePrice/PriceAmount"])?;
    let of = terms::amount(line, &["Price/BaseQuantity"]).filter(|of| !of.is_zero());
    of.map_or(Some(price), |of| price.checked_div(of))
}
