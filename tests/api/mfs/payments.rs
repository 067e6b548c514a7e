//! Purchases, what they are asked for, and what their answers carry. contract: masterpass §2.4, §9

use super::page::{COLLECTOR, LINKED, NOBODY, OTP, Page, paying, typed};
use serde_json::json;

#[test]
pub fn a_payment_token_comes_where_the_sdk_looks_for_it() {
    let mut page = Page::playing("");
    let asked = page.saved(COLLECTOR, "BANK OTP");
    assert_eq!(asked.is("5001").payment_token(), "");
    assert_eq!(asked.fault("MaskedPan"), "513662******0001");
    assert!(!asked.fault("CardIssuerName").is_empty());
    assert_eq!(asked.fault("Token").len(), 36);
    let paid = page.validate(OTP);
    assert_eq!(paid.is("0000").fault("Token"), "");
    assert_eq!(paid.payment_token().len(), 36);
    for (key, want) in [
        ("Amount", json!("10000")),
        ("OrderNo", json!("7001")),
        ("InstallmentCount", json!(3)),
        ("CurrencyCode", json!("TRY")),
        ("MaskedAccountNo", json!("513662******0001")),
        ("MerchantName", json!("mockpos")),
        ("AccountList", json!("")),
        ("ListItems", json!({"ListItem": [], "BankList": []})),
        ("SmsNoti", json!({"To": "", "Value": ""})),
    ] {
        assert_eq!(paid.of_it(key), &want, "{key}");
    }
    let header = "Data.Body.Response.Result.TransactionHeader";
    assert_eq!(
        paid.at(header),
        &json!({"RequestDateTime": "2026-01-02T03:04:05.000Z", "ResponseDatetime": "2026-01-02T03:04:05.000000Z"})
    );
    let refs = [paid.fault("RefNo"), paid.text_of_it("RefNo")];
    assert!(refs[0] == refs[1] && refs[0].len() == 12 && refs[0].starts_with('5'));
}

/// contract: masterpass §9, "A flow may chain"
#[test]
pub fn a_chain_is_followed_to_its_end() {
    let mut page = Page::playing("");
    page.saved(COLLECTOR, "FULL CHAIN").is("5008");
    page.validate("000000").is("1409");
    let bank = page.validate(OTP);
    assert_eq!(bank.is("5001").fault("Url3D"), "");
    let bank = page.validate(OTP);
    let url = bank.is("5010").fault("Url3D");
    let page_of = "http://127.0.0.1/user-authorization/mp-3d-acs-form?token=";
    assert!(url.starts_with(page_of), "{url}");
    let ends = [bank.fault("Url3DSuccess"), bank.fault("Url3DError")];
    let client = "http://127.0.0.1/user-authorization/mp-3d-client-";
    assert_eq!(ends, [format!("{client}success"), format!("{client}error")]);
    // No code ends 3-D Secure: the bank's page does.
    page.validate(OTP).is("9805");
    page.resend().is("9811");
}

#[test]
pub fn a_validation_token_is_good_for_one_answer_and_survives_wrong_ones() {
    let mut page = Page::playing("");
    page.saved(COLLECTOR, "CHAINED OTP").is("5008");
    let first = page.last.clone();
    for _ in 0..2 {
        let wrong = page.validate_under(&first, "654321");
        assert_eq!(wrong.is("1409").fault("Token"), first);
        assert!(wrong.of_it("RefNo").is_null());
    }
    page.validate_under(&first, OTP).is("5001");
    let second = page.last.clone();
    assert_ne!(first, second);
    page.validate_under(&first, OTP).is("1419");
    page.validate_under(&second, OTP).is("0000");
    page.validate_under(&second, OTP).is("1419");
    page.validate_under("never issued", OTP).is("1419");
    let nothing = page.post("validateTransaction", &json!({"validationCode": OTP}));
    assert!(
        nothing
            .is("9809")
            .fault("ResponseDesc")
            .contains("validationRefNo")
    );
}

#[test]
pub fn the_amount_is_whole_kurus_and_parts_are_a_number() {
    for (field, value, code) in [
        ("amount", json!("1"), "0000"),
        ("amount", json!(10000), "0000"),
        ("amount", json!("1000000000000000"), "0000"),
        ("amount", json!("1000000000000001"), "9809"),
        ("amount", json!("99999999999999999999999"), "9809"),
        ("amount", json!("0"), "9806"),
        ("amount", json!("-1"), "9809"),
        ("amount", json!("+1"), "9809"),
        ("amount", json!("1.00"), "9809"),
        ("amount", json!(""), "9809"),
        ("amount", json!(null), "9809"),
        ("amount", json!([]), "9809"),
        ("installmentCount", json!(""), "0000"),
        ("installmentCount", json!(null), "0000"),
        ("installmentCount", json!("12"), "0000"),
        ("installmentCount", json!(0), "0000"),
        ("installmentCount", json!(37), "9809"),
        ("installmentCount", json!("x"), "9809"),
        ("installmentCount", json!(1.5), "9809"),
        ("orderNo", json!(""), "0000"),
        ("orderNo", json!(null), "0000"),
    ] {
        let mut page = Page::playing("");
        let mut fields = paying(typed(LINKED, "DIRECT"));
        fields[field] = value.clone();
        let told = page.post("directPurchase", &fields);
        assert_eq!(told.code(), code, "{field} = {value}: {}", told.text);
        if field == "orderNo" {
            assert_eq!(
                told.of_it("OrderNo"),
                "100000000001",
                "the request's number"
            );
        }
    }
}

#[test]
pub fn paying_and_saving_makes_an_account() {
    let mut page = Page::playing("");
    page.registering(NOBODY, "BANK OTP").is("5001");
    page.list(NOBODY).is("1056");
    let paid = page.validate(OTP);
    assert!(!paid.is("0000").payment_token().is_empty());
    assert_eq!(page.cards(NOBODY), ["Yeni kart"]);
    page.registering(NOBODY, "BANK OTP").is("4004");
}

#[test]
pub fn what_does_not_pay_says_why() {
    let mut page = Page::playing("");
    page.saved(LINKED, "Başka").is("1056");
    page.saved("905551110006", "Kartım").is("5460");
    page.saved("905551110007", "Kartım").is("9801");
    page.direct("INVALID CARD").is("9802");
    page.saved(COLLECTOR, "LINK REQUIRED").is("5460");
    page.registering(LINKED, "CARD EXISTS").is("4004");
}

#[test]
pub fn the_page_commits_and_nothing_moves() {
    let mut page = Page::playing("");
    let paid = page.direct("DIRECT").is("0000").payment_token();
    let commit = |page: &mut Page, token: &str| {
        let fields = json!({"token": token, "referenceNo": "00000000"});
        page.post("commitTransaction", &fields).code()
    };
    assert_eq!(commit(&mut page, &paid), "0000");
    assert_eq!(commit(&mut page, &paid), "0000");
    assert_eq!(commit(&mut page, "no-token"), "1419");
}

#[test]
pub fn texts_are_in_the_holders_language() {
    for (language, text) in [
        (json!("tur"), "Doğrulama kodu hatalı"),
        (json!("eng"), "The code is wrong"),
        (json!(null), "Doğrulama kodu hatalı"),
    ] {
        let mut page = Page::playing("");
        page.direct("BANK OTP").is("5001");
        let fields = json!({"validationRefNo": page.last, "validationCode": "1", "sendSmsLanguage": language});
        let wrong = page.post("validateTransaction", &fields);
        assert_eq!(wrong.is("1409").fault("ResponseDesc"), text);
    }
}

#[test]
pub fn a_recurring_order_that_a_rule_asks_for_first_is_kept_afterwards() {
    let rules = "[[rule]]\nwhen = { endpoint = \"mfs.recurring.manage\" }\nthen = { asks = [\"wallet_otp\"] }";
    let mut page = Page::playing(rules);
    let mut recurring = json!({"msisdn": LINKED, "listAccountName": "Kart%C4%B1m", "amount": "100",
        "endDate": "20300101", "actionType": "U", "productId": "p"});
    let target = "initiateManageRecurringPayment";
    page.post(target, &recurring).is("1056");
    recurring["actionType"] = json!("A");
    page.post(target, &recurring).is("5008");
    page.validate("000000").is("1409");
    page.validate(OTP).is("0000");
    recurring["actionType"] = json!("U");
    page.post(target, &recurring).is("5008");
    page.validate(OTP).is("0000");
    recurring["actionType"] = json!("D");
    page.post(target, &recurring).is("5008");
    page.post(target, &recurring).is("5008");
    page.validate(OTP).is("0000");
    page.post(target, &recurring).is("1056");
}

#[test]
pub fn pin_and_recurring_payments_ask_the_holder_and_move_nothing() {
    let mut page = Page::playing("");
    page.post("verifyPin", &json!({"msisdn": LINKED}))
        .is("5002");
    page.validate("0a0b0c").is("0000");
    let forgotten = json!({"msisdn": LINKED, "encPan": "", "cvv": ""});
    page.post("forgotPassword", &forgotten).is("5008");
    page.validate(OTP).is("5015");
    page.validate("").is("1409");
    page.validate("0a0b0c").is("0000");
    let mut recurring = json!({"msisdn": LINKED, "listAccountName": "Kart%C4%B1m", "amount": "100",
        "endDate": "20300101", "actionType": "A", "productId": "p"});
    page.post("initiateManageRecurringPayment", &recurring)
        .is("0000");
    recurring["actionType"] = json!("X");
    page.post("initiateManageRecurringPayment", &recurring)
        .is("9809");
    for (action, product, code) in [
        ("U", "p", "0000"),
        ("U", "q", "1056"),
        ("D", "p", "0000"),
        ("D", "p", "1056"),
    ] {
        recurring["actionType"] = json!(action);
        recurring["productId"] = json!(product);
        page.post("initiateManageRecurringPayment", &recurring)
            .is(code);
    }
    recurring["listAccountName"] = json!("Başka");
    page.post("initiateManageRecurringPayment", &recurring)
        .is("1056");
}
