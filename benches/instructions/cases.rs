//! What is counted: each case does the same work as often as it is told to, in the process.

use crate::shared::{self, Ask, Told};
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, Method};
use mockpos::app::{App, Outcome};
use mockpos::call::Call;
use mockpos::reply::Reply;
use mockpos::scenario::Scenario;
use mockpos::surface;
use mockpos::surface::admin::Access;
use mockpos::world::Birth;
use serde_json::Value;
use std::hint::black_box;
use std::sync::Arc;

/// The cases. `checkout` is a whole one, with the pages before it.
pub const NAMES: &[&str] = &[
    "generate_token",
    "bin_page",
    "payment",
    "sealed_payment",
    "checkout",
];
/// Before the name of a case: its reference.
pub const REFERENCE: &str = "json:";

/// Runs a case so many times, or its reference.
pub fn run(name: &str, times: u32) {
    let app = app();
    match name.strip_prefix(REFERENCE) {
        Some(name) => json(&bodies(&app, name), times),
        None => answers(&app, name, times),
    }
}

fn app() -> App {
    let scenario = Arc::new(Scenario::builtin(&surface::catalog()));
    let clock = "frozen:2026-01-02T03:04:05Z".parse();
    let clock = clock.expect("this is a time");
    App::new(scenario, Birth { seed: 1, clock }, Access::default())
}

fn answers(app: &App, name: &str, times: u32) {
    if name == "checkout" {
        for n in 0..times {
            checkout(n, &mut |ask| told(&answer(app, &call(ask))));
        }
        return;
    }
    let call = call(&single(app, name));
    for _ in 0..times {
        // a fresh copy, as what a call has parsed stays with it
        black_box(answer(app, &call.clone()));
    }
}

/// The one request of a case, after those that lead to it.
fn single(app: &App, name: &str) -> Ask {
    let mut send = |ask: &Ask| told(&answer(app, &call(ask)));
    match name {
        "generate_token" => shared::generate_token(),
        "payment" => shared::backend_payment(&mut send),
        "sealed_payment" => shared::sealed_payment(&mut send),
        "bin_page" => {
            send(&shared::option("benchmark0"));
            shared::bin_page("benchmark0")
        }
        _ => panic!("there is no case `{name}`"),
    }
}

fn checkout(n: u32, send: &mut shared::Send<'_>) {
    let session = format!("benchmark{n}");
    let pages = shared::to_order_no(&session).map(|ask| send(&ask));
    let order_no = shared::order_no(&pages[3]);
    shared::three_d_checkout(&session, &order_no, send);
}

/// What the calls of a case bring, and their answers.
fn bodies(app: &App, name: &str) -> Vec<(String, Value)> {
    let mut bodies = Vec::new();
    let mut send = |ask: &Ask| {
        let told = told(&answer(app, &call(ask)));
        let json = serde_json::from_slice(&told.body);
        let text = || Value::from(String::from_utf8_lossy(&told.body));
        bodies.push((ask.body.clone(), json.unwrap_or_else(|_| text())));
        told
    };
    if name == "checkout" {
        checkout(0, &mut send);
    } else {
        send(&single(app, name));
    }
    bodies
}

fn json(bodies: &[(String, Value)], times: u32) {
    for _ in 0..times {
        for (request, reply) in bodies {
            // Err: it is a form, or empty
            let _ = black_box(serde_json::from_str::<Value>(black_box(request)));
            black_box(serde_json::to_vec(black_box(reply)).expect("a value can be written"));
        }
    }
}

fn call(ask: &Ask) -> Call {
    let method = Method::from_bytes(ask.method.as_bytes());
    let mut call = Call::new(method.expect("this is a method"), &ask.target);
    call.origin = format!("http://{}", shared::HOST).into();
    for (name, value) in &ask.headers {
        let value = HeaderValue::from_str(value).expect("this is a header's value");
        call.headers.insert(HeaderName::from_static(name), value);
    }
    call.body = ask.body.clone().into();
    call
}

fn answer(app: &App, call: &Call) -> Reply {
    match app.answer(call) {
        Outcome::Done(reply) => reply,
        Outcome::Held(..) | Outcome::Errand(_) => {
            unreachable!("the built-in scenario holds nothing")
        }
    }
}

fn told(reply: &Reply) -> Told {
    assert!(reply.status.as_u16() < 400, "{reply:?}");
    let location = reply.headers.get(LOCATION);
    Told {
        location: location
            .map_or("", |at| at.to_str().unwrap_or(""))
            .to_owned(),
        body: reply.body.to_vec(),
    }
}
