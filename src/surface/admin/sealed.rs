//! JSON without card numbers: what people have written into free text leaves as what `hide_cards` leaves of it.

use crate::mask::hide_cards;
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Whatever stands under these keys of the whole is as it was: scenarios are read by a guard of their own.
const OPEN: &[&str] = &["scenario", "set", "progress"];

/// Numbers that people make up: those of the rest come from here.
const NUMBERS: &[&str] = &["buyer", "seller"];

/// Writes JSON, each string of it looked through when it is whole.
#[derive(Default)]
struct Sealing {
    text: Vec<u8>,
    numbered: bool,
    depth: usize,
    in_key: bool,
    open: bool,
}

/// `value` as JSON. What cannot be written (there is no such value here) becomes `null`.
pub fn sealed(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Sealing::default());
    match value.serialize(&mut serializer) {
        Ok(()) => out,
        Err(_) => b"null".to_vec(),
    }
}

impl Formatter for Sealing {
    fn begin_string<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.text.clear();
        writer.write_all(b"\"")
    }

    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        _: &mut W,
        part: &str,
    ) -> io::Result<()> {
        self.text.extend_from_slice(part.as_bytes());
        Ok(())
    }

    fn write_char_escape<W: Write + ?Sized>(
        &mut self,
        _: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(&mut self.text, escape)
    }

    fn end_string<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.in_key {
            self.numbered = NUMBERS.iter().any(|key| key.as_bytes() == self.text);
        }
        if self.in_key && self.depth == 1 {
            self.open = OPEN.iter().any(|key| key.as_bytes() == self.text);
        }
        let hidden = hide_cards(&self.text).filter(|_| !self.open);
        writer.write_all(hidden.as_ref().map_or(&self.text, |text| text.as_bytes()))?;
        writer.write_all(b"\"")
    }

    fn write_u64<W: Write + ?Sized>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        let digits = value.to_string();
        let hidden = hide_cards(digits.as_bytes()).filter(|_| self.numbered);
        let shown = hidden.map_or(digits, |text| text.replace('*', "0"));
        writer.write_all(shown.as_bytes())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.in_key = true;
        CompactFormatter.begin_object_key(writer, first)
    }

    fn end_object_key<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn strings_are_looked_through_and_the_rest_is_as_usual() {
        let card = "5258640000000001";
        let told = json!({
            "a": {"b\"": [card, "\t5258\t6400 0000-0001", "ş\n", null, 1.5, true, {}], card: 7},
            "id": 5_258_640_000_000_001_u64,
            "buyer": 4_539_578_763_621_486_u64,
            "progress": {"rule": card},
            "z": card,
        });
        let text = String::from_utf8(sealed(&told)).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        let masked = "525864******0001";
        let want = json!({
            "a": {"b\"": [masked, "\t5258\t64** ****-0001", "ş\n", null, 1.5, true, {}], masked: 7},
            "id": 5_258_640_000_000_001_u64,
            "buyer": 4_539_570_000_001_486_u64,
            "progress": {"rule": card},
            "z": masked,
        });
        assert_eq!(read, want);
        let plain = json!({"a": ["x", {"y": [{"ü": "\u{1}\\/"}]}], "b": [], "c": -1});
        assert_eq!(sealed(&plain), serde_json::to_vec(&plain).unwrap());
    }
}
