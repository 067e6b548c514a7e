//! The bank's page, seen from the merchant: rows 22 to 24.

use super::{no, page_of, refused, said, yes};
use crate::support::wallet::{
    KEPT, OUTCOMES, SAVED, access, challenge, complete, kept, post, saved, to_bank, verify,
};
use crate::support::{Answer, Shopper};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example/return?x=1";

/// A purchase that ends by itself at the bank's page: what mockpos tells of the challenge.
fn visited(shopper: &mut Shopper, alias: &str) -> Answer {
    let asked = post(shopper, SAVED, &saved(OUTCOMES, alias, "1001"));
    let id = to_bank(shopper, &asked, SHOP);
    shopper.get(&format!("/bank/3ds/{id}"));
    challenge(shopper, &id, None)
}

/// The payment token that comes back, or else the one that the page knows.
fn token(told: &Answer) -> String {
    told.text_at("return.fields.token")
}

fn rule(end: &str) -> String {
    format!("[[rule]]\nwhen = {{ endpoint = \"bank.*\" }}\nthen = {{ three_ds = {end} }}")
}

#[test]
fn row_22_succeeds_fails_is_cancelled_or_never_returns() {
    let refusal = no(400, "PAYMENT_IS_NOT_VERIFIED");
    for (word, alias, md_status) in [
        ("succeeds", "THREE D SUCCEEDS", "1"),
        ("fails", "THREE D FAILS", "0"),
        ("cancelled", "THREE D CANCELLED", "7"),
        ("times_out", "THREE D TIMES OUT", "7"),
        ("technical_error", "THREE D TECHNICAL", "5"),
    ] {
        for (rules, alias) in [
            (String::new(), alias),
            (rule(&format!("\"{word}\"")), "THREE D"),
        ] {
            let mut page = page_of(&rules, OUTCOMES);
            let told = visited(&mut page, alias);
            assert_eq!(told.text_at("how.outcome"), word, "{}", told.text);
            assert_eq!(told.text_at("return.fields.mdStatus"), md_status);
            assert_eq!(told.text_at("return.fields.oid"), "1001");
            assert_eq!(told.text_at("return.fields.transactionType"), "PURCHASE_3D");
            let done = complete(&mut page, &token(&told), json!({}));
            match word {
                "succeeds" => assert_eq!(done.status, 200, "{}", done.text),
                _ => assert_eq!(refused(&done), refusal, "{word}"),
            }
        }
    }
    let mut page = page_of("", OUTCOMES);
    let asked = post(
        &mut page,
        SAVED,
        &saved(OUTCOMES, "THREE D NEVER RETURNS", "1001"),
    );
    let id = to_bank(&mut page, &asked, SHOP);
    page.get(&format!("/bank/3ds/{id}"));
    let told = challenge(&mut page, &id, None);
    assert_eq!(told.at("return"), &Value::Null, "{}", told.text);
    let done = complete(&mut page, &asked.text_at("result.token"), json!({}));
    assert_eq!(refused(&done), refusal);
}

#[test]
fn row_23_half_authenticated() {
    for md_status in 2..=4 {
        let end = format!("\"half\", md_status = {md_status}");
        for (setting, good) in [("", false), ("[settings]\nhalf_three_ds = true\n", true)] {
            let rules = format!("{setting}{}", rule(&end));
            let mut page = page_of(&rules, OUTCOMES);
            let told = visited(&mut page, "THREE D");
            assert_eq!(
                told.text_at("return.fields.mdStatus"),
                md_status.to_string()
            );
            let done = complete(&mut page, &token(&told), json!({}));
            match good {
                true => assert_eq!(done.status, 200, "{}", done.text),
                false => assert_eq!(refused(&done), no(400, "PAYMENT_IS_NOT_VERIFIED")),
            }
        }
    }
    let told = visited(&mut page_of("", OUTCOMES), "THREE D HALF");
    assert_eq!(told.text_at("return.fields.mdStatus"), "4");
}

/// The merchant has to notice: the bank itself knows nothing of it.
#[test]
fn row_24_the_way_back_is_tampered_with() {
    let mut page = page_of("", OUTCOMES);
    let good = visited(&mut page, "THREE D SUCCEEDS");
    for (word, alias, field) in [
        ("bad_hash", "THREE D BAD HASH", "hash"),
        ("wrong_order_no", "THREE D WRONG ORDER", "oid"),
        ("wrong_amount", "THREE D WRONG AMOUNT", "amount"),
    ] {
        for (rules, alias) in [
            (String::new(), alias),
            (rule(&format!("\"{word}\"")), "THREE D"),
        ] {
            let mut page = page_of(&rules, OUTCOMES);
            let told = visited(&mut page, alias);
            let path = format!("return.fields.{field}");
            assert_ne!(told.text_at(&path), good.text_at(&path), "{word}");
            assert_eq!(told.text_at("return.fields.mdStatus"), "1");
            let done = complete(&mut page, &token(&told), json!({}));
            assert_eq!(done.status, 200, "{}", done.text);
        }
    }
}

#[test]
fn a_password_then_the_banks_page() {
    let mut page = page_of("", OUTCOMES);
    let asked = post(
        &mut page,
        SAVED,
        &saved(OUTCOMES, "OTP THEN THREE D", "1001"),
    );
    let away = verify(&mut page, &asked, "123456");
    let id = to_bank(&mut page, &away, SHOP);
    let told = challenge(&mut page, &id, Some("succeeds"));
    // The page may know the purchase by the token that it has had all along.
    let done = complete(&mut page, &away.text_at("result.token"), json!({}));
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(done.text_at("result.transactionToken"), token(&told));
}

#[test]
fn a_card_is_kept_once_the_bank_is_content() {
    let phone = "905559990000";
    for (outcome, kept_then) in [("succeeds", true), ("fails", false)] {
        let mut page = page_of("", phone);
        let asked = post(&mut page, KEPT, &kept(phone, ("THREE D", "Yeni"), "1001"));
        assert_eq!(said(&asked), yes(202, "5010"));
        let id = to_bank(&mut page, &asked, SHOP);
        let told = challenge(&mut page, &id, Some(outcome));
        assert_eq!(
            told.text_at("return.fields.transactionType"),
            "REGISTER_AND_PURCHASE_3D"
        );
        let list = access(&mut page, phone);
        assert_eq!(list.status == 200, kept_then, "{}", list.text);
    }
}
