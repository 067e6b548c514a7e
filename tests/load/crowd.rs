//! Ten thousand connections that ask for nothing, and somebody honest beside them.

use crate::support::{Client, PATIENCE, Server, Watch, alone, count, get, is_small, told, until};

/// The slowest of a hundred, in microseconds.
fn slowest_of_a_hundred(mut waits: Vec<u128>) -> u128 {
    waits.sort_unstable();
    waits[waits.len() * 99 / 100]
}

/// How long two clients wait for their answers who ask in turns, so that what else the machine does falls on both.
fn in_turns(clients: [&mut Client; 2], times: usize) -> [u128; 2] {
    let request = get("/orders/checkout/?page=IndexPage");
    let one = |client: &mut Client| {
        let watch = Watch::start();
        assert_eq!(client.ask(&request).status, 200);
        watch.spent().as_micros()
    };
    let [a, b] = clients;
    let (first, second) = (0..times).map(|_| (one(a), one(b))).unzip();
    [first, second].map(slowest_of_a_hundred)
}

#[test]
fn idle_connections_are_cheap_and_harm_nobody() {
    let _alone = alone();
    let (crowded, quiet) = (Server::start(&["--quiet"]), Server::start(&["--quiet"]));
    let (mut beside, mut without) = (crowded.client(), quiet.client());
    let times = count(100, 3_000, 10_000);
    // what the first calls need is no part of it
    in_turns([&mut beside, &mut without], times);
    let wanted = count(200, 10_000, 10_000);
    let base = crowded.memory();
    let crowd: Vec<_> = (0..wanted).map(|_| crowded.client()).collect();
    until(PATIENCE, || crowded.files() >= wanted);
    let each = (crowded.memory().saturating_sub(base)) * 1024 / wanted as u64;
    // a neighbour's moment may fall on one of them: three tries
    let tries = (0..3).map(|_| in_turns([&mut beside, &mut without], times));
    let best = tries.min_by(|a, b| (a[0] * b[1]).cmp(&(b[0] * a[1])));
    let [beside, without] = best.unwrap();
    let figure = format!(
        "{} KiB each; p99 {beside} µs beside them, {without} µs without",
        each.div_ceil(1024)
    );
    told(
        "idle connections held",
        wanted,
        &figure,
        "20 KiB each; p99 within 2 ×",
    );
    if !is_small() {
        assert!(each <= 20 * 1024, "{figure}");
        assert!(beside <= 2 * without, "{figure}");
    }
    drop(crowd);
}
