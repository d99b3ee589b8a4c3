//! Is a webhook really from Twilio, for exactly this address, and unchanged?
//!
//! The address comes from the owner's settings, never from the request's `Host`. The signature
//! carries no time: replays are harmless because messages are stored once by their id.
//! (Twilio: "Webhooks security", "Webhook shared keys".)

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use subtle::{Choice, ConstantTimeEq};

/// How a secret signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Auth tokens.
    HmacSha1,
    /// Shared keys.
    HmacSha256,
}

/// A secret and the one algorithm it is used with.
#[derive(Debug, Clone)]
pub struct Key {
    secret: SecretString,
    algorithm: Algorithm,
}

impl Key {
    /// Makes a key of an auth token.
    #[must_use]
    pub const fn token(secret: SecretString) -> Self {
        Self { secret, algorithm: Algorithm::HmacSha1 }
    }

    /// Makes a key of a shared key's secret.
    #[must_use]
    pub const fn shared(secret: SecretString) -> Self {
        Self { secret, algorithm: Algorithm::HmacSha256 }
    }
}

/// What the signature covers beside the address.
#[derive(Debug, Clone, Copy)]
pub enum Payload<'a> {
    /// Nothing: a GET.
    Nothing,
    /// Decoded form parameters, in any order.
    Form(&'a [(String, String)]),
    /// Any other body, covered by its hash in the query.
    Body(&'a [u8]),
}

/// A request as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The address that Twilio was given, by [`public_url`].
    pub url: &'a str,
    /// What came with it.
    pub payload: Payload<'a>,
    /// The header `X-Twilio-Signature`.
    pub signature: &'a str,
    /// The header `X-Twilio-Webhooks-Signature-Settings`, if there is one.
    pub settings: Option<&'a str>,
}

/// Returns the address that Twilio was given for a path and query of this installation.
#[must_use]
pub fn public_url(public_base_url: &str, path_and_query: &str) -> String {
    format!("{}{path_and_query}", public_base_url.trim_end_matches('/'))
}

/// Returns whether one of the keys has signed this request. No keys, no genuine request.
#[must_use]
pub fn is_genuine(keys: &[Key], received: &Received<'_>) -> bool {
    let Some(algorithm) = algorithm(received.settings) else { return false };
    if let Payload::Body(body) = received.payload
        && !has_hash(received.url, body)
    {
        return false;
    }
    let appended = appended(received.payload);
    let [bare, with_port] = candidates(received.url);
    let mut genuine = Choice::from(0);
    for key in keys.iter().filter(|key| key.algorithm == algorithm) {
        for url in [&bare, &with_port] {
            let expected = sign(key, &format!("{url}{appended}"));
            genuine |= expected.as_bytes().ct_eq(received.signature.as_bytes());
        }
    }
    genuine.into()
}

/// The header names the algorithm, but only a key configured for that algorithm is then used.
fn algorithm(settings: Option<&str>) -> Option<Algorithm> {
    let Some(settings) = settings else { return Some(Algorithm::HmacSha1) };
    let mut named = settings.split(',').filter_map(|part| part.trim().strip_prefix("algorithm="));
    match (named.next(), named.next()) {
        (Some("HMAC_SHA256"), None) => Some(Algorithm::HmacSha256),
        _ => None,
    }
}

fn sign(key: &Key, text: &str) -> String {
    let secret = key.secret.expose_secret().as_bytes();
    match key.algorithm {
        Algorithm::HmacSha1 => mac::<Hmac<Sha1>>(secret, text),
        Algorithm::HmacSha256 => mac::<Hmac<Sha256>>(secret, text),
    }
}

fn mac<M: Mac + KeyInit>(secret: &[u8], text: &str) -> String {
    // HMAC takes keys of any length; should that ever fail, an empty text matches no signature.
    <M as KeyInit>::new_from_slice(secret).map_or_else(
        |_| "no key".to_owned(),
        |mac| STANDARD.encode(mac.chain_update(text).finalize().into_bytes()),
    )
}

/// Names in byte order, each with its distinct values in order, nothing between.
fn appended(payload: Payload<'_>) -> String {
    let Payload::Form(form) = payload else { return String::new() };
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form {
        sorted.entry(name).or_default().insert(value);
    }
    sorted
        .into_iter()
        .flat_map(|(name, values)| values.into_iter().flat_map(move |value| [name, value]))
        .collect()
}

/// Returns whether the query holds the body's SHA-256 in lower case.
fn has_hash(url: &str, body: &[u8]) -> bool {
    let expected = hex::encode(Sha256::digest(body));
    let query = url.split('#').next().and_then(|url| url.split_once('?')).map(|(_, query)| query);
    let mut hashes =
        query.into_iter().flat_map(|q| q.split('&')).filter_map(|p| p.strip_prefix("bodySHA256="));
    hashes.next().is_some_and(|hash| bool::from(hash.as_bytes().ct_eq(expected.as_bytes())))
}

/// Returns the address without any port and with one: Twilio is not consistent about it.
///
/// Works on the text, since percent-escapes and letter case are part of what is signed.
fn candidates(url: &str) -> [String; 2] {
    let url = url.split('#').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return [url.to_owned(), url.to_owned()];
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (format!("{user}@"), host),
        None => (String::new(), authority),
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" }),
    };
    [format!("{scheme}://{user}{host}{path}"), format!("{scheme}://{user}{host}:{port}{path}")]
}

#[cfg(test)]
mod tests;
