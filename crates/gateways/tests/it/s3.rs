//! Files in a real S3 server, which runs in this process and checks every signature.

use bytes::Bytes;
use domain::document::ContentHash;
use futures::StreamExt;
use gateways::blobs::{S3, S3Settings};
use ports::blobs::{BlobError, BlobStore};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use testkit::standin::s3::{BUCKET, KEY, S3StandIn, SECRET};

fn settings(server: &S3StandIn) -> S3Settings {
    gateways::http::install_provider();
    S3Settings {
        bucket: BUCKET.to_owned(),
        prefix: "of/ana/".to_owned(),
        region: "eu-central-1".to_owned(),
        endpoint: Some(server.address().to_owned()),
        access_key: Some((KEY.to_owned(), SECRET.to_owned().into())),
        session_token: None,
        web_identity: None,
        encryption: None,
        encryption_key: None,
    }
}

#[tokio::test]
async fn what_was_kept_comes_back_under_its_hash_and_is_there_once() {
    let server = S3StandIn::start().await.unwrap();
    let blobs = S3::open(&settings(&server)).unwrap();
    blobs.check("one").await.unwrap();
    let large = Bytes::from(vec![7; 3 * 1024 * 1024]);
    let hash = blobs.put(large.clone()).await.unwrap();
    assert_eq!(blobs.put(large.clone()).await.unwrap(), hash);
    assert_eq!(blobs.get(hash).await.unwrap().unwrap(), large);
    assert_eq!(blobs.size(hash).await.unwrap(), Some(3 * 1024 * 1024));
    let flow = blobs.stream(hash).await.unwrap().unwrap();
    assert_eq!(flow.size, 3 * 1024 * 1024);
    let chunks: Vec<Bytes> = flow.chunks.map(Result::unwrap).collect().await;
    assert!(chunks.len() > 1 && chunks.concat() == large);
    let nothing = ContentHash([7; 32]);
    assert_eq!(blobs.get(nothing).await.unwrap(), None);
    assert_eq!(blobs.size(nothing).await.unwrap(), None);
    let kept = server.files();
    let ours = kept.iter().filter(|path| path.ends_with(hash.to_string())).count();
    assert_eq!(ours, 1, "{kept:?}");
}

#[tokio::test]
async fn files_are_listed_in_order_a_page_at_a_time() {
    let server = S3StandIn::start().await.unwrap();
    let blobs = S3::open(&settings(&server)).unwrap();
    assert_eq!(blobs.list(None, 3).await.unwrap(), []);
    let mut kept = Vec::new();
    for at in 0..8_u8 {
        kept.push(blobs.put(vec![at].into()).await.unwrap());
    }
    kept.sort();
    let hashes = async |after| -> Vec<ContentHash> {
        blobs.list(after, 5).await.unwrap().iter().map(|listed| listed.hash).collect()
    };
    let first = hashes(None).await;
    assert_eq!(first, kept[..5]);
    assert_eq!(hashes(first.last().copied()).await, kept[5..]);
}

#[tokio::test]
async fn f17_a_file_that_was_changed_in_the_bucket_is_noticed() {
    let server = S3StandIn::start().await.unwrap();
    let blobs = S3::open(&settings(&server)).unwrap();
    let hash = blobs.put(Bytes::from_static(b"a receipt")).await.unwrap();
    let place = server.files().into_iter().find(|path| path.ends_with(hash.to_string())).unwrap();
    std::fs::write(place, b"rubbish").unwrap();
    assert!(matches!(blobs.get(hash).await, Err(BlobError::Damaged)));
}

#[tokio::test]
async fn f17_what_the_server_refuses_is_said_with_what_to_do() {
    let server = S3StandIn::start().await.unwrap();
    let right = settings(&server);
    let wrong_secret =
        S3Settings { access_key: Some(("key".into(), "guess".to_owned().into())), ..right.clone() };
    let wrong_key = S3Settings {
        access_key: Some(("who".into(), "secret".to_owned().into())),
        ..right.clone()
    };
    for (settings, word) in [(wrong_secret, "AWS_SECRET_ACCESS_KEY"), (wrong_key, "key")] {
        let error = S3::open(&settings).unwrap().check("one").await.unwrap_err();
        let BlobError::Refused(advice) = &error else { panic!("{error:?}") };
        assert!(advice.contains(word), "{advice}");
        assert!(error.retry().is_some(), "its owner may mend it while messages wait");
    }
}

#[rstest::rstest]
#[case::no_bucket(404, "NoSuchBucket", "S3_BUCKET")]
#[case::read_only(403, "AccessDenied", "PutObject")]
#[case::another_region(400, "AuthorizationHeaderMalformed", "AWS_REGION")]
#[case::moved(301, "PermanentRedirect", "AWS_REGION")]
#[tokio::test]
async fn f17_every_refusal_says_what_to_do(
    #[case] status: u16,
    #[case] code: &'static str,
    #[case] word: &str,
) {
    let (error, _) = refused_with(status, code).await;
    let BlobError::Refused(advice) = &error else { panic!("{error:?}") };
    assert!(advice.contains(word), "{advice}");
}

#[tokio::test]
async fn f20_a_clock_that_is_far_off_is_named_and_what_waits_is_tried_again() {
    let (error, asked) = refused_with(403, "RequestTimeTooSkewed").await;
    let BlobError::Refused(advice) = &error else { panic!("{error:?}") };
    assert!(advice.contains("clock of this machine is more than 15 minutes off"), "{advice}");
    assert!(error.to_string().contains(advice), "{error}");
    assert!(error.retry().is_some(), "once it is set, messages that waited go on");
    assert_eq!(asked, 1, "the same clock would sign the next one");
}

/// Asks a server that refuses everything so; returns what that means and how often it was asked.
async fn refused_with(status: u16, code: &'static str) -> (BlobError, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let refuse = move || {
        let counted = Arc::clone(&counted);
        async move {
            counted.fetch_add(1, Ordering::Relaxed);
            let body = format!("<Error><Code>{code}</Code><Message>No.</Message></Error>");
            (axum::http::StatusCode::from_u16(status).unwrap(), body)
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
    let server = axum::Router::new().fallback(refuse);
    tokio::spawn(async move { axum::serve(listener, server).await });
    let settings = S3Settings { endpoint, ..settings(&S3StandIn::start().await.unwrap()) };
    let error = S3::open(&settings).unwrap().check("one").await.unwrap_err();
    (error, asked.load(Ordering::Relaxed))
}

#[tokio::test]
async fn f17_a_server_that_is_not_there_is_tried_again_later() {
    let server = S3StandIn::start().await.unwrap();
    let gone = S3Settings { endpoint: Some("http://127.0.0.1:1".into()), ..settings(&server) };
    let error = S3::open(&gone).unwrap().check("one").await.unwrap_err();
    assert!(matches!(error, BlobError::Unavailable(_)), "{error:?}");
}
