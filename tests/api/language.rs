//! What rules can ask for and decide, where the calls are those of the surfaces: facts of a payment, offers to a card,
//! scenarios by name.

use crate::bank::{CARD, order};
use crate::support::merchant::{HOST, Merchant};
use crate::support::{Answer, Shopper, app};
use http::Method;
use mockpos::app::App;
use mockpos::scenario::Scenario;
use mockpos::surface;
use serde_json::{Value, json};
use std::sync::Arc;

const PAY: &str = "/payment/v1/card-payments";
const REFUND: &str = "/payment/v1/refunds";
const TOML: &str = "application/toml";

fn admin(app: &Arc<App>, method: Method, path: &str, (media, body): (&str, &str)) -> Answer {
    let mut operator = Shopper::new(app);
    operator.header("host", HOST);
    let path = format!("/__mockpos/{path}");
    operator.send(method, &path, (media, body.to_owned()))
}

#[test]
fn a_payment_is_known_by_its_conversation_and_by_how_it_stands() {
    let app = app(r#"
[[rule]]
when = { endpoint = "craftgate.refund.payment", conversation_id = "order-7", payment_status = "captured" }
then = { decline = "refund_decline" }
[[rule]]
when = { endpoint = "craftgate.card_payment.retrieve", payment_status = ["voided", "refunded"] }
then = { headers = { x-over = "yes" } }
[[rule]]
when = { endpoint = "craftgate.card_payment.create", conversation_id = "order-9*" }
then = { decline = "stolen_card" }
"#);
    let mut merchant = Merchant::new(&app);
    let mut pay = |conversation: &str| {
        let mut order = order(CARD);
        order["conversationId"] = json!(conversation);
        merchant.post(PAY, &order)
    };
    assert_eq!(pay("order-91").at("errors.errorGroup"), "STOLEN_CARD");
    let paid = [pay("order-7"), pay("order-8")].map(|paid| paid.at("data.id").clone());
    let told = merchant.get(&format!("{PAY}/{}", paid[1]));
    assert_eq!(told.header("x-over"), "");
    let [refused, refunded] = paid
        .clone()
        .map(|id| merchant.post(REFUND, &json!({ "paymentId": id })));
    assert_eq!(refused.decided_by(), "rule test.toml:3", "{}", refused.text);
    assert_eq!((refunded.status, refunded.decided_by()), (200, "default"));
    let told = merchant.get(&format!("{PAY}/{}", paid[1]));
    assert_eq!(told.header("x-over"), "yes", "{}", told.text);
    let journal = admin(
        &app,
        Method::GET,
        "journal?endpoint=craftgate.refund.payment",
        ("", ""),
    );
    let seen = &journal.text;
    assert!(seen.contains(r#""payment_status":"captured""#), "{seen}");
    assert!(seen.contains(r#""conversation_id":"order-7""#));
}

/// The numbers of parts that are offered, with what is to pay in all.
fn parts(answer: &Answer, list: &str, (count, total): (&str, &str)) -> Vec<(String, String)> {
    let all = answer.at(list).as_array().unwrap().iter();
    all.map(|it| (it[count].to_string(), it[total].to_string()))
        .collect()
}

#[test]
fn a_rule_says_in_how_many_parts_a_card_may_pay() {
    let app = app(r#"
[[rule]]
when = { bin = "525864" }
then = { installments = { 4 = "10" } }
[[rule]]
when = { endpoint = "craftgate.installment.search", bin = "404308" }
then = { installments = {} }
"#);
    let mut merchant = Merchant::new(&app);
    let mut offered = |bin: &str| {
        let path = format!("/installment/v1/installments?binNumber={bin}&price=100&currency=TRY");
        let answer = merchant.get(&path);
        parts(
            &answer,
            "data.items.0.installmentPrices",
            ("installmentNumber", "totalPrice"),
        )
    };
    let pair = |count: &str, total: &str| (count.to_owned(), total.to_owned());
    assert_eq!(offered("525864").len(), 2);
    assert_eq!(offered("525864")[1].0, "4");
    assert_eq!(offered("404308").len(), 1);
    assert!(offered("540061").len() != 2, "others as ever");

    let mut shopper = Shopper::new(&app);
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    let card = json!({ "bin_number": "525864", "is_masterpass_stored_card": false });
    let bin = shopper.page("MasterpassRestBinNumberPage", &card);
    assert_eq!(bin.decided_by(), "rule test.toml:3", "{}", bin.text);
    let list = "context_list.0.page_context.installments";
    let found = parts(
        &bin,
        list,
        ("installment_count", "price_with_accrued_interest"),
    );
    assert_eq!(found, [pair("1", "100"), pair("4", "110")], "{}", bin.text);
    // What was offered holds on the pages that follow.
    let chosen = shopper.page(
        "MasterpassRestInstallmentPage",
        &json!({ "installment": 2 }),
    );
    assert_eq!(
        chosen.page(),
        "MasterpassRestOrderNoPage",
        "{}",
        chosen.text
    );
}

#[test]
fn a_rule_says_which_rewards_a_card_has() {
    let app = app(r#"
[[rule]]
when = { bin = "404308" }
then = [
    { loyalties = [] },
    { loyalties = [{ kind = "reward_money", card = "1.50", total = "1.50" }, { kind = "extra_points", message = "x" }] },
]
"#);
    let card = json!({"cardNumber": "4043080000000003", "expireYear": "2044", "expireMonth": "07", "cvc": "000"});
    let mut merchant = Merchant::new(&app);
    let mut rewards = || {
        let answer = merchant.post("/payment/v1/card-loyalties/retrieve", &card);
        answer.at("data.loyalties").clone()
    };
    assert_eq!(rewards(), json!([]));
    assert_eq!(
        rewards(),
        json!([
            {"type": "REWARD_MONEY", "reward": {"cardRewardMoney": 1.50, "totalRewardMoney": 1.50}},
            {"type": "EXTRA_POINTS", "message": "x"},
        ])
    );
    assert_eq!(
        rewards()[0]["reward"]["cardRewardMoney"],
        json!(12.35),
        "as ever"
    );
}

/// Who decided is who did: not an amount of a call that never reached the bank.
#[test]
fn nothing_of_the_bank_decides_what_is_refused_before() {
    let ruled = app(
        "[[rule]]\nthen = { decline = \"stolen_card\" }\n[[rule]]\nthen = { set_state = \"x\" }",
    );
    let mut bad = order(CARD);
    bad["price"] = json!(1);
    let refused = Merchant::new(&ruled).post(PAY, &bad);
    assert_eq!(refused.decided_by(), "rule test.toml:4", "{}", refused.text);
    let declined = Merchant::new(&ruled).post(PAY, &order(CARD));
    assert_eq!(
        declined.decided_by(),
        "rule test.toml:2, rule test.toml:4",
        "{}",
        declined.text
    );
    let app = app("");
    let mut order = order(CARD);
    order["price"] = json!(4242.51);
    order["paidPrice"] = json!(4242.51);
    let refused = Merchant::new(&app).post(PAY, &order);
    assert_eq!(
        (refused.status, refused.decided_by()),
        (422, "default"),
        "{}",
        refused.text
    );
    order["items"] = json!([{ "price": 4242.51 }]);
    let declined = Merchant::new(&app).post(PAY, &order);
    assert_eq!(declined.decided_by(), "amount", "{}", declined.text);
}

#[test]
fn a_value_is_replaced_where_there_is_one() {
    let app = app(r#"
[[rule]]
when = { endpoint = "craftgate.bin.retrieve" }
then = { patch = [{ replace = "data.binNumber", value = "1" }, { replace = "data.nothing", value = 2 }, { replace = "data.bankName", null = true }] }
"#);
    let answer = Merchant::new(&app).get("/installment/v1/bins/525864");
    assert_eq!(answer.at("data.binNumber"), "1", "{}", answer.text);
    assert!(answer.json["data"].get("nothing").is_none());
    assert_eq!(answer.json["data"]["bankName"], Value::Null);
}

#[test]
fn a_shipped_scenario_plays_by_its_name() {
    let app = app("");
    let put = |path: &str, body: (&str, &str)| admin(&app, Method::PUT, path, body);
    let plays = put("scenario?shipped=gateway-declines", ("", ""));
    assert_eq!(
        plays.text_at("scenario.name"),
        "gateway-declines",
        "{}",
        plays.text
    );
    assert_eq!(put("scenario?shipped=nope", ("", "")).status, 404);
    assert_eq!(
        put("scenario?shipped=slow-bank", (TOML, "version = 1")).status,
        400
    );
    let on_top = "version = 1\nextends = ['slow-bank']\n[[rule]]\nwhen.bin = '525864'\nthen.decline = 'declined'\n";
    let plays = put("scenario", (TOML, on_top));
    assert!(
        plays.at("scenario.rules").as_u64().unwrap() > 1,
        "{}",
        plays.text
    );
    // What is told of several files can be put back.
    let told = admin(&app, Method::GET, "scenario", ("", ""));
    let again = put("scenario?name=told.toml", (TOML, &told.text));
    assert_eq!(again.status, 200, "{}", again.text);
    assert_eq!(again.at("scenario.rules"), plays.at("scenario.rules"));
}

#[test]
fn a_field_that_no_endpoint_reads_is_told() {
    let pay = "craftgate.card_payment.create";
    for (endpoint, keys, told) in [
        (pay, "body.installment = 2", ""),
        (pay, "body.items.0.price = 1", ""),
        (pay, "body.instalment = 2", "did you mean `installment`"),
        (
            pay,
            "body.items.3.prise = 1",
            "did you mean `items.0.price`",
        ),
        (pay, "query.installment = 2", "`body = {"),
        (pay, "body.zzzzzz = 2", "openapi"),
        ("craftgate.*", "body.installment = 2", ""),
        ("akinon.checkout.bin", "body.bin_number = '525864'", ""),
        (
            "akinon.checkout.bin",
            "body.bin_numbr = '525864'",
            "`bin_number`",
        ),
        (
            "craftgate.installment.search",
            "query.binNumber = '525864'",
            "",
        ),
        (
            "craftgate.installment.search",
            "query.binNumbr = '525864'",
            "`binNumber`",
        ),
    ] {
        let text = format!(
            "version = 1\n[[rule]]\nwhen = {{ endpoint = '{endpoint}', {keys} }}\nwire.status = 503\n"
        );
        let found = Scenario::compile("x.toml", &text, &surface::catalog())
            .unwrap()
            .warnings;
        let hints = found
            .list
            .iter()
            .filter_map(|problem| problem.hint.as_deref());
        let hints: Vec<&str> = hints.collect();
        assert_eq!(hints.is_empty(), told.is_empty(), "{text}{found}");
        assert!(
            hints.iter().all(|hint| hint.contains(told)),
            "{text}{found}"
        );
    }
}
