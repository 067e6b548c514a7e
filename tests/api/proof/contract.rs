//! The description of all endpoints, and calls held against it.

use super::admin;
use crate::support::merchant::Merchant;
use crate::support::{Shopper, app};
use mockpos::route::Router;
use mockpos::surface;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Every operation of the description, with where it stands.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    all.collect()
}

#[test]
fn every_row_is_described() {
    let router = Router::new(surface::ALL).unwrap();
    let served = admin(&mut Shopper::new(&app("")), "GET openapi.json");
    assert_eq!(served.status, 200);
    let document = &served.json;
    assert_eq!(document["openapi"], "3.1.0");
    let all = operations(document);
    let mut places = HashSet::new();
    for row in &router.description().rows {
        let method = row.endpoint.method.as_str().to_ascii_lowercase();
        let place = format!("{method} {}", row.path());
        let found = all.iter().find(|(known, _)| *known == place);
        let (_, operation) = found.unwrap_or_else(|| panic!("{place} is not described"));
        let marks = ["documented", "observed", "inferred"];
        let mark = operation["x-evidence"].as_str().unwrap();
        assert!(marks.contains(&mark), "{place}: {mark}");
        let good = row
            .replies
            .iter()
            .any(|said| said.status.is_some_and(|it| it < 400));
        assert!(good || row.later, "{place} has no answer that is good");
        assert!(operation["responses"]["default"].is_object(), "{place}");
        places.insert(place);
    }
    assert_eq!(places.len(), all.len());
}

#[test]
fn who_calls_is_said_by_known_schemes() {
    let router = Router::new(surface::ALL).unwrap();
    let document = &router.description().document;
    let schemes = &document["components"]["securitySchemes"];
    let asked = |place: &str| &document["paths"].pointer(place).unwrap()["security"];
    for (place, wanted) in [
        (
            "/~1payment~1v1~1card-payments/post",
            json!([{"x-api-key": [], "x-signature": []}]),
        ),
        (
            "/~1merchant~1api~1token~1generate/post",
            json!([{"ClientId": [], "Secret": []}]),
        ),
        (
            "/~1__mockpos~1health/get",
            json!([{}, {"x-mockpos-token": []}]),
        ),
        ("/~1orders~1checkout/post", json!([])),
    ] {
        assert_eq!(*asked(place), wanted, "{place}");
    }
    for (place, operation) in operations(document) {
        let alternatives = operation["security"].as_array().unwrap().iter();
        for name in alternatives.flat_map(|one| one.as_object().unwrap().keys()) {
            assert_eq!(schemes[name]["in"], "header", "{place}: {name}");
        }
    }
}

#[test]
fn every_example_is_of_its_own_form() {
    let router = Router::new(surface::ALL).unwrap();
    let mut examples = 0;
    for (place, operation) in operations(&router.description().document) {
        let content = operation["requestBody"]["content"].as_object();
        let content = content.into_iter().flat_map(|content| content.values());
        let bodies = content.map(|it| (&it["schema"], &it["example"]));
        let pages = operation["x-pages"].as_array().into_iter().flatten();
        let pages = pages.map(|it| (&it["body"], &it["example"]));
        for (schema, example) in bodies.chain(pages).filter(|(_, it)| !it.is_null()) {
            let validator = jsonschema::validator_for(schema).unwrap();
            let wrong = validator.iter_errors(example);
            let wrong: Vec<_> = wrong.map(|it| it.to_string()).collect();
            assert!(wrong.is_empty(), "{place}: {wrong:?}");
            examples += 1;
        }
    }
    assert!(examples > 120, "{examples}");
}

const STRICT: &str = "[verify]\nstrict = true\n";

fn payment() -> Value {
    json!({
        "price": 100, "paidPrice": 100, "walletPrice": 0, "currency": "TRY", "installment": 1,
        "paymentGroup": "LISTING_OR_SUBSCRIPTION", "clientIp": "127.0.0.1", "externalId": null,
        "card": { "cardHolderName": "A B", "cardNumber": "5258640000000001", "expireYear": "2044",
            "expireMonth": "07", "cvc": "000" },
        "items": [{ "name": "a", "price": 100 }],
    })
}

#[test]
fn a_strict_sandbox_names_each_departure() {
    for (at, value, path, kind) in [
        ("", Value::Null, "", ""),
        ("/colour", json!(1), "body.colour", "unknown_field"),
        ("/card/cvv", json!("000"), "body.card.cvv", "unknown_field"),
        (
            "/items/0/sku",
            json!("x"),
            "body.items[0].sku",
            "unknown_field",
        ),
        ("/price", json!("100"), "body.price", "wrong_type"),
        (
            "/items/0/name",
            json!(7),
            "body.items[0].name",
            "wrong_type",
        ),
        ("/items", json!({}), "body.items", "wrong_type"),
        (
            "/paymentPhase",
            json!("LATER"),
            "body.paymentPhase",
            "undocumented_value",
        ),
        ("/paidPrice", Value::Null, "body.paidPrice", "wrong_type"),
    ] {
        let mut body = payment();
        if let Some((within, name)) = at.rsplit_once('/') {
            body.pointer_mut(within).unwrap()[name] = value;
        }
        let app = app(STRICT);
        let mut merchant = Merchant::new(&app);
        merchant.post("/payment/v1/card-payments", &body);
        let mut shopper = Shopper::new(&app);
        let journal = admin(&mut shopper, "GET journal");
        let found = journal.at("entries.0.departures");
        let report = admin(&mut shopper, "POST verify");
        if path.is_empty() {
            assert_eq!(
                (found, report.status),
                (&Value::Null, 200),
                "{}",
                report.text
            );
            continue;
        }
        assert_eq!(found[0]["path"], path, "{}", journal.text);
        assert_eq!(found[0]["kind"], kind, "{path}");
        assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
        assert_eq!(
            (report.status, report.at("passed")),
            (409, &false.into()),
            "{path}"
        );
        assert_eq!(
            report.at("mistakes.0.kind"),
            "off_contract",
            "{}",
            report.text
        );
        assert!(
            report
                .text_at("mistakes.0.says")
                .starts_with(&format!("`{path}` "))
        );
    }
}

#[test]
fn a_field_that_is_missing_is_named() {
    let app = app(STRICT);
    let mut body = payment();
    body.as_object_mut().unwrap().remove("currency");
    Merchant::new(&app).post("/payment/v1/card-payments", &body);
    let journal = admin(&mut Shopper::new(&app), "GET journal");
    let found = journal.at("entries.0.departures.0");
    assert_eq!(found["path"], "body.currency", "{}", journal.text);
    assert_eq!(found["kind"], "missing_field");
}

#[test]
fn nobody_is_held_to_it_who_does_not_ask() {
    let app = app("");
    let mut body = payment();
    body["colour"] = json!("red");
    let paid = Merchant::new(&app).post("/payment/v1/card-payments", &body);
    assert_eq!(paid.status, 200, "{}", paid.text);
    let mut shopper = Shopper::new(&app);
    let journal = admin(&mut shopper, "GET journal");
    assert_eq!(journal.at("entries.0.departures"), &Value::Null);
    assert_eq!(admin(&mut shopper, "POST verify").status, 200);
    // What is asked for afterwards is found in what was kept.
    let strict = admin(&mut shopper, "POST verify?strict=true");
    assert_eq!(strict.status, 409);
    assert_eq!(strict.at("mistakes.0.kind"), "off_contract");
}

#[test]
fn forms_queries_and_loose_names_are_held_too() {
    let app = app(STRICT);
    let mut shopper = Shopper::new(&app);
    let option = "/orders/checkout/?page=PaymentOptionSelectionPage";
    shopper.post_form(option, "payment_option=one&colour=red");
    shopper.get("/installment/v1/installments?price=ten&bin=525864");
    let query = "/account/api/Card?ACCOUNTKEY=905551110001&colour=red";
    shopper.header("authorization", "x").get(query);
    let report = admin(&mut shopper, "POST verify");
    let off = report.at("mistakes").as_array().unwrap().iter();
    let off = off.filter(|it| it["kind"] == "off_contract");
    let says: Vec<_> = off
        .map(|it| it["says"].as_str().unwrap().to_owned())
        .collect();
    let want = [
        "`body.payment_option` is a text, not digits; `body.colour` is not known here",
        "`query.price` is a text, not a number; `query.bin` is not known here",
        "`query.colour` is not known here",
    ];
    assert_eq!(says, want, "{}", report.text);
}
