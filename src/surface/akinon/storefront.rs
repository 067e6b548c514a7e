//! What a storefront asks for around a checkout, so that an unmodified one can be pointed here.
//! contract: akinon §10, §13, §14

use crate::domain::installment::{InstallmentTable, offer_of};
use crate::domain::money::Money;
use crate::domain::shop::Product;
use crate::refusal::{Refusal, Thing};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::basket_body::ProductBody;
use crate::surface::akinon::pre_order::{InstallmentBody, View};
use crate::surface::akinon::{envelope, page, session};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Rows around the checkout.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::GET,
        "/pretty_urls",
        "akinon.storefront.pretty_urls",
        results,
    ),
    row(Method::GET, "/cms/seo", "akinon.storefront.seo", nothing),
    row(
        Method::GET,
        "/widgets/{slug}",
        "akinon.storefront.widget",
        widget,
    ),
    row(
        Method::GET,
        "/menus/generate",
        "akinon.storefront.menu",
        menu,
    ),
    row(
        Method::GET,
        "/misc/menus/generate",
        "akinon.storefront.misc_menu",
        menu,
    ),
    row(
        Method::GET,
        "/product/{pk}",
        "akinon.storefront.product",
        product,
    ),
    row(
        Method::GET,
        "/orders/contract",
        "akinon.orders.contract",
        contract,
    ),
    row(
        Method::GET,
        "/orders/redirect-three-d",
        "akinon.orders.redirect_three_d",
        redirect_three_d,
    ),
    row(
        Method::GET,
        "/payments/cards/product/{pk}",
        "akinon.payments.product_cards",
        product_cards,
    ),
    row(
        Method::GET,
        "/payments/cards/basket",
        "akinon.payments.basket_cards",
        basket_cards,
    ),
];

const fn row(
    method: Method,
    path: &'static str,
    name: &'static str,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (Evidence::Observed, &[]), handle)
}

fn ok(body: &Value) -> Answer {
    Ok(Reply::json(StatusCode::OK, body))
}

fn results(_: &mut Turn<'_>) -> Answer {
    ok(&json!({ "results": [] }))
}

fn nothing(_: &mut Turn<'_>) -> Answer {
    ok(&json!({}))
}

fn widget(_: &mut Turn<'_>) -> Answer {
    ok(&json!({ "attributes": {} }))
}

fn menu(_: &mut Turn<'_>) -> Answer {
    ok(&json!({ "menu": [] }))
}

fn product(turn: &mut Turn<'_>) -> Answer {
    ok(&json!({ "product": ProductBody::of(named(turn)?) }))
}

/// The product that the path names.
fn named<'t>(turn: &'t Turn<'_>) -> Result<&'t Product, Refusal> {
    let pk = turn.param("pk").parse().ok();
    let product = pk.and_then(|pk| turn.world.scenario.shop.product(pk));
    product.ok_or(Refusal::NotFound(Thing::Product))
}

fn contract(turn: &mut Turn<'_>) -> Answer {
    let name = turn.call.query("contract_name").unwrap_or("sales");
    Ok(page::plain(name, "Test sözleşmesi / test contract"))
}

/// The page of card payments outside the wallet. Without a form it means failure, and there is
/// never such a payment here.
fn redirect_three_d(_: &mut Turn<'_>) -> Answer {
    Ok(page::plain(
        "3-D Secure",
        "There is no card payment waiting.",
    ))
}

fn product_cards(turn: &mut Turn<'_>) -> Answer {
    let amount = named(turn)?.price;
    cards(turn, amount)
}

fn basket_cards(turn: &mut Turn<'_>) -> Answer {
    let session = session::open(turn).clone();
    let amount = session.totals(&turn.world.scenario.shop).order;
    cards(turn, amount)
}

/// One entry for each installment table, with what it costs for `amount`.
fn cards(turn: &mut Turn<'_>, amount: Money) -> Answer {
    let session = session::open(turn).clone();
    let view = envelope::view(turn, &session);
    let tables = &turn.world.scenario.installments;
    let results: Vec<_> = tables
        .iter()
        .map(|table| card(table, amount, view))
        .collect();
    let count = results.len();
    ok(&json!({ "count": count, "next": null, "previous": null, "results": results }))
}

fn card(table: &InstallmentTable, amount: Money, view: View<'_>) -> Value {
    let name = table.program.as_deref().unwrap_or("Other");
    let offered = offer_of(&table.terms, amount);
    let rows: Vec<_> = offered
        .iter()
        .map(|i| InstallmentBody::of(i, view))
        .collect();
    let slug = envelope::slug(name);
    json!({ "card": { "name": name, "slug": slug }, "bank": null, "installments": rows })
}
