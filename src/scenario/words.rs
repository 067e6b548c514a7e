//! The words of a scenario: which word stands for which variant of an enum.

use crate::domain::card::{Association, CardKind};
use crate::domain::decision::{Ask, Decline, OtpFault, ThreeDsOutcome, TokenFault, WalletFault};
use crate::domain::money::Currency;
use crate::domain::payment::Standing;
use crate::domain::shop::PosKind;
use crate::scenario::knob::Kind;
use crate::scenario::problem::Report;
use crate::scenario::read::{Item, Read};
use crate::scenario::settings::{AmountForm, FreshSession, UnknownCard};
use toml::de::DeValue;

/// Says which words stand for the variants of an enum: all of them, or it does not compile.
macro_rules! words {
    ($type:ty, $what:literal: $($word:literal => $variant:ident,)+) => {
        impl $crate::scenario::words::Words for $type {
            const WHAT: &'static str = $what;
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }

        impl $crate::scenario::read::Read for $type {
            const KIND: $crate::scenario::knob::Kind =
                $crate::scenario::knob::Kind::Words(&[$($word),+]);

            fn read(
                item: $crate::scenario::read::Item<'_>,
                report: &mut $crate::scenario::problem::Report,
            ) -> Option<Self> {
                // No wildcard: a variant without a word does not compile.
                const _: fn(&$type) -> () = |value| match value {
                    $(<$type>::$variant => (),)+
                };
                $crate::scenario::words::word(item, report)
            }
        }
    };
}

pub(crate) use words;

/// An enum whose variants have words.
pub(crate) trait Words: Copy + 'static {
    /// `decline reason`
    const WHAT: &'static str;
    const WORDS: &'static [(&'static str, Self)];
}

/// How a value is written.
pub(crate) fn spelled<T: Words + PartialEq>(value: T) -> &'static str {
    let known = T::WORDS.iter().find(|(_, known)| *known == value);
    known.map_or("", |(word, _)| word)
}

pub(crate) fn word<T: Words + Read>(item: Item<'_>, report: &mut Report) -> Option<T> {
    let DeValue::String(text) = item.value else {
        return report.expected(item, &T::KIND);
    };
    let known = T::WORDS.iter().find(|(word, _)| *word == text);
    if known.is_none() {
        let words = T::WORDS.iter().map(|(word, _)| *word);
        report.unknown(item.place, T::WHAT, (text, words));
    }
    known.map(|(_, value)| *value)
}

impl Read for Decline {
    const KIND: Kind = Kind::Either(&[Kind::Words(Self::WORDS), Kind::Words(Self::GROUPS)]);

    /// The word, or the vendors' error group in either case.
    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        let DeValue::String(text) = item.value else {
            return report.expected(item, &Self::KIND);
        };
        let known = Self::from_word(text);
        if known.is_none() {
            let words = Self::ALL.iter().flat_map(|d| [d.word(), d.group()]);
            report.unknown(item.place, "decline reason", (text, words));
        }
        known
    }
}

words! { TokenFault, "token fault":
    "unavailable" => Unavailable,
    "unknown" => Unknown,
    "expired" => Expired,
    "used" => Used,
    "superseded" => Superseded,
    "mismatch" => Mismatch,
    "not_successful" => NotSuccessful,
}

words! { ThreeDsOutcome, "end of 3-D Secure":
    "succeeds" => Succeeds,
    "fails" => Fails,
    "cancelled" => Cancelled,
    "times_out" => TimesOut,
    "half" => Half,
    "technical_error" => TechnicalError,
    "never_returns" => NeverReturns,
    "bad_hash" => BadHash,
    "wrong_order_no" => WrongOrderNo,
    "wrong_amount" => WrongAmount,
}

words! { Ask, "thing to ask for":
    "wallet_otp" => WalletOtp,
    "bank_otp" => BankOtp,
    "device_otp" => DeviceOtp,
    "mpin" => Mpin,
    "define_mpin" => DefineMpin,
    "cvv" => Cvv,
    "loan" => Loan,
    "three_ds" => ThreeDs,
}

words! { WalletFault, "refusal of the wallet":
    "no_account" => NoAccount,
    "no_user" => NoUser,
    "not_linked" => NotLinked,
    "blocked" => Blocked,
    "user_conflict" => UserConflict,
    "no_cards" => NoCards,
    "card_not_found" => CardNotFound,
    "card_exists" => CardExists,
    "invalid_card" => InvalidCard,
    "repeated_deletion" => RepeatedDeletion,
    "otp_unsupported" => OtpUnsupported,
    "save_failed" => SaveFailed,
    "not_verified" => NotVerified,
    "order_mismatch" => OrderMismatch,
    "amount_mismatch" => AmountMismatch,
    "unsupported" => Unsupported,
}

words! { OtpFault, "fault of a password":
    "wrong" => Wrong,
    "expired" => Expired,
    "too_many_tries" => TooManyTries,
}

words! { PosKind, "POS kind":
    "masterpass" => Wallet,
    "craftgate" => Gateway,
}

words! { Standing, "status of a payment":
    "created" => Created,
    "awaiting_three_ds" => AwaitingThreeDs,
    "authenticated" => Authenticated,
    "authorized" => Authorized,
    "captured" => Captured,
    "partly_refunded" => PartlyRefunded,
    "refunded" => Refunded,
    "voided" => Voided,
    "failed" => Failed,
}

words! { CardKind, "kind of card":
    "credit" => Credit,
    "debit" => Debit,
    "prepaid" => Prepaid,
}

words! { Association, "card association":
    "visa" => Visa,
    "mastercard" => MasterCard,
    "amex" => Amex,
    "troy" => Troy,
    "jcb" => Jcb,
    "unionpay" => UnionPay,
    "maestro" => Maestro,
    "discover" => Discover,
    "dinersclub" => DinersClub,
}

words! { AmountForm, "form of amounts":
    "number" => Number,
    "string" => String,
}

words! { UnknownCard, "answer for unknown cards":
    "null" => Null,
    "other" => Other,
}

words! { FreshSession, "state of a fresh session":
    "ready" => Ready,
    "customer" => Customer,
    "guest" => Guest,
}

words! { Currency, "currency":
    "TRY" => TRY, "USD" => USD, "EUR" => EUR, "GBP" => GBP, "CNY" => CNY, "ARS" => ARS,
    "BRL" => BRL, "AED" => AED, "IQD" => IQD, "AZN" => AZN, "KZT" => KZT, "KWD" => KWD,
    "SAR" => SAR, "BHD" => BHD, "RUB" => RUB, "JPY" => JPY, "EGP" => EGP, "MXN" => MXN,
    "RON" => RON,
}
