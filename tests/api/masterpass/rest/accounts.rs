//! Accounts and their cards: rows 1 to 8, 15 to 17 and 26.

use super::{no, page, page_of, refused, said, yes};
use crate::support::Shopper;
use crate::support::wallet::{PHONE, SEALED, access, call, post, verify, with};
use http::Method;
use serde_json::{Value, json};

fn aliases(shopper: &mut Shopper, phone: &str) -> Vec<String> {
    let list = access(shopper, phone);
    assert_eq!(list.status, 200, "{}", list.text);
    let cards = list.at("result.cards").as_array().unwrap();
    let alias = |card: &Value| card["cardAlias"].as_str().unwrap().to_owned();
    cards.iter().map(alias).collect()
}

/// addCard, with a card that is known by the name on it.
fn card(phone: &str, name: &str, alias: &str) -> Value {
    json!({"accountKey": phone, "accountKeyType": "Msisdn", "userId": "1",
        "requestReferenceNumber": "100000000001", "cardNumber": SEALED, "expiryDate": "3012",
        "accountAliasName": alias, "cardHolderName": name, "cvv": SEALED, "deviceFingerPrint": ""})
}

fn add(shopper: &mut Shopper, body: &Value) -> crate::support::Answer {
    post(shopper, "/account/api/Card", body)
}

fn remove(shopper: &mut Shopper, phone: &str, alias: &str) -> crate::support::Answer {
    let body = json!({"accountKey": phone, "cardAlias": alias});
    call(shopper, Method::DELETE, "/account/api/Card", &body)
}

#[test]
pub fn row_01_no_account() {
    let holder = "[[holder]]\nmsisdn = \"905551110001\"\naccount = false";
    let forced = "[[rule]]\nwhen = { endpoint = \"masterpass.account.access\" }\nthen = { account_status = \"0000000\" }";
    for (rules, phone) in [
        ("", "905559990000"),
        ("", "905551110001"),
        (holder, "905551110001"),
        (forced, PHONE),
    ] {
        let list = access(&mut page_of(rules, phone), phone);
        assert_eq!(refused(&list), no(404, "ACCOUNT_NOT_FOUND"), "{rules}");
    }
    let rule = "[[rule]]\nwhen = { msisdn = \"90532*\" }\nthen = { wallet = \"no_user\" }";
    let list = access(&mut page(rule), PHONE);
    assert_eq!(refused(&list), no(404, "USER_NOT_FOUND"));
}

#[test]
pub fn row_02_account_that_is_not_linked() {
    let phone = "905551110006";
    let mut page = page_of("", phone);
    let refusal = no(404, "ACCOUNT_NOT_LINKED_TO_MERCHANT");
    assert_eq!(refused(&access(&mut page, phone)), refusal);
    let forced =
        "[[rule]]\nwhen = { endpoint = \"masterpass.*\" }\nthen = { account_status = \"0110001\" }";
    assert_eq!(
        refused(&access(&mut page_of(forced, PHONE), PHONE)),
        refusal
    );
    // The consent, and the list is there.
    let link = json!({"accountKey": phone, "userId": "1"});
    let linked = call(
        &mut page,
        Method::PUT,
        "/account/api/Account/LinkToMerchant",
        &link,
    );
    assert_eq!(said(&linked), yes(200, "0000"));
    assert_eq!(aliases(&mut page, phone), ["Kartım"]);
}

#[test]
pub fn row_03_linked_with_cards() {
    let list = access(&mut page(""), PHONE);
    assert_eq!(list.status, 200, "{}", list.text);
    for (path, want) in [
        ("statusCode", json!(200)),
        ("result.accountKey", json!(PHONE)),
        ("result.accountState", json!("Activated")),
        ("result.accountInformation.isAccountLinked", json!(true)),
        ("result.recipientCards", json!([])),
        ("result.cards.0.cardAlias", json!("Maaş kartım")),
        ("result.cards.0.cardState", json!("Activated")),
        ("result.cards.0.maskedCardNumber", json!("525864******0001")),
        ("result.cards.0.cardType", json!("Credit")),
        ("result.cards.0.cardBin", json!("525864")),
        ("result.cards.0.cardValidationType", json!("OTP")),
        ("result.cards.0.isDefaultCard", json!(true)),
        ("result.cards.1.isDefaultCard", json!(false)),
        ("result.cards.0.isExpired", json!(false)),
        ("result.cards.0.expireSoon", json!(false)),
        ("result.cards.0.isEightDigit", json!(false)),
        ("result.cards.0.isMasterpassMember", json!(true)),
        ("result.cards.0.isCardCreditOrSupportedDebit", json!(true)),
        ("result.cards.0.isIssuerOtpSupported", json!(true)),
    ] {
        assert_eq!(list.at(path), &want, "{path}: {}", list.text);
    }
    assert!(list.at("result.cards.0.cardId").is_u64());
    assert_eq!(list.text_at("result.cards.0.uniqueCardNumber").len(), 64);
    assert_eq!(list.at("result.cards").as_array().unwrap().len(), 3);
}

#[test]
pub fn row_04_linked_without_cards() {
    let phone = "905551110004";
    assert_eq!(aliases(&mut page_of("", phone), phone), [""; 0]);
    let own = "[[holder]]\nmsisdn = \"905551119999\"";
    let phone = "905551119999";
    assert_eq!(aliases(&mut page_of(own, phone), phone), [""; 0]);
}

#[test]
pub fn row_05_blocked_account() {
    let rule =
        "[[rule]]\nwhen = { endpoint = \"masterpass.account.*\" }\nthen = { wallet = \"blocked\" }";
    for (rules, phone) in [("", "905551110007"), (rule, PHONE)] {
        let list = access(&mut page_of(rules, phone), phone);
        assert_eq!(refused(&list), no(403, "ACCOUNT_IS_BLOCKED"));
    }
}

#[test]
pub fn row_07_number_of_another_user() {
    let phone = "905551110019";
    let mut page = page_of("", phone);
    let list = access(&mut page, phone);
    assert_eq!(refused(&list), no(403, "MERCHANT_USER_ID_ALREADY_IN_USE"));
    assert_eq!(list.at("exception.details"), &json!(["4005"]));
    // The account is taken over, and the list is there.
    let body = json!({"accountKey": phone, "currentUserId": "another-user", "newUserId": "1"});
    let changed = call(
        &mut page,
        Method::PATCH,
        "/account/api/Account/UserId",
        &body,
    );
    assert_eq!(said(&changed), yes(200, "0000"));
    assert_eq!(aliases(&mut page, phone), ["Kartım"]);
    // So it is when a user is added; with a password where a rule wants one.
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.account.add_user\" }\nthen = { asks = [\"wallet_otp\"] }";
    let mut page = page_of(rule, phone);
    let asked = post(&mut page, "/account/api/Account/AddUserId", &body);
    assert_eq!(said(&asked), yes(202, "5008"));
    assert_eq!(access(&mut page, phone).status, 403);
    assert_eq!(said(&verify(&mut page, &asked, "123456")), yes(200, "0000"));
    assert_eq!(aliases(&mut page, phone), ["Kartım"]);
}

#[test]
pub fn row_08_card_is_kept_at_once() {
    let phone = "905559990000";
    let mut page = page_of("", phone);
    let kept = add(&mut page, &card(phone, "DIRECT", "Yeni kartım"));
    assert_eq!(said(&kept), yes(200, "0000"));
    assert_eq!(kept.text_at("result.maskedPan"), "413226******0003");
    assert_ne!(kept.at("result.cardIssuerName"), &Value::Null);
    assert_eq!(aliases(&mut page, phone), ["Yeni kartım"]);
}

/// Nobody can know whether two cards that cannot be read are the same: they are not.
#[test]
pub fn cards_that_cannot_be_read_are_kept_side_by_side() {
    let mut page = page("");
    for alias in ["one", "two", "three"] {
        let kept = add(&mut page, &card(PHONE, "AYSE YILMAZ", alias));
        assert_eq!(said(&kept), yes(200, "0000"), "{alias}");
    }
    assert_eq!(aliases(&mut page, PHONE).len(), 6);
}

#[test]
pub fn row_15_card_that_is_there_already() {
    let mut page = page("");
    let known = with(
        card(PHONE, "", "b"),
        json!({"cardNumber": "5258640000000001"}),
    );
    for body in [
        known,
        card(PHONE, "CARD EXISTS", "b"),
        card(PHONE, "DIRECT", "Maaş kartım"),
    ] {
        let refusal = add(&mut page, &body);
        assert_eq!(refused(&refusal), no(400, "CARD_ALREADY_EXISTS"));
        assert_eq!(refusal.at("exception.details"), &json!(["4004"]));
    }
    assert_eq!(aliases(&mut page, PHONE).len(), 3);
}

#[test]
pub fn row_16_invalid_card_number() {
    let mut page = page("");
    for number in ["", "5258640000000002", "12345", "4242424242424242"] {
        let body = with(card(PHONE, "", "b"), json!({ "cardNumber": number }));
        let refusal = add(&mut page, &body);
        assert_eq!(refused(&refusal), no(400, "VALIDATION_ERROR"), "{number}");
        assert_eq!(
            refusal.text_at("exception.validationErrors.0.field"),
            "cardNumber"
        );
        assert_ne!(refusal.text_at("exception.validationErrors.0.message"), "");
        assert_ne!(refusal.text_at("exception.validationErrors.0.code"), "");
    }
    // As a card's row or a rule has it.
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.card.add\" }\nthen = { wallet = \"invalid_card\" }";
    for (rules, name) in [("", "INVALID CARD"), (rule, "DIRECT")] {
        let refusal = add(&mut page_of(rules, PHONE), &card(PHONE, name, "b"));
        assert_eq!(refused(&refusal), no(400, "VALIDATION_ERROR"), "{name}");
        assert_eq!(
            refusal.text_at("exception.validationErrors.0.field"),
            "cardNumber"
        );
    }
}

#[test]
pub fn row_17_cards_are_removed_until_it_is_suspicious() {
    let mut page = page("[masterpass]\nmax_deletions = 2");
    let gone = remove(&mut page, PHONE, "Maa%C5%9F%20kart%C4%B1m");
    assert_eq!(gone.status, 200, "{}", gone.text);
    assert_eq!(gone.text_at("result.clientId"), "mockpos-merchant");
    assert_eq!(gone.text_at("result.refNo").len(), 12);
    let missing = remove(&mut page, PHONE, "Maaş kartım");
    assert_eq!(refused(&missing), no(404, "CARD_NOT_FOUND"));
    assert_eq!(remove(&mut page, PHONE, "Bonus kartım").status, 200);
    let fraud = "FRAUD_DETECTED_DUE_TO_REPETITIVE_DELETION";
    let refusal = remove(&mut page, PHONE, "Maximum kartım");
    assert_eq!(refused(&refusal), no(403, fraud));
    assert_eq!(aliases(&mut page, PHONE), ["Maximum kartım"]);
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.card.remove\", card_alias = \"Maaş*\" }\nthen = { wallet = \"repeated_deletion\" }";
    let refusal = remove(&mut page_of(rule, PHONE), PHONE, "Maaş kartım");
    assert_eq!(refused(&refusal), no(403, fraud));
    let exact = format!(
        "[[rule]]\nwhen = {{ endpoint = \"masterpass.card.remove\" }}\nthen = {{ error = {{ code = \"{fraud}\" }} }}"
    );
    let refusal = remove(&mut page_of(&exact, PHONE), PHONE, "Maaş kartım");
    assert_eq!(refused(&refusal), no(403, fraud), "by its exact code too");
}

#[test]
pub fn an_account_moves_to_another_number() {
    let (new, body) = (
        "905559990001",
        json!({"accountKey": PHONE, "userId": "1", "newMsisdn": "905559990001"}),
    );
    let mut page = page("");
    let asked = call(
        &mut page,
        Method::PATCH,
        "/account/api/Account/Msisdn",
        &body,
    );
    assert_eq!(said(&asked), yes(202, "5008"));
    assert_eq!(said(&verify(&mut page, &asked, "123456")), yes(200, "0000"));
    assert_eq!(
        refused(&access(&mut page, PHONE)),
        no(404, "ACCOUNT_NOT_FOUND")
    );
    crate::support::wallet::authorized(&mut page, &crate::support::wallet::wanted(new, json!({})));
    assert_eq!(aliases(&mut page, new).len(), 3);
    let taken = json!({"accountKey": new, "newMsisdn": "905551110008"});
    let refusal = call(
        &mut page,
        Method::PATCH,
        "/account/api/Account/Msisdn",
        &taken,
    );
    assert_eq!(
        refused(&refusal),
        no(403, "MERCHANT_USER_ID_ALREADY_IN_USE")
    );
}

#[test]
pub fn a_forgotten_password_needs_a_card_of_the_account() {
    let mut page = page("");
    let mut forgot = |digits: &str| {
        let body = json!({"accountKey": PHONE, "lastSixDigitsOfCard": digits, "userId": "1"});
        let target = "/account/api/Account/ForgotPassword";
        (post(&mut page, target, &body), digits.to_owned())
    };
    let (asked, _) = forgot("000001");
    assert_eq!(said(&asked), yes(202, "5008"));
    assert_eq!(refused(&forgot("000003").0), no(404, "CARD_NOT_FOUND"));
    assert_eq!(refused(&forgot("00001").0), no(400, "VALIDATION_ERROR"));
    let rule = "[[rule]]\nwhen = { endpoint = \"masterpass.account.forgot_password\" }\nthen = { asks = [\"define_mpin\"] }";
    let mut page = page_of(rule, PHONE);
    let body = json!({"accountKey": PHONE, "lastSixDigitsOfCard": "000001"});
    let asked = post(&mut page, "/account/api/Account/ForgotPassword", &body);
    assert_eq!(said(&asked), yes(202, "5015"));
    assert_eq!(said(&verify(&mut page, &asked, "4711")), yes(200, "0000"));
}

#[test]
pub fn all_that_is_wrong_is_told_at_once() {
    let long = "x".repeat(102);
    let body = json!({"accountKey": "9".repeat(22), "userId": long, "accountAliasName": "a".repeat(42),
        "cardNumber": "", "cardHolderName": "AYSE 5258640000000001", "expiryDate": "1330"});
    let mut page = page("");
    let refusal = add(&mut page, &body);
    assert_eq!(refused(&refusal), no(400, "VALIDATION_ERROR"));
    let errors = refusal.at("exception.validationErrors").as_array().unwrap();
    let fields: Vec<_> = errors
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    let wanted = [
        "accountKey",
        "userId",
        "accountAliasName",
        "cardNumber",
        "cardHolderName",
        "expiryDate",
    ];
    assert_eq!(fields, wanted, "{}", refusal.text);
    let longest = json!({"accountKey": "9".repeat(21), "userId": "x".repeat(101),
        "accountAliasName": "ş".repeat(41), "cardNumber": SEALED, "cardHolderName": "ş".repeat(51),
        "expiryDate": "3012"});
    let refusal = add(&mut page, &longest);
    assert_eq!(
        refused(&refusal),
        no(403, "FORBIDDEN"),
        "only the number is another's"
    );
}
