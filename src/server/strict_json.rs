//! What a JSON body may not do although it is JSON: say one key twice, which readers take in different ways,
//! or go on into depth.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

/// What is wrong with a text that may be JSON. A text that is none is somebody else's to refuse.
pub fn fault(body: &[u8], depth: usize) -> Option<&'static str> {
    if !matches!(body.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return None;
    }
    let found = Cell::new(None);
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = Value {
        left: depth,
        found: &found,
    };
    // Err: told in `found`, or not JSON
    let _ = value.deserialize(&mut json);
    found.get()
}

const TWICE: &str = "a key of the JSON body is there twice";
const DEEP: &str = "the JSON body is nested too deeply";
/// So many keys are compared one by one.
const FEW: usize = 16;

#[derive(Clone, Copy)]
struct Value<'f> {
    left: usize,
    found: &'f Cell<Option<&'static str>>,
}

impl Value<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => Err(self.says(DEEP)),
        }
    }

    fn says<E: Error>(self, why: &'static str) -> E {
        self.found.set(Some(why));
        E::custom(why)
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A key, borrowed from the body where it is written plainly.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while list.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        let (mut few, mut many) = (Vec::new(), HashSet::new());
        while let Some(key) = map.next_key_seed(Key)? {
            let known = few.contains(&key) || many.contains(&key);
            if known {
                return Err(self.says(TWICE));
            }
            match few.len() {
                FEW => drop(many.insert(key)),
                _ => few.push(key),
            }
            map.next_value_seed(inner)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_there_once_and_depth_has_an_end() {
        let many = |last: &str| {
            let keys: String = (0..99).map(|n| format!("\"k{n}\":0,")).collect();
            format!("{{{keys}\"{last}\":1}}")
        };
        for (body, why) in [
            (r#"{"a":1,"b":{"a":1}}"#, None),
            (r#"{"a":1,"a":1}"#, Some(TWICE)),
            (r#"{"a":1,"\u0061":1}"#, Some(TWICE)),
            (r#"{"a":1,"A":1}"#, None),
            (r#"[{"a":1},{"a":1}]"#, None),
            (r#"[{"a":[{"b":1,"b":2}]}]"#, Some(TWICE)),
            (&many("new"), None),
            (&many("k3"), Some(TWICE)),
            (&many("k98"), Some(TWICE)),
            ("[[[[1]]]]", None),
            ("[[[[[1]]]]]", Some(DEEP)),
            (r#"{"a":{"a":{"a":{"a":{}}}}}"#, Some(DEEP)),
            (&"[".repeat(9_999), Some(DEEP)),
            // not ours to refuse
            (r#"{"a":1e400,"a":1}"#, None),
            (r#"{"a":1"#, None),
            ("a=1&a=2", None),
            ("\"a\"", None),
            ("", None),
        ] {
            assert_eq!(fault(body.as_bytes(), 4), why, "{body}");
        }
    }
}
