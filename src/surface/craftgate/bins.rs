//! What is known of a card by its first digits. contract: craftgate §4.1

use crate::domain::card::{Association, Bin, CardKind};
use crate::domain::decision::Point;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::write;
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The row.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::GET,
    path: "/installment/v1/bins/{binNumber}",
    page: None,
    name: "craftgate.bin.retrieve",
    evidence: Evidence::Documented,
    points: &[Point::Page],
    handle: retrieve,
    spec: write::one::<BinBody<'_>>,
}];

/// What is known of a card; what is not known is absent.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_association: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_brand: Option<String>,
}

impl CardFacts {
    /// Of the cards with that BIN.
    pub fn of(bin: &Bin) -> Self {
        Self {
            card_type: bin.kind.map(CardKind::code),
            card_association: bin.association.map(Association::code),
            card_brand: bin.program.as_deref().map(str::to_owned),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct BinBody<'a> {
    bin_number: &'a str,
    #[serde(flatten)]
    card: CardFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_code: Option<u32>,
    commercial: bool,
}

/// The longest known BIN that the digits begin with.
fn retrieve(turn: &mut Turn<'_>) -> Answer {
    let digits = turn.param("binNumber");
    let well_formed = (6..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !well_formed {
        return Err(Code::FieldMalformed.saying("binNumber: 6-8".to_owned()));
    }
    let bin = turn
        .world
        .scenario
        .bins
        .find(digits)
        .ok_or(Code::BinUnknown)?;
    write::data(&BinBody {
        bin_number: &bin.prefix,
        card: CardFacts::of(bin),
        bank_name: bin.bank.as_ref().map(|bank| &*bank.name),
        bank_code: bin.bank.as_ref().and_then(|bank| bank.code),
        commercial: bin.commercial,
    })
}
