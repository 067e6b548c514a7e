//! What a rule makes of a delivery, each as a whole story in `tests/flows`.

use super::{come_back, complete, pay, to_the_bank};
use crate::support::story::Story;
use serde_json::{Value, json};

fn rule(endpoint: &str, webhook: &str) -> String {
    format!(
        "[[rule]]\nwhen = {{ endpoint = \"{endpoint}\" }}\nthen = {{ webhook = {{ {webhook} }} }}\n"
    )
}

const BACK: &str = "craftgate.page.masterpass_return";
const PAY: &str = "craftgate.card_payment.create";

/// The usual way: the callback is under way when 3-D Secure is told.
#[test]
pub fn callback_and_webhook_as_usual() {
    let mut story = Story::new("");
    let (id, path) = to_the_bank(&mut story);
    come_back(&mut story, &path, 1);
    story.due();
    complete(&mut story, id);
    story.due();
    assert_eq!(
        story.heard(),
        ["THREEDS_VERIFY SUCCESS", "API_AUTH SUCCESS"]
    );
    story.kept_as("webhook-usual.txt");
}

#[test]
pub fn before_the_callback() {
    let mut story = Story::new(&rule(BACK, "send = \"before_callback\""));
    let (_, path) = to_the_bank(&mut story);
    let page = come_back(&mut story, &path, 1);
    assert!(
        page.text.contains("name=\"hash\""),
        "the answer comes all the same"
    );
    assert_eq!(
        story.heard(),
        ["THREEDS_VERIFY SUCCESS"],
        "it was told before"
    );
    story.due();
    assert_eq!(story.heard(), [""; 0]);
    story.kept_as("webhook-before-callback.txt");
}

#[test]
pub fn before_the_callback_and_refused() {
    let mut story = Story::new(&rule(BACK, "send = \"before_callback\""));
    let (_, path) = to_the_bank(&mut story);
    story.answers.push_back(500);
    assert_eq!(come_back(&mut story, &path, 1).status, 200);
    assert_eq!(story.states(), ["due"], "it is tried again by the table");
    story.advance("10s");
    assert_eq!(story.heard().len(), 2);
    assert_eq!(story.states(), ["delivered"]);
}

#[test]
pub fn after_the_callback() {
    let mut story = Story::new(&rule(BACK, "send = \"after_callback\""));
    let (id, path) = to_the_bank(&mut story);
    come_back(&mut story, &path, 1);
    story.due();
    assert_eq!(
        (story.heard().len(), story.states()),
        (0, vec!["waiting".to_owned()])
    );
    complete(&mut story, id);
    story.due();
    assert_eq!(
        story.heard(),
        ["THREEDS_VERIFY SUCCESS", "API_AUTH SUCCESS"]
    );
    story.kept_as("webhook-after-callback.txt");
    let (_, path) = to_the_bank(&mut story);
    come_back(&mut story, &path, 1);
    story.advance("29s");
    assert_eq!(story.heard(), [""; 0]);
    story.advance("1s");
    assert_eq!(story.heard().len(), 1, "nobody asks: it waits no longer");
}

#[test]
pub fn reordered() {
    let mut story = Story::new(&rule(BACK, "send = \"after_next\""));
    let (id, path) = to_the_bank(&mut story);
    come_back(&mut story, &path, 1);
    story.due();
    complete(&mut story, id);
    story.due();
    assert_eq!(
        story.heard(),
        ["API_AUTH SUCCESS", "THREEDS_VERIFY SUCCESS"]
    );
    story.kept_as("webhook-reordered.txt");
}

#[test]
pub fn duplicated() {
    let mut story = Story::new(&rule(PAY, "duplicate = 1"));
    pay(&mut story);
    story.due();
    let [one, two] = &story.told[..] else {
        panic!()
    };
    assert_eq!((&one.body, &one.signature), (&two.body, &two.signature));
    story.kept_as("webhook-duplicated.txt");
    let mut story = Story::new(&rule(PAY, "duplicate = 2, bad_signature = true"));
    pay(&mut story);
    story.due();
    assert_eq!(story.heard(), ["API_AUTH SUCCESS"; 3]);
}

#[test]
pub fn held_and_released() {
    let mut story = Story::new(&rule(PAY, "send = \"held\""));
    pay(&mut story);
    let quiet = story.advance("2h");
    assert_eq!(*quiet.at("happened"), json!([]));
    assert_eq!(story.states(), ["held"]);
    let released = story.admin("POST /webhooks/1/release", &Value::Null);
    assert_eq!(released.text_at("happened.0.status"), "200");
    assert_eq!(story.heard(), ["API_AUTH SUCCESS"]);
    let again = story.admin("POST /webhooks/1/release", &Value::Null);
    assert_eq!(again.status, 409, "{}", again.text);
    story.kept_as("webhook-held.txt");
}

#[test]
pub fn with_a_bad_signature() {
    let mut story = Story::new(&rule(PAY, "bad_signature = true"));
    pay(&mut story);
    story.due();
    let forged = story.told[0].signature.clone();
    story.kept_as("webhook-bad-signature.txt");
    let mut story = Story::new("");
    pay(&mut story);
    story.due();
    assert_ne!(story.told[0].signature, forged);
    assert_eq!(forged.unwrap().len(), 44);
}

#[test]
pub fn never_and_redelivered() {
    let mut story = Story::new(&rule(PAY, "send = \"never\""));
    pay(&mut story);
    story.admin("POST /webhooks/drain", &json!({"all": true}));
    assert_eq!(
        (story.heard().len(), story.states()),
        (0, vec!["withheld".to_owned()])
    );
    story.admin("POST /webhooks/1/redeliver", &Value::Null);
    assert_eq!(story.heard(), ["API_AUTH SUCCESS"]);
    assert_eq!(story.states(), ["delivered"]);
    story.admin("POST /webhooks/1/redeliver", &Value::Null);
    assert_eq!(story.heard().len(), 1, "also what was delivered");
    let none = story.admin("POST /webhooks/2/redeliver", &Value::Null);
    assert_eq!(none.status, 404);
    story.kept_as("webhook-never.txt");
}

#[test]
pub fn late() {
    let mut story = Story::new(&rule(PAY, "delay = \"90s\""));
    pay(&mut story);
    story.advance("89s");
    assert_eq!(story.heard(), [""; 0]);
    let due = story.advance("1s");
    assert_eq!(due.text_at("happened.0.at"), "2026-01-02T03:05:35.000000Z");
    story.kept_as("webhook-late.txt");
}

#[test]
pub fn what_contradicts_itself_is_refused() {
    use mockpos::scenario::Scenario;
    for (webhook, why) in [
        (
            "send = \"held\", delay = \"1s\"",
            "`delay` contradicts `send`",
        ),
        ("", "`webhook` says nothing"),
        ("send = \"hold\"", "did you mean"),
        ("duplicate = 0", "from 1 to 100"),
    ] {
        let text = format!("version = 1\n{}", rule(PAY, webhook));
        let told = Scenario::compile("t", &text, &mockpos::surface::catalog());
        let told = told.map(drop).unwrap_err().render();
        assert!(told.contains(why), "{told}");
    }
    let text = format!(
        "version = 1\n{}",
        rule("craftgate.bin.retrieve", "duplicate = 1")
    );
    let told = Scenario::compile("t", &text, &mockpos::surface::catalog());
    let told = told.map(drop).unwrap_err().render();
    assert!(told.contains("`webhook` is never decided"), "{told}");
    let secure = "version = 1\n[[merchant]]\nwebhook_url = \"https://shop.example/\"";
    let told = Scenario::compile("t", secure, &mockpos::surface::catalog());
    let told = told.map(drop).unwrap_err().render();
    assert!(
        told.contains("https is not supported for webhooks yet"),
        "{told}"
    );
}

/// Callback and webhook twice each, in both orders: the shop hears the same, and money moves once.
#[test]
pub fn callback_and_webhook_twice_in_both_orders() {
    for (send, name) in [
        ("before_callback", "webhook-first-and-twice.txt"),
        ("after_callback", "callback-first-and-twice.txt"),
    ] {
        let webhook = format!("send = \"{send}\", duplicate = 1");
        let mut story = Story::new(&rule(BACK, &webhook));
        let (id, path) = to_the_bank(&mut story);
        let first = come_back(&mut story, &path, 1);
        let early = story.heard().len();
        come_back(&mut story, &path, 1);
        assert_eq!(first.status, 200, "{}", first.text);
        assert_eq!(complete(&mut story, id).status, 200);
        assert_ne!(complete(&mut story, id).status, 200, "once");
        story.due();
        let late = story.heard().len();
        let want = if send == "before_callback" {
            (2, 1)
        } else {
            (0, 3)
        };
        assert_eq!((early, late), want, "{send}");
        story.kept_as(name);
    }
}
