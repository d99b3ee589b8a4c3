//! One inbound message as Twilio posts it: parameters and signature.
//!
//! Written apart from the check in the gateway, so that each proves the other.

use super::stand_in::MediaFile;
use crate::{clock::SystemClock, config::TwilioSettings};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use ports::clock::Clock;
use secrecy::ExposeSecret;
use sha1::Sha1;

/// Where the webhook goes.
pub const PATH: &str = "/webhooks/twilio";

/// One inbound message.
pub struct Envelope {
    parameters: Vec<(String, String)>,
    message_sid: String,
    media_path: String,
}

impl Envelope {
    /// Makes a new message; each has an id of its own.
    pub fn new(
        twilio: &TwilioSettings,
        from: &str,
        text: Option<&str>,
        file: Option<&MediaFile>,
    ) -> Self {
        let digits = || SystemClock.new_id().simple().to_string();
        let message_sid = format!("{}{}", if file.is_some() { "MM" } else { "SM" }, digits());
        let media_path = format!(
            "/2010-04-01/Accounts/{}/Messages/{message_sid}/Media/ME{}",
            twilio.account_sid,
            digits()
        );
        let number = from.trim_start_matches("whatsapp:").trim_start_matches('+');
        let mut parameters = vec![
            ("AccountSid", twilio.account_sid.clone()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("Body", text.unwrap_or_default().to_owned()),
            ("From", from.to_owned()),
            ("MessageSid", message_sid.clone()),
            ("NumMedia", if file.is_some() { "1" } else { "0" }.to_owned()),
            ("NumSegments", "1".to_owned()),
            ("ProfileName", "Simulated".to_owned()),
            ("SmsMessageSid", message_sid.clone()),
            ("SmsSid", message_sid.clone()),
            ("SmsStatus", "received".to_owned()),
            ("To", twilio.from.clone()),
            ("WaId", number.to_owned()),
        ];
        if let Some(file) = file {
            parameters.push(("MediaContentType0", file.media_type.clone()));
            parameters.push(("MediaUrl0", format!("{}{media_path}", twilio.api_base_url)));
        }
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        Self { parameters: parameters.into_iter().map(owned).collect(), message_sid, media_path }
    }

    /// Returns the form parameters.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// Returns the id of the message.
    pub fn message_sid(&self) -> &str {
        &self.message_sid
    }

    /// Returns where the file lies at Twilio's API.
    pub fn media_path(&self) -> String {
        self.media_path.clone()
    }

    /// Returns the signature over the address that Twilio was given.
    pub fn signed(&self, public_base_url: &str, twilio: &TwilioSettings) -> String {
        let url = format!("{public_base_url}{PATH}");
        signature(twilio.auth_token.expose_secret(), &url, &self.parameters)
    }
}

/// Returns Twilio's signature of a form: base64 of HMAC-SHA1 over the address and, sorted by
/// name, each name followed by its value.
#[must_use]
pub fn signature(auth_token: &str, url: &str, parameters: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = parameters.iter().collect();
    sorted.sort();
    // HMAC takes keys of every length, so there is no key that it refuses.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()) else {
        return String::new();
    };
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twilio() -> TwilioSettings {
        TwilioSettings {
            account_sid: "AC0123456789abcdef0123456789abcdef".to_owned(),
            auth_token: "token".to_owned().into(),
            auth_token_secondary: None,
            from: "whatsapp:+14155238886".to_owned(),
            api_base_url: "http://127.0.0.1:4010".to_owned(),
            media_hosts: Vec::new(),
        }
    }

    #[test]
    fn every_message_has_an_id_of_its_own() {
        let one = Envelope::new(&twilio(), "whatsapp:+1", Some("hi"), None);
        let other = Envelope::new(&twilio(), "whatsapp:+1", Some("hi"), None);
        assert_ne!(one.message_sid(), other.message_sid());
        assert_eq!(one.message_sid().len(), 34);
        assert_ne!(one.signed("http://a", &twilio()), other.signed("http://a", &twilio()));
    }

    #[test]
    fn a_file_lies_below_the_account_s_own_messages() {
        let file = MediaFile { media_type: "image/png".to_owned(), bytes: vec![1].into() };
        let envelope = Envelope::new(&twilio(), "whatsapp:+1", None, Some(&file));
        let url = &envelope.parameters().iter().find(|(name, _)| name == "MediaUrl0").unwrap().1;
        assert!(url.starts_with("http://127.0.0.1:4010/2010-04-01/Accounts/AC0123"), "{url}");
        assert!(url.ends_with(&envelope.media_path()), "{url}");
    }

    #[test]
    fn the_order_of_the_parameters_does_not_matter() {
        let pair = |name: &str| (name.to_owned(), "x".to_owned());
        let one = signature("t", "http://a", &[pair("B"), pair("a")]);
        assert_eq!(one, signature("t", "http://a", &[pair("a"), pair("B")]));
        assert_ne!(one, signature("u", "http://a", &[pair("a"), pair("B")]));
    }
}
