//! Rewards of a card in the wallet, which is known by its first digits. contract: craftgate §3.9, §5.6

use crate::domain::card::CardKind;
use crate::domain::decision::Point;
use crate::domain::money::{Amount, Currency};
use crate::domain::particulars::{Loyalty, LoyaltyKind, Reward};
use crate::domain::pos;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::masterpass::{integration_version, need_bin};
use crate::surface::craftgate::payment_body::{LoyaltyBody, PosBody};
use crate::surface::craftgate::{body, write};
use http::Method;
use serde::Serialize;

/// The row.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::POST,
    path: "/payment/v2/masterpass-payments/loyalties/retrieve",
    page: None,
    name: "craftgate.masterpass.retrieve_loyalties",
    evidence: Evidence::Observed,
    points: &[Point::Page],
    handle: retrieve,
}];

/// Families whose rewards can be spent. contract: craftgate §5.6
const SPENDABLE: [&str; 2] = ["Bonus", "Garanti BBVA CC"];

/// First digits, the card's points, the merchant's, and whether installments are offered as well.
/// contract: craftgate §5.6
const REWARDS: &[(&str, &str, Option<&str>, bool)] = &[
    ("404308", "12.35", Some("5.20"), false),
    ("403280", "11.22", Some("45.58"), false),
    ("402458", "50.40", Some("100.00"), false),
    ("409070", "22.82", None, false),
    ("404809", "33.82", Some("25.00"), true),
    ("432954", "10.00", None, false),
    ("435508", "24.24", Some("40.00"), false),
    ("518896", "12.35", Some("5.20"), false),
];

/// Whether rewards of that family can be spent.
pub fn spendable(program: &str) -> bool {
    SPENDABLE.contains(&program)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    #[serde(skip_serializing_if = "Option::is_none")]
    card_brand: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_issuer_bank_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_issuer_bank_id: Option<u32>,
    force3ds: bool,
    pos: PosBody,
    loyalties: Vec<LoyaltyBody>,
}

fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let digits = body::read(turn, |fields| {
        fields.need_msisdn("msisdn");
        fields.need_text("cardName");
        integration_version(fields);
        need_bin(fields)
    })?;
    let scenario = &turn.world.scenario;
    let bin = scenario.bins.find(&digits).ok_or(Code::BinUnknown)?;
    let forced = scenario.settings.craftgate.force_three_ds_for_debit;
    let bank = bin.bank.as_ref();
    write::data(&Offer {
        card_brand: bin.program.as_deref().map(str::to_owned),
        card_issuer_bank_name: bank.map(|bank| bank.name.to_string()),
        card_issuer_bank_id: bank.and_then(|bank| bank.code),
        force3ds: forced && bin.kind == Some(CardKind::Debit),
        pos: pos::route(Some(bin), None).into(),
        loyalties: offered(&digits).iter().map(LoyaltyBody::from).collect(),
    })
}

fn offered(digits: &str) -> Vec<Loyalty> {
    let known = REWARDS.iter().find(|(bin, ..)| digits.starts_with(bin));
    let Some((_, card, firm, parts)) = known else {
        return Vec::new();
    };
    let amount = |text: &str| Amount::parse(text, Currency::TRY).ok();
    let plain = |kind| Loyalty {
        kind,
        reward: None,
        message: None,
    };
    let reward = Reward {
        card: amount(card),
        firm: firm.and_then(amount),
        ..Reward::default()
    };
    let mut all = vec![Loyalty {
        reward: Some(reward),
        ..plain(LoyaltyKind::RewardMoney)
    }];
    if *parts {
        all.push(plain(LoyaltyKind::AdditionalInstallment));
        all.push(plain(LoyaltyKind::PostponingInstallment));
    }
    all
}
