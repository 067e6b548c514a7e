//! What calls carry, besides what their handlers ask for in any case: what the vendor's SDK sends with each, and what is
//! read only once the wallet is known. contract: masterpass §2.2, §2.3

use super::envelope;
use crate::call::form::Form;
use crate::route::Spec;

fn texts(spec: &mut Spec<'_>, names: &[&str]) {
    let fields: Vec<_> = names.iter().map(|name| (*name, Form::Text)).collect();
    spec.body(&fields);
}

/// Of every call.
pub fn common(spec: &mut Spec<'_>) {
    envelope::told(spec);
    texts(
        spec,
        &[
            "clientId",
            "dateTime",
            "version",
            "clientType",
            "fp",
            "fP",
            "token",
            "msisdn",
            "userId",
            "referenceNo",
            "sendSms",
            "sendSmsLanguage",
            "sendSmsMerchant",
            "clientIp",
            "serviceUrl",
            "pinType",
            "listType",
            "accountAliasName",
            "cardAliasName",
        ],
    );
    spec.body(&[("additionalParams.*", Form::Any)]);
}

/// A card that is typed; its number and its code are sealed.
fn card(spec: &mut Spec<'_>) {
    texts(spec, &["rtaPan", "expiryDate", "cvc", "cardHolderName"]);
}

/// A card that is kept, with what the SDK says of every one.
pub fn kept(spec: &mut Spec<'_>) {
    card(spec);
    texts(
        spec,
        &[
            "accountAliasName",
            "actionType",
            "eActionType",
            "cardTypeFlag",
            "cpinFlag",
            "defaultAccount",
            "mmrpConfig",
            "identityVerificationFlag",
            "mobileAccountConfig",
            "timeZone",
            "uiChannelType",
            "delinkReason",
            "firstName",
            "lastName",
            "gender",
            "email",
            "homeAddress",
            "homeCity",
            "homeState",
            "homeCountryCode",
            "homePostalCode",
        ],
    );
}

/// A purchase with a card of the wallet.
pub fn purchase(spec: &mut Spec<'_>) {
    spec.need(&[("amount", Form::Digits)]);
    spec.body(&[("installmentCount", Form::Digits)]);
    texts(
        spec,
        &[
            "orderNo",
            "macroMerchantId",
            "merchantId",
            "cvc",
            "rewardName",
            "rewardValue",
            "paymentType",
            "aav",
            "encCPin",
            "encPassword",
            "password",
            "validationRefNo",
        ],
    );
}

/// A purchase with a typed card.
pub fn direct(spec: &mut Spec<'_>) {
    card(spec);
    purchase(spec);
}

/// A purchase that keeps its card.
pub fn registering(spec: &mut Spec<'_>) {
    kept(spec);
    purchase(spec);
}

/// An answer to what the holder is asked for.
pub fn answering(spec: &mut Spec<'_>) {
    texts(spec, &["validationCode"]);
}
