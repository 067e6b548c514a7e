//! What merchants are told without asking: each delivery, and ways to send it now.

use super::bodies::{Deliveries, DeliveryBody, Posted, Time};
use super::{NOTHING, clock, error};
use crate::call::form::Form;
use crate::clock::Timestamp;
use crate::domain::audit::standing;
use crate::domain::lapse::Lapse;
use crate::domain::webhook::{Answer as Answered, Attempt, Delivery, Standing, WebhookId};
use crate::journal::{TIMED_OUT, lapsed};
use crate::mask::mask;
use crate::reply::{Order, Reply};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::webhook::{Message, event_type};
use crate::world::{Chore, Happening, Trail, World};
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

/// The deliveries.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::GET,
        "/__mockpos/webhooks",
        ("admin.webhooks.list", list),
    )
    .told(|spec| spec.json::<Deliveries>(200)),
    row(
        Method::POST,
        "/__mockpos/webhooks/drain",
        ("admin.webhooks.drain", drain),
    )
    .told(|spec| {
        spec.body(&[("all", Form::Flag)]);
        spec.json::<Time>(200);
    }),
    row(
        Method::POST,
        "/__mockpos/webhooks/{id}/redeliver",
        ("admin.webhooks.redeliver", redeliver),
    )
    .told(|spec| spec.json::<Time>(200)),
    row(
        Method::POST,
        "/__mockpos/webhooks/{id}/release",
        ("admin.webhooks.release", release),
    )
    .told(|spec| spec.json::<Time>(200)),
];

const fn row(
    method: Method,
    path: &'static str,
    (name, handle): (&'static str, fn(&mut Turn<'_>) -> Answer),
) -> Endpoint {
    Endpoint::of(
        method,
        (path, name),
        (Evidence::Documented, NOTHING),
        handle,
    )
}

/// Oldest first.
fn list(turn: &mut Turn<'_>) -> Answer {
    let world = &*turn.world;
    let webhooks = &world.state.webhooks;
    let answer = Deliveries {
        webhooks: webhooks.iter().map(|it| shown(it, world)).collect(),
        dropped: webhooks.dropped(),
    };
    Ok(Reply::json(StatusCode::OK, &answer))
}

/// Sends what is due now; with `{"all": true}` until nothing is left to send, time passing as it must.
fn drain(turn: &mut Turn<'_>) -> Answer {
    const HINT: &str = "send nothing, or `{\"all\": true}`";
    let body = turn.call.body.trim_ascii();
    let all = match serde_json::from_slice(body) {
        _ if body.is_empty() => false,
        Ok(Value::Object(fields)) if fields.keys().all(|key| key == "all") => {
            match fields.get("all") {
                None => false,
                Some(Value::Bool(all)) => *all,
                Some(_) => return Ok(bad("`all` is true or false", HINT)),
            }
        }
        Ok(_) | Err(_) => return Ok(bad("the body is no object with `all`", HINT)),
    };
    let order = match all {
        true => Order::All,
        false => Order::DueBy(turn.world.now()),
    };
    Ok(ordered(order))
}

/// Sends one, however it stands.
fn redeliver(turn: &mut Turn<'_>) -> Answer {
    Ok(match named(turn) {
        Some(id) => ordered(Order::Again(Some(id))),
        None => unknown(turn),
    })
}

/// What was held is sent.
fn release(turn: &mut Turn<'_>) -> Answer {
    let Some(id) = named(turn) else {
        return Ok(unknown(turn));
    };
    let now = turn.world.now();
    if !turn.world.state.webhooks.release(id, now) {
        let hint = "`POST …/redeliver` sends any";
        return Ok(error(StatusCode::CONFLICT, "this one is not held", hint));
    }
    Ok(ordered(Order::Again(Some(id))))
}

/// The answer comes when that is done: [`settled`].
fn ordered(order: Order) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK);
    reply.pace.order = Some(order);
    reply
}

fn named(turn: &Turn<'_>) -> Option<WebhookId> {
    let id = turn.param("id").parse().ok()?;
    turn.world.state.webhooks.find(id).map(|it| it.id)
}

fn unknown(turn: &Turn<'_>) -> Reply {
    let id: String = turn.param("id").chars().take(40).collect();
    let hint = "`GET /__mockpos/webhooks` lists what there is";
    error(
        StatusCode::NOT_FOUND,
        &format!("there is no webhook `{id}`"),
        hint,
    )
}

fn bad(text: &str, hint: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, text, hint)
}

fn shown(delivery: &Delivery, world: &World) -> DeliveryBody {
    let message = Message::of(delivery, &world.scenario);
    let headers = message.headers.into_iter();
    let headers: Map<String, Value> = headers.map(|(k, v)| (k.to_owned(), v.into())).collect();
    let notice = &delivery.notice;
    DeliveryBody {
        id: delivery.id,
        state: state(delivery.standing()),
        merchant: notice.merchant.clone(),
        event: event_type(notice.event),
        subject: notice.subject.clone(),
        at: notice.at.iso_micros(),
        request: Posted {
            method: "POST",
            url: mask(notice.url.as_bytes()),
            headers,
            body: mask(message.body.as_bytes()),
        },
        tried: delivery.tried,
        attempts: delivery.attempts.iter().map(attempt).collect(),
        next: delivery.due().map(Timestamp::iso_micros),
    }
}

const fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Due(_) => "due",
        Standing::Waiting(_) => "waiting",
        Standing::Held => "held",
        Standing::Sending => "sending",
        Standing::Delivered => "delivered",
        Standing::GivenUp => "given_up",
        Standing::Withheld => "withheld",
    }
}

fn attempt(attempt: &Attempt) -> Value {
    let at = attempt.at.iso_micros();
    match &attempt.answer {
        Answered::Status(status, body) => {
            json!({"at": at, "status": status, "body": mask(body.as_bytes())})
        }
        Answered::Nothing(why) => json!({"at": at, "error": why}),
    }
}

/// What the clock shows when all is quiet, and what happened until then.
pub fn settled(world: &World, trail: &Trail) -> Reply {
    let happened = trail.happened.iter().map(|it| told(it, world));
    let mut answer = clock::shown(world);
    answer.happened = Some(happened.collect());
    answer.more = Some(trail.more).filter(|more| *more > 0);
    Reply::json(StatusCode::OK, &answer)
}

fn told(happening: &Happening, world: &World) -> Value {
    match happening {
        Happening::Lapsed(Lapse { at, what, id }) => {
            json!({"at": at.iso_micros(), "what": lapsed(*what), "id": id})
        }
        Happening::TimedOut { at, id } => {
            json!({"at": at.iso_micros(), "what": TIMED_OUT, "id": id})
        }
        Happening::Moved {
            at,
            id,
            chore,
            decided_by,
        } => {
            let payment = world.state.payments.get(id);
            json!({
                "at": at.iso_micros(),
                "what": chore_word(chore),
                "id": id,
                "status": payment.map(standing),
                "order_no": payment.map(|payment| &payment.order_no),
                "decided_by": decided_by,
            })
        }
        Happening::Tried { id, attempt, next } => {
            let mut told = self::attempt(attempt);
            let delivery = world.state.webhooks.find(*id);
            let notice = delivery.map(|delivery| &delivery.notice);
            told["what"] = "webhook".into();
            told["id"] = (*id).into();
            told["event"] = notice.and_then(|it| event_type(it.event)).into();
            told["subject"] = notice.map(|it| it.subject.as_str()).into();
            told["next"] = next.map(Timestamp::iso_micros).into();
            told
        }
    }
}

/// What falls due, in a few words.
pub const fn chore_word(chore: &Chore) -> &'static str {
    match chore {
        Chore::Abandoned(_) => "payment failed: nobody came back from 3-D Secure",
        Chore::Recurring(_) => "recurring payment",
    }
}
