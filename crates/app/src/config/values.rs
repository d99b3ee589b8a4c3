//! Single values, from text. Each returns nothing for a text that is wrong; what would be right is
//! the `shape` in the registry.

use super::{LogFormat, Role};
use domain::money::Currency;
use ports::{
    limits::Rate,
    model::{Cost, Listening, Vision},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use url::{Host, Url};

const MINUTE: Duration = Duration::from_secs(60);

/// Which model the owner asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Whatever is set up.
    Auto,
    /// The built-in one.
    Offline,
    /// An OpenAI-compatible server.
    OpenAi,
}

/// A path, which may not hold NUL.
pub fn path(text: &str) -> Option<PathBuf> {
    (!text.is_empty() && !text.contains('\0')).then(|| PathBuf::from(text))
}

/// The address of a file of SQLite or of a server of PostgreSQL.
pub fn database(text: &str) -> Option<SecretString> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    known.iter().any(|scheme| text.starts_with(scheme)).then(|| text.to_owned().into())
}

/// The address of a server of PostgreSQL.
pub fn server(text: &str) -> Option<SecretString> {
    database(text).filter(|_| !text.starts_with("sqlite:"))
}

/// Returns whether anybody could guess the password in the address of a server that others can reach.
pub fn is_guessable(server: &SecretString) -> bool {
    const KNOWN: [&str; 8] =
        ["password", "postgres", "billhook", "changeme", "change-me", "secret", "admin", "example"];
    let Ok(url) = Url::parse(server.expose_secret()) else { return false };
    let is_known = |password: &str| {
        let plain = password.to_ascii_lowercase();
        KNOWN.contains(&plain.as_str()) || plain == url.username().to_ascii_lowercase()
    };
    // Addresses of this scheme are not looked into by the parser: an IP is a name to it.
    let host = url.host_str().unwrap_or_default();
    let is_here = host.is_empty()
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    url.password().is_some_and(is_known) && !is_here
}

/// The address of a server of Redis.
pub fn redis(text: &str) -> Option<SecretString> {
    let url = Url::parse(text).ok()?;
    let is_known = matches!(url.scheme(), "redis" | "rediss") && url.has_host();
    let database = url.path().trim_start_matches('/');
    let is_whole = database.is_empty() || database.parse::<u16>().is_ok();
    (is_known && is_whole).then(|| text.to_owned().into())
}

/// How many a minute; nothing inside for zero, which is no limit.
pub fn rate(text: &str) -> Option<Option<Rate>> {
    let burst: u32 = text.parse().ok().filter(|number| *number <= 100_000)?;
    Some(MINUTE.checked_div(burst).map(|every| Rate { burst, every }))
}

/// The most connections to a server: half of them write, half read.
pub fn connections(text: &str) -> Option<u32> {
    let both: u32 = text.parse().ok().filter(|number| (4..=400).contains(number))?;
    both.checked_div(2)
}

/// A number of days; nothing within for "forever".
pub fn days(text: &str) -> Option<Option<u32>> {
    if text.eq_ignore_ascii_case("forever") {
        return Some(None);
    }
    text.parse().ok().filter(|days| (1..=36_500).contains(days)).map(Some)
}

/// The name of a bucket: 3 to 63 small letters, digits, dashes and points.
pub fn bucket(text: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    ((3..=63).contains(&text.len()) && text.chars().all(known)).then(|| text.to_owned())
}

/// What keys begin with.
pub fn key_prefix(text: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    (text.chars().all(known) && !text.contains("..")).then(|| text.to_owned())
}

/// How a bucket encrypts.
pub fn encryption(text: &str) -> Option<String> {
    matches!(text, "AES256" | "aws:kms").then(|| text.to_owned())
}

/// What a process does.
pub fn role(text: &str) -> Option<Role> {
    match text.to_ascii_lowercase().as_str() {
        "all" => Some(Role::All),
        "web" => Some(Role::Web),
        "worker" => Some(Role::Worker),
        _ => None,
    }
}

/// A port that can be listened on.
pub fn port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port| *port > 0)
}

/// An address with a port.
pub fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = listen(text)?;
    Some(SocketAddr::new(ip, port?))
}

/// A share of a whole.
pub fn share(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share))
}

/// Names with values, for the head of a request.
pub fn pairs(text: &str) -> Option<SecretString> {
    let is_pair =
        |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty());
    text.split(',').all(is_pair).then(|| text.to_owned().into())
}

/// An address with or without a port.
pub fn listen(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return (address.port() > 0).then(|| (address.ip(), Some(address.port())));
    }
    if let Some(rest) = text.strip_prefix("localhost") {
        return match rest.strip_prefix(':') {
            Some(digits) => port(digits).map(|port| (Ipv4Addr::LOCALHOST.into(), Some(port))),
            None => rest.is_empty().then(|| (Ipv4Addr::LOCALHOST.into(), None)),
        };
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().map(|address| (address, None))
}

/// An address of HTTP, returned without a slash at the end.
pub fn base_url(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
    let web = matches!(url.scheme(), "http" | "https");
    (plain && web && !text.contains(char::is_whitespace))
        .then(|| text.trim_end_matches('/').to_owned())
}

/// As [`base_url`], but credentials go there: unencrypted only to this machine.
pub fn guarded_url(text: &str) -> Option<String> {
    let safe = Url::parse(text).ok()?.scheme() == "https" || is_local(text);
    base_url(text).filter(|_| safe)
}

/// Returns whether an address leads to this machine.
pub fn is_local(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An account of Twilio.
pub fn account_sid(text: &str) -> Option<String> {
    let digits = text.strip_prefix("AC")?;
    let shaped = digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit());
    shaped.then(|| text.to_owned())
}

/// A secret of at least so many characters.
pub fn secret(text: &str, least: usize) -> Option<SecretString> {
    let visible = text.chars().all(|c| c.is_ascii_graphic());
    (visible && text.len() >= least.max(1)).then(|| text.to_owned().into())
}

/// A secret that keeps others out: at least 16 characters, and not a few of them again and again.
pub fn guard(text: &str) -> Option<SecretString> {
    let different = text.chars().collect::<BTreeSet<_>>().len();
    secret(text, 16).filter(|_| different >= 8)
}

/// A sender on WhatsApp, returned with its prefix.
pub fn whatsapp_sender(text: &str) -> Option<String> {
    let number = text.strip_prefix("whatsapp:").unwrap_or(text);
    let digits = number.strip_prefix('+')?;
    let shaped = (7..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    shaped.then(|| format!("whatsapp:{number}"))
}

/// Host names with commas between them, in lower case; at least one.
pub fn hosts(text: &str) -> Option<Vec<String>> {
    let hosts: Vec<String> = text
        .split(',')
        .map(|host| host.trim().trim_start_matches('.').to_ascii_lowercase())
        .filter(|host| !host.is_empty())
        .collect();
    let shaped = |host: &String| Host::parse(host).is_ok();
    (!hosts.is_empty() && hosts.iter().all(shaped)).then_some(hosts)
}

/// A choice of model.
pub fn provider(text: &str) -> Option<Choice> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Some(Choice::Auto),
        "offline" => Some(Choice::Offline),
        "openai" => Some(Choice::OpenAi),
        _ => None,
    }
}

/// When a model is shown pictures.
pub fn vision(text: &str) -> Option<Vision> {
    match text.to_ascii_lowercase().as_str() {
        "always" => Some(Vision::Always),
        "when_unsure" => Some(Vision::WhenUnsure),
        "never" => Some(Vision::Never),
        _ => None,
    }
}

/// Who understands sentences first.
pub fn listening(text: &str) -> Option<Listening> {
    match text.to_ascii_lowercase().as_str() {
        "offline_first" => Some(Listening::OfflineFirst),
        "model_first" => Some(Listening::ModelFirst),
        "offline" => Some(Listening::Offline),
        _ => None,
    }
}

/// US dollars, to the millionth.
pub fn dollars(text: &str) -> Option<Cost> {
    Cost::parse(text)
}

/// One word.
pub fn word(text: &str) -> Option<String> {
    (!text.is_empty() && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

/// Text of one line, at most 200 characters.
pub fn line(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 200;
    (fits && !text.contains(char::is_control)).then(|| text.to_owned())
}

/// An account number, without spaces.
pub fn iban(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    domain::party::iban_is_valid(&plain).then(|| plain.to_ascii_uppercase())
}

/// A currency.
pub fn currency(text: &str) -> Option<Currency> {
    Currency::parse(text)
}

/// A time zone by its IANA name.
pub fn time_zone(text: &str) -> Option<String> {
    jiff::tz::TimeZone::get(text).ok().map(|zone| zone.iana_name().unwrap_or(text).to_owned())
}

/// A locale, returned as `en-GB`.
pub fn locale(text: &str) -> Option<String> {
    let text = text.split('.').next().unwrap_or_default().replace('_', "-");
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let letters = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic());
    let shaped = (2..=3).contains(&language.len())
        && letters(language)
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        });
    shaped.then_some(text)
}

/// A level of logs.
pub fn log_level(text: &str) -> Option<tracing::Level> {
    // The library's own parser takes numbers too, which nobody would guess right.
    text.chars().all(|c| c.is_ascii_alphabetic()).then(|| text.parse().ok()).flatten()
}

/// A form of logs.
pub fn log_format(text: &str) -> Option<LogFormat> {
    match text.to_ascii_lowercase().as_str() {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_leave_its_port_out() {
        let local = IpAddr::from(Ipv4Addr::LOCALHOST);
        assert_eq!(listen("127.0.0.1"), Some((local, None)));
        assert_eq!(listen("localhost:9000"), Some((local, Some(9000))));
        assert_eq!(listen("[::1]:80").map(|(_, port)| port), Some(Some(80)));
        assert_eq!(listen("::").map(|(_, port)| port), Some(None));
        for wrong in ["", "example.com", "127.0.0.1:0", "127.0.0.1:99999", "localhost1", ":8080"] {
            assert_eq!(listen(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_base_address_is_http_without_query() {
        assert_eq!(base_url("https://a.example/x/"), Some("https://a.example/x".to_owned()));
        for wrong in ["a.example", "ftp://a.example", "https://", "https://a.example/?q=1", "http:"]
        {
            assert_eq!(base_url(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn credentials_leave_this_machine_encrypted_only() {
        assert!(guarded_url("http://127.0.0.1:9/").is_some());
        assert!(guarded_url("http://localhost:9").is_some());
        assert!(guarded_url("https://api.example").is_some());
        assert_eq!(guarded_url("http://api.example"), None);
        assert_eq!(guarded_url("http://127.0.0.1.example"), None);
    }

    #[test]
    fn senders_get_the_prefix_they_need() {
        assert_eq!(whatsapp_sender("+14155238886"), Some("whatsapp:+14155238886".to_owned()));
        assert_eq!(whatsapp_sender("whatsapp:+14155238886"), whatsapp_sender("+14155238886"));
        assert_eq!(whatsapp_sender("14155238886"), None);
        assert_eq!(whatsapp_sender("whatsapp:+1 415"), None);
    }

    #[test]
    fn hosts_are_names_and_nothing_else() {
        let two = Some(vec!["a.example".to_owned(), "b.example".to_owned()]);
        assert_eq!(hosts(" A.example, .b.example,"), two);
        assert_eq!(hosts("https://a.example"), None);
        assert_eq!(hosts(","), None);
    }

    #[test]
    fn a_server_of_redis_has_a_host_and_a_number() {
        assert!(redis("redis://:secret@cache.example:6379/2").is_some());
        assert!(redis("rediss://cache.example").is_some());
        for wrong in ["redis:///0", "redis://cache.example/books", "http://cache.example", "6379"] {
            assert!(redis(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_of_zero_is_no_limit() {
        let every = Duration::from_millis(500);
        assert_eq!(rate("120"), Some(Some(Rate { burst: 120, every })));
        assert_eq!((rate("0"), rate("-1"), rate("100001")), (Some(None), None, None));
    }

    #[test]
    fn locales_are_written_one_way() {
        assert_eq!(locale("de_DE.UTF-8"), Some("de-DE".to_owned()));
        assert_eq!(locale("en"), Some("en".to_owned()));
        assert_eq!(locale("english"), None);
        assert_eq!(locale("1"), None);
    }

    #[test]
    fn a_time_zone_has_a_name() {
        assert_eq!(time_zone("Europe/Berlin"), Some("Europe/Berlin".to_owned()));
        assert_eq!(time_zone("Mars/Olympus"), None);
    }
}
