//! Switches of the bank: its page, what the browser brings back from it, one-time passwords.

use crate::domain::otp::OtpRules;
use crate::scenario::gateway::Language;
use crate::scenario::read::table;
use crate::scenario::settings::put;
use crate::scenario::values::{Int, Lifetime, Name, text_value};
use crate::scenario::words::words;
use std::time::Duration;

/// Where a value of the return post stands. contract: masterpass §7
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// in the query of the return address and in the form
    Both,
    /// in the query alone
    Query,
    /// in the form alone
    Form,
    /// nowhere
    Nowhere,
}

impl Placement {
    /// Whether it stands in the query.
    pub const fn in_query(self) -> bool {
        matches!(self, Self::Both | Self::Query)
    }

    /// Whether it stands in the form.
    pub const fn in_form(self) -> bool {
        matches!(self, Self::Both | Self::Form)
    }
}

/// Who may show the bank's page in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// anybody, as shops on phones need it
    Any,
    /// pages of mockpos alone
    SameOrigin,
    /// nobody
    Nobody,
}

/// How a browser comes back to the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnBy {
    /// a form for browsers, a redirect for clients that ask for no HTML
    Auto,
    /// a page that posts a form by itself
    Form,
    /// 303 with the fields in the query
    Redirect,
}

/// From which site the bank's page is served, seen from the shop to which it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// under the host that the caller used
    AsCalled,
    /// under the shop's own loopback name: its `SameSite` cookies come along
    Same,
    /// under the other loopback name: they do not
    Cross,
}

words! { Placement, "place": "both" => Both, "query" => Query, "form" => Form, "nowhere" => Nowhere, }
words! { Framing, "framing policy": "any" => Any, "same_origin" => SameOrigin, "nobody" => Nobody, }
words! { ReturnBy, "way back": "auto" => Auto, "form" => Form, "redirect" => Redirect, }
words! { Site, "site": "as_called" => AsCalled, "same" => Same, "cross" => Cross, }

/// Switches of the bank and its page.
#[derive(Debug, Clone)]
pub struct Bank {
    /// what holders read
    pub name: String,
    /// its number among issuers; 1000 hashes and answers as the PayU acquirer does
    pub ica: u32,
    /// the merchant's store at the bank
    pub client_id: String,
    /// signs what the browser brings back
    pub store_key: String,
    /// how long the page waits
    pub page_lifetime: Duration,
    /// of browsers that ask for none
    pub language: Language,
    /// who may frame the page
    pub frame: Framing,
    /// how the browser comes back
    pub return_by: ReturnBy,
    /// from which site the page is served
    pub site: Site,
    /// where `responseCode` and `token` stand in the return post
    pub result_in: Placement,
    /// where `transactionType` stands in the return post
    pub transaction_type_in: Placement,
}

impl Default for Bank {
    fn default() -> Self {
        Self {
            name: "Örnek Bank".to_owned(),
            ica: 2030,
            client_id: "mockpos-store".to_owned(),
            store_key: "mockpos-store-key".to_owned(),
            page_lifetime: Duration::from_secs(10 * 60),
            language: Language::Tr,
            frame: Framing::Any,
            return_by: ReturnBy::Auto,
            site: Site::AsCalled,
            result_in: Placement::Both,
            transaction_type_in: Placement::Form,
        }
    }
}

table! {
    /// One-time passwords, of the wallet and of the bank.
    struct OtpTable {
        /// the right one
        code: Option<OtpCode> = r#"code = "123456""#,
        /// how long one is good
        lifetime: Option<Lifetime> = r#"lifetime = "3m""#,
        /// how many wrong ones are too many
        tries: Option<Int<1, 100>> = "tries = 3",
        /// how often one is sent again
        resends: Option<Int<0, 100>> = "resends = 3",
    }
}

table! {
    /// Switches of the bank and its page.
    struct BankTable {
        /// what holders read
        name: Option<Name> = r#"name = "Örnek Bank""#,
        /// its number among issuers; 1000 hashes and answers as the PayU acquirer does
        ica: Option<Int<1, 999_999>> = "ica = 2030",
        /// the merchant's store at the bank
        client_id: Option<Name> = r#"client_id = "mockpos-store""#,
        /// signs what the browser brings back
        store_key: Option<Name> = r#"store_key = "mockpos-store-key""#,
        /// how long the page waits
        page_lifetime: Option<Lifetime> = r#"page_lifetime = "10m""#,
        /// of browsers that ask for neither Turkish nor English
        language: Option<Language> = r#"language = "tr""#,
        /// who may show the page in a frame
        frame: Option<Framing> = r#"frame = "any""#,
        /// how the browser comes back: a form, a redirect, or as the client asks
        return_by: Option<ReturnBy> = r#"return_by = "auto""#,
        /// from which site the page is served, seen from the shop: decides whether `SameSite` cookies come back
        site: Option<Site> = r#"site = "as_called""#,
        /// where `responseCode` and `token` stand in the return post
        result_in: Option<Placement> = r#"result_in = "both""#,
        /// where `transactionType` stands in the return post
        transaction_type_in: Option<Placement> = r#"transaction_type_in = "form""#,
    }
}

/// A one-time password.
#[derive(Debug, Clone)]
pub(crate) struct OtpCode(String);

text_value!(OtpCode, "4 to 8 digits or capitals", |text| {
    let plain = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
    let fits = (4..=8).contains(&text.len()) && text.bytes().all(plain);
    fits.then(|| Self(text.to_owned()))
});

impl OtpTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, to: &mut OtpRules) {
        let Self {
            code,
            lifetime,
            tries,
            resends,
        } = self;
        put(&mut to.code, code.map(|code| code.0));
        put(&mut to.lifetime, lifetime.map(|time| time.0));
        put(&mut to.tries, tries.map(Int::narrow));
        put(&mut to.resends, resends.map(Int::narrow));
    }
}

impl BankTable {
    /// Keys that are given replace those of earlier files.
    pub fn apply(self, to: &mut Bank) {
        let Self {
            name,
            ica,
            client_id,
            store_key,
            page_lifetime,
            language,
            frame,
            return_by,
            site,
            result_in,
            transaction_type_in,
        } = self;
        put(&mut to.name, name.map(|name| name.0));
        put(&mut to.ica, ica.map(Int::narrow));
        put(&mut to.client_id, client_id.map(|id| id.0));
        put(&mut to.store_key, store_key.map(|key| key.0));
        put(&mut to.page_lifetime, page_lifetime.map(|time| time.0));
        put(&mut to.language, language);
        put(&mut to.frame, frame);
        put(&mut to.return_by, return_by);
        put(&mut to.site, site);
        put(&mut to.result_in, result_in);
        put(&mut to.transaction_type_in, transaction_type_in);
    }
}
