//! Scenario files on the disk: what they stand on, what is set in them, and what becomes of them while the
//! program serves.

use crate::support::{HEALTH, Process, get, ran};
use std::fs;
use std::path::PathBuf;

/// A directory of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mockpos-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("below")).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const RULE: &str = "[[rule]]\nthen = { headers = { x-card = \"${card}\" } }";

#[test]
fn files_stand_on_files_below_and_take_values() {
    let folder = Folder::new("extends");
    let base = format!("version = 1\n[variables]\ncard = {{ default = \"none\" }}\n{RULE}\n");
    folder.write("below/base.toml", &base);
    let outside = Folder::new("outside");
    let secret = outside.write("secret.toml", "version = 1\n");
    std::os::unix::fs::symlink(&secret, folder.0.join("link.toml")).unwrap();
    let top = |bases: &str| folder.write("top.toml", &format!("version = 1\nextends = {bases}\n"));
    let good = top("[\"below/base.toml\"]");
    assert_eq!(ran(&["check", &good], &[]).0, Some(0));
    let (code, out, err) = ran(&["check", "--explain", "--set", "card=42", &good], &[]);
    assert_eq!(code, Some(0), "{err}");
    let line = out
        .lines()
        .find(|line| line.contains("x-card = \"42\""))
        .expect(&out);
    assert!(line.ends_with("below/base.toml:5"), "{line}");
    let (code, _, err) = ran(&["check", "--set", "crad=42", &good], &[]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("error[S031]") && err.contains("did you mean `card`?"),
        "{err}"
    );
    assert_eq!(ran(&["check", "--set", "card", &good], &[]).0, Some(2));
    for (bases, told) in [
        ("[\"link.toml\"]", "outside"),
        ("[\"../mockpos-outside/secret.toml\"]", "No such file"),
        (&format!("[\"{secret}\"]"), "own directory"),
        ("[\"below/../../nothing.toml\"]", "No such file"),
        ("[\"top.toml\"]", "stands on this file itself"),
        ("[\"below\"]", "directory"),
    ] {
        let file = top(bases);
        let (code, _, err) = ran(&["check", &file], &[]);
        assert_eq!(code, Some(2), "{bases}");
        assert!(
            err.contains("error[S033]") && err.contains(told),
            "{bases}: {err}"
        );
        let (code, _, err) = ran(
            &["serve", "--listen", "127.0.0.1:0", "--scenario", &file],
            &[],
        );
        assert_eq!(code, Some(2), "{bases}: {err}");
    }
}

#[test]
fn a_value_is_set_by_flag_or_variable() {
    let folder = Folder::new("set");
    let file = folder.write(
        "a.toml",
        &format!("version = 1\n[variables]\ncard = {{ default = \"none\" }}\n{RULE}\n"),
    );
    let process = Process::start(&["--scenario", &file, "--set", "card=by flag"]);
    let answer = process.talk(&get("/baskets/basket/?format=json"));
    assert!(answer.contains("x-card: by flag\r\n"), "{answer}");
    let env = [("MOCKPOS_SET", "card=a, card=b"), ("MOCKPOS_WATCH", "1")];
    let (code, out, err) = ran(&["--print-config", "--scenario", &file], &env);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("card=a,card=b") && out.contains("watch"),
        "{out}"
    );
}

/// Asks until the answer says so: so often that it takes longer than anything here.
fn until(process: &Process, path: &str, said: &str) -> String {
    let mut answer = String::new();
    for _ in 0..50_000 {
        answer = process.talk(&get(path));
        if answer.contains(said) {
            return answer;
        }
        std::thread::yield_now();
    }
    panic!("{said}: {answer}");
}

#[test]
fn files_are_read_anew_and_a_broken_one_changes_nothing() {
    let folder = Folder::new("watch");
    let text = |word: &str| {
        format!("version = 1\n[[rule]]\nthen = {{ headers = {{ x-word = \"{word}\" }} }}\n")
    };
    let base = folder.write("below/base.toml", &text("first"));
    let file = folder.write("a.toml", "version = 1\nextends = [\"below/base.toml\"]\n");
    let process = Process::start(&["--scenario", &file, "--watch"]);
    let token = "/baskets/basket/?format=json";
    let own = "PUT /~own/__mockpos/scenario HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/toml\r\n\
               content-length: 11\r\nconnection: close\r\n\r\nversion = 1";
    assert!(process.talk(own).contains("\"playing\""));
    let first = process.talk(&get(token));
    assert!(first.contains("x-word: first\r\n"), "{first}");
    let cookie = first.split("set-cookie: ").nth(1).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    // an editor that puts a new file in the place of the old one
    fs::write(folder.0.join("below/new"), text("second")).unwrap();
    fs::rename(folder.0.join("below/new"), &base).unwrap();
    let second = until(&process, token, "x-word: second\r\n");
    assert!(
        second.contains("x-mockpos-decided-by: rule base.toml:2"),
        "{second}"
    );
    let known = format!(
        "GET {token} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    assert!(
        !process.talk(&known).contains("set-cookie"),
        "the session is still known"
    );
    fs::write(&base, "version = 1\n[[rule]]\nthen = { declin = 1 }\n").unwrap();
    let health = until(&process, HEALTH, "scenario_problem");
    assert!(
        health.starts_with("HTTP/1.1 200") && health.contains("\"status\":\"ok\""),
        "{health}"
    );
    assert!(
        health.contains("S004") && health.contains("base.toml:3"),
        "{health}"
    );
    assert!(process.talk(&get(token)).contains("x-word: second\r\n"));
    fs::write(&base, text("third")).unwrap();
    until(&process, token, "x-word: third\r\n");
    assert!(!process.talk(&get(HEALTH)).contains("scenario_problem"));
    assert!(
        !process
            .talk(&get(&format!("/~own{token}")))
            .contains("x-word")
    );
    assert!(
        process
            .talk(&get(&format!("/~later{token}")))
            .contains("x-word: third\r\n")
    );
    let log = process.log();
    assert!(
        log.contains("ERROR") && log.contains("the last good one goes on"),
        "{log}"
    );
    let (code, _, err) = ran(&["--watch", "--listen", "127.0.0.1:0"], &[]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("no file to watch"), "{err}");
}

#[test]
fn rules_that_read_as_before_go_on_counting_and_another_server_needs_a_start() {
    let folder = Folder::new("counting");
    let text = |word: &str, server: &str| {
        format!(
            "version = 1\n{server}[[rule]]\nwhen = {{ nth = \">= 3\" }}\nthen = {{ headers = {{ x-third = \"yes\" }} }}\n\
             [[rule]]\nwhen = {{ nth = \">= 3\" }}\nthen = {{ patch = [{{ set = \"x\", value = \"{word}\" }}] }}\n\
             [[rule]]\nthen = {{ set_state = \"start\" }}\nwire = {{ delay = \"0ms\" }}\n"
        )
    };
    let file = folder.write("a.toml", &text("first", ""));
    let process = Process::start(&["--scenario", &file, "--watch"]);
    let path = "/baskets/basket/?format=json";
    for _ in 0..2 {
        assert!(!process.talk(&get(path)).contains("x-third"));
    }
    let health = "/__mockpos/scenario";
    fs::write(&file, text("second", "[server]\nseed = 7\n")).unwrap();
    until(&process, health, "second");
    let third = process.talk(&get(path));
    assert!(third.contains("x-third: yes\r\n"), "{third}");
    assert!(
        !third.contains("\"x\":\"second\""),
        "it counts from here: {third}"
    );
    let log = process.log();
    assert!(log.contains("start mockpos again"), "{log}");
    assert!(log.contains("WARN"), "{log}");
}
