//! What the shop sells, to whom, and how it may be paid: data that a scenario gives.

use crate::domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All the data of the shop.
#[derive(Debug, Clone, Default)]
pub struct Shop {
    /// for sale, `pk` counting from 1
    pub products: Vec<Product>,
    /// what a fresh basket holds
    pub basket: Vec<BasketLine>,
    /// who may log in; the first one is who a fresh session belongs to
    pub customers: Vec<Customer>,
    /// of the first customer and of guests
    pub addresses: Vec<Arc<Address>>,
    /// ways to receive
    pub delivery_options: Vec<DeliveryOption>,
    /// ways to ship
    pub shipping_options: Vec<Arc<ShippingOption>>,
    /// ways to pay
    pub payment_options: Vec<Arc<PaymentOption>>,
}

/// Something for sale.
#[derive(Debug, Clone)]
pub struct Product {
    /// its number
    pub pk: u32,
    /// shown to people
    pub name: String,
    /// stock-keeping unit
    pub sku: String,
    /// what it costs
    pub price: Money,
    /// how many there are
    pub stock: u32,
    /// tax, in per cent, as the shop writes it: `20.00`
    pub tax_rate: String,
}

/// So many of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasketLine {
    /// which product
    pub product: u32,
    /// how many
    pub quantity: u32,
}

/// Somebody with an account at the shop.
#[derive(Debug, Clone)]
pub struct Customer {
    /// the number
    pub pk: u32,
    /// the login
    pub email: String,
    /// the password
    pub password: String,
    /// given name
    pub first_name: String,
    /// family name
    pub last_name: String,
    /// msisdn: digits with the country code, `905321234567`
    pub phone: String,
}

/// Where to send goods and bills.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// its number
    pub pk: u32,
    /// what the customer calls it
    pub title: String,
    /// given name
    pub first_name: String,
    /// family name
    pub last_name: String,
    /// msisdn
    pub phone: String,
    /// mail
    pub email: String,
    /// street, house, door
    pub line: String,
    /// province
    pub city: String,
    /// district of the province
    pub township: String,
    /// quarter
    pub district: String,
    /// postal code
    pub postcode: String,
}

/// A way to receive.
#[derive(Debug, Clone)]
pub struct DeliveryOption {
    /// its number
    pub pk: u32,
    /// shown to people
    pub name: String,
    /// short name
    pub slug: String,
    /// `customer` or `retail_store`
    pub kind: String,
}

/// A way to ship.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingOption {
    /// its number
    pub pk: u32,
    /// shown to people
    pub name: String,
    /// short name
    pub slug: String,
    /// what it costs
    pub amount: Money,
}

/// Who stands behind a payment option's POS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum PosKind {
    /// the wallet scheme's own POS
    Wallet,
    /// a payment gateway in front of the banks
    Gateway,
}

/// A way to pay, with its POS.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentOption {
    /// its number
    pub pk: u32,
    /// shown to people
    pub name: String,
    /// short name
    pub slug: String,
    /// the type that storefronts look at
    pub payment_type: String,
    /// which POS definition
    pub pos_slug: String,
    /// who stands behind it
    pub pos_kind: PosKind,
    /// the POS's own "Three d enabled"
    pub three_d_enabled: bool,
    /// true: authorise now, capture later
    pub provision_enabled: bool,
}

impl Shop {
    /// The currency of the shop: that of its first product.
    pub fn currency(&self) -> Currency {
        self.products
            .first()
            .map(|p| p.price.currency())
            .unwrap_or_default()
    }

    /// The product with that number.
    pub fn product(&self, pk: u32) -> Option<&Product> {
        self.products.iter().find(|p| p.pk == pk)
    }

    /// The payment option with that number.
    pub fn payment_option(&self, pk: u32) -> Option<&Arc<PaymentOption>> {
        self.payment_options.iter().find(|o| o.pk == pk)
    }

    /// The shipping option with that number.
    pub fn shipping_option(&self, pk: u32) -> Option<&Arc<ShippingOption>> {
        self.shipping_options.iter().find(|o| o.pk == pk)
    }

    /// The delivery option with that number.
    pub fn delivery_option(&self, pk: u32) -> Option<&DeliveryOption> {
        self.delivery_options.iter().find(|o| o.pk == pk)
    }

    /// The customer with that number.
    pub fn customer(&self, pk: u32) -> Option<&Customer> {
        self.customers.iter().find(|c| c.pk == pk)
    }
}
