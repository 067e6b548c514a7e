//! Webhooks over sockets: a receiver that takes, refuses, hangs, redirects, or never stops.

use crate::support::{PATIENCE, Process, get, has_status};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const NO: &str = "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n";

/// A merchant's server that answers each request in its turn; the last answer stays.
struct Hook {
    port: u16,
    heard: Receiver<String>,
}

impl Hook {
    fn answering(answers: &[&str]) -> Self {
        let answers: Vec<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
        let mut turn = 0;
        Self::new(move |stream| {
            let answer = &answers[turn.min(answers.len() - 1)];
            turn += 1;
            stream.write_all(answer.as_bytes()).unwrap();
        })
    }

    fn new(mut answer: impl FnMut(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, heard) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = request(&mut stream);
                if tell.send(request).is_err() {
                    return;
                }
                answer(&mut stream);
            }
        });
        Self { port, heard }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?shop=7", self.port)
    }

    fn next(&self) -> String {
        self.heard.recv_timeout(PATIENCE).unwrap()
    }

    fn is_quiet(&self) -> bool {
        self.heard.try_recv().is_err()
    }
}

/// One request, head and body.
fn request(stream: &mut TcpStream) -> String {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.split("content-length: ").nth(1).unwrap();
    let length = length.split('\r').next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

/// With a merchant that listens there; nobody looks at signatures.
fn server(name: &str, url: &str, rules: &str, args: &[&str]) -> Process {
    let text = format!(
        "version = 1\n[craftgate]\nsignature = \"off\"\n[[merchant]]\nwebhook_url = \"{url}\"\n{rules}"
    );
    let file = format!("mockpos-hook-{name}-{}.toml", std::process::id());
    let file = std::env::temp_dir().join(file);
    fs::write(&file, text).unwrap();
    let mut all = vec!["--scenario", file.to_str().unwrap()];
    all.extend(args);
    let server = Process::start(&all);
    fs::remove_file(file).unwrap();
    server
}

fn post(server: &Process, path: &str, body: &str) -> String {
    let length = body.len();
    server.talk(&format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: api-key\r\nx-rnd-key: r\r\n\
         x-signature: none\r\nx-auth-version: 1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

fn json(answer: &str) -> Value {
    has_status(answer, 200);
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn pay(server: &Process) -> Value {
    let order = r#"{"price":100,"paidPrice":100,"installment":1,"currency":"TRY","items":[{"price":100}],
        "card":{"cardHolderName":"A B","cardNumber":"5258640000000001","expireYear":"2044","expireMonth":"07","cvc":"000"}}"#;
    json(&post(server, "/payment/v1/card-payments", order))["data"]["id"].clone()
}

/// What is under way ends, what is due is sent; then how the first one stands.
fn drained(server: &Process) -> Value {
    json(&post(server, "/__mockpos/webhooks/drain", ""));
    let list = json(&server.talk(&get("/__mockpos/webhooks")));
    list["webhooks"][0].clone()
}

const FROZEN: [&str; 2] = ["--clock", "frozen:2026-01-02T03:04:05Z"];

/// Where the clock goes, nobody need call for what falls due: the merchant is told, and who waits hears of it.
#[test]
fn what_nobody_comes_back_for_is_told_by_itself() {
    let hook = Hook::answering(&[OK]);
    let rules = "[bank]\npage_lifetime = \"300ms\"";
    let server = server("abandoned", &hook.url(), rules, &["--clock", "shifted:1h"]);
    let order = r#"{"price":100,"paidPrice":100,"installment":1,"currency":"TRY","items":[{"price":100}],
        "callbackUrl":"http://127.0.0.1:9/back","card":{"cardHolderName":"A B","cardNumber":"5258640000000001",
        "expireYear":"2044","expireMonth":"07","cvc":"000"}}"#;
    json(&post(&server, "/payment/v1/card-payments/3ds-init", order));
    let target = "/__mockpos/journal?endpoint=craftgate.page.*&wait=1&timeout=15s";
    let list = json(&server.talk(&get(target)));
    assert_eq!(list["entries"][0]["kind"], "time", "{list}");
    assert_eq!(
        list["entries"][0]["payments"][0]["after"], "failed",
        "{list}"
    );
    let heard = hook.next();
    assert!(
        heard.contains("THREEDS_VERIFY") && heard.contains("FAILURE"),
        "{heard}"
    );
}

#[test]
fn a_payment_is_told_by_itself() {
    let hook = Hook::answering(&[OK]);
    let server = server("told", &hook.url(), "", &FROZEN);
    let id = pay(&server);
    let heard = hook.next();
    let (head, body) = heard.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook?shop=7 HTTP/1.1\r\n"), "{head}");
    for line in [
        format!("host: 127.0.0.1:{}", hook.port),
        "content-type: application/json".to_owned(),
        "x-mockpos-webhook: 1".to_owned(),
        "x-cg-signature-v1: ".to_owned(),
    ] {
        assert!(head.contains(&line), "{line} in {head}");
    }
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["eventType"], &body["payloadId"]),
        (&"API_AUTH".into(), &id.to_string().into())
    );
    let delivery = drained(&server);
    assert_eq!(delivery["state"], "delivered");
    assert_eq!(delivery["attempts"][0]["body"], "ok");
    assert!(hook.is_quiet());
}

#[test]
fn the_vendors_table_passes_in_one_call_and_by_itself_in_real_time() {
    let hook = Hook::answering(&[NO, NO, NO, NO, NO, OK]);
    let server = server("table", &hook.url(), "", &FROZEN);
    pay(&server);
    hook.next();
    assert_eq!(drained(&server)["state"], "due");
    let passed = json(&post(
        &server,
        "/__mockpos/clock/advance",
        r#"{"by":"45m"}"#,
    ));
    let statuses: Vec<_> = passed["happened"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert_eq!(statuses, [500, 500, 500, 500, 200]);
    assert_eq!(drained(&server)["tried"], 6);

    let hook = Hook::answering(&[NO, OK]);
    let server = self::server(
        "timer",
        &hook.url(),
        "[webhooks]\nretries = [\"30ms\"]",
        &[],
    );
    pay(&server);
    hook.next();
    hook.next();
    assert_eq!(drained(&server)["state"], "delivered");
}

#[test]
fn a_clock_that_goes_again_sends_what_waited() {
    let hook = Hook::answering(&[OK]);
    let server = server(
        "goes",
        &hook.url(),
        "[webhooks]\nfirst_attempt = \"30ms\"",
        &FROZEN,
    );
    pay(&server);
    assert_eq!(drained(&server)["state"], "due");
    let body = "{\"freeze\":false}";
    let put = format!(
        "PUT /__mockpos/clock HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    has_status(&server.talk(&put), 200);
    hook.next();
}

#[test]
fn what_goes_wrong_is_said() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let away = Hook::answering(&[OK]);
    let redirect = format!(
        "HTTP/1.1 307 Go\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        away.url()
    );
    let redirects = Hook::answering(&[&redirect]);
    let garbled = Hook::answering(&["hello\r\n\r\n"]);
    let cut = Hook::answering(&[""]);
    let hangs = Hook::new(|_| thread::park());
    let drips = Hook::new(|stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx")
            .unwrap();
        thread::park();
    });
    let quick = "[webhooks]\ntimeout = \"50ms\"";
    for (name, url, rules, told) in [
        (
            "closed",
            &*format!("http://{closed}/"),
            "",
            "cannot connect",
        ),
        ("redirects", &redirects.url(), "", "307"),
        ("garbled", &garbled.url(), "", "no valid answer"),
        ("cut", &cut.url(), "", "no valid answer"),
        ("hangs", &hangs.url(), quick, "no whole answer within 50 ms"),
        ("drips", &drips.url(), quick, "no whole answer within 50 ms"),
        (
            "linklocal",
            "http://169.254.169.254/",
            "",
            "which is neither loopback nor in `allow_hosts`",
        ),
        (
            "spelled",
            "http://2852039166/",
            "",
            "which is neither loopback nor in `allow_hosts`",
        ),
        (
            "private",
            "http://[fd00::1]:80/",
            "",
            "which is neither loopback nor in `allow_hosts`",
        ),
    ] {
        let server = server(name, url, rules, &FROZEN);
        pay(&server);
        let delivery = drained(&server);
        assert_eq!(delivery["state"], "due", "{name}");
        assert!(
            delivery["attempts"][0].to_string().contains(told),
            "{name}: {delivery}"
        );
    }
    assert!(away.is_quiet(), "a redirect leads nowhere");
}

#[test]
fn an_answer_without_end_is_cut() {
    let (tell, told) = channel();
    let hook = Hook::new(move |stream| {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let (block, mut sent) = ([b'x'; 64 * 1024], 0_usize);
        while stream.write_all(&block).is_ok() {
            sent += block.len();
        }
        tell.send(sent).unwrap();
    });
    let server = server("endless", &hook.url(), "", &FROZEN);
    pay(&server);
    let delivery = drained(&server);
    assert_eq!(delivery["state"], "delivered");
    assert_eq!(
        delivery["attempts"][0]["body"].as_str().unwrap().len(),
        1024
    );
    let sent = told.recv_timeout(PATIENCE).unwrap();
    assert!(sent < 64 * 1024 * 1024, "{sent} bytes were taken");
}

#[test]
fn who_waits_for_an_answer_hears_it_after_the_merchant_did() {
    let rules = "[[rule]]\nthen = { webhook = { send = \"before_callback\" } }";
    let (go, wait) = channel::<()>();
    let hook = Hook::new(move |stream| {
        wait.recv().unwrap();
        stream.write_all(OK.as_bytes()).unwrap();
    });
    let server = server("before", &hook.url(), rules, &FROZEN);
    let paid = thread::scope(|scope| {
        let paying = scope.spawn(|| pay(&server));
        hook.next();
        assert!(!paying.is_finished(), "the answer waits for the merchant's");
        go.send(()).unwrap();
        paying.join().unwrap()
    });
    assert!(paid.is_u64());
}

#[test]
fn in_the_end_what_is_due_is_sent_and_the_rest_is_told() {
    let hook = Hook::answering(&[NO, OK]);
    let held = "[[rule]]\nwhen = { nth = 2 }\nthen = { webhook = { send = \"held\" } }";
    let server = server("end", &hook.url(), held, &[]);
    for _ in 0..3 {
        pay(&server);
    }
    hook.next();
    server.signal("-TERM");
    hook.next();
    let (status, log) = server.ended(Duration::from_secs(1));
    assert_eq!(status.code(), Some(0), "{log}");
    let end = log.lines().last().unwrap();
    assert!(
        end.contains("webhooks=2 ids=\"default/1 default/2\""),
        "{log}"
    );

    let hangs = Hook::new(|_| thread::park());
    let server = self::server("hangs-on", &hangs.url(), "", &[]);
    pay(&server);
    hangs.next();
    server.signal("-TERM");
    let (status, log) = server.ended(Duration::from_secs(2));
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("webhooks=1 ids=\"default/1\""), "{log}");
}
