//! Wake-ups, limits and a cache on a real server of Redis, and what becomes of them when it fails.

use gateways::redis::{Calls, LinkError, RedisSettings, SharedCache, SharedLimits, check};
use ports::{
    cache::Cache,
    limits::{Limits, Rate},
    wake::Wake,
};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use testkit::{
    clock::FakeClock,
    contracts,
    redis::{fresh_prefix, server},
    standin::line::Line,
};

const RATE: Rate = Rate { burst: 3, every: Duration::from_secs(3600) };

fn settings(url: &str) -> RedisSettings {
    RedisSettings { url: url.to_owned().into(), prefix: fresh_prefix() }
}

/// Returns a line to the server and settings that go through it.
async fn on_a_line() -> Option<(Line, RedisSettings)> {
    let url = server()?;
    let (_, rest) = url.split_once("://").unwrap();
    let place = rest.rsplit('@').next().unwrap().trim_end_matches('/');
    let address: SocketAddr = place.split('/').next().unwrap().parse().unwrap();
    let line = Line::to(address).await;
    let settings = settings(&format!("redis://{}", line.address));
    Some((line, settings))
}

fn end(settings: &RedisSettings, clock: &FakeClock) -> Arc<dyn Wake> {
    Arc::new(Calls::new(settings, clock).unwrap())
}

async fn waking_pair(settings: &RedisSettings) -> contracts::wake::Pair {
    let clock = FakeClock::default();
    contracts::wake::Pair::of(end(settings, &clock), end(settings, &clock))
}

mod waking {
    use super::*;

    async fn pair() -> Option<contracts::wake::Pair> {
        Some(waking_pair(&settings(&server()?)).await)
    }

    testkit::wake_contract!(pair);
}

mod limiting {
    use super::*;

    async fn pair() -> Option<contracts::limits::Pair> {
        let settings = settings(&server()?);
        let end = || Arc::new(SharedLimits::new(&settings).unwrap());
        Some(contracts::limits::Pair { one: end(), other: end() })
    }

    testkit::limits_contract!(pair);
}

mod cache {
    use super::*;

    async fn pair() -> Option<contracts::cache::Pair> {
        let settings = settings(&server()?);
        let end = || Arc::new(SharedCache::new(&settings).unwrap());
        Some(contracts::cache::Pair { one: end(), other: end() })
    }

    testkit::cache_contract!(pair);
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_ends_that_are_cut_off_come_within_call_again() {
    let Some((line, settings)) = on_a_line().await else { return };
    let pair = waking_pair(&settings).await;
    pair.within_call().await;
    line.cut();
    tokio::time::sleep(Duration::from_millis(300)).await;
    line.mend();
    pair.within_call().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_nothing_is_remembered_while_the_server_is_cut_off_and_nobody_waits() {
    let Some((line, settings)) = on_a_line().await else { return };
    let cache = SharedCache::new(&settings).unwrap();
    cache.keep("a", "text", Duration::from_secs(60)).await;
    assert_eq!(cache.recall("a").await.as_deref(), Some("text"));
    line.cut();
    let begun = Instant::now();
    for _ in 0..20 {
        cache.keep("a", "other", Duration::from_secs(60)).await;
        assert_eq!(cache.recall("a").await, None);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_limits_hold_within_each_process_while_the_server_is_cut_off_or_silent() {
    let Some((line, settings)) = on_a_line().await else { return };
    let limits = SharedLimits::new(&settings).unwrap();
    assert_eq!(limits.take("a", RATE).await, None);
    for (round, fail) in [Line::cut, Line::silence].into_iter().enumerate() {
        fail(&line);
        let (who, begun) = (format!("b{round}"), Instant::now());
        let mut allowed = 0;
        for _ in 0..50 {
            allowed += u32::from(limits.take(&who, RATE).await.is_none());
        }
        assert_eq!(allowed, RATE.burst, "a limit that is not shared is still one");
        assert!(begun.elapsed() < Duration::from_secs(5), "a server that is away costs no time");
        line.mend();
        tokio::time::sleep(Duration::from_millis(2100)).await;
        assert_eq!(limits.take(&format!("c{round}"), RATE).await, None);
    }
    let elsewhere = SharedLimits::new(&settings).unwrap();
    let again = [elsewhere.take("c1", RATE).await, elsewhere.take("c1", RATE).await];
    assert_eq!(again, [None, None]);
    assert!(elsewhere.take("c1", RATE).await.is_some(), "what was taken at the other end counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_what_is_flushed_away_is_only_a_limit_that_begins_anew() {
    let Some(url) = server() else { return };
    let settings = settings(&url);
    let limits = SharedLimits::new(&settings).unwrap();
    while limits.take("a", RATE).await.is_none() {}
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    // Only our own key: other tests are using the server.
    let key = format!("{}:limit:a", settings.prefix);
    let gone: u32 = redis::cmd("DEL").arg(key).query_async(&mut connection).await.unwrap();
    assert_eq!(gone, 1);
    assert_eq!(limits.take("a", RATE).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_be_used_is_said_with_what_to_do() {
    let said = async |url: &str| check(&settings(url)).await.unwrap_err().to_string();
    assert!(said("redis://127.0.0.1:1").await.contains("cannot be reached; check REDIS_URL"));
    assert!(matches!(check(&settings("http://localhost")).await, Err(LinkError::BadUrl)));
    let Some(url) = server() else { return };
    check(&settings(&url)).await.unwrap();
    let (_, place) = url.split_once("://").unwrap();
    let wrong = format!("redis://nobody:wrong-secret@{}", place.rsplit('@').next().unwrap());
    let text = said(&wrong).await;
    assert!(text.contains("refuses this user or password; check REDIS_URL"), "{text}");
    assert!(!text.contains("wrong-secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rights_that_are_documented_are_enough_and_one_less_is_said() {
    let Some(url) = server() else { return };
    let prefix = fresh_prefix();
    let client = redis::Client::open(url.as_str()).unwrap();
    let mut owner = client.get_multiplexed_async_connection().await.unwrap();
    let mut set = async |rules: &[&str]| {
        let mut command = redis::cmd("ACL");
        command.arg("SETUSER").arg(&prefix).arg(rules);
        command.query_async::<()>(&mut owner).await.unwrap();
    };
    let (keys, channels) = (format!("~{prefix}:*"), format!("&{prefix}:*"));
    let words = "+ping +select +eval +time +get +set +publish +subscribe";
    let mut rules = vec!["on", ">secret", &keys, &channels];
    rules.extend(words.split(' '));
    set(&rules).await;
    let (_, place) = url.split_once("://").unwrap();
    let place = place.rsplit('@').next().unwrap();
    let url = format!("redis://{prefix}:secret@{place}").into();
    let settings = RedisSettings { url, prefix: prefix.clone() };
    check(&settings).await.unwrap();
    let limits = SharedLimits::new(&settings).unwrap();
    assert_eq!(limits.take("a", RATE).await, None);
    set(&["-eval"]).await;
    assert!(matches!(check(&settings).await, Err(LinkError::NotAllowed(_))));
    set(&["reset"]).await;
}
