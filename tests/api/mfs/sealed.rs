//! What becomes of a typed card's number. contract: masterpass §2.2

use super::page::{NOBODY, OTP, Page, typed};
use mockpos::surface::masterpass::sealed::MODULUS;
use num_bigint::BigUint;
use serde_json::json;

/// As the vendor's SDK seals, for a key of 1408 bits: lower-case hex, an even number of digits.
pub fn sealed(modulus: &str, text: &str) -> String {
    let mut bytes = vec![0, 2];
    bytes.resize(176 - text.len() - 1, 0xa5);
    bytes.push(0);
    bytes.extend_from_slice(text.as_bytes());
    let modulus = BigUint::parse_bytes(modulus.as_bytes(), 16).unwrap();
    let sealed = BigUint::from_bytes_be(&bytes).modpow(&BigUint::from(3_u8), &modulus);
    let hex = format!("{sealed:x}");
    "0".repeat(hex.len() % 2) + &hex
}

/// The code that a registration of this number ends with, and the masked number that is kept.
fn register(rules: &str, number: &str, name: &str) -> (String, String) {
    let mut page = Page::playing(rules);
    let mut card = typed(NOBODY, name);
    card["rtaPan"] = json!(number);
    let mut told = page.post("register", &card);
    while told.code().starts_with("50") {
        told = page.validate(OTP);
    }
    let listed = page.list(NOBODY);
    let masked = listed.of_it("ListItems.ListItem.0.Value1");
    let masked = masked.as_str().unwrap_or_default().to_owned();
    (told.code(), masked)
}

fn result(code: &str, masked: &str) -> (String, String) {
    (code.to_owned(), masked.to_owned())
}

#[test]
fn a_number_is_read_where_it_can_be_and_else_the_name_on_the_card_counts() {
    let vendor = format!("F619C53A{}FADF09", "5".repeat(338));
    let opaque = "[masterpass]\ncard_data = \"opaque\"";
    let (read, by_name) = ("520922******0002", "513662******0001");
    let own = |text: &str| sealed(MODULUS, text);
    let foreign = sealed(&vendor, "5209220000000002");
    for (rules, number, want) in [
        ("", "5209220000000002", result("0000", read)),
        ("", "5209 2200 0000 0002", result("0000", read)),
        ("", &*own("5209220000000002"), result("0000", read)),
        (
            "",
            &own("5209220000000002").to_uppercase(),
            result("0000", read),
        ),
        (opaque, &own("5209220000000002"), result("0000", by_name)),
        ("", &foreign, result("0000", by_name)),
        ("", &own("no card at all"), result("0000", by_name)),
        ("", &"f".repeat(400), result("0000", by_name)),
        ("", "not even hex", result("0000", by_name)),
        ("", "", result("9802", "")),
        ("", "5209220000000003", result("9802", "")),
        ("", "1", result("9802", "")),
        ("", &own("5209220000000003"), result("9802", "")),
        // Somebody's, for all we know.
        ("", "4444333322221111", result("9802", "")),
        ("", &own("4444333322221111"), result("9802", "")),
    ] {
        let got = register(rules, number, "BANK OTP");
        assert_eq!(got, want, "{rules} {number}");
    }
    assert_eq!(
        register("", &foreign, "SOMEBODY ELSE"),
        result("0000", "548237******0003")
    );
    let own_bin = "[[bin]]\nprefix = \"444433\"\nkind = \"credit\"";
    let taken = register(own_bin, "4444333322221111", "");
    assert_eq!(taken, result("0000", "444433******1111"));
}
