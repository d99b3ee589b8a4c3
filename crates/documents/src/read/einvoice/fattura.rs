//! FatturaPA, the Italian format, ordinary and simplified. Of a batch the first document is read.

use super::{terms, tree::Node};
use domain::{
    money::Currency,
    reading::{ReadKind, ReadLine, ReadTax, Reading},
};
use rust_decimal::Decimal;

const BODY: &str = "FatturaElettronicaBody";
const SUMMARY: &str = "FatturaElettronicaBody/DatiBeniServizi/DatiRiepilogo";

/// Reads an invoice; whatever is missing is left out.
pub fn read(root: &Node) -> Reading {
    let absent = Node::default();
    let body = root.first(BODY).unwrap_or(&absent);
    let general = body.first("DatiGenerali/DatiGeneraliDocumento").unwrap_or(&absent);
    let mut reading = terms::reading(kind(general));
    reading.number = general.text("Numero").map(|number| terms::claim(number, "BT-1"));
    reading.issue_date =
        general.text("Data").and_then(|day| terms::date(&day)).map(|day| terms::claim(day, "BT-2"));
    reading.currency = general
        .text("Divisa")
        .and_then(|code| Currency::parse(&code))
        .map(|currency| terms::claim(currency, "BT-5"));
    parties(root, &mut reading);
    payment(body, &mut reading);
    reading.taxes = body.all("DatiBeniServizi/DatiRiepilogo").into_iter().map(tax).collect();
    reading.lines = body.all("DatiBeniServizi/DettaglioLinee").into_iter().map(line).collect();
    totals(root, general, &mut reading);
    reading
}

fn kind(general: &Node) -> ReadKind {
    match general.text("TipoDocumento").as_deref() {
        Some("TD04" | "TD08") => ReadKind::CreditNote,
        Some("TD05" | "TD09") => ReadKind::DebitNote,
        _ => ReadKind::Invoice,
    }
}

fn parties(root: &Node, reading: &mut Reading) {
    let header = "FatturaElettronicaHeader";
    reading.customer = root
        .first(&format!("{header}/CessionarioCommittente"))
        .and_then(name)
        .map(|name| terms::claim(name, "BT-44"));
    let Some(seller) = root.first(&format!("{header}/CedentePrestatore")) else { return };
    reading.vendor = name(seller).map(|name| terms::claim(name, "BT-27"));
    reading.vendor_tax_id = tax_id(seller).map(|id| terms::claim(id, "BT-31"));
    reading.vendor_address = seller
        .first("Sede")
        .and_then(|at| {
            terms::address([
                terms::spaced(at.text("Indirizzo"), at.text("NumeroCivico")),
                terms::spaced(at.text("CAP"), at.text("Comune")),
                at.text("Nazione"),
            ])
        })
        .map(|address| terms::claim(address, "BG-5"));
}

/// Returns a company's name or a person's; the simplified form has no inner element.
fn name(party: &Node) -> Option<String> {
    let register = party.first("DatiAnagrafici/Anagrafica").unwrap_or(party);
    register
        .text("Denominazione")
        .or_else(|| terms::spaced(register.text("Nome"), register.text("Cognome")))
}

fn tax_id(party: &Node) -> Option<String> {
    let register = party.first("DatiAnagrafici").unwrap_or(party);
    let number = register.text("IdFiscaleIVA/IdCodice");
    let with_country =
        number.map(|number| register.text("IdFiscaleIVA/IdPaese").unwrap_or_default() + &number);
    with_country.or_else(|| register.text("CodiceFiscale"))
}

fn payment(body: &Node, reading: &mut Reading) {
    reading.due_date = body
        .text("DatiPagamento/DettaglioPagamento/DataScadenzaPagamento")
        .and_then(|day| terms::date(&day))
        .map(|day| terms::claim(day, "BT-9"));
    reading.vendor_iban = body
        .text("DatiPagamento/DettaglioPagamento/IBAN")
        .and_then(|text| terms::iban(&text))
        .map(|iban| terms::claim(iban, "BT-84"));
}

/// Sums up the tax groups; the written total counts where there is one.
fn totals(root: &Node, general: &Node, reading: &mut Reading) {
    let groups = root.all(SUMMARY);
    let sum = |field: &str| {
        groups
            .iter()
            .map(|group| terms::amount(group, &[field]))
            .try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount?))
            .filter(|_| !groups.is_empty())
    };
    let claim = |amount: Option<Decimal>, term| amount.map(|amount| terms::claim(amount, term));
    let (net, tax) = (sum("ImponibileImporto"), sum("Imposta"));
    let rounding = terms::amount(general, &["Arrotondamento"]);
    let gross = terms::amount(general, &["ImportoTotaleDocumento"])
        .or_else(|| net?.checked_add(tax?)?.checked_add(rounding.unwrap_or_default()))
        .or_else(|| terms::amount(root, &["FatturaElettronicaBody/DatiBeniServizi/Importo"]));
    reading.net = claim(net, "BT-109");
    reading.tax = claim(tax, "BT-110");
    reading.gross = claim(gross, "BT-112");
    reading.rounding = claim(rounding, "BT-114");
}

fn tax(group: &Node) -> ReadTax {
    ReadTax {
        rate: terms::rate(group, &["AliquotaIVA"]),
        net: terms::amount(group, &["ImponibileImporto"]),
        tax: terms::amount(group, &["Imposta"]),
    }
}

fn line(line: &Node) -> ReadLine {
    ReadLine {
        description: line.text("Descrizione").unwrap_or_default(),
        quantity: terms::amount(line, &["Quantita"]),
        unit_price: terms::amount(line, &["PrezzoUnitario"]),
        amount: terms::amount(line, &["PrezzoTotale"]),
        tax_rate: terms::rate(line, &["AliquotaIVA"]),
    }
}
