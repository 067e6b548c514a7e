//! The inside of a classic token: a tag of two bytes, a length of one, a value; and so on.
//! contract: masterpass §8.1

use super::{ClassicToken, Validation};

/// Tags that name a POS: FF0A to FF13.
pub const POS_TAGS: usize = 10;

/// The first byte of every tag.
const TAG: u8 = 0xff;
/// The second byte of the first tag that names a POS.
const FIRST_POS_TAG: u8 = 0x0a;
/// The bit that makes a time zone one behind UTC.
const BEHIND: u8 = 0x80;

/// All tags that the token has, in their order.
pub fn written(token: &ClassicToken) -> Vec<u8> {
    let mut out = Vec::new();
    let mut put = |tag: u8, value: &[u8]| {
        // A length is one byte: what is longer is cut.
        let len = u8::try_from(value.len()).unwrap_or(u8::MAX);
        out.extend_from_slice(&[TAG, tag, len]);
        out.extend_from_slice(&value[..usize::from(len)]);
    };
    put(0x01, token.client.as_bytes());
    put(0x02, &[zone_byte(token.zone)]);
    put(0x03, token.made_at.as_bytes());
    put(0x04, token.msisdn.as_bytes());
    put(0x05, token.reference.as_bytes());
    put(0x06, token.user.as_bytes());
    put(0x07, &[token.msisdn_validated.into()]);
    put(0x08, &[token.validation.code()]);
    if let Some(kind) = token.merchant_type {
        put(0x09, &[kind]);
    }
    for (tag, value) in (FIRST_POS_TAG..).zip(&token.pos) {
        if let Some(value) = value {
            put(tag, value.as_bytes());
        }
    }
    out
}

/// What they say; None: they are not whole, or one that must be there is not. Tags that nobody knows
/// are passed over.
pub fn read(bytes: &[u8]) -> Option<ClassicToken> {
    let found = values(bytes)?;
    let value = |tag: u8| found.iter().find(|(known, _)| *known == tag).map(|f| f.1);
    let text = |tag| String::from_utf8(value(tag)?.to_vec()).ok();
    let byte = |tag| match value(tag)? {
        [byte] => Some(*byte),
        _ => None,
    };
    let mut pos: [Option<String>; POS_TAGS] = Default::default();
    for (tag, slot) in (FIRST_POS_TAG..).zip(&mut pos) {
        *slot = text(tag);
    }
    Some(ClassicToken {
        client: text(0x01)?,
        zone: zone(byte(0x02)?)?,
        made_at: text(0x03)?,
        msisdn: text(0x04)?,
        reference: text(0x05)?,
        user: text(0x06)?,
        msisdn_validated: byte(0x07)? == 1,
        validation: Validation::from_code(byte(0x08)?)?,
        merchant_type: byte(0x09),
        pos,
    })
}

/// Tags and values up to the padding.
fn values(mut bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut found = Vec::new();
    while let [TAG, tag, len, rest @ ..] = bytes {
        let (value, behind) = rest.split_at_checked(usize::from(*len))?;
        found.push((*tag, value));
        bytes = behind;
    }
    let padded = match bytes {
        [] => true,
        [0x80, zeros @ ..] => zeros.iter().all(|byte| *byte == 0),
        _ => false,
    };
    padded.then_some(found)
}

const fn zone_byte(hours: i8) -> u8 {
    let byte = hours.unsigned_abs() & 0x0f;
    if hours < 0 { byte | BEHIND } else { byte }
}

fn zone(byte: u8) -> Option<i8> {
    let hours = i8::try_from(byte & 0x0f).ok()?;
    match byte & 0xf0 {
        0 => Some(hours),
        BEHIND => Some(-hours),
        _ => None,
    }
}
