//! An app in this process, and the CPU time of this thread: what disturbs the machine disturbs that least.

use crate::shared::{Ask, HOST, Told};
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, Method};
use mockpos::app::{App, Outcome};
use mockpos::call::Call;
use mockpos::clock::ClockSetting;
use mockpos::config::Caps;
use mockpos::reply::Reply;
use mockpos::scenario::Scenario;
use mockpos::surface;
use mockpos::surface::admin::Access;
use mockpos::world::Birth;
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::sync::Arc;

/// With the rules of this scenario; empty: the default one.
pub fn app(scenario: &str) -> App {
    let scenario = match scenario {
        "" => Scenario::builtin(&surface::catalog()),
        text => Scenario::compile("bench", text, &surface::catalog()).expect("it compiles"),
    };
    let birth = Birth {
        seed: 1,
        clock: ClockSetting::default(),
    };
    // What all sandboxes hold together is bounded to less than a million payments: else there were none to look at.
    let caps = Caps {
        state_entries: 10_000_000,
        ..Caps::default()
    };
    App::within(Arc::new(scenario), birth, Access::default(), caps)
}

/// An ask as the server would hand it on, to that sandbox.
pub fn call(ask: &Ask, sandbox: &str) -> Call {
    let method = Method::from_bytes(ask.method.as_bytes());
    let mut call = Call::new(method.expect("this is a method"), &ask.target);
    call.origin = format!("http://{HOST}").into();
    for (name, value) in &ask.headers {
        let value = HeaderValue::from_str(value).expect("this is a header's value");
        call.headers.insert(HeaderName::from_static(name), value);
    }
    call.body = ask.body.clone().into();
    call.sandbox = sandbox.into();
    call
}

/// The answer to a fresh copy, as what a call has parsed stays with it. It must be a good one.
pub fn answer(app: &App, call: &Call) -> Reply {
    let Outcome::Done(reply) = black_box(app.answer(&call.clone())) else {
        unreachable!("nothing is held, and nothing sent")
    };
    assert!(
        reply.status.as_u16() < 400,
        "{}",
        String::from_utf8_lossy(&reply.body)
    );
    reply
}

/// What an ask is told.
pub fn told(app: &App, ask: &Ask) -> Told {
    let reply = answer(app, &call(ask, "default"));
    let location = reply.headers.get(LOCATION);
    Told {
        location: location
            .map_or("", |at| at.to_str().unwrap_or(""))
            .to_owned(),
        body: reply.body.to_vec(),
    }
}

/// CPU time of this thread so far.
pub fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    part(time.tv_sec) * 1_000_000_000 + part(time.tv_nsec)
}

/// CPU time of one of the calls, each made once.
pub fn slice<'a>(app: &App, calls: impl IntoIterator<Item = &'a Call>) -> u64 {
    let mut count = 0;
    let begun = cpu_ns();
    for call in calls {
        answer(app, call);
        count += 1;
    }
    (cpu_ns() - begun) / count.max(1)
}
