//! `x-idempotency-key`: the same key with the same request gets the first answer again. What was
//! refused before a bank was asked is not kept: it may be mended and sent again.
//! contract: craftgate §1.1

use crate::call::Call;
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};
use crate::surface::craftgate::dialect::{is_payment_error, refuse};
use crate::surface::craftgate::errors::Code;
use crate::world::Kept;
use http::Method;
use sha2::{Digest, Sha256};

const HEADER: &str = "x-idempotency-key";
/// How long a key may be.
const LONGEST: usize = 255;

/// The answer kept for the caller's key, or that of `direct`, which is then kept.
pub fn answer(turn: &mut Turn<'_>, direct: fn(&mut Turn<'_>) -> Answer) -> Answer {
    let Some(key) = key(turn)? else {
        return direct(turn);
    };
    let (request, now) = (fingerprint(turn.call), turn.world.now());
    if let Some(kept) = turn.world.answers.get(&key).filter(|kept| now < kept.until) {
        if kept.request != request {
            return Err(Code::IdempotencyKeyReused.into());
        }
        return Ok(kept.reply.clone());
    }
    let answer = match direct(turn) {
        Err(refusal) if is_payment_error(&refusal) => Ok(refuse(turn, refusal)),
        other => other,
    };
    if let Ok(reply) = &answer
        && !reply.status.is_server_error()
    {
        let lifetime = turn.world.scenario.settings.craftgate.idempotency_lifetime;
        let (reply, until) = (reply.clone(), now.plus(lifetime));
        let kept = Kept {
            request,
            reply,
            until,
        };
        turn.world.answers.put(key, kept);
    }
    answer
}

/// The caller's key, on the methods that honour one.
fn key(turn: &Turn<'_>) -> Result<Option<String>, Refusal> {
    let honoured = [Method::POST, Method::PATCH, Method::DELETE];
    let Some(key) = turn.call.header(HEADER) else {
        return Ok(None);
    };
    if !honoured.contains(&turn.call.method) {
        return Ok(None);
    }
    if key.len() > LONGEST {
        return Err(Code::IdempotencyKeyTooLong.into());
    }
    Ok(Some(format!("{}\n{key}", turn.caller)))
}

fn fingerprint(call: &Call) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [
        call.method.as_str().as_bytes(),
        call.path.as_bytes(),
        &call.body,
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
