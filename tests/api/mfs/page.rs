//! A shop's page with the vendor's SDK in it: adds what the SDK adds to every call, and remembers what
//! it remembers.

use crate::support::{Answer, Shopper, app};
use http::Method;
use serde_json::{Value, json};
use std::ops::Deref;

/// Every key that the SDK reads, success or not. contract: masterpass §2.4
const FAULT: [&str; 15] = [
    "RefNo",
    "ResponseCode",
    "ResponseDesc",
    "Token",
    "Url3D",
    "Url3DSuccess",
    "Url3DError",
    "UrlLoan",
    "UrlLoanSuccess",
    "UrlLoanError",
    "NewMsisdn",
    "InternalResponseCode",
    "InternalResponseMessage",
    "CardIssuerName",
    "MaskedPan",
];

/// The holder of all cards, and one who is linked and has one card.
pub const COLLECTOR: &str = "905551110020";
pub const LINKED: &str = "905551110008";
/// Nobody has an account there.
pub const NOBODY: &str = "905551110001";
/// What every one-time password is.
pub const OTP: &str = "123456";

pub struct Page {
    pub shopper: Shopper,
    pub base: &'static str,
    /// the SDK's last token
    pub last: String,
    /// the merchant's token
    pub token: String,
}

/// An answer in its envelope.
pub struct Told(Answer);

impl Deref for Told {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.0
    }
}

impl Told {
    /// Checks the shape that the SDK dies without.
    pub fn of(answer: Answer) -> Self {
        let told = Self(answer);
        let fault = told.at("Data.Body.Fault.Detail.ServiceFaultDetail");
        let fault = fault.as_object().unwrap_or_else(|| panic!("{}", told.text));
        for key in FAULT {
            let value = fault
                .get(key)
                .unwrap_or_else(|| panic!("no {key}: {}", told.text));
            assert!(value.is_string() || (value.is_null() && key.starts_with("UrlLoan")));
        }
        assert_eq!(fault.len(), FAULT.len());
        let body = told.at("Data.Body").as_object().unwrap();
        if body.contains_key("Response") {
            let transaction = told.at("Data.Body.Response.Result.TransactionBody");
            assert!(transaction.is_object(), "{}", told.text);
        }
        assert_eq!(told.header("content-type"), "application/json");
        told
    }

    pub fn fault(&self, key: &str) -> String {
        self.text_at(&format!("Data.Body.Fault.Detail.ServiceFaultDetail.{key}"))
    }

    pub fn code(&self) -> String {
        self.fault("ResponseCode")
    }

    /// The value of the transaction; null when there is none.
    pub fn of_it(&self, path: &str) -> &Value {
        self.at(&format!("Data.Body.Response.Result.TransactionBody.{path}"))
    }

    pub fn text_of_it(&self, path: &str) -> String {
        self.of_it(path).as_str().unwrap_or_default().to_owned()
    }

    pub fn payment_token(&self) -> String {
        self.text_of_it("Token")
    }

    #[track_caller]
    pub fn is(&self, code: &str) -> &Self {
        assert_eq!((self.status, &*self.code()), (200, code), "{}", self.text);
        self
    }
}

impl Page {
    /// With these rules on top of the default scenario.
    pub fn playing(rules: &str) -> Self {
        Self::of(Shopper::new(&app(rules)))
    }

    pub fn of(mut shopper: Shopper) -> Self {
        shopper.header("x-requested-with", "");
        Self {
            shopper,
            base: "/MasterpassJsonServerHandler/v2",
            last: String::new(),
            token: "AB12".to_owned(),
        }
    }

    /// One operation.
    pub fn post(&mut self, operation: &str, fields: &Value) -> Told {
        let mut body = json!({"clientId": "90000001", "dateTime": "2026-01-02T03:04:05.000Z",
            "version": "36.4", "clientType": "1", "fp": "", "sendSms": "N",
            "sendSmsLanguage": "eng", "referenceNo": "100000000001", "token": self.token});
        let all = body.as_object_mut().unwrap();
        all.extend(fields.as_object().unwrap().clone());
        self.send(operation, &body.to_string())
    }

    /// A body as it is.
    pub fn send(&mut self, operation: &str, body: &str) -> Told {
        let target = format!("{}/{operation}", self.base);
        let body = ("application/json", body.to_owned());
        let told = Told::of(self.shopper.send(Method::POST, &target, body));
        // An empty one leaves the last one in place. contract: masterpass §2.4
        let token = told.fault("Token");
        if !token.is_empty() {
            self.last = token;
        }
        told
    }

    pub fn check(&mut self, msisdn: &str) -> Told {
        self.post("checkMasterPassEndUser", &json!({ "userId": msisdn }))
    }

    pub fn list(&mut self, msisdn: &str) -> Told {
        let fields = json!({"msisdn": msisdn, "listType": "ACCOUNT", "sendSms": "Y"});
        self.post("listManagement", &fields)
    }

    /// The names of the cards.
    pub fn cards(&mut self, msisdn: &str) -> Vec<String> {
        let listed = self.list(msisdn);
        let cards = listed.of_it("ListItems.ListItem").as_array().unwrap();
        let names = cards.iter().map(|card| card["Name"].as_str().unwrap());
        names.map(str::to_owned).collect()
    }

    pub fn link(&mut self, msisdn: &str) -> Told {
        let fields = json!({"msisdn": msisdn, "cardAliasName": null});
        self.post("linkCardToClient", &fields)
    }

    /// Keeps the card with this name on it.
    pub fn register(&mut self, msisdn: &str, name: &str) -> Told {
        self.post("register", &typed(msisdn, name))
    }

    pub fn direct(&mut self, name: &str) -> Told {
        self.post("directPurchase", &paying(typed(LINKED, name)))
    }

    /// Pays with this name on it, and keeps it.
    pub fn registering(&mut self, msisdn: &str, name: &str) -> Told {
        self.post("purchaseAndRegister", &paying(typed(msisdn, name)))
    }

    pub fn saved(&mut self, msisdn: &str, alias: &str) -> Told {
        let fields = json!({"msisdn": msisdn, "listAccountName": alias, "aav": "aav",
            "encCPin": "0", "encPassword": "", "password": "", "cvc": ""});
        self.post("remotePurchaseOther", &paying(fields))
    }

    pub fn validate(&mut self, code: &str) -> Told {
        let last = self.last.clone();
        self.validate_under(&last, code)
    }

    pub fn validate_under(&mut self, token: &str, code: &str) -> Told {
        let fields = json!({"validationRefNo": token, "validationCode": code, "token": null});
        self.post("validateTransaction", &fields)
    }

    pub fn resend(&mut self) -> Told {
        let fields = json!({"validationRefNo": self.last, "referenceNo": "00000000"});
        self.post("resendOtp", &fields)
    }
}

/// A card that the SDK has sealed for the vendor: known by the name on it.
pub fn typed(msisdn: &str, name: &str) -> Value {
    json!({"msisdn": msisdn, "accountAliasName": "Yeni%20kart", "rtaPan": "8d2f6c".repeat(58),
        "cvc": "0a1b", "expiryDate": "3012", "cardHolderName": name})
}

pub fn paying(mut fields: Value) -> Value {
    let more = json!({"amount": "10000", "orderNo": "7001", "macroMerchantId": "1",
        "installmentCount": 3, "paymentType": "DIRECT_PAYMENT", "rewardName": null});
    let more = more.as_object().unwrap().clone();
    fields.as_object_mut().unwrap().extend(more);
    fields
}
