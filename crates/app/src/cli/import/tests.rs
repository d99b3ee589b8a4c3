//! Import: rows in either form, reasons by line, identifiers from content.

use super::{source, *};
use domain::{
    invoice::{Direction, Status},
    money::Currency,
};
use uuid::Uuid;

fn settler() -> Settler {
    Settler::new(TenantId(Uuid::from_u128(7)), Currency::EUR)
}

fn of_json(text: &str) -> (Vec<Invoice>, Vec<(u64, String)>) {
    settle(source::from_json(text), &settler())
}

fn of_csv(text: &str) -> (Vec<Invoice>, Vec<(u64, String)>) {
    settle(source::from_csv(text).unwrap(), &settler())
}

const LINE: &str = r#"{"number":"A-1","vendor":"Quick Print","issue_date":"2025-08-01","total":"12.50","currency":"GBP","items":[{"description":"flyers","quantity":2,"unit_price":6.25,"amount":"12.50"}]}"#;

#[test]
fn a_line_of_json_becomes_an_invoice() {
    let (invoices, bad) = of_json(LINE);
    assert_eq!(bad, []);
    let invoice = &invoices[0];
    assert_eq!(invoice.gross.to_string(), "12.50 GBP");
    assert_eq!(invoice.direction, Direction::Received);
    assert_eq!(invoice.status, Status::Unpaid);
    assert_eq!(invoice.lines[0].unit_price.unwrap().0.to_string(), "6.25");
}

#[test]
fn csv_and_json_say_the_same() {
    let csv = "number,vendor,customer,issue_date,total,currency,items\n\
               A-1,Quick Print,,2025-08-01,12.50,GBP,\"[{\"\"description\"\":\"\"flyers\"\",\
               \"\"quantity\"\":2,\"\"unit_price\"\":6.25,\"\"amount\"\":\"\"12.50\"\"}]\"\n";
    let (from_csv, bad) = of_csv(csv);
    assert_eq!(bad, []);
    assert_eq!(from_csv, of_json(LINE).0);
    let (semicolons, bad) = of_csv("vendor;issue_date;total\nQuick Print;2025-08-01;3\n");
    assert_eq!((semicolons.len(), bad.len()), (1, 0));
}

#[test]
fn the_same_file_gives_the_same_identifiers() {
    let twice = format!("{LINE}\n{LINE}\n");
    let (first, _) = of_json(&twice);
    let (second, _) = of_json(&twice);
    assert_eq!(first, second);
    assert_ne!(first[0].id, first[1].id, "two equal lines are two invoices");
    let other = Settler::new(TenantId(Uuid::from_u128(8)), Currency::EUR);
    let (elsewhere, _) = settle(source::from_json(&twice), &other);
    assert_ne!(elsewhere[0].id, first[0].id, "another book has other invoices");
}

#[test]
fn every_bad_line_is_told_with_its_number_and_reason() {
    let text = [
        r#"{"vendor":"A","issue_date":"2025-08-01","total":"1"}"#,
        r#"{"vendor":"A","issue_date":"01/08/2025","total":"1"}"#,
        "",
        r#"{"vendor":"A","issue_date":"2025-08-01"}"#,
        r#"{"vendor":"A","issue_date":"2025-08-01","total":"1.005"}"#,
        r#"{"issue_date":"2025-08-01","total":"1"}"#,
        r#"{"vendor":"A","issue_date":"2025-08-01","total":"1","status":"lost"}"#,
        "not json",
    ]
    .join("\n");
    let (invoices, bad) = of_json(&text);
    assert_eq!(invoices.len(), 1);
    let lines: Vec<u64> = bad.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 4, 5, 6, 7, 8]);
    let reason = |at: usize| bad[at].1.as_str();
    assert_eq!(reason(0), "issue_date is \"01/08/2025\", not a date such as 2025-08-31");
    assert_eq!(reason(1), "total is missing");
    assert_eq!(reason(2), "total is 1.005, but EUR has 2 decimals");
    assert_eq!(reason(3), "vendor and customer are both missing");
    assert!(reason(4).contains("part_paid"));
    assert!(reason(5).starts_with("no JSON"));
}

#[test]
fn a_customer_makes_it_issued_and_a_payment_date_makes_it_paid() {
    let (invoices, bad) = of_json(
        r#"{"customer":"Harbour Cafe","issue_date":"2025-08-01","paid_at":"2025-08-09T10:00:00Z","total":5}"#,
    );
    assert_eq!(bad, []);
    assert_eq!(invoices[0].direction, Direction::Issued);
    assert_eq!(invoices[0].status, Status::Paid);
    assert_eq!(invoices[0].paid_on.unwrap().to_string(), "2025-08-09");
}

#[test]
fn a_bad_line_of_csv_is_told_by_its_line() {
    let (invoices, bad) = of_csv("vendor,issue_date,total\nA,2025-08-01,1\nB,soon,2\n");
    assert_eq!(invoices.len(), 1);
    assert_eq!(bad[0].0, 3);
}

#[test]
fn the_summary_counts_what_was_new_known_and_bad() {
    assert_eq!(summary(1, 0, 0), "1 invoice was added.\n");
    let all = summary(0, 3, 2);
    assert_eq!(all, "0 invoices were added, 3 were already there, 2 bad lines were skipped.\n");
}
