//! `/orders/checkout/`: the flow of pages, and the steps before payment. contract: akinon §3–§8

use crate::call::ear::Part;
use crate::call::flag;
use crate::call::form::Form;
use crate::domain::checkout::{Guest, Session, Step};
use crate::domain::decision::Point;
use crate::domain::shop::{PaymentOption, Shop};
use crate::refusal::{Refusal, Why};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::envelope::{self, FLOW, Say, page_of};
use crate::surface::akinon::limits::{WORD, too_long};
use crate::surface::akinon::session;
use http::Method;
use std::sync::Arc;

/// Rows of the flow up to the choice of how to pay.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::GET,
        path: "/orders/checkout",
        page: None,
        name: "akinon.checkout.read",
        evidence: Evidence::Documented,
        points: &[],
        handle: read,
        spec: envelope::told,
    },
    Endpoint {
        method: Method::POST,
        path: "/orders/checkout",
        page: None,
        name: "akinon.checkout.other",
        evidence: Evidence::Inferred,
        points: &[Point::Page],
        handle: other,
        spec: envelope::told,
    },
    page(
        "IndexPage",
        "akinon.checkout.index",
        Evidence::Documented,
        index,
    ),
    page(
        "DeliveryOptionSelectionPage",
        "akinon.checkout.delivery",
        Evidence::Documented,
        delivery,
    ),
    page(
        "AddressSelectionPage",
        "akinon.checkout.address",
        Evidence::Documented,
        address,
    ),
    page(
        "ShippingOptionSelectionPage",
        "akinon.checkout.shipping",
        Evidence::Documented,
        shipping,
    ),
    page(
        "PaymentOptionSelectionPage",
        "akinon.checkout.payment_option",
        Evidence::Documented,
        payment_option,
    ),
    page(
        "OrderNotePage",
        "akinon.checkout.note",
        Evidence::Documented,
        note,
    ),
];

/// A row of the checkout that answers this page.
pub const fn page(
    page: &'static str,
    name: &'static str,
    evidence: Evidence,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    let row = ("/orders/checkout", name);
    let mut endpoint = Endpoint::of(Method::POST, row, (evidence, &[Point::Page]), handle);
    endpoint.page = Some(page);
    endpoint.spec = envelope::told;
    endpoint
}

/// Every page completed or open, in order; `?page=X` shows that one. contract: akinon §6
fn read(turn: &mut Turn<'_>) -> Answer {
    look(turn)?;
    let session = session::open(turn);
    let next = session.next_step();
    let open = FLOW
        .iter()
        .filter(|(_, step)| *step <= next)
        .map(|(page, _)| *page);
    let pages = match turn.call.query("page") {
        None => open.collect(),
        Some("OrderNotePage") => vec!["OrderNotePage", page_of(next)],
        Some(asked) => vec![
            open.clone()
                .find(|page| *page == asked)
                .unwrap_or(page_of(next)),
        ],
    };
    Ok(envelope::reply(
        turn,
        Say {
            pages,
            ..Say::default()
        },
    ))
}

/// A page that is not known is like one that comes too early. contract: akinon §6
fn other(turn: &mut Turn<'_>) -> Answer {
    look(turn)?;
    scripted(turn)?;
    Err(Refusal::WrongOrder)
}

fn index(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::Identity)?;
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let email = fields.text("user_email").map(|text| text.into_owned());
    let phone = fields
        .text("phone_number")
        .map(|text| session::msisdn(&text));
    if session::open(turn).customer.is_some() {
        return next(turn);
    }
    let mut problems = Vec::new();
    match &email {
        None => problems.push(("user_email", Why::Missing)),
        Some(mail) if !mail.contains('@') => {
            problems.push(("user_email", Why::Malformed("a valid email address")));
        }
        Some(mail) => problems.extend(too_long(mail, WORD).map(|why| ("user_email", why))),
    }
    match &phone {
        None => problems.push(("phone_number", Why::Missing)),
        Some(None) => problems.push(("phone_number", Why::Malformed("a valid phone number"))),
        Some(Some(_)) => {}
    }
    if !turn.world.scenario.settings.akinon.guest_purchase {
        problems = vec![("user_email", Why::NotOffered)];
    }
    let (Some(email), Some(Some(phone)), true) = (email, phone, problems.is_empty()) else {
        return Err(Refusal::fields(problems));
    };
    let session = session::open(turn);
    session.guest = Some(Guest { email, phone });
    next(turn)
}

/// Storefronts post this and the next two steps by themselves, and two of their pages at once: the
/// same choice again changes nothing, or each would undo what the other has done. contract: akinon §14
fn delivery(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::Delivery)?;
    let pk = choice(turn, "delivery_option")?;
    if turn.world.scenario.shop.delivery_option(pk).is_none() {
        return Err(Refusal::field("delivery_option", Why::NotOffered));
    }
    let session = session::open(turn);
    if session.checkout.delivery_option.replace(pk) != Some(pk) {
        session.undo_after(Step::Delivery);
    }
    next(turn)
}

fn address(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::Address)?;
    let (goods, bill) = (
        choice(turn, "shipping_address"),
        choice(turn, "billing_address"),
    );
    let (goods, bill) = both(goods, bill)?;
    let scenario = Arc::clone(&turn.world.scenario);
    let session = session::open(turn);
    let fields = [("shipping_address", goods), ("billing_address", bill)];
    let wrong = fields
        .into_iter()
        .filter(|(_, pk)| session.address(&scenario.shop, *pk).is_none());
    let wrong: Vec<_> = wrong.map(|(field, _)| (field, Why::NotOffered)).collect();
    if !wrong.is_empty() {
        return Err(Refusal::fields(wrong));
    }
    let c = &mut session.checkout;
    let before = (
        c.shipping_address.replace(goods),
        c.billing_address.replace(bill),
    );
    if before != (Some(goods), Some(bill)) {
        session.undo_after(Step::Address);
    }
    next(turn)
}

fn shipping(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::Shipping)?;
    let pk = choice(turn, "shipping_option")?;
    if turn.world.scenario.shop.shipping_option(pk).is_none() {
        return Err(Refusal::field("shipping_option", Why::NotOffered));
    }
    let session = session::open(turn);
    if session.checkout.shipping_option.replace(pk) != Some(pk) {
        session.undo_after(Step::Shipping);
    }
    next(turn)
}

fn payment_option(turn: &mut Turn<'_>) -> Answer {
    begin(turn, Step::PaymentOption)?;
    let pk = choice(turn, "payment_option")?;
    if turn.world.scenario.shop.payment_option(pk).is_none() {
        return Err(Refusal::field("payment_option", Why::NotOffered));
    }
    supersede_reference(turn);
    let session = session::open(turn);
    session.checkout.payment_option = Some(pk);
    session.undo_after(Step::PaymentOption);
    next(turn)
}

/// The note can be left at any time, and leaves the flow where it is. Storefronts post `notes`,
/// server-side extensions `order_note`.
fn note(turn: &mut Turn<'_>) -> Answer {
    look(turn)?;
    scripted(turn)?;
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    let text = fields
        .text("notes")
        .or_else(|| fields.text("order_note"))
        .map(|text| text.chars().take(1000).collect());
    let session = session::open(turn);
    session.checkout.note = text;
    next(turn)
}

/// The step may be taken: basket filled, earlier steps done, no scripted error.
pub fn begin(turn: &mut Turn<'_>, step: Step) -> Result<(), Refusal> {
    look(turn)?;
    if turn.call.describes().is_none() && session::open(turn).next_step() < step {
        return Err(Refusal::WrongOrder);
    }
    scripted(turn)
}

/// There is a basket to look at. After an order it is filled again here.
fn look(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let scenario = Arc::clone(&turn.world.scenario);
    let session = session::open(turn);
    session::refill(session, &scenario);
    if session.basket.is_empty() && turn.call.describes().is_none() {
        Err(Refusal::EmptyBasket)
    } else {
        Ok(())
    }
}

/// The error that a scenario puts on this page.
pub fn scripted(turn: &Turn<'_>) -> Result<(), Refusal> {
    match &turn.verdict.error {
        Some(error) => Err(error.refusal()),
        None => Ok(()),
    }
}

/// The answer that shows the page after this one.
pub fn next(turn: &mut Turn<'_>) -> Answer {
    let page = page_of(session::open(turn).next_step());
    Ok(envelope::reply(
        turn,
        Say {
            pages: vec![page],
            ..Say::default()
        },
    ))
}

/// References given out so far are for another choice than the one being made.
pub fn supersede_reference(turn: &mut Turn<'_>) {
    let reference = session::open(turn).checkout.reference.take();
    if let Some(reference) = reference.and_then(|id| turn.world.state.references.get_mut(&*id)) {
        reference.supersede();
    }
}

/// A field that holds the number of a choice.
pub fn choice(turn: &Turn<'_>, field: &'static str) -> Result<u32, Refusal> {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    turn.call.hear(Part::Body, field, (Form::Digits, true));
    let text = fields
        .text(field)
        .ok_or_else(|| Refusal::field(field, Why::Missing))?;
    text.parse()
        .map_err(|_| Refusal::field(field, Why::Malformed("a whole number")))
}

/// A field that holds a truth value; missing is false. contract: akinon §1.3
pub fn truth(turn: &Turn<'_>, field: &'static str) -> Result<bool, Refusal> {
    let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
    turn.call.hear(Part::Body, field, (Form::Flag, false));
    let Some(text) = fields.text(field) else {
        return Ok(false);
    };
    flag(&text).ok_or_else(|| Refusal::field(field, Why::Malformed("true or false")))
}

/// Both values, or the problems of both.
fn both<T>(a: Result<T, Refusal>, b: Result<T, Refusal>) -> Result<(T, T), Refusal> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Refusal::Invalid(mut all)), Err(Refusal::Invalid(more))) => {
            all.extend(more);
            Err(Refusal::Invalid(all))
        }
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    }
}

/// The payment option of a session, if one is chosen.
pub fn option_of<'a>(session: &Session, shop: &'a Shop) -> Option<&'a Arc<PaymentOption>> {
    session
        .checkout
        .payment_option
        .and_then(|pk| shop.payment_option(pk))
}
