//! Orders that were placed, behind a signed address. contract: akinon §12

use crate::clock::Timestamp;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::shop::Address;
use crate::refusal::{Refusal, Thing};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::address_body::AddressBody;
use crate::surface::akinon::basket_body::ProductBody;
use crate::surface::akinon::pre_order::{PaymentBody, Text, currency_label};
use crate::surface::akinon::{envelope, page, session};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha1::Sha1;
use std::collections::BTreeMap;

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
        spec.json::<Completed>(200);
        spec.html(200);
    },
}];

#[derive(Serialize, JsonSchema)]
struct Completed {
    campaigns: [(); 0],
    #[schemars(with = "BTreeMap<String, Value>")]
    order: Value,
}

fn completed(turn: &mut Turn<'_>) -> Answer {
    let number = verify(turn.param("signed"), turn).ok_or(Refusal::NotFound(Thing::Order))?;
    let order = turn
        .world
        .state
        .orders
        .get(&number)
        .ok_or(Refusal::NotFound(Thing::Order))?;
    let body = Completed {
        campaigns: [],
        order: body(order, turn),
    };
    if session::is_browser(turn.call) {
        return Ok(page::thank_you(turn, order));
    }
    Ok(Reply::json(StatusCode::OK, &body))
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

/// An order as clients and themes read it.
fn body(order: &Order, turn: &Turn<'_>) -> Value {
    let at = order.created_at.iso_micros();
    let shipping = order.shipping_option.as_ref();
    let address = |a: &Option<Address>| a.as_ref().map(|a| address_body(a, order));
    let rest = json!({
        "id": order.id,
        "number": order.number,
        "status": status(turn),
        "card": 1,
        "bin_number": order.bin,
        "bank": bank(order, turn),
        "payment_option": PaymentBody::of(&order.payment_option),
        "payment_option_slug": order.payment_option.slug,
        "shipping_option": shipping.map(|o| o.pk),
        "shipping_option_slug": shipping.map(|o| &o.slug),
        "user_email": order.email,
        "user": order.customer,
        "created_date": at,
        "modified_date": at,
        "shipping_address": address(&order.shipping_address),
        "billing_address": address(&order.billing_address),
        "orderitem_set": lines(order, turn),
        "notes": order.note,
        "language_code": if session::turkish(turn.call) { "tr-tr" } else { "en-us" },
    });
    let mut whole = Map::new();
    for part in [rest, amounts(order), fixed()] {
        if let Value::Object(fields) = part {
            whole.extend(fields);
        }
    }
    Value::Object(whole)
}

fn status(turn: &Turn<'_>) -> Value {
    let label = if session::turkish(turn.call) {
        "Onaylandı"
    } else {
        "Approved"
    };
    json!({ "value": "400", "label": label })
}

fn amounts(order: &Order) -> Value {
    let currency = order.amount.currency();
    let zero = Money::zero(currency);
    let interest = order.installment.total.minus(order.amount).unwrap_or(zero);
    json!({
        "currency": { "value": currency.code().to_ascii_lowercase(), "label": currency_label(currency) },
        "amount": Text(order.installment.total),
        "amount_without_discount": Text(order.amount),
        "discount_amount": Text(zero),
        "shipping_amount": Text(order.shipping_amount),
        "refund_amount": Text(zero),
        "discount_refund_amount": Text(zero),
        "shipping_refund_amount": Text(zero),
        "installment_interest_amount": Text(interest),
        "installment_count": order.installment.count,
        "installment": order.installment.pk,
    })
}

/// What is the same for every order here.
fn fixed() -> Value {
    json!({
        "basket": 1,
        "client_type": "default",
        "remote_addr": "127.0.0.1",
        "is_payable": false,
        "is_cancelled": false,
        "is_cancellable": true,
        "is_refundable": false,
        "has_gift_box": false,
        "discountitem_set": [],
        "tracking_number": null,
        "tracking_url": null,
        "invoice_number": null,
        "extra_field": {},
        "segment": null,
        "checkout_provider": null,
    })
}

/// The card's bank, when its BIN is known.
fn bank(order: &Order, turn: &Turn<'_>) -> Value {
    let bin = turn.world.scenario.bins.find(&order.bin);
    let Some(bank) = bin.and_then(|bin| bin.bank.as_ref()) else {
        return Value::Null;
    };
    let slug = envelope::slug(&bank.name);
    let logo = format!("https://cdn.example/{slug}.jpg");
    json!({ "pk": bank.code, "name": &*bank.name, "slug": slug, "logo": logo })
}

fn address_body(address: &Address, order: &Order) -> Value {
    let mut body = serde_json::to_value(AddressBody::of(address)).unwrap_or_default();
    body["hash_data"] = format!("{:08x}", address.pk).into();
    body["address_type"] = "customer".into();
    body["user"] = json!({
        "pk": order.customer,
        "email": order.email,
        "first_name": address.first_name,
        "last_name": address.last_name,
    });
    body
}

/// One entry for each piece: the platform keeps order items apart.
fn lines(order: &Order, turn: &Turn<'_>) -> Vec<Value> {
    let pieces = order
        .lines
        .iter()
        .flat_map(|line| (0..line.quantity).map(move |_| line.product));
    let item = |(index, pk): (usize, u32)| {
        let product = turn.world.scenario.shop.product(pk)?;
        Some(json!({
            "id": index + 1,
            "status": status(turn),
            "price_currency": { "value": product.price.currency().code().to_ascii_lowercase(),
                                "label": currency_label(product.price.currency()) },
            "price": Text(product.price),
            "retail_price": Text(product.price),
            "tax_rate": product.tax_rate,
            "product": ProductBody::of(product),
            "is_cancelled": false,
            "is_cancellable": true,
            "is_refundable": false,
            "tracking_number": null,
            "invoice_number": null,
            "attributes": {},
        }))
    };
    pieces.enumerate().filter_map(item).collect()
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
