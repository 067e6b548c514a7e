//! Whole stories as transcripts in `tests/flows/`. `UPDATE=1 cargo test` rewrites them; the diff is
//! the review.

use crate::mfs::page::{NOBODY, OTP, Page};
use crate::support::walk::{
    CRAFTGATE, MASTERPASS, PLAIN, Plan, complete, complete_payment, complete_reference,
    craftgate_token, to_order_no,
};
use crate::support::{Answer, Shopper, app, kept_as};
use mockpos::clock::Timestamp;
use mockpos::surface::classic_token::{ClassicToken, Keys, Validation};
use serde_json::json;

/// Compares the shopper's transcript with the one that is kept.
pub fn told(shopper: &Shopper, name: &str) {
    kept_as(&shopper.transcript, name);
}

pub fn thanked(shopper: &mut Shopper, thanks: &Answer) {
    assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
    let url = thanks.text_at("context_list.0.page_context.redirect_url");
    assert_eq!(shopper.get(&format!("{url}?format=json")).status, 200);
}

/// contract: akinon §11 A
#[test]
pub fn masterpass_pos() {
    let mut shopper = Shopper::new(&app(""));
    shopper.get("/orders/checkout/");
    to_order_no(
        &mut shopper,
        Plan {
            option: MASTERPASS,
            stored: true,
            installment: 2,
            ..PLAIN
        },
    );
    shopper.get("/orders/masterpass-rest-token/?three_d=false&msisdn_validated=false");
    let thanks = complete(&mut shopper, "result-token", "PURCHASE");
    thanked(&mut shopper, &thanks);
    told(&shopper, "masterpass.txt");
}

/// contract: akinon §11 B
#[test]
pub fn masterpass_pos_with_three_d() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(
        &mut shopper,
        Plan {
            three_d: true,
            ..PLAIN
        },
    );
    shopper.get("/orders/masterpass-rest-token/?three_d=true");
    let thanks = complete(&mut shopper, "result-token", "DIRECT_PURCHASE_3D");
    thanked(&mut shopper, &thanks);
    told(&shopper, "masterpass-3d.txt");
}

/// contract: akinon §11 C
#[test]
pub fn craftgate_pos() {
    let mut shopper = Shopper::new(&app(""));
    to_order_no(
        &mut shopper,
        Plan {
            option: CRAFTGATE,
            ..PLAIN
        },
    );
    let (reference, _) = craftgate_token(&mut shopper, false);
    let thanks = complete_reference(&mut shopper, &reference);
    thanked(&mut shopper, &thanks);
    told(&shopper, "craftgate.txt");
}

/// contract: akinon §11 D
#[test]
pub fn craftgate_pos_with_three_d() {
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
    let init = shopper.get(&format!(
        "/orders/craftgate-masterpass-init/?reference_id={reference}"
    ));
    let thanks = complete_payment(&mut shopper, &init.text_at("paymentId"));
    thanked(&mut shopper, &thanks);
    told(&shopper, "craftgate-3d.txt");
}

/// contract: masterpass §1.1, the classic generation
#[test]
pub fn a_classic_wallet_is_linked_and_pays() {
    let mut page = Page::playing("");
    let msisdn = "905551110006";
    page.check(msisdn).is("");
    page.link(msisdn).is("5008");
    page.validate(OTP).is("0000");
    page.list(msisdn).is("");
    let verified = json!({"msisdn": msisdn, "listAccountName": "Kart%C4%B1m", "amount": "10000",
        "orderNo": "7001", "installmentCount": 1, "token": otp_token(msisdn)});
    page.post("remotePurchaseOther", &verified).is("5001");
    page.validate("654321").is("1409");
    page.resend().is("5001");
    page.validate(OTP).is("0000");
    told(&page.shopper, "classic.txt");
}

/// contract: masterpass §1.1, the classic generation
#[test]
pub fn a_card_of_nobody_pays_and_is_kept() {
    let mut page = Page::playing("");
    page.check(NOBODY).is("");
    page.registering(NOBODY, "CHAINED%20OTP").is("5008");
    page.validate(OTP).is("5001");
    page.validate(OTP).is("0000");
    page.check(NOBODY).is("");
    page.list(NOBODY).is("");
    told(&page.shopper, "classic-register.txt");
}

/// A merchant's token that asks for the bank's password.
fn otp_token(msisdn: &str) -> String {
    let now = Timestamp::from_micros(1_767_323_045_000_000);
    let token = ClassicToken {
        validation: Validation::Otp,
        ..ClassicToken::new(("90000001", "7"), msisdn, now)
    };
    token.issue(Keys {
        enc: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        mac: "00112233445566778899AABBCCDDEEFF",
    })
}

#[test]
pub fn first_attempt_is_declined_and_the_second_loses_its_answer() {
    let rules = r#"
        [[rule]]
        when = { endpoint = "akinon.*", page = "MasterpassRestCompletePage", bin = "525864", nth = 1 }
        then = { decline = "insufficient_funds" }
        [[rule]]
        when = { endpoint = "akinon.checkout.complete", amount = ">= 100.00", nth = 2 }
        wire = { fault = "reset", when = "after_commit", delay = "800ms" }"#;
    let mut shopper = Shopper::new(&app(rules));
    to_order_no(
        &mut shopper,
        Plan {
            bin: "525864",
            installment: 3,
            ..PLAIN
        },
    );
    complete(&mut shopper, "t", "PURCHASE");
    complete(&mut shopper, "t", "PURCHASE");
    let thanks = complete(&mut shopper, "t", "PURCHASE");
    thanked(&mut shopper, &thanks);
    told(&shopper, "declined-then-lost.txt");
}
