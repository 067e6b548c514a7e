//! What the virtual POS says when a bank declines: the bank's own number where the published tables
//! have one, else the reason's group. contract: craftgate §2.1, §7.2; masterpass §3.4

use crate::refusal::Decline;
use crate::surface::bilingual::Text;

/// What is said of any decline.
pub const DECLINED: Text = Text {
    tr: "Banka işlemi reddetti",
    en: "The bank declined",
};

/// The code and the sentence for a decline.
#[rustfmt::skip]
pub fn of(why: Decline) -> (&'static str, Text) {
    use Decline as D;
    let known = match why {
        D::ReferToCardIssuer => Some(("01", Text::new("Bankanızı arayın", "Refer to the card issuer"))),
        D::DoNotHonour => Some(("05", Text::new("İşlem onaylanmadı", "Do not honour"))),
        D::InvalidTransaction => Some(("12", Text::new("Geçersiz işlem", "Invalid transaction"))),
        D::InvalidAmount => Some(("13", Text::new("Geçersiz tutar", "Invalid amount"))),
        D::InvalidCardNumber => Some(("14", Text::new("Geçersiz kart numarası", "Invalid card number"))),
        D::FraudSuspect => Some(("34", Text::new("Dolandırıcılık şüphesi", "Suspected fraud"))),
        D::LostCard => Some(("41", Text::new("Kayıp kart", "Lost card"))),
        D::StolenCard => Some(("43", Text::new("Çalıntı kart", "Stolen card"))),
        D::InsufficientFunds => Some(("51", Text::new("Yetersiz bakiye", "Insufficient funds"))),
        D::ExpiredCard => Some(("54", Text::new("Kartın süresi dolmuş", "Expired card"))),
        D::NotPermittedToCardholder => Some(("57", Text::new("Kart sahibi bu işlemi yapamaz", "Not permitted to the cardholder"))),
        D::NotPermittedToTerminal => Some(("58", Text::new("Terminalin yetkisi yok", "Not permitted to the terminal"))),
        D::ExceedsLimit => Some(("61", Text::new("Limit aşıldı", "Exceeds the limit"))),
        D::InvalidCvc => Some(("84", Text::new("Güvenlik kodu hatalı", "Wrong security code"))),
        D::IssuerInoperative => Some(("91", Text::new("Banka hizmet dışı", "Issuer inoperative"))),
        D::RestrictedByLaw => Some(("93", Text::new("Kart e-ticarete kapalı", "Closed to e-commerce"))),
        D::NoResponse | D::RequestTimeout => Some(("193", Text::new("Bankadan yanıt alınamadı", "The bank did not answer"))),
        D::AmexCanUseOnlyMr | D::ApmError | D::ApmAccountNotFound | D::ApmAccountPermissionDenied
        | D::ApmInvalidVerificationCode | D::ApmVerificationCodeError | D::ApmValidationError | D::ApmVposError
        | D::BnplCancelled | D::ApprovedCompleted | D::ArchivedPayment | D::BinNotFound | D::BlockedCard
        | D::CardNotPermitted | D::CommunicationError | D::CvcMaxAttempt | D::CvcRequired
        | D::DebitCardsInstallmentNotAllowed | D::DebitCardsRequiresThreeDs | D::Declined
        | D::ExceedsAllowablePinTries | D::ExpiredProvision | D::FraudCheckBlock | D::InputData
        | D::InvalidCardType | D::InvalidCavv | D::InvalidCharsInEmail | D::InvalidCvcLength | D::InvalidEci
        | D::InvalidExpireYearMonth | D::InvalidIp | D::InvalidMerchantOrSp | D::InvalidPin
        | D::InvalidRefundTransaction | D::MayHaveAlreadyRefunded | D::NonRefundablePayment
        | D::NotPermittedToForeignCard | D::NotPermittedToInstallment | D::InsufficientAward
        | D::NoSuchIssuer | D::OrderIdAlreadyUsed | D::PaymentNotFoundForRefund | D::PickupCard
        | D::PosBalanceNotSufficient | D::RefundDecline | D::RequestBlockedByBank | D::RequiresThreeDs
        | D::RequiresDayEnd | D::RestrictedCard | D::SalesAmountLessThanAward | D::ThreeDsInitError
        | D::TooManyRequests | D::Unknown => None,
    };
    known.unwrap_or((why.group(), DECLINED))
}
