//! The classic token of the wallet: what a merchant's backend says of a shopper, encrypted and signed
//! with the merchant's keys. Given out by one surface, opened by another. contract: masterpass §8.1

mod mistakes;
// open to the fuzzer, which comes without keys
#[doc(hidden)]
pub mod tlv;

pub use mistakes::explain;

use crate::clock::Timestamp;
use crate::domain::decision::Ask;
use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt::Write;
use time::{Date, Duration as Span, Month, OffsetDateTime, PrimitiveDateTime};

/// Bytes of a block of AES.
const BLOCK: usize = 16;
/// Hex digits of the signature at the end.
const MAC_DIGITS: usize = 40;

/// How the shopper is to be verified before money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// not at all
    Nothing,
    /// the bank's one-time password
    Otp,
    /// the wallet's PIN
    Mpin,
    /// the wallet's PIN, then the bank's one-time password
    MpinAndOtp,
    /// 3-D Secure
    ThreeDs,
}

impl Validation {
    const ALL: [Self; 5] = [
        Self::Nothing,
        Self::Otp,
        Self::Mpin,
        Self::MpinAndOtp,
        Self::ThreeDs,
    ];

    /// The byte that says so.
    pub const fn code(self) -> u8 {
        self as u8
    }

    fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// What the wallet asks for then.
    pub fn asks(self) -> Vec<Ask> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Otp => vec![Ask::BankOtp],
            Self::Mpin => vec![Ask::Mpin],
            Self::MpinAndOtp => vec![Ask::Mpin, Ask::BankOtp],
            Self::ThreeDs => vec![Ask::ThreeDs],
        }
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassicToken {
    /// the merchant
    pub client: String,
    /// hours that the merchant's clock is ahead of UTC
    pub zone: i8,
    /// when it was made, as the merchant's clock has it: `20250102030405`
    pub made_at: String,
    /// the shopper's phone
    pub msisdn: String,
    /// the merchant's number of the request: 12 digits, or an order number
    pub reference: String,
    /// the merchant's name for the shopper
    pub user: String,
    /// the merchant has verified the phone
    pub msisdn_validated: bool,
    /// how the shopper is to be verified
    pub validation: Validation,
    /// 0: the POS is named by the call, 1: by the token; None: not said
    pub merchant_type: Option<u8>,
    /// the POS, where the token names it: FF0A currency, FF0B merchant, FF0C terminal, FF0D e-mail,
    /// FF0E terminal's user, FF0F provision's user, FF10 its password, FF11 store key, FF12 Posnet
    /// id, FF13 the bank's ICA
    pub pos: [Option<String>; tlv::POS_TAGS],
}

/// Which keys a merchant has.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'k> {
    /// AES-128
    pub enc: &'k [u8; BLOCK],
    /// HMAC: its characters count, not what they stand for
    pub mac: &'k str,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassicFault {
    /// not hex digits of whole blocks and a signature
    Malformed,
    /// signed with another key, or changed since
    Signature,
    /// signed well, and yet nothing that a token says
    Content,
}

impl ClassicToken {
    /// A token made at `now`, by a merchant in Turkey, for a POS that the call will name.
    pub fn new((client, user): (&str, &str), msisdn: &str, now: Timestamp) -> Self {
        Self {
            client: client.to_owned(),
            zone: 3,
            made_at: now.turkey_digits(),
            msisdn: msisdn.to_owned(),
            reference: String::new(),
            user: user.to_owned(),
            msisdn_validated: false,
            validation: Validation::Nothing,
            merchant_type: None,
            pos: Default::default(),
        }
    }

    /// When it was made; None: it does not say so in digits of a date.
    pub fn made(&self) -> Option<Timestamp> {
        let local = date_time(&self.made_at)?;
        let ahead = Span::hours(i64::from(self.zone));
        let utc = local.checked_sub(ahead)?.assume_utc();
        let since = utc - OffsetDateTime::UNIX_EPOCH;
        let micros = i64::try_from(since.whole_microseconds()).ok()?;
        Some(Timestamp::from_micros(micros))
    }

    /// Encrypted and signed: upper-case hex.
    pub fn issue(&self, keys: Keys<'_>) -> String {
        let mut bytes = tlv::written(self);
        if !bytes.len().is_multiple_of(BLOCK) {
            bytes.push(0x80);
            bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        }
        let len = bytes.len();
        let cipher = cbc::Encryptor::<Aes128>::new(keys.enc.into(), &[0; BLOCK].into());
        let sealed = cipher.encrypt_padded::<NoPadding>(&mut bytes, len);
        let sealed = sealed.expect("whole blocks need no padding");
        let mut token = hex(sealed);
        let signature = signature(keys.mac, &token).finalize().into_bytes();
        token.push_str(&hex(&signature));
        token
    }

    /// What a token says that these keys have made.
    pub fn open(text: &str, keys: Keys<'_>) -> Result<Self, ClassicFault> {
        let text = text.trim().to_ascii_uppercase();
        let at = text.len().checked_sub(MAC_DIGITS);
        let split = at.and_then(|at| text.split_at_checked(at));
        let (sealed, mac) = split.ok_or(ClassicFault::Malformed)?;
        let (bytes, mac) = (unhex(sealed), unhex(mac));
        let (mut bytes, mac) = bytes.zip(mac).ok_or(ClassicFault::Malformed)?;
        if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
            return Err(ClassicFault::Malformed);
        }
        let signed = signature(keys.mac, sealed).verify_slice(&mac);
        signed.map_err(|_| ClassicFault::Signature)?;
        let cipher = cbc::Decryptor::<Aes128>::new(keys.enc.into(), &[0; BLOCK].into());
        let bytes = cipher.decrypt_padded::<NoPadding>(&mut bytes);
        let bytes = bytes.map_err(|_| ClassicFault::Malformed)?;
        tlv::read(bytes).ok_or(ClassicFault::Content)
    }
}

/// `20250102030405`
fn date_time(digits: &str) -> Option<PrimitiveDateTime> {
    let plain = digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit());
    let digits = Some(digits).filter(|_| plain)?;
    let part = |from: usize| digits[from..from + 2].parse::<u8>().ok();
    let month = Month::try_from(part(4)?).ok()?;
    let date = Date::from_calendar_date(digits[..4].parse().ok()?, month, part(6)?);
    date.ok()?.with_hms(part(8)?, part(10)?, part(12)?).ok()
}

fn signature(key: &str, text: &str) -> Hmac<Sha1> {
    let mac = Hmac::<Sha1>::new_from_slice(key.as_bytes());
    let mut mac = mac.expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02X}");
        hex
    })
}

/// None: not pairs of hex digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2).map(|pair| {
        let [high, low] = pair else { return None };
        u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
    });
    pairs.collect()
}

#[cfg(test)]
mod tests;
