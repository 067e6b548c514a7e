//! Sample data: what the gateway's public samples ask for by number, so that they get a real answer.
//! contract: craftgate §12. The numbers are lower than any that a sandbox gives.

use crate::clock::Timestamp;
use crate::domain::decision::Authorization;
use crate::domain::hosted::{Hosted, Purpose, Ways};
use crate::domain::money::{Amount, Currency, Money, Percent};
use crate::domain::pan::Pan;
use crate::domain::particulars::{Line, Particulars, Provider, Source, StoredKeys};
use crate::domain::payment::{NewPayment, Payment, PaymentId};
use crate::domain::receipt::Receipt;
use crate::domain::refund::{Refund, Wish};
use crate::domain::state::State;
use crate::domain::stored_card::{Expiry, NewCard};
use crate::refusal::Refusal;

/// Paid on a hosted page; nothing of it was given back. Its items are 1, 2 and 3.
pub const PAYMENT: PaymentId = 1;
/// Given back as a whole, by refund 1. Its items are 4, 5 and 6.
pub const CANCELLED: PaymentId = 2;
/// Of its first item 20.00 was given back, by item refund 1. Its items are 7, 8 and 9.
pub const REFUNDED: PaymentId = 3;

const PAYMENTS: [PaymentId; 3] = [PAYMENT, CANCELLED, REFUNDED];

/// Hosted pages on which payment 1 was made: one payment, and several that share a price.
const PAGES: [(&str, Purpose); 2] = [
    ("456d1297-908e-4bd6-a13b-4be31a6e47d5", Purpose::Payment),
    ("6d7e66b5-9b1c-4c1d-879a-2557b651096e", Purpose::Parts),
];

/// User and token of the stored cards, newest last.
const CARDS: [(&str, &str); 3] = [
    (
        "c115ecdf-0afc-4d83-8a1b-719c2af19cbd",
        "d9b19d1a-243c-43dc-a498-add08162df72",
    ),
    (
        "c356a934-3460-46f4-ba76-3ecea197de6a",
        "e6f66ad4-cf05-48df-b6ff-09186980848e",
    ),
    (
        "fac377f2-ab15-4696-88d2-5e71b27ec378",
        "11a078c4-3c32-4796-90b1-51ee5517a212",
    ),
];

const PRICE: i64 = 10_000;
const ITEMS: [(&str, i64); 3] = [("Item 1", 3_000), ("Item 2", 5_000), ("Item 3", 2_000)];
const PARTLY: i64 = 2_000;
const PAN: &str = "5258640000000001";
const HOLDER: &str = "Haluk Demir";

/// Whose the samples are, and since when they are there.
#[derive(Debug, Clone)]
pub struct Origin {
    /// API key of the merchant
    pub merchant: String,
    /// what the bank takes of every item, in per cent
    pub bank_rate: Percent,
    /// when all of it happened
    pub at: Timestamp,
}

/// Puts the samples into `state`, older than all that is there.
pub fn put(state: &mut State, origin: &Origin) {
    let made = PAYMENTS.map(|id| {
        let made = payment(id, origin);
        made.expect("a sample is a legal payment")
    });
    for (token, purpose) in PAGES {
        let page = page(purpose, &made[0], origin);
        state.hosted.put(token.to_owned(), page);
    }
    for payment in made.into_iter().rev() {
        state.payments.put_oldest(payment.id, payment);
    }
    state.refunds.put(refund(CANCELLED, (None, PRICE), origin));
    let part = (Some(0), PARTLY);
    state.refunds.put(refund(REFUNDED, part, origin));
    for (user, token) in CARDS {
        let (user, token) = (user.to_owned(), token.to_owned());
        let keys = StoredKeys { user, token };
        state.stored_cards.store(card(origin), keys, origin.at);
    }
}

/// How many payments of `state` are samples.
pub fn payments(state: &State) -> usize {
    let known = |id: &&PaymentId| state.payments.get(id).is_some();
    PAYMENTS.iter().filter(known).count()
}

fn lira(minor: i64) -> Money {
    Money::new(minor, Currency::TRY)
}

fn payment(id: PaymentId, origin: &Origin) -> Result<Payment, Refusal> {
    let pan = Pan::parse(PAN);
    let line = |(name, price): (&str, i64)| Line {
        name: Some(name.into()),
        price: Some(Amount::short(lira(price))),
        ..Line::default()
    };
    let particulars = Particulars {
        merchant: Some(origin.merchant.as_str().into()),
        source: match id {
            PAYMENT => Source::CheckoutForm,
            _ => Source::Api,
        },
        provider: Provider::Bank,
        price: Some(Amount::short(lira(PRICE))),
        paid: Some(Amount::short(lira(PRICE))),
        lines: ITEMS.map(line).to_vec().into(),
        last_four: pan.as_ref().map(|pan| pan.last_four().into()),
        holder_name: Some(HOLDER.into()),
        pan,
        bank_rate: origin.bank_rate,
        receipt: Some(Receipt::numbered(id, origin.at)),
        ..Particulars::default()
    };
    let items = ITEMS.len() as u64;
    let mut payment = Payment::new(NewPayment {
        id,
        transactions: (id - 1) * items + 1,
        order_no: compact_str::format_compact!("{id:016}"),
        bin: PAN[..8].into(),
        items: ITEMS.map(|(_, price)| lira(price)).to_vec(),
        at: origin.at,
        particulars: Box::new(particulars),
        ..NewPayment::of(lira(PRICE))
    })?;
    payment.authorize(&Authorization::Approved, origin.at)?;
    match id {
        CANCELLED => payment.void(origin.at).map(drop)?,
        REFUNDED => {
            let part = payment.refund_item(0, Some(lira(PARTLY)), origin.at);
            part.map(drop)?;
        }
        _ => {}
    }
    Ok(payment)
}

fn page(purpose: Purpose, paid: &Payment, origin: &Origin) -> Hosted {
    let draft = NewPayment {
        particulars: Box::new(Particulars {
            merchant: Some(origin.merchant.as_str().into()),
            price: paid.particulars.price.clone(),
            paid: paid.particulars.paid.clone(),
            ..Particulars::default()
        }),
        ..NewPayment::of(paid.price)
    };
    let mut page = Hosted::new(draft, Ways::default(), String::new(), origin.at);
    (page.id, page.purpose) = (PAYMENT, purpose);
    page.tried(paid.id);
    page.took(paid.id, paid.paid());
    page
}

fn refund(payment: PaymentId, (item, minor): (Option<usize>, i64), origin: &Origin) -> Refund {
    Refund {
        id: 1,
        payment,
        item,
        amount: lira(minor),
        wish: Wish::default(),
        after_settlement: false,
        receipt: Some(Receipt::numbered(10 + payment, origin.at)),
        failure: None,
        at: origin.at,
    }
}

fn card(origin: &Origin) -> NewCard {
    NewCard {
        merchant: origin.merchant.clone(),
        user: None,
        pan: Pan::parse(PAN).expect("the sample card has a card's number"),
        holder: HOLDER.to_owned(),
        alias: Some("My YKB Card".to_owned()),
        expiry: Expiry {
            year: 2044,
            month: 7,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::RefundStatus;

    #[test]
    fn samples_are_older_than_all_else() {
        let origin = Origin {
            merchant: "m".to_owned(),
            bank_rate: Percent::ZERO,
            at: Timestamp::from_micros(1_767_323_045_000_000),
        };
        let mut state = State::default();
        let other = NewPayment {
            id: 100_001,
            transactions: 500_001,
            ..NewPayment::of(lira(1))
        };
        state.payments.put(100_001, Payment::new(other).unwrap());
        assert_eq!(payments(&state), 0);
        put(&mut state, &origin);
        assert_eq!(payments(&state), 3);
        let ids: Vec<_> = state.payments.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [1, 2, 3, 100_001]);
        let status = |id| state.payments.get(&id).unwrap().refund_status();
        assert_eq!(status(PAYMENT), RefundStatus::Nothing);
        assert_eq!(status(CANCELLED), RefundStatus::Full);
        assert_eq!(status(REFUNDED), RefundStatus::Partial);
        for (item, want) in [(1, (1, 0)), (3, (1, 2)), (4, (2, 0)), (9, (3, 2))] {
            assert_eq!(state.payments.of_item(item), Some(want), "{item}");
        }
        assert_eq!(state.payments.of_item(10), None);
    }
}
