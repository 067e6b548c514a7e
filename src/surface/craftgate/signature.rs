//! Who is calling: the API key, and the signature over URL, keys and body. contract: craftgate §1

use crate::call::Call;
use crate::domain::merchant::{Merchant, SignatureCheck};
use crate::mask::mask;
use crate::refusal::Refusal;
use crate::route::Turn;
use crate::scenario::Scenario;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::{is_page, mistakes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Finds the merchant and checks the signature. Pages for browsers are nobody's.
pub fn admit(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    if is_page(turn.endpoint) {
        return Ok(());
    }
    let call = turn.call;
    let api_key = call.header("x-api-key").ok_or(Code::ApiKeyUnknown)?;
    let scenario = &turn.world.scenario;
    let merchant = scenario.merchants.find(api_key).map(Arc::clone);
    let merchant = merchant.ok_or(Code::ApiKeyUnknown)?;
    let check = merchant
        .signature
        .unwrap_or(scenario.settings.craftgate.signature);
    turn.caller = merchant.api_key.clone();
    if check == SignatureCheck::Off {
        return Ok(());
    }
    let verified = verify(call, &merchant);
    let wrong = |why: &Refusal| *why == Code::SignatureWrong.into();
    if verified.as_ref().is_err_and(wrong) {
        let keys = (&*merchant, &scenario.merchants);
        let found = mistakes::explain(call, &urls(&bases(call), &call.target), keys);
        turn.notes.mismatch = Some(Box::new(found));
    }
    match check {
        SignatureCheck::Strict => verified,
        SignatureCheck::Warn | SignatureCheck::Off => Ok(()),
    }
}

/// Checks the headers and the signature; a wrong one is written to the log, with what was signed.
fn verify(call: &Call, merchant: &Merchant) -> Result<(), Refusal> {
    let header = |name: &str| {
        let missing =
            || Code::HeaderMissing.saying(format!("{}: {name}", Code::HeaderMissing.text().en));
        call.header(name).ok_or_else(missing)
    };
    let random = header("x-rnd-key")?;
    let version = header("x-auth-version")?;
    let signature = header("x-signature")?;
    if !["1", "v1"]
        .iter()
        .any(|known| version.eq_ignore_ascii_case(known))
    {
        return Err(Code::AuthVersionUnknown.into());
    }
    let right = |url: &[&str]| {
        let keys = (&*merchant.api_key, &*merchant.secret_key, random);
        let expected = digest(url, keys, &call.body);
        bool::from(expected.as_bytes().ct_eq(signature.as_bytes()))
    };
    // Nearly all clients sign the address as it came: it is tried before any other is put together.
    let scheme = if is_secure(call) {
        "https://"
    } else {
        "http://"
    };
    if let Some(host) = call.header("host")
        && right(&[scheme, host, &call.target])
    {
        return Ok(());
    }
    let urls = urls(&bases(call), &call.target);
    if urls.iter().any(|url| right(&[url])) {
        return Ok(());
    }
    tracing::warn!(
        merchant = merchant.name,
        signature = shown(signature.as_bytes(), HEADER_SHOWN),
        signed = explanation(&urls, (&merchant.api_key, random), &call.body),
        "wrong signature: none of these texts, hashed, is what the client signed"
    );
    Err(Code::SignatureWrong.into())
}

/// How many bytes of a text are looked at before it is shown.
const LOOKED_AT: usize = 4 << 10;
/// How many bytes at a cut may be part of a card number, which is known as one only when it is whole.
const UNSURE: usize = 1 << 10;
/// How many bytes of a body are shown.
const BODY_SHOWN: usize = 2 << 10;
/// How many bytes of a URL are shown.
const URL_SHOWN: usize = 1 << 10;
/// How many bytes of a header are shown.
const HEADER_SHOWN: usize = 64;

/// What was hashed, one part after the other, for people to compare: masked, and short whatever the
/// length of the call.
fn explanation(urls: &[String], (api_key, random): (&str, &str), body: &[u8]) -> String {
    let urls = urls.iter().map(|url| shown(url.as_bytes(), URL_SHOWN));
    let urls: Vec<_> = urls.collect();
    let random = shown(random.as_bytes(), HEADER_SHOWN);
    let (length, body) = (body.len(), shown(body, BODY_SHOWN));
    format!(
        "one of {urls:?}, {api_key:?}, the secret key, {random:?}, {length} bytes of body: {body:?}"
    )
}

/// The beginning of `text`, masked. It is cut before it is masked, which takes time, and again behind.
fn shown(text: &[u8], most: usize) -> String {
    let head = &text[..text.len().min(LOOKED_AT)];
    let mut masked = mask(head);
    let sure = match head.len() < text.len() {
        true => masked.len().saturating_sub(UNSURE),
        false => masked.len(),
    };
    masked.truncate(masked.floor_char_boundary(sure.min(most)));
    masked
}

/// Base64 of SHA-256 over URL, API key, secret key, random text and body.
pub fn sign(url: &str, keys: (&str, &str, &str), body: &[u8]) -> String {
    digest(&[url], keys, body)
}

/// As [`sign`], of a URL in parts.
fn digest(url: &[&str], (api_key, secret, random): (&str, &str, &str), body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in url.iter().copied().chain([api_key, secret, random]) {
        hash.update(part);
    }
    hash.update(body);
    STANDARD.encode(hash.finalize())
}

/// Signs an example that brings no signature of its own: as the merchant whose API key it brings, else
/// as the first one.
pub fn sign_example(call: &mut Call, scenario: &Scenario) {
    if call.headers.contains_key("x-signature") {
        return;
    }
    let merchants = &scenario.merchants;
    let named = call
        .header("x-api-key")
        .map_or_else(|| Some(merchants.first()), |key| merchants.find(key));
    let Some(merchant) = named else {
        return;
    };
    let Merchant {
        api_key,
        secret_key,
        ..
    } = &**merchant;
    let host = call.header("host").unwrap_or_default();
    let url = format!("http://{host}{}", call.target);
    let signature = sign(&url, (api_key, secret_key, "example"), &call.body);
    let headers = [
        ("x-api-key", api_key.as_str()),
        ("x-rnd-key", "example"),
        ("x-auth-version", "1"),
        ("x-signature", &signature),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            call.headers.insert(name, value);
        }
    }
}

/// How the client may have addressed us: by the Host it names, with and without the scheme's own
/// port, and as browsers reach us.
fn bases(call: &Call) -> Vec<String> {
    let mut bases = Vec::new();
    if let Some(host) = call.header("host") {
        let schemes = [("http", 80), ("https", 443)];
        let order = if is_secure(call) { [1, 0] } else { [0, 1] };
        for (scheme, port) in order.map(|i| schemes[i]) {
            bases.push(format!("{scheme}://{host}"));
            if !host
                .trim_end_matches(|c: char| c.is_ascii_digit())
                .ends_with(':')
            {
                bases.push(format!("{scheme}://{host}:{port}"));
            }
        }
    }
    if !bases.iter().any(|base| *base == call.origin) {
        bases.push(call.origin.to_string());
    }
    bases
}

/// Whether browsers reach us by https.
fn is_secure(call: &Call) -> bool {
    call.origin.starts_with("https://")
}

/// The URL texts that clients sign: as received, percent-decoded, and decoded as a form.
/// contract: craftgate §1.2
fn urls(bases: &[String], target: &str) -> Vec<String> {
    let mut urls = Vec::with_capacity(bases.len() * 3);
    for base in bases {
        let raw = format!("{base}{target}");
        let decoded = percent_decoded(&raw);
        let form = percent_decoded(&raw.replace('+', " "));
        for url in [raw, decoded, form] {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    urls
}

/// `%C4%9F` as `ğ`; what is no escape stays, and so does `+`.
fn percent_decoded(text: &str) -> String {
    let hex = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let escape = match bytes[at..] {
            [b'%', high, low, ..] => hex(high).zip(hex(low)),
            _ => None,
        };
        decoded.push(escape.map_or(bytes[at], |(high, low)| high << 4 | low));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests;
