//! Replies by the REST API, and finding those whose sending ended unclear.

use crate::contract;
use domain::{
    document::ContentHash,
    ids::{ConversationId, OutboundId},
    message::{Attachment, AttachmentSource, Button, ChannelKind, Outbound, SentFile},
};
use gateways::twilio::{Twilio, TwilioSettings};
use ports::{
    channel::{Channel, ChannelError},
    clock::Clock,
};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use testkit::{
    clock::FakeClock,
    standin::{
        Fault,
        twilio::{ACCOUNT_SID, AUTH_TOKEN, FROM, TwilioStandIn},
    },
};

pub(crate) const PUBLIC: &str = "https://bills.example.org";

pub(crate) fn settings(standin: &TwilioStandIn) -> TwilioSettings {
    TwilioSettings {
        account_sid: ACCOUNT_SID.to_owned(),
        auth_tokens: vec![AUTH_TOKEN.into()],
        from: FROM.to_owned(),
        api_base: standin.base_url(),
        media_hosts: standin.media_hosts(),
        public_base_url: PUBLIC.to_owned(),
    }
}

async fn world() -> (TwilioStandIn, Twilio, Arc<FakeClock>) {
    let clock = Arc::new(FakeClock::default());
    let standin = TwilioStandIn::start(clock.clone()).await.unwrap();
    let twilio = Twilio::new(settings(&standin));
    (standin, twilio, clock)
}

fn reply(text: &str) -> Outbound {
    let clock = FakeClock::default();
    Outbound {
        id: OutboundId(clock.new_id()),
        conversation: ConversationId(clock.new_id()),
        channel: ChannelKind::Twilio,
        to: "whatsapp:+15005550001".to_owned(),
        from: String::new(),
        text: text.to_owned(),
        buttons: Vec::new(),
        file: None,
    }
}

fn pdf() -> SentFile {
    SentFile {
        name: "invoice.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        hash: ContentHash([1; 32]),
        link_token: "unguessable".to_owned(),
    }
}

#[tokio::test]
async fn a_reply_is_one_message_from_our_sender() {
    let (standin, twilio, _) = world().await;
    let receipt = twilio.send(&reply("Saved: 12,30 € ☕")).await.unwrap();
    let sent = standin.messages();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["sid"], receipt.provider_id);
    assert_eq!(sent[0]["body"], "Saved: 12,30 € ☕");
    assert_eq!((&sent[0]["from"], &sent[0]["to"]), (&json!(FROM), &json!("whatsapp:+15005550001")));
    let request = &standin.requests()[0];
    contract::follows("twilio.create_message.form.json", &contract::form_object(request));
    contract::follows("twilio.message.json", &sent[0]);
}

#[tokio::test]
async fn a_file_is_named_by_its_public_link() {
    let (standin, twilio, _) = world().await;
    let outbound = Outbound { file: Some(pdf()), ..reply("") };
    twilio.send(&outbound).await.unwrap();
    let request = contract::form_object(&standin.requests()[0]);
    assert_eq!(request["MediaUrl"], json!([format!("{PUBLIC}/media/unguessable")]));
    assert!(request.get("Body").is_none());
    let status = format!("{PUBLIC}/webhooks/twilio/status?reply={}", outbound.id);
    assert_eq!(request["StatusCallback"], json!(status));
    contract::follows("twilio.create_message.form.json", &request);
}

#[tokio::test]
async fn without_a_public_address_no_file_can_be_sent() {
    let (standin, _, _) = world().await;
    let twilio =
        Twilio::new(TwilioSettings { public_base_url: String::new(), ..settings(&standin) });
    let outbound = Outbound { file: Some(pdf()), ..reply("") };
    assert!(matches!(twilio.send(&outbound).await, Err(ChannelError::NoSuchFile)));
    assert!(standin.requests().is_empty());
}

#[tokio::test]
async fn buttons_become_words_to_type_as_long_as_they_fit() {
    let (standin, twilio, _) = world().await;
    let button = |label: &str| Button { id: "x".to_owned(), label: label.to_owned() };
    let buttons = vec![button("Yes"), button("No")];
    twilio.send(&Outbound { buttons: buttons.clone(), ..reply("Right?") }).await.unwrap();
    let long = "x".repeat(1_600);
    twilio.send(&Outbound { buttons, ..reply(&long) }).await.unwrap();
    let sent = standin.messages();
    assert_eq!(sent[0]["body"], "Right?\n\nYes / No");
    assert_eq!(sent[1]["body"], long);
}

#[tokio::test]
async fn too_fast_is_told_with_its_wait_and_sends_nothing() {
    let (standin, twilio, _) = world().await;
    let body = json!({ "code": 20429, "message": "m", "more_info": "u", "status": 429 });
    standin.fail_send(Fault::Answer { status: 429, body, retry_after: Some(7) });
    let error = twilio.send(&reply("a")).await.unwrap_err();
    assert_eq!(error.retry(), Some(Duration::from_secs(7)));
    assert!(standin.messages().is_empty());
}

#[tokio::test]
async fn a_refusal_carries_twilio_s_own_code() {
    let (standin, twilio, _) = world().await;
    let code = |error: ChannelError| match error {
        ChannelError::Refused { code } => code,
        other => panic!("{other:?}"),
    };
    let closed = json!({ "code": 63016, "message": "m", "more_info": "u", "status": 400 });
    standin.fail_send(Fault::Answer { status: 400, body: closed, retry_after: None });
    assert_eq!(code(twilio.send(&reply("a")).await.unwrap_err()), 63016);
    assert_eq!(code(twilio.send(&reply(&"x".repeat(1_601))).await.unwrap_err()), 21617);
    let stranger =
        Twilio::new(TwilioSettings { auth_tokens: vec!["no".into()], ..settings(&standin) });
    let error = stranger.send(&reply("a")).await.unwrap_err();
    assert!(matches!(error, ChannelError::Unauthorized), "{error:?}");
    standin.fail_send(Fault::status(403));
    assert_eq!(code(twilio.send(&reply("a")).await.unwrap_err()), 403);
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    let (standin, _, _) = world().await;
    let gone = settings(&standin);
    drop(standin);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = Twilio::new(gone).send(&reply("a")).await.unwrap_err();
    assert!(matches!(error, ChannelError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_lost_answer_is_unclear_and_the_message_is_found_again() {
    let (standin, twilio, clock) = world().await;
    let since = clock.now();
    standin.fail_send(Fault::DropAfterAccepting);
    let outbound = reply("Saved.");
    let error = twilio.send(&outbound).await.unwrap_err();
    assert!(matches!(error, ChannelError::Unclear(_)), "{error:?}");
    let found = twilio.find_sent(&outbound, since, &[]).await.unwrap().unwrap();
    assert_eq!(standin.messages()[0]["sid"], found.provider_id);
    let listing = &standin.requests()[1];
    assert!(listing.path.contains("To=whatsapp%3A%2B15005550001"), "{}", listing.path);
    assert!(listing.path.contains("DateSent%3E=2025-09-10"), "{}", listing.path);
}

#[tokio::test]
async fn a_server_error_is_unclear_too() {
    let (standin, twilio, _) = world().await;
    standin.fail_send(Fault::status(503));
    let error = twilio.send(&reply("a")).await.unwrap_err();
    assert!(matches!(error, ChannelError::Unclear(_)), "{error:?}");
}

#[tokio::test]
async fn only_this_very_reply_is_found() {
    let (standin, twilio, clock) = world().await;
    let outbound = reply("Hello!");
    let earlier = twilio.send(&outbound).await.unwrap();
    clock.advance(Duration::from_secs(60));
    let since = clock.now();
    twilio.send(&reply("Something else")).await.unwrap();
    twilio.send(&Outbound { file: Some(pdf()), ..reply("Hello!") }).await.unwrap();
    assert_eq!(twilio.find_sent(&outbound, since, &[]).await.unwrap(), None);
    let later = twilio.send(&outbound).await.unwrap();
    assert_eq!(twilio.find_sent(&outbound, since, &[]).await.unwrap().as_ref(), Some(&later));
    let known = [later.provider_id];
    assert_eq!(twilio.find_sent(&outbound, since, &known).await.unwrap(), None);
    assert_ne!(earlier.provider_id, known[0]);
    standin.fail_list(Fault::status(500));
    let error = twilio.find_sent(&outbound, since, &[]).await.unwrap_err();
    assert!(matches!(error, ChannelError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_reply_on_a_later_page_is_found() {
    let (standin, twilio, clock) = world().await;
    let since = clock.now();
    let outbound = reply("the first of many");
    let first = twilio.send(&outbound).await.unwrap();
    for count in 0..150 {
        twilio.send(&reply(&format!("number {count}"))).await.unwrap();
    }
    assert_eq!(twilio.find_sent(&outbound, since, &[]).await.unwrap(), Some(first));
    let pages = standin.requests().iter().filter(|request| request.method == "GET").count();
    assert_eq!(pages, 2);
}

#[tokio::test]
async fn f15_what_people_have_sent_is_listed_with_its_files() {
    const ANA: &str = "whatsapp:+15005550001";
    let (standin, twilio, clock) = world().await;
    let media = standin.add_media("a file");
    let at = |seconds: u64| {
        clock.advance(Duration::from_secs(seconds));
        clock.now()
    };
    standin.receive(("SM_too_early", ANA), "long ago", at(0), None);
    let since = at(60);
    for count in 0..120 {
        standin.receive((&format!("SM{count}"), ANA), &format!("number {count}"), at(1), None);
    }
    let with_file = format!("MM{:032x}", 1);
    standin.receive((&with_file, ANA), "", at(1), Some(&media));
    twilio.send(&reply("an answer is not listed")).await.unwrap();

    let received = twilio.received(since).await.unwrap();
    assert_eq!(received.len(), 121);
    let first = &received[0];
    assert_eq!(
        (first.message.provider_id.as_str(), first.message.text.as_str()),
        ("SM0", "number 0")
    );
    assert_eq!((first.message.from.as_str(), first.message.to.as_str()), (ANA, FROM));
    assert_eq!(first.message.missed_since, Some(first.sent_at));
    assert!(received.is_sorted_by_key(|one| one.sent_at));
    let last = &received[120];
    assert!(last.has_files && !first.has_files);

    let files = twilio.files_of(&with_file).await.unwrap();
    let [Attachment { source: AttachmentSource::Remote(address), .. }] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert_eq!(twilio.fetch(address).await.unwrap(), "a file");
    let error = twilio.files_of("MM_deleted").await.unwrap_err();
    assert!(matches!(error, ChannelError::Refused { code: 20_404 }), "{error:?}");
    standin.fail_list(Fault::status(401));
    let error = twilio.received(since).await.unwrap_err();
    assert!(matches!(error, ChannelError::Unauthorized), "{error:?}");
}
