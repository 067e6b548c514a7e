//! What goes wrong around the process, or in it: others are answered meanwhile, and two seconds later all is well,
//! without a restart.

use crate::support::{
    Client, HEALTH, Noise, PATIENCE, Scratch, Server, alone, count, get, pause, post, request,
    told, until,
};
use serde_json::json;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How soon it is well again.
const SOON: Duration = Duration::from_secs(2);

fn well_again(what: &str, times: usize, server: &Server) {
    let noise = Noise::heard();
    let took = until(PATIENCE, || server.answers());
    assert!(took <= noise.allows(SOON), "{what}: {took:?}");
    told(
        what,
        times,
        &format!("answers again after {took:.0?}"),
        "within 2 s, without a restart",
    );
}

#[test]
fn few_files_and_many_clients() {
    let _alone = alone();
    let server = Server::with_files(64, &["--quiet"]);
    let rounds = count(2, 10, 50);
    for _ in 0..rounds {
        // more than there are files; the last ones wait to be accepted
        let crowd: Vec<_> = (0..200).map(|_| server.client()).collect();
        until(PATIENCE, || server.files() > 40);
        assert!(server.files() <= 64);
        drop(crowd);
        until(PATIENCE, || server.answers());
    }
    well_again(
        "file descriptors limited to 64, 200 clients",
        rounds,
        &server,
    );
}

#[test]
fn no_more_files_than_are_open() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    let mut held = server.client();
    assert_eq!(held.ask(&get(HEALTH)).status, 200);
    let limit = |files: usize| {
        let (pid, files) = (server.pid().to_string(), format!("--nofile={files}:"));
        let status = Command::new("prlimit")
            .args(["--pid", &pid, &files])
            .status();
        assert!(status.expect("util-linux is there").success());
    };
    let rounds = count(1, 5, 50);
    for _ in 0..rounds {
        limit(server.files());
        let mut waiting = server.client();
        waiting.send(&get(HEALTH));
        // who is connected already is answered
        for _ in 0..20 {
            assert_eq!(held.ask(&get(HEALTH)).status, 200);
            pause(Duration::from_millis(10));
        }
        limit(4_096);
        assert_eq!(
            waiting.answer().unwrap().status,
            200,
            "who has waited is answered"
        );
    }
    assert!(server.log().contains("cannot accept"), "{}", server.log());
    well_again("accept fails for want of files", rounds, &server);
}

#[test]
fn as_many_connections_as_may_be() {
    let _alone = alone();
    // a quarter of the files is kept for other ends
    let server = Server::with_files(64, &["--quiet"]);
    let mut crowd: Vec<Client> = (0..48).map(|_| server.client()).collect();
    for client in &mut crowd {
        assert_eq!(client.ask(&get(HEALTH)).status, 200);
    }
    assert!(!server.answers(), "there is no seat");
    for client in &mut crowd {
        assert_eq!(
            client.ask(&get(HEALTH)).status,
            200,
            "who has a seat is answered"
        );
    }
    drop(crowd);
    well_again("connection cap reached", 48, &server);
}

#[test]
fn clients_that_reset_in_the_middle_of_a_body() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    let mut held = server.client();
    let files = server.files();
    let resets = count(50, 2_000, 20_000);
    let head = b"POST /orders/checkout/?page=IndexPage HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 50000\r\n\r\n";
    for n in 0..resets {
        let mut client = server.client();
        client.send(head);
        client.stream.peek(&mut [0]).unwrap();
        client.send(&[b'x'; 20_000]);
        // the 100 is not read: closing resets
        drop(client);
        if n % 20 == 0 {
            assert_eq!(held.ask(&get(HEALTH)).status, 200);
        }
    }
    until(PATIENCE, || server.files() <= files + 1);
    well_again("clients reset in mid-body", resets, &server);
}

#[test]
fn nothing_can_be_written_to_the_disk() {
    let _alone = alone();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockpos"));
    // nobody can make a file in /proc, not even root
    command
        .current_dir("/proc")
        .env("TMPDIR", "/proc")
        .env("HOME", "/proc");
    let server = Server::started(command, &[]);
    for n in 0..count(20, 1_000, 10_000) {
        let answer = server.ask(&post(
            "s",
            "/orders/checkout/?page=PaymentOptionSelectionPage",
            &json!({"payment_option": n % 3}),
        ));
        assert!(answer.status < 500, "{}", answer.text());
    }
    well_again("read-only disk", count(20, 1_000, 10_000), &server);
}

#[test]
fn a_scenario_that_is_broken_while_it_is_watched() {
    let _alone = alone();
    let text = |word: &str| {
        format!("version = 1\n[[rule]]\nthen = {{ headers = {{ x-word = \"{word}\" }} }}\n")
    };
    let file = Scratch::new("watched.toml", &text("first"));
    let server = Server::start(&["--quiet", "--watch", "--scenario", file.path()]);
    let says = |word: &str| {
        let answer = server.ask(&get("/baskets/basket/?format=json"));
        answer.head.contains(&format!("x-word: {word}\r\n"))
    };
    let health = || server.ask(&get(HEALTH)).text();
    assert!(says("first"));
    let well = health();
    // somebody else writes there all the time
    let over = Arc::new(AtomicBool::new(false));
    let (noise, told_over) = (Scratch::new("noise", ""), Arc::clone(&over));
    let noisy = std::thread::spawn(move || {
        while !told_over.load(Ordering::Relaxed) {
            std::fs::write(&noise.0, "x").unwrap();
            pause(Duration::from_millis(20));
        }
    });
    let broken = [
        "version = 1\n[[rule",
        "",
        "version = 2\n",
        "\u{0}\u{0}",
        "version = 1\n[[rule]]\nthen = { nothing = 1 }",
    ];
    let rounds = count(1, 3, 20);
    let mut slowest = Duration::ZERO;
    let whole = Noise::heard();
    for round in 0..rounds {
        for text in broken {
            let before = health();
            std::fs::write(&file.0, text).unwrap();
            if before == well {
                until(PATIENCE, || health() != well);
            }
            assert!(server.answers());
        }
        let word = format!("w{round}");
        std::fs::write(&file.0, text(&word)).unwrap();
        slowest = slowest.max(until(PATIENCE, || says(&word) && health() == well));
    }
    over.store(true, Ordering::Relaxed);
    noisy.join().unwrap();
    assert!(slowest <= whole.allows(SOON), "{slowest:?}");
    told(
        "broken scenario file under --watch",
        rounds * broken.len(),
        &format!("the mended one plays after {slowest:.0?} at most"),
        "the old one plays on; the mended one within 2 s",
    );
}

#[test]
fn a_clock_that_jumps() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    let mut held = server.client();
    let rounds = count(5, 200, 2_000);
    for n in 0..rounds {
        let by = ["1ms", "30m", "400d", "23h"][n % 4];
        let answer = held.ask(&post("s", "/__mockpos/clock/advance", &json!({ "by": by })));
        assert!(answer.status < 500, "{}", answer.text());
        let at = [
            "frozen:2026-01-02T03:04:05Z",
            "frozen:1971-01-01T00:00:00Z",
            "frozen:2099-12-31T23:59:59Z",
            "real",
        ][n % 4];
        let put = request(
            "PUT",
            "/__mockpos/clock",
            &[
                ("x-mockpos-sandbox", "t"),
                ("content-type", "application/json"),
            ],
            json!({ "clock": at }).to_string().as_bytes(),
        );
        assert!(held.ask(&put).status < 500);
        for sandbox in ["s", "t"] {
            let option = post(
                sandbox,
                "/orders/checkout/?page=PaymentOptionSelectionPage",
                &json!({"payment_option": 1}),
            );
            assert_eq!(held.ask(&option).status, 200);
        }
    }
    well_again("clock steps, forward and back", rounds, &server);
}

/// Only builds with the feature `crash` have handlers that die when they are told to.
#[test]
#[cfg(feature = "crash")]
fn a_handler_that_panics() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    let mut held = server.client();
    let crashes = count(20, 1_000, 10_000);
    let paths = [
        ("/orders/checkout/?page=IndexPage", "akinon"),
        ("/MasterpassJsonServerHandler/v2/listManagement", "mfs"),
        ("/payment/api/Payment/complete", "masterpass"),
        ("/__mockpos/clock", "admin"),
    ];
    for n in 0..crashes {
        let (path, surface) = paths[n % paths.len()];
        let method = if surface == "akinon" || surface == "admin" {
            "GET"
        } else {
            "POST"
        };
        let headers = [
            ("x-mockpos-crash", "1"),
            ("content-type", "application/json"),
        ];
        let answer = held.ask(&request(method, path, &headers, b""));
        let admitted = answer.status != 401 && answer.status != 403;
        assert!(
            answer.status == 500 || !admitted,
            "{surface}: {} {}",
            answer.status,
            answer.text()
        );
        assert!(
            surface != "akinon" || answer.status == 500,
            "{}",
            answer.text()
        );
        // on the same connection, in the same sandbox
        assert_eq!(
            held.ask(&get("/orders/checkout/?page=IndexPage")).status,
            200
        );
    }
    well_again("handler panics", crashes, &server);
}
