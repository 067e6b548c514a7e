//! The stories of the fuzzer's corpus once more, each as often as its calls have fields: every time another field is a
//! card number, or a password where its name says that it is one.

use crate::cards::{NUMBERS, SECRETS, leak, number, secret, silent};
use crate::support::{Client, count, request};
use serde_json::{Value, json};
use std::path::Path;

/// A call as the corpus has it: a line with method and target, lines with headers, an empty line, the body.
struct Told {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Told {
    fn of(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        Some(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: bytes[end + 2..].to_vec(),
        })
    }

    fn bytes(&self, body: &[u8]) -> Vec<u8> {
        let own = self
            .headers
            .iter()
            .filter(|(name, _)| name != "content-length");
        let mut headers: Vec<_> = own.map(|(name, value)| (&**name, &**value)).collect();
        headers.push(("x-api-key", "api-key"));
        request(&self.method, &self.target, &headers, body)
    }
}

/// Where the values of a body are that are no lists or objects.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                leaves(
                    value,
                    &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                leaves(value, &format!("{at}/{n}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(at.to_owned())
        }
    }
}

/// Tells them all; how many canaries there were.
pub fn told(client: &mut Client) -> usize {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/answer");
    let mut files: Vec<_> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 30, "the corpus is there");
    let (mut planted, mut seen) = (0, 0);
    let every = count(17, 1, 1);
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        // told over broken connections
        if String::from_utf8_lossy(&bytes).contains("fault = \"") {
            continue;
        }
        let calls: Vec<_> = bytes
            .split(|byte| *byte == 0x1e)
            .filter_map(Told::of)
            .collect();
        for (n, call) in calls.iter().enumerate().take(12) {
            let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
            let mut found = Vec::new();
            leaves(&body, "", &mut found);
            // a scenario, or a snapshot
            found.retain(|_| !call.target.starts_with("/__mockpos"));
            for leaf in found.iter().filter(|leaf| !leaf.is_empty()) {
                seen += 1;
                if seen % every == 0 {
                    plant(client, (&calls[..n], call), (&body, leaf));
                    planted += 1;
                }
            }
        }
    }
    assert!(planted * every > 300, "{planted}");
    planted
}

fn plant(client: &mut Client, (before, call): (&[Told], &Told), (body, leaf): (&Value, &str)) {
    client.ask(&request(
        "POST",
        "/__mockpos/reset",
        &[("content-type", "application/json")],
        b"{}",
    ));
    for call in before {
        client.ask(&call.bytes(&call.body));
    }
    let mut body = body.clone();
    let name = leaf.rsplit('/').next().unwrap();
    let hidden = SECRETS.contains(&name);
    let canary = if hidden {
        secret(leaf.len())
    } else {
        number(leaf.len())
    };
    *body.pointer_mut(leaf).unwrap() = json!(canary);
    let answer = client.ask(&call.bytes(body.to_string().as_bytes()));
    let what = format!("{} {} {leaf}", call.method, call.target);
    let found = leak(&answer.text()).filter(|_| answer.status >= 400);
    assert!(found.is_none(), "{what}: {}", found.unwrap());
    silent(client, "default", &what);
    if hidden || NUMBERS.contains(&name) {
        let state = client
            .ask(&request("GET", "/__mockpos/state", &[], b""))
            .text();
        assert!(
            leak(&state).is_none(),
            "snapshot after {what}: {}",
            leak(&state).unwrap()
        );
    }
}
