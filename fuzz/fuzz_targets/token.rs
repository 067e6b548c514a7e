//! The wallet's classic token: its tags as they are read, and the text that holds them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mockpos::surface::classic_token::{ClassicToken, Keys, tlv};
use mockpos_fuzz::timed;

fuzz_target!(|bytes: &[u8]| {
    timed(|| {
        if let Some(token) = tlv::read(bytes) {
            let again = tlv::read(&tlv::written(&token));
            assert_eq!(
                again.as_ref(),
                Some(&token),
                "what is read is written so that it is read again"
            );
            let opened = ClassicToken::open(&token.issue(KEYS), KEYS);
            assert_eq!(
                opened.as_ref().ok(),
                Some(&token),
                "what is issued can be opened"
            );
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            // Err: it is none
            let _ = ClassicToken::open(text, KEYS);
        }
    });
});

const KEYS: Keys<'static> = Keys {
    enc: b"0123456789abcdef",
    mac: "00112233445566778899aabbccddeeff00112233",
};
