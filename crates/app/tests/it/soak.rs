//! F02: traffic over two web and two worker processes that are killed at random moments; nothing
//! accepted is lost or answered twice. Each run prints its seed; `BILLHOOK_SOAK_SEED` repeats it.

#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    papers::{self, Paper},
    world::{PUBLIC, RealClock, World, billhook, message, sid, signature},
};
use futures::{StreamExt, stream};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};
use testkit::{
    postgres::fresh_schema,
    standin::{Fault, twilio::TwilioStandIn},
};

/// How much is sent, by how many people, and how often a process is killed meanwhile.
struct Size {
    messages: usize,
    people: usize,
    kills: usize,
    drain: Duration,
}

/// Numbers that a seed decides (SplitMix64, public domain).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// One message: its form, what the reply to it must hold, how it is delivered.
struct Planned {
    number: usize,
    from: String,
    form: Vec<(String, String)>,
    sign: Option<String>,
    twice: bool,
    fault: Option<Trouble>,
}

impl Planned {
    fn has_file(&self) -> bool {
        self.form.iter().any(|(name, _)| name == "MediaUrl0")
    }
}

/// What Twilio does wrong around the time of a message.
enum Trouble {
    Sending(Fault),
    Listing(Fault),
    Fetching(Fault),
}

fn trouble(dice: &mut Dice) -> Option<Trouble> {
    let busy = Fault::Answer { status: 429, body: serde_json::Value::Null, retry_after: Some(1) };
    let wait = Duration::from_millis(100 + dice.below(1_500));
    match dice.below(100) {
        0..4 => Some(Trouble::Sending(Fault::DropAfterAccepting)),
        4..7 => Some(Trouble::Sending(Fault::status(503))),
        7..9 => Some(Trouble::Sending(busy)),
        9..13 => Some(Trouble::Sending(Fault::Slow(wait))),
        13 => Some(Trouble::Listing(Fault::status(500))),
        14..16 => Some(Trouble::Fetching(Fault::Slow(wait))),
        16 => Some(Trouble::Fetching(Fault::status(503))),
        _ => None,
    }
}

/// Returns everything that will be sent; the seed decides.
fn plan(size: &Size, dice: &mut Dice, twilio: &TwilioStandIn) -> Vec<Planned> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let photo = twilio.add_media(papers::receipt());
    let mut planned: Vec<Planned> = (0..size.messages)
        .map(|number| {
            let person = dice.below(u64::try_from(size.people).unwrap());
            let from = format!("whatsapp:+1500556{person:04}");
            let id = sid(u32::try_from(number).unwrap());
            let vendor = format!("Firma{number}");
            let mut text = format!("how much did I pay {vendor} in May 2026?");
            let (mut file, mut sign) = (None, Some(vendor.clone()));
            match dice.below(100) {
                0..60 => {}
                60..85 => {
                    let paper = Paper {
                        number: &format!("S-{number}"),
                        vendor: &vendor,
                        date: "2026-05-04",
                        net: 100,
                    };
                    let url = twilio.add_media(papers::ubl(&paper));
                    files.insert(from.clone(), url.clone());
                    file = Some((url, "application/xml"));
                }
                // The person's last file once more.
                85..92 => {
                    file = files.get(&from).map(|url| (url.clone(), "application/xml"));
                    sign = file.is_none().then_some(vendor);
                }
                92 => (file, sign) = (Some((photo.clone(), "image/jpeg")), None),
                _ => (text, sign) = ("hello".into(), None),
            }
            if file.is_some() {
                text.clear();
            }
            let mut form: Vec<(String, String)> = message(&id, &text)
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect();
            form.retain(|(key, _)| key != "From" && !(key == "NumMedia" && file.is_some()));
            form.push(("From".into(), from.clone()));
            if let Some((url, kind)) = file {
                form.push(("NumMedia".into(), "1".into()));
                form.push(("MediaUrl0".into(), url));
                form.push(("MediaContentType0".into(), kind.into()));
            }
            let twice = dice.below(20) == 0;
            Planned { number, from, form, sign, twice, fault: trouble(dice) }
        })
        .collect();
    // Some overtake others on their way.
    for at in 1..planned.len() {
        if dice.below(10) == 0 {
            planned.swap(at - 1, at);
        }
    }
    planned
}

/// Where messages are delivered, and how far the run has come.
struct Front {
    client: reqwest::Client,
    ports: [u16; 2],
    kills: AtomicUsize,
    refused: AtomicUsize,
    deliveries: AtomicUsize,
}

impl Front {
    /// Delivers a message to one web process or the other until one of them accepts it.
    async fn deliver(&self, planned: &Planned, first: usize) {
        let form: Vec<(&str, &str)> =
            planned.form.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let signature = signature(&format!("{PUBLIC}/webhooks/twilio"), &form);
        let begun = Instant::now();
        for attempt in first.. {
            let port = self.ports[attempt % 2];
            let request = self.client.post(format!("http://127.0.0.1:{port}/webhooks/twilio"));
            let answer = request.header("X-Twilio-Signature", &signature).form(&form).send().await;
            self.deliveries.fetch_add(1, SeqCst);
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            self.refused.fetch_add(1, SeqCst);
            assert!(begun.elapsed() < Duration::from_secs(120), "nobody takes messages in");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn break_twilio(twilio: &TwilioStandIn, fault: &Trouble) {
    match fault {
        Trouble::Sending(fault) => twilio.fail_send(fault.clone()),
        Trouble::Listing(fault) => twilio.fail_list(fault.clone()),
        Trouble::Fetching(fault) => twilio.fail_fetch(fault.clone()),
    }
}

/// Sends everything, spread over the kills.
async fn send(front: &Front, planned: &[Planned], size: &Size, twilio: &TwilioStandIn) {
    let each = size.messages.div_ceil(size.kills);
    stream::iter(planned.iter().enumerate())
        .for_each_concurrent(32, |(place, planned)| async move {
            while place > (front.kills.load(SeqCst) + 1) * each {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if let Some(fault) = &planned.fault {
                break_twilio(twilio, fault);
            }
            if planned.twice {
                let both = (front.deliver(planned, place), front.deliver(planned, place + 1));
                futures::future::join(both.0, both.1).await;
            } else {
                front.deliver(planned, place).await;
            }
        })
        .await;
}

/// Kills one process after the other and starts each again; returns how often which was killed.
async fn kill(front: &Front, all: &mut [World], dice: &mut Dice, kills: usize) -> Vec<usize> {
    let mut killed = vec![0; all.len()];
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(dice.below(1_000))).await;
        let victim = usize::try_from(dice.below(u64::try_from(all.len()).unwrap())).unwrap();
        all[victim].kill().await;
        killed[victim] += 1;
        front.kills.fetch_add(1, SeqCst);
        tokio::time::sleep(Duration::from_millis(dice.below(300))).await;
        all[victim].restart().await;
    }
    killed
}

/// How a notice that something is away begins.
const DELAYED: &str = "I cannot get at everything";

/// Returns how many messages were not answered, and how many replies there were too many.
fn compare(planned: &[Planned], twilio: &TwilioStandIn) -> (Vec<String>, Vec<String>) {
    let mut replies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for sent in twilio.messages() {
        let text = |key: &str| sent[key].as_str().unwrap_or_default().to_owned();
        replies.entry(text("to")).or_default().push(text("body"));
    }
    let mut asked: BTreeMap<&str, Vec<&Planned>> = BTreeMap::new();
    for planned in planned {
        asked.entry(&planned.from).or_default().push(planned);
    }
    let (mut lost, mut doubled) = (Vec::new(), Vec::new());
    for (person, asked) in asked {
        let mut got = replies.remove(person).unwrap_or_default();
        // Beside its reply a message that waited for something may have one notice of that.
        let mut notices = asked.iter().filter(|planned| planned.has_file()).count();
        got.retain(|reply| {
            let is_notice = reply.starts_with(DELAYED) && notices > 0;
            notices -= usize::from(is_notice);
            !is_notice
        });
        if got.len() < asked.len() {
            lost.push(format!("{person}: {} messages, {} replies", asked.len(), got.len()));
        }
        if got.len() > asked.len() {
            doubled.push(format!(
                "{person}: {} messages, {} replies: {got:?}",
                asked.len(),
                got.len()
            ));
        }
        // An apology names no vendor; a reply that came twice in place of another would.
        let apologies = got.iter().filter(|reply| reply.contains("went wrong")).count();
        let silent: Vec<usize> = asked
            .iter()
            .filter(|planned| {
                planned
                    .sign
                    .as_ref()
                    .is_some_and(|sign| !got.iter().any(|reply| reply.contains(sign)))
            })
            .map(|planned| planned.number)
            .collect();
        if silent.len() > apologies {
            lost.push(format!("{person}: no reply to {silent:?} in {got:?}"));
        }
    }
    doubled.extend(replies.into_keys().map(|person| format!("{person} never wrote")));
    (lost, doubled)
}

async fn audited(world: &World) -> (bool, String) {
    let mut command = billhook(world.folder.path(), world.settings());
    let output = command.arg("audit").output().await.unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

async fn soak(size: Size, run: u64) {
    let Some(url) = fresh_schema().await else { return };
    let seed = std::env::var_os("BILLHOOK_SOAK_SEED").map(|seed| seed.to_str().unwrap().parse());
    let first: u64 = seed.map_or_else(|| u64::from(std::process::id()), Result::unwrap);
    let seed = first.wrapping_add(run);
    eprintln!("soak: seed {seed} (BILLHOOK_SOAK_SEED={seed} repeats it)");
    let mut dice = Dice(seed);
    let twilio = TwilioStandIn::start(Arc::new(RealClock)).await.unwrap();
    let planned = plan(&size, &mut dice, &twilio);
    let settings =
        [("DATABASE_URL", url.as_str()), ("BILLHOOK_ROLE", "web"), ("BILLHOOK_RATE_LIMIT", "0")];
    let mut one = World::with(&settings, Some(twilio)).await;
    let twilio = one.twilio.take().unwrap();
    let other = one.beside(&[]).await;
    let workers = (
        one.beside(&[("BILLHOOK_ROLE", "worker")]).await,
        one.beside(&[("BILLHOOK_ROLE", "worker")]).await,
    );
    let client = reqwest::Client::builder().timeout(Duration::from_secs(15)).build().unwrap();
    let count = AtomicUsize::default;
    let front = Front {
        client,
        ports: [one.port, other.port],
        kills: count(),
        refused: count(),
        deliveries: count(),
    };
    let mut all = [one, other, workers.0, workers.1];
    let begun = Instant::now();
    let (killed, ()) = tokio::join!(
        kill(&front, &mut all, &mut dice, size.kills),
        send(&front, &planned, &size, &twilio)
    );
    let traffic = begun.elapsed();
    let drain = all[0].drained(size.drain).await;
    let dead = all[0].queue().await["dead"].clone();
    let (lost, doubled) = compare(&planned, &twilio);
    let (clean, audit) = audited(&all[0]).await;
    eprintln!(
        "soak: {} messages of {} people in {} deliveries ({} unanswered), kills {killed:?} (web, \
         web, worker, worker), {} s of traffic, drained {} s later, {} replies, {dead} dead letters, \
         {} lost, {} doubled\n{audit}",
        size.messages,
        size.people,
        front.deliveries.load(SeqCst),
        front.refused.load(SeqCst),
        traffic.as_secs(),
        drain.as_secs(),
        twilio.messages().len(),
        lost.len(),
        doubled.len(),
    );
    assert!(lost.is_empty(), "seed {seed}: {lost:#?}");
    assert!(doubled.is_empty(), "seed {seed}: {doubled:#?}");
    assert!(clean, "seed {seed}: {audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f02_three_seeds_of_messages_and_kills_lose_and_double_nothing() {
    for run in 0..3 {
        let size = Size { messages: 150, people: 20, kills: 6, drain: Duration::from_secs(150) };
        soak(size, run).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes many minutes: ./test soak"]
async fn f02_ten_thousand_messages_and_two_hundred_kills_lose_and_double_nothing() {
    soak(Size { messages: 10_000, people: 300, kills: 200, drain: Duration::from_secs(600) }, 0)
        .await;
}
