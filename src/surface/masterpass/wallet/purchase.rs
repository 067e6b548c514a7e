//! A purchase begins: what it is asked for, its token, and the bank's page.

use super::cards::to_keep;
use super::flow::{begin, keepable};
use super::{Caller, Next, fault};
use crate::domain::challenge::{ChallengedCard, Purpose};
use crate::domain::decision::Ask;
use crate::domain::money::Money;
use crate::domain::token::ResultToken;
use crate::domain::wallet::{Card, Operation, Purchase, TransactionKind};
use crate::refusal::{Refusal, WalletFault};
use crate::route::Turn;
use crate::surface::three_ds;
use std::sync::Arc;

/// What a purchase is for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// how it is made
    pub kind: TransactionKind,
    /// the number that bank and shop know it by
    pub order_no: String,
    /// how much
    pub amount: Money,
    /// number of parts
    pub installment: u32,
    /// with which card
    pub card: Card,
}

/// A purchase begins. `falls_back`: where the bank sends no passwords, 3-D Secure takes their place;
/// else that is refused.
pub fn purchase(
    turn: &mut Turn<'_>,
    caller: &Caller,
    wanted: Wanted,
    falls_back: bool,
) -> Result<Next, Refusal> {
    if !wanted.amount.is_positive() {
        return Err(Refusal::Amount);
    }
    let mut card = wanted.card;
    if wanted.kind == TransactionKind::Registering {
        card = to_keep(turn, caller, card);
        keepable(turn, caller, &card)?;
    }
    card.persona.fault = fault(turn, &card);
    let ruled = turn.verdict.asks.clone();
    let asks = ruled.or_else(|| card.persona.asks.clone());
    let mut asks = asks.or_else(|| caller.asks.clone()).unwrap_or_default();
    let no_otp = card.persona.fault == Some(WalletFault::OtpUnsupported);
    if no_otp && !asks.contains(&Ask::ThreeDs) {
        if !falls_back {
            return Err(Refusal::Wallet(WalletFault::OtpUnsupported));
        }
        asks = vec![Ask::ThreeDs];
    }
    let purchase = Purchase {
        kind: wanted.kind,
        msisdn: caller.msisdn.as_str().into(),
        merchant: caller.merchant.as_str().into(),
        user: caller.user.as_str().into(),
        order_no: wanted.order_no.into(),
        amount: wanted.amount,
        installment: wanted.installment,
        card,
        token: turn.world.ids.handle(),
    };
    let order_no = purchase.order_no.clone();
    let operation = Operation::Purchase(Arc::new(purchase));
    let next = begin(turn, caller, (operation, asks))?;
    turn.world.state.wallet.remember_order(&order_no);
    Ok(next)
}

/// The purchase waits for the bank's page: its token is there, and good for nothing yet.
pub(super) fn challenge(turn: &mut Turn<'_>, purchase: &Arc<Purchase>) -> String {
    put_token(turn, purchase, false);
    let card = &purchase.card;
    let asked = three_ds::Asked {
        purpose: Purpose::Purchase {
            token: purchase.token.to_string(),
        },
        merchant: turn.world.scenario.merchants.first().name.clone(),
        order_no: purchase.order_no.to_string(),
        amount: purchase.amount,
        installment: purchase.installment,
        card: ChallengedCard {
            bin: card.pan.bin().to_owned(),
            last_four: Some(card.pan.last_four().to_owned()),
            pan: Some(card.pan.clone()),
            stored: purchase.kind == TransactionKind::Saved,
            three_ds: card.persona.three_ds,
        },
        msisdn: Some(purchase.msisdn.to_string()),
        kind: Some(purchase.kind),
        return_url: None,
    };
    three_ds::begin(turn.world, asked)
}

/// Written down; `successful`: all that was asked for is given.
pub(super) fn put_token(turn: &mut Turn<'_>, purchase: &Arc<Purchase>, successful: bool) {
    let world = &mut *turn.world;
    let lifetime = world.scenario.settings.masterpass.payment_token_lifetime;
    let token = ResultToken {
        token: purchase.token.clone(),
        order_no: purchase.order_no.clone(),
        amount: purchase.amount,
        successful,
        three_ds: None,
        used: false,
        expires_at: world.now().plus(lifetime),
        purchase: Some(Arc::clone(purchase)),
    };
    let tokens = &mut world.state.result_tokens;
    tokens.put(purchase.token.clone(), token);
}
