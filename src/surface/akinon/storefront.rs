//! What a storefront asks for around a checkout, so that an unmodified one can be pointed here.
//! contract: akinon §10, §13, §14

use crate::domain::installment::{InstallmentTable, offer_of};
use crate::domain::money::Money;
use crate::domain::shop::Product;
use crate::refusal::{Refusal, Thing};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::akinon::address::Listed;
use crate::surface::akinon::basket_body::ProductBody;
use crate::surface::akinon::pre_order::{InstallmentBody, View};
use crate::surface::akinon::{envelope, page, session};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

/// Rows around the checkout.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::GET,
        "/pretty_urls",
        "akinon.storefront.pretty_urls",
        results,
    )
    .told(|spec| spec.json::<Results>(200)),
    row(Method::GET, "/cms/seo", "akinon.storefront.seo", nothing)
        .told(|spec| spec.json::<Nothing>(200)),
    row(
        Method::GET,
        "/widgets/{slug}",
        "akinon.storefront.widget",
        widget,
    )
    .told(|spec| spec.json::<Widget>(200)),
    row(
        Method::GET,
        "/menus/generate",
        "akinon.storefront.menu",
        menu,
    )
    .told(|spec| spec.json::<Menu>(200)),
    row(
        Method::GET,
        "/misc/menus/generate",
        "akinon.storefront.misc_menu",
        menu,
    )
    .told(|spec| spec.json::<Menu>(200)),
    row(
        Method::GET,
        "/product/{pk}",
        "akinon.storefront.product",
        product,
    )
    .told(|spec| spec.json::<Shown<'_>>(200)),
    row(
        Method::GET,
        "/orders/contract",
        "akinon.orders.contract",
        contract,
    )
    .told(|spec| spec.html(200)),
    row(
        Method::GET,
        "/orders/redirect-three-d",
        "akinon.orders.redirect_three_d",
        redirect_three_d,
    )
    .told(|spec| spec.html(200)),
    row(
        Method::GET,
        "/payments/cards/product/{pk}",
        "akinon.payments.product_cards",
        product_cards,
    )
    .told(|spec| spec.json::<Listed<'_, CardBody>>(200)),
    row(
        Method::GET,
        "/payments/cards/basket",
        "akinon.payments.basket_cards",
        basket_cards,
    )
    .told(|spec| spec.json::<Listed<'_, CardBody>>(200)),
];

const fn row(
    method: Method,
    path: &'static str,
    name: &'static str,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (Evidence::Observed, &[]), handle)
}

#[derive(Default, Serialize, JsonSchema)]
struct Results {
    results: [(); 0],
}

#[derive(Default, Serialize, JsonSchema)]
struct Nothing {}

#[derive(Default, Serialize, JsonSchema)]
struct Widget {
    attributes: Nothing,
}

#[derive(Default, Serialize, JsonSchema)]
struct Menu {
    menu: [(); 0],
}

#[derive(Serialize, JsonSchema)]
struct Shown<'a> {
    product: ProductBody<'a>,
}

/// What a family of cards is offered.
#[derive(Serialize, JsonSchema)]
struct CardBody {
    card: Family,
    bank: (),
    installments: Vec<InstallmentBody>,
}

#[derive(Serialize, JsonSchema)]
struct Family {
    name: String,
    slug: String,
}

fn ok(body: &impl Serialize) -> Answer {
    Ok(Reply::json(StatusCode::OK, body))
}

fn results(_: &mut Turn<'_>) -> Answer {
    ok(&Results::default())
}

fn nothing(_: &mut Turn<'_>) -> Answer {
    ok(&Nothing {})
}

fn widget(_: &mut Turn<'_>) -> Answer {
    ok(&Widget::default())
}

fn menu(_: &mut Turn<'_>) -> Answer {
    ok(&Menu::default())
}

fn product(turn: &mut Turn<'_>) -> Answer {
    let product = ProductBody::of(named(turn)?);
    ok(&Shown { product })
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
    let (next, previous) = ((), ());
    let results = &results;
    ok(&Listed {
        count,
        next,
        previous,
        results,
    })
}

fn card(table: &InstallmentTable, amount: Money, view: View<'_>) -> CardBody {
    let name = table.program.as_deref().unwrap_or("Other");
    let offered = offer_of(&table.terms, amount);
    let rows: Vec<_> = offered
        .iter()
        .map(|i| InstallmentBody::of(i, view))
        .collect();
    let slug = envelope::slug(name);
    CardBody {
        card: Family {
            name: name.to_owned(),
            slug,
        },
        bank: (),
        installments: rows,
    }
}
