//! A call as the journal keeps it.

use super::entry::{BODY, TARGET};
use super::text::kept;
use crate::call::Call;
use crate::mask::is_plain;

/// What an entry says of the question. Masking takes time: this is made before the sandbox is locked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// None: as the call has it
    pub(super) target: Option<String>,
    /// None: as the call has it
    pub(super) body: Option<String>,
    /// nothing in it looks like a card number, or stands where a secret does
    pub plain: bool,
}

impl Question {
    /// Of a call.
    pub fn of(call: &Call) -> Self {
        let target = asked(call);
        let plain = [is_plain(call.target.as_bytes()), is_plain(&call.body)];
        let masked = |plain: bool, text: &[u8], limit| {
            let as_it_is = plain && text.len() <= limit;
            (!as_it_is).then(|| kept(text, limit))
        };
        Self {
            target: masked(plain[0], target.as_bytes(), TARGET),
            body: masked(plain[1], &call.body, BODY),
            plain: plain == [true; 2],
        }
    }
}

/// The target without the sandbox's prefix.
pub(super) fn asked(call: &Call) -> &str {
    let whole = &*call.target;
    whole.strip_prefix(&*call.prefix).unwrap_or(whole)
}
