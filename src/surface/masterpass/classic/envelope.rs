//! The shape of every answer. The vendor's SDK dies on one without `ServiceFaultDetail`, success or
//! not, and on a `Response` without `TransactionBody`. contract: masterpass §2.2, §2.4

use crate::reply::Reply;
use crate::route::Spec;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

/// How the call went, and what the holder is to do next. Always there, all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ServiceFault {
    /// the wallet's number of the call
    pub ref_no: String,
    /// `""` and `0000` are success
    pub response_code: String,
    /// for people
    pub response_desc: String,
    /// the validation token, when something is asked for; else empty
    pub token: String,
    /// the bank's page
    #[serde(rename = "Url3D")]
    pub url_3d: String,
    /// where a browser that is watched ends, when all went well
    #[serde(rename = "Url3DSuccess")]
    pub url_3d_success: String,
    /// and when not
    #[serde(rename = "Url3DError")]
    pub url_3d_error: String,
    /// the page of a loan: there is none here
    pub url_loan: Option<String>,
    /// as above
    pub url_loan_success: Option<String>,
    /// as above
    pub url_loan_error: Option<String>,
    /// the number that took this one's place
    pub new_msisdn: String,
    /// the bank's own code
    pub internal_response_code: String,
    /// what the bank says
    pub internal_response_message: String,
    /// whose card it is about
    pub card_issuer_name: String,
    /// which card it is about
    pub masked_pan: String,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Transaction {
    /// the wallet's number of the call
    pub ref_no: String,
    /// the payment token, when money may move; else empty
    pub token: String,
    /// sixteen digits `0` and `1`
    pub account_status: String,
    /// names a card for good
    pub card_unique_id: String,
    /// cards
    pub list_items: ListItems,
    /// nothing is known of it
    pub account_list: &'static str,
    /// whole kuruş
    pub amount: String,
    /// the number that bank and shop know the payment by
    pub order_no: String,
    /// number of parts
    pub installment_count: u32,
    /// the card's number, masked
    pub masked_account_no: String,
    /// `TRY`
    pub currency_code: &'static str,
    /// the bank's, once money has moved: not here
    pub approval_code: &'static str,
    /// nothing is known of it
    pub masked_sender_rta: &'static str,
    /// who is paid
    pub merchant_name: String,
    /// a text message to the holder: none is sent
    pub sms_noti: SmsNotice,
}

/// The cards of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ListItems {
    /// one each
    pub list_item: Vec<ListItem>,
    /// nothing is known of its entries
    pub bank_list: [(); 0],
}

/// A card of an account: all strings. contract: masterpass §6
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ListItem {
    /// what calls name it by
    pub name: String,
    /// its number, masked
    pub value1: String,
    /// usually empty
    pub value2: &'static str,
    /// names it for good
    pub unique_id: String,
    /// the bank, as the network knows it
    pub bank_ica: String,
    /// the bank, as other banks know it
    pub eft_code: String,
    /// its programme
    pub product_name: String,
    /// its reward programme
    pub loyalty_code: String,
    /// `Y`, or `N` for a card of the merchant's own programme
    pub is_master_pass_member: &'static str,
    /// `Y`: its PIN is asked for. The vendor's spelling
    pub promt_cpin: &'static str,
    /// its form is not public
    pub card_status: &'static str,
}

/// A text message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SmsNotice {
    to: &'static str,
    value: &'static str,
}

/// When the call was made and answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Times {
    /// as the caller says
    #[serde(rename = "RequestDateTime")]
    pub asked: String,
    /// the vendor's spelling
    #[serde(rename = "ResponseDatetime")]
    pub answered: String,
}

/// An answer in its envelope; without a transaction there is no `Response` at all.
pub fn reply(
    status: StatusCode,
    fault: &ServiceFault,
    transaction: Option<(&Times, &Transaction)>,
) -> Reply {
    let response = transaction.map(|(header, body)| Response {
        result: Outcome { header, body },
    });
    let envelope = Envelope {
        result: true,
        message: "",
        data: Data {
            body: Body {
                fault: Fault {
                    detail: Detail { fault },
                },
                response,
            },
        },
    };
    Reply::json(status, &envelope)
}

/// Every row answers so, whatever comes of the call.
pub fn told(spec: &mut Spec<'_>) {
    spec.json::<Envelope<'_>>(200);
    spec.fails::<Envelope<'_>>();
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    result: bool,
    message: &'static str,
    data: Data<'a>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Data<'a> {
    body: Body<'a>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    fault: Fault<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Response<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Fault<'a> {
    detail: Detail<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Detail<'a> {
    #[serde(rename = "ServiceFaultDetail")]
    fault: &'a ServiceFault,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    result: Outcome<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Outcome<'a> {
    #[serde(rename = "TransactionHeader")]
    header: &'a Times,
    #[serde(rename = "TransactionBody")]
    body: &'a Transaction,
}
