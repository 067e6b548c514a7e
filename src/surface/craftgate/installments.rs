//! In how many parts a card, or each card family, may pay. contract: craftgate §4.2

use crate::domain::card::{Bin, CardKind};
use crate::domain::decision::Point;
use crate::domain::installment::{Installment, offer, offer_of};
use crate::domain::money::{Amount, Currency};
use crate::domain::pos::{self, Pos};
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::settings::Language;
use crate::surface::craftgate::bins::CardFacts;
use crate::surface::craftgate::dialect::language;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::write::Decimal;
use crate::surface::craftgate::{query, write};
use compact_str::CompactString;
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The row.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/installment/v1/installments",
    page: None,
    name: "craftgate.installment.search",
    evidence: Evidence::Documented,
    points: &[Point::Page, Point::Installments],
    handle: search,
    spec: write::items::<Offers>,
}];

/// What is asked for.
struct Wanted {
    bin: Option<CompactString>,
    price: Amount,
    distinct_brands: bool,
    with_loyalty: bool,
}

impl Wanted {
    fn read(turn: &Turn<'_>) -> Result<Self, Refusal> {
        query::read(turn, |fields| {
            let currency = fields.currency("currency").unwrap_or(Currency::TRY);
            let bin = fields.text("binNumber");
            let digits = |bin: &CompactString| {
                (6..=8).contains(&bin.len()) && bin.bytes().all(|b| b.is_ascii_digit())
            };
            if !bin.as_ref().is_none_or(digits) {
                fields.fail("binNumber", Code::FieldMalformed);
            }
            Self {
                bin,
                price: fields.need_amount("price", currency),
                distinct_brands: fields.is("distinctCardBrandsWithLowestCommissions"),
                with_loyalty: fields.is("loyaltyExists"),
            }
        })
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Offers {
    #[serde(skip_serializing_if = "Option::is_none")]
    bin_number: Option<String>,
    price: Decimal,
    #[serde(flatten)]
    card: CardFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_code: Option<u32>,
    force3ds: bool,
    cvc_required: bool,
    commercial: bool,
    installment_prices: Vec<Price>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Price {
    pos_alias: &'static str,
    installment_number: u32,
    installment_price: Decimal,
    total_price: Decimal,
    bank_commission_rate: Decimal,
    merchant_commission_rate: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    installment_label: Option<String>,
    loyalty_supported: bool,
    force3ds: bool,
    cvc_required: bool,
}

fn search(turn: &mut Turn<'_>) -> Answer {
    let wanted = Wanted::read(turn)?;
    let offers = match &wanted.bin {
        Some(digits) => vec![of_card(turn, &wanted, digits)],
        None => pos::ALL
            .iter()
            .map(|pos| of_family(turn, &wanted, pos))
            .collect(),
    };
    let fits = |offers: &Offers| {
        !wanted.with_loyalty
            || offers
                .installment_prices
                .iter()
                .all(|price| price.loyalty_supported)
    };
    let offers: Vec<Offers> = offers.into_iter().filter(fits).collect();
    write::list(&offers)
}

/// What this card is offered. An unknown BIN is that of a foreign card: it pays at once.
fn of_card(turn: &Turn<'_>, wanted: &Wanted, digits: &str) -> Offers {
    let scenario = &turn.world.scenario;
    let bin = scenario.bins.find(digits);
    let bank = bin.and_then(|bin| bin.bank.as_ref());
    let forced = scenario.settings.craftgate.force_three_ds_for_debit
        && bin.is_some_and(|bin| bin.kind == Some(CardKind::Debit));
    let pos = pos::route(bin, None);
    Offers {
        bin_number: Some(bin.map_or(digits, |bin| &bin.prefix).to_owned()),
        price: (&wanted.price).into(),
        card: bin.map(CardFacts::of).unwrap_or_default(),
        bank_name: bank.map(|bank| bank.name.to_string()),
        bank_code: bank.and_then(|bank| bank.code),
        force3ds: forced,
        cvc_required: true,
        commercial: bin.is_some_and(|bin| bin.commercial),
        installment_prices: prices(turn, wanted, (bin, digits), (pos, forced)),
    }
}

/// What the credit cards of the terminal's family are offered there. Each family has one terminal,
/// so its terms are also its lowest.
fn of_family(turn: &Turn<'_>, wanted: &Wanted, pos: &'static Pos) -> Offers {
    let card = Bin {
        prefix: "".into(),
        program: Some(pos.program.into()),
        bank: None,
        kind: Some(CardKind::Credit),
        association: None,
        commercial: false,
    };
    let with_bank = !wanted.distinct_brands;
    Offers {
        bin_number: None,
        price: (&wanted.price).into(),
        card: CardFacts::of(&card),
        bank_name: with_bank.then(|| pos.bank.to_owned()),
        bank_code: with_bank.then_some(pos.bank_code),
        force3ds: false,
        cvc_required: true,
        commercial: false,
        installment_prices: prices(turn, wanted, (Some(&card), ""), (pos, false)),
    }
}

fn prices(
    turn: &Turn<'_>,
    wanted: &Wanted,
    (bin, digits): (Option<&Bin>, &str),
    (pos, force3ds): (&'static Pos, bool),
) -> Vec<Price> {
    let scenario = &turn.world.scenario;
    let price = wanted.price.money();
    let offered = match &turn.verdict.installments {
        Some(terms) => offer_of(terms, price),
        None => offer(&scenario.installments, bin, digits, price),
    };
    let price = |part: Installment| Price {
        pos_alias: pos.alias,
        installment_number: part.count,
        installment_price: Decimal::echo(part.monthly, Some(&wanted.price)),
        total_price: Decimal::echo(part.total, Some(&wanted.price)),
        bank_commission_rate: scenario.settings.craftgate.bank_commission_rate.into(),
        merchant_commission_rate: part.rate.into(),
        installment_label: label(&part, language(turn)),
        loyalty_supported: pos.loyalty,
        force3ds,
        cvc_required: true,
    };
    offered.into_iter().map(price).collect()
}

/// The scenario's own words; else the vendor has some for a single payment only.
fn label(part: &Installment, language: Language) -> Option<String> {
    match (&part.label, language) {
        (Some(label), Language::Tr) => Some(label.tr.clone()),
        (Some(label), Language::En) => Some(label.en.clone()),
        (None, Language::Tr) if part.count == 1 => Some("Tek Çekim".to_owned()),
        (None, Language::En) if part.count == 1 => Some("Single installment".to_owned()),
        (None, Language::Tr | Language::En) => None,
    }
}
