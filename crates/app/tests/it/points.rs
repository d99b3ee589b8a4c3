//! F01: a process that is killed at a moment that can be told from outside, by what it has just said
//! to its database, the provider or the model. Whoever was not told that a message was accepted sends
//! it again; then every message has its one answer.

use crate::{
    papers,
    wired::{BEN, CEM, PAPER, Wired, assert_clean, from, status},
    world::{ANA, PATIENCE, PUBLIC, eventually, sid, signature},
};
use reqwest::Method;
use std::time::{Duration, Instant};
use testkit::standin::{
    Fault,
    line::Mishap,
    openai::{API_KEY, OpenAiStandIn, Says},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// Questions of as many people beside the others.
const QUESTIONS: usize = 17;

/// An invoice, a greeting, a draft and questions, twenty messages of twenty people.
struct Mail {
    ids: [String; 3],
    file: String,
    questions: Vec<(String, String)>,
}

impl Mail {
    fn new(wired: &Wired) -> Self {
        let file = wired.world.twilio().add_media(papers::ubl(&PAPER));
        let question = |number| (sid(number), format!("whatsapp:+1500555{number:05}"));
        let questions = (1_000..).take(QUESTIONS).map(question).collect();
        Self { ids: [sid(1), sid(2), sid(3)], file, questions }
    }

    fn forms(&self) -> Vec<Vec<(&str, &str)>> {
        let [one, other, third] = self.ids.each_ref();
        let mut file = from(ANA, one, "");
        file.retain(|(name, _)| *name != "NumMedia");
        file.extend([("NumMedia", "1"), ("MediaUrl0", self.file.as_str())]);
        file.push(("MediaContentType0", "application/xml"));
        let mut all = vec![
            file,
            from(BEN, other, "hello"),
            from(CEM, third, "invoice Bob 3 hours at 80 EUR"),
        ];
        let questions = self.questions.iter();
        all.extend(questions.map(|(id, person)| from(person, id, "how much did I spend?")));
        all
    }

    /// Sends everything until it is accepted.
    async fn insist(&self, wired: &Wired) {
        let accepted = self.forms().into_iter().map(|form| async move {
            eventually("it is accepted", || async {
                (status(&wired.world, &form).await == Some(200)).then_some(())
            })
            .await;
        });
        futures::future::join_all(accepted).await;
    }
}

/// What becomes of the leases of a process that was killed.
#[derive(Clone, Copy, PartialEq)]
enum Leases {
    /// They are set to an end, as if their time had gone by.
    End,
    /// Their time goes by; whatever was in hand is done within a minute of the kill.
    RunOut,
}

/// Starts again after a kill, sends everything again, and checks that each message was answered once: the draft
/// in two parts.
async fn recovers(mut wired: Wired, mail: &Mail, what: &str, leases: Leases) {
    let killed = Instant::now();
    // It has been killed already; its port is free once it has ended.
    wired.world.kill().await;
    wired.world.restart().await;
    if leases == Leases::End {
        wired.leases_end().await;
    }
    mail.insist(&wired).await;
    while wired.world.replies().len() < 4 + QUESTIONS {
        assert!(killed.elapsed() < PATIENCE, "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    wired.world.settled().await;
    let mut replies = wired.world.replies();
    replies.sort();
    assert_eq!(replies.len(), 4 + QUESTIONS, "{what}: {replies:?}");
    for part in ["K-9", "I am Billhook", "240.00"] {
        assert!(replies.iter().any(|reply| reply.contains(part)), "{what}: {part} in {replies:?}");
    }
    assert_clean(&wired.world).await;
}

/// Kills the process once it has said these words to the database.
async fn killed_at((what, words, mishap): Moment, leases: Leases) {
    let Some(wired) = Wired::start(&[]).await else { return };
    let mail = Mail::new(&wired);
    wired.line.when(words, mishap);
    let forms = mail.forms();
    let sending = futures::future::join_all(forms.iter().map(|form| status(&wired.world, form)));
    let killing = async {
        wired.sprung(what).await;
        wired.world.signal("KILL").await;
    };
    tokio::join!(sending, killing);
    recovers(wired, &mail, what, leases).await;
}

/// What a moment is called, the words that are said to the database then, and what they meet.
type Moment = (&'static str, &'static [&'static str], Mishap);

const ACCEPTING: [Moment; 4] = [
    ("after the signature is checked", &["members.address IN"], Mishap::Withheld),
    ("before it is stored", &["INSERT INTO inbound"], Mishap::Withheld),
    ("before the commit", &["INSERT INTO inbound", "COMMIT"], Mishap::Withheld),
    ("after the commit", &["INSERT INTO inbound", "COMMIT"], Mishap::Unheard),
];

const TURNING: [Moment; 5] = [
    ("after the claim", &["jobs.id AS job", "COMMIT"], Mishap::Unheard),
    ("after the file is kept", &["FROM invoices WHERE tenant"], Mishap::Withheld),
    ("after the reading is checked", &["INSERT INTO invoices"], Mishap::Withheld),
    ("before the commit", &["INSERT INTO invoices", "COMMIT"], Mishap::Withheld),
    ("after the commit", &["INSERT INTO invoices", "COMMIT"], Mishap::Unheard),
];

const LEAVING: [Moment; 4] = [
    ("after its claim", &["begun_at = COALESCE", "COMMIT"], Mishap::Unheard),
    ("before its receipt is noted", &["SET state = 'sent'"], Mishap::Withheld),
    ("before that is committed", &["SET state = 'sent'", "COMMIT"], Mishap::Withheld),
    ("after that is committed", &["SET state = 'sent'", "COMMIT"], Mishap::Unheard),
];

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_while_a_message_is_accepted() {
    for moment in ACCEPTING {
        killed_at(moment, Leases::End).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_in_the_middle_of_a_turn() {
    for moment in TURNING {
        killed_at(moment, Leases::End).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_while_a_reply_leaves() {
    for moment in LEAVING {
        killed_at(moment, Leases::End).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes ten minutes: ./test soak"]
async fn f01_killed_at_each_moment_everything_is_answered_within_a_minute() {
    for moment in ACCEPTING.into_iter().chain(TURNING).chain(LEAVING) {
        killed_at(moment, Leases::RunOut).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_after_half_a_request_was_read() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let mail = Mail::new(&wired);
    let mut half = TcpStream::connect(("127.0.0.1", wired.world.port)).await.unwrap();
    let head =
        "POST /webhooks/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\nMessageSid=SM";
    half.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(wired.world.get("/readyz").send().await.unwrap().status(), 200);
    wired.world.signal("KILL").await;
    recovers(wired, &mail, "half a request", Leases::End).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_after_the_acknowledgement_was_written() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let mail = Mail::new(&wired);
    mail.insist(&wired).await;
    wired.world.signal("KILL").await;
    recovers(wired, &mail, "accepted", Leases::End).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_while_a_file_is_fetched_and_it_was_asked_to_stop() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let mail = Mail::new(&wired);
    wired.world.twilio().fail_fetch(Fault::Slow(Duration::from_secs(40)));
    mail.insist(&wired).await;
    eventually("the file is asked for", || async {
        let asked = wired.world.twilio().requests();
        asked.iter().any(|asked| asked.path.contains("/Media/")).then_some(())
    })
    .await;
    wired.world.signal("TERM").await;
    eventually("it no longer takes anything in", || async {
        wired.world.get("/readyz").send().await.is_err().then_some(())
    })
    .await;
    wired.world.signal("KILL").await;
    recovers(wired, &mail, "on its way out", Leases::End).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_after_the_request_of_a_reply_was_written() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let mail = Mail::new(&wired);
    wired.world.twilio().fail_send(Fault::Slow(Duration::from_secs(40)));
    mail.insist(&wired).await;
    eventually("a reply is being sent", || async {
        wired.world.twilio().requests().iter().any(|asked| asked.method == "POST").then_some(())
    })
    .await;
    wired.world.signal("KILL").await;
    recovers(wired, &mail, "sent, not accepted", Leases::End).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_in_a_status_callback() {
    let Some(wired) = Wired::start(&[]).await else { return };
    let mail = Mail::new(&wired);
    mail.insist(&wired).await;
    wired.world.settled().await;
    let sent = wired.world.twilio().requests();
    let sent = sent.iter().find(|one| one.method == Method::POST).unwrap().form();
    let (_, address) = sent.iter().find(|(name, _)| name == "StatusCallback").unwrap();
    let reply = wired.world.twilio().messages()[0]["sid"].as_str().unwrap().to_owned();
    let form = [("MessageSid", reply.as_str()), ("MessageStatus", "undelivered")];
    let path = address.strip_prefix(PUBLIC).unwrap();
    let signed = signature(address, &form);
    let tell = || {
        let request = wired.world.request(Method::POST, path).form(&form);
        request.header("X-Twilio-Signature", signed.clone()).send()
    };
    wired.line.when(&["SET arrival", "COMMIT"], Mishap::Withheld);
    let killing = async {
        wired.sprung("a status").await;
        wired.world.signal("KILL").await;
    };
    let (told, ()) = tokio::join!(tell(), killing);
    assert!(told.is_err(), "what was not stored was not acknowledged");
    recovers(wired, &mail, "a status", Leases::End).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_killed_after_the_model_has_answered_it_is_not_paid_twice() {
    let openai = OpenAiStandIn::start().await.unwrap();
    let intent = serde_json::json!({
        "intent": "greeting", "topic": "other", "language": "en", "sure": true,
    });
    openai.script("classify", Says::Json(intent));
    let base = openai.base_url();
    let settings = [
        ("LLM_PROVIDER", "openai"),
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", API_KEY),
        ("BILLHOOK_LANGUAGE", "model_first"),
    ];
    for (mishap, most) in [(Mishap::Withheld, 2), (Mishap::Unheard, 1)] {
        let Some(mut wired) = Wired::start(&settings).await else { return };
        let asked = || openai.requests().iter().filter(|one| one.method == Method::POST).count();
        let before = asked();
        wired.line.when(&["INSERT INTO answers", "COMMIT"], mishap);
        let id = sid(1);
        assert_eq!(status(&wired.world, &from(ANA, &id, "well met")).await, Some(200));
        wired.sprung("an answer of the model").await;
        wired.world.kill().await;
        wired.world.restart().await;
        wired.leases_end().await;
        wired.world.settled().await;
        assert_eq!(wired.world.replies().len(), 1);
        assert_eq!(asked() - before, most, "{mishap:?}");
        assert_clean(&wired.world).await;
    }
}
