//! The words of the bank's pages, in Turkish and English.

use crate::domain::decision::ThreeDsOutcome;
use crate::scenario::settings::Language;

/// Defines the words: name, Turkish, English.
macro_rules! words {
    ($($name:ident $tr:literal $en:literal)+) => {
        /// What the pages say.
        #[derive(Debug)]
        pub struct Words {
            $(#[doc = $en] pub $name: &'static str,)+
        }

        /// In Turkish.
        pub const TR: Words = Words { $($name: $tr,)+ };
        /// In English.
        pub const EN: Words = Words { $($name: $en,)+ };
    };
}

words! {
    title "Ödeme doğrulama" "Verify your payment"
    test "Bu bir test sayfasıdır; gerçek bir banka değildir, para çekilmez." "This is a test page; it is no real bank, and no money moves."
    secure "3D Secure" "3-D Secure"
    sent_to "Alışverişinizi onaylamak için cep telefonunuza gönderilen tek kullanımlık doğrulama kodunu girin:" "To approve your purchase, enter the one-time code that was sent to your mobile phone:"
    sent "Alışverişinizi onaylamak için kayıtlı cep telefonunuza gönderilen tek kullanımlık doğrulama kodunu girin." "To approve your purchase, enter the one-time code that was sent to your registered mobile phone."
    amount "Tutar" "Amount"
    merchant "İş yeri" "Merchant"
    card "Kart" "Card"
    order_no "Sipariş no" "Order number"
    date "Tarih" "Date"
    parts "taksit" "installments"
    code "Doğrulama kodu" "Verification code"
    valid_until "Kodun son geçerlilik saati" "The code is valid until"
    left "kalan süre" "time left"
    confirm "Onayla" "Confirm"
    resend "Kodu tekrar gönder" "Send a new code"
    cancel "İşlemi iptal et" "Cancel payment"
    resent "Yeni kod gönderildi." "A new code was sent."
    empty "Lütfen doğrulama kodunu girin." "Please enter the verification code."
    wrong "Girdiğiniz kod hatalı. Kalan deneme hakkı:" "The code is wrong. Tries left:"
    expired "Kodun süresi doldu. Lütfen yeni bir kod isteyin." "The code has expired. Please ask for a new one."
    no_resend "Bu işlem için daha fazla kod gönderilemez." "No more codes can be sent for this payment."
    no_outcome "Böyle bir sonuç yok. Aşağıdaki düğmelerden birini kullanın." "There is no such outcome. Use one of the buttons below."
    controls "Test kontrolleri" "Test controls"
    controls_text "Yalnızca test ortamında görünür. Bir düğme, doğrulamayı o sonuçla bitirir." "Shown in tests only. Each button ends the verification in that way."
    right_code "Doğru kod" "The right code"
    codes "Sonucu belirleyen kodlar" "Codes that decide the outcome"
    wrong_code "hatalı kod" "wrong code"
    expired_code "süresi dolmuş kod" "expired code"
    many_codes "çok fazla deneme" "too many tries"
    leaving "Mağazaya yönlendiriliyorsunuz" "You are being taken back to the shop"
    leaving_text "Sayfa kendiliğinden ilerlemezse düğmeye basın." "If nothing happens, press the button."
    go_on "Devam et" "Continue"
    staying "İşleminiz sürüyor" "Your payment is being processed"
    staying_text "Lütfen bu sayfayı kapatmayın." "Please do not close this page."
    staying_test "TEST: bu doğrulamada tarayıcı mağazaya geri dönmez." "TEST: in this verification the browser never goes back to the shop."
    done "Doğrulama tamamlandı" "Verification complete"
    undone "Doğrulama tamamlanamadı" "Verification failed"
    close "Bu pencereyi kapatıp alışverişinize dönebilirsiniz." "You may close this window and go back to your purchase."
    gone "Bu doğrulama sayfası bulunamadı" "There is no such verification page"
    gone_text "Bağlantı geçersiz ya da işlem artık kayıtlı değil." "The link is not valid, or the payment is no longer known."
    bad_return "Dönüş adresi kabul edilmedi" "The return address is not accepted"
    bad_return_text "returnUrl, kullanıcı adı içermeyen tam bir http veya https adresi olmalıdır." "returnUrl must be a whole http or https address without a user name."
    broken "Bu istek yanıtlanamadı" "This request cannot be answered"
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

/// What a button of the test controls says.
pub const fn label(outcome: ThreeDsOutcome, language: Language) -> &'static str {
    let (tr, en) = match outcome {
        ThreeDsOutcome::Succeeds => ("Doğrulama başarılı", "Succeeds"),
        ThreeDsOutcome::Fails => ("Doğrulama başarısız", "Fails"),
        ThreeDsOutcome::Cancelled => ("Kart sahibi vazgeçer", "Holder cancels"),
        ThreeDsOutcome::TimesOut => ("Süre dolar", "Times out"),
        ThreeDsOutcome::Half => ("Yarım doğrulama", "Attempted only"),
        ThreeDsOutcome::TechnicalError => ("Teknik hata", "Technical error"),
        ThreeDsOutcome::NeverReturns => ("Tarayıcı geri dönmez", "Browser never returns"),
        ThreeDsOutcome::BadHash => ("Dönüşte hash bozulur", "Hash is broken on return"),
        ThreeDsOutcome::WrongOrderNo => (
            "Dönüşte sipariş no değişir",
            "Order number changes on return",
        ),
        ThreeDsOutcome::WrongAmount => ("Dönüşte tutar değişir", "Amount changes on return"),
    };
    match language {
        Language::Tr => tr,
        Language::En => en,
    }
}
