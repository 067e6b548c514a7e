//! What surfaces share of 3-D Secure: a challenge begins, its page has an address, and what the
//! browser brings back from it is made and checked. contract: masterpass §7

pub use crate::domain::challenge::Asked;
mod mistakes;

pub use mistakes::explain;

use crate::domain::challenge::{Challenge, Marks, Purpose};
use crate::domain::decision::{ThreeDs, ThreeDsOutcome};
use crate::domain::hex::hex;
use crate::domain::money::Money;
use crate::domain::otp::Otp;
use crate::scenario::settings::Bank;
use crate::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::Serializer;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::{Digest, Sha1};
use std::borrow::Cow;
use std::fmt::Write;

/// The acquirer that answers in one step, and hashes in its own way. contract: masterpass §7
const PAYU: u32 = 1000;
/// What the hash of the other banks covers, in this order. contract: masterpass §7
const HASH_PARAMS: [&str; 7] = ["clientid", "oid", "mdStatus", "cavv", "eci", "md", "rnd"];
/// 3-D Secure is done. contract: masterpass §7
const DONE: &str = "0000";
/// 3-D Secure is still required: it ended without authentication. Proposed; contract: masterpass §4.1
const STILL_REQUIRED: &str = "5010";

/// Begins a challenge; its id, a UUID.
pub fn begin(world: &mut World, asked: Asked) -> String {
    let now = world.now();
    let settings = &world.scenario.settings;
    let expires_at = now.plus(settings.bank.page_lifetime);
    let otp = Otp::sent(&settings.otp, now);
    let ids = &mut world.ids;
    let id = ids.uuid().to_string();
    let marks = Marks {
        md: ids.hex(64),
        xid: STANDARD.encode(ids.alphanumeric(20)),
        cavv: STANDARD.encode(ids.alphanumeric(20)),
        rnd: ids.alphanumeric(20),
    };
    let challenge = Challenge::begin(id.clone(), asked, (otp, marks), (now, expires_at));
    world.state.challenges.put(id.clone(), challenge);
    id
}

/// Nobody waits longer than its time for a challenge: one that is overdue ends.
pub fn lapse(world: &mut World, id: &str) {
    let now = world.now();
    let challenge = world.state.challenges.get(id);
    let overdue = |it: &&Challenge| it.ended().is_none() && now >= it.expires_at;
    if challenge.filter(overdue).is_some() {
        world
            .end_challenge(id, ThreeDsOutcome::TimesOut.usual())
            .ok();
    }
}

/// The address of a challenge's page, below the base that browsers use.
pub fn page_address(base: &str, id: &str) -> String {
    format!("{base}/bank/3ds/{id}")
}

/// What the browser brings back to the merchant: an address and the fields of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPost<'c> {
    /// where to, as it was given to the last character, and what goes into the query behind it
    pub url: String,
    /// the fields of the form
    pub fields: Vec<Field<'c>>,
}

/// A field that is sent back: its name and value.
type Field<'c> = (&'static str, Cow<'c, str>);

impl<'c> ReturnPost<'c> {
    /// What a challenge that has ended sends back; None while it is open, when nobody ever said where
    /// to, and when the browser never comes back. The same whoever ended it.
    pub fn of(challenge: &'c Challenge, bank: &'c Bank) -> Option<Self> {
        let how = challenge.ended()?.how;
        let url = challenge
            .asked
            .return_url
            .as_deref()
            .filter(|_| how.returns())?;
        let fields = fields(challenge, how, bank);
        let mut query = Vec::new();
        let mut form = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let placed = match name {
                "token" | "responseCode" => Some(bank.result_in),
                "transactionType" => Some(bank.transaction_type_in),
                _ => None,
            };
            if placed.is_some_and(|place| place.in_query()) {
                query.push((name, value.clone()));
            }
            if placed.is_none_or(|place| place.in_form()) {
                form.push((name, value));
            }
        }
        Some(Self {
            url: with_query(url, &query),
            fields: form,
        })
    }

    /// The same as a plain link, with the form's fields in the query: for clients that follow
    /// redirects and post no forms.
    pub fn link(&self) -> String {
        let address = self.url.split('#').next().unwrap_or_default();
        let (_, query) = address.split_once('?').unwrap_or_default();
        let there: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let missing = |(name, value): &&Field<'_>| {
            let same = |(n, v): &(Cow<'_, str>, Cow<'_, str>)| *n == *name && *v == *value;
            !there.iter().any(same)
        };
        let fields: Vec<_> = self.fields.iter().filter(missing).cloned().collect();
        ascii(with_query(&self.url, &fields))
    }
}

/// As a header takes it; the address in a form may have any character.
fn ascii(url: String) -> String {
    if url.is_ascii() {
        return url;
    }
    url.bytes().fold(String::new(), |mut ascii, byte| {
        if byte.is_ascii() {
            ascii.push(char::from(byte));
        } else {
            let _ = write!(ascii, "%{byte:02X}");
        }
        ascii
    })
}

/// `url` with more in its query; a fragment stays at the end.
fn with_query(url: &str, more: &[Field<'_>]) -> String {
    if more.is_empty() {
        return url.to_owned();
    }
    let (url, fragment) = match url.find('#') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let mut whole = String::with_capacity(2 * url.len() + 64 * more.len());
    whole.push_str(url);
    whole.push_str(match url.find('?') {
        None => "?",
        Some(_) if url.ends_with(['?', '&']) => "",
        Some(_) => "&",
    });
    let from = whole.len();
    let mut query = Serializer::for_suffix(whole, from);
    query.extend_pairs(more);
    query.finish() + fragment
}

/// All fields, wherever they stand. contract: masterpass §7
fn fields<'c>(challenge: &'c Challenge, how: ThreeDs, bank: &'c Bank) -> Vec<Field<'c>> {
    let good = how.good_at_bank();
    let marks = &challenge.marks;
    let if_good = |text: &'c str| Cow::from(if good { text } else { "" });
    let (code, message) = words(how);
    let date = challenge.created_at.turkey_digits()[..8].to_owned();
    let mut all = Vec::with_capacity(22);
    all.extend([
        ("oid", Cow::from(&*challenge.asked.order_no)),
        ("amount", challenge.asked.amount.minor().to_string().into()),
        ("bankIca", bank.ica.to_string().into()),
        ("mdStatus", how.md_status.to_string().into()),
        ("mdErrorMsg", message.into()),
        ("errorCode", code.into()),
        ("errorMessage", if good { "" } else { message }.into()),
        ("eci", if_good(eci(&challenge.asked.card.bin, how))),
        ("cavv", if_good(&marks.cavv)),
        ("xid", (&*marks.xid).into()),
        ("md", (&*marks.md).into()),
        ("clientid", (&*bank.client_id).into()),
        ("rnd", (&*marks.rnd).into()),
        ("AuthCode", "".into()),
        (
            "ProcReturnCode",
            if_good(if bank.ica == PAYU { "00" } else { "" }),
        ),
        ("transactionDate", date.into()),
    ]);
    if let Purpose::Purchase { token } = &challenge.asked.purpose {
        let code = if good { DONE } else { STILL_REQUIRED };
        all.push(("responseCode", code.into()));
        all.push(("token", (&**token).into()));
        if let Some(kind) = challenge.asked.kind {
            all.push(("transactionType", kind.code(true).into()));
        }
    }
    let covered = covered(|name| value(&all, name));
    let hash = hash(&covered, bank);
    all.push((
        "hashParams",
        HASH_PARAMS.map(|name| [name, ":"].concat()).concat().into(),
    ));
    all.push(("hashParamsVal", covered.into()));
    all.push(("hash", hash.into()));
    tamper(&mut all, how);
    all
}

/// The text that the hash covers.
fn covered<'v>(value: impl Fn(&str) -> &'v str) -> String {
    HASH_PARAMS.map(value).concat()
}

fn value<'f>(fields: &'f [Field<'_>], name: &str) -> &'f str {
    let found = fields.iter().find(|(known, _)| *known == name);
    found.map_or("", |(_, value)| value)
}

/// The field that somebody on the way changes, after the bank has signed it.
pub const fn tampered(how: ThreeDs) -> Option<&'static str> {
    match how.outcome {
        ThreeDsOutcome::BadHash => Some("hash"),
        ThreeDsOutcome::WrongOrderNo => Some("oid"),
        ThreeDsOutcome::WrongAmount => Some("amount"),
        ThreeDsOutcome::Succeeds
        | ThreeDsOutcome::Fails
        | ThreeDsOutcome::Cancelled
        | ThreeDsOutcome::TimesOut
        | ThreeDsOutcome::Half
        | ThreeDsOutcome::TechnicalError
        | ThreeDsOutcome::NeverReturns => None,
    }
}

fn tamper(fields: &mut [Field<'_>], how: ThreeDs) {
    let Some(name) = tampered(how) else { return };
    if let Some((_, value)) = fields.iter_mut().find(|(known, _)| *known == name) {
        *value = match (name, &**value) {
            ("hash", hash) => hash.chars().rev().collect(),
            ("oid", order_no) => format!("{order_no}1").into(),
            (_, "1") => "2".into(),
            (_, _) => "1".into(),
        };
    }
}

/// `errorCode` and the text beside mdStatus. Proposed: no bank's own texts are public.
const fn words(how: ThreeDs) -> (&'static str, &'static str) {
    match how.outcome {
        ThreeDsOutcome::Succeeds
        | ThreeDsOutcome::BadHash
        | ThreeDsOutcome::WrongOrderNo
        | ThreeDsOutcome::WrongAmount => ("", "Authenticated"),
        ThreeDsOutcome::Half => ("", "Attempted: card or bank not enrolled"),
        ThreeDsOutcome::Fails => ("NOT_AUTHENTICATED", "Not authenticated"),
        ThreeDsOutcome::Cancelled => ("CANCELLED", "Cancelled by the cardholder"),
        ThreeDsOutcome::TimesOut => ("TIMED_OUT", "The cardholder did not answer in time"),
        ThreeDsOutcome::TechnicalError => {
            ("TECHNICAL_ERROR", "3-D Secure failed for technical reasons")
        }
        ThreeDsOutcome::NeverReturns => ("NEVER_RETURNED", "The cardholder never came back"),
    }
}

/// The networks' electronic commerce indicator: wholly authenticated, or attempted.
fn eci(bin: &str, how: ThreeDs) -> &'static str {
    match (bin.starts_with('5') || bin.starts_with('2'), how.md_status) {
        (true, 1) => "02",
        (true, _) => "01",
        (false, 1) => "05",
        (false, _) => "06",
    }
}

/// contract: masterpass §7
fn hash(covered: &str, bank: &Bank) -> String {
    if bank.ica == PAYU {
        return hex(&keyed(covered, bank.store_key.as_bytes()));
    }
    STANDARD.encode(Sha1::digest(format!("{covered}{}", bank.store_key)))
}

fn keyed(text: &str, key: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Md5>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// What a return post that claims to come from the bank says, to somebody who expects an order number
/// and an amount. Err names the field that was tampered with. Without a `hash` it is believed as it is.
pub fn believed<'v>(
    said: impl Fn(&str) -> Option<&'v str>,
    (order_no, amount): (&str, Money),
    bank: &Bank,
) -> Result<Option<ThreeDs>, &'static str> {
    if let Some(given) = said("hash") {
        let covered = covered(|name| said(name).unwrap_or_default());
        if given != hash(&covered, bank) {
            return Err("hash");
        }
        if said("oid").is_some_and(|oid| oid != order_no) {
            return Err("oid");
        }
        if said("amount").is_some_and(|said| said != amount.minor().to_string()) {
            return Err("amount");
        }
    }
    if let Some(md_status) = said("mdStatus") {
        return Ok(Some(ThreeDs::of_md_status(md_status.parse().unwrap_or(0))));
    }
    let failed = said("responseCode").filter(|code| *code != DONE);
    Ok(failed.map(|_| ThreeDsOutcome::Fails.usual()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::challenge::ChallengedCard;
    use crate::domain::money::Currency;
    use crate::domain::otp::OtpRules;
    use crate::domain::state::State;
    use crate::domain::wallet::TransactionKind;

    const OUTCOMES: [ThreeDsOutcome; 10] = [
        ThreeDsOutcome::Succeeds,
        ThreeDsOutcome::Fails,
        ThreeDsOutcome::Cancelled,
        ThreeDsOutcome::TimesOut,
        ThreeDsOutcome::Half,
        ThreeDsOutcome::TechnicalError,
        ThreeDsOutcome::NeverReturns,
        ThreeDsOutcome::BadHash,
        ThreeDsOutcome::WrongOrderNo,
        ThreeDsOutcome::WrongAmount,
    ];

    fn ended(outcome: ThreeDsOutcome, url: &str) -> Challenge {
        let now = Timestamp::from_micros(0);
        let asked = Asked {
            purpose: Purpose::Purchase {
                token: "t".to_owned(),
            },
            merchant: "shop".to_owned(),
            order_no: "7001".to_owned(),
            amount: Money::new(10_500, Currency::TRY),
            installment: 3,
            card: ChallengedCard {
                bin: "525864".to_owned(),
                last_four: None,
                pan: None,
                stored: false,
                three_ds: None,
            },
            msisdn: None,
            kind: Some(TransactionKind::Saved),
            return_url: Some(url.to_owned()),
        };
        let otp = Otp::sent(&OtpRules::default(), now);
        let mut state = State::default();
        let challenge =
            Challenge::begin("c".to_owned(), asked, (otp, Marks::default()), (now, now));
        state.challenges.put("c".to_owned(), challenge);
        state.end_challenge("c", outcome.usual(), now).unwrap();
        let again = state.end_challenge("c", ThreeDs::SUCCESS, now);
        assert!(again.is_err(), "it ends once");
        state.challenges.get("c").unwrap().clone()
    }

    #[test]
    fn the_address_is_kept_to_the_last_character() {
        for (given, want) in [
            ("http://a/b", "http://a/b?responseCode=0000&token=t"),
            ("http://a/b?", "http://a/b?responseCode=0000&token=t"),
            (
                "http://a/b?x=%20&y",
                "http://a/b?x=%20&y&responseCode=0000&token=t",
            ),
            (
                "http://a/?r=http://b/?c=d#e",
                "http://a/?r=http://b/?c=d&responseCode=0000&token=t#e",
            ),
        ] {
            let challenge = ended(ThreeDsOutcome::Succeeds, given);
            let bank = Bank::default();
            let post = ReturnPost::of(&challenge, &bank).unwrap();
            assert_eq!(post.url, want);
            assert!(post.link().contains("mdStatus=1"), "{}", post.link());
            assert_eq!(post.link().matches("token=t").count(), 1);
        }
        let odd = ended(ThreeDsOutcome::Succeeds, "http://a/\u{f6}?oid=mine#e");
        let link = ReturnPost::of(&odd, &Bank::default()).unwrap().link();
        assert!(link.starts_with("http://a/%C3%B6?oid=mine&"), "{link}");
        assert!(link.contains("&oid=7001&"), "{link}");
    }

    #[test]
    fn what_was_tampered_with_is_noticed() {
        for ica in [2030, PAYU] {
            let bank = Bank {
                ica,
                ..Bank::default()
            };
            for outcome in OUTCOMES {
                let challenge = ended(outcome, "http://a/b");
                let Some(post) = ReturnPost::of(&challenge, &bank) else {
                    assert_eq!(outcome, ThreeDsOutcome::NeverReturns);
                    continue;
                };
                let said = |name: &str| post.fields.iter().find(|f| f.0 == name).map(|f| &*f.1);
                let expected = ("7001", Money::new(10_500, Currency::TRY));
                let believed = believed(said, expected, &bank);
                match outcome {
                    // The order number is covered by the hash, so the hash no longer fits.
                    ThreeDsOutcome::BadHash | ThreeDsOutcome::WrongOrderNo => {
                        assert_eq!(believed, Err("hash"));
                    }
                    ThreeDsOutcome::WrongAmount => assert_eq!(believed, Err("amount")),
                    _ => {
                        let md_status = believed.unwrap().unwrap().md_status;
                        assert_eq!(md_status, outcome.md_status(), "{outcome:?}");
                    }
                }
            }
        }
    }

    /// Worked by hand: base64 of the SHA-1 of the values and the key.
    #[test]
    fn the_hash_is_the_banks() {
        let bank = Bank {
            store_key: "key".to_owned(),
            ..Bank::default()
        };
        // printf 'abckey' | openssl dgst -sha1 -binary | base64
        assert_eq!(hash("abc", &bank), "nYAS5x0RJfWg8B6iRpsr9d+UkUI=");
        // printf 'abc' | openssl dgst -md5 -hmac key
        let payu = Bank { ica: PAYU, ..bank };
        assert_eq!(hash("abc", &payu), "d2fe98063f876b03193afb49b4979591");
    }
}
