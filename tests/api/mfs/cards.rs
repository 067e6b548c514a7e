//! Cards that come, go, are listed and named. contract: masterpass §2.3, §6

use super::page::{LINKED, NOBODY, OTP, Page, typed};
use serde_json::{Value, json};

/// The first card of a list.
fn first(page: &mut Page, msisdn: &str) -> Value {
    page.list(msisdn).of_it("ListItems.ListItem.0").clone()
}

#[test]
fn a_card_is_told_by_its_bank_and_programme() {
    let mut page = Page::playing("");
    let card = first(&mut page, "905321234567");
    for (key, want) in [
        ("Name", "Maaş kartım"),
        ("Value1", "525864******0001"),
        ("Value2", ""),
        ("BankIca", "2117"),
        ("EftCode", "0067"),
        ("ProductName", "World"),
        ("LoyaltyCode", "World"),
        ("IsMasterPassMember", "Y"),
        ("PromtCpin", "N"),
        ("CardStatus", "0000000000000000"),
    ] {
        assert_eq!(card[key], want, "{key}: {card}");
    }
    let unique = card["UniqueId"].as_str().unwrap();
    assert_eq!(unique.len(), 64);
    assert_eq!(first(&mut page, "905551110010")["IsMasterPassMember"], "N");
}

#[test]
fn an_empty_account_is_success_or_a_code() {
    let empty = "905551110004";
    let mut page = Page::playing("");
    let listed = page.list(empty);
    assert_eq!(listed.is("").of_it("ListItems.ListItem"), &json!([]));
    let mut page = Page::playing("[masterpass]\nempty_list = \"1051\"");
    page.list(empty).is("1051");
    page.list(LINKED).is("");
}

#[test]
fn names_are_equal_escaped_or_not() {
    let mut page = Page::playing("");
    let delete = |page: &mut Page, alias: &str| {
        let fields = json!({"msisdn": "905321234567", "accountAliasName": alias});
        page.post("deleteCard", &fields).code()
    };
    assert_eq!(delete(&mut page, "Maa%C5%9F%20kart%C4%B1m"), "0000");
    assert_eq!(delete(&mut page, "Maaş kartım"), "1056");
    assert_eq!(delete(&mut page, "Bonus kartım"), "0000");
    assert_eq!(page.cards("905321234567"), ["Maximum kartım"]);
    assert_eq!(delete(&mut page, ""), "9809");
}

#[test]
fn too_many_deletions_in_a_row_are_suspicious() {
    let mut page = Page::playing("[masterpass]\nmax_deletions = 1");
    let delete = |page: &mut Page, alias: &str| {
        let fields = json!({"msisdn": "905321234567", "accountAliasName": alias});
        page.post("deleteCard", &fields).code()
    };
    assert_eq!(delete(&mut page, "Maaş kartım"), "0000");
    assert_eq!(delete(&mut page, "Bonus kartım"), "9803");
    assert_eq!(page.cards("905321234567").len(), 2);
}

#[test]
fn a_registered_card_is_there_under_its_name() {
    let mut page = Page::playing("");
    page.register(NOBODY, "DIRECT").is("0000");
    assert_eq!(page.cards(NOBODY), ["Yeni kart"]);
    page.register(NOBODY, "DIRECT").is("4004");
    page.register(NOBODY, "BANK%20OTP").is("4004");
    let mut other = typed(NOBODY, "BANK OTP");
    other["accountAliasName"] = json!("Başka");
    page.post("register", &other).is("5001");
    let kept = page.validate(OTP);
    assert_eq!(kept.is("0000").text_of_it("CardUniqueId").len(), 64);
    assert_eq!(page.cards(NOBODY), ["Yeni kart", "Başka"]);
    let check = page.check(NOBODY);
    assert_eq!(check.text_of_it("AccountStatus"), "0111001000000000");
    page.register("905551110007", "DIRECT").is("9801");
}

#[test]
fn a_card_of_the_merchants_own_moves_in() {
    let mut page = Page::playing("");
    let add = |page: &mut Page, alias: &str| {
        let fields = json!({"msisdn": "905551110010", "cardAliasName": alias});
        page.post("addCardToMasterPass", &fields)
    };
    add(&mut page, "Başka").is("1056");
    add(&mut page, "Ma%C4%9Faza%20kart%C4%B1m").is("5008");
    assert_eq!(first(&mut page, "905551110010")["IsMasterPassMember"], "N");
    let moved = page.validate(OTP);
    let status = moved.is("0000").text_of_it("AccountStatus");
    assert_eq!(status, "0111001000000000");
    assert_eq!(first(&mut page, "905551110010")["IsMasterPassMember"], "Y");
    add(&mut page, "Mağaza kartım").is("1056");
}

#[test]
fn the_card_of_a_purchase_is_kept_after_all() {
    let mut page = Page::playing("");
    let paid = page.direct("DIRECT").is("0000").payment_token();
    let keep = |page: &mut Page, token: &str, msisdn: &str| {
        let fields = json!({"msisdn": msisdn, "token2": token, "cardAliasName": "Son%20kart"});
        page.post("completeRegistration", &fields).code()
    };
    assert_eq!(keep(&mut page, &paid, NOBODY), "1419", "another's");
    assert_eq!(keep(&mut page, "no-token", LINKED), "1419");
    assert_eq!(keep(&mut page, &paid, LINKED), "0000");
    assert_eq!(keep(&mut page, &paid, LINKED), "4004");
    assert_eq!(page.cards(LINKED), ["Kartım", "Son kart"]);
}

#[test]
fn a_number_leads_to_its_unique_id() {
    let mut page = Page::playing("");
    let listed = first(&mut page, LINKED)["UniqueId"].clone();
    let fields = json!({"rtaPan": "5258640000000001", "msisdn": LINKED});
    let named = page.post("getCardUniqueId", &fields);
    assert_eq!(named.is("0000").of_it("CardUniqueId"), &listed);
    page.post("getCardUniqueId", &json!({"rtaPan": ""}))
        .is("9802");
}
