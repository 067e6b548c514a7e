//! What merchants are told without asking: which events, when, how often, and as the rules have it.

pub mod events;
pub mod knobs;
pub mod time;

use crate::support::Answer;
use crate::support::merchant::HOST;
use crate::support::story::Story;
use serde_json::{Value, json};

pub const CARDS: &str = "/payment/v1/card-payments";
pub const WALLET: &str = "/payment/v2/masterpass-payments";
pub const YKB: &str = "5258640000000001";

/// What a shop says of an order of one item.
pub fn order() -> Value {
    json!({"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY", "items": [{"price": 100}]})
}

/// `order` with more fields.
pub fn with(mut order: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!() };
    order.as_object_mut().unwrap().extend(more);
    order
}

/// Pays by card, at once.
pub fn pay(story: &mut Story) -> Answer {
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": YKB, "expireYear": "2044",
                      "expireMonth": "07", "cvc": "000"});
    story.post(CARDS, &with(order(), json!({ "card": card })))
}

/// A wallet payment goes to the bank: its number, and the way back.
pub fn to_the_bank(story: &mut Story) -> (u64, String) {
    let wanted = json!({"msisdn": "905551112233", "userId": "7", "binNumber": "525864", "createPayment": order()});
    let token = story.post(&format!("{WALLET}/generate-token"), &wanted);
    let init = json!({"referenceId": token.text_at("data.referenceId"), "callbackUrl": "https://shop.example/cg"});
    let init = story.post(&format!("{WALLET}/3ds-init"), &init);
    let url = init.text_at("data.returnUrl");
    let path = url.strip_prefix(&format!("http://{HOST}")).unwrap();
    (init.at("data.paymentId").as_u64().unwrap(), path.to_owned())
}

/// The browser comes back from the bank.
pub fn come_back(story: &mut Story, path: &str, md_status: u8) -> Answer {
    story.browse(path, &format!("mdStatus={md_status}"))
}

/// The merchant completes what came back.
pub fn complete(story: &mut Story, id: u64) -> Answer {
    story.post(
        &format!("{WALLET}/3ds-complete"),
        &json!({ "paymentId": id }),
    )
}
