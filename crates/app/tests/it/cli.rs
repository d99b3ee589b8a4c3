//! The command line, run as a person runs it: the real executable, a folder of its own, no
//! settings but those of the test.

use crate::world::free_port;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
};
use tempfile::TempDir;

/// A folder to work in, and the settings of one test.
pub struct Desk {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), settings: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_billhook"));
        command.args(arguments).current_dir(&self.folder).env_clear();
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs with another value of a setting.
    pub fn run_with(&self, arguments: &[&str], name: &str, value: &str) -> Said {
        Said::of(self.command(arguments).env(name, value).stdin(Stdio::null()).output().unwrap())
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Said {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Said::of(child.wait_with_output().unwrap())
    }

    pub fn serve(&self) -> Server {
        let mut command = self.command(&["serve"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        assert!(first.starts_with("Billhook is ready: http://127.0.0.1:"), "{first}");
        // The rest is read too, so that the server never writes into a closed pipe.
        thread::spawn(move || lines.count());
        Server(child)
    }
}

/// What a run has said.
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }

    pub fn objects(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A running server; ends with the test, whatever becomes of it.
pub struct Server(Child);

impl Server {
    pub fn stop(mut self) -> i32 {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.0.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub const ROW: &str = r#"{"number":"A-1","vendor":"Quick Print","issue_date":"2025-08-01","total":"12.50","currency":"EUR","items":[{"description":"flyers","quantity":2,"unit_price":"6.25","amount":"12.50"}]}"#;

#[test]
fn every_wrong_setting_is_told_at_once() {
    let desk = Desk::new().with("PORT", "eighty").with("LOG_FORMAT", "xml");
    desk.file("billhook.toml", "loglevel = \"info\"\n");
    let said = desk.run(&["migrate"]);
    assert_eq!(said.code, 2);
    assert_eq!(said.err.matches("error: ").count(), 3, "{}", said.err);
    assert_eq!(said.err.matches("hint: ").count(), 3, "{}", said.err);
    assert!(said.err.contains("did you mean log_level?"), "{}", said.err);
    assert!(!desk.folder.path().join("billhook-data").exists(), "nothing is begun");
}

#[test]
fn a_wrong_verb_is_wrong_usage() {
    let said = Desk::new().run(&["extrakt", "a.pdf"]);
    assert_eq!(said.code, 2);
    assert!(said.err.starts_with("error: "), "{}", said.err);
    assert!(said.err.contains("extract"), "a tip: {}", said.err);
}

#[test]
fn files_are_extracted_in_order_and_one_that_cannot_be_read_stops_nothing() {
    let desk = Desk::new();
    desk.file("bad.pdf", "%PDF-1.7\nnothing more");
    desk.file("empty.pdf", "");
    desk.file("invoice.xml", UBL);
    let said = desk.run(&["extract", "--json", "bad.pdf", "gone.pdf", "invoice.xml", "empty.pdf"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert_eq!(said.err, "3 of 4 files could not be read.\n");
    let objects = said.objects();
    let files: Vec<&Value> = objects.iter().map(|object| &object["file"]).collect();
    assert_eq!(files, ["bad.pdf", "gone.pdf", "invoice.xml", "empty.pdf"]);
    assert!(objects[0]["error"].is_string());
    assert!(objects[1]["error"].as_str().unwrap().contains("cannot be opened"));
    assert_eq!(objects[3]["error"], "the file is empty");
    let invoice = &objects[2];
    assert_eq!(invoice["error"], Value::Null);
    assert_eq!(invoice["kind"], "invoice");
    assert_eq!(invoice["vendor_name"], "Nordlicht Papier GmbH");
    assert_eq!(invoice["invoice_number"], "R-2025-77");
    assert_eq!(invoice["gross_total"], "119.00");
    assert_eq!(invoice["proof"], "proven");
    assert_eq!(invoice["evidence"]["gross_total"]["origin"], "e_invoice");
    assert!(invoice["elapsed_ms"].is_u64());
}

#[test]
fn without_json_a_summary_is_printed() {
    let desk = Desk::new();
    desk.file("invoice.xml", UBL);
    let said = desk.run(&["extract", "invoice.xml"]);
    assert!(said.out.contains("vendor      Nordlicht Papier GmbH"), "{}", said.out);
    assert!(said.out.contains("total       119.00 EUR"), "{}", said.out);
}

#[test]
fn a_folder_is_extracted_into_a_file_of_rows() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.folder.path().join("in/may")).unwrap();
    desk.file("in/may/invoice.xml", UBL);
    desk.file("in/again.xml", UBL);
    desk.file("in/notes.txt", "not for us");
    let said = desk.run(&["extract", "in", "--output", "out.csv", "--jobs", "2"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    let rows = std::fs::read_to_string(desk.folder.path().join("out.csv")).unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].starts_with("file,kind,is_invoice,language,vendor_name,"), "{}", rows[0]);
    assert!(rows[1].starts_with("in/again.xml,invoice,true,"), "{}", rows[1]);
    assert!(rows[2].contains(",Nordlicht Papier GmbH,R-2025-77,"), "{}", rows[2]);
    assert_eq!(desk.run(&["extract", "in/**/inv*.xml", "--format", "csv"]).out.lines().count(), 2);
}

#[test]
fn a_model_without_its_key_is_wrong_usage() {
    let desk = Desk::new();
    desk.file("invoice.xml", UBL);
    assert_eq!(desk.run(&["extract", "--model", "offline", "invoice.xml"]).code, 0);
    let said = desk.run(&["extract", "--model", "openai", "invoice.xml"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("OPENAI_API_KEY"), "{}", said.err);
    assert_eq!(desk.run(&["extract", "--model", "magic", "invoice.xml"]).code, 2);
}

#[test]
fn an_import_is_all_or_nothing_and_adds_nothing_twice() {
    let desk = Desk::new();
    desk.file("bad.jsonl", format!("{ROW}\n{{\"vendor\":\"X\"}}\n"));
    let said = desk.run(&["import", "bad.jsonl"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("error: line 2: issue_date is missing"), "{}", said.err);
    assert!(desk.run(&["export", "--format", "json"]).out.starts_with("[]"));

    assert_eq!(desk.run(&["import", "--skip-bad", "bad.jsonl"]).code, 0);
    desk.file("good.jsonl", ROW);
    let said = desk.run(&["import", "good.jsonl"]);
    assert_eq!(said.out, "0 invoices were added, 1 were already there.\n");
}

#[test]
fn what_is_exported_can_be_imported_again() {
    let desk = Desk::new();
    desk.file("good.jsonl", ROW);
    assert_eq!(desk.run(&["import", "good.jsonl"]).code, 0);
    let csv = desk.run(&["export", "--format", "csv"]).out;
    assert_eq!(csv.lines().count(), 2, "{csv}");

    let other = Desk::new();
    other.file("moved.csv", &csv);
    let said = other.run(&["import", "moved.csv"]);
    assert_eq!(said.out, "1 invoice was added.\n", "{}", said.err);
    assert_eq!(other.run(&["export", "--format", "csv"]).out, csv);
    let none = other.run(&["export", "--format", "csv", "--to", "2025-07-31"]);
    assert_eq!(none.out.lines().count(), 1, "only the head is left");
    assert_eq!(other.run(&["export", "--out", "all.xlsx"]).code, 0);
    assert!(other.folder.path().join("all.xlsx").metadata().unwrap().len() > 1000);
}

#[test]
fn sql_of_one_s_own_reads_one_book_and_nothing_else() {
    let desk = Desk::new();
    desk.file("good.jsonl", ROW);
    assert_eq!(desk.run(&["import", "good.jsonl"]).code, 0);
    let said = desk.run(&["sql", "--json", "SELECT count(*) AS n, currency FROM invoices"]);
    let table: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(table["columns"], serde_json::json!(["n", "currency"]));
    assert_eq!(table["rows"][0][0], 1);
    let said = desk.run(&["sql", "SELECT vendor, total FROM invoices"]);
    assert_eq!(said.out.lines().count(), 3, "{}", said.out);
    for (wrong, words) in [
        ("DROP TABLE invoices", "only SELECT is allowed"),
        ("SELECT * FROM tenants", "there is no relation tenants"),
        ("SELECT nothing FROM invoices", "no such column"),
    ] {
        let said = desk.run(&["sql", wrong]);
        assert_eq!(said.code, 1);
        assert!(said.err.contains(words), "{}", said.err);
    }
    let nobody = "00000000-0000-0000-0000-000000000000";
    assert_eq!(desk.run(&["sql", "--tenant", nobody, "SELECT 1"]).code, 1);
}

#[test]
fn a_database_is_brought_up_to_date_as_often_as_one_likes() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["migrate"]).code, 0);
    assert_eq!(desk.run(&["migrate"]).out, "The database is up to date.\n");
}

#[test]
fn a_question_is_answered_from_the_stored_rows() {
    let desk = Desk::new();
    desk.file("good.jsonl", ROW);
    assert_eq!(desk.run(&["import", "good.jsonl"]).code, 0);
    let said = desk.run(&["ask", "how much did I spend at Quick Print in August 2025?"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("12.50"), "{}", said.out);
}

#[test]
fn sentences_are_understood_line_by_line() {
    let desk = Desk::new();
    let input = [
        json!({"id": "a", "lang": "en", "text": "hello"}).to_string(),
        json!({"id": "b", "text": "how many invoices in 2024?", "today": "2025-09-10"}).to_string(),
        "no json".to_owned(),
    ]
    .join("\n");
    let said = desk.run_with_input(&["understand", "--json"], &input);
    assert_eq!(said.code, 0, "{}", said.err);
    let objects = said.objects();
    assert_eq!(objects[0], json!({"id": "a", "intent": "greeting", "sub": "hello"}));
    assert_eq!(objects[1]["id"], "b");
    assert_eq!(objects[1]["metric"], "count");
    assert_eq!(objects[1]["filters"]["date_from"], "2024-01-01");
    assert!(objects[2]["error"].is_string());
}

#[test]
fn the_doctor_finds_a_fresh_installation_well_and_a_broken_one_ill() {
    let desk = Desk::new().with("PORT", free_port().to_string());
    let said = desk.run(&["doctor", "--json"]);
    assert_eq!(said.code, 0, "{}", said.out);
    let checks: Vec<Value> = said.objects().iter().map(|object| object["check"].clone()).collect();
    let all =
        ["settings", "data", "database", "replies", "files", "reader", "port", "whatsapp", "model"];
    assert_eq!(checks, all);

    let desk = Desk::new().with("PORT", free_port().to_string());
    desk.file("billhook-data", "a file where the folder should be");
    let said = desk.run(&["doctor"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("fail  data"), "{}", said.out);
    assert!(said.out.contains("hint: "), "{}", said.out);
}

#[test]
fn a_second_server_on_the_same_data_or_port_is_refused_in_one_sentence() {
    let desk = Desk::new().with("PORT", free_port().to_string());
    let server = desk.serve();
    let said = desk.run(&["serve"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("is already in use"), "{}", said.err);
    let said = desk.run(&["serve", "--port", &free_port().to_string()]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("another billhook is using"), "{}", said.err);
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_simulated_message_is_answered_and_a_forged_one_is_not() {
    let port = free_port().to_string();
    let desk = Desk::new()
        .with("PORT", &port)
        .with("PUBLIC_BASE_URL", format!("http://127.0.0.1:{port}"))
        .with("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef")
        .with("TWILIO_AUTH_TOKEN", "a-token-for-tests-only")
        .with("TWILIO_WHATSAPP_FROM", "whatsapp:+14155238886")
        .with("TWILIO_API_BASE_URL", format!("http://127.0.0.1:{}", free_port()));
    let server = desk.serve();
    let said = desk.run(&["simulate", "--text", "hello"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("Billhook"), "{}", said.out);

    let file = desk.file("invoice.xml", UBL);
    let said = desk.run(&["simulate", "--file", file.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("119.00"), "{}", said.out);

    let mut forged = desk.command(&["simulate", "--text", "hello"]);
    let said =
        Said::of(forged.env("TWILIO_AUTH_TOKEN", "another-token-for-tests").output().unwrap());
    assert_eq!(said.code, 1);
    assert!(said.err.contains("refused the signature"), "{}", said.err);
    assert_eq!(server.stop(), 0);
}

#[test]
fn simulating_without_whatsapp_says_what_to_set() {
    let said = Desk::new().run(&["simulate", "--text", "hello"]);
    assert_eq!(said.code, 1);
    for name in ["TWILIO_ACCOUNT_SID=", "TWILIO_API_BASE_URL=", "PUBLIC_BASE_URL="] {
        assert!(said.err.contains(name), "{name} in {}", said.err);
    }
}

/// A small invoice of our own making.
pub const UBL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>R-2025-77</cbc:ID>
  <cbc:IssueDate>2025-08-14</cbc:IssueDate>
  <cbc:DueDate>2025-09-13</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>DE811907980</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Nordlicht Papier GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>Atelier Rot</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">119.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">119.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Paper, one pallet</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">25.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>
"#;
