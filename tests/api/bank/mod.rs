//! The bank's page: how a challenge ends, by whom, and what the browser then brings back.

pub mod acs;
pub mod admin;
pub mod drivers;
pub mod gateway;
pub mod otp;
pub mod page;

use crate::support::Answer;
use crate::support::merchant::{HOST, Merchant};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use mockpos::app::App;
use mockpos::call::Call;
use serde_json::{Value, json};
use std::sync::Arc;

pub const INIT: &str = "/payment/v1/card-payments/3ds-init";
pub const SHOP: &str = "https://shop.example/cg/3ds?order=7&a=b";
/// A published test card that always succeeds.
pub const CARD: &str = "5258640000000001";

/// Every end: its word, its mdStatus, and the code that carries it.
pub const ENDS: [(&str, u8, &str); 15] = [
    ("succeeds", 1, "123456"),
    ("fails", 0, "111100"),
    ("half", 2, "111102"),
    ("half", 3, "111103"),
    ("half", 4, "111104"),
    ("technical_error", 5, "111105"),
    ("technical_error", 6, "111106"),
    ("technical_error", 7, "111107"),
    ("technical_error", 8, "111108"),
    ("cancelled", 7, "111117"),
    ("times_out", 7, "111118"),
    ("never_returns", 0, "111119"),
    ("bad_hash", 1, "111121"),
    ("wrong_order_no", 1, "111122"),
    ("wrong_amount", 1, "111123"),
];

/// A browser, or a plain client of HTTP.
pub struct Browser {
    transport: Merchant,
    headers: HeaderMap,
    sandbox: String,
}

impl Browser {
    /// One that shows pages.
    pub fn new(app: &Arc<App>) -> Self {
        let mut browser = Self::plain(app);
        browser.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        browser
    }

    /// One that follows redirects and posts no forms.
    pub fn plain(app: &Arc<App>) -> Self {
        let mut browser = Self {
            transport: Merchant::new(app),
            headers: HeaderMap::new(),
            sandbox: String::new(),
        };
        browser.header("host", HOST);
        browser
    }

    pub fn header(&mut self, name: &str, value: &str) -> &mut Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub fn in_sandbox(mut self, name: &str) -> Self {
        name.clone_into(&mut self.sandbox);
        self
    }

    pub fn get(&self, url: &str) -> Answer {
        self.send(Method::GET, url, ("", ""))
    }

    pub fn post(&self, url: &str, form: &str) -> Answer {
        let media = "application/x-www-form-urlencoded";
        self.send(Method::POST, url, (media, form))
    }

    pub fn post_json(&self, url: &str, body: &Value) -> Answer {
        let body = body.to_string();
        self.send(Method::POST, url, ("application/json", &body))
    }

    /// Absolute URLs are taken to be ours.
    pub fn send(&self, method: Method, url: &str, (media, body): (&str, &str)) -> Answer {
        let path = match url.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => &rest[rest.find('/').unwrap()..],
            Some(_) | None => url,
        };
        let prefix = format!("/~{}", self.sandbox);
        let inner = path.strip_prefix(&prefix).unwrap_or(path);
        let mut call = Call::new(method, inner);
        if !self.sandbox.is_empty() {
            call.sandbox = self.sandbox.as_str().into();
            call.prefix = prefix.into();
        }
        path.clone_into(&mut call.target);
        call.origin = format!("http://{HOST}").into();
        call.headers = self.headers.clone();
        if !media.is_empty() {
            let media = HeaderValue::from_str(media).unwrap();
            call.headers.insert("content-type", media);
        }
        call.body = body.to_owned().into();
        self.transport.deliver(&call)
    }
}

/// A payment at the bank's page.
pub struct Begun {
    pub payment: String,
    /// the page's address
    pub page: String,
}

impl Begun {
    pub fn id(&self) -> &str {
        self.page.rsplit('/').next().unwrap()
    }

    pub fn admin(&self) -> String {
        format!("/__mockpos/challenges/{}", self.id())
    }
}

pub fn begun(app: &Arc<App>) -> Begun {
    begun_with(&mut Merchant::new(app), &order(CARD))
}

/// An order of 1,250.00 TRY in all that goes to the bank's page.
pub fn order(card: &str) -> Value {
    let cvc = if card.len() == 15 { "0000" } else { "000" };
    json!({
        "price": 1250, "paidPrice": 1250, "installment": 1, "currency": "TRY",
        "conversationId": "order-7", "callbackUrl": SHOP,
        "card": {"cardHolderName": "Haluk Demir", "cardNumber": card, "expireYear": "2044",
                 "expireMonth": "07", "cvc": cvc},
        "items": [{"price": 1250}],
    })
}

pub fn begun_with(merchant: &mut Merchant, order: &Value) -> Begun {
    let init = merchant.post(INIT, order);
    assert_eq!(init.status, 200, "{}", init.text);
    let html = STANDARD.decode(init.text_at("data.htmlContent")).unwrap();
    let html = String::from_utf8(html).unwrap();
    let page = unescaped(html.split("action=\"").nth(1).unwrap());
    Begun {
        payment: init.text_at("data.paymentId"),
        page: page.split('"').next().unwrap().to_owned(),
    }
}

pub fn unescaped(text: &str) -> String {
    let text = text.replace("&#34;", "\"").replace("&#39;", "'");
    let text = text.replace("&#60;", "<").replace("&#62;", ">");
    text.replace("&#38;", "&")
}

/// Where a page's first form goes, and with what, in its order.
pub fn form(page: &Answer) -> (String, Vec<(String, String)>) {
    assert_eq!(page.status, 200, "{}", page.text);
    let attribute = |text: &str, name: &str| {
        let rest = text.split(&format!(" {name}=\"")).nth(1).expect(text);
        unescaped(rest.split('"').next().unwrap())
    };
    let form = page.text.split("<form").nth(1).expect(&page.text);
    let form = form.split("</form").next().unwrap();
    let inputs = form.split("<input").skip(1);
    let fields = inputs.map(|input| (attribute(input, "name"), attribute(input, "value")));
    (attribute(form, "action"), fields.collect())
}

pub fn field<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

pub fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// The text of the first element with that `data-testid`.
pub fn shown(page: &Answer, testid: &str) -> String {
    let start = format!("data-testid=\"{testid}\"");
    let Some((_, rest)) = page.text.split_once(&start) else {
        panic!("no `{testid}` in {}", page.text);
    };
    let (_, rest) = rest.split_once('>').unwrap();
    unescaped(rest.split('<').next().unwrap())
}

pub fn has(page: &Answer, testid: &str) -> bool {
    page.text.contains(&format!("data-testid=\"{testid}\""))
}
