//! The merchants of a gateway.

use crate::domain::merchant::{Merchant, Merchants, SignatureCheck, ThreeDsModel};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, tick};
use crate::scenario::read::{At, Rows, table};
use crate::scenario::values::{Name, text_value};
use crate::scenario::webhooks::HookUrl;
use crate::scenario::words::words;
use std::collections::HashSet;

table! {
    /// A merchant with its keys. What is not given is that of the vendor's public samples.
    struct MerchantRow {
        /// shown to people
        name: Option<Name> = r#"name = "mockpos""#,
        /// names the merchant in every call
        api_key: Option<At<Key>> = r#"api_key = "api-key""#,
        /// signs every call
        secret_key: Option<Key> = r#"secret_key = "secret-key""#,
        /// signs what a shopper's browser brings back
        callback_key: Option<Key> = r#"callback_key = "merchantThreeDsCallbackKeySndbox""#,
        /// signs events
        webhook_key: Option<Key> = r#"webhook_key = "Aoh7tReTybO6wOjBmOJFFsOR53SBojEp""#,
        /// where events are told; not given: nowhere
        webhook_url: Option<HookUrl> = r#"webhook_url = "http://127.0.0.1:3000/craftgate/webhook""#,
        /// 3-D Secure with mdStatus 2, 3 or 4 may go on
        half_threeds: Option<bool> = "half_threeds = false",
        /// `3d`: verified, then charged by a call; `3dpay`: both in one step
        three_ds_model: Option<ThreeDsModel> = r#"three_ds_model = "3d""#,
        /// what becomes of a wrong signature; not given: as `[craftgate]` says
        signature: Option<SignatureCheck> = r#"signature = "strict""#,
    }
}

words! { ThreeDsModel, "3-D Secure model":
    "3d" => ThreeD,
    "3dpay" => ThreeDPay,
}

words! { SignatureCheck, "signature check":
    "strict" => Strict,
    "warn" => Warn,
    "off" => Off,
}

/// A key: printable, without spaces.
#[derive(Debug, Clone)]
pub(crate) struct Key(String);

text_value!(Key, "printable characters without spaces", |text| {
    let fits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| Self(text.to_owned()))
});

/// The merchants of the last file that gives some.
pub(crate) fn merchants(rows: Option<Rows<MerchantRow>>, report: &mut Report) -> Merchants {
    let rows = rows.map(|rows| rows.rows).unwrap_or_default();
    let mut taken = HashSet::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let place = row
            .value
            .api_key
            .as_ref()
            .map_or(row.place, |key| key.place);
        let merchant = row.value.merchant();
        if !taken.insert(merchant.api_key.clone()) {
            let message = format!("there are two with the API key {}", tick(&merchant.api_key));
            report.say(Mistake::Twice, place, message);
        }
        all.push(merchant);
    }
    Merchants::new(all)
}

impl MerchantRow {
    fn merchant(self) -> Merchant {
        let Self {
            name,
            api_key,
            secret_key,
            callback_key,
            webhook_key,
            webhook_url,
            half_threeds,
            three_ds_model,
            signature,
        } = self;
        let usual = Merchant::default();
        let key = |given: Option<Key>, usual: String| given.map_or(usual, |key| key.0);
        Merchant {
            name: name.map_or(usual.name, |name| name.0),
            api_key: key(api_key.map(|key| key.value), usual.api_key),
            secret_key: key(secret_key, usual.secret_key),
            callback_key: key(callback_key, usual.callback_key),
            webhook_key: key(webhook_key, usual.webhook_key),
            webhook_url: webhook_url.map(|url| url.0),
            half_three_ds: half_threeds.unwrap_or(usual.half_three_ds),
            three_ds_model: three_ds_model.unwrap_or(usual.three_ds_model),
            signature,
        }
    }
}
