//! The token services and the gateway's start of 3-D Secure. contract: akinon §9.1–§9.3

use crate::support::walk::{
    CRAFTGATE, PLAIN, Plan, complete_reference, craftgate_token, to_order_no,
};
use crate::support::{Shopper, app};
use mockpos::clock::Timestamp;
use mockpos::surface::bearer;
use serde_json::json;

const PATHS: [&str; 3] = [
    "/orders/masterpass-rest-token",
    "/orders/craftgate-masterpass-token",
    "/orders/craftgate-masterpass-init",
];

#[test]
fn who_has_no_session_is_refused() {
    for path in PATHS {
        let answer = Shopper::new(&app("")).get(path);
        assert_eq!(answer.status, 403, "{path}");
        let detail = json!({ "detail": "Authentication credentials were not provided." });
        assert_eq!(answer.json, detail);
    }
}

#[test]
fn the_payment_option_comes_first_and_must_fit_the_pos() {
    for (option, path) in [
        (None, PATHS[0]),
        (None, PATHS[1]),
        (Some(2), PATHS[0]),
        (Some(1), PATHS[1]),
    ] {
        let mut shopper = Shopper::new(&app(""));
        shopper.get("/orders/checkout/");
        if let Some(option) = option {
            shopper.page(
                "PaymentOptionSelectionPage",
                &json!({ "payment_option": option }),
            );
        }
        let answer = shopper.get(path);
        assert_eq!(answer.status, 406, "{path}");
        assert_eq!(answer.at("error_code"), "orders_masterpass_1", "{path}");
    }
}

#[test]
fn bearer_tokens_are_signed_and_say_who_and_until_when() {
    let mut shopper = Shopper::new(&app(""));
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    for path in [
        "/orders/masterpass-rest-token",
        "/orders/masterpass-rest-token/",
    ] {
        let answer = shopper.get(&format!("{path}?three_d=true&msisdn_validated=true"));
        assert_eq!(answer.at("msisdn"), "905321234567");
        assert_eq!(answer.at("extras"), &json!({ "bank_ica": null }));
        let token = answer.text_at("token");
        let now = Timestamp::from_micros(1_767_323_045_000_000);
        let claims = bearer::verify(&token, "mockpos-bearer-test-key", now).unwrap();
        assert!(token.starts_with("Bearer "), "{token}");
        assert_eq!(
            (claims.merchant.as_str(), claims.user.as_str()),
            ("mockpos-merchant", "1")
        );
        assert_eq!(claims.exp - claims.iat, 30 * 60);
        assert!(claims.three_d && claims.msisdn_validated);
    }
    let plain = shopper.get("/orders/masterpass-rest-token?three_d=perhaps");
    assert_eq!(
        (plain.status, plain.at("three_d")),
        (400, &json!(["Enter true or false."]))
    );
}

#[test]
fn a_gateway_token_is_for_listing_until_the_order_number() {
    let mut shopper = Shopper::new(&app(""));
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 2 }),
    );
    let (early, _) = craftgate_token(&mut shopper, false);
    let plan = Plan {
        option: CRAFTGATE,
        ..PLAIN
    };
    to_order_no(&mut shopper, plan);
    let refused = complete_reference(&mut shopper, &early);
    let error = refused.text_at("errors.non_field_errors");
    assert!(
        error.contains("must be requested again after MasterpassRestOrderNoPage"),
        "{error}"
    );
    let (first, _) = craftgate_token(&mut shopper, false);
    let (second, order_no) = craftgate_token(&mut shopper, false);
    assert_ne!(first, second);
    assert!(order_no.starts_with("MP"), "{order_no}");
    let refused = complete_reference(&mut shopper, &first);
    assert!(
        refused
            .text_at("errors.non_field_errors")
            .contains("requested again")
    );
    assert_eq!(
        complete_reference(&mut shopper, &second).page(),
        "ThankYouPage"
    );
}

#[test]
fn init_begins_one_payment_for_a_reference() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            three_d: true,
            ..PLAIN
        },
    );
    let (reference, _) = craftgate_token(&mut shopper, true);
    let target = format!("/orders/craftgate-masterpass-init/?reference_id={reference}");
    let first = shopper.get(&target);
    assert!(first.at("paymentId").is_u64(), "{}", first.text);
    let url = first.text_at("returnUrl");
    assert!(url.starts_with("http://") && !url.contains('?'), "{url}");
    assert_eq!(shopper.get(&target).json, first.json);
    for bad in ["", "?reference_id=", "?reference_id=nope", "?referenceId=x"] {
        let answer = shopper.get(&format!("/orders/craftgate-masterpass-init{bad}"));
        assert_eq!(
            (answer.status, answer.at("error_code")),
            (406, &json!("orders_masterpass_3"))
        );
    }
    let (newer, _) = craftgate_token(&mut shopper, true);
    assert_ne!(newer, reference);
    let answer = shopper.get(&target);
    assert_eq!(
        (answer.status, answer.at("error_code")),
        (406, &json!("orders_masterpass_4"))
    );
}

#[test]
fn init_is_for_three_d_only() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            ..PLAIN
        },
    );
    let (reference, _) = craftgate_token(&mut shopper, false);
    let answer = shopper.get(&format!(
        "/orders/craftgate-masterpass-init?reference_id={reference}"
    ));
    assert_eq!(
        (answer.status, answer.at("error_code")),
        (406, &json!("orders_masterpass_8"))
    );
}

#[test]
fn a_scenario_takes_the_token_service_down() {
    let rule =
        "[[rule]]\nwhen = { endpoint = \"akinon.*.token\" }\nthen = { token = \"unavailable\" }";
    let mut shopper = Shopper::new(&app(rule));
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    let answer = shopper.get("/orders/masterpass-rest-token");
    assert_eq!(
        (answer.status, answer.at("error_code")),
        (406, &json!("orders_masterpass_2"))
    );
    assert_eq!(answer.decided_by(), "rule test.toml:2");
}
