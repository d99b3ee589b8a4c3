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
    if let Some(party) = root.first("AccountingCustomerParty|BuyerParty/Party") {
        reading.customer = name(party).map(|name| terms::claim(name, "BT-44"));
        reading.customer_tax_id = vat_number(party).map(|id| terms::claim(id, "BT-48"));
        reading.customer_address = address(party).map(|address| terms::claim(address, "BG-8"));
    }
    terms::payee(root.first("PayeeParty").and_then(name), &mut reading);
    reading.vendor_iban = terms::account(&root.all("PaymentMeans/PayeeFinancialAccount/ID"));
    totals(root, &mut reading);
    reading.notes = notes(root);
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
    reading.vendor_address = address(party).map(|address| terms::claim(address, "BG-5"));
    reading.vendor_email =
        party.text("Contact/ElectronicMail").map(|email| terms::claim(email, "BT-43"));
}

fn address(party: &Node) -> Option<String> {
    let at = party.first("PostalAddress|Address")?;
    let street = terms::spaced(at.text("StreetName|Street"), at.text("BuildingNumber"));
    terms::address([
        street,
        at.text("AdditionalStreetName"),
        terms::spaced(at.text("PostalZone"), at.text("CityName")),
        at.text("Country/IdentificationCode"),
    ])
}

/// Returns the notes, the period and why no tax is charged.
fn notes(root: &Node) -> Option<String> {
    let notes = root.all("Note").into_iter().filter_map(Node::own_text);
    let reasons = root.all(&format!("TaxTotal/{SUBTOTALS}/TaxCategory")).into_iter();
    let reasons = reasons.filter_map(|category| {
        let code = category.text("ID");
        terms::exemption(category.text("TaxExemptionReason"), code.as_deref())
    });
    terms::notes(notes.chain(root.first("InvoicePeriod").and_then(period)).chain(reasons))
}

fn period(node: &Node) -> Option<String> {
    let day = |name: &str| node.text(name).and_then(|day| terms::date(&day));
    terms::period(day("StartDate"), day("EndDate"))
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
    vat_number(party)
        .or_else(|| party.text("PartyTaxScheme/CompanyID"))
        .or_else(|| {
            let identities = party.all("PartyIdentification/ID");
            let is_tax = |id: &&&Node| id.attribute("schemeID").is_some_and(is_tax_scheme);
            identities.iter().find(is_tax).and_then(|id| id.own_text())
        })
        .or_else(|| party.any(&["PartyLegalEntity/CompanyID", "PartyIdentification/ID"]))
}

fn vat_number(party: &Node) -> Option<String> {
    let is_vat = |scheme: &&Node| {
        let id = scheme.text("TaxScheme/ID").unwrap_or_default();
        matches!(id.to_ascii_uppercase().as_str(), "VAT" | "GST" | "63")
    };
    party.all("PartyTaxScheme").into_iter().find(is_vat).and_then(|scheme| scheme.text("CompanyID"))
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
    let sums = ["AllowanceTotalAmount", "ChargeTotalAmount"];
    let [allowances, charges] = sums.map(|path| terms::amount(total, &[path]));
    let allowance = terms::allowance((allowances, charges), &allowances_of(root));
    let claim = |amount: Option<Decimal>, term| amount.map(|amount| terms::claim(amount, term));
    reading.net = claim(net(total, tax, gross, allowance), "BT-109");
    reading.tax = claim(tax, "BT-110");
    reading.gross = claim(gross, "BT-112");
    reading.prepaid = claim(prepaid, "BT-113");
    reading.rounding = claim(rounding, "BT-114");
    reading.allowance = claim(allowance, "BT-107");
    reading.due = claim(payable.and_then(|payable| before_withholding(root, payable)), "BT-115");
    terms::settle(reading, payable);
}

/// Returns the allowances and charges right below an element, each with whether it is a charge.
fn allowances_of(node: &Node) -> Vec<(bool, Decimal)> {
    let parts = node.all("AllowanceCharge").into_iter();
    parts
        .filter_map(|part| {
            let is_charge = part.text("ChargeIndicator").is_some_and(|said| said == "true");
            Some((is_charge, terms::amount(part, &["Amount"])?))
        })
        .collect()
}

/// Returns what is to be paid as if no tax were withheld from it, as Spain and Turkey do.
fn before_withholding(root: &Node, payable: Decimal) -> Option<Decimal> {
    root.all("WithholdingTaxTotal")
        .into_iter()
        .filter_map(|total| terms::amount(total, &[TAX_AMOUNT]))
        .try_fold(payable, Decimal::checked_add)
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
    let description = line.any(&["Item/Name", "Item/Description", "Note"]).unwrap_or_default();
    let quantity = terms::amount(line, &["InvoicedQuantity|CreditedQuantity|DebitedQuantity"]);
    let price = unit_price(line);
    let written = terms::amount(line, &["LineExtensionAmount"]);
    ReadLine {
        description: terms::with_period(description, line.first("InvoicePeriod").and_then(period)),
        quantity,
        unit_price: price,
        amount: terms::line_amount(written, quantity, price, &allowances_of(line)),
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
