//! What the fuzz targets share: time is watched, calls are written as text, an app is there and begins anew.

use http::{HeaderName, HeaderValue, Method};
use mockpos::app::{App, DECIDED_BY};
use mockpos::call::{Call, DEFAULT_SANDBOX};
use mockpos::clock::ClockSetting;
use mockpos::domain::audit::audit;
use mockpos::domain::webhook::Answer;
use mockpos::reply::Reply;
use mockpos::route::Endpoint;
use mockpos::scenario::Scenario;
use mockpos::surface;
use mockpos::surface::admin::Access;
use mockpos::world::{Birth, Sandbox};
use rustix::time::{ClockId, clock_gettime};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// The longest that one run may keep the processor. Not the time on the wall: other processes have some of that.
pub const LONGEST: Duration = Duration::from_millis(100);

/// Between two calls of one input.
const SEPARATOR: u8 = 0x1e;
/// More calls than this are not made.
const MOST_CALLS: usize = 64;

/// Runs `case`, and panics when it took too long.
pub fn timed(case: impl FnOnce()) {
    let begun = spent();
    case();
    let spent = spent() - begun;
    assert!(spent <= LONGEST, "took {spent:?} of processor time");
}

fn spent() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
}

static SCENARIO: LazyLock<Arc<Scenario>> = LazyLock::new(|| {
    let scenario = Scenario::compile("fuzz", "version = 1", &surface::catalog());
    Arc::new(scenario.expect("an empty scenario compiles"))
});

static APP: LazyLock<App> = LazyLock::new(|| {
    let clock = "frozen:2026-01-02T03:04:05Z";
    let clock: ClockSetting = clock.parse().expect("a valid setting");
    App::new(
        Arc::clone(&SCENARIO),
        Birth { seed: 1, clock },
        Access::default(),
    )
});

/// An app in which nothing has happened: the same input meets the same state.
pub struct House {
    sandbox: Arc<Sandbox>,
}

impl House {
    /// As nobody has left it.
    pub fn anew() -> Self {
        let sandbox = APP.begin_anew(DEFAULT_SANDBOX);
        Self {
            sandbox: sandbox.expect("the default sandbox is there"),
        }
    }

    /// Every row that is called by `method`: its name, and a target that leads to it.
    pub fn rows(method: &Method) -> Vec<(&'static str, String)> {
        let rows = APP.router().rows().map(|(_, row)| row);
        let rows = rows.filter(|row| row.method == method);
        // a parameter stands for itself: it leads to a row, if to nothing there
        let target = |row: &Endpoint| match row.page {
            Some(page) => format!("{}?page={page}", row.path),
            None => row.path.to_owned(),
        };
        rows.map(|row| (row.name, target(row))).collect()
    }

    /// Makes a call, signed where its surface has signatures and it brings none. An answer that nobody scripted
    /// is no failure of ours, and whatever was answered, the money adds up.
    pub fn ask(&self, mut call: Call) -> Reply {
        (APP.router().claimant(&call.path).sign)(&mut call, &SCENARIO);
        let (reply, _) = APP.whole(&call, |_| Answer::Status(200, String::new()));
        let decided = reply
            .headers
            .get(DECIDED_BY)
            .is_none_or(|by| by == "default");
        let status = reply.status.as_u16();
        // 501: known and not there; 503: a sandbox too many
        let ours = status >= 500 && !matches!(status, 501 | 503);
        assert!(
            !(decided && ours),
            "{status} for {} {}",
            call.method,
            call.target
        );
        reply
    }

    /// Every payment's books are right.
    pub fn audited(&self) {
        for (id, payment) in self.sandbox.lock().state.payments.iter() {
            let found = audit(payment);
            assert!(found.is_empty(), "payment {id}: {found:?}");
        }
    }
}

/// The calls that `bytes` tell of: a line with method and target, lines with headers, an empty line, the body.
pub fn calls(bytes: &[u8]) -> impl Iterator<Item = Call> {
    bytes
        .split(|byte| *byte == SEPARATOR)
        .take(MOST_CALLS)
        .filter_map(call)
}

fn call(bytes: &[u8]) -> Option<Call> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((bytes, &b""[..]), |end| (&bytes[..end], &bytes[end + 2..]));
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let mut call = Call::new(Method::from_bytes(method.as_bytes()).ok()?, target);
    call.origin = "http://127.0.0.1:4242".into();
    call.headers
        .insert("host", HeaderValue::from_static("127.0.0.1:4242"));
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        call.headers
            .insert(name, HeaderValue::from_str(value).ok()?);
    }
    call.body = body.to_vec().into();
    Some(call)
}
