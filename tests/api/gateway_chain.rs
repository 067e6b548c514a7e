//! The gateway and the wallet together: what the wallet sold pays once, for its own order, and with
//! its own card, whether the shop's backend or the gateway's merchant completes it.

use crate::chain::{by_the_bank, plan};
use crate::flows::thanked;
use crate::support::merchant::Merchant;
use crate::support::walk::{self, CRAFTGATE, Plan, complete_payment, to_order_no};
use crate::support::wallet::{
    PHONE as CUSTOMER, SAVED, challenge, complete, post, saved, to_bank, wait, with,
};
use crate::support::{Answer, Shopper, app};
use mockpos::app::App;
use serde_json::{Value, json};
use std::sync::Arc;

const PHONE: &str = "905551110020";
/// Cards without money: one asks for 3-D Secure, one for nothing.
const POOR: &str = r#"
[[holder]]
msisdn = "905551110020"

[[holder]]
msisdn = "905321234567"

[[card]]
holder = "905551110020"
alias = "POOR"
number = "5258640000000001"
asks = ["three_ds"]
decline = "insufficient_funds"

[[card]]
holder = "905321234567"
alias = "POOR"
number = "5258640000000001"
asks = []
decline = "insufficient_funds"
"#;

/// A payment that the gateway's merchant has begun, and the shopper's browser.
struct Begun {
    merchant: Merchant,
    browser: Shopper,
    reference: String,
    order_no: String,
    bearer: String,
}

fn begun(app: &Arc<App>) -> Begun {
    let mut merchant = Merchant::new(app);
    let wanted = json!({"msisdn": PHONE, "userId": "1", "binNumber": "525864",
        "masterpassIntegrationVersion": 2, "createPayment": {"price": 100, "paidPrice": 100,
        "installment": 1, "currency": "TRY", "paymentGroup": "LISTING_OR_SUBSCRIPTION",
        "items": [{"name": "Shoe", "price": 100}]}});
    let token = merchant.post("/payment/v2/masterpass-payments/generate-token", &wanted);
    let (mut browser, bearer) = (Shopper::new(app), token.text_at("data.token"));
    browser.header("authorization", &bearer);
    Begun {
        merchant,
        browser,
        reference: token.text_at("data.referenceId"),
        order_no: token.text_at("data.orderNo"),
        bearer,
    }
}

impl Begun {
    fn buy(&mut self, alias: &str) -> Answer {
        let body = saved(PHONE, alias, &self.order_no);
        post(&mut self.browser, SAVED, &body)
    }

    /// 3-D Secure from the gateway's start to its way back: the payment's id.
    fn verified(&mut self, alias: &str) -> Value {
        let body = json!({"referenceId": self.reference, "callbackUrl": "http://localhost:9/cb"});
        let path = "/payment/v2/masterpass-payments/3ds-init";
        let init = self.merchant.post(path, &body);
        let asked = self.buy(alias);
        let id = to_bank(&mut self.browser, &asked, &init.text_at("data.returnUrl"));
        let back = by_the_bank(&mut self.browser, &id);
        assert!(back.text.contains("SUCCESS"), "{}", back.text);
        init.at("data.paymentId").clone()
    }

    /// The result token that the only challenge of the sandbox has brought back.
    fn token(&mut self) -> String {
        self.browser.header("host", "127.0.0.1:4242");
        let list = self.browser.get("/__mockpos/challenges");
        self.browser.header("host", "");
        let id = list.text_at("challenges.0.id");
        let told = challenge(&mut self.browser, &id, None);
        told.text_at("return.fields.token")
    }

    fn complete(&mut self, token: &str) -> Answer {
        let body = json!({"referenceId": self.reference, "token": token});
        let path = "/payment/v2/masterpass-payments/complete";
        self.merchant.post(path, &body)
    }

    fn complete_three_d(&mut self, payment: &Value) -> Answer {
        let path = "/payment/v2/masterpass-payments/3ds-complete";
        self.merchant.post(path, &json!({ "paymentId": payment }))
    }
}

/// The wallet has sent the shopper to the bank, and nobody comes back: the gateway's payment fails with the challenge.
#[test]
pub fn what_nobody_comes_back_for_fails_at_the_gateway() {
    let mut begun = begun(&app(""));
    let body = json!({"referenceId": begun.reference, "callbackUrl": "http://localhost:9/cb"});
    let init = begun
        .merchant
        .post("/payment/v2/masterpass-payments/3ds-init", &body);
    let asked = begun.buy("THREE D");
    to_bank(&mut begun.browser, &asked, &init.text_at("data.returnUrl"));
    let passed = wait(&mut begun.browser, "10m");
    let happened = passed.at("happened").as_array().unwrap();
    let failed = happened.last().unwrap();
    let payment = init.at("data.paymentId");
    assert_eq!(
        (&failed["id"], &failed["status"]),
        (payment, &json!("failed")),
        "{}",
        passed.text
    );
    let path = init
        .text_at("data.returnUrl")
        .replace("http://127.0.0.1:4242", "");
    let late = begun.browser.post_form(&path, "mdStatus=1");
    assert!(late.text.contains("FAILURE"), "{}", late.text);
    assert_eq!(begun.complete_three_d(payment).status, 422);
}

#[test]
pub fn what_comes_back_from_the_bank_pays_once() {
    let mut begun = begun(&app(""));
    let payment = begun.verified("THREE D");
    let token = begun.token();
    let paid = begun.complete_three_d(&payment);
    assert_eq!(paid.status, 200, "{}", paid.text);
    let order = json!({"OrderId": begun.order_no, "AccountKey": PHONE});
    let again = complete(&mut begun.browser, &token, order);
    let code = again.text_at("exception.code");
    assert_eq!(code, "PAYMENT_IS_NOT_VERIFIED", "{}", again.text);
}

#[test]
pub fn what_was_completed_at_the_wallet_does_not_pay_at_the_gateway() {
    let mut begun = begun(&app(""));
    let payment = begun.verified("THREE D");
    let token = begun.token();
    let order = json!({"OrderId": begun.order_no, "AccountKey": PHONE});
    let first = complete(&mut begun.browser, &token, order);
    assert_eq!(first.status, 200, "{}", first.text);
    let refused = begun.complete_three_d(&payment);
    assert_eq!(
        refused.text_at("errors.errorCode"),
        "4301",
        "{}",
        refused.text
    );
}

/// The wallet's card decides, after 3-D Secure as without it.
#[test]
pub fn a_card_without_money_is_declined_after_three_d_secure() {
    let mut begun = begun(&app(POOR));
    let payment = begun.verified("POOR");
    let declined = begun.complete_three_d(&payment);
    assert_eq!(
        declined.text_at("errors.errorGroup"),
        "NOT_SUFFICIENT_FUNDS"
    );
    assert_eq!(declined.decided_by(), "test card");
}

/// A token for a password is none for a completion, and no other one is as good any more.
#[test]
pub fn once_the_wallet_is_asked_only_its_token_pays() {
    let mut asked = begun(&app(""));
    let password = asked.buy("BANK OTP").text_at("result.token");
    for token in [&*password, "made-up"] {
        let refused = asked.complete(token);
        assert_eq!(refused.text_at("errors.errorCode"), "4301", "{token}");
    }
    let mut untouched = begun(&app(""));
    assert_eq!(untouched.complete("made-up").status, 200);
}

#[test]
pub fn once_the_wallet_is_asked_a_shop_and_a_backend_take_its_token_alone() {
    let mut shopper = Shopper::new(&app(""));
    let order_no = to_order_no(&mut shopper, plan("520922", true, false));
    let token = shopper.get("/orders/masterpass-rest-token/?msisdn_validated=true");
    shopper.header("authorization", &token.text_at("token"));
    let body = saved(CUSTOMER, "Bonus kartım", &order_no);
    let password = post(&mut shopper, SAVED, &body).text_at("result.token");
    for token in [&*password, "made-up"] {
        let refused = walk::complete(&mut shopper, token, "PURCHASE");
        assert_ne!(refused.at("errors"), &Value::Null, "{token}");
        let order = json!({"OrderId": order_no, "AccountKey": CUSTOMER});
        let refused = complete(&mut shopper, token, order);
        assert_eq!(refused.status, 400, "{token}: {}", refused.text);
    }
}

/// A shopper at the shop's POS of the gateway, with its second token: reference and order number.
fn at_the_shop(rules: &str, three_d: bool) -> (Shopper, String, String) {
    let mut shopper = Shopper::new(&app(rules));
    let plan = Plan {
        option: CRAFTGATE,
        ..plan("525864", true, three_d)
    };
    to_order_no(&mut shopper, plan);
    let target = format!("/orders/craftgate-masterpass-token/?three_d={three_d}");
    let token = shopper.get(&target);
    shopper.header("authorization", &token.text_at("token"));
    let (reference, order_no) = (token.text_at("referenceId"), token.text_at("orderNo"));
    (shopper, reference, order_no)
}

fn complete_at_the_shop(shopper: &mut Shopper, token: &str, reference: &str) -> Answer {
    let page = "MasterpassRestCompletePage&responseCode=0000&three_d_secure=false";
    shopper.page(page, &json!({ "token": token, "referenceId": reference }))
}

/// The shop's second token is for the gateway's order number, and the wallet's for that order alone.
#[test]
pub fn at_the_shops_pos_of_the_gateway_the_wallet_pays() {
    let (mut shopper, reference, order_no) = at_the_shop("", false);
    let body = saved(CUSTOMER, "Maaş kartım", &order_no);
    let cheap = post(
        &mut shopper,
        SAVED,
        &with(body.clone(), json!({"amount": 1})),
    );
    let token = post(&mut shopper, SAVED, &body).text_at("result.token");
    for wrong in [&*cheap.text_at("result.token"), "made-up"] {
        let refused = complete_at_the_shop(&mut shopper, wrong, &reference);
        assert_ne!(refused.at("errors"), &Value::Null, "{wrong}");
    }
    let thanks = complete_at_the_shop(&mut shopper, &token, &reference);
    thanked(&mut shopper, &thanks);
    let order = json!({"OrderId": order_no, "AccountKey": CUSTOMER});
    let again = complete(&mut shopper, &token, order);
    assert_eq!(again.status, 400, "it is used up: {}", again.text);
}

#[test]
pub fn at_the_shops_pos_of_the_gateway_the_wallets_card_decides() {
    let (mut shopper, reference, order_no) = at_the_shop(POOR, false);
    let bought = post(&mut shopper, SAVED, &saved(CUSTOMER, "POOR", &order_no));
    let token = bought.text_at("result.token");
    let declined = complete_at_the_shop(&mut shopper, &token, &reference);
    assert_ne!(declined.at("errors"), &Value::Null, "{}", declined.text);
    assert_eq!(declined.decided_by(), "test card");
}

/// Who is at the bank is waited for; then the wallet's purchase pays, once.
#[test]
pub fn at_the_shops_pos_of_the_gateway_the_bank_is_waited_for() {
    let (mut shopper, reference, order_no) = at_the_shop("", true);
    let init = format!("/orders/craftgate-masterpass-init/?reference_id={reference}");
    let init = shopper.get(&init);
    let body = saved(CUSTOMER, "Maximum kartım", &order_no);
    let asked = post(&mut shopper, SAVED, &body);
    let id = to_bank(&mut shopper, &asked, &init.text_at("returnUrl"));
    let payment = init.text_at("paymentId");
    let early = complete_payment(&mut shopper, &payment);
    assert_ne!(early.at("errors"), &Value::Null, "{}", early.text);
    let back = by_the_bank(&mut shopper, &id);
    assert!(back.text.contains("SUCCESS"), "{}", back.text);
    let thanks = complete_payment(&mut shopper, &payment);
    thanked(&mut shopper, &thanks);
    let token = challenge(&mut shopper, &id, None).text_at("return.fields.token");
    let order = json!({"OrderId": order_no, "AccountKey": CUSTOMER});
    let again = complete(&mut shopper, &token, order);
    assert_eq!(again.status, 400, "it is used up: {}", again.text);
}

#[test]
pub fn of_many_completions_at_once_one_finds_the_money() {
    let app = app("");
    let mut begun = begun(&app);
    let token = begun.buy("DIRECT").text_at("result.token");
    let order = json!({"OrderId": begun.order_no, "AccountKey": PHONE});
    let bearer = begun.bearer.clone();
    let go = Arc::new(std::sync::Barrier::new(64));
    let race = |n: usize| {
        let (app, go) = (Arc::clone(&app), Arc::clone(&go));
        let (token, order, bearer) = (token.clone(), order.clone(), bearer.clone());
        let body = json!({"referenceId": begun.reference, "token": token});
        std::thread::spawn(move || {
            let (mut merchant, mut backend) = (Merchant::new(&app), Shopper::new(&app));
            backend.header("authorization", &bearer);
            go.wait();
            match n % 2 {
                0 => merchant.post("/payment/v2/masterpass-payments/complete", &body),
                _ => complete(&mut backend, &token, order),
            }
            .status
        })
    };
    let racers: Vec<_> = (0..64).map(race).collect();
    let all: Vec<_> = racers.into_iter().map(|r| r.join().unwrap()).collect();
    let of = |wanted: &[u16]| all.iter().filter(|s| wanted.contains(s)).count();
    assert_eq!((of(&[200]), of(&[400, 422])), (1, 63), "{all:?}");
}
