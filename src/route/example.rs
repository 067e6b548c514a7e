//! An example of a request, made of its form: values that mean something here, where a field's name says what it is.

use crate::call::form::Form;
use serde_json::{Map, Value, json};

/// Values by names of fields. The cards and the phone are those that mockpos publishes.
const KNOWN: &[(&str, &str)] = &[
    ("cardNumber", "5258640000000001"),
    ("cardHolderName", "Ada Deneme"),
    ("expireYear", "2044"),
    ("expireMonth", "07"),
    ("expiryDate", "4407"),
    ("cvc", "123"),
    ("cvv", "123"),
    ("currency", "TRY"),
    ("currencyCode", "TRY"),
    ("binNumber", "525864"),
    ("bin_number", "525864"),
    ("msisdn", "905551110001"),
    ("masterpassGsmNumber", "905551110001"),
    ("accountKey", "905551110001"),
    ("callbackUrl", "https://shop.example/callback"),
    ("merchantWebhookUrl", "https://shop.example/webhook"),
    ("returnBackUrl", "https://shop.example/basket"),
    ("paymentGroup", "PRODUCT"),
    ("conversationId", "456d1297-908e-4bd6-a13b-4be31a6e47d5"),
    ("orderNo", "MP1"),
    ("email", "shopper@shop.example"),
    ("user_email", "shopper@shop.example"),
    ("phone_number", "905551110001"),
    ("otp", "123456"),
    ("outcome", "succeeds"),
];

/// An example of that form.
pub fn of(form: &Form) -> Value {
    value("", form)
}

fn value(name: &str, form: &Form) -> Value {
    let known = KNOWN
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    match form {
        Form::Any | Form::Text => json!(known.map_or("text", |(_, text)| text)),
        Form::Word(words) => match known {
            Some((_, text)) if words.iter().any(|word| word == text) => json!(text),
            Some(_) | None => json!(words.first()),
        },
        Form::Digits => known.map_or(json!(1), |(_, text)| json!(text)),
        Form::Whole => json!(1),
        Form::Number => json!(100),
        Form::Flag => json!(false),
        Form::List(each) => json!([value("", each)]),
        Form::Map(each) => json!({ "Bonus": value("", each) }),
        Form::Object(fields) => {
            let entries = fields.iter();
            let entries =
                entries.map(|field| (field.name.clone(), value(&field.name, &field.form)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}
