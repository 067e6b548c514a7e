//! One-time passwords that carry their own outcome, for testers with nothing but the page, and what
//! a password does to a challenge: the same on the bank's page and by a call.

use crate::domain::decision::{OtpFault, ThreeDs, ThreeDsOutcome};
use crate::refusal::{Refusal, Thing};
use crate::world::World;

/// What a code stands for, whatever the right one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// it is not taken
    Fault(OtpFault),
    /// 3-D Secure ends; at the bank's page only
    Ends(ThreeDs),
}

/// Every code that carries an outcome. Ours: the vendor publishes none. The right code comes from
/// the scenario, and is none of these.
pub const CODES: &[(&str, Meaning)] = &[
    ("111100", usual(ThreeDsOutcome::Fails)),
    ("111102", ends(ThreeDsOutcome::Half, 2)),
    ("111103", ends(ThreeDsOutcome::Half, 3)),
    ("111104", ends(ThreeDsOutcome::Half, 4)),
    ("111105", ends(ThreeDsOutcome::TechnicalError, 5)),
    ("111106", ends(ThreeDsOutcome::TechnicalError, 6)),
    ("111107", ends(ThreeDsOutcome::TechnicalError, 7)),
    ("111108", ends(ThreeDsOutcome::TechnicalError, 8)),
    ("111117", usual(ThreeDsOutcome::Cancelled)),
    ("111118", usual(ThreeDsOutcome::TimesOut)),
    ("111119", usual(ThreeDsOutcome::NeverReturns)),
    ("111121", usual(ThreeDsOutcome::BadHash)),
    ("111122", usual(ThreeDsOutcome::WrongOrderNo)),
    ("111123", usual(ThreeDsOutcome::WrongAmount)),
    ("000001", Meaning::Fault(OtpFault::Wrong)),
    ("000002", Meaning::Fault(OtpFault::Expired)),
    ("000003", Meaning::Fault(OtpFault::TooManyTries)),
];

/// Who decided, for a call that a code of the table ended.
pub const MAGIC: &str = "one-time password";

const fn usual(outcome: ThreeDsOutcome) -> Meaning {
    Meaning::Ends(outcome.usual())
}

const fn ends(outcome: ThreeDsOutcome, md_status: u8) -> Meaning {
    Meaning::Ends(ThreeDs { outcome, md_status })
}

/// What `code` stands for; None: nothing but itself.
pub fn meaning(code: &str) -> Option<Meaning> {
    let known = CODES.iter().find(|(known, _)| *known == code);
    known.map(|(_, meaning)| *meaning)
}

/// Why `code` is not taken, if it carries that.
pub fn fault(code: &str) -> Option<OtpFault> {
    match meaning(code)? {
        Meaning::Fault(fault) => Some(fault),
        Meaning::Ends(_) => None,
    }
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// the challenge is over
    Ended(ThreeDs),
    /// the code is not taken, and another one may be tried
    Refused {
        /// why
        fault: OtpFault,
        /// how many tries are left
        tries_left: u8,
    },
}

/// The holder types `code` for an open challenge; `ruled` is what a rule makes of it. Whether a
/// code of the table decided stands beside what came of it. Err: there is no such challenge, or it is
/// over.
pub fn enter(
    world: &mut World,
    id: &str,
    code: &str,
    ruled: Option<OtpFault>,
) -> Result<(Entered, bool), Refusal> {
    let now = world.now();
    let rules = &world.scenario.settings.otp;
    let code: String = code.split_whitespace().collect();
    let right = code == rules.code;
    let known = meaning(&code).filter(|_| !right && ruled.is_none());
    let magic = known.is_some();
    let challenge = world.state.challenges.get_mut(id);
    let challenge = challenge.ok_or(Refusal::NotFound(Thing::Page))?;
    if challenge.ended().is_some() {
        return Err(Refusal::IllegalState);
    }
    let said = match known {
        Some(Meaning::Ends(how)) => {
            world.end_challenge(id, how)?;
            return Ok((Entered::Ended(how), magic));
        }
        Some(Meaning::Fault(fault)) => Some(fault),
        None => ruled,
    };
    let how = match challenge.otp.judge(right, said, now) {
        Ok(()) => ThreeDs::SUCCESS,
        // Too many wrong ones: the bank gives up on its holder.
        Err(OtpFault::TooManyTries) => ThreeDsOutcome::Fails.usual(),
        Err(fault) => {
            let tries_left = challenge.otp.tries_left();
            return Ok((Entered::Refused { fault, tries_left }, magic));
        }
    };
    world.end_challenge(id, how)?;
    Ok((Entered::Ended(how), magic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_six_digits_and_no_two_alike() {
        let all: HashSet<_> = CODES.iter().map(|(code, _)| *code).collect();
        assert_eq!(all.len(), CODES.len());
        for (code, meaning) in CODES {
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
            if let Meaning::Ends(how) = meaning {
                let fits = how.outcome.takes(how.md_status) || !how.returns();
                assert!(fits, "{code}: {how:?}");
            }
        }
        assert_eq!(meaning("123456"), None, "the right one is the scenario's");
        assert_eq!(fault("000002"), Some(OtpFault::Expired));
        assert_eq!(fault("111100"), None);
    }
}
