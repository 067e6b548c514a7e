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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Decline;
    use crate::reply::Reply;
    use crate::route::Router;
    use crate::surface::craftgate::{SURFACE, later};
    use crate::world::{Birth, Sandboxes, World};
    use http::{HeaderValue, StatusCode};
    use std::sync::Arc;

    static SURFACES: &[&crate::route::Surface] = &[&SURFACE];

    const BIRTH: Birth = Birth {
        seed: 1,
        clock: crate::clock::ClockSetting::Frozen(crate::clock::Timestamp::from_micros(0)),
    };

    /// One call; the direct answer is a number that grows.
    fn ask(
        world: &mut World,
        call: (Method, &str, &'static str),
        caller: &str,
    ) -> Result<String, Refusal> {
        ask_for(world, call, caller, |turn| {
            let number = turn.world.ids.payment().to_string();
            Ok(Reply::new(StatusCode::OK, "text/plain", number))
        })
    }

    fn ask_for(
        world: &mut World,
        (method, key, body): (Method, &str, &'static str),
        caller: &str,
        direct: fn(&mut Turn<'_>) -> Answer,
    ) -> Result<String, Refusal> {
        let mut call = Call::new(method, "/payment/v1/x");
        call.headers
            .insert(HEADER, HeaderValue::from_str(key).unwrap());
        call.body = body.into();
        let router = Router::new(SURFACES).unwrap();
        let sandboxes = Sandboxes::new(Arc::default(), BIRTH);
        let row = (&later::ENDPOINTS[0], Vec::new());
        let meter = Arc::default();
        let mut turn = Turn::new(&call, world, row, (&router, &sandboxes, &meter));
        caller.clone_into(&mut turn.caller);
        let reply = answer(&mut turn, direct)?;
        Ok(String::from_utf8(reply.body.to_vec()).unwrap())
    }

    fn world() -> World {
        World::new("t", Arc::default(), BIRTH)
    }

    #[test]
    fn the_first_answer_comes_again_to_the_same_request_only() {
        let (mut world, reused) = (world(), Err(Code::IdempotencyKeyReused.into()));
        let first = ask(&mut world, (Method::POST, "k", "{}"), "a").unwrap();
        assert_eq!(
            ask(&mut world, (Method::POST, "k", "{}"), "a"),
            Ok(first.clone())
        );
        assert_eq!(ask(&mut world, (Method::POST, "k", "{ }"), "a"), reused);
        assert_eq!(ask(&mut world, (Method::DELETE, "k", "{}"), "a"), reused);
        for (method, key, caller) in [
            (Method::POST, "k", "b"),
            (Method::POST, "l", "a"),
            (Method::PUT, "k", "a"),
            (Method::GET, "k", "a"),
            (Method::POST, "", "a"),
        ] {
            let other = ask(&mut world, (method.clone(), key, "{}"), caller);
            assert_ne!(other, Ok(first.clone()), "{method} {key} {caller}");
        }
        let long = "k".repeat(LONGEST + 1);
        let too_long = Err(Code::IdempotencyKeyTooLong.into());
        assert_eq!(ask(&mut world, (Method::POST, &long, "{}"), "a"), too_long);
    }

    #[test]
    fn a_banks_no_is_kept_and_a_mistake_is_not() {
        let mut world = world();
        let post = (Method::POST, "k", "{}");
        let mistake = |_: &mut Turn<'_>| Err(Code::FieldMissing.into());
        let refused = ask_for(&mut world, post.clone(), "a", mistake);
        assert_eq!(refused, Err(Code::FieldMissing.into()));
        let no = |_: &mut Turn<'_>| Err(Refusal::Declined(Decline::LostCard));
        let declined = ask_for(&mut world, post.clone(), "a", no).unwrap();
        assert!(declined.contains("LOST_CARD"), "{declined}");
        assert_eq!(ask(&mut world, post, "a"), Ok(declined));
    }

    #[test]
    fn an_answer_is_kept_for_its_time() {
        let mut world = world();
        let post = (Method::POST, "k", "{}");
        let first = ask(&mut world, post.clone(), "a").unwrap();
        let lifetime = world.scenario.settings.craftgate.idempotency_lifetime;
        let at = world.now().plus(lifetime);
        for (micros, same) in [(at.micros() - 1, true), (at.micros(), false)] {
            let moment = crate::clock::Timestamp::from_micros(micros);
            world.clock = crate::clock::Clock::new(crate::clock::ClockSetting::Frozen(moment));
            let again = ask(&mut world, post.clone(), "a").unwrap();
            assert_eq!(again == first, same, "at {micros}");
        }
    }
}
