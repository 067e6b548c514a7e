//! The basket. contract: akinon §14

use crate::call::Fields;
use crate::call::form::Form;
use crate::domain::checkout::Step;
use crate::domain::decision::Point;
use crate::domain::shop::BasketLine;
use crate::refusal::{Refusal, Thing, Why};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Spec, Turn};
use crate::surface::akinon::basket_body::BasketBody;
use crate::surface::akinon::{envelope, session};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Rows of the basket: every method answers the whole of it.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, "akinon.basket.read", read),
    row(Method::POST, "akinon.basket.add", add).told(lines),
    row(Method::PUT, "akinon.basket.set", set).told(lines),
    row(Method::PATCH, "akinon.basket.change", patch).told(lines),
    row(Method::DELETE, "akinon.basket.remove", remove).told(lines),
];

const fn row(method: Method, name: &'static str, handle: fn(&mut Turn<'_>) -> Answer) -> Endpoint {
    Endpoint::of(
        method,
        ("/baskets/basket", name),
        (Evidence::Observed, &[Point::Page]),
        handle,
    )
    .told(|spec| spec.json::<Shown<'_>>(200))
}

#[derive(Serialize, JsonSchema)]
struct Shown<'a> {
    basket: BasketBody<'a>,
    osessionid: &'a str,
}

fn lines(spec: &mut Spec<'_>) {
    spec.body(&[("product", Form::Digits), ("quantity", Form::Digits)]);
    spec.json::<Shown<'_>>(200);
}

fn read(turn: &mut Turn<'_>) -> Answer {
    let scenario = Arc::clone(&turn.world.scenario);
    session::refill(session::open(turn), &scenario);
    show(turn)
}

fn add(turn: &mut Turn<'_>) -> Answer {
    let (product, quantity) = line(turn, 1)?;
    change(turn, product, |before| before.saturating_add(quantity))
}

fn set(turn: &mut Turn<'_>) -> Answer {
    let (product, quantity) = line(turn, 1)?;
    change(turn, product, |_| quantity)
}

/// As [`set`], or a voucher: there are none here, so that each is unknown and none has to go.
fn patch(turn: &mut Turn<'_>) -> Answer {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    if fields.text("voucher_code").is_some() {
        return Err(Refusal::field("voucher_code", Why::NotOffered));
    }
    if fields.text("remove_voucher_code").is_some() {
        return show(turn);
    }
    set(turn)
}

/// One product, or with no body the whole basket.
fn remove(turn: &mut Turn<'_>) -> Answer {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    if fields.text("product").is_none() {
        let session = session::open(turn);
        session.basket.clear();
        session.undo_after(Step::Shipping);
        return show(turn);
    }
    let (product, _) = line(turn, 0)?;
    change(turn, product, |_| 0)
}

/// Product and quantity of the body.
fn line(turn: &Turn<'_>, quantity: u32) -> Result<(u32, u32), Refusal> {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let product =
        whole(fields, "product")?.ok_or_else(|| Refusal::field("product", Why::Missing))?;
    Ok((product, whole(fields, "quantity")?.unwrap_or(quantity)))
}

fn whole(fields: Fields<'_>, name: &'static str) -> Result<Option<u32>, Refusal> {
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    let number = text
        .parse()
        .map_err(|_| Refusal::field(name, Why::Malformed("a whole number")))?;
    Ok(Some(number))
}

/// A change of the basket changes what is to be paid: the choices about paying are undone.
fn change(turn: &mut Turn<'_>, pk: u32, quantity: impl Fn(u32) -> u32) -> Answer {
    let scenario = Arc::clone(&turn.world.scenario);
    let product = scenario
        .shop
        .product(pk)
        .ok_or(Refusal::NotFound(Thing::Product))?;
    let session = session::open(turn);
    session::refill(session, &scenario);
    let before = session
        .basket
        .iter()
        .find(|line| line.product == pk)
        .map_or(0, |l| l.quantity);
    let after = quantity(before);
    if after > product.stock {
        return Err(Refusal::field("quantity", Why::NotOffered));
    }
    match session.basket.iter_mut().find(|line| line.product == pk) {
        Some(line) => line.quantity = after,
        None => session.basket.push(BasketLine {
            product: pk,
            quantity: after,
        }),
    }
    session.basket.retain(|line| line.quantity > 0);
    session.undo_after(Step::PaymentOption);
    show(turn)
}

fn show(turn: &mut Turn<'_>) -> Answer {
    let session = session::open(turn).clone();
    let view = envelope::view(turn, &session);
    let basket = BasketBody::of(view, session.totals(view.shop));
    let osessionid = &turn.caller;
    let body = Shown { basket, osessionid };
    Ok(Reply::json(StatusCode::OK, &body))
}
