//! Which events there are, for what, and what each says. contract: craftgate §8, §5.3

use super::{WALLET, come_back, complete, order, pay, to_the_bank, with};
use crate::support::Answer;
use crate::support::merchant::HOST;
use crate::support::story::{HOOK, Story, listening};
use http::Method;
use serde_json::{Value, json};

const PAGE: &str = "/payment/v1/checkout-payments/init";

#[test]
fn a_payment_by_a_call_is_told_when_it_succeeded() {
    let mut story = Story::new("");
    let id = pay(&mut story).at("data.id").clone();
    story.due();
    let told = &story.told[0];
    assert_eq!(told.url, HOOK);
    assert_eq!(
        told.body,
        json!({"eventType": "API_AUTH", "eventTime": "2026-01-02T06:04:05.000000", "eventTimestamp": 1_767_323_045,
               "status": "SUCCESS", "payloadId": id.to_string()})
    );
    assert!(told.signature.is_some());
    story.due();
    assert_eq!(story.heard(), ["API_AUTH SUCCESS"], "once");
    let list = story.admin("GET /webhooks", &Value::Null);
    assert_eq!(list.text_at("webhooks.0.attempts.0.status"), "200");
    assert_eq!(list.text_at("webhooks.0.request.url"), HOOK);
    let mut story = Story::new("[[rule]]\nthen = { decline = \"stolen_card\" }");
    assert_eq!(pay(&mut story).status, 422);
    assert_eq!(story.states(), [""; 0], "the merchant has the answer");
}

#[test]
fn three_d_secure_is_told_by_the_merchants_model() {
    let pay = "three_ds_model = \"3dpay\"";
    let decline = "[[rule]]\nwhen = { endpoint = \"craftgate.page.*\" }\nthen = { decline = \"stolen_card\" }";
    let (declined, none) = (format!("{pay}\n{decline}"), [""; 0].as_slice());
    for (rules, md_status, back, completed) in [
        (
            "",
            1,
            ["THREEDS_VERIFY SUCCESS"].as_slice(),
            ["API_AUTH SUCCESS"].as_slice(),
        ),
        ("", 0, &["THREEDS_VERIFY FAILURE"], none),
        (pay, 1, &["API_VERIFY_AND_AUTH SUCCESS"], none),
        (pay, 0, &["API_VERIFY_AND_AUTH FAILURE"], none),
        (&declined, 1, &["API_VERIFY_AND_AUTH FAILURE"], none),
    ] {
        let mut story = Story::new(rules);
        let (id, path) = to_the_bank(&mut story);
        come_back(&mut story, &path, md_status);
        story.due();
        let number = id.to_string();
        assert!(
            story
                .told
                .iter()
                .all(|told| told.body["payloadId"] == *number)
        );
        assert_eq!(story.heard(), back, "{rules} {md_status}");
        come_back(&mut story, &path, md_status);
        complete(&mut story, id);
        story.due();
        assert_eq!(story.heard(), completed, "{rules} {md_status}");
    }
}

#[test]
fn what_is_given_back_is_told_by_its_own_number() {
    let mut story = Story::new("");
    let paid = pay(&mut story);
    let item = paid.at("data.paymentTransactions.0.id").clone();
    let part = json!({"paymentTransactionId": item, "refundPrice": 40});
    let refund = story.post("/payment/v1/refund-transactions", &part);
    story.due();
    assert_eq!(story.told[1].body["payloadId"], refund.text_at("data.id"));
    assert_eq!(story.heard(), ["API_AUTH SUCCESS", "REFUND_TX SUCCESS"]);
    let mark = json!({"paymentTransactionId": item, "refundPrice": 10});
    let mark = story.post("/payment/v1/refund-transactions/mark-as-refunded", &mark);
    assert_eq!(mark.status, 200, "{}", mark.text);
    let paid = pay(&mut story);
    let whole = json!({ "paymentId": paid.at("data.id") });
    let whole = story.post("/payment/v1/refunds", &whole);
    story.due();
    assert_eq!(story.told[1].body["payloadId"], whole.text_at("data.id"));
    assert_eq!(
        story.heard(),
        ["API_AUTH SUCCESS", "REFUND SUCCESS"],
        "no mark"
    );
}

fn page(story: &mut Story, more: Value) -> (String, String) {
    let order = with(
        order(),
        json!({"callbackUrl": "https://shop.example/cg", "paymentGroup": "PRODUCT"}),
    );
    let opened = story.post(PAGE, &with(order, more));
    let url = opened.text_at("data.pageUrl");
    let path = url
        .strip_prefix(&format!("http://{HOST}"))
        .unwrap_or_else(|| panic!("{}", opened.text));
    (opened.text_at("data.token"), path.to_owned())
}

fn submit(story: &mut Story, path: &str, number: &str, more: &str) -> Answer {
    let form = format!(
        "method=card&cardHolderName=A+B&cardNumber={number}&expireMonth=07&expireYear=2044&cvc=000&installment=1&{more}action=pay"
    );
    story.browse(path, &form)
}

#[test]
fn a_form_is_told_by_its_token_alone_and_at_its_own_address() {
    let own = json!({"merchantWebhookUrl": "http://127.0.0.1:3001/form"});
    for (rules, status) in [
        ("", "SUCCESS"),
        (
            "[[rule]]
then = { decline = \"stolen_card\" }",
            "FAILURE",
        ),
    ] {
        let mut story = Story::new(rules);
        let (token, path) = page(&mut story, own.clone());
        let done = submit(&mut story, &path, super::YKB, "");
        assert!(done.text.contains("name=\"token\""), "{}", done.text);
        story.due();
        let [form, plain] = &story.told[..] else {
            panic!("{:?}", story.told)
        };
        assert_eq!(form.body["payloadId"], *token);
        assert_eq!(
            (&*plain.url, &plain.body),
            ("http://127.0.0.1:3001/form", &json!({ "token": token }))
        );
        assert_eq!(plain.signature, None);
        assert_eq!(story.heard()[0], format!("CHECKOUTFORM_AUTH {status}"));
    }
}

#[test]
fn a_form_with_three_d_secure_is_told_once_whatever_happens_at_the_bank() {
    let here = |url: &str| {
        let path = url.strip_prefix(&format!("http://{HOST}"));
        path.unwrap_or_else(|| panic!("`{url}` is not ours"))
            .to_owned()
    };
    for (outcome, status) in [("succeeds", "SUCCESS"), ("fails", "FAILURE")] {
        let mut story = Story::new("");
        let (_, path) = page(&mut story, json!({"forceThreeDS": true}));
        let sent = submit(&mut story, &path, super::YKB, "");
        let bank = here(sent.header("location"));
        let ended = story.browse(&bank, &format!("outcome={outcome}"));
        story.browse(&here(ended.header("location")), "");
        let told_at_once = usize::from(status == "FAILURE");
        assert_eq!(
            story.states().len(),
            told_at_once,
            "else the bank is asked next"
        );
        // the browser brings the payment's number back
        let payments = story.call(Method::GET, "/payment-reporting/v1/payments", &Value::Null);
        let id = payments.at("data.items.0.id");
        let query = path.split_once('?').unwrap().1;
        story.browse(&format!("/pay/return?{query}&payment={id}"), "");
        story.due();
        assert_eq!(story.heard(), [format!("CHECKOUTFORM_AUTH {status}")]);
    }
}

#[test]
fn a_price_in_parts_is_told_when_all_of_it_is_paid() {
    let mut story = Story::new("");
    let order = with(order(), json!({"callbackUrl": "https://shop.example/cg"}));
    let opened = story.post("/payment/v1/multi-payments/init", &order);
    let url = opened.text_at("data.pageUrl");
    let path = url.strip_prefix(&format!("http://{HOST}")).unwrap();
    submit(&mut story, path, super::YKB, "amount=40&");
    assert_eq!(story.states(), [""; 0]);
    submit(&mut story, path, super::YKB, "amount=60&");
    story.due();
    assert_eq!(
        story.told[0].body["payloadId"],
        opened.text_at("data.token")
    );
    assert_eq!(story.heard(), ["MULTI_PAYMENT_COMPLETED SUCCESS"]);
}

#[test]
fn nobody_is_told_without_an_address_or_with_the_switch_off() {
    let off = listening("[webhooks]\nenabled = false");
    for rules in ["", &off] {
        let mut story = Story::playing(rules);
        assert_eq!(pay(&mut story).status, 200);
        assert_eq!(story.states(), [""; 0], "{rules}");
    }
    let mut story = Story::new("");
    let call = json!({"masterpassGsmNumber": "905551112233"});
    story.post(&format!("{WALLET}/check-user"), &call);
    assert_eq!(story.states(), [""; 0]);
}
