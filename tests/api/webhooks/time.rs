//! Time moves when told, and what falls due on the way happens, in order.

use super::{pay, to_the_bank};
use crate::support::story::Story;
use serde_json::{Value, json};

#[test]
pub fn the_vendors_whole_table_passes_in_one_call() {
    let mut story = Story::new("[webhooks]\nfirst_attempt = \"vendor\"");
    story.answers = [500, 404, 302, 199, 500, 503].into();
    pay(&mut story);
    story.due();
    assert_eq!(story.heard(), [""; 0]);
    let passed = story.advance("45m");
    let happened = passed.at("happened").as_array().unwrap();
    let at: Vec<_> = happened
        .iter()
        .map(|it| &it["at"].as_str().unwrap()[11..19])
        .collect();
    // 30 s, and then 10 s, 30 s, 3 min, 10 min and 30 min: contract craftgate §8
    assert_eq!(
        at,
        [
            "03:04:35", "03:04:45", "03:05:15", "03:08:15", "03:18:15", "03:48:15"
        ]
    );
    assert_eq!(passed.text_at("now"), "2026-01-02T03:49:05.000000Z");
    assert_eq!(happened[5]["next"], Value::Null);
    assert_eq!(story.states(), ["given_up"]);
    story.advance("24h");
    assert_eq!(story.heard().len(), 6);
    story.kept_as("webhook-vendors-table.txt");
}

#[test]
pub fn a_drain_sends_what_is_due_and_all_of_it_when_told() {
    let mut story = Story::new("[webhooks]\nretries = [\"1m\", \"1h\"]");
    pay(&mut story);
    pay(&mut story);
    story.answers = [500, 200, 500].into();
    let drained = story.admin("POST /webhooks/drain", &Value::Null);
    assert_eq!(drained.at("happened").as_array().unwrap().len(), 2);
    assert_eq!(
        drained.text_at("happened.0.next"),
        "2026-01-02T03:05:05.000000Z"
    );
    assert_eq!(story.states(), ["due", "delivered"]);
    let drained = story.admin("POST /webhooks/drain", &json!({"all": true}));
    assert_eq!(drained.at("happened").as_array().unwrap().len(), 2);
    assert_eq!(
        drained.text_at("now"),
        "2026-01-02T04:05:05.000000Z",
        "time went on as it must"
    );
    assert_eq!(story.states(), ["delivered"; 2]);
    for wrong in [json!({"al": true}), json!({"all": 1}), json!([])] {
        assert_eq!(
            story.admin("POST /webhooks/drain", &wrong).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
pub fn a_failed_redelivery_goes_on_with_the_table() {
    let mut story = Story::new("[webhooks]\nretries = [\"1m\", \"1h\"]");
    story.answers = [500, 500, 500].into();
    pay(&mut story);
    story.due();
    story.admin("POST /webhooks/1/redeliver", &Value::Null);
    let list = story.admin("GET /webhooks", &Value::Null);
    assert_eq!(
        list.text_at("webhooks.0.next"),
        "2026-01-02T04:04:05.000000Z"
    );
    story.admin("POST /webhooks/1/redeliver", &Value::Null);
    assert_eq!(story.states(), ["given_up"]);
}

#[test]
pub fn what_expires_on_the_way_is_listed_in_order() {
    let rules = "[craftgate]\nreference_lifetime = \"5m\"\n[webhooks]\nretries = [\"7m\"]";
    let mut story = Story::new(rules);
    story.answers.push_back(500);
    pay(&mut story);
    story.due();
    let order = super::with(
        super::order(),
        json!({"callbackUrl": "https://shop.example/cg", "ttl": 6}),
    );
    let page = story.post("/payment/v1/checkout-payments/init", &order);
    let token = page.text_at("data.token");
    let wanted = json!({"msisdn": "905551112233", "userId": "7", "binNumber": "525864", "createPayment": super::order()});
    let reference = story.post("/payment/v2/masterpass-payments/generate-token", &wanted);
    let passed = story.advance("10m");
    let happened = passed.at("happened").as_array().unwrap();
    let what: Vec<_> = happened
        .iter()
        .map(|it| it["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        what,
        ["reference expired", "checkout page expired", "webhook"]
    );
    assert_eq!(happened[0]["id"], reference.text_at("data.referenceId"));
    assert_eq!(happened[1]["id"], token);
    let late = json!({"referenceId": happened[0]["id"], "token": "t"});
    let late = story.post("/payment/v2/masterpass-payments/complete", &late);
    assert_eq!(late.status, 422, "{}", late.text);
    let path = page
        .text_at("data.pageUrl")
        .replace("http://127.0.0.1:4242", "");
    assert_eq!(story.browse(&path, "").status, 404);
    story.kept_as("expiry.txt");
}

#[test]
pub fn the_same_story_gives_the_same_bytes_and_a_reset_forgets() {
    let mut story = Story::new("");
    let (_, path) = to_the_bank(&mut story);
    super::come_back(&mut story, &path, 1);
    story.due();
    let list = story.admin("GET /webhooks", &Value::Null);
    story.admin("POST /reset", &Value::Null);
    assert_eq!(story.states(), [""; 0]);
    let (_, path) = to_the_bank(&mut story);
    super::come_back(&mut story, &path, 1);
    story.due();
    let again = story.admin("GET /webhooks", &Value::Null);
    assert_eq!(list.text, again.text);
}

/// Nobody answers at the bank's page: its password expires, then the challenge times out with mdStatus 7, the
/// payment fails, and its merchant is told.
#[test]
pub fn a_challenge_that_nobody_answers_times_out_by_advancing() {
    let mut story = Story::new("");
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": super::YKB, "expireYear": "2044",
                      "expireMonth": "07", "cvc": "000"});
    let order = json!({"card": card, "callbackUrl": "https://shop.example/cg"});
    let init = story.post(
        "/payment/v1/card-payments/3ds-init",
        &super::with(super::order(), order),
    );
    assert_eq!(init.status, 200, "{}", init.text);
    let early = story.advance("2m");
    assert_eq!(*early.at("happened"), json!([]));
    let passed = story.advance("8m");
    let happened = passed.at("happened").as_array().unwrap();
    let line = |it: &Value| {
        format!(
            "{} {}",
            &it["at"].as_str().unwrap()[11..19],
            it["what"].as_str().unwrap()
        )
    };
    let lines: Vec<_> = happened.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "03:07:05 bank OTP expired",
            "03:14:05 3-D Secure timed out",
            "03:14:05 payment failed: nobody came back from 3-D Secure",
            "03:14:05 webhook",
        ]
    );
    assert_eq!(story.heard(), ["THREEDS_VERIFY FAILURE"]);
    assert_eq!(happened[2]["status"], "failed");
    let payment = happened[2]["id"].as_u64().unwrap();
    let id = happened[1]["id"].as_str().unwrap();
    let challenge = story.admin(&format!("GET /challenges/{id}"), &Value::Null);
    assert_eq!(challenge.at("how.md_status"), 7, "{}", challenge.text);
    assert_eq!(
        *story.advance("1h").at("happened"),
        json!([]),
        "it ends once"
    );
    let late = json!({ "paymentId": payment });
    let late = story.post(&format!("{}/3ds-complete", super::CARDS), &late);
    assert_eq!(late.status, 422, "{}", late.text);
    story.kept_as("expiry-challenge.txt");
}

/// What nobody captures lapses; the bank then says so.
#[test]
pub fn a_reservation_lapses() {
    let mut story = Story::new("[craftgate]\npreauth_lifetime = \"3d\"");
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": super::YKB, "expireYear": "2044",
                      "expireMonth": "07", "cvc": "000"});
    let order = super::with(
        super::order(),
        json!({"card": card, "paymentPhase": "PRE_AUTH"}),
    );
    let captured = story.post(super::CARDS, &order).at("data.id").clone();
    let lapsed = story.post(super::CARDS, &order).at("data.id").clone();
    let capture = |id: &Value| format!("{}/{id}/post-auth", super::CARDS);
    story.advance("71h");
    assert_eq!(story.post(&capture(&captured), &json!({})).status, 200);
    let passed = story.advance("1h");
    let happened = passed.at("happened").as_array().unwrap();
    assert_eq!(happened.len(), 1, "{}", passed.text);
    assert_eq!(happened[0]["what"], "pre-authorisation expired");
    assert_eq!(happened[0]["id"], lapsed.to_string());
    let late = story.post(&capture(&lapsed), &json!({}));
    assert_eq!(
        late.text_at("errors.errorGroup"),
        "EXPIRED_PROVISION",
        "{}",
        late.text
    );
    story.kept_as("expiry-preauth.txt");
}
