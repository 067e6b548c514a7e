//! One-time passwords: rows 9 to 14 and 35.

use super::{no, page, page_of, refused, said, yes};
use crate::support::wallet::{
    DIRECT, OUTCOMES, PHONE, SAVED, SEALED, access, authorized, call, post, saved, typed, verify,
    wait, wanted,
};
use crate::support::{Answer, Shopper, app};
use http::Method;
use serde_json::{Value, json};

const RESEND: &str = "/user-authorization/api/Otp/resend";

fn add(shopper: &mut Shopper, phone: &str, name: &str) -> Answer {
    let body = json!({"accountKey": phone, "userId": "1", "cardNumber": SEALED,
        "expiryDate": "3012", "accountAliasName": "Yeni", "cardHolderName": name, "cvv": SEALED});
    post(shopper, "/account/api/Card", &body)
}

fn cards(shopper: &mut Shopper, phone: &str) -> usize {
    let list = access(shopper, phone);
    list.at("result.cards").as_array().map_or(0, Vec::len)
}

/// A purchase that waits for the bank's password.
fn asked(shopper: &mut Shopper) -> Answer {
    let asked = post(shopper, SAVED, &saved(OUTCOMES, "BANK OTP", "1001"));
    assert_eq!(said(&asked), yes(202, "5001"));
    asked
}

#[test]
pub fn row_09_card_is_kept_after_the_banks_password() {
    let rule =
        "[[rule]]\nwhen = { endpoint = \"masterpass.card.add\" }\nthen = { asks = [\"bank_otp\"] }";
    for (rules, name) in [("", "BANK OTP"), (rule, "DIRECT")] {
        let phone = "905559990000";
        let mut page = page_of(rules, phone);
        let asked = add(&mut page, phone, name);
        assert_eq!(said(&asked), yes(202, "5001"));
        assert_eq!(cards(&mut page, phone), 0, "not yet");
        let done = verify(&mut page, &asked, "123456");
        assert_eq!(said(&done), yes(200, "0000"));
        assert_eq!(done.at("result.isVerified"), &json!(true));
        assert_eq!(done.text_at("result.cardUniqueNumber").len(), 64);
        assert_eq!(cards(&mut page, phone), 1);
    }
}

#[test]
pub fn row_10_card_is_kept_after_the_wallets_password() {
    let phone = "905559990000";
    let mut page = page_of("", phone);
    let asked = add(&mut page, phone, "WALLET OTP");
    assert_eq!(said(&asked), yes(202, "5008"));
    assert_eq!(said(&verify(&mut page, &asked, "123456")), yes(200, "0000"));
    // A phone that the merchant does not vouch for is asked whatever the card.
    let mut page = Shopper::new(&app(""));
    let token = wanted(PHONE, json!({"IsMsisdnValidated": false}));
    authorized(&mut page, &token);
    assert_eq!(said(&add(&mut page, PHONE, "NOBODY")), yes(202, "5008"));
    let body = json!({"accountKey": PHONE, "userId": "1"});
    let link = call(
        &mut page,
        Method::PUT,
        "/account/api/Account/LinkToMerchant",
        &body,
    );
    assert_eq!(said(&link), yes(202, "5008"));
}

#[test]
pub fn row_11_one_password_after_the_other() {
    let phone = "905559990000";
    let mut page = page_of("", phone);
    let first = add(&mut page, phone, "CHAINED OTP");
    assert_eq!(said(&first), yes(202, "5008"));
    let second = verify(&mut page, &first, "123456");
    assert_eq!(said(&second), yes(202, "5001"));
    assert_eq!(second.at("result.isVerified"), &json!(true));
    let tokens = [&first, &second].map(|answer| answer.text_at("result.token"));
    assert_ne!(tokens[0], tokens[1]);
    let late = verify(&mut page, &first, "123456");
    assert_eq!(
        refused(&late),
        no(400, "TOKEN_IS_NOT_VALID"),
        "it was taken already"
    );
    assert_eq!(
        said(&verify(&mut page, &second, "123456")),
        yes(200, "0000")
    );
    assert_eq!(cards(&mut page, phone), 1);
}

#[test]
pub fn row_12_wrong_then_right() {
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.otp.verify\", nth = 1 }\nthen = { otp = \"wrong\" }";
    for (rules, code) in [("", "654321"), ("", "000001"), (rule, "123456")] {
        let mut page = page_of(rules, OUTCOMES);
        let asked = asked(&mut page);
        let wrong = verify(&mut page, &asked, code);
        assert_eq!(refused(&wrong), no(400, "OTP_IS_NOT_VALID"));
        assert_eq!(wrong.at("exception.details"), &json!(["1409"]));
        let right = verify(&mut page, &asked, "123456");
        assert_eq!(said(&right), yes(200, "0000"));
        assert_ne!(right.at("result.token"), &Value::Null, "the payment token");
    }
}

#[test]
pub fn row_13_expired_or_wrong_too_often() {
    let rule = |fault: &str| {
        format!(
            "[[rule]]\nwhen = {{ endpoint = \"masterpass.otp.verify\", nth = 1 }}\nthen = {{ otp = \"{fault}\" }}"
        )
    };
    for (rules, code, number) in [
        (String::new(), "000002", "1410"),
        (rule("expired"), "123456", "1410"),
        (String::new(), "000003", "1422"),
        (rule("too_many_tries"), "123456", "1422"),
    ] {
        let mut page = page_of(&rules, OUTCOMES);
        let asked = asked(&mut page);
        for code in [code, "123456"] {
            let end = verify(&mut page, &asked, code);
            assert_eq!(refused(&end), no(400, "OTP_IS_NOT_VALID"));
            assert_eq!(
                end.at("exception.details"),
                &json!([number]),
                "it has ended"
            );
        }
    }
    let mut page = page_of("", OUTCOMES);
    let asked = asked(&mut page);
    for number in ["1409", "1409", "1422", "1422"] {
        let wrong = verify(&mut page, &asked, "654321");
        assert_eq!(wrong.at("exception.details"), &json!([number]));
    }
    let mut page = page_of("[otp]\nlifetime = \"1s\"", OUTCOMES);
    let asked = self::asked(&mut page);
    wait(&mut page, "2s");
    let late = verify(&mut page, &asked, "123456");
    assert_eq!(late.at("exception.details"), &json!(["1410"]));
}

#[test]
pub fn row_14_password_is_sent_again() {
    let mut page = page_of("", OUTCOMES);
    let asked = asked(&mut page);
    for _ in 0..3 {
        verify(&mut page, &asked, "654321");
    }
    let token = json!({"token": asked.text_at("result.token")});
    let sent = post(&mut page, RESEND, &token);
    assert_eq!(said(&sent), yes(200, "5001"));
    assert_ne!(sent.text_at("result.resultDescription"), "");
    // The vendor's script goes on with the token that it has.
    assert_eq!(said(&verify(&mut page, &asked, "123456")), yes(200, "0000"));
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.otp.resend\" }\nthen = { otp = \"too_many_tries\" }";
    let mut page = page_of(rule, OUTCOMES);
    let token = json!({"token": self::asked(&mut page).text_at("result.token")});
    assert_eq!(
        refused(&post(&mut page, RESEND, &token)),
        no(400, "OTP_IS_NOT_VALID")
    );
    let mut page = page_of("[otp]\nresends = 1", OUTCOMES);
    let token = json!({"token": self::asked(&mut page).text_at("result.token")});
    assert_eq!(post(&mut page, RESEND, &token).status, 200);
    assert_eq!(
        refused(&post(&mut page, RESEND, &token)),
        no(400, "OTP_IS_NOT_VALID")
    );
}

#[test]
pub fn row_35_bank_that_sends_no_passwords() {
    let refusal = no(400, "BANK_DOES_NOT_SUPPORT_OTP");
    let mut page = page_of("", OUTCOMES);
    let by_card = post(&mut page, SAVED, &saved(OUTCOMES, "NO OTP", "1001"));
    assert_eq!(refused(&by_card), refusal);
    let by_name = post(&mut page, DIRECT, &typed(OUTCOMES, "NO OTP", "1001"));
    assert_eq!(refused(&by_name), refusal);
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.payment.*\" }\nthen = { wallet = \"otp_unsupported\" }";
    let mut page = page_of(rule, PHONE);
    let by_rule = post(&mut page, SAVED, &saved(PHONE, "Maaş kartım", "1001"));
    assert_eq!(refused(&by_rule), refusal);
    let away = post(&mut page, SAVED, &saved(PHONE, "Maximum kartım", "1001"));
    assert_eq!(said(&away), yes(202, "5010"), "3-D Secure needs none");
}

#[test]
pub fn what_is_under_way_is_its_holders_own() {
    let app = app("");
    let (mut page, mut other) = (Shopper::new(&app), Shopper::new(&app));
    authorized(&mut page, &wanted(OUTCOMES, json!({})));
    authorized(&mut other, &wanted(PHONE, json!({})));
    let asked = asked(&mut page);
    let refusal = no(400, "TOKEN_IS_NOT_VALID");
    assert_eq!(refused(&verify(&mut other, &asked, "123456")), refusal);
    let token = json!({"token": asked.text_at("result.token")});
    assert_eq!(refused(&post(&mut other, RESEND, &token)), refusal);
    assert_eq!(said(&verify(&mut page, &asked, "123456")), yes(200, "0000"));
    let unknown = json!({"token": "x", "otpCode": "123456"});
    let target = "/user-authorization/api/Otp/verify";
    assert_eq!(refused(&post(&mut page, target, &unknown)), refusal);
    let nothing = post(&mut page, target, &json!({}));
    assert_eq!(refused(&nothing), no(400, "VALIDATION_ERROR"));
    assert_eq!(
        nothing
            .at("exception.validationErrors")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
pub fn the_address_of_passwords_is_the_scenarios() {
    let path = "/user-authorization/api/Verification/verify-otp";
    let mut page = page(&format!("[masterpass]\nverify_path = \"{path}\""));
    let asked = post(&mut page, SAVED, &saved(PHONE, "Bonus kartım", "1001"));
    assert_eq!(asked.header("content-location"), path);
    let done = verify(&mut page, &asked, "123456");
    assert_eq!(done.status, 200, "{}", done.text);
    let elsewhere = post(&mut page, "/user-authorization/api/a/verify", &json!({}));
    assert_eq!(refused(&elsewhere), no(404, "NOT_FOUND"));
}
