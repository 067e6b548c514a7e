//! The scenario language from outside: problems, layers, rules, examples.

mod conditions;
mod engine;
mod examples;
mod layers;
mod many;
mod problems;
mod stack;
mod turns;
mod warnings;

use super::*;
use crate::domain::decision::Point;
use crate::domain::shop::PosKind;

fn row(name: &'static str, page: Option<&'static str>, points: &'static [Point]) -> CatalogRow {
    CatalogRow {
        name,
        method: match name {
            "gateway.payment.begin" => "POST",
            _ => "GET",
        },
        path: match name {
            "admin.health.read" => "/__mockpos/health",
            "gateway.payment.pay" => "/pay/{id}",
            "akinon.order.read" | "gateway.payment.begin" => "/",
            "akinon.checkout.bin" | "akinon.checkout.complete" => "/orders/checkout/",
            _ => "/x",
        },
        page,
        points,
        knows: match name.starts_with("gateway.") {
            true => &["bin", "amount", "three_d", "pos_kind"],
            false => &[
                "msisdn",
                "bin",
                "stored_card",
                "amount",
                "installment",
                "pos_kind",
                "three_d",
                "order_no",
                "card_alias",
                "card_name",
                "transaction_type",
            ],
        },
        pos_kinds: match name.starts_with("gateway.") {
            true => &[PosKind::Gateway],
            false => &[],
        },
        lists: match name.starts_with("gateway.") {
            true => |code| code.len() < 6 && !code.starts_with('W'),
            false => |code| code.len() < 6,
        },
    }
}

/// A small house with every kind of point.
fn catalog() -> Catalog {
    Catalog {
        reads: None,
        rows: vec![
            row("akinon.token.masterpass", None, &[Point::Token]),
            row(
                "akinon.checkout.bin",
                Some("MasterpassRestBinNumberPage"),
                &[Point::Page, Point::Installments],
            ),
            row(
                "akinon.checkout.complete",
                Some("MasterpassRestCompletePage"),
                &[
                    Point::Page,
                    Point::Token,
                    Point::ThreeDs,
                    Point::Authorization,
                ],
            ),
            row(
                "gateway.payment.pay",
                None,
                &[Point::Page, Point::Authorization],
            ),
            row("gateway.payment.begin", None, &[Point::ThreeDsInit]),
            row(
                "gateway.page.back",
                None,
                &[Point::Callback, Point::Webhook],
            ),
            row("gateway.refund.refund", None, &[Point::Page, Point::Refund]),
            row("akinon.order.read", None, &[]),
            row("admin.health.read", None, &[]),
        ],
    }
}

/// A scenario that must compile, from the text after `version = 1`.
fn compile(text: &str) -> Scenario {
    let text = format!("version = 1\n{text}");
    Scenario::compile("dir/test.toml", &text, &catalog()).unwrap_or_else(|e| panic!("{e}"))
}

/// The problems of a scenario that must not.
fn problems(text: &str) -> Problems {
    match Scenario::compile("dir/test.toml", text, &catalog()) {
        Ok(_) => panic!("this compiles:\n{text}"),
        Err(problems) => problems,
    }
}

#[test]
fn a_scenario_is_shared_between_threads() {
    const fn shared<T: Send + Sync + 'static>() {}
    shared::<Scenario>();
}

#[test]
fn every_knob_has_help_and_an_example_that_names_it() {
    fn walk(knobs: &[knob::Knob], count: &mut usize) {
        for knob in knobs {
            *count += 1;
            assert!(!knob.doc.trim().is_empty(), "{}", knob.name);
            assert!(knob.example.contains(knob.name), "{}", knob.example);
            descend(&knob.kind, count);
        }
    }
    fn descend(kind: &knob::Kind, count: &mut usize) {
        match kind {
            knob::Kind::Table(knobs) => walk(knobs, count),
            knob::Kind::List(k) | knob::Kind::OneOrMore(k) | knob::Kind::Map(k) => {
                descend(k, count);
            }
            knob::Kind::Either(kinds) => kinds.iter().for_each(|k| descend(k, count)),
            _ => {}
        }
    }
    let mut count = 0;
    walk(knob::knobs(), &mut count);
    assert!(count > 100, "{count} knobs");
}
