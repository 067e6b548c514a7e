//! What a storefront asks for around the checkout. contract: akinon §1, §2, §14

use crate::support::{Shopper, app};
use http::Method;
use serde_json::{Value, json};

#[test]
fn every_route_of_a_minimal_storefront_is_answered() {
    let routes = [
        ("/csrf_token/", "csrf_token"),
        ("/pretty_urls/?new_path__exact=/x/", "results"),
        ("/widgets/home/", "attributes"),
        ("/menus/generate/?depth_height=2", "menu"),
        ("/misc/menus/generate/", "menu"),
        ("/current_user/", "email"),
        ("/users/pz-captcha/", "html"),
        ("/baskets/basket/", "basket"),
        ("/address/detailed/", "results"),
        ("/address/country/", "results"),
        ("/address/city/?country=1", "results"),
        ("/address/township/?city=1", "results"),
        ("/address/district/?township=1", "results"),
        ("/orders/checkout/", "pre_order"),
        ("/payments/cards/basket/", "results"),
        ("/payments/cards/product/1/", "results"),
        ("/product/1/", "product"),
    ];
    let mut shopper = Shopper::new(&app(""));
    shopper.get("/orders/checkout/");
    for (path, key) in routes {
        for path in [path.to_owned(), path.replacen("/?", "?", 1)] {
            let answer = shopper.get(&path);
            assert_eq!(answer.status, 200, "{path}");
            assert!(!answer.json[key].is_null(), "{path}: {}", answer.text);
            assert!(answer.header("location").is_empty(), "{path}");
        }
    }
    assert_eq!(shopper.get("/cms/seo/?url=/x/").json, json!({}));
    assert!(
        shopper
            .get("/orders/contract/?contract_name=sales")
            .text
            .contains("<html")
    );
    assert!(
        !shopper
            .get("/orders/redirect-three-d/")
            .text
            .contains("<form")
    );
}

#[test]
fn unknown_paths_methods_and_pages_are_said_in_the_dialect() {
    let mut shopper = Shopper::new(&app(""));
    let answer = shopper.get("/no/such/path/");
    assert_eq!(
        (answer.status, &answer.json),
        (404, &json!({ "detail": "Not found." }))
    );
    let answer = shopper.send(Method::PUT, "/orders/checkout/", ("", String::new()));
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, "GET, HEAD, POST")
    );
    assert_eq!(
        answer.json,
        json!({ "detail": "Method \"PUT\" not allowed." })
    );
    for signed in ["x", "a:b:c", "IjEi:0:AAAA"] {
        let answer = shopper.get(&format!("/orders/completed/{signed}/?format=json"));
        assert_eq!(
            (answer.status, &answer.json),
            (404, &json!({ "detail": "Not found." }))
        );
    }
}

#[test]
fn the_basket_can_be_changed_and_emptied() {
    let mut shopper = Shopper::new(&app(""));
    let added = shopper.post("/baskets/basket/", &json!({ "product": 1, "quantity": 2 }));
    assert_eq!(added.at("basket.total_quantity"), 3);
    assert_eq!(added.at("basket.total_amount"), "300.00");
    let set = shopper.send(
        Method::PUT,
        "/baskets/basket/",
        ("", json!({"product": 1, "quantity": 1}).to_string()),
    );
    assert_eq!(set.at("basket.total_amount"), "100.00");
    let unknown = shopper.post("/baskets/basket/", &json!({ "product": 99 }));
    assert_eq!(unknown.status, 404);
    let missing = shopper.post("/baskets/basket/", &json!({}));
    assert_eq!(
        (missing.status, missing.at("product")),
        (400, &json!(["This field is required."]))
    );
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    shopper.page(
        "MasterpassRestBinNumberPage",
        &json!({ "bin_number": "665544" }),
    );
    let gone = shopper.send(
        Method::DELETE,
        "/baskets/basket/",
        ("", json!({"product": 1}).to_string()),
    );
    assert_eq!(gone.at("basket.basketitem_set"), &json!([]));
    let checkout = shopper.page(
        "MasterpassRestInstallmentPage",
        &json!({ "installment": 1 }),
    );
    assert_eq!(checkout.at("redirect_url"), "/baskets/basket/");
}

/// contract: akinon §14, H2
#[test]
fn the_same_choice_again_undoes_nothing_and_another_does() {
    let rules = r#"
        [[shipping_option]]
        name = "Standart Kargo"
        slug = "standard"
        amount = "0.00"
        [[shipping_option]]
        name = "Hızlı Kargo"
        slug = "fast"
        amount = "25.00"
        "#;
    let mut shopper = Shopper::new(&app(rules));
    let option = json!({ "payment_option": 1 });
    shopper.page("PaymentOptionSelectionPage", &option);
    let addresses = json!({ "shipping_address": 1, "billing_address": 1 });
    for (page, body) in [
        (
            "DeliveryOptionSelectionPage",
            json!({ "delivery_option": 1 }),
        ),
        ("AddressSelectionPage", addresses),
        (
            "ShippingOptionSelectionPage",
            json!({ "shipping_option": 1 }),
        ),
    ] {
        let same = shopper.page(page, &body);
        assert_eq!(same.page(), "MasterpassRestBinNumberPage", "{page}");
        assert_eq!(same.at("pre_order.payment_option.pk"), 1, "{page}");
    }
    let other = json!({ "shipping_option": 2 });
    let other = shopper.page("ShippingOptionSelectionPage", &other);
    assert_eq!(other.page(), "PaymentOptionSelectionPage");
    assert!(other.at("pre_order.payment_option").is_null());
}

#[test]
fn there_are_no_vouchers() {
    let mut shopper = Shopper::new(&app(""));
    let mut patch = |body: Value| {
        let body = ("application/json", body.to_string());
        shopper.send(Method::PATCH, "/baskets/basket/", body)
    };
    let removed = patch(json!({ "remove_voucher_code": true }));
    assert_eq!(removed.at("basket.total_amount"), "100.00");
    let unknown = patch(json!({ "voucher_code": "SUMMER" }));
    assert_eq!(unknown.status, 400);
    assert!(unknown.at("voucher_code.0").is_string());
    let set = patch(json!({ "product": 1, "quantity": 2 }));
    assert_eq!(set.at("basket.total_quantity"), 2);
}

#[test]
fn logging_in_gives_a_key_and_a_cookie() {
    let mut shopper = Shopper::new(&app("[akinon]\nfresh_session = \"guest\""));
    assert_eq!(shopper.get("/current_user/").status, 403);
    let wrong = shopper.post(
        "/users/login/",
        &json!({ "email": "ayse@example.com", "password": "x" }),
    );
    assert_eq!(
        wrong.at("non_field_errors.0"),
        "Unable to log in with provided credentials."
    );
    let missing = shopper.post("/users/login", &json!({}));
    assert_eq!(missing.at("email.0"), "This field is required.");
    let right = shopper.post(
        "/users/login/",
        &json!({ "email": "ayse@example.com", "password": "mockpos" }),
    );
    assert!(right.header("set-cookie").starts_with("osessionid="));
    assert_eq!(shopper.get("/current_user/").at("pk"), 1);
    let mut by_key = Shopper::new(&app(""));
    by_key.header("authorization", "Token nope");
    assert_eq!(by_key.get("/current_user/").status, 403);
    let cookie = shopper.cookie().to_owned();
    shopper
        .with_cookie("")
        .header("authorization", &format!("Token {}", right.text_at("key")));
    assert_eq!(
        shopper.get("/current_user/").at("email"),
        "ayse@example.com"
    );
    shopper.with_cookie(&cookie).header("authorization", "");
    shopper.post("/users/logout", &json!({}));
    assert_eq!(shopper.get("/current_user/").status, 403);
}

#[test]
fn csrf_is_demanded_only_when_switched_on_and_never_of_return_posts() {
    let mut shopper = Shopper::new(&app("[akinon]\ncsrf = true"));
    let refused = shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    assert_eq!(refused.status, 403);
    assert!(refused.text_at("detail").starts_with("CSRF Failed"));
    let token = shopper.get("/csrf_token/").text_at("csrf_token");
    shopper
        .with_cookie(&format!("csrftoken={token}"))
        .header("x-csrftoken", &token);
    let taken = shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    assert_eq!(taken.page(), "MasterpassRestBinNumberPage");
    shopper.header("x-csrftoken", "other");
    assert_eq!(shopper.page("IndexPage", &json!({})).status, 403);
    let login = json!({ "email": "ayse@example.com", "password": "mockpos" });
    assert_eq!(shopper.post("/users/login/", &login).status, 200);
    assert_eq!(
        shopper
            .page("MasterpassRestCompletePage", &json!({}))
            .status,
        200
    );
    assert_eq!(
        shopper
            .page("CreditCardThreeDSecurePage", &json!({}))
            .status,
        200
    );
}

/// contract: akinon §14, H1 and H2
#[test]
fn the_storefronts_own_posts_come_to_rest() {
    let mut shopper = Shopper::new(&app(""));
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    shopper.page(
        "MasterpassRestBinNumberPage",
        &json!({ "bin_number": "665544" }),
    );
    for page in ["InstallmentSelectionPage", "MasterpassInstallmentPage"] {
        let answer = shopper.page(page, &json!({ "installment": 1 }));
        assert!(
            !answer.at("pre_order.installment").is_null(),
            "{page} would be posted for ever"
        );
        assert_eq!(answer.page(), "MasterpassRestOrderNoPage", "{page}");
    }
    let real = shopper.page(
        "MasterpassRestInstallmentPage",
        &json!({ "installment": 2 }),
    );
    assert_eq!(real.at("pre_order.installment.pk"), 2);
    for (page, field) in [
        ("DeliveryOptionSelectionPage", "delivery_option"),
        ("ShippingOptionSelectionPage", "shipping_option"),
        ("PaymentOptionSelectionPage", "payment_option"),
    ] {
        let target = format!("/orders/checkout/?page={page}");
        let first = shopper.post(&target, &json!({ field: 1 }));
        let second = shopper.post(&target, &json!({ field: 1 }));
        assert_eq!(first.text, second.text, "{page} twice");
        assert_eq!(first.at(&format!("pre_order.{field}.pk")), 1, "{page}");
    }
    assert!(
        shopper
            .get("/orders/checkout/")
            .at("context_list")
            .as_array()
            .unwrap()
            .iter()
            .all(|c| c["page_context"].is_object())
    );
}

#[test]
fn clients_that_send_undefined_are_taken_for_saying_nothing() {
    let mut shopper = Shopper::new(&app(""));
    shopper
        .header("accept-language", "undefined")
        .header("x-currency", "undefined");
    shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": 1 }),
    );
    let bin = shopper.page(
        "MasterpassRestBinNumberPage",
        &json!({ "bin_number": "665544" }),
    );
    assert_eq!(
        bin.at("context_list.0.page_context.installments.0.label"),
        "Advance"
    );
    assert_eq!(bin.at("errors"), &Value::Null);
}
