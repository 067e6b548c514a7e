//! Clients that take their time, a thousand at once: others are answered throughout, and they are closed in time.

use crate::support::{
    Client, HEALTH, Noise, PATIENCE, Server, Watch, alone, count, get, is_small, pause, told, until,
};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The time-outs of the server here.
const TIMEOUT: Duration = Duration::from_secs(8);

fn server() -> Server {
    let span = format!("{}s", TIMEOUT.as_secs());
    Server::start(&[
        "--quiet",
        "--header-timeout",
        &span,
        "--body-timeout",
        &span,
        "--idle-timeout",
        &span,
    ])
}

/// While `load` lasts, somebody new is answered over and over. The slowest answer, and how many there were.
fn watched(server: &Server, load: impl FnOnce()) -> (Duration, usize) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let honest = scope.spawn(|| {
            let (mut slowest, mut answered) = (Duration::ZERO, 0);
            while !over.load(Ordering::Relaxed) {
                let begun = Watch::start();
                assert_eq!(server.ask(&get(HEALTH)).status, 200);
                slowest = slowest.max(begun.spent());
                answered += 1;
                pause(Duration::from_millis(20));
            }
            (slowest, answered)
        });
        load();
        over.store(true, Ordering::Relaxed);
        honest.join().unwrap()
    })
}

/// One kind of slow client by `slowhttptest`: how it is told, and what it asks for.
fn slowhttptest(kind: &str, flags: &[&str], path: &str) {
    let server = server();
    let base = server.files();
    let connections = count(0, 1_000, 1_000).to_string();
    let url = format!("http://127.0.0.1:{}{path}", server.port);
    let mut command = Command::new("slowhttptest");
    command.args(flags).args([
        "-c",
        &connections,
        "-r",
        "1000",
        "-l",
        "40",
        "-p",
        "3",
        "-u",
        &url,
    ]);
    let mut closed = Duration::ZERO;
    let noise = Noise::heard();
    let (slowest, answered) = watched(&server, || {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.as_mut().expect("slowhttptest is installed");
        until(PATIENCE, || server.files() > base + 900);
        let begun = Watch::start();
        until(PATIENCE, || server.files() < base + 10);
        closed = begun.spent();
        // Err: it has ended by itself
        let _ = child.kill();
        child.wait().unwrap();
    });
    let figure = format!(
        "closed {:.1?} after the last came; {answered} others answered, the slowest in {slowest:.0?}",
        closed
    );
    told(
        &format!("slow {kind}"),
        1_000,
        &figure,
        "closed within 8 s + 1 s, others answered",
    );
    let second = noise.allows(Duration::from_secs(1));
    assert!(closed <= TIMEOUT + second, "{figure}");
    assert!(slowest < second, "{figure}");
}

#[test]
fn slow_headers() {
    let _alone = alone();
    if !is_small() {
        slowhttptest("headers", &["-H", "-i", "1", "-t", "GET"], HEALTH);
    }
}

#[test]
fn slow_bodies() {
    let _alone = alone();
    if !is_small() {
        slowhttptest(
            "bodies",
            &["-B", "-i", "1", "-s", "8192", "-t", "POST"],
            "/orders/checkout/?page=IndexPage",
        );
    }
}

#[test]
fn slow_readers() {
    let _alone = alone();
    if !is_small() {
        let flags = [
            "-X", "-w", "512", "-y", "1024", "-n", "1", "-z", "32", "-k", "1",
        ];
        slowhttptest("readers", &flags, "/__mockpos/endpoints");
    }
}

/// The same without a program of others, and with fewer.
#[test]
fn drops_of_a_head_and_of_a_body() {
    let _alone = alone();
    let span = "500ms";
    let server = Server::start(&["--quiet", "--header-timeout", span, "--body-timeout", span]);
    let heads: &[&[u8]] = &[
        b"GET / HTTP/1.1\r\nhost: x\r\n",
        b"POST /orders/checkout/?page=IndexPage HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n",
    ];
    for head in heads {
        let mut clients: Vec<Client> = (0..count(50, 500, 1_000))
            .map(|_| server.client())
            .collect();
        let (_, answered) = watched(&server, || {
            for client in &mut clients {
                client.send(head);
            }
            let begun = Watch::start();
            let mut open: Vec<_> = clients.iter_mut().collect();
            while !open.is_empty() {
                assert!(begun.spent() < PATIENCE, "{} are open", open.len());
                open.retain_mut(|client| {
                    use std::io::Write;
                    client.stream.set_nonblocking(true).unwrap();
                    // Err: it is closed, which is seen next
                    let _ = client.stream.write(b"x");
                    !client.is_closed()
                });
                pause(Duration::from_millis(50));
            }
        });
        assert!(answered > 0);
    }
}
