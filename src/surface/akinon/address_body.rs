//! An address and the places in it. contract: akinon §7

use crate::domain::shop::Address;
use schemars::JsonSchema;
use serde::Serialize;

/// An address. contract: akinon §7
#[derive(Debug, Serialize, JsonSchema)]
pub struct AddressBody<'a> {
    pk: u32,
    email: &'a str,
    phone_number: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    title: &'a str,
    line: &'a str,
    postcode: &'a str,
    country: Place<'a>,
    city: Place<'a>,
    township: Place<'a>,
    district: Place<'a>,
    notes: (),
    company_name: (),
    tax_office: (),
    tax_no: (),
    e_bill_taxpayer: bool,
    is_corporate: bool,
    primary: bool,
    identity_number: (),
    extra_field: (),
}

/// A country, or a part of one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place<'a> {
    /// its number; mockpos knows one of each
    pub pk: u32,
    /// its name
    pub name: &'a str,
    /// of a country
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
    /// where a city is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<u32>,
    /// where a township is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<u32>,
    /// where a district is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub township: Option<u32>,
}

impl<'a> Place<'a> {
    /// Turkey.
    pub const COUNTRY: Place<'static> = Place {
        pk: 1,
        name: "Türkiye",
        code: Some("tr"),
        country: None,
        city: None,
        township: None,
    };

    /// A city of Turkey.
    pub const fn city(name: &'a str) -> Self {
        Self {
            pk: 1,
            name,
            code: None,
            country: Some(1),
            city: None,
            township: None,
        }
    }

    /// A township of the one city.
    pub const fn township(name: &'a str) -> Self {
        Self {
            pk: 1,
            name,
            code: None,
            country: None,
            city: Some(1),
            township: None,
        }
    }

    /// A district of the one township.
    pub const fn district(name: &'a str) -> Self {
        Self {
            pk: 1,
            name,
            code: None,
            country: None,
            city: Some(1),
            township: Some(1),
        }
    }
}

impl<'a> AddressBody<'a> {
    /// `address` as the client sees it.
    pub fn of(address: &'a Address) -> Self {
        Self {
            pk: address.pk,
            email: &address.email,
            phone_number: &address.phone,
            first_name: &address.first_name,
            last_name: &address.last_name,
            title: &address.title,
            line: &address.line,
            postcode: &address.postcode,
            country: Place::COUNTRY,
            city: Place::city(&address.city),
            township: Place::township(&address.township),
            district: Place::district(&address.district),
            notes: (),
            company_name: (),
            tax_office: (),
            tax_no: (),
            e_bill_taxpayer: false,
            is_corporate: false,
            primary: address.pk == 1,
            identity_number: (),
            extra_field: (),
        }
    }
}
