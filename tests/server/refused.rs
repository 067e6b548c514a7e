//! Wrong input never starts the server half-way: nothing is served, no port is told, no command is run.

use crate::support::ran;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

/// A directory of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mockpos-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Scenarios of each kind that is no good, and what is said of them.
const SCENARIOS: &[(&str, &str)] = &[
    ("version = ", "error[S001]"),
    ("version = 2", "error[S003]"),
    ("[settings]\nstrict = true", "error[S003]"),
    ("version = 1\nrules = []", "error[S004]"),
    ("version = 1\n[[product]]\nname = \"a\"", "error[S005]"),
    ("version = 1\n[settings]\nstrict = 1", "error[S006]"),
    ("version = 1\n[otp]\nlifetime = \"forever\"", "error[S007]"),
    (
        "version = 1\n[[rule]]\nthen = { decline = \"no\" }",
        "error[S008]",
    ),
    (
        "version = 1\n[[rule]]\nwhen = { endpoint = \"akinn.*\" }\nthen = { approve = true }",
        "error[S009]",
    ),
    (
        "version = 1\n[[rule]]\nwhen = { endpoint = \"admin.*\" }\nthen = { approve = true }",
        "error[S012]",
    ),
    (
        "version = 1\n[[rule]]\nthen = { approve = true, decline = \"declined\" }",
        "error[S014]",
    ),
    (
        "version = 1\n[[rule]]\nwhen = { nth = 3, every = 2 }\nthen = { approve = true }",
        "error[S016]",
    ),
    (
        "version = 1\n[[rule]]\nwhen = { body = { c = \"4242424242424242\" } }\nthen = { approve = true }",
        "error[S024]",
    ),
    (
        "version = 1\n[[rule]]\nwhen = { order_no = \"${x}\" }\nthen = { approve = true }",
        "error[S031]",
    ),
    ("version = 1\nextends = [\"none.toml\"]", "error[S033]"),
    ("version = 1\n[server]\nlisten = \"here\"", "error[S007]"),
];

type Words = &'static [&'static str];
type Variables = &'static [(&'static str, &'static str)];

/// What is wrong besides: arguments, variables, what is said.
const INPUT: &[(Words, Variables, &str)] = &[
    (&["--set", "x"], &[], "`--set` cannot be `x`"),
    (&["--set", "x=1"], &[], "error[S031]"),
    (&["--scenario", "hapy-path"], &[], "no shipped scenario"),
    (&["--scenario", "./none.toml"], &[], "cannot read scenario"),
    (
        &["--listen", "127.0.0.1:99999"],
        &[],
        "`--listen` cannot be",
    ),
    (&["--listen", "localhost"], &[], "`--listen` cannot be"),
    (&["--public-url", "mock"], &[], "`--public-url` cannot be"),
    (&["--seed=-1"], &[], "`--seed` cannot be"),
    (&["--clock", "fast"], &[], "`--clock` cannot be"),
    (&["--admin-token", ""], &[], "`--admin-token` is no good"),
    (
        &["--header-timeout", "0"],
        &[],
        "`--header-timeout` cannot be",
    ),
    (&["--log-format", "xml"], &[], "`--log-format` cannot be"),
    (&["--masterpass-sdk", "/none.js"], &[], "cannot serve SDK"),
    (&["--watch"], &[], "no file to watch"),
    (&["--sede", "1"], &[], "--sede"),
    (&[], &[("MOCKPOS_SEED", "x")], "`MOCKPOS_SEED` cannot be"),
    (&[], &[("MOCKPOS_SET", "x")], "cannot be `x`"),
    (
        &[],
        &[("MOCKPOS_SCENARIO_INLINE", "version = 1\nx = 1")],
        "error[S004]",
    ),
    (
        &[],
        &[("MOCKPOS_SCENARIO", "hapy-path")],
        "no shipped scenario",
    ),
    (
        &[],
        &[("MOCKPOS_WATCH", "perhaps")],
        "`MOCKPOS_WATCH` cannot be",
    ),
];

/// Serves, and runs a command, with that: neither begins.
fn is_refused(folder: &Folder, args: &[&str], (env, says): (&[(&str, &str)], &str)) {
    let port = folder.0.join("port");
    let trace = folder.0.join("trace");
    let (port_file, command) = (port.to_str().unwrap(), trace.to_str().unwrap());
    let free = [("MOCKPOS_LISTEN", "127.0.0.1:0"), ("PATH", "/usr/bin:/bin")];
    let env = [&free, env].concat();
    let serve = [&["serve", "--port-file", port_file], args].concat();
    let run = [
        &["run", "--port-file", port_file],
        args,
        &["--", "touch", command],
    ]
    .concat();
    for all in [serve, run] {
        let (code, out, err) = ran(&all, &env);
        assert_eq!(
            (code, out.as_str()),
            (Some(2), ""),
            "{all:?} {env:?}\n{err}"
        );
        assert!(err.contains(says), "{all:?} {env:?}: {says}\n{err}");
        assert!(!port.exists() && !trace.exists(), "{all:?} {env:?}");
    }
}

#[test]
fn no_scenario_that_is_no_good_is_served() {
    let folder = Folder::new("refused-files");
    for (n, (text, says)) in SCENARIOS.iter().enumerate() {
        let file = folder.file(&format!("{n}.toml"), text);
        is_refused(&folder, &["--scenario", &file], (&[], says));
        // nor on top of a good one, nor below it
        let good = folder.file("good.toml", "version = 1\n");
        let both = ["--scenario", &file, "--scenario", &good];
        is_refused(&folder, &both, (&[], says));
    }
    let bytes = folder.file("bytes.toml", b"version = 1 # \xff\n");
    is_refused(
        &folder,
        &["--scenario", &bytes],
        (&[], "cannot read scenario"),
    );
    let large = folder.file(
        "large.toml",
        format!("version = 1\n#{}", "x".repeat(1024 * 1024)),
    );
    is_refused(&folder, &["--scenario", &large], (&[], "more than 1 MiB"));
    is_refused(
        &folder,
        &["--scenario", folder.0.to_str().unwrap()],
        (&[], "cannot read scenario"),
    );
}

#[test]
fn no_wrong_flag_or_variable_is_served() {
    let folder = Folder::new("refused-flags");
    for (args, env, says) in INPUT {
        is_refused(&folder, args, (env, says));
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    is_refused(
        &folder,
        &["--listen", &taken],
        (&[], "something listens there"),
    );
}
