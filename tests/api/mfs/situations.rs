//! Every situation that a shop must get right, each forced by a scenario. contract: masterpass §11, the
//! column "Classic". Rows 28 to 31 are of the merchant's backend.

use super::page::{COLLECTOR, LINKED, NOBODY, OTP, Page};
use serde_json::json;

/// A rule for an endpoint.
fn rule(endpoint: &str, then: &str) -> String {
    format!("[[rule]]\nwhen = {{ endpoint = \"{endpoint}\" }}\nthen = {{ {then} }}")
}

/// The status of the linked holder, or of the scenario's own.
fn status(rules: &str) -> String {
    let msisdn = if rules.contains(OWN) { OWN } else { LINKED };
    let mut page = Page::playing(rules);
    let told = page.check(msisdn);
    told.is("").text_of_it("AccountStatus")
}

/// A holder that the default scenario does not have.
const OWN: &str = "905550000001";

fn account(digits: &str) -> String {
    rule("mfs.*", &format!("account_status = \"{digits}\""))
}

#[test]
fn row_1_no_account() {
    assert_eq!(status(&account("0000000")), "0000000000000000");
    let table = "[[holder]]\nmsisdn = \"905550000001\"\naccount = false";
    assert_eq!(status(table), "0000000000000000");
    let mut page = Page::playing(&account("0000000"));
    page.list(LINKED).is("1056");
}

#[test]
fn row_2_an_account_that_is_not_linked() {
    assert_eq!(status(&account("0110001")), "0110001000000000");
    let mut page = Page::playing(&account("0110001"));
    page.list(LINKED).is("5460");
    page.link(LINKED).is("5008");
}

#[test]
fn row_3_a_linked_account_with_cards() {
    let table = "[[holder]]\nmsisdn = \"905550000001\"
        [[card]]\nholder = \"905550000001\"\nalias = \"Bir\"\nnumber = \"5258640000000001\"
        [[card]]\nholder = \"905550000001\"\nalias = \"İki\"\nnumber = \"5209220000000002\"";
    assert_eq!(status(table), "0111001000000000");
    assert_eq!(Page::playing(table).cards(OWN), ["Bir", "İki"]);
}

#[test]
fn row_4_a_linked_account_without_cards() {
    let table = "[[holder]]\nmsisdn = \"905550000001\"\n[masterpass]\n";
    assert_eq!(status(table), "0101000000000000");
    let empty = Page::playing(table).list(OWN);
    assert_eq!(empty.is("").of_it("ListItems.ListItem"), &json!([]));
    let coded = format!("{table}empty_list = \"1051\"");
    Page::playing(&coded).list(OWN).is("1051");
    let ruled = rule("mfs.cards.list", "wallet = \"no_cards\"");
    Page::playing(&ruled).list(LINKED).is("1051");
}

#[test]
fn row_5_a_blocked_account() {
    let blocked = status(&account("0111101"));
    assert_eq!(blocked.as_bytes()[4], b'1');
    let mut page = Page::playing(&account("0111101"));
    page.list(LINKED).is("9801");
    page.link(LINKED).is("9801");
    page.register(LINKED, "DIRECT").is("9801");
    let ruled = rule("mfs.payment.*", "wallet = \"blocked\"");
    Page::playing(&ruled).direct("DIRECT").is("9801");
}

#[test]
fn row_6_a_number_that_was_changed_elsewhere() {
    let table = "[[holder]]\nmsisdn = \"905550000001\"\nnumber_changed = true";
    assert_eq!(status(table).as_bytes()[5], b'1');
    assert_eq!(status(&account("0111011")).as_bytes()[5], b'1');
}

#[test]
fn row_7_the_number_is_another_users() {
    let conflict = "[[rule]]\nwhen = { endpoint = \"mfs.cards.list\", nth = 1 }
        then = { wallet = \"user_conflict\" }";
    let mut page = Page::playing(conflict);
    page.list(LINKED).is("1078");
    let update =
        json!({"msisdn": LINKED, "oldValue": "1", "theNewValue": "7", "valueType": "USER_ID"});
    page.post("updateUser", &update).is("0000");
    page.list(LINKED).is("");
    let asked = rule("mfs.user.update", "asks = [\"wallet_otp\"]");
    let mut page = Page::playing(&asked);
    page.post("updateUser", &update).is("5008");
    page.validate(OTP).is("0000");
}

fn registering(asks: &str) -> Page {
    Page::playing(&rule("mfs.card.register", &format!("asks = [{asks}]")))
}

#[test]
fn row_8_a_card_is_saved_at_once() {
    let mut page = registering("");
    page.register(NOBODY, "ANY").is("0000");
    assert_eq!(page.cards(NOBODY), ["Yeni kart"]);
}

#[test]
fn row_9_a_card_is_saved_after_the_banks_password() {
    let mut page = registering("\"bank_otp\"");
    page.register(NOBODY, "ANY").is("5001");
    page.validate(OTP).is("0000");
    assert_eq!(page.cards(NOBODY), ["Yeni kart"]);
}

#[test]
fn row_10_a_card_is_saved_after_the_wallets_password() {
    registering("\"wallet_otp\"")
        .register(NOBODY, "ANY")
        .is("5008");
}

#[test]
fn row_11_one_password_after_the_other() {
    let mut page = registering("\"wallet_otp\", \"bank_otp\"");
    page.register(NOBODY, "ANY").is("5008");
    page.validate(OTP).is("5001");
    page.validate(OTP).is("0000");
}

#[test]
fn row_12_a_wrong_password_then_the_right_one() {
    let wrong = "[[rule]]\nwhen = { endpoint = \"mfs.otp.validate\", nth = 1 }
        then = { otp = \"wrong\" }";
    let mut page = Page::playing(wrong);
    page.direct("BANK OTP").is("5001");
    let asked = page.last.clone();
    assert_eq!(page.validate(OTP).is("1409").fault("Token"), asked);
    page.validate(OTP).is("0000");
}

#[test]
fn row_13_a_password_that_is_of_no_more_use() {
    for (fault, code) in [("expired", "1410"), ("too_many_tries", "1422")] {
        let ruled = format!(
            "[[rule]]\nwhen = {{ endpoint = \"mfs.otp.validate\", nth = 1 }}\nthen = {{ otp = \"{fault}\" }}"
        );
        let mut page = Page::playing(&ruled);
        page.direct("BANK OTP").is("5001");
        page.validate(OTP).is(code);
        page.validate(OTP).is(code);
        page.resend().is("5001");
        page.validate(OTP).is("0000");
    }
    let mut page = Page::playing("[otp]\ntries = 2\nlifetime = \"3m\"");
    page.direct("BANK OTP").is("5001");
    page.validate("1").is("1409");
    page.validate("1").is("1422");
    page.validate(OTP).is("1422");
}

#[test]
fn row_14_a_password_is_sent_again() {
    let mut page = Page::playing("[otp]\nresends = 2\ncode = \"A97011\"");
    for (name, code) in [("BANK OTP", "5001"), ("WALLET OTP", "5008")] {
        page.direct(name).is(code);
        for _ in 0..2 {
            let before = page.last.clone();
            let again = page.resend();
            let tokens = [again.is(code).fault("Token"), again.payment_token()];
            assert_eq!(tokens[0], tokens[1], "both clients read it");
            assert_ne!(tokens[0], before);
            page.validate_under(&before, "A97011").is("1419");
        }
        page.resend().is("1422");
        page.validate("A97011").is("0000");
    }
}

#[test]
fn row_15_a_card_that_is_saved_already() {
    let ruled = rule("mfs.card.register", "wallet = \"card_exists\"");
    Page::playing(&ruled).register(LINKED, "ANY").is("4004");
    Page::playing("").register(LINKED, "CARD EXISTS").is("4004");
}

#[test]
fn row_16_an_invalid_card_number() {
    let mut page = Page::playing("");
    let mut card = super::page::typed(LINKED, "ANY");
    card["rtaPan"] = json!("");
    page.post("register", &card).is("9802");
    let ruled = rule("mfs.card.register", "wallet = \"invalid_card\"");
    Page::playing(&ruled).register(LINKED, "ANY").is("9802");
}

#[test]
fn row_17_a_card_is_deleted() {
    let delete = |page: &mut Page| {
        let fields = json!({"msisdn": LINKED, "accountAliasName": "Kart%C4%B1m"});
        page.post("deleteCard", &fields).code()
    };
    let mut page = Page::playing("");
    assert_eq!(delete(&mut page), "0000");
    assert_eq!(page.cards(LINKED), [""; 0]);
    let fraud = rule("mfs.card.delete", "wallet = \"repeated_deletion\"");
    assert_eq!(delete(&mut Page::playing(&fraud)), "9803");
}

fn paying(endpoint: &str, asks: &str) -> Page {
    Page::playing(&rule(endpoint, &format!("asks = [{asks}]")))
}

#[test]
fn row_18_a_saved_card_pays_at_once_with_a_password_or_with_three_d_secure() {
    let endpoint = "mfs.payment.purchase";
    let paid = paying(endpoint, "").saved(LINKED, "Kart%C4%B1m");
    assert_eq!(paid.is("0000").payment_token().len(), 36);
    let mut page = paying(endpoint, "\"bank_otp\"");
    page.saved(LINKED, "Kartım").is("5001");
    assert_eq!(page.validate(OTP).is("0000").payment_token().len(), 36);
    let asked = paying(endpoint, "\"three_ds\"").saved(LINKED, "Kartım");
    assert!(asked.is("5010").fault("Url3D").contains('?'));
}

#[test]
fn row_19_a_typed_card_pays_in_the_same_three_ways() {
    let endpoint = "mfs.payment.direct";
    let paid = paying(endpoint, "").direct("ANY");
    assert_eq!(paid.is("0000").payment_token().len(), 36);
    let mut page = paying(endpoint, "\"bank_otp\"");
    page.direct("ANY").is("5001");
    assert_eq!(page.validate(OTP).is("0000").payment_token().len(), 36);
    let asked = paying(endpoint, "\"three_ds\"").direct("ANY");
    assert!(asked.is("5010").fault("Url3D").contains('?'));
}

#[test]
fn row_20_a_card_that_pays_is_kept_or_cannot_be() {
    let endpoint = "mfs.payment.register";
    let mut page = paying(endpoint, "");
    page.registering(NOBODY, "ANY").is("0000");
    assert_eq!(page.cards(NOBODY), ["Yeni kart"]);
    let mut page = paying(endpoint, "\"bank_otp\"");
    page.registering(NOBODY, "ANY").is("5001");
    page.validate(OTP).is("0000");
    assert_eq!(page.cards(NOBODY), ["Yeni kart"]);
    let asked = paying(endpoint, "\"three_ds\"").registering(NOBODY, "ANY");
    assert!(asked.is("5010").fault("Url3D").contains('?'));
    let ruled = rule(endpoint, "wallet = \"save_failed\"");
    let mut page = Page::playing(&ruled);
    let paid = page.registering(NOBODY, "ANY");
    assert_eq!(paid.is("5196").payment_token().len(), 36, "it is paid");
    page.list(NOBODY).is("1056");
}

#[test]
fn row_21_a_password_then_three_d_secure() {
    let mut page = paying("mfs.payment.*", "\"bank_otp\", \"three_ds\"");
    let asked = page.direct("ANY");
    assert_eq!(asked.is("5001").fault("Url3D"), "");
    let asked = page.validate(OTP);
    assert!(
        asked
            .is("5010")
            .fault("Url3D")
            .contains("mp-3d-acs-form?token=")
    );
}

#[test]
fn row_25_a_token_that_is_not_good() {
    let expired = "[[rule]]\nwhen = { endpoint = \"mfs.cards.list\", nth = 1 }
        then = { token = \"expired\" }";
    let mut page = Page::playing(expired);
    page.list(LINKED).is("1419");
    page.list(LINKED).is("");
    let verify = "[masterpass]\nclassic_tokens = \"verify\"";
    Page::playing(verify).direct("ANY").is("1419");
}

#[test]
fn row_26_a_payment_that_needs_a_link() {
    let ruled = rule("mfs.payment.*", "wallet = \"not_linked\"");
    Page::playing(&ruled).saved(LINKED, "Kartım").is("5460");
    let mut page = Page::playing("[[holder]]\nmsisdn = \"905550000001\"\nlinked = false");
    page.saved(OWN, "Kartım").is("5460");
}

#[test]
fn row_27_what_else_may_be_asked_for() {
    for (ask, code, answer) in [
        ("mpin", "5002", "0a0b"),
        ("define_mpin", "5015", "0a0b"),
        ("cvv", "5013", "0a0b"),
        ("device_otp", "5007", OTP),
    ] {
        let mut page = paying("mfs.payment.*", &format!("\"{ask}\""));
        page.saved(COLLECTOR, "DIRECT").is(code);
        page.validate("").is("1409");
        page.validate(answer).is("0000");
    }
    let mut page = paying("mfs.payment.*", "\"loan\"");
    page.saved(COLLECTOR, "DIRECT").is("5009");
    page.validate(OTP).is("9805");
}

#[test]
fn row_33_success_is_said_in_two_ways() {
    for (setting, check, list, pay) in [
        ("mixed", "", "", "0000"),
        ("empty", "", "", ""),
        ("0000", "0000", "0000", "0000"),
    ] {
        let mut page = Page::playing(&format!("[masterpass]\nsuccess_code = \"{setting}\""));
        page.check(LINKED).is(check);
        page.list(LINKED).is(list);
        page.direct("DIRECT").is(pay);
    }
}

#[test]
fn row_35_a_bank_that_sends_no_passwords() {
    let ruled = rule("mfs.payment.*", "wallet = \"otp_unsupported\"");
    Page::playing(&ruled).direct("BANK OTP").is("5010");
    Page::playing("").direct("NO OTP").is("5010");
}

/// Rules see what a call is about, and what an earlier one was.
#[test]
fn rules_see_holder_card_and_order() {
    for (when, then) in [
        ("msisdn = \"905551110020\"", true),
        ("msisdn = \"905551110021\"", false),
        ("bin = \"513662\"", true),
        ("bin = \"513663\"", false),
        ("stored_card = true", true),
        ("amount = \"100.00\"", true),
        ("amount = \"> 100.00\"", false),
        ("installment = 3", true),
        ("order_no = \"7001\"", true),
        ("card_alias = \"BANK*\"", true),
        ("card_name = \"BANK*\"", false),
        ("three_d = false", true),
        ("pos_kind = \"masterpass\"", true),
        ("transaction_type = \"PURCHASE\"", true),
        ("transaction_type = \"DIRECT*\"", false),
    ] {
        let coded = |endpoint: &str| {
            format!(
                "[[rule]]\nwhen = {{ endpoint = \"{endpoint}\", {when} }}\nthen = {{ error = {{ code = \"777\" }} }}"
            )
        };
        let mut page = Page::playing(&coded("mfs.payment.purchase"));
        let told = page.saved(COLLECTOR, "BANK OTP");
        assert_eq!(told.code() == "777", then, "{when}");
        if when.contains("card_name") {
            continue;
        }
        let mut page = Page::playing(&coded("mfs.otp.validate"));
        page.saved(COLLECTOR, "BANK OTP").is("5001");
        assert_eq!(page.validate(OTP).code() == "777", then, "{when}");
    }
    let typed = "[[rule]]\nwhen = { endpoint = \"mfs.payment.direct\", card_name = \"THREE D\",
        transaction_type = \"DIRECT_PURCHASE_3D\", three_d = true }
        then = { error = { code = \"777\", description = \"no\" } }";
    let told = Page::playing(typed).direct("THREE%20D");
    assert_eq!(told.is("777").fault("ResponseDesc"), "no");
}
