//! Merchants' servers that refuse, hang, never stop or lead elsewhere: whoever calls meanwhile notices nothing.

use crate::support::{
    HEALTH, MIB, Noise, PATIENCE, Scratch, Server, Watch, alone, count, get, request, told, until,
};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A listener whose connections meet that fate; how many there were.
fn target(fate: impl Fn(TcpStream) + Send + Sync + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::new(AtomicUsize::new(0));
    let (counted, fate) = (Arc::clone(&came), Arc::new(fate));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            counted.fetch_add(1, Ordering::Relaxed);
            let fate = Arc::clone(&fate);
            thread::spawn(move || fate(stream));
        }
    });
    (port, came)
}

/// Whatever is sent there is read for as long as it lasts.
fn hangs(mut stream: TcpStream) {
    let mut part = [0; 4096];
    while stream.read(&mut part).is_ok_and(|count| count > 0) {}
}

/// A gigabyte, to whoever takes it.
fn endless(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n");
    let part = vec![b'x'; 1024 * 1024];
    for _ in 0..1024 {
        if stream.write_all(&part).is_err() {
            return;
        }
    }
}

fn pay(server: &Server, sandbox: &str) -> u16 {
    let card = json!({"cardHolderName": "A B", "cardNumber": "5258640000000001", "expireYear": "2044",
        "expireMonth": "07", "cvc": "000"});
    let order = json!({"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY",
        "items": [{"price": 100}], "card": card});
    let headers = [
        ("x-mockpos-sandbox", sandbox),
        ("content-type", "application/json"),
        ("x-api-key", "api-key"),
        ("x-rnd-key", "r"),
        ("x-signature", "s"),
        ("x-auth-version", "1"),
    ];
    server
        .ask(&request(
            "POST",
            "/payment/v1/card-payments",
            &headers,
            order.to_string().as_bytes(),
        ))
        .status
}

fn tried(server: &Server, sandbox: &str) -> Value {
    let headers = [("x-mockpos-sandbox", sandbox)];
    server
        .ask(&request("GET", "/__mockpos/webhooks", &headers, b""))
        .json()["webhooks"]
        .take()
}

#[test]
fn bad_targets_harm_nobody() {
    let _alone = alone();
    let payments = count(5, 100, 1_000);
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (elsewhere, followed) = target(hangs);
    let leads = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{elsewhere}/x\r\ncontent-length: 0\r\n\r\n"
    );
    let (away, led) = target(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(leads.as_bytes());
        hangs(stream);
    });
    let (silent, _) = target(hangs);
    let (never_ends, _) = target(endless);
    for (what, port) in [
        ("refuses", closed),
        ("hangs", silent),
        ("sends 1 GB", never_ends),
        ("redirects", away),
    ] {
        let rules = format!(
            "version = 1\n[craftgate]\nsignature = \"off\"\nsamples = false\n[webhooks]\ntimeout = \"1s\"\n\
             [[merchant]]\nwebhook_url = \"http://127.0.0.1:{port}/hook\"\n"
        );
        let file = Scratch::new("hook.toml", &rules);
        let server = Server::start(&["--quiet", "--scenario", file.path()]);
        assert_eq!(server.ask(&get(HEALTH)).status, 200);
        let base = server.memory();
        let mut slowest = Duration::ZERO;
        let noise = Noise::heard();
        for n in 0..payments {
            let begun = Watch::start();
            assert_eq!(pay(&server, &format!("s{}", n % 8)), 200, "{what}");
            assert_eq!(server.ask(&get(HEALTH)).status, 200, "{what}");
            slowest = slowest.max(begun.spent());
        }
        // it was tried, and has failed, unless the first of a gigabyte said 200
        let failed = |webhook: &Value| {
            let tries = webhook["attempts"].as_array();
            tries.is_some_and(|tries| !tries.is_empty())
                && (webhook["state"] != "delivered" || port == never_ends)
        };
        until(PATIENCE, || {
            let told = tried(&server, "s0");
            told.as_array().is_some_and(|all| all.iter().any(failed))
        });
        let grown = server.memory().saturating_sub(base);
        assert!(grown < 32 * MIB, "{what}: {grown} KiB");
        let second = noise.allows(Duration::from_secs(1));
        assert!(slowest < second, "{what}: {slowest:?}");
        let figure = format!(
            "slowest payment and health {slowest:.0?}, {} MiB more",
            grown / MIB
        );
        told(
            &format!("webhook target {what}"),
            payments,
            &figure,
            "others answered within 1 s, 32 MiB",
        );
    }
    assert!(led.load(Ordering::Relaxed) > 0);
    assert_eq!(
        followed.load(Ordering::Relaxed),
        0,
        "nobody follows a redirect"
    );
}
