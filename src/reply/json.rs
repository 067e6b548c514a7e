//! JSON as answers have it: compact, nothing escaped that need not be. serde_json writes the same bytes, which a test
//! holds this to; but it looks at names and values byte by byte, and some answers took longer for that than for all else.

use crate::domain::hex::hex;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::ser::{self, Serialize, Serializer};
use std::fmt::{self, Display, Write};

/// JSON that is being written.
#[derive(Debug, Default)]
pub struct Json(Vec<u8>);

/// Most texts that are no answers are shorter, in bytes: the claims of a token, a webhook.
const USUAL: usize = 256;

/// `value` as JSON. Err: there is no such JSON, for the key of a map is no text and no number.
pub fn to_string(value: &impl Serialize) -> Result<String, fmt::Error> {
    let mut json = Json(Vec::with_capacity(USUAL));
    json.write(value)?;
    String::from_utf8(json.0).map_err(|_| fmt::Error)
}

impl Json {
    /// Writes `value`, and forgets what was written before. Err as [`to_string`].
    pub fn write(&mut self, value: &impl Serialize) -> Result<&[u8], fmt::Error> {
        self.0.clear();
        value.serialize(&mut *self)?;
        Ok(&self.0)
    }

    /// Keeps so much memory at most.
    pub fn shrink_to(&mut self, most: usize) {
        self.0.shrink_to(most);
    }

    fn literal(&mut self, text: &str) -> Result<(), fmt::Error> {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn integer(&mut self, number: impl itoa::Integer) -> Result<(), fmt::Error> {
        self.literal(itoa::Buffer::new().format(number))
    }

    /// What stands between quotes.
    fn inside(&mut self, text: &str) {
        let bytes = text.as_bytes();
        if is_plain(bytes) {
            self.0.extend_from_slice(bytes);
        } else {
            bytes.iter().for_each(|byte| self.escaped(*byte));
        }
    }

    fn escaped(&mut self, byte: u8) {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            0..0x20 => {
                self.0.extend_from_slice(b"\\u00");
                self.0.extend_from_slice(hex(&[byte]).as_bytes());
                return;
            }
            _ => return self.0.push(byte),
        };
        self.0.extend_from_slice(&[b'\\', short]);
    }

    /// Begins a list or an object.
    fn open(&mut self, open: u8, close: &'static [u8]) -> Members<'_> {
        self.0.push(open);
        Members { json: self, close }
    }

    /// The name of a field, which needs no escapes.
    fn name(&mut self, name: &'static str) {
        debug_assert!(is_plain(name.as_bytes()), "{name}");
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    /// What is inside of a variant of an enum that has more than a name.
    fn variant(&mut self, name: &'static str) {
        self.0.push(b'{');
        self.name(name);
    }
}

/// Whether nothing in a text has to be escaped. Eight bytes at a time.
fn is_plain(text: &[u8]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // the high bit of a byte below `bound`, and perhaps of some behind it
    let below = |word: u64, bound: u8| word.wrapping_sub(EACH * u64::from(bound)) & !word & HIGH;
    let is = |word: u64, byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    let special = |word: u64| below(word, 0x20) | is(word, b'"') | is(word, b'\\') != 0;
    let (words, rest) = text.as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    !words.into_iter().any(special) && !rest.iter().any(|b| matches!(b, 0..0x20 | b'"' | b'\\'))
}

/// A number as it is to be written, digit for digit. For [`Json`] alone: what else serialises it makes a string of it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub struct Number(#[schemars(with = "serde_json::Number")] pub CompactString);

/// Tells [`Json`] that a text is a [`Number`].
const NUMBER: &str = "mockpos::Number";

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_newtype_struct(NUMBER, &self.0)
    }
}

/// Pieces of a text between quotes.
struct Pieces<'a>(&'a mut Json);

impl Write for Pieces<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.0.inside(piece);
        Ok(())
    }
}

macro_rules! integers {
    ($($name:ident $type:ty),*) => {$(
        fn $name(self, number: $type) -> Result<(), fmt::Error> {
            self.integer(number)
        }
    )*};
}

impl<'a> Serializer for &'a mut Json {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Members<'a>;
    type SerializeTuple = Members<'a>;
    type SerializeTupleStruct = Members<'a>;
    type SerializeTupleVariant = Members<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    integers!(
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128
    );

    fn serialize_bool(self, yes: bool) -> Result<(), fmt::Error> {
        self.literal(if yes { "true" } else { "false" })
    }

    fn serialize_f32(self, number: f32) -> Result<(), fmt::Error> {
        serde_json::to_writer(&mut self.0, &number).map_err(|_| fmt::Error)
    }

    fn serialize_f64(self, number: f64) -> Result<(), fmt::Error> {
        serde_json::to_writer(&mut self.0, &number).map_err(|_| fmt::Error)
    }

    fn serialize_char(self, letter: char) -> Result<(), fmt::Error> {
        self.serialize_str(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), fmt::Error> {
        self.0.push(b'"');
        self.inside(text);
        self.0.push(b'"');
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, text: &T) -> Result<(), fmt::Error> {
        self.0.push(b'"');
        write!(Pieces(self), "{text}")?;
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), fmt::Error> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<(), fmt::Error> {
        self.literal("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), fmt::Error> {
        self.literal("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), fmt::Error> {
        self.literal("null")
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), fmt::Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), fmt::Error> {
        let from = self.0.len();
        value.serialize(&mut *self)?;
        if name == NUMBER {
            // it came as a text
            self.0.remove(from);
            self.0.pop();
        }
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), fmt::Error> {
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.literal("}")
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Members<'a>, fmt::Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Members<'a>, fmt::Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Members<'a>, fmt::Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Members<'a>, fmt::Error> {
        self.variant(variant);
        Ok(self.open(b'[', b"]}"))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Members<'a>, fmt::Error> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Members<'a>, fmt::Error> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Members<'a>, fmt::Error> {
        self.variant(variant);
        Ok(self.open(b'{', b"}}"))
    }
}

/// A list or an object that is being written: behind each member stands a comma, the last of which makes room for what
/// closes it.
#[derive(Debug)]
pub struct Members<'a> {
    json: &'a mut Json,
    close: &'static [u8],
}

impl Members<'_> {
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(&mut *self.json)?;
        self.json.0.push(b',');
        Ok(())
    }

    fn close(self) -> Result<(), fmt::Error> {
        // no value ends with a comma, and nothing opens with one
        self.json.0.pop_if(|last| *last == b',');
        self.json.0.extend_from_slice(self.close);
        Ok(())
    }
}

macro_rules! members {
    ($($trait:ident $method:ident $(($name:ident))?),*) => {$(
        impl ser::$trait for Members<'_> {
            type Ok = ();
            type Error = fmt::Error;

            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($name: &'static str,)?
                value: &T,
            ) -> Result<(), fmt::Error> {
                $(self.json.name($name);)?
                self.value(value)
            }

            fn end(self) -> Result<(), fmt::Error> {
                self.close()
            }
        }
    )*};
}

members!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
    SerializeStruct serialize_field(name),
    SerializeStructVariant serialize_field(name)
);

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), fmt::Error> {
        let from = self.json.0.len();
        key.serialize(&mut *self.json)?;
        let out = &mut self.json.0;
        match out.get(from) {
            Some(b'"') => {}
            // a number or a truth value
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
                out.insert(from, b'"');
                out.push(b'"');
            }
            _ => return Err(fmt::Error),
        }
        out.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), fmt::Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    #[derive(Debug, Serialize)]
    enum Kind {
        Unit,
        Whole(u8),
        Pair(i8, &'static str),
        Named { a: (), b: Option<char> },
    }

    #[derive(Debug, Serialize)]
    struct Wrapped(String);

    #[derive(Debug, Serialize)]
    struct Empty {}

    #[derive(Debug, Serialize)]
    struct All {
        kinds: [Kind; 4],
        #[serde(flatten)]
        more: BTreeMap<i16, Wrapped>,
        empty: (Empty, [u8; 0], BTreeMap<bool, u8>),
        numbers: (u64, i64, u128, i128, f64, f32),
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<u8>,
        address: std::net::IpAddr,
        texts: Vec<String>,
        value: Value,
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                proptest::collection::vec((text(), inner), 0..8)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    const PIECES: &[&str] = &[
        "a", "bc", "ğ", "€", "\"", "\\", "\n", "\u{8}", "\u{c}", "\r", "\t", "\u{1f}", "\u{7f}",
        "/",
    ];

    /// Texts in which something is to be escaped, at any place in a word of eight bytes.
    fn text() -> impl Strategy<Value = String> {
        let pieces = proptest::collection::vec(proptest::sample::select(PIECES), 0..24);
        pieces.prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn it_is_what_serde_json_writes(
            (whole, wide) in (any::<(u64, i64)>(), any::<(u128, i128)>()),
            (double, single) in (any::<f64>(), any::<f32>()),
            keys in proptest::collection::btree_map(any::<i16>(), text().prop_map(Wrapped), 0..3),
            texts in proptest::collection::vec(text(), 0..5),
            value in value(),
            (b, address) in any::<(Option<char>, std::net::IpAddr)>(),
        ) {
            let all = All {
                kinds: [Kind::Unit, Kind::Whole(7), Kind::Pair(-1, "é"), Kind::Named { a: (), b }],
                more: keys,
                empty: (Empty {}, [], BTreeMap::from([(true, 1)])),
                numbers: (whole.0, whole.1, wide.0, wide.1, double, single),
                absent: None,
                address,
                texts,
                value,
            };
            prop_assert_eq!(to_string(&all).unwrap(), serde_json::to_string(&all).unwrap());
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_keys_are_texts() {
        let number = |text: &str| Number(text.into());
        let all = json!({"a": 1});
        let told = to_string(&(number("100.00"), [number("-0.5")], &all)).unwrap();
        assert_eq!(told, r#"[100.00,[-0.5],{"a":1}]"#);
        let keyed = BTreeMap::from([(vec![1], 2)]);
        assert!(to_string(&keyed).is_err());
    }
}
