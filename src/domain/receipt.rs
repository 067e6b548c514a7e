//! What a bank gives when it moves money: three texts, all from one number and a day, and kept as these.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU16;

/// What the bank gives. contract: craftgate §3.7, whose example is number 100
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Receipt {
    n: u64,
    /// of the century
    year: u8,
    /// of the year, from 1
    /// of the year, from 1
    day: NonZeroU16,
}

/// As a snapshot has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    auth_code: String,
    host_reference: String,
    trans_id: String,
}

/// The host reference of number 0.
const FIRST: u64 = 306_412_345_578;

impl Receipt {
    /// The receipt with that number, given at `at`.
    pub fn numbered(n: u64, at: Timestamp) -> Self {
        let day = at.turkey();
        let year = u8::try_from(day.year().rem_euclid(100)).unwrap_or(0);
        let day = NonZeroU16::new(day.ordinal()).unwrap_or(NonZeroU16::MIN);
        Self { n, year, day }
    }

    /// Six digits.
    pub fn auth_code(&self) -> String {
        format!("{:06}", (780_021 + self.n) % 1_000_000)
    }

    /// Twelve digits.
    pub fn host_reference(&self) -> String {
        format!("{:012}", FIRST + self.n)
    }

    /// `26002DEAH12345`
    pub fn trans_id(&self) -> String {
        let Self { n, year, day } = self;
        format!("{year:02}{day:03}DEAH{:05}", 12_245 + n)
    }
}

impl From<Receipt> for Written {
    fn from(receipt: Receipt) -> Self {
        Self {
            auth_code: receipt.auth_code(),
            host_reference: receipt.host_reference(),
            trans_id: receipt.trans_id(),
        }
    }
}

impl TryFrom<Written> for Receipt {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let read = || {
            let reference: u64 = written.host_reference.parse().ok()?;
            let receipt = Self {
                n: reference.checked_sub(FIRST)?,
                year: written.trans_id.get(..2)?.parse().ok()?,
                day: written.trans_id.get(2..5)?.parse().ok()?,
            };
            let same =
                receipt.auth_code() == written.auth_code && receipt.trans_id() == written.trans_id;
            same.then_some(receipt)
        };
        read().ok_or("the parts of a receipt do not go together")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_read_back_from_its_texts() {
        let at = Timestamp::from_micros(1_767_323_045_678_000);
        for n in [0, 100, 219_979, 99_999_999] {
            let receipt = Receipt::numbered(n, at);
            let written = Written::from(receipt.clone());
            assert_eq!(Receipt::try_from(written), Ok(receipt));
        }
        let example = Receipt::numbered(100, at);
        let texts = [
            example.auth_code(),
            example.host_reference(),
            example.trans_id(),
        ];
        assert_eq!(texts, ["780121", "306412345678", "26002DEAH12345"]);
        let mut other = Written::from(example);
        other.auth_code = "780122".to_owned();
        assert!(Receipt::try_from(other).is_err());
    }
}
