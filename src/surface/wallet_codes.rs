//! The wallet's codes that are public, whichever surface passes them on.

/// contract: masterpass §4.1
const NUMBERS: [&str; 21] = [
    "0000", "5001", "5002", "5007", "5008", "5009", "5010", "5013", "5015", "1051", "1056", "1078",
    "1409", "1410", "1422", "1419", "1999", "4057", "4058", "5196", "5460",
];
/// contract: masterpass §4.1 and §4.2
const MORE: [&str; 3] = ["193", "4004", "4005"];
/// contract: masterpass §4.2
const NAMES: [&str; 9] = [
    "ACCOUNT_NOT_FOUND",
    "ACCOUNT_NOT_LINKED_TO_MERCHANT",
    "USER_NOT_FOUND",
    "CARD_ALREADY_EXISTS",
    "MERCHANT_USER_ID_ALREADY_IN_USE",
    "OTP_IS_NOT_VALID",
    "TOKEN_HAS_EXPIRED",
    "PAYMENT_IS_NOT_VERIFIED",
    "BANK_DOES_NOT_SUPPORT_OTP",
];
/// contract: masterpass §4.2
const DELETED: &str = "FRAUD_DETECTED_DUE_TO_REPETITIVE_DELETION";

/// Whether the public lists have it.
pub fn lists(code: &str) -> bool {
    let mut all = NUMBERS.iter().chain(&MORE).chain(&NAMES).chain([&DELETED]);
    all.any(|known| *known == code)
}
