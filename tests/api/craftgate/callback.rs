//! The way back to the merchant: fields, hashes, repeated returns.

use crate::support::merchant::Merchant;
use crate::support::{Answer, app};
use mockpos::app::App;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

const V2: &str = "/payment/v2/masterpass-payments";
const KEY: &str = "merchantThreeDsCallbackKeySndbox";
const URL: &str = "https://shop.example/cg/3ds?order=1001&a=b";

/// A payment at the bank's page: its number, and the path of the way back.
fn begun(app: &Arc<App>, version: &str) -> (String, String) {
    let mut merchant = Merchant::new(app);
    let wanted = json!({"msisdn": "905551112233", "userId": "7", "binNumber": "404308",
        "createPayment": {"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY",
            "conversationId": "order-\"<1>&", "items": [{"price": 100}],
            "additionalParams": {"threeDSCallbackVersion": version}}});
    let token = merchant.post(&format!("{V2}/generate-token"), &wanted);
    assert_eq!(token.status, 200, "{}", token.text);
    let init = json!({"referenceId": token.text_at("data.referenceId"), "callbackUrl": URL});
    let init = merchant.post(&format!("{V2}/3ds-init"), &init);
    let url = init.text_at("data.returnUrl");
    let path = url.strip_prefix("http://127.0.0.1:4242").unwrap();
    (init.text_at("data.paymentId"), path.to_owned())
}

/// A browser's call: nobody signs it.
fn visit(app: &Arc<App>, target: &str) -> Answer {
    Merchant::with_keys(app, "nobody", "").get(target)
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&#34;", "\"").replace("&#39;", "'");
    let text = text.replace("&#60;", "<").replace("&#62;", ">");
    text.replace("&#38;", "&")
}

/// Where a page's form goes, and with what.
fn form(page: &Answer) -> (String, BTreeMap<String, String>) {
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("TEST"), "{}", page.text);
    let attribute = |text: &str, name: &str| {
        let rest = text.split(&format!(" {name}=\"")).nth(1).unwrap();
        unescaped(rest.split('"').next().unwrap())
    };
    let form = page.text.split("<form").nth(1).unwrap();
    let inputs = form.split("<input").skip(1);
    let fields = inputs.map(|input| (attribute(input, "name"), attribute(input, "value")));
    (attribute(form, "action"), fields.collect())
}

fn hex(text: &str) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(text) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

const V1: [&str; 6] = [
    "status",
    "completeStatus",
    "paymentId",
    "conversationData",
    "conversationId",
    "callbackStatus",
];

#[test]
fn the_first_generation_says_six_fields() {
    let app = app("");
    for (fields, status, complete, named) in [
        ("", "SUCCESS", "WAITING", true),
        ("?mdStatus=1", "SUCCESS", "WAITING", true),
        ("?mdStatus=4", "FAILURE", "", false),
        ("?mdStatus=0", "FAILURE", "", false),
        ("?mdStatus=x", "FAILURE", "", false),
        ("?responseCode=4058", "FAILURE", "", false),
        ("?responseCode=0000", "SUCCESS", "WAITING", true),
    ] {
        let (id, back) = begun(&app, "1");
        let page = visit(&app, &format!("{back}{fields}"));
        let (action, sent) = form(&page);
        assert_eq!(action, URL);
        assert_eq!(sent.len(), 7, "{sent:?}");
        let id = if named { &*id } else { "" };
        let want = [status, complete, id, "", "order-\"<1>&", ""];
        for (name, want) in V1.iter().zip(want) {
            assert_eq!(sent[*name], want, "{name} after {fields}");
        }
        let text = format!("{KEY}###{}", want.join("###"));
        assert_eq!(sent["hash"], hex(&text), "{fields}");
    }
}

#[test]
fn the_second_generation_says_all_and_how_it_is_hashed() {
    let app = app("");
    for (fields, status, md_status) in [("", "SUCCESS", "1"), ("?mdStatus=5", "FAILURE", "5")] {
        let (id, back) = begun(&app, "2");
        let (_, sent) = form(&visit(&app, &format!("{back}{fields}")));
        assert_eq!((&*sent["status"], &*sent["mdStatus"]), (status, md_status));
        assert_eq!(
            (&*sent["paymentId"], &*sent["completeStatus"]),
            (&*id, "WAITING")
        );
        let listed = sent["hashParams"]
            .split(':')
            .map(|name| sent[name].as_str());
        let text: String = std::iter::once(KEY).chain(listed).collect();
        assert_eq!(sent["hash"], hex(&text));
        assert_eq!(sent.len(), 9, "{sent:?}");
    }
}

#[test]
fn who_comes_back_again_has_already_returned() {
    let app = app("");
    let (id, back) = begun(&app, "1");
    form(&visit(&app, &back));
    let (_, sent) = form(&visit(&app, &format!("{back}?mdStatus=0")));
    let got = (
        &*sent["status"],
        &*sent["completeStatus"],
        &*sent["callbackStatus"],
    );
    assert_eq!(got, ("FAILURE", "WAITING", "ALREADY_RETURNED"));
    assert_eq!(sent["paymentId"], id);
    let body = json!({ "paymentId": id });
    let mut merchant = Merchant::new(&app);
    let done = merchant.post(&format!("{V2}/3ds-complete"), &body);
    assert_eq!(
        done.status, 200,
        "the second return changed nothing: {}",
        done.text
    );

    let (_, back) = begun(&app, "1");
    let failed = form(&visit(&app, &format!("{back}?mdStatus=0"))).1;
    let again = form(&visit(&app, &format!("{back}?mdStatus=1"))).1;
    assert_eq!(failed, again, "what failed stays failed");
}

#[test]
fn every_field_can_be_scripted_and_is_hashed_as_sent() {
    let all = r#"status = "A", complete_status = "B", payment_id = "C", conversation_data = "D",
        conversation_id = "E", callback_status = "F", md_status = "G""#;
    let all = all.replace('\n', " ");
    let rule = |fields: &str| {
        let when = r#"when = { endpoint = "craftgate.page.*" }"#;
        app(&format!(
            "[[rule]]\n{when}\nthen = {{ callback = {{ {fields} }} }}"
        ))
    };
    let app = rule(&all);
    let (_, back) = begun(&app, "1");
    let sent = form(&visit(&app, &back)).1;
    assert_eq!(V1.map(|name| &*sent[name]), ["A", "B", "C", "D", "E", "F"]);
    assert_eq!(sent["hash"], hex(&format!("{KEY}###A###B###C###D###E###F")));

    let (id, back) = begun(&app, "2");
    let sent = form(&visit(&app, &back)).1;
    assert_eq!(sent["mdStatus"], "G");
    assert_eq!(sent["hash"], hex(&format!("{KEY}AFBCDEG")));
    let body = json!({ "paymentId": id });
    let done = Merchant::new(&app).post(&format!("{V2}/3ds-complete"), &body);
    assert_eq!(done.status, 200, "the payment is as it is: {}", done.text);

    let app = rule(r#"hash = "forged""#);
    let (id, back) = begun(&app, "1");
    let sent = form(&visit(&app, &back)).1;
    assert_eq!((&*sent["hash"], &*sent["paymentId"]), ("forged", &*id));
    assert_eq!(sent["status"], "SUCCESS");
}

#[test]
fn a_page_is_for_whom_it_was_given_to() {
    let app = app("");
    let (id, back) = begun(&app, "1");
    for path in [
        format!("{V2}/3ds-callback/{id}"),
        format!("{V2}/3ds-callback/{id}-"),
        format!("{V2}/3ds-callback/{id}-wrong"),
        format!("{back}x"),
        "/payment/v1/card-payments/3ds-callback/1-x".to_owned(),
    ] {
        let page = visit(&app, &path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.header("content-type").starts_with("text/html"));
    }
}

#[test]
fn rules_and_merchants_decide() {
    let half = r#"
        [[merchant]]
        name = "half"
        api_key = "api-key"
        secret_key = "secret-key"
        half_threeds = true"#;
    let pay = half.replace("half_threeds = true", "three_ds_model = \"3dpay\"");
    let rule =
        |then: &str| format!("[[rule]]\nwhen.endpoint = \"craftgate.page.*\"\nthen.{then}\n");
    let fails = rule("three_ds = \"fails\"");
    let declined = format!("{pay}\n{}", rule("decline = \"LOST_CARD\""));
    for (rules, fields, status, complete) in [
        (half, "?mdStatus=2", "SUCCESS", "WAITING"),
        (half, "?mdStatus=5", "FAILURE", ""),
        (&*fails, "", "FAILURE", ""),
        (&*pay, "", "SUCCESS", "COMPLETED"),
        (&*pay, "?mdStatus=0", "FAILURE", ""),
    ] {
        let app = app(rules);
        let (_, back) = begun(&app, "1");
        let (_, sent) = form(&visit(&app, &format!("{back}{fields}")));
        let got = (&*sent["status"], &*sent["completeStatus"]);
        assert_eq!(got, (status, complete), "{rules}{fields}");
    }
    let app = app(&declined);
    let (_, back) = begun(&app, "1");
    let (_, sent) = form(&visit(&app, &back));
    assert_eq!(sent["status"], "FAILURE", "verified, but not charged");
}
