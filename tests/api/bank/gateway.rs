//! The gateway's way back from the bank's page: whom it believes.

use super::{Browser, begun, encoded, field, form};
use crate::support::app;
use crate::support::merchant::Merchant;
use serde_json::json;

/// Where the browser is to go back, of a challenge that is over.
fn back(browser: &Browser, page: &str, outcome: &str) -> (String, Vec<(String, String)>) {
    form(&browser.post(page, &format!("outcome={outcome}")))
}

#[test]
pub fn what_somebody_has_changed_is_not_believed() {
    let app = app("");
    let browser = Browser::new(&app);
    for (name, value) in [
        ("hash", "x"),
        ("oid", "7"),
        ("amount", "1"),
        ("mdStatus", "4"),
        ("clientid", "other"),
        ("eci", "07"),
    ] {
        let begun = begun(&app);
        let (url, mut fields) = back(&browser, &begun.page, "succeeds");
        let known = fields.iter_mut().find(|(known, _)| known == name).unwrap();
        value.clone_into(&mut known.1);
        let (_, sent) = form(&browser.post(&url, &encoded(&fields)));
        assert_eq!(field(&sent, "status"), "FAILURE", "{name}");
        let path = format!("/payment/v1/card-payments/{}", begun.payment);
        let payment = Merchant::new(&app).get(&path);
        assert_eq!(payment.text_at("data.paymentStatus"), "FAILURE", "{name}");
        assert_eq!(*payment.at("data.mdStatus"), json!(0), "{name}");
    }
}

#[test]
pub fn the_bank_knows_better_than_the_browser() {
    let app = app("");
    let browser = Browser::new(&app);
    for (outcome, query, status) in [
        ("succeeds", "", "SUCCESS"),
        ("succeeds", "?mdStatus=0", "SUCCESS"),
        ("fails", "?mdStatus=1", "FAILURE"),
        ("bad_hash", "", "FAILURE"),
        ("wrong_amount", "?mdStatus=1", "FAILURE"),
    ] {
        let (url, _) = back(&browser, &begun(&app).page, outcome);
        let (_, sent) = form(&browser.get(&format!("{url}{query}")));
        assert_eq!(field(&sent, "status"), status, "{outcome} {query}");
    }
}

#[test]
pub fn without_the_bank_the_browser_is_believed_unless_tokens_are_strict() {
    for (rules, status) in [("", 200), ("[settings]\nstrict_tokens = true", 422)] {
        let app = app(rules);
        let (begun, browser) = (begun(&app), Browser::new(&app));
        let told = browser.get(&begun.admin());
        let url = told.text_at("return_url");
        let answer = browser.get(&format!("{url}?mdStatus=5"));
        assert_eq!(answer.status, status, "{}", answer.text);
        let told = browser.get(&begun.admin());
        if status == 200 {
            assert_eq!(field(&form(&answer).1, "status"), "FAILURE");
            assert_eq!(*told.at("how.md_status"), json!(5), "the page learns of it");
        } else {
            assert_eq!(told.text_at("status"), "open", "nothing has changed");
            let (url, fields) = back(&browser, &begun.page, "succeeds");
            let (_, sent) = form(&browser.post(&url, &encoded(&fields)));
            assert_eq!(field(&sent, "status"), "SUCCESS");
        }
    }
}

#[test]
fn once_somebody_is_at_the_page_only_the_bank_ends_it() {
    let app = app("");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    assert_eq!(browser.get(&begun.page).status, 200);
    let url = browser.get(&begun.admin()).text_at("return_url");
    for made_up in ["", "?mdStatus=1", "?responseCode=0000"] {
        let answer = browser.get(&format!("{url}{made_up}"));
        assert_eq!(answer.status, 422, "{made_up}: {}", answer.text);
    }
    let told = browser.get(&begun.admin());
    assert_eq!(told.text_at("status"), "open", "nothing has changed");
    let (url, fields) = back(&browser, &begun.page, "succeeds");
    let (_, sent) = form(&browser.post(&url, &encoded(&fields)));
    assert_eq!(field(&sent, "status"), "SUCCESS");
}

#[test]
pub fn a_second_return_changes_nothing() {
    let app = app("");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    let (url, fields) = back(&browser, &begun.page, "succeeds");
    let first = form(&browser.post(&url, &encoded(&fields))).1;
    let again = form(&browser.post(&url, &encoded(&fields))).1;
    assert_eq!(field(&first, "callbackStatus"), "");
    assert_eq!(field(&again, "callbackStatus"), "ALREADY_RETURNED");
    let mut merchant = Merchant::new(&app);
    let body = json!({"paymentId": begun.payment});
    let path = "/payment/v1/card-payments/3ds-complete";
    assert_eq!(merchant.post(path, &body).status, 200);
    assert_eq!(merchant.post(path, &body).status, 422);
}
