//! Every operation answers in the envelope, whatever it is sent. contract: masterpass §2.2

use super::page::{LINKED, Page, Told, paying, typed};
use crate::support::{Shopper, app};
use http::Method;
use serde_json::{Value, json};

const OPERATIONS: &[&str] = &[
    "checkMasterPassEndUser",
    "listManagement",
    "register",
    "linkCardToClient",
    "deleteCard",
    "remotePurchaseOther",
    "directPurchase",
    "purchaseAndRegister",
    "validateTransaction",
    "resendOtp",
    "addCardToMasterPass",
    "completeRegistration",
    "updateUser",
    "forgotPassword",
    "verifyPin",
    "initiateManageRecurringPayment",
    "commitTransaction",
    "getCardUniqueId",
];

const RARE: &[&str] = &[
    "QrPaymentVerify",
    "initiateMoneySend",
    "ListAccountByCardOwner%20",
    "deletecardbycardowner",
    "digitalLoanUrl",
    "initiateTcknValidation",
    "completeLoan",
    "initiateLoanPayment",
];

/// All that any operation wants.
fn everything() -> Value {
    let mut fields = paying(typed(LINKED, "DIRECT"));
    let more = json!({"listAccountName": "Kartım", "cardAliasName": "Kartım", "theNewValue": "7",
        "validationRefNo": "x", "validationCode": "123456", "token2": "x", "actionType": "A",
        "token": "x", "unknown": {"deep": [1, 2]}, "serviceUrl": "x", "additionalParams": {"a": []}});
    let more = more.as_object().unwrap().clone();
    fields.as_object_mut().unwrap().extend(more);
    fields
}

#[test]
fn every_operation_keeps_the_shape_whatever_it_is_sent() {
    let mut page = Page::playing("");
    let all = OPERATIONS.iter().chain(RARE).chain(&["noSuchOperation"]);
    for operation in all {
        let valid = everything().to_string();
        for (body, code) in [
            (&*valid, None),
            ("", None),
            ("{}", None),
            ("{\"msisdn\":", Some("9808")),
            ("[1]", Some("9808")),
            ("null", Some("9808")),
            ("\u{0}\u{1f}", Some("9808")),
        ] {
            let told = page.send(operation, body);
            assert_eq!(told.status, 200, "{operation} {body}");
            let known = OPERATIONS.contains(operation) && code.is_some();
            assert!(
                !known || told.code() == code.unwrap(),
                "{operation} {body}: {}",
                told.text
            );
            assert!(!told.fault("ResponseDesc").is_empty(), "{operation} {body}");
            assert_eq!(
                told.header("access-control-allow-origin"),
                "*",
                "{operation} {body}"
            );
        }
    }
}

/// What wallets keep has an end; what is only looked at, and what is not asked for, may be longer.
#[test]
fn what_is_kept_is_not_longer_than_it_may_be() {
    let mut page = Page::playing("");
    let long = "ş".repeat(256);
    for (field, code) in [
        ("cardHolderName", "9809"),
        ("orderNo", "9809"),
        ("clientId", "9809"),
        ("userId", "9809"),
        ("token", "0000"),
        ("fp", "0000"),
    ] {
        let mut fields = paying(typed(LINKED, "DIRECT"));
        fields["token"] = json!("AB12");
        fields[field] = json!(long);
        let told = page.post("directPurchase", &fields);
        assert_eq!(told.code(), code, "{field}: {}", told.text);
        fields[field] = json!(long[2..]);
        page.post("directPurchase", &fields).is("0000");
    }
}

#[test]
fn what_is_not_mocked_says_so() {
    let mut page = Page::playing("");
    for operation in RARE.iter().chain(&["noSuchOperation", "a/b"]) {
        page.post(operation, &json!({})).is("9807");
    }
    page.base = "/v2";
    page.post("noSuchOperation", &json!({})).is("9807");
    page.base = "/MASTERPASSJSONSERVERHANDLER/V2/";
    page.post("noSuchOperation", &json!({})).is("9807");
}

#[test]
fn both_bases_and_loose_paths_lead_to_the_same() {
    for base in [
        "/MasterpassJsonServerHandler/v2",
        "/v2",
        "/v2/",
        "//v2",
        "/masterpassjsonserverhandler/V2/",
    ] {
        for operation in [
            "listManagement",
            "listmanagement",
            "LISTMANAGEMENT%20",
            "listManagement/",
        ] {
            let mut page = Page::playing("");
            page.base = base;
            let listed = page.post(operation, &json!({"msisdn": LINKED}));
            assert_eq!(listed.is("").of_it("ListItems.ListItem.0.Name"), "Kartım");
        }
    }
}

#[test]
fn the_body_is_json_whatever_its_content_type_says() {
    let body = json!({"userId": LINKED}).to_string();
    for media in [
        "application/json",
        "application/json;charset=UTF-8",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "",
    ] {
        let mut shopper = Shopper::new(&app(""));
        let answer = shopper.send(
            Method::POST,
            "/v2/checkMasterPassEndUser",
            (media, body.clone()),
        );
        let told = Told::of(answer);
        let status = told.is("").text_of_it("AccountStatus");
        assert_eq!(status, "0111001000000000", "{media}");
    }
}

#[test]
fn other_methods_are_refused_in_the_envelope() {
    let mut shopper = Shopper::new(&app(""));
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let told = Told::of(shopper.send(method, "/v2/register", ("", String::new())));
        assert_eq!((told.status, &*told.code()), (405, "9808"));
        assert_eq!(told.header("allow"), "POST");
    }
}
