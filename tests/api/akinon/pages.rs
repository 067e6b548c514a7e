//! The pages up to the order number. contract: akinon §3–§10

use crate::support::walk::{PLAIN, to_order_no};
use crate::support::{Shopper, app};
use http::Method;
use serde_json::{Value, json};

#[test]
fn the_worked_example_holds_literally() {
    let mut shopper = Shopper::new(&app(""));
    let option = shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    assert_eq!(option.at("context_list.0.page_context"), &json!({}));
    assert_eq!(option.at("pre_order.unpaid_amount"), "100.00");
    let card = json!({ "bin_number": "665544", "is_masterpass_stored_card": false });
    let bin = shopper.page("MasterpassRestBinNumberPage", &card);
    let context = bin.at("context_list.0");
    assert_eq!(context["page_slug"], "masterpassrestinstallmentpage");
    assert_eq!(context["page_context"]["card_type"]["name"], "Card Finans");
    assert_eq!(context["page_context"]["card_type"]["slug"], "card-finans");
    let logo = context["page_context"]["card_type"]["logo"]
        .as_str()
        .unwrap();
    assert!(
        logo.starts_with("https://") && logo.ends_with(".jpg"),
        "{logo}"
    );
    assert_eq!(
        context["page_context"]["installments"],
        json!([
            { "pk": 1, "installment_count": 1, "label": "Advance",
              "price_with_accrued_interest": 100, "monthly_price_with_accrued_interest": 100 },
            { "pk": 2, "installment_count": 3, "label": "3 Installments",
              "price_with_accrued_interest": 105, "monthly_price_with_accrued_interest": 35 },
        ])
    );
    assert_eq!(context["page_context"]["installment_messages"], json!([]));
    assert_eq!(bin.at("errors"), &Value::Null);
    assert_eq!(bin.at("template_name"), "orders/checkout.html");
    assert_eq!(bin.at("pre_order.installment"), &Value::Null);
    let chosen = shopper.page(
        "MasterpassRestInstallmentPage",
        &json!({ "installment": 2 }),
    );
    assert_eq!(chosen.at("context_list.0.page_context"), &json!({}));
    assert_eq!(chosen.at("pre_order.installment.installment_count"), 3);
    assert_eq!(chosen.at("pre_order.total_amount"), "100.00");
    assert_eq!(chosen.at("pre_order.total_amount_with_interest"), "105.00");
    assert_eq!(chosen.at("pre_order.unpaid_amount"), "105.00");
    let step = shopper.page("MasterpassRestOrderNoPage", &json!({}));
    let context = step.at("context_list.0.page_context");
    assert_eq!(context["msisdn"], "905321234567");
    assert_eq!(context["three_d"], false);
    assert_eq!(context["extras"], json!({ "bank_ica": null }));
    let order_no = context["order_no"].as_str().unwrap();
    assert!(
        order_no.len() <= 20 && order_no.bytes().all(|b| b.is_ascii_digit()),
        "{order_no}"
    );
}

#[test]
fn both_options_are_offered_in_order() {
    let mut shopper = Shopper::new(&app(""));
    let seen = shopper.get("/orders/checkout/?page=PaymentOptionSelectionPage");
    let options = seen
        .at("context_list.0.page_context.payment_options")
        .as_array()
        .unwrap();
    let slugs: Vec<_> = options
        .iter()
        .map(|o| o["slug"].as_str().unwrap())
        .collect();
    assert_eq!(slugs, ["mp_rest", "mp_rest_craftgate"]);
    assert!(
        options
            .iter()
            .all(|o| o["payment_type"] == "masterpass_rest"),
        "{options:?}"
    );
    assert_eq!(
        seen.at("context_list.0.page_context.unavailable_options"),
        &json!([])
    );
}

#[test]
fn forms_and_json_of_any_type_mean_the_same() {
    let bodies = [
        ("application/json", r#"{"payment_option": 1}"#),
        ("application/json", r#"{"payment_option": "1"}"#),
        ("application/x-www-form-urlencoded", "payment_option=1"),
        ("text/plain;charset=UTF-8", r#"{"payment_option":1}"#),
        ("", r#"{"payment_option":1}"#),
    ];
    for (media, body) in bodies {
        for path in ["/orders/checkout/", "/orders/checkout"] {
            let mut shopper = Shopper::new(&app(""));
            let target = format!("{path}?options=x&page=PaymentOptionSelectionPage&t=1");
            let answer = shopper.send(Method::POST, &target, (media, body.to_owned()));
            assert_eq!(
                answer.page(),
                "MasterpassRestBinNumberPage",
                "{media} {body}"
            );
        }
    }
}

#[test]
fn truth_is_told_in_many_ways_and_missing_is_false() {
    let cases = [
        (r#"{"use_three_d":true}"#, true),
        (r#"{"use_three_d":"1"}"#, true),
        (r#"{"use_three_d":"On"}"#, true),
        (r#"{"use_three_d":"no"}"#, false),
        (r#"{"use_three_d":0}"#, false),
        ("{}", false),
        ("", false),
    ];
    for (body, expected) in cases {
        let mut shopper = Shopper::new(&app(""));
        to_order_no(&mut shopper, PLAIN);
        let target = "/orders/checkout/?page=MasterpassRestOrderNoPage";
        let answer = shopper.send(Method::POST, target, ("application/json", body.to_owned()));
        assert_eq!(
            answer.at("context_list.0.page_context.three_d"),
            expected,
            "{body}"
        );
    }
}

#[test]
fn the_pos_can_ask_for_three_d_by_itself() {
    let option = r#"
        [[payment_option]]
        name = "M"
        slug = "mp_rest"
        payment_type = "masterpass_rest"
        pos_slug = "mp_rest"
        pos_kind = "masterpass"
        three_d_enabled = true
        provision_enabled = false"#;
    let mut shopper = Shopper::new(&app(option));
    to_order_no(&mut shopper, PLAIN);
    let answer = shopper.page(
        "MasterpassRestOrderNoPage",
        &json!({ "use_three_d": false }),
    );
    assert_eq!(answer.at("context_list.0.page_context.three_d"), true);
}

#[test]
fn a_post_in_the_wrong_order_shows_the_missing_step() {
    let order = [
        ("MasterpassRestBinNumberPage", "PaymentOptionSelectionPage"),
        (
            "MasterpassRestInstallmentPage",
            "PaymentOptionSelectionPage",
        ),
        ("MasterpassRestOrderNoPage", "PaymentOptionSelectionPage"),
        ("MasterpassRestCompletePage", "PaymentOptionSelectionPage"),
        ("NoSuchPage", "PaymentOptionSelectionPage"),
    ];
    for strict in [false, true] {
        for (posted, missing) in order {
            let mut shopper = Shopper::new(&app(&format!("[settings]\nstrict = {strict}")));
            let answer = shopper.page(posted, &json!({}));
            assert_eq!(
                (answer.status, answer.page().as_str()),
                (200, missing),
                "{posted}"
            );
            let expected = match strict {
                false => Value::Null,
                true => {
                    json!({ "non_field_errors": format!("{missing} must be completed first.") })
                }
            };
            assert_eq!(answer.at("errors"), &expected, "{posted}");
            assert_eq!(answer.at("pre_order.payment_option"), &Value::Null);
        }
    }
}

#[test]
fn a_scenario_can_put_an_error_on_any_page() {
    let mut shopper = Shopper::new(&app(r#"
        [[rule]]
        when = { endpoint = "akinon.checkout.other" }
        then = { error = { field = "non_field_errors", message = "no" } }
        "#));
    let answer = shopper.page("CreditCardThreeDSecurePage", &json!({}));
    assert_eq!(
        (answer.status, answer.at("errors")),
        (200, &json!({ "non_field_errors": ["no"] }))
    );
}

#[test]
fn repeating_a_step_resets_what_follows() {
    let mut shopper = Shopper::new(&app(""));
    let first = to_order_no(&mut shopper, PLAIN);
    let again = shopper.page("MasterpassRestOrderNoPage", &json!({}));
    assert_ne!(
        again.at("context_list.0.page_context.order_no"),
        first.as_str()
    );
    let bin = shopper.page(
        "MasterpassRestBinNumberPage",
        &json!({ "bin_number": "525864" }),
    );
    assert_eq!(bin.at("pre_order.installment"), &Value::Null);
    let early = shopper.page("MasterpassRestOrderNoPage", &json!({}));
    assert_eq!(early.page(), "MasterpassRestInstallmentPage");
    let option = shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 2 }),
    );
    assert_eq!(
        option.at("pre_order.payment_option.slug"),
        "mp_rest_craftgate"
    );
    let early = shopper.page(
        "MasterpassRestInstallmentPage",
        &json!({ "installment": 1 }),
    );
    assert_eq!(early.page(), "MasterpassRestBinNumberPage");
}

#[test]
fn wrong_fields_are_named_and_the_page_stays() {
    let cases = [
        (
            "PaymentOptionSelectionPage",
            json!({}),
            "payment_option",
            "This field is required.",
        ),
        (
            "PaymentOptionSelectionPage",
            json!({"payment_option": 9}),
            "payment_option",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            "PaymentOptionSelectionPage",
            json!({"payment_option": "x"}),
            "payment_option",
            "Enter a whole number.",
        ),
        (
            "MasterpassRestBinNumberPage",
            json!({}),
            "bin_number",
            "This field is required.",
        ),
        (
            "MasterpassRestBinNumberPage",
            json!({"bin_number": "12345"}),
            "bin_number",
            "Enter the first 6 to 8 digits of the card.",
        ),
        (
            "MasterpassRestBinNumberPage",
            json!({"bin_number": "123456789"}),
            "bin_number",
            "Enter the first 6 to 8 digits of the card.",
        ),
        (
            "MasterpassRestBinNumberPage",
            json!({"bin_number": "12345a"}),
            "bin_number",
            "Enter the first 6 to 8 digits of the card.",
        ),
        (
            "MasterpassRestBinNumberPage",
            json!({"bin_number": "525864", "is_masterpass_stored_card": "perhaps"}),
            "is_masterpass_stored_card",
            "Enter true or false.",
        ),
        (
            "MasterpassRestInstallmentPage",
            json!({"installment": 7}),
            "installment",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            "MasterpassRestOrderNoPage",
            json!({"use_three_d": "perhaps"}),
            "use_three_d",
            "Enter true or false.",
        ),
    ];
    for (page, body, field, message) in cases {
        let mut shopper = Shopper::new(&app(""));
        to_order_no(&mut shopper, PLAIN);
        let answer = shopper.page(page, &body);
        assert_eq!(
            (answer.status, answer.page().as_str()),
            (200, page),
            "{body}"
        );
        assert_eq!(answer.at("errors"), &json!({ field: [message] }), "{body}");
    }
}

#[test]
fn unreadable_bodies_are_said_in_the_dialect() {
    for body in ["{", "[1]", "nope", "\"text\"", "{\"a\":1}}"] {
        let mut shopper = Shopper::new(&app(""));
        let target = "/orders/checkout/?page=PaymentOptionSelectionPage";
        let answer = shopper.send(Method::POST, target, ("application/json", body.to_owned()));
        assert_eq!(answer.status, 200, "{body}");
        let error = answer.text_at("errors.non_field_errors");
        assert!(
            error.starts_with("The request body is not"),
            "{body}: {error}"
        );
    }
}

#[test]
fn who_has_no_account_gives_mail_and_phone() {
    let mut shopper = Shopper::new(&app("[akinon]\nfresh_session = \"guest\""));
    let seen = shopper.get("/orders/checkout/");
    assert_eq!(seen.at("template_name"), "orders/index.html");
    assert_eq!(seen.page(), "IndexPage");
    assert_eq!(
        seen.at("context_list.0.page_context.can_guest_purchase"),
        true
    );
    let wrong = shopper.post_form("/orders/checkout/?page=IndexPage", "user_email=nobody");
    let errors = json!({ "user_email": ["Enter a valid email address."], "phone_number": ["This field is required."] });
    assert_eq!(wrong.at("errors"), &errors);
    let body = "user_email=a%40example.com&phone_number=0532+765+43+21";
    let index = shopper.post_form("/orders/checkout/?page=IndexPage", body);
    assert_eq!(index.page(), "DeliveryOptionSelectionPage");
    assert_eq!(index.at("pre_order.phone_number"), "905327654321");
    let delivery = shopper.post_form(
        "/orders/checkout/?page=DeliveryOptionSelectionPage",
        "delivery_option=1",
    );
    assert_eq!(
        delivery.at("context_list.0.page_context.addresses"),
        &json!([])
    );
    let address = json!({ "first_name": "A", "last_name": "B", "line": "C", "title": "Ev" });
    let pk = shopper.post("/address/", &address).at("pk").clone();
    let addresses = json!({ "shipping_address": pk, "billing_address": pk });
    assert_eq!(
        shopper.page("AddressSelectionPage", &addresses).page(),
        "ShippingOptionSelectionPage"
    );
    let shipping = shopper.page(
        "ShippingOptionSelectionPage",
        &json!({ "shipping_option": 1 }),
    );
    assert_eq!(shipping.page(), "PaymentOptionSelectionPage");
    assert_eq!(shipping.at("pre_order.is_guest"), true);
    to_order_no(&mut shopper, PLAIN);
}

/// A session is kept: what is written into it has an end.
#[test]
fn what_a_shopper_writes_has_an_end() {
    let mut shopper = Shopper::new(&app("[akinon]\nfresh_session = \"guest\""));
    let more = |most: usize| {
        json!([format!(
            "Ensure this field has no more than {most} characters."
        )])
    };
    let mail = |length: usize| format!("{}@x.example", "ş".repeat(length - 10));
    let guest = |length| json!({ "user_email": mail(length), "phone_number": "05327654321" });
    let wrong = shopper.page("IndexPage", &guest(256));
    assert_eq!(wrong.at("errors.user_email"), &more(255));
    let right = shopper.page("IndexPage", &guest(255));
    assert_eq!(
        right.page(),
        "DeliveryOptionSelectionPage",
        "{}",
        right.text
    );
    let account = shopper.post("/users/registration/", &json!({ "email": mail(256) }));
    assert_eq!((account.status, account.at("email")), (400, &more(255)));
    let address = |name: usize, line: usize| json!({ "first_name": "a".repeat(name), "last_name": "B", "line": "ğ".repeat(line) });
    let wrong = shopper.post("/address/", &address(256, 1_001));
    let errors = json!({ "first_name": more(255), "line": more(1_000) });
    assert_eq!((wrong.status, &wrong.json), (400, &errors));
    let right = shopper.post("/address/", &address(255, 1_000));
    assert_eq!(right.status, 201, "{}", right.text);
    let target = format!("/address/{}/", right.at("pk"));
    let body = ("application/json", address(1, 1_001).to_string());
    let wrong = shopper.send(Method::PATCH, &target, body);
    assert_eq!((wrong.status, wrong.at("line")), (400, &more(1_000)));
    let kept = shopper.get("/address/detailed/");
    assert!(kept.text.contains(&"a".repeat(255)), "nothing changed");
}

#[test]
fn debit_foreign_and_unknown_cards_pay_at_once() {
    // 512440 is a debit card of the published list, 411111 a foreign one, 999999 is in no list.
    for bin in ["512440", "411111", "999999"] {
        let mut shopper = Shopper::new(&app(""));
        shopper.page(
            "PaymentOptionSelectionPage",
            &json!({ "payment_option": 1 }),
        );
        let answer = shopper.page("MasterpassRestBinNumberPage", &json!({ "bin_number": bin }));
        let offered = answer
            .at("context_list.0.page_context.installments")
            .as_array()
            .unwrap();
        assert_eq!(offered.len(), 1, "{bin}");
        assert_eq!(offered[0]["installment_count"], 1);
    }
}

#[test]
fn amounts_can_be_strings_and_labels_turkish() {
    let mut shopper = Shopper::new(&app("[akinon]\ninstallment_amounts = \"string\""));
    shopper.header("accept-language", "tr-tr");
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    let answer = shopper.page(
        "MasterpassRestBinNumberPage",
        &json!({ "bin_number": "665544" }),
    );
    let row = answer.at("context_list.0.page_context.installments.1");
    assert_eq!(row["label"], "3 Taksit");
    assert_eq!(row["price_with_accrued_interest"], "105.00");
    assert_eq!(row["monthly_price_with_accrued_interest"], "35.00");
}

#[test]
fn a_note_can_be_left_at_any_time() {
    let mut shopper = Shopper::new(&app(""));
    let noted = shopper.page("OrderNotePage", &json!({ "order_note": "ring twice" }));
    assert_eq!(noted.page(), "PaymentOptionSelectionPage");
    assert_eq!(noted.at("pre_order.notes"), "ring twice");
    let again = shopper.page("OrderNotePage", &json!({ "notes": "leave at the door" }));
    assert_eq!(again.at("pre_order.notes"), "leave at the door");
    let seen = shopper.get("/orders/checkout/?page=OrderNotePage");
    assert_eq!(seen.page(), "OrderNotePage");
    assert_eq!(
        seen.at("context_list.1.page_name"),
        "PaymentOptionSelectionPage"
    );
}

#[test]
fn one_cookie_at_most_and_only_for_new_callers() {
    let app = app("");
    let mut shopper = Shopper::new(&app);
    let first = shopper.get("/orders/checkout/");
    assert_eq!(first.headers.get_all("set-cookie").iter().count(), 1);
    let id = shopper
        .cookie()
        .strip_prefix("osessionid=")
        .unwrap()
        .to_owned();
    assert!(
        id.len() == 32
            && id
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()),
        "{id}"
    );
    assert!(first.header("set-cookie").contains("Path=/"));
    assert!(
        shopper
            .get("/orders/checkout/")
            .headers
            .get("set-cookie")
            .is_none()
    );
    // A well-formed id that this sandbox does not know opens a session under that id.
    let mut other = Shopper::in_sandbox(&app, "other");
    other.with_cookie(&format!("osessionid={id}"));
    let answer = other.get("/orders/checkout/");
    assert!(answer.headers.get("set-cookie").is_none());
    assert_eq!(answer.at("pre_order.payment_option"), &Value::Null);
}
