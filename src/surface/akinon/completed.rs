//! Orders that were placed, behind a signed address. contract: akinon §12

use crate::clock::Timestamp;
use crate::refusal::{Refusal, Thing};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::order_body::Completed;
use crate::surface::akinon::{page, session};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, StatusCode};
use sha1::Sha1;

/// The row of the page.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/orders/completed/{signed}",
    page: None,
    name: "akinon.orders.completed",
    evidence: Evidence::Observed,
    points: &[],
    handle: completed,
    spec: |spec| {
        spec.json::<Completed<'_>>(200);
        spec.html(200);
    },
}];

fn completed(turn: &mut Turn<'_>) -> Answer {
    let number = verify(turn.param("signed"), turn).ok_or(Refusal::NotFound(Thing::Order))?;
    let order = turn
        .world
        .state
        .orders
        .get(&number)
        .ok_or(Refusal::NotFound(Thing::Order))?;
    if session::is_browser(turn.call) {
        return Ok(page::thank_you(turn, order));
    }
    Ok(Reply::json(StatusCode::OK, &Completed::of(order, turn)))
}

/// Django's signing: base64url of the number as JSON, base62 of the seconds, and a SHA-1 HMAC.
pub fn sign(number: &str, at: Option<Timestamp>, turn: &Turn<'_>) -> String {
    let seconds = at.map_or(0, Timestamp::seconds).unsigned_abs();
    let value = URL_SAFE_NO_PAD.encode(format!("\"{number}\""));
    let body = format!("{value}:{}", base62(seconds));
    let signature = URL_SAFE_NO_PAD.encode(mac(&body, turn).finalize().into_bytes());
    format!("{body}:{signature}")
}

/// The order number behind a signed text; None when the signature is not ours.
fn verify(signed: &str, turn: &Turn<'_>) -> Option<String> {
    let (body, signature) = signed.rsplit_once(':')?;
    mac(body, turn)
        .verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?)
        .ok()?;
    let value = URL_SAFE_NO_PAD.decode(body.split_once(':')?.0).ok()?;
    serde_json::from_slice(&value).ok()
}

fn mac(body: &str, turn: &Turn<'_>) -> Hmac<Sha1> {
    let key = &turn.world.scenario.settings.masterpass.bearer_key;
    let mut mac = Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"orders.completed");
    mac.update(body.as_bytes());
    mac
}

fn base62(mut number: u64) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        digits.push(char::from(ALPHABET[(number % 62) as usize]));
        number /= 62;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::base62;

    #[test]
    fn seconds_are_written_as_django_does() {
        // The vendor's sample is signed on that day.
        for (number, text) in [(0, "0"), (61, "z"), (62, "10"), (1_631_880_000, "1mRCXA")] {
            assert_eq!(base62(number), text);
        }
    }
}
