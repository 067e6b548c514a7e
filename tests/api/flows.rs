//! Whole stories as transcripts in `tests/flows/`. `UPDATE=1 cargo test` rewrites them; the diff is
//! the review.

use crate::support::walk::{
    CRAFTGATE, MASTERPASS, PLAIN, Plan, complete, complete_payment, complete_reference,
    craftgate_token, to_order_no,
};
use crate::support::{Answer, Shopper, app, kept_as};

fn told(shopper: &Shopper, name: &str) {
    kept_as(&shopper.transcript, name);
}

fn thanked(shopper: &mut Shopper, thanks: &Answer) {
    assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
    let url = thanks.text_at("context_list.0.page_context.redirect_url");
    assert_eq!(shopper.get(&format!("{url}?format=json")).status, 200);
}

/// contract: akinon §11 A
#[test]
fn masterpass_pos() {
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
fn masterpass_pos_with_three_d() {
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
fn craftgate_pos() {
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
fn craftgate_pos_with_three_d() {
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

#[test]
fn first_attempt_is_declined_and_the_second_loses_its_answer() {
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
