//! Fixed signatures, computed once outside of this code, and what must never pass.

use super::*;
use rstest::rstest;
use serde_json::Value;

const TOKEN: &str = "tok-one";
const URL: &str = "https://bills.example.org/webhooks/twilio";
const SIGNATURE: &str = "bgimhvapAcQ5UJ/yn/o+Mr5T94w=";

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Returns whether an auth token has signed a form for this address.
fn verify(token: &str, url: &str, form: &[(String, String)], signature: &str) -> bool {
    let received = Received { url, payload: Payload::Form(form), signature, settings: None };
    is_genuine(&[Key::token(token.into())], &received)
}

fn message() -> Vec<(String, String)> {
    form(&[
        ("To", "whatsapp:+15005550009"),
        ("Body", "Tag, 3 × Kaffee ☕"),
        ("NumMedia", "0"),
        ("body", ""),
        ("From", "whatsapp:+15005550001"),
    ])
}

#[rstest]
#[case::without_a_port(URL, SIGNATURE)]
#[case::signed_with_the_default_port(URL, "hUl1SBpqyLrq2fJTbs+5cr3QaxM=")]
#[case::with_a_fragment("https://bills.example.org/webhooks/twilio#rc=2", SIGNATURE)]
#[case::with_a_query_as_written(
    "https://bills.example.org/webhooks/twilio?a=%20b&c=+",
    "n6q8Mi7ivU62VyFeuCLmCTUdmW8="
)]
#[case::with_its_own_port("https://bills.example.org:8443/hook", "6AW2RwwDRxtsA4V5l3Og05xRZNk=")]
#[case::signed_without_its_port(
    "https://bills.example.org:8443/hook",
    "fA8oLfP/0IavKq6dARh06prrHl8="
)]
#[case::with_a_user("https://me:pw@bills.example.org/hook", "iuFyLp3UlznqelrYGA6AEyhsfhk=")]
fn a_form_signed_for_this_address_is_genuine(#[case] url: &str, #[case] signature: &str) {
    assert!(verify(TOKEN, url, &message(), signature));
}

#[test]
fn the_order_of_parameters_does_not_matter_and_repeats_count_once() {
    let mut turned = message();
    turned.reverse();
    assert!(verify(TOKEN, URL, &turned, SIGNATURE));
    let repeated = form(&[("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")]);
    assert!(verify(TOKEN, URL, &repeated, "cy18zB6UiJTNtS70Km3+UYj4trI="));
}

#[rstest]
#[case("")]
#[case("bgimhvapAcQ5UJ/yn/o+Mr5T94w")]
#[case("bgimhvapAcQ5UJ/yn/o+Mr5T94w= ")]
#[case("BGIMHVAPACQ5UJ/YN/O+MR5T94W=")]
#[case("bgimhvapAcQ5UJ/yn/o+Mr5T94w=,bgimhvapAcQ5UJ/yn/o+Mr5T94w=")]
fn another_spelling_of_the_signature_is_refused(#[case] signature: &str) {
    assert!(!verify(TOKEN, URL, &message(), signature));
}

#[test]
fn either_of_two_tokens_signs_while_they_are_rotated_and_none_without_any() {
    let form = message();
    let received =
        Received { url: URL, payload: Payload::Form(&form), signature: SIGNATURE, settings: None };
    let key = |token: &str| Key::token(token.into());
    assert!(is_genuine(&[key("tok-new"), key(TOKEN)], &received));
    assert!(!is_genuine(&[key("tok-new")], &received));
    assert!(!is_genuine(&[], &received));
}

#[test]
fn a_shared_key_signs_only_under_its_own_algorithm() {
    let form = message();
    let signature = "vAbvO95obPGQAHtkUKuC7yRanVrNmmHzxQHSOnJfqqs=";
    let genuine = |key: &Key, settings| {
        let payload = Payload::Form(&form);
        is_genuine(std::slice::from_ref(key), &Received { url: URL, payload, signature, settings })
    };
    let (shared, token) = (Key::shared("shared-secret".into()), Key::token("shared-secret".into()));
    assert!(genuine(&shared, Some("key=SK1,algorithm=HMAC_SHA256")));
    assert!(!genuine(&token, Some("key=SK1,algorithm=HMAC_SHA256")));
    assert!(!genuine(&shared, Some("key=SK1,algorithm=HMAC_SHA512")));
    assert!(!genuine(&shared, Some("")));
    assert!(!genuine(&shared, None));
}

#[test]
fn another_body_must_be_covered_by_its_hash() {
    let hash = "68a569446284e8f1e2ba264b6908e389ab11c98252963bf5760a9010e27738d2";
    let url = format!("{URL}?bodySHA256={hash}");
    let genuine = |url: &str, body: &[u8]| {
        let payload = Payload::Body(body);
        let signature = "V9XuaNr8h/kq+6gB7o5eEb1Dmeg=";
        let received = Received { url, payload, signature, settings: None };
        is_genuine(&[Key::token(TOKEN.into())], &received)
    };
    assert!(genuine(&url, br#"{"total":"12.30"}"#));
    assert!(!genuine(&url, br#"{"total":"12.31"}"#));
    assert!(!genuine(URL, br#"{"total":"12.30"}"#));
    assert!(!genuine(&url.to_uppercase(), br#"{"total":"12.30"}"#));
}

#[test]
fn no_flipped_bit_of_form_address_or_signature_is_accepted() {
    let mut accepted = 0;
    let form = message();
    for at in 0..form.len() {
        for bit in flips(&form[at].1) {
            let mut mutant = form.clone();
            mutant[at].1 = bit;
            accepted += usize::from(verify(TOKEN, URL, &mutant, SIGNATURE));
        }
    }
    for mutant in flips(SIGNATURE) {
        accepted += usize::from(verify(TOKEN, URL, &form, &mutant));
    }
    for mutant in flips(URL) {
        accepted += usize::from(verify(TOKEN, &mutant, &form, SIGNATURE));
    }
    assert_eq!(accepted, 0);
}

/// Every text that differs in one bit and is still text.
fn flips(text: &str) -> Vec<String> {
    (0..text.len())
        .flat_map(|at| (0..8).map(move |bit| (at, bit)))
        .filter_map(|(at, bit)| {
            let mut mutant = text.as_bytes().to_vec();
            mutant[at] ^= 1 << bit;
            String::from_utf8(mutant).ok()
        })
        // A fragment is not part of the address.
        .filter(|mutant| !mutant.contains('#'))
        .collect()
}

#[test]
fn the_collected_vectors_agree() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/protocols/twilio_signature_vectors.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no collected vectors beside this checkout");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let wrong: Vec<&str> = all["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|vector| accepts(vector) != vector["valid"].as_bool().unwrap())
        .map(|vector| vector["id"].as_str().unwrap())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn accepts(vector: &Value) -> bool {
    let text = |name: &str| vector[name].as_str().unwrap().to_owned();
    let (url, token, signature) = (text("url"), text("token"), text("signature"));
    let form = pairs(&vector["params"]);
    let payload = match vector["body"].as_str() {
        Some(body) => Payload::Body(body.as_bytes()),
        None => Payload::Form(&form),
    };
    let settings =
        vector["algorithm"].as_str().map(|algorithm| format!("key=SK0,algorithm={algorithm}"));
    let key = if settings.is_some() { Key::shared(token.into()) } else { Key::token(token.into()) };
    let settings = settings.as_deref();
    is_genuine(&[key], &Received { url: &url, payload, signature: &signature, settings })
}

fn pairs(params: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in params.as_object().into_iter().flatten() {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        pairs.extend(values.iter().map(|v| (name.clone(), v.as_str().unwrap().to_owned())));
    }
    pairs
}
