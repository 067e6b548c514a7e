//! Whose tokens are taken, and what is believed of them. contract: masterpass §8.1

use super::page::{LINKED, NOBODY, OTP, Page};
use crate::support::merchant::Merchant;
use crate::support::{Shopper, app};
use mockpos::clock::Timestamp;
use mockpos::surface::classic_token::{ClassicToken, Keys, Validation};
use serde_json::json;

const VERIFY: &str = "[masterpass]\nclassic_tokens = \"verify\"";
/// 2026-01-02T03:04:05Z
const NOW: i64 = 1_767_323_045;
const ENC: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const KEYS: Keys<'static> = Keys {
    enc: &ENC,
    mac: "00112233445566778899AABBCCDDEEFF",
};

/// A token for the linked holder, made so many seconds from now.
fn token(later: i64) -> ClassicToken {
    let at = Timestamp::from_micros((NOW + later) * 1_000_000);
    ClassicToken::new(("90000001", "7"), LINKED, at)
}

#[test]
fn only_what_the_merchant_has_made_passes_when_it_must_verify() {
    let other = Keys {
        mac: "another",
        ..KEYS
    };
    for (what, token, code) in [
        ("good", token(0).issue(KEYS), ""),
        ("old, but not too old", token(-30 * 60 + 1).issue(KEYS), ""),
        ("too old", token(-30 * 60).issue(KEYS), "1419"),
        ("of tomorrow", token(86_400).issue(KEYS), "1419"),
        ("another key's", token(0).issue(other), "1419"),
        ("any text", "AB12".to_owned(), "1419"),
        ("nothing", String::new(), "1419"),
        ("a broken bearer token", "Bearer a.b.c".to_owned(), "1419"),
    ] {
        for (rules, code) in [
            (VERIFY, code),
            ("[settings]\nstrict_tokens = true", code),
            ("", ""),
        ] {
            let mut page = Page::playing(rules);
            page.token.clone_from(&token);
            let told = page.list(LINKED);
            assert_eq!(told.code(), code, "{what} with {rules}");
        }
    }
    let mut page = Page::playing(VERIFY);
    page.token = token(0).issue(KEYS);
    page.list(NOBODY).is("1419");
    page.check("0555 111 00 08").is("");
}

#[test]
fn a_token_that_verifies_is_believed() {
    for (validation, code) in [
        (Validation::Nothing, "0000"),
        (Validation::Otp, "5001"),
        (Validation::Mpin, "5002"),
        (Validation::MpinAndOtp, "5002"),
        (Validation::ThreeDs, "5010"),
    ] {
        for rules in ["", VERIFY] {
            let mut page = Page::playing(rules);
            let token = ClassicToken {
                validation,
                ..token(0)
            };
            page.token = token.issue(KEYS);
            page.saved(LINKED, "Kartım").is(code);
            if validation == Validation::MpinAndOtp {
                page.validate("0a").is("5001");
                page.validate(OTP).is("0000");
            }
        }
    }
    // A card that asks for something itself is asked for that.
    let mut page = Page::playing("");
    let forced = ClassicToken {
        validation: Validation::ThreeDs,
        ..token(0)
    };
    page.token = forced.issue(KEYS);
    page.direct("DIRECT").is("0000");
}

#[test]
fn a_phone_that_the_merchant_vouches_for_needs_no_password() {
    for (vouched, code) in [(false, "5008"), (true, "0000")] {
        let mut page = Page::playing("");
        let token = ClassicToken {
            msisdn: "905551110006".to_owned(),
            msisdn_validated: vouched,
            ..token(0)
        };
        page.token = token.issue(KEYS);
        page.link("905551110006").is(code);
        page.register("905551110006", "SOMEBODY ELSE").is(code);
    }
    let mut page = Page::playing("");
    page.register(NOBODY, "SOMEBODY").is("5008");
}

#[test]
fn the_user_is_that_of_the_token_and_the_order_its_reference() {
    let mut page = Page::playing("");
    let conflict = ClassicToken {
        msisdn: "905551110019".to_owned(),
        ..token(0)
    };
    page.token = conflict.issue(KEYS);
    page.list("905551110019").is("1078");
    let order = ClassicToken {
        reference: "SHOP-1".to_owned(),
        ..token(0)
    };
    page.token = order.issue(KEYS);
    let fields = json!({"msisdn": LINKED, "listAccountName": "Kartım", "amount": "1"});
    let paid = page.post("remotePurchaseOther", &fields);
    assert_eq!(paid.is("0000").of_it("OrderNo"), "SHOP-1");
}

/// contract: craftgate §3.4
#[test]
fn the_gateway_hands_out_tokens_of_the_wallet() {
    let app = app(VERIFY);
    let mut merchant = Merchant::new(&app);
    for (more, code) in [
        (json!({}), "0000"),
        (json!({"validationType": "OTP"}), "5001"),
        (json!({"validationType": "THREE_DS"}), "5010"),
        (
            json!({"forceThreeDS": true, "validationType": "OTP"}),
            "5010",
        ),
        (json!({"masterpassIntegrationVersion": 2}), "0000"),
        (
            json!({"masterpassIntegrationVersion": 2, "forceThreeDS": true}),
            "5010",
        ),
        (
            json!({"masterpassIntegrationVersion": 2, "validationType": "OTP"}),
            "5001",
        ),
    ] {
        let mut wanted = json!({"msisdn": LINKED, "userId": "7", "binNumber": "525864",
            "createPayment": {"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY",
                "paymentGroup": "PRODUCT", "items": [{"name": "a", "price": 100}]}});
        wanted
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let answer = merchant.post("/payment/v2/masterpass-payments/generate-token", &wanted);
        assert_eq!(answer.status, 200, "{}", answer.text);
        let mut page = Page::of(Shopper::new(&app));
        page.token = answer.text_at("data.token");
        let second = wanted["masterpassIntegrationVersion"] == 2;
        let upper = page
            .token
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
        assert_eq!(
            (page.token.starts_with("Bearer "), upper),
            (second, !second)
        );
        let order_no = answer.text_at("data.orderNo");
        let fields = json!({"msisdn": LINKED, "listAccountName": "Kartım", "amount": "10000"});
        let paid = page.post("remotePurchaseOther", &fields);
        assert_eq!(paid.is(code).of_it("OrderNo"), &json!(order_no), "{more}");
        let mut other = fields.clone();
        other["orderNo"] = json!("another");
        let bound = if second { "4057" } else { code };
        page.post("remotePurchaseOther", &other).is(bound);
    }
    let account = json!({"msisdn": LINKED, "userId": "7"});
    let answer = merchant.post("/payment/v2/masterpass-accounts/generate-token", &account);
    let mut page = Page::of(Shopper::new(&app));
    page.token = answer.text_at("data.token");
    page.list(LINKED).is("");
}
