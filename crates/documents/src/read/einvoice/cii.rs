//! CII, as Factur-X, ZUGFeRD and XRechnung write it, and ZUGFeRD 1.0, whose names differ.

use super::{terms, tree::Node};
use domain::{
    money::Currency,
    reading::{Claim, ReadLine, ReadTax, Reading},
};
use rust_decimal::Decimal;

const DOCUMENT: &str = "ExchangedDocument|HeaderExchangedDocument";
const TRADE: &str = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction";
const AGREEMENT: &str = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement";
const SETTLEMENT: &str = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement";
const SUMMATION: &str =
    "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation";
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
    totals(settlement.first(SUMMATION).unwrap_or(&absent), &mut reading);
    reading.taxes = settlement.all("ApplicableTradeTax").into_iter().map(tax).collect();
    reading.lines = trade
        .all("IncludedSupplyChainTradeLineItem")
        .into_iter()
        .filter(|line| is_item(line))
        .map(line)
        .collect();
    reading
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
    reading.customer = agreement
        .first("BuyerTradeParty")
        .and_then(|buyer| buyer.any(&NAMES))
        .map(|name| terms::claim(name, "BT-44"));
    let Some(seller) = agreement.first("SellerTradeParty") else { return };
    reading.vendor = seller.any(&NAMES).map(|name| terms::claim(name, "BT-27"));
    reading.vendor_tax_id = tax_id(seller).map(|id| terms::claim(id, "BT-31"));
    reading.vendor_address = seller
        .first("PostalTradeAddress")
        .and_then(|at| {
            terms::address([
                at.text("LineOne"),
                at.text("LineTwo"),
                terms::spaced(at.text("PostcodeCode"), at.text("CityName")),
                at.text("CountryID"),
            ])
        })
        .map(|address| terms::claim(address, "BG-5"));
}

/// Returns the number for value added tax (scheme VA), else the tax office's, else the register's.
fn tax_id(seller: &Node) -> Option<String> {
    let ids = seller.all("SpecifiedTaxRegistration/ID");
    ids.iter()
        .find(|id| id.attribute("schemeID") == Some("VA"))
        .or_else(|| ids.first())
        .and_then(|id| id.own_text())
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
    reading.vendor_iban = settlement
        .all("SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID")
        .into_iter()
        .find_map(|id| terms::iban(&id.own_text()?))
        .map(|iban| terms::claim(iban, "BT-84"));
}

fn totals(sums: &Node, reading: &mut Reading) {
    let currency = reading.currency.as_ref().map(|claim| claim.value);
    let claim = |amount: Option<Decimal>, term| amount.map(|amount| terms::claim(amount, term));
    let payable = terms::amount(sums, &["DuePayableAmount"]);
    let prepaid = terms::amount(sums, &["TotalPrepaidAmount"]);
    let rounding = terms::amount(sums, &["RoundingAmount"]);
    let gross = terms::amount(sums, &["GrandTotalAmount"]).or_else(|| {
        payable?.checked_add(prepaid.unwrap_or_default())?.checked_sub(rounding.unwrap_or_default())
    });
    let allowance = terms::difference(
        terms::amount(sums, &["AllowanceTotalAmount"]),
        terms::amount(sums, &["ChargeTotalAmount"]),
    );
    reading.net = claim(terms::amount(sums, &["TaxBasisTotalAmount"]), "BT-109");
    reading.tax = claim(tax_total(sums, currency), "BT-110");
    reading.gross = claim(gross, "BT-112");
    reading.prepaid = claim(prepaid, "BT-113");
    reading.rounding = claim(rounding, "BT-114");
    reading.allowance = claim(allowance, "BT-107");
    terms::settle(reading, payable);
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
    ReadLine {
        description: line.any(&product).unwrap_or_default(),
        quantity: terms::amount(line, &[&at(&[DELIVERED, "BilledQuantity"])]),
        unit_price: line.first(AGREED).and_then(unit_price),
        amount: terms::amount(line, &[&at(&[SETTLED, SUM, "LineTotalAmount"])]),
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
