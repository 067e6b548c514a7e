//! Payments that cannot be: what no move of the machine makes, for tests of those who must notice.

use super::*;

/// One way to break a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// its price is in another currency
    Currency,
    /// it says that more was authorised
    SaysAuthorized,
    /// it says that more was captured
    SaysCaptured,
    /// more is captured than may be
    Captures,
    /// more is given back than was captured
    Refunds,
    /// more is released than was reserved
    Releases,
    /// its price is more than its items cost
    Price,
    /// more is paid than the items share
    Share,
    /// its first item gives back more than its share
    ItemRefunded,
    /// it is paid in no parts at all
    Parts,
}

impl Damage {
    /// Every way.
    pub const ALL: &[Self] = &[
        Self::Currency,
        Self::SaysAuthorized,
        Self::SaysCaptured,
        Self::Captures,
        Self::Refunds,
        Self::Releases,
        Self::Price,
        Self::Share,
        Self::ItemRefunded,
        Self::Parts,
    ];
}

impl Payment {
    /// The same payment, broken that way, `by` so many minor units.
    pub fn damaged(&self, damage: Damage, by: i64) -> Self {
        let mut broken = self.clone();
        let more = |money: Money| Money::new(money.minor() + by, money.currency());
        let currency = self.paid.currency();
        let moved = |kind, minor| Move::whole(kind, Money::new(minor, currency), self.created_at);
        let line = match damage {
            Damage::Captures => {
                let limit = capture_limit(self.authorized).minor();
                Some(moved(Kind::Capture, limit - self.captured.minor() + by))
            }
            Damage::Refunds => {
                let left = self.captured.minor() - self.refunded().minor();
                Some(moved(Kind::Refund, left + by))
            }
            Damage::Releases => Some(moved(Kind::Release, self.authorized.minor() + by)),
            Damage::Currency
            | Damage::SaysAuthorized
            | Damage::SaysCaptured
            | Damage::Price
            | Damage::Share
            | Damage::ItemRefunded
            | Damage::Parts => None,
        };
        match damage {
            Damage::Currency => {
                let other = crate::domain::money::Currency::USD;
                broken.price = Money::new(self.price.minor(), other);
            }
            Damage::SaysAuthorized => broken.authorized = more(self.authorized),
            Damage::SaysCaptured => broken.captured = more(self.captured),
            Damage::Price => broken.price = more(self.price),
            Damage::Share => broken.paid = more(self.paid),
            Damage::ItemRefunded => {
                let item = self.items()[0];
                let amount = more(item.rest());
                broken.items.give_back(&[Part { item: 0, amount }]);
            }
            Damage::Parts => broken.installment = 0,
            Damage::Captures | Damage::Refunds | Damage::Releases => {}
        }
        broken.ledger.record(line.into_iter()).unwrap();
        broken
    }
}
