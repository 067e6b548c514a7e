//! The account status of every holder of the default scenario, and links. contract: masterpass §5

use super::page::{OTP, Page};
use serde_json::json;

#[test]
fn every_row_of_the_table_has_a_holder() {
    let mut page = Page::playing("");
    for (last, prefix) in [
        ("01", "0000000"),
        ("02", "0100000"),
        ("03", "0100100"),
        ("04", "0101000"),
        ("05", "0101100"),
        ("06", "0110001"),
        ("07", "0110101"),
        ("08", "0111001"),
        ("09", "0111100"),
        ("10", "1000001"),
        ("11", "1100001"),
        ("12", "1100101"),
        ("13", "1101000"),
        ("14", "1101101"),
        ("15", "1110000"),
        ("16", "1110100"),
        ("17", "1111011"),
        ("18", "1111111"),
    ] {
        let msisdn = format!("9055511100{last}");
        let told = page.check(&msisdn);
        let want = format!("{prefix}000000000");
        assert_eq!(told.is("").text_of_it("AccountStatus"), want, "{msisdn}");
        // What that account gets when it asks for its cards.
        let blocked = prefix.as_bytes()[4] == b'1';
        let linked = prefix.as_bytes()[3] == b'1';
        let listed = match (prefix, blocked) {
            ("0000000", _) => "1056",
            (_, true) => "9801",
            ("1000001" | "1100001", _) => "",
            _ if linked => "",
            _ => "5460",
        };
        page.list(&msisdn).is(listed);
    }
}

#[test]
fn the_phone_is_read_from_either_field_and_in_any_form() {
    let mut page = Page::playing("");
    for fields in [
        json!({"userId": "905551110008"}),
        json!({"msisdn": "905551110008"}),
        json!({"msisdn": "+90 555 111 00 08", "userId": ""}),
        json!({"msisdn": null, "userId": 905_551_110_008_u64}),
    ] {
        let told = page.post("checkMasterPassEndUser", &fields);
        let status = told.is("").text_of_it("AccountStatus");
        assert_eq!(status, "0111001000000000", "{fields}");
    }
    let nobody = page.post("checkMasterPassEndUser", &json!({}));
    assert!(nobody.is("9809").fault("ResponseDesc").contains("msisdn"));
}

#[test]
fn a_link_is_asked_for_once_and_is_of_a_merchant_and_a_user() {
    let mut page = Page::playing("");
    let msisdn = "905551110006";
    page.list(msisdn).is("5460");
    page.link(msisdn).is("5008");
    page.list(msisdn).is("5460");
    let linked = page.validate(OTP);
    let status = linked.is("0000").text_of_it("AccountStatus");
    assert_eq!(status, "0111001000000000");
    assert_eq!(page.cards(msisdn), ["Kartım"]);
    let other = json!({"msisdn": msisdn, "clientId": "90000002"});
    page.post("listManagement", &other).is("5460");
    page.link("905551110001").is("1056");
    page.link("905551110007").is("9801");
}

#[test]
fn another_user_takes_the_account_over() {
    let mut page = Page::playing("");
    let msisdn = "905551110019";
    let list = json!({"msisdn": msisdn, "userId": "7"});
    page.post("listManagement", &list).is("1078");
    let update =
        json!({"msisdn": msisdn, "oldValue": "x", "theNewValue": "7", "valueType": "USER_ID"});
    page.post("updateUser", &update).is("0000");
    page.post("listManagement", &list).is("");
    let email = json!({"msisdn": msisdn, "theNewValue": "7", "valueType": "EMAIL"});
    page.post("updateUser", &email).is("9807");
    let nobody = json!({"msisdn": "905551110001", "theNewValue": "7"});
    page.post("updateUser", &nobody).is("1056");
}
