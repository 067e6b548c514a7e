//! What an answer carries beside what its surface says.

use super::DECIDED_BY;
use crate::reply::Reply;
use crate::route::{Fault, Turn};
use crate::surface::pan_guard;
use http::header::{ALLOW, HeaderName, HeaderValue};
use std::borrow::Cow;

/// The header that says what a call should not have had in it.
const WARNING: HeaderName = HeaderName::from_static("x-mockpos-warning");

/// The answer and the journal say so when a card number on the call may be somebody's.
pub fn warn(turn: &mut Turn<'_>, reply: &mut Reply) {
    turn.notes.warning = pan_guard::warning(turn);
    if let Some(warning) = turn.notes.warning {
        reply.set(WARNING, HeaderValue::from_static(warning));
    }
}

/// To whom took the wrong method, the right ones are told.
pub fn allowing(mut reply: Reply, (fault, allow): (Fault, &str)) -> Reply {
    if let Ok(methods) = HeaderValue::from_str(allow)
        && fault == Fault::WrongMethod
    {
        reply.set(ALLOW, methods);
    }
    reply
}

/// Says who did, as far as a header can.
pub fn decided(reply: &mut Reply, by: Cow<'static, str>) {
    let who = match by {
        Cow::Borrowed(word) => Ok(HeaderValue::from_static(word)),
        Cow::Owned(text) => HeaderValue::try_from(text),
    };
    if let Ok(who) = who {
        reply.set(DECIDED_BY, who);
    }
}

/// Nobody decided anything.
pub fn undecided(mut reply: Reply) -> Reply {
    reply.set(DECIDED_BY, HeaderValue::from_static("default"));
    reply
}
