//! What a call says, in its body and its query; all that is wrong with it is told at once.
//! contract: masterpass §3.2, §3.3, §8.3

use crate::call::ear::Part;
use crate::call::form::Form;
use crate::call::{Call, Fields, flag};
use crate::domain::money::{Currency, MAX_MINOR, Money};
use crate::domain::pan::Pan;
use crate::domain::stored_card::Expiry;
use crate::refusal::{Problem, Refusal, Why};
use crate::route::Turn;
use crate::surface::masterpass::typed;
use std::borrow::Cow;

/// contract: masterpass §3.3
pub const MOST_ACCOUNT_KEY: u32 = 21;
/// contract: masterpass §3.3
pub const MOST_USER: u32 = 101;
/// contract: masterpass §3.3
pub const MOST_ALIAS: u32 = 41;
/// contract: masterpass §3.3
const MOST_NAME: u32 = 51;
/// Of texts for which the contract knows no bound.
pub const MOST_TEXT: u32 = 255;
/// contract: craftgate §3.4, installments
const MOST_INSTALLMENTS: u32 = 36;

/// The fields of a call: names in any case, the backend's `AccountKey` like the browser's
/// `accountKey`. What nobody knows is not looked at.
#[derive(Debug)]
pub struct Said<'c> {
    call: &'c Call,
    fields: Fields<'c>,
    problems: Vec<Problem>,
}

/// A card that was typed.
#[derive(Debug)]
pub struct CardSaid {
    /// its number; None: it cannot be read
    pub number: Option<Pan>,
    /// the name on it
    pub name: String,
    /// year and month
    pub expiry: String,
}

impl<'c> Said<'c> {
    /// Err when the body is no JSON object.
    pub fn read(call: &'c Call) -> Result<Self, Refusal> {
        let fields = call.fields().map_err(Refusal::Unreadable)?;
        Ok(Self {
            call,
            fields,
            problems: Vec::new(),
        })
    }

    /// A field of the body, or of the query, where clients write `undefined` for what is missing.
    pub fn look(&self, name: &str) -> Option<Cow<'c, str>> {
        self.hear(name, Form::Text, false);
        if let Some(text) = self.fields.text_like(name) {
            return Some(text);
        }
        let same = |known: &str| known.eq_ignore_ascii_case(name);
        let mut query = self.call.query.iter().filter(|(known, _)| same(known));
        let text = query.find_map(|(_, text)| Some(&**text).filter(|text| !text.is_empty()));
        let missing = |text: &&str| !matches!(*text, "undefined" | "null");
        text.filter(missing).map(Cow::Borrowed)
    }

    fn hear(&self, name: &str, form: Form, need: bool) {
        self.call.hear(Part::Either, name, (form, need));
    }

    /// Writes down that something is wrong with a field.
    pub fn fail(&mut self, field: &'static str, why: Why) {
        self.problems.push(Problem { field, why });
    }

    /// A text of at most `most` characters.
    pub fn text(&mut self, name: &'static str, most: u32) -> Option<String> {
        let text = self.look(name)?;
        if text.chars().nth(most as usize).is_some() {
            self.fail(name, Why::TooLong(most));
        }
        Some(text.into_owned())
    }

    /// As [`Self::text`], required.
    pub fn need(&mut self, name: &'static str, most: u32) -> String {
        self.hear(name, Form::Any, true);
        let text = self.text(name, most);
        text.unwrap_or_else(|| {
            self.fail(name, Why::Missing);
            String::new()
        })
    }

    /// The phone number of the account.
    pub fn account_key(&mut self) -> String {
        self.need("accountKey", MOST_ACCOUNT_KEY)
    }

    /// A name of a card, as the holder reads it; required.
    pub fn alias(&mut self, name: &'static str) -> String {
        self.hear(name, Form::Any, true);
        let text = self.look(name).unwrap_or_default();
        let plain = typed::unescaped(&text);
        if plain.is_empty() {
            self.fail(name, Why::Missing);
        } else if plain.chars().nth(MOST_ALIAS as usize).is_some() {
            self.fail(name, Why::TooLong(MOST_ALIAS));
        }
        plain
    }

    /// `true`, `1` and the like; anything else is no.
    pub fn flag(&self, name: &str) -> bool {
        self.hear(name, Form::Flag, false);
        self.look(name)
            .and_then(|text| flag(&text))
            .unwrap_or(false)
    }

    /// A typed card. contract: masterpass §3.3
    pub fn card(&mut self, turn: &Turn<'_>) -> CardSaid {
        self.hear("cardNumber", Form::Text, true);
        let number = self.look("cardNumber").unwrap_or_default();
        let number = typed::card_number(turn, &number).unwrap_or_else(|_| {
            self.fail("cardNumber", Why::Malformed("the number of a test card"));
            None
        });
        let name = self.look("cardHolderName").unwrap_or_default();
        let name = typed::unescaped(&name);
        if name.chars().nth(MOST_NAME as usize).is_some() {
            self.fail("cardHolderName", Why::TooLong(MOST_NAME));
        }
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        if Pan::parse(&digits).is_some() {
            self.fail(
                "cardHolderName",
                Why::Malformed("a name, not a card number"),
            );
        }
        let expiry = self.need("expiryDate", MOST_TEXT);
        if !expiry.is_empty() && Expiry::from_yymm(&expiry).is_none() {
            self.fail("expiryDate", Why::Malformed("year and month: YYMM"));
        }
        CardSaid {
            number,
            name,
            expiry,
        }
    }

    /// An amount in kuruş, as number or text, in `currencyCode`, which is TRY when not given.
    pub fn amount(&mut self, name: &'static str) -> Option<Money> {
        self.hear(name, Form::Digits, false);
        self.hear("currencyCode", Form::Text, false);
        let text = self.look(name)?;
        let currency = self.currency();
        let amount = minor(&text).map(|minor| Money::new(minor, currency));
        if amount.is_none() {
            self.fail(name, Why::Malformed("a positive whole number of kuruş"));
        }
        amount
    }

    /// As [`Self::amount`], required.
    pub fn need_amount(&mut self, name: &'static str) -> Money {
        self.hear(name, Form::Any, true);
        if self.look(name).is_none() {
            self.fail(name, Why::Missing);
        }
        let amount = self.amount(name);
        amount.unwrap_or_else(|| Money::zero(Currency::TRY))
    }

    fn currency(&mut self) -> Currency {
        let Some(code) = self.look("currencyCode") else {
            return Currency::TRY;
        };
        code.parse().unwrap_or_else(|_| {
            self.fail("currencyCode", Why::NotOffered);
            Currency::TRY
        })
    }

    /// Number of parts; none and zero are one.
    pub fn installments(&mut self) -> u32 {
        self.hear("installmentCount", Form::Digits, false);
        let Some(text) = self.look("installmentCount") else {
            return 1;
        };
        let count = text
            .parse()
            .ok()
            .filter(|count| *count <= MOST_INSTALLMENTS);
        count.map_or_else(
            || {
                self.fail("installmentCount", Why::Malformed("a number from 0 to 36"));
                1
            },
            |count: u32| count.max(1),
        )
    }

    /// A day as `yyyyMMdd`, when one is given.
    pub fn day(&mut self, name: &'static str) {
        let day = |text: &str| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        if self.look(name).is_some_and(|text| !day(&text)) {
            self.fail(name, Why::Malformed("a day: yyyyMMdd"));
        }
    }

    /// Err names all that is wrong.
    pub fn check(self) -> Result<(), Refusal> {
        if self.call.describes().is_some() {
            return Err(Refusal::Unreadable("nobody calls"));
        }
        match self.problems.is_empty() {
            true => Ok(()),
            false => Err(Refusal::Invalid(self.problems)),
        }
    }
}

/// More than nothing, in digits alone.
pub fn minor(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let minor = text.parse().ok().filter(|_| digits);
    minor.filter(|minor| (1..=MAX_MINOR).contains(minor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    #[test]
    fn names_have_any_case_and_undefined_is_missing() {
        let target = "/account/api/Card?accountKey=undefined&USERID=7&x=&amount=null";
        let mut call = Call::new(Method::GET, target);
        call.body = r#"{"OrderNo": 12, "empty": "", "cardalias": "a"}"#.into();
        let said = Said::read(&call).unwrap();
        for (name, want) in [
            ("accountKey", None),
            ("userId", Some("7")),
            ("x", None),
            ("amount", None),
            ("orderNo", Some("12")),
            ("empty", None),
            ("cardAlias", Some("a")),
        ] {
            assert_eq!(said.look(name).as_deref(), want, "{name}");
        }
    }

    #[test]
    fn amounts_are_whole_kurus() {
        for (text, want) in [
            ("10000", Some(10_000)),
            ("1", Some(1)),
            ("0", None),
            ("-1", None),
            ("+1", None),
            ("1.0", None),
            ("1e3", None),
            ("", None),
            ("1000000000000000", Some(MAX_MINOR)),
            ("1000000000000001", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(minor(text), want, "{text}");
        }
    }
}
