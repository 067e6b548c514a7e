//! The addresses that a wallet gives out for 3-D Secure: the way to the page, and the two pages
//! that native web views watch for. contract: masterpass §7

use super::view::{self, Message};
use crate::call::Call;
use crate::domain::decision::Point;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::browser_url::is_browser_url;
use crate::surface::site::sited;
use crate::surface::steered::handed_on;
use crate::surface::three_ds;
use http::Method;
use std::borrow::Cow;

const fn row(
    method: Method,
    (path, name): (&'static str, &'static str),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    const NOTHING: &[Point] = &[];
    Endpoint::of(method, (path, name), (Evidence::Inferred, NOTHING), handle)
}

const OPEN: (&str, &str) = ("/user-authorization/mp-3d-acs-form", "bank.acs.open");

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, OPEN, open),
    row(Method::POST, OPEN, open),
    row(
        Method::GET,
        (
            "/user-authorization/mp-3d-client-success",
            "bank.acs.client_success",
        ),
        |turn| Ok(view::message(turn, Message::Done)),
    ),
    row(
        Method::GET,
        (
            "/user-authorization/mp-3d-client-error",
            "bank.acs.client_error",
        ),
        |turn| Ok(view::message(turn, Message::Undone)),
    ),
];

/// The challenge's id. Some clients put a `?` of their own behind it.
pub fn token(call: &Call) -> Option<&str> {
    let token = call.query("token")?;
    token.split(['?', '&']).next()
}

/// The browser says where it goes afterwards, and is led to the page.
fn open(turn: &mut Turn<'_>) -> Answer {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let posted = |name| fields.text(name).map(Cow::into_owned);
    let id = token(turn.call).map(str::to_owned);
    let id = id.or_else(|| posted("token")).unwrap_or_default();
    let url = return_url(&turn.call.target).or_else(|| posted("returnUrl"));
    three_ds::lapse(turn.world, &id);
    let base = turn.call.base();
    let world = &mut *turn.world;
    let Some(challenge) = world.state.challenges.get_mut(&id) else {
        return Ok(view::gone(turn));
    };
    match url {
        Some(url) if is_browser_url(&url) => challenge.lead_to(url),
        Some(_) => return Ok(view::message(turn, Message::BadReturn)),
        None => {}
    }
    let shop = challenge.asked.return_url.as_deref().unwrap_or_default();
    let base = sited(&base, shop, world.scenario.settings.bank.site);
    let page = handed_on(turn.call, three_ds::page_address(&base, &id));
    Ok(Reply::see_other(&page))
}

/// All that stands behind `returnUrl=`, to the end of the target: clients append the address as it
/// is, with `?` and `&` of its own, or encoded, and then perhaps the time.
fn return_url(target: &str) -> Option<String> {
    const NAME: &str = "returnurl=";
    let lower = target.to_ascii_lowercase();
    let starts = lower.match_indices(NAME).map(|(at, _)| at);
    let mut starts = starts.filter(|at| lower[..*at].ends_with(['?', '&']));
    let given = &target[starts.next()? + NAME.len()..];
    let encoded = given
        .get(..8)
        .is_some_and(|head| head.to_ascii_lowercase().contains("%3a"));
    if !encoded {
        return Some(given.to_owned());
    }
    let decoded = percent_decoded(without_time(given));
    Some(String::from_utf8_lossy(&decoded).into_owned())
}

/// Without `&t=1735786800000` at the end.
fn without_time(given: &str) -> &str {
    match given.rsplit_once("&t=") {
        Some((url, time)) if !time.is_empty() && time.bytes().all(|b| b.is_ascii_digit()) => url,
        Some(_) | None => given,
    }
}

/// `+` stays what it is: an address has no spaces.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = digits.filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok());
        match code.filter(|_| first == b'%') {
            Some(code) => {
                bytes.push(code);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_address_is_taken_to_the_last_character() {
        for (query, want) in [
            ("", None),
            ("&returnurls=http://a/", None),
            ("&returnUrl=", Some("")),
            ("&returnUrl=http://a/b", Some("http://a/b")),
            (
                "&returnUrl=http://a/b?c=d&e=%20f&t=5&token=x#g",
                Some("http://a/b?c=d&e=%20f&t=5&token=x#g"),
            ),
            ("?returnUrl=https://a/?x=1&", Some("https://a/?x=1&")),
            (
                "&returnUrl=http%3A%2F%2Fa%2Fb%3Fc%3Dd%26e%3D%2520f%26t%3D5",
                Some("http://a/b?c=d&e=%20f&t=5"),
            ),
            (
                "&returnUrl=http%3a%2f%2fa%2f%3Fc&t=1735786800000",
                Some("http://a/?c"),
            ),
            (
                "&returnUrl=http%3A//a/?b=c&d=e&t=1x",
                Some("http://a/?b=c&d=e&t=1x"),
            ),
            ("&returnUrl=https%3A%2F%2Fa%2F+%zz", Some("https://a/+%zz")),
            (
                "&returnUrl=http://a/?returnUrl=http%3A%2F%2Fb&t=1",
                Some("http://a/?returnUrl=http%3A%2F%2Fb&t=1"),
            ),
            ("&RETURNURL=http://a/", Some("http://a/")),
            (
                "&returnUrl=\u{f6}\u{f6}\u{f6}\u{f6}\u{f6}",
                Some("\u{f6}\u{f6}\u{f6}\u{f6}\u{f6}"),
            ),
        ] {
            let target = format!("/~x/user-authorization/mp-3d-acs-form?token=c{query}");
            assert_eq!(return_url(&target).as_deref(), want, "{query}");
        }
    }
}
