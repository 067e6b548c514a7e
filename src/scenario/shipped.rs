//! The scenarios that come with the program, by name. They are packed, and unpacked when somebody asks for one.

use super::compile::BUILTIN;
use std::sync::LazyLock;

/// What `build.rs` has packed: name and text of the files of `scenarios/` but for [`BUILTIN`], each with a zero byte
/// behind it.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/scenarios"));

/// The names of all, in the order in which they are told.
const NAMES: &[&str] = &[
    "default",
    "default-wallet",
    "happy-path",
    "bank-declines",
    "bank-ends-by-amount",
    "three-d-fails",
    "three-d-abandoned",
    "half-three-d",
    "token-service-down",
    "slow-bank",
    "expired-token",
    "first-fails-then-succeeds",
    "answer-lost",
    "duplicate-submit",
    "price-changed",
    "pos-forces-three-d",
    "strict-steps",
    "gateway-answer-lost",
    "gateway-bank-down",
    "gateway-bank-down-by-state",
    "gateway-broken-answers",
    "gateway-callback-fields",
    "gateway-capture-fails",
    "gateway-decline-by-header",
    "gateway-declines",
    "gateway-duplicate-submit",
    "gateway-exact-errors",
    "gateway-expired-reference",
    "gateway-first-fails-then-succeeds",
    "gateway-half-three-d",
    "gateway-marketplace",
    "gateway-refund-refused",
    "gateway-slow",
    "gateway-slow-then-fine",
    "gateway-test-cards",
    "gateway-three-d-fails",
    "gateway-three-d-init-fails",
    "gateway-three-d-pay",
    "gateway-two-merchants",
    "gateway-webhook-order",
    "wallet-accounts",
    "wallet-broken-answers",
    "wallet-completion",
    "wallet-cors-refused",
    "wallet-passwords",
    "wallet-payments",
    "wallet-registration",
    "wallet-success-0000",
    "wallet-success-empty",
    "wallet-three-d",
    "wallet-three-d-classic",
    "wallet-tokens",
];

/// Names and texts.
type Texts = Vec<(&'static str, &'static str)>;

/// The pack, unpacked when it is first asked for.
static UNPACKED: LazyLock<Texts> = LazyLock::new(unpacked);

/// The shipped scenarios, name and text: every file of `scenarios/`.
pub static SHIPPED: LazyLock<Texts> = LazyLock::new(|| {
    let all = NAMES.iter().map(|name| find(name));
    all.map(|found| found.expect("every name is that of a file"))
        .collect()
});

fn unpacked() -> Texts {
    let all = miniz_oxide::inflate::decompress_to_vec(PACKED).ok();
    let all = all.and_then(|all| String::from_utf8(all).ok());
    // For as long as the process: whoever asks for one may ask for all.
    let all: &'static str = all.expect("it was packed of text").leak();
    let parts: Vec<_> = all.split('\0').collect();
    let files = parts.chunks_exact(2);
    files.map(|file| (file[0], file[1])).collect()
}

fn find(name: &str) -> Option<(&'static str, &'static str)> {
    let known = |(known, _): &&(&str, &str)| *known == name;
    let builtin = BUILTIN.iter().find(known);
    builtin.or_else(|| UNPACKED.iter().find(known)).copied()
}

/// A scenario's name and its text.
pub type Text = (String, String);

/// The shipped scenario of that name.
pub fn shipped(name: &str) -> Option<Text> {
    let (name, text) = find(name)?;
    Some((name.to_owned(), text.to_owned()))
}
