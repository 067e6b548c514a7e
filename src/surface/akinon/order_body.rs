//! An order as clients and themes read it. contract: akinon §12

use crate::domain::money::{Currency, Money};
use crate::domain::order::Order;
use crate::domain::shop::{Address, Product};
use crate::route::Turn;
use crate::surface::akinon::address_body::AddressBody;
use crate::surface::akinon::basket_body::ProductBody;
use crate::surface::akinon::pre_order::{PaymentBody, Text, currency_label};
use crate::surface::akinon::{envelope, session};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What stands behind an order's signed address.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Completed<'a> {
    campaigns: [(); 0],
    order: Body<'a>,
}

impl<'a> Completed<'a> {
    /// `order` for this caller.
    pub fn of(order: &'a Order, turn: &'a Turn<'_>) -> Self {
        Self {
            campaigns: [],
            order: Body::of(order, turn),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Body<'a> {
    id: u32,
    number: &'a str,
    status: Labelled<'a>,
    card: u32,
    bin_number: &'a str,
    bank: Option<BankBody<'a>>,
    payment_option: PaymentBody<'a>,
    payment_option_slug: &'a str,
    shipping_option: Option<u32>,
    shipping_option_slug: Option<&'a str>,
    user_email: &'a str,
    user: Option<u32>,
    created_date: String,
    modified_date: String,
    shipping_address: Option<OrderAddress<'a>>,
    billing_address: Option<OrderAddress<'a>>,
    orderitem_set: Vec<Item<'a>>,
    notes: Option<&'a str>,
    language_code: &'static str,
    #[serde(flatten)]
    amounts: Amounts,
    #[serde(flatten)]
    rest: Rest,
}

impl<'a> Body<'a> {
    fn of(order: &'a Order, turn: &'a Turn<'_>) -> Self {
        let at = order.created_at.iso_micros();
        let shipping = order.shipping_option.as_ref();
        let address = |address: &'a Option<Arc<Address>>| {
            let address = address.as_ref();
            address.map(|address| OrderAddress::of(address, order))
        };
        Self {
            id: order.id,
            number: &order.number,
            status: status(turn),
            card: 1,
            bin_number: &order.bin,
            bank: BankBody::of(order, turn),
            payment_option: PaymentBody::of(&order.payment_option),
            payment_option_slug: &order.payment_option.slug,
            shipping_option: shipping.map(|option| option.pk),
            shipping_option_slug: shipping.map(|option| &*option.slug),
            user_email: &order.email,
            user: order.customer,
            created_date: at.clone(),
            modified_date: at,
            shipping_address: address(&order.shipping_address),
            billing_address: address(&order.billing_address),
            orderitem_set: items(order, turn),
            notes: order.note.as_deref(),
            language_code: if session::turkish(turn.call) {
                "tr-tr"
            } else {
                "en-us"
            },
            amounts: Amounts::of(order),
            rest: Rest::default(),
        }
    }
}

/// A code, and what people read for it.
#[derive(Debug, Serialize, JsonSchema)]
struct Labelled<'a> {
    value: String,
    label: &'a str,
}

fn status(turn: &Turn<'_>) -> Labelled<'static> {
    Labelled {
        value: "400".to_owned(),
        label: if session::turkish(turn.call) {
            "Onaylandı"
        } else {
            "Approved"
        },
    }
}

fn currency(currency: Currency) -> Labelled<'static> {
    Labelled {
        value: currency.code().to_ascii_lowercase(),
        label: currency_label(currency),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Amounts {
    currency: Labelled<'static>,
    amount: Text,
    amount_without_discount: Text,
    discount_amount: Text,
    shipping_amount: Text,
    refund_amount: Text,
    discount_refund_amount: Text,
    shipping_refund_amount: Text,
    installment_interest_amount: Text,
    installment_count: u32,
    installment: u32,
}

impl Amounts {
    fn of(order: &Order) -> Self {
        let zero = Money::zero(order.amount.currency());
        let interest = order.installment.total.minus(order.amount).unwrap_or(zero);
        Self {
            currency: currency(order.amount.currency()),
            amount: Text(order.installment.total),
            amount_without_discount: Text(order.amount),
            discount_amount: Text(zero),
            shipping_amount: Text(order.shipping_amount),
            refund_amount: Text(zero),
            discount_refund_amount: Text(zero),
            shipping_refund_amount: Text(zero),
            installment_interest_amount: Text(interest),
            installment_count: order.installment.count,
            installment: order.installment.pk,
        }
    }
}

/// What is the same for every order here.
#[derive(Debug, Serialize, JsonSchema)]
struct Rest {
    basket: u32,
    client_type: &'static str,
    remote_addr: &'static str,
    is_payable: bool,
    is_cancelled: bool,
    is_cancellable: bool,
    is_refundable: bool,
    has_gift_box: bool,
    discountitem_set: [(); 0],
    tracking_number: (),
    tracking_url: (),
    invoice_number: (),
    extra_field: Nothing,
    segment: (),
    checkout_provider: (),
}

impl Default for Rest {
    fn default() -> Self {
        Self {
            basket: 1,
            client_type: "default",
            remote_addr: "127.0.0.1",
            is_payable: false,
            is_cancelled: false,
            is_cancellable: true,
            is_refundable: false,
            has_gift_box: false,
            discountitem_set: [],
            tracking_number: (),
            tracking_url: (),
            invoice_number: (),
            extra_field: Nothing {},
            segment: (),
            checkout_provider: (),
        }
    }
}

/// An object with nothing in it.
#[derive(Debug, Serialize, JsonSchema)]
struct Nothing {}

/// The card's bank.
#[derive(Debug, Serialize, JsonSchema)]
struct BankBody<'a> {
    pk: Option<u32>,
    name: &'a str,
    slug: String,
    logo: String,
}

impl<'a> BankBody<'a> {
    /// None: the card's BIN is not known, or its bank is not.
    fn of(order: &Order, turn: &'a Turn<'_>) -> Option<Self> {
        let bin = turn.world.scenario.bins.find(&order.bin);
        let bank = bin.and_then(|bin| bin.bank.as_ref())?;
        let slug = envelope::slug(&bank.name);
        Some(Self {
            pk: bank.code,
            name: &bank.name,
            logo: format!("https://cdn.example/{slug}.jpg"),
            slug,
        })
    }
}

/// An address, with whose it is.
#[derive(Debug, Serialize, JsonSchema)]
struct OrderAddress<'a> {
    #[serde(flatten)]
    address: AddressBody<'a>,
    hash_data: String,
    address_type: &'static str,
    user: Buyer<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Buyer<'a> {
    pk: Option<u32>,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
}

impl<'a> OrderAddress<'a> {
    fn of(address: &'a Address, order: &'a Order) -> Self {
        Self {
            address: AddressBody::of(address),
            hash_data: format!("{:08x}", address.pk),
            address_type: "customer",
            user: Buyer {
                pk: order.customer,
                email: &order.email,
                first_name: &address.first_name,
                last_name: &address.last_name,
            },
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Item<'a> {
    id: usize,
    status: Labelled<'static>,
    price_currency: Labelled<'static>,
    price: Text,
    retail_price: Text,
    tax_rate: &'a str,
    product: ProductBody<'a>,
    is_cancelled: bool,
    is_cancellable: bool,
    is_refundable: bool,
    tracking_number: (),
    invoice_number: (),
    attributes: Nothing,
}

impl<'a> Item<'a> {
    fn of(id: usize, product: &'a Product, turn: &Turn<'_>) -> Self {
        Self {
            id,
            status: status(turn),
            price_currency: currency(product.price.currency()),
            price: Text(product.price),
            retail_price: Text(product.price),
            tax_rate: &product.tax_rate,
            product: ProductBody::of(product),
            is_cancelled: false,
            is_cancellable: true,
            is_refundable: false,
            tracking_number: (),
            invoice_number: (),
            attributes: Nothing {},
        }
    }
}

/// One entry for each piece: the platform keeps order items apart.
fn items<'a>(order: &Order, turn: &'a Turn<'_>) -> Vec<Item<'a>> {
    let lines = order.lines.iter();
    let pieces = lines.flat_map(|line| (0..line.quantity).map(move |_| line.product));
    let shop = &turn.world.scenario.shop;
    let item = |(n, pk): (usize, u32)| Some(Item::of(n + 1, shop.product(pk)?, turn));
    // they are large, and mostly one
    let mut items = Vec::with_capacity(order.lines.len());
    items.extend(pieces.enumerate().filter_map(item));
    items
}
