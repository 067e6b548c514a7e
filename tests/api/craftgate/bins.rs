//! What is known of a card by its first digits.

use crate::support::app;
use crate::support::merchant::Merchant;
use serde_json::json;

#[test]
fn a_known_bin_is_described() {
    let mut merchant = Merchant::new(&app(""));
    let answer = merchant.get("/installment/v1/bins/525864");
    assert_eq!(answer.status, 200);
    let want = json!({"data": {
        "binNumber": "525864", "cardType": "CREDIT_CARD", "cardAssociation": "MASTER_CARD",
        "cardBrand": "World", "bankName": "YAPI VE KREDİ BANKASI A.Ş.", "bankCode": 67,
        "commercial": false,
    }});
    assert_eq!(answer.json, want);
    for (digits, record, brand) in [
        ("52586400", "525864", "World"),
        ("97926750", "97926750", "Sağlam Kart"),
        ("979267", "979267", "Kuveyt Türk CC"),
        ("487074", "487074", "Bonus"),
    ] {
        let answer = merchant.get(&format!("/installment/v1/bins/{digits}"));
        assert_eq!(answer.text_at("data.binNumber"), record);
        assert_eq!(answer.text_at("data.cardBrand"), brand);
    }
    let foreign = merchant.get("/installment/v1/bins/411111");
    let want = json!({"data": {
        "binNumber": "411111", "cardAssociation": "VISA", "commercial": false,
    }});
    assert_eq!(foreign.json, want, "what is not known is absent");
}

#[test]
fn any_other_is_refused() {
    let mut merchant = Merchant::new(&app(""));
    for (digits, code) in [
        ("540001", "4160"),
        ("52586", "4002"),
        ("525864000", "4002"),
        ("abcdef", "4002"),
    ] {
        let answer = merchant.get(&format!("/installment/v1/bins/{digits}"));
        assert_eq!(
            (answer.status, &*answer.text_at("errors.errorCode")),
            (422, code),
            "{digits}"
        );
        assert!(answer.at("errors.errorGroup").is_null());
    }
}

#[test]
fn a_file_adds_bins_and_refuses_some() {
    let mut merchant = Merchant::new(&app(r#"
        [[bin]]
        prefix = "540001"
        kind = "debit"
        [[rule]]
        when = { endpoint = "craftgate.bin.*", bin = "525864" }
        then = { error = { code = "4160" } }
        [[rule]]
        when = { endpoint = "craftgate.bin.*", bin = "520922" }
        then = { error = { code = "10999", group = "do_not_honour", description = "own" } }"#));
    let own = merchant.get("/installment/v1/bins/540001");
    assert_eq!(own.text_at("data.cardType"), "DEBIT_CARD");
    let refused = merchant.get("/installment/v1/bins/525864");
    let want = json!({"errors": {
        "errorCode": "4160", "errorDescription": "Kart bin numarası bulunamadı",
    }});
    assert_eq!((refused.status, refused.json.clone()), (422, want));
    assert!(
        refused.decided_by().starts_with("rule test.toml:"),
        "{}",
        refused.decided_by()
    );
    let want = json!({"errors": {
        "errorCode": "10999", "errorDescription": "own", "errorGroup": "DO_NOT_HONOUR",
    }});
    assert_eq!(merchant.get("/installment/v1/bins/520922").json, want);
}
