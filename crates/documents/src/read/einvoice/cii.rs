//! CII, as Factur-X, ZUGFeRD and XRechnung write it, and ZUGFeRD 1.0, whose names differ.

use super::{terms, tree::Node};
use domain::{
    money::Currency,
    reading::{Claim, Evidence, Origin, ReadLine, ReadTax, Reading},
};
use rust_decimal::Decimal;

const DOCUMENT: &str = "ExchangedDocument|HeaderExchangedDocument";
const TRADE: &str = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction";
const AGREEMENT: &str = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement";
const SETTLEMENT: &str = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement";
const SUMMATION: &str =
    "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation";
const PERIOD: &str = "BillingSpecifiedPeriod";
const PERCENT: &str = "RateApplicablePercent|ApplicablePercent";

/// Reads an invoice; whatever is missing is left out.
pub fn read(root: &Node) -> Reading {
    let absent = Node::default();
    let document = root.first(DOCUMENT).unwrap_or(&absent);
    let trade = root.first(TRADE).unwrap_or(&absent);
    let settlement = trade.first(SETTLEMENT).unwrap_or(&absent);
    let code = document.text("TypeCode").unwrap_or_default();
    let mut reading = terms::reading(terms::kind(&code));
    reading.number = document.text("ID").map(|id| terms::claim(id, "BT-1"));
    reading.issue_date = day(document, "IssueDateTime", "BT-2");
    parties(trade.first(AGREEMENT).unwrap_or(&absent), &mut reading);
    payment(settlement, &mut reading);
    totals(settlement, &mut reading);
    reading.taxes = settlement.all("ApplicableTradeTax").into_iter().map(tax).collect();
    reading.lines = trade
        .all("IncludedSupplyChainTradeLineItem")
        .into_iter()
        .filter(|line| is_item(line))
        .map(line)
        .collect();
    reading.notes = notes(document, settlement);
    reading
}

/// Returns the notes but for those of law and register (REG, ABL), the period, and why no tax is
/// charged.
fn notes(document: &Node, settlement: &Node) -> Option<String> {
    let is_legal = |note: &&Node| {
        let subject = note.text("SubjectCode");
        subject.is_some_and(|subject| matches!(subject.as_str(), "REG" | "ABL"))
    };
    let notes = document.all("IncludedNote").into_iter().filter(|note| !is_legal(note));
    let notes = notes.filter_map(|note| note.text("Content"));
    let reasons = settlement.all("ApplicableTradeTax").into_iter().filter_map(|tax| {
        let code = tax.text("CategoryCode");
        terms::exemption(tax.text("ExemptionReason"), code.as_deref())
    });
    terms::notes(notes.chain(settlement.first(PERIOD).and_then(period)).chain(reasons))
}

fn period(node: &Node) -> Option<String> {
    let end = |path| day(node, path, "BG-14").map(|claim| claim.value);
    terms::period(end("StartDateTime"), end("EndDateTime"))
}

fn day(node: &Node, path: &str, term: &str) -> Option<Claim<domain::dates::Date>> {
    let found = node.first(path)?;
    let text = found.text("DateTimeString|DateString|DateTime|Date")?;
    terms::date(&text).map(|day| terms::claim(day, term))
}

fn parties(agreement: &Node, reading: &mut Reading) {
    const NAMES: [&str; 3] = [
        "Name",
        "SpecifiedLegalOrganization/TradingBusinessName",
        "DefinedTradeContact/PersonName",
    ];
    if let Some(buyer) = agreement.first("BuyerTradeParty") {
        reading.customer = buyer.any(&NAMES).map(|name| terms::claim(name, "BT-44"));
        reading.customer_tax_id = vat_number(buyer).map(|id| terms::claim(id, "BT-48"));
        reading.customer_address = address(buyer).map(|address| terms::claim(address, "BG-8"));
    }
    let Some(seller) = agreement.first("SellerTradeParty") else { return };
    reading.vendor = seller.any(&NAMES).map(|name| terms::claim(name, "BT-27"));
    reading.vendor_tax_id = tax_id(seller).map(|id| terms::claim(id, "BT-31"));
    reading.vendor_address = address(seller).map(|address| terms::claim(address, "BG-5"));
    reading.vendor_email = seller
        .text("DefinedTradeContact/EmailURIUniversalCommunication/URIID")
        .map(|email| terms::claim(email, "BT-43"));
}

fn address(party: &Node) -> Option<String> {
    let at = party.first("PostalTradeAddress")?;
    terms::address([
        at.text("LineOne"),
        at.text("LineTwo"),
        terms::spaced(at.text("PostcodeCode"), at.text("CityName")),
        at.text("CountryID"),
    ])
}

/// Returns the number for value added tax (scheme VA).
fn vat_number(party: &Node) -> Option<String> {
    let ids = party.all("SpecifiedTaxRegistration/ID").into_iter();
    ids.filter(|id| id.attribute("schemeID") == Some("VA")).find_map(Node::own_text)
}

/// Returns the number for value added tax, else the tax office's, else the register's.
fn tax_id(seller: &Node) -> Option<String> {
    vat_number(seller)
        .or_else(|| seller.text("SpecifiedTaxRegistration/ID"))
        .or_else(|| seller.text("SpecifiedLegalOrganization/ID"))
}

fn payment(settlement: &Node, reading: &mut Reading) {
    reading.currency = settlement
        .text("InvoiceCurrencyCode")
        .or_else(|| {
            let gross = settlement.first(SUMMATION)?.first("GrandTotalAmount")?;
            gross.attribute("currencyID").map(str::to_owned)
        })
        .and_then(|code| Currency::parse(&code))
        .map(|currency| terms::claim(currency, "BT-5"));
    reading.due_date = settlement
        .all("SpecifiedTradePaymentTerms")
        .into_iter()
        .find_map(|term| day(term, "DueDateDateTime", "BT-9"));
    terms::payee(settlement.text("PayeeTradeParty/Name"), reading);
    reading.vendor_iban = terms::account(
        &settlement
            .all("SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID"),
    );
}

fn totals(settlement: &Node, reading: &mut Reading) {
    let Some(sums) = settlement.first(SUMMATION) else { return };
    let currency = reading.currency.as_ref().map(|claim| claim.value);
    let claim = |amount: Option<Decimal>, term| amount.map(|amount| terms::claim(amount, term));
    let payable = terms::amount(sums, &["DuePayableAmount"]);
    let prepaid = terms::amount(sums, &["TotalPrepaidAmount"]);
    let rounding = terms::amount(sums, &["RoundingAmount"]);
    let gross = terms::amount(sums, &["GrandTotalAmount"]).or_else(|| {
        payable?.checked_add(prepaid.unwrap_or_default())?.checked_sub(rounding.unwrap_or_default())
    });
    let written = ["AllowanceTotalAmount", "ChargeTotalAmount"];
    let [allowances, charges] = written.map(|path| terms::amount(sums, &[path]));
    let allowance = terms::allowance((allowances, charges), &allowances_of(settlement));
    reading.net = claim(terms::amount(sums, &["TaxBasisTotalAmount"]), "BT-109");
    reading.tax = claim(tax_total(sums, currency), "BT-110");
    reading.gross = claim(gross, "BT-112");
    reading.prepaid = claim(prepaid, "BT-113").or_else(|| paid_by_then(sums, gross, payable));
    reading.rounding = claim(rounding, "BT-114");
    reading.allowance = claim(allowance, "BT-107");
    reading.due = claim(payable, "BT-115");
    terms::settle(reading, payable);
}

/// Returns what must have been paid before where the profile has no place for it: MINIMUM says only
/// the total and what is left.
fn paid_by_then(
    sums: &Node,
    gross: Option<Decimal>,
    payable: Option<Decimal>,
) -> Option<Claim<Decimal>> {
    let paid = gross?.checked_sub(payable?)?;
    let is_minimum = sums.first("LineTotalAmount").is_none();
    let derived = Evidence::of(Origin::Derived, 100, "BT-112 less BT-115");
    (is_minimum && !paid.is_zero()).then(|| Claim::new(paid, derived))
}

/// Returns the allowances and charges right below an element, each with whether it is a charge;
/// freight is a charge.
fn allowances_of(node: &Node) -> Vec<(bool, Decimal)> {
    let parts = node.all("SpecifiedTradeAllowanceCharge").into_iter().filter_map(|part| {
        let is_charge = part.text("ChargeIndicator/Indicator").is_some_and(|said| said == "true");
        Some((is_charge, terms::amount(part, &["ActualAmount"])?))
    });
    let freight = node.all("SpecifiedLogisticsServiceCharge").into_iter();
    let freight = freight.filter_map(|part| Some((true, terms::amount(part, &["AppliedAmount"])?)));
    parts.chain(freight).collect()
}

/// Returns the tax in the document's currency; a second one is in the currency of the books.
fn tax_total(sums: &Node, currency: Option<Currency>) -> Option<Decimal> {
    let totals = sums.all("TaxTotalAmount");
    let own = totals.iter().find(|total| {
        total
            .attribute("currencyID")
            .and_then(Currency::parse)
            .is_some_and(|of| Some(of) == currency)
    });
    let total = own.or_else(|| totals.first())?;
    domain::money::parse_decimal(&total.own_text()?)
}

fn tax(tax: &Node) -> ReadTax {
    ReadTax {
        rate: terms::rate(tax, &[PERCENT]),
        net: terms::amount(tax, &["BasisAmount"]),
        tax: terms::amount(tax, &["CalculatedAmount"]),
    }
}

/// Lines that only group others, or explain, are no items; ZUGFeRD 1.0 has lines of mere notes.
fn is_item(line: &Node) -> bool {
    let reason = line.text("AssociatedDocumentLineDocument/LineStatusReasonCode");
    !matches!(reason.as_deref(), Some("GROUP" | "INFORMATION"))
        && line.first("SpecifiedTradeProduct").is_some()
}

fn line(line: &Node) -> ReadLine {
    const AGREED: &str = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement";
    const DELIVERED: &str = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery";
    const SETTLED: &str = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement";
    const SUM: &str =
        "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation";
    let at = |parts: &[&str]| parts.join("/");
    let product = ["SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description"];
    let quantity = terms::amount(line, &[&at(&[DELIVERED, "BilledQuantity"])]);
    let price = line.first(AGREED).and_then(unit_price);
    let written = terms::amount(line, &[&at(&[SETTLED, SUM, "LineTotalAmount"])]);
    let settled = line.first(SETTLED);
    let lasted = settled.and_then(|settled| period(settled.first(PERIOD)?));
    let parts = settled.map(allowances_of).unwrap_or_default();
    ReadLine {
        description: terms::with_period(line.any(&product).unwrap_or_default(), lasted),
        quantity,
        unit_price: price,
        amount: terms::line_amount(written, quantity, price, &parts),
        tax_rate: terms::rate(line, &[&at(&[SETTLED, "ApplicableTradeTax", PERCENT])]),
    }
}

/// Returns the price of one; prices may be for a hundred or a thousand.
fn unit_price(agreed: &Node) -> Option<Decimal> {
    let price = agreed
        .first("NetPriceProductTradePrice")
        .or_else(|| agreed.first("GrossPriceProductTradePrice"))?;
    let amount = terms::amount(price, &["ChargeAmount"])?;
    let of = terms::amount(price, &["BasisQuantity"]).filter(|of| !of.is_zero());
    of.map_or(Some(amount), |of| amount.checked_div(of))
}
