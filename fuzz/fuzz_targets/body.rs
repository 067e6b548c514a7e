//! Forms and JSON: as they are parsed and masked, and as an endpoint reads them. The first line is the endpoint's
//! name and the number of a media type: `craftgate.payment.create 0`.
#![no_main]

use http::{HeaderValue, Method};
use libfuzzer_sys::fuzz_target;
use mockpos::call::Call;
use mockpos::mask::mask;
use mockpos_fuzz::{House, timed};
use std::sync::LazyLock;

type Row = (&'static str, String);
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| House::rows(&Method::POST));
const MEDIA: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=UTF-8",
    "text/plain",
];

/// The row of that name; one that has no row stands for any.
fn row(head: &[u8]) -> &'static Row {
    let name = head.split(|byte| *byte == b' ').next().unwrap_or_default();
    let named = ROWS.iter().find(|(known, _)| known.as_bytes() == name);
    named.unwrap_or_else(|| {
        let sum: usize = name.iter().copied().map(usize::from).sum();
        &ROWS[sum % ROWS.len()]
    })
}

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = (&bytes[..end], &bytes[end..]);
    let media = head.last().copied().unwrap_or_default();
    let mut call = Call::new(Method::POST, &row(head).1);
    call.origin = "http://127.0.0.1:4242".into();
    for (name, value) in [
        ("host", "127.0.0.1:4242"),
        ("x-requested-with", "XMLHttpRequest"),
        ("content-type", MEDIA[usize::from(media) % MEDIA.len()]),
    ] {
        call.headers.insert(name, HeaderValue::from_static(value));
    }
    call.body = body.to_vec().into();
    let house = House::anew();
    timed(|| {
        if let Ok(fields) = call.fields() {
            for (name, _) in fields.texts() {
                let _ = (fields.text_like(&name), fields.text_at(&name));
            }
        }
        let _ = mask(body);
    });
    timed(|| drop(house.ask(call)));
    house.audited();
});
