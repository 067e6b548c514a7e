//! Reads a call's body: a flat JSON object, whatever its content type says. contract: masterpass §2.2

use crate::call::form::Form;
use crate::call::{Call, Fields};
use crate::domain::money::{Currency, MAX_MINOR, Money};
use crate::refusal::{Refusal, Why};
use crate::route::Turn;
use crate::scenario::settings::Language;
use crate::surface::masterpass::typed::unescaped;

/// What a call sends. `null`, `""` and nothing are the same; nobody minds fields that are not asked for.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'c>(Fields<'c>);

/// The most parts that a purchase has. Proposed: what the installment tables go up to.
const MOST_PARTS: u32 = 36;

/// What wallets keep of calls, and so must end somewhere.
const KEPT: [&str; 12] = [
    "msisdn",
    "userId",
    "clientId",
    "orderNo",
    "referenceNo",
    "cardHolderName",
    "accountAliasName",
    "cardAliasName",
    "listAccountName",
    "theNewValue",
    "productId",
    "endDate",
];
/// How many characters each may have. Proposed: the contract knows no bound.
const MOST_TEXT: u32 = 255;

impl<'c> Sent<'c> {
    /// Err when it is no JSON object.
    pub fn of(turn: &Turn<'c>) -> Result<Self, Refusal> {
        let call: &'c Call = turn.call;
        call.fields().map(Self).map_err(Refusal::Unreadable)
    }

    /// Err names all that is longer than what is kept.
    pub fn check(self) -> Result<(), Refusal> {
        let long = |name: &&str| {
            let text = self.0.glance(name);
            text.is_some_and(|text| text.chars().nth(MOST_TEXT as usize).is_some())
        };
        let long: Vec<_> = KEPT.into_iter().filter(long).collect();
        match long.is_empty() {
            true => Ok(()),
            false => Err(Refusal::fields(
                long.into_iter()
                    .map(|name| (name, Why::TooLong(MOST_TEXT)))
                    .collect(),
            )),
        }
    }

    /// A field; None when it is not there or empty.
    pub fn text(self, name: &str) -> Option<String> {
        let text = self.0.text(name)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A field that holders write: SDKs escape it as a URL does, hand-written clients do not.
    pub fn alias(self, name: &str) -> Option<String> {
        self.text(name).map(|text| unescaped(&text))
    }

    /// As [`Self::alias`]. Err when it is not there.
    pub fn need_alias(self, name: &'static str) -> Result<String, Refusal> {
        self.0.need(name, Form::Text);
        let alias = self.alias(name).or_else(|| self.nothing());
        alias.ok_or_else(|| missing(name))
    }

    /// As [`Self::text`]. Err when it is not there.
    pub fn need(self, name: &'static str) -> Result<String, Refusal> {
        self.0.need(name, Form::Text);
        let text = self.text(name).or_else(|| self.nothing());
        text.ok_or_else(|| missing(name))
    }

    /// What stands for a field when a reader is asked what it reads.
    fn nothing(self) -> Option<String> {
        self.0.describes().then(String::new)
    }

    /// Whole kuruş: `"100"` is 1.00.
    pub fn amount(self) -> Result<Money, Refusal> {
        self.0.need("amount", Form::Digits);
        let text = self.need("amount")?;
        if self.0.describes() {
            return Ok(Money::zero(Currency::TRY));
        }
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let minor = text.parse().ok().filter(|_| digits);
        let minor = minor.filter(|minor: &i64| *minor <= MAX_MINOR);
        let minor = minor.ok_or_else(|| malformed("amount", "a whole number of kuruş"))?;
        Ok(Money::new(minor, Currency::TRY))
    }

    /// Number of parts; not said, or none, is one.
    pub fn installment(self) -> Result<u32, Refusal> {
        let Some(text) = self.text("installmentCount") else {
            return Ok(1);
        };
        let count = text.parse().ok().filter(|count: &u32| *count <= MOST_PARTS);
        let count = count.ok_or_else(|| malformed("installmentCount", "a number of parts"))?;
        Ok(count.max(1))
    }

    /// In which language the holder reads. Turkish, when the call does not say.
    pub fn language(self) -> Language {
        match self.text("sendSmsLanguage") {
            Some(text) if text.eq_ignore_ascii_case("eng") => Language::En,
            Some(_) | None => Language::Tr,
        }
    }
}

impl<'c> From<Fields<'c>> for Sent<'c> {
    fn from(fields: Fields<'c>) -> Self {
        Self(fields)
    }
}

fn missing(field: &'static str) -> Refusal {
    Refusal::field(field, Why::Missing)
}

fn malformed(field: &'static str, what: &'static str) -> Refusal {
    Refusal::field(field, Why::Malformed(what))
}
