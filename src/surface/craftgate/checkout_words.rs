//! The words of the hosted page, in Turkish and English.

use crate::scenario::settings::Language;

/// Defines the words: name, Turkish, English.
macro_rules! words {
    ($($name:ident $tr:literal $en:literal)+) => {
        /// What the page says.
        #[derive(Debug)]
        pub struct Words {
            $(#[doc = $en] pub $name: &'static str,)+
        }

        const TR: Words = Words { $($name: $tr,)+ };
        const EN: Words = Words { $($name: $en,)+ };
    };
}

words! {
    title "Güvenli Ödeme" "Secure Payment"
    test "Bu bir test ödeme sayfasıdır, gerçek para çekilmez." "This is a test payment page, no money moves."
    to_pay "Ödenecek tutar" "Amount to pay"
    of_price "Toplam" "Of a total of"
    summary "Sipariş özeti" "Order summary"
    item "Ürün" "Item"
    card "Kart" "Card"
    stored "Kayıtlı kartlarım" "My cards"
    holder "Kart üzerindeki isim" "Name on card"
    number "Kart numarası" "Card number"
    month "Ay" "Month"
    year "Yıl" "Year"
    cvc "Güvenlik kodu" "Security code"
    installment "Taksit" "Installments"
    show "Taksit seçeneklerini göster" "Show installment options"
    at_once "Tek çekim" "Single payment"
    parts "taksit" "parts"
    three_ds "3D Secure ile öde" "Pay with 3-D Secure"
    forced "Bu ödeme 3D Secure ile doğrulanır." "This payment is verified with 3-D Secure."
    keep "Kartımı sakla" "Keep my card"
    delete "Kartı sil" "Delete card"
    part "Şimdi ödenecek tutar" "Amount to pay now"
    pay "Öde" "Pay"
    back "Mağazaya dön" "Back to the shop"
    failed "Ödeme alınamadı" "The payment failed"
    unfinished "Önceki ödeme denemesi tamamlanmadı." "The last attempt was not finished."
    check "Lütfen aşağıdaki alanları kontrol edin" "Please check these fields"
    succeeded "Ödemeniz alındı" "Your payment was received"
    redirecting "Mağazaya yönlendiriliyorsunuz…" "You are being taken back to the shop…"
    go_on "Devam et" "Continue"
    gone "Bu ödeme sayfası kullanılamıyor" "This payment page is not available"
    gone_text "Bağlantı geçersiz, süresi dolmuş veya iptal edilmiş." "The link is not valid, has expired or was withdrawn."
    choose "Ödeme yöntemi" "Payment method"
    no_way "Bu ödeme için kullanılabilir bir yöntem yok." "There is no way to pay here."
}

impl Words {
    /// In that language.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Tr => &TR,
            Language::En => &EN,
        }
    }
}

/// What the page calls a field.
pub fn label(field: &str, words: &'static Words) -> &'static str {
    match field {
        "cardHolderName" => words.holder,
        "cardNumber" => words.number,
        "expireMonth" => words.month,
        "expireYear" => words.year,
        "cvc" => words.cvc,
        "installment" => words.installment,
        "amount" => words.part,
        "chosenCard" => words.card,
        _ => words.choose,
    }
}
