//! Fields that the vendor documents and that mean nothing here: they are known all the same.
//! contract: craftgate §5.1, §5.3, §5.6

use crate::call::form::Form;

/// Of a payment.
pub const PAYMENT: &[(&str, Form)] = &[
    ("clientIp", Form::Text),
    ("retry", Form::Flag),
    ("routingOptions.*", Form::Any),
    ("fraudParams.buyerExternalId", Form::Text),
    ("fraudParams.buyerPhoneNumber", Form::Text),
    ("fraudParams.buyerEmail", Form::Text),
    ("fraudParams.customFraudVariable.*", Form::Any),
    ("additionalParams.msisdn", Form::Text),
];

/// Of a hosted page; deposits are not mocked, so that they are not among them.
pub const PAGE: &[(&str, Form)] = &[
    ("masterpassUserId", Form::Text),
    ("apmUserIdentity", Form::Text),
];

/// Of a card.
pub const CARD: &[(&str, Form)] = &[
    ("binNumber", Form::Text),
    ("lastFourDigits", Form::Text),
    ("bankAccountNumber", Form::Text),
];

/// Of a refund, of what a card offers.
pub const OTHER: &[(&str, Form)] = &[
    ("clientIp", Form::Text),
    ("conversationId", Form::Text),
    ("fraudParams.*", Form::Any),
];
