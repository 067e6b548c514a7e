//! The wallet's new generation, as a page in the browser and a merchant's backend call it.

use super::{Answer, Shopper};
use http::Method;
use serde_json::{Value, json};

/// Of the default scenario.
pub const MERCHANT: &str = "mockpos-merchant";
/// The default customer's wallet.
pub const PHONE: &str = "905321234567";
/// A wallet with a saved card for every outcome.
pub const OUTCOMES: &str = "905551110020";
/// What the vendor's script sends for a card number: RSA, in hex.
pub const SEALED: &str = "7b2e51c3a9d04f6688e1b7f02c4d95ab30f7c6e2d81b4a5937e0c8f6124ad9be\
                          7b2e51c3a9d04f6688e1b7f02c4d95ab30f7c6e2d81b4a5937e0c8f6124ad9be";

/// One call, with a JSON body unless it is a GET.
pub fn call(shopper: &mut Shopper, method: Method, target: &str, body: &Value) -> Answer {
    let body = match method {
        Method::GET => ("", String::new()),
        _ => ("application/json", body.to_string()),
    };
    shopper.send(method, target, body)
}

pub fn post(shopper: &mut Shopper, target: &str, body: &Value) -> Answer {
    call(shopper, Method::POST, target, body)
}

/// What a backend asks a token for, with some of it changed.
pub fn wanted(phone: &str, changes: Value) -> Value {
    let wanted = json!({"MerchantId": MERCHANT, "UserId": "1", "AccountKey": phone, "IsMsisdnValidated": true,
        "AuthenticationMethod": "NONE", "Secure3dType": "NONE", "CurrencyCode": "TRY"});
    with(wanted, changes)
}

/// `base` with the keys of `changes`; null takes one away.
pub fn with(mut base: Value, changes: Value) -> Value {
    let (Value::Object(base_map), Value::Object(changes)) = (&mut base, changes) else {
        unreachable!("both are objects");
    };
    for (key, value) in changes {
        if value.is_null() {
            base_map.remove(&key);
        } else {
            base_map.insert(key, value);
        }
    }
    base
}

/// The backend's call for a token.
pub fn generate(shopper: &mut Shopper, wanted: &Value) -> Answer {
    shopper.header("clientid", MERCHANT);
    shopper.header("secret", "mockpos-secret");
    shopper.header("granttype", "client_credentials");
    let answer = post(shopper, "/merchant/api/token/generate", wanted);
    for name in ["clientid", "secret", "granttype"] {
        shopper.header(name, "");
    }
    answer
}

/// From now on with a token for this.
pub fn authorized(shopper: &mut Shopper, wanted: &Value) {
    let answer = generate(shopper, wanted);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = answer.text_at("result.accessToken");
    assert!(token.starts_with("Bearer eyJ"), "{token}");
    shopper.header("authorization", &token);
}

/// The list of cards.
pub fn access(shopper: &mut Shopper, phone: &str) -> Answer {
    let target = format!(
        "/account/api/Card?accountKey={phone}&accountKeyType=Msisdn&userId=1&merchantId={MERCHANT}&sdkVersion=1.0.4&sourceChannel=Web"
    );
    call(shopper, Method::GET, &target, &Value::Null)
}

/// What a purchase with a saved card says.
pub fn saved(phone: &str, alias: &str, order_no: &str) -> Value {
    json!({"accountKey": phone, "authenticationMethod": "None", "amount": 10_000,
        "requestReferenceNo": "100000000001", "cardAlias": alias, "orderNo": order_no,
        "installmentCount": 1, "currencyCode": "TRY", "paymentType": "Sale",
        "secure3DModel": "NotDefined", "terminalGroupId": "G1",
        "merchantId": MERCHANT, "sdkVersion": "1.0.4", "sourceChannel": "Web"})
}

/// What one with a typed card says: `name` is that of the outcome.
pub fn typed(phone: &str, name: &str, order_no: &str) -> Value {
    let card = json!({"cardNumber": SEALED, "cardHolderName": name, "expiryDate": "3012",
        "cvc": SEALED, "deviceFingerPrint": "", "cardAlias": null});
    with(saved(phone, "", order_no), card)
}

/// What one with a typed card that is kept says.
pub fn kept(phone: &str, (name, alias): (&str, &str), order_no: &str) -> Value {
    let more = json!({"accountKeyType": "Msisdn", "merchantUserId": "1", "cardAlias": alias,
        "isMsisdnValidatedByMerchant": true});
    with(typed(phone, name, order_no), more)
}

pub const SAVED: &str = "/payment/api/Payment/request";
pub const DIRECT: &str = "/payment/api/DirectPayment/request";
pub const KEPT: &str = "/payment/api/RegisterAndPurchase";

/// Goes where `before` says, with a code.
pub fn verify(shopper: &mut Shopper, before: &Answer, code: &str) -> Answer {
    assert_eq!(before.status, 202, "{}", before.text);
    let body = json!({"token": before.text_at("result.token"), "otpCode": code});
    let path = before.header("content-location").to_owned();
    post(shopper, &path, &body)
}

/// The backend's completion.
pub fn complete(shopper: &mut Shopper, token: &str, changes: Value) -> Answer {
    let body = with(completion(token), changes);
    post(shopper, "/payment/api/Payment/complete", &body)
}

/// What a completion says.
pub fn completion(token: &str) -> Value {
    json!({"Amount": "10000", "MerchantId": MERCHANT, "OrderId": "1001", "AccountKey": PHONE,
        "InstallmentCount": 1, "RequestReferenceNo": "100000000001", "TerminalGroupId": "G1",
        "AcquirerIcaNumber": "2030", "Token": token})
}

/// The sandbox's time moves on: what happened on the way.
pub fn wait(shopper: &mut Shopper, by: &str) -> Answer {
    shopper.header("host", "127.0.0.1:4242");
    let moved = post(shopper, "/__mockpos/clock/advance", &json!({ "by": by }));
    assert_eq!(moved.status, 200, "{}", moved.text);
    shopper.header("host", "");
    moved
}

/// The browser goes to the bank's page, and would come back to `return_url`: the challenge's id.
pub fn to_bank(shopper: &mut Shopper, before: &Answer, return_url: &str) -> String {
    assert_eq!(
        before.text_at("result.responseCode"),
        "5010",
        "{}",
        before.text
    );
    let url = before.text_at("result.url3d");
    let (_, path) = url.split_once("127.0.0.1").unwrap();
    let led = shopper.get(&format!("{path}&returnUrl={return_url}"));
    assert_eq!(led.status, 303, "{}", led.text);
    let (_, id) = led.header("location").rsplit_once('/').unwrap();
    id.to_owned()
}

/// What mockpos tells of a challenge; with an outcome it ends so.
pub fn challenge(shopper: &mut Shopper, id: &str, outcome: Option<&str>) -> Answer {
    let target = format!("/__mockpos/challenges/{id}");
    shopper.header("host", "127.0.0.1:4242");
    let told = match outcome {
        Some(outcome) => post(shopper, &target, &json!({ "outcome": outcome })),
        None => shopper.get(&target),
    };
    shopper.header("host", "");
    assert_eq!(told.status, 200, "{}", told.text);
    told
}
