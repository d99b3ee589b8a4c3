//! Messages from Twilio. What is not signed for exactly this address leaves no trace.

use super::{intake, parts::Query, problem::Problem};
use crate::{compose::AppState, config::TwilioSettings, telemetry::meters};
use axum::{
    Router,
    extract::{DefaultBodyLimit, OriginalUri, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::{ids::OutboundId, message::ChannelKind};
use gateways::twilio::{
    signature::{self, Key, Payload, Received},
    wire::{self, Event},
};
use ports::store::Arrival;
use serde::Deserialize;

/// The most bytes of a webhook's body.
const MAX_BODY: usize = 1024 * 1024;
/// The header that carries the signature.
const SIGNATURE: &str = "x-twilio-signature";
/// The header that names another algorithm than that of auth tokens.
const SIGNATURE_SETTINGS: &str = "x-twilio-webhooks-signature-settings";
/// The empty answer: replies go out by themselves, later.
const NO_REPLY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

/// Returns the routes that Twilio calls.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/webhook", post(incoming))
        .route("/webhooks/twilio", post(incoming))
        .route("/webhooks/twilio/status", post(delivery_status))
        .layer(DefaultBodyLimit::disable())
}

async fn incoming(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let form = signed_form(&state, &uri, &headers, request).await?;
    let event = wire::parse(&form).map_err(|missing| Problem::malformed(missing.to_string()))?;
    if let Event::Message(message) = event {
        intake::accept(&state, &message).await?;
    }
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], NO_REPLY).into_response())
}

/// Which reply a status is about, if it is one of ours. Our own sender says so in the address that it
/// gives; a status that its owner has ordered at Twilio does not.
#[derive(Debug, Deserialize)]
struct About {
    reply: Option<String>,
}

/// Takes note of whether a reply has arrived. What else happens to it on its way changes nothing, and
/// no status is worth having it sent again.
async fn delivery_status(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Query(about): Query<About>,
    headers: HeaderMap,
    request: Request,
) -> Result<StatusCode, Problem> {
    let form = signed_form(&state, &uri, &headers, request).await?;
    let event = wire::parse(&form).map_err(|missing| Problem::malformed(missing.to_string()))?;
    let reply = about.reply.and_then(|reply| reply.parse().ok());
    if let (Some(reply), Event::Status(status)) = (reply, event)
        && let Some(arrival) = status.arrival()
    {
        note_arrival(&state, reply, &status.provider_id, arrival).await?;
    }
    Ok(StatusCode::OK)
}

async fn note_arrival(
    state: &AppState,
    reply: OutboundId,
    provider_id: &str,
    arrival: Arrival,
) -> Result<(), Problem> {
    let is_news = state.ports.store.note_arrival(reply, provider_id, arrival).await?;
    let channel = ChannelKind::Twilio.word();
    match arrival {
        _ if !is_news => {}
        Arrival::Delivered => meters::arrived(channel, "delivered"),
        Arrival::Lost { code } => {
            meters::arrived(channel, "lost");
            tracing::warn!(outbound.id = %reply, code, "reply was not delivered");
        }
    }
    Ok(())
}

/// Returns the fields of a form whose signature is right.
async fn signed_form(
    state: &AppState,
    uri: &Uri,
    headers: &HeaderMap,
    request: Request,
) -> Result<Vec<(String, String)>, Problem> {
    let twilio = state.config.twilio.as_ref().ok_or(Problem::NotFound)?;
    let body = axum::body::to_bytes(request.into_body(), MAX_BODY)
        .await
        .map_err(|_| Problem::TooLarge(MAX_BODY))?;
    let form = form_of(headers, &body);
    if !is_signed(state, twilio, uri, headers, &form) {
        state.refusals.note();
        return Err(Problem::Forbidden("The signature does not fit this request."));
    }
    Ok(form)
}

fn form_of(headers: &HeaderMap, body: &[u8]) -> Vec<(String, String)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // Only a form is covered by the signature; anything else counts as an empty one.
    if !kind
        .unwrap_or_default()
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded")
    {
        return Vec::new();
    }
    form_urlencoded::parse(body).into_owned().collect()
}

/// Returns whether the signature fits one of our tokens and our public address, which is taken
/// from the settings and never from the request.
fn is_signed(
    state: &AppState,
    twilio: &TwilioSettings,
    uri: &Uri,
    headers: &HeaderMap,
    form: &[(String, String)],
) -> bool {
    let Some(public) = state.config.public_base_url.as_deref() else { return false };
    let mut shown = headers.get_all(SIGNATURE).iter();
    let (Some(signature), None) = (shown.next(), shown.next()) else { return false };
    let settings = headers.get(SIGNATURE_SETTINGS);
    // A header that is no text is not Twilio's.
    let (Ok(signature), Ok(settings)) =
        (signature.to_str(), settings.map(|value| value.to_str()).transpose())
    else {
        return false;
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let url = signature::public_url(public, path);
    let payload = Payload::Form(form);
    signature::is_genuine(&keys(twilio), &Received { url: &url, payload, signature, settings })
}

fn keys(twilio: &TwilioSettings) -> Vec<Key> {
    let tokens = [Some(&twilio.auth_token), twilio.auth_token_secondary.as_ref()];
    tokens.into_iter().flatten().map(|token| Key::token(token.clone())).collect()
}
