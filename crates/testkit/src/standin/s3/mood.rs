//! What a bucket does wrong, before or after it does what it is asked.

use super::super::locked;
use axum::{
    body::{Body, HttpBody, to_bytes},
    http::{StatusCode, header},
};
use bytes::Bytes;
use futures::{StreamExt, stream};
use s3s::{HttpError, HttpRequest, HttpResponse, service::S3Service};
use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// How often a second something passes where a bucket is slow.
const SIPS: u32 = 10;

/// How a bucket treats what it is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    #[default]
    Fair,
    /// So many calls of a hundred are told to slow down.
    Busy(u64),
    /// What is sent and what is fetched passes at so many bytes a second.
    Slow(u32),
    /// Nobody may do anything.
    Denied,
    /// Whatever file is fetched, these bytes come.
    Wrong(Bytes),
    /// What is sent arrives with another first byte.
    Garbled,
}

/// The mood of a server, and how often it has told.
#[derive(Debug, Default)]
pub(super) struct Moods {
    now: Mutex<Mood>,
    calls: AtomicU64,
    spoilt: AtomicU64,
}

impl Moods {
    pub(super) fn set(&self, mood: Mood) {
        *locked(&self.now) = mood;
    }

    /// Returns how many calls were not simply answered.
    pub(super) fn spoilt(&self) -> u64 {
        self.spoilt.load(Ordering::Relaxed)
    }

    /// Answers a call as the mood is.
    pub(super) async fn answer(
        &self,
        service: &S3Service,
        call: HttpRequest,
    ) -> Result<HttpResponse, HttpError> {
        let mood = locked(&self.now).clone();
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let is_file = call.uri().query().is_none();
        let meets = match &mood {
            Mood::Fair => false,
            Mood::Busy(of_hundred) => scattered(number) < *of_hundred,
            Mood::Denied => true,
            Mood::Slow(_) => is_file && matches!(call.method().as_str(), "GET" | "PUT"),
            Mood::Wrong(_) => is_file && call.method() == "GET",
            Mood::Garbled => is_file && call.method() == "PUT",
        };
        if !meets {
            return service.call(call).await;
        }
        self.spoilt.fetch_add(1, Ordering::Relaxed);
        match mood {
            Mood::Fair => service.call(call).await,
            Mood::Busy(_) => Ok(refusal(503, "SlowDown")),
            Mood::Denied => Ok(refusal(403, "AccessDenied")),
            Mood::Slow(rate) => {
                if call.method() == "PUT" {
                    return service.call(call.map(|body| slowly(body, rate))).await;
                }
                let mut answer = service.call(call).await?;
                // How much will come is known beforehand.
                if let Some(length) = answer.body().size_hint().exact() {
                    answer.headers_mut().insert(header::CONTENT_LENGTH, length.into());
                }
                Ok(answer.map(|body| slowly(body, rate)))
            }
            Mood::Wrong(bytes) => {
                let (mut head, _) = service.call(call).await?.into_parts();
                head.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
                Ok(HttpResponse::from_parts(head, bytes.into()))
            }
            Mood::Garbled => {
                let (head, body) = call.into_parts();
                let sent = to_bytes(Body::new(body), usize::MAX).await.unwrap_or_default();
                let arrived: Vec<u8> = sent
                    .iter()
                    .take(1)
                    .map(|first| !first)
                    .chain(sent.iter().skip(1).copied())
                    .collect();
                service.call(HttpRequest::from_parts(head, arrived.into())).await
            }
        }
    }
}

/// Returns a number below a hundred that looks like chance and is the same in each run.
fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)) % 100
}

fn refusal(status: u16, code: &str) -> HttpResponse {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>by the stand-in\
         </Message></Error>"
    );
    let mut answer = HttpResponse::new(text.into());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    answer
}

/// Lets a body pass a sip at a time.
fn slowly(body: s3s::Body, rate: u32) -> s3s::Body {
    let sip = usize::try_from(rate.checked_div(SIPS).unwrap_or_default()).unwrap_or(1).max(1);
    let sips = Body::new(body).into_data_stream().flat_map(move |piece| {
        let pieces: Vec<Result<Bytes, axum::Error>> = match piece {
            Ok(piece) => piece.chunks(sip).map(|sip| Ok(Bytes::copy_from_slice(sip))).collect(),
            Err(error) => vec![Err(error)],
        };
        stream::iter(pieces)
    });
    let slow = sips.then(|sip| async move {
        tokio::time::sleep(Duration::from_secs(1).checked_div(SIPS).unwrap_or_default()).await;
        sip
    });
    s3s::Body::http_body_unsync(Body::from_stream(slow))
}
