//! Response codes of the wallet, and what the holder reads with them. contract: masterpass §4.1

use crate::domain::decision::Ask;
use crate::surface::bilingual::Text;

/// It is done.
pub const DONE: &str = "0000";
/// What is said when it is.
pub const DONE_TEXT: Text = Text::new("İşlem başarılı", "Approved");
/// What is said when it is, but for a card that was to be kept.
pub const NOT_KEPT: Text = Text::new(
    "İşlem başarılı, kart kaydedilemedi",
    "Approved, but the card could not be saved",
);
/// What is said when a password was sent again.
pub const SENT_AGAIN: Text = Text::new(
    "Doğrulama kodu yeniden gönderildi",
    "The verification code was sent again",
);

/// What the holder is asked for: its code, and what is said.
pub const fn asked(ask: Ask) -> (&'static str, Text) {
    match ask {
        Ask::BankOtp => (
            "5001",
            Text::new(
                "Bankanızın gönderdiği doğrulama kodunu girin",
                "Enter the verification code that your bank has sent",
            ),
        ),
        Ask::Mpin => (
            "5002",
            Text::new("Masterpass PIN'inizi girin", "Enter your Masterpass PIN"),
        ),
        Ask::DeviceOtp => (
            "5007",
            Text::new(
                "Cihazınız için gönderilen doğrulama kodunu girin",
                "Enter the verification code that was sent for your device",
            ),
        ),
        Ask::WalletOtp => (
            "5008",
            Text::new(
                "Masterpass'in gönderdiği doğrulama kodunu girin",
                "Enter the verification code that Masterpass has sent",
            ),
        ),
        Ask::Loan => (
            "5009",
            Text::new("Kredi adımı bekleniyor", "A loan is to be agreed on"),
        ),
        Ask::ThreeDs => (
            "5010",
            Text::new("3D Secure doğrulaması gerekli", "3-D Secure is required"),
        ),
        Ask::Cvv => (
            "5013",
            Text::new(
                "Kartın güvenlik kodunu girin",
                "Enter the card's security code",
            ),
        ),
        Ask::DefineMpin => (
            "5015",
            Text::new("Masterpass PIN'i belirleyin", "Choose a Masterpass PIN"),
        ),
    }
}
