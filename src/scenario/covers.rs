//! Whether one rule's conditions leave nothing over for another's.

use crate::scenario::conditions::Conditions;
use crate::scenario::fields::FieldValue;
use crate::scenario::read::{Any, At, Map};
use crate::scenario::values::Glob;

impl Conditions {
    /// Whether every call that fits `other` fits this too, but for endpoint and page.
    pub fn covers(&self, other: &Self) -> bool {
        // No `..`: a knob that is not considered does not compile.
        let Self {
            endpoint: _, // by the rows
            page: _,     // by the rows
            msisdn,
            bin,
            card_program,
            bank,
            stored_card,
            amount,
            currency,
            installment,
            pos_kind,
            three_d,
            transaction_type,
            order_no,
            conversation_id,
            payment_status,
            card_alias,
            card_name,
            header,
            body,
            query,
            state,
            after,
            until,
        } = self;
        any(msisdn, &other.msisdn, placed)
            && any(bin, &other.bin, |a, b| b.value.0.starts_with(&a.value.0))
            && any(card_program, &other.card_program, placed)
            && any(bank, &other.bank, placed)
            && (stored_card.is_none() || *stored_card == other.stored_card)
            && any(amount, &other.amount, |a, b| a.covers(b))
            && any(currency, &other.currency, PartialEq::eq)
            && any(installment, &other.installment, |a, b| {
                a.value.covers(&b.value)
            })
            && any(pos_kind, &other.pos_kind, PartialEq::eq)
            && (three_d.is_none() || *three_d == other.three_d)
            && any(transaction_type, &other.transaction_type, |a, b| {
                wider(&a.0, &b.0)
            })
            && any(order_no, &other.order_no, wider)
            && any(conversation_id, &other.conversation_id, wider)
            && any(payment_status, &other.payment_status, PartialEq::eq)
            && any(card_alias, &other.card_alias, placed)
            && any(card_name, &other.card_name, placed)
            && all(header, &other.header)
            && all(&body.0, &other.body.0)
            && all(query, &other.query)
            && any(state, &other.state, |a, b| a.value == b.value)
            && after.as_ref().is_none_or(|a| {
                let later = other.after.as_ref();
                later.is_some_and(|b| b.value.0 >= a.value.0)
            })
            && until.as_ref().is_none_or(|a| {
                let sooner = other.until.as_ref();
                sooner.is_some_and(|b| b.value.0 <= a.value.0)
            })
    }
}

/// Whether each value of `b` is among those of `a`. Nothing asked for is all.
fn any<T>(a: &Option<Any<T>>, b: &Option<Any<T>>, one: impl Fn(&T, &T) -> bool) -> bool {
    let Some(a) = a else { return true };
    let Some(b) = b else { return false };
    b.0.iter().all(|b| a.0.iter().any(|a| one(a, b)))
}

fn all(a: &Map<Any<FieldValue>>, b: &Map<Any<FieldValue>>) -> bool {
    a.0.iter().all(|(key, wanted)| {
        let same = b.0.iter().find(|(other, _)| other.value == key.value);
        same.is_some_and(|(_, other)| other.0.iter().all(|b| wanted.0.iter().any(|a| a.covers(b))))
    })
}

fn placed(a: &At<Glob>, b: &At<Glob>) -> bool {
    wider(&a.value, &b.value)
}

/// Whether all that fits `b` fits `a`, as far as can be seen.
fn wider(a: &Glob, b: &Glob) -> bool {
    a == b || a.0 == "*" || (!b.0.contains('*') && a.matches(&b.0))
}
