//! The hosted page: opened by the shop, paid by a browser, read back by the shop.

use crate::support::merchant::{HOST, Merchant};
use crate::support::{Answer, Shopper, bare as app};
use mockpos::app::App;
use serde_json::{Value, json};
use std::sync::Arc;

const INIT: &str = "/payment/v1/checkout-payments/init";
const CALLBACK: &str = "https://shop.example/cg/checkout";

fn order() -> Value {
    json!({"price": 100, "paidPrice": 100, "currency": "TRY", "paymentGroup": "PRODUCT",
           "conversationId": "order-8", "callbackUrl": CALLBACK,
           "items": [{"name": "Shoe", "price": 30}, {"name": "Bag", "price": 70}]})
}

fn with(mut order: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!() };
    order.as_object_mut().unwrap().extend(more);
    order
}

/// Opens a page: its token, and the target that a browser asks for.
fn open(merchant: &mut Merchant, order: &Value) -> (String, String) {
    let answer = merchant.post(INIT, order);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (token, url) = (answer.text_at("data.token"), answer.text_at("data.pageUrl"));
    assert!(url.contains('?'), "shops append `&lang=tr`: {url}");
    let target = url.strip_prefix(&format!("http://{HOST}")).unwrap();
    (token, target.to_owned())
}

fn card(number: &str, more: &str) -> String {
    format!(
        "method=card&cardHolderName=Haluk+Demir&cardNumber={number}&expireMonth=07&\
         expireYear=2044&cvc=000&{more}action=pay"
    )
}

fn begin(rules: &str) -> (Arc<App>, Merchant, Shopper) {
    let app = app(rules);
    let (merchant, shopper) = (Merchant::new(&app), Shopper::new(&app));
    (app, merchant, shopper)
}

fn read(merchant: &mut Merchant, token: &str) -> Answer {
    merchant.get(&format!("/payment/v1/checkout-payments/{token}"))
}

/// The page brings the token, and nothing else, to the shop.
fn brings(answer: &Answer, token: &str) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let form = answer.text.split("<form").nth(1).expect(&answer.text);
    assert!(form.contains(&format!("action=\"{CALLBACK}\"")), "{form}");
    assert!(
        form.contains(&format!("name=\"token\" value=\"{token}\"")),
        "{form}"
    );
    assert_eq!(form.matches("name=").count(), 1, "{form}");
    assert!(answer.text.contains("document.forms[0].submit()"));
}

#[test]
pub fn a_page_is_opened_paid_and_read_back() {
    let (_app, mut merchant, mut shopper) = begin("");
    let answer = merchant.post(INIT, &order());
    assert_eq!(
        answer.text_at("data.tokenExpireDate"),
        "2026-01-02T06:34:05"
    );
    let (token, target) = open(&mut merchant, &with(order(), json!({"ttl": 5})));
    let answer = read(&mut merchant, &token);
    assert_eq!(
        (answer.status, answer.text_at("errors.errorCode")),
        (422, "4601".to_owned())
    );
    let page = shopper.get(&format!("{target}&iframe=true&animatedCard=true&lang=en"));
    assert_eq!(page.status, 200);
    for part in [
        "TEST",
        "100.00 TRY",
        "Shoe",
        "card-form",
        "Card number",
        "pay-button",
    ] {
        assert!(page.text.contains(part), "{part}");
    }
    assert!(
        !page.text.contains("tab-masterpass\""),
        "no phone, no wallet"
    );
    assert!(!page.text.contains("<script"), "works without");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("style-src 'sha256-") && policy.contains("form-action 'self'"));
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "installment=1&")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    for (path, want) in [
        ("data.paymentStatus", json!("SUCCESS")),
        ("data.paymentSource", json!("CHECKOUT_FORM")),
        ("data.paymentProvider", json!("BANK")),
        ("data.isThreeDS", json!(false)),
        ("data.conversationId", json!("order-8")),
        ("data.price", json!(100)),
        ("data.lastFourDigits", json!("0001")),
        ("data.cardHolderName", json!("Haluk Demir")),
        ("data.paymentTransactions.1.price", json!(70)),
    ] {
        assert_eq!(*answer.at(path), want, "{path}");
    }
    let id = answer.text_at("data.id");
    let again = shopper.post_form(&target, &card("5258640000000001", ""));
    brings(&again, &token);
    assert_eq!(
        read(&mut merchant, &token).text_at("data.id"),
        id,
        "charged once"
    );
    let found = merchant.get(&format!("/payment/v1/card-payments/{id}"));
    if found.status == 200 {
        assert_eq!(found.text_at("data.id"), id, "one store");
    }
}

#[test]
pub fn a_failure_may_be_tried_again() {
    let (_app, mut merchant, mut shopper) = begin("");
    let (token, target) = open(&mut merchant, &order());
    brings(
        &shopper.post_form(&target, &card("5100050000006661", "")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text_at("data.paymentStatus"), "FAILURE");
    assert_eq!(
        answer.text_at("data.paymentError.errorGroup"),
        "NOT_SUFFICIENT_FUNDS"
    );
    let page = shopper.get(&target);
    assert!(
        page.text.contains("data-testid=\"notice\""),
        "{}",
        page.text
    );
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "")),
        &token,
    );
    assert_eq!(
        read(&mut merchant, &token).text_at("data.paymentStatus"),
        "SUCCESS"
    );
}

#[test]
pub fn a_rule_decides() {
    let rules = "[[rule]]\nwhen = { endpoint = \"craftgate.page.checkout_pay\", bin = \"525864\" }\n\
                 then = { decline = \"stolen_card\" }";
    let (_app, mut merchant, mut shopper) = begin(rules);
    let (token, target) = open(&mut merchant, &order());
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    assert_eq!(
        answer.text_at("data.paymentError.errorGroup"),
        "STOLEN_CARD"
    );
}

#[test]
pub fn a_rule_decides_whether_3d_secure_begins() {
    let rules = "[[rule]]\nwhen = { endpoint = \"craftgate.page.checkout_pay\", three_d = true }\n\
                 then = { decline = \"three_ds_init_error\" }";
    let (_app, mut merchant, mut shopper) = begin(rules);
    let (token, target) = open(&mut merchant, &order());
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "threeDS=true&")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    assert_eq!(answer.text_at("data.paymentStatus"), "FAILURE");
    assert_eq!(
        answer.text_at("data.paymentError.errorGroup"),
        "THREEDS_INIT_ERROR"
    );
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "")),
        &token,
    );
    assert_eq!(
        read(&mut merchant, &token).text_at("data.paymentStatus"),
        "SUCCESS"
    );
}

#[test]
pub fn a_rule_for_any_payment_waits_for_the_bank() {
    let rules = "[[rule]]\nwhen = { bin = \"525864\" }\nthen = { decline = \"lost_card\" }";
    let (_app, mut merchant, mut shopper) = begin(rules);
    let (token, target) = open(&mut merchant, &order());
    let sent = shopper.post_form(&target, &card("5258640000000001", "threeDS=true&"));
    let bank = sent.header("location");
    assert!(bank.contains("/bank/3ds/"), "{}", sent.text);
    brings(&at_the_bank(&mut shopper, &sent, "succeeds"), &token);
    let answer = read(&mut merchant, &token);
    assert_eq!(
        answer.text_at("data.paymentError.errorGroup"),
        "LOST_CARD",
        "{}",
        answer.text
    );
}

#[test]
pub fn a_withdrawn_page_is_gone() {
    let (app, mut merchant, mut shopper) = begin("");
    let (token, target) = open(&mut merchant, &order());
    let path = format!("/payment/v1/checkout-payments/{token}");
    let mut other = Merchant::with_keys(&app, "other", "secret");
    assert_eq!(other.delete(&path).status, 401);
    assert_eq!(merchant.delete(&path).status, 204);
    assert_eq!(shopper.get(&target).status, 404);
    assert_eq!(
        shopper
            .post_form(&target, &card("5258640000000001", ""))
            .status,
        404
    );
    for token in [token.as_str(), "unknown"] {
        let answer = read(&mut merchant, token);
        assert_eq!(
            (answer.status, answer.text_at("errors.errorCode")),
            (404, "4600".to_owned())
        );
    }
    assert_eq!(shopper.get("/pay").status, 404);
}

#[test]
pub fn all_that_is_wrong_with_a_page_is_said_at_once() {
    let (_app, mut merchant, _) = begin("");
    merchant.header("lang", "en");
    for (more, want) in [
        (json!({"callbackUrl": "javascript:alert(1)"}), "callbackUrl"),
        (json!({"items": []}), "item"),
        (json!({"items": [{"name": "a", "price": 99.99}]}), "add up"),
        (json!({"ttl": 0}), "ttl: must be greater than zero"),
        (
            json!({"masterpassGsmNumber": "5551112233"}),
            "masterpassGsmNumber",
        ),
        (
            json!({"allowOnlyStoredCards": true}),
            "cardUserKey: required",
        ),
        (json!({"enabledInstallments": [0]}), "enabledInstallments"),
        (
            json!({"enabledPaymentMethods": "CARD"}),
            "enabledPaymentMethods",
        ),
        (
            json!({"enabledPaymentMethods": ["C".repeat(256)]}),
            "enabledPaymentMethods",
        ),
        (
            json!({"cardBrandInstallments": {"W".repeat(256): []}}),
            "cardBrandInstallments",
        ),
        (
            json!({"customInstallments": [{"number": 2}]}),
            "customInstallments[0].totalPrice: required",
        ),
        (
            json!({"currency": "XXX", "paymentPhase": "x", "paidPrice": null}),
            "paidPrice: required",
        ),
    ] {
        let answer = merchant.post(INIT, &with(order(), more.clone()));
        let said = answer.text_at("errors.errorDescription");
        assert!(
            answer.status == 422 && said.contains(want),
            "{more}: {said}"
        );
    }
    let answer = merchant.post(INIT, &json!({}));
    let said = answer.text_at("errors.errorDescription");
    for field in ["price", "paidPrice", "currency", "callbackUrl"] {
        assert!(said.contains(&format!("{field}: required")), "{said}");
    }
    assert_eq!(
        merchant
            .post(INIT, &with(order(), json!({"depositPayments": true})))
            .status,
        501
    );
}

#[test]
pub fn a_shopper_is_told_all_that_is_wrong() {
    let (_app, mut merchant, mut shopper) = begin("");
    let (token, target) = open(&mut merchant, &order());
    let target = format!("{target}&lang=en");
    let page = shopper.post_form(
        &target,
        "method=card&cardHolderName=a%3Cb&cardNumber=4111&expireMonth=13&expireYear=2010&cvc=1",
    );
    assert_eq!(page.status, 422);
    for label in ["Name on card:", "Card number:", "Month:", "Year:"] {
        assert!(page.text.contains(label), "{label} {}", page.text);
    }
    let page = shopper.post_form(&target, &card("5258640000000001", "installment=7&"));
    assert!(page.text.contains("Installments:"), "{}", page.text);
    let page = shopper.post_form(&target, "method=masterpass&chosenCard=52586400");
    assert_eq!(page.status, 422);
    assert_eq!(
        read(&mut merchant, &token).text_at("errors.errorCode"),
        "4601",
        "nothing happened"
    );
}

#[test]
pub fn what_is_echoed_is_escaped() {
    let (_app, mut merchant, mut shopper) = begin("");
    let odd = "\"><script>alert(1)</script>";
    let more = json!({"items": [{"name": odd, "price": 100}], "conversationId": odd,
        "externalId": odd, "paymentChannel": odd, "orderId": odd,
        "callbackUrl": "https://shop.example/?a='&b=1", "returnBackUrl": "https://shop.example/'"});
    let (_, target) = open(&mut merchant, &with(order(), more));
    let encoded = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page = shopper.get(&format!("{target}&lang={encoded}&x={encoded}"));
    assert!(
        page.text.contains("&#60;script") || page.text.contains("&lt;script"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script"), "{}", page.text);
    let names = [
        "cardHolderName",
        "cardNumber",
        "expireMonth",
        "expireYear",
        "cvc",
        "installment",
        "amount",
        "chosenCard",
        "threeDS",
        "method",
        "action",
    ];
    for name in names {
        let page = shopper.post_form(&target, &format!("{name}={encoded}"));
        assert!(!page.text.contains("<script"), "{name} {}", page.text);
        let both = format!("action=installments&{name}={encoded}");
        assert!(
            !shopper.post_form(&target, &both).text.contains("<script"),
            "{name}"
        );
    }
    let page = shopper.post_form(&target, &card("5258640000000001", ""));
    assert_eq!(page.text.matches("<script").count(), 1, "{}", page.text);
    assert!(page.text.contains("a=&#39;&#38;b=1"), "{}", page.text);
}

#[test]
pub fn installments_are_those_of_the_card_and_of_the_shop() {
    let rules =
        "[[installments]]\nprogram = \"World\"\ncounts = { 1 = \"0\", 2 = \"2\", 3 = \"5\" }";
    let (_app, mut merchant, mut shopper) = begin(rules);
    let (token, target) = open(
        &mut merchant,
        &with(order(), json!({"enabledInstallments": [3]})),
    );
    let ask = "method=card&cardNumber=5258+6400+0000+0001&action=installments";
    let page = shopper.post_form(&format!("{target}&lang=en"), ask);
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("3 parts × 35.00 TRY · 105.00 TRY"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("2 parts"));
    assert!(
        page.text.contains("value=\"5258640000000001\""),
        "what was typed stays"
    );
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "installment=3&")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    assert_eq!(
        (answer.at("data.installment"), answer.at("data.paidPrice")),
        (&json!(3), &json!(105))
    );
    assert_eq!(*answer.at("data.merchantCommissionRateAmount"), json!(5));
    let own = json!({"customInstallments": [{"number": 6, "totalPrice": 111.50}]});
    let (token, target) = open(&mut merchant, &with(order(), own));
    assert_eq!(
        shopper
            .post_form(&target, &card("5258640000000001", "installment=3&"))
            .status,
        422
    );
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "installment=6&")),
        &token,
    );
    assert_eq!(
        read(&mut merchant, &token).text_at("data.paidPrice"),
        "111.5"
    );
    let (_, target) = open(
        &mut merchant,
        &with(order(), json!({"allowOnlyCreditCard": true})),
    );
    let page = shopper.post_form(&target, &card("4796810000000002", ""));
    assert_eq!(page.status, 422, "a debit card");
}

/// The bank's page to which the browser was sent.
fn bank_page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text);
    let bank = answer.header("location");
    &bank[bank.find("/bank/").unwrap()..]
}

/// Presses `outcome` on the bank's page: the way back.
fn press(shopper: &mut Shopper, bank: &str, outcome: &str) -> String {
    let ended = shopper.post_form(bank, &format!("outcome={outcome}"));
    let back = ended.header("location");
    let page = shopper.get(&back[back.find("/payment").expect(&ended.text)..]);
    let action = page.text.split("action=\"").nth(1).expect(&page.text);
    let action = action.split('"').next().unwrap().replace("&#38;", "&");
    action[action.find("/pay/return").expect(&action)..].to_owned()
}

/// Goes to the bank's page and back, pressing `outcome` there.
fn at_the_bank(shopper: &mut Shopper, answer: &Answer, outcome: &str) -> Answer {
    let bank = bank_page(answer);
    assert!(
        shopper.get(bank).text.contains("outcome"),
        "a page with buttons"
    );
    let back = press(shopper, bank, outcome);
    shopper.post_form(&back, "status=SUCCESS&paymentId=1")
}

#[test]
pub fn three_d_secure_leads_to_the_bank_and_back() {
    let (_app, mut merchant, mut shopper) = begin("");
    let forced = with(order(), json!({"forceThreeDS": true}));
    let (token, target) = open(&mut merchant, &forced);
    let sent = shopper.post_form(&target, &card("5258640000000001", ""));
    assert_eq!(
        read(&mut merchant, &token).text_at("errors.errorCode"),
        "4601",
        "at the bank"
    );
    let early = format!("/pay/return?token={token}");
    assert!(
        shopper
            .post_form(&early, "status=SUCCESS")
            .text
            .contains("checkout-page")
    );
    brings(&at_the_bank(&mut shopper, &sent, "succeeds"), &token);
    let answer = read(&mut merchant, &token);
    assert_eq!(answer.text_at("data.paymentStatus"), "SUCCESS");
    assert_eq!(
        (answer.at("data.isThreeDS"), answer.at("data.mdStatus")),
        (&json!(true), &json!(1))
    );
    let (token, target) = open(&mut merchant, &order());
    let sent = shopper.post_form(&target, &card("5258640000000001", "threeDS=true&"));
    brings(&at_the_bank(&mut shopper, &sent, "cancelled"), &token);
    assert_eq!(
        read(&mut merchant, &token).text_at("data.paymentStatus"),
        "FAILURE"
    );
}

/// A shop that is charged by a call, or at the bank's page.
const MODELS: [&str; 2] = ["3d", "3dpay"];

fn begin_as(model: &str) -> (Arc<App>, Merchant, Shopper) {
    begin(&format!(
        "[[merchant]]\nname = \"shop\"\napi_key = \"api-key\"\nsecret_key = \"secret-key\"\n\
         three_ds_model = \"{model}\""
    ))
}

fn with_3d() -> String {
    card("5258640000000001", "threeDS=1&")
}

/// How many payments succeeded, and how many failed; there are no others.
fn counted(merchant: &mut Merchant) -> (u64, u64) {
    let mut count = |query: &str| {
        let path = format!("/payment-reporting/v1/payments{query}");
        merchant.get(&path).at("data.totalSize").as_u64().unwrap()
    };
    let (succeeded, failed) = (
        count("?paymentStatus=SUCCESS"),
        count("?paymentStatus=FAILURE"),
    );
    assert_eq!(count(""), succeeded + failed, "none is left in between");
    (succeeded, failed)
}

#[test]
pub fn of_two_tabs_the_latest_pays_once() {
    for (model, older_first) in [
        (MODELS[0], true),
        (MODELS[0], false),
        (MODELS[1], true),
        (MODELS[1], false),
    ] {
        let told = format!("{model}, older first: {older_first}");
        let (_app, mut merchant, mut shopper) = begin_as(model);
        let (token, target) = open(&mut merchant, &order());
        let [older, latest] = [(); 2].map(|()| {
            let sent = shopper.post_form(&target, &with_3d());
            bank_page(&sent).to_owned()
        });
        let mut confirm = |bank: &str| {
            let back = press(&mut shopper, bank, "succeeds");
            shopper.post_form(&back, "")
        };
        if older_first {
            let page = confirm(&older);
            assert!(page.text.contains("checkout-page"), "{told}: {}", page.text);
            let answer = read(&mut merchant, &token);
            assert_eq!(answer.text_at("errors.errorCode"), "4601", "{told}");
        }
        brings(&confirm(&latest), &token);
        let id = read(&mut merchant, &token).text_at("data.id");
        brings(&confirm(&older), &token);
        let answer = read(&mut merchant, &token);
        assert_eq!(answer.text_at("data.paymentStatus"), "SUCCESS", "{told}");
        assert_eq!(answer.text_at("data.id"), id, "{told}");
        assert_eq!(counted(&mut merchant), (1, 1), "{told}");
    }
}

#[test]
pub fn what_the_bank_has_taken_counts_before_the_browser_is_back() {
    let (_app, mut merchant, mut shopper) = begin_as("3dpay");
    let (token, target) = open(&mut merchant, &order());
    let sent = shopper.post_form(&target, &with_3d());
    let back = press(&mut shopper, bank_page(&sent), "succeeds");
    let answer = read(&mut merchant, &token);
    assert_eq!(answer.text_at("data.paymentStatus"), "SUCCESS");
    brings(&shopper.get(&target), &token);
    for more in ["", "threeDS=1&"] {
        brings(
            &shopper.post_form(&target, &card("5258640000000001", more)),
            &token,
        );
    }
    brings(&shopper.post_form(&back, ""), &token);
    assert_eq!(counted(&mut merchant), (1, 0));
}

#[test]
pub fn a_page_that_is_withdrawn_at_the_bank_takes_nothing() {
    for (model, pressed_first) in [(MODELS[0], false), (MODELS[0], true), (MODELS[1], false)] {
        let told = format!("{model}, pressed first: {pressed_first}");
        let (_app, mut merchant, mut shopper) = begin_as(model);
        let (token, target) = open(&mut merchant, &order());
        let sent = shopper.post_form(&target, &with_3d());
        if pressed_first {
            press(&mut shopper, bank_page(&sent), "succeeds");
        }
        let path = format!("/payment/v1/checkout-payments/{token}");
        assert_eq!(merchant.delete(&path).status, 204, "{told}");
        let back = press(&mut shopper, bank_page(&sent), "succeeds");
        assert_eq!(shopper.post_form(&back, "").status, 404, "{told}");
        assert_eq!(counted(&mut merchant), (0, 1), "{told}");
    }
}

#[test]
pub fn a_browser_comes_back_for_a_payment_of_the_page() {
    let (_app, mut merchant, mut shopper) = begin("");
    let (token, target) = open(&mut merchant, &order());
    shopper.post_form(&target, &card("5258640000000001", ""));
    let foreign = read(&mut merchant, &token).text_at("data.id");
    let (token, _) = open(&mut merchant, &order());
    for id in [foreign.as_str(), "1", "x", ""] {
        let page = shopper.get(&format!("/pay/return?token={token}&payment={id}"));
        assert!(page.text.contains("checkout-page"), "{id}: {}", page.text);
    }
    let answer = read(&mut merchant, &token);
    assert_eq!(answer.text_at("errors.errorCode"), "4601");
}

#[test]
pub fn a_known_phone_has_a_wallet() {
    let (_app, mut merchant, mut shopper) = begin("");
    for (phone, known) in [("905321234567", true), ("905550000000", false)] {
        let (_, target) = open(
            &mut merchant,
            &with(order(), json!({"masterpassGsmNumber": phone})),
        );
        let page = shopper.get(&target);
        assert_eq!(
            page.text.contains("data-testid=\"tab-masterpass\""),
            known,
            "{phone}"
        );
        assert!(page.text.contains("data-testid=\"tab-card\""));
    }
    let only =
        json!({"masterpassGsmNumber": "905321234567", "enabledPaymentMethods": ["MASTERPASS"]});
    let (token, target) = open(&mut merchant, &with(order(), only));
    let page = shopper.get(&target);
    assert!(
        !page.text.contains("data-testid=\"card-form\""),
        "{}",
        page.text
    );
    assert_eq!(
        shopper
            .post_form(&target, &card("5258640000000001", ""))
            .status,
        422
    );
    assert!(page.text.contains("Maximum kartım"), "{}", page.text);
    let other = shopper.post_form(&target, "method=masterpass&chosenCard=52586400");
    assert_eq!(other.status, 422, "only what the wallet holds pays");
    brings(
        &shopper.post_form(
            &target,
            "method=masterpass&chosenCard=Maa%C5%9F+kart%C4%B1m",
        ),
        &token,
    );
    let answer = read(&mut merchant, &token);
    assert_eq!(answer.text_at("data.paymentProvider"), "MASTERPASS");
    assert_eq!(answer.text_at("data.paymentSource"), "CHECKOUT_FORM");
    assert_eq!(answer.text_at("data.binNumber"), "525864");
    // The wallet's own table says what the bank answers to a card of it.
    let all = json!({"masterpassGsmNumber": "905551110020"});
    let (token, target) = open(&mut merchant, &with(order(), all));
    shopper.post_form(&target, "method=masterpass&chosenCard=DECLINED");
    let answer = read(&mut merchant, &token);
    let group = answer.text_at("data.paymentError.errorGroup");
    assert_eq!(group, "NOT_SUFFICIENT_FUNDS", "{}", answer.text);
    // An account that is not linked is none to the merchant.
    let unlinked = json!({"masterpassGsmNumber": "905551110006"});
    let (_, target) = open(&mut merchant, &with(order(), unlinked));
    assert!(!shopper.get(&target).text.contains("tab-masterpass\""));
}

#[test]
pub fn stored_cards_are_shown_kept_and_pay() {
    let (_app, mut merchant, mut shopper) = begin("");
    let always = with(order(), json!({"alwaysStoreCardAfterPayment": true}));
    let (token, target) = open(&mut merchant, &always);
    brings(
        &shopper.post_form(&target, &card("5258640000000001", "")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    let (user, stored) = (
        answer.text_at("data.cardUserKey"),
        answer.text_at("data.cardToken"),
    );
    assert_eq!(user.len(), 36);
    let mine = json!({"cardUserKey": user, "allowOnlyStoredCards": true});
    let (token, target) = open(&mut merchant, &with(order(), mine));
    let page = shopper.get(&target);
    assert!(page.text.contains(&stored) && !page.text.contains("data-testid=\"card-form\""));
    assert_eq!(
        shopper
            .post_form(&target, "method=stored&chosenCard=other")
            .status,
        422
    );
    brings(
        &shopper.post_form(&target, &format!("method=stored&chosenCard={stored}")),
        &token,
    );
    let answer = read(&mut merchant, &token);
    assert_eq!(*answer.at("data.paidWithStoredCard"), json!(true));
    let (_, target) = open(
        &mut merchant,
        &with(order(), json!({"cardUserKey": "somebody"})),
    );
    assert!(
        !shopper.get(&target).text.contains(&stored),
        "of another user"
    );
}

#[test]
pub fn a_shopper_does_away_with_a_stored_card() {
    let (_app, mut merchant, mut shopper) = begin("");
    let store = |merchant: &mut Merchant, number: &str, user: Value| {
        let mut card = json!({"cardHolderName": "Haluk Demir", "cardNumber": number,
                              "expireYear": "2044", "expireMonth": "07"});
        card["cardUserKey"] = user;
        let answer = merchant.post("/payment/v1/cards", &card);
        (
            answer.at("data.cardUserKey").clone(),
            answer.text_at("data.cardToken"),
        )
    };
    let (user, one) = store(&mut merchant, "5258640000000001", Value::Null);
    let (_, two) = store(&mut merchant, "5209220000000002", user.clone());
    let (_, foreign) = store(&mut merchant, "5258640000000001", Value::Null);
    let shown = json!({"cardUserKey": user});
    let (_, target) = open(&mut merchant, &with(order(), shown.clone()));
    assert!(!shopper.get(&target).text.contains("delete-card"));
    assert_eq!(
        shopper.post_form(&target, &format!("delete={one}")).status,
        422,
        "not offered"
    );
    let allowed = with(shown, json!({"allowDeleteStoredCard": true}));
    let (token, target) = open(&mut merchant, &with(order(), allowed));
    assert_eq!(shopper.get(&target).text.matches("delete-card").count(), 2);
    for wrong in [foreign.as_str(), "unknown"] {
        assert_eq!(
            shopper
                .post_form(&target, &format!("delete={wrong}"))
                .status,
            422,
            "{wrong}"
        );
    }
    let page = shopper.post_form(
        &target,
        &format!("method=stored&chosenCard={one}&delete={one}"),
    );
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        !page.text.contains(&one) && page.text.contains(&two),
        "{}",
        page.text
    );
    let left = merchant.get("/payment/v1/cards");
    assert_eq!(*left.at("data.totalSize"), json!(2), "{}", left.text);
    let answer = read(&mut merchant, &token);
    assert_eq!(
        answer.text_at("errors.errorCode"),
        "4601",
        "nothing was paid"
    );
    brings(
        &shopper.post_form(&target, &format!("method=stored&chosenCard={two}")),
        &token,
    );
}
