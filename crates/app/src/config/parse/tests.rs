//! Settings: precedence, everything wrong at once, secrets from files.

use super::*;
use crate::config::{LogFormat, Provider};
use ports::model::{Allowance, Caps, Cost, Listening, Price, Vision};
use secrecy::ExposeSecret;

const SID: &str = "AC0123456789abcdef0123456789abcdef";

fn load(environment: &[(&str, &str)]) -> Result<Config, Vec<Problem>> {
    config(&Sources::of_environment(environment))
}

fn subjects(result: Result<Config, Vec<Problem>>) -> Vec<String> {
    result.err().unwrap_or_default().into_iter().map(|problem| problem.subject).collect()
}

#[test]
fn nothing_set_is_a_working_demo() {
    let config = load(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url.expose_secret(), "sqlite://./billhook-data/billhook.db");
    assert_eq!(config.model.provider, Provider::Offline);
    assert!(config.twilio.is_none());
    assert!(config.api_token.is_none());
    assert_eq!(config.log.format, LogFormat::Text);
}

#[test]
fn a_flag_goes_before_the_environment_before_the_file_before_the_default() {
    let sources = Sources::of_environment(&[]).with_file("port = 1001\nlog_format = \"json\"");
    assert_eq!(config(&sources).unwrap().listen.port(), 1001);
    let sources = Sources::of_environment(&[("PORT", "1002")]).with_file("port = 1001");
    assert_eq!(config(&sources).unwrap().listen.port(), 1002);
    let sources = sources.with_flag("PORT", "1003");
    assert_eq!(config(&sources).unwrap().listen.port(), 1003);
}

#[test]
fn an_empty_variable_counts_as_none() {
    let config = load(&[("PORT", ""), ("TWILIO_ACCOUNT_SID", " "), ("OPENAI_API_KEY", "")]);
    assert_eq!(config.unwrap().listen.port(), 8080);
}

#[test]
fn a_port_alone_stays_on_this_machine() {
    assert_eq!(load(&[("PORT", "9000")]).unwrap().listen.to_string(), "127.0.0.1:9000");
    let open = load(&[("PORT", "9000"), ("BILLHOOK_LISTEN", "0.0.0.0")]).unwrap();
    assert_eq!(open.listen.to_string(), "0.0.0.0:9000");
    let own = load(&[("BILLHOOK_LISTEN", "0.0.0.0:9001")]).unwrap();
    assert_eq!(own.listen.to_string(), "0.0.0.0:9001");
    let two = load(&[("PORT", "9000"), ("BILLHOOK_LISTEN", "0.0.0.0:9001")]);
    assert_eq!(subjects(two), ["PORT"]);
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let wrong = Sources::of_environment(&[
        ("PORT", "eighty"),
        ("LOG_LEVEL", "loud"),
        ("BILLHOOK_CURRENCY", "euro"),
        ("BILLHOOK_TIME_ZONE", "Berlin"),
        ("LLM_PROVIDER", "magic"),
        ("TWILIO_ACCOUNT_SID", "AC12"),
        ("DATABASE_URL", "mysql://root:hunter2@db"),
    ])
    .with_file("prot = 80\n");
    let problems = config(&wrong).unwrap_err();
    let subjects: Vec<&str> = problems.iter().map(|problem| problem.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "billhook.toml",
            "DATABASE_URL",
            "PORT",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_WHATSAPP_FROM",
            "PUBLIC_BASE_URL",
            "LLM_PROVIDER",
            "BILLHOOK_CURRENCY",
            "BILLHOOK_TIME_ZONE",
            "LOG_LEVEL",
        ]
    );
    let text: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    assert!(text.contains("error: PORT is \"eighty\", which is not a number from 1 to 65535"));
    assert!(text.contains("did you mean port?"));
    assert!(!text.contains("hunter2"), "a secret is never shown");
}

#[test]
fn half_a_twilio_account_is_wrong() {
    let token = ("TWILIO_AUTH_TOKEN", "a-token-for-tests-only");
    let missing = ["TWILIO_ACCOUNT_SID", "TWILIO_WHATSAPP_FROM", "PUBLIC_BASE_URL"];
    assert_eq!(subjects(load(&[token])), missing);
    let account = [token, ("TWILIO_ACCOUNT_SID", SID), ("TWILIO_WHATSAPP_FROM", "+14155238886")];
    assert_eq!(subjects(load(&account)), ["PUBLIC_BASE_URL"]);
    let mut whole = account.to_vec();
    whole.push(("PUBLIC_BASE_URL", "https://bills.example/"));
    let config = load(&whole).unwrap();
    assert_eq!(config.public_base_url.as_deref(), Some("https://bills.example"));
    let twilio = config.twilio.unwrap();
    assert_eq!(twilio.from, "whatsapp:+14155238886");
    assert_eq!(twilio.api_base_url, "https://api.twilio.com");
    assert!(!format!("{:?}", twilio.auth_token).contains("for-tests-only"));
}

#[test]
fn a_key_or_another_server_turns_the_model_on() {
    let provider = |environment: &[(&str, &str)]| load(environment).unwrap().model.provider;
    assert_eq!(provider(&[("OPENAI_API_KEY", "k")]), Provider::OpenAi);
    assert_eq!(provider(&[("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")]), Provider::OpenAi);
    let off = [("OPENAI_API_KEY", "k"), ("LLM_PROVIDER", "offline")];
    assert_eq!(provider(&off), Provider::Offline);
    assert_eq!(subjects(load(&[("LLM_PROVIDER", "openai")])), ["OPENAI_API_KEY"]);
}

#[test]
fn a_cap_needs_a_price() {
    let model = |environment: &[(&str, &str)]| load(environment).map(|config| config.model);
    let plain = model(&[]).unwrap();
    assert_eq!(plain.allowance, Allowance::default());
    let key = ("OPENAI_API_KEY", "k");
    let capped = [
        key,
        ("BILLHOOK_MODEL_DAILY_CAP", "2.50"),
        ("BILLHOOK_VISION", "never"),
        ("BILLHOOK_LANGUAGE", "model_first"),
    ];
    let allowance = model(&capped).unwrap().allowance;
    assert_eq!((allowance.vision, allowance.listening), (Vision::Never, Listening::ModelFirst));
    assert_eq!(allowance.caps, Caps { daily: Some(Cost(2_500_000)), monthly: None });
    let mut own = capped.to_vec();
    own.push(("OPENAI_MODEL", "qwen2.5-vl"));
    assert_eq!(subjects(load(&own)), ["BILLHOOK_PRICE_INPUT"]);
    own.push(("BILLHOOK_PRICE_INPUT", "0"));
    assert_eq!(subjects(load(&own)), ["BILLHOOK_PRICE_OUTPUT"]);
    own.push(("BILLHOOK_PRICE_OUTPUT", "0"));
    assert_eq!(model(&own).unwrap().price, Some(Price::FREE));
    for wrong in [
        ("BILLHOOK_MODEL_MONTHLY_CAP", "-1"),
        ("BILLHOOK_VISION", "sometimes"),
        ("BILLHOOK_LANGUAGE", "english"),
    ] {
        assert_eq!(subjects(load(&[key, wrong])), [wrong.0]);
    }
}

#[test]
fn a_secret_may_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "a-long-enough-token\n").unwrap();
    let path = path.to_str().unwrap();
    let config = load(&[("BILLHOOK_API_TOKEN_FILE", path)]).unwrap();
    assert_eq!(config.api_token.unwrap().expose_secret(), "a-long-enough-token");
    let both = [("BILLHOOK_API_TOKEN_FILE", path), ("BILLHOOK_API_TOKEN", "another-long-token")];
    assert_eq!(subjects(load(&both)), ["BILLHOOK_API_TOKEN"]);
    let gone = load(&[("BILLHOOK_API_TOKEN_FILE", "/nowhere/at/all")]);
    assert_eq!(subjects(gone), ["BILLHOOK_API_TOKEN"]);
}

#[test]
fn a_file_that_is_no_toml_names_its_line() {
    let problems =
        config(&Sources::of_environment(&[]).with_file("port = 1\nport: 2")).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].wrong.contains("line 2"), "{}", problems[0].wrong);
}

#[test]
fn a_key_of_the_wrong_kind_or_case_is_wrong() {
    let of = |text| {
        let sources = Sources::of_environment(&[]).with_file(text);
        config(&sources).err().unwrap_or_default()
    };
    assert!(of("PORT = 1")[0].hint.contains("did you mean port?"));
    assert!(of("data_dir = \"x\"")[0].hint.contains("did you mean billhook_data_dir?"));
    assert_eq!(of("[port]\nx = 1").len(), 1);
    assert_eq!(of("twilio_media_hosts = [\"a.example\", \"b.example\"]"), Vec::new());
}

#[test]
fn traces_go_where_the_owner_says_and_as_many_as_he_says() {
    let config = load(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer x"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ("BILLHOOK_METRICS_LISTEN", "127.0.0.1:9464"),
    ])
    .unwrap();
    let traces = &config.traces;
    assert_eq!(traces.otlp.as_ref().unwrap().endpoint, "http://collector:4318");
    assert_eq!((traces.service_name.as_str(), traces.share), ("billhook", 0.25));
    assert_eq!(config.metrics_listen.unwrap().to_string(), "127.0.0.1:9464");
    assert!(!format!("{traces:?}").contains("Bearer"));
    let quiet = load(&[]).unwrap();
    assert!(quiet.traces.otlp.is_none() && quiet.metrics_listen.is_none());
}

#[test]
fn wrong_settings_of_operation_are_all_told() {
    let wrong = [
        ("BILLHOOK_METRICS_LISTEN", "127.0.0.1"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Bearer x"),
        ("OTEL_SERVICE_NAME", "two words"),
        ("OTEL_TRACES_SAMPLER_ARG", "25 %"),
    ];
    assert_eq!(subjects(load(&wrong)), wrong.map(|(name, _)| name));
    assert_eq!(subjects(load(&[("OTEL_TRACES_SAMPLER_ARG", "1.5")])), ["OTEL_TRACES_SAMPLER_ARG"]);
}
