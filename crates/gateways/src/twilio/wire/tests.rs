//! Forms as Twilio sends them, and forms as nobody should.

use super::*;
use serde_json::Value;

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn with(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs = vec![
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("From", "whatsapp:+1500"),
        ("To", "whatsapp:+1600"),
    ];
    pairs.extend_from_slice(more);
    form(&pairs)
}

#[test]
fn a_text_keeps_its_words_and_loses_its_nul() {
    let message = parse_inbound(&with(&[("Body", "a\0b ☕"), ("ProfileName", "\0Ana")])).unwrap();
    assert_eq!((message.text.as_str(), message.profile_name.as_str()), ("ab ☕", "Ana"));
    assert_eq!(message.provider_id, "SM00000000000000000000000000000001");
    assert_eq!((message.from.as_str(), message.to.as_str()), ("whatsapp:+1500", "whatsapp:+1600"));
}

#[test]
fn a_missing_parameter_is_named() {
    let missing = |form: &[(&str, &str)]| parse_inbound(&self::form(form)).unwrap_err().0;
    assert_eq!(missing(&[]), "MessageSid");
    assert_eq!(
        missing(&[("MessageSid", "SM00000000000000000000000000000001"), ("From", " ")]),
        "From"
    );
    assert_eq!(
        missing(&[("MessageSid", "SM00000000000000000000000000000001"), ("From", "x")]),
        "To"
    );
}

#[test]
fn files_are_taken_up_to_ten_and_only_with_an_address() {
    let names: Vec<String> = (0..12).map(|at| format!("MediaUrl{at}")).collect();
    let mut pairs = vec![("NumMedia", "4000000")];
    pairs.extend(names.iter().map(|name| (name.as_str(), "https://example.org/file")));
    assert_eq!(parse_inbound(&with(&pairs)).unwrap().attachments.len(), 10);
    let none = parse_inbound(&with(&[("NumMedia", "2"), ("MediaUrl0", "")])).unwrap();
    assert!(none.attachments.is_empty());
    let odd = parse_inbound(&with(&[("NumMedia", "-1"), ("MediaUrl0", "x")])).unwrap();
    assert!(odd.attachments.is_empty());
}

#[test]
fn the_name_of_a_document_comes_as_its_caption() {
    let named = |body: &str| {
        let pairs = [("NumMedia", "1"), ("MediaUrl0", "https://example.org/f"), ("Body", body)];
        parse_inbound(&with(&pairs)).unwrap().attachments[0].name.clone()
    };
    assert_eq!(named("May bill.pdf"), "May bill.pdf");
    assert_eq!(named("from the shop"), "");
    assert_eq!(named("../../etc/x.pdf"), "");
}

#[test]
fn the_button_is_its_id_not_its_label() {
    let pressed = |pairs: &[(&str, &str)]| parse_inbound(&with(pairs)).unwrap().button;
    assert_eq!(pressed(&[("ButtonPayload", "yes:7"), ("Body", "Yes")]).as_deref(), Some("yes:7"));
    assert_eq!(pressed(&[("ListId", "may"), ("ButtonPayload", "")]).as_deref(), Some("may"));
    assert_eq!(pressed(&[("Body", "Yes")]), None);
}

#[test]
fn a_status_of_a_reply_is_no_message() {
    let failed = with(&[("MessageStatus", "failed"), ("ErrorCode", "63016")]);
    let Event::Status(status) = parse(&failed).unwrap() else { panic!("no status") };
    assert_eq!((status.status.as_str(), status.error_code), ("failed", Some(63016)));
    assert!(matches!(parse(&with(&[("MessageStatus", "received")])), Ok(Event::Message(_))));
}

#[test]
fn a_reaction_starts_nothing() {
    assert_eq!(parse(&with(&[("MessageType", "reaction"), ("Body", "👍")])), Ok(Event::Nothing));
}

#[test]
fn the_collected_samples_are_understood() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/protocols/twilio_inbound_samples.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no collected samples beside this checkout");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    for sample in all["samples"].as_array().unwrap() {
        let body = sample["body"].as_str().unwrap();
        let form: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let event = parse(&form).unwrap();
        let params = &sample["params"];
        let text = |name: &str| params[name].as_str().unwrap_or_default().to_owned();
        match (sample["webhook"].as_str().unwrap(), event) {
            ("status", Event::Status(status)) => {
                assert_eq!(status.provider_id, text("MessageSid"));
                assert_eq!(status.status, text("MessageStatus"));
            }
            ("incoming", Event::Message(message)) => {
                assert_eq!(message.text, text("Body"));
                assert_eq!(message.from, text("From"));
                assert_eq!(message.attachments.len().to_string(), text("NumMedia"));
            }
            ("incoming", Event::Nothing) => assert_eq!(sample["kind"], "reaction"),
            (_, event) => panic!("{} became {event:?}", sample["kind"]),
        }
    }
}
