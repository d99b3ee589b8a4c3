//! Structured sources as people send them: long lists, and PDF files with an e-invoice inside.

use crate::{
    papers::{self, Paper},
    world::World,
};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

async fn send(world: &World, name: &str, bytes: Vec<u8>) -> Value {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let form = form.text("wait", "120");
    let answer = world.api(Method::POST, "/file").multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn text(answer: &Value) -> String {
    let replies = answer["replies"].as_array().unwrap().iter();
    replies.map(|reply| reply["text"].as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_rows_are_stored_in_one_go_while_others_are_answered() {
    let world = World::start().await;
    let mut list = "Number;Supplier;Date;Net;VAT;Total;Currency\n".to_owned();
    for row in 1..=5_000 {
        let day = row % 28 + 1;
        writeln!(list, "N-{row};Nordwind;{day:02}.05.2024;100,00;20,00;120,00;EUR").unwrap();
    }
    let began = Instant::now();
    let offered = text(&send(&world, "list.csv", list.clone().into_bytes()).await);
    assert!(offered.contains("5000") && offered.contains("600,000.00"), "{offered}");
    let read_in = began.elapsed();

    let began = Instant::now();
    let stored = async {
        let stored = world.say("yes").await;
        (text(&stored), began.elapsed())
    };
    let others = async {
        let mut longest = Duration::ZERO;
        for _ in 0..5 {
            let began = Instant::now();
            let asked = json!({ "from": "bob", "text": "hello", "wait": 60 });
            let answer = world.api(Method::POST, "/message").json(&asked).send().await.unwrap();
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer["status"], "done");
            longest = longest.max(began.elapsed());
        }
        longest
    };
    let ((said, stored_in), longest) = tokio::join!(stored, others);
    assert!(said.contains("5000"), "{said}");
    println!("read in {read_in:?}, stored in {stored_in:?}; others waited {longest:?} at most");
    assert!(longest < Duration::from_secs(20), "somebody else waited {longest:?}");
    let counted = text(&world.say("how many invoices do I have?").await);
    assert!(counted.contains("5000") || counted.contains("5,000"), "{counted}");
    let again = text(&send(&world, "list.csv", list.into_bytes()).await);
    assert!(again.contains("no new invoice"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_spreadsheets_are_named() {
    let world = World::start().await;
    let rows = "1;Krume;01.05.2024;10,00\n".repeat(10_001);
    let said = text(
        &send(&world, "long.csv", ("Number;Vendor;Date;Total\n".to_owned() + &rows).into()).await,
    );
    assert!(said.contains("10,000 rows"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_differs_from_the_e_invoice_inside_is_told() {
    let world = World::start().await;
    let paper = Paper { number: "H-7", vendor: "Garten Huber", date: "2026-05-04", net: 100 };
    let inside = String::from_utf8(papers::ubl(&paper)).unwrap();
    let page = |number: &str, total: &str| {
        let number = format!("Invoice number: {number}");
        let total = format!("Total EUR {total}");
        let lines = [
            "Garten Huber",
            "INVOICE",
            &number,
            "Invoice date: 4 May 2026",
            "Net 100.00",
            "VAT 20% 20.00",
            &total,
        ];
        papers::hybrid(&lines, &inside)
    };
    let wrong = text(&send(&world, "wrong.pdf", page("H-7", "180.00")).await);
    assert!(wrong.contains("the printed page says *180.00"), "{wrong}");
    assert!(wrong.contains("120.00") && !wrong.contains("has the number"), "{wrong}");
    let world = World::start().await;
    let right = text(&send(&world, "right.pdf", page("H-7", "120.00")).await);
    assert!(right.contains("Saved") && !right.contains("please check"), "{right}");
}
