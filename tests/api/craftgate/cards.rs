//! What the tests of cards share: requests, and a shopper at the bank's page.

use crate::support::Answer;
use crate::support::merchant::{HOST, Merchant};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Method};
use mockpos::call::Call;
use serde_json::{Value, json};

pub const PAYMENTS: &str = "/payment/v1/card-payments";
pub const INIT: &str = "/payment/v1/card-payments/3ds-init";
pub const COMPLETE: &str = "/payment/v1/card-payments/3ds-complete";
pub const CARDS: &str = "/payment/v1/cards";

/// The vendor's example, paid with this card.
pub fn order(pan: &str) -> Value {
    // American Express cards are the ones with fifteen digits.
    let amex = pan.len() == 15;
    json!({
        "price": 100, "paidPrice": 100, "walletPrice": 0, "installment": 1, "currency": "TRY",
        "paymentGroup": "LISTING_OR_SUBSCRIPTION", "conversationId": "order-7",
        "card": {
            "cardHolderName": "Haluk Demir", "cardNumber": pan, "expireYear": "2044",
            "expireMonth": "07", "cvc": if amex { "0000" } else { "000" },
        },
        "items": [
            {"name": "Item 1", "externalId": "a", "price": 30},
            {"name": "Item 2", "externalId": "b", "price": 50},
            {"name": "Item 3", "externalId": "c", "price": 20},
        ],
    })
}

/// `value` with this at a JSON pointer; null takes it away.
pub fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if new.is_null() {
        parent.remove(name);
    } else {
        parent.insert(name.to_owned(), new);
    }
    value
}

/// An order that goes to the bank's page.
pub fn order_3d(pan: &str) -> Value {
    with(
        order(pan),
        "/callbackUrl",
        json!("https://shop.example/cg/3ds?order=7"),
    )
}

/// The shopper follows `htmlContent` and ends 3-D Secure with that outcome on the bank's page, if it
/// waits for anybody: what the browser is told to post to the merchant.
pub fn visit(merchant: &Merchant, begun: &Answer, outcome: &str) -> Answer {
    let page = bank_page(begun);
    let sent = browse(merchant, Method::POST, &page, &format!("outcome={outcome}"));
    assert_eq!(sent.status, 303, "{}", sent.text);
    browse(merchant, Method::GET, sent.header("location"), "")
}

/// The address to which `htmlContent` leads.
pub fn bank_page(begun: &Answer) -> String {
    let html = STANDARD.decode(begun.text_at("data.htmlContent")).unwrap();
    let html = String::from_utf8(html).unwrap();
    let (_, rest) = html.split_once("action=\"").unwrap();
    let (url, _) = rest.split_once('"').unwrap();
    url.to_owned()
}

/// A browser's call, without scripts.
pub fn browse(merchant: &Merchant, method: Method, url: &str, form: &str) -> Answer {
    let target = url.strip_prefix(&format!("http://{HOST}")).unwrap_or(url);
    let mut call = Call::new(method, target);
    call.origin = format!("http://{HOST}").into();
    let media = HeaderValue::from_static("application/x-www-form-urlencoded");
    call.headers.insert("content-type", media);
    call.body = form.to_owned().into();
    merchant.deliver(&call)
}

/// A field of the form that leads back to the merchant.
pub fn posted(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let Some((_, rest)) = page.text.split_once(&start) else {
        panic!("no {name} in {}", page.text);
    };
    rest.split_once('"').unwrap().0.to_owned()
}

/// Code and group of a refusal; empty where there is none.
pub fn refusal(answer: &Answer) -> (String, String) {
    let text = |path| match answer.at(path) {
        Value::Null => String::new(),
        _ => answer.text_at(path),
    };
    (text("errors.errorCode"), text("errors.errorGroup"))
}
