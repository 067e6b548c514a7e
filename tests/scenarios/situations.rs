//! Which shipped file shows which situation. A situation without a file fails here, and so does one whose example was
//! renamed or taken away. That examples hold is proved beside.

use mockpos::domain::published::test_cards;
use mockpos::refusal::Decline;
use mockpos::scenario::Scenario;
use mockpos::server::script::{SHIPPED, compile};
use std::collections::BTreeMap;

/// A shipped file, and the names of examples that show it.
type Shown = (&'static str, &'static [&'static str]);

/// How a generation of the wallet can be in a situation.
enum In {
    /// here
    Files(&'static [Shown]),
    /// the contract has none
    Never,
    /// the merchant's old SOAP services, which are not mocked; what the other backend says of the same payment is here
    Soap(&'static [Shown]),
}

use In::{Files, Never, Soap};

/// contract: masterpass §11: number, situation, classic, new.
type Row = (u8, &'static str, In, In);

const ACCOUNTS: &str = "wallet-accounts";
const REGISTRATION: &str = "wallet-registration";
const PASSWORDS: &str = "wallet-passwords";
const PAYMENTS: &str = "wallet-payments";
const COMPLETION: &str = "wallet-completion";
const THREE_D: &str = "wallet-three-d";
const CLASSIC_THREE_D: &str = "wallet-three-d-classic";
const TOKENS: &str = "wallet-tokens";
const BROKEN: &str = "wallet-broken-answers";
const ENDINGS: &[&str] = &[
    "succeeds",
    "fails",
    "cancelled",
    "times out",
    "never returns",
];
const HALF: &[&str] = &[
    "half: mdStatus 4",
    "half, by rule: mdStatus 2",
    "half, by rule: mdStatus 3",
];
const TAMPERED: &[&str] = &["bad hash, by rule", "wrong order number", "wrong amount"];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    (1, "no account",
        Files(&[(ACCOUNTS, &["classic: no account", "classic, without rules, by the phone: no account"])]),
        Files(&[(ACCOUNTS, &["no account", "without rules, by the phone: no account"])])),
    (2, "account, not linked",
        Files(&[(ACCOUNTS, &["classic: not linked"])]),
        Files(&[(ACCOUNTS, &["an account that this shop may not see", "not linked"])])),
    (3, "linked, 1..n cards",
        Files(&[(ACCOUNTS, &["classic: and the cards are there"])]),
        Files(&[(ACCOUNTS, &["linked, with a card"])])),
    (4, "linked, no card",
        Files(&[(ACCOUNTS, &["classic: linked, no card", "classic: no card in the account", "classic: linked, and no card: the list is empty"])]),
        Files(&[(ACCOUNTS, &["linked, and no card"])])),
    (5, "blocked account",
        Files(&[(ACCOUNTS, &["classic: locked, the fifth digit", "classic: locked"])]),
        Files(&[(ACCOUNTS, &["locked"])])),
    (6, "number changed elsewhere",
        Files(&[(ACCOUNTS, &["classic: the number was changed elsewhere, the sixth digit", "classic: the number was changed elsewhere"])]),
        Never),
    (7, "user id conflict",
        Files(&[(ACCOUNTS, &["classic: the number is linked to another user of the shop", "classic: the shop takes it over"])]),
        Files(&[(ACCOUNTS, &["the number is linked to another user of the shop"])])),
    (8, "register ok at once",
        Files(&[(REGISTRATION, &["classic: at once"])]),
        Files(&[(REGISTRATION, &["at once"])])),
    (9, "register, bank OTP",
        Files(&[(REGISTRATION, &["classic: after the bank's password"])]),
        Files(&[(REGISTRATION, &["after the bank's password"])])),
    (10, "register, Masterpass OTP",
        Files(&[(REGISTRATION, &["classic: after the wallet's password"])]),
        Files(&[(REGISTRATION, &["after the wallet's password"])])),
    (11, "chained OTPs",
        Files(&[(REGISTRATION, &["classic: one password after the other, by rule", "classic: the next"])]),
        Files(&[(REGISTRATION, &["one password after the other, by rule", "the next"])])),
    (12, "wrong OTP, then right",
        Files(&[(PASSWORDS, &["classic: wrong", "classic: right"])]),
        Files(&[(PASSWORDS, &["wrong", "right"])])),
    (13, "OTP expired, too many tries",
        Files(&[(PASSWORDS, &["classic: too late", "classic: and no use any more", "classic: once too often"])]),
        Files(&[(PASSWORDS, &["too late", "and no use any more", "once too often"])])),
    (14, "resend OTP",
        Files(&[(PASSWORDS, &["classic: another one"])]),
        Files(&[(PASSWORDS, &["another one"])])),
    (15, "card already saved",
        Files(&[(REGISTRATION, &["classic: there already, by rule", "classic: there already, by the card's row"])]),
        Files(&[(REGISTRATION, &["there already, by rule", "there already, by the card's row"])])),
    (16, "invalid card number",
        Files(&[(REGISTRATION, &["classic: no card number"])]),
        Files(&[(REGISTRATION, &["no card number"])])),
    (17, "delete card, repeated-delete fraud",
        Files(&[(REGISTRATION, &["classic: deleted", "classic: too many were"])]),
        Files(&[(REGISTRATION, &["deleted", "too many were"])])),
    (18, "saved-card payment: direct, OTP, 3D",
        Files(&[(PAYMENTS, &["classic, saved: direct", "classic, saved: bank otp", "classic, saved: three d"])]),
        Files(&[(PAYMENTS, &["saved: direct", "saved: bank otp", "saved: three d"])])),
    (19, "new-card payment: same three",
        Files(&[(PAYMENTS, &["classic, typed: direct", "classic, typed: bank otp", "classic, typed: three d"])]),
        Files(&[(PAYMENTS, &["typed: direct", "typed: bank otp", "typed: three d"])])),
    (20, "pay and save: same three; save fails but pay ok",
        Files(&[(PAYMENTS, &["classic, typed and kept: at once", "classic, typed and kept: bank otp", "classic, typed and kept: three d", "classic: paid, and not kept"])]),
        Files(&[(PAYMENTS, &["typed and kept", "typed and kept: bank otp", "typed and kept: three d", "paid, and not kept"])])),
    (21, "OTP then 3D",
        Files(&[(PAYMENTS, &["classic: a password, then 3-D Secure", "classic: the bank's page"])]),
        Files(&[(PAYMENTS, &["a password, then 3-D Secure", "the bank's page"])])),
    (22, "3D success, failure, cancel, never returns",
        Files(&[(CLASSIC_THREE_D, ENDINGS)]),
        Files(&[(THREE_D, ENDINGS)])),
    (23, "3D half statuses",
        Files(&[(CLASSIC_THREE_D, HALF)]),
        Files(&[(THREE_D, HALF)])),
    (24, "3D return with bad hash, wrong oid, wrong amount",
        Files(&[(CLASSIC_THREE_D, TAMPERED)]),
        Files(&[(THREE_D, TAMPERED)])),
    (25, "token expired, bad MAC, bad JWT",
        Files(&[(TOKENS, &["classic: it has expired, by rule", "classic: a token that nobody signed"])]),
        Files(&[(TOKENS, &["the second call comes too late", "forged"])])),
    (26, "link required on payment",
        Files(&[(PAYMENTS, &["classic: must be linked first"])]),
        Files(&[(PAYMENTS, &["must be linked first"])])),
    (27, "MPIN ask, define; CVV ask; device OTP; loan",
        Files(&[(PAYMENTS, &["classic: the PIN", "classic: a new PIN", "classic: the card's code", "classic: a new device", "classic: a loan"])]),
        Never),
    (28, "bank declines at commit",
        Soap(&[(COMPLETION, &["classic: the bank declines"])]),
        Files(&[(COMPLETION, &["the bank declines"])])),
    (29, "order or amount mismatch, reused token, not verified",
        Files(&[(COMPLETION, &["classic: another order", "classic: another amount", "classic: now it was used"])]),
        Files(&[(COMPLETION, &["another order", "another amount", "now it was used", "not verified"])])),
    (30, "commit times out, no bank answer but money taken",
        Soap(&[(COMPLETION, &["classic: the money moves, the answer is lost"])]),
        Files(&[(COMPLETION, &["the money moves, the answer is lost", "the bank does not answer, at length"])])),
    (31, "void ok; void refused, refund; partial refund; double refund",
        Soap(&[(COMPLETION, &["classic: so it may be voided"])]),
        Files(&[(COMPLETION, &["a void that is refused", "and one that is not", "so there is something to give back", "more than is left", "the rest", "twice"])])),
    (32, "transport faults",
        Files(&[(BROKEN, &["classic: a page in HTML", "classic: nothing", "classic: no answer", "classic: slowly", "classic: no Fault, which the script reads in any case"])]),
        Files(&[(BROKEN, &["a page in HTML", "nothing", "no answer", "slowly", "half", "refused, and nobody says why: the script reads a field of null"])])),
    (33, "success reported as nothing or 0000",
        Files(&[("wallet-success-empty", &["a check", "a payment"]), ("wallet-success-0000", &["a check", "a payment"])]),
        Never),
    (34, "CORS refused, Content-Location not exposed",
        Files(&[("wallet-cors-refused", &["classic: may I?", "classic: the answer is there, and no script gets to see it"])]),
        Files(&[("wallet-cors-refused", &["may I? no headers say so"]), (TOKENS, &["the header tells where to go on, and no script may read it"])])),
    (35, "bank does not support OTP",
        Files(&[(PASSWORDS, &["classic: a bank that sends none has its page asked"])]),
        Files(&[(PASSWORDS, &["a bank that sends none"])])),
];

/// What shops really meet, at each provider that can do it.
#[rustfmt::skip]
const FAILURES: &[(&str, &[Shown])] = &[
    ("answer lost after the commit", &[
        ("answer-lost", &["lost", "asked again: the one order"]),
        ("gateway-answer-lost", &["lost", "found by the shop's own number", "lost, with a key", "one payment"]),
        (COMPLETION, &["the money moves, the answer is lost"])]),
    ("answer broken on the way, before or after the commit", &[
        ("gateway-broken-answers", &["empty, before the commit", "stall, after the commit"]),
        (BROKEN, &["half"])]),
    ("callback and webhook in either order", &[
        ("gateway-webhook-order", &["told before the browser is let go", "told after what comes next", "the payment is told first"])]),
    ("webhook twice, or never", &[
        ("gateway-webhook-order", &["told twice", "never told", "the callback alone must do"])]),
    ("callback twice", &[
        ("gateway-webhook-order", &["the browser comes back twice, by reload", "and nothing moves again"])]),
    ("callback forged", &[
        ("gateway-callback-fields", &["after a wrong hash", "after a lie", "after an old one"])]),
    ("bank down for a while", &[
        ("gateway-bank-down", &["the bank is down", "still down", "up again", "the gateway is down"]),
        ("gateway-bank-down-by-state", &["failure 1", "failure 2", "up again"]),
        ("token-service-down", &["down", "still down", "up again"])]),
    ("slow, then fine", &[
        ("slow-bank", &["slow, then fine"]),
        ("gateway-slow-then-fine", &["slow", "slower", "it was paid all the same", "fine"])]),
    ("half 3-D Secure", &[
        ("half-three-d", &["mdStatus 2", "mdStatus 3", "mdStatus 4"]),
        ("gateway-half-three-d", &["the careful shop may not charge it", "the daring shop may"]),
        (THREE_D, HALF)]),
    ("price changed between steps", &[
        ("price-changed", &["no longer what was agreed on: back to the card", "with the new amount"]),
        (COMPLETION, &["another amount"])]),
    ("expired token", &[
        ("expired-token", &["too late", "with a fresh token"]),
        ("gateway-expired-reference", &["none is issued", "too late", "used in another tab"]),
        (TOKENS, &["the second call comes too late"])]),
    ("duplicate submit", &[
        ("duplicate-submit", &["pressed", "pressed again", "and again: the same order"]),
        ("gateway-duplicate-submit", &["pressed again: the first answer", "two payments"]),
        (COMPLETION, &["now it was used"])]),
    ("refund refused", &[
        ("gateway-refund-refused", &["refused", "by item: refused", "nothing was given back", "no more"]),
        (COMPLETION, &["a void that is refused", "twice"])]),
];

/// The names of every shipped file's examples.
fn library() -> BTreeMap<&'static str, Vec<String>> {
    let names = |scenario: Scenario| -> Vec<String> {
        let examples = scenario.examples.iter();
        examples
            .filter_map(|example| example.name.clone())
            .collect()
    };
    let files = SHIPPED.iter().map(|(name, text)| {
        let compiled = compile(&[((*name).to_owned(), (*text).to_owned())]);
        (*name, names(compiled.unwrap()))
    });
    files.collect()
}

/// What is missing of what should be shown.
fn missing(situation: &str, shown: &[Shown], library: &BTreeMap<&str, Vec<String>>) -> Vec<String> {
    if shown.is_empty() {
        return vec![format!("{situation}: no file")];
    }
    let examples = shown.iter().flat_map(|(file, examples)| {
        let none = if examples.is_empty() {
            vec![""]
        } else {
            Vec::new()
        };
        let all = examples.iter().copied().chain(none);
        all.map(move |example| (file, example))
    });
    let there = |file: &str, example: &str| {
        let names = library.get(file);
        names.is_some_and(|names| names.iter().any(|name| name == example))
    };
    let absent = examples.filter(|(file, example)| !there(file, example));
    absent
        .map(|(file, example)| format!("{situation}: {file} shows no `{example}`"))
        .collect()
}

#[test]
fn every_situation_of_the_wallet_has_a_file() {
    let library = library();
    let numbers: Vec<u8> = ROWS.iter().map(|row| row.0).collect();
    assert_eq!(numbers, (1..=35).collect::<Vec<u8>>());
    let mut wrong = Vec::new();
    for (number, situation, classic, new) in ROWS {
        for (generation, how) in [("classic", classic), ("new", new)] {
            let what = format!("{number} {situation}, {generation}");
            match how {
                Files(shown) | Soap(shown) => wrong.extend(missing(&what, shown, &library)),
                Never => {}
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_failure_that_shops_meet_has_a_file() {
    let library = library();
    let wrong = FAILURES
        .iter()
        .flat_map(|(what, shown)| missing(what, shown, &library));
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

/// The text of a shipped file.
fn text(name: &str) -> &'static str {
    SHIPPED.iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn every_reason_to_decline_has_a_rule() {
    let rules = text("gateway-decline-by-header");
    for group in Decline::ALL.iter().map(|why| why.group()) {
        let rule = format!("then = {{ decline = \"{group}\" }}");
        assert!(rules.contains(&rule), "{group}");
    }
}

/// For each step at which a published card fails there is an example that says so; 3-D Secure and the rest of a pair are
/// told by the first.
#[test]
fn every_published_card_that_fails_has_an_example() {
    let file = text("gateway-test-cards");
    let mut failing = 0;
    for card in test_cards().iter().filter(|card| !card.failures.is_empty()) {
        failing += 1;
        assert!(file.contains(card.pan), "{}", card.pan);
        let (_, group) = card.failures.first().unwrap();
        let examples = file.split("[[example]]");
        let mine = examples.filter(|example| example.contains(card.pan));
        let told = mine.filter(|example| example.contains(group)).count();
        assert!(told > 0, "{} fails by {group}", card.pan);
    }
    assert!(failing > 60, "{failing}");
}
