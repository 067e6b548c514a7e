//! What the suite asks for beside what the benchmarks share.

use crate::shared::{Ask, HOST};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

const PAYMENTS: &str = "/payment/v1/card-payments";

/// A payment by card through the gateway, captured at once.
pub fn card_payment() -> Ask {
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": "5258640000000001", "expireYear": "2044",
        "expireMonth": "07", "cvc": "000"});
    let body = json!({"price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1,
        "paymentGroup": "PRODUCT", "conversationId": "order-7", "card": card,
        "items": [{"name": "Shoe", "price": 100}]});
    signed("POST", PAYMENTS, &body.to_string())
}

/// The payment of that number.
pub fn look_up(id: u64) -> Ask {
    signed("GET", &format!("{PAYMENTS}/{id}"), "")
}

/// An ask of that sandbox, as bytes on a wire.
pub fn to(ask: Ask, sandbox: usize) -> Vec<u8> {
    ask.with("x-mockpos-sandbox", &format!("s{sandbox}"))
        .bytes()
}

fn signed(method: &'static str, target: &str, body: &str) -> Ask {
    let text = format!("http://{HOST}{target}api-keysecret-keyrnd1{body}");
    let own = [
        ("host", HOST),
        ("accept", "application/json, text/plain, */*"),
        ("content-type", "application/json"),
        ("x-api-key", "api-key"),
        ("x-rnd-key", "rnd1"),
        ("x-auth-version", "1"),
        ("x-signature", &STANDARD.encode(Sha256::digest(text))),
    ];
    Ask {
        method,
        target: target.to_owned(),
        headers: own.map(|(name, value)| (name, value.to_owned())).into(),
        body: body.to_owned(),
    }
}
