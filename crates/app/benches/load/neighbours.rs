//! What somebody who sends far too much costs the others.

use crate::{
    clients::send,
    product::{Backend, Place, Process},
    scenarios::QUESTION,
    standins::{self, Phones},
    webhook::{self, requests},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How many people write as people do, and how many messages come from all of them in a second: not in
/// time with the steps at which a flood is stored, so that they meet it everywhere.
const OTHERS: usize = 100;
const RATE: f64 = 19.0;
/// The number of the one who sends too much.
const NOISY: usize = 5_000_000;

/// Prints how long others wait for their answers alone, and beside somebody who sends as much as is
/// taken from him all the while, this much at least. The others send the same both times.
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
    let (done, address) = (Arc::new(AtomicBool::new(false)), process.address);
    let noisy = tokio::spawn(flood(address, noise, Arc::clone(&done)));
    let from = OTHERS + others;
    let (p50, beside) = waits(&process, &phones, from..from + others).await;
    done.store(true, Ordering::Relaxed);
    let (sent, refused, took) = noisy.await.unwrap();
    println!(
        "| beside one who sends {sent} in {:.0} s ({refused} refused) | {p50:.1} | {beside:.1} |\n\n\
         {:.2} times as long at the most of 99 in 100\n",
        took.as_secs_f64(),
        beside / alone
    );
}

/// Sends messages of one person over twenty connections as fast as they are taken, until it is said
/// that it is enough, and no fewer than this; returns how many were sent and refused, and how long it took.
async fn flood(to: SocketAddr, least: usize, enough: Arc<AtomicBool>) -> (usize, usize, Duration) {
    let (from, begun) = (webhook::sender(NOISY), Instant::now());
    let (mut sent, mut refused) = (0, 0);
    while sent < least || !enough.load(Ordering::Relaxed) {
        let next = sent..sent + 500;
        let some = next.map(|number| webhook::request(40_000_000 + number, &from, QUESTION));
        refused += send(to, &Arc::new(some.collect()), 20, None).await.errors;
        sent += 500;
    }
    (sent, refused, begun.elapsed())
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
