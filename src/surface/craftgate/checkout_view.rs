//! Renders the hosted page, in Turkish and English. All that is echoed is escaped by askama.

use crate::domain::hosted::Hosted;
use crate::domain::money::Money;
use crate::domain::payment::{Payment, Status};
use crate::domain::wallet::Card;
use crate::reply::{Reply, rendered};
use crate::route::Turn;
use crate::scenario::settings::Language;
use crate::surface::amounts::written;
use crate::surface::craftgate::callback;
use crate::surface::craftgate::checkout_form::{self, Form, offers, stored_cards, wallet};
use crate::surface::craftgate::checkout_words::{Words, label};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::payment_body::payment_error;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue, REFERRER_POLICY};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("../../../templates/craftgate/checkout.css");
/// Brings the token to the shop. With JavaScript off there is a button.
const SCRIPT: &str = "document.forms[0].submit()";

/// The one style by its hash, no script; the form leads back here. A shop may put it in a frame.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = hash(STYLE);
    format!("default-src 'none'; base-uri 'none'; form-action 'self'; style-src 'sha256-{style}'")
});

/// As [`POLICY`], with the one script; the form leads to the shop, which redirects as it likes.
static LEAVING: LazyLock<String> = LazyLock::new(|| {
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; base-uri 'none'; form-action http: https:; \
         style-src 'sha256-{style}'; script-src 'sha256-{script}'"
    )
});

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// One card to choose.
struct CardRow {
    value: String,
    name: String,
    digits: String,
    chosen: bool,
}

/// One number of parts to choose.
struct Part {
    count: u32,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "craftgate/checkout.html")]
struct Page<'a> {
    lang: &'static str,
    words: &'static Words,
    style: &'static str,
    framed: bool,
    merchant: &'a str,
    amount: String,
    price: Option<String>,
    lines: Vec<(String, String)>,
    form: &'a Form,
    /// `card`, `stored` or `masterpass`
    method: &'static str,
    notice: Option<String>,
    problems: Vec<(&'static str, &'static str)>,
    open_card: bool,
    stored: Vec<CardRow>,
    wallet: Vec<CardRow>,
    parts: Vec<Part>,
    /// for the amount's field, where several payments share the price
    rest: Option<String>,
    forced: bool,
    may_store: bool,
    may_delete: bool,
    back_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "craftgate/checkout_done.html")]
struct Done<'a> {
    lang: &'static str,
    words: &'static Words,
    style: &'static str,
    script: &'static str,
    merchant: &'a str,
    amount: String,
    /// None: the payment succeeded
    error: Option<String>,
    callback_url: &'a str,
    target: &'static str,
    token: &'a str,
}

#[derive(Template)]
#[template(path = "craftgate/checkout_gone.html")]
struct Gone {
    lang: &'static str,
    words: &'static Words,
    style: &'static str,
}

/// Of the `lang` parameter, else of the browser.
fn language(turn: &Turn<'_>) -> Language {
    match turn.call.query("lang") {
        Some(lang) if lang.eq_ignore_ascii_case("en") => Language::En,
        Some(lang) if lang.eq_ignore_ascii_case("tr") => Language::Tr,
        Some(_) | None => callback::language(turn),
    }
}

/// The form, with what was sent and what is wrong with it.
pub fn form(
    turn: &Turn<'_>,
    hosted: &Hosted,
    (form, problems): (&Form, &[(String, Code)]),
) -> Reply {
    let language = language(turn);
    let words = Words::of(language);
    let ways = &hosted.ways;
    let (stored, wallet) = (
        stored_rows(turn, hosted, form),
        wallet_rows(turn, hosted, form),
    );
    let open_card = ways.card && !ways.stored_only;
    let method = match form.method.as_str() {
        "masterpass" if !wallet.is_empty() => "masterpass",
        "stored" if !stored.is_empty() => "stored",
        "" if !stored.is_empty() => "stored",
        _ if open_card => "card",
        _ if !stored.is_empty() => "stored",
        _ => "masterpass",
    };
    let rest = hosted.remaining();
    let lines = hosted.draft.particulars.lines.iter();
    let page = Page {
        lang: callback::tag(language),
        words,
        style: STYLE,
        framed: turn.call.query("iframe") == Some("true"),
        merchant: &merchant(turn, hosted),
        amount: written(rest, language),
        price: hosted
            .in_parts()
            .then(|| written(hosted.draft.paid, language)),
        lines: lines
            .filter_map(|line| {
                let name = line.name.as_deref().unwrap_or(words.item);
                let price = line.price.as_ref()?.money();
                Some((name.to_owned(), written(price, language)))
            })
            .collect(),
        form,
        method,
        notice: notice(turn, hosted, language),
        problems: problems
            .iter()
            .map(|(field, code)| (label(field, words), code.text().of(language)))
            .collect(),
        open_card,
        stored,
        wallet,
        parts: parts(turn, hosted, (form, language)),
        rest: hosted.in_parts().then(|| rest.to_string()),
        forced: ways.three_ds,
        may_delete: ways.may_delete,
        may_store: ways.user.is_some() && !ways.store,
        back_url: hosted.back_url.as_deref(),
    };
    let status = match problems.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    show(status, &POLICY, rendered(&page))
}

/// The attempt is over: the browser brings the token to the shop.
pub fn done(turn: &Turn<'_>, (token, hosted): (&str, &Hosted)) -> Reply {
    let language = language(turn);
    let payment = last(turn, hosted);
    let paid = payment.map_or(hosted.draft.paid, Payment::paid);
    let page = Done {
        lang: callback::tag(language),
        words: Words::of(language),
        style: STYLE,
        script: SCRIPT,
        merchant: &merchant(turn, hosted),
        amount: written(paid, language),
        error: error(turn, hosted, language),
        callback_url: &hosted.callback_url,
        target: match hosted.leaves_frame {
            true => "_top",
            false => "_self",
        },
        token,
    };
    show(StatusCode::OK, &LEAVING, rendered(&page))
}

/// There is no such page, or no longer.
pub fn gone(turn: &Turn<'_>) -> Reply {
    let language = language(turn);
    let page = Gone {
        lang: callback::tag(language),
        words: Words::of(language),
        style: STYLE,
    };
    show(StatusCode::NOT_FOUND, &POLICY, rendered(&page))
}

fn show(status: StatusCode, policy: &'static str, page: Bytes) -> Reply {
    let mut reply = Reply::html(status, policy, page);
    reply.set(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.set(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    reply
}

fn merchant(turn: &Turn<'_>, hosted: &Hosted) -> String {
    let merchants = &turn.world.scenario.merchants;
    let merchant = merchants.find(&hosted.merchant);
    merchant.unwrap_or_else(|| merchants.first()).name.clone()
}

fn last<'t>(turn: &'t Turn<'_>, hosted: &Hosted) -> Option<&'t Payment> {
    turn.world.state.payments.get(&hosted.last()?)
}

/// Why the last attempt failed; None when it did not.
fn error(turn: &Turn<'_>, hosted: &Hosted, language: Language) -> Option<String> {
    let error = payment_error(last(turn, hosted)?, language)?;
    Some(error.error_description)
}

/// What became of the last attempt, for who may try again.
fn notice(turn: &Turn<'_>, hosted: &Hosted, language: Language) -> Option<String> {
    let words = Words::of(language);
    if let Some(error) = error(turn, hosted, language) {
        return Some(format!("{}: {error}", words.failed));
    }
    let payment = last(turn, hosted)?;
    let waits = *payment.status() == Status::AwaitingThreeDs;
    waits.then(|| words.unfinished.to_owned())
}

fn stored_rows(turn: &Turn<'_>, hosted: &Hosted, form: &Form) -> Vec<CardRow> {
    let cards = stored_cards(turn, hosted);
    let first = cards.first().map(|card| card.keys.token.clone());
    let chosen = match cards.iter().any(|card| card.keys.token == form.chosen) {
        true => Some(form.chosen.clone()),
        false => first,
    };
    let row = |card: &&crate::domain::stored_card::StoredCard| CardRow {
        value: card.keys.token.clone(),
        name: card.alias.clone().unwrap_or_else(|| card.holder.clone()),
        digits: short(card.pan.bin(), card.pan.last_four()),
        chosen: chosen.as_deref() == Some(card.keys.token.as_str()),
    };
    cards.iter().map(row).collect()
}

fn wallet_rows(turn: &Turn<'_>, hosted: &Hosted, form: &Form) -> Vec<CardRow> {
    let cards = wallet(turn, hosted);
    let chosen = cards.iter().position(|card| card.alias == form.chosen);
    let chosen = chosen.unwrap_or(0);
    let row = |(n, card): (usize, Card)| CardRow {
        digits: short(card.pan.bin(), card.pan.last_four()),
        value: card.alias.to_string(),
        name: card.alias.into(),
        chosen: n == chosen,
    };
    cards.into_iter().enumerate().map(row).collect()
}

/// `5258 64** **** 0001`
fn short(bin: &str, last_four: &str) -> String {
    format!("{} {}** **** {last_four}", &bin[..4], &bin[4..])
}

/// In how many parts the chosen card may pay; a card that nobody has named yet pays at once.
fn parts(turn: &Turn<'_>, hosted: &Hosted, (form, language): (&Form, Language)) -> Vec<Part> {
    let words = Words::of(language);
    let digits = checkout_form::digits(turn, hosted, form).unwrap_or_default();
    let amount = match Money::parse(&form.part, hosted.remaining().currency()) {
        Ok(part) if hosted.in_parts() && part.is_positive() && part <= hosted.remaining() => part,
        Ok(_) | Err(_) => hosted.remaining(),
    };
    let part = |(count, total): (u32, Money)| {
        let chosen = form.count() == Some(count);
        let total_text = written(total, language);
        let text = match count {
            1 => format!("{} · {total_text}", words.at_once),
            _ => {
                let each = written(total.per(count), language);
                format!("{count} {} × {each} · {total_text}", words.parts)
            }
        };
        Part {
            count,
            text,
            chosen,
        }
    };
    let offers = offers(turn, hosted, (&digits, amount));
    offers.into_iter().map(part).collect()
}
