//! What a rule does to the answer on its way: the keys of `wire`.

use crate::scenario::problem::{Place, Report};
use crate::scenario::read::{At, table};
use crate::scenario::values::{Delay, Int};
use crate::scenario::verdict::{Moment, Wire, WireFault};
use crate::scenario::words::words;

table! {
    /// What happens on the way, apart from what is decided.
    struct WireKeys {
        /// answer with this status: of 400 and more in the surface's words for a failure, else empty
        status: Option<At<Int<200, 599>>> = "status = 503",
        /// `reset`: the connection is closed without an answer; `http`: answer with `status`
        fault: Option<At<FaultWord>> = r#"fault = "reset""#,
        /// how long the call is held
        delay: Option<Delay> = r#"delay = "800ms""#,
        /// before or after the change of state
        when: Option<Moment> = r#"when = "after_commit""#,
    }
}

/// The kinds of wire fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultWord {
    Reset,
    Http,
}

words! { FaultWord, "fault":
    "reset" => Reset,
    "http" => Http,
}

words! { Moment, "moment":
    "before_commit" => BeforeCommit,
    "after_commit" => AfterCommit,
}

impl WireKeys {
    /// What happens; None when it contradicts itself, and the report says how.
    pub fn wire(self, place: Place, report: &mut Report) -> Option<Wire> {
        let Self {
            status,
            fault,
            delay,
            when,
        } = self;
        let http = |status: At<Int<200, 599>>| Some(WireFault::Http(status.value.narrow()));
        let fault = match (fault.map(|f| (f.value, f.place)), status) {
            (None, None) => None,
            (None | Some((FaultWord::Http, _)), Some(status)) => http(status),
            (Some((FaultWord::Reset, _)), None) => Some(WireFault::Reset),
            (Some((FaultWord::Reset, _)), Some(status)) => {
                report.say(status.place, "`status` contradicts `fault = \"reset\"`");
                return None;
            }
            (Some((FaultWord::Http, place)), None) => {
                let found = report.say(place, "`fault = \"http\"` needs `status`");
                found.hint("as in `status = 503`");
                return None;
            }
        };
        if fault.is_none() && delay.is_none() {
            let found = report.say(place, "`wire` says nothing");
            found.hint("give `delay`, `status` or `fault`");
            return None;
        }
        Some(Wire {
            moment: when.unwrap_or_default(),
            delay: delay.map(|d| d.0).unwrap_or_default(),
            fault,
        })
    }
}
