//! The built-in scenario, and files on top of it.

use super::*;
use crate::clock::ClockSetting;
use crate::domain::card::{Association, CardKind};
use crate::domain::money::Currency;
use crate::domain::shop::PosKind;
use crate::scenario::settings::{AmountForm, FreshSession};
use std::time::Duration;

#[test]
fn the_built_in_scenario_is_the_vendors_worked_example() {
    let scenario = Scenario::builtin(&catalog());
    assert_eq!(scenario.name, "default");
    assert!(
        scenario
            .source
            .starts_with("#:schema ../scenario.schema.json\nversion = 1")
    );
    assert!(scenario.description.starts_with("happy path"));
    assert_eq!(scenario.server, server::ServerKeys::default());
    assert_eq!((scenario.rules.len(), scenario.examples.len()), (0, 1));
    let shop = &scenario.shop;
    assert_eq!(shop.currency(), Currency::TRY);
    assert_eq!(shop.products[0].price.to_string(), "100.00");
    assert_eq!((shop.basket[0].product, shop.basket[0].quantity), (1, 1));
    assert_eq!((shop.customers.len(), shop.addresses.len()), (1, 1));
    let options = &shop.payment_options;
    let found: Vec<_> = options
        .iter()
        .map(|o| (o.pk, o.slug.as_str(), o.pos_kind))
        .collect();
    assert_eq!(
        found,
        [
            (1, "mp_rest", PosKind::Wallet),
            (2, "mp_rest_craftgate", PosKind::Gateway)
        ]
    );
    let card = scenario.bins.find("6655440000000000").unwrap();
    assert_eq!(card.program.as_deref(), Some("Card Finans"));
    let counts = |n: usize| -> Vec<u32> {
        scenario.installments[n]
            .terms
            .iter()
            .map(|t| t.count)
            .collect()
    };
    assert_eq!(counts(0), [1, 3]);
    assert_eq!(counts(1), [1, 2, 3, 6, 9, 12]);
}

#[test]
fn keys_replace_keys_and_tables_replace_tables() {
    let scenario = compile(
        "[settings]\nstrict = true\n[akinon]\nfresh_session = \"guest\"\n\
         installment_amounts = \"string\"\nreference_lifetime = \"90s\"\n[akinon.texts]\nrequired = \"Zorunlu\"\n\
         [server]\nseed = 7\nclock = \"real\"\nlisten = \"127.0.0.1:0\"\nallow_host = [\"a\"]\nlog_format = \"json\"\n\
         [[product]]\nname = \"Kazak\"\nsku = \"K\"\nprice = \"250\"\ncurrency = \"EUR\"\npk = 9\n\
         [[basket]]\nproduct = 9\nquantity = 3\n[[bin]]\nprefix = \"52586400\"\nkind = \"debit\"\nassociation = \"troy\"\n\
         bank = \"B\"\nbank_code = 10\ncommercial = true\n\
         [[installments]]\nprogram = \"P\"\nbins = [\"525864\"]\nmin_amount = \"50.00\"\ncounts = { 3 = \"5.00\", 2 = 1 }\n\
         labels = { 3 = { en = \"three\", tr = \"üç\" } }\n",
    );
    assert_eq!(scenario.name, "dir/test.toml");
    assert!(scenario.settings.strict && !scenario.settings.strict_tokens);
    let akinon = &scenario.settings.akinon;
    assert_eq!(akinon.fresh_session, FreshSession::Guest);
    assert_eq!(akinon.installment_amounts, AmountForm::String);
    assert_eq!(akinon.reference_lifetime, Duration::from_secs(90));
    assert_eq!(
        scenario.settings.masterpass.bearer_lifetime,
        Duration::from_secs(1800)
    );
    assert_eq!(akinon.texts.required.as_deref(), Some("Zorunlu"));
    assert_eq!(akinon.texts.payment_failed, None);
    let server = &scenario.server;
    assert_eq!(
        (server.seed, server.clock),
        (Some(7), Some(ClockSetting::Real))
    );
    assert_eq!(server.log_format, Some(crate::config::LogFormat::Json));
    assert_eq!(server.quiet, None);
    let shop = &scenario.shop;
    assert_eq!((shop.products.len(), shop.products[0].pk), (1, 9));
    assert_eq!(shop.products[0].price.to_string(), "250.00");
    assert_eq!(shop.currency(), Currency::EUR);
    assert_eq!((shop.basket[0].product, shop.basket[0].quantity), (9, 3));
    assert_eq!(shop.payment_options.len(), 2);
    let card = scenario.bins.find("5258640012345678").unwrap();
    assert_eq!(
        (card.kind, card.association),
        (Some(CardKind::Debit), Some(Association::Troy))
    );
    assert_eq!(card.bank.as_ref().unwrap().code, Some(10));
    assert!(
        scenario.bins.find("665544").is_some(),
        "the built-in BINs stay"
    );
    let [table] = &scenario.installments[..] else {
        panic!("replaced as a whole")
    };
    let terms: Vec<_> = table
        .terms
        .iter()
        .map(|t| (t.count, t.rate.to_string()))
        .collect();
    assert_eq!(
        terms,
        [
            (1, "0".to_owned()),
            (2, "1".to_owned()),
            (3, "5".to_owned())
        ]
    );
    assert_eq!(table.terms[2].label.as_ref().unwrap().tr, "üç");
    assert_eq!(table.min_amount.unwrap().to_string(), "50.00");
}

#[test]
fn the_later_file_wins_and_its_rules_come_first() {
    let file = |name: &str, text: &str| (name.to_owned(), format!("version = 1\n{text}"));
    let below = file(
        "below.toml",
        "description = \"below\"\n[settings]\nstrict = true\nhalf_three_ds = true\n[[rule]]\nwire = { delay = \"1s\" }\n\
         [[example]]\ncall = \"GET /below\"",
    );
    let above = file(
        "above.toml",
        "[settings]\nstrict = false\n[[rule]]\nwire = { delay = \"2s\" }\n[[rule]]\nwire = { delay = \"3s\" }",
    );
    let scenario = Scenario::layer(&[below.clone(), above], &catalog()).unwrap();
    assert_eq!(scenario.name, "below.toml + above.toml");
    assert_eq!(scenario.description, "below");
    assert!(!scenario.settings.strict && scenario.settings.half_three_ds);
    let places: Vec<_> = scenario
        .rules
        .iter()
        .map(|rule| rule.place.as_str())
        .collect();
    assert_eq!(places, ["above.toml:4", "above.toml:6", "below.toml:6"]);
    assert!(scenario.examples.is_empty(), "those of the last file");

    let broken = file("broken.toml", "x = 1");
    let Err(found) = Scenario::layer(&[broken, below], &catalog()) else {
        panic!()
    };
    assert_eq!(
        (found.list[0].file.as_str(), found.list[0].line),
        ("broken.toml", 2)
    );
}

#[test]
fn a_shop_without_customers_is_allowed_and_places_are_fit_for_headers() {
    let scenario = compile("customer = []\naddress = []");
    assert!(scenario.shop.customers.is_empty() && scenario.shop.addresses.is_empty());
    let text = "version = 1\n[[rule]]\nwire = { delay = \"1s\" }";
    let scenario = Scenario::compile("a/b\\çay ev.toml", text, &catalog()).unwrap();
    assert_eq!(scenario.rules[0].place, "?ay?ev.toml:2");
}
