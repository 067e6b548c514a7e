//! Response codes of the wallet, and what the holder reads with them. contract: masterpass §4.1

use crate::domain::decision::Ask;
use crate::scenario::settings::Language;

/// A sentence in both languages. The vendor's own are not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Turkish
    pub tr: &'static str,
    /// English
    pub en: &'static str,
}

impl Text {
    /// The sentence in that language.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::Tr => self.tr,
            Language::En => self.en,
        }
    }
}

const fn text(tr: &'static str, en: &'static str) -> Text {
    Text { tr, en }
}

/// It is done.
pub const DONE: &str = "0000";
/// What is said when it is.
pub const DONE_TEXT: Text = text("İşlem başarılı", "Approved");
/// What is said when it is, but for a card that was to be kept.
pub const NOT_KEPT: Text = text(
    "İşlem başarılı, kart kaydedilemedi",
    "Approved, but the card could not be saved",
);
/// What is said when a password was sent again.
pub const SENT_AGAIN: Text = text(
    "Doğrulama kodu yeniden gönderildi",
    "The verification code was sent again",
);

/// What the holder is asked for: its code, and what is said.
pub const fn asked(ask: Ask) -> (&'static str, Text) {
    match ask {
        Ask::BankOtp => (
            "5001",
            text(
                "Bankanızın gönderdiği doğrulama kodunu girin",
                "Enter the verification code that your bank has sent",
            ),
        ),
        Ask::Mpin => (
            "5002",
            text("Masterpass PIN'inizi girin", "Enter your Masterpass PIN"),
        ),
        Ask::DeviceOtp => (
            "5007",
            text(
                "Cihazınız için gönderilen doğrulama kodunu girin",
                "Enter the verification code that was sent for your device",
            ),
        ),
        Ask::WalletOtp => (
            "5008",
            text(
                "Masterpass'in gönderdiği doğrulama kodunu girin",
                "Enter the verification code that Masterpass has sent",
            ),
        ),
        Ask::Loan => (
            "5009",
            text("Kredi adımı bekleniyor", "A loan is to be agreed on"),
        ),
        Ask::ThreeDs => (
            "5010",
            text("3D Secure doğrulaması gerekli", "3-D Secure is required"),
        ),
        Ask::Cvv => (
            "5013",
            text(
                "Kartın güvenlik kodunu girin",
                "Enter the card's security code",
            ),
        ),
        Ask::DefineMpin => (
            "5015",
            text("Masterpass PIN'i belirleyin", "Choose a Masterpass PIN"),
        ),
    }
}
