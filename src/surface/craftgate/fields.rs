//! What a call says, field by field, with every problem kept until the end: see [`super::body`] and
//! [`super::query`], which both read with these words.

mod heard;
mod nested;

use crate::call::ear::Ear;
use crate::call::form::Form;
use crate::call::json::Value;
use crate::clock::Timestamp;
use crate::domain::money::{Amount, Currency, Money, MoneyError};
use crate::surface::browser_url::is_browser_url;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::given::{Given, Sent};
use crate::surface::craftgate::text;
use compact_str::CompactString;

/// How deep lists and objects are looked into.
const DEEPEST: usize = 8;
/// How many entries a list may have.
const LONGEST: usize = 2_000;

/// Something that is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// the field, from the outermost object on: `items[0].price`; empty: the whole
    pub field: String,
    /// what is wrong
    pub code: Code,
    /// the value, for a code whose text names it
    pub value: Option<String>,
}

/// The fields of an object or of a query.
///
/// A field that is required and not there, or not of its form, is written down and stands for
/// something harmless; whoever made these fields sees to it that nothing is done with it then.
#[derive(Debug)]
pub struct Fields<'a> {
    sent: Given<'a>,
    /// names are compared ignoring case
    folded: bool,
    /// `items[0].`, for who listens; of what is wrong the outer fields say where it is, when there is anything
    path: String,
    depth: usize,
    problems: Vec<Wrong>,
    ear: Option<&'a Ear>,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(sent: Given<'a>, folded: bool) -> Self {
        Self {
            sent,
            folded,
            path: String::new(),
            depth: 0,
            problems: Vec::new(),
            ear: None,
        }
    }

    /// All that is wrong, in the order in which it was looked at.
    pub(super) fn into_problems(self) -> Vec<Wrong> {
        self.problems
    }

    /// Writes down that something is wrong with a field.
    pub fn fail(&mut self, name: &str, code: Code) {
        self.wrong(name, code, None);
    }

    /// As [`Self::fail`], for a code whose text names the value.
    pub fn fail_of(&mut self, name: &str, code: Code, value: &str) {
        self.wrong(name, code, Some(value.to_owned()));
    }

    fn wrong(&mut self, name: &str, code: Code, value: Option<String>) {
        let field = name.to_owned();
        self.problems.push(Wrong { field, code, value });
    }

    /// Whether the field is there and not null or empty.
    pub fn has(&self, name: &str) -> bool {
        self.hear(name, || (Form::Any, false));
        if let Some(yes) = self.describes() {
            return yes;
        }
        match self.sent(name) {
            None => false,
            Some(Sent::Query(_)) => true,
            Some(Sent::Json(value)) => !value.is_nothing(),
        }
    }

    /// The JSON of a field, unless it is null.
    pub fn json(&self, name: &str) -> Option<Value<'a>> {
        self.hear(name, || (Form::Any, false));
        self.value(name)
    }

    fn value(&self, name: &str) -> Option<Value<'a>> {
        match self.sent(name)? {
            Sent::Json(value) => Some(value).filter(|value| !value.is_null()),
            Sent::Query(_) => None,
        }
    }

    /// A text of at most [`text::MOST_TEXT`] characters; a number or a boolean is its own text. Null
    /// and empty are absent.
    pub fn text(&mut self, name: &str) -> Option<CompactString> {
        self.scalar(name, Form::Text, |text| {
            match text::is_within(text, text::MOST_TEXT) {
                true => Ok(text.into()),
                false => Err(Code::FieldMalformed),
            }
        })
    }

    /// As [`Self::text`], required.
    pub fn need_text(&mut self, name: &str) -> CompactString {
        let found = self.text(name);
        self.needed(name, found).unwrap_or_default()
    }

    /// A number of something: `5` or `"5"`.
    pub fn id(&mut self, name: &str) -> Option<u64> {
        self.scalar(name, Form::Digits, |text| {
            text::id(text).ok_or(Code::FieldMalformed)
        })
    }

    /// As [`Self::id`], required.
    pub fn need_id(&mut self, name: &str) -> u64 {
        let found = self.id(name);
        self.needed(name, found).unwrap_or_default()
    }

    /// A small whole number.
    pub fn count(&mut self, name: &str) -> Option<u32> {
        self.scalar(name, Form::Digits, |text| {
            let count = text::id(text).and_then(|id| u32::try_from(id).ok());
            count.ok_or(Code::FieldMalformed)
        })
    }

    /// As [`Self::count`], required and at least 1.
    pub fn need_count(&mut self, name: &str) -> u32 {
        let found = self.count(name);
        let count = self.needed(name, found).unwrap_or(1);
        if count == 0 {
            self.fail(name, Code::NotPositive);
        }
        count
    }

    /// `true`, `True`, `1` and their opposites.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.scalar(name, Form::Flag, |text| {
            text::flag(text).ok_or(Code::FieldMalformed)
        })
    }

    /// Whether the flag is there and true.
    pub fn is(&mut self, name: &str) -> bool {
        self.flag(name).unwrap_or(false)
    }

    /// An amount, with the number of decimals that were sent; nothing is an amount too.
    pub fn amount(&mut self, name: &str, currency: Currency) -> Option<Amount> {
        self.scalar(name, Form::Number, |text| {
            Amount::parse(text, currency).map_err(|why| match why {
                MoneyError::Syntax if text::is_negative(text) => Code::NotPositive,
                MoneyError::Syntax
                | MoneyError::TooPrecise
                | MoneyError::TooLarge
                | MoneyError::Currency => Code::FieldMalformed,
            })
        })
    }

    /// As [`Self::amount`], required and more than nothing.
    pub fn need_amount(&mut self, name: &str, currency: Currency) -> Amount {
        let found = self.amount(name, currency);
        let found = self.needed(name, found);
        if found
            .as_ref()
            .is_some_and(|amount| !amount.money().is_positive())
        {
            self.fail(name, Code::NotPositive);
        }
        found.unwrap_or_else(|| Amount::from(Money::zero(currency)))
    }

    /// A currency that the vendor lists.
    pub fn currency(&mut self, name: &str) -> Option<Currency> {
        self.hear(name, || {
            (
                Form::words(Currency::ALL.iter().map(|one| one.code())),
                false,
            )
        });
        self.scalar(name, Form::Any, |text| {
            text.parse().map_err(|_| Code::FieldMalformed)
        })
    }

    /// As [`Self::currency`], required.
    pub fn need_currency(&mut self, name: &str) -> Currency {
        let found = self.currency(name);
        self.needed(name, found).unwrap_or_default()
    }

    /// One of these words, case ignored.
    pub fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.hear(name, || {
            (Form::words(words.iter().map(|(word, _)| *word)), false)
        });
        self.scalar(name, Form::Any, |text| {
            let known = words
                .iter()
                .find(|(word, _)| word.eq_ignore_ascii_case(text));
            known.map(|(_, value)| *value).ok_or(Code::FieldMalformed)
        })
    }

    /// A moment: with a zone it is converted, without one it is Turkish time.
    pub fn date(&mut self, name: &str) -> Option<Timestamp> {
        self.scalar(name, Form::Text, |text| {
            text::date(text).ok_or(Code::FieldMalformed)
        })
    }

    /// The shop's own reference: no `+` or `-` in front, and at most [`text::MOST_REFERENCE`]
    /// characters.
    pub fn reference(&mut self, name: &str) -> Option<CompactString> {
        self.scalar(name, Form::Text, |text| {
            if text.starts_with(['+', '-']) {
                Err(Code::UnsafeStart)
            } else if text::is_within(text, text::MOST_REFERENCE) {
                Ok(text.into())
            } else {
                Err(Code::FieldMalformed)
            }
        })
    }

    /// A phone number with its country code, required.
    pub fn need_msisdn(&mut self, name: &str) -> CompactString {
        let found = self.scalar(name, Form::Text, |text| match text::is_msisdn(text) {
            true => Ok(text.into()),
            false => Err(Code::MsisdnInvalid),
        });
        self.needed(name, found).unwrap_or_default()
    }

    /// An absolute URL to which a browser may be sent, of at most [`MOST`](crate::surface::browser_url::MOST) characters.
    pub fn url(&mut self, name: &str) -> Option<String> {
        self.scalar(name, Form::Text, |text| match is_browser_url(text) {
            true => Ok(text.to_owned()),
            false => Err(Code::CallbackUrlInvalid),
        })
    }

    /// As [`Self::url`], required.
    pub fn need_url(&mut self, name: &str) -> String {
        let found = self.url(name);
        self.needed(name, found).unwrap_or_default()
    }

    fn sent(&self, name: &str) -> Option<Sent<'_, 'a>> {
        self.sent.get(name, self.folded)
    }

    /// A scalar that `parse` takes.
    fn scalar<T>(
        &mut self,
        name: &str,
        form: Form,
        parse: impl FnOnce(&str) -> Result<T, Code>,
    ) -> Option<T> {
        self.hear(name, || (form, false));
        let parsed = match self.sent(name)? {
            Sent::Query(texts) => parse(texts[0]),
            Sent::Json(value) => match value.scalar() {
                Some(text) if text.is_empty() => return None,
                Some(text) => parse(&text),
                None if value.is_null() => return None,
                None => Err(Code::FieldMalformed),
            },
        };
        parsed.map_err(|code| self.fail(name, code)).ok()
    }

    /// Writes down that a required field is missing, unless something is wrong with it anyway.
    fn needed<T>(&mut self, name: &str, found: Option<T>) -> Option<T> {
        self.hear(name, || (Form::Any, true));
        if found.is_none() && !self.problems.iter().any(|known| known.field == name) {
            self.fail(name, Code::FieldMissing);
        }
        found
    }
}
