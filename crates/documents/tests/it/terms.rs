//! Business terms of e-invoices beyond the header, and each profile and dialect.

use crate::einvoices::{CII, FATTURA, UBL};
use documents::{Limits, file_type, read};
use domain::{
    dates::date,
    document::{Contents, FileType, Notice, Obstacle},
    ids::InvoiceId,
    invoice::{Finding, Invoice, Proof},
    money::{Currency, Money},
    reading::{Intake, ReadKind, Reading},
};
use rust_decimal::Decimal;

fn contents(xml: &str) -> Contents {
    read(xml.as_bytes(), &Limits::default())
}

fn reading(xml: &str) -> Reading {
    contents(xml).einvoice.unwrap()
}

fn amount(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

fn value<T: Clone>(claim: &Option<domain::reading::Claim<T>>) -> Option<T> {
    claim.as_ref().map(|claim| claim.value.clone())
}

fn stored(reading: Reading) -> (Invoice, Vec<Finding>) {
    let intake = Intake {
        id: InvoiceId(uuid::Uuid::nil()),
        currency: Currency::EUR,
        received_on: date(2025, 9, 10),
        document: None,
    };
    reading.into_invoice(&intake).unwrap()
}

/// Puts more XML before a mark.
fn with(xml: &str, mark: &str, more: &str) -> String {
    assert!(xml.contains(mark), "{mark}");
    xml.replacen(mark, &format!("{more}{mark}"), 1)
}

#[test]
fn what_is_left_to_pay_follows_from_the_total_and_what_was_paid() {
    let (invoice, findings) = stored(reading(UBL));
    assert_eq!(invoice.due(), Some(Money::new(6_900, Currency::EUR)));
    assert_eq!((invoice.proof, findings), (Proof::Proven, vec![]));
    let wrong = UBL.replace(
        "<y:PayableAmount currencyID=\"EUR\">69.00",
        "<y:PayableAmount currencyID=\"EUR\">119.00",
    );
    let (sum, due) = (Money::new(6_900, Currency::EUR), Money::new(11_900, Currency::EUR));
    assert_eq!(stored(reading(&wrong)).1, [Finding::Due { sum, due }]);
}

#[test]
fn tax_that_is_withheld_from_the_payment_is_still_part_of_the_total() {
    let withheld = with(
        UBL,
        "<x:LegalMonetaryTotal>",
        "<x:WithholdingTaxTotal><y:TaxAmount>9.00</y:TaxAmount></x:WithholdingTaxTotal>",
    )
    .replace("69.00</y:PayableAmount>", "60.00</y:PayableAmount>");
    let (invoice, findings) = stored(reading(&withheld));
    assert_eq!((invoice.gross.minor, findings), (11_900, vec![]));
}

#[test]
fn ubl_says_who_is_paid_who_buys_and_what_it_adds_in_words() {
    let full = with(
        UBL,
        "<x:PaymentMeans>",
        "<x:PayeeParty><x:PartyName><y:Name>Factor AG</y:Name></x:PartyName></x:PayeeParty>",
    );
    let full = with(
        &full,
        "<y:DocumentCurrencyCode>",
        "<y:Note>Thank you</y:Note><y:Note>Thank you</y:Note>",
    );
    let full = with(
        &full,
        "<x:AccountingSupplierParty>",
        "<x:InvoicePeriod><y:StartDate>2025-02-01</y:StartDate><y:EndDate>2025-02-28</y:EndDate></x:InvoicePeriod>",
    );
    let full =
        full.replace("<x:TaxCategory><y:Percent>19", "<x:TaxCategory><y:ID>AE</y:ID><y:Percent>19");
    let full = with(
        &full,
        "</x:Party></x:AccountingCustomerParty>",
        "<x:PostalAddress><y:CityName>Bonn</y:CityName></x:PostalAddress><x:PartyTaxScheme><y:CompanyID>DE111</y:CompanyID><x:TaxScheme><y:ID>VAT</y:ID></x:TaxScheme></x:PartyTaxScheme>",
    );
    let (invoice, _) = stored(reading(&full));
    assert_eq!(invoice.vendor.payee.as_deref(), Some("Factor AG"));
    assert_eq!(invoice.customer.tax_id.as_deref(), Some("DE111"));
    assert_eq!(invoice.customer.address.as_deref(), Some("Bonn"));
    let notes = invoice.notes.unwrap();
    assert_eq!(notes, "Thank you\n2025-02-01 – 2025-02-28\nReverse charge");
}

#[test]
fn a_payee_with_the_vendors_name_is_no_one_else() {
    let same = with(
        UBL,
        "<x:PaymentMeans>",
        "<x:PayeeParty><x:PartyName><y:Name>CORNER Bakery GmbH &amp; Co.</y:Name></x:PartyName></x:PayeeParty>",
    );
    assert_eq!(reading(&same).payee, None);
}

#[test]
fn allowances_without_a_total_are_summed_up_and_charges_count_against_them() {
    let parts = UBL
        .replace("<y:AllowanceTotalAmount currencyID=\"EUR\">10.00</y:AllowanceTotalAmount>", "");
    let part = |charge: bool, amount: &str| {
        format!(
            "<x:AllowanceCharge><y:ChargeIndicator>{charge}</y:ChargeIndicator><y:Amount>{amount}</y:Amount></x:AllowanceCharge>"
        )
    };
    let more = part(false, "8.00") + &part(false, "5.00") + &part(true, "3.00");
    let (invoice, findings) = stored(reading(&with(&parts, "<x:TaxTotal>", &more)));
    assert_eq!(invoice.allowance.map(|amount| amount.minor), Some(1_000));
    assert_eq!((invoice.proof, findings), (Proof::Proven, vec![]));
}

#[test]
fn a_line_without_an_amount_is_quantity_times_price_less_its_allowance() {
    let line = "<x:InvoiceLine><y:InvoicedQuantity>3</y:InvoicedQuantity><x:InvoicePeriod><y:StartDate>2025-02-01</y:StartDate></x:InvoicePeriod><x:AllowanceCharge><y:ChargeIndicator>false</y:ChargeIndicator><y:Amount>1.50</y:Amount></x:AllowanceCharge><x:Item><y:Name>Rent</y:Name></x:Item><x:Price><y:PriceAmount>7.00</y:PriceAmount></x:Price></x:InvoiceLine>";
    let read = reading(&with(UBL, "<x:InvoiceLine>", line));
    assert_eq!(read.lines[0].amount, amount("19.50"));
    assert_eq!(read.lines[0].description, "Rent (2025-02-01)");
}

#[test]
fn of_several_accounts_the_one_with_right_check_digits_is_taken() {
    let wrong = "<x:PaymentMeans><x:PayeeFinancialAccount><y:ID>DE00120300000000202051</y:ID></x:PayeeFinancialAccount></x:PaymentMeans>";
    let read = reading(&with(UBL, "<x:PaymentMeans>", wrong));
    assert_eq!(value(&read.vendor_iban).as_deref(), Some("DE02120300000000202051"));
}

#[test]
fn a_credit_note_with_negative_amounts_gives_back_as_much_as_one_with_positive_ones() {
    let mut turned = CII.to_owned();
    for sum in [
        "LineTotalAmount",
        "CalculatedAmount",
        "BasisAmount",
        "TaxBasisTotalAmount",
        "GrandTotalAmount",
        "DuePayableAmount",
        "BilledQuantity",
    ] {
        turned = turned.replace(&format!("<a:{sum}>"), &format!("<a:{sum}>-"));
    }
    let turned = turned.replace("currencyID=\"EUR\">0.70", "currencyID=\"EUR\">-0.70");
    assert_eq!(stored(reading(&turned)), stored(reading(CII)));
    assert_eq!(stored(reading(CII)).0.gross.minor, 1_070);
}

#[test]
fn a_corrected_invoice_is_an_invoice_and_a_pro_forma_is_none() {
    assert_eq!(reading(&CII.replace(">381<", ">384<")).kind.value, ReadKind::Invoice);
    assert_eq!(reading(&CII.replace(">381<", ">751<")).kind.value, ReadKind::Invoice);
    assert_eq!(reading(&CII.replace(">381<", ">325<")).kind.value, ReadKind::NotInvoice);
}

/// The smallest profile: no lines, no taxes by rate, no address.
const MINIMUM: &str = r#"<rsm:CrossIndustryInvoice xmlns:rsm="urn:r" xmlns:ram="urn:a"><rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>F20250007</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString xmlns:udt="urn:u" format="102">20250201</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Atelier Lune</ram:Name></ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Ada Stern</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>624.90</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">46.25</ram:TaxTotalAmount><ram:GrandTotalAmount>671.15</ram:GrandTotalAmount><ram:DuePayableAmount>470.15</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"#;

#[test]
fn the_minimum_profile_proves_itself_by_its_totals() {
    let whole = MINIMUM.replace("470.15", "671.15");
    let (invoice, findings) = stored(reading(&whole));
    assert_eq!((invoice.proof, findings), (Proof::Proven, vec![]));
    assert_eq!(invoice.lines, []);
}

#[test]
fn the_minimum_profile_cannot_say_what_was_paid_before_but_what_is_left() {
    let (invoice, findings) = stored(reading(MINIMUM));
    assert_eq!(invoice.prepaid, Some(Money::new(20_100, Currency::EUR)));
    assert_eq!(invoice.due(), Some(Money::new(47_015, Currency::EUR)));
    assert_eq!((invoice.proof, findings), (Proof::Proven, vec![]));
}

#[test]
fn the_profile_without_lines_has_taxes_allowances_notes_and_a_payee() {
    let more = "<ram:PayeeTradeParty><ram:Name>Affacturage SA</ram:Name></ram:PayeeTradeParty><ram:ApplicableTradeTax><ram:CalculatedAmount>46.25</ram:CalculatedAmount><ram:ExemptionReason>Livre</ram:ExemptionReason><ram:BasisAmount>624.90</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>7.4</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString xmlns:udt='urn:u'>20250101</udt:DateTimeString></ram:StartDateTime><ram:EndDateTime><udt:DateTimeString xmlns:udt='urn:u'>20250131</udt:DateTimeString></ram:EndDateTime></ram:BillingSpecifiedPeriod><ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator xmlns:udt='urn:u'>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>5.10</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>";
    let mark = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>";
    let note = "<ram:IncludedNote><ram:Content>Merci</ram:Content></ram:IncludedNote><ram:IncludedNote><ram:Content>RCS Paris</ram:Content><ram:SubjectCode>REG</ram:SubjectCode></ram:IncludedNote>";
    let full = with(&with(MINIMUM, mark, more), "</rsm:ExchangedDocument>", note);
    let (invoice, _) = stored(reading(&full));
    assert_eq!(invoice.vendor.payee.as_deref(), Some("Affacturage SA"));
    assert_eq!(invoice.notes.as_deref(), Some("Merci\n2025-01-01 – 2025-01-31\nLivre"));
    assert_eq!(invoice.allowance.map(|amount| amount.minor), Some(510));
    assert_eq!(invoice.taxes.len(), 1);
    assert_eq!(invoice.proof, Proof::Proven);
}

#[test]
fn an_order_in_the_vocabulary_of_factur_x_is_called_what_it_is() {
    let order = MINIMUM.replace("CrossIndustryInvoice", "SCRDMCCBDACIOMessageStructure");
    assert_eq!(contents(&order).other_xml.as_deref(), Some("Order-X"));
}

#[test]
fn a_fattura_with_a_pension_fund_and_a_stamp_adds_up() {
    let body = with(
        FATTURA,
        "</DatiGeneraliDocumento>",
        "<DatiBollo><ImportoBollo>2.00</ImportoBollo></DatiBollo><DatiCassaPrevidenziale><TipoCassa>TC04</TipoCassa><ImportoContributoCassa>4.00</ImportoContributoCassa></DatiCassaPrevidenziale><DatiRitenuta><ImportoRitenuta>20.00</ImportoRitenuta></DatiRitenuta><ImportoTotaleDocumento>128.88</ImportoTotaleDocumento><Causale>Consulenza</Causale>",
    );
    let body = body
        .replace("<ImponibileImporto>100.00", "<ImponibileImporto>104.00")
        .replace("<Imposta>22.00", "<Imposta>22.88");
    let (invoice, findings) = stored(reading(&body));
    assert_eq!((invoice.gross.minor, invoice.lines.len()), (12_888, 2));
    assert_eq!((invoice.proof, findings), (Proof::Proven, vec![]));
    assert_eq!(invoice.notes.as_deref(), Some("Consulenza\nRitenuta 20.00"));
}

#[test]
fn of_a_batch_the_first_is_read_and_the_others_are_not_kept_quiet_about() {
    let (head, body) = FATTURA.split_once("<FatturaElettronicaBody>").unwrap();
    let body = body.split_once("</FatturaElettronicaBody>").unwrap().0;
    let one = format!("<FatturaElettronicaBody>{body}</FatturaElettronicaBody>");
    let batch = format!("{head}{one}{one}</p:FatturaElettronica>");
    let found = contents(&batch);
    assert_eq!(found.einvoice, Some(reading(FATTURA)));
    assert_eq!(found.notices, [Notice::MoreInvoices]);
    let inner = UBL.split_once("?>").unwrap().1;
    let two = contents(&format!("<b:Batch xmlns:b='urn:b'>{inner}{inner}</b:Batch>"));
    assert_eq!(two.notices, [Notice::MoreInvoices]);
    for one in [FATTURA, UBL, CII] {
        assert_eq!(contents(one).notices, []);
    }
}

/// Wraps an element of DER.
fn der(tag: u8, inside: &[u8]) -> Vec<u8> {
    let length = u16::try_from(inside.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], length.as_slice(), inside].concat()
}

/// Signs without a signature: an envelope with nothing but its content.
fn signed(content: &[u8]) -> Vec<u8> {
    let kind = |last: u8| vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last];
    let held = der(0x30, &[kind(1), der(0xa0, &der(4, content))].concat());
    let inner = der(0x30, &[vec![2, 1, 1], der(0x31, &[]), held, der(0x31, &[])].concat());
    der(0x30, &[kind(2), der(0xa0, &inner)].concat())
}

#[test]
fn a_signed_fattura_is_read_like_one_that_is_not() {
    for file in [signed(FATTURA.as_bytes()), signed(&signed(FATTURA.as_bytes()))] {
        assert_eq!(file_type(&file), FileType::Signed);
        let found = read(&file, &Limits::default());
        assert_eq!((found.file_type, found.obstacle), (FileType::Signed, None));
        assert_eq!(found.einvoice.unwrap(), reading(FATTURA));
    }
}

#[test]
fn what_is_signed_and_no_xml_is_unsupported_and_a_damaged_envelope_broken() {
    let obstacle = |file: &[u8]| read(file, &Limits::default()).obstacle;
    assert_eq!(obstacle(&signed(b"Dear Ms Miller")), Some(Obstacle::Unsupported));
    let whole = signed(FATTURA.as_bytes());
    assert_eq!(obstacle(&whole[..200]), Some(Obstacle::Broken));
}
