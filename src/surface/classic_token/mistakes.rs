//! The usual mistakes of those who sign classic tokens by hand. contract: masterpass §8.1

use super::{Keys, MAC_DIGITS, hex, unhex};
use crate::journal::Mismatch;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// How many characters a signature has in base64.
const BASE64_DIGITS: usize = 28;
/// How much of a token is shown.
const SHOWN: usize = 1024;

/// Which mistake makes the signature at the end of that token. None: it is right, or there is none.
pub fn explain(text: &str, keys: Keys<'_>) -> Option<Mismatch> {
    let text = text.trim();
    let at = text.len().checked_sub(MAC_DIGITS)?;
    let (sealed, given) = text.split_at_checked(at)?;
    let Some((bytes, given)) = unhex(sealed).zip(unhex(given)) else {
        return in_base64(text, keys);
    };
    let upper = sealed.to_ascii_uppercase();
    if signed(keys.mac.as_bytes(), upper.as_bytes()) == given {
        return None;
    }
    let lower = sealed.to_ascii_lowercase();
    let mac_bytes = unhex(&keys.mac.to_ascii_uppercase()).unwrap_or_default();
    let own = keys.mac.as_bytes();
    let line = format!("{upper}\n");
    let guesses: [(&[u8], &[u8], &str, &str); 6] = [
        (
            own,
            line.as_bytes(),
            &line,
            "the text was signed with a newline at its end",
        ),
        (
            own,
            &bytes,
            "the encrypted bytes",
            "the bytes were signed, not their hex digits",
        ),
        (
            own,
            lower.as_bytes(),
            &lower,
            "hex digits in small letters were signed, where capitals should be",
        ),
        (
            &mac_bytes,
            upper.as_bytes(),
            &upper,
            "the MAC key was read as hex, where its characters are the key",
        ),
        (
            keys.enc,
            upper.as_bytes(),
            &upper,
            "the encryption key instead of the MAC key",
        ),
        (
            &mac_bytes,
            &bytes,
            "the encrypted bytes",
            "the MAC key was read as hex, and the bytes were signed, not their hex digits",
        ),
    ];
    let mut guesses = guesses.into_iter();
    let found = guesses.find(|(key, text, ..)| signed(key, text) == given);
    let theirs = found.map(|(_, _, shown, _)| cut(shown));
    let ours = cut(&upper);
    let differs = |theirs: &String| ours.chars().zip(theirs.chars()).position(|(a, b)| a != b);
    Some(Mismatch {
        what: "classic token",
        received: hex(&given),
        first_difference: theirs.as_ref().and_then(differs),
        ours,
        theirs,
        mistake: found.map(|(.., mistake)| mistake.to_owned()),
    })
}

/// A signature in base64 at the end, where hex digits should be. None: it is none, or of something else.
fn in_base64(text: &str, keys: Keys<'_>) -> Option<Mismatch> {
    let (sealed, given) = text.split_at_checked(text.len().checked_sub(BASE64_DIGITS)?)?;
    unhex(sealed)?;
    let upper = sealed.to_ascii_uppercase();
    let bytes = STANDARD.decode(given).ok()?;
    let right = signed(keys.mac.as_bytes(), upper.as_bytes()) == bytes;
    right.then(|| Mismatch {
        what: "classic token",
        received: given.to_owned(),
        ours: cut(&upper),
        theirs: Some(cut(&upper)),
        first_difference: None,
        mistake: Some("base64 for hex in capitals".to_owned()),
    })
}

fn signed(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha1>::new_from_slice(key);
    let mut mac = mac.expect("HMAC takes a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn cut(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::surface::classic_token::ClassicToken;

    const KEYS: Keys<'static> = Keys {
        enc: b"0123456789abcdef",
        mac: "00112233445566778899AABBCCDDEEFF",
    };

    #[test]
    fn mistakes_are_named() {
        let token = ClassicToken::new(("1", "7"), "905551112233", Timestamp::from_micros(0));
        let good = token.issue(KEYS);
        assert_eq!(explain(&good, KEYS), None);
        let (sealed, _) = good.split_at(good.len() - MAC_DIGITS);
        let lower = sealed.to_ascii_lowercase();
        let bytes = unhex(sealed).unwrap();
        let key = unhex(KEYS.mac).unwrap();
        for (key, text, says) in [
            (
                KEYS.mac.as_bytes(),
                bytes.as_slice(),
                "not their hex digits",
            ),
            (KEYS.mac.as_bytes(), lower.as_bytes(), "small letters"),
            (&key, sealed.as_bytes(), "read as hex"),
            (KEYS.enc, sealed.as_bytes(), "encryption key"),
        ] {
            let found = explain(&format!("{sealed}{}", hex(&signed(key, text))), KEYS).unwrap();
            let mistake = found.mistake.clone().unwrap_or_default();
            assert!(mistake.contains(says), "{says}: {found:?}");
            assert!(!format!("{found:?}").contains(KEYS.mac), "{found:?}");
        }
        let line = format!("{sealed}\n");
        let signature = signed(KEYS.mac.as_bytes(), line.as_bytes());
        let found = explain(&format!("{sealed}{}", hex(&signature)), KEYS).unwrap();
        assert!(found.mistake.unwrap().contains("newline"));
        let signature = signed(KEYS.mac.as_bytes(), sealed.as_bytes());
        let found = explain(&format!("{sealed}{}", STANDARD.encode(signature)), KEYS).unwrap();
        assert_eq!(found.mistake.as_deref(), Some("base64 for hex in capitals"));
        let other = explain(&format!("{sealed}{}", "0".repeat(MAC_DIGITS)), KEYS).unwrap();
        assert_eq!((other.mistake, other.ours), (None, sealed.to_owned()));
        assert_eq!(explain("no token", KEYS), None);
    }
}
