//! The challenge is over: the browser goes back to where it came from, or stays for ever. contract:
//! masterpass §7

use super::view::{self, Message};
use crate::reply::Reply;
use crate::route::Turn;
use crate::scenario::bank::ReturnBy;
use crate::surface::three_ds::ReturnPost;

/// What the browser is told of a challenge that has ended; the same each time.
pub fn leave(turn: &Turn<'_>, id: &str) -> Reply {
    let challenge = turn.world.state.challenges.get(id);
    let Some((challenge, ended)) = challenge.and_then(|it| Some((it, it.ended()?))) else {
        return view::gone(turn);
    };
    let bank = &turn.world.scenario.settings.bank;
    match ReturnPost::of(challenge, bank) {
        Some(post) if redirects(turn, bank.return_by) => Reply::see_other(&post.link()),
        Some(post) => view::leaving(turn, &post),
        None if !ended.how.returns() => view::message(turn, Message::Staying),
        None => Reply::see_other(&format!(
            "{}/user-authorization/mp-3d-client-{}",
            turn.call.base(),
            if ended.how.good_at_bank() {
                "success"
            } else {
                "error"
            }
        )),
    }
}

fn redirects(turn: &Turn<'_>, by: ReturnBy) -> bool {
    let accept = turn.call.header("accept").unwrap_or_default();
    match by {
        ReturnBy::Redirect => true,
        ReturnBy::Form => false,
        ReturnBy::Auto => !accept.to_ascii_lowercase().contains("text/html"),
    }
}
