//! Every code of the classic generation, with what it says to the holder. contract: masterpass §4.1

use crate::domain::decision::Ask;
use crate::refusal::{OtpFault, WalletFault};
use crate::scenario::settings::Language;

/// Defines the codes from one list: variant, code, Turkish, English.
macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident $code:literal $tr:literal $en:literal)+) => {
        /// How a call went.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])+ $variant,)+
        }

        impl Code {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// `1409`
            pub const fn number(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What the holder reads.
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Tr) => $tr,
                    (Self::$variant, Language::En) => $en,)+
                }
            }
        }
    };
}

codes! {
    /// done
    Success "0000" "İşlem başarılı" "The operation was successful"
    /// the bank's one-time password is asked for
    BankOtp "5001" "Bankanızın gönderdiği doğrulama kodunu giriniz" "Enter the code that your bank has sent"
    /// the wallet's PIN is asked for
    Mpin "5002" "Masterpass PIN'inizi giriniz" "Enter your Masterpass PIN"
    /// a one-time password for the device is asked for
    DeviceOtp "5007" "Cihazınız için gönderilen doğrulama kodunu giriniz" "Enter the code that was sent for your device"
    /// the wallet's one-time password is asked for
    WalletOtp "5008" "Masterpass'in gönderdiği doğrulama kodunu giriniz" "Enter the code that Masterpass has sent"
    /// a loan is to be agreed on
    Loan "5009" "Kredi adımını tamamlayınız" "Complete the step of the loan"
    /// 3-D Secure is asked for
    ThreeDs "5010" "3D Secure doğrulaması gerekiyor" "3-D Secure is required"
    /// the card's security code is asked for
    Cvv "5013" "Kartınızın güvenlik kodunu giriniz" "Enter the security code of your card"
    /// a PIN is to be made
    DefineMpin "5015" "Yeni bir Masterpass PIN'i belirleyiniz" "Choose a new Masterpass PIN"
    /// the account holds no card
    NoCards "1051" "Hesabınızda kayıtlı kart yok" "There is no card in your account"
    /// no such card or user
    NotFound "1056" "Kart veya kullanıcı bulunamadı" "Card or user not found"
    /// the number belongs to another user of the merchant
    UserConflict "1078" "Telefon numaranız başka bir üyelikle eşleşmiş" "Your phone number is linked to another membership"
    /// the one-time password is wrong
    OtpWrong "1409" "Doğrulama kodu hatalı" "The code is wrong"
    /// the one-time password came too late
    OtpExpired "1410" "Doğrulama kodunun süresi doldu" "The code has expired"
    /// the one-time password was wrong too often
    OtpSpent "1422" "Çok fazla hatalı deneme yapıldı" "Too many wrong codes"
    /// the token is not good
    Token "1419" "Oturumunuz geçersiz veya süresi doldu" "Your session is invalid or has expired"
    /// the order number is not that of the purchase
    OrderMismatch "4057" "Sipariş numarası satın alma ile uyuşmuyor" "The order number differs from that of the purchase"
    /// paid, but the card could not be kept
    SaveFailed "5196" "Kart kaydedilemedi" "The card could not be saved"
    /// the merchant must be linked first
    NotLinked "5460" "Hesabınızın bu iş yerine bağlanması gerekiyor" "Your account must be linked to this merchant first"
    /// no answer of the bank
    NoAnswer "193" "Bankadan yanıt alınamadı" "The bank did not answer"
    /// proposed: the number that the new generation has for it
    CardExists "4004" "Bu kart hesabınızda kayıtlı" "This card is in your account already"
    /// proposed: no classic code for a locked account is public
    Blocked "9801" "Masterpass hesabınız kilitli" "Your Masterpass account is locked"
    /// proposed: no card number, none that passes its check, or none of a test card
    InvalidCard "9802" "Geçersiz kart numarası (yalnızca test kartları kabul edilir)" "Invalid card number (only test cards are taken)"
    /// proposed: too many cards were deleted in a row
    RepeatedDeletion "9803" "Çok fazla kart silindi" "Too many cards were deleted"
    /// proposed: the card's bank sends no one-time passwords
    OtpUnsupported "9804" "Bankanız doğrulama kodu göndermiyor" "Your bank sends no codes"
    /// proposed: a step before this one is still owed
    NotVerified "9805" "Önce doğrulama tamamlanmalı" "The verification must be completed first"
    /// proposed: the amount is not one, or not that of the purchase
    Amount "9806" "Geçersiz tutar" "Invalid amount"
    /// proposed: the mock does not do this operation
    Unsupported "9807" "Bu işlem mockpos tarafından desteklenmiyor" "This operation is not supported by mockpos"
    /// proposed: the body cannot be read
    Unreadable "9808" "İstek okunamadı" "The request cannot be read"
    /// proposed: a field is not there, or not of its form
    Field "9809" "Eksik veya hatalı alan" "A field is missing or malformed"
    /// proposed: the bank or the wallet declined
    Declined "9810" "İşlem reddedildi" "The operation was declined"
    /// proposed: not now, or not for this caller
    NotAllowed "9811" "Bu işlem şu anda yapılamaz" "This operation is not possible now"
    /// proposed: the sandbox, or the way to it, is in trouble
    Trouble "9899" "Sistem hatası" "System error"
}

impl Code {
    /// The code of that number.
    pub fn from_number(number: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|code| code.number() == number);
        known.copied()
    }
}

impl From<Ask> for Code {
    fn from(ask: Ask) -> Self {
        match ask {
            Ask::WalletOtp => Self::WalletOtp,
            Ask::BankOtp => Self::BankOtp,
            Ask::DeviceOtp => Self::DeviceOtp,
            Ask::Mpin => Self::Mpin,
            Ask::DefineMpin => Self::DefineMpin,
            Ask::Cvv => Self::Cvv,
            Ask::Loan => Self::Loan,
            Ask::ThreeDs => Self::ThreeDs,
        }
    }
}

impl From<WalletFault> for Code {
    fn from(fault: WalletFault) -> Self {
        match fault {
            WalletFault::NoAccount | WalletFault::NoUser | WalletFault::CardNotFound => {
                Self::NotFound
            }
            WalletFault::NotLinked => Self::NotLinked,
            WalletFault::Blocked => Self::Blocked,
            WalletFault::UserConflict => Self::UserConflict,
            WalletFault::NoCards => Self::NoCards,
            WalletFault::CardExists => Self::CardExists,
            WalletFault::InvalidCard => Self::InvalidCard,
            WalletFault::RepeatedDeletion => Self::RepeatedDeletion,
            WalletFault::OtpUnsupported => Self::OtpUnsupported,
            WalletFault::SaveFailed => Self::SaveFailed,
            WalletFault::NotVerified => Self::NotVerified,
            WalletFault::OrderMismatch => Self::OrderMismatch,
            WalletFault::AmountMismatch => Self::Amount,
            WalletFault::Unsupported => Self::Unsupported,
        }
    }
}

impl From<OtpFault> for Code {
    /// Which of 1410 and 1422 is which is not public. contract: masterpass §4.1
    fn from(fault: OtpFault) -> Self {
        match fault {
            OtpFault::Wrong => Self::OtpWrong,
            OtpFault::Expired => Self::OtpExpired,
            OtpFault::TooManyTries => Self::OtpSpent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_number_stands_for_two_things() {
        let numbers: HashSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
        assert_eq!(numbers.len(), Code::ALL.len());
        for reserved in ["", "1999", "4058", "4005"] {
            assert!(
                !numbers.contains(reserved),
                "{reserved} means something else"
            );
        }
        for code in Code::ALL {
            assert_eq!(Code::from_number(code.number()), Some(*code));
            let texts = [Language::Tr, Language::En].map(|language| code.text(language));
            assert!(texts[0] != texts[1] && !texts.contains(&""), "{code:?}");
        }
    }
}
