//! A call as the journal keeps it.

use super::entry::{BODY, TARGET};
use super::text::{Text, kept};
use crate::call::Call;
use crate::mask::is_plain;

/// What an entry says of the question. Masking takes time: this is made before the sandbox is locked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub(super) target: String,
    pub(super) body: Text,
    /// nothing in it looks like a card number, or stands where a secret does
    pub plain: bool,
}

impl Question {
    /// Of a call.
    pub fn of(call: &Call) -> Self {
        let whole = &*call.target;
        let target = whole.strip_prefix(&*call.prefix).unwrap_or(whole);
        let plain = [is_plain(whole.as_bytes()), is_plain(&call.body)];
        Self {
            target: match plain[0] && target.len() <= TARGET {
                true => target.to_owned(),
                false => kept(target.as_bytes(), TARGET),
            },
            body: match plain[1] && call.body.len() <= BODY {
                true => Text::copied(&call.body),
                false => Text::of(&call.body, BODY),
            },
            plain: plain == [true; 2],
        }
    }
}
