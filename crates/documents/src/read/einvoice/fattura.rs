//! FatturaPA, the Italian format, ordinary and simplified. Of a batch the first document is read.

use super::{terms, tree::Node};
use domain::{
    money::Currency,
    reading::{ReadKind, ReadLine, ReadTax, Reading},
};
use rust_decimal::Decimal;

/// A document of the file; a batch has several.
pub const BODY: &str = "FatturaElettronicaBody";
const SUMMARY: &str = "DatiBeniServizi/DatiRiepilogo";

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
    reading.taxes = body.all(SUMMARY).into_iter().map(tax).collect();
    reading.lines = body.all("DatiBeniServizi/DettaglioLinee").into_iter().map(line).collect();
    reading.lines.extend(general.all("DatiCassaPrevidenziale").into_iter().filter_map(fund));
    totals(body, general, &mut reading);
    reading.notes = notes(body, general);
    reading
}

/// Returns what a pension fund gets on top of a fee as the line that it is in the sums.
fn fund(fund: &Node) -> Option<ReadLine> {
    let name = terms::spaced(Some("Cassa previdenziale".to_owned()), fund.text("TipoCassa"));
    Some(ReadLine {
        description: name.unwrap_or_default(),
        amount: Some(terms::amount(fund, &["ImportoContributoCassa"])?),
        tax_rate: terms::rate(fund, &["AliquotaIVA"]),
        ..ReadLine::default()
    })
}

/// Returns what it is about, why no tax is charged, and what is withheld from the payment.
fn notes(body: &Node, general: &Node) -> Option<String> {
    let about = general.all("Causale").into_iter().filter_map(Node::own_text);
    let reasons = body.all(SUMMARY).into_iter().filter_map(|group| {
        terms::spaced(group.text("Natura"), group.text("RiferimentoNormativo"))
    });
    let withheld = general
        .all("DatiRitenuta")
        .into_iter()
        .filter_map(|part| Some(format!("Ritenuta {}", part.text("ImportoRitenuta")?)));
    terms::notes(about.chain(reasons).chain(withheld))
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
    if let Some(buyer) = root.first(&format!("{header}/CessionarioCommittente")) {
        reading.customer = name(buyer).map(|name| terms::claim(name, "BT-44"));
        reading.customer_tax_id = tax_id(buyer).map(|id| terms::claim(id, "BT-48"));
        reading.customer_address = address(buyer).map(|address| terms::claim(address, "BG-8"));
    }
    let Some(seller) = root.first(&format!("{header}/CedentePrestatore")) else { return };
    reading.vendor = name(seller).map(|name| terms::claim(name, "BT-27"));
    reading.vendor_tax_id = tax_id(seller).map(|id| terms::claim(id, "BT-31"));
    reading.vendor_address = address(seller).map(|address| terms::claim(address, "BG-5"));
    reading.vendor_email = seller.text("Contatti/Email").map(|email| terms::claim(email, "BT-43"));
}

fn address(party: &Node) -> Option<String> {
    let at = party.first("Sede")?;
    terms::address([
        terms::spaced(at.text("Indirizzo"), at.text("NumeroCivico")),
        terms::spaced(at.text("CAP"), at.text("Comune")),
        at.text("Nazione"),
    ])
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
    reading.vendor_iban = terms::account(&body.all("DatiPagamento/DettaglioPagamento/IBAN"));
    terms::payee(body.text("DatiPagamento/DettaglioPagamento/Beneficiario"), reading);
}

/// Sums up the tax groups; the written total counts where there is one.
fn totals(body: &Node, general: &Node, reading: &mut Reading) {
    let groups = body.all(SUMMARY);
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
        .or_else(|| terms::amount(body, &["DatiBeniServizi/Importo"]));
    reading.net = claim(net, "BT-109");
    reading.tax = claim(tax, "BT-110");
    reading.gross = claim(gross, "BT-112");
    reading.rounding = claim(rounding, "BT-114");
    reading.allowance = claim(stamp(general, net, tax, gross), "BT-108");
}

/// Returns the stamp duty as a charge (negative) where the total has it on top of net and tax.
fn stamp(
    general: &Node,
    net: Option<Decimal>,
    tax: Option<Decimal>,
    gross: Option<Decimal>,
) -> Option<Decimal> {
    let stamp = terms::amount(general, &["DatiBollo/ImportoBollo"])?;
    let sum = net?.checked_add(tax?)?.checked_add(stamp)?;
    (Some(sum) == gross).then(|| Decimal::ZERO.checked_sub(stamp)).flatten()
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
