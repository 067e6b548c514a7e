//! What the last page is sent, and whether it is whole. contract: akinon §9.7

use crate::call::{Call, flag};
use crate::domain::shop::PosKind;
use crate::domain::token::ResultToken;
use crate::domain::wallet::TransactionKind;
use crate::refusal::{Refusal, Why};
use crate::surface::akinon::limits::{TOKEN, too_long};

/// What the completion says, from query and body.
#[derive(Debug, Default)]
pub struct Sent {
    /// the wallet's result code
    pub response_code: Option<String>,
    /// the result token in the query
    pub query_token: Option<String>,
    /// the result token, from the body or else the query
    pub token: Option<String>,
    /// as the query says; None: no truth value
    pub three_d_secure: Option<bool>,
    /// one of the six
    pub transaction_type: Option<String>,
    /// the gateway's reference
    pub reference_id: Option<String>,
    /// the gateway's payment
    pub payment_id: Option<String>,
}

impl Sent {
    /// From query and body. Err when the body cannot be read.
    pub fn read(call: &Call) -> Result<Self, Refusal> {
        let fields = call.fields().map_err(Refusal::Unreadable)?;
        let body = |name| fields.text(name).map(|text| text.into_owned());
        let query = |name| call.query(name).map(str::to_owned);
        let code = call.query.iter().find(|(key, _)| key == "responseCode");
        Ok(Self {
            response_code: code.map(|(_, value)| value.to_string()),
            query_token: query("token"),
            token: body("token").or_else(|| query("token")),
            three_d_secure: call.query("three_d_secure").map_or(Some(false), flag),
            transaction_type: body("transactionType"),
            reference_id: body("referenceId"),
            payment_id: body("paymentId"),
        })
    }

    /// What stands for this completion when it comes twice.
    pub fn key(&self) -> Option<&str> {
        let key = self.payment_id.as_deref().or(self.reference_id.as_deref());
        key.or(self.token.as_deref())
    }

    /// The payment went through the bank's page.
    pub fn is_three_d(&self) -> bool {
        self.three_d_secure == Some(true)
    }

    /// Every field that is missing or malformed, for this kind of POS.
    pub fn check(&self, kind: PosKind) -> Result<(), Refusal> {
        let mut problems = Vec::new();
        if self.response_code.is_none() {
            problems.push(("responseCode", Why::Missing));
        }
        if self.three_d_secure.is_none() {
            problems.push(("three_d_secure", Why::Malformed("true or false")));
        }
        let by_payment = kind == PosKind::Gateway && self.is_three_d();
        match (&self.token, &self.query_token) {
            (None, _) if !by_payment => problems.push(("token", Why::Missing)),
            (Some(body), Some(query)) if body != query => {
                problems.push(("token", Why::Differs("the token in the query")));
            }
            _ => {}
        }
        match kind {
            PosKind::Wallet => problems.extend(self.transaction_type_problem()),
            PosKind::Gateway if by_payment && self.payment_id.is_none() => {
                problems.push(("paymentId", Why::Missing));
            }
            PosKind::Gateway if !by_payment && self.reference_id.is_none() => {
                problems.push(("referenceId", Why::Missing));
            }
            PosKind::Gateway => {}
        }
        let kept = [
            ("token", &self.token),
            ("referenceId", &self.reference_id),
            ("paymentId", &self.payment_id),
        ];
        for (field, text) in kept {
            let why = text.as_deref().and_then(|text| too_long(text, TOKEN));
            problems.extend(why.map(|why| (field, why)));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Refusal::fields(problems))
        }
    }

    /// Whether it says of itself what the wallet's purchase was. Err names what differs.
    pub fn is_result_of(&self, known: &ResultToken) -> Result<(), Refusal> {
        let three_d = known.three_ds.is_some();
        if three_d != self.is_three_d() {
            return Err(Refusal::ThreeDsMixUp);
        }
        let code = known.purchase.as_ref().map(|it| it.kind.code(three_d));
        if code.is_some() && code != self.transaction_type.as_deref() {
            let why = Why::Differs("what was asked of the wallet");
            return Err(Refusal::field("transactionType", why));
        }
        Ok(())
    }

    fn transaction_type_problem(&self) -> Option<(&'static str, Why)> {
        let why = match self.transaction_type.as_deref() {
            None => Why::Missing,
            Some(name) if !TransactionKind::codes().any(|code| code == name) => Why::NotOffered,
            Some(name) if name.ends_with("_3D") != self.is_three_d() => {
                Why::Differs("three_d_secure")
            }
            Some(_) => return None,
        };
        Some(("transactionType", why))
    }
}
