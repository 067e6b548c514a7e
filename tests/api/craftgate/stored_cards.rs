//! Cards that a merchant keeps for its shoppers.

use super::cards::{CARDS, refusal};
use crate::support::merchant::Merchant;
use crate::support::{Answer, bare as app};
use serde_json::{Value, json};

fn card(pan: &str, alias: &str) -> Value {
    json!({
        "cardHolderName": "Haluk Demir", "cardNumber": pan, "expireYear": "2044",
        "expireMonth": "07", "cardAlias": alias,
    })
}

fn keys(stored: &Answer) -> Value {
    json!({
        "cardUserKey": stored.at("data.cardUserKey"), "cardToken": stored.at("data.cardToken"),
    })
}

#[test]
pub fn the_vendors_example_is_stored() {
    let mut merchant = Merchant::new(&app(""));
    let answer = merchant.post(CARDS, &card("5258640000000001", "My YKB Card"));
    let want = json!({"data": {
        "binNumber": "525864", "lastFourDigits": "0001",
        "cardUserKey": answer.at("data.cardUserKey"), "cardToken": answer.at("data.cardToken"),
        "cardHolderName": "Haluk Demir", "cardAlias": "My YKB Card", "cardType": "CREDIT_CARD",
        "cardAssociation": "MASTER_CARD", "cardBrand": "World",
        "cardBankName": "YAPI VE KREDİ BANKASI A.Ş.", "cardBankId": 67, "expireYear": "2044",
        "expireMonth": "07", "isCommercial": false, "cardExpiryStatus": "NOT_EXPIRED",
        "createdAt": "2026-01-02T06:04:05",
    }});
    assert_eq!(answer.json, want);
    assert_eq!(answer.text_at("data.cardToken").len(), 36);
}

#[test]
pub fn what_is_wrong_with_a_card_is_said() {
    let mut merchant = Merchant::new(&app(""));
    for (field, value, code) in [
        ("cardNumber", json!("4242424242424242"), "4155"),
        ("cardNumber", Value::Null, "4001"),
        ("cardHolderName", json!("x;y"), "4151"),
        ("expireYear", json!("2010"), "4152"),
        ("expireMonth", json!("0"), "4153"),
    ] {
        let mut body = card("5258640000000001", "a");
        body[field] = value;
        assert_eq!(refusal(&merchant.post(CARDS, &body)).0, code, "{field}");
    }
    let token = json!({"secureFieldsToken": "t"});
    assert_eq!(refusal(&merchant.post(CARDS, &token)).0, "4156");
    assert_eq!(*merchant.get(CARDS).at("data.totalSize"), json!(0));
}

#[test]
pub fn a_card_is_renewed_and_taken_away() {
    let mut merchant = Merchant::new(&app(""));
    let stored = merchant.post(CARDS, &card("5258640000000001", "one"));
    let mut again = card("5258640000000001", "two");
    again["cardUserKey"] = stored.at("data.cardUserKey").clone();
    let renewed = merchant.post(CARDS, &again);
    assert_eq!(
        keys(&renewed),
        keys(&stored),
        "the same card of the same user"
    );
    assert_eq!(renewed.text_at("data.cardAlias"), "two");
    again["cardNumber"] = json!("5209220000000002");
    let second = merchant.post(CARDS, &again);
    assert_eq!(second.at("data.cardUserKey"), stored.at("data.cardUserKey"));
    let mut update = keys(&stored);
    (update["expireYear"], update["expireMonth"]) = (json!("2026"), json!("02"));
    let answer = merchant.post("/payment/v1/cards/update", &update);
    assert_eq!(answer.text_at("data.expireMonth"), "02", "{}", answer.text);
    assert_eq!(
        answer.text_at("data.cardExpiryStatus"),
        "WILL_EXPIRE_NEXT_MONTH"
    );
    assert_eq!(
        answer.text_at("data.cardAlias"),
        "two",
        "what is not said stays"
    );
    let delete = "/payment/v1/cards/delete";
    let answer = merchant.post(delete, &keys(&stored));
    assert_eq!((answer.status, &*answer.text), (204, ""));
    assert_eq!(refusal(&merchant.post(delete, &keys(&stored))).0, "4500");
    assert_eq!(
        refusal(&merchant.post("/payment/v1/cards/update", &update)).0,
        "4500"
    );
    assert_eq!(*merchant.get(CARDS).at("data.totalSize"), json!(1));
}

#[test]
pub fn every_filter_is_heard() {
    let mut merchant = Merchant::new(&app(""));
    let first = merchant.post(CARDS, &card("5258640000000001", "My YKB Card + 1"));
    let debit = merchant.post(CARDS, &card("4796810000000002", "b"));
    let amex = merchant.post(CARDS, &card("375623000000006", "c"));
    let mut update = keys(&debit);
    (update["expireYear"], update["expireMonth"]) = (json!("2026"), json!("02"));
    merchant.post("/payment/v1/cards/update", &update);
    let [first, debit, amex] = [first, debit, amex].map(|a| a.text_at("data.cardToken"));
    let user = merchant.get(&format!("{CARDS}?cardToken={first}"));
    let user = user.text_at("data.items.0.cardUserKey");
    for (query, want) in [
        (String::new(), vec![&amex, &debit, &first]),
        (
            "cardAlias=My%20YKB%20Card%20%2B%201&page=0&size=10&".to_owned(),
            vec![&first],
        ),
        ("cardBrand=World".to_owned(), vec![&first]),
        ("cardType=DEBIT_CARD".to_owned(), vec![&debit]),
        (format!("cardUserKey={user}"), vec![&first]),
        (format!("cardToken={debit}"), vec![&debit]),
        (
            "cardBankName=YAPI%20VE%20KRED%C4%B0%20BANKASI%20A.%C5%9E.".to_owned(),
            vec![&first],
        ),
        ("cardAssociation=AMEX".to_owned(), vec![&amex]),
        (
            "cardExpiryStatus=WILL_EXPIRE_NEXT_MONTH".to_owned(),
            vec![&debit],
        ),
        ("cardExpiryStatus=EXPIRED".to_owned(), vec![]),
        (
            "minCreatedDate=2026-01-02T03%3A04%3A05.000Z".to_owned(),
            vec![&amex, &debit, &first],
        ),
        ("minCreatedDate=2026-01-02T06:04:06".to_owned(), vec![]),
        ("maxCreatedDate=2026-01-02T06:04:04".to_owned(), vec![]),
        (
            "cardType=CREDIT_CARD&cardAssociation=MASTER_CARD".to_owned(),
            vec![&first],
        ),
    ] {
        let answer = merchant.get(&format!("{CARDS}?{query}"));
        let items = answer.at("data.items").as_array().unwrap().clone();
        let tokens: Vec<_> = items
            .iter()
            .map(|item| item["cardToken"].as_str().unwrap())
            .collect();
        assert_eq!(tokens, want, "{query}");
        assert_eq!(*answer.at("data.totalSize"), json!(want.len()));
    }
    let second = merchant.get(&format!("{CARDS}?cardType=CREDIT_CARD&page=1&size=1"));
    assert_eq!(second.text_at("data.items.0.cardToken"), first);
    assert_eq!(
        *second.at("data.totalSize"),
        json!(2),
        "counted, not written"
    );
    let answer = merchant.get(&format!("{CARDS}?page=1&size=2"));
    assert_eq!(answer.text_at("data.items.0.cardToken"), first);
    let counters = [
        answer.at("data.page"),
        answer.at("data.size"),
        answer.at("data.totalSize"),
    ];
    assert_eq!(counters, [&json!(1), &json!(2), &json!(3)]);
    assert_eq!(
        refusal(&merchant.get(&format!("{CARDS}?cardType=GOLD"))).0,
        "4002"
    );
}

#[test]
pub fn a_card_is_given_to_another_merchant() {
    let app = app(r#"
        [[merchant]]
        name = "one"
        api_key = "one"
        secret_key = "s"
        [[merchant]]
        name = "two"
        api_key = "two"
        secret_key = "s""#);
    let (mut one, mut two) = (
        Merchant::with_keys(&app, "one", "s"),
        Merchant::with_keys(&app, "two", "s"),
    );
    let stored = one.post(CARDS, &card("5258640000000001", "a"));
    let clone = |target: u8, user: Value| {
        json!({
            "sourceCardUserKey": stored.at("data.cardUserKey"),
            "sourceCardToken": stored.at("data.cardToken"),
            "targetMerchantId": target, "targetCardUserKey": user,
        })
    };
    let path = "/payment/v1/cards/clone";
    let answer = one.post(path, &clone(2, json!("their-user")));
    assert_eq!(
        answer.text_at("data.cardUserKey"),
        "their-user",
        "{}",
        answer.text
    );
    assert_ne!(answer.at("data.cardToken"), stored.at("data.cardToken"));
    assert_eq!(*one.get(CARDS).at("data.totalSize"), json!(1));
    assert_eq!(
        two.get(CARDS).at("data.items.0.cardToken"),
        answer.at("data.cardToken")
    );
    assert_eq!(refusal(&one.post(path, &clone(3, Value::Null))).0, "4501");
    assert_eq!(
        refusal(&two.post(path, &clone(1, Value::Null))).0,
        "4500",
        "not theirs"
    );
}

#[test]
pub fn no_card_was_brought_along() {
    let mut merchant = Merchant::new(&app(""));
    let path = "/payment/v1/cards/provider-card-mappings";
    let query = "providerCardToken=t&externalId=e&providerCardUserId=u&cardProvider";
    let answer = merchant.get(&format!("{path}?{query}=IYZICO"));
    assert_eq!(
        (answer.status, answer.json),
        (200, json!({"data": {"items": []}}))
    );
    assert_eq!(
        refusal(&merchant.get(&format!("{path}?{query}=NOBODY"))).0,
        "4002"
    );
}
