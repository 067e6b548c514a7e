//! The end comes at any moment: what was asked before it is answered.

use crate::support::{Client, PATIENCE, Scratch, Server, alone, count, get, pause, request, told};
use std::io::Read;
use std::time::Duration;

/// Answers take up to 300 ms, as the header says.
fn slow() -> Scratch {
    let mut rules = "version = 1\n".to_owned();
    for ms in [10, 50, 100, 300] {
        rules += &format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.*\", header = {{ x-delay = \"{ms}\" }} }}\n\
             wire = {{ delay = \"{ms}ms\", when = \"after_commit\" }}\n"
        );
    }
    Scratch::new("slow.toml", &rules)
}

/// A few moments, the same in every run.
fn moment(run: usize, most: u64) -> Duration {
    Duration::from_millis((run as u64).wrapping_mul(2_654_435_761) % most)
}

#[test]
fn what_was_asked_is_answered() {
    let _alone = alone();
    let (runs, in_flight) = (count(2, 20, 50), count(60, 500, 500));
    let rules = slow();
    for run in 0..runs {
        let mut server = Server::start(&["--quiet", "--scenario", rules.path()]);
        let mut clients: Vec<Client> = (0..in_flight).map(|_| server.client()).collect();
        // some have been answered before
        for client in clients.iter_mut().step_by(3) {
            assert_eq!(client.ask(&get("/__mockpos/health")).status, 200);
        }
        for (n, client) in clients.iter_mut().enumerate() {
            let delay = ["0", "10", "50", "100", "300"][n % 5];
            client.send(&request(
                "GET",
                "/orders/checkout/?page=IndexPage",
                &[("x-delay", delay)],
                b"",
            ));
        }
        pause(moment(run, 120));
        server.signal("-TERM");
        for (n, client) in clients.iter_mut().enumerate() {
            let answer = client.answer();
            let answer = answer.unwrap_or_else(|e| panic!("run {run}, client {n}: {e}"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            let rest = client.stream.read(&mut [0; 16]);
            assert!(
                matches!(rest, Ok(0)),
                "run {run}, client {n}: closed in good order, not {rest:?}"
            );
        }
        let status = server.ended(PATIENCE);
        assert_eq!(status.code(), Some(0), "{}", server.log());
    }
    let figure = format!("{} answered, none reset, exit 0", runs * in_flight);
    told(
        &format!("graceful stop, {in_flight} in flight"),
        runs,
        &figure,
        "all answered, nothing reset, exit 0",
    );
}
