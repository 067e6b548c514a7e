//! Everything under `/__mockpos`, and the page at `/`: what a person or a test asks mockpos itself.

mod access;
mod bodies;
mod challenge_body;
mod challenges;
mod clock;
pub mod endpoints;
mod explain;
mod explain_text;
mod journal;
mod junit;
mod metrics;
mod openapi;
mod page;
mod place;
mod report;
mod rules;
mod sandbox;
mod scenario;
mod sealed;
mod state;
mod summary;
mod undelivered;
mod verify;
mod webhooks;

pub use access::{Access, Denied};
pub use explain_text::explain;
pub use junit::junit;
pub use metrics::{METRICS, is_metrics, metrics};
pub use report::Report;
pub use state::{LIMIT as SNAPSHOT_LIMIT, is_restore};
pub use summary::summary;
pub use webhooks::{chore_word, settled};

use crate::call::Call;
use crate::domain::decision::Point;
use crate::mask::mask;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Endpoint, Fault, Surface, Turn, direct};
use crate::scenario::Scenario;
use crate::scenario::facts::Facts;
use bodies::Failed;
use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use sandbox::HEALTH;

/// The admin surface.
pub static SURFACE: Surface = Surface {
    name: "admin",
    title: "what a person or a test asks mockpos itself",
    claims: &["/__mockpos"],
    endpoints: &[
        page::ENDPOINTS,
        sandbox::ENDPOINTS,
        clock::ENDPOINTS,
        endpoints::ENDPOINTS,
        openapi::ENDPOINTS,
        metrics::ENDPOINTS,
        scenario::ENDPOINTS,
        rules::ENDPOINTS,
        state::ENDPOINTS,
        journal::ENDPOINTS,
        verify::ENDPOINTS,
        explain::ENDPOINTS,
        webhooks::ENDPOINTS,
        challenges::ENDPOINTS,
    ],
    admit,
    facts,
    knows: |_| &[],
    answer: direct,
    refuse,
    fault,
    finish: |_, _| {},
    timed: &[],
    preflight: None,
    loose: false,
    reads_cards: false,
    pos_kinds: &[],
    sign: |_, _| {},
    spec: |spec| {
        spec.fails::<Failed<'_>>();
        spec.optional_credential("x-mockpos-token", "the admin token, where one is needed");
    },
};

/// No rule decides anything here.
const NOTHING: &[Point] = &[];

/// Who may call was asked before: [`Access::check`].
fn admit(_: &mut Turn<'_>) -> Result<(), Refusal> {
    Ok(())
}

fn facts(_: &Turn<'_>, _: &mut Facts) {}

/// An error of ours: what is wrong, and what to do.
fn error(status: StatusCode, error: &str, hint: &str) -> Reply {
    let tries_left = None;
    let failed = Failed {
        error,
        hint,
        tries_left,
    };
    Reply::json(status, &failed)
}

/// What a caller hears who may not call.
pub fn denied(denied: Denied) -> Reply {
    let (status, text, hint) = match denied {
        Denied::Host => (
            StatusCode::MISDIRECTED_REQUEST,
            "the admin does not answer under this host name",
            "call it as `localhost` or `127.0.0.1`, or start mockpos with `--allow-host NAME`",
        ),
        Denied::Origin => (
            StatusCode::FORBIDDEN,
            "a page of another origin may not call the admin",
            "call it from a program, or start mockpos with `--allow-host NAME:PORT`",
        ),
        Denied::Token => (
            StatusCode::UNAUTHORIZED,
            "the admin token is missing or wrong",
            "send `x-mockpos-token: TOKEN`; mockpos prints the token when it starts",
        ),
        Denied::MediaType => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body is neither JSON nor TOML by its content type",
            "send `content-type: application/json` or `application/toml`, or no body",
        ),
    };
    let mut reply = error(status, text, hint);
    if denied == Denied::Token {
        reply.set(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    reply
}

/// The handlers answer for themselves; what is left is said in one way.
fn refuse(_: &mut Turn<'_>, refusal: Refusal) -> Reply {
    let status = match refusal {
        Refusal::NotAuthenticated => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden(_) => StatusCode::FORBIDDEN,
        Refusal::NotFound(_) => StatusCode::NOT_FOUND,
        Refusal::Full => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Unreadable(_)
        | Refusal::Invalid(_)
        | Refusal::WrongOrder
        | Refusal::EmptyBasket
        | Refusal::Token(_)
        | Refusal::Wallet(_)
        | Refusal::Otp(_)
        | Refusal::ThreeDsMixUp
        | Refusal::ThreeDsFailed(_)
        | Refusal::Declined(_)
        | Refusal::ResponseCode { .. }
        | Refusal::Vendor(_)
        | Refusal::Scripted { .. }
        | Refusal::IllegalState
        | Refusal::Amount => StatusCode::BAD_REQUEST,
    };
    let hint = "`GET /__mockpos/endpoints` lists what there is";
    error(status, "the call is refused", hint)
}

fn fault(call: &Call, fault: Fault, _: &Scenario) -> Reply {
    let path = &call.path;
    match fault {
        Fault::NoSuchPath => {
            let text = mask(format!("there is no `{path}`").as_bytes());
            let hint = format!("did you mean `{}`?", nearest(path));
            error(StatusCode::NOT_FOUND, &text, &hint)
        }
        Fault::WrongMethod => wrong_method(call),
        Fault::BadRequest(why) => {
            let hint = "see `GET /` for how calls look";
            error(StatusCode::BAD_REQUEST, why, hint)
        }
        Fault::TooLarge => {
            let hint = "a scenario has 1 MiB at most, a snapshot 32 MiB; a snapshot of less: use a sandbox for each test";
            error(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large", hint)
        }
        Fault::TooSlow => {
            let (text, hint) = ("the body did not arrive in time", "send it in one go");
            error(StatusCode::REQUEST_TIMEOUT, text, hint)
        }
        Fault::Unsupported(what) => {
            let text = format!("not supported: {what}");
            let hint = "send the body as it is";
            error(StatusCode::UNSUPPORTED_MEDIA_TYPE, &text, hint)
        }
        Fault::Misdirected => denied(Denied::Host),
        Fault::Full => {
            let text = "there is no room for another sandbox";
            let hint = "use fewer names; one that is unused for `--sandbox-idle` makes room, and `--sandboxes` makes more";
            error(StatusCode::SERVICE_UNAVAILABLE, text, hint)
        }
        Fault::Expectation(what) => {
            let hint = "leave the header `Expect` out";
            error(StatusCode::EXPECTATION_FAILED, what, hint)
        }
        Fault::NotImplemented(what) => {
            let text = format!("not supported: {what}");
            let hint = "plain HTTP/1.1 will do";
            error(StatusCode::NOT_IMPLEMENTED, &text, hint)
        }
        Fault::Busy => {
            let text = "too many requests at once";
            let hint = "`--requests` says how many there may be";
            error(StatusCode::SERVICE_UNAVAILABLE, text, hint)
        }
        // No rule speaks about the admin.
        Fault::Scripted(_) | Fault::Crashed => {
            let text = "this call met a bug in mockpos";
            let hint = "the process goes on; the log has the details";
            error(StatusCode::INTERNAL_SERVER_ERROR, text, hint)
        }
    }
}

/// Whether the answer may take long: those of this surface may, but for the health.
pub fn takes_long(path: &str) -> bool {
    path.starts_with("/__mockpos/") && path != HEALTH
}

fn rows() -> impl Iterator<Item = &'static Endpoint> {
    SURFACE.endpoints.iter().copied().flatten()
}

/// The path that was most likely meant.
fn nearest(path: &str) -> &'static str {
    let paths = rows().map(|row| row.path).filter(|path| *path != "/");
    let path: String = path.chars().take(64).collect();
    let best = crate::near::nearest(&path, paths.map(|path| (path, path)), usize::MAX);
    best.unwrap_or("/")
}

/// Whether `path` is one of a row; `{id}` stands for any step.
fn fits(row: &str, path: &str) -> bool {
    let same = |(row, step): (&str, &str)| row == step || row.starts_with('{');
    row.split('/').count() == path.split('/').count()
        && row.split('/').zip(path.split('/')).all(same)
}

fn wrong_method(call: &Call) -> Reply {
    let taken = rows().filter(|row| fits(row.path, &call.path));
    let taken: Vec<_> = taken.map(|row| row.method.as_str()).collect();
    let text = format!("`{}` does not take {}", call.path, call.method);
    let hint = format!("it takes {}", taken.join(", "));
    error(StatusCode::METHOD_NOT_ALLOWED, &text, &hint)
}
