//! Addresses of the shopper, and the places to choose from. contract: akinon §7, §14

use crate::call::Fields;
use crate::call::form::Form;
use crate::domain::checkout::Step;
use crate::domain::decision::Point;
use crate::domain::shop::Address;
use crate::refusal::{Refusal, Thing, Why};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::surface::akinon::address_body::{AddressBody, Place};
use crate::surface::akinon::limits::{LINE, WORD, too_long};
use crate::surface::akinon::session;
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Rows of the addresses.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::GET,
        "/address/detailed",
        "akinon.address.list",
        list,
    )
    .told(listing::<AddressBody<'_>>),
    row(Method::POST, "/address", "akinon.address.add", add).told(added),
    row(
        Method::PATCH,
        "/address/{pk}",
        "akinon.address.change",
        change,
    )
    .told(changed),
    row(
        Method::DELETE,
        "/address/{pk}",
        "akinon.address.remove",
        remove,
    )
    .told(|spec| spec.empty(204)),
    row(
        Method::GET,
        "/address/country",
        "akinon.address.countries",
        countries,
    )
    .told(listing::<Place<'_>>),
    row(
        Method::GET,
        "/address/city",
        "akinon.address.cities",
        cities,
    )
    .told(listing::<Place<'_>>),
    row(
        Method::GET,
        "/address/township",
        "akinon.address.townships",
        townships,
    )
    .told(listing::<Place<'_>>),
    row(
        Method::GET,
        "/address/district",
        "akinon.address.districts",
        districts,
    )
    .told(listing::<Place<'_>>),
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

/// A page of a list, which is all of it.
#[derive(Serialize, JsonSchema)]
pub struct Listed<'a, T> {
    /// how many there are
    pub count: usize,
    /// no more
    pub next: (),
    /// nothing before
    pub previous: (),
    /// each
    pub results: &'a [T],
}

fn listing<T: JsonSchema>(spec: &mut Spec<'_>) {
    spec.json::<Listed<'_, T>>(200);
}

/// Fields that are always asked for, and those that need not be there. City, township and district are taken as they are.
const NEEDED: [&str; 3] = ["first_name", "last_name", "line"];
const MORE: &[(&str, Form)] = &[
    ("title", Form::Text),
    ("phone_number", Form::Text),
    ("email", Form::Text),
    ("postcode", Form::Text),
    ("country", Form::Digits),
    ("city", Form::Digits),
    ("township", Form::Digits),
    ("district", Form::Digits),
    ("is_corporate", Form::Flag),
    ("company_name", Form::Text),
    ("tax_office", Form::Text),
    ("tax_no", Form::Text),
    ("e_bill_taxpayer", Form::Flag),
];

fn added(spec: &mut Spec<'_>) {
    spec.need(&NEEDED.map(|name| (name, Form::Text)));
    spec.body(MORE);
    spec.json::<AddressBody<'_>>(201);
}

fn changed(spec: &mut Spec<'_>) {
    spec.body(&NEEDED.map(|name| (name, Form::Text)));
    spec.body(MORE);
    spec.json::<AddressBody<'_>>(200);
}

fn listed<T: Serialize>(results: &[T]) -> Answer {
    let count = results.len();
    let (next, previous) = ((), ());
    let body = Listed {
        count,
        next,
        previous,
        results,
    };
    Ok(Reply::json(StatusCode::OK, &body))
}

fn list(turn: &mut Turn<'_>) -> Answer {
    let scenario = Arc::clone(&turn.world.scenario);
    let session = session::open(turn);
    let all: Vec<_> = session
        .all_addresses(&scenario.shop)
        .map(|address| AddressBody::of(address))
        .collect();
    listed(&all)
}

/// How many addresses a shopper may have.
const MOST: usize = 100;

fn add(turn: &mut Turn<'_>) -> Answer {
    let scenario = Arc::clone(&turn.world.scenario);
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let missing = NEEDED.iter().filter(|name| fields.text(name).is_none());
    let missing: Vec<_> = missing.map(|name| (*name, Why::Missing)).collect();
    if !missing.is_empty() {
        return Err(Refusal::fields(missing));
    }
    let session = session::open(turn);
    if session.addresses.len() >= MOST {
        return Err(Refusal::Full);
    }
    let last = scenario
        .shop
        .addresses
        .iter()
        .chain(&session.addresses)
        .map(|a| a.pk)
        .max();
    let first = scenario.shop.addresses.first();
    let template = Address {
        pk: last.unwrap_or(0) + 1,
        ..first.map(|first| Address::clone(first)).unwrap_or_default()
    };
    let address = written(template, fields)?;
    let reply = Reply::json(StatusCode::CREATED, &AddressBody::of(&address));
    session.addresses.push(Arc::new(address));
    Ok(reply)
}

/// `address` with the fields that were sent. City, township and district are numbers on the wire,
/// and there is one of each here. Err with every field that is too long.
fn written(mut address: Address, fields: Fields<'_>) -> Result<Address, Refusal> {
    let slots = [
        ("title", WORD, &mut address.title),
        ("first_name", WORD, &mut address.first_name),
        ("last_name", WORD, &mut address.last_name),
        ("phone_number", WORD, &mut address.phone),
        ("email", WORD, &mut address.email),
        ("line", LINE, &mut address.line),
        ("postcode", WORD, &mut address.postcode),
    ];
    let mut problems = Vec::new();
    for (name, most, slot) in slots {
        if let Some(text) = fields.text(name) {
            problems.extend(too_long(&text, most).map(|why| (name, why)));
            *slot = text.into_owned();
        }
    }
    if problems.is_empty() {
        Ok(address)
    } else {
        Err(Refusal::fields(problems))
    }
}

/// Only the shopper's own addresses change; those of the scenario stay as they are written.
fn change(turn: &mut Turn<'_>) -> Answer {
    let pk = pk(turn)?;
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let session = session::open(turn);
    let own = session.addresses.iter_mut().find(|a| a.pk == pk);
    let own = own.ok_or(Refusal::NotFound(Thing::Address))?;
    *own = Arc::new(written(Address::clone(own), fields)?);
    Ok(Reply::json(StatusCode::OK, &AddressBody::of(own)))
}

fn remove(turn: &mut Turn<'_>) -> Answer {
    let pk = pk(turn)?;
    let session = session::open(turn);
    let before = session.addresses.len();
    session.addresses.retain(|a| a.pk != pk);
    if session.addresses.len() == before {
        return Err(Refusal::NotFound(Thing::Address));
    }
    let chosen = [
        session.checkout.shipping_address,
        session.checkout.billing_address,
    ];
    if chosen.contains(&Some(pk)) {
        session.undo_after(Step::Delivery);
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn pk(turn: &Turn<'_>) -> Result<u32, Refusal> {
    turn.param("pk")
        .parse()
        .map_err(|_| Refusal::NotFound(Thing::Address))
}

fn countries(_: &mut Turn<'_>) -> Answer {
    listed(&[Place::COUNTRY])
}

fn cities(turn: &mut Turn<'_>) -> Answer {
    places(turn, |address| Place::city(&address.city))
}

fn townships(turn: &mut Turn<'_>) -> Answer {
    places(turn, |address| Place::township(&address.township))
}

fn districts(turn: &mut Turn<'_>) -> Answer {
    places(turn, |address| Place::district(&address.district))
}

/// The one place of each kind that is known: that of the scenario's first address.
fn places(turn: &Turn<'_>, place: for<'a> fn(&'a Address) -> Place<'a>) -> Answer {
    let first = turn.world.scenario.shop.addresses.first();
    let known: Vec<_> = first.map(|first| place(first)).into_iter().collect();
    listed(&known)
}
