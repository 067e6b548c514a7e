//! Rewards of a card.

use super::cards::{CARDS, refusal};
use crate::support::app;
use crate::support::merchant::Merchant;
use serde_json::{Value, json};

const PATH: &str = "/payment/v1/card-loyalties/retrieve";

fn card(pan: &str) -> Value {
    json!({"cardNumber": pan, "expireYear": "2044", "expireMonth": "07", "cvc": "000"})
}

#[test]
fn every_card_of_the_table_has_its_rewards() {
    let mut merchant = Merchant::new(&app(""));
    for (pan, brand, points) in [
        (
            "4043080000000003",
            "Bonus",
            r#"{"cardRewardMoney":12.35,"firmRewardMoney":5.20}"#,
        ),
        (
            "4032800000000007",
            "Garanti BBVA CC",
            r#"{"cardRewardMoney":11.22,"firmRewardMoney":45.58}"#,
        ),
        (
            "4024580000000005",
            "Bonus",
            r#"{"cardRewardMoney":50.40,"firmRewardMoney":100.00}"#,
        ),
        ("4090700000000008", "Bonus", r#"{"cardRewardMoney":22.82}"#),
        (
            "4048090000000007",
            "World",
            r#"{"cardRewardMoney":33.82,"firmRewardMoney":25.00}"#,
        ),
        (
            "4329540000080110",
            "Shop&Fly",
            r#"{"cardRewardMoney":10.00}"#,
        ),
        (
            "4355080000000005",
            "Axess",
            r#"{"cardRewardMoney":24.24,"firmRewardMoney":40.00}"#,
        ),
        (
            "5188961939192544",
            "Bonus",
            r#"{"cardRewardMoney":12.35,"firmRewardMoney":5.20}"#,
        ),
    ] {
        let answer = merchant.post(PATH, &card(pan));
        assert_eq!(answer.text_at("data.cardBrand"), brand, "{}", answer.text);
        let want = format!(r#""loyalties":[{{"type":"REWARD_MONEY","reward":{points}}}"#);
        assert!(answer.text.contains(&want), "{want}: {}", answer.text);
    }
    let kinds = |answer: &crate::support::Answer| {
        let all = answer.at("data.loyalties").as_array().unwrap().clone();
        all.iter()
            .map(|one| one["type"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let answer = merchant.post(PATH, &card("4048090000000007"));
    let want = [
        "REWARD_MONEY",
        "ADDITIONAL_INSTALLMENT",
        "POSTPONING_INSTALLMENT",
    ];
    assert_eq!(kinds(&answer), want);
    assert_eq!(answer.text_at("data.pos.alias"), "67-ykb-12");
    let answer = merchant.post(PATH, &card("5209222154820003"));
    assert_eq!(kinds(&answer), ["ADDITIONAL_INSTALLMENT"]);
    let answer = merchant.post(PATH, &card("5258640000000001"));
    assert_eq!(*answer.at("data.loyalties"), json!([]));
}

#[test]
fn a_stored_card_has_them_too() {
    let mut merchant = Merchant::new(&app(""));
    let mut new = card("4043080000000003");
    new["cardHolderName"] = json!("Haluk Demir");
    let stored = merchant.post(CARDS, &new);
    let mut keys = json!({
        "cardUserKey": stored.at("data.cardUserKey"), "cardToken": stored.at("data.cardToken"),
    });
    let answer = merchant.post(PATH, &keys);
    assert!(answer.text.contains("5.20"), "{}", answer.text);
    keys["cardToken"] = json!("other");
    assert_eq!(refusal(&merchant.post(PATH, &keys)).0, "4500");
}

#[test]
fn a_card_is_needed() {
    let mut merchant = Merchant::new(&app(""));
    for (body, code) in [
        (json!({}), "4001"),
        (card("4242424242424242"), "4155"),
        (json!({"cardNumber": "4043080000000003"}), "4001"),
        (json!({"cardUserKey": "u"}), "4001"),
    ] {
        assert_eq!(refusal(&merchant.post(PATH, &body)).0, code, "{body}");
    }
}
