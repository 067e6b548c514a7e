//! Rewards of a card. contract: craftgate §5.6

use crate::domain::card::CardKind;
use crate::domain::decision::Point;
use crate::domain::money::{Amount, Currency};
use crate::domain::pan::Pan;
use crate::domain::particulars::{Loyalty, LoyaltyKind, Reward};
use crate::domain::pos;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::payment_body::{LoyaltyBody, PosBody};
use crate::surface::craftgate::{body, card, ignored, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The row.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::POST,
    path: "/payment/v1/card-loyalties/retrieve",
    page: None,
    name: "craftgate.loyalty.retrieve",
    evidence: Evidence::Documented,
    points: &[Point::Page, Point::Loyalty],
    handle: retrieve,
    spec: write::one::<Offer>,
}];

/// Families whose rewards can be spent.
const SPENDABLE: &[&str] = &["Bonus", "Garanti BBVA CC"];

/// A test card's rewards: kinds, points of the card, points of the merchant.
type Row = (
    &'static str,
    &'static [LoyaltyKind],
    Option<&'static str>,
    Option<&'static str>,
);

const POINTS: &[LoyaltyKind] = &[LoyaltyKind::RewardMoney];

/// contract: craftgate §5.6
const TABLE: &[Row] = &[
    ("4043080000000003", POINTS, Some("12.35"), Some("5.20")),
    ("4032800000000007", POINTS, Some("11.22"), Some("45.58")),
    ("4024580000000005", POINTS, Some("50.40"), Some("100.00")),
    ("4090700000000008", POINTS, Some("22.82"), None),
    (
        "4048090000000007",
        &[
            LoyaltyKind::RewardMoney,
            LoyaltyKind::AdditionalInstallment,
            LoyaltyKind::PostponingInstallment,
        ],
        Some("33.82"),
        Some("25.00"),
    ),
    ("4329540000080110", POINTS, Some("10.00"), None),
    ("4355080000000005", POINTS, Some("24.24"), Some("40.00")),
    ("5188961939192544", POINTS, Some("12.35"), Some("5.20")),
    (
        "5209222154820003",
        &[LoyaltyKind::AdditionalInstallment],
        None,
        None,
    ),
];

/// Whether cards of that family may pay with rewards.
pub fn spendable(program: &str) -> bool {
    SPENDABLE.contains(&program)
}

/// The rewards of the test card that begins with these digits: its number, or its BIN.
pub fn offered(digits: &str) -> Vec<Loyalty> {
    let found = TABLE.iter().find(|(pan, ..)| pan.starts_with(digits));
    let Some((_, kinds, card, firm)) = found.filter(|_| digits.len() >= 6) else {
        return Vec::new();
    };
    let amount = |text: &str| {
        let amount = Amount::parse(text, Currency::TRY);
        amount.expect("the table has amounts")
    };
    let reward = Reward {
        card: card.map(amount),
        firm: firm.map(amount),
        mile: None,
        total: None,
    };
    let loyalty = |kind: &LoyaltyKind| Loyalty {
        kind: *kind,
        reward: (*kind == LoyaltyKind::RewardMoney).then(|| reward.clone()),
        message: None,
    };
    kinds.iter().map(loyalty).collect()
}

/// What a card offers, and where it would be spent.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
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

impl Offer {
    /// Of the card that begins with these digits.
    pub fn of(turn: &Turn<'_>, digits: &str) -> Self {
        let scenario = &turn.world.scenario;
        let bin = scenario.bins.find(digits);
        let bank = bin.and_then(|bin| bin.bank.as_ref());
        let ruled = turn.verdict.loyalties.clone();
        let loyalties = ruled.unwrap_or_else(|| offered(digits));
        let debit = bin.is_some_and(|bin| bin.kind == Some(CardKind::Debit));
        Self {
            card_brand: bin
                .and_then(|bin| bin.program.as_deref())
                .map(str::to_owned),
            card_issuer_bank_name: bank.map(|bank| bank.name.to_string()),
            card_issuer_bank_id: bank.and_then(|bank| bank.code),
            force3ds: debit && scenario.settings.craftgate.force_three_ds_for_debit,
            pos: pos::route(bin, None).into(),
            loyalties: loyalties.iter().map(LoyaltyBody::from).collect(),
        }
    }
}

fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let pan = asked(turn)?;
    write::data(&Offer::of(turn, pan.digits()))
}

/// The card, by its number or by the keys under which it is stored.
fn asked(turn: &Turn<'_>) -> Result<Pan, Refusal> {
    let pan = body::read(turn, |fields| {
        fields.ignore(ignored::OTHER);
        if let Some(stored) = card::stored(turn, fields) {
            return stored.map(|card| card.pan.clone());
        }
        let pan = card::number(turn, fields);
        card::expiry(turn, fields);
        if fields.has("cvc") {
            card::cvc(turn, fields, pan.as_ref());
        }
        pan
    })?;
    pan.ok_or_else(|| Code::FieldMissing.into())
}
