//! What leads to each endpoint that moves money.

use crate::support::merchant::{HOST, Merchant};
use crate::support::walk::{
    CRAFTGATE, PLAIN, Plan, complete, complete_reference, craftgate_token, to_order_no,
};
use crate::support::{Answer, Shopper, wallet};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mockpos::app::App;
use serde_json::{Value, json};
use std::sync::Arc;

const CARD: &str = "5258640000000001";
pub const PAYMENTS: &str = "/payment/v1/card-payments";
const WALLET: &str = "/payment/v2/masterpass-payments";

/// Prepares a call, and makes it when told to.
pub type Scene = fn(&Arc<App>, bool) -> Option<Answer>;

/// A row that moves money, and what leads to it.
pub struct Entry {
    pub method: &'static str,
    pub endpoint: &'static str,
    /// keys of the merchant
    pub settings: &'static str,
    pub scene: Scene,
}

const fn entry(endpoint: &'static str, scene: Scene) -> Entry {
    Entry {
        method: "POST",
        endpoint,
        settings: "",
        scene,
    }
}

/// With a merchant who is charged at the bank's page.
const fn at_once(method: &'static str, endpoint: &'static str, scene: Scene) -> Entry {
    let settings = "three_ds_model = \"3dpay\"";
    Entry {
        method,
        endpoint,
        settings,
        scene,
    }
}

pub const ENTRIES: &[Entry] = &[
    entry("akinon.checkout.complete", order_by_wallet),
    entry("akinon.checkout.complete", order_by_gateway),
    entry("craftgate.card_payment.create", pay),
    entry("craftgate.card_payment.3ds_complete", pay_3d),
    entry("craftgate.card_payment.post_auth", capture),
    entry("craftgate.card_verify.verify", verify_card),
    entry("craftgate.masterpass.complete", complete_wallet),
    entry("craftgate.masterpass.3ds_complete", complete_wallet_3d),
    at_once("GET", "craftgate.page.three_ds_return", come_back),
    at_once("POST", "craftgate.page.three_ds_return", come_back_by_form),
    at_once(
        "GET",
        "craftgate.page.masterpass_return",
        come_back_to_wallet,
    ),
    at_once(
        "POST",
        "craftgate.page.masterpass_return",
        come_back_to_wallet_by_form,
    ),
    entry("craftgate.refund.payment", refund),
    entry("craftgate.refund.item", refund_item),
    entry("craftgate.refund.mark_payment", mark),
    entry("craftgate.refund.mark_item", mark_item),
    entry("craftgate.refund.waiting_payment", give_up),
    entry("craftgate.page.checkout_pay", hosted),
    Entry {
        method: "GET",
        ..entry("craftgate.page.checkout_return", hosted_return)
    },
    entry("craftgate.page.checkout_return", hosted_return_by_form),
    entry("masterpass.payment.complete", wallet_complete),
    entry(
        "masterpass.payment.complete_register",
        wallet_complete_register,
    ),
    entry("masterpass.payment.void", wallet_void),
    entry("masterpass.payment.refund", wallet_refund),
];

fn order_by_wallet(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut shopper = Shopper::new(app);
    to_order_no(&mut shopper, PLAIN);
    act.then(|| complete(&mut shopper, "t", "PURCHASE"))
}

fn order_by_gateway(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut shopper = Shopper::new(app);
    let plan = Plan {
        option: CRAFTGATE,
        ..PLAIN
    };
    to_order_no(&mut shopper, plan);
    let (reference, _) = craftgate_token(&mut shopper, false);
    act.then(|| complete_reference(&mut shopper, &reference))
}

fn order(more: &Value) -> Value {
    let mut order = json!({
        "price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1,
        "card": {"cardHolderName": "Haluk Demir", "cardNumber": CARD, "expireYear": "2044",
                 "expireMonth": "07", "cvc": "000"},
        "items": [{"name": "Shoe", "price": 30}, {"name": "Bag", "price": 70}],
    });
    let more = more.as_object().unwrap().clone();
    order.as_object_mut().unwrap().extend(more);
    order
}

pub fn paid(merchant: &mut Merchant, more: &Value) -> Answer {
    let answer = merchant.post(PAYMENTS, &order(more));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

fn pay(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    act.then(|| merchant.post(PAYMENTS, &order(&json!({}))))
}

/// The path that a page's form leads to.
fn target(url: &str) -> String {
    url.strip_prefix(&format!("http://{HOST}"))
        .unwrap()
        .to_owned()
}

/// A payment that waits for its challenge: its number, and the bank's page.
fn begun_3d(merchant: &mut Merchant) -> (Value, String) {
    let wanted = order(&json!({"callbackUrl": "https://shop.example/back"}));
    let begun = merchant.post(&format!("{PAYMENTS}/3ds-init"), &wanted);
    let html = STANDARD.decode(begun.text_at("data.htmlContent")).unwrap();
    let html = String::from_utf8(html).unwrap();
    let (_, rest) = html.split_once("action=\"").unwrap();
    let bank = target(rest.split_once('"').unwrap().0);
    (begun.at("data.paymentId").clone(), bank)
}

/// The holder is authenticated at the bank's page: the way back to the gateway.
fn authenticated(browser: &mut Shopper, bank: &str) -> String {
    let ended = browser.post_form(bank, "outcome=succeeds");
    assert_eq!(ended.status, 303, "{}", ended.text);
    let back = ended.header("location");
    back[back.find("/payment").unwrap()..].to_owned()
}

fn pay_3d(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (mut merchant, mut browser) = (Merchant::new(app), Shopper::new(app));
    let (id, bank) = begun_3d(&mut merchant);
    let back = authenticated(&mut browser, &bank);
    assert_eq!(browser.get(&back).status, 200);
    let body = json!({ "paymentId": id });
    act.then(|| merchant.post(&format!("{PAYMENTS}/3ds-complete"), &body))
}

fn come_back(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut browser = Shopper::new(app);
    let (_, bank) = begun_3d(&mut Merchant::new(app));
    let back = authenticated(&mut browser, &bank);
    act.then(|| browser.get(&back))
}

fn come_back_by_form(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut browser = Shopper::new(app);
    let (_, bank) = begun_3d(&mut Merchant::new(app));
    let back = authenticated(&mut browser, &bank);
    act.then(|| browser.post_form(&back, ""))
}

fn verify_card(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let card = order(&json!({}))["card"].clone();
    let body = json!({"card": card, "paymentAuthenticationType": "NON_THREE_DS",
        "verificationPrice": 1, "currency": "TRY"});
    act.then(|| merchant.post("/payment/v1/cards/verify", &body))
}

fn capture(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let reserved = paid(&mut merchant, &json!({"paymentPhase": "PRE_AUTH"}));
    let target = format!("{PAYMENTS}/{}/post-auth", reserved.at("data.id"));
    act.then(|| merchant.post(&target, &json!({})))
}

fn reference(merchant: &mut Merchant) -> String {
    let wanted = json!({"msisdn": "905551112233", "userId": "shop-user-7", "binNumber": "404308",
        "forceThreeDS": false, "masterpassIntegrationVersion": 2,
        "createPayment": {"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY",
            "paymentGroup": "PRODUCT", "paymentPhase": "AUTH",
            "items": [{"name": "Shoe", "price": 100}]}});
    let answer = merchant.post(&format!("{WALLET}/generate-token"), &wanted);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text_at("data.referenceId")
}

fn complete_wallet(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let body = json!({"referenceId": reference(&mut merchant), "token": "B19E"});
    act.then(|| merchant.post(&format!("{WALLET}/complete"), &body))
}

/// A wallet's payment that waits for its challenge: its number, and the way back.
fn begun_wallet_3d(merchant: &mut Merchant) -> (Value, String) {
    let body = json!({"referenceId": reference(merchant),
        "callbackUrl": "https://shop.example/back"});
    let begun = merchant.post(&format!("{WALLET}/3ds-init"), &body);
    let back = target(&begun.text_at("data.returnUrl"));
    (begun.at("data.paymentId").clone(), back)
}

fn complete_wallet_3d(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let (id, back) = begun_wallet_3d(&mut merchant);
    assert_eq!(Shopper::new(app).get(&back).status, 200);
    let body = json!({ "paymentId": id });
    act.then(|| merchant.post(&format!("{WALLET}/3ds-complete"), &body))
}

fn come_back_to_wallet(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (_, back) = begun_wallet_3d(&mut Merchant::new(app));
    act.then(|| Shopper::new(app).get(&back))
}

fn come_back_to_wallet_by_form(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (_, back) = begun_wallet_3d(&mut Merchant::new(app));
    act.then(|| Shopper::new(app).post_form(&back, ""))
}

fn refund(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let paid = paid(&mut merchant, &json!({}));
    let body = json!({ "paymentId": paid.at("data.id") });
    act.then(|| merchant.post("/payment/v1/refunds", &body))
}

fn refund_item(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let paid = paid(&mut merchant, &json!({}));
    let item = paid.at("data.paymentTransactions.0.id");
    let body = json!({ "paymentTransactionId": item, "refundPrice": 10 });
    act.then(|| merchant.post("/payment/v1/refund-transactions", &body))
}

fn mark(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let paid = paid(&mut merchant, &json!({}));
    let body = json!({ "paymentId": paid.at("data.id") });
    act.then(|| merchant.post("/payment/v1/refunds/mark-as-refunded", &body))
}

fn mark_item(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let paid = paid(&mut merchant, &json!({}));
    let item = paid.at("data.paymentTransactions.0.id");
    let body = json!({ "paymentTransactionId": item, "refundPrice": 10 });
    act.then(|| merchant.post("/payment/v1/refund-transactions/mark-as-refunded", &body))
}

/// A payment that waits for its challenge is given up.
fn give_up(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let (id, _) = begun_3d(&mut merchant);
    let body = json!({ "paymentId": id });
    act.then(|| merchant.post("/payment/v1/refunds/refund-waiting-payment", &body))
}

/// The hosted page, and its form with this in it.
fn hosted_page(merchant: &mut Merchant, more: &str) -> (String, String) {
    let mut wanted = order(&json!({"callbackUrl": "https://shop.example/back"}));
    wanted.as_object_mut().unwrap().remove("card");
    let opened = merchant.post("/payment/v1/checkout-payments/init", &wanted);
    let page = target(&opened.text_at("data.pageUrl"));
    let form = format!(
        "method=card&cardHolderName=Haluk+Demir&cardNumber={CARD}&expireMonth=07&\
         expireYear=2044&cvc=000&{more}action=pay"
    );
    (page, form)
}

fn hosted(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (page, form) = hosted_page(&mut Merchant::new(app), "");
    act.then(|| Shopper::new(app).post_form(&page, &form))
}

/// The way back from the bank to the hosted page.
fn hosted_back(app: &Arc<App>) -> (Shopper, String) {
    let mut browser = Shopper::new(app);
    let (page, form) = hosted_page(&mut Merchant::new(app), "threeDS=1&");
    let sent = browser.post_form(&page, &form);
    let bank = sent.header("location");
    let bank = &bank[bank.find("/bank").expect(&sent.text)..];
    let back = authenticated(&mut browser, bank);
    let page = browser.get(&back);
    let (_, action) = page.text.split_once("action=\"").expect(&page.text);
    let action = action.split('"').next().unwrap().replace("&#38;", "&");
    let back = action[action.find("/pay/return").expect(&action)..].to_owned();
    (browser, back)
}

fn hosted_return(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (mut browser, back) = hosted_back(app);
    act.then(|| browser.get(&back))
}

fn hosted_return_by_form(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (mut browser, back) = hosted_back(app);
    act.then(|| browser.post_form(&back, "status=SUCCESS"))
}

/// A backend whose page has bought with a saved card, and its payment token.
fn wallet_bought(app: &Arc<App>) -> (Shopper, String) {
    let mut page = Shopper::new(app);
    wallet::authorized(&mut page, &wallet::wanted(wallet::PHONE, json!({})));
    let wanted = wallet::saved(wallet::PHONE, "Maaş kartım", "1001");
    let bought = wallet::post(&mut page, wallet::SAVED, &wanted);
    assert_eq!(bought.status, 200, "{}", bought.text);
    let token = bought.text_at("result.token");
    (page, token)
}

fn wallet_complete(app: &Arc<App>, act: bool) -> Option<Answer> {
    let (mut page, token) = wallet_bought(app);
    act.then(|| wallet::complete(&mut page, &token, json!({})))
}

/// A typed card is kept, and its payment completed by the path for that.
fn wallet_complete_register(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut page = Shopper::new(app);
    wallet::authorized(&mut page, &wallet::wanted(wallet::PHONE, json!({})));
    let wanted = wallet::kept(wallet::PHONE, ("DIRECT", "Yeni"), "1001");
    let bought = wallet::post(&mut page, wallet::KEPT, &wanted);
    assert_eq!(bought.status, 200, "{}", bought.text);
    let body = wallet::completion(&bought.text_at("result.token"));
    act.then(|| {
        wallet::post(
            &mut page,
            "/payment/api/RegisterAndPurchase/complete",
            &body,
        )
    })
}

/// What the backend says of an order that it gives back.
fn wallet_back(app: &Arc<App>, (verb, more): (&str, Value)) -> Answer {
    let (mut page, token) = wallet_bought(app);
    let done = wallet::complete(&mut page, &token, json!({}));
    assert_eq!(done.status, 200, "{}", done.text);
    let body = json!({"MerchantId": wallet::MERCHANT, "OrderId": "1001", "TerminalGroupId": "G1"});
    let target = format!("/payment/api/Payment/{verb}");
    wallet::post(&mut page, &target, &wallet::with(body, more))
}

fn wallet_void(app: &Arc<App>, act: bool) -> Option<Answer> {
    if !act {
        wallet_complete(app, true);
        return None;
    }
    let more = json!({"TransactionDate": "20260102"});
    Some(wallet_back(app, ("void", more)))
}

fn wallet_refund(app: &Arc<App>, act: bool) -> Option<Answer> {
    if !act {
        wallet_complete(app, true);
        return None;
    }
    let more = json!({"OrderDate": "20260102", "Amount": "4000"});
    Some(wallet_back(app, ("refund", more)))
}
