//! A merchant: who may call a gateway, and with which keys.

use std::sync::Arc;

/// How 3-D Secure and the charge hang together. contract: craftgate §5.2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThreeDsModel {
    /// verified first, charged by a call of the merchant
    #[default]
    ThreeD,
    /// verified and charged in one step
    ThreeDPay,
}

/// What becomes of a call whose signature is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignatureCheck {
    /// refused
    #[default]
    Strict,
    /// answered, with a line in the log
    Warn,
    /// nobody looks
    Off,
}

/// A merchant with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    /// shown to people
    pub name: String,
    /// names the merchant in every call
    pub api_key: String,
    /// signs every call
    pub secret_key: String,
    /// signs what a shopper's browser brings back
    pub callback_key: String,
    /// signs events
    pub webhook_key: String,
    /// where events are told; None: nowhere
    pub webhook_url: Option<String>,
    /// 3-D Secure with mdStatus 2, 3 or 4 may go on
    pub half_three_ds: bool,
    /// how 3-D Secure and the charge hang together
    pub three_ds_model: ThreeDsModel,
    /// None: as the settings say
    pub signature: Option<SignatureCheck>,
}

impl Default for Merchant {
    /// The keys of the vendor's public samples. contract: craftgate §1.3, §3.8, §8
    fn default() -> Self {
        Self {
            name: "mockpos".to_owned(),
            api_key: "api-key".to_owned(),
            secret_key: "secret-key".to_owned(),
            callback_key: "merchantThreeDsCallbackKeySndbox".to_owned(),
            webhook_key: "Aoh7tReTybO6wOjBmOJFFsOR53SBojEp".to_owned(),
            webhook_url: None,
            half_three_ds: false,
            three_ds_model: ThreeDsModel::default(),
            signature: None,
        }
    }
}

/// The merchants of a sandbox; never empty. Payments that name no merchant are the first one's.
#[derive(Debug, Clone)]
pub struct Merchants(Vec<Arc<Merchant>>);

impl Default for Merchants {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Merchants {
    /// These, or the default one when there are none.
    pub fn new(mut merchants: Vec<Merchant>) -> Self {
        if merchants.is_empty() {
            merchants.push(Merchant::default());
        }
        Self(merchants.into_iter().map(Arc::new).collect())
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Merchant> {
        self.0.iter().map(|merchant| &**merchant)
    }

    /// The merchant with that API key.
    pub fn find(&self, api_key: &str) -> Option<&Arc<Merchant>> {
        self.0.iter().find(|merchant| merchant.api_key == api_key)
    }

    /// The merchant with that number, counted from 1.
    pub fn numbered(&self, number: u64) -> Option<&Arc<Merchant>> {
        self.0.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Whose payments are that name no merchant.
    pub fn first(&self) -> &Arc<Merchant> {
        self.0.first().expect("there is at least one merchant")
    }

    /// Whether something of `owner` (None: of nobody) is visible to the merchant with that key.
    pub fn may_see(&self, api_key: &str, owner: Option<&str>) -> bool {
        api_key == owner.unwrap_or(&self.first().api_key)
    }
}
