//! A basket and its products, as baskets and orders show them. contract: akinon §4

use crate::domain::checkout::Totals;
use crate::domain::money::Money;
use crate::domain::shop::{BasketLine, Product, Shop};
use crate::surface::akinon::pre_order::{Text, View, currency_label};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// A basket.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BasketBody<'a> {
    pk: u32,
    basketitem_set: Vec<LineBody<'a>>,
    total_quantity: u32,
    total_amount: Text,
    total_discount_amount: Text,
    total_product_amount: Text,
    discounts: [(); 0],
    upsell_messages: [(); 0],
    created_date: String,
    modified_date: String,
}

impl<'a> BasketBody<'a> {
    /// The basket of `view`'s session.
    pub fn of(view: View<'a>, totals: Totals) -> Self {
        let lines = view.session.basket.iter();
        let zero = Money::zero(view.shop.currency());
        let date = view.now.iso_micros();
        Self {
            pk: 1,
            basketitem_set: lines
                .filter_map(|line| LineBody::of(line, view.shop))
                .collect(),
            total_quantity: view.session.basket.iter().map(|line| line.quantity).sum(),
            total_amount: Text(totals.basket),
            total_discount_amount: Text(zero),
            total_product_amount: Text(totals.basket),
            discounts: [],
            upsell_messages: [],
            created_date: date.clone(),
            modified_date: date,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct LineBody<'a> {
    id: u32,
    quantity: u32,
    unit_price: Text,
    tax_rate: &'a str,
    total_amount: Text,
    currency_type: String,
    currency_type_label: &'static str,
    product: ProductBody<'a>,
    shipping_discount: (),
    image: (),
    datasource: (),
    attributes: Map<String, Value>,
    attributes_kwargs: Map<String, Value>,
    retail_price: Text,
    stock: u32,
    discounts: [(); 0],
}

impl<'a> LineBody<'a> {
    fn of(line: &BasketLine, shop: &'a Shop) -> Option<Self> {
        let product = shop.product(line.product)?;
        Some(Self {
            id: product.pk,
            quantity: line.quantity,
            unit_price: Text(product.price),
            tax_rate: &product.tax_rate,
            total_amount: Text(line.total(shop)?),
            currency_type: product.price.currency().code().to_ascii_lowercase(),
            currency_type_label: currency_label(product.price.currency()),
            product: ProductBody::of(product),
            shipping_discount: (),
            image: (),
            datasource: (),
            attributes: Map::new(),
            attributes_kwargs: Map::new(),
            retail_price: Text(product.price),
            stock: product.stock,
            discounts: [],
        })
    }
}

/// A product, as baskets and orders show it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProductBody<'a> {
    pk: u32,
    name: &'a str,
    sku: &'a str,
    base_code: &'a str,
    price: Text,
    retail_price: Text,
    in_stock: bool,
    stock: u32,
    currency_type: String,
    absolute_url: String,
    attributes: Map<String, Value>,
    attributes_kwargs: Map<String, Value>,
    extra_attributes: Map<String, Value>,
    productimage_set: [(); 0],
    productvideo_set: [(); 0],
    image: (),
    product_type: &'static str,
    price_type: &'static str,
    unit_type: &'static str,
    attribute_set: u32,
    form_schema: (),
    is_ready_to_basket: bool,
    data_source: (),
}

impl<'a> ProductBody<'a> {
    /// `product`, without images.
    pub fn of(product: &'a Product) -> Self {
        Self {
            pk: product.pk,
            name: &product.name,
            sku: &product.sku,
            base_code: &product.sku,
            price: Text(product.price),
            retail_price: Text(product.price),
            in_stock: product.stock > 0,
            stock: product.stock,
            currency_type: product.price.currency().code().to_ascii_lowercase(),
            absolute_url: format!("/product/{}/", product.pk),
            attributes: Map::new(),
            attributes_kwargs: Map::new(),
            extra_attributes: Map::new(),
            productimage_set: [],
            productvideo_set: [],
            image: (),
            product_type: "0",
            price_type: "default",
            unit_type: "qty",
            attribute_set: 1,
            form_schema: (),
            is_ready_to_basket: true,
            data_source: (),
        }
    }
}
