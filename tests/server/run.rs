//! `mockpos run`: what the command is told, how both end, what is reported, and many at once.

use crate::support::{Client, PATIENCE, get, has_status, mockpos, ran};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

/// Says where mockpos is, waits to be told a code, and ends with it.
const TOLD: &str = r#"echo "$MOCKPOS_URL"; read code; exit "$code""#;

/// A run with its command.
struct Run {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Run {
    fn start(args: &[&str], script: &str) -> Self {
        let mut command = mockpos(&["run"]);
        command.args(args).args(["--", "sh", "-c", script]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The port of the line that names the address.
    fn port(&mut self) -> u16 {
        let url = self.line();
        let port = url.strip_prefix("http://127.0.0.1:");
        port.unwrap_or_else(|| panic!("no address: {url}"))
            .parse()
            .unwrap()
    }

    fn tell(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(format!("{text}\n").as_bytes()).unwrap();
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// How it ends, and what it writes to standard error.
    fn ended(mut self) -> (ExitStatus, String) {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            let mut stderr = self.child.stderr.take().unwrap();
            stderr.read_to_string(&mut text).unwrap();
            let _ = tell.send((self.child.wait().unwrap(), text));
        });
        told.recv_timeout(PATIENCE).expect("it ends in time")
    }

    fn ended_with(self, code: i32) -> String {
        let (status, text) = self.ended();
        assert_eq!(status.code(), Some(code), "{text}");
        text
    }
}

fn talk(port: u16, path: &str) -> String {
    let mut client = Client::connect(port);
    client.send(&get(path));
    client.rest()
}

/// A file of this test's own.
fn file(name: &str) -> PathBuf {
    let name = format!("mockpos-run-{}-{name}", std::process::id());
    std::env::temp_dir().join(name)
}

fn scenario(name: &str, rules: &str) -> String {
    let path = file(&format!("{name}.toml"));
    fs::write(&path, format!("version = 1\n{rules}")).unwrap();
    path.to_str().unwrap().to_owned()
}

const CSRF_ONCE: &str = r#"
[[expect]]
name = "asked once"
when = { endpoint = "akinon.*", page = "IndexPage" }
count = 1
"#;

const INDEX: &str = "/orders/checkout/?page=IndexPage";

fn post(port: u16, path: &str) -> String {
    let mut client = Client::connect(port);
    client.send(
        &get(path)
            .replace("GET ", "POST ")
            .replace("\r\n\r\n", "\r\ncontent-length: 0\r\n\r\n"),
    );
    client.rest()
}

#[test]
fn it_ends_as_its_command_does() {
    let cases: [(&[&str], i32, &str); 12] = [
        (&["--", "true"], 0, "0 calls"),
        (&["--", "false"], 1, "0 calls"),
        (&["--", "sh", "-c", "exit 7"], 7, "0 calls"),
        (&["--", "sh", "-c", "kill -9 $$"], 137, "0 calls"),
        (&["--quiet", "--", "true"], 0, ""),
        (
            &["--", "no-such-command", "x"],
            127,
            "error: cannot run `no-such-command`",
        ),
        (&["--", "/"], 126, "error: cannot run `/`"),
        (&[], 2, "COMMAND"),
        (
            &["--export", "X=colour", "--", "true"],
            2,
            "`--export` cannot be `X=colour`",
        ),
        (&["--export", "1=url", "--", "true"], 2, "a variable's name"),
        (
            &["--report", "html=x", "--", "true"],
            2,
            "`--report` cannot be `html=x`",
        ),
        (
            &["--scenario", "none.toml", "--", "true"],
            2,
            "cannot read scenario",
        ),
    ];
    for (args, code, says) in cases {
        let (ended, stdout, stderr) = ran(&[&["run"], args].concat(), &[]);
        assert_eq!(
            (ended, stdout.as_str()),
            (Some(code), ""),
            "{args:?} {stderr}"
        );
        assert!(stderr.contains(says), "{args:?} {stderr}");
        assert_eq!(stderr.is_empty(), says.is_empty(), "{args:?} {stderr}");
    }
}

#[test]
fn the_command_learns_where_mockpos_is_and_with_which_keys() {
    let merchant = scenario(
        "keys",
        "[[merchant]]\nname = \"m\"\napi_key = \"k1\"\nsecret_key = \"s1\"\ncallback_key = \"c1\"\nwebhook_key = \"w1\"",
    );
    let script = r#"echo "$MOCKPOS_URL"
        test "$CRAFTGATE_BASE_URL" = "$MOCKPOS_URL" && test "$SERVICE_BACKEND_URL" = "$MOCKPOS_URL"
        echo "$? $CRAFTGATE_API_KEY $CRAFTGATE_SECRET_KEY $CRAFTGATE_CALLBACK_KEY $CRAFTGATE_WEBHOOK_KEY"
        echo "$POS $KEY $CRAFTGATE_URL ${MOCKPOS_ADMIN_TOKEN-none}"
        read code; exit "$code""#;
    let args = [
        "--scenario",
        &merchant,
        "--export",
        "POS=url",
        "--export",
        "KEY=secret-key",
        "--export",
        "CRAFTGATE_URL=api-key",
    ];
    let mut run = Run::start(&args, script);
    let port = run.port();
    has_status(&talk(port, "/__mockpos/health"), 200);
    assert_eq!(run.line(), "0 k1 s1 c1 w1");
    assert_eq!(run.line(), format!("http://127.0.0.1:{port} s1 k1 none"));
    run.tell("0");
    run.ended_with(0);
    fs::remove_file(merchant).unwrap();
}

#[test]
fn a_command_that_passes_fails_when_an_expectation_does() {
    let expects = scenario("expects", CSRF_ONCE);
    let args = ["--scenario", expects.as_str()];
    for (calls, own, code) in [
        (0, "0", 1),
        (1, "0", 0),
        (2, "0", 1),
        (0, "5", 5),
        (1, "5", 5),
    ] {
        let mut run = Run::start(&args, TOLD);
        let port = run.port();
        (0..calls).for_each(|_| has_status(&post(port, INDEX), 200));
        run.tell(own);
        let says = run.ended_with(code);
        assert_eq!(
            says.contains("`asked once`: wanted 1, found"),
            calls != 1,
            "{says}"
        );
    }
    fs::remove_file(expects).unwrap();
}

#[test]
fn mistakes_count_when_they_are_to() {
    for (args, code) in [(&[][..], 0), (&["--strict"], 1)] {
        let mut run = Run::start(args, TOLD);
        let port = run.port();
        has_status(&talk(port, "/orders/masterpas-rest-token/"), 404);
        run.tell("0");
        let says = run.ended_with(code);
        assert_eq!(
            says.contains("the nearest is `GET /orders/masterpass-rest-token`"),
            code == 1
        );
    }
}

#[test]
fn reports_are_written_for_every_sandbox_that_was_called() {
    let (folder, expects) = (file("reports"), scenario("reports", CSRF_ONCE));
    let [xml, json] = ["a/out.xml", "b/out.json"].map(|name| folder.join(name));
    let reports = [
        format!("junit={}", xml.display()),
        format!("json={}", json.display()),
    ];
    let args = [
        "--scenario",
        &expects,
        "--report",
        &reports[0],
        "--report",
        &reports[1],
    ];
    let mut run = Run::start(&args, TOLD);
    let port = run.port();
    has_status(&post(port, &format!("/~one{INDEX}")), 200);
    has_status(&talk(port, "/~two/csrf_token/"), 200);
    has_status(&talk(port, "/~three/__mockpos/health"), 200);
    run.tell("0");
    let says = run.ended_with(1);
    assert!(
        says.contains("`asked once` in sandbox `two`: wanted 1, found 0"),
        "{says}"
    );
    let found: Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    let passed: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|report| {
            (
                report["sandbox"].as_str().unwrap(),
                report["passed"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(passed, [("one", true), ("two", false)]);
    let found = fs::read_to_string(xml).unwrap();
    assert!(
        found.contains(r#"<testsuites name="mockpos" tests="4" failures="1""#),
        "{found}"
    );
    fs::remove_dir_all(folder).unwrap();
    // A report that cannot be written is a failure, too.
    let args = ["--report", "json=/dev/null/x", "--", "true"];
    let (code, _, stderr) = ran(&[&["run"], &args[..]].concat(), &[]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(
        stderr.contains("cannot write report `/dev/null/x`"),
        "{stderr}"
    );
    fs::remove_file(expects).unwrap();
}

#[test]
fn signals_reach_the_command() {
    for (name, code) in [("TERM", 41), ("INT", 42), ("HUP", 43)] {
        let script = format!(
            "tail -f /dev/null & p=$!; trap 'kill $p; exit {code}' {name}; echo \"$MOCKPOS_URL\"; wait $p"
        );
        let mut run = Run::start(&[], &script);
        let port = run.port();
        has_status(&talk(port, "/__mockpos/health"), 200);
        run.signal(&format!("-{name}"));
        run.ended_with(code);
    }
    // One that takes no care of it dies by it.
    let mut run = Run::start(&[], "echo \"$MOCKPOS_URL\"; exec tail -f /dev/null");
    run.port();
    run.signal("-TERM");
    run.ended_with(143);
}

#[test]
fn many_at_once_get_ports_of_their_own() {
    let starts = std::env::var("MOCKPOS_STARTS").ok();
    let starts = starts.map_or(20, |text| text.parse().expect("a number"));
    let runs = (0..starts).map(|_| Run::start(&["--quiet"], TOLD));
    let mut runs: Vec<Run> = runs.collect();
    let ports: BTreeSet<u16> = runs.iter_mut().map(Run::port).collect();
    assert_eq!(ports.len(), starts);
    for port in ports {
        has_status(&talk(port, "/__mockpos/health"), 200);
    }
    for mut run in runs {
        run.tell("0");
        assert_eq!(run.ended_with(0), "");
    }
}

#[test]
fn an_address_that_is_asked_for_is_taken() {
    let port = file("port");
    let args = [
        "--listen",
        "0.0.0.0:0",
        "--admin-token",
        "s3cret-token",
        "--port-file",
        port.to_str().unwrap(),
    ];
    let script = r#"echo "$MOCKPOS_URL"; echo "$MOCKPOS_ADMIN_TOKEN"; read code; exit "$code""#;
    let mut run = Run::start(&args, script);
    let found = run.port();
    assert_eq!(run.line(), "s3cret-token");
    assert_eq!(fs::read_to_string(&port).unwrap(), format!("{found}\n"));
    run.tell("0");
    run.ended_with(0);
    fs::remove_file(port).unwrap();
}

/// Values are set and files read anew, as when serving.
#[test]
fn a_run_takes_values_and_watches() {
    let rule = "[variables]\nword = { default = \"none\" }\n[[rule]]\nthen = { headers = { x-word = \"${word}\" } }\n";
    let path = scenario("watched", rule);
    let args = ["--scenario", &path, "--set", "word=set", "--watch"];
    let mut run = Run::start(&args, TOLD);
    let port = run.port();
    let basket = "/baskets/basket/?format=json";
    assert!(talk(port, basket).contains("x-word: set\r\n"));
    scenario("watched", &rule.replace("${word}", "${word} anew"));
    let anew = (0..50_000).any(|_| {
        thread::yield_now();
        talk(port, basket).contains("x-word: set anew\r\n")
    });
    assert!(anew, "the file is read anew");
    run.tell("0");
    run.ended_with(0);
    let wrong = ["--scenario", &path, "--set", "wrod=x", "--", "true"];
    let (code, _, err) = ran(&[&["run"], &wrong[..]].concat(), &[]);
    assert_eq!(code, Some(2), "{err}");
    assert!(
        err.contains("error[S031]") && err.contains("`word`"),
        "{err}"
    );
    fs::remove_file(path).unwrap();
}

/// A shop that is gone takes no webhooks: they are tried to the end, then told, and count when they are to.
#[test]
fn webhooks_are_drained_in_the_end() {
    let rules =
        "[craftgate]\nsignature = \"off\"\n[[merchant]]\nwebhook_url = \"http://127.0.0.1:9/hook\"";
    let listens = scenario("drains", rules);
    let order = r#"{"price":100,"paidPrice":100,"installment":1,"currency":"TRY","items":[{"price":100}],
        "card":{"cardHolderName":"A B","cardNumber":"5258640000000001","expireYear":"2044","expireMonth":"07","cvc":"000"}}"#;
    for (more, code) in [(&[][..], 0), (&["--strict"], 1)] {
        let mut args = vec!["--scenario", listens.as_str()];
        args.extend(more);
        let mut run = Run::start(&args, TOLD);
        let mut client = Client::connect(run.port());
        client.send(&format!(
            "POST /payment/v1/card-payments HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: api-key\r\n\
             x-rnd-key: r\r\nx-signature: none\r\nx-auth-version: 1\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{order}",
            order.len()
        ));
        has_status(&client.rest(), 200);
        run.tell("0");
        let says = run.ended_with(code);
        let told = "webhook 1 in sandbox `default` to http://127.0.0.1:9/hook was not delivered in";
        assert!(says.contains(told), "{says}");
    }
    fs::remove_file(listens).unwrap();
}
