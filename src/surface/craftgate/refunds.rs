//! Giving back: whole, by item, marked. contract: craftgate §4.5–§4.7

use crate::clock::Timestamp;
use crate::domain::decision::{Authorization, Point};
use crate::domain::items::Part;
use crate::domain::money::{Amount, Currency, Money};
use crate::domain::pan::Pan;
use crate::domain::payment::{Failure, Payment, PaymentId, RefundStatus, Reversal, Status};
use crate::domain::published::Operation;
use crate::domain::refund::{Destination, Refund, RefundId, Refunds, Wish};
use crate::refusal::{Decline, Refusal};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::payout::settled;
use crate::surface::craftgate::refund_body::{PaymentRefund, TransactionRefund};
use crate::surface::craftgate::{body, decide, ignored, owned, webhooks, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

const fn post(
    path: &'static str,
    name: &'static str,
    known: (Evidence, &'static [Point]),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(Method::POST, (path, name), known, handle)
}

/// Money is given back.
const GIVES: (Evidence, &[Point]) = (
    Evidence::Documented,
    &[Point::Page, Point::Refund, Point::Webhook],
);
/// It is only written down.
const MARKS: (Evidence, &[Point]) = (Evidence::Observed, &[Point::Page, Point::Refund]);

const fn get(
    path: &'static str,
    name: &'static str,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(
        Method::GET,
        (path, name),
        (Evidence::Documented, &[Point::Page]),
        handle,
    )
}

/// The rows.
#[rustfmt::skip]
pub const ENDPOINTS: &[Endpoint] = &[
    post("/payment/v1/refunds", "craftgate.refund.payment", GIVES, refund_payment).told(write::one::<PaymentRefund>),
    post("/payment/v1/refunds/mark-as-refunded", "craftgate.refund.mark_payment", MARKS, mark_payment).told(write::items::<TransactionRefund>),
    post("/payment/v1/refunds/refund-waiting-payment", "craftgate.refund.waiting_payment", MARKS, refund_waiting).told(write::one::<Done>),
    get("/payment/v1/refunds/{refundId}", "craftgate.refund.retrieve", retrieve_refund).told(write::one::<PaymentRefund>),
    post("/payment/v1/refund-transactions", "craftgate.refund.item", GIVES, refund_item).told(write::one::<TransactionRefund>),
    post("/payment/v1/refund-transactions/mark-as-refunded", "craftgate.refund.mark_item", MARKS, mark_item).told(write::one::<TransactionRefund>),
    get("/payment/v1/refund-transactions/{refundId}", "craftgate.refund.retrieve_item", retrieve_item_refund).told(write::one::<TransactionRefund>),
];

/// Reads what the shop says about a refund, besides how much.
fn wish(fields: &mut Fields<'_>) -> Wish {
    const DESTINATIONS: &[(&str, Destination)] = &[
        ("PROVIDER", Destination::Provider),
        ("CARD", Destination::Provider),
        ("WALLET", Destination::Wallet),
    ];
    fields.ignore(ignored::OTHER);
    Wish {
        conversation_id: fields.reference("conversationId").map(Into::into),
        destination: fields
            .word("refundDestinationType", DESTINATIONS)
            .unwrap_or_default(),
        charge_from_me: fields.is("chargeFromMe"),
        written: None,
    }
}

/// A refund that may be made: the payment as it will be, and what is said about it.
struct Draft {
    after: Payment,
    wish: Wish,
    at: Timestamp,
    /// which item, and how much; no item: the payment as a whole
    parts: Vec<(Option<usize>, Money)>,
}

impl Draft {
    fn total(&self) -> Money {
        let nothing = Money::zero(self.after.paid().currency());
        self.parts.iter().fold(nothing, |sum, (_, amount)| {
            let sum = sum.plus(*amount);
            sum.expect("no more is refunded than was paid")
        })
    }

    /// Asks the bank, and writes down what came of it: all of it, or one refund that failed.
    fn settle(self, turn: &mut Turn<'_>, card: Option<&Pan>) -> Result<Vec<Refund>, Refusal> {
        let said = decide::bank(turn, Operation::Refund, card);
        let Some(failure) = Failure::of(&said) else {
            return Ok(self.keep(turn, true));
        };
        let refusal = failure.refusal();
        let item = match *self.parts {
            [(item, _)] => item,
            _ => None,
        };
        let failed = self.record(turn, (item, self.total()), Some(failure));
        turn.world.state.refunds.put(failed);
        Err(refusal)
    }

    /// Nobody asks the bank; only a rule may still say no.
    fn mark(self, turn: &mut Turn<'_>) -> Result<Vec<Refund>, Refusal> {
        match &turn.verdict.authorization {
            None | Some(Authorization::Approved) => Ok(self.keep(turn, false)),
            Some(Authorization::Declined(_) | Authorization::ResponseCode { .. }) => {
                self.settle(turn, None)
            }
        }
    }

    /// The payment as it is from now on, with the records.
    fn keep(self, turn: &mut Turn<'_>, by_bank: bool) -> Vec<Refund> {
        let mut refunds = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let mut refund = self.record(turn, *part, None);
            refund.receipt = by_bank.then(|| turn.world.ids.receipt(self.at));
            turn.world.state.refunds.put(refund.clone());
            if by_bank {
                webhooks::refunded(turn, &self.after, &refund);
            }
            refunds.push(refund);
        }
        turn.world.state.payments.put(self.after.id, self.after);
        refunds
    }

    fn record(
        &self,
        turn: &mut Turn<'_>,
        (item, amount): (Option<usize>, Money),
        failure: Option<Failure>,
    ) -> Refund {
        Refund {
            id: turn.world.ids.refund(),
            payment: self.after.id,
            item,
            amount,
            wish: self.wish.clone(),
            after_settlement: item.is_some_and(|item| settled(&self.after, item, self.at)),
            receipt: None,
            failure,
            at: self.at,
        }
    }
}

/// What was given back whole is said to be so; everything else is for the state to refuse.
fn refundable(turn: &Turn<'_>, id: PaymentId) -> Result<Payment, Refusal> {
    let payment = owned::payment(turn, id)?;
    if payment.refund_status() == RefundStatus::Full {
        return Err(Refusal::Declined(Decline::MayHaveAlreadyRefunded));
    }
    Ok(payment.clone())
}

fn by_item(parts: Vec<Part>) -> Vec<(Option<usize>, Money)> {
    let part = |part: Part| (Some(part.item), part.amount);
    parts.into_iter().map(part).collect()
}

fn refund_payment(turn: &mut Turn<'_>) -> Answer {
    let (id, wish) = body::read(turn, |fields| (fields.need_id("paymentId"), wish(fields)))?;
    let (mut after, at) = (refundable(turn, id)?, turn.world.now());
    let reversal = after.reverse(at)?;
    let voided = matches!(reversal, Reversal::Voided(_));
    let parts = match reversal {
        Reversal::Voided(amount) => vec![(None, amount)],
        Reversal::Refunded(parts) => by_item(parts),
    };
    let draft = Draft {
        after,
        wish,
        at,
        parts,
    };
    let (total, card) = (draft.total(), draft.after.particulars.pan.clone());
    let refunds = draft.settle(turn, card.as_ref())?;
    let payment = owned::payment(turn, id)?;
    match &*refunds {
        [refund] if voided => write::data(&PaymentRefund::cancel(payment, refund)),
        all => write::data(&PaymentRefund::by_item(payment, total, all)),
    }
}

fn mark_payment(turn: &mut Turn<'_>) -> Answer {
    let (id, wish) = body::read(turn, |fields| (fields.need_id("paymentId"), wish(fields)))?;
    let (mut after, at) = (refundable(turn, id)?, turn.world.now());
    let parts = after.refund_rest(at)?;
    let parts = by_item(parts);
    let draft = Draft {
        after,
        wish,
        at,
        parts,
    };
    let refunds = draft.mark(turn)?;
    let payment = owned::payment(turn, id)?;
    let bodies: Vec<_> = refunds
        .iter()
        .map(|refund| TransactionRefund::of(payment, refund))
        .collect();
    write::list(&bodies)
}

fn refund_item(turn: &mut Turn<'_>) -> Answer {
    let draft = item_draft(turn, false)?;
    let (id, card) = (draft.after.id, draft.after.particulars.pan.clone());
    let refunds = draft.settle(turn, card.as_ref())?;
    one(turn, id, &refunds)
}

fn mark_item(turn: &mut Turn<'_>) -> Answer {
    let draft = item_draft(turn, true)?;
    let id = draft.after.id;
    let refunds = draft.mark(turn)?;
    one(turn, id, &refunds)
}

/// An item's refund, checked. What is only reserved cannot be given back by item.
fn item_draft(turn: &Turn<'_>, price_needed: bool) -> Result<Draft, Refusal> {
    let (transaction, wish) = body::read(turn, |fields| {
        let transaction = fields.need_id("paymentTransactionId");
        let currency = owned::item(turn, transaction)
            .and_then(|(id, _)| owned::payment(turn, id))
            .map_or(Currency::TRY, |payment| payment.paid().currency());
        let priced = price_needed || fields.has("refundPrice");
        let written = priced.then(|| fields.need_amount("refundPrice", currency));
        let wish = wish(fields);
        (transaction, Wish { written, ..wish })
    })?;
    let (id, item) = owned::item(turn, transaction)?;
    let (mut after, at) = (owned::payment(turn, id)?.clone(), turn.world.now());
    match after.status() {
        Status::Authorized => return Err(Code::RefundImpossible.into()),
        Status::Voided => return Err(Refusal::Declined(Decline::MayHaveAlreadyRefunded)),
        Status::Created
        | Status::AwaitingThreeDs
        | Status::Authenticated(_)
        | Status::Captured
        | Status::Failed(_) => {}
    }
    let amount = wish.written.as_ref().map(Amount::money);
    let part = after.refund_item(item, amount, at)?;
    Ok(Draft {
        after,
        wish,
        at,
        parts: vec![(Some(item), part.amount)],
    })
}

fn one(turn: &Turn<'_>, id: PaymentId, refunds: &[Refund]) -> Answer {
    let payment = owned::payment(turn, id)?;
    let refund = refunds.first().ok_or(Refusal::Amount)?;
    write::data(&TransactionRefund::of(payment, refund))
}

#[derive(Serialize, JsonSchema)]
struct Done {
    status: &'static str,
}

/// A payment that is not decided yet is given up: nothing was charged, nothing moves.
fn refund_waiting(turn: &mut Turn<'_>) -> Answer {
    let id = body::read(turn, |fields| fields.need_id("paymentId"))?;
    let mut after = owned::payment(turn, id)?.clone();
    after.fail(Failure::Declined(Decline::RequestTimeout))?;
    let said = decide::bank(turn, Operation::Refund, None);
    if let Some(why) = Failure::of(&said) {
        return Err(why.refusal());
    }
    turn.world.state.payments.put(id, after);
    write::data(&Done { status: "SUCCESS" })
}

fn retrieve_refund(turn: &mut Turn<'_>) -> Answer {
    let (payment, refund) = find(turn, Refunds::whole)?;
    write::data(&PaymentRefund::cancel(payment, refund))
}

fn retrieve_item_refund(turn: &mut Turn<'_>) -> Answer {
    let (payment, refund) = find(turn, Refunds::of_item)?;
    write::data(&TransactionRefund::of(payment, refund))
}

/// The caller's refund that the path names, with its payment.
fn find<'t>(
    turn: &'t Turn<'_>,
    numbered: fn(&Refunds, RefundId) -> Option<&Refund>,
) -> Result<(&'t Payment, &'t Refund), Refusal> {
    let missing = Code::RefundNotFound;
    let id: RefundId = owned::path_id(turn, "refundId", missing)?;
    let refund = numbered(&turn.world.state.refunds, id).ok_or(missing)?;
    let payment = owned::payment(turn, refund.payment);
    Ok((payment.map_err(|_| Refusal::from(missing))?, refund))
}
