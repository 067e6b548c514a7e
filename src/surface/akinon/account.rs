//! Who the shopper is: CSRF token, login, registration, the current user. contract: akinon §2, §14

use crate::domain::checkout::{Guest, Step};
use crate::domain::decision::Point;
use crate::domain::shop::Customer;
use crate::refusal::{Refusal, Why};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::limits::{WORD, too_long};
use crate::surface::akinon::session;
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

/// Rows of the account.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, "/csrf_token", "akinon.csrf.read", csrf_token)
        .told(|spec| spec.json::<Csrf>(200)),
    row(Method::POST, "/users/login", "akinon.users.login", login)
        .told(|spec| spec.json::<Key>(200)),
    row(Method::POST, "/users/logout", "akinon.users.logout", logout)
        .told(|spec| spec.json::<Detail>(200)),
    row(
        Method::POST,
        "/users/registration",
        "akinon.users.register",
        register,
    )
    .told(|spec| spec.json::<Key>(201)),
    row(
        Method::GET,
        "/current_user",
        "akinon.users.read",
        current_user,
    )
    .told(|spec| spec.json::<User<'_>>(200)),
    row(
        Method::GET,
        "/users/pz-captcha",
        "akinon.users.captcha",
        captcha,
    )
    .told(|spec| spec.json::<Captcha>(200)),
];

const fn row(
    method: Method,
    path: &'static str,
    name: &'static str,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(
        method,
        (path, name),
        (Evidence::Observed, &[Point::Page]),
        handle,
    )
}

#[derive(Serialize, JsonSchema)]
struct Csrf {
    csrf_token: String,
}

/// Stands for a login.
#[derive(Serialize, JsonSchema)]
struct Key {
    key: String,
}

#[derive(Serialize, JsonSchema)]
struct Detail {
    detail: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Captcha {
    html: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct User<'a> {
    pk: u32,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    phone: &'a str,
    email_allowed: bool,
    sms_allowed: bool,
    date_joined: String,
    last_login: String,
    date_of_birth: (),
    hashed_email: String,
    gender: (),
}

/// Asked for without cookies, so it belongs to no session.
fn csrf_token(turn: &mut Turn<'_>) -> Answer {
    let csrf_token = turn.world.ids.alphanumeric(64);
    Ok(Reply::json(StatusCode::OK, &Csrf { csrf_token }))
}

fn login(turn: &mut Turn<'_>) -> Answer {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let (email, password) = (fields.text("email"), fields.text("password"));
    let missing = [("email", email.is_none()), ("password", password.is_none())];
    let missing: Vec<_> = missing
        .into_iter()
        .filter(|(_, missing)| *missing)
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::fields(
            missing
                .into_iter()
                .map(|(f, _)| (f, Why::Missing))
                .collect(),
        ));
    }
    let customers = turn.world.scenario.shop.customers.iter();
    let mut matching = customers.filter(|c| {
        email
            .as_deref()
            .is_some_and(|mail| c.email.eq_ignore_ascii_case(mail))
            && password.as_deref() == Some(&*c.password)
    });
    let Some(pk) = matching.next().map(|c| c.pk) else {
        let errors = json!({ "non_field_errors": ["Unable to log in with provided credentials."] });
        return Ok(Reply::json(StatusCode::BAD_REQUEST, &errors));
    };
    logged_in(turn, pk)
}

/// Makes the caller's session that of the customer. The cookie is always sent again.
fn logged_in(turn: &mut Turn<'_>, pk: u32) -> Answer {
    let session = session::open(turn);
    session.customer = Some(pk);
    session.guest = None;
    turn.new_caller = true;
    let key = turn.world.ids.hex(40);
    turn.world
        .state
        .logins
        .put(key.clone(), turn.caller.clone());
    Ok(Reply::json(StatusCode::OK, &Key { key }))
}

/// The session ends, and with it the checkout; the next call begins another.
fn logout(turn: &mut Turn<'_>) -> Answer {
    if session::is_known(turn) {
        let scenario = Arc::clone(&turn.world.scenario);
        let session = session::open(turn);
        session.customer = None;
        session.guest = None;
        session.undo_after(Step::Identity);
        session.basket.clone_from(&scenario.shop.basket);
    }
    Ok(Reply::json(
        StatusCode::OK,
        &Detail {
            detail: "Successfully logged out.",
        },
    ))
}

/// A new customer is a guest with a login key: mockpos keeps no accounts beside the scenario's.
fn register(turn: &mut Turn<'_>) -> Answer {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let email = fields.text("email").map(|text| text.into_owned());
    let email = email.ok_or_else(|| Refusal::field("email", Why::Missing))?;
    if let Some(why) = too_long(&email, WORD) {
        return Err(Refusal::field("email", why));
    }
    let phone = fields
        .text("phone")
        .and_then(|text| session::msisdn(&text))
        .unwrap_or_default();
    if turn
        .world
        .scenario
        .shop
        .customers
        .iter()
        .any(|c| c.email.eq_ignore_ascii_case(&email))
    {
        let text = "A user is already registered with this e-mail address.";
        return Ok(Reply::json(
            StatusCode::BAD_REQUEST,
            &json!({ "email": [text] }),
        ));
    }
    let session = session::open(turn);
    session.customer = None;
    session.guest = Some(Guest { email, phone });
    turn.new_caller = true;
    let key = turn.world.ids.hex(40);
    turn.world
        .state
        .logins
        .put(key.clone(), turn.caller.clone());
    Ok(Reply::json(StatusCode::CREATED, &Key { key }))
}

fn current_user(turn: &mut Turn<'_>) -> Answer {
    let shop = &turn.world.scenario.shop;
    let customer = session::peek(turn)
        .and_then(|s| s.customer)
        .and_then(|pk| shop.customer(pk));
    let customer = customer.ok_or(Refusal::NotAuthenticated)?;
    let Customer {
        pk,
        email,
        first_name,
        last_name,
        phone,
        ..
    } = customer;
    let at = turn.world.now().iso_micros();
    let body = User {
        pk: *pk,
        first_name,
        last_name,
        email,
        phone,
        email_allowed: false,
        sms_allowed: false,
        date_joined: at.clone(),
        last_login: at,
        date_of_birth: (),
        hashed_email: hashed(email),
        gender: (),
    };
    Ok(Reply::json(StatusCode::OK, &body))
}

/// Hex SHA-256 of the address, as trackers want it.
fn hashed(email: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(email)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn captcha(_: &mut Turn<'_>) -> Answer {
    Ok(Reply::json(StatusCode::OK, &Captcha { html: "" }))
}
