//! What falls due though nobody calls: shoppers' sessions and wallet tokens end, payments that nobody came
//! back for fail, and recurring orders are paid.

use crate::support::story::Story;
use crate::support::wallet::{MERCHANT, OUTCOMES, PHONE, authorized, call, post, wait, wanted};
use crate::support::{Answer, Shopper, app, kept_as};
use crate::webhooks::{CARDS, YKB, come_back, complete, order, to_the_bank, with};
use http::Method;
use serde_json::{Value, json};

const RECURRING: &str = "/account/api/RecurringOrder";

/// What happened, as time of day, kind and state.
fn lines(passed: &Answer) -> Vec<String> {
    let happened = passed.at("happened").as_array().unwrap();
    let line = |it: &Value| {
        let (at, what) = (it["at"].as_str().unwrap(), it["what"].as_str().unwrap());
        let status = it["status"].as_str().unwrap_or_default();
        format!("{} {what} {status}", &at[..16]).trim().to_owned()
    };
    happened.iter().map(line).collect()
}

/// A page of a holder, and when its token ends.
fn page(rules: &str, phone: &str) -> Shopper {
    let mut shopper = Shopper::new(&app(rules));
    authorized(&mut shopper, &wanted(phone, json!({})));
    shopper
}

fn subscription(phone: &str, alias: &str, until: &str) -> Value {
    json!({"accountKey": phone, "authenticationMethod": "None", "amountLimit": 5000,
        "requestReferenceNumber": "1", "cardAlias": alias, "productId": "p-1", "expiryDate": until})
}

/// The checkout of a session goes with it; the next call with its id begins a new one.
#[test]
pub fn a_session_ends_when_nobody_goes_on_with_it() {
    let mut shopper = Shopper::new(&app("[akinon]\nsession_lifetime = \"1h\""));
    let login = json!({"email": "ayse@example.com", "password": "x"});
    let key = shopper.post("/users/login/", &login).text_at("key");
    shopper.page("PaymentOptionSelectionPage", &json!({"payment_option": 1}));
    let step = |shopper: &mut Shopper| {
        let answer = shopper.get("/orders/checkout/");
        answer.at("pre_order.payment_option").clone()
    };
    let chosen = step(&mut shopper);
    assert_ne!(chosen, Value::Null);
    assert_eq!(lines(&wait(&mut shopper, "59m")), [""; 0]);
    assert_eq!(step(&mut shopper), chosen, "whoever calls goes on with it");
    assert_eq!(lines(&wait(&mut shopper, "59m")), [""; 0]);
    let id = shopper.cookie().split_once('=').unwrap().1.to_owned();
    let passed = wait(&mut shopper, "1m");
    assert_eq!(lines(&passed), ["2026-01-02T05:03 session expired"]);
    assert_eq!(passed.text_at("happened.0.id"), id);
    assert_eq!(step(&mut shopper), Value::Null, "it begins anew");
    let mut other = shopper;
    other
        .with_cookie("")
        .header("authorization", &format!("Token {key}"));
    other.get("/orders/checkout/");
    assert_ne!(
        other.cookie(),
        "",
        "the key of a session that is over opens a new one"
    );
    kept_as(&other.transcript, "expiry-session.txt");
}

/// Both kinds of tokens with which a browser talks to the wallet end, and are no good then.
#[test]
pub fn tokens_of_the_wallet_end() {
    let mut shopper = page("", PHONE);
    let passed = wait(&mut shopper, "30m");
    assert_eq!(lines(&passed), ["2026-01-02T03:34 wallet token expired"]);
    let target = format!("/account/api/Card?accountKey={PHONE}&accountKeyType=Msisdn&userId=1");
    assert_eq!(shopper.get(&target).status, 401);
    for version in [1, 2] {
        let mut story = Story::new("");
        let wanted = json!({"msisdn": "905551112233", "userId": "7", "binNumber": "525864",
            "masterpassIntegrationVersion": version, "createPayment": order()});
        let given = story.post("/payment/v2/masterpass-payments/generate-token", &wanted);
        assert_eq!(given.status, 200, "{}", given.text);
        let passed = story.advance("31m");
        let mut ended = lines(&passed);
        ended.sort();
        let want = [
            "2026-01-02T03:34 reference expired",
            "2026-01-02T03:34 wallet token expired",
        ];
        assert_eq!(ended, want, "{version}");
        let token = given.text_at("data.token");
        assert!(
            token.len() > 40 && !passed.text.contains(&token),
            "no secret is told"
        );
    }
}

/// The wallet's purchase times out at the bank: the gateway's payment of that order fails.
#[test]
pub fn a_payment_fails_that_nobody_comes_back_for() {
    for (rules, told) in [
        ("", "THREEDS_VERIFY FAILURE"),
        (
            "[[rule]]\nwhen = { endpoint = \"craftgate.page.three_ds_timeout\" }\nthen = { webhook = { send = \"never\" } }",
            "",
        ),
        ("three_ds_model = \"3dpay\"", "API_VERIFY_AND_AUTH FAILURE"),
    ] {
        let mut story = Story::new(rules);
        let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": YKB, "expireYear": "2044",
                          "expireMonth": "07", "cvc": "000"});
        let wanted = with(
            order(),
            json!({"card": card, "callbackUrl": "https://shop.example/cg"}),
        );
        let begun = story.post(&format!("{CARDS}/3ds-init"), &wanted);
        assert_eq!(begun.status, 200, "{}", begun.text);
        let passed = story.advance("10m");
        let want = "2026-01-02T03:14 payment failed: nobody came back from 3-D Secure failed";
        assert!(lines(&passed).contains(&want.to_owned()), "{}", passed.text);
        let heard = story.heard();
        assert_eq!(
            heard,
            [told]
                .iter()
                .filter(|it| !it.is_empty())
                .copied()
                .collect::<Vec<_>>(),
            "{rules}"
        );
    }
}

/// Who was never sent to the bank is waited for as before.
#[test]
pub fn without_a_challenge_nothing_times_out() {
    let mut story = Story::new("");
    let (id, path) = to_the_bank(&mut story);
    let passed = story.advance("10m");
    assert_eq!(lines(&passed), [""; 0]);
    come_back(&mut story, &path, 1);
    assert_eq!(complete(&mut story, id).status, 200);
}

/// A bank from which no browser returns: its payment fails when the page's time is over.
#[test]
pub fn a_browser_that_never_returns_is_not_waited_for() {
    let rules =
        "[[rule]]\nwhen = { endpoint = \"bank.*\" }\nthen = { three_ds = \"never_returns\" }";
    let mut story = Story::new(rules);
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": YKB, "expireYear": "2044",
                      "expireMonth": "07", "cvc": "000"});
    let wanted = with(
        order(),
        json!({"card": card, "callbackUrl": "https://shop.example/cg"}),
    );
    story.post(&format!("{CARDS}/3ds-init"), &wanted);
    let all = story.admin("GET /challenges", &Value::Null);
    let id = all.text_at("challenges.0.id");
    story.browse(&format!("/bank/3ds/{id}"), "");
    let passed = story.advance("10m");
    let want = "2026-01-02T03:14 payment failed: nobody came back from 3-D Secure failed";
    assert!(lines(&passed).contains(&want.to_owned()), "{}", passed.text);
    assert_eq!(story.heard(), ["THREEDS_VERIFY FAILURE"]);
    story.kept_as("expiry-never-returns.txt");
}

/// Paid every thirty days to the end of its last day, and kept where the bank declines.
#[test]
pub fn a_recurring_order_is_paid_when_it_is_due() {
    let rules = "[[rule]]\nwhen = { endpoint = \"masterpass.recurring.charge\", amount = \"50.00\", nth = 2 }\n\
                 then = { decline = \"insufficient_funds\" }";
    let mut page = page(rules, PHONE);
    let wanted_order = subscription(PHONE, "Maaş kartım", "20260402");
    let made = post(&mut page, RECURRING, &wanted_order);
    assert_eq!(made.status, 200, "{}", made.text);
    let early = wait(&mut page, "29d");
    assert_eq!(lines(&early), ["2026-01-02T03:34 wallet token expired"]);
    let passed = wait(&mut page, "200d");
    let want = [
        "2026-02-01T03:04 recurring payment captured",
        "2026-03-03T03:04 recurring payment failed",
        "2026-04-02T03:04 recurring payment captured",
    ];
    assert_eq!(lines(&passed), want, "{}", passed.text);
    let by = [1, 2].map(|n| passed.text_at(&format!("happened.{n}.decided_by")));
    assert!(by[0].starts_with("rule ") && by[1] == "default", "{by:?}");
    authorized(&mut page, &wanted(PHONE, json!({})));
    let void = json!({"OrderId": passed.text_at("happened.2.order_no"), "MerchantId": MERCHANT});
    let void = post(
        &mut page,
        "/payment/api/Payment/refund",
        &with(void, json!({"Amount": 5000})),
    );
    assert_eq!(
        void.status, 200,
        "the wallet's backend knows it by its number: {}",
        void.text
    );
    kept_as(&page.transcript, "recurring.txt");
}

/// An order that was changed keeps its days; one that has ended, whose card is
/// gone or that no days lie between is not paid.
#[test]
pub fn a_recurring_order_is_as_it_was_left() {
    type Change = fn(&mut Shopper);
    let nothing: Change = |_| ();
    let ended: Change = |page| {
        call(
            page,
            Method::DELETE,
            RECURRING,
            &subscription(OUTCOMES, "DIRECT", ""),
        );
    };
    let without_card: Change = |page| {
        let card = json!({"accountKey": OUTCOMES, "cardAlias": "DIRECT"});
        let gone = call(page, Method::DELETE, "/account/api/Card", &card);
        assert_eq!(gone.status, 200, "{}", gone.text);
    };
    let changed: Change = |page| {
        wait(page, "29m");
        let order = with(
            subscription(OUTCOMES, "DIRECT", "2030-01-01"),
            json!({"amountLimit": 100}),
        );
        let put = call(page, Method::PUT, RECURRING, &order);
        assert_eq!(put.status, 200, "{}", put.text);
    };
    let due = "2026-02-01T03:04 recurring payment captured";
    for (what, rules, change, paid) in [
        ("as it is", "", nothing, vec![due]),
        ("changed", "", changed, vec![due]),
        ("ended", "", ended, vec![]),
        ("without its card", "", without_card, vec![]),
        ("never", "[masterpass]\nrecurring_days = 0", nothing, vec![]),
        (
            "sooner",
            "[masterpass]\nrecurring_days = 15",
            nothing,
            vec!["2026-01-17T03:04 recurring payment captured", due],
        ),
    ] {
        let mut page = page(rules, OUTCOMES);
        let made = post(
            &mut page,
            RECURRING,
            &subscription(OUTCOMES, "DIRECT", "20301231"),
        );
        assert_eq!(made.status, 200, "{what}: {}", made.text);
        change(&mut page);
        let passed = wait(&mut page, "31d");
        let lines = lines(&passed);
        let paid_for: Vec<_> = lines.iter().filter(|it| it.contains("recurring")).collect();
        assert_eq!(
            paid_for,
            paid.iter().collect::<Vec<_>>(),
            "{what}: {}",
            passed.text
        );
    }
}
