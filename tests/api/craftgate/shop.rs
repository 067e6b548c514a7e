//! Payments of the shop's checkout, seen from the gateway they go through.

use crate::support::merchant::Merchant;
use crate::support::walk::{
    CRAFTGATE, PLAIN, Plan, complete_payment, craftgate_token, to_order_no,
};
use crate::support::{Shopper, app};
use mockpos::app::App;
use serde_json::json;
use std::sync::Arc;

/// A shopper of the shop's backend at the bank's page: the payment, and the way back from there.
fn shopper_at_the_bank(app: &Arc<App>) -> (Shopper, String, String) {
    let mut shopper = Shopper::new(app);
    let plan = Plan {
        option: CRAFTGATE,
        three_d: true,
        ..PLAIN
    };
    to_order_no(&mut shopper, plan);
    let (reference, _) = craftgate_token(&mut shopper, true);
    let init = format!("/orders/craftgate-masterpass-init/?reference_id={reference}");
    let init = shopper.get(&init);
    let url = init.text_at("returnUrl");
    let path = url.strip_prefix("http://127.0.0.1").unwrap().to_owned();
    (shopper, init.text_at("paymentId"), path)
}

#[test]
fn the_shops_checkout_ends_as_the_banks_page_did() {
    for (fields, thanks) in [("", true), ("mdStatus=1", true), ("mdStatus=0", false)] {
        let app = app("");
        let (mut shopper, id, back) = shopper_at_the_bank(&app);
        let page = shopper.post_form(&back, fields);
        let action = "http://127.0.0.1/orders/checkout/?page=MasterpassRestCompletePage\
            &#38;responseCode=0000&#38;three_d_secure=true";
        assert!(page.text.contains(action), "{}", page.text);
        let named = format!("name=\"paymentId\" value=\"{id}\"");
        assert!(page.text.contains(&named), "{}", page.text);
        let done = complete_payment(&mut shopper, &id);
        assert_eq!(
            done.page() == "ThankYouPage",
            thanks,
            "{fields}: {}",
            done.text
        );
        let again = complete_payment(&mut shopper, &id);
        assert_eq!(
            again.page() == "ThankYouPage",
            thanks,
            "{fields}: {}",
            again.text
        );
    }
}

#[test]
fn a_shop_that_is_charged_at_the_banks_page_is_not_charged_again() {
    let merchants = r#"
        [[merchant]]
        name = "shop"
        api_key = "api-key"
        secret_key = "secret-key"
        three_ds_model = "3dpay""#;
    let app = app(merchants);
    let (mut shopper, id, back) = shopper_at_the_bank(&app);
    let page = shopper.get(&back);
    assert!(page.text.contains("value=\"COMPLETED\""), "{}", page.text);
    let done = complete_payment(&mut shopper, &id);
    assert_eq!(done.page(), "ThankYouPage", "{}", done.text);
}

#[test]
fn a_payment_of_the_shops_checkout_says_what_was_bought() {
    let app = app("");
    let (mut shopper, id, back) = shopper_at_the_bank(&app);
    shopper.get(&back);
    let mut merchant = Merchant::new(&app);
    let done = merchant.post(
        "/payment/v2/masterpass-payments/3ds-complete",
        &json!({ "paymentId": id }),
    );
    assert_eq!(done.status, 200, "{}", done.text);
    let payment = done.at("data");
    assert_eq!(payment["paymentProvider"], "MASTERPASS");
    assert_eq!(payment["paidPrice"], 100);
    let number = payment["externalId"].as_str().unwrap();
    assert_eq!(number.len(), 16, "the shop's order number: {number}");
    let items = payment["paymentTransactions"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str()).collect();
    assert_eq!(names[0], Some("Pamuklu Tişört"), "{names:?}");
    assert!(names.iter().all(Option::is_some), "{names:?}");
    assert!(items.iter().all(|item| item["externalId"].is_string()));
    let thanks = complete_payment(&mut shopper, &id);
    assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
}

#[test]
fn a_payment_of_the_shops_checkout_is_found_and_refunded() {
    let app = app("");
    let (mut shopper, id, back) = shopper_at_the_bank(&app);
    shopper.get(&back);
    let thanks = complete_payment(&mut shopper, &id);
    assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
    let mut merchant = Merchant::new(&app);
    let found = merchant.get(&format!("/payment/v1/card-payments/{id}"));
    assert_eq!(found.at("data.paymentStatus"), "SUCCESS", "{}", found.text);
    assert_eq!(found.at("data.paymentProvider"), "MASTERPASS");
    let refund = json!({ "paymentId": id, "conversationId": "r-1" });
    let refund = merchant.post("/payment/v1/refunds", &refund);
    assert_eq!(refund.status, 200, "{}", refund.text);
    assert_eq!(refund.at("data.refundPrice"), 100, "{}", refund.text);
    let again = merchant.post("/payment/v1/refunds", &json!({ "paymentId": id }));
    assert_eq!(again.status, 422, "{}", again.text);
}
