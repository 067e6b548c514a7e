//! Sandboxes of a server in the same process: what a Rust project's own tests hold.

use crate::support::{Client, has_status};
use mockpos::journal::EntryKind;
use mockpos::{Running, Sandbox, Server};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

const UNSIGNED: &str = "version = 1\n[craftgate]\nsignature = \"off\"\n";
const CREATE: &str = "craftgate.card_payment.create";

async fn server() -> Running {
    let clock = "frozen:2026-01-02T03:04:05Z".parse().unwrap();
    let server = Server::builder().scenario(UNSIGNED).clock(clock);
    server.start().await.unwrap()
}

/// A shop's call to the gateway in `sandbox`, and its answer.
async fn pay(server: &Running, sandbox: &Sandbox, (path, more): (&str, &str)) -> String {
    let target = sandbox.url().strip_prefix(server.url()).unwrap();
    let body = format!(
        r#"{{"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY", "items": [{{"price": 100}}], "card": {{"cardHolderName": "A B",
        "cardNumber": "5258640000000001", "expireYear": "2044", "expireMonth": "07", "cvc": "000"}}{more}}}"#
    );
    let request = format!(
        "POST {target}/payment/v1/card-payments{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: api-key\r\nx-rnd-key: 1\r\nx-auth-version: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let port = server.address().port();
    let answer = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(port);
        client.send(&request);
        client.rest()
    });
    answer.await.unwrap()
}

/// What a sandbox has to say when it is dropped.
fn dropped(sandbox: Sandbox) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(sandbox))).err()?;
    panic.downcast_ref::<String>().cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_expected_is_checked_when_it_is_dropped() {
    let server = server().await;
    let sandbox = server.sandbox("pays once");
    assert!(sandbox.url().ends_with("/~pays-once"), "{sandbox:?}");
    let expected = format!(r#"name = "paid", endpoint = "{CREATE}", status = 200, count = 1"#);
    sandbox
        .expect(&expected)
        .expect(r#"endpoint = "akinon.*", never = true"#);
    let missing = sandbox.verify().unwrap_err();
    assert!(missing.contains("`paid`: wanted 1, found 0"), "{missing}");
    has_status(&pay(&server, &sandbox, ("", "")).await, 200);
    sandbox.verify().unwrap();
    has_status(&pay(&server, &sandbox, ("", "")).await, 200);
    let said = dropped(sandbox).unwrap();
    assert!(
        said.starts_with("what was expected of sandbox `pays-once` did not happen\nmockpos: `paid`: wanted 1, found 2"),
        "{said}"
    );
    let good = server.sandbox("pays once");
    assert!(good.journal().is_empty(), "the same name begins anew");
    assert_eq!(dropped(good), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_no_expectation_is() {
    let server = server().await;
    let sandbox = server.sandbox("a");
    for (text, says) in [
        (r#"endpoint = "nobody.*""#, "nobody"),
        (r#"endpont = "akinon.*""#, "endpoint"),
        ("count = ", "is no expectation"),
    ] {
        let panic = catch_unwind(AssertUnwindSafe(|| {
            sandbox.expect(text);
        }))
        .unwrap_err();
        let said = panic.downcast_ref::<String>().unwrap();
        assert!(said.contains(says), "{said}");
    }
    sandbox.verify().unwrap();
    for name in ["", "ö", "a/b"] {
        assert!(
            catch_unwind(AssertUnwindSafe(|| server.sandbox(name))).is_err(),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_time_and_challenges_are_in_the_tests_hands() {
    let server = server().await;
    let sandbox = server.sandbox("b");
    let bad = sandbox.set_scenario("version = 1\nseting = 1").unwrap_err();
    assert!(bad.to_string().contains("seting"), "{bad}");
    let rule = format!("{UNSIGNED}[[rule]]\nthen = {{ decline = \"insufficient_funds\" }}");
    sandbox.set_scenario(&rule).unwrap();
    let declined = pay(&server, &sandbox, ("", "")).await;
    assert!(declined.contains("NOT_SUFFICIENT_FUNDS"), "{declined}");
    let why = sandbox.explain(1).unwrap();
    assert!(why.contains("\n  rule scenario:4 spoke\n"), "{why}");
    let gone = sandbox.explain(9).unwrap_err();
    assert!(gone.starts_with("there was no call 9 yet"), "{gone}");

    sandbox.reset();
    sandbox.set_scenario(UNSIGNED).unwrap();
    let init = ("/3ds-init", r#", "callbackUrl": "http://127.0.0.1:9/""#);
    assert_eq!(
        sandbox.finish_challenge("succeeds").unwrap_err(),
        "0 challenges are open, not one"
    );
    has_status(&pay(&server, &sandbox, init).await, 200);
    let unknown = sandbox.finish_challenge("wins").unwrap_err();
    assert!(
        unknown.contains("unknown outcome `wins`; known: succeeds"),
        "{unknown}"
    );
    sandbox.finish_challenge("succeeds").unwrap();
    has_status(&pay(&server, &sandbox, init).await, 200);
    sandbox.advance(Duration::from_secs(11 * 60)).await;
    assert!(
        sandbox.finish_challenge("succeeds").is_err(),
        "it has timed out"
    );
    let (calls, times): (Vec<_>, Vec<_>) = sandbox
        .journal()
        .into_iter()
        .partition(|it| it.kind == EntryKind::Call);
    assert!(calls.iter().all(|call| call.status == 200), "{calls:?}");
    let times: Vec<_> = times.iter().map(|it| it.target.as_str()).collect();
    let failed = "payment failed: nobody came back from 3-D Secure";
    assert_eq!(times, ["bank OTP expired", "3-D Secure timed out", failed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_waited_for() {
    let server = server().await;
    let sandbox = server.sandbox("c");
    let waiting = sandbox.wait_for_calls(2, |call| call.endpoint == Some(CREATE));
    let paying = async {
        pay(&server, &sandbox, ("", "")).await;
        pay(&server, &sandbox, ("/nothing", "")).await;
        pay(&server, &sandbox, ("", "")).await;
    };
    let (calls, ()) = tokio::join!(waiting, paying);
    assert_eq!(calls.len(), 2);
}
