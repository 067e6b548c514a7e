//! A text that is kept.

use super::block::{Block, SHORT};
use crate::mask::{is_plain, mask};
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A masked text. Bytes of an answer that are no UTF-8 are kept as they are, and shown as what they are not.
#[derive(Debug, Clone, Default, JsonSchema)]
pub struct Text(#[schemars(with = "String")] Bytes);

impl Text {
    /// `body` masked, and its end cut off behind `limit` bytes. A long one with nothing to hide is not copied: it must
    /// be of an allocation of its own, for what it is part of is kept with it.
    pub(super) fn of(body: &Bytes, limit: usize, block: &mut Block) -> Self {
        if body.len() > limit || !is_plain(body) {
            return Self::copied(kept(body, limit).as_bytes(), block);
        }
        match body.len() > SHORT {
            true => Self(body.clone()),
            false => Self::copied(body, block),
        }
    }

    /// A text that may be kept as it is.
    pub(super) fn copied(text: &[u8], block: &mut Block) -> Self {
        Self(block.copy(text))
    }

    /// A text that is always there.
    pub(super) const fn fixed(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }

    /// The text as bytes.
    pub const fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text; empty when it is none.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The text to be read.
    pub fn shown(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.shown())
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
