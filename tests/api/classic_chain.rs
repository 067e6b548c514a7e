//! The same chain with a page of the classic generation, which takes the shop's bearer token for its own:
//! all six transaction types as transcripts. Only what the wallet really issued counts there.

use crate::chain::{SHOP, begun, by_the_bank, plan};
use crate::flows::{thanked, told};
use crate::mfs::page::{OTP, Page, Told};
use crate::support::walk::{Plan, complete};
use serde_json::{Value, json};

/// What the SDK sends for a card number: RSA, in hex.
const SEALED: &str = "3f8a";

/// Tells the whole story of a purchase; `card` is what the operation wants to know of the card.
fn story(plan: Plan, (operation, kind): (&str, &str), card: &Value) {
    let (shopper, phone, order_no) = begun(plan);
    let mut page = Page::of(shopper);
    page.token = bearer(&page);
    page.post(
        "listManagement",
        &json!({"msisdn": phone, "listType": "ACCOUNT"}),
    )
    .is("");
    let mut fields = json!({"msisdn": phone, "amount": "10000", "orderNo": order_no, "installmentCount": 1,
        "macroMerchantId": "M1"});
    let all = fields.as_object_mut().unwrap();
    all.extend(card.as_object().unwrap().clone());
    let mut answer = page.post(operation, &fields);
    if matches!(&*answer.code(), "5001" | "5008") {
        let code = json!({"validationRefNo": page.last, "validationCode": OTP, "token": null});
        answer = page.post("validateTransaction", &code);
    }
    let thanks = match kind.ends_with("_3D") {
        true => {
            let id = to_bank(&mut page, &answer);
            page.shopper.header("x-requested-with", "XMLHttpRequest");
            by_the_bank(&mut page.shopper, &id)
        }
        false => {
            let token = answer.is("0000").payment_token();
            page.shopper.header("x-requested-with", "XMLHttpRequest");
            complete(&mut page.shopper, &token, kind)
        }
    };
    thanked(&mut page.shopper, &thanks);
    if kind.starts_with("REGISTER") {
        let list = page.post("listManagement", &json!({"msisdn": phone}));
        assert!(
            list.text.contains("Yeni kartım"),
            "it is kept: {}",
            list.text
        );
    }
    let name = kind.to_lowercase().replace('_', "-");
    told(&page.shopper, &format!("classic-{name}.txt"));
}

/// The token that the shop gave for the browser.
fn bearer(page: &Page) -> String {
    let said = page.shopper.transcript.lines();
    let mut tokens = said.filter_map(|line| {
        line.trim_start_matches("< ")
            .trim()
            .strip_prefix("\"token\": \"")
    });
    let token = tokens.next_back().unwrap();
    token.trim_end_matches([',', '"']).to_owned()
}

/// The browser goes where the answer says: the challenge's id.
fn to_bank(page: &mut Page, answer: &Told) -> String {
    let url = answer.is("5010").fault("Url3D");
    let (_, path) = url.split_once("127.0.0.1").unwrap();
    let led = page.shopper.get(&format!("{path}&returnUrl={SHOP}"));
    let (_, id) = led.header("location").rsplit_once('/').unwrap();
    id.to_owned()
}

fn saved(alias: &str) -> Value {
    json!({"listAccountName": alias, "cvc": ""})
}

fn typed(name: &str) -> Value {
    json!({"rtaPan": SEALED, "cvc": SEALED, "expiryDate": "3012", "cardHolderName": name})
}

fn kept(name: &str) -> Value {
    json!({"rtaPan": SEALED, "cvc": SEALED, "expiryDate": "3012", "cardHolderName": name,
        "accountAliasName": "Yeni%20kart%C4%B1m", "actionType": "A"})
}

#[test]
pub fn purchase() {
    let plan = plan("520922", true, false);
    story(
        plan,
        ("remotePurchaseOther", "PURCHASE"),
        &saved("Bonus%20kart%C4%B1m"),
    );
}

#[test]
pub fn purchase_3d() {
    let plan = plan("525864", true, true);
    story(
        plan,
        ("remotePurchaseOther", "PURCHASE_3D"),
        &saved("Maaş kartım"),
    );
}

#[test]
pub fn direct_purchase() {
    let plan = plan("513662", false, false);
    story(
        plan,
        ("directPurchase", "DIRECT_PURCHASE"),
        &typed("BANK OTP"),
    );
}

#[test]
pub fn direct_purchase_3d() {
    let plan = plan("440247", false, true);
    story(
        plan,
        ("directPurchase", "DIRECT_PURCHASE_3D"),
        &typed("OTP THEN THREE D"),
    );
}

#[test]
pub fn register_and_purchase() {
    let plan = plan("413226", false, false);
    story(
        plan,
        ("purchaseAndRegister", "REGISTER_AND_PURCHASE"),
        &kept("DIRECT"),
    );
}

#[test]
pub fn register_and_purchase_3d() {
    let plan = plan("554548", false, true);
    story(
        plan,
        ("purchaseAndRegister", "REGISTER_AND_PURCHASE_3D"),
        &kept("THREE D"),
    );
}
