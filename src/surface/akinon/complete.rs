//! The last page: the payment is made and the order placed, once. contract: akinon §9.7, §12

use crate::call::form::Form;
use crate::domain::checkout::{Placed, Session, Step};
use crate::domain::decision::{Authorization, Point, ThreeDs};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::payment::{NewPayment, Payment, PaymentId, Status};
use crate::domain::published::Operation;
use crate::domain::shop::{PaymentOption, PosKind};
use crate::domain::token::{Reference, ReferenceState, ResultToken};
use crate::refusal::{Refusal, TokenFault};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::checkout::{begin, option_of};
use crate::surface::akinon::envelope::{self, Say, ThankYou};
use crate::surface::akinon::sent::Sent;
use crate::surface::akinon::services::Goods;
use crate::surface::akinon::{completed, services, session};
use crate::world::World;
use compact_str::CompactString;
use http::Method;
use std::sync::Arc;

/// The row of the page.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: Method::POST,
    path: "/orders/checkout",
    page: Some("MasterpassRestCompletePage"),
    name: "akinon.checkout.complete",
    evidence: Evidence::Documented,
    points: &[
        Point::Page,
        Point::Token,
        Point::ThreeDs,
        Point::Authorization,
    ],
    handle: complete,
    spec: |spec| {
        // The bank's own fields may come along.
        spec.need_query(&[("responseCode", Form::Text)]);
        spec.query(&[("three_d_secure", Form::Flag), ("paymentId", Form::Digits)]);
        spec.whole_body();
        envelope::told(spec);
    },
}];

/// A completion that succeeded may come again: same answer, no second order.
fn complete(turn: &mut Turn<'_>) -> Answer {
    let sent = Sent::read(turn.call)?;
    if let Some(placed) = repeated(turn, &sent) {
        return Ok(thank_you(turn, &placed));
    }
    begin(turn, Step::Complete)?;
    let session = session::open(turn).clone();
    let option = option_of(&session, &turn.world.scenario.shop).cloned();
    let option = option.ok_or(Refusal::WrongOrder)?;
    sent.check(option.pos_kind)?;
    match sent.response_code.as_deref() {
        // The client of the generation before takes an empty code for success too.
        None | Some("0000" | "") => {}
        Some(code) => {
            return Err(Refusal::ResponseCode {
                code: code.to_owned(),
                description: None,
            });
        }
    }
    if let Some(fault) = turn.verdict.token {
        return Err(Refusal::Token(fault));
    }
    let attempt = Attempt {
        sent: &sent,
        session: &session,
        option: &option,
    };
    let payment = match option.pos_kind {
        PosKind::Wallet => attempt.by_wallet(turn)?,
        PosKind::Gateway if sent.is_three_d() => attempt.by_payment(turn)?,
        PosKind::Gateway => attempt.by_reference(turn)?,
    };
    let placed = attempt.place(turn, payment);
    Ok(thank_you(turn, &placed))
}

/// The order that this very completion has placed, while no new checkout has come as far.
fn repeated(turn: &Turn<'_>, sent: &Sent) -> Option<Placed> {
    let session = session::peek(turn)?;
    let placed = session.placed.as_deref()?;
    let same = session.checkout.attempt.is_none() && sent.key() == Some(&*placed.by);
    same.then(|| placed.clone())
}

/// A completion with all that it is checked against.
struct Attempt<'a> {
    sent: &'a Sent,
    session: &'a Session,
    option: &'a Arc<PaymentOption>,
}

impl Attempt<'_> {
    /// The wallet's own POS: a result token, and what 3-D Secure said.
    fn by_wallet(&self, turn: &mut Turn<'_>) -> Result<PaymentId, Refusal> {
        let (order_no, three_d) = self.order_no();
        if three_d && !self.sent.is_three_d() {
            return Err(Refusal::ThreeDsMixUp);
        }
        let totals = self.session.totals(&turn.world.scenario.shop);
        let known = self.bought(turn, (order_no, totals.payable))?;
        if let Some(known) = &known {
            self.sent.is_result_of(known)?;
        }
        let world = &mut *turn.world;
        let now = world.now();
        let checkout = &self.session.checkout;
        let goods = Goods::of(self.session, &world.scenario.shop, totals.order);
        let mut payment = Payment::new(NewPayment {
            id: world.ids.payment(),
            transactions: world.ids.transactions(goods.items.len()),
            order_no: order_no.into(),
            price: totals.order,
            paid: totals.payable,
            installment: checkout.installment.as_ref().map_or(1, |i| i.count),
            bin: checkout
                .card
                .as_ref()
                .map_or_else(CompactString::default, |c| c.bin.as_str().into()),
            phase: services::phase(self.option),
            three_d: self.sent.is_three_d(),
            items: goods.items,
            at: now,
            particulars: goods.particulars,
        })?;
        if payment.three_d {
            payment.begin_challenge()?;
        }
        self.settle(turn, payment, known)
    }

    /// What the wallet sold under the token that is sent, for this order.
    fn bought(
        &self,
        turn: &Turn<'_>,
        order: (&str, Money),
    ) -> Result<Option<ResultToken>, Refusal> {
        let world = &*turn.world;
        let token = self.sent.token.as_deref().unwrap_or_default();
        let careful = (world.scenario.settings.strict_tokens, world.now());
        let bought = world.state.bought(token, order, careful);
        bought.map(Option::<&_>::cloned).map_err(Refusal::Token)
    }

    /// Challenge and authorisation, with what the wallet sold, which is used up if money moves.
    fn settle(
        &self,
        turn: &mut Turn<'_>,
        mut payment: Payment,
        bought: Option<ResultToken>,
    ) -> Result<PaymentId, Refusal> {
        if let Some(bought) = &bought {
            payment.particulars.pay_with(&bought.token, bought.card());
        }
        let order = (payment.order_no.clone(), payment.paid());
        let said = Said::of(turn, bought.as_ref());
        let world = &mut *turn.world;
        let id = settle(world, payment, &said)?;
        let (now, tokens) = (world.now(), &mut world.state.result_tokens);
        let token = bought.and_then(|bought| tokens.get_mut(&bought.token));
        token.map_or(Ok(id), |token| {
            let redeemed = token.redeem(&order.0, order.1, now);
            redeemed.map(|()| id).map_err(Refusal::Token)
        })
    }

    /// A gateway's POS without 3-D Secure: the reference of the second token.
    fn by_reference(&self, turn: &mut Turn<'_>) -> Result<PaymentId, Refusal> {
        let id = self.sent.reference_id.clone().unwrap_or_default();
        let reference = self.payable_reference(turn, &id)?;
        let mixed = self.order_no().1 || reference.three_d;
        if mixed || matches!(reference.state, ReferenceState::Initialised(_)) {
            return Err(Refusal::ThreeDsMixUp);
        }
        let bought = self.bought(turn, (&reference.order_no, reference.paid))?;
        if bought.as_ref().is_some_and(|it| it.three_ds.is_some()) {
            return Err(Refusal::ThreeDsMixUp);
        }
        let world = &mut *turn.world;
        let goods = Goods::of(self.session, &world.scenario.shop, reference.price);
        let (ids, now) = (&mut world.ids, world.clock.now());
        let begun = (ids.payment(), ids.transactions(goods.items.len()), now);
        let begun = (begun, goods);
        let payment = Payment::new(services::new_payment(&reference, self.option, begun))?;
        let payment = self.settle(turn, payment, bought)?;
        redeem(turn.world, &id);
        Ok(payment)
    }

    /// A gateway's POS with 3-D Secure: the payment that init has begun. When no bank page was
    /// visited the challenge is settled here.
    fn by_payment(&self, turn: &mut Turn<'_>) -> Result<PaymentId, Refusal> {
        let unknown = Refusal::Token(TokenFault::Unknown);
        let sent = self
            .sent
            .payment_id
            .as_deref()
            .and_then(|id| id.parse::<PaymentId>().ok());
        let id = self
            .session
            .checkout
            .reference
            .clone()
            .ok_or_else(|| unknown.clone())?;
        let reference = self.payable_reference(turn, &id)?;
        let payment = match reference.state {
            ReferenceState::Initialised(payment) if Some(payment) == sent => payment,
            ReferenceState::Initialised(_)
            | ReferenceState::Issued
            | ReferenceState::Used
            | ReferenceState::Superseded => return Err(unknown),
        };
        let world = &mut *turn.world;
        let payment = world.state.payments.get(&payment).cloned().ok_or(unknown)?;
        // The wallet was asked: then the bank's page is waited for.
        let asked = world.state.wallet.knows_order(&payment.order_no);
        let strict = asked || world.scenario.settings.strict_tokens;
        if strict && *payment.status() == Status::AwaitingThreeDs {
            return Err(Refusal::Token(TokenFault::NotSuccessful));
        }
        let bought = payment.particulars.purchase.as_deref();
        let bought = bought.and_then(|token| world.state.result_tokens.get(token));
        // Where the wallet's purchase came back with the browser, what it sold must still be there.
        let unpaid = matches!(payment.status(), Status::Authenticated(_));
        let bought = bought.filter(|_| unpaid).cloned();
        if let Some(bought) = &bought {
            let checked = bought.check(&payment.order_no, payment.paid(), world.now());
            checked.map_err(Refusal::Token)?;
        }
        let payment = self.settle(turn, payment, bought)?;
        redeem(turn.world, &id);
        Ok(payment)
    }

    fn payable_reference(&self, turn: &Turn<'_>, id: &str) -> Result<Reference, Refusal> {
        let reference = turn.world.state.references.get(id);
        let reference = reference.ok_or(Refusal::Token(TokenFault::Unknown))?;
        services::is_of(self.session, reference)?;
        let paid = self.session.totals(&turn.world.scenario.shop).payable;
        reference
            .check(paid, turn.world.now())
            .map_err(Refusal::Token)?;
        Ok(reference.clone())
    }

    fn order_no(&self) -> (&str, bool) {
        let attempt = self.session.checkout.attempt.as_ref();
        attempt.map_or(("", false), |a| (&a.order_no, a.three_d))
    }

    /// Writes the order down and clears the checkout.
    fn place(&self, turn: &mut Turn<'_>, payment: PaymentId) -> Placed {
        let id = turn.world.ids.order();
        let shop = &turn.world.scenario.shop;
        let (c, totals) = (&self.session.checkout, self.session.totals(shop));
        let address = |pk: Option<u32>| self.session.address(shop, pk?).cloned();
        let customer = self.session.customer.and_then(|pk| shop.customer(pk));
        let guest = self.session.guest.as_ref();
        let order_no = self.order_no().0.to_owned();
        let order = Order {
            id,
            number: order_no.clone(),
            customer: customer.map(|c| c.pk),
            email: customer
                .map(|c| &c.email)
                .or(guest.map(|g| &g.email))
                .cloned()
                .unwrap_or_default(),
            lines: self.session.basket.clone(),
            amount: totals.order,
            shipping_amount: totals.shipping,
            installment: c
                .installment
                .clone()
                .expect("installments are chosen before this page"),
            bin: c
                .card
                .as_ref()
                .map_or_else(String::new, |card| card.bin.clone()),
            payment_option: self.option.clone(),
            shipping_option: c
                .shipping_option
                .and_then(|pk| shop.shipping_option(pk))
                .cloned(),
            shipping_address: address(c.shipping_address),
            billing_address: address(c.billing_address),
            payment,
            note: c.note.clone(),
            created_at: turn.world.now(),
        };
        turn.world.state.orders.put(order_no.clone(), order);
        let token = turn.world.ids.hex(40);
        let by = self.sent.key().unwrap_or_default().to_owned();
        let session = session::open(turn);
        session.place(by, order_no, token);
        session
            .placed
            .as_deref()
            .cloned()
            .expect("it was placed just now")
    }
}

/// What bank and wallet say to a completion.
struct Said {
    three_ds: ThreeDs,
    bank: Authorization,
}

impl Said {
    /// What happened at the bank's page is so; where nobody was there the rules decide, else it is yes.
    /// What the bank says to the card that the wallet knows goes behind the rules, too.
    fn of(turn: &mut Turn<'_>, known: Option<&ResultToken>) -> Self {
        let happened = known.and_then(|known| known.three_ds);
        let three_ds = happened.or(turn.verdict.three_ds);
        let operation = match happened {
            Some(_) => Operation::ThreeDsComplete,
            None => Operation::Payment,
        };
        if let Some(purchase) = known.and_then(|known| known.purchase.as_ref()) {
            turn.verdict.by_card(&purchase.card, operation);
        }
        let bank = turn.verdict.authorization.clone();
        Self {
            three_ds: three_ds.unwrap_or(ThreeDs::SUCCESS),
            bank: bank.unwrap_or(Authorization::Approved),
        }
    }
}

/// Challenge and authorisation in one step. A refused attempt is kept under a number of its own,
/// so that the same ids may be tried again.
fn settle(world: &mut World, mut payment: Payment, said: &Said) -> Result<PaymentId, Refusal> {
    let (half, now) = (world.scenario.settings.half_three_ds, world.now());
    let challenged = match payment.status() {
        Status::AwaitingThreeDs => payment.authenticate(said.three_ds, half),
        Status::Created | Status::Authenticated(_) => Ok(()),
        // The bank's page was visited: it has failed there, or was charged there.
        Status::Failed(why) => return Err(why.refusal()),
        Status::Authorized | Status::Captured => return Ok(payment.id),
        Status::Voided => return Err(Refusal::IllegalState),
    };
    let settled = challenged.and_then(|()| payment.authorize(&said.bank, now));
    if settled.is_err() && world.state.payments.get(&payment.id).is_some() {
        payment.id = world.ids.payment();
        payment.transactions = world.ids.transactions(payment.items().len());
    }
    if settled.is_ok() {
        payment.particulars.receipt = Some(world.ids.receipt(now));
    }
    let id = payment.id;
    world.state.payments.put(id, payment);
    settled.map(|()| id)
}

fn redeem(world: &mut World, reference: &str) {
    if let Some(reference) = world.state.references.get_mut(reference) {
        reference.use_up();
    }
}

/// The thank-you page over the checkout as it was. A browser is sent on. contract: akinon §12, §13
fn thank_you(turn: &Turn<'_>, placed: &Placed) -> Reply {
    let order = turn.world.state.orders.get(&placed.order_no);
    let signed = completed::sign(&placed.order_no, order.map(|o| o.created_at), turn);
    let redirect_url = format!("/orders/completed/{signed}/");
    if session::is_browser(turn.call) {
        return Reply::see_other(&format!("{}{redirect_url}", turn.call.base()));
    }
    let thank_you = ThankYou {
        redirect_url,
        order_id: order.map_or(0, |o| o.id),
        new_user: false,
        token: placed.token.clone(),
        campaigns: [],
    };
    let now = session::peek(turn).cloned().unwrap_or_default();
    let (basket, checkout) = (placed.basket.clone(), placed.checkout.clone());
    let then = Session {
        basket,
        checkout,
        ..now
    };
    envelope::of_session(
        turn,
        &then,
        Say {
            thank_you: Some(thank_you),
            ..Say::default()
        },
    )
}
