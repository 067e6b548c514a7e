//! Renders the bank's pages: language, policy, and the small ones. All that is echoed is escaped by
//! askama.

use super::words::Words;
use crate::call::Call;
use crate::reply::{Reply, rendered};
use crate::route::Turn;
use crate::scenario::bank::{Framing, ReturnBy};
use crate::scenario::settings::Language;
use crate::surface::three_ds::ReturnPost;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, VARY};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The style of all pages here.
pub const STYLE: &str = include_str!("../../../templates/bank/bank.css");
/// The one script: it submits a form that leads back, or counts a password's time down. Nothing of a
/// page is in it, and without it there are buttons and the time of day.
pub const SCRIPT: &str = include_str!("../../../templates/bank/bank.js");

/// Before a page knows better: it posts to nobody.
const NOTHING: &str = "default-src 'none'";

/// What every page's policy begins with.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "{NOTHING}; base-uri 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

/// Where the forms of a page lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// back here, from where a redirect may follow
    Here,
    /// to the merchant, who redirects on as it likes
    Away,
}

/// What the small pages say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// authenticated, and nowhere to go
    Done,
    /// not authenticated, and nowhere to go
    Undone,
    /// the browser never goes back
    Staying,
    /// that is no address to go back to
    BadReturn,
}

#[derive(Template)]
#[template(path = "bank/leaving.html")]
struct Leaving<'a> {
    lang: &'static str,
    words: &'static Words,
    style: &'static str,
    script: &'static str,
    bank: &'a str,
    post: &'a ReturnPost<'a>,
}

#[derive(Template)]
#[template(path = "bank/message.html")]
struct Small<'a> {
    lang: &'static str,
    words: &'static Words,
    style: &'static str,
    bank: &'a str,
    name: &'static str,
    title: &'static str,
    text: &'static str,
    note: Option<&'static str>,
    /// a sign in front: `ok`, `bad` or `wait`
    sign: &'static str,
}

/// Of the `lang` parameter, else the first of both that the browser asks for, else `usual`.
pub fn language(call: &Call, usual: Language) -> Language {
    let known = |tag: &str| match tag.trim().get(..2)? {
        tag if tag.eq_ignore_ascii_case("tr") => Some(Language::Tr),
        tag if tag.eq_ignore_ascii_case("en") => Some(Language::En),
        _ => None,
    };
    let asked = call.query("lang").and_then(known);
    let header = call.header("accept-language").unwrap_or_default();
    asked
        .or_else(|| header.split(',').find_map(known))
        .unwrap_or(usual)
}

/// The language of a turn's page.
pub fn language_of(turn: &Turn<'_>) -> Language {
    language(turn.call, turn.world.scenario.settings.bank.language)
}

/// For the `lang` attribute.
pub const fn tag(language: Language) -> &'static str {
    match language {
        Language::Tr => "tr",
        Language::En => "en",
    }
}

/// The form that leads back to the merchant.
pub fn leaving(turn: &Turn<'_>, post: &ReturnPost<'_>) -> Reply {
    let language = language_of(turn);
    let page = Leaving {
        lang: tag(language),
        words: Words::of(language),
        style: STYLE,
        script: SCRIPT,
        bank: &turn.world.scenario.settings.bank.name,
        post,
    };
    show(turn, (StatusCode::OK, Leads::Away), rendered(&page))
}

/// A small page.
pub fn message(turn: &Turn<'_>, message: Message) -> Reply {
    let language = language_of(turn);
    let words = Words::of(language);
    let page = |(name, sign), title, text| Small {
        lang: tag(language),
        words,
        style: STYLE,
        bank: &turn.world.scenario.settings.bank.name,
        name,
        title,
        text,
        note: None,
        sign,
    };
    let (status, page) = match message {
        Message::Done => {
            let page = page(("bank-done", "ok"), words.done, words.close);
            (StatusCode::OK, page)
        }
        Message::Undone => {
            let page = page(("bank-undone", "bad"), words.undone, words.close);
            (StatusCode::OK, page)
        }
        Message::Staying => {
            let note = Some(words.staying_test);
            let page = page(("bank-staying", "wait"), words.staying, words.staying_text);
            (StatusCode::OK, Small { note, ..page })
        }
        Message::BadReturn => {
            let (title, text) = (words.bad_return, words.bad_return_text);
            let page = page(("bank-bad-return", "bad"), title, text);
            (StatusCode::BAD_REQUEST, page)
        }
    };
    show(turn, (status, Leads::Here), rendered(&page))
}

/// There is no such challenge.
pub fn gone(turn: &Turn<'_>) -> Reply {
    let language = language_of(turn);
    let words = Words::of(language);
    let page = Small {
        lang: tag(language),
        words,
        style: STYLE,
        bank: &turn.world.scenario.settings.bank.name,
        name: "bank-gone",
        title: words.gone,
        text: words.gone_text,
        note: None,
        sign: "bad",
    };
    show(turn, (StatusCode::NOT_FOUND, Leads::Here), rendered(&page))
}

/// A call that nothing of a challenge answers, with the reason where one is known.
pub fn broken(call: &Call, (status, why): (StatusCode, Option<&'static str>)) -> Reply {
    let language = language(call, Language::Tr);
    let words = Words::of(language);
    let page = Small {
        lang: tag(language),
        words,
        style: STYLE,
        bank: "mockpos",
        name: "bank-broken",
        title: words.broken,
        text: why.or(status.canonical_reason()).unwrap_or_default(),
        note: None,
        sign: "bad",
    };
    let policy = format!("{}; form-action 'none'", *POLICY);
    dressed(status, &policy, rendered(&page))
}

/// A page with its policy.
pub fn show(turn: &Turn<'_>, (status, leads): (StatusCode, Leads), page: Bytes) -> Reply {
    let bank = &turn.world.scenario.settings.bank;
    let action = match (leads, bank.return_by) {
        (Leads::Here, ReturnBy::Auto | ReturnBy::Form) => "'self'",
        // Browsers follow a redirect after a form only where the form itself might lead.
        (Leads::Away, _) | (Leads::Here, ReturnBy::Redirect) => "http: https:",
    };
    let frame = match bank.frame {
        Framing::Any => "",
        Framing::SameOrigin => "; frame-ancestors 'self'",
        Framing::Nobody => "; frame-ancestors 'none'",
    };
    let policy = format!("{}; form-action {action}{frame}", *POLICY);
    dressed(status, &policy, page)
}

fn dressed(status: StatusCode, policy: &str, page: Bytes) -> Reply {
    let mut reply = Reply::html(status, NOTHING, page);
    if let Ok(policy) = HeaderValue::from_str(policy) {
        reply.set(CONTENT_SECURITY_POLICY, policy);
    }
    reply.set(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.set(VARY, HeaderValue::from_static("accept, accept-language"));
    // The merchant learns from which site its customer comes, as in life, and not of which challenge.
    reply.set(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_is_spoken_here() {
        for (header, lang, want) in [
            ("", "", Language::Tr),
            ("en", "", Language::En),
            ("de-DE,de;q=0.9,en-US;q=0.8,tr;q=0.7", "", Language::En),
            ("TR-tr, en", "", Language::Tr),
            ("de, fr", "", Language::Tr),
            ("tr", "en", Language::En),
            ("en", "de", Language::En),
            ("e", "x", Language::Tr),
        ] {
            let mut call = Call::new(http::Method::GET, &format!("/?lang={lang}"));
            let value = HeaderValue::from_str(header).unwrap();
            call.headers.insert("accept-language", value);
            assert_eq!(language(&call, Language::Tr), want, "{header} {lang}");
        }
    }
}
