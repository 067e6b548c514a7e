//! What is to be paid, as every request for a payment says it. contract: craftgate §3.4, §5.1

use crate::domain::money::{Amount, Money};
use crate::domain::particulars::{Group, Line, Particulars, Provider};
use crate::domain::payment::{MAX_ITEMS, Phase};
use crate::route::Turn;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;

/// What is to be paid, and how the shop calls it.
#[derive(Debug, Clone)]
pub struct Order {
    /// what the goods cost
    pub price: Amount,
    /// what the card pays
    pub paid: Amount,
    /// number of parts
    pub installment: u32,
    /// captured at once, or later
    pub phase: Phase,
    /// the shop's own order number
    pub order_no: Option<String>,
    /// what it carries besides; the card is not there yet
    pub particulars: Particulars,
}

impl Order {
    /// Reads an order; what is wrong with it is written down.
    pub fn read(turn: &Turn<'_>, fields: &mut Fields<'_>) -> Self {
        let currency = fields.need_currency("currency");
        let price = fields.need_amount("price", currency);
        let paid = fields.need_amount("paidPrice", currency);
        let installment = fields.need_count("installment");
        let buyer = fields.id("buyerMemberId");
        let lines = lines(fields, &price);
        let group = fields.word("paymentGroup", GROUPS).unwrap_or_default();
        let phase = fields.word("paymentPhase", PHASES).unwrap_or(Phase::Sale);
        Self {
            installment,
            phase,
            order_no: fields.reference("bankOrderId"),
            particulars: Particulars {
                merchant: Some(turn.caller.clone()),
                conversation_id: fields.reference("conversationId"),
                external_id: fields.reference("externalId"),
                channel: fields.text("paymentChannel"),
                group,
                provider: Provider::Bank,
                buyer,
                price: Some(price.clone()),
                paid: Some(paid.clone()),
                lines,
                requested_pos: fields.text("posAlias"),
                bank_rate: turn.world.scenario.settings.craftgate.bank_commission_rate,
                ..Particulars::default()
            },
            price,
            paid,
        }
    }
}

/// contract: craftgate §10 PaymentGroup
pub const GROUPS: &[(&str, Group)] = &[
    ("PRODUCT", Group::Product),
    ("LISTING_OR_SUBSCRIPTION", Group::ListingOrSubscription),
];

/// contract: craftgate §10 PaymentPhase, as far as one may ask for it
pub const PHASES: &[(&str, Phase)] = &[("AUTH", Phase::Sale), ("PRE_AUTH", Phase::Provision)];

/// The items, which add up to `price`.
pub fn lines(fields: &mut Fields<'_>, price: &Amount) -> Vec<Line> {
    let currency = price.money().currency();
    let lines = fields.list("items", |item| Line {
        price: Some(item.need_amount("price", currency)),
        name: item.text("name"),
        external_id: item.text("externalId"),
        seller: item.id("subMerchantMemberId"),
        seller_price: item.amount("subMerchantMemberPrice", currency),
        blockage_days: item.count("blockageDay"),
        approved: false,
    });
    if lines.is_empty() {
        fields.fail("items", Code::NoItems);
        return lines;
    }
    let prices = lines.iter().filter_map(|line| line.price.as_ref());
    let sum = prices
        .map(Amount::money)
        .try_fold(Money::zero(currency), Money::plus);
    if sum != Some(price.money()) {
        fields.fail("", Code::SumDiffers);
    }
    if lines.len() > MAX_ITEMS {
        fields.fail("items", Code::FieldMalformed);
    }
    lines
}
