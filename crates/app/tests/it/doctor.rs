//! The doctor tries what an installation needs for real, and finds what is wrong.

use crate::{
    cli::{Desk, Said},
    world::{RealClock, free_port},
};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::standin::{
    collector::CollectorStandIn,
    openai::{API_KEY, OpenAiStandIn, Says},
    twilio::{ACCOUNT_SID, AUTH_TOKEN, FROM, TwilioStandIn},
};

/// Returns what a check has found.
fn finding(said: &Said, check: &str) -> Value {
    let found = said.objects().into_iter().find(|finding| finding["check"] == check);
    found.unwrap_or_else(|| panic!("no {check} in {}", said.out))
}

fn read(gross: &str) -> Says {
    Says::Json(json!({
        "kind": "receipt", "language": "en", "vendor": null, "vendor_tax_id": null,
        "vendor_iban": null, "vendor_address": null, "customer": null, "number": null,
        "issue_date": null, "due_date": null, "currency": null, "lines": [], "taxes": [],
        "allowance": null, "net": null, "tax": null, "gross": gross, "prepaid": null,
        "rounding": null, "paid": true,
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tries_the_account_the_way_in_the_model_and_the_collector() {
    let twilio = TwilioStandIn::start(Arc::new(RealClock)).await.unwrap();
    let (openai, collector) =
        (OpenAiStandIn::start().await.unwrap(), CollectorStandIn::start().await.unwrap());
    openai.script("read_invoice", read("42.10"));
    let port = free_port().to_string();
    let desk = Desk::new()
        .with("PORT", &port)
        .with("PUBLIC_BASE_URL", format!("http://127.0.0.1:{port}"))
        .with("TWILIO_ACCOUNT_SID", ACCOUNT_SID)
        .with("TWILIO_AUTH_TOKEN", AUTH_TOKEN)
        .with("TWILIO_WHATSAPP_FROM", FROM)
        .with("TWILIO_API_BASE_URL", twilio.base_url())
        .with("OPENAI_API_KEY", API_KEY)
        .with("OPENAI_BASE_URL", openai.base_url())
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address());
    let server = desk.serve();
    let said = desk.run(&["doctor", "--json"]);
    // The data folder is in use, which every other check is spared.
    for (check, seen) in [
        ("whatsapp", "signatures agree"),
        ("account", "knows it"),
        ("public", "takes signed webhooks"),
        ("vision", "reads a picture"),
        ("traces", "answers"),
    ] {
        let found = finding(&said, check);
        assert!(found["ok"] == true && found["seen"].as_str().unwrap().contains(seen), "{found}");
    }
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    openai.script("read_invoice", read("12.40"));
    let wrong = [
        ("TWILIO_AUTH_TOKEN", "another-token-than-theirs", "account", "Twilio console"),
        ("TWILIO_AUTH_TOKEN", "another-token-than-theirs", "public", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_API_BASE_URL", &nowhere, "account", "TWILIO_API_BASE_URL"),
        ("PUBLIC_BASE_URL", &nowhere, "public", "check DNS"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &nowhere, "traces", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("BILLHOOK_VISION", "always", "vision", "one that takes pictures"),
    ];
    for (name, value, check, hint) in wrong {
        let said = desk.run_with(&["doctor", "--json"], name, value);
        assert_eq!(said.code, 1);
        let found = finding(&said, check);
        assert!(found["ok"] == false && found["hint"].as_str().unwrap().contains(hint), "{found}");
        assert!(!said.out.contains(AUTH_TOKEN) && !said.out.contains(API_KEY));
    }
    assert_eq!(server.stop(), 0);
}
