//! Webhooks that nobody took: tried as often as the table says, or until the end.

use crate::domain::webhook::{Answer, Delivery, Standing, WebhookId};
use crate::mask::mask;
use crate::surface::webhook::event_type;
use crate::world::World;
use schemars::JsonSchema;
use serde::Serialize;

/// A webhook that nobody took.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Undelivered {
    /// its number
    pub webhook: WebhookId,
    /// what it is about, in the vendor's word; none has none
    pub event: Option<&'static str>,
    /// where it was to go
    pub url: String,
    /// how often it was tried
    pub tried: u32,
    /// what came of the last attempt
    pub why: String,
}

/// All of a sandbox.
pub fn undelivered(world: &World) -> impl Iterator<Item = Undelivered> {
    let given_up = |it: &&Delivery| it.standing() == Standing::GivenUp;
    world.state.webhooks.iter().filter(given_up).map(told)
}

fn told(delivery: &Delivery) -> Undelivered {
    let last = delivery.attempts.last().map(|attempt| &attempt.answer);
    Undelivered {
        webhook: delivery.id,
        event: event_type(delivery.notice.event),
        url: mask(delivery.notice.url.as_bytes()),
        tried: delivery.tried,
        why: match last {
            Some(Answer::Status(status, _)) => format!("answered with {status}"),
            Some(Answer::Nothing(why)) => why.clone(),
            None => "not tried before the end".to_owned(),
        },
    }
}
