//! The page of a challenge. It waits for its holder, or ends by itself where a rule, the scenario's
//! card or the published test card says so. Whatever ended it, the browser goes the same way.

use super::{leave, otp, shown, view};
use crate::call::Call;
use crate::call::form::Form;
use crate::domain::challenge::Challenge;
use crate::domain::decision::{Point, ThreeDs, ThreeDsOutcome};
use crate::domain::published::test_card;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::words::Words;
use crate::surface::three_ds::{self, page_address};
use http::Method;

const PATH: &str = "/bank/3ds/{id}";

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::of(
        Method::GET,
        (PATH, "bank.page.show"),
        (Evidence::Inferred, &[Point::ThreeDs]),
        show,
    ),
    Endpoint::of(
        Method::POST,
        (PATH, "bank.page.submit"),
        (Evidence::Inferred, &[Point::ThreeDs, Point::Otp]),
        submit,
    )
    .told(|spec| {
        for name in ["outcome", "md_status", "action", "otp"] {
            spec.body(&[(name, Form::Text)]);
        }
    }),
];

fn show(turn: &mut Turn<'_>) -> Answer {
    Ok(look(turn).unwrap_or_else(|| shown::page(turn, None)))
}

/// What the browser is told where nobody is waited for: there is no such challenge, or it is over, or
/// ends here by itself.
fn look(turn: &mut Turn<'_>) -> Option<Reply> {
    let id = turn.param("id").to_owned();
    three_ds::lapse(turn.world, &id);
    let Some(challenge) = turn.world.state.challenges.get_mut(&id) else {
        return Some(view::gone(turn));
    };
    if challenge.ended().is_none() {
        challenge.looked_at = true;
        let by_card = by_card(challenge);
        let how = turn.verdict.three_ds.or(by_card)?;
        if turn.verdict.three_ds.is_none() {
            turn.verdict.magic = Some("test card");
        }
        turn.world.end_challenge(&id, how).ok();
    }
    Some(leave::leave(turn, &id))
}

/// How it ends with this card, where a table says so. A published card that succeeds waits for its
/// holder as any other.
fn by_card(challenge: &Challenge) -> Option<ThreeDs> {
    let card = &challenge.asked.card;
    let published = || {
        let known = test_card(card.pan.as_ref()?.digits())?;
        Some(known.three_ds).filter(|how| *how != ThreeDs::SUCCESS)
    };
    card.three_ds.or_else(published)
}

/// Whether the call presses nothing: it only looks, by whichever method.
pub fn is_look(call: &Call) -> bool {
    let pressed = ["outcome", "action", "otp"];
    let fields = call.fields();
    fields.is_ok_and(|it| pressed.iter().all(|name| !it.has(name)))
}

/// What was pressed.
enum Pressed {
    Code(String),
    Resend,
    Ends(ThreeDs),
    /// an outcome that there is not
    Unknown,
}

impl Pressed {
    fn read(turn: &Turn<'_>) -> Result<Self, Refusal> {
        let fields = turn.call.fields().map_err(Refusal::Unreadable)?;
        if let Some(word) = fields.text("outcome") {
            let md_status = fields.text("md_status");
            let how = outcome(&word, md_status.as_deref());
            return Ok(how.map_or(Self::Unknown, Self::Ends));
        }
        Ok(match fields.text("action").as_deref() {
            Some("cancel") => Self::Ends(ThreeDsOutcome::Cancelled.usual()),
            Some("resend") => Self::Resend,
            Some(_) | None => Self::Code(fields.text("otp").unwrap_or_default().into_owned()),
        })
    }
}

/// An end by its word, with an mdStatus that it may have.
fn outcome(word: &str, md_status: Option<&str>) -> Option<ThreeDs> {
    let known = ThreeDsOutcome::WORDS.iter().find(|(w, _)| *w == word);
    let outcome = known.map(|(_, outcome)| *outcome)?;
    let Some(md_status) = md_status else {
        return Some(outcome.usual());
    };
    let md_status = md_status.parse().ok()?;
    let how = ThreeDs { outcome, md_status };
    outcome.takes(md_status).then_some(how)
}

fn submit(turn: &mut Turn<'_>) -> Answer {
    if is_look(turn.call) {
        // A shop's form leads here; the page itself may then be loaded again.
        let address = page_address(&turn.call.base(), turn.param("id"));
        let query = turn.call.target.split_once('?').map(|(_, query)| query);
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        return Ok(Reply::see_other(&format!("{address}{query}")));
    }
    if let Some(reply) = look(turn) {
        return Ok(reply);
    }
    let id = turn.param("id").to_owned();
    let notice = match Pressed::read(turn)? {
        Pressed::Code(code) => otp::enter(turn, &id, &code)?,
        Pressed::Resend => Some(otp::resend(turn, &id)?),
        Pressed::Ends(how) => {
            turn.world.end_challenge(&id, how)?;
            None
        }
        Pressed::Unknown => Some(shown::Notice::NoOutcome),
    };
    let challenge = turn.world.state.challenges.get(&id);
    let over = challenge.is_some_and(|it| it.ended().is_some());
    Ok(match over {
        true => leave::leave(turn, &id),
        false => shown::page(turn, notice),
    })
}
