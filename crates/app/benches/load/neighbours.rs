//! What somebody who sends far too much costs the others.

use crate::{
    clients::send,
    product::{Backend, Place, Process},
    scenarios::QUESTION,
    standins::{self, Phones},
    webhook::{self, requests},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How many people write as people do, and how many messages come from all of them in a second.
const OTHERS: usize = 100;
const RATE: f64 = 20.0;
/// The number of the one who sends too much.
const NOISY: usize = 5_000_000;

/// Prints how long others wait for their answers alone, and beside somebody who sends this much.
pub async fn noisy(backend: Backend, others: usize, noise: usize) {
    let (twilio, phones) = standins::messages().await;
    let mut place = Place::new(backend, Some(twilio)).await;
    // The limit for each sender is that of the product as it is shipped.
    place.unset("BILLHOOK_RATE_LIMIT");
    let process = place.start("all").await;
    println!("| answers to {OTHERS} people, {RATE} a second | p50 ms | p99 ms |\n|---|---|---|");
    // Whoever is new is made once.
    waits(&process, &phones, 0..OTHERS).await;
    let (p50, alone) = waits(&process, &phones, OTHERS..OTHERS + others).await;
    println!("| alone | {p50:.1} | {alone:.1} |");
    let from = webhook::sender(NOISY);
    let all = (0..noise).map(|number| webhook::request(40_000_000 + number, &from, QUESTION));
    let (all, address) = (Arc::new(all.collect::<Vec<_>>()), process.address);
    let noisy = tokio::spawn(async move { send(address, &all, 20, None).await });
    let from = OTHERS + others;
    let (p50, beside) = waits(&process, &phones, from..from + others).await;
    let sent = noisy.await.unwrap();
    println!(
        "| beside one who sends {noise} at once ({} refused) | {p50:.1} | {beside:.1} |\n\n\
         {:.2} times as long at the most of 99 in 100\n",
        sent.errors,
        beside / alone
    );
}

/// Has these messages sent by the others one after the other; returns how many milliseconds their
/// answers took in the median and at the most of 99 in 100.
async fn waits(process: &Process, phones: &Phones, range: std::ops::Range<usize>) -> (f64, f64) {
    let (first, begun) = (range.start, Instant::now());
    let all = requests(range.clone(), OTHERS, QUESTION);
    let sent = send(process.address, &all, 20, Some(RATE)).await;
    assert_eq!(sent.errors, 0, "a message of the others was refused");
    let mut waits = Vec::with_capacity(all.len());
    for number in range {
        let due = begun + Duration::from_secs_f64((number - first) as f64 / RATE);
        // Replies to one person come in the order of his messages.
        let person = webhook::sender(number % OTHERS);
        let arrived = loop {
            if let Some(arrived) = phones.of(&person).get(number / OTHERS) {
                break *arrived;
            }
            assert!(due.elapsed() < Duration::from_secs(120), "a message has no answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        waits.push(arrived.duration_since(due).as_secs_f64() * 1000.0);
    }
    waits.sort_by(f64::total_cmp);
    (waits[waits.len() / 2], waits[waits.len() * 99 / 100])
}
