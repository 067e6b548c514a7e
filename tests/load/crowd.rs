//! Ten thousand connections that ask for nothing, and somebody honest beside them.

use crate::support::{Server, alone, count, is_small, slowest_of_a_hundred, told};

#[test]
fn idle_connections_are_cheap_and_harm_nobody() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    let mut honest = server.client();
    let times = count(200, 3_000, 10_000);
    // what the first calls and connections need is no part of it
    slowest_of_a_hundred(&mut honest, times);
    let wanted = count(200, 10_000, 10_000);
    let base = server.memory();
    let crowd: Vec<_> = (0..wanted).map(|_| server.client()).collect();
    crate::support::until(crate::support::PATIENCE, || server.files() >= wanted);
    let each = (server.memory().saturating_sub(base)) * 1024 / wanted as u64;
    // Before and beside, in turns: what else the machine does falls on both. The crowd goes in between.
    let mut beside = slowest_of_a_hundred(&mut honest, times);
    for _ in 0..2 {
        beside = beside.min(slowest_of_a_hundred(&mut honest, times));
    }
    drop(crowd);
    crate::support::until(crate::support::PATIENCE, || server.files() < 100);
    let mut without = slowest_of_a_hundred(&mut honest, times);
    for _ in 0..2 {
        without = without.min(slowest_of_a_hundred(&mut honest, times));
    }
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
}
