//! Whether WhatsApp can reach this installation and be reached by it.

use super::Finding;
use crate::{
    cli::{chain, simulate},
    compose,
    config::{Config, TwilioSettings},
};
use domain::message::ChannelKind;
use gateways::twilio::signature::{Key, Payload, Received, is_genuine};
use ports::channel::{ChannelError, Channels};
use reqwest::StatusCode;
use secrecy::ExposeSecret;

/// An identifier that no message has.
const NO_MESSAGE: &str = "SM00000000000000000000000000000000";

/// Checks signatures, the account and the way from outside.
pub(super) async fn all(config: &Config, is_serving: bool) -> Vec<Finding> {
    let Some(twilio) = &config.twilio else {
        return vec![Finding::ok("whatsapp", "not set up")];
    };
    let base = config.public_base_url.as_deref().unwrap_or_default();
    vec![
        signature(base, twilio),
        account(config, twilio).await,
        way_in(base, twilio, is_serving).await,
    ]
}

/// Signs as Twilio does and checks as the product does.
fn signature(base: &str, twilio: &TwilioSettings) -> Finding {
    let url = format!("{base}/webhooks/twilio");
    let form = vec![("Body".to_owned(), "ping".to_owned())];
    let signature = simulate::signature(twilio.auth_token.expose_secret(), &url, &form);
    let received = Received {
        url: &url,
        payload: Payload::Form(&form),
        signature: &signature,
        settings: None,
    };
    if is_genuine(&[Key::token(twilio.auth_token.clone())], &received) {
        Finding::ok("whatsapp", format!("signatures agree for {url}"))
    } else {
        Finding::ill(
            "whatsapp",
            format!("a signature for {url} does not hold"),
            "check PUBLIC_BASE_URL for odd characters",
        )
    }
}

/// Asks the account for the messages of this moment, of which there are none.
async fn account(config: &Config, twilio: &TwilioSettings) -> Finding {
    let base = &twilio.api_base_url;
    let Some(channel) = compose::channels(config).of(ChannelKind::Twilio) else {
        return Finding::ok("account", "not set up");
    };
    match channel.received(compose::clock().now()).await {
        Ok(_) => Finding::ok("account", format!("{base} knows it")),
        Err(error @ (ChannelError::Unauthorized | ChannelError::Refused { .. })) => Finding::ill(
            "account",
            format!("{base}: {}", chain(&error)),
            "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN against the Twilio console",
        ),
        Err(error) => Finding::ill(
            "account",
            format!("{base}: {}", chain(&error)),
            "check the network and TWILIO_API_BASE_URL; replies wait until it answers",
        ),
    }
}

/// Sends word about a message that nobody knows to the public address, signed as Twilio does.
async fn way_in(base: &str, twilio: &TwilioSettings, is_serving: bool) -> Finding {
    const HINT: &str = "check DNS, the certificate, and the proxy or tunnel in front of Billhook; \
         some networks do not reach their own public address from inside";
    let url = format!("{base}/webhooks/twilio/status");
    let form = [("MessageSid", NO_MESSAGE), ("MessageStatus", "sent")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let signature = simulate::signature(twilio.auth_token.expose_secret(), &url, &form);
    let Ok(client) = super::checks::client() else {
        return Finding::ill("public", "no request can be made", HINT);
    };
    let request = client.post(&url).header("X-Twilio-Signature", signature).form(&form);
    let status = match request.send().await {
        Ok(answer) => answer.status(),
        Err(error) => {
            let seen =
                format!("{base} cannot be reached from here: {}", chain(&error.without_url()));
            return Finding::ill("public", seen, HINT);
        }
    };
    if status.is_success() {
        return Finding::ok("public", format!("{base} takes signed webhooks"));
    }
    if !is_serving {
        let seen =
            format!("{base} answers ({status}); a signed webhook is tried while Billhook serves");
        return Finding::ok("public", seen);
    }
    let hint = match status {
        StatusCode::FORBIDDEN => "another Billhook with another TWILIO_AUTH_TOKEN may answer there",
        _ => "let the proxy hand /webhooks/twilio and what is below it to Billhook, unchanged",
    };
    Finding::ill("public", format!("{base} refuses a signed webhook ({status})"), hint)
}
