//! The way from basket to the order number, for tests that begin there.

use super::{Answer, Shopper};
use serde_json::json;

/// Slugs of the default scenario's payment options, by their number.
pub const MASTERPASS: u32 = 1;
pub const CRAFTGATE: u32 = 2;

/// What a shopper pays with.
#[derive(Clone, Copy)]
pub struct Plan {
    pub option: u32,
    pub bin: &'static str,
    pub stored: bool,
    /// `pk` of the installment
    pub installment: u32,
    pub three_d: bool,
}

/// One payment at once with the worked example's card, without 3-D Secure.
pub const PLAIN: Plan = Plan {
    option: MASTERPASS,
    bin: "665544",
    stored: false,
    installment: 1,
    three_d: false,
};

/// From the payment option to the order number; every step succeeds.
pub fn to_order_no(shopper: &mut Shopper, plan: Plan) -> String {
    let option = shopper.page(
        "PaymentOptionSelectionPage",
        &json!({ "payment_option": plan.option }),
    );
    assert_eq!(
        option.page(),
        "MasterpassRestBinNumberPage",
        "{}",
        option.text
    );
    let card = json!({ "bin_number": plan.bin, "is_masterpass_stored_card": plan.stored });
    let bin = shopper.page("MasterpassRestBinNumberPage", &card);
    assert_eq!(bin.page(), "MasterpassRestInstallmentPage", "{}", bin.text);
    let chosen = shopper.page(
        "MasterpassRestInstallmentPage",
        &json!({ "installment": plan.installment }),
    );
    assert_eq!(
        chosen.page(),
        "MasterpassRestOrderNoPage",
        "{}",
        chosen.text
    );
    let step = shopper.page(
        "MasterpassRestOrderNoPage",
        &json!({ "use_three_d": plan.three_d }),
    );
    assert_eq!(step.page(), "MasterpassRestCompletePage", "{}", step.text);
    step.text_at("context_list.0.page_context.order_no")
}

/// The completion of the Masterpass POS.
pub fn complete(shopper: &mut Shopper, token: &str, kind: &str) -> Answer {
    let three_d = kind.ends_with("_3D");
    let page = format!(
        "MasterpassRestCompletePage&responseCode=0000&token={token}&three_d_secure={three_d}"
    );
    shopper.page(&page, &json!({ "token": token, "transactionType": kind }))
}

/// The second token of the Craftgate POS: its reference and order number.
pub fn craftgate_token(shopper: &mut Shopper, three_d: bool) -> (String, String) {
    let token = shopper.get(&format!(
        "/orders/craftgate-masterpass-token/?three_d={three_d}"
    ));
    assert_eq!(token.status, 200, "{}", token.text);
    (token.text_at("referenceId"), token.text_at("orderNo"))
}

/// The completion of the Craftgate POS without 3-D Secure.
pub fn complete_reference(shopper: &mut Shopper, reference: &str) -> Answer {
    let page = "MasterpassRestCompletePage&responseCode=0000&token=t&three_d_secure=false";
    shopper.page(page, &json!({ "token": "t", "referenceId": reference }))
}

/// The completion of the Craftgate POS with 3-D Secure.
pub fn complete_payment(shopper: &mut Shopper, payment: &str) -> Answer {
    let page = "MasterpassRestCompletePage&responseCode=0000&three_d_secure=true";
    shopper.page(page, &json!({ "paymentId": payment }))
}
