//! The way back from the bank's page to the merchant: the challenge ends, and the shopper's browser
//! posts its result to the payment's own address. contract: craftgate §3.8

use crate::domain::decision::ThreeDs;
use crate::domain::merchant::{Merchant, ThreeDsModel};
use crate::domain::particulars::Callback;
use crate::domain::payment::{Payment, PaymentId, Status};
use crate::domain::published::Operation;
use crate::refusal::Refusal;
use crate::reply::{Reply, rendered};
use crate::route::{Answer, Turn};
use crate::scenario::settings::Language;
use crate::scenario::verdict::Callback as Scripted;
use crate::surface::bilingual::Text;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::hashes::{CallbackFields, HASH_PARAMS};
use crate::surface::craftgate::way_back::bank_page;
use crate::surface::craftgate::{decide, new_payment, owned, text, webhooks};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use std::sync::Arc;

/// One constant script submits the form, by its hash. A form may lead anywhere on the web: to the
/// merchant, who redirects on as it likes.
const POLICY: &str = concat!(
    "default-src 'none'; base-uri 'none'; form-action http: https:; ",
    "script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='; ",
    "style-src 'sha256-VFSdvYhjSjQZmoIBVxCeYYW0yyUe+0atN9PdctUYixU='"
);

/// The one script of these pages. With JavaScript off there is a button.
const SCRIPT: &str = "document.forms[0].submit()";

/// The style of all pages here.
pub const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}\
.test{color:#b00;font-weight:bold}dt{color:#666}dd{margin:0 0 .5rem}button{font:inherit;margin:0 .5rem .5rem 0}";

const KEY_LENGTH: usize = 20;

#[derive(Template)]
#[template(path = "craftgate/callback.html")]
struct Page<'a> {
    language: &'a str,
    title: &'a str,
    button: &'a str,
    action: &'a str,
    fields: &'a [(&'a str, String)],
    style: &'static str,
    script: &'static str,
}

#[derive(Template)]
#[template(path = "craftgate/missing.html")]
struct Missing<'a> {
    language: &'a str,
    title: &'a str,
    style: &'static str,
}

/// Ends the challenge of a payment, and sends the browser back to its merchant. `said`: what the
/// bank's fields say; None: the scenario, the test card, yes. With 3DPay the money moves here, and
/// where a card is only checked, since nobody completes that.
/// A payment whose challenge is over stays as it is. Err when none was ever begun.
pub fn returned(turn: &mut Turn<'_>, id: PaymentId, said: Option<ThreeDs>) -> Answer {
    let first = match find(turn, id)?.status() {
        Status::AwaitingThreeDs => true,
        Status::Created => return Err(Code::PaymentNotFound.into()),
        Status::Authenticated(_)
        | Status::Authorized
        | Status::Captured
        | Status::Voided
        | Status::Failed(_) => false,
    };
    if first {
        verify(turn, id, said)?;
    }
    let payment = find(turn, id)?;
    let owner = owner(turn, payment);
    let callback = payment.particulars.callback.as_ref();
    let callback = callback.ok_or(Code::CallbackUrlInvalid)?;
    let outcome = Outcome::of(payment, first, owned::half_allowed(turn, payment));
    let usual = Scripted::default();
    let scripted = turn.verdict.callback.as_ref().unwrap_or(&usual);
    let signing = (&*owner.callback_key, scripted);
    let fields = fields(payment, callback, &outcome, signing);
    Ok(page(language(turn), &callback.url, &fields))
}

/// Asks the bank for the money of a payment that is ready for it. Err says why it does not move;
/// where it is the bank that declines, that is final. What the wallet sold is used up either way.
pub fn charge(turn: &mut Turn<'_>, id: PaymentId, operation: Operation) -> Result<(), Refusal> {
    let payment = find(turn, id)?.clone();
    redeem(turn, &payment, operation)?;
    let said = new_payment::ask(turn, &payment, operation);
    new_payment::charge(turn, payment, &said)?;
    Ok(())
}

/// Uses up the wallet's purchase that `payment` is paid with, and hears what the bank says to its card.
/// Err when it was completed elsewhere, or is too old.
fn redeem(turn: &mut Turn<'_>, payment: &Payment, operation: Operation) -> Result<(), Refusal> {
    let world = &mut *turn.world;
    let (tokens, now) = (&mut world.state.result_tokens, world.clock.now());
    let token = payment.particulars.purchase.as_deref();
    let Some(bought) = token.and_then(|token| tokens.get_mut(token)) else {
        return Ok(());
    };
    let redeemed = bought.redeem(&payment.order_no, payment.paid(), now);
    redeemed.map_err(|_| Code::TokenNotAccepted)?;
    if let Some(purchase) = &bought.purchase {
        turn.verdict.by_card(&purchase.card, operation);
    }
    Ok(())
}

/// The Base64 of the page that leads a shopper's browser to the bank's: `htmlContent`.
/// contract: craftgate §5.2
pub fn html_content(turn: &mut Turn<'_>, id: PaymentId) -> Result<String, Refusal> {
    let address = bank_page(turn, id)?;
    Ok(STANDARD.encode(markup(language(turn), &address, &[])))
}

/// Opens the payment's pages: `271591-k3…`, the last part of their addresses. The same each time.
pub fn page_key(turn: &mut Turn<'_>, id: PaymentId) -> Result<String, Refusal> {
    if find(turn, id)?.particulars.page_key.is_none() {
        let fresh = turn.world.ids.alphanumeric(KEY_LENGTH);
        find_mut(turn, id)?.particulars.page_key = Some(fresh.into());
    }
    let key = find(turn, id)?.particulars.page_key.as_deref();
    Ok(format!("{id}-{}", key.unwrap_or_default()))
}

/// The payment whose page this is; None when the key is not the one that was given out.
pub fn visited(turn: &Turn<'_>) -> Option<PaymentId> {
    let (id, key) = turn.param("key").split_once('-')?;
    let id = text::id(id)?;
    let payment = find(turn, id).ok()?;
    (payment.particulars.page_key.as_deref() == Some(key)).then_some(id)
}

/// The merchant whose payment it is.
pub fn owner(turn: &Turn<'_>, payment: &Payment) -> Arc<Merchant> {
    let merchants = &turn.world.scenario.merchants;
    let named = payment.particulars.merchant.as_deref();
    let named = named.and_then(|key| merchants.find(key));
    Arc::clone(named.unwrap_or_else(|| merchants.first()))
}

/// The language of a browser: Turkish or English if it asks for one, else the scenario's.
pub fn language(turn: &Turn<'_>) -> Language {
    let asked = turn.call.header("accept-language").unwrap_or_default();
    match asked.get(..2) {
        Some(tag) if tag.eq_ignore_ascii_case("tr") => Language::Tr,
        Some(tag) if tag.eq_ignore_ascii_case("en") => Language::En,
        Some(_) | None => turn.world.scenario.settings.craftgate.default_language,
    }
}

/// For the `lang` attribute.
pub const fn tag(language: Language) -> &'static str {
    match language {
        Language::Tr => "tr",
        Language::En => "en",
    }
}

fn find<'t>(turn: &'t Turn<'_>, id: PaymentId) -> Result<&'t Payment, Refusal> {
    let found = turn.world.state.payments.get(&id);
    found.ok_or_else(|| Code::PaymentNotFound.into())
}

fn find_mut<'t>(turn: &'t mut Turn<'_>, id: PaymentId) -> Result<&'t mut Payment, Refusal> {
    let found = turn.world.state.payments.get_mut(&id);
    found.ok_or_else(|| Code::PaymentNotFound.into())
}

/// What comes of it stands in the payment.
fn verify(turn: &mut Turn<'_>, id: PaymentId, said: Option<ThreeDs>) -> Result<(), Refusal> {
    let payment = find(turn, id)?;
    let (half, pan) = (
        owned::half_allowed(turn, payment),
        payment.particulars.pan.clone(),
    );
    let model = owner(turn, payment).three_ds_model;
    let at_once = model == ThreeDsModel::ThreeDPay || payment.particulars.checks_card;
    let said = said.unwrap_or_else(|| decide::three_ds(turn, pan.as_ref()));
    let payment = find_mut(turn, id)?;
    let verified = payment.authenticate(said, half).is_ok();
    if let Some(challenge) = payment.particulars.challenge.clone() {
        // Err: the bank has said so itself. Else its page learns that nobody waits for it any more.
        turn.world.end_challenge(&challenge, said).ok();
    }
    if verified && at_once {
        // A decline is written down in the payment, which fails: nobody is here to be told.
        charge(turn, id, Operation::ThreeDsComplete).ok();
    }
    webhooks::verified(turn, id, verified);
    Ok(())
}

/// What the merchant is told.
struct Outcome {
    success: bool,
    charged: bool,
    repeated: bool,
}

impl Outcome {
    /// `first`: the challenge has ended just now.
    fn of(payment: &Payment, first: bool, half: bool) -> Self {
        let charged = match payment.status() {
            Status::Authorized | Status::Captured | Status::Voided => true,
            Status::Created
            | Status::AwaitingThreeDs
            | Status::Authenticated(_)
            | Status::Failed(_) => false,
        };
        let verified = payment.three_ds().is_some_and(|it| it.authenticated(half));
        let failed = matches!(payment.status(), Status::Failed(_));
        Self {
            success: first && verified && !failed,
            charged,
            repeated: !first && verified,
        }
    }
}

/// All fields of the generation that was asked for. The first one says no more of a failure than
/// that it is one (C4); the second always says all. What is scripted stands in their place, and the hash
/// covers it.
fn fields<'a>(
    payment: &Payment,
    callback: &Callback,
    outcome: &Outcome,
    (key, scripted): (&str, &Scripted),
) -> Vec<(&'a str, String)> {
    let second = callback.version == 2;
    let (id, md_status) = (payment.id.to_string(), payment.three_ds());
    let md_status = md_status.map_or_else(String::new, |it| it.md_status.to_string());
    let whole = second || outcome.success || outcome.repeated;
    let complete_status = if outcome.charged {
        "COMPLETED"
    } else {
        "WAITING"
    };
    let fields = CallbackFields {
        status: if outcome.success {
            "SUCCESS"
        } else {
            "FAILURE"
        },
        complete_status: if whole { complete_status } else { "" },
        payment_id: if whole { &id } else { "" },
        conversation_data: "",
        conversation_id: payment
            .particulars
            .conversation_id
            .as_deref()
            .unwrap_or_default(),
        callback_status: if outcome.repeated {
            "ALREADY_RETURNED"
        } else {
            ""
        },
        md_status: &md_status,
    };
    let fields = instead(fields, scripted);
    let named = HASH_PARAMS
        .iter()
        .filter(|name| second || **name != "mdStatus");
    let named = named.map(|name| (*name, fields.value(name).to_owned()));
    let mut all: Vec<_> = named.collect();
    let hash = if second {
        all.push(("hashParams", HASH_PARAMS.join(":")));
        fields.hash_v2(key)
    } else {
        fields.hash_v1(key)
    };
    all.push(("hash", scripted.hash.clone().unwrap_or(hash)));
    all
}

/// The fields with what is scripted in their place.
fn instead<'f>(usual: CallbackFields<'f>, scripted: &'f Scripted) -> CallbackFields<'f> {
    // No `..`: a text that goes nowhere does not compile.
    let Scripted {
        status,
        complete_status,
        payment_id,
        conversation_data,
        conversation_id,
        callback_status,
        md_status,
        hash: _,
    } = scripted;
    CallbackFields {
        status: status.as_deref().unwrap_or(usual.status),
        complete_status: complete_status.as_deref().unwrap_or(usual.complete_status),
        payment_id: payment_id.as_deref().unwrap_or(usual.payment_id),
        conversation_data: conversation_data
            .as_deref()
            .unwrap_or(usual.conversation_data),
        conversation_id: conversation_id.as_deref().unwrap_or(usual.conversation_id),
        callback_status: callback_status.as_deref().unwrap_or(usual.callback_status),
        md_status: md_status.as_deref().unwrap_or(usual.md_status),
    }
}

/// What a browser sees whose key opens nothing.
pub fn missing(language: Language) -> Reply {
    let page = Missing {
        language: tag(language),
        title: Code::PaymentNotFound.text().of(language),
        style: STYLE,
    };
    Reply::html(StatusCode::NOT_FOUND, POLICY, rendered(&page))
}

fn page(language: Language, action: &str, fields: &[(&str, String)]) -> Reply {
    let page = leading(language, action, fields);
    Reply::html(StatusCode::OK, POLICY, rendered(&page))
}

fn markup(language: Language, action: &str, fields: &[(&str, String)]) -> String {
    let page = leading(language, action, fields);
    page.render().unwrap_or_default()
}

/// A page that submits its form by itself.
fn leading<'a>(language: Language, action: &'a str, fields: &'a [(&str, String)]) -> Page<'a> {
    let title = Text {
        tr: "Yönlendiriliyorsunuz",
        en: "You are being redirected",
    };
    let button = Text {
        tr: "Devam et",
        en: "Continue",
    };
    Page {
        language: tag(language),
        title: title.of(language),
        button: button.of(language),
        action,
        fields,
        style: STYLE,
        script: SCRIPT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_allows_exactly_this_script_and_style() {
        for text in [SCRIPT, STYLE] {
            let hash = STANDARD.encode(Sha256::digest(text));
            assert!(POLICY.contains(&format!("'sha256-{hash}'")), "{hash}");
        }
    }

    #[test]
    fn every_value_is_escaped() {
        let odd = "\"><script>alert('1')</script>&";
        let page = markup(Language::En, odd, &[("status", odd.to_owned())]);
        assert_eq!(page.matches("<script>").count(), 1, "{page}");
        assert!(page.contains(&format!("<script>{SCRIPT}</script>")));
        assert!(!page.contains("alert('1')"), "{page}");
    }
}
