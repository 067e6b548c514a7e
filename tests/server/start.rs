//! Flags, variables, the ready line, and the ways not to start.

use crate::support::{HEALTH, Process, get, has_status, mockpos, ran};
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::Stdio;

#[test]
fn the_ready_line_is_json_and_alone_on_stdout() {
    let mut server = Process::start(&["--quiet", "--seed", "7"]);
    let url = format!("http://127.0.0.1:{}", server.port);
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({"event": "ready", "url": url, "seed": 7, "version": version});
    assert_eq!(server.ready, expected);
    has_status(&server.talk(&get(HEALTH)), 200);
    server.signal("-INT");
    let mut more = String::new();
    server.stdout.read_to_string(&mut more).unwrap();
    assert_eq!(more, "");
}

#[test]
fn the_port_file_holds_the_port() {
    let file = std::env::temp_dir().join(format!("mockpos-port-{}", std::process::id()));
    let server = Process::start(&["--port-file", file.to_str().unwrap()]);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        format!("{}\n", server.port)
    );
    fs::remove_file(file).unwrap();
}

#[test]
fn serving_is_what_happens_without_a_command() {
    let mut command = mockpos(&[]);
    command
        .env("MOCKPOS_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains("\"ready\""), "{line}");
}

#[test]
fn it_ends_with_standard_input_where_that_is_asked_for() {
    let mut command = mockpos(&["serve", "--listen", "127.0.0.1:0", "--while-stdin"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let stdin = child.stdin.take().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("\"ready\""), "{line}");
    assert!(child.try_wait().unwrap().is_none(), "it goes on until then");
    drop(stdin);
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(0), "in good order");
}

#[test]
fn what_cannot_start_exits_with_2_and_a_hint() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    type Words<'a> = &'a [&'a str];
    type Variables<'a> = &'a [(&'a str, &'a str)];
    let none: Variables = &[];
    // arguments, variables, what the message says
    let cases: [(Words, Variables, &str); 13] = [
        (
            &["--listen", &taken],
            none,
            "something listens there already",
        ),
        (
            &["--listen", "192.0.2.1:4242"],
            none,
            "is it an address of this machine?",
        ),
        (&["--listen", "here"], none, "`--listen` cannot be `here`"),
        (&["--seed", "x"], none, "`--seed` cannot be `x`"),
        (&["--clock", "slow"], none, "expected `real`, `frozen:"),
        (&["--sede", "1"], none, "'--seed'"),
        (
            &["--scenario", "hapy"],
            none,
            "`hapy` is no shipped scenario",
        ),
        (
            &["--scenario", "./none.toml"],
            none,
            "cannot read scenario `./none.toml`",
        ),
        (
            &["--port-file", "/none/such/port"],
            none,
            "cannot write port file",
        ),
        (
            &["--masterpass-sdk", "/none/such.js"],
            none,
            "cannot serve SDK `/none/such.js`",
        ),
        (
            &[],
            &[("MOCKPOS_MASTERPASS_SDK", "Cargo.toml")],
            "expected one public key",
        ),
        (
            &[],
            &[("MOCKPOS_LISTEN", "x")],
            "`MOCKPOS_LISTEN` cannot be `x`",
        ),
        (
            &["serve"],
            &[("MOCKPOS_QUIET", "x")],
            "`MOCKPOS_QUIET` cannot be `x`",
        ),
    ];
    for (args, env, says) in cases {
        let free = [("MOCKPOS_LISTEN", "127.0.0.1:0")];
        let env = [&free, env].concat();
        let (code, stdout, stderr) = ran(args, &env);
        assert_eq!(
            (code, stdout.as_str()),
            (Some(2), ""),
            "{args:?} {env:?}\n{stderr}"
        );
        let told = stderr.starts_with("error") && stderr.contains(says);
        assert!(told, "{stderr}");
    }
}

#[test]
fn a_copy_of_the_sdk_is_served_with_another_key() {
    let name = format!("mockpos-sdk-{}.js", std::process::id());
    let file = std::env::temp_dir().join(&name);
    fs::write(&file, format!("key='{}';", "ab".repeat(176))).unwrap();
    let server = Process::start(&["--masterpass-sdk", file.to_str().unwrap()]);
    let answer = server.talk(&get(&format!("/masterpass-sdk/{name}")));
    has_status(&answer, 200);
    let key = mockpos::surface::masterpass::sealed::MODULUS.to_lowercase();
    assert!(answer.ends_with(&format!("key='{key}';")), "{answer}");
    fs::remove_file(file).unwrap();
}

#[test]
fn print_config_shows_values_and_sources() {
    let args = [
        "--print-config",
        "--seed",
        "7",
        "--admin-token",
        "s3cret-token",
    ];
    let env = [
        ("MOCKPOS_IDLE_TIMEOUT", "1500ms"),
        ("MOCKPOS_SCENARIO_INLINE", "version = 1\n"),
    ];
    let (code, stdout, stderr) = ran(&args, &env);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let rows: Vec<Vec<_>> = stdout
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    for row in [
        ["listen", "=", "127.0.0.1:4242", "(default)"],
        ["seed", "=", "7", "(flag)"],
        ["idle-timeout", "=", "1500ms", "(environment)"],
        ["header-timeout", "=", "10s", "(default)"],
        ["scenario", "=", "default", "(default)"],
        ["admin-token", "=", "(hidden)", "(flag)"],
    ] {
        assert!(rows.contains(&row.to_vec()), "{row:?} in\n{stdout}");
    }
    assert!(!stdout.contains("s3cret"));
}

#[test]
fn healthcheck_tells_by_its_exit_code() {
    let server = Process::start(&[]);
    let url = format!("http://127.0.0.1:{}", server.port);
    assert_eq!(ran(&["healthcheck", &url], &[]).0, Some(0));
    let listen = format!("0.0.0.0:{}", server.port);
    assert_eq!(
        ran(&["healthcheck"], &[("MOCKPOS_LISTEN", &listen)]).0,
        Some(0)
    );

    let deaf = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [format!("http://{deaf}"), "here".to_owned()] {
        let (code, _, stderr) = ran(&["healthcheck", &url], &[]);
        assert_eq!(code, Some(1), "{stderr}");
        assert!(stderr.starts_with("error: "), "{stderr}");
    }
}

#[test]
fn check_tells_by_its_exit_code() {
    assert_eq!(ran(&["check", "default"], &[]).0, Some(0));
    assert_eq!(ran(&["check", "default", "./none.toml"], &[]).0, Some(2));
    assert_eq!(ran(&["check"], &[]).0, Some(2));
}

#[test]
fn the_language_is_told_on_the_terminal() {
    let (code, out, _) = ran(&["knobs", "rule.when.bin"], &[]);
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with("rule.when.bin\n    first digits of the card"),
        "{out}"
    );
    assert!(out.contains("takes 6 to 8 digits") && out.contains("bin = \"525864\""));
    let (_, all, _) = ran(&["knobs"], &[]);
    assert!(
        all.contains(&out) && all.contains("\nrule.then.patch.set\n"),
        "{all}"
    );
    let (code, _, err) = ran(&["knobs", "zzz"], &[]);
    assert_eq!(code, Some(2));
    assert!(err.contains("no knob has `zzz` in its name"), "{err}");

    let (code, out, _) = ran(&["schema"], &[]);
    assert_eq!(code, Some(0));
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema["required"][0], "version");

    let (code, out, _) = ran(&["scenarios"], &[]);
    assert_eq!(code, Some(0));
    let line = out.lines().find(|line| line.starts_with("bank-declines "));
    assert!(
        line.unwrap()
            .ends_with("another reason for each of six cards")
    );
    assert!(
        out.lines().all(|line| line.split_whitespace().count() > 3),
        "{out}"
    );
}

#[test]
fn check_tells_people_programs_and_pull_requests() {
    let file = |name: &str, text: &str| {
        let name = format!("mockpos-check-{name}-{}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let bad = file("bad", "version = 1\n[settings]\nstrickt = true\n");
    let fails =
        "version = 1\n\n[[example]]\ncall = \"GET /__mockpos/health\"\nexpect = { status = 404 }\n";
    let fails = file("fails", fails);

    let (code, out, err) = ran(&["check", "default", &bad, &fails], &[]);
    assert_eq!(code, Some(2));
    assert!(out.starts_with("default: ok, "), "{out}");
    assert!(err.contains("error[S004]: unknown key `strickt`"), "{err}");
    assert!(err.contains(&format!("{bad}:3:1")), "{err}");
    assert!(err.contains("error[S029]: "), "{err}");
    assert!(err.ends_with("error: 2 of 3 no good\n"), "{err}");

    let args = [
        "check",
        "--format",
        "json",
        "default",
        &bad,
        &fails,
        "./none.toml",
    ];
    let (code, out, _) = ran(&args, &[]);
    assert_eq!(code, Some(2));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["ok"], false);
    assert_eq!(json["files"][0]["ok"], true);
    let problem = &json["files"][1]["problems"][0];
    let place = (&problem["file"], &problem["line"], &problem["column"]);
    assert_eq!(place, (&bad.clone().into(), &3.into(), &1.into()));
    assert_eq!(problem["code"], "S004");
    assert_eq!(problem["hint"], "did you mean `strict`?");
    let problem = &json["files"][2]["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["line"]),
        (&"S029".into(), &3.into())
    );
    assert_eq!(json["files"][3]["problems"][0]["code"], "S030");

    let (_, out, _) = ran(&["check", "--format", "github", &bad], &[]);
    let command = format!("::error file={bad},line=3,col=1,title=S004 unknown key::");
    assert!(out.starts_with(&command), "{out}");

    let (code, _, err) = ran(&["serve", "--scenario", &bad], &[]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error[S004]: "), "{err}");
    for path in [bad, fails] {
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn away_from_loopback_a_token_is_made_and_told() {
    let server = Process::start_on("0.0.0.0:0", &[]);
    has_status(&server.talk(&get(HEALTH)), 200);
    let log = server.log();
    let token = log.split("admin_token=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    assert!(
        token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()),
        "{token}"
    );

    let given = ["--admin-token", "s3cret-token"];
    let log = Process::start_on("0.0.0.0:0", &given).log();
    assert!(!log.contains("token") && !log.contains("s3cret"), "{log}");
}
