//! Who may use the API and the web chat.
//!
//! The API takes the token alone. The web chat trusts the person at this very machine without one:
//! the peer and the name in the address bar are both the loopback (so that no foreign name that
//! resolves to it gets in), and nothing shows that a proxy stands between. Everybody else shows the
//! token once and gets a cookie. What changes something must come from our own page.

use super::problem::Problem;
use crate::compose::AppState;
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{
        HeaderMap, Method, Version, header,
        request::Parts,
        uri::{Authority, Uri},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::net::{IpAddr, SocketAddr};
use subtle::ConstantTimeEq;

/// The cookie that stands for the token.
const COOKIE: &str = "billhook_chat";
/// Headers that proxies and tunnels add. Their peer is the proxy, not the person.
const PROXY_HEADERS: [&str; 7] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "cf-connecting-ip",
];

/// Proves that a request carries the API token.
pub(super) struct Bearer;

impl FromRequestParts<AppState> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let shown = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        match shown {
            Some(token) if same(token, state.api_token.expose_secret()) => Ok(Self),
            _ => Err(Problem::Unauthorized),
        }
    }
}

/// Lets the owner through to what belongs to the web chat, and nobody else.
pub(super) async fn owner_only(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !is_owner(&state, &request) {
        return Problem::Unauthorized.into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !is_own_page(&state, &request) {
        return Problem::Forbidden("Only this server's own page may do this.").into_response();
    }
    next.run(request).await
}

/// Returns whether the caller sits at this machine or shows the cookie.
pub(super) fn is_owner(state: &AppState, request: &Request) -> bool {
    is_local(state.config.public_base_url.as_deref(), request)
        || has_cookie(request.headers(), &state.api_token)
}

/// Returns whether this is the API token.
pub(super) fn is_token(state: &AppState, shown: &str) -> bool {
    same(shown, state.api_token.expose_secret())
}

/// Returns the header that lets a browser in from now on; it does not hold the token itself.
pub(super) fn cookie(state: &AppState) -> String {
    let value = cookie_value(&state.api_token);
    let public = state.config.public_base_url.as_deref().unwrap_or_default();
    let secure = if public.starts_with("https:") { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000{secure}")
}

fn cookie_value(token: &SecretString) -> String {
    let key = token.expose_secret().as_bytes();
    // A key of any length is valid for this construction.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(b"web chat cookie, version 1");
    hex::encode(mac.finalize().into_bytes())
}

fn has_cookie(headers: &HeaderMap, token: &SecretString) -> bool {
    let expected = cookie_value(token);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(name, value)| name == COOKIE && !expected.is_empty() && same(value, &expected))
}

/// Returns whether a request comes from a person at this machine, who needs no token.
///
/// A public address means that a proxy may stand before us, and a proxy that leaves no trace looks
/// like that person: then nobody is local.
fn is_local(public: Option<&str>, request: &Request) -> bool {
    if public.is_some_and(|url| !is_loopback_url(url)) {
        return false;
    }

    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from_here =
        peer.is_some_and(|ConnectInfo(address)| address.ip().to_canonical().is_loopback());
    // No browser speaks HTTP/1.0, but proxies with plain settings do.
    let direct = request.version() > Version::HTTP_10
        && PROXY_HEADERS.iter().all(|name| !request.headers().contains_key(*name));
    from_here && direct && host(request).is_some_and(|authority| is_loopback_name(authority.host()))
}

fn is_loopback_url(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|url| url.host().is_some_and(is_loopback_name))
}

fn is_loopback_name(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    bare.parse::<IpAddr>().map_or_else(
        |_| bare == "localhost" || bare.ends_with(".localhost"),
        |address| address.to_canonical().is_loopback(),
    )
}

fn host(request: &Request) -> Option<Authority> {
    let named = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    named.map_or_else(|| request.uri().authority().cloned(), |host| host.parse().ok())
}

/// Returns whether the page that sent this is one of ours: browsers tell where a page is from.
fn is_own_page(state: &AppState, request: &Request) -> bool {
    let origin = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let Some(origin) = origin else { return false };
    let site = origin.split_once("://").map_or("", |(_, site)| site);
    let is_public = |public: &str| public.eq_ignore_ascii_case(origin);
    let is_here = host(request).is_some_and(|host| {
        host.as_str().eq_ignore_ascii_case(site)
            // Under a public address only this machine may come by another name.
            && (state.config.public_base_url.is_none() || is_loopback_name(host.host()))
    });
    is_here || state.config.public_base_url.as_deref().is_some_and(is_public)
}

/// Compares in a time that does not tell how much is right.
fn same(shown: &str, expected: &str) -> bool {
    bool::from(shown.as_bytes().ct_eq(expected.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn request(peer: &str, host: &str) -> Request {
        let mut request = Request::builder().header("host", host).body(Body::empty()).unwrap();
        let address: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        request
    }

    #[test]
    fn only_a_loopback_peer_under_a_loopback_name_is_local() {
        for host in
            ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "chat.localhost", "LOCALHOST"]
        {
            assert!(is_local(None, &request("127.0.0.1:5000", host)), "{host}");
        }
        for host in ["evil.example:8080", "localhost.evil.example", "0.0.0.0", "192.168.1.2:8080"] {
            assert!(!is_local(None, &request("127.0.0.1:5000", host)), "{host}");
        }
        assert!(!is_local(None, &request("192.168.1.7:5000", "localhost:8080")));
    }

    #[test]
    fn a_proxy_on_this_machine_is_not_the_person_at_it() {
        let mut proxied = request("127.0.0.1:5000", "127.0.0.1:8080");
        proxied.headers_mut().insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        assert!(!is_local(None, &proxied));
        let mut old = request("127.0.0.1:5000", "127.0.0.1:8080");
        *old.version_mut() = Version::HTTP_10;
        assert!(!is_local(None, &old));
    }

    #[test]
    fn behind_a_public_address_nobody_is_local() {
        let request = request("127.0.0.1:5000", "127.0.0.1:8080");
        assert!(!is_local(Some("https://bills.example.org"), &request));
        assert!(is_local(Some("http://127.0.0.1:8080"), &request));
    }

    #[test]
    fn the_cookie_opens_and_does_not_hold_the_token() {
        let token = SecretString::from("a-secret-token");
        let value = cookie_value(&token);
        assert!(!value.contains("secret"));
        let mut headers = HeaderMap::new();
        headers.insert("cookie", format!("theme=dark; {COOKIE}={value}").parse().unwrap());
        assert!(has_cookie(&headers, &token));
        assert!(!has_cookie(&headers, &SecretString::from("another")));
    }
}
