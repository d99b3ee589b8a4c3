//! E-invoices of each format, and XML documents that are something else.

use documents::{Limits, read};
use domain::{
    dates::date,
    document::Contents,
    reading::{Origin, ReadKind, Reading},
};
use rust_decimal::Decimal;

/// An invoice with odd prefixes, a prepaid amount, an allowance and two taxes of different books.
pub const UBL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<q:Invoice xmlns:q="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:x="urn:c" xmlns:y="urn:b">
 <y:ID>2025-17</y:ID><y:IssueDate>2025-03-14</y:IssueDate><y:DueDate>2025-04-13</y:DueDate>
 <y:InvoiceTypeCode>380</y:InvoiceTypeCode><y:DocumentCurrencyCode>EUR</y:DocumentCurrencyCode>
 <x:AccountingSupplierParty><x:Party><x:PartyName><y:Name>Corner</y:Name></x:PartyName>
  <x:PostalAddress><y:StreetName>Mill Lane 12</y:StreetName><y:CityName>Berlin</y:CityName><y:PostalZone>10115</y:PostalZone></x:PostalAddress>
  <x:PartyTaxScheme><y:CompanyID>12/345</y:CompanyID><x:TaxScheme><y:ID>FC</y:ID></x:TaxScheme></x:PartyTaxScheme>
  <x:PartyTaxScheme><y:CompanyID>DE123456789</y:CompanyID><x:TaxScheme><y:ID>VAT</y:ID></x:TaxScheme></x:PartyTaxScheme>
  <x:PartyLegalEntity><y:RegistrationName>Corner Bakery GmbH &amp; Co.</y:RegistrationName></x:PartyLegalEntity></x:Party></x:AccountingSupplierParty>
 <x:AccountingCustomerParty><x:Party><x:PartyName><y:Name>Ada Stern</y:Name></x:PartyName></x:Party></x:AccountingCustomerParty>
 <x:PaymentMeans><x:PayeeFinancialAccount><y:ID>DE02 1203 0000 0000 2020 51</y:ID></x:PayeeFinancialAccount></x:PaymentMeans>
 <x:TaxTotal><y:TaxAmount currencyID="EUR">19.00</y:TaxAmount><x:TaxSubtotal><y:TaxableAmount currencyID="EUR">100.00</y:TaxableAmount><y:TaxAmount currencyID="EUR">19.00</y:TaxAmount><x:TaxCategory><y:Percent>19</y:Percent></x:TaxCategory></x:TaxSubtotal></x:TaxTotal>
 <x:TaxTotal><y:TaxAmount currencyID="SEK">215.00</y:TaxAmount></x:TaxTotal>
 <x:LegalMonetaryTotal><y:LineExtensionAmount currencyID="EUR">110.00</y:LineExtensionAmount><y:TaxExclusiveAmount currencyID="EUR">100.00</y:TaxExclusiveAmount><y:TaxInclusiveAmount currencyID="EUR">119.00</y:TaxInclusiveAmount><y:AllowanceTotalAmount currencyID="EUR">10.00</y:AllowanceTotalAmount><y:PrepaidAmount currencyID="EUR">50.00</y:PrepaidAmount><y:PayableAmount currencyID="EUR">69.00</y:PayableAmount></x:LegalMonetaryTotal>
 <x:InvoiceLine><y:InvoicedQuantity>200</y:InvoicedQuantity><y:LineExtensionAmount>110.00</y:LineExtensionAmount><x:Item><y:Name>Bread rolls</y:Name><x:ClassifiedTaxCategory><y:Percent>19</y:Percent></x:ClassifiedTaxCategory></x:Item><x:Price><y:PriceAmount>55.00</y:PriceAmount><y:BaseQuantity>100</y:BaseQuantity></x:Price></x:InvoiceLine>
</q:Invoice>"#;

pub const CII: &str = r#"<r:CrossIndustryInvoice xmlns:r="urn:r" xmlns:a="urn:a">
 <r:ExchangedDocument><a:ID>RE-9</a:ID><a:TypeCode>381</a:TypeCode><a:IssueDateTime><a:DateTimeString format="102">20250314</a:DateTimeString></a:IssueDateTime></r:ExchangedDocument>
 <r:SupplyChainTradeTransaction>
  <a:IncludedSupplyChainTradeLineItem><a:SpecifiedTradeProduct><a:Name>Flour</a:Name></a:SpecifiedTradeProduct>
   <a:SpecifiedLineTradeAgreement><a:NetPriceProductTradePrice><a:ChargeAmount>2.50</a:ChargeAmount></a:NetPriceProductTradePrice></a:SpecifiedLineTradeAgreement>
   <a:SpecifiedLineTradeDelivery><a:BilledQuantity>4</a:BilledQuantity></a:SpecifiedLineTradeDelivery>
   <a:SpecifiedLineTradeSettlement><a:ApplicableTradeTax><a:RateApplicablePercent>7.00</a:RateApplicablePercent></a:ApplicableTradeTax><a:SpecifiedTradeSettlementLineMonetarySummation><a:LineTotalAmount>10.00</a:LineTotalAmount></a:SpecifiedTradeSettlementLineMonetarySummation></a:SpecifiedLineTradeSettlement></a:IncludedSupplyChainTradeLineItem>
  <a:ApplicableHeaderTradeAgreement><a:SellerTradeParty><a:Name>Mill Ltd</a:Name><a:SpecifiedTaxRegistration><a:ID schemeID="FC">1/2</a:ID></a:SpecifiedTaxRegistration><a:SpecifiedTaxRegistration><a:ID schemeID="VA">DE999999999</a:ID></a:SpecifiedTaxRegistration></a:SellerTradeParty><a:BuyerTradeParty><a:Name>Ada Stern</a:Name></a:BuyerTradeParty></a:ApplicableHeaderTradeAgreement>
  <a:ApplicableHeaderTradeSettlement><a:InvoiceCurrencyCode>EUR</a:InvoiceCurrencyCode>
   <a:ApplicableTradeTax><a:CalculatedAmount>0.70</a:CalculatedAmount><a:BasisAmount>10.00</a:BasisAmount><a:RateApplicablePercent>7.00</a:RateApplicablePercent></a:ApplicableTradeTax>
   <a:SpecifiedTradeSettlementHeaderMonetarySummation><a:TaxBasisTotalAmount>10.00</a:TaxBasisTotalAmount><a:TaxTotalAmount currencyID="EUR">0.70</a:TaxTotalAmount><a:GrandTotalAmount>10.70</a:GrandTotalAmount><a:DuePayableAmount>10.70</a:DuePayableAmount></a:SpecifiedTradeSettlementHeaderMonetarySummation>
  </a:ApplicableHeaderTradeSettlement></r:SupplyChainTradeTransaction></r:CrossIndustryInvoice>"#;

pub const FATTURA: &str = r#"<p:FatturaElettronica xmlns:p="urn:p"><FatturaElettronicaHeader><CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567890</IdCodice></IdFiscaleIVA><Anagrafica><Nome>Ugo</Nome><Cognome>Neri</Cognome></Anagrafica></DatiAnagrafici></CedentePrestatore></FatturaElettronicaHeader>
<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2025-03-14</Data><Numero>7</Numero></DatiGeneraliDocumento></DatiGenerali><DatiBeniServizi><DettaglioLinee><Descrizione>Pane</Descrizione><PrezzoTotale>100.00</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee><DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>100.00</ImponibileImporto><Imposta>22.00</Imposta></DatiRiepilogo></DatiBeniServizi></FatturaElettronicaBody></p:FatturaElettronica>"#;

fn contents(xml: &str) -> Contents {
    read(xml.as_bytes(), &Limits::default())
}

fn reading(xml: &str) -> Reading {
    contents(xml).einvoice.unwrap()
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn the_fields_of_ubl_are_read_whatever_the_prefixes() {
    let read = reading(UBL);
    assert_eq!(read.kind.value, ReadKind::Invoice);
    assert_eq!(read.number.unwrap().value, "2025-17");
    assert_eq!(read.vendor.unwrap().value, "Corner Bakery GmbH & Co.");
    assert_eq!(read.vendor_tax_id.unwrap().value, "DE123456789");
    assert_eq!(read.vendor_iban.unwrap().value, "DE02120300000000202051");
    assert_eq!(read.vendor_address.unwrap().value, "Mill Lane 12, 10115 Berlin");
    assert_eq!(read.customer.unwrap().value, "Ada Stern");
    assert_eq!(read.issue_date.unwrap().value, date(2025, 3, 14));
    assert_eq!(read.due_date.unwrap().value, date(2025, 4, 13));
    assert_eq!(read.currency.unwrap().value.code(), "EUR");
}

#[test]
fn the_gross_total_is_not_what_is_left_to_pay() {
    let read = reading(UBL);
    let gross = read.gross.unwrap();
    assert_eq!(gross.value, amount("119.00"));
    assert_eq!((gross.evidence.origin, gross.evidence.confidence), (Origin::EInvoice, 100));
    assert_eq!(gross.evidence.rule, "BT-112");
    assert_eq!(read.net.unwrap().value, amount("100.00"));
    assert_eq!(read.tax.unwrap().value, amount("19.00"));
    assert_eq!(read.prepaid.unwrap().value, amount("50.00"));
    assert_eq!(read.allowance.unwrap().value, amount("10.00"));
    assert!(!read.paid);
}

#[test]
fn a_price_for_a_hundred_is_a_hundredth_for_one() {
    let line = reading(UBL).lines.swap_remove(0);
    assert_eq!(line.description, "Bread rolls");
    assert_eq!(line.quantity, Some(amount("200")));
    assert_eq!(line.unit_price, Some(amount("0.55")));
    assert_eq!(line.tax_rate, Some(amount("0.19")));
}

#[test]
fn an_invoice_in_an_envelope_is_found() {
    let inner = UBL.split_once("?>").unwrap().1;
    let wrapped = format!("<s:Standard xmlns:s='urn:s'><s:Head/>{inner}</s:Standard>");
    assert_eq!(reading(&wrapped).number.unwrap().value, "2025-17");
}

#[test]
fn type_381_is_a_credit_note() {
    let read = reading(CII);
    assert_eq!(read.kind.value, ReadKind::CreditNote);
    assert_eq!(read.vendor_tax_id.unwrap().value, "DE999999999");
    assert_eq!(read.gross.unwrap().value, amount("10.70"));
    assert_eq!(read.issue_date.unwrap().value, date(2025, 3, 14));
    assert_eq!(read.taxes[0].rate, Some(amount("0.07")));
    assert_eq!(read.lines[0].unit_price, Some(amount("2.50")));
}

#[test]
fn the_names_of_zugferd_1_are_known_too() {
    let old = CII
        .replace("CrossIndustryInvoice", "CrossIndustryDocument")
        .replace("ExchangedDocument>", "HeaderExchangedDocument>")
        .replace(":SupplyChainTradeTransaction", ":SpecifiedSupplyChainTradeTransaction")
        .replace("ApplicableHeaderTrade", "ApplicableSupplyChainTrade")
        .replace("SettlementHeaderMonetary", "SettlementMonetary")
        .replace("SpecifiedLineTrade", "SpecifiedSupplyChainTrade")
        .replace("RateApplicablePercent", "ApplicablePercent");
    assert_eq!(reading(&old), reading(CII));
}

#[test]
fn a_fattura_without_a_written_total_is_summed_up() {
    let read = reading(FATTURA);
    assert_eq!(read.vendor.unwrap().value, "Ugo Neri");
    assert_eq!(read.vendor_tax_id.unwrap().value, "IT01234567890");
    assert_eq!(read.gross.unwrap().value, amount("122.00"));
    assert_eq!(read.lines.len(), 1);
}

#[test]
fn the_tax_written_as_the_net_total_is_seen_through() {
    let odd = UBL.replace(
        "<y:TaxExclusiveAmount currencyID=\"EUR\">100.00",
        "<y:TaxExclusiveAmount currencyID=\"EUR\">19.00",
    );
    assert_eq!(reading(&odd).net.unwrap().value, amount("100.00"));
}

#[test]
fn an_order_is_named_and_is_no_invoice() {
    let found = contents("<?xml version='1.0'?><Order xmlns='urn:o'><ID>4</ID></Order>");
    assert_eq!(found.other_xml.as_deref(), Some("Order"));
    assert_eq!((found.einvoice, found.obstacle), (None, None));
}

#[test]
fn an_invoice_of_another_vocabulary_is_not_taken_for_one_of_ours() {
    let found = contents("<?xml version='1.0'?><Invoice><Header><No>4</No></Header></Invoice>");
    assert_eq!(found.other_xml.as_deref(), Some("Invoice"));
}
