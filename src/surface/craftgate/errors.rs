//! Every error: its number, and what is said of it in Turkish and in English.
//! contract: craftgate §1.4, §7; numbers from 10300 on are our own, as the vendor's are not public.

use crate::mask::mask;
use crate::refusal::{Decline, Refusal, VendorError};
use crate::scenario::settings::Language;
use crate::surface::bilingual::Text;
use http::StatusCode;

/// Defines the errors that are no payment errors: variant, number, Turkish, English.
macro_rules! codes {
    ($($variant:ident $number:literal $tr:literal $en:literal)+) => {
        /// An error of the call itself, below 10000: nobody's card is to blame. It carries no group.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $en] $variant,)+
        }

        impl Code {
            /// Every code.
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The number on the wire.
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $number,)+ }
            }

            /// What is said.
            pub const fn text(self) -> Text {
                match self { $(Self::$variant => Text { tr: $tr, en: $en },)+ }
            }

            /// The code with that number.
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

codes! {
    ApiKeyUnknown 1000 "Api credentials not found!" "Api credentials not found!"
    HeaderMissing 1001 "Authentication header is missing" "Authentication header is missing"
    AuthVersionUnknown 1002 "Auth version is not supported" "Auth version is not supported"
    SignatureWrong 1003 "Signature is not equal!" "Signature is not equal!"
    IdempotencyKeyReused 1005 "x-idempotency-key başka bir istekle kullanılmış" "x-idempotency-key was used with another request"
    IdempotencyKeyTooLong 1006 "x-idempotency-key en fazla 255 karakter olabilir" "x-idempotency-key may have at most 255 characters"
    FieldMissing 4001 "zorunlu alan" "required"
    FieldMalformed 4002 "geçersiz değer" "invalid value"
    SumDiffers 4010 "Kırılım tutarları toplamı price değerine eşit olmalı" "The prices of the items must add up to price"
    NoItems 4011 "En az bir kırılım gönderilmeli" "At least one item is required"
    NotPositive 4012 "sıfırdan büyük olmalı" "must be greater than zero"
    UnsafeStart 4013 "+ veya - ile başlayamaz" "must not start with + or -"
    WalletNotMocked 4015 "mockpos cüzdanları henüz taklit etmiyor: walletPrice 0 olmalı" "mockpos does not mock wallets yet: walletPrice must be 0"
    WalletNeedsBuyer 4014 "Cüzdan ile ödeme için buyerMemberId gerekli" "A wallet payment needs buyerMemberId"
    CardNumberInvalid 4150 "Kart numarası geçersiz" "The card number is not valid"
    HolderNameInvalid 4151 "Kart üzerindeki isim geçersiz" "The card holder's name is not valid"
    ExpireYearInvalid 4152 "Kart son kullanma yılı geçersiz" "The card's expiry year is not valid"
    ExpireMonthInvalid 4153 "Kart son kullanma ayı geçersiz" "The card's expiry month is not valid"
    CvcInvalid 4154 "Kart güvenlik kodu geçersiz" "The card's security code is not valid"
    NotATestCard 4155 "Kart, test kartları arasında değil" "The card is none of the test cards"
    CardKindNotMocked 4156 "mockpos bu kart türünü henüz taklit etmiyor; cardNumber veya cardUserKey ve cardToken gönderin" "mockpos does not mock this kind of card yet; send cardNumber, or cardUserKey and cardToken"
    BinUnknown 4160 "Kart bin numarası bulunamadı" "The BIN is unknown"
    InstallmentNotOffered 4170 "Taksit seçeneği bu kart için uygun değil" "The card may not pay in so many installments"
    NoLoyaltyPos 4171 "Puan kullanımı için uygun POS bulunamadı" "There is no suitable POS for rewards"
    CallbackUrlInvalid 4200 "callbackUrl geçersiz" "callbackUrl is not valid"
    ReferenceInvalid 4300 "referenceId bilinmiyor, süresi dolmuş veya kullanılmış" "The referenceId is unknown, expired or used"
    TokenNotAccepted 4301 "Masterpass token kabul edilmedi" "The Masterpass token is not accepted"
    NotInCallback 4302 "Ödeme 3DS tamamlama için uygun durumda değil" "The payment is not in the state CALLBACK_THREEDS"
    ThreeDsNotVerified 4304 "3D Secure doğrulaması başarısız" "3-D Secure verification failed"
    MsisdnInvalid 4303 "msisdn geçersiz" "The msisdn is not valid"
    RefundExceedsRest 4400 "İade tutarı kalan tutardan büyük olamaz" "More than what is left cannot be refunded"
    CaptureImpossible 4401 "Ödeme için post-auth yapılamaz" "The payment cannot be captured"
    CaptureTooHigh 4402 "Post-auth tutarı ön provizyonun 1,5 katını aşamaz" "At most 1.5 times what was reserved can be captured"
    RefundImpossible 4403 "Ödeme kırılım bazında iade edilemez" "The payment cannot be refunded by item"
    StoredCardNotFound 4500 "Saklı kart bulunamadı" "There is no such stored card"
    MerchantNotFound 4501 "Üye işyeri bulunamadı" "There is no such merchant"
    CheckoutTokenUnknown 4600 "Ödeme formu bulunamadı veya süresi dolmuş" "The checkout token is unknown or expired"
    CheckoutNotCompleted 4601 "Ödeme formu henüz tamamlanmadı" "The checkout form is not completed yet"
    CreditCardsOnly 4602 "Yalnızca kredi kartı ile ödenebilir" "Credit cards only"
    PartTooHigh 4603 "Kalan tutardan fazla ödenemez" "No more than what is left can be paid"
    MethodNotOffered 4604 "Ödeme yöntemi uygun değil" "This way to pay is not offered"
    TransactionNotUpdatable 4700 "Ödeme kırılımı güncellenemez" "The payment transaction cannot be updated"
    PaymentNotFound 9001 "Ödeme bulunamadı" "There is no such payment"
    RefundNotFound 9002 "İade bulunamadı" "There is no such refund"
    TransactionNotFound 9003 "Ödeme kırılımı bulunamadı" "There is no such payment transaction"
}

impl Code {
    /// The status it is answered with. contract: craftgate §2.2
    pub const fn status(self) -> StatusCode {
        match self.number() {
            1000..=1003 => StatusCode::UNAUTHORIZED,
            4600 | 9001..=9003 => StatusCode::NOT_FOUND,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// What is said of that value; only some texts name it. contract: craftgate §7.1
    pub fn text_of(self, value: &str, language: Language) -> String {
        match (self, language) {
            (Self::ExpireYearInvalid, Language::Tr) => {
                format!(
                    "Kart son kullanma yılı \"{}\" geçersiz",
                    mask(value.as_bytes())
                )
            }
            (Self::ExpireYearInvalid, Language::En) => {
                format!(
                    "The card's expiry year \"{}\" is not valid",
                    mask(value.as_bytes())
                )
            }
            _ => self.text().of(language).to_owned(),
        }
    }

    /// With a text of one's own instead of the usual one.
    pub fn saying(self, description: String) -> Refusal {
        let code = self.number().to_string();
        let description = Some(description);
        let group = None;
        VendorError {
            code,
            group,
            description,
        }
        .into()
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        VendorError {
            code: code.number().to_string(),
            group: None,
            description: None,
        }
        .into()
    }
}

/// The number of a payment error, and what is said of it.
pub fn payment_error(why: Decline) -> (u16, Text) {
    let (_, number, tr, en) = GROUPS[why as usize];
    (number, Text { tr, en })
}

/// The reason with that number.
pub fn group_of(number: u16) -> Option<Decline> {
    let found = GROUPS.iter().find(|(_, known, ..)| *known == number);
    found.map(|(why, ..)| *why)
}

use Decline as D;

/// In the order of the variants. The text of 10051 is the vendor's, word for word.
#[rustfmt::skip]
const GROUPS: &[(Decline, u16, &str, &str)] = &[
    (D::AmexCanUseOnlyMr, 10300, "American Express kart ile yalnızca MR kullanılabilir", "American Express cards may use MR only"),
    (D::ApmError, 10301, "Alternatif ödeme alınamadı", "The alternative payment was not taken"),
    (D::ApmAccountNotFound, 10302, "Alternatif ödeme hesabı bulunamadı", "There is no such account"),
    (D::ApmAccountPermissionDenied, 10303, "Hesabın ödeme yetkisi yok", "The account has no right to pay"),
    (D::ApmInvalidVerificationCode, 10304, "Doğrulama kodu hatalı", "The verification code is wrong"),
    (D::ApmVerificationCodeError, 10305, "Doğrulama kodunun süresi doldu", "The verification code has expired"),
    (D::ApmValidationError, 10306, "Alternatif ödeme doğrulanamadı", "The alternative payment is not valid"),
    (D::ApmVposError, 10307, "Alternatif ödeme sanal POS hatası", "The provider's POS failed"),
    (D::BnplCancelled, 10308, "Kredi başvurusu iptal edildi", "The loan was cancelled"),
    (D::ApprovedCompleted, 10309, "Sipariş numarası onaylı bir ödemede kullanılmış", "An approved payment has this order number"),
    (D::ArchivedPayment, 10310, "Ödeme arşivlenmiş, bankaya başvurun", "The payment is archived, ask the bank"),
    (D::BinNotFound, 10213, "Kart bin numarası bulunamadı", "The BIN is unknown"),
    (D::BlockedCard, 10209, "Kart bloke edilmiş", "The card is blocked"),
    (D::CardNotPermitted, 10201, "Kart bu işleme izin vermiyor", "The card does not permit this operation"),
    (D::CommunicationError, 10214, "Bankaya ulaşılamadı", "The bank could not be reached"),
    (D::CvcMaxAttempt, 10311, "Güvenlik kodu deneme sayısı aşıldı", "Too many wrong security codes"),
    (D::CvcRequired, 10312, "Güvenlik kodu gerekli", "A security code is required"),
    (D::DebitCardsInstallmentNotAllowed, 10313, "Banka kartına taksit yapılamaz", "Debit cards cannot pay in installments"),
    (D::DebitCardsRequiresThreeDs, 10217, "Banka kartları 3D Secure ile kullanılabilir", "Debit cards require 3-D Secure"),
    (D::Declined, 10314, "İşlem reddedildi, bankanızla iletişime geçin", "Declined, ask your bank"),
    (D::DoNotHonour, 10005, "İşlem onaylanmadı", "Do not honour"),
    (D::ExceedsAllowablePinTries, 10226, "PIN deneme sayısı aşıldı", "Too many wrong PINs"),
    (D::ExceedsLimit, 10315, "Günlük işlem limiti aşıldı", "The daily limit is exceeded"),
    (D::ExpiredCard, 10054, "Kartın son kullanma tarihi hatalı", "The card has expired"),
    (D::ExpiredProvision, 10316, "Ön provizyonun süresi dolmuş", "What was reserved has lapsed"),
    (D::FraudCheckBlock, 10317, "İşlem fraud kurallarına takıldı", "Blocked by fraud rules"),
    (D::FraudSuspect, 10034, "Dolandırıcılık şüphesi", "Fraud is suspected"),
    (D::InputData, 10318, "Gönderilen veri geçersiz", "Invalid data"),
    (D::InvalidAmount, 10232, "Geçersiz tutar", "The amount is not valid"),
    (D::InvalidCardNumber, 10215, "Geçersiz kart numarası", "The card number is not valid"),
    (D::InvalidCardType, 10319, "Geçersiz kart tipi", "The card type is not valid"),
    (D::InvalidCavv, 10210, "CAVV bilgisi geçersiz", "The CAVV is not valid"),
    (D::InvalidCharsInEmail, 10320, "E-posta adresi geçersiz karakter içeriyor", "The e-mail address is not valid"),
    (D::InvalidCvc, 10084, "Kart güvenlik kodu hatalı", "The security code is wrong"),
    (D::InvalidCvcLength, 10206, "Kart güvenlik kodu uzunluğu hatalı", "The security code has a wrong length"),
    (D::InvalidEci, 10211, "ECI bilgisi geçersiz", "The ECI is not valid"),
    (D::InvalidExpireYearMonth, 10229, "Son kullanma tarihi geçersiz", "The expiry is not valid"),
    (D::InvalidIp, 10321, "IP adresi POS için tanımlı değil", "The IP address is not registered"),
    (D::InvalidMerchantOrSp, 10208, "Üye işyeri kategori kodu hatalı", "The merchant category is wrong"),
    (D::InvalidPin, 10227, "PIN hatalı", "The PIN is wrong"),
    (D::InvalidRefundTransaction, 10322, "İade işlemi geçersiz", "The refund is not valid"),
    (D::InvalidTransaction, 10012, "Geçersiz işlem", "The transaction is not valid"),
    (D::IssuerInoperative, 10228, "Kartı veren banka hizmet dışı", "The issuer is not available"),
    (D::LostCard, 10041, "Kayıp kart", "Lost card"),
    (D::MayHaveAlreadyRefunded, 10323, "İade tutarı satış tutarından küçük olmalı", "It may have been refunded already"),
    (D::NonRefundablePayment, 10324, "Ödeme iade edilemez", "The payment cannot be refunded"),
    (D::NotPermittedToCardholder, 10057, "Kart sahibi bu işlemi yapamaz", "Not permitted to the card holder"),
    (D::NotPermittedToForeignCard, 10325, "POS yabancı kartlara kapalı", "Not permitted to foreign cards"),
    (D::NotPermittedToInstallment, 10222, "POS taksitli işleme kapalı", "Not permitted to installments"),
    (D::NotPermittedToTerminal, 10058, "Terminalin bu işlem için yetkisi yok", "Not permitted to the terminal"),
    (D::InsufficientAward, 10326, "Yetersiz puan", "Not enough points"),
    (D::InsufficientFunds, 10051, "Kart limiti yetersiz, yetersiz bakiye", "Insufficient card limit or balance"),
    (D::NoResponse, 10327, "Genel hata, bankadan yanıt alınamadı", "General error, the bank did not answer"),
    (D::NoSuchIssuer, 10216, "Kartı veren banka bulunamadı", "No such issuer"),
    (D::OrderIdAlreadyUsed, 10328, "Sipariş numarası daha önce kullanılmış", "The order number has been used"),
    (D::PaymentNotFoundForRefund, 10329, "İade edilecek ödeme bulunamadı", "There is no payment to refund"),
    (D::PickupCard, 10330, "Karta el koyunuz", "Pick up the card"),
    (D::PosBalanceNotSufficient, 10331, "POS bakiyesi iade için yetersiz", "The POS balance is not sufficient"),
    (D::ReferToCardIssuer, 10207, "Bankanızı arayın", "Refer to the card issuer"),
    (D::RefundDecline, 10332, "İade reddedildi", "The refund is declined"),
    (D::RequestBlockedByBank, 10333, "İstek banka tarafından engellendi", "Blocked by the bank"),
    (D::RequestTimeout, 10219, "Banka isteği zaman aşımına uğradı", "The request timed out"),
    (D::RequiresThreeDs, 10334, "İşlem yalnızca 3D Secure ile yapılabilir", "3-D Secure is required"),
    (D::RequiresDayEnd, 10223, "POS gün sonu almalı", "The POS must close its day first"),
    (D::RestrictedByLaw, 10093, "Kart e-ticaret işlemlerine kapalı", "The card is closed to e-commerce"),
    (D::RestrictedCard, 10225, "Kısıtlı kart", "Restricted card"),
    (D::SalesAmountLessThanAward, 10335, "Puan tutarı satış tutarından büyük", "The points exceed the amount"),
    (D::StolenCard, 10043, "Çalıntı kart", "Stolen card"),
    (D::ThreeDsInitError, 10336, "3D Secure başlatılamadı", "3-D Secure could not be initialised"),
    (D::TooManyRequests, 10337, "Çok fazla istek", "Too many requests"),
    (D::Unknown, 10204, "Bilinmeyen hata", "Unknown error"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_group_has_a_number_of_its_own() {
        let mut numbers = HashSet::new();
        assert_eq!(GROUPS.len(), Decline::ALL.len());
        for (position, why) in Decline::ALL.iter().enumerate() {
            let (known, number, tr, en) = GROUPS[position];
            assert_eq!(known, *why, "in the order of the variants");
            assert!(number > 10_000 && numbers.insert(number), "{number}");
            assert!(!tr.is_empty() && !en.is_empty(), "{why:?}");
            assert_eq!(group_of(number), Some(*why));
        }
        let (number, text) = payment_error(Decline::InsufficientFunds);
        assert_eq!(
            (number, text.tr),
            (10051, "Kart limiti yetersiz, yetersiz bakiye")
        );
        assert_eq!(group_of(10_299), None);
    }

    #[test]
    fn every_code_is_below_the_payment_errors() {
        let mut numbers = HashSet::new();
        for code in Code::ALL {
            let number = code.number();
            assert!(number < 10_000 && numbers.insert(number), "{number}");
            assert_eq!(Code::from_number(number), Some(*code));
            assert!(code.status().is_client_error());
        }
    }
}
