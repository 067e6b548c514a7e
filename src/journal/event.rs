//! What time does though nobody calls, in words.

use crate::domain::lapse::Lapsed;

/// Nobody answered at the bank's page.
pub const TIMED_OUT: &str = "3-D Secure timed out";

/// What is over.
pub const fn lapsed(what: Lapsed) -> &'static str {
    match what {
        Lapsed::Reference => "reference expired",
        Lapsed::ResultToken => "result token expired",
        Lapsed::HostedPage => "checkout page expired",
        Lapsed::WalletOtp => "wallet OTP expired",
        Lapsed::BankOtp => "bank OTP expired",
        Lapsed::Session => "session expired",
        Lapsed::WalletToken => "wallet token expired",
        Lapsed::Reservation => "pre-authorisation expired",
    }
}
