//! The usual mistakes of those who sign by hand, each made on purpose and named by `explain`.

use super::admin;
use crate::bank::{Browser, begun, encoded, field, form};
use crate::mfs::page::{LINKED, Page};
use crate::support::{Shopper, app};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use mockpos::clock::Timestamp;
use mockpos::surface::classic_token::{ClassicToken, Keys};
use serde_json::Value;
use sha1::{Digest, Sha1};

/// What `explain` says of the newest call.
fn explained(shopper: &mut Shopper) -> Value {
    let list = admin(shopper, "GET journal?limit=1&kind=call");
    let n = list.at("entries.0.n").as_u64().unwrap();
    let answer = admin(shopper, &format!("GET explain?journal={n}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Comes back from the bank of these rules with the hash that `make` makes of the seven values and the store key.
fn returned(rules: &str, make: &dyn Fn(&[&str], &str) -> String) -> Value {
    let app = app(rules);
    let (browser, begun) = (Browser::new(&app), begun(&app));
    let (url, mut fields) = form(&browser.post(&begun.page, "outcome=succeeds"));
    let names = ["clientid", "oid", "mdStatus", "cavv", "eci", "md", "rnd"];
    let values = names.map(|name| field(&fields, name).to_owned());
    let hash = make(&values.each_ref().map(String::as_str), "mockpos-store-key");
    let known = fields.iter_mut().find(|(name, _)| name == "hash");
    known.unwrap().1 = hash;
    browser.post(&url, &encoded(&fields));
    explained(&mut Shopper::new(&app))
}

fn named(told: &Value, says: &str) {
    let found = &told["signature"];
    let mistake = found["mistake"]
        .as_str()
        .unwrap_or_else(|| panic!("{says}: {told}"));
    assert!(mistake.contains(says), "{says}: {mistake}");
    assert!(
        found["ours"].is_string() && found["theirs"].is_string(),
        "{found}"
    );
    for secret in ["mockpos-store-key", "00112233445566778899AABBCCDDEEFF"] {
        assert!(!told.to_string().contains(secret), "{told}");
    }
}

/// contract: masterpass §7
#[test]
fn mistakes_in_the_banks_hash_are_named() {
    type Make = fn(&[&str], &str) -> String;
    let cases: [(&str, Make); 12] = [
        ("\":\" stands between the parts", |all, key| {
            sha(&format!("{}:{key}", all.join(":")))
        }),
        ("\"|\" stands between the parts", |all, key| {
            sha(&format!("{}|{key}", all.join("|")))
        }),
        ("hex for base64", |all, key| {
            hex(&Sha1::digest(all.concat() + key))
        }),
        ("hex in capitals", |all, key| {
            hex(&Sha1::digest(all.concat() + key)).to_uppercase()
        }),
        ("base64 of the hex digits", |all, key| {
            STANDARD.encode(hex(&Sha1::digest(all.concat() + key)))
        }),
        ("SHA-256 for SHA-1", |all, key| {
            STANDARD.encode(sha2::Sha256::digest(all.concat() + key))
        }),
        ("the case of its letters", |all, key| {
            sha(&(all.concat() + key)).to_uppercase()
        }),
        ("with a newline at its end", |all, key| {
            sha(&(all.concat() + key + "\n"))
        }),
        ("the store key is left out", |all, _| sha(&all.concat())),
        ("the client id instead of the store key", |all, _| {
            sha(&(all.concat() + all[0]))
        }),
        ("is left out", |all, key| sha(&(all[..6].concat() + key))),
        ("as it is encoded in the form", |all, key| {
            let cavv: String = form_urlencoded::byte_serialize(all[3].as_bytes()).collect();
            sha(&[all[0], all[1], all[2], &cavv, &all[4..].concat(), key].concat())
        }),
    ];
    for (says, make) in cases {
        named(&returned("", &make), says);
    }
    let told = returned("", &|_, _| "x".to_owned());
    assert!(
        told["because"]
            .as_str()
            .unwrap()
            .contains("none of the usual mistakes"),
        "{told}"
    );
}

fn sha(text: &str) -> String {
    STANDARD.encode(Sha1::digest(text))
}

/// contract: masterpass §7
#[test]
fn mistakes_in_the_keyed_hash_of_the_other_bank_are_named() {
    type Make = fn(&[&str], &str) -> String;
    let cases: [(&str, Make); 6] = [
        ("\":\" stands between the parts", |all, key| {
            hex(&keyed(&all.join(":"), key))
        }),
        ("base64 for hex", |all, key| {
            STANDARD.encode(keyed(&all.concat(), key))
        }),
        ("hex in capitals", |all, key| {
            hex(&keyed(&all.concat(), key)).to_uppercase()
        }),
        ("newline", |all, key| {
            hex(&keyed(&(all.concat() + "\n"), key))
        }),
        ("the client id instead of the store key", |all, _| {
            hex(&keyed(&all.concat(), all[0]))
        }),
        ("newline at its end, and base64", |all, key| {
            STANDARD.encode(keyed(&(all.concat() + "\n"), key))
        }),
    ];
    for (says, make) in cases {
        named(&returned("[bank]\nica = 1000", &make), says);
    }
}

fn keyed(text: &str, key: &str) -> Vec<u8> {
    let mut mac = Hmac::<Md5>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// contract: masterpass §8.1
#[test]
fn mistakes_in_a_classic_token_are_named() {
    const MAC: &str = "00112233445566778899AABBCCDDEEFF";
    let enc: [u8; 16] = std::array::from_fn(|n| u8::try_from(n).unwrap());
    let keys = Keys {
        enc: &enc,
        mac: MAC,
    };
    let at = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
    let good = ClassicToken::new(("90000001", "7"), LINKED, at).issue(keys);
    let (sealed, right) = good.split_at(good.len() - 40);
    let bytes: Vec<u8> = (0..sealed.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&sealed[at..at + 2], 16).unwrap())
        .collect();
    let key: Vec<u8> = (0..32)
        .step_by(2)
        .map(|at| u8::from_str_radix(&MAC[at..at + 2], 16).unwrap())
        .collect();
    let mac = |key: &[u8], text: &[u8]| {
        let mut mac = Hmac::<Sha1>::new_from_slice(key).unwrap();
        mac.update(text);
        mac.finalize().into_bytes().to_vec()
    };
    let signed =
        |key: &[u8], text: &[u8]| format!("{sealed}{}", hex(&mac(key, text)).to_uppercase());
    assert!(good.ends_with(right) && signed(MAC.as_bytes(), sealed.as_bytes()) == good);
    for (says, token) in [
        (
            "newline at its end",
            signed(MAC.as_bytes(), format!("{sealed}\n").as_bytes()),
        ),
        ("not their hex digits", signed(MAC.as_bytes(), &bytes)),
        (
            "small letters",
            signed(MAC.as_bytes(), sealed.to_lowercase().as_bytes()),
        ),
        ("read as hex", signed(&key, sealed.as_bytes())),
        ("encryption key instead", signed(&enc, sealed.as_bytes())),
        (
            "base64 for hex",
            format!(
                "{sealed}{}",
                STANDARD.encode(mac(MAC.as_bytes(), sealed.as_bytes()))
            ),
        ),
    ] {
        let mut page = Page::playing("[masterpass]\nclassic_tokens = \"verify\"");
        page.token = token;
        page.list(LINKED).is("1419");
        named(&explained(&mut page.shopper), says);
    }
    let mut page = Page::playing("[masterpass]\nclassic_tokens = \"verify\"");
    page.token = good;
    assert_ne!(
        page.list(LINKED).fault("ResponseCode"),
        "1419",
        "the right one is taken"
    );
}
