//! `pre_order`: the whole state of a checkout as the client sees it. contract: akinon §4

use crate::clock::Timestamp;
use crate::domain::checkout::Session;
use crate::domain::installment::Installment;
use crate::domain::money::{Currency, Money};
use crate::domain::shop::{DeliveryOption, PaymentOption, ShippingOption, Shop};
use crate::reply::json::Number;
use crate::scenario::settings::AmountForm;
use crate::surface::akinon::address_body::AddressBody;
use crate::surface::akinon::basket_body::BasketBody;
use crate::surface::akinon::session;
use compact_str::{CompactString, format_compact};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// What is needed to write a checkout down.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// the shopper
    pub session: &'a Session,
    /// the shop
    pub shop: &'a Shop,
    /// how installment amounts are written
    pub amounts: AmountForm,
    /// Turkish, else English
    pub turkish: bool,
    /// the moment it is
    pub now: Timestamp,
}

/// Money as a string with the currency's decimals: `"62.99"`, never a number.
#[derive(Debug, Clone, Copy, JsonSchema)]
pub struct Text(#[schemars(with = "String")] pub Money);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.decimal().as_str())
    }
}

/// The whole state of a checkout.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PreOrder<'a> {
    basket: BasketBody<'a>,
    shipping_address: Option<AddressBody<'a>>,
    billing_address: Option<AddressBody<'a>>,
    billing_and_shipping_same: bool,
    delivery_option: Option<DeliveryBody<'a>>,
    shipping_option: Option<ShippingBody<'a>>,
    retail_store: (),
    payment_option: Option<PaymentBody<'a>>,
    payment_choice: (),
    installment: Option<InstallmentBody>,
    total_amount: Text,
    total_amount_with_interest: Text,
    unpaid_amount: Text,
    shipping_amount: Text,
    loyalty_money: Text,
    currency_type_label: &'static str,
    redirect_to_three_d: Option<bool>,
    is_redirected: bool,
    is_guest: bool,
    is_post_order: bool,
    user_phone_number: Option<&'a str>,
    phone_number: Option<&'a str>,
    notes: Option<&'a str>,
    notifications: (),
    gift_box: (),
    delivery_range: (),
    credit_payment_option: (),
}

impl<'a> PreOrder<'a> {
    /// The state of `view`'s checkout.
    pub fn of(view: View<'a>) -> Self {
        let View { session, shop, .. } = view;
        let c = &session.checkout;
        let totals = session.totals(shop);
        let address = |pk: Option<u32>| session.address(shop, pk?).map(|it| AddressBody::of(it));
        let phone = session::phone(session, shop);
        Self {
            basket: BasketBody::of(view, totals),
            shipping_address: address(c.shipping_address),
            billing_address: address(c.billing_address),
            billing_and_shipping_same: c.shipping_address == c.billing_address,
            delivery_option: c
                .delivery_option
                .and_then(|pk| shop.delivery_option(pk))
                .map(DeliveryBody::of),
            shipping_option: c
                .shipping_option
                .and_then(|pk| shop.shipping_option(pk))
                .map(|it| ShippingBody::of(it)),
            retail_store: (),
            payment_option: c
                .payment_option
                .and_then(|pk| shop.payment_option(pk))
                .map(|it| PaymentBody::of(it)),
            payment_choice: (),
            installment: c.installment.as_ref().map(|i| InstallmentBody::of(i, view)),
            total_amount: Text(totals.order),
            total_amount_with_interest: Text(totals.payable),
            unpaid_amount: Text(totals.payable),
            shipping_amount: Text(totals.shipping),
            loyalty_money: Text(Money::zero(shop.currency())),
            currency_type_label: currency_label(shop.currency()),
            redirect_to_three_d: None,
            is_redirected: false,
            is_guest: session.customer.is_none(),
            is_post_order: false,
            user_phone_number: phone,
            phone_number: phone,
            notes: c.note.as_deref(),
            notifications: (),
            gift_box: (),
            delivery_range: (),
            credit_payment_option: (),
        }
    }
}

/// What people read for a currency: `TL` for the lira.
pub const fn currency_label(currency: Currency) -> &'static str {
    match currency {
        Currency::TRY => "TL",
        other => other.code(),
    }
}

/// A way to receive.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeliveryBody<'a> {
    pk: u32,
    slug: &'a str,
    name: &'a str,
    delivery_option_type: &'a str,
    sort_order: u32,
}

impl<'a> DeliveryBody<'a> {
    /// `option` as the client sees it.
    pub fn of(option: &'a DeliveryOption) -> Self {
        Self {
            pk: option.pk,
            slug: &option.slug,
            name: &option.name,
            delivery_option_type: &option.kind,
            sort_order: option.pk,
        }
    }
}

/// A way to ship.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShippingBody<'a> {
    pk: u32,
    name: &'a str,
    slug: &'a str,
    logo: (),
    shipping_amount: Text,
    description: (),
    kwargs: Map<String, Value>,
}

impl<'a> ShippingBody<'a> {
    /// `option` as the client sees it.
    pub fn of(option: &'a ShippingOption) -> Self {
        let ShippingOption {
            pk,
            name,
            slug,
            amount,
        } = option;
        let kwargs = Map::new();
        Self {
            pk: *pk,
            name,
            slug,
            logo: (),
            shipping_amount: Text(*amount),
            description: (),
            kwargs,
        }
    }
}

/// A way to pay. contract: akinon §8
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentBody<'a> {
    pk: u32,
    name: &'a str,
    slug: &'a str,
    payment_type: &'a str,
    payment_type_label: &'a str,
}

impl<'a> PaymentBody<'a> {
    /// `option` as the client sees it.
    pub fn of(option: &'a PaymentOption) -> Self {
        let PaymentOption {
            pk,
            name,
            slug,
            payment_type,
            ..
        } = option;
        Self {
            pk: *pk,
            name,
            slug,
            payment_type,
            payment_type_label: name,
        }
    }
}

/// One way to pay in parts. contract: akinon §10
#[derive(Debug, Serialize, JsonSchema)]
pub struct InstallmentBody {
    pk: u32,
    installment_count: u32,
    #[schemars(with = "String")]
    label: CompactString,
    price_with_accrued_interest: Amount,
    monthly_price_with_accrued_interest: Amount,
}

impl InstallmentBody {
    /// `installment` as the client sees it.
    pub fn of(installment: &Installment, view: View<'_>) -> Self {
        Self {
            pk: installment.pk,
            installment_count: installment.count,
            label: label(installment, view.turkish),
            price_with_accrued_interest: Amount::of(installment.total, view.amounts),
            monthly_price_with_accrued_interest: Amount::of(installment.monthly, view.amounts),
        }
    }
}

fn label(installment: &Installment, turkish: bool) -> CompactString {
    match (&installment.label, installment.count, turkish) {
        (Some(label), _, true) => label.tr.as_str().into(),
        (Some(label), _, false) => label.en.as_str().into(),
        (None, 1, true) => CompactString::const_new("Peşin"),
        (None, 1, false) => CompactString::const_new("Advance"),
        (None, count, true) => format_compact!("{count} Taksit"),
        (None, count, false) => format_compact!("{count} Installments"),
    }
}

/// An installment amount: a number (`100`, `262.50`), or a string (`"100.00"`).
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
enum Amount {
    Whole(i64),
    Number(Number),
    String(#[schemars(with = "String")] Money),
}

impl Amount {
    fn of(money: Money, form: AmountForm) -> Self {
        let unit = 10_i64.pow(money.currency().exponent());
        match form {
            AmountForm::String => Self::String(money),
            AmountForm::Number if money.minor() % unit == 0 => Self::Whole(money.minor() / unit),
            AmountForm::Number => Self::Number(Number(money.decimal().as_str().into())),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(number) => to.serialize_i64(*number),
            Self::Number(number) => number.serialize(to),
            Self::String(money) => to.serialize_str(money.decimal().as_str()),
        }
    }
}
