//! What the admin can say of the calls of a sandbox: list, wait, verify, explain.

mod contract;
mod explain;
mod journal;
mod mismatch;
mod verify;

use crate::support::{Answer, Shopper};
use http::Method;
use serde_json::Value;

/// A call to the admin.
pub fn admin(shopper: &mut Shopper, line: &str) -> Answer {
    told(shopper, line, ("", ""))
}

/// A call to the admin with a body of that media type.
pub fn told(shopper: &mut Shopper, line: &str, (media, body): (&str, &str)) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let method = method.parse::<Method>().unwrap();
    shopper.header("host", "localhost");
    let answer = shopper.send(
        method,
        &format!("/__mockpos/{path}"),
        (media, body.to_owned()),
    );
    shopper.header("host", "");
    answer
}

/// The `n`s of the entries of a list.
pub fn numbers(list: &Value) -> Vec<u64> {
    let entries = list["entries"].as_array().unwrap();
    entries.iter().map(|e| e["n"].as_u64().unwrap()).collect()
}
