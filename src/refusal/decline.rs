//! The reasons for which a bank or a wallet declines: each with its variant, its word in scenarios
//! and the error group under which the published tables list it.

/// Defines the reasons from one list: variant, word, group, meaning.
macro_rules! declines {
    ($($variant:ident $word:literal $group:literal $meaning:literal)+) => {
        /// Why a bank or a wallet declines. One variant for each error group of contract
        /// craftgate §7.2.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Decline {
            $(#[doc = $meaning] $variant,)+
        }

        impl Decline {
            /// Every reason, in the order of the variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word of each, in the same order: the variant in snake case.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// The error groups of the published tables, in the same order.
            pub const GROUPS: &'static [&'static str] = &[$($group),+];
        }
    };
}

declines! {
    AmexCanUseOnlyMr "amex_can_use_only_mr" "AMEX_CAN_USE_ONLY_MR" "American Express card problem"
    ApmError "apm_error" "APM_ERROR" "alternative payment not taken"
    ApmAccountNotFound "apm_account_not_found" "APM_ACCOUNT_NOT_FOUND" "alternative payment: no account"
    ApmAccountPermissionDenied "apm_account_permission_denied" "APM_ACCOUNT_PERMISSION_DENIED" "alternative payment: no right to pay"
    ApmInvalidVerificationCode "apm_invalid_verification_code" "APM_INVALID_VERIFICATION_CODE" "alternative payment: wrong code"
    ApmVerificationCodeError "apm_verification_code_error" "APM_VERIFICATION_CODE_ERROR" "alternative payment: code expired"
    ApmValidationError "apm_validation_error" "APM_VALIDATION_ERROR" "alternative payment: refused by its provider"
    ApmVposError "apm_vpos_error" "APM_VPOS_ERROR" "alternative payment: POS fault"
    BnplCancelled "bnpl_cancelled" "BNPL_CANCELLED" "loan cancelled"
    ApprovedCompleted "approved_completed" "APPROVED_COMPLETED" "order number of an approved payment"
    ArchivedPayment "archived_payment" "ARCHIVED_PAYMENT" "too old to give back"
    BinNotFound "bin_not_found" "BIN_NOT_FOUND" "BIN unknown"
    BlockedCard "blocked_card" "BLOCKED_CARD" "blocked by the issuer"
    CardNotPermitted "card_not_permitted" "CARD_NOT_PERMITTED" "card may not do this operation"
    CommunicationError "communication_error" "COMMUNICATION_OR_SYSTEM_ERROR" "the bank could not be reached in time"
    CvcMaxAttempt "cvc_max_attempt" "CVC2_MAX_ATTEMPT" "too many wrong security codes"
    CvcRequired "cvc_required" "CVC_REQUIRED" "the POS needs a security code"
    DebitCardsInstallmentNotAllowed "debit_cards_installment_not_allowed" "DEBIT_CARDS_INSTALLMENT_NOT_ALLOWED" "no installments on debit cards"
    DebitCardsRequiresThreeDs "debit_cards_requires_three_ds" "DEBIT_CARDS_REQUIRES_3DS" "debit cards need 3-D Secure"
    Declined "declined" "DECLINED" "the issuer refuses and asks the holder to call"
    DoNotHonour "do_not_honour" "DO_NOT_HONOUR" "the issuer gives no reason"
    ExceedsAllowablePinTries "exceeds_allowable_pin_tries" "EXCEEDS_ALLOWABLE_PIN_TRIES" "PIN tries used up"
    ExceedsLimit "exceeds_limit" "EXCEEDS_WITHDRAWAL_AMOUNT_LIMIT" "daily count or amount exceeded"
    ExpiredCard "expired_card" "EXPIRED_CARD" "wrong or past expiry"
    ExpiredProvision "expired_provision" "EXPIRED_PROVISION" "what was reserved has lapsed"
    FraudCheckBlock "fraud_check_block" "FRAUD_CHECK_BLOCK" "blocked by the merchant's fraud rules"
    FraudSuspect "fraud_suspect" "FRAUD_SUSPECT" "the issuer suspects fraud"
    InputData "input_data" "INPUT_DATA" "data that the bank refuses"
    InvalidAmount "invalid_amount" "INVALID_AMOUNT" "amount invalid or over a limit"
    InvalidCardNumber "invalid_card_number" "INVALID_CARD_NUMBER" "number rejected by the bank"
    InvalidCardType "invalid_card_type" "INVALID_CARD_TYPE" "wrong kind of card"
    InvalidCavv "invalid_cavv" "INVALID_CAVV" "3-D Secure: CAVV wrong"
    InvalidCharsInEmail "invalid_chars_in_email" "INVALID_CHARS_IN_EMAIL" "mail address malformed"
    InvalidCvc "invalid_cvc" "INVALID_CVC2" "security code wrong"
    InvalidCvcLength "invalid_cvc_length" "INVALID_CVC2_LENGTH" "length of the security code wrong"
    InvalidEci "invalid_eci" "INVALID_ECI" "3-D Secure: ECI wrong"
    InvalidExpireYearMonth "invalid_expire_year_month" "INVALID_EXPIRE_YEAR_MONTH" "expiry invalid"
    InvalidIp "invalid_ip" "INVALID_IP" "the POS needs a registered address"
    InvalidMerchantOrSp "invalid_merchant_or_sp" "INVALID_MERCHANT_OR_SP" "merchant category wrong"
    InvalidPin "invalid_pin" "INVALID_PIN" "PIN wrong"
    InvalidRefundTransaction "invalid_refund_transaction" "INVALID_REFUND_TRANSACTION" "refund not valid"
    InvalidTransaction "invalid_transaction" "INVALID_TRANSACTION" "transaction not valid"
    IssuerInoperative "issuer_inoperative" "ISSUER_OR_SWITCH_INOPERATIVE" "the issuer is down"
    LostCard "lost_card" "LOST_CARD" "reported lost"
    MayHaveAlreadyRefunded "may_have_already_refunded" "MAY_HAVE_ALREADY_REFUNDED" "more than the sale would be given back"
    NonRefundablePayment "non_refundable_payment" "NON_REFUNDABLE_PAYMENT" "cannot be given back"
    NotPermittedToCardholder "not_permitted_to_cardholder" "NOT_PERMITTED_TO_CARDHOLDER" "holder may not do this operation"
    NotPermittedToForeignCard "not_permitted_to_foreign_card" "NOT_PERMITTED_TO_FOREIGN_CARD" "the POS is closed to foreign cards"
    NotPermittedToInstallment "not_permitted_to_installment" "NOT_PERMITTED_TO_INSTALLMENT" "the POS is closed to installments"
    NotPermittedToTerminal "not_permitted_to_terminal" "NOT_PERMITTED_TO_TERMINAL" "terminal may not do this operation"
    InsufficientAward "insufficient_award" "NOT_SUFFICIENT_AWARD" "not enough points"
    InsufficientFunds "insufficient_funds" "NOT_SUFFICIENT_FUNDS" "limit or balance too low"
    NoResponse "no_response" "NO_RESPONSE" "the bank did not answer"
    NoSuchIssuer "no_such_issuer" "NO_SUCH_ISSUER" "issuer unknown"
    OrderIdAlreadyUsed "order_id_already_used" "ORDER_ID_ALREADY_USED" "order number used before"
    PaymentNotFoundForRefund "payment_not_found_for_refund" "PAYMENT_NOT_FOUND_FOR_REFUND" "the bank does not know what to give back"
    PickupCard "pickup_card" "PICKUP_CARD" "the bank wants the card back"
    PosBalanceNotSufficient "pos_balance_not_sufficient" "POS_BALANCE_NOT_SUFFICIENT" "the POS account cannot fund the refund"
    ReferToCardIssuer "refer_to_card_issuer" "REFER_TO_CARD_ISSUER" "the holder must call the bank"
    RefundDecline "refund_decline" "REFUND_DECLINE" "the bank refuses to give back"
    RequestBlockedByBank "request_blocked_by_bank" "REQUEST_BLOCKED_BY_BANK" "the bank blocks the request"
    RequestTimeout "request_timeout" "REQUEST_TIMEOUT" "the bank took too long"
    RequiresThreeDs "requires_three_ds" "REQUIRES_3DS" "only possible with 3-D Secure"
    RequiresDayEnd "requires_day_end" "REQUIRES_DAY_END" "the POS must close its day first"
    RestrictedByLaw "restricted_by_law" "RESTRICTED_BY_LAW" "card closed to e-commerce"
    RestrictedCard "restricted_card" "RESTRICTED_CARD" "closed to this kind of operation"
    SalesAmountLessThanAward "sales_amount_less_than_award" "SALES_AMOUNT_LESS_THAN_AWARD" "points exceed the amount"
    StolenCard "stolen_card" "STOLEN_CARD" "reported stolen"
    ThreeDsInitError "three_ds_init_error" "THREEDS_INIT_ERROR" "3-D Secure could not begin"
    TooManyRequests "too_many_requests" "TOO_MANY_REQUESTS" "the bank throttles"
    Unknown "unknown" "UNKNOWN" "no reason could be determined"
}

impl Decline {
    /// `insufficient_funds`
    pub const fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// The error group of the published tables: `NOT_SUFFICIENT_FUNDS`.
    pub const fn group(self) -> &'static str {
        Self::GROUPS[self as usize]
    }

    /// The reason of an error group, whatever its case: `NOT_SUFFICIENT_FUNDS`.
    pub fn from_group(group: &str) -> Option<Self> {
        let known = |d: &&Self| d.group().eq_ignore_ascii_case(group);
        Self::ALL.iter().find(known).copied()
    }

    /// The reason of a word, or of an error group whatever its case.
    pub fn from_word(text: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|d| d.word() == text);
        known.copied().or_else(|| Self::from_group(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_variants_and_groups_are_aliases() {
        for decline in Decline::ALL {
            let camel = format!("{decline:?}");
            let mut snake = String::new();
            for c in camel.chars() {
                if c.is_ascii_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
            }
            assert_eq!(decline.word(), snake);
            for text in [
                snake,
                decline.group().to_owned(),
                decline.group().to_lowercase(),
            ] {
                assert_eq!(Decline::from_word(&text), Some(*decline), "{text}");
            }
        }
        assert_eq!(Decline::from_word("Insufficient_funds"), None);
        assert_eq!(Decline::from_group("insufficient_funds"), None);
    }
}
