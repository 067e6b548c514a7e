//! Magic amounts: what is to be paid says how it ends, where no rule does and nothing but the amount is
//! at hand. No vendor has them: they are ours, of two families that no basket comes to by accident.

use crate::domain::decision::{Authorization, Decline, Point, ThreeDs, ThreeDsOutcome};
use crate::domain::money::Money;
use crate::scenario::effects::Kinds;
use crate::scenario::verdict::Verdict;

/// Who decided, for a call that an amount ended.
pub const MAGIC: &str = "amount";

/// So many whole units: the bank declines, for the reason that the two decimals name.
pub const DECLINES: i64 = 4242;
/// So many whole units: 3-D Secure ends as the two decimals name.
pub const ENDS: i64 = 4243;

/// What the bank says, by the decimals: the last two digits of the gateway's code where that is public, else
/// of ISO 8583, which it follows. contract: craftgate §7.2
pub const REASONS: &[(i64, Decline)] = &[
    (1, Decline::ReferToCardIssuer),
    (3, Decline::InvalidMerchantOrSp),
    (4, Decline::PickupCard),
    (5, Decline::DoNotHonour),
    (12, Decline::InvalidTransaction),
    (13, Decline::InvalidAmount),
    (14, Decline::InvalidCardNumber),
    (15, Decline::NoSuchIssuer),
    (34, Decline::FraudSuspect),
    (41, Decline::LostCard),
    (43, Decline::StolenCard),
    (51, Decline::InsufficientFunds),
    (54, Decline::ExpiredCard),
    (55, Decline::InvalidPin),
    (57, Decline::NotPermittedToCardholder),
    (58, Decline::NotPermittedToTerminal),
    (61, Decline::ExceedsLimit),
    (62, Decline::RestrictedCard),
    (75, Decline::ExceedsAllowablePinTries),
    (84, Decline::InvalidCvc),
    (91, Decline::IssuerInoperative),
    (93, Decline::RestrictedByLaw),
];

/// How 3-D Secure ends, by the decimals: those of the one-time passwords that end it alike.
pub const OUTCOMES: &[(i64, ThreeDs)] = &[
    (0, ends(ThreeDsOutcome::Fails, 0)),
    (2, ends(ThreeDsOutcome::Half, 2)),
    (3, ends(ThreeDsOutcome::Half, 3)),
    (4, ends(ThreeDsOutcome::Half, 4)),
    (5, ends(ThreeDsOutcome::TechnicalError, 5)),
    (6, ends(ThreeDsOutcome::TechnicalError, 6)),
    (7, ends(ThreeDsOutcome::TechnicalError, 7)),
    (8, ends(ThreeDsOutcome::TechnicalError, 8)),
    (17, ThreeDsOutcome::Cancelled.usual()),
    (18, ThreeDsOutcome::TimesOut.usual()),
    (19, ThreeDsOutcome::NeverReturns.usual()),
    (21, ThreeDsOutcome::BadHash.usual()),
    (22, ThreeDsOutcome::WrongOrderNo.usual()),
    (23, ThreeDsOutcome::WrongAmount.usual()),
];

const fn ends(outcome: ThreeDsOutcome, md_status: u8) -> ThreeDs {
    ThreeDs { outcome, md_status }
}

/// Whole units and the two decimals; None: the currency has other ones.
fn parts(amount: Money) -> Option<(i64, i64)> {
    let two = amount.currency().exponent() == 2;
    two.then(|| (amount.minor() / 100, amount.minor() % 100))
}

/// What an amount says of a payment.
pub fn declines(amount: Money) -> Option<Decline> {
    let (_, decimals) = parts(amount).filter(|(whole, _)| *whole == DECLINES)?;
    let found = REASONS.iter().find(|(known, _)| *known == decimals);
    found.map(|(_, reason)| *reason)
}

/// What an amount says of 3-D Secure.
pub fn outcome(amount: Money) -> Option<ThreeDs> {
    let (_, decimals) = parts(amount).filter(|(whole, _)| *whole == ENDS)?;
    let found = OUTCOMES.iter().find(|(known, _)| *known == decimals);
    found.map(|(_, how)| *how)
}

/// Where no rule has spoken of what is decided `here`, the amount does.
pub(crate) fn decide(amount: Option<Money>, here: Kinds, verdict: &mut Verdict) {
    let Some(amount) = amount else { return };
    if here.has(Point::Authorization)
        && verdict.authorization.is_none()
        && let Some(reason) = declines(amount)
    {
        verdict.authorization = Some(Authorization::Declined(reason));
        verdict.magic = Some(MAGIC);
    }
    if here.has(Point::ThreeDs)
        && verdict.three_ds.is_none()
        && let Some(how) = outcome(amount)
    {
        verdict.three_ds = Some(how);
        verdict.magic = Some(MAGIC);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn only_the_two_families_say_anything() {
        let money = |text: &str, currency| Money::parse(text, currency).unwrap();
        for (text, currency, declined, ended) in [
            (
                "4242.51",
                Currency::TRY,
                Some(Decline::InsufficientFunds),
                None,
            ),
            (
                "4242.91",
                Currency::EUR,
                Some(Decline::IssuerInoperative),
                None,
            ),
            ("4242.00", Currency::TRY, None, None),
            ("4243.00", Currency::TRY, None, Some(ThreeDsOutcome::Fails)),
            (
                "4243.19",
                Currency::TRY,
                None,
                Some(ThreeDsOutcome::NeverReturns),
            ),
            ("4243.01", Currency::TRY, None, None),
            ("42.51", Currency::TRY, None, None),
            ("14242.51", Currency::TRY, None, None),
            ("424251", Currency::JPY, None, None),
            ("4242.510", Currency::KWD, None, None),
        ] {
            let amount = money(text, currency);
            assert_eq!(declines(amount), declined, "{text}");
            assert_eq!(outcome(amount).map(|how| how.outcome), ended, "{text}");
        }
        for (_, how) in OUTCOMES {
            assert!(how.outcome.takes(how.md_status) || !how.returns());
        }
    }
}
