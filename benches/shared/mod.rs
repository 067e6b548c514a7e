//! What the benchmarks ask for, as requests that can be put into a call or onto a wire: a signed token of the
//! gateway, a checkout page, a payment with a saved card, and a checkout with 3-D Secure from its token to the
//! thank-you page.
#![allow(dead_code, reason = "each benchmark uses a part of it")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// How clients reach the server, as far as they say so.
pub const HOST: &str = "127.0.0.1:4242";
/// Where the bank sends the browser back to.
const SHOP: &str =
    "http://127.0.0.1:4242/orders/checkout/?page=MasterpassRestCompletePage&three_d_secure=true";
/// The default customer's wallet.
const PHONE: &str = "905321234567";

/// A request as a client makes it.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: &'static str,
    pub target: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// As much of an answer as the next request needs.
#[derive(Debug)]
pub struct Told {
    pub location: String,
    pub body: Vec<u8>,
}

impl Told {
    fn text_at(&self, pointer: &str) -> String {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("{pointer} in {}", String::from_utf8_lossy(&self.body)))
            .to_owned()
    }
}

/// Who answers.
pub type Send<'a> = dyn FnMut(&Ask) -> Told + 'a;

impl Ask {
    fn new(method: &'static str, target: &str, (media, body): (&str, &str)) -> Self {
        let mut headers = vec![("host", HOST.to_owned())];
        if !media.is_empty() {
            headers.push(("content-type", media.to_owned()));
        }
        let (target, body) = (target.to_owned(), body.to_owned());
        Self {
            method,
            target,
            headers,
            body,
        }
    }

    /// With one more header.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// From the storefront of a shopper whose session this is.
    fn of(self, session: &str) -> Self {
        self.with("cookie", &format!("osessionid={session}"))
            .with("x-requested-with", "XMLHttpRequest")
    }

    /// As bytes on a wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = self.body.len();
        text.push_str(&format!("content-length: {length}\r\n\r\n{}", self.body));
        text.into_bytes()
    }
}

/// Whether it is well.
pub fn health() -> Ask {
    Ask::new("GET", "/__mockpos/health", ("", ""))
}

/// The gateway's token for the wallet, signed as the vendor's Node client does.
pub fn generate_token() -> Ask {
    let body = json!({"msisdn": PHONE, "userId": "1", "binNumber": "525864",
        "masterpassIntegrationVersion": 2, "createPayment": {"price": 100, "paidPrice": 100,
        "installment": 1, "currency": "TRY", "paymentGroup": "LISTING_OR_SUBSCRIPTION",
        "conversationId": "456d1297-908e-4bd6-a13b-4be31a6e47d5",
        "items": [{"name": "Shoe", "price": 60}, {"name": "Laces", "price": 40}]}})
    .to_string();
    let target = "/payment/v2/masterpass-payments/generate-token";
    let signed = format!("http://{HOST}{target}api-keysecret-keyrnd1{body}");
    Ask::new("POST", target, ("application/json", &body))
        .with("accept", "application/json, text/plain, */*")
        .with("x-api-key", "api-key")
        .with("x-rnd-key", "rnd1")
        .with("x-auth-version", "1")
        .with("x-client-version", "craftgate-node-client:1.0.65")
        .with("x-signature", &STANDARD.encode(Sha256::digest(signed)))
}

fn page(session: &str, page: &str, body: &Value) -> Ask {
    let target = format!("/orders/checkout/?page={page}");
    Ask::new("POST", &target, ("application/json", &body.to_string())).of(session)
}

/// What comes before the BIN page.
pub fn option(session: &str) -> Ask {
    let body = json!({"payment_option": 1});
    page(session, "PaymentOptionSelectionPage", &body)
}

/// The BIN page, for a card of the wallet.
pub fn bin_page(session: &str) -> Ask {
    let body = json!({"bin_number": "525864", "is_masterpass_stored_card": true});
    page(session, "MasterpassRestBinNumberPage", &body)
}

/// The pages of a checkout up to the order number.
pub fn to_order_no(session: &str) -> [Ask; 4] {
    let installment = json!({"installment": 1});
    let three_d = json!({"use_three_d": true});
    [
        option(session),
        bin_page(session),
        page(session, "MasterpassRestInstallmentPage", &installment),
        page(session, "MasterpassRestOrderNoPage", &three_d),
    ]
}

/// The wallet's token, for the browser.
fn token(session: &str) -> Ask {
    let target = "/orders/masterpass-rest-token/?three_d=true&msisdn_validated=true";
    Ask::new("GET", target, ("", "")).of(session)
}

/// A payment with a saved card, whose call the shop's page makes.
pub fn payment(bearer: &str, order_no: &str, alias: &str) -> Ask {
    let body = json!({"accountKey": PHONE, "authenticationMethod": "None", "amount": 10_000,
        "requestReferenceNo": "100000000001", "cardAlias": alias, "orderNo": order_no,
        "installmentCount": 1, "currencyCode": "TRY", "paymentType": "Sale",
        "secure3DModel": "NotDefined", "terminalGroupId": "G1",
        "merchantId": "mockpos-merchant", "sdkVersion": "1.0.4", "sourceChannel": "Web"});
    let target = "/payment/api/Payment/request";
    Ask::new("POST", target, ("application/json", &body.to_string()))
        .with("origin", "http://127.0.0.1:4242")
        .with("authorization", bearer)
}

/// A token that a merchant's backend obtains from the wallet, and a payment with it.
pub fn backend_payment(send: &mut Send<'_>) -> Ask {
    let body = json!({"MerchantId": "mockpos-merchant", "UserId": "1", "AccountKey": PHONE,
        "IsMsisdnValidated": true, "AuthenticationMethod": "NONE", "Secure3dType": "NONE",
        "CurrencyCode": "TRY"});
    let target = "/merchant/api/token/generate";
    let ask = Ask::new("POST", target, ("application/json", &body.to_string()))
        .with("clientid", "mockpos-merchant")
        .with("secret", "mockpos-secret")
        .with("granttype", "client_credentials");
    let token = send(&ask).text_at("/result/accessToken");
    payment(&token, "1001", "Bonus kartım")
}

/// As [`backend_payment`], with a card that was typed: the number is sealed, as the vendor's script does.
pub fn sealed_payment(send: &mut Send<'_>) -> Ask {
    const SEALED: &str = "\
        829cd9f0b3fdbb13bdf00f93d3de7a636e76a4bd373838f8e80f975bd9765a620f1929514de1501f65c6\
        534d16cb165525159803a2ac503cc37e7dd9bbb496092e636a441f18a807a816f25b58e262db2b411dc7\
        bd1f3c838153def931ad6f50c8a2a9f5214d6c9ab1721c9bd3a668ca89c9c2d4cb0c15bec5cd2eb24a0e\
        3170c0b8a0fdf2a3c47ecb37a8bf0c6e25359b36c5f3118372613ce112233447bbfb5e9819bac4ce19dc\
        532e030d3a0cc066";
    let mut ask = backend_payment(send);
    let mut body: Value = serde_json::from_str(&ask.body).expect("it was JSON");
    body["cardNumber"] = SEALED.into();
    body["cvc"] = SEALED.into();
    body["cardHolderName"] = "DIRECT".into();
    body["expiryDate"] = "3012".into();
    ask.target = "/payment/api/DirectPayment/request".to_owned();
    ask.body = body.to_string();
    ask
}

/// Every call from the shop's token to the thank-you page, with 3-D Secure at the bank.
pub fn three_d_checkout(session: &str, order_no: &str, send: &mut Send<'_>) {
    let bearer = send(&token(session)).text_at("/token");
    let cards = format!(
        "/account/api/Card?accountKey={PHONE}&accountKeyType=Msisdn&userId=1&merchantId=mockpos-merchant&sdkVersion=1.0.4&sourceChannel=Web"
    );
    send(&Ask::new("GET", &cards, ("", "")).with("authorization", &bearer));
    let asked = send(&payment(&bearer, order_no, "Maaş kartım"));
    let form = asked.text_at("/result/url3d");
    let form = path(&form);
    let led = send(&Ask::new(
        "GET",
        &format!("{form}&returnUrl={SHOP}"),
        ("", ""),
    ));
    let bank = path(&led.location).to_owned();
    send(&Ask::new("GET", &bank, ("", "")).with("accept", "text/html"));
    let pressed = ("application/x-www-form-urlencoded", "outcome=succeeds");
    let left = send(&Ask::new("POST", &bank, pressed));
    let back = path(&left.location);
    let fields = back.split_once('?').map_or("", |(_, fields)| fields);
    let posted = ("application/x-www-form-urlencoded", fields);
    let done = send(&Ask::new("POST", back, posted).of(session));
    let thanks = done.text_at("/context_list/0/page_context/redirect_url");
    let last = send(&Ask::new("GET", &format!("{thanks}?format=json"), ("", "")).of(session));
    last.text_at("/order/number");
}

/// The order number that the last page of [`to_order_no`] gives out.
pub fn order_no(told: &Told) -> String {
    told.text_at("/context_list/0/page_context/order_no")
}

/// An address without scheme and host.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}
