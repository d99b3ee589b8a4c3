//! F73: settings that would leave a door open end the start at once, with the setting named and no
//! secret shown.

use crate::world::{billhook, free_port};
use std::{collections::BTreeMap, time::Duration};
use testkit::standin::twilio::{ACCOUNT_SID, AUTH_TOKEN, FROM};

/// How long a start may take that comes to nothing.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Starts a server with WhatsApp set up but for these settings; returns what it says when it ends.
async fn said_at_the_end(changed: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port().to_string();
    let mut settings: BTreeMap<String, String> = [
        ("BILLHOOK_DATA_DIR", "data"),
        ("PORT", &port),
        ("TWILIO_ACCOUNT_SID", ACCOUNT_SID),
        ("TWILIO_AUTH_TOKEN", AUTH_TOKEN),
        ("TWILIO_WHATSAPP_FROM", FROM),
        ("PUBLIC_BASE_URL", "https://bills.example"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for (name, value) in changed {
        settings.insert((*name).to_owned(), (*value).to_owned());
        if name.ends_with("_FILE") {
            settings.remove(name.trim_end_matches("_FILE"));
            std::fs::write(folder.path().join(value), "\n").unwrap();
        }
    }
    let mut command = billhook(folder.path(), &settings);
    let ending = command.arg("serve").kill_on_drop(true).output();
    let output = tokio::time::timeout(AT_ONCE, ending).await;
    let output = output.unwrap_or_else(|_| panic!("it started with {changed:?}")).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{changed:?}: {said}");
    assert!(!folder.path().join("data").exists(), "nothing is begun with {changed:?}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn f73_a_secret_that_is_missing_weak_or_an_example_is_refused_at_the_start() {
    for (name, value) in [
        ("TWILIO_AUTH_TOKEN", ""),
        ("TWILIO_AUTH_TOKEN", "   "),
        ("TWILIO_AUTH_TOKEN_FILE", "empty"),
        ("TWILIO_AUTH_TOKEN", "x"),
        ("TWILIO_AUTH_TOKEN", "changeme"),
        ("TWILIO_AUTH_TOKEN", "your_auth_token"),
        ("TWILIO_AUTH_TOKEN", "00000000000000000000000000000000"),
        ("TWILIO_AUTH_TOKEN", "passwordpassword"),
        ("TWILIO_AUTH_TOKEN", "a token with blanks in it"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", "changeme"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", "11111111111111111111111111111111"),
        ("BILLHOOK_API_TOKEN", "short"),
        ("BILLHOOK_API_TOKEN", "aaaaaaaaaaaaaaaaaaaaaaaa"),
        ("BILLHOOK_API_TOKEN", "a-long-random-word-of-your-own"),
    ] {
        let said = said_at_the_end(&[(name, value)]).await;
        let setting = name.trim_end_matches("_FILE");
        assert!(said.contains(setting) && said.contains("hint:"), "{name}={value}: {said}");
        let is_shown = value.len() > 1 && !value.trim().is_empty() && !name.ends_with("_FILE");
        assert!(!is_shown || !said.contains(&format!(" {value:?}")), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f73_a_password_of_the_database_that_everybody_knows_is_refused_at_the_start() {
    for (name, server) in [
        ("DATABASE_URL", "postgres://billhook:password@db.example.org/billhook"),
        ("DATABASE_URL", "postgres://postgres:postgres@postgres/postgres"),
        ("DATABASE_URL", "postgresql://ana:Ana@10.1.2.3:5432/billhook"),
        ("DATABASE_QUERY_URL", "postgres://reader:changeme@db.example.org/billhook"),
        ("DATABASE_MIGRATION_URL", "postgres://owner:ADMIN@db.example.org/billhook"),
    ] {
        let right =
            ("DATABASE_URL", "postgres://billhook:uK7-long-and-random@db.example.org/billhook");
        let said = said_at_the_end(&[right, (name, server)]).await;
        assert!(said.contains(name) && said.contains("everybody tries first"), "{name}: {said}");
        assert!(!said.contains(server), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f73_a_webhook_without_all_that_signatures_need_is_refused_at_the_start() {
    for name in ["TWILIO_ACCOUNT_SID", "TWILIO_WHATSAPP_FROM", "PUBLIC_BASE_URL"] {
        assert!(said_at_the_end(&[(name, "")]).await.contains(name), "{name}");
    }
    let all = said_at_the_end(&[("TWILIO_AUTH_TOKEN", ""), ("PUBLIC_BASE_URL", "bills")]).await;
    assert_eq!(all.matches("error:").count(), 2, "{all}");
}
