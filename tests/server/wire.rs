//! Bytes on the wire: what is asked wrongly, slowly, or not at all.

use crate::support::{HEALTH, Process, get, has_status};

const POST: &str =
    "POST /__mockpos/health HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

#[test]
fn a_sandbox_named_twice_must_be_the_same() {
    let server = Process::start(&[]);
    let ask = |path: &str, header: &str| {
        let sandbox = format!("x-mockpos-sandbox: {header}\r\n\r\n");
        server.talk(&get(path).replacen("\r\n\r\n", &format!("\r\n{sandbox}"), 1))
    };
    has_status(&ask("/~one/__mockpos/health", "one"), 200);
    has_status(&ask("/~one/__mockpos/health", "two"), 400);
    has_status(&ask("/__mockpos/health", "no name"), 400);
    has_status(&server.talk(&get("/~a.b/__mockpos/health")), 400);
    let log = server.log();
    assert!(log.contains("path=\"/~one/__mockpos/health\""), "{log}");
}

#[test]
fn large_packed_and_broken_bodies_are_refused_and_the_server_goes_on() {
    let server = Process::start(&[]);
    let whole = |headers: &str, body: &str| {
        server.talk(&format!(
            "{POST}connection: close\r\n{headers}\r\n\r\n{body}"
        ))
    };
    let mib = "x".repeat(1024 * 1024);
    has_status(&whole("content-length: 1048576", &mib), 405);
    let long = whole("content-length: 1048577", "");
    has_status(&long, 413);
    assert!(long.contains("connection: close"), "{long}");
    // all of it is sent before the answer is read, and the answer arrives
    has_status(&whole("content-length: 4194304", &mib.repeat(4)), 413);
    let chunk = format!("100000\r\n{mib}\r\n1\r\nx\r\n0\r\n\r\n");
    has_status(&whole("transfer-encoding: chunked", &chunk), 413);
    has_status(
        &whole("content-length: 1\r\ncontent-encoding: gzip", "x"),
        415,
    );
    has_status(
        &whole("content-length: 1\r\ncontent-encoding: identity", "x"),
        405,
    );
    has_status(&whole("transfer-encoding: chunked", "zz\r\n"), 400);
    has_status(&server.talk(&get(HEALTH)), 200);
}

#[test]
fn slow_bodies_are_refused() {
    let server = Process::start(&["--body-timeout", "50ms"]);
    let answer = server.talk(&format!("{POST}content-length: 5\r\n\r\nx"));
    has_status(&answer, 408);
    assert!(answer.contains("connection: close"), "{answer}");
}

#[test]
fn bytes_that_are_no_http_get_400_and_the_server_goes_on() {
    let server = Process::start(&[]);
    let head = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n",
        "x".repeat(70_000)
    );
    for (bytes, status) in [
        ("\u{16}\u{3}\u{1}\r\n\r\n", 400),
        ("hello\r\n\r\n", 400),
        ("GET / HTTP/9.9\r\n\r\n", 400),
        ("GET /__mockpos HTTP/1.1\r\n\r\n", 400),
        (
            "GET /__mockpos HTTP/1.1\r\nhost: localhost\r\nhost: b\r\nconnection: close\r\n\r\n",
            400,
        ),
        (
            "GET /__mockpos HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n",
            400,
        ),
        (head.as_str(), 431),
    ] {
        let answer = server.talk(bytes);
        has_status(&answer, status);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            body.starts_with('{') && body.len() > 20,
            "no word of why: {answer}"
        );
    }
    has_status(&server.talk(&get(HEALTH)), 200);
}

#[test]
fn head_has_the_head_of_get_and_no_body() {
    let server = Process::start(&[]);
    let by_get = server.talk(&get(HEALTH));
    let by_head = server.talk(&get(HEALTH).replacen("GET", "HEAD", 1));
    let head = |answer: &str| {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let own = |line: &&str| line.starts_with("date:") || line.starts_with("x-request-id:");
        let lines = head.lines().filter(|line| !own(line));
        (lines.collect::<Vec<_>>().join("\n"), body.len())
    };
    let (expected, length) = head(&by_get);
    assert_eq!(head(&by_head), (expected, 0));
    assert!(length > 0);
}

#[test]
fn a_half_closed_connection_gets_its_answer() {
    let server = Process::start(&[]);
    let mut client = server.connect();
    client.send(&get(HEALTH).replace("connection: close\r\n", ""));
    client.half_close();
    has_status(&client.rest(), 200);
}

#[test]
fn connections_are_kept_and_pipelined_requests_answered_in_order() {
    let server = Process::start(&[]);
    let mut client = server.connect();
    let one = get(HEALTH).replace("connection: close\r\n", "");
    client.send(&one);
    has_status(&client.answer(), 200);
    client.send(&format!("{one}{}", get("/__mockpos/none")));
    has_status(&client.answer(), 200);
    has_status(&client.rest(), 404);
}

#[test]
fn slow_heads_are_cut_but_idle_connections_are_not() {
    let server = Process::start(&["--header-timeout", "100ms", "--idle-timeout", "60s"]);
    let mut idle = server.connect();
    let mut kept = server.connect();
    kept.send(&get(HEALTH).replace("connection: close\r\n", ""));
    has_status(&kept.answer(), 200);

    // its end is 100 ms and more after the others came to rest
    let mut slow = server.connect();
    slow.send("GET / HTTP/1.1\r\nhost:");
    assert!(slow.is_cut());

    idle.send(&get(HEALTH));
    has_status(&idle.rest(), 200);
    kept.send("GET / HT");
    assert!(kept.is_cut());
}

#[test]
fn idle_connections_are_cut_in_their_own_time() {
    let server = Process::start(&["--header-timeout", "60s", "--idle-timeout", "300ms"]);
    let mut slow = server.connect();
    slow.send("GET /__mockpos/health HTTP/1.1\r\n");
    let mut fresh = server.connect();
    let mut kept = server.connect();
    kept.send(&get(HEALTH).replace("connection: close\r\n", ""));
    has_status(&kept.answer(), 200);
    assert!(fresh.is_cut() && kept.is_cut());

    slow.send("host: localhost\r\nconnection: close\r\n\r\n");
    has_status(&slow.rest(), 200);
}

#[test]
fn access_lines_say_who_decided_and_never_show_queries() {
    let server = Process::start(&["--log-format", "json"]);
    server.talk(&get(
        "/__mockpos/health?card=4111111111111111&page=P%1b[2J%0a",
    ));
    server.talk(&get("/cards/4111111111111111"));
    let log = server.log();
    assert!(
        !log.contains("4111111111111111") && !log.contains('\u{1b}'),
        "{log}"
    );
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert_eq!(lines[0]["method"], "GET");
    assert_eq!(lines[0]["path"], "/__mockpos/health");
    assert_eq!(lines[0]["page"], "P\u{1b}[2J\n");
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[0]["decided_by"], "default");
    assert!(lines[0]["micros"].is_u64());
    assert_eq!(lines[1]["path"], "/cards/411111******1111");
}

#[test]
fn text_lines_escape_what_a_terminal_would_obey() {
    let server = Process::start(&[]);
    server.talk(&get("/__mockpos/health?page=P%1b[2J%0aINFO%20forged"));
    let log = server.log();
    assert!(
        log.contains("status=200") && log.lines().count() == 1,
        "{log}"
    );
    assert!(!log.contains('\u{1b}'), "{log}");

    let server = Process::start(&["--quiet"]);
    server.talk(&get(HEALTH));
    assert_eq!(server.log(), "");
}

#[test]
fn with_few_files_clients_wait_their_turn() {
    let server = Process::start_with_files(64);
    let mut clients: Vec<_> = (0..200).map(|_| server.connect()).collect();
    drop(clients.drain(..100));
    for client in &mut clients {
        client.send(&get(HEALTH));
    }
    for mut client in clients {
        has_status(&client.rest(), 200);
    }
}

/// A harness that never reads the log holds up nobody.
#[test]
fn an_unread_log_does_not_stop_the_server() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_mockpos"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut ready).unwrap();
    let address = ready
        .split("http://")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    for call in 0..3_000 {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(std::time::Duration::from_secs(10)))
            .unwrap();
        std::io::Write::write_all(&mut stream, get(HEALTH).as_bytes()).unwrap();
        let mut answer = String::new();
        let read = std::io::Read::read_to_string(&mut stream, &mut answer);
        assert!(
            read.is_ok() && answer.starts_with("HTTP/1.1 200"),
            "call {call}: {read:?}"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Other bodies have 1 MiB at most, a snapshot 32 MiB.
#[test]
fn a_snapshot_may_be_long() {
    let server = Process::start(&[]);
    let put = |path: &str, length: usize, body: &str| {
        server.talk(&format!(
            "PUT {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
    };
    let long = format!("{{{}}}", " ".repeat(2 << 20));
    let read = put("/__mockpos/state", long.len(), &long);
    has_status(&read, 422);
    assert!(read.contains("`version`: is missing"), "{read}");
    has_status(&put("/__mockpos/state", (32 << 20) + 1, ""), 413);
    has_status(&put("/__mockpos/clock", (1 << 20) + 1, ""), 413);
}
