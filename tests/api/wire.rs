//! Every endpoint that moves money, with every fault on the wire, before and after the money moves.

use crate::support::merchant::{HOST, Merchant};
use crate::support::walk::{
    CRAFTGATE, PLAIN, Plan, complete, complete_reference, craftgate_token, to_order_no,
};
use crate::support::{Answer, Shopper, bare, wallet};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mockpos::app::App;
use mockpos::reply::Travel;
use serde_json::{Value, json};
use std::sync::Arc;

const CARD: &str = "5258640000000001";
const PAYMENTS: &str = "/payment/v1/card-payments";
const WALLET: &str = "/payment/v2/masterpass-payments";

/// Prepares a call, and makes it when told to.
type Scene = fn(&Arc<App>, bool) -> Option<Answer>;

/// The endpoint, and what leads to it. The last one is a proof that it moves money.
const MONEY: &[(&str, Scene)] = &[
    ("akinon.checkout.complete", order_by_wallet),
    ("akinon.checkout.complete", order_by_gateway),
    ("craftgate.card_payment.create", pay),
    ("craftgate.card_payment.3ds_complete", pay_3d),
    ("craftgate.card_payment.post_auth", capture),
    ("craftgate.masterpass.complete", complete_wallet),
    ("craftgate.masterpass.3ds_complete", complete_wallet_3d),
    ("craftgate.refund.payment", refund),
    ("craftgate.refund.item", refund_item),
    ("craftgate.page.checkout_pay", hosted),
    ("masterpass.payment.complete", wallet_complete),
    ("masterpass.payment.void", wallet_void),
    ("masterpass.payment.refund", wallet_refund),
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

fn paid(merchant: &mut Merchant, more: &Value) -> Answer {
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

fn pay_3d(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let wanted = order(&json!({"callbackUrl": "https://shop.example/back"}));
    let begun = merchant.post(&format!("{PAYMENTS}/3ds-init"), &wanted);
    let html = STANDARD.decode(begun.text_at("data.htmlContent")).unwrap();
    let html = String::from_utf8(html).unwrap();
    let (_, rest) = html.split_once("action=\"").unwrap();
    let bank = target(rest.split_once('"').unwrap().0);
    let mut browser = Shopper::new(app);
    let ended = browser.post_form(&bank, "outcome=succeeds");
    assert_eq!(ended.status, 303, "{}", ended.text);
    let back = ended.header("location");
    let back = &back[back.find("/payment").unwrap()..];
    assert_eq!(browser.get(back).status, 200);
    let body = json!({ "paymentId": begun.at("data.paymentId") });
    act.then(|| merchant.post(&format!("{PAYMENTS}/3ds-complete"), &body))
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

fn complete_wallet_3d(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let body = json!({"referenceId": reference(&mut merchant),
        "callbackUrl": "https://shop.example/back"});
    let begun = merchant.post(&format!("{WALLET}/3ds-init"), &body);
    let back = target(&begun.text_at("data.returnUrl"));
    assert_eq!(Shopper::new(app).get(&back).status, 200);
    let body = json!({ "paymentId": begun.at("data.paymentId") });
    act.then(|| merchant.post(&format!("{WALLET}/3ds-complete"), &body))
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

fn hosted(app: &Arc<App>, act: bool) -> Option<Answer> {
    let mut merchant = Merchant::new(app);
    let mut wanted = order(&json!({"callbackUrl": "https://shop.example/back"}));
    wanted.as_object_mut().unwrap().remove("card");
    let opened = merchant.post("/payment/v1/checkout-payments/init", &wanted);
    let page = target(&opened.text_at("data.pageUrl"));
    let form = format!(
        "method=card&cardHolderName=Haluk+Demir&cardNumber={CARD}&expireMonth=07&\
         expireYear=2044&cvc=000&action=pay"
    );
    act.then(|| Shopper::new(app).post_form(&page, &form))
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

/// All that later inquiries find, whoever asks.
fn inquiry(app: &Arc<App>) -> String {
    let mut merchant = Merchant::new(app);
    let list = merchant.get("/payment-reporting/v1/payments");
    assert_eq!(list.status, 200, "{}", list.text);
    let mut found = list.text.clone();
    for payment in list.at("data.items").as_array().unwrap() {
        let id = &payment["id"];
        found += &merchant.get(&format!("{PAYMENTS}/{id}")).text;
        found += &merchant
            .get(&format!("/payment-reporting/v1/payments/{id}/transactions"))
            .text;
    }
    found
}

/// The keys of `wire`, and what the client sees of an answer; None: no answer was made.
type Fault = (&'static str, fn(&Answer, Option<&Answer>));

const FAULTS: &[Fault] = &[
    ("fault = \"reset\"", |seen, _| {
        assert_eq!(seen.travel, Travel::Dropped);
    }),
    ("fault = \"garbage\"", |seen, _| {
        assert_eq!(seen.travel, Travel::Garbage);
    }),
    ("status = 503", |seen, _| {
        assert_eq!((seen.status, seen.travel), (503, Travel::Whole));
    }),
    ("fault = \"http\", status = 204", |seen, _| {
        assert_eq!((seen.status, seen.text.as_str()), (204, ""));
    }),
    ("fault = \"empty\"", |seen, _| {
        assert_eq!((seen.status, seen.text.as_str()), (200, ""));
        assert_eq!(seen.travel, Travel::Whole);
    }),
    ("fault = \"bad_json\"", |seen, answer| {
        assert_eq!((seen.status, &seen.json), (200, &Value::Null));
        assert_eq!(seen.header("content-type"), "application/json");
        assert!(!seen.text.is_empty());
        if let Some(answer) = answer.filter(|answer| answer.text.starts_with('{')) {
            assert!(answer.text.starts_with(&seen.text), "{}", seen.text);
        }
    }),
    ("fault = \"html_500\"", |seen, _| {
        assert_eq!(
            (seen.status, seen.header("content-type")),
            (500, "text/html")
        );
        assert!(seen.text.starts_with("<html>"), "{}", seen.text);
    }),
    ("fault = \"half_body\"", |seen, answer| {
        travels(seen, answer, Travel::Half);
    }),
    ("fault = \"slow\", rate = 100", |seen, answer| {
        travels(seen, answer, Travel::Slow(100));
    }),
    ("fault = \"stall\"", |seen, answer| {
        travels(seen, answer, Travel::Stalled);
    }),
];

/// The answer itself, or the surface's words for a failure, on a strange way.
fn travels(seen: &Answer, answer: Option<&Answer>, travel: Travel) {
    assert_eq!(seen.travel, travel);
    match answer {
        Some(answer) => assert_eq!((seen.status, &seen.text), (answer.status, &answer.text)),
        None => {
            assert_eq!(seen.status, 503);
            assert!(seen.json.is_object(), "{}", seen.text);
        }
    }
}

#[test]
fn every_money_endpoint_with_every_fault_before_and_after_the_commit() {
    for (endpoint, scene) in MONEY {
        let (idle, done) = (bare(""), bare(""));
        scene(&idle, false);
        let answer = scene(&done, true).unwrap();
        assert!(answer.status < 400, "{endpoint}: {}", answer.text);
        let (idle, done) = (inquiry(&idle), inquiry(&done));
        assert_ne!(idle, done, "{endpoint} moves money");
        for (fault, check) in FAULTS {
            for (moment, commits) in [("before_commit", false), ("after_commit", true)] {
                let app = bare(&format!(
                    "[[rule]]\nwhen = {{ endpoint = \"{endpoint}\", nth = 1 }}\n\
                     wire = {{ {fault}, when = \"{moment}\", delay = \"800ms\" }}"
                ));
                let seen = scene(&app, true).unwrap();
                assert_eq!(seen.delay, 800, "{endpoint} {fault} {moment}");
                assert_eq!(seen.decided_by(), "rule test.toml:2", "{endpoint} {fault}");
                check(&seen, commits.then_some(&answer));
                let expected = if commits { &done } else { &idle };
                assert_eq!(&inquiry(&app), expected, "{endpoint} {fault} {moment}");
            }
        }
    }
}

/// The client did not learn of it; it asks again, and is not charged again.
#[test]
fn an_order_whose_answer_was_lost_is_found_by_asking_again() {
    for (fault, _) in FAULTS {
        let app = bare(&format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.checkout.complete\", nth = 1 }}\n\
             wire = {{ {fault}, when = \"after_commit\" }}"
        ));
        let mut shopper = Shopper::new(&app);
        to_order_no(&mut shopper, PLAIN);
        complete(&mut shopper, "t", "PURCHASE");
        let found = inquiry(&app);
        let thanks = complete(&mut shopper, "t", "PURCHASE");
        assert_eq!(thanks.page(), "ThankYouPage", "{fault}: {}", thanks.text);
        assert_eq!(inquiry(&app), found, "{fault}");
    }
}

/// What the vendor's answers carry, a broken one carries too.
#[test]
fn broken_answers_carry_the_headers_of_their_surface() {
    for (fault, _) in FAULTS {
        let app = bare(&format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.*\" }}\nwire = {{ {fault}, when = \"after_commit\" }}"
        ));
        let seen = Shopper::new(&app).get("/orders/checkout/?page=IndexPage");
        let cookie = seen.header("set-cookie");
        assert!(cookie.starts_with("osessionid="), "{fault}");
    }
}

/// A page of another origin gets to see what is broken, where the vendor lets it see what is not.
#[test]
fn broken_answers_may_be_read_by_pages_that_may_read_the_others() {
    for (fault, _) in FAULTS {
        for moment in ["before_commit", "after_commit"] {
            let app = bare(&format!(
                "[[rule]]\nwhen = {{ endpoint = \"masterpass.account.access\" }}\nwire = {{ {fault}, when = \"{moment}\" }}"
            ));
            let mut page = Shopper::new(&app);
            wallet::authorized(&mut page, &wallet::wanted(wallet::PHONE, json!({})));
            page.header("origin", "https://shop.example");
            let seen = wallet::access(&mut page, wallet::PHONE);
            let allowed = seen.header("access-control-allow-origin");
            assert_eq!(allowed, "*", "{fault} {moment}");
        }
    }
}

#[test]
fn a_delay_is_drawn_by_the_seed_and_changes_no_id() {
    let rule = "[[rule]]\nwire = { delay = \"200ms..800ms\" }";
    let play = |rule: &str| {
        let app = bare(rule);
        let mut merchant = Merchant::new(&app);
        let calls = [(); 8].map(|()| paid(&mut merchant, &json!({})));
        calls.map(|answer| (answer.delay, answer.text))
    };
    let (drawn, again, plain) = (play(rule), play(rule), play(""));
    assert_eq!(drawn, again);
    assert!(drawn.iter().all(|(delay, _)| (200..=800).contains(delay)));
    assert!(drawn.iter().any(|(delay, _)| *delay != drawn[0].0));
    let texts = |calls: [(u128, String); 8]| calls.map(|(_, text)| text);
    assert_eq!(texts(drawn), texts(plain));
}
