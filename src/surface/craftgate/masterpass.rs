//! The wallet through the gateway: who has an account, and tokens for the browser.
//! contract: craftgate §3.3, §3.4, §3.9, §3.10

use crate::domain::decision::Point;
use crate::domain::money::Amount;
use crate::domain::particulars::{Callback, Loyalty, Provider};
use crate::domain::payment::NewPayment;
use crate::domain::token::{Reference, ReferenceState};
use crate::domain::wallet::AccountStatus;
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::loyalties::{Offer, spendable};
use crate::surface::craftgate::new_payment::{Order, callback_version};
use crate::surface::craftgate::wallet_token::Shopper;
use crate::surface::craftgate::{body, card, write};
use compact_str::CompactString;
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::of(
        Method::POST,
        (
            "/payment/v1/masterpass-payments/check-user",
            "craftgate.masterpass.check_user",
        ),
        (
            Evidence::Observed,
            &[Point::Page, Point::Token, Point::Account],
        ),
        check_user,
    )
    .told(write::one::<User>),
    row(
        "/payment/v2/masterpass-payments/generate-token",
        "craftgate.masterpass.generate_token",
        (Evidence::Documented, generate_token),
    )
    .told(write::one::<Token<'_>>),
    row(
        "/payment/v2/masterpass-accounts/generate-token",
        "craftgate.masterpass.generate_account_token",
        (Evidence::Observed, account_token),
    )
    .told(write::one::<AccountToken>),
    Endpoint::of(
        Method::POST,
        (
            "/payment/v2/masterpass-payments/loyalties/retrieve",
            "craftgate.masterpass.retrieve_loyalties",
        ),
        (
            Evidence::Observed,
            &[Point::Page, Point::Token, Point::Loyalty],
        ),
        loyalties,
    )
    .told(write::one::<Offer>),
];

const fn row(
    path: &'static str,
    name: &'static str,
    (evidence, handle): (Evidence, fn(&mut Turn<'_>) -> Answer),
) -> Endpoint {
    Endpoint::of(
        Method::POST,
        (path, name),
        (evidence, &[Point::Page, Point::Token]),
        handle,
    )
}

/// contract: craftgate §3.4, the example's
const TERMINAL_GROUP: &str = "1";

#[allow(clippy::struct_excessive_bools, reason = "the vendor's own answer")]
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct User {
    is_eligible_to_use_masterpass: bool,
    is_any_card_saved_in_customer_program: bool,
    has_masterpass_account: bool,
    /// the vendor's spelling
    hash_any_card_saved_in_masterpass_account: bool,
    is_masterpass_account_linked_with_merchant: bool,
    is_masterpass_account_locked: bool,
    is_phone_number_updated_in_another_merchant: bool,
    account_status: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Token<'t> {
    token: String,
    reference_id: &'t str,
    order_no: &'t str,
    terminal_group_id: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct AccountToken {
    token: String,
}

/// As the wallet itself would tell this merchant. Anybody may pay (the vendor's sample asks for a phone
/// that nobody has), but with an account that is locked.
fn check_user(turn: &mut Turn<'_>) -> Answer {
    let phone = body::read(turn, |fields| fields.need_msisdn("masterpassGsmNumber"))?;
    let world = &*turn.world;
    let merchant = &world.scenario.settings.masterpass.merchant_id;
    let holder = world.state.wallet.holder(&world.scenario.wallet, &phone);
    let known = || holder.map(|holder| holder.status(merchant));
    let status = turn.verdict.account_status.or_else(known);
    let status = status.unwrap_or(AccountStatus::new([false; 7]));
    write::data(&User {
        is_eligible_to_use_masterpass: !status.blocked(),
        is_any_card_saved_in_customer_program: status.in_vault(),
        has_masterpass_account: status.account(),
        hash_any_card_saved_in_masterpass_account: status.cards(),
        is_masterpass_account_linked_with_merchant: status.linked(),
        is_masterpass_account_locked: status.blocked(),
        is_phone_number_updated_in_another_merchant: status.number_changed(),
        account_status: status.to_string(),
    })
}

/// For the account's page in the browser; it pays for nothing.
fn account_token(turn: &mut Turn<'_>) -> Answer {
    let shopper = body::read(turn, Shopper::read)?;
    not_down(turn)?;
    let token = shopper.token(turn, "");
    write::data(&AccountToken { token })
}

/// What the card in the wallet offers, which is known by its first digits. contract: craftgate §3.9
fn loyalties(turn: &mut Turn<'_>) -> Answer {
    let bin = body::read(turn, |fields| {
        fields.need_msisdn("msisdn");
        fields.need_text("cardName");
        integration_version(fields);
        need_bin(fields)
    })?;
    write::data(&Offer::of(turn, &bin))
}

/// What a token is asked for.
struct Wanted {
    bin: CompactString,
    shopper: Shopper,
    loyalty: Option<Loyalty>,
    order: Order,
    callback_version: u8,
}

impl Wanted {
    fn read(turn: &Turn<'_>) -> Result<Self, Refusal> {
        let wanted = body::read(turn, |fields| {
            let shopper = Shopper::read(fields);
            let bin = need_bin(fields);
            let order = fields.need_object("createPayment", |inner| {
                (Order::read(turn, inner), callback_version(inner))
            });
            let (order, callback_version) = order?;
            Some(Self {
                bin,
                shopper,
                loyalty: card::loyalty(fields, order.price.money().currency()),
                order,
                callback_version,
            })
        })?;
        let wanted = wanted.ok_or(Code::FieldMissing)?;
        wanted.check(turn)?;
        Ok(wanted)
    }

    fn check(&self, turn: &Turn<'_>) -> Result<(), Refusal> {
        let bin = turn.world.scenario.bins.find(&self.bin);
        if self.order.installment > 1 && bin.is_none() {
            return Err(Code::BinUnknown.into());
        }
        let program = bin.and_then(|bin| bin.program.as_deref());
        if self.loyalty.is_some() && !program.is_some_and(spendable) {
            return Err(Code::NoLoyaltyPos.into());
        }
        Ok(())
    }

    /// The payment, but for its numbers, and whose it is. `order_no`: makes one, should the shop have none.
    fn draft(self, order_no: impl FnOnce() -> CompactString) -> (NewPayment, Shopper) {
        let mut particulars = self.order.particulars;
        particulars.provider = Provider::CardWallet;
        particulars.loyalty = self.loyalty.map(Box::new);
        particulars.paid_with_stored_card = false;
        particulars.callback = Some(
            Callback {
                url: String::new(),
                version: self.callback_version,
            }
            .into(),
        );
        let items = particulars.lines.iter();
        let items = items.filter_map(|line| line.price.as_ref().map(Amount::money));
        let draft = NewPayment {
            order_no: self.order.order_no.unwrap_or_else(order_no),
            paid: self.order.paid.money(),
            installment: self.order.installment,
            bin: self.bin,
            phase: self.order.phase,
            three_d: self.shopper.three_d(),
            items: items.collect(),
            ..NewPayment::carrying(self.order.price.money(), particulars)
        };
        (draft, self.shopper)
    }
}

fn generate_token(turn: &mut Turn<'_>) -> Answer {
    let wanted = Wanted::read(turn)?;
    not_down(turn)?;
    let world = &mut *turn.world;
    let now = world.now();
    let (draft, shopper) = wanted.draft(|| world.ids.gateway_order_no(now));
    let order_no = draft.order_no.clone();
    let lifetime = world.scenario.settings.craftgate.reference_lifetime;
    let reference = Reference {
        id: world.ids.handle(),
        order_no: order_no.clone(),
        bin: draft.bin.clone(),
        installment: draft.installment,
        price: draft.price,
        paid: draft.paid,
        three_d: draft.three_d,
        payable: true,
        expires_at: now.plus(lifetime),
        state: ReferenceState::Issued,
        draft: Some(Box::new(draft)),
    };
    let id = Arc::clone(&reference.id);
    world.state.references.put(Arc::clone(&id), reference);
    let token = shopper.token(turn, &order_no);
    write::data(&Token {
        token,
        reference_id: &id,
        order_no: &order_no,
        terminal_group_id: TERMINAL_GROUP,
    })
}

/// Err when the scenario says that the wallet issues no token.
fn not_down(turn: &Turn<'_>) -> Result<(), Refusal> {
    turn.verdict
        .token
        .map_or(Ok(()), |fault| Err(Refusal::Token(fault)))
}

/// The first digits of a card, as text or number: required.
fn need_bin(fields: &mut Fields<'_>) -> CompactString {
    let bin = fields.need_text("binNumber");
    let digits = (6..=8).contains(&bin.len()) && bin.bytes().all(|b| b.is_ascii_digit());
    if !bin.is_empty() && !digits {
        fields.fail("binNumber", Code::FieldMalformed);
    }
    bin
}

/// Which generation of the wallet is to read the token: 1 or 2. Not said: the first.
pub fn integration_version(fields: &mut Fields<'_>) -> u32 {
    const NAME: &str = "masterpassIntegrationVersion";
    let version = fields.count(NAME).unwrap_or(1);
    if !(1..=2).contains(&version) {
        fields.fail(NAME, Code::FieldMalformed);
    }
    version
}
