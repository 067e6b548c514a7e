//! What is to be paid, as every request for a payment says it. contract: craftgate §3.4, §5.1

use crate::domain::card::CardKind;
use crate::domain::decision::{Authorization, Decline};
use crate::domain::installment::offer;
use crate::domain::money::{Amount, Currency, Money};
use crate::domain::pan::Pan;
use crate::domain::particulars::{Callback, Group, Line, Lines, Particulars, Provider};
use crate::domain::payment::{Failure, MAX_ITEMS, NewPayment, Payment, PaymentId, Phase};
use crate::domain::published::Operation;
use crate::refusal::Refusal;
use crate::route::Turn;
use crate::surface::craftgate::card::{self, Card};
use crate::surface::craftgate::decide;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::ignored;
use crate::surface::craftgate::loyalties::spendable;
use crate::surface::craftgate::webhooks;
use compact_str::CompactString;

/// How many digits of a card are known of a payment.
const BIN_DIGITS: usize = 8;

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
    pub order_no: Option<CompactString>,
    /// what it carries besides; the card is not there yet
    pub particulars: Particulars,
}

/// An order and the card that pays it.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// what is to be paid
    pub order: Order,
    /// who pays
    pub card: Card,
    /// where the browser goes after 3-D Secure; None: without it
    pub callback: Option<Callback>,
}

impl Order {
    /// Reads an order; what is wrong with it is written down.
    pub fn read(turn: &Turn<'_>, fields: &mut Fields<'_>) -> Self {
        fields.ignore(ignored::PAYMENT);
        let currency = fields.need_currency("currency");
        let price = fields.need_amount("price", currency);
        let paid = fields.need_amount("paidPrice", currency);
        let installment = fields.need_count("installment");
        let buyer = fields.id("buyerMemberId");
        let from_balance = balance(fields, currency, buyer);
        let lines = lines(fields, &price);
        let group = fields.word("paymentGroup", GROUPS).unwrap_or_default();
        let phase = fields.word("paymentPhase", PHASES).unwrap_or(Phase::Sale);
        Self {
            installment,
            phase,
            order_no: fields.reference("bankOrderId"),
            particulars: Particulars {
                merchant: Some(turn.caller.as_str().into()),
                conversation_id: fields.reference("conversationId"),
                external_id: fields.reference("externalId").map(Into::into),
                channel: fields.text("paymentChannel").map(Into::into),
                group,
                provider: Provider::Bank,
                buyer,
                price: Some(price.clone()),
                paid: Some(paid.clone()),
                from_balance,
                lines,
                requested_pos: fields.text("posAlias").map(Into::into),
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

/// What a member's wallet pays: nothing yet.
fn balance(fields: &mut Fields<'_>, currency: Currency, buyer: Option<u64>) -> Option<Amount> {
    let balance = fields.amount("walletPrice", currency);
    let some = balance
        .as_ref()
        .is_some_and(|amount| amount.money().is_positive());
    match (some, buyer) {
        (false, _) => {}
        (true, None) => fields.fail("buyerMemberId", Code::WalletNeedsBuyer),
        (true, Some(_)) => fields.fail("walletPrice", Code::WalletNotMocked),
    }
    balance
}

/// An item, of which its seller gets no more than it costs.
fn line(item: &mut Fields<'_>, currency: Currency) -> Line {
    let price = item.need_amount("price", currency);
    let share = item.amount("subMerchantMemberPrice", currency);
    let exceeds = |share: &Amount| share.money() > price.money();
    // A price that is nothing, or no price, is what is wrong then.
    if price.money().is_positive() && share.as_ref().is_some_and(exceeds) {
        item.fail("subMerchantMemberPrice", Code::TransactionNotUpdatable);
    }
    Line {
        price: Some(price),
        name: item.text("name"),
        external_id: item.text("externalId").map(Into::into),
        seller: item.id("subMerchantMemberId"),
        seller_price: share,
        blockage_days: item.count("blockageDay"),
        ..Line::default()
    }
}

/// Each in its place: a single one needs no memory of its own.
fn packed(list: Vec<Line>) -> Lines {
    let mut lines = Lines::new();
    list.into_iter().for_each(|line| lines.push(line));
    lines
}

/// The items, which add up to `price`.
pub fn lines(fields: &mut Fields<'_>, price: &Amount) -> Lines {
    let currency = price.money().currency();
    let lines = fields.list("items", |item| line(item, currency));
    let lines = packed(lines);
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

impl Wanted {
    /// Reads a payment by card. `three_d`: it goes to the bank's page and needs a way back.
    pub fn read(turn: &Turn<'_>, fields: &mut Fields<'_>, three_d: bool) -> Option<Self> {
        let order = Order::read(turn, fields);
        let currency = order.price.money().currency();
        let card = fields.need_object("card", |fields| card::read(turn, fields, currency));
        let callback = three_d.then(|| callback(fields));
        Some(Self {
            order,
            card: card.flatten()?,
            callback,
        })
    }

    /// What the house says before a bank is asked: Err when it is not even tried, Some when it is
    /// declined.
    pub fn checked(&self, turn: &Turn<'_>) -> Result<Option<Decline>, Refusal> {
        let scenario = &turn.world.scenario;
        let digits = self.card.pan.digits();
        let bin = scenario.bins.find(digits);
        let program = bin.and_then(|bin| bin.program.as_deref());
        if self.card.loyalty.is_some() && !program.is_some_and(spendable) {
            return Err(Code::NoLoyaltyPos.into());
        }
        let debit = bin.is_some_and(|bin| bin.kind == Some(CardKind::Debit));
        if self.order.installment > 1 {
            if debit {
                return Ok(Some(Decline::DebitCardsInstallmentNotAllowed));
            }
            let bin = bin.ok_or(Code::BinUnknown)?;
            let price = self.order.price.money();
            let offered = offer(&scenario.installments, Some(bin), digits, price);
            let wanted = self.order.installment;
            if !offered.iter().any(|part| part.count == wanted) {
                return Err(Code::InstallmentNotOffered.into());
            }
        }
        let forced = scenario.settings.craftgate.force_three_ds_for_debit;
        let bare = debit && forced && self.callback.is_none();
        Ok(bare.then_some(Decline::DebitCardsRequiresThreeDs))
    }

    /// A payment about which nothing is decided.
    pub fn payment(self, turn: &mut Turn<'_>) -> Result<Payment, Refusal> {
        let Self {
            order,
            card,
            callback,
        } = self;
        let at = turn.world.now();
        let Order {
            price,
            paid,
            installment,
            phase,
            order_no,
            mut particulars,
        } = order;
        let ids = &mut turn.world.ids;
        let items = particulars
            .lines
            .iter()
            .filter_map(|line| line.price.as_ref());
        let items: Vec<Money> = items.map(Amount::money).collect();
        particulars.last_four = Some(card.pan.last_four().into());
        particulars.holder_name = Some(card.holder.into());
        particulars.to_store = card.to_store.map(Box::new);
        particulars.paid_with_stored_card = card.stored;
        particulars.loyalty = card.loyalty.map(Box::new);
        let three_d = callback.is_some();
        particulars.callback = callback.map(Into::into);
        let bin = first_digits(&card.pan);
        particulars.pan = Some(card.pan);
        Payment::new(NewPayment {
            id: ids.payment(),
            transactions: ids.transactions(items.len()),
            order_no: order_no.unwrap_or_else(|| ids.order_no(at)),
            price: price.money(),
            paid: paid.money(),
            installment,
            bin: bin.into(),
            phase,
            three_d,
            items,
            at,
            particulars: Box::new(particulars),
        })
    }
}

/// What is known of a card by its number.
pub fn first_digits(pan: &Pan) -> String {
    pan.digits().chars().take(BIN_DIGITS).collect()
}

/// Where the browser goes, and which generation of fields it gets. contract: craftgate §3.8
pub fn callback(fields: &mut Fields<'_>) -> Callback {
    let url = fields.need_url("callbackUrl");
    let version = callback_version(fields);
    Callback { url, version }
}

/// The generation of the callback's fields that is asked for. contract: craftgate §3.8
pub fn callback_version(fields: &mut Fields<'_>) -> u8 {
    let asked = fields.object("additionalParams", |more| {
        more.count("threeDSCallbackVersion")
    });
    if asked.flatten() == Some(2) { 2 } else { 1 }
}

/// What the bank says to `operation` of `payment`. Of a payment that is only to be reserved it is
/// asked that, too.
pub fn ask(turn: &mut Turn<'_>, payment: &Payment, operation: Operation) -> Authorization {
    let pan = payment.particulars.pan.as_ref();
    match (payment.phase, operation) {
        (Phase::Provision, Operation::Payment) => decide::bank(turn, Operation::PreAuth, pan),
        (Phase::Provision, Operation::ThreeDsComplete) => {
            let said = decide::bank(turn, operation, pan);
            if said == Authorization::Approved {
                return decide::bank(turn, Operation::PreAuth, pan);
            }
            said
        }
        (Phase::Sale | Phase::Provision, _) => decide::bank(turn, operation, pan),
    }
}

/// The bank's answer to 3-D Secure for `payment`: it waits for its holder or it fails, and it is
/// kept either way.
pub fn begin(
    turn: &mut Turn<'_>,
    mut payment: Payment,
    said: &Authorization,
) -> Result<Payment, Refusal> {
    let refusal = match Failure::of(said) {
        None => {
            payment.begin_challenge()?;
            None
        }
        Some(why) => {
            let refusal = why.refusal();
            payment.fail(why)?;
            Some(refusal)
        }
    };
    turn.world.state.payments.put(payment.id, payment.clone());
    if refusal.is_some() {
        webhooks::not_begun(turn, &payment);
    }
    refusal.map_or(Ok(payment), Err)
}

/// The bank's answer to `payment`: it is charged or it fails, and it is kept either way. What was
/// charged has a receipt, its card is stored where that was asked for, and the hosted page on which
/// it was made counts it. What only checked the card is given back.
/// A payment for which its page no longer waits fails, whatever the bank says.
pub fn charge(
    turn: &mut Turn<'_>,
    mut payment: Payment,
    said: &Authorization,
) -> Result<Payment, Refusal> {
    let at = turn.world.now();
    let late = is_late(turn, &payment);
    let result = match late {
        true => {
            payment.fail(Failure::LATE)?;
            Err(Failure::LATE.refusal())
        }
        false => payment.authorize(said, at),
    };
    if result == Err(Refusal::IllegalState) {
        return Err(Refusal::IllegalState);
    }
    let particulars = &mut payment.particulars;
    let card = particulars.to_store.take();
    if result.is_ok() {
        particulars.receipt = Some(turn.world.ids.receipt(at));
        particulars.stored = card
            .map(|card| card::keep(turn, *card).keys)
            .map(Into::into);
        if particulars.checks_card {
            payment.reverse(at)?;
        }
        count(turn, &payment);
    }
    turn.world.state.payments.put(payment.id, payment.clone());
    if !late {
        webhooks::charged(turn, &payment);
    }
    result.map(|()| payment)
}

/// Nobody waits for that payment any more: what is not charged fails.
pub fn abandon(turn: &mut Turn<'_>, id: Option<PaymentId>) {
    let payment = id.and_then(|id| turn.world.state.payments.get_mut(&id));
    // Err: it is over already, and stays as it is.
    payment.map(|payment| payment.fail(Failure::LATE).ok());
}

/// Whether it was made on a hosted page that no longer waits for it.
fn is_late(turn: &Turn<'_>, payment: &Payment) -> bool {
    let now = turn.world.now();
    let pages = &turn.world.state.hosted;
    payment.particulars.page.as_deref().is_some_and(|token| {
        let page = pages.get(token);
        !page.is_some_and(|page| page.awaits(payment.id, now))
    })
}

/// The hosted page on which it was made learns that it is paid.
fn count(turn: &mut Turn<'_>, payment: &Payment) {
    let particulars = &payment.particulars;
    let page = particulars.page.as_deref();
    if let Some(page) = page.and_then(|token| turn.world.state.hosted.get_mut(token)) {
        page.took(payment.id, payment.price);
        let stored = particulars.stored.clone();
        page.card = stored.filter(|_| page.wants_card()).map(|keys| *keys);
    }
}
