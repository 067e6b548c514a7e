//! From the shop's tables to the shop.

use crate::domain::money::{Currency, Money, MoneyError};
use crate::domain::shop::{
    Address, BasketLine, Customer, DeliveryOption, PaymentOption, Product, ShippingOption, Shop,
};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::read::{At, Rows};
use crate::scenario::rows::{
    AddressRow, BasketRow, CustomerRow, DeliveryKind, DeliveryOptionRow, PaymentOptionRow, Pk,
    ProductRow, ShippingOptionRow,
};
use crate::scenario::values::{Decimal, Int};
use std::collections::HashSet;
use std::sync::Arc;

/// The tables of the shop, each from the last file that gives it.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub customer: Option<Rows<CustomerRow>>,
    pub address: Option<Rows<AddressRow>>,
    pub product: Option<Rows<ProductRow>>,
    pub basket: Option<Rows<BasketRow>>,
    pub delivery_option: Option<Rows<DeliveryOptionRow>>,
    pub shipping_option: Option<Rows<ShippingOptionRow>>,
    pub payment_option: Option<Rows<PaymentOptionRow>>,
}

impl Tables {
    /// The shop. What is wrong between its tables goes to the report.
    pub fn shop(self, report: &mut Report) -> Shop {
        let mut shop = Shop::default();
        let products_at = self.product.as_ref().map(|rows| (rows.place, rows.whole));
        shop.products = products(self.product, report);
        let currency = shop.currency();
        shop.basket = basket(self.basket, (&shop, products_at), report);
        shop.customers = customers(self.customer, report);
        shop.addresses = shared(addresses(self.address, report));
        shop.delivery_options = delivery_options(self.delivery_option, report);
        shop.shipping_options = shared(shipping_options(self.shipping_option, currency, report));
        shop.payment_options = shared(payment_options(self.payment_option, report));
        shop
    }
}

/// Rows to things, each with its number: the one given, or its position from 1.
fn numbered<R, T>(
    rows: Option<Rows<R>>,
    report: &mut Report,
    pk: impl Fn(&R) -> Option<&At<Pk>>,
    mut make: impl FnMut(u32, R, &mut Report) -> T,
) -> Vec<T> {
    let rows = rows.map(|rows| rows.rows).unwrap_or_default();
    let mut taken = HashSet::new();
    let mut all = Vec::with_capacity(rows.len());
    for (row, position) in rows.into_iter().zip(1..) {
        let given = pk(&row.value).map(|pk| (pk.value.narrow(), pk.place));
        let (number, place): (u32, Place) = given.unwrap_or((position, row.place));
        if !taken.insert(number) {
            report.say(
                Mistake::Twice,
                place,
                format!("there are two with the number {number}"),
            );
        }
        all.push(make(number, row.value, report));
    }
    all
}

/// Says which of the names are there twice.
fn unique<R>(
    rows: Option<&Rows<R>>,
    what: &str,
    report: &mut Report,
    name: impl Fn(&R) -> (Place, &str),
) {
    let mut taken = HashSet::new();
    for row in rows.iter().flat_map(|rows| &rows.rows) {
        let (place, name) = name(&row.value);
        if !taken.insert(name) {
            report.say(
                Mistake::Twice,
                place,
                format!("there are two with the {what} {}", tick(name)),
            );
        }
    }
}

/// An amount in `currency`; None when it is no such amount, and the report says why.
pub(crate) fn money(
    amount: &At<Decimal>,
    currency: Currency,
    report: &mut Report,
) -> Option<Money> {
    let parsed = Money::parse(&amount.value.0, currency);
    let why = match parsed {
        Ok(money) => return Some(money),
        Err(MoneyError::TooPrecise) => format!(
            "{} has at most {} decimals",
            currency.code(),
            currency.exponent()
        ),
        Err(MoneyError::TooLarge) => "the amount is too large".to_owned(),
        Err(MoneyError::Syntax | MoneyError::Currency) => "this is no amount".to_owned(),
    };
    report.say(Mistake::NoAmount, amount.place, why);
    None
}

fn products(rows: Option<Rows<ProductRow>>, report: &mut Report) -> Vec<Product> {
    unique(rows.as_ref(), "sku", report, |p| {
        (p.sku.place, &p.sku.value.0)
    });
    let mut first = None;
    numbered(
        rows,
        report,
        |p| p.pk.as_ref(),
        |pk, p, report| {
            let currency = p.currency.unwrap_or_default();
            let common = *first.get_or_insert(currency);
            let price = money(&p.price, currency, report);
            if currency != common {
                let (one, other) = (common.code(), currency.code());
                let message = format!("this product costs {other}, the first one {one}");
                let found = report.say(Mistake::NoAmount, p.price.place, message);
                found.hint("all products have one currency");
            } else if price.is_some_and(|price| !price.is_positive()) {
                report.say(
                    Mistake::NoAmount,
                    p.price.place,
                    "a price must be more than nothing",
                );
            }
            Product {
                pk,
                name: p.name.0,
                sku: p.sku.value.0,
                price: price.unwrap_or(Money::zero(currency)),
                stock: p.stock.map_or(1000, Int::narrow),
                tax_rate: p.tax_rate.map_or_else(|| "20.00".to_owned(), |rate| rate.0),
            }
        },
    )
}

fn basket(
    rows: Option<Rows<BasketRow>>,
    (shop, products_at): (&Shop, Option<(Place, bool)>),
    report: &mut Report,
) -> Vec<BasketLine> {
    let rows = rows.map(|rows| rows.rows).unwrap_or_default();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let product: u32 = row.value.product.value.narrow();
        lines.push(BasketLine {
            product,
            quantity: row.value.quantity.map_or(1, Int::narrow),
        });
        if shop.product(product).is_some() || products_at.is_some_and(|(_, whole)| !whole) {
            continue;
        }
        // The line may be the built-in one: then the file to mend is that with the products.
        let message = format!("the basket holds product {product}, which is not for sale");
        let line = row.value.product.place;
        match products_at {
            Some((place, _)) if place.file > line.file => {
                let found = report.say(Mistake::NoSuchRow, place, message);
                found.hint("give a `[[basket]]` that goes with these products");
            }
            _ => {
                report.say(Mistake::NoSuchRow, line, message);
            }
        }
    }
    lines
}

fn customers(rows: Option<Rows<CustomerRow>>, report: &mut Report) -> Vec<Customer> {
    unique(rows.as_ref(), "mail address", report, |c| {
        (c.email.place, &c.email.value.0)
    });
    numbered(
        rows,
        report,
        |c| c.pk.as_ref(),
        |pk, c, _| Customer {
            pk,
            email: c.email.value.0,
            password: c.password.0,
            first_name: c.first_name.0,
            last_name: c.last_name.0,
            phone: c.phone.0,
        },
    )
}

/// What orders have, too: one copy for all of them.
fn shared<T>(rows: Vec<T>) -> Vec<Arc<T>> {
    rows.into_iter().map(Arc::new).collect()
}

fn addresses(rows: Option<Rows<AddressRow>>, report: &mut Report) -> Vec<Address> {
    numbered(
        rows,
        report,
        |a| a.pk.as_ref(),
        |pk, a, _| Address {
            pk,
            title: a.title.0,
            first_name: a.first_name.0,
            last_name: a.last_name.0,
            phone: a.phone.0,
            email: a.email.0,
            line: a.line.0,
            city: a.city.0,
            township: a.township.0,
            district: a.district.map(|name| name.0).unwrap_or_default(),
            postcode: a.postcode.map(|code| code.0).unwrap_or_default(),
        },
    )
}

fn delivery_options(
    rows: Option<Rows<DeliveryOptionRow>>,
    report: &mut Report,
) -> Vec<DeliveryOption> {
    unique(rows.as_ref(), "slug", report, |o| {
        (o.slug.place, &o.slug.value.0)
    });
    numbered(
        rows,
        report,
        |o| o.pk.as_ref(),
        |pk, o, _| DeliveryOption {
            pk,
            name: o.name.0,
            slug: o.slug.value.0,
            kind: match o.kind {
                DeliveryKind::Customer => "customer".to_owned(),
                DeliveryKind::RetailStore => "retail_store".to_owned(),
            },
        },
    )
}

fn shipping_options(
    rows: Option<Rows<ShippingOptionRow>>,
    currency: Currency,
    report: &mut Report,
) -> Vec<ShippingOption> {
    unique(rows.as_ref(), "slug", report, |o| {
        (o.slug.place, &o.slug.value.0)
    });
    numbered(
        rows,
        report,
        |o| o.pk.as_ref(),
        |pk, o, report| ShippingOption {
            pk,
            name: o.name.0,
            slug: o.slug.value.0,
            amount: money(&o.amount, currency, report).unwrap_or(Money::zero(currency)),
        },
    )
}

fn payment_options(
    rows: Option<Rows<PaymentOptionRow>>,
    report: &mut Report,
) -> Vec<PaymentOption> {
    unique(rows.as_ref(), "slug", report, |o| {
        (o.slug.place, &o.slug.value.0)
    });
    if let Some(none) = rows.as_ref().filter(|r| r.whole && r.rows.is_empty()) {
        report.say(
            Mistake::SaysNothing,
            none.place,
            "there must be a way to pay",
        );
    }
    numbered(
        rows,
        report,
        |o| o.pk.as_ref(),
        |pk, o, _| PaymentOption {
            pk,
            name: o.name.0,
            pos_slug: o
                .pos_slug
                .map_or_else(|| o.slug.value.0.clone(), |slug| slug.0),
            slug: o.slug.value.0,
            payment_type: o.payment_type.0,
            pos_kind: o.pos_kind,
            three_d_enabled: o.three_d_enabled.unwrap_or(false),
            provision_enabled: o.provision_enabled.unwrap_or(false),
        },
    )
}
