//! What time does to a sandbox whose clock runs, or is set: nobody need ask for it, and it stands in the journal.

use crate::support::story::Story;
use crate::support::wallet::{PHONE, authorized, post, wait, wanted};
use crate::support::{Answer, Shopper, app};
use crate::webhooks::{CARDS, YKB, order, with};
use http::Method;
use mockpos::app::App;
use mockpos::call::Call;
use mockpos::world::Sandbox;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const DAY: u64 = 24 * 3600;

/// The default sandbox, with a clock that goes.
fn running(app: &Arc<App>) -> Arc<Sandbox> {
    let sandbox = app.begin_anew("default").unwrap();
    sandbox.lock().clock.unfreeze();
    sandbox
}

/// So many seconds go by, and nobody calls.
fn pass(sandbox: &Sandbox, seconds: u64) {
    let mut world = sandbox.lock();
    let at = world.now().plus(Duration::from_secs(seconds));
    world.clock.set(at);
}

/// A payment that waits at the bank's page.
fn at_the_bank(story: &mut Story) {
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": YKB, "expireYear": "2044",
                      "expireMonth": "07", "cvc": "000"});
    let wanted = json!({"card": card, "callbackUrl": "https://shop.example/cg"});
    let begun = story.post(&format!("{CARDS}/3ds-init"), &with(order(), wanted));
    assert_eq!(begun.status, 200, "{}", begun.text);
}

/// A monthly order of a page of the wallet.
fn subscribed(app: &Arc<App>) -> Shopper {
    let mut page = Shopper::new(app);
    authorized(&mut page, &wanted(PHONE, json!({})));
    let order = json!({"accountKey": PHONE, "authenticationMethod": "None", "amountLimit": 5000,
        "requestReferenceNumber": "1", "cardAlias": "Maaş kartım", "productId": "p-1", "expiryDate": "20301231"});
    let made = post(&mut page, "/account/api/RecurringOrder", &order);
    assert_eq!(made.status, 200, "{}", made.text);
    page
}

/// What the journal says that time has done, as day and words.
fn times(list: &Answer) -> Vec<String> {
    let entries = list.at("entries").as_array().unwrap();
    let times = entries.iter().filter(|it| it["kind"] == "time");
    let line = |it: &Value| {
        assert_eq!(
            (&it["method"], &it["status"]),
            (&json!("TIME"), &json!(0)),
            "{it}"
        );
        let (at, what) = (it["at"].as_str().unwrap(), it["target"].as_str().unwrap());
        let after = it["payments"][0]["after"].as_str().unwrap_or_default();
        format!("{} {what} {after}", &at[..10]).trim().to_owned()
    };
    times.map(line).collect()
}

fn got(shopper: &mut Shopper, target: &str) -> Answer {
    shopper.header("host", crate::support::merchant::HOST);
    shopper.get(&format!("/__mockpos/{target}"))
}

#[test]
fn an_order_is_paid_again_though_nobody_asks() {
    let app = app("");
    let sandbox = running(&app);
    let mut page = subscribed(&app);
    pass(&sandbox, 29 * DAY);
    assert_eq!(
        times(&got(&mut page, "journal")),
        ["2026-01-02 wallet token expired"]
    );
    pass(&sandbox, 32 * DAY);
    let list = got(
        &mut page,
        "journal?endpoint=masterpass.recurring.*&kind=time&wait=2",
    );
    assert_eq!(list.status, 200, "{}", list.text);
    let want = [
        "2026-02-01 recurring payment captured",
        "2026-03-03 recurring payment captured",
    ];
    assert_eq!(times(&list), want, "as of the days on which they were due");
    let now = got(&mut page, "clock");
    assert!(
        now.text_at("now").starts_with("2026-03-04"),
        "and the clock goes on as it did: {}",
        now.text
    );
    let passed = wait(&mut page, "1d");
    assert_eq!(passed.at("happened"), &json!([]), "each once");
}

#[test]
fn nobody_is_waited_for_at_the_bank_when_its_time_is_over() {
    let mut story = Story::new("");
    let sandbox = running(&story.app());
    at_the_bank(&mut story);
    pass(&sandbox, 599);
    assert_eq!(
        times(&story.admin("GET /journal", &Value::Null)),
        ["2026-01-02 bank OTP expired"]
    );
    pass(&sandbox, 2);
    story.due();
    assert_eq!(
        story.heard(),
        ["THREEDS_VERIFY FAILURE"],
        "who sends webhooks has seen to it"
    );
    let list = story.admin("GET /journal?since=3", &Value::Null);
    let want = [
        "2026-01-02 3-D Secure timed out",
        "2026-01-02 payment failed: nobody came back from 3-D Secure failed",
    ];
    assert_eq!(times(&list), want);
    assert_eq!(
        list.text_at("entries.1.endpoint"),
        "craftgate.page.three_ds_timeout"
    );
    assert_eq!(
        list.text_at("entries.1.payments.0.before"),
        "awaiting_three_ds"
    );
}

/// Whoever sends webhooks comes by himself at the right time, and nobody calls him before.
#[test]
fn somebody_is_called_once_for_what_is_to_come() {
    let mut story = Story::new("");
    let sandbox = running(&story.app());
    let needs = || sandbox.lock().needs_somebody();
    assert!(!needs(), "nothing is to come");
    at_the_bank(&mut story);
    assert!(needs());
    let rest = sandbox.lock().rest().unwrap();
    assert!(
        rest <= Duration::from_secs(180),
        "{rest:?}: first its password expires"
    );
    assert!(!needs(), "he has it noted");
    story.admin("PUT /clock", &json!({"freeze": true}));
    assert_eq!(
        sandbox.lock().rest(),
        None,
        "where the clock stands, nothing comes by itself"
    );
    story.admin("PUT /clock", &json!({"freeze": false}));
    assert!(needs());
    sandbox.lock().rest().unwrap();
    story.advance("1m");
    assert!(
        needs(),
        "the clock was moved: it comes sooner than he thinks"
    );
}

#[test]
fn a_clock_that_is_set_brings_what_falls_due_and_one_that_is_set_back_says_so() {
    let app = app("");
    let mut page = subscribed(&app);
    let put = |page: &mut Shopper, body: Value| {
        page.header("host", crate::support::merchant::HOST);
        let body = ("application/json", body.to_string());
        page.send(Method::PUT, "/__mockpos/clock", body)
    };
    let whats = |answer: &Answer| -> Vec<String> {
        let happened = answer.at("happened").as_array().unwrap();
        let line = |it: &Value| {
            format!(
                "{} {}",
                &it["at"].as_str().unwrap()[..10],
                it["what"].as_str().unwrap()
            )
        };
        happened.iter().map(line).collect()
    };
    let set = put(&mut page, json!({"now": "2026-02-02T00:00:00Z"}));
    assert_eq!(
        whats(&set),
        [
            "2026-01-02 wallet token expired",
            "2026-02-01 recurring payment"
        ]
    );
    assert_eq!(
        (set.text_at("now"), set.at("frozen")),
        ("2026-02-02T00:00:00.000000Z".to_owned(), &json!(true))
    );
    let back = put(&mut page, json!({"now": "2026-01-02T03:04:05Z"}));
    assert_eq!(whats(&back), [""; 0]);
    assert!(back.text_at("note").contains("set back"), "{}", back.text);
    let again = put(
        &mut page,
        json!({"now": "2026-03-04T00:00:00Z", "freeze": false}),
    );
    let want = [
        "2026-01-02 wallet token expired",
        "2026-03-03 recurring payment",
    ];
    assert_eq!(whats(&again), want, "what was paid stays paid");
    assert_eq!(again.at("frozen"), &json!(false));
    let far = put(&mut page, json!({"now": "2040-01-01T00:00:00Z"}));
    assert_eq!(far.status, 400, "{}", far.text);
    let same = put(&mut page, json!({"freeze": true}));
    assert_eq!(same.at("happened"), &Value::Null);
}

/// A sandbox that was written down and is put back later has missed nothing.
#[test]
fn what_fell_due_while_a_snapshot_lay_in_a_drawer_happens() {
    use crate::support::moved::{elsewhere, put, taken};
    let app = app("");
    let sandbox = running(&app);
    subscribed(&app);
    pass(&sandbox, 20 * DAY);
    let mut snapshot: Value = serde_json::from_slice(&taken(&app, "default")).unwrap();
    let ahead = snapshot["clock"]["ahead"].as_i64().unwrap();
    snapshot["clock"]["ahead"] = json!(ahead + 11 * 24 * 3_600_000_000);
    let other = elsewhere();
    put(&other, "default", &snapshot.to_string().into());
    let list = got(&mut Shopper::new(&other), "journal");
    assert_eq!(times(&list), ["2026-02-01 recurring payment captured"]);
}

#[test]
fn what_time_does_is_found_explained_and_expected() {
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.recurring.charge\", nth = 2 }\nthen = { decline = \"insufficient_funds\" }\n\
        [[expect]]\nname = \"paid monthly\"\nendpoint = \"masterpass.recurring.charge\"\ncount = 2";
    let app = app(rule);
    let mut page = subscribed(&app);
    let verify = |page: &mut Shopper| {
        page.header("host", crate::support::merchant::HOST);
        page.send(Method::POST, "/__mockpos/verify", ("", String::new()))
    };
    let early = verify(&mut page);
    assert_eq!(early.at("passed"), &json!(false), "{}", early.text);
    wait(&mut page, "61d");
    let verdict = verify(&mut page);
    assert_eq!(verdict.at("passed"), &json!(true), "{}", verdict.text);
    assert_eq!(verdict.at("calls"), &json!(2), "what time does is no call");
    let calls = got(&mut page, "journal?kind=call");
    assert_eq!(times(&calls), [""; 0]);
    assert_eq!(calls.at("entries").as_array().unwrap().len(), 2);
    let all = got(&mut page, "journal");
    let numbers: Vec<_> = all
        .at("entries")
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["n"].clone())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(all.text_at("entries.2.target"), "wallet token expired");
    assert!(!all.text_at("entries.2.id").is_empty());
    let expired = got(&mut page, "explain?journal=3");
    assert!(
        expired.text_at("because").starts_with("its time was over"),
        "{}",
        expired.text
    );
    let declined = got(&mut page, "explain?journal=5");
    assert_eq!(
        declined.text_at("rules.0.fate"),
        "spoke",
        "{}",
        declined.text
    );
    assert_eq!(declined.text_at("call.payments.0.after"), "failed");
    let paid = got(&mut page, "explain?journal=4");
    assert_eq!(
        paid.text_at("rules.0.conditions.1.nearly"),
        "1 too few",
        "{}",
        paid.text
    );
}

/// What merely expires takes no call's place in the journal.
#[test]
fn a_crowd_that_expires_leaves_the_calls_where_they_are() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    for _ in 0..1_200 {
        shopper.with_cookie("");
        shopper.get("/orders/checkout/");
    }
    let before = got(&mut shopper, "journal?kind=call&limit=1");
    let passed = wait(&mut shopper, "15d");
    assert_eq!(passed.at("happened").as_array().unwrap().len(), 1_000);
    assert_eq!(passed.at("more"), &json!(200));
    let after = got(&mut shopper, "journal?kind=call&limit=1");
    assert_eq!(after.at("entries"), before.at("entries"));
    assert_eq!(after.at("dropped"), before.at("dropped"));
    let expired = got(&mut shopper, "journal?kind=time");
    assert_eq!(times(&expired).len(), 1_000);
}

#[test]
fn rows_that_nobody_calls_are_listed() {
    let list = got(&mut Shopper::new(&app("")), "endpoints");
    let rows = list.at("endpoints").as_array().unwrap().iter();
    let timed: Vec<_> = rows
        .filter(|row| row["timed"] == true)
        .map(|row| row["name"].clone())
        .collect();
    assert_eq!(
        timed,
        [
            "craftgate.page.three_ds_timeout",
            "masterpass.recurring.charge"
        ]
    );
}

/// As a client that follows sees it.
#[test]
fn followers_are_told_of_time_as_such() {
    let app = app("");
    let mut page = subscribed(&app);
    wait(&mut page, "31d");
    let mut call = Call::new(Method::GET, "/__mockpos/journal");
    call.headers.insert(
        "host",
        http::HeaderValue::from_static(crate::support::merchant::HOST),
    );
    call.headers.insert(
        "accept",
        http::HeaderValue::from_static("text/event-stream"),
    );
    let (reply, _) = app.whole(&call, crate::support::nobody);
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    for (event, times) in [("event: call\n", 2), ("event: time\n", 2)] {
        assert_eq!(text.matches(event).count(), times, "{text}");
    }
}
