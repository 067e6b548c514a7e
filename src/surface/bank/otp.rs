//! The one-time password on the page: typed, judged, sent again.

use super::shown::Notice;
use crate::call::Call;
use crate::domain::decision::OtpFault;
use crate::refusal::{Refusal, Thing};
use crate::route::Turn;
use crate::surface::otp_codes::{self, Entered};

/// Whether the call brings one.
pub fn is_given(call: &Call) -> bool {
    call.fields().is_ok_and(|it| it.text("otp").is_some())
}

/// The holder types `code`; None: it is over.
pub fn enter(turn: &mut Turn<'_>, id: &str, code: &str) -> Result<Option<Notice>, Refusal> {
    if code.trim().is_empty() {
        return Ok(Some(Notice::Empty));
    }
    let ruled = turn.verdict.otp;
    let (entered, magic) = otp_codes::enter(turn.world, id, code, ruled)?;
    if magic {
        turn.verdict.magic = Some(otp_codes::MAGIC);
    }
    Ok(match entered {
        Entered::Ended(_) => None,
        Entered::Refused { fault, tries_left } => Some(match fault {
            OtpFault::Expired => Notice::Expired,
            OtpFault::Wrong | OtpFault::TooManyTries => Notice::Wrong(tries_left),
        }),
    })
}

/// The holder asks for another one.
pub fn resend(turn: &mut Turn<'_>, id: &str) -> Result<Notice, Refusal> {
    let world = &mut *turn.world;
    let (rules, now) = (&world.scenario.settings.otp, world.clock.now());
    let challenge = world.state.challenges.get_mut(id);
    let challenge = challenge.ok_or(Refusal::NotFound(Thing::Page))?;
    Ok(match challenge.otp.resend(rules, now) {
        Ok(()) => Notice::Resent,
        Err(_) => Notice::NoResend,
    })
}
