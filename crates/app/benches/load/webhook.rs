//! Webhooks as the provider sends them, signed and ready for the wire.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use std::{collections::BTreeMap, sync::Arc};
use testkit::standin::twilio::{ACCOUNT_SID, AUTH_TOKEN, FROM};

/// How the product is known outside.
pub const PUBLIC: &str = "https://bills.example";
const PATH: &str = "/webhooks/twilio";

/// Returns the address of a sender.
pub fn sender(number: usize) -> String {
    format!("whatsapp:+1500{number:07}")
}

/// Returns signed requests: message `n` of `range` comes from sender `n % senders`.
pub fn requests(range: std::ops::Range<usize>, senders: usize, text: &str) -> Arc<Vec<Vec<u8>>> {
    Arc::new(range.map(|number| request(number, &sender(number % senders), text)).collect())
}

/// Returns one signed request. Texts differ by the number, so that no answer is remembered.
pub fn request(number: usize, from: &str, text: &str) -> Vec<u8> {
    let (sid, body) = (format!("SM{number:032x}"), format!("{text} {number}"));
    let form: BTreeMap<&str, &str> = BTreeMap::from([
        ("AccountSid", ACCOUNT_SID),
        ("ApiVersion", "2010-04-01"),
        ("Body", &body),
        ("From", from),
        ("MessageSid", &sid),
        ("MessageType", "text"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("ProfileName", "Ana"),
        ("SmsMessageSid", &sid),
        ("SmsSid", &sid),
        ("SmsStatus", "received"),
        ("To", FROM),
    ]);
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(AUTH_TOKEN.as_bytes()).unwrap();
    mac.update(format!("{PUBLIC}{PATH}").as_bytes());
    for (name, value) in &form {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: bills.example\r\nX-Twilio-Signature: {signature}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
