//! The completion, and the order behind it. contract: akinon §9.7, §12, §13

use crate::support::merchant::Merchant;
use crate::support::walk::{
    CRAFTGATE, PLAIN, Plan, complete, complete_payment, complete_reference, craftgate_token,
    to_order_no,
};
use crate::support::{Answer, Shopper, app};
use serde_json::{Value, json};
use std::sync::Arc;

const THREE_D: Plan = Plan {
    three_d: true,
    ..PLAIN
};

fn order_of(shopper: &mut Shopper, thanks: &Answer) -> Value {
    let url = thanks.text_at("context_list.0.page_context.redirect_url");
    assert!(
        url.starts_with("/orders/completed/") && url.ends_with('/'),
        "{url}"
    );
    let order = shopper.get(&format!("{url}?format=json&t=1"));
    assert_eq!(order.status, 200, "{}", order.text);
    assert_eq!(order.at("campaigns"), &json!([]));
    order.at("order").clone()
}

#[test]
pub fn all_six_transaction_types_reach_the_thank_you_page() {
    let kinds = [
        ("DIRECT_PURCHASE", false),
        ("PURCHASE", true),
        ("REGISTER_AND_PURCHASE", false),
        ("DIRECT_PURCHASE_3D", false),
        ("PURCHASE_3D", true),
        ("REGISTER_AND_PURCHASE_3D", false),
    ];
    for (kind, stored) in kinds {
        let mut shopper = Shopper::new(&app(""));
        let three_d = kind.ends_with("_3D");
        let order_no = to_order_no(
            &mut shopper,
            Plan {
                stored,
                three_d,
                installment: 2,
                ..PLAIN
            },
        );
        let thanks = complete(&mut shopper, "result-token", kind);
        assert_eq!(thanks.page(), "ThankYouPage", "{kind}: {}", thanks.text);
        assert_eq!(thanks.at("errors"), &Value::Null);
        let context = thanks.at("context_list.0.page_context");
        assert_eq!(
            (&context["order_id"], &context["new_user"]),
            (&json!(1), &json!(false))
        );
        let token = context["token"].as_str().unwrap();
        assert!(
            token.len() == 40 && token.bytes().all(|b| b.is_ascii_hexdigit()),
            "{token}"
        );
        assert_eq!(
            thanks.at("pre_order.unpaid_amount"),
            "105.00",
            "the state is still there"
        );
        let order = order_of(&mut shopper, &thanks);
        assert_eq!(order["number"], order_no.as_str());
        assert_eq!(order["status"]["value"], "400");
        assert_eq!(order["amount"], "105.00");
        assert_eq!(order["installment_interest_amount"], "5.00");
        assert_eq!(
            (&order["installment_count"], &order["bin_number"]),
            (&json!(3), &json!("665544"))
        );
        assert_eq!(
            order["orderitem_set"][0]["product"]["name"],
            "Pamuklu Tişört"
        );
        assert_eq!(order["payment_option"]["slug"], "mp_rest");
    }
}

#[test]
pub fn the_gateway_completes_with_the_second_reference() {
    let mut shopper = Shopper::new(&app(""));
    let order_no = to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            bin: "525864",
            ..PLAIN
        },
    );
    let (reference, _) = craftgate_token(&mut shopper, false);
    let thanks = complete_reference(&mut shopper, &reference);
    assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
    let order = order_of(&mut shopper, &thanks);
    assert_eq!(order["number"], order_no.as_str());
    assert_eq!(order["payment_option"]["slug"], "mp_rest_craftgate");
    assert_eq!(order["bank"]["pk"], 67, "525864 is a card of bank 67");
}

#[test]
pub fn the_gateway_completes_three_d_with_the_payment() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            ..THREE_D
        },
    );
    let (reference, _) = craftgate_token(&mut shopper, true);
    let refused = complete_payment(&mut shopper, "123");
    assert!(
        refused
            .text_at("errors.non_field_errors")
            .contains("unknown"),
        "{}",
        refused.text
    );
    let init = shopper.get(&format!(
        "/orders/craftgate-masterpass-init?reference_id={reference}"
    ));
    let thanks = complete_payment(&mut shopper, &init.text_at("paymentId"));
    assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
}

#[test]
pub fn a_completion_sent_twice_gives_the_same_order() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(&mut shopper, PLAIN);
    let first = complete(&mut shopper, "t", "PURCHASE");
    for _ in 0..3 {
        let again = complete(&mut shopper, "t", "PURCHASE");
        assert_eq!(again.text, first.text);
    }
    let other = complete(&mut shopper, "another", "PURCHASE");
    assert_eq!(
        other.page(),
        "PaymentOptionSelectionPage",
        "another token is another payment"
    );
    // The next order may come with the same token: it is another attempt.
    let second = to_order_no(&mut shopper, PLAIN);
    let thanks = complete(&mut shopper, "t", "PURCHASE");
    assert_eq!(thanks.at("context_list.0.page_context.order_id"), 2);
    assert_eq!(order_of(&mut shopper, &thanks)["number"], second.as_str());
}

#[test]
pub fn completions_at_once_place_one_order() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    to_order_no(&mut shopper, PLAIN);
    let cookie = shopper.cookie().to_owned();
    let go = Arc::new(std::sync::Barrier::new(16));
    let race = |_| {
        let (app, cookie, go) = (Arc::clone(&app), cookie.clone(), Arc::clone(&go));
        std::thread::spawn(move || {
            let mut shopper = Shopper::new(&app);
            shopper.with_cookie(&cookie);
            go.wait();
            complete(&mut shopper, "t", "PURCHASE").text
        })
    };
    let racers: Vec<_> = (0..16).map(race).collect();
    let answers: Vec<_> = racers.into_iter().map(|r| r.join().unwrap()).collect();
    assert!(
        answers
            .iter()
            .all(|text| *text == answers[0] && text.contains("ThankYouPage"))
    );
    to_order_no(&mut shopper, PLAIN);
    let next = complete(&mut shopper, "u", "PURCHASE");
    assert_eq!(
        next.at("context_list.0.page_context.order_id"),
        2,
        "there was one order before"
    );
}

#[test]
pub fn after_an_order_the_basket_is_filled_again() {
    for refill in [true, false] {
        let mut shopper = Shopper::new(&app(&format!("[akinon]\nrefill = {refill}")));
        to_order_no(&mut shopper, PLAIN);
        complete(&mut shopper, "t", "PURCHASE");
        let next = shopper.get("/orders/checkout/");
        if refill {
            assert_eq!(next.at("pre_order.basket.total_amount"), "100.00");
            assert_eq!(next.at("pre_order.payment_option"), &Value::Null);
        } else {
            assert_eq!(next.at("redirect_url"), "/baskets/basket/");
            assert_eq!(next.at("pre_order.basket.total_quantity"), 0);
        }
    }
}

#[test]
pub fn what_is_wrong_with_a_completion_is_said_and_can_be_mended() {
    let page = "MasterpassRestCompletePage";
    let purchase = json!({ "token": "t", "transactionType": "PURCHASE" });
    let failed = "Your payment could not be completed.";
    let long = json!({ "token": "t".repeat(4_097), "transactionType": "PURCHASE" });
    let cases = [
        (
            "&responseCode=0000",
            &long,
            "token",
            json!(["Ensure this field has no more than 4096 characters."]),
        ),
        (
            "&token=t",
            &purchase,
            "responseCode",
            json!(["This field is required."]),
        ),
        (
            "&responseCode=1409&token=t",
            &purchase,
            "non_field_errors",
            json!(format!("{failed} (code 1409)")),
        ),
        (
            "&responseCode=0000",
            &json!({ "transactionType": "PURCHASE" }),
            "token",
            json!(["This field is required."]),
        ),
        (
            "&responseCode=0000&token=u",
            &purchase,
            "token",
            json!(["This value differs from the token in the query."]),
        ),
        (
            "&responseCode=0000&token=t",
            &json!({ "token": "t" }),
            "transactionType",
            json!(["This field is required."]),
        ),
        (
            "&responseCode=0000&token=t",
            &json!({ "transactionType": "GIFT" }),
            "transactionType",
            json!(["Select a valid choice. That choice is not one of the available choices."]),
        ),
        (
            "&responseCode=0000&token=t",
            &json!({ "transactionType": "PURCHASE_3D" }),
            "transactionType",
            json!(["This value differs from three_d_secure."]),
        ),
        (
            "&responseCode=0000&token=t&three_d_secure=maybe",
            &purchase,
            "three_d_secure",
            json!(["Enter true or false."]),
        ),
    ];
    for (query, body, field, message) in cases {
        let mut shopper = Shopper::new(&app(""));
        let order_no = to_order_no(&mut shopper, PLAIN);
        let refused = shopper.page(&format!("{page}{query}"), body);
        assert_eq!(
            (refused.status, refused.page().as_str()),
            (200, page),
            "{query}"
        );
        assert_eq!(
            refused.at("errors")[field],
            message,
            "{query} {body}: {}",
            refused.at("errors")
        );
        assert_eq!(
            refused.at("context_list.0.page_context.order_no"),
            order_no.as_str()
        );
        assert_eq!(
            complete(&mut shopper, "t", "PURCHASE").page(),
            "ThankYouPage",
            "{query}"
        );
    }
}

#[test]
pub fn three_d_that_was_decided_cannot_be_left_out() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(&mut shopper, THREE_D);
    let refused = complete(&mut shopper, "t", "PURCHASE");
    assert!(
        refused
            .text_at("errors.non_field_errors")
            .contains("3-D Secure"),
        "{}",
        refused.text
    );
    assert_eq!(
        complete(&mut shopper, "t", "PURCHASE_3D").page(),
        "ThankYouPage"
    );
}

#[test]
pub fn a_decline_may_be_tried_again_with_the_same_ids() {
    let rule = "[[rule]]\nwhen = { page = \"MasterpassRestCompletePage\", nth = [1, 2] }\nthen = { decline = \"insufficient_funds\" }";
    for (option, three_d) in [(1, false), (1, true), (2, false), (2, true)] {
        let mut shopper = Shopper::new(&app(rule));
        to_order_no(
            &mut shopper,
            Plan {
                option,
                three_d,
                ..PLAIN
            },
        );
        let send: Box<dyn Fn(&mut Shopper) -> Answer> = match (option, three_d) {
            (1, false) => Box::new(|s| complete(s, "t", "PURCHASE")),
            (1, true) => Box::new(|s| complete(s, "t", "PURCHASE_3D")),
            (_, false) => {
                let (reference, _) = craftgate_token(&mut shopper, false);
                Box::new(move |s| complete_reference(s, &reference))
            }
            (_, true) => {
                let (reference, _) = craftgate_token(&mut shopper, true);
                let target = format!("/orders/craftgate-masterpass-init?reference_id={reference}");
                let payment = shopper.get(&target).text_at("paymentId");
                Box::new(move |s| complete_payment(s, &payment))
            }
        };
        for _ in 0..2 {
            let refused = send(&mut shopper);
            let error = refused.text_at("errors.non_field_errors");
            assert_eq!(
                error,
                "Your payment could not be completed. Insufficient funds."
            );
            assert_eq!(refused.decided_by(), "rule test.toml:2");
        }
        assert_eq!(
            send(&mut shopper).page(),
            "ThankYouPage",
            "option {option}, 3-D {three_d}"
        );
    }
}

#[test]
pub fn three_d_ends_as_the_scenario_says() {
    let cases = [
        ("three_ds = \"succeeds\"", None),
        ("three_ds = \"fails\"", Some("mdStatus 0")),
        ("three_ds = \"cancelled\"", Some("mdStatus 7")),
        ("three_ds = \"times_out\"", Some("mdStatus 7")),
        ("three_ds = \"half\"", Some("mdStatus 4")),
        ("three_ds = \"half\", md_status = 2", Some("mdStatus 2")),
        ("three_ds = \"fails\", md_status = 6", Some("mdStatus 6")),
    ];
    for (then, fragment) in cases {
        for option in [1, 2] {
            let mut shopper = Shopper::new(&app(&format!("[[rule]]\nthen = {{ {then} }}")));
            to_order_no(&mut shopper, Plan { option, ..THREE_D });
            let answer = if option == 1 {
                complete(&mut shopper, "t", "PURCHASE_3D")
            } else {
                let (reference, _) = craftgate_token(&mut shopper, true);
                let target = format!("/orders/craftgate-masterpass-init?reference_id={reference}");
                let payment = shopper.get(&target).text_at("paymentId");
                complete_payment(&mut shopper, &payment)
            };
            match fragment {
                None => assert_eq!(answer.page(), "ThankYouPage", "{then}"),
                Some(text) => {
                    let error = answer.text_at("errors.non_field_errors");
                    assert!(error.contains(text), "{then}: {error}");
                }
            }
        }
    }
    let rules = "[settings]\nhalf_three_ds = true\n[[rule]]\nthen = { three_ds = \"half\" }";
    let mut shopper = Shopper::new(&app(rules));
    to_order_no(&mut shopper, THREE_D);
    assert_eq!(
        complete(&mut shopper, "t", "PURCHASE_3D").page(),
        "ThankYouPage"
    );
}

#[test]
pub fn strict_tokens_take_nothing_that_was_not_issued() {
    let mut shopper = Shopper::new(&app("[settings]\nstrict_tokens = true"));
    to_order_no(&mut shopper, PLAIN);
    let refused = complete(&mut shopper, "made-up", "PURCHASE");
    assert!(
        refused
            .text_at("errors.non_field_errors")
            .contains("unknown"),
        "{}",
        refused.text
    );
}

#[test]
pub fn errors_can_have_the_scenarios_own_words() {
    let rules = r#"
        [akinon.texts]
        payment_failed = "Olmadı."
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", nth = 1 }
        then = { response_code = "1409", description = "OTP yanlış" }
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", nth = 2 }
        then = { response_code = "1410" }
        [[rule]]
        when = { page = "MasterpassRestBinNumberPage", nth = 2 }
        then = { error = { field = "bin_number", message = "kart geçersiz" } }"#;
    let mut shopper = Shopper::new(&app(rules));
    to_order_no(&mut shopper, PLAIN);
    let own = complete(&mut shopper, "t", "PURCHASE");
    assert_eq!(
        own.at("errors"),
        &json!({ "non_field_errors": "OTP yanlış" })
    );
    let usual = complete(&mut shopper, "t", "PURCHASE");
    assert_eq!(
        usual.at("errors"),
        &json!({ "non_field_errors": "Olmadı. (code 1410)" })
    );
    let bin = shopper.page(
        "MasterpassRestBinNumberPage",
        &json!({ "bin_number": "665544" }),
    );
    assert_eq!(
        bin.at("errors"),
        &json!({ "bin_number": ["kart geçersiz"] })
    );
}

#[test]
pub fn wire_faults_strike_before_or_after_the_money_moves() {
    for (moment, ordered) in [("before_commit", false), ("after_commit", true)] {
        for (fault, status) in [("fault = \"reset\"", 0), ("status = 503", 503)] {
            let rule = format!(
                "[[rule]]\nwhen = {{ endpoint = \"akinon.checkout.complete\", nth = 1 }}\n\
                 wire = {{ {fault}, when = \"{moment}\", delay = \"800ms\" }}"
            );
            let mut shopper = Shopper::new(&app(&rule));
            to_order_no(&mut shopper, PLAIN);
            let lost = complete(&mut shopper, "t", "PURCHASE");
            assert_eq!(lost.delay, 800, "{moment} {fault}");
            assert_eq!(lost.dropped, status == 0);
            assert!(status == 0 || lost.status == status);
            let seen = shopper.get("/orders/checkout/?page=MasterpassRestCompletePage");
            let open = seen.page() == "MasterpassRestCompletePage";
            assert_eq!(open, !ordered, "{moment}: the order was placed: {ordered}");
        }
    }
}

#[test]
pub fn an_answer_lost_after_the_order_is_found_by_asking_again() {
    let rule = "[[rule]]\nwhen = { page = \"MasterpassRestCompletePage\", nth = 1 }\nwire = { fault = \"reset\", when = \"after_commit\" }";
    let mut shopper = Shopper::new(&app(rule));
    let order_no = to_order_no(&mut shopper, PLAIN);
    assert!(complete(&mut shopper, "t", "PURCHASE").dropped);
    let thanks = complete(&mut shopper, "t", "PURCHASE");
    assert_eq!(thanks.at("context_list.0.page_context.order_id"), 1);
    assert_eq!(order_of(&mut shopper, &thanks)["number"], order_no.as_str());
}

/// contract: akinon §13
#[test]
pub fn a_browser_that_returns_directly_is_sent_on() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(&mut shopper, THREE_D);
    shopper
        .header("x-requested-with", "")
        .header("accept", "text/html,application/xhtml+xml");
    let page = "/orders/checkout/?page=MasterpassRestCompletePage&responseCode=0000&token=t&three_d_secure=true";
    let lost = shopper.post_form(page, "token=t&transactionType=PURCHASE");
    assert_eq!(lost.status, 303);
    assert!(
        lost.header("location").ends_with("/orders/checkout/"),
        "{}",
        lost.header("location")
    );
    let found = shopper.post_form(page, "token=t&transactionType=PURCHASE_3D");
    assert_eq!(found.status, 303);
    let location = found.header("location").to_owned();
    assert!(location.contains("/orders/completed/"), "{location}");
    let path = &location[location.find("/orders").unwrap()..];
    let seen = shopper.get(path);
    assert!(
        seen.text.contains("Thank you for your order") && seen.text.contains("TEST"),
        "{}",
        seen.text
    );
    assert!(
        seen.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
}

/// The order's payment is in the one store of the sandbox; with provision it waits for its capture.
/// contract: akinon §8
#[test]
pub fn provision_reserves_and_sale_captures() {
    for (provision, phase) in [(false, "AUTH"), (true, "PRE_AUTH")] {
        let option = format!(
            "[[payment_option]]\nname = \"M\"\nslug = \"mp_rest\"\npayment_type = \"masterpass_rest\"\n\
             pos_slug = \"mp_rest\"\npos_kind = \"masterpass\"\nthree_d_enabled = false\n\
             provision_enabled = {provision}"
        );
        let app = app(&option);
        let mut shopper = Shopper::new(&app);
        let order_no = to_order_no(
            &mut shopper,
            Plan {
                installment: 2,
                ..PLAIN
            },
        );
        assert_eq!(
            complete(&mut shopper, "t", "PURCHASE").page(),
            "ThankYouPage"
        );
        let mut merchant = Merchant::new(&app);
        let found = merchant.get(&format!(
            "/payment-reporting/v1/payments?orderId={order_no}"
        ));
        assert_eq!(found.at("data.totalSize"), 1, "{}", found.text);
        let payment = found.at("data.items.0");
        assert_eq!(payment["paymentPhase"], phase);
        assert_eq!(payment["paymentProvider"], "MASTERPASS");
        assert_eq!(payment["paidPrice"], json!(105));
        assert_eq!(
            (&payment["installment"], &payment["isThreeDS"]),
            (&json!(3), &json!(false))
        );
        if provision {
            let id = &payment["id"];
            let path = format!("/payment/v1/card-payments/{id}/post-auth");
            let captured = merchant.post(&path, &json!({ "paidPrice": 105 }));
            assert_eq!(
                captured.at("data.paymentPhase"),
                "POST_AUTH",
                "{}",
                captured.text
            );
        }
    }
}

/// A reference pays for the session that it was given to, and for no other.
#[test]
pub fn references_of_others_are_not_known() {
    let app = app("");
    let craftgate = Plan {
        option: CRAFTGATE,
        ..PLAIN
    };
    let (mut one, mut other) = (Shopper::new(&app), Shopper::new(&app));
    to_order_no(&mut one, craftgate);
    to_order_no(&mut other, craftgate);
    let (reference, _) = craftgate_token(&mut one, false);
    craftgate_token(&mut other, false);
    let refused = complete_reference(&mut other, &reference);
    let error = refused.text_at("errors.non_field_errors");
    assert!(error.contains("unknown"), "{error}");
    assert_eq!(
        complete_reference(&mut one, &reference).page(),
        "ThankYouPage"
    );
}

/// However the sandbox is named, what mockpos hands out for browsers leads back into it.
#[test]
pub fn addresses_for_browsers_carry_the_sandbox() {
    let mut shopper = Shopper::in_sandbox(&app(""), "by-header");
    to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            ..THREE_D
        },
    );
    let (reference, _) = craftgate_token(&mut shopper, true);
    let init = shopper.get(&format!(
        "/orders/craftgate-masterpass-init?reference_id={reference}"
    ));
    let url = init.text_at("returnUrl");
    assert!(url.contains("/~by-header/payment/"), "{url}");
}

#[test]
pub fn a_scripted_status_keeps_the_dialect() {
    let rule = "[[rule]]\nwire = { status = 503 }";
    let app = app(rule);
    let answer = Shopper::new(&app).get("/orders/checkout/");
    assert_eq!(
        (answer.status, answer.at("detail").is_string()),
        (503, true),
        "{}",
        answer.text
    );
    let answer = Merchant::new(&app).get("/installment/v1/bins/525864");
    assert_eq!(
        (answer.status, answer.at("errors.errorCode")),
        (503, &json!("503")),
        "{}",
        answer.text
    );
}
