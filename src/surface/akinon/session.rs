//! Who is shopping: session cookie, login key, CSRF. contract: akinon §2

use crate::call::Call;
use crate::domain::checkout::{Checkout, Session};
use crate::domain::shop::Shop;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::Turn;
use crate::scenario::Scenario;
use crate::scenario::settings::FreshSession;
use http::Method;

/// Finds the caller's session id, and checks the CSRF token where that is switched on.
pub fn admit(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let settings = &turn.world.scenario.settings.akinon;
    if settings.csrf && needs_csrf(turn) {
        let sent = turn.call.header("x-csrftoken");
        if sent.is_none() || sent != turn.call.cookie("csrftoken") {
            return Err(Refusal::Forbidden(
                "CSRF Failed: CSRF token missing or incorrect.",
            ));
        }
    }
    let cookie = turn
        .call
        .cookie(&settings.session_cookie)
        .or_else(|| turn.call.cookie("sessionid"));
    if let Some(id) = login(turn).or_else(|| cookie.filter(|id| well_formed(id)).map(str::to_owned))
    {
        turn.caller = id;
    }
    Ok(())
}

/// Return posts from the bank and from storefronts' return handlers carry no token, and neither
/// does a login: the storefront's server makes it, not the browser.
fn needs_csrf(turn: &Turn<'_>) -> bool {
    let page = turn.call.query("page").unwrap_or_default();
    let safe = matches!(
        turn.call.method,
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let account = turn.endpoint.path.starts_with("/users/");
    !safe && !account && !page.ends_with("CompletePage") && page != "CreditCardThreeDSecurePage"
}

/// `Authorization: Token <key>` stands for the session that logged in with it.
fn login(turn: &Turn<'_>) -> Option<String> {
    let key = turn.call.header("authorization")?.strip_prefix("Token ")?;
    let id = turn.world.state.logins.get(key.trim())?;
    living(turn, id).map(|_| id.clone())
}

/// Letters, digits and underscore: clients extract ids with `\w+`.
fn well_formed(id: &str) -> bool {
    (8..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether the caller sent a session id, or a login key that is known.
pub fn is_known(turn: &Turn<'_>) -> bool {
    !turn.caller.is_empty()
}

/// The caller's session, if there is one already.
pub fn peek<'a>(turn: &'a Turn<'_>) -> Option<&'a Session> {
    living(turn, &turn.caller)
}

/// The session of that id, unless its time is over.
fn living<'a>(turn: &'a Turn<'_>, id: &str) -> Option<&'a Session> {
    let found = turn.world.state.sessions.get(id);
    found.filter(|session| turn.world.now() < session.expires_at)
}

/// The caller's session, which goes on from here. It begins here when there is none any more.
pub fn open<'a>(turn: &'a mut Turn<'_>) -> &'a mut Session {
    if turn.caller.is_empty() {
        turn.caller = turn.world.ids.alphanumeric(32);
        turn.new_caller = true;
    }
    let known = peek(turn).is_some();
    let world = &mut *turn.world;
    let lifetime = world.scenario.settings.akinon.session_lifetime;
    let expires_at = world.now().plus(lifetime);
    let sessions = &mut world.state.sessions;
    if !known {
        sessions.put(turn.caller.clone(), fresh(&world.scenario));
    }
    let session = sessions.get_mut(&turn.caller);
    let session = session.expect("it was put there just now");
    session.expires_at = expires_at;
    session
}

/// Fills the basket again after an order, when the scenario says so.
pub fn refill(session: &mut Session, scenario: &Scenario) {
    if session.refill_due && scenario.settings.akinon.refill {
        let begun = fresh(scenario);
        session.basket = begun.basket;
        if session.customer.is_some() {
            session.checkout = begun.checkout;
        }
    }
    session.refill_due = false;
}

/// A session as it begins.
fn fresh(scenario: &Scenario) -> Session {
    let shop = &scenario.shop;
    let mut session = Session {
        basket: shop.basket.clone(),
        ..Session::default()
    };
    match scenario.settings.akinon.fresh_session {
        FreshSession::Guest => {}
        FreshSession::Customer => session.customer = shop.customers.first().map(|c| c.pk),
        FreshSession::Ready => {
            session.customer = shop.customers.first().map(|c| c.pk);
            session.checkout = chosen(shop);
        }
    }
    session
}

/// The first of everything up to shipping.
fn chosen(shop: &Shop) -> Checkout {
    let address = shop.addresses.first().map(|a| a.pk);
    Checkout {
        delivery_option: shop.delivery_options.first().map(|o| o.pk),
        shipping_address: address,
        billing_address: address,
        shipping_option: shop.shipping_options.first().map(|o| o.pk),
        ..Checkout::default()
    }
}

/// A new caller learns the session id, in the one cookie of the answer. contract: akinon §1.8
pub fn finish(turn: &Turn<'_>, reply: &mut Reply) {
    if turn.new_caller {
        let name = &turn.world.scenario.settings.akinon.session_cookie;
        reply.set_cookie(&format!(
            "{name}={}; Path=/; HttpOnly; SameSite=Lax",
            turn.caller
        ));
    }
}

/// The shopper's language: Turkish or English. Storefronts without a locale send `undefined`.
pub fn turkish(call: &Call) -> bool {
    let language = call.header("accept-language").unwrap_or_default();
    language
        .get(..2)
        .is_some_and(|tag| tag.eq_ignore_ascii_case("tr"))
}

/// Whether a browser itself is asking, rather than a script. contract: akinon §1.1
pub fn is_browser(call: &Call) -> bool {
    let accept = call.header("accept").unwrap_or_default();
    call.header("x-requested-with").is_none()
        && call.query("format") != Some("json")
        && accept.contains("text/html")
        && !accept.contains("application/json")
}

/// `0532 123 45 67`, `+90532…`, `532…` as msisdn `90532…`; None when these are no phone digits.
pub fn msisdn(phone: &str) -> Option<String> {
    let kept = phone.bytes().filter(|b| !b" +()-".contains(b));
    let digits: String = kept.map(char::from).collect();
    if !(10..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let national = digits.strip_prefix('0').unwrap_or(&digits);
    Some(if national.len() == 10 {
        format!("90{national}")
    } else {
        national.to_owned()
    })
}

/// The shopper's phone: of the account, or as the guest gave it.
pub fn phone<'a>(session: &'a Session, shop: &'a Shop) -> Option<&'a str> {
    let customer = session.customer.and_then(|pk| shop.customer(pk));
    let guest = || session.guest.as_ref().map(|g| &*g.phone);
    customer.map(|c| &*c.phone).or_else(guest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_become_msisdns() {
        let cases = [
            ("905321234567", Some("905321234567")),
            ("+90 532 123 45 67", Some("905321234567")),
            ("0532-123-45-67", Some("905321234567")),
            ("5321234567", Some("905321234567")),
            ("4915112345678", Some("4915112345678")),
            ("123", None),
            ("53212345ab", None),
            ("", None),
        ];
        for (phone, expected) in cases {
            assert_eq!(msisdn(phone).as_deref(), expected, "{phone}");
        }
    }

    #[test]
    fn session_ids_are_words() {
        assert!(well_formed("k2j3h4k5j6h7k8j9h0k1j2h3k4j5h6k7"));
        for id in ["", "short", "with-dash-in-it", "with space", "a;b=c1234"] {
            assert!(!well_formed(id), "{id}");
        }
    }
}
