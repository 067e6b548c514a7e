//! A text that is kept: of an answer with nothing to hide the very bytes that are sent, not a copy of them.

use crate::mask::{is_plain, mask};
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A masked text. Bytes of an answer that are no UTF-8 are kept as they are, and shown as what they are not.
#[derive(Debug, Clone, Default, JsonSchema)]
pub struct Text(#[schemars(with = "String")] Bytes);

impl Text {
    /// `body` masked, and its end cut off behind `limit` bytes; the same bytes when there is nothing to do. They
    /// must be of an allocation of their own, for what they are part of is kept with them.
    pub fn sharing(body: &Bytes, limit: usize) -> Self {
        if body.len() <= limit && is_plain(body) {
            return Self(body.clone());
        }
        Self::of(body, limit)
    }

    /// As [`Self::sharing`], always a copy.
    pub fn of(text: &[u8], limit: usize) -> Self {
        Self(kept(text, limit).into())
    }

    /// A text that is plain and short enough to be kept as it is.
    pub fn copied(text: &[u8]) -> Self {
        Self(Bytes::copy_from_slice(text))
    }

    /// The text as bytes.
    pub const fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text to be read.
    pub fn shown(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.shown())
    }
}

/// `text` masked, and its end cut off behind `limit` bytes. Masked before it is cut, and a little
/// beyond: half a card number passes no Luhn.
pub fn kept(text: &[u8], limit: usize) -> String {
    const BEYOND: usize = 512;
    let mut kept = mask(&text[..text.len().min(limit + BEYOND)]);
    let whole = text.len() <= limit + BEYOND;
    let sure = if whole {
        kept.len()
    } else {
        kept.len().saturating_sub(BEYOND)
    };
    if !whole || sure > limit {
        kept.truncate(kept.floor_char_boundary(sure.min(limit)));
        kept.push_str(&format!("… ({} bytes in all)", text.len()));
    }
    kept.shrink_to_fit();
    kept
}
