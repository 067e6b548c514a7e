//! References and result tokens: given out once, good for one order, amount and time.

use crate::clock::Timestamp;
use crate::domain::decision::ThreeDs;
use crate::domain::money::Money;
use crate::domain::pan::Pan;
use crate::domain::payment::{NewPayment, PaymentId};
use crate::domain::wallet::Purchase;
use crate::refusal::TokenFault;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where a gateway's reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum ReferenceState {
    /// given out
    Issued,
    /// 3-D Secure was begun for this payment
    Initialised(PaymentId),
    /// redeemed
    Used,
    /// a later one took its place
    Superseded,
}

/// A gateway's handle for a payment that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// the handle
    pub id: Arc<str>,
    /// the order number it is for
    pub order_no: CompactString,
    /// first digits of the card it is for
    pub bin: CompactString,
    /// number of parts it is for
    pub installment: u32,
    /// what the goods cost
    pub price: Money,
    /// what the card will pay
    pub paid: Money,
    /// whether 3-D Secure is asked for
    pub three_d: bool,
    /// good for paying; false: for listing cards only
    pub payable: bool,
    /// good until then
    pub expires_at: Timestamp,
    /// where it stands
    pub state: ReferenceState,
    /// the payment it will become, but for its numbers; None: another knows
    pub draft: Option<Box<NewPayment>>,
}

impl Reference {
    /// Whether it may be used for `paid` at `now`. Err says what is wrong with it.
    pub fn check(&self, paid: Money, now: Timestamp) -> Result<(), TokenFault> {
        match self.state {
            ReferenceState::Used => return Err(TokenFault::Used),
            ReferenceState::Superseded => return Err(TokenFault::Superseded),
            ReferenceState::Issued | ReferenceState::Initialised(_) => {}
        }
        if !self.payable {
            return Err(TokenFault::Superseded);
        }
        if now >= self.expires_at {
            return Err(TokenFault::Expired);
        }
        if self.paid != paid {
            return Err(TokenFault::Mismatch);
        }
        Ok(())
    }

    /// Checks it and uses it up. Err leaves it as it was.
    pub fn redeem(&mut self, paid: Money, now: Timestamp) -> Result<(), TokenFault> {
        self.check(paid, now)?;
        self.use_up();
        Ok(())
    }

    /// What it stood for has happened: it was checked before, and the payment made.
    pub const fn use_up(&mut self) {
        self.state = ReferenceState::Used;
    }
}

/// What a wallet gives after a purchase, for the shop's backend to complete with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultToken {
    /// the token
    pub token: Arc<str>,
    /// the order number of the purchase
    pub order_no: CompactString,
    /// the amount of the purchase
    pub amount: Money,
    /// whether all that the wallet asked for was given
    pub successful: bool,
    /// how 3-D Secure ended, where the wallet asked for it
    pub three_ds: Option<ThreeDs>,
    /// whether it was completed
    pub used: bool,
    /// good until then
    pub expires_at: Timestamp,
    /// what was bought, with which card; None: another knows
    pub purchase: Option<Arc<Purchase>>,
}

impl Reference {
    /// A later one takes its place, unless it has been redeemed.
    pub fn supersede(&mut self) {
        if self.state != ReferenceState::Used {
            self.state = ReferenceState::Superseded;
        }
    }
}

impl ResultToken {
    /// The number of the card that it was bought with.
    pub fn card(&self) -> Option<&Pan> {
        self.purchase.as_ref().map(|purchase| &purchase.card.pan)
    }

    /// Whether it may complete this order. Err says what is wrong with it.
    pub fn check(&self, order_no: &str, amount: Money, now: Timestamp) -> Result<(), TokenFault> {
        if self.used {
            return Err(TokenFault::Used);
        }
        if now >= self.expires_at {
            return Err(TokenFault::Expired);
        }
        if self.order_no != order_no || self.amount != amount {
            return Err(TokenFault::Mismatch);
        }
        if !self.successful {
            return Err(TokenFault::NotSuccessful);
        }
        Ok(())
    }

    /// Checks it and uses it up. Err leaves it as it was.
    pub fn redeem(
        &mut self,
        order_no: &str,
        amount: Money,
        now: Timestamp,
    ) -> Result<(), TokenFault> {
        self.check(order_no, amount, now)?;
        self.used = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    const EXPIRY: Timestamp = Timestamp::from_micros(1_000);
    const IN_TIME: Timestamp = Timestamp::from_micros(999);

    fn lira(minor: i64) -> Money {
        Money::new(minor, Currency::TRY)
    }

    fn reference() -> Reference {
        Reference {
            id: "r-1".into(),
            order_no: "1001".into(),
            bin: "525864".into(),
            installment: 3,
            price: lira(10_000),
            paid: lira(10_500),
            three_d: false,
            payable: true,
            expires_at: EXPIRY,
            state: ReferenceState::Issued,
            draft: None,
        }
    }

    fn token() -> ResultToken {
        ResultToken {
            token: "t-1".into(),
            order_no: "1001".into(),
            amount: lira(10_500),
            successful: true,
            three_ds: None,
            used: false,
            expires_at: EXPIRY,
            purchase: None,
        }
    }

    #[test]
    fn a_reference_has_one_fault_at_a_time() {
        type Change = fn(&mut Reference);
        let (paid, dollars) = (lira(10_500), Money::new(10_500, Currency::USD));
        let good: Change = |_| ();
        let challenged: Change = |r| r.state = ReferenceState::Initialised(7);
        let used: Change = |r| r.state = ReferenceState::Used;
        let superseded: Change = |r| r.state = ReferenceState::Superseded;
        let listing: Change = |r| r.payable = false;
        for (what, change, paid, now, fault) in [
            ("good", good, paid, IN_TIME, None),
            ("challenged", challenged, paid, IN_TIME, None),
            ("used", used, paid, IN_TIME, Some(TokenFault::Used)),
            (
                "superseded",
                superseded,
                paid,
                IN_TIME,
                Some(TokenFault::Superseded),
            ),
            (
                "listing",
                listing,
                paid,
                IN_TIME,
                Some(TokenFault::Superseded),
            ),
            ("on the dot", good, paid, EXPIRY, Some(TokenFault::Expired)),
            (
                "the price",
                good,
                lira(10_000),
                IN_TIME,
                Some(TokenFault::Mismatch),
            ),
            (
                "dollars",
                good,
                dollars,
                IN_TIME,
                Some(TokenFault::Mismatch),
            ),
        ] {
            let mut reference = reference();
            change(&mut reference);
            let before = reference.clone();
            let want = fault.map_or(Ok(()), Err);
            assert_eq!(reference.check(paid, now), want, "{what}");
            assert_eq!(reference.redeem(paid, now), want, "{what}");
            match fault {
                None => assert_eq!(reference.state, ReferenceState::Used, "{what}"),
                Some(_) => assert_eq!(reference, before, "{what}"),
            }
        }
    }

    #[test]
    fn a_result_token_has_one_fault_at_a_time() {
        type Change = fn(&mut ResultToken);
        let paid = lira(10_500);
        let good: Change = |_| ();
        let used: Change = |t| t.used = true;
        let failed: Change = |t| t.successful = false;
        for (what, change, order_no, paid, now, fault) in [
            ("good", good, "1001", paid, IN_TIME, None),
            ("used", used, "1001", paid, IN_TIME, Some(TokenFault::Used)),
            (
                "on the dot",
                good,
                "1001",
                paid,
                EXPIRY,
                Some(TokenFault::Expired),
            ),
            (
                "other order",
                good,
                "1002",
                paid,
                IN_TIME,
                Some(TokenFault::Mismatch),
            ),
            (
                "other amount",
                good,
                "1001",
                lira(1),
                IN_TIME,
                Some(TokenFault::Mismatch),
            ),
            (
                "failed",
                failed,
                "1001",
                paid,
                IN_TIME,
                Some(TokenFault::NotSuccessful),
            ),
        ] {
            let mut token = token();
            change(&mut token);
            let before = token.clone();
            let want = fault.map_or(Ok(()), Err);
            assert_eq!(token.check(order_no, paid, now), want, "{what}");
            assert_eq!(token.redeem(order_no, paid, now), want, "{what}");
            match fault {
                None => assert!(token.used, "{what}"),
                Some(_) => assert_eq!(token, before, "{what}"),
            }
        }
    }

    #[test]
    fn a_second_redemption_finds_it_used() {
        let (mut reference, mut token) = (reference(), token());
        let paid = lira(10_500);
        assert_eq!(reference.redeem(paid, IN_TIME), Ok(()));
        assert_eq!(reference.redeem(paid, EXPIRY), Err(TokenFault::Used));
        assert_eq!(token.redeem("1001", paid, IN_TIME), Ok(()));
        assert_eq!(token.redeem("1001", paid, EXPIRY), Err(TokenFault::Used));
    }
}
