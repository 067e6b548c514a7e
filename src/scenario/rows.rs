//! The rows of the shop's tables: products, people, ways to send and to pay.

use crate::domain::money::{Currency, Percent};
use crate::domain::shop::PosKind;
use crate::scenario::read::{At, table};
use crate::scenario::values::{Decimal, Int, Mail, Name, Phone, Slug, text_value};
use crate::scenario::words::words;

pub(crate) type Pk = Int<1, 1_000_000_000>;

table! {
    /// Somebody with an account at the shop.
    struct CustomerRow {
        /// the number; not given: the position, from 1
        pk: Option<At<Pk>> = "pk = 1",
        /// the login
        email: At<Mail> = r#"email = "ayse@example.com""#,
        /// the password
        password: Name = r#"password = "mockpos""#,
        /// given name
        first_name: Name = r#"first_name = "Ayşe""#,
        /// family name
        last_name: Name = r#"last_name = "Yılmaz""#,
        /// with the country code
        phone: Phone = r#"phone = "905321234567""#,
    }
}

table! {
    /// Where to send goods and bills.
    struct AddressRow {
        /// the number; not given: the position, from 1
        pk: Option<At<Pk>> = "pk = 1",
        /// what the customer calls it
        title: Name = r#"title = "Ev""#,
        /// given name
        first_name: Name = r#"first_name = "Ayşe""#,
        /// family name
        last_name: Name = r#"last_name = "Yılmaz""#,
        /// with the country code
        phone: Phone = r#"phone = "905321234567""#,
        /// mail
        email: Mail = r#"email = "ayse@example.com""#,
        /// street, house, door
        line: Name = r#"line = "Bağdat Caddesi 1, Daire 2""#,
        /// province
        city: Name = r#"city = "İstanbul""#,
        /// district of the province
        township: Name = r#"township = "Kadıköy""#,
        /// quarter
        district: Option<Name> = r#"district = "Caddebostan""#,
        /// postal code
        postcode: Option<Name> = r#"postcode = "34728""#,
    }
}

table! {
    /// Something for sale.
    struct ProductRow {
        /// the number; not given: the position, from 1
        pk: Option<At<Pk>> = "pk = 1",
        /// shown to people
        name: Name = r#"name = "Pamuklu Tişört""#,
        /// stock-keeping unit
        sku: At<Name> = r#"sku = "TSHIRT-M-WHITE""#,
        /// what it costs
        price: At<Decimal> = r#"price = "100.00""#,
        /// the same for all products; not given: TRY
        currency: Option<Currency> = r#"currency = "TRY""#,
        /// how many there are; not given: 1000
        stock: Option<Int<0, 1_000_000_000>> = "stock = 1000",
        /// in per cent; not given: 20.00
        tax_rate: Option<TaxRate> = r#"tax_rate = "20.00""#,
    }
}

table! {
    /// So many of a product in a fresh basket.
    struct BasketRow {
        /// the product's number
        product: At<Pk> = "product = 1",
        /// how many; not given: 1
        quantity: Option<Int<1, 10_000>> = "quantity = 1",
    }
}

table! {
    /// A way to receive.
    struct DeliveryOptionRow {
        /// the number; not given: the position, from 1
        pk: Option<At<Pk>> = "pk = 1",
        /// shown to people
        name: Name = r#"name = "Adrese Teslim""#,
        /// short name
        slug: At<Slug> = r#"slug = "customer""#,
        /// to the customer, or to a shop
        kind: DeliveryKind = r#"kind = "customer""#,
    }
}

table! {
    /// A way to ship.
    struct ShippingOptionRow {
        /// the number; not given: the position, from 1
        pk: Option<At<Pk>> = "pk = 1",
        /// shown to people
        name: Name = r#"name = "Standart Kargo""#,
        /// short name
        slug: At<Slug> = r#"slug = "standard""#,
        /// what it costs, in the currency of the products
        amount: At<Decimal> = r#"amount = "0.00""#,
    }
}

table! {
    /// A way to pay, with its POS.
    struct PaymentOptionRow {
        /// the number; not given: the position, from 1
        pk: Option<At<Pk>> = "pk = 1",
        /// shown to people
        name: Name = r#"name = "Masterpass Rest""#,
        /// short name
        slug: At<Slug> = r#"slug = "mp_rest""#,
        /// the type that storefronts look at
        payment_type: Slug = r#"payment_type = "masterpass_rest""#,
        /// which POS definition; not given: the slug
        pos_slug: Option<Slug> = r#"pos_slug = "mp_rest""#,
        /// who stands behind the POS
        pos_kind: PosKind = r#"pos_kind = "masterpass""#,
        /// the POS's own "Three d enabled"
        three_d_enabled: Option<bool> = "three_d_enabled = false",
        /// true: authorise now, capture later
        provision_enabled: Option<bool> = "provision_enabled = false",
    }
}

/// Where goods are received.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DeliveryKind {
    Customer,
    RetailStore,
}

words! { DeliveryKind, "kind of delivery":
    "customer" => Customer,
    "retail_store" => RetailStore,
}

/// A percentage, as written.
#[derive(Debug, Clone)]
pub(crate) struct TaxRate(pub String);

text_value!(TaxRate, "a percentage in quotes: `\"20.00\"`", |text| text
    .parse::<Percent>()
    .ok()
    .map(|_| Self(text.to_owned())));
