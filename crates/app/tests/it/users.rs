//! Billhook with three users of one database; where there is no server these pass over.

use crate::{
    papers::{self, Paper},
    world::{RealClock, World, billhook, message, sid},
};
use std::{collections::BTreeMap, path::Path, process::Output, sync::Arc};
use tempfile::TempDir;
use testkit::{
    postgres::{Users, fresh_users},
    standin::twilio::TwilioStandIn,
};

const PAPER: Paper<'static> =
    Paper { number: "K-9", vendor: "Garten Huber", date: "2026-05-04", net: 100 };

/// Runs a verb with these settings and nothing else.
async fn run(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    let data = folder.join("data").display().to_string();
    let mut all = BTreeMap::from([("BILLHOOK_DATA_DIR".to_owned(), data)]);
    all.extend(settings.iter().map(|(name, value)| ((*name).into(), (*value).into())));
    billhook(folder, &all).args(arguments).output().await.unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

fn served(users: &Users) -> [(&str, &str); 2] {
    [("DATABASE_URL", &users.rows), ("DATABASE_QUERY_URL", &users.queries)]
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_for_users_who_own_nothing_once_the_owner_has_migrated() {
    let Some(users) = fresh_users().await else { return };
    let folder = TempDir::new().unwrap();
    let before = run(folder.path(), &served(&users), &["serve"]).await;
    assert_eq!(before.status.code(), Some(1));
    let text = said(&before);
    assert!(text.contains("lacks rights") && text.contains("DATABASE_MIGRATION_URL"), "{text}");
    assert!(!text.contains(":secret@"), "{text}");

    let [rows, queries] = served(&users);
    let all = [rows, queries, ("DATABASE_MIGRATION_URL", users.owner.as_str())];
    for _ in 0..2 {
        let migrated = run(folder.path(), &all, &["migrate"]).await;
        assert!(migrated.status.success(), "{}", said(&migrated));
    }

    let twilio = TwilioStandIn::start(Arc::new(RealClock)).await.unwrap();
    let world = World::with(&served(&users), Some(twilio)).await;
    let url = world.twilio().add_media(papers::ubl(&PAPER));
    world.whatsapp_file(&sid(1), &url, "application/xml").await;
    world.settled().await;
    for (at, text) in [
        (2, "how much did I pay Garten Huber in May 2026?"),
        (3, "invoice Bob 3 hours at 80 EUR"),
        (4, "yes"),
        (5, "mark K-9 as paid"),
        (6, "yes"),
        (7, "how many invoices are paid?"),
    ] {
        world.whatsapp(&sid(at), text).await;
        world.settled().await;
    }
    let replies = world.replies().join("\n---\n");
    for part in ["K-9", "120.00", "240.00", "*1*"] {
        assert!(replies.contains(part), "{part} is not in {replies}");
    }
    let other = sid(8);
    let mut form = message(&other, "how many invoices do I have?");
    form.retain(|(name, _)| *name != "From");
    form.push(("From", "whatsapp:+15005550222"));
    world.webhook(&form).await;
    world.settled().await;
    let answer = world.replies().pop().unwrap();
    assert!(!answer.contains("K-9") && !answer.contains("*2*"), "{answer}");
    let audit = billhook(world.folder.path(), world.settings()).arg("audit").output().await;
    let audit = audit.unwrap();
    assert!(audit.status.success(), "{}", said(&audit));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_no_users() {
    let folder = TempDir::new().unwrap();
    let users = [("DATABASE_QUERY_URL", "postgres://reader@127.0.0.1/book")];
    let refused = run(folder.path(), &users, &["migrate"]).await;
    assert!(!refused.status.success());
    assert!(said(&refused).contains("the database is a file, which has no users"));
}
