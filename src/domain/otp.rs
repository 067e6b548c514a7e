//! A one-time password that is owed: how long it is good, how often it may be wrong, how often it is
//! sent again. contract: masterpass §9

use crate::clock::Timestamp;
use crate::refusal::OtpFault;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How passwords are treated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtpRules {
    /// the right one
    pub code: String,
    /// good for so long
    pub lifetime: Duration,
    /// wrong ones that are forgiven, less one
    pub tries: u8,
    /// how often it is sent again
    pub resends: u8,
}

impl Default for OtpRules {
    /// contract: masterpass §9, §10
    fn default() -> Self {
        Self {
            code: "123456".to_owned(),
            lifetime: Duration::from_secs(180),
            tries: 3,
            resends: 3,
        }
    }
}

/// A password that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Otp {
    /// good until then
    pub expires_at: Timestamp,
    tries_left: u8,
    resends_left: u8,
}

impl Otp {
    /// Sent at `now`.
    pub fn sent(rules: &OtpRules, now: Timestamp) -> Self {
        Self {
            expires_at: now.plus(rules.lifetime),
            tries_left: rules.tries,
            resends_left: rules.resends,
        }
    }

    /// Judges what the holder typed; `said` is what a rule or a magic code makes of it. A wrong one
    /// uses up a try; the last wrong one, and every one after it, is one too many.
    pub fn judge(
        &mut self,
        right: bool,
        said: Option<OtpFault>,
        now: Timestamp,
    ) -> Result<(), OtpFault> {
        if self.tries_left == 0 {
            return Err(OtpFault::TooManyTries);
        }
        if now >= self.expires_at {
            return Err(OtpFault::Expired);
        }
        match said {
            None if right => Ok(()),
            None | Some(OtpFault::Wrong) => {
                self.tries_left -= 1;
                Err(match self.tries_left {
                    0 => OtpFault::TooManyTries,
                    1.. => OtpFault::Wrong,
                })
            }
            Some(OtpFault::Expired) => {
                self.expires_at = now;
                Err(OtpFault::Expired)
            }
            Some(OtpFault::TooManyTries) => {
                self.tries_left = 0;
                Err(OtpFault::TooManyTries)
            }
        }
    }

    /// Sends a new one: time and tries begin again. Err when it was sent often enough.
    pub fn resend(&mut self, rules: &OtpRules, now: Timestamp) -> Result<(), OtpFault> {
        if self.resends_left == 0 {
            return Err(OtpFault::TooManyTries);
        }
        let resends_left = self.resends_left - 1;
        *self = Self {
            resends_left,
            ..Self::sent(rules, now)
        };
        Ok(())
    }

    /// Wrong ones that are still forgiven, and one more.
    pub const fn tries_left(&self) -> u8 {
        self.tries_left
    }

    /// How often it may still be sent again.
    pub const fn resends_left(&self) -> u8 {
        self.resends_left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn three_wrong_ones_are_too_many_until_it_is_sent_again() {
        let rules = OtpRules::default();
        let mut otp = Otp::sent(&rules, at(0));
        assert_eq!(otp.judge(false, None, at(1)), Err(OtpFault::Wrong));
        assert_eq!(otp.judge(false, None, at(1)), Err(OtpFault::Wrong));
        assert_eq!(otp.judge(false, None, at(1)), Err(OtpFault::TooManyTries));
        assert_eq!(otp.judge(true, None, at(1)), Err(OtpFault::TooManyTries));
        assert_eq!(otp.resend(&rules, at(100)), Ok(()));
        assert_eq!(otp.judge(true, None, at(279)), Ok(()));
        for _ in 0..2 {
            assert_eq!(otp.resend(&rules, at(0)), Ok(()));
        }
        assert_eq!(otp.resend(&rules, at(0)), Err(OtpFault::TooManyTries));
    }

    #[test]
    fn it_is_good_for_its_time_only() {
        let mut otp = Otp::sent(&OtpRules::default(), at(0));
        assert_eq!(otp.judge(true, None, at(180)), Err(OtpFault::Expired));
        assert_eq!(otp.judge(true, None, at(179)), Ok(()));
    }

    #[test]
    fn what_a_rule_says_stands() {
        let mut otp = Otp::sent(&OtpRules::default(), at(0));
        let wrong = Some(OtpFault::Wrong);
        assert_eq!(otp.judge(true, wrong, at(0)), Err(OtpFault::Wrong));
        let expired = Some(OtpFault::Expired);
        assert_eq!(otp.judge(true, expired, at(0)), Err(OtpFault::Expired));
        assert_eq!(otp.judge(true, None, at(0)), Err(OtpFault::Expired));
        let many = Some(OtpFault::TooManyTries);
        let mut otp = Otp::sent(&OtpRules::default(), at(0));
        assert_eq!(otp.judge(true, many, at(0)), Err(OtpFault::TooManyTries));
        assert_eq!(otp.judge(true, None, at(0)), Err(OtpFault::TooManyTries));
    }
}
