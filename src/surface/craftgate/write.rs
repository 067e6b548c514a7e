//! Answers in the vendor's envelope: `data` is an object, decimals keep their digits, dates are
//! Turkish time without a zone. contract: craftgate §2

use crate::clock::Timestamp;
use crate::domain::money::{Amount, Money, Percent};
use crate::reply::Reply;
use crate::reply::json::Number;
use crate::route::{Answer, Spec};
use crate::surface::craftgate::query::Page;
use compact_str::{CompactString, ToCompactString};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct Envelope<'a, T> {
    data: &'a T,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct List<'a, T> {
    items: &'a [T],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Paged<'a, T> {
    items: &'a [T],
    page: u32,
    size: u32,
    total_size: usize,
}

/// The row answers with [`data`] of that type.
pub fn one<T: JsonSchema>(spec: &mut Spec<'_>) {
    spec.json::<Envelope<'_, T>>(200);
}

/// The row answers with a [`list`] of that type.
pub fn items<T: JsonSchema>(spec: &mut Spec<'_>) {
    spec.json::<Envelope<'_, List<'_, T>>>(200);
}

/// The row answers with a page, [`paged`], of that type.
pub fn pages<T: JsonSchema>(spec: &mut Spec<'_>) {
    spec.json::<Envelope<'_, Paged<'_, T>>>(200);
}

/// The row answers with [`nothing`].
pub fn none(spec: &mut Spec<'_>) {
    spec.empty(204);
}

/// 200 with `{"data": …}`.
pub fn data(value: &impl Serialize) -> Answer {
    Ok(Reply::json(StatusCode::OK, &Envelope { data: value }))
}

/// 200 with `{"data": {"items": […]}}`.
pub fn list(items: &[impl Serialize]) -> Answer {
    data(&List { items })
}

/// As [`list`], with where in the whole these are.
pub fn paged(items: &[impl Serialize], page: Page, total: usize) -> Answer {
    let (page, size, total_size) = (page.number, page.size, total);
    data(&Paged {
        items,
        page,
        size,
        total_size,
    })
}

/// 204.
pub fn nothing() -> Answer {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `2026-01-02T06:04:05`: Turkish time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(inline)]
pub struct Date(#[schemars(with = "String")] pub Timestamp);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0.turkey_time())
    }
}

/// A JSON number with exactly these digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Decimal(Number);

impl Decimal {
    /// `0`
    pub const fn zero() -> Self {
        Self(Number(CompactString::const_new("0")))
    }

    /// `money` as `written`, when that is the same amount; else with as few digits as say it.
    pub fn echo(money: Money, written: Option<&Amount>) -> Self {
        match written.filter(|amount| amount.money() == money) {
            Some(amount) => Self::from(amount),
            None => Self::from(&Amount::short(money)),
        }
    }

    /// Digits that are known to be a number: a rate.
    pub const fn rate(text: CompactString) -> Self {
        Self(Number(text))
    }
}

impl From<Money> for Decimal {
    fn from(money: Money) -> Self {
        Self::echo(money, None)
    }
}

impl From<&Amount> for Decimal {
    fn from(amount: &Amount) -> Self {
        Self(Number(amount.to_compact_string()))
    }
}

impl From<Percent> for Decimal {
    fn from(percent: Percent) -> Self {
        Self(Number(percent.to_compact_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn decimals_keep_their_digits_wherever_they_stand() {
        #[derive(Serialize)]
        struct Inner {
            price: Decimal,
        }
        #[derive(Serialize)]
        struct Outer {
            #[serde(flatten)]
            inner: Inner,
            paid: Vec<Decimal>,
        }
        let amount = |text| Amount::parse(text, Currency::TRY).unwrap();
        let (written, money) = (amount("100.000"), Money::new(10_000, Currency::TRY));
        let outer = Outer {
            inner: Inner {
                price: Decimal::echo(money, Some(&written)),
            },
            paid: vec![
                Decimal::echo(money, Some(&amount("99"))),
                Money::new(1_050, Currency::TRY).into(),
                Money::new(-1, Currency::TRY).into(),
                (&amount("5.20")).into(),
                "1.20".parse::<Percent>().unwrap().into(),
                Decimal::zero(),
            ],
        };
        let reply = data(&outer).unwrap();
        let text = std::str::from_utf8(&reply.body).unwrap();
        let want = r#"{"data":{"price":100.000,"paid":[100,10.5,-0.01,5.20,1.2,0]}}"#;
        assert_eq!(text, want);
    }

    #[test]
    fn dates_are_turkish_and_say_no_zone() {
        let at = Timestamp::from_micros(1_767_323_045_678_000);
        let reply = data(&Date(at)).unwrap();
        assert_eq!(reply.body, r#"{"data":"2026-01-02T06:04:05"}"#);
    }
}
