//! E-invoices: UBL and its national dialects, CII and its forerunner, and FatturaPA.
//!
//! Elements are found by their local names, so that any prefix and namespace will do; nothing is
//! required to be valid, for a document that breaks a rule must still be read. Business terms
//! (BT, BG) are those of EN 16931-1.

mod cii;
pub mod decode;
mod fattura;
mod terms;
mod tree;
mod ubl;

use domain::{
    document::{Contents, FileType, Notice, Obstacle},
    reading::Reading,
};
use tree::Node;

/// Orders in PDF, made like Factur-X: the page is an order too.
pub const ORDER_X: &str = "Order-X";
/// How deep an invoice may be wrapped in envelopes.
const ENVELOPES: usize = 3;

/// Reads an XML document: an e-invoice, or the name of what it is instead.
#[must_use]
pub fn read(bytes: &[u8]) -> Contents {
    let Some(root) = tree::parse(&decode::to_text(bytes)) else {
        return Contents::unreadable(FileType::Xml, Obstacle::Broken);
    };
    let einvoice = find(&root, ENVELOPES);
    let other_xml = einvoice.is_none().then(|| called(&root.name).to_owned());
    let more = (invoices_in(&root, ENVELOPES) > 1).then_some(Notice::MoreInvoices);
    let notices = more.into_iter().collect();
    Contents { einvoice, other_xml, notices, ..Contents::of(FileType::Xml) }
}

/// Returns what people call a document by the name of its root element.
fn called(root: &str) -> &str {
    match root {
        "SCRDMCCBDACIOMessageStructure" => ORDER_X,
        "SCRDMCCBDACIDAMessageStructure" => "Deliver-X",
        other => other,
    }
}

/// Looks for an invoice here and, as in an envelope, one level further down.
fn find(node: &Node, depth: usize) -> Option<Reading> {
    let reading = match node.name.as_str() {
        "Invoice" | "CreditNote" | "DebitNote" => Some(ubl::read(node)),
        "CrossIndustryInvoice" | "CrossIndustryDocument" => Some(cii::read(node)),
        "FatturaElettronica" | "FatturaElettronicaSemplificata" => Some(fattura::read(node)),
        _ => None,
    };
    if let Some(reading) = reading.filter(says_enough) {
        return Some(reading);
    }
    let depth = depth.checked_sub(1)?;
    node.children.iter().find_map(|child| find(child, depth))
}

/// Returns how many invoices are here: batches hold several, of which the first is read.
fn invoices_in(node: &Node, depth: usize) -> usize {
    match (node.name.as_str(), depth.checked_sub(1)) {
        ("FatturaElettronica", _) => node.all(fattura::BODY).len(),
        ("Invoice" | "CreditNote" | "DebitNote", _) if says_enough(&ubl::read(node)) => 1,
        ("CrossIndustryInvoice" | "CrossIndustryDocument", _) => 1,
        (_, Some(depth)) => node.children.iter().map(|child| invoices_in(child, depth)).sum(),
        (_, None) => 0,
    }
}

/// Other vocabularies have an `Invoice` too; without a number or a total it is not one of ours.
fn says_enough(reading: &Reading) -> bool {
    reading.gross.is_some() || (reading.number.is_some() && reading.vendor.is_some())
}
