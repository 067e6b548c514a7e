//! A payment as clients read it. contract: craftgate §3.7

use crate::clock::Timestamp;
use crate::domain::card::Bin;
use crate::domain::ledger::Kind;
use crate::domain::money::{Amount, Money};
use crate::domain::particulars::{Group, Line, Loyalty, Provider, Reward, Source};
use crate::domain::payment::{Failure, Payment, Phase, Status};
use crate::domain::pos::{self, Pos};
use crate::domain::splits::{Split, rate, splits};
use crate::refusal::VendorError;
use crate::route::Turn;
use crate::scenario::Scenario;
use crate::scenario::settings::Language;
use crate::surface::craftgate::bins::CardFacts;
use crate::surface::craftgate::dialect::{ErrorBody, language, response_code};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::write::{Date, Decimal};
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// A payment; what is absent is left out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentBody<'a> {
    id: u64,
    created_date: Date,
    price: Decimal,
    paid_price: Decimal,
    wallet_price: Decimal,
    currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_member_id: Option<u64>,
    installment: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_channel: Option<&'a str>,
    payment_type: &'static str,
    payment_provider: &'static str,
    payment_source: &'static str,
    payment_group: &'static str,
    payment_status: &'static str,
    payment_phase: &'static str,
    #[serde(rename = "isThreeDS")]
    is_three_ds: bool,
    merchant_commission_rate: Decimal,
    merchant_commission_rate_amount: Decimal,
    bank_commission_rate: Decimal,
    bank_commission_rate_amount: Decimal,
    paid_with_stored_card: bool,
    /// of the payment that stored the card; reports leave them out
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_user_key: Option<&'a str>,
    /// as `card_user_key`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bin_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_four_digits: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_holder_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_issuer_bank_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_issuer_bank_id: Option<u32>,
    #[serde(flatten)]
    card: CardFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trans_id: Option<String>,
    order_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    md_status: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_pos_alias: Option<&'a str>,
    pos: PosBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    loyalty: Option<LoyaltyBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_error: Option<ErrorBody>,
    payment_transactions: Vec<TransactionBody<'a>>,
}

/// A bank's terminal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PosBody {
    id: u32,
    name: &'static str,
    alias: &'static str,
    bank_id: u32,
}

impl From<&Pos> for PosBody {
    fn from(pos: &Pos) -> Self {
        Self {
            id: pos.id,
            name: pos.name,
            alias: pos.alias,
            bank_id: pos.bank_code,
        }
    }
}

/// A reward. contract: craftgate §5.6
#[derive(Debug, Serialize, JsonSchema)]
pub struct LoyaltyBody {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reward: Option<RewardBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RewardBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    card_reward_money: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    firm_reward_money: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mile_reward_money: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_reward_money: Option<Decimal>,
}

impl From<&Loyalty> for LoyaltyBody {
    fn from(loyalty: &Loyalty) -> Self {
        let written = |amount: &Option<Amount>| amount.as_ref().map(Decimal::from);
        let reward = |reward: &Reward| RewardBody {
            card_reward_money: written(&reward.card),
            firm_reward_money: written(&reward.firm),
            mile_reward_money: written(&reward.mile),
            total_reward_money: written(&reward.total),
        };
        Self {
            kind: loyalty.kind.code(),
            reward: loyalty.reward.as_ref().map(reward),
            message: loyalty.message.clone(),
        }
    }
}

/// An item of a payment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionBody<'a> {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    price: Decimal,
    paid_price: Decimal,
    wallet_price: Decimal,
    merchant_commission_rate: Decimal,
    merchant_commission_rate_amount: Decimal,
    merchant_payout_amount: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_merchant_member_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_merchant_member_price: Option<Decimal>,
    sub_merchant_member_payout_rate: Decimal,
    sub_merchant_member_payout_amount: Decimal,
    transaction_status: &'static str,
    blockage_resolved_date: Date,
    payout: Payout,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Payout {
    paid_price: Decimal,
    parity: u8,
    currency: &'static str,
    merchant_payout_amount: Decimal,
    sub_merchant_member_payout_amount: Decimal,
}

impl<'a> PaymentBody<'a> {
    /// `payment`, in the language of the caller.
    pub fn of(turn: &'a Turn<'_>, payment: &'a Payment) -> Self {
        Self::new(&turn.world.scenario, payment, language(turn))
    }

    fn new(scenario: &'a Scenario, payment: &'a Payment, language: Language) -> Self {
        let p = &payment.particulars;
        let (price, paid) = (payment.price, payment.paid());
        let currency = paid.currency();
        let bin = scenario.bins.find(&payment.bin);
        let bank = bin.and_then(|bin| bin.bank.as_ref());
        let commission = Money::new(paid.minor() - price.minor(), currency);
        let receipt = p.receipt.as_ref();
        Self {
            id: payment.id,
            created_date: Date(payment.created_at),
            price: Decimal::echo(price, p.price.as_ref()),
            paid_price: Decimal::echo(paid, p.paid.as_ref()),
            wallet_price: p
                .from_balance
                .as_ref()
                .map_or_else(Decimal::zero, Decimal::from),
            currency: currency.code(),
            buyer_member_id: p.buyer,
            installment: payment.installment,
            conversation_id: p.conversation_id.as_deref(),
            external_id: p.external_id.as_deref(),
            payment_channel: p.channel.as_deref(),
            payment_type: "CARD_PAYMENT",
            payment_provider: provider(p.provider),
            payment_source: source(p.source),
            payment_group: group(p.group),
            payment_status: status(payment),
            payment_phase: phase(payment),
            is_three_ds: payment.three_d,
            merchant_commission_rate: Decimal::rate(rate(commission, price)),
            merchant_commission_rate_amount: commission.into(),
            bank_commission_rate: p.bank_rate.into(),
            bank_commission_rate_amount: paid.percent(p.bank_rate).into(),
            paid_with_stored_card: p.paid_with_stored_card,
            card_user_key: p.stored.as_ref().map(|keys| &*keys.user),
            card_token: p.stored.as_ref().map(|keys| &*keys.token),
            bin_number: bin_number(bin, payment),
            last_four_digits: p.last_four.as_deref(),
            card_holder_name: p.holder_name.as_deref(),
            card_issuer_bank_name: bank.map(|bank| &*bank.name),
            card_issuer_bank_id: bank.and_then(|bank| bank.code),
            card: bin.map(CardFacts::of).unwrap_or_default(),
            auth_code: receipt.map(|receipt| receipt.auth_code()),
            host_reference: receipt.map(|receipt| receipt.host_reference()),
            trans_id: receipt.map(|receipt| receipt.trans_id()),
            order_id: &payment.order_no,
            md_status: payment.three_ds().map(|three_ds| three_ds.md_status),
            requested_pos_alias: p.requested_pos.as_deref(),
            pos: pos::route(bin, p.requested_pos.as_deref()).into(),
            loyalty: p.loyalty.as_deref().map(LoyaltyBody::from),
            payment_error: payment_error(payment, language),
            payment_transactions: transactions(payment),
        }
    }
}

/// The record that was matched; else the digits themselves.
pub fn bin_number<'a>(bin: Option<&'a Bin>, payment: &'a Payment) -> Option<&'a str> {
    let digits = bin.map_or(&*payment.bin, |bin| &bin.prefix);
    (!digits.is_empty()).then_some(digits)
}

/// The items of `payment`, in its order.
pub fn transactions(payment: &Payment) -> Vec<TransactionBody<'_>> {
    let all = shares(payment).into_iter().enumerate();
    all.map(|(position, split)| transaction(payment, position, split))
        .collect()
}

/// How each item is shared out.
pub fn shares(payment: &Payment) -> Vec<Split> {
    let p = &payment.particulars;
    let seller = |line: &Line| line.seller_price.as_ref().map(Amount::money);
    let sellers: Vec<_> = p.lines.iter().map(seller).collect();
    splits(payment.items(), &sellers, p.bank_rate)
}

fn transaction(payment: &Payment, position: usize, split: Split) -> TransactionBody<'_> {
    let item = &payment.items()[position];
    let line = payment.particulars.line(position);
    let (merchant, seller): (Decimal, Decimal) = (split.merchant.into(), split.seller.into());
    let paid_price = Decimal::echo(item.paid, line.price.as_ref());
    TransactionBody {
        id: payment.transactions + position as u64,
        price: Decimal::echo(item.price, line.price.as_ref()),
        paid_price: paid_price.clone(),
        wallet_price: Decimal::zero(),
        merchant_commission_rate: Decimal::rate(split.commission_rate),
        merchant_commission_rate_amount: split.commission.into(),
        merchant_payout_amount: merchant.clone(),
        sub_merchant_member_id: line.seller,
        sub_merchant_member_price: line.seller_price.as_ref().map(Decimal::from),
        sub_merchant_member_payout_rate: Decimal::rate(split.seller_rate),
        sub_merchant_member_payout_amount: seller.clone(),
        transaction_status: transaction_status(payment.particulars.group, line),
        blockage_resolved_date: Date(unblocked(payment.created_at, line)),
        payout: Payout {
            paid_price,
            parity: 1,
            currency: item.paid.currency().code(),
            merchant_payout_amount: merchant,
            sub_merchant_member_payout_amount: seller,
        },
        name: line.name.as_deref(),
        external_id: line.external_id.as_deref(),
    }
}

/// Items of goods wait for the merchant's approval; those of listings do not.
pub const fn transaction_status(group: Group, line: &Line) -> &'static str {
    match group {
        Group::Product if !line.approved => "WAITING_FOR_APPROVAL",
        Group::Product | Group::ListingOrSubscription => "APPROVED",
    }
}

/// The first moment of the day on which an item is paid out: the next one, if nothing else is said.
pub fn unblocked(created: Timestamp, line: &Line) -> Timestamp {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let days = line.blockage_days.unwrap_or(1);
    let then = created.plus(DAY.saturating_mul(days));
    line.unblocked_at.unwrap_or_else(|| then.turkey_midnight())
}

/// contract: craftgate §11.1
pub const fn status(payment: &Payment) -> &'static str {
    match payment.status() {
        Status::Created => "WAITING",
        Status::AwaitingThreeDs => "INIT_THREEDS",
        Status::Authenticated(_) => "CALLBACK_THREEDS",
        Status::Authorized | Status::Captured | Status::Voided => "SUCCESS",
        Status::Failed(_) => "FAILURE",
    }
}

/// contract: craftgate §4.8
pub fn phase(payment: &Payment) -> &'static str {
    let captured = payment
        .ledger()
        .iter()
        .any(|line| line.kind == Kind::Capture);
    match payment.phase {
        Phase::Sale => "AUTH",
        Phase::Provision if captured => "POST_AUTH",
        Phase::Provision => "PRE_AUTH",
    }
}

/// contract: craftgate §10
pub const fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Bank => "BANK",
        Provider::CardWallet => "MASTERPASS",
    }
}

/// contract: craftgate §10
pub const fn source(source: Source) -> &'static str {
    match source {
        Source::Api => "API",
        Source::CheckoutForm => "CHECKOUT_FORM",
    }
}

/// contract: craftgate §10
pub const fn group(group: Group) -> &'static str {
    match group {
        Group::Product => "PRODUCT",
        Group::ListingOrSubscription => "LISTING_OR_SUBSCRIPTION",
    }
}

/// Why `payment` failed, if it did.
pub fn payment_error(payment: &Payment, language: Language) -> Option<ErrorBody> {
    let Status::Failed(why) = payment.status() else {
        return None;
    };
    Some(failure(why, language))
}

/// Why something failed.
pub fn failure(why: &Failure, language: Language) -> ErrorBody {
    match why {
        Failure::Declined(why) => ErrorBody::declined(*why, language),
        Failure::ResponseCode { code, description } => {
            ErrorBody::coded(&response_code(code, description.as_deref()), language)
        }
        Failure::ThreeDs(_) => {
            let (code, group, description) =
                (Code::ThreeDsNotVerified.number().to_string(), None, None);
            let error = VendorError {
                code,
                group,
                description,
            };
            ErrorBody::coded(&error, language)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::card::BinTable;
    use crate::domain::decision::Authorization;
    use crate::domain::money::Currency;
    use crate::domain::particulars::Particulars;
    use crate::domain::payment::NewPayment;
    use crate::reply::json::to_string;
    use serde_json::{Value, json};

    fn amount(text: &str) -> Amount {
        Amount::parse(text, Currency::TRY).unwrap()
    }

    fn line(name: &str, price: &str) -> Line {
        Line {
            name: Some(name.into()),
            price: Some(amount(price)),
            ..Line::default()
        }
    }

    fn body(payment: &Payment) -> Value {
        let scenario = Scenario {
            bins: BinTable::published(),
            ..Scenario::default()
        };
        let body = PaymentBody::new(&scenario, payment, Language::Tr);
        serde_json::from_str(&to_string(&body).unwrap()).unwrap()
    }

    fn paid() -> Payment {
        let at = Timestamp::from_micros(1_767_312_245_000_000);
        let items = ["30", "50.0", "20"].map(amount);
        let mut payment = Payment::new(NewPayment {
            id: 271_591,
            transactions: 500_001,
            order_no: "MP1".into(),
            bin: "40430800".into(),
            items: items.iter().map(Amount::money).collect(),
            at,
            particulars: Box::new(Particulars {
                price: Some(amount("100.0")),
                paid: Some(amount("100")),
                group: Group::ListingOrSubscription,
                lines: [line("Shoe", "30"), line("Bag", "50.0"), line("Belt", "20")]
                    .into_iter()
                    .collect(),
                ..Particulars::default()
            }),
            ..NewPayment::of(amount("100").money())
        })
        .unwrap();
        payment.authorize(&Authorization::Approved, at).unwrap();
        payment
    }

    #[test]
    fn the_worked_example_holds() {
        let body = body(&paid());
        for (path, want) in [
            ("/id", json!(271_591)),
            ("/createdDate", json!("2026-01-02T03:04:05")),
            ("/paymentProvider", json!("MASTERPASS")),
            ("/paymentStatus", json!("SUCCESS")),
            ("/paymentPhase", json!("AUTH")),
            ("/isThreeDS", json!(false)),
            ("/merchantCommissionRate", json!(0)),
            ("/binNumber", json!("404308")),
            ("/cardBrand", json!("Bonus")),
            ("/pos/alias", json!("62-garanti-59")),
            ("/paymentTransactions/0/id", json!(500_001)),
            ("/paymentTransactions/2/id", json!(500_003)),
            ("/paymentTransactions/0/merchantPayoutAmount", json!(30)),
            (
                "/paymentTransactions/0/transactionStatus",
                json!("APPROVED"),
            ),
            (
                "/paymentTransactions/0/blockageResolvedDate",
                json!("2026-01-03T00:00:00"),
            ),
            ("/paymentTransactions/0/payout/parity", json!(1)),
        ] {
            assert_eq!(body.pointer(path), Some(&want), "{path}");
        }
        for absent in [
            "/cardUserKey",
            "/cardToken",
            "/fraudId",
            "/fraudAction",
            "/paymentError",
            "/mdStatus",
        ] {
            assert_eq!(body.pointer(absent), None, "{absent}");
        }
    }

    #[test]
    fn amounts_are_echoed_as_written() {
        let scenario = Scenario::default();
        let paid = paid();
        let body = PaymentBody::new(&scenario, &paid, Language::Tr);
        let text = to_string(&body).unwrap();
        assert!(
            text.contains(r#""price":100.0,"paidPrice":100,"walletPrice":0,"#),
            "{text}"
        );
        assert!(text.contains(r#""price":50.0,"paidPrice":50.0,"#), "{text}");
    }

    #[test]
    fn a_failed_payment_says_why() {
        let mut payment = Payment::new(NewPayment::of(amount("1").money())).unwrap();
        let code = "10051".to_owned();
        let said = Authorization::ResponseCode {
            code,
            description: None,
        };
        payment
            .authorize(&said, Timestamp::from_micros(0))
            .unwrap_err();
        let body = body(&payment);
        let error = json!({
            "errorCode": "10051",
            "errorDescription": "Kart limiti yetersiz, yetersiz bakiye",
            "errorGroup": "NOT_SUFFICIENT_FUNDS",
        });
        assert_eq!(body["paymentError"], error);
        assert_eq!(body["paymentStatus"], "FAILURE");
    }
}
