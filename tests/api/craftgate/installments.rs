//! In how many parts a card, or each card family, may pay.

use crate::support::merchant::Merchant;
use crate::support::{Answer, app};
use serde_json::json;

const PATH: &str = "/installment/v1/installments";

const TABLES: &str = r#"
    [craftgate]
    bank_commission_rate = "1.2"
    force_three_ds_for_debit = true
    [[installments]]
    program = "World"
    counts = { 1 = "0", 3 = "4" }
    labels = { 3 = { en = "3 parts", tr = "3 taksit" } }
    [[installments]]
    counts = { 1 = "0", 2 = "2.50" }"#;

/// number, label, total, each
fn prices(answer: &Answer, item: usize) -> Vec<(String, String, String, String)> {
    let prices = answer.at(&format!("data.items.{item}.installmentPrices"));
    let text = |price: &serde_json::Value, name: &str| price[name].to_string();
    let row = |price| {
        let label = text(price, "installmentLabel");
        let number = text(price, "installmentNumber");
        (
            number,
            label,
            text(price, "totalPrice"),
            text(price, "installmentPrice"),
        )
    };
    prices.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn a_card_has_its_familys_offers() {
    let mut merchant = Merchant::new(&app(TABLES));
    let answer = merchant.get(&format!("{PATH}?binNumber=525864&price=100&currency=TRY&"));
    let (bin, both) = (json!("525864"), json!(true));
    let want = json!({"data": {"items": [{
        "binNumber": bin, "price": 100, "cardType": "CREDIT_CARD",
        "cardAssociation": "MASTER_CARD", "cardBrand": "World",
        "bankName": "YAPI VE KREDİ BANKASI A.Ş.", "bankCode": 67,
        "force3ds": false, "cvcRequired": true, "commercial": false,
        "installmentPrices": [
            {"posAlias": "67-ykb-12", "installmentNumber": 1, "installmentPrice": 100,
             "totalPrice": 100, "bankCommissionRate": 1.2, "merchantCommissionRate": 0,
             "installmentLabel": "Tek Çekim", "loyaltySupported": both, "force3ds": false,
             "cvcRequired": both},
            {"posAlias": "67-ykb-12", "installmentNumber": 3, "installmentPrice": 34.67,
             "totalPrice": 104, "bankCommissionRate": 1.2, "merchantCommissionRate": 4,
             "installmentLabel": "3 taksit", "loyaltySupported": both, "force3ds": false,
             "cvcRequired": both},
        ],
    }]}});
    assert_eq!(answer.json, want);
    merchant.header("lang", "en");
    let answer = merchant.get(&format!(
        "{PATH}?BinNumber=520922&Price=100.000000&currency="
    ));
    let row = |n: &str, label: &str, total: &str, each: &str| {
        (
            n.to_owned(),
            label.to_owned(),
            total.to_owned(),
            each.to_owned(),
        )
    };
    let want = [
        row("1", "\"Single installment\"", "100.000000", "100.000000"),
        row("2", "null", "102.5", "51.25"),
    ];
    // Numbers of a parsed answer lose their zeros: the text has them.
    let zeros = r#""installmentPrice":100.000000,"totalPrice":100.000000"#;
    assert!(answer.text.contains(zeros), "{}", answer.text);
    assert_eq!(prices(&answer, 0)[1], want[1]);
    assert_eq!(prices(&answer, 0)[0].1, want[0].1);
}

#[test]
fn some_cards_pay_at_once() {
    let mut merchant = Merchant::new(&app(TABLES));
    for (bin, forced) in [("479681", true), ("411111", false), ("540001", false)] {
        let answer = merchant.get(&format!("{PATH}?binNumber={bin}&price=100"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(prices(&answer, 0).len(), 1, "{bin}");
        assert_eq!(answer.text_at("data.items.0.binNumber"), bin);
        assert_eq!(*answer.at("data.items.0.force3ds"), json!(forced), "{bin}");
    }
}

#[test]
fn without_a_card_every_family_is_told() {
    let mut merchant = Merchant::new(&app(TABLES));
    let answer = merchant.get(&format!("{PATH}?price=100"));
    let items = answer.at("data.items").as_array().unwrap();
    let brands: Vec<_> = items
        .iter()
        .map(|item| item["cardBrand"].as_str().unwrap())
        .collect();
    let want = [
        "Bonus",
        "World",
        "Axess",
        "Maximum",
        "Paraf",
        "CardFinans",
        "Bankkart Combo",
        "Advantage",
        "Sağlam Kart",
    ];
    assert_eq!(brands, want);
    assert_eq!(items[1]["bankCode"], 67);
    assert!(items[1].get("binNumber").is_none());
    assert_eq!(prices(&answer, 1)[1].0, "3");
    assert_eq!(prices(&answer, 0)[1].0, "2");
    let distinct = "distinctCardBrandsWithLowestCommissions=True&loyaltyExists=1";
    let answer = merchant.get(&format!("{PATH}?price=100&{distinct}"));
    let items = answer.at("data.items").as_array().unwrap();
    assert_eq!(items.len(), 3, "with rewards");
    for item in items {
        assert!(
            item.get("bankName").is_none() && item.get("bankCode").is_none(),
            "{item}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut merchant = Merchant::new(&app(""));
    merchant.header("lang", "en");
    let answer = merchant.get(&format!(
        "{PATH}?binNumber=12&currency=XYZ&loyaltyExists=maybe"
    ));
    let want = json!({"errors": {
        "errorCode": "4002",
        "errorDescription": "currency: invalid value; binNumber: invalid value; price: required; \
                             loyaltyExists: invalid value",
    }});
    assert_eq!((answer.status, answer.json), (422, want));
}
