//! `billhook eval`, over documents of our own whose truths are known.

use crate::{
    cli::{Desk, UBL},
    papers,
};
use serde_json::{Value, json};

/// An e-invoice with one wrong label, a page in a text PDF, and a letter.
fn desk() -> Desk {
    let desk = Desk::new();
    let paper = papers::Paper { number: "E-9", vendor: "Nordlicht", date: "2025-02-03", net: 250 };
    desk.file("page.pdf", papers::pdf(&paper));
    desk.file("invoice.xml", UBL);
    desk.file("letter.xml", "<?xml version=\"1.0\"?><letter>Dear Ms Miller</letter>");
    let truths = [
        json!({"file": "invoice.xml", "kind": "invoice", "vendor_name": "Nordlicht Papier",
            "invoice_number": "R 2025 77", "gross_total": "119", "net_total": "99.00",
            "issue_date": "2025-08-14", "currency": "EUR", "due_date": null}),
        json!({"file": "page.pdf", "kind": "invoice", "medium": "text_pdf", "gross_total": "300.00",
            "invoice_number": "E-9", "vendor_tax_id": "ATU99999999"}),
        json!({"file": "letter.xml", "kind": "not_invoice"}),
    ];
    desk.file("truth.jsonl", truths.map(|truth| truth.to_string()).join("\n"));
    desk
}

#[test]
fn documents_are_measured_by_field_and_medium() {
    let said = desk().run(&["eval", "documents", "truth.jsonl", "--json", "--jobs", "2"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let object: Value = serde_json::from_str(&said.out).unwrap();
    let run = &object["runs"][0];
    assert_eq!(run["model"], "offline");
    assert_eq!(run["cost_usd_millionths"], 0);
    let all = &run["groups"]["all"];
    let count = |group: &str, field: &str| run["groups"][group]["fields"][field].clone();
    assert_eq!(all["documents"], 3);
    assert_eq!(count("all", "is_invoice")["right"], 3);
    assert_eq!(count("all", "gross_total")["right"], 2);
    assert_eq!(count("text_pdf", "gross_total")["n"], 1);
    assert_eq!(count("einvoice_xml", "net_total")["wrong"], 1);
    assert_eq!(count("einvoice_xml", "net_total")["verified"], json!({"n": 1, "right": 0}));
    assert_eq!(count("all", "due_date"), Value::Null, "nobody has labelled it");
    assert_eq!(count("text_pdf", "vendor_tax_id")["right"], 0);
    assert_eq!(all["complete"], json!({"n": 2, "right": 2}));
    assert_eq!(all["proven"]["n"], 2);
    assert_eq!(all["proves_itself"]["n"], 2);
    assert_eq!(all["all_verified"]["n"], 2);
    assert_eq!(all["made_up"], json!({"n": 1, "right": 0}));
    assert!(all["elapsed_ms"]["p50"].is_u64());
}

#[test]
fn models_are_compared_in_tables_and_in_a_picture() {
    let desk = desk();
    let models = ["--model", "offline", "--model", "openai:nobody"];
    let desk = desk.with("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
    let arguments = ["eval", "documents", "truth.jsonl", "--errors", "--chart", "shares.svg"];
    let said = desk.run(&[&arguments[..], &models].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("offline: 3 documents"), "{}", said.out);
    assert!(said.out.contains("openai:nobody: 3 documents"), "{}", said.out);
    assert!(said.out.contains("invoice.xml: net_total is \"99.00\", read as \"100.00\"\n"));
    assert!(said.out.contains("\ncompared "), "{}", said.out);
    let svg = std::fs::read_to_string(desk.path("shares.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    for name in ["gross_total", "text_pdf (1)", "openai:nobody", "100.0 %"] {
        assert!(svg.contains(name), "{name}");
    }
}

#[test]
fn truths_without_their_documents_are_told_before_anything_is_read() {
    let desk = desk();
    desk.file("gone.jsonl", "{\"file\": \"gone.pdf\", \"kind\": \"receipt\"}\n");
    let said = desk.run(&["eval", "documents", "gone.jsonl"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("1 of 1 documents are not there"), "{}", said.err);
    let said = desk.run(&["eval", "documents", "truth.jsonl", "--chart", "shares.png"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains(".svg"), "{}", said.err);
}
