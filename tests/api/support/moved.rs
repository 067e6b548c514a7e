//! A story that moves house: after every call its sandbox is written down, and goes on in an app of its own
//! which began with another seed, clock and scenario.

use super::held;
use super::merchant::HOST;
use bytes::Bytes;
use http::{HeaderValue, Method};
use mockpos::app::App;
use mockpos::call::Call;
use mockpos::domain::webhook;
use mockpos::reply::Reply;
use mockpos::scenario::Scenario;
use mockpos::surface;
use mockpos::surface::admin::Access;
use mockpos::surface::webhook::Parcel;
use mockpos::world::Birth;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

thread_local! {
    /// where the apps of this thread's story live by now, beside themselves, for their address is the key; None: stories stay where they are
    static HOUSES: RefCell<Option<HashMap<usize, [Arc<App>; 2]>>> = const { RefCell::new(None) };
}

static BUILTIN: LazyLock<Arc<Scenario>> =
    LazyLock::new(|| Arc::new(Scenario::builtin(&surface::catalog())));

/// Tells `story`, which moves after every call.
pub fn moving(story: impl FnOnce()) {
    HOUSES.set(Some(HashMap::new()));
    story();
    HOUSES.set(None);
}

/// An app that has nothing in common with those of the tests.
pub fn elsewhere() -> Arc<App> {
    let (seed, clock) = (99, mockpos::clock::ClockSetting::Real);
    let birth = Birth { seed, clock };
    Arc::new(App::new(Arc::clone(&BUILTIN), birth, Access::default()))
}

/// Where that app's story lives by now.
pub fn here(app: &Arc<App>) -> Arc<App> {
    let key = Arc::as_ptr(app).addr();
    let moved = HOUSES.with_borrow(|houses| {
        houses
            .as_ref()?
            .get(&key)
            .map(|[_, house]| Arc::clone(house))
    });
    moved.unwrap_or_else(|| Arc::clone(app))
}

/// Answers a call, and moves.
pub fn whole(
    app: &Arc<App>,
    call: &Call,
    receive: impl FnMut(&Parcel) -> webhook::Answer,
) -> (Reply, Option<Duration>) {
    let (call, ear) = &held::listened(call);
    let answered = here(app).whole(call, receive);
    let found = held::departures(call, ear, &answered.0);
    assert!(
        found.is_empty(),
        "{} {}: {found:#?}",
        call.method,
        call.target
    );
    if HOUSES.with_borrow(Option::is_some) {
        let house = elsewhere();
        let snapshot = taken(&here(app), &call.sandbox);
        put(&house, &call.sandbox, &snapshot);
        assert_eq!(
            taken(&house, &call.sandbox),
            snapshot,
            "it is written so again"
        );
        let key = Arc::as_ptr(app).addr();
        HOUSES.with_borrow_mut(|houses| {
            houses
                .as_mut()
                .unwrap()
                .insert(key, [Arc::clone(app), house])
        });
    }
    answered
}

/// The snapshot of a sandbox.
pub fn taken(app: &App, sandbox: &str) -> Bytes {
    let reply = admin(app, sandbox, (Method::GET, Bytes::new()));
    assert_eq!(reply.status, 200);
    reply.body
}

/// Restores a sandbox.
pub fn put(app: &App, sandbox: &str, snapshot: &Bytes) {
    let reply = admin(app, sandbox, (Method::PUT, snapshot.clone()));
    let text = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, 200, "{text}");
}

/// A call about the state.
pub fn admin(app: &App, sandbox: &str, (method, body): (Method, Bytes)) -> Reply {
    let mut call = Call::new(method, "/__mockpos/state");
    call.headers.insert("host", HeaderValue::from_static(HOST));
    let json = HeaderValue::from_static("application/json");
    call.headers.insert("content-type", json);
    call.sandbox = sandbox.into();
    call.body = body;
    app.whole(&call, super::nobody).0
}
