//! Documents made for the tests, none of them anybody's.

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
