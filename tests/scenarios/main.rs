//! Every file in `scenarios/` compiles, ships by its name, and its examples hold.

#![allow(clippy::unwrap_used, reason = "tests")]

mod manner;
mod situations;

use mockpos::cli::check::rehearse;
use mockpos::refusal::Decline;
use mockpos::server::script::{SHIPPED, compile};
use std::fs;
use std::path::Path;

#[test]
fn every_file_ships_under_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut shipped: Vec<_> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
    shipped.sort();
    assert_eq!(files, shipped);
}

#[test]
fn every_example_holds() {
    for (name, text) in SHIPPED.iter() {
        let compiled = compile(&[(format!("{name}.toml"), (*text).to_owned())]);
        let scenario = compiled.unwrap_or_else(|why| panic!("{why}"));
        assert!(
            !scenario.description.is_empty(),
            "{name} has no description"
        );
        let warnings = scenario.warnings.render();
        assert!(scenario.warnings.is_empty(), "{warnings}");
        let examples = rehearse(scenario).unwrap_or_else(|why| panic!("{why}"));
        assert!(examples > 0, "{name} has no example");
    }
}

#[test]
fn a_header_asks_for_every_reason_to_decline() {
    let name = "gateway-decline-by-header";
    let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name).unwrap();
    let (head, _) = text.split_once("[[example]]").unwrap();
    let mut text = head.to_owned();
    for group in Decline::ALL.iter().map(|why| why.group()) {
        text += &format!(
            r#"
[[example]]
call = "POST /payment/v1/card-payments"
headers = {{ x-test-decline = "{group}" }}
json = {{ price = 1, paidPrice = 1, installment = 1, currency = "TRY", items = [{{ price = 1 }}], card = {{ cardHolderName = "A B", cardNumber = "5258640000000001", expireYear = "2044", expireMonth = "07", cvc = "000" }} }}
expect = {{ status = 422, body = {{ "errors.errorGroup" = "{group}" }}, decided_by = "rule *" }}
"#
        );
    }
    let scenario = compile(&[("all.toml".to_owned(), text)]).unwrap();
    assert_eq!(rehearse(scenario), Ok(Decline::ALL.len()));
}

#[test]
fn an_example_that_does_not_hold_is_said() {
    let text =
        "version = 1\n[[example]]\ncall = \"GET /orders/checkout/\"\nexpect = { status = 404 }";
    let scenario = compile(&[("wrong.toml".to_owned(), text.to_owned())]).unwrap();
    let why = rehearse(scenario).unwrap_err();
    assert!(why.contains("wrong.toml:2") && why.contains("404"), "{why}");
}
