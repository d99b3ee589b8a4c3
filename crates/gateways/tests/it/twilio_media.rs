//! Files that came with messages: by the real redirect, and never anywhere else.

use crate::twilio_send::settings;
use gateways::twilio::{Twilio, TwilioSettings};
use ports::channel::{Channel, ChannelError};
use rstest::rstest;
use std::{sync::Arc, time::Duration};
use testkit::{
    clock::FakeClock,
    standin::{
        Fault,
        twilio::{ACCOUNT_SID, TwilioStandIn},
    },
};

async fn world() -> (TwilioStandIn, Twilio) {
    let standin = TwilioStandIn::start(Arc::new(FakeClock::default())).await.unwrap();
    let twilio = Twilio::new(settings(&standin));
    (standin, twilio)
}

#[tokio::test]
async fn the_redirect_is_followed_without_credentials() {
    let (standin, twilio) = world().await;
    let url = standin.add_media("the bytes of a receipt");
    assert_eq!(twilio.fetch(&url).await.unwrap(), "the bytes of a receipt");
    assert!(standin.requests()[0].header("authorization").starts_with("Basic "));
    assert_eq!(standin.media_requests()[0].header("authorization"), "");
}

#[tokio::test]
async fn a_file_that_is_not_there_yet_is_asked_for_again() {
    let (standin, twilio) = world().await;
    let url = standin.add_media("late");
    standin.fail_fetch(Fault::status(404));
    let begun = tokio::time::Instant::now();
    assert_eq!(twilio.fetch(&url).await.unwrap(), "late");
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(standin.requests().len(), 2);
}

#[tokio::test]
async fn more_than_sixteen_megabytes_are_not_read() {
    let (standin, twilio) = world().await;
    let limit = 16 * 1024 * 1024;
    let fits = standin.add_media(vec![0_u8; limit]);
    let too_large = standin.add_media(vec![0_u8; limit + 1]);
    assert_eq!(twilio.fetch(&fits).await.unwrap().len(), limit);
    assert!(matches!(twilio.fetch(&too_large).await, Err(ChannelError::TooLarge)));
}

#[tokio::test]
async fn troubles_of_the_server_may_pass() {
    let (standin, twilio) = world().await;
    let url = standin.add_media("a");
    standin.fail_fetch(Fault::status(503));
    assert!(matches!(twilio.fetch(&url).await, Err(ChannelError::Unavailable(_))));
    standin.fail_fetch(Fault::Answer {
        status: 429,
        body: serde_json::Value::Null,
        retry_after: Some(3),
    });
    let error = twilio.fetch(&url).await.unwrap_err();
    assert_eq!(error.retry(), Some(Duration::from_secs(3)));
    standin.fail_fetch(Fault::status(401));
    assert!(matches!(twilio.fetch(&url).await, Err(ChannelError::Refused { code: 401 })));
}

/// Every address that is not exactly our own media: nothing is asked at all.
#[rstest]
#[case::another_host("https://evil.example.org/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}")]
#[case::a_host_that_begins_alike(
    "{BASE}.example.org/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}"
)]
#[case::another_port("http://127.0.0.1:1/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}")]
#[case::another_account(
    "{BASE}/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/{MM}/Media/{ME}"
)]
#[case::another_path("{BASE}/2010-04-01/Accounts/{AC}/Messages.json")]
#[case::a_path_with_dots(
    "{BASE}/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}/../../../Keys.json"
)]
#[case::an_escaped_slash("{BASE}/2010-04-01/Accounts/{AC}/Messages/{MM}%2FMedia/{ME}")]
#[case::a_tail("{BASE}/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}.json")]
#[case::a_query("{BASE}/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}?a=b")]
#[case::a_user(
    "http://127.0.0.1@evil.example.org/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}"
)]
#[case::the_metadata_address("http://169.254.169.254/latest/meta-data/")]
#[case::the_same_as_one_number("http://2852039166/latest/meta-data/")]
#[case::the_same_in_version_six("http://[::ffff:169.254.169.254]/latest/")]
#[case::a_local_file("file:///etc/passwd")]
#[case::another_scheme("gopher://127.0.0.1/x")]
#[case::plain_http_to_twilio(
    "http://api.twilio.com/2010-04-01/Accounts/{AC}/Messages/{MM}/Media/{ME}"
)]
#[case::nothing("")]
#[tokio::test]
async fn an_odd_address_is_never_asked(#[case] template: &str) {
    let (standin, twilio) = world().await;
    let url = template
        .replace("{BASE}", &standin.base_url())
        .replace("{AC}", ACCOUNT_SID)
        .replace("{MM}", "MM00000000000000000000000000000000")
        .replace("{ME}", "ME00000000000000000000000000000000");
    let error = tokio::time::timeout(Duration::from_millis(900), twilio.fetch(&url)).await.unwrap();
    assert!(matches!(error, Err(ChannelError::NoSuchFile)), "{error:?}");
    assert!(standin.requests().is_empty());
}

#[rstest]
#[case::a_private_address("http://10.0.0.1/x")]
#[case::the_metadata_address("http://169.254.169.254/latest/meta-data/")]
#[case::this_machine_by_name("http://localhost:1/x")]
#[case::this_machine_in_version_six("http://[::1]/x")]
#[case::an_unlisted_host("https://evil.example.org/x")]
#[case::a_host_that_ends_alike("https://evil-media.example.net/x")]
#[case::a_local_file("file:///etc/passwd")]
#[tokio::test]
async fn a_redirect_to_anywhere_else_is_not_followed(#[case] place: &str) {
    let (standin, _) = world().await;
    let mut settings = settings(&standin);
    settings.media_hosts.push("media.example.net".to_owned());
    let twilio = Twilio::new(settings);
    let url = standin.add_media("a");
    for _ in 0..4 {
        standin.fail_fetch(Fault::RedirectTo(place.to_owned()));
    }
    // The address counts as missing, and what is missing is asked for again for a while.
    let fetched = tokio::time::timeout(Duration::from_millis(700), twilio.fetch(&url)).await;
    assert!(!matches!(fetched, Ok(Ok(_))));
    assert!(standin.media_requests().is_empty());
}

#[tokio::test]
async fn a_listed_name_may_not_lead_to_this_machine() {
    let (standin, _) = world().await;
    let url = standin.add_media("a");
    let hosts = vec!["localdomain".to_owned()];
    let twilio = Twilio::new(TwilioSettings { media_hosts: hosts, ..settings(&standin) });
    standin.fail_fetch(Fault::RedirectTo("http://localhost.localdomain:1/x".to_owned()));
    let fetched = tokio::time::timeout(Duration::from_millis(700), twilio.fetch(&url)).await;
    assert!(!matches!(fetched, Ok(Ok(_))));
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let (standin, twilio) = world().await;
    let url = standin.add_media("a");
    standin.fail_fetch(Fault::RedirectTo(url.clone()));
    // The second time round there are no credentials any more.
    assert!(matches!(twilio.fetch(&url).await, Err(ChannelError::Refused { code: 401 })));
    assert_eq!(standin.requests()[1].header("authorization"), "");
}
