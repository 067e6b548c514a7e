//! The same key gets the same answer.

use crate::support::app;
use crate::support::merchant::Merchant;
use serde_json::json;

const CALL: &str = "/installment/v1/bins/525864";

#[test]
pub fn keys_are_ignored_where_they_mean_nothing() {
    let mut merchant = Merchant::new(&app(""));
    merchant.header("x-idempotency-key", &"k".repeat(300));
    assert_eq!(merchant.get(CALL).status, 200);
    let answer = merchant.post("/onboarding/v1/members", &json!({}));
    assert_eq!(
        (answer.status, &*answer.text_at("errors.errorCode")),
        (422, "1006")
    );
    let answer = merchant.put("/onboarding/v1/members/1", &json!({}));
    assert_eq!(answer.status, 501);
}
