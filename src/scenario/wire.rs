//! What a rule does to the answer on its way: the keys of `wire`.

use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report};
use crate::scenario::progress::Progress;
use crate::scenario::read::{At, table};
use crate::scenario::values::{Int, Wait};
use crate::scenario::verdict::{Moment, Wire, WireFault};
use crate::scenario::words::{spelled, words};

table! {
    /// What happens on the way, apart from what is decided.
    struct WireKeys {
        /// answer with this status: of 400 and more in the surface's words for a failure, else empty
        status: Option<At<Int<200, 599>>> = "status = 503",
        /// `reset`: the connection is closed without an answer; `http`: answer with `status`;
        /// `empty`: 200 without a body; `half_body`: half of the body, then the connection is closed;
        /// `garbage`: bytes that are no HTTP; `bad_json`: 200 with JSON that breaks off; `html_500`:
        /// 500 with a page in HTML; `slow`: the body at `rate`; `stall`: the head, and no body for 120
        /// seconds. Before the commit there is no answer of which half could come, or slowly, or the
        /// head: it is the surface's words for a failure with status 503
        fault: Option<At<FaultWord>> = r#"fault = "reset""#,
        /// how long the call is held: one duration, or a range from which the seed chooses
        delay: Option<Wait> = r#"delay = "200ms..800ms""#,
        /// how many bytes of the body come in a second, for `slow`; after 120 seconds the rest comes
        /// at once
        rate: Option<At<Int<1, 1_000_000_000>>> = "rate = 1000",
        /// before or after the change of state; not given: before it, but `slow` after it
        when: Option<Moment> = r#"when = "after_commit""#,
    }
}

/// The kinds of wire fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultWord {
    Reset,
    Http,
    Empty,
    HalfBody,
    Garbage,
    BadJson,
    Html500,
    Slow,
    Stall,
}

words! { FaultWord, "fault":
    "reset" => Reset,
    "http" => Http,
    "empty" => Empty,
    "half_body" => HalfBody,
    "garbage" => Garbage,
    "bad_json" => BadJson,
    "html_500" => Html500,
    "slow" => Slow,
    "stall" => Stall,
}

words! { Moment, "moment":
    "before_commit" => BeforeCommit,
    "after_commit" => AfterCommit,
}

impl FaultWord {
    /// Whether nobody reads any of the answer's body.
    pub const fn leaves_no_body(self) -> bool {
        match self {
            Self::Reset
            | Self::Http
            | Self::Empty
            | Self::Garbage
            | Self::Html500
            | Self::Stall => true,
            Self::HalfBody | Self::BadJson | Self::Slow => false,
        }
    }

    /// Whether nobody reads any of the answer's headers.
    pub const fn leaves_no_head(self) -> bool {
        match self {
            Self::Reset | Self::Http | Self::Garbage | Self::Html500 => true,
            Self::Empty | Self::Stall | Self::HalfBody | Self::BadJson | Self::Slow => false,
        }
    }
}

/// What happens on the way, with a delay that is still to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Strike {
    moment: Moment,
    delay: Wait,
    fault: Option<WireFault>,
}

impl Strike {
    pub fn drawn(&self, progress: &mut Progress) -> Wire {
        Wire {
            moment: self.moment,
            delay: progress.between(self.delay.least, self.delay.most),
            fault: self.fault,
        }
    }
}

impl WireKeys {
    /// What happens; None when it contradicts itself, and the report says how.
    pub fn wire(self, place: Place, report: &mut Report) -> Option<Strike> {
        let before = report.count();
        let fault = self.fault(report);
        let moment = match self.is_before_commit() {
            true => Moment::BeforeCommit,
            false => Moment::AfterCommit,
        };
        if report.count() > before {
            return None;
        }
        let Self {
            status: _, // a part of the fault
            fault: _,
            delay,
            rate: _,
            when: _, // the moment
        } = self;
        if fault.is_none() && delay.is_none() {
            let found = report.say(Mistake::SaysNothing, place, "`wire` says nothing");
            found.hint("give `delay`, `status` or `fault`");
            return None;
        }
        Some(Strike {
            moment,
            delay: delay.unwrap_or_default(),
            fault,
        })
    }

    /// Which fault it names.
    pub fn fault_word(&self) -> Option<FaultWord> {
        let by_status = self.status.as_ref().map(|_| FaultWord::Http);
        self.fault.as_ref().map(|fault| fault.value).or(by_status)
    }

    /// Whether its fault strikes before anything is decided.
    pub fn is_before_commit(&self) -> bool {
        let usual = match self.fault_word() {
            Some(FaultWord::Slow) => Moment::AfterCommit,
            Some(_) | None => Moment::BeforeCommit,
        };
        self.when.unwrap_or(usual) == Moment::BeforeCommit
    }

    fn fault(&self, report: &mut Report) -> Option<WireFault> {
        let word = match (&self.fault, &self.status) {
            (Some(fault), _) => fault.value,
            (None, Some(_)) => FaultWord::Http,
            (None, None) => {
                if let Some(rate) = &self.rate {
                    report.say(
                        Mistake::NeedsAnother,
                        rate.place,
                        "`rate` needs `fault = \"slow\"`",
                    );
                }
                return None;
            }
        };
        let named = spelled(word);
        let status = self.status.as_ref().map(|v| ("status", v.place));
        let rate = self.rate.as_ref().map(|v| ("rate", v.place));
        let contradicts = [
            status.filter(|_| word != FaultWord::Http),
            rate.filter(|_| word != FaultWord::Slow),
        ];
        for (key, place) in contradicts.into_iter().flatten() {
            let message = format!("`{key}` contradicts `fault = \"{named}\"`");
            report.say(Mistake::Contradiction, place, message);
        }
        let place = self.fault.as_ref().map(|fault| fault.place);
        let mut missing = |key: &str, example: &str| {
            if let Some(place) = place {
                let found = report.say(
                    Mistake::NeedsAnother,
                    place,
                    format!("`fault = \"{named}\"` needs `{key}`"),
                );
                found.hint(format!("as in `{example}`"));
            }
        };
        match word {
            FaultWord::Http if self.status.is_none() => missing("status", "status = 503"),
            FaultWord::Slow if self.rate.is_none() => missing("rate", "rate = 1000"),
            _ => {}
        }
        let status = self.status.as_ref().map(|v| v.value.narrow());
        let rate = self.rate.as_ref().map(|v| v.value.narrow());
        match word {
            FaultWord::Reset => Some(WireFault::Reset),
            FaultWord::Http => status.map(WireFault::Http),
            FaultWord::Empty => Some(WireFault::Empty),
            FaultWord::HalfBody => Some(WireFault::HalfBody),
            FaultWord::Garbage => Some(WireFault::Garbage),
            FaultWord::BadJson => Some(WireFault::BadJson),
            FaultWord::Html500 => Some(WireFault::ErrorPage),
            FaultWord::Slow => rate.map(WireFault::Slow),
            FaultWord::Stall => Some(WireFault::Stall),
        }
    }
}
